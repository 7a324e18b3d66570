//! A run that is killed before any of the calls by which it changes names in the file system: the next run
//! loses no picture and pays for none a second time.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{checkout, github, has_picture, picture, push, restored, run};
use crate::support::action::Action;
use crate::support::github::{Event, FakeGithub, Happening};
use crate::support::images;
use crate::support::server::Server;

const POSTS: [&str; 2] = ["harbour", "island"];

fn action(github: &FakeGithub, event: &Event, root: &Path, provider: &Server) -> Action {
    Action::on_github(github, event, root).cloudflare(provider).input("concurrency", "1")
}

/// Files of a killed run that nobody asked for.
fn left(root: &Path) -> Vec<String> {
    let found = Command::new("find").arg(root).args(["-name", ".image-fallback-*"]).output().unwrap();
    String::from_utf8(found.stdout).unwrap().lines().map(str::to_owned).collect()
}

fn told(kills: usize) {
    println!("{kills} kills; no picture lost, none paid for twice");
    assert!(kills > 20, "{kills} kills are too few for a run of two posts");
}

/// Kills a run at every point and lets another follow in the workspace that `next` gives.
fn sweep(next: impl Fn(&FakeGithub, &Event, TempDir) -> TempDir) {
    let mut kills = 0;
    loop {
        let github = github();
        let event = push(&github, "main", &POSTS);
        let (workspace, provider) = (checkout(&github, &event), images::cloudflare());
        if !action(&github, &event, workspace.path(), &provider).killed_before(kills + 1) {
            break;
        }
        kills += 1;
        let paid = provider.count();
        let workspace = next(&github, &event, workspace);
        let provider = images::cloudflare();
        let finished = action(&github, &event, workspace.path(), &provider).run();
        github.fsck();
        assert_eq!(finished.code, Some(0), "kill {kills}: {}", finished.everything());
        assert_eq!(provider.count(), POSTS.len() - paid, "kill {kills}: {}", finished.everything());
        let lost: Vec<_> = POSTS.iter().filter(|name| !has_picture(&github, "main", name)).collect();
        assert!(lost.is_empty(), "kill {kills}: {lost:?} {}", finished.everything());
        assert_eq!(left(workspace.path()), Vec::<String>::new(), "kill {kills}");
    }
    told(kills);
}

/// As [`sweep`], with runs that draw anew what the posts have: what one paid for is on the branch after the next,
/// whether that is to draw anew as well or to look after what is left.
fn sweep_of_redraws(next: impl Fn(&FakeGithub, &Event, TempDir) -> TempDir) {
    let (mut kills, mut follows_again) = (0, false);
    loop {
        let github = github();
        let event = push(&github, "main", &POSTS);
        assert_eq!(run(&github, &event).tally(), (Some(0), POSTS.len()));
        let pictures = || POSTS.map(|name| github.read("main", &picture(&github, "main", name).unwrap()));
        let (before, head) = (pictures(), github.head("main"));
        let event = github.event(Happening::WorkflowDispatch { branch: "main" });
        let redraw = |root: &Path, provider: &Server| {
            action(&github, &event, root, provider).input("redraw", "true").input("posts", "posts/*.md")
        };
        let (workspace, provider) = (checkout(&github, &event), images::cloudflare());
        if !redraw(workspace.path(), &provider).killed_before(kills + 1) {
            break;
        }
        kills += 1;
        let (paid, is_published) = (provider.count(), github.head("main") != head);
        let workspace = next(&github, &event, workspace);
        let provider = images::cloudflare();
        // Where all is published a second request would be one for further pictures.
        follows_again = !follows_again && !is_published;
        let (finished, expected) = match follows_again {
            true => (redraw(workspace.path(), &provider).run(), POSTS.len() - paid),
            false => (action(&github, &event, workspace.path(), &provider).run(), 0),
        };
        github.fsck();
        assert_eq!(finished.code, Some(0), "kill {kills}: {}", finished.everything());
        assert_eq!(provider.count(), expected, "kill {kills}: {}", finished.everything());
        let new = before.iter().zip(pictures()).filter(|(before, after)| *before != after).count();
        assert_eq!(new, paid + expected, "kill {kills}: {}", finished.everything());
        assert_eq!(left(workspace.path()), Vec::<String>::new(), "kill {kills}");
    }
    told(kills);
}

/// Traces every system call of some hundred runs: `.ci/run` asks for it.
#[test]
#[ignore = "takes minutes and the right to trace; `.ci/run` runs it"]
fn killed_in_a_kept_workspace_a_run_loses_no_picture_and_pays_for_none_twice() {
    sweep(|_, _, workspace| workspace);
}

#[test]
#[ignore = "takes minutes and the right to trace; `.ci/run` runs it"]
fn killed_with_only_the_report_folder_left_a_run_loses_no_picture() {
    sweep(|github, event, workspace| restored(github, event, workspace.path()));
}

#[test]
#[ignore = "takes minutes and the right to trace; `.ci/run` runs it"]
fn killed_while_it_redraws_a_run_loses_no_picture_and_pays_for_none_twice() {
    sweep_of_redraws(|_, _, workspace| workspace);
}

#[test]
#[ignore = "takes minutes and the right to trace; `.ci/run` runs it"]
fn killed_while_it_redraws_with_only_the_report_folder_left_it_loses_no_picture() {
    sweep_of_redraws(|github, event, workspace| restored(github, event, workspace.path()));
}
