//! `publish: pull-request` night after night: one pull request, appended to, nothing paid for twice.

use super::{Run, checkout, github, has_picture, picture, run_with, write};
use crate::support::action::Action;
use crate::support::github::{Access, FakeGithub, Happening, Merge};
use crate::support::images;
use crate::support::posts::post;

const OURS: &str = "image-fallback/main";

fn night(github: &FakeGithub) -> Run {
    github.forget_requests();
    let run = run_with(github, &github.event(Happening::Schedule), |action| {
        action.input("publish", "pull-request")
    });
    assert_eq!(run.finished.code, Some(0), "{}", run.finished.everything());
    run
}

#[test]
fn three_nights_pay_each_post_once_and_only_append() {
    let github = github();
    write(&github, "main", &["harbour", "island"]);
    let first = night(&github);
    assert_eq!(first.provider.count(), 2);
    let tip = github.head(OURS).unwrap();

    let second = night(&github);
    assert_eq!(second.provider.count(), 0);
    assert!(github.mutations().is_empty(), "a night without work writes nothing");
    let waiting = second.finished.post("posts/harbour.md");
    assert_eq!(waiting["status"], "waiting");
    assert!(waiting["reason"].as_str().unwrap().contains("#1"), "{waiting}");
    assert_eq!(github.head(OURS).unwrap(), tip);

    write(&github, "main", &["lighthouse"]);
    let third = night(&github);
    assert_eq!(third.provider.count(), 1);
    assert_eq!(github.pulls().len(), 1);
    assert!(github.git(&["rev-list", OURS]).contains(&tip), "the branch is only appended to");
    let body = github.pulls()[0].body.clone().unwrap();
    let tip = github.head(OURS).unwrap();
    for name in ["harbour", "island", "lighthouse"] {
        assert!(has_picture(&github, OURS, name), "{name}");
        let picture = picture(&github, OURS, name).unwrap();
        assert!(body.contains(&format!("/blob/{tip}/{picture}?raw=true")), "{body}");
    }
    // Whichever run made it, each is shown with who drew it and by which prompt.
    for part in [
        "\n### <a href=",
        "<details><summary>Prompt</summary>",
        "- Made by Cloudflare Workers AI, ",
        "<!-- post:posts/",
    ] {
        assert_eq!(body.matches(part).count(), 3, "{part}: {body}");
    }
    github.merge(1, Merge::Commit);
    assert!(["harbour", "island", "lighthouse"].iter().all(|name| has_picture(&github, "main", name)));
    assert_eq!(night(&github).provider.count(), 0);
    assert!(github.mutations().is_empty());
}

#[test]
fn after_a_merge_of_either_kind_the_next_picture_opens_the_next_pull_request() {
    for how in [Merge::Commit, Merge::Squash] {
        let github = github();
        write(&github, "main", &["harbour"]);
        night(&github);
        github.merge(1, how);
        write(&github, "main", &["island"]);
        assert_eq!(night(&github).provider.count(), 1, "{how:?}");
        assert_eq!(github.pulls().len(), 2);
        let body = github.pulls()[1].body.clone().unwrap();
        assert!(body.contains("island") && !body.contains("harbour"), "{how:?}: {body}");
        github.merge(2, how);
        assert!(has_picture(&github, "main", "harbour") && has_picture(&github, "main", "island"));
    }
}

#[test]
fn a_persons_commit_on_our_branch_survives_and_new_posts_still_arrive() {
    let github = github();
    write(&github, "main", &["harbour"]);
    night(&github);
    let theirs = post("harbour").replace("A few words", "Better words");
    let ours = String::from_utf8(github.read(OURS, "posts/harbour.md").unwrap()).unwrap();
    let mixed = ours.replace("A few words", "Better words");
    github.commit(OURS, &[("posts/harbour.md", Some(mixed.as_bytes()))], "Better words");
    write(&github, "main", &["island"]);
    assert_eq!(night(&github).provider.count(), 1);
    assert!(has_picture(&github, OURS, "harbour") && has_picture(&github, OURS, "island"));
    assert!(github.log(OURS).iter().any(|(_, subject)| subject == "Better words"));
    github.merge(1, Merge::Commit);
    let merged = String::from_utf8(github.read("main", "posts/harbour.md").unwrap()).unwrap();
    assert_eq!(merged, mixed);
    assert_ne!(merged, theirs);
}

#[test]
fn a_base_that_conflicts_gets_the_branch_rebuilt_with_every_picture() {
    let github = github();
    write(&github, "main", &["harbour", "reef"]);
    night(&github);
    let tip = github.head(OURS).unwrap();
    // The line beside the one we added.
    let edited = post("harbour").replace("date: 2026-11-01", "date: 2026-11-02");
    github.commit("main", &[("posts/harbour.md", Some(edited.as_bytes()))], "Another day");
    write(&github, "main", &["island"]);
    assert_eq!(night(&github).provider.count(), 1);
    for name in ["harbour", "reef", "island"] {
        assert!(has_picture(&github, OURS, name), "{name}");
    }
    assert!(github.git(&["rev-list", OURS]).contains(&tip), "no force");
    github.merge(1, Merge::Commit);
    let merged = String::from_utf8(github.read("main", "posts/harbour.md").unwrap()).unwrap();
    assert!(merged.contains("date: 2026-11-02") && merged.contains("image: "), "{merged}");
}

#[test]
fn where_a_persons_commit_conflicts_the_new_picture_is_kept_and_the_run_fails() {
    let github = github();
    write(&github, "main", &["harbour"]);
    night(&github);
    github.commit(OURS, &[("README.md", Some(b"# Theirs\n"))], "Theirs");
    github.commit("main", &[("README.md", Some(b"# Others\n"))], "Others");
    write(&github, "main", &["island"]);
    let run = run_with(&github, &github.event(Happening::Schedule), |action| {
        action.input("publish", "pull-request")
    });
    assert_eq!(run.tally(), (Some(3), 1), "{}", run.finished.everything());
    assert!(github.log(OURS).iter().any(|(_, subject)| subject == "Theirs"));
    let kept = ".image-fallback/pictures/static/images/island.jpg";
    assert!(run.workspace.path().join(kept).is_file());
}

#[test]
fn a_pull_request_in_which_nothing_is_left_is_closed_with_a_word() {
    let github = github();
    write(&github, "main", &["harbour"]);
    night(&github);
    let (text, file) =
        (github.read(OURS, "posts/harbour.md").unwrap(), picture(&github, OURS, "harbour").unwrap());
    let bytes = github.read(OURS, &file).unwrap();
    github.commit("main", &[("posts/harbour.md", Some(&text)), (&file, Some(&bytes))], "By hand");
    assert_eq!(night(&github).provider.count(), 0);
    let pull = &github.pulls()[0];
    assert!(!pull.open && pull.comments.len() == 1, "{pull:?}");
}

#[test]
fn a_pull_request_that_could_not_be_opened_is_opened_by_the_next_run() {
    let github = github();
    write(&github, "main", &["harbour"]);
    github.rules(|rules| rules.pull_requests_forbidden = true);
    night(&github);
    assert!(github.pulls().is_empty());
    github.rules(|rules| rules.pull_requests_forbidden = false);
    assert_eq!(night(&github).provider.count(), 0);
    assert!(github.pulls()[0].body.as_ref().unwrap().contains("posts/harbour.md"));
    github.close(1);
    night(&github);
    assert_eq!(github.pulls().len(), 1, "what a person closed stays closed");
    assert!(github.mutations().is_empty());
}

#[test]
fn what_waits_is_known_also_without_the_right_to_read_pull_requests() {
    let github = github();
    write(&github, "main", &["harbour"]);
    night(&github);
    github.rules(|rules| rules.pull_requests = Access::None);
    let event = github.event(Happening::Schedule);
    let workspace = checkout(&github, &event);
    let provider = images::cloudflare();
    let run = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider).run();
    assert_eq!((run.code, provider.count()), (Some(0), 0), "{}", run.everything());
    assert_eq!(run.status("posts/harbour.md"), "waiting");
}

#[test]
fn a_picture_that_waits_under_another_field_is_not_paid_for_again() {
    let github = github();
    let empty = b"---\ntitle: A\ncover: ''\n---\nText\n";
    github.commit("main", &[("posts/a.md", Some(&empty[..]))], "Write");
    assert_eq!(night(&github).provider.count(), 1);
    let second = night(&github);
    assert_eq!(
        (second.provider.count(), second.finished.post("posts/a.md")["status"].as_str()),
        (0, Some("waiting"))
    );
}
