//! Edits, not bytes: whatever the workspace looks like, the commit holds the edit and nothing else.

use super::{checkout, github, has_picture, picture, push, run_with, write};
use crate::support::action::{Action, Finished};
use crate::support::github::{Actor, Event, FakeGithub, Protection, When};
use crate::support::images;
use crate::support::posts::{post, put};
use crate::support::server::Server;

/// Runs in a workspace that `change` touched after the checkout.
fn run_after(
    github: &FakeGithub,
    event: &Event,
    change: impl FnOnce(&std::path::Path),
) -> (Finished, Server, tempfile::TempDir) {
    let workspace = checkout(github, event);
    change(workspace.path());
    let provider = images::cloudflare();
    let finished = Action::on_github(github, event, workspace.path()).cloudflare(&provider).run();
    github.fsck();
    (finished, provider, workspace)
}

fn text(github: &FakeGithub, path: &str) -> String {
    String::from_utf8(github.read("main", path).unwrap()).unwrap()
}

#[test]
fn a_checkout_with_other_line_ends_never_reaches_the_commit() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let (run, ..) = run_after(&github, &event, |root| {
        let windows = post("harbour").replace('\n', "\r\n");
        put(root, "posts/harbour.md", windows.as_bytes());
    });
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert!(has_picture(&github, "main", "harbour"));
    assert!(!text(&github, "posts/harbour.md").contains('\r'));
}

#[test]
fn somebody_elses_edit_of_the_same_post_in_between_survives() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let edited = post("harbour").replace("A few words", "Many more words");
    let files = [("posts/harbour.md", Some(edited.as_bytes()))];
    github.move_branch_before(When::to("PATCH", "/git/refs/heads/main"), "main", &files);
    let run = run_with(&github, &event, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(text(&github, "posts/harbour.md").contains("Many more words"));
    assert!(has_picture(&github, "main", "harbour"));
    assert_eq!(github.log("main")[1].1, "Meanwhile, somebody else");
}

/// Somebody gives the post a picture while ours is on its way to the branch.
fn a_picture_by_hand_stays(github: &FakeGithub, event: &Event) {
    let edited = post("harbour").replace("date:", "image: /mine.jpg\ndate:");
    let files = [("posts/harbour.md", Some(edited.as_bytes()))];
    github.move_branch_before(When::to("PATCH", "/git/refs/heads/main"), "main", &files);
    let run = run_with(github, event, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(text(github, "posts/harbour.md"), edited);
    assert!(run.finished.log.contains("in the meantime"), "{}", run.finished.log);
}

#[test]
fn a_post_that_got_a_picture_meanwhile_keeps_that_one() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    a_picture_by_hand_stays(&github, &event);
}

#[test]
fn a_post_that_asked_for_a_new_picture_and_got_one_by_hand_meanwhile_keeps_that_one() {
    let github = github();
    let before = github.head("main").unwrap();
    let asks = post("harbour").replace("date:", "image: /old.jpg\nregenerate_image: true\ndate:");
    github.commit("main", &[("posts/harbour.md", Some(asks.as_bytes()))], "Another one");
    let event = github.event(crate::support::github::Happening::Push { branch: "main", before: &before });
    a_picture_by_hand_stays(&github, &event);
}

#[test]
fn a_post_that_the_workflow_itself_writes_is_finished_in_the_workspace_only() {
    let github = github();
    let head = github.head("main").unwrap();
    let event = github.event(crate::support::github::Happening::Schedule);
    let (run, provider, workspace) = run_after(&github, &event, |root| {
        put(root, "posts/written.md", post("written").as_bytes());
    });
    assert_eq!((run.code, provider.count()), (Some(0), 1), "{}", run.everything());
    assert_eq!(github.head("main").unwrap(), head);
    assert!(run.log.contains("the step that commits it commits the picture as well"), "{}", run.log);
    let written = std::fs::read_to_string(workspace.path().join("posts/written.md")).unwrap();
    assert!(written.contains("image: "), "{written}");
}

#[test]
fn a_post_that_was_changed_in_the_workspace_is_left_to_its_own_step() {
    let github = github();
    let event = push(&github, "main", &["harbour", "island"]);
    let (run, ..) = run_after(&github, &event, |root| {
        let changed = post("harbour").replace("A few words", "Unpushed words");
        put(root, "posts/harbour.md", changed.as_bytes());
    });
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert_eq!(text(&github, "posts/harbour.md"), post("harbour"));
    assert!(has_picture(&github, "main", "island") && picture(&github, "main", "harbour").is_none());
    assert_eq!(github.log("main")[0].1, "Add a hero image for 1 post");
}

#[test]
fn a_post_that_loses_its_mode_to_a_signed_commit_is_said() {
    let github = github();
    let before = github.head("main").unwrap();
    write(&github, "main", &["harbour"]);
    github.make_executable("main", "posts/harbour.md");
    github.rules(|rules| {
        rules.actor = Actor::Person;
        rules.protect("main", Protection::Signatures);
    });
    let event = github.event(crate::support::github::Happening::Push { branch: "main", before: &before });
    let run = run_with(&github, &event, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
    let warning = "warning: `posts/harbour.md` is no longer executable on `main`";
    assert_eq!(run.finished.log.matches(warning).count(), 1, "{}", run.finished.log);
}

#[test]
fn a_post_keeps_its_mode() {
    let github = github();
    let before = github.head("main").unwrap();
    write(&github, "main", &["harbour"]);
    github.make_executable("main", "posts/harbour.md");
    let event = github.event(crate::support::github::Happening::Push { branch: "main", before: &before });
    let run = run_with(&github, &event, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
    let listed = github.git(&["ls-tree", "-r", "main"]);
    let modes: Vec<_> =
        listed.lines().filter(|line| line.contains("harbour")).map(|line| &line[..6]).collect();
    assert_eq!(modes, ["100755", "100644"], "{listed}");
}
