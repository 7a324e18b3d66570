//! A picture that was drawn anew for a post that had one, and what may happen before it is on GitHub.

use std::path::Path;

use tempfile::TempDir;

use super::{checkout, github, push, refuse_refs, restored, run};
use crate::support::action::{Action, Finished};
use crate::support::github::{Event, FakeGithub, Happening, When};
use crate::support::images;
use crate::support::posts::post;
use crate::support::server::Server;

const POST: &str = "posts/harbour.md";
const PICTURE: &str = "static/images/harbour.jpg";

/// A branch whose post has a picture of ours.
fn drawn() -> (FakeGithub, Event) {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    assert_eq!(run(&github, &event).tally(), (Some(0), 1));
    let event = github.event(Happening::WorkflowDispatch { branch: "main" });
    (github, event)
}

type Follow = fn(&FakeGithub, &Event, &Path) -> (Finished, Server);

fn plain(github: &FakeGithub, event: &Event, root: &Path) -> (Finished, Server) {
    let provider = images::cloudflare();
    let finished = Action::on_github(github, event, root).cloudflare(&provider).run();
    github.fsck();
    (finished, provider)
}

fn redraw(github: &FakeGithub, event: &Event, root: &Path) -> (Finished, Server) {
    let provider = images::cloudflare();
    let action = Action::on_github(github, event, root).cloudflare(&provider);
    let finished = action.input("redraw", "true").input("posts", "posts/*.md").run();
    github.fsck();
    (finished, provider)
}

/// A run that draws anew and can publish nothing; afterwards publishing works again. Gives the picture.
fn unpublished(github: &FakeGithub, event: &Event) -> (TempDir, Vec<u8>) {
    let workspace = checkout(github, event);
    refuse_refs(github);
    let (run, provider) = redraw(github, event, workspace.path());
    assert_eq!((run.code, provider.count()), (Some(3), 1), "{}", run.everything());
    github.clear_faults();
    let picture = std::fs::read(workspace.path().join(PICTURE)).unwrap();
    (workspace, picture)
}

#[test]
fn what_could_not_be_published_is_published_by_the_next_run_without_asking_anybody() {
    for (is_kept, next) in [(true, plain as Follow), (true, redraw), (false, plain), (false, redraw)] {
        let (github, event) = drawn();
        let (workspace, picture) = unpublished(&github, &event);
        let workspace = if is_kept { workspace } else { restored(&github, &event, workspace.path()) };
        let before = github.read("main", POST).unwrap();
        let (run, provider) = next(&github, &event, workspace.path());
        assert_eq!((run.code, provider.count()), (Some(0), 0), "{is_kept}: {}", run.everything());
        assert_eq!(github.read("main", PICTURE), Some(picture), "{is_kept}: {}", run.everything());
        assert_eq!(github.read("main", POST), Some(before));
        assert!(!workspace.path().join(".image-fallback/pictures").exists(), "nothing is left to publish");
        let event = github.event(Happening::WorkflowDispatch { branch: "main" });
        assert_eq!(self::run(&github, &event).tally(), (Some(0), 0));
    }
}

#[test]
fn a_picture_that_somebody_put_on_the_branch_since_stays_there() {
    let file = ("static/images/harbour.jpg", images::fresh_jpeg());
    let mine = ("static/images/mine.jpg", images::fresh_jpeg());
    let named = post("harbour").replace("date:", "image: /images/mine.jpg\ndate:");
    let in_place: &[(&str, Option<&[u8]>)] = &[(file.0, Some(&file.1))];
    let elsewhere: &[(&str, Option<&[u8]>)] = &[(mine.0, Some(&mine.1)), (POST, Some(named.as_bytes()))];
    for files in [in_place, elsewhere] {
        let (github, event) = drawn();
        let (workspace, _) = unpublished(&github, &event);
        github.commit("main", files, "A picture of my own");
        let (head, event) =
            (github.head("main"), github.event(Happening::WorkflowDispatch { branch: "main" }));
        let fresh = restored(&github, &event, workspace.path());
        let (run, provider) = plain(&github, &event, fresh.path());
        assert_eq!((run.code, provider.count()), (Some(0), 0), "{}", run.everything());
        assert_eq!(github.head("main"), head, "{}", run.everything());
    }
}

#[test]
fn a_picture_that_somebody_gives_the_post_while_another_is_drawn_stays() {
    let (github, event) = drawn();
    let named = post("harbour").replace("date:", "image: /mine.jpg\ndate:");
    github.move_branch_before(
        When::to("PATCH", "/git/refs/heads/main"),
        "main",
        &[(POST, Some(named.as_bytes()))],
    );
    let workspace = checkout(&github, &event);
    let (run, _) = redraw(&github, &event, workspace.path());
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert_eq!(github.read("main", POST), Some(named.into_bytes()));
    assert!(run.log.contains("in the meantime"), "{}", run.log);
}
