//! Every event is judged first: what is not ours to act on costs nothing and writes nothing.

use super::{Run, github, has_picture, push, run, run_with, write};
use crate::support::action::Action;
use crate::support::github::{Access, Answer, Event, FakeGithub, Fault, Happening, Source, When};
use crate::support::{images, posts};

/// The run exits 0 with one line that holds `why`, asks no provider and writes nothing.
fn stands_down(github: &FakeGithub, event: &Event, why: &str) {
    // With secrets, with broken settings, and without any secret at all.
    for broken in [false, true] {
        github.forget_requests();
        let run = run_with(github, event, |action| {
            if broken { action.input("max-images", "many").env("CLOUDFLARE", "") } else { action }
        });
        let log = &run.finished.log;
        assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
        assert!(github.mutations().is_empty());
        assert_eq!(log.lines().filter(|line| line.contains(why)).count(), 1, "{why}: {log}");
        assert_eq!(run.finished.outputs["verdict"], "ok");
    }
}

#[test]
fn a_new_branch_is_compared_with_the_default_branch() {
    let github = github();
    github.branch("topic", &github.head("main").unwrap());
    write(&github, "topic", &["harbour"]);
    let event = github.event(Happening::NewBranch { branch: "topic" });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "topic", "harbour"));
    assert!(!has_picture(&github, "main", "harbour"));
}

#[test]
fn the_first_push_of_the_default_branch_changes_everything() {
    let github = FakeGithub::start(Default::default());
    let texts = posts::posts(3);
    let files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), Some(text.as_bytes()))).collect();
    github.commit("main", &files, "Begin");
    let run = run(&github, &github.event(Happening::NewBranch { branch: "main" }));
    assert_eq!(run.tally(), (Some(0), 3), "{}", run.finished.everything());
    assert_eq!(github.log("main").len(), 2);
}

#[test]
fn a_forced_push_is_compared_from_where_the_two_histories_part() {
    let github = github();
    let begin = github.head("main").unwrap();
    let thrown = github.commit("main", &[("posts/thrown.md", Some(posts::post("Thrown").as_bytes()))], "No");
    github.branch("main", &begin);
    write(&github, "main", &["harbour"]);
    let event = github.event(Happening::ForcedPush { branch: "main", before: &thrown });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
}

#[test]
fn a_push_whose_before_nobody_knows_generates_nothing_and_says_so() {
    let github = github();
    write(&github, "main", &["harbour"]);
    let event = github.event(Happening::Push { branch: "main", before: &"1".repeat(40) });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(3), 0), "{}", run.finished.everything());
    assert!(run.finished.log.contains("could not determine which posts changed"), "{}", run.finished.log);
    assert!(run.finished.log.contains("scope: all"), "{}", run.finished.log);
    assert!(github.mutations().is_empty());
}

#[test]
fn a_push_without_its_commits_generates_nothing_and_names_the_cure() {
    let github = github();
    write(&github, "main", &["harbour"]);
    let mut event = github.event(Happening::Push { branch: "main", before: "" });
    // As act tells of a push that nobody made.
    for field in ["before", "after"] {
        event.payload.as_object_mut().unwrap().remove(field);
    }
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(3), 0), "{}", run.finished.everything());
    for words in ["could not determine which posts changed", "`--eventpath`", "scope: all"] {
        assert!(run.finished.log.contains(words), "{words}: {}", run.finished.log);
    }
    assert!(github.mutations().is_empty());
}

#[test]
fn a_push_that_changes_no_post_is_nothing_to_do_with_three_reading_calls() {
    let github = github();
    let before = github.head("main").unwrap();
    write(&github, "main", &[]);
    github.commit("main", &[("README.md", Some(b"# The blog\n"))], "Words");
    let run = run(&github, &github.event(Happening::Push { branch: "main", before: &before }));
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    assert!(run.finished.log.contains("nothing to do"), "{}", run.finished.log);
    assert!(github.mutations().is_empty());
    assert_eq!(github.requests().len(), 3, "what changed, the record, our branch");
}

#[test]
fn a_run_on_our_own_commit_reads_and_no_more() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let before = github.head("main").unwrap();
    run(&github, &event);
    github.forget_requests();
    let run = run(&github, &github.event(Happening::Push { branch: "main", before: &before }));
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    assert!(github.mutations().is_empty() && github.requests().len() <= 5);
}

#[test]
fn a_push_of_350_files_is_seen_whole() {
    let github = github();
    let before = github.head("main").unwrap();
    let names: Vec<String> = (0..350).map(|n| format!("notes/{n:03}.txt")).collect();
    let mut files: Vec<_> = names.iter().map(|name| (name.as_str(), Some(&b"x"[..]))).collect();
    let text = posts::post("Zebra");
    files.push(("posts/zebra.md", Some(text.as_bytes())));
    github.commit("main", &files, "Many");
    let run = run(&github, &github.event(Happening::Push { branch: "main", before: &before }));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "zebra"));
}

#[test]
fn a_renamed_post_keeps_its_picture_and_a_removed_one_is_ignored() {
    let github = github();
    let before = github.head("main").unwrap();
    let old = github.read("main", "posts/old.md").unwrap();
    write(&github, "main", &["gone"]);
    let files: [(&str, Option<&[u8]>); 3] =
        [("posts/old.md", None), ("posts/new-name.md", Some(&old)), ("posts/gone.md", None)];
    github.commit("main", &files, "Rename and remove");
    let run = run(&github, &github.event(Happening::Push { branch: "main", before: &before }));
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    assert_eq!(run.finished.status("posts/new-name.md"), "unchanged");
}

#[test]
fn a_deleted_branch_and_a_tag_stand_down() {
    let github = github();
    let head = github.head("main").unwrap();
    stands_down(
        &github,
        &github.event(Happening::DeletedBranch { branch: "old", before: &head }),
        "was deleted",
    );
    github.set_ref("refs/tags/v1", &head);
    stands_down(&github, &github.event(Happening::Tag { name: "v1", oid: &head }), "is a tag");
}

#[test]
fn strangers_bots_and_queues_stand_down_before_any_setting_is_read() {
    let github = github();
    let main = github.head("main").unwrap();
    let text = posts::post("Strange");
    let stranger = github.commit_on(Some(&main), &[("posts/strange.md", Some(text.as_bytes()))], "Strange");
    let of = |source| {
        let number = github.pull_request(source, "main");
        github.event(Happening::PullRequest { number, action: "opened" })
    };
    stands_down(&github, &of(Source::Fork(&stranger)), "fork");
    stands_down(&github, &of(Source::DeletedFork(&stranger)), "fork");
    github.branch("dependabot/npm", &main);
    write(&github, "dependabot/npm", &["bump"]);
    stands_down(&github, &of(Source::Dependabot("dependabot/npm")), "Dependabot");
    github.branch("topic", &main);
    write(&github, "topic", &["harbour"]);
    let number = github.pull_request(Source::Branch("topic"), "main");
    stands_down(&github, &github.event(Happening::PullRequestTarget { number }), "pull_request_target");
    let head = github.head("topic").unwrap();
    stands_down(
        &github,
        &github.event(Happening::MergeGroup { base: "main", head_sha: &head }),
        "merge queue",
    );
}

#[test]
fn a_pull_request_of_this_repository_gets_the_commit_on_its_head() {
    let github = github();
    let main = github.head("main").unwrap();
    github.branch("topic", &main);
    write(&github, "topic", &["harbour"]);
    let head = github.head("topic").unwrap();
    // The base has moved on, so that the workspace is a true merge.
    let main = github.commit("main", &[("README.md", Some(b"# More\n"))], "Meanwhile");
    let number = github.pull_request(Source::Branch("topic"), "main");
    let event = github.event(Happening::PullRequest { number, action: "opened" });
    assert_ne!(event.sha, head);
    for publish in ["commit", "pull-request"] {
        github.branch("topic", &head);
        let run = run_with(&github, &event, |action| action.input("publish", publish));
        assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
        let tip = github.show(&github.head("topic").unwrap()).unwrap();
        assert_eq!(tip.parents, std::slice::from_ref(&head));
        assert!(has_picture(&github, "topic", "harbour"));
        assert_eq!(github.read("topic", "README.md").unwrap(), b"# Blog\n", "the base does not leak in");
        assert_eq!((github.head("main").unwrap(), github.pulls().len()), (main.clone(), 1));
    }
}

#[test]
fn schedule_and_dispatch_look_at_every_post() {
    let happenings = [
        Happening::Schedule,
        Happening::WorkflowDispatch { branch: "main" },
        Happening::RepositoryDispatch { kind: "publish" },
    ];
    for happening in happenings {
        let github = github();
        write(&github, "main", &["harbour", "island"]);
        let run = run(&github, &github.event(happening));
        assert_eq!(run.tally(), (Some(0), 2), "{happening:?}: {}", run.finished.everything());
        assert!(has_picture(&github, "main", "harbour") && has_picture(&github, "main", "island"));
    }
}

#[test]
fn an_unknown_event_wants_a_scope() {
    let github = github();
    write(&github, "main", &["harbour"]);
    let event = github.event(Happening::Other { name: "release" });
    let Run { finished, provider, .. } = run(&github, &event);
    assert_eq!((finished.code, provider.count()), (Some(2), 0), "{}", finished.everything());
    assert!(finished.log.contains("`release`") && finished.log.contains("scope: all"), "{}", finished.log);
    let run = run_with(&github, &event, |action| action.input("scope", "all"));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
}

#[test]
fn a_pull_request_is_listed_when_it_cannot_be_compared() {
    let github = github();
    github.branch("topic", &github.head("main").unwrap());
    write(&github, "topic", &["harbour"]);
    let number = github.pull_request(Source::Branch("topic"), "main");
    github.fault(When::to("GET", "/compare/").always(), Fault::StaleNotFound);
    let event = github.event(Happening::PullRequest { number, action: "synchronize" });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
}

#[test]
fn a_workspace_without_a_checkout_is_told_how_to_get_one() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let empty = tempfile::tempdir().unwrap();
    let provider = images::cloudflare();
    let run = Action::on_github(&github, &event, empty.path()).cloudflare(&provider).run();
    assert_eq!((run.code, provider.count()), (Some(2), 0), "{}", run.everything());
    assert!(run.log.contains("actions/checkout"), "{}", run.log);
    assert!(github.mutations().is_empty());
}

#[test]
fn a_checkout_with_a_path_is_reached_by_input_root() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let workspace = tempfile::tempdir().unwrap();
    github.clone_shallow(&event.sha, &workspace.path().join("blog"));
    let provider = images::cloudflare();
    let run = Action::on_github(&github, &event, workspace.path())
        .cloudflare(&provider)
        .input("root", "blog")
        .run();
    assert_eq!((run.code, provider.count()), (Some(0), 1), "{}", run.everything());
    assert!(has_picture(&github, "main", "harbour"));
    assert_eq!(run.outputs["report"], "blog/.image-fallback/report.json");
}

#[test]
fn an_enterprise_host_is_spoken_to_below_its_prefix() {
    let github = super::github_of(crate::support::github::Options { enterprise: true, ..Default::default() });
    let event = push(&github, "main", &["harbour"]);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
}

#[test]
fn a_refusal_that_no_permission_cures_is_told_first_with_its_own_cure() {
    let link = "https://github.com/orgs/acme/sso?authorization_request=AZSCKT";
    let saml = Answer::error(403, "Resource protected by organization SAML enforcement.");
    let archived = Answer::error(403, "Repository was archived so is read-only.");
    let listed = Answer::error(403, "the `acme` organization has an IP allow list enabled");
    for (answer, cure) in [
        (saml.with("x-github-sso", format!("required; url={link}")), link),
        (archived, "unarchive it"),
        (listed, "add the runner's address"),
    ] {
        let github = github();
        write(&github, "main", &["harbour"]);
        github.fault(When::to("POST", "/git/blobs"), Fault::Answer(answer));
        let run = run(&github, &github.event(Happening::Other { name: "schedule" }));
        assert_eq!(run.tally(), (Some(2), 0), "{}", run.finished.everything());
        assert!(run.finished.log.contains(cure), "{cure}: {}", run.finished.log);
        let summary = run.finished.summary.replace("&#58;", ":").replace("&#95;", "_");
        assert!(summary.contains(cure), "{cure}: {summary}");
        assert!(!run.finished.log.contains("add `contents: write`"), "{}", run.finished.log);
    }
}

#[test]
fn without_the_right_to_write_nothing_is_asked_of_any_provider() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.contents = Access::Read;
        rules.claimed = serde_json::json!({"admin": true, "push": true, "pull": true});
    });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(2), 0), "{}", run.finished.everything());
    assert!(run.finished.log.contains("contents: write"), "{}", run.finished.log);
    assert!(run.finished.log.contains("`publish` to `none`"), "{}", run.finished.log);
}

#[test]
fn the_permissions_field_is_not_asked() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| rules.claimed = serde_json::json!({"push": false, "pull": true}));
    assert_eq!(run(&github, &event).tally(), (Some(0), 1));
}

#[test]
fn a_base_that_does_not_exist_is_said_before_anything_is_spent() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let run = run_with(&github, &event, |action| action.input("base", "mian"));
    assert_eq!(run.tally(), (Some(2), 0), "{}", run.finished.everything());
    assert!(run.finished.log.contains("`mian`"), "{}", run.finished.log);
}
