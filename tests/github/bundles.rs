//! Bundles whose theme finds the picture by the name of its file: the post itself does not change.

use super::{Run, run_with};
use crate::support::action::Action;
use crate::support::github::{Event, FakeGithub, Happening, Options};
use crate::support::images;
use crate::support::posts::post;

const POST: &str = "content/posts/harbour/index.md";
const PICTURE: &str = "content/posts/harbour/feature.jpg";

/// A blog whose theme is Congo, and a push of a post that lacks its picture.
fn pushed() -> (FakeGithub, Event) {
    let github = FakeGithub::start(Options::default());
    let (old, picture) = (post("Old"), images::fresh_jpeg());
    let files: [(&str, Option<&[u8]>); 3] = [
        ("hugo.toml", Some(b"theme = \"congo\"\n")),
        ("content/posts/old/index.md", Some(old.as_bytes())),
        ("content/posts/old/feature.jpg", Some(&picture)),
    ];
    github.commit("main", &files, "Begin");
    let before = github.head("main").unwrap();
    github.commit("main", &[(POST, Some(post("harbour").as_bytes()))], "Write");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    (github, event)
}

/// A run over every post.
fn over_all(github: &FakeGithub, event: &Event, publish: &str) -> Run {
    let all = |action: Action| action.input("scope", "all").input("publish", publish);
    run_with(github, event, all)
}

#[test]
fn the_picture_alone_is_committed_and_never_paid_for_again() {
    let (github, event) = pushed();
    let run = over_all(&github, &event, "commit");
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(github.paths("main").contains(&PICTURE.to_owned()), "{}", run.finished.everything());
    assert_eq!(github.read("main", POST).unwrap(), post("harbour").as_bytes());
    let before = github.head("main").unwrap();
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let again = over_all(&github, &event, "commit");
    assert_eq!(again.tally(), (Some(0), 0), "{}", again.finished.everything());
}

#[test]
fn a_picture_that_waits_in_a_pull_request_is_not_paid_for_again() {
    let (github, event) = pushed();
    let run = over_all(&github, &event, "pull-request");
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(github.paths("image-fallback/main").contains(&PICTURE.to_owned()));
    let again = over_all(&github, &event, "pull-request");
    assert_eq!(again.tally(), (Some(0), 0), "{}", again.finished.everything());
    assert_eq!(again.finished.status(POST), "waiting", "{}", again.finished.everything());
}
