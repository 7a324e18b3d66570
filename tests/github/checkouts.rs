//! What a checkout may lack: everything, the posts, their pictures, or the program that stores them.

use std::process::Command;

use super::{Run, checkout, github, has_picture, push};
use crate::support::action::Action;
use crate::support::github::{Event, FakeGithub, Happening};
use crate::support::images;
use crate::support::posts::post;

/// A run in a checkout that holds these folders only, as `sparse-checkout` leaves it.
fn run_sparse(github: &FakeGithub, event: &Event, folders: &[&str]) -> Run {
    let workspace = checkout(github, event);
    let arguments = ["sparse-checkout", "set"].iter().chain(folders);
    let done = Command::new("git").args(arguments).current_dir(workspace.path()).status().unwrap();
    assert!(done.success());
    let provider = images::cloudflare();
    let action = Action::on_github(github, event, workspace.path()).cloudflare(&provider);
    let finished = action.run();
    github.fsck();
    Run { finished, workspace, provider }
}

#[test]
fn a_changed_post_that_a_sparse_checkout_left_out_fails_with_the_cure() {
    let github = github();
    let text = post("Other");
    github.commit("main", &[("content/other.md", Some(text.as_bytes()))], "Write");
    let event = push(&github, "main", &["harbour"]);
    let run = run_sparse(&github, &event, &["content", "static"]);
    assert_eq!(run.tally(), (Some(1), 0), "{}", run.finished.everything());
    assert_eq!(run.finished.status("posts/harbour.md"), "failed");
    let report = run.finished.report();
    let of = |post: &&serde_json::Value| post["path"] == "posts/harbour.md";
    let reason = report["posts"].as_array().unwrap().iter().find(of).unwrap()["reason"].to_string();
    assert!(reason.contains("`sparse-checkout` of `actions/checkout`"), "{reason}");
    assert!(
        run.finished.log.contains(&format!("posts/harbour.md: {}", reason.trim_matches('"'))),
        "{}",
        run.finished.log
    );
}

#[test]
fn an_owed_post_that_a_sparse_checkout_left_out_stays_owed_until_it_is_gone() {
    let github = github();
    let text = post("Other");
    github.commit("main", &[("content/other.md", Some(text.as_bytes()))], "Write");
    let event = push(&github, "main", &["harbour"]);
    assert_eq!(run_sparse(&github, &event, &["content", "static"]).tally(), (Some(1), 0));
    for (path, bytes, code) in [("README.md", Some(&b"# The blog\n"[..]), 1), ("posts/harbour.md", None, 0)] {
        let before = github.head("main").unwrap();
        github.commit("main", &[(path, bytes)], "Words");
        let event = github.event(Happening::Push { branch: "main", before: &before });
        let run = run_sparse(&github, &event, &["content", "static"]);
        assert_eq!(run.tally(), (Some(code), 0), "{path}: {}", run.finished.everything());
    }
}

#[test]
fn a_sparse_checkout_without_any_post_is_told_how_to_get_them() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let run = run_sparse(&github, &event, &["static"]);
    assert_eq!(run.tally(), (Some(2), 0), "{}", run.finished.everything());
    assert!(
        run.finished.log.contains("add the folders of the posts and of their pictures"),
        "{}",
        run.finished.log
    );
    assert!(github.mutations().is_empty());
}

#[test]
fn a_picture_that_a_sparse_checkout_left_out_is_not_paid_for_again() {
    let github = github();
    let text = post("Harbour").replace("date:", "image: /images/harbour.jpg\ndate:");
    let before = github.head("main").unwrap();
    let picture = images::fresh_jpeg();
    let files: [(&str, Option<&[u8]>); 2] =
        [("posts/harbour.md", Some(text.as_bytes())), ("static/images/harbour.jpg", Some(&picture))];
    github.commit("main", &files, "Write with a picture");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let run = run_sparse(&github, &event, &["posts"]);
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    assert_eq!(run.finished.status("posts/harbour.md"), "unresolved");
    assert_eq!(github.read("main", "static/images/harbour.jpg"), Some(picture));
    assert!(!run.workspace.path().join("static").exists());
}

#[test]
fn a_hand_made_picture_outside_a_sparse_checkout_is_not_called_broken() {
    let github = github();
    let text = post("Harbour").replace("date:", "image: /pictures/boat.jpg\ndate:");
    let before = github.head("main").unwrap();
    let picture = images::fresh_jpeg();
    let files: [(&str, Option<&[u8]>); 2] =
        [("posts/harbour.md", Some(text.as_bytes())), ("static/pictures/boat.jpg", Some(&picture))];
    github.commit("main", &files, "Write with a picture");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let run = run_sparse(&github, &event, &["posts"]);
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    let told = run.finished.post("posts/harbour.md");
    assert_eq!(told["status"], "unresolved");
    let reason = told["reason"].as_str().unwrap();
    assert!(reason.contains("add its folder to `sparse-checkout` of `actions/checkout`"), "{reason}");
    assert!(!reason.contains("is in the repository;"), "{reason}");
}

#[test]
fn an_image_folder_in_git_lfs_is_refused_with_the_cure_before_anything_is_spent() {
    let github = github();
    let attributes = b"static/images/** filter=lfs diff=lfs merge=lfs -text\n";
    github.commit("main", &[(".gitattributes", Some(&attributes[..]))], "Store pictures elsewhere");
    let event = push(&github, "main", &["harbour"]);
    // `git-lfs` is not here to check them out; the files of the commit are.
    let workspace = tempfile::tempdir().unwrap();
    github.checkout(&event.sha, workspace.path());
    std::fs::create_dir(workspace.path().join(".git")).unwrap();
    let provider = images::cloudflare();
    let action = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider);
    let run = action.run();
    assert_eq!((run.code, provider.count()), (Some(1), 0), "{}", run.everything());
    assert!(run.log.contains("`static/images/** -filter -diff -merge`"), "{}", run.log);
    assert!(!has_picture(&github, "main", "harbour"));
}
