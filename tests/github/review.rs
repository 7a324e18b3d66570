//! What people who review get to see: who is asked, and the one comment of a pull request that somebody else opened.

use super::{Run, github, picture, run_with, write};
use crate::support::action::Action;
use crate::support::github::{Access, Actor, FakeGithub, Happening, Merge, Source};
use crate::support::posts::post;
use crate::support::server::{Reply, Server};

const OURS: &str = "image-fallback/main";

fn night(github: &FakeGithub, more: impl FnOnce(Action) -> Action) -> Run {
    github.forget_requests();
    let event = github.event(Happening::Schedule);
    let run = run_with(github, &event, |action| more(action.input("publish", "pull-request")));
    assert_eq!(run.finished.code, Some(0), "{}", run.finished.everything());
    run
}

#[test]
fn a_new_pull_request_has_reviewers_assignees_and_milestone_once() {
    let github = github();
    write(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.actor = Actor::Person;
        rules.milestones = vec!["Spring".to_owned(), "Summer".to_owned()];
    });
    let settings = |action: Action| {
        let action = action.input("reviewers", "@editor, team:pictures").input("assignees", "editor");
        action.input("milestone", "Summer").input("signoff", "true")
    };
    night(&github, settings);
    let pull = &github.pulls()[0];
    assert_eq!(
        (&pull.reviewers[..], &pull.teams[..]),
        (&["editor".to_owned()][..], &["pictures".to_owned()][..])
    );
    assert_eq!((&pull.assignees[..], pull.milestone), (&["editor".to_owned()][..], Some(2)));
    let message = github.git(&["log", "-1", "--format=%B", OURS]);
    assert!(message.contains("\nSigned-off-by: "), "{message}");
    assert!(message.contains("@users.noreply.github.com>"), "{message}");
    write(&github, "main", &["island"]);
    night(&github, settings);
    assert_eq!(github.pulls()[0].reviewers.len(), 1, "only a new pull request asks");
}

#[test]
fn what_a_pull_request_cannot_have_is_a_warning_and_it_stands_all_the_same() {
    let github = github();
    write(&github, "main", &["harbour"]);
    let run =
        night(&github, |action| action.input("reviewers", "team:pictures").input("milestone", "Winter"));
    assert_eq!(github.pulls().len(), 1);
    let log = &run.finished.log;
    assert!(log.contains("pull request #1 has no reviewers"), "{log}");
    assert!(
        log.contains("no open one with the number or title `Winter`; correct input `milestone`"),
        "{log}"
    );
}

#[test]
fn a_branch_whose_pictures_are_merged_is_deleted_where_that_is_wanted() {
    for wanted in [false, true] {
        let github = github();
        write(&github, "main", &["harbour"]);
        let settings = |action: Action| action.input("delete-branch", if wanted { "true" } else { "false" });
        night(&github, settings);
        github.merge(1, Merge::Commit);
        night(&github, settings);
        assert_eq!(github.head(OURS).is_none(), wanted);
        night(&github, settings);
        assert!(github.mutations().is_empty());
    }
}

/// A pull request of the repository itself with these posts.
fn pull(github: &FakeGithub, names: &[&str]) -> u64 {
    github.branch("topic", &github.head("main").unwrap());
    write(github, "topic", names);
    github.pull_request(Source::Branch("topic"), "main")
}

fn on_pull(github: &FakeGithub, number: u64, more: impl FnOnce(Action) -> Action) -> Run {
    github.forget_requests();
    run_with(github, &github.event(Happening::PullRequest { number, action: "synchronize" }), more)
}

#[test]
fn a_pull_request_has_one_comment_with_its_pictures_that_is_kept_up_to_date() {
    let github = github();
    let number = pull(&github, &["harbour"]);
    let first = on_pull(&github, number, |action| action);
    assert_eq!(first.tally(), (Some(0), 1), "{}", first.finished.everything());
    assert_eq!(first.finished.outputs["changed"], "true");
    let picture = picture(&github, "topic", "harbour").unwrap();
    let shown = format!("/blob/{}/{picture}?raw=true", github.head("topic").unwrap());
    let comments = github.pulls()[0].comments.clone();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains(&shown) && comments[0].contains("- Alt text: harbour"), "{}", comments[0]);

    // Nothing to do: the comment is read and stays.
    let second = on_pull(&github, number, |action| action);
    assert_eq!(second.provider.count(), 0);
    assert_eq!(second.finished.outputs["changed"], "false");
    assert!(github.mutations().is_empty());

    write(&github, "topic", &["island"]);
    on_pull(&github, number, |action| action);
    let comments = github.pulls()[0].comments.clone();
    assert_eq!(comments.len(), 1);
    assert!(comments[0].contains(&shown) && comments[0].contains("- Alt text: island"), "{}", comments[0]);
}

#[test]
fn a_comment_says_which_posts_still_lack_a_picture_until_they_have_one() {
    let github = github();
    let number = pull(&github, &["harbour"]);
    let down = Server::start(|_| {
        Reply::json(500, serde_json::json!({"errors": [{"code": 1031, "message": "Internal"}]}))
    });
    let failed = on_pull(&github, number, |action| action.cloudflare(&down).input("patience", "0s"));
    assert_eq!(failed.finished.code, Some(1), "{}", failed.finished.everything());
    let comment = github.pulls()[0].comments[0].clone();
    assert!(
        comment.contains("### Still without a picture") && comment.contains("posts/harbour.md"),
        "{comment}"
    );
    assert!(!comment.contains("<img"), "{comment}");
    let text = post("harbour").replace("2026-11-01\n", "2026-11-01\nimage: https://example.com/a.jpg\n");
    assert!(text.contains("image: "));
    github.commit("topic", &[("posts/harbour.md", Some(text.as_bytes()))], "A picture of mine");
    on_pull(&github, number, |action| action);
    let comment = github.pulls()[0].comments[0].clone();
    assert!(comment.contains("Every post has its hero image") && !comment.contains("without"), "{comment}");
}

#[test]
fn without_the_right_or_the_wish_there_is_no_comment_and_nothing_else_changes() {
    let github = github();
    let number = pull(&github, &["harbour"]);
    github.rules(|rules| (rules.pull_requests, rules.issues) = (Access::Read, Access::Read));
    let run = on_pull(&github, number, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(
        run.finished.log.contains("gets no comment") && run.finished.log.contains("pull-requests: write")
    );
    assert_eq!(run.finished.outputs["verdict"], "ok");
    github.rules(|rules| (rules.pull_requests, rules.issues) = (Access::Write, Access::Write));
    write(&github, "topic", &["island"]);
    on_pull(&github, number, |action| action.input("comment", "never"));
    assert!(github.pulls()[0].comments.is_empty());
}

#[test]
fn a_comment_of_a_stranger_that_looks_like_ours_is_left_alone_and_not_repeated() {
    let github = github();
    let number = pull(&github, &["harbour"]);
    let fake = "<!-- image-fallback-action: hero images -->\n<!-- post:posts/x.md -->\n[win](https://evil.example)\n<!-- posts end -->\n";
    github.comment(number, "stranger", fake);
    on_pull(&github, number, |action| action);
    let comments = github.pulls()[0].comments.clone();
    assert_eq!((comments.len(), comments[0].as_str()), (2, fake));
    assert!(!comments[1].contains("evil"), "{}", comments[1]);
}
