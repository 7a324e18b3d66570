//! The program on GitHub: events in, commits and pull requests out, against the fake one.

mod alert_issue;
mod bundles;
mod checkouts;
mod edits;
mod events;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
mod kills;
mod ladder;
mod nightly;
mod push;
mod record;
mod redraws;
mod reuse;
mod review;
mod shards;
mod sites;
mod submodules;
mod sweep;

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::support::action::{Action, Finished};
use crate::support::github::{Event, FakeGithub, Fault, Happening, Options, When};
use crate::support::images;
use crate::support::posts::post;
use crate::support::server::Server;

/// A GitHub whose default branch holds a post that has its picture and a readme.
pub fn github() -> FakeGithub {
    github_of(Options::default())
}

pub fn github_of(options: Options) -> FakeGithub {
    begun(FakeGithub::start(options))
}

/// Gives an empty GitHub its first commit.
pub fn begun(github: FakeGithub) -> FakeGithub {
    let old = post("Old").replace("date:", "image: /images/old.jpg\ndate:");
    let picture = images::fresh_jpeg();
    let files: [(&str, Option<&[u8]>); 3] = [
        ("posts/old.md", Some(old.as_bytes())),
        ("static/images/old.jpg", Some(&picture)),
        ("README.md", Some(b"# Blog\n")),
    ];
    github.commit("main", &files, "Begin");
    github
}

/// Somebody pushes these posts, which lack a picture, to a branch.
pub fn push(github: &FakeGithub, branch: &str, names: &[&str]) -> Event {
    let before = github.head(branch).unwrap();
    write(github, branch, names);
    github.event(Happening::Push { branch, before: &before })
}

/// Commits posts of these names.
pub fn write(github: &FakeGithub, branch: &str, names: &[&str]) {
    let texts: Vec<_> = names.iter().map(|name| (format!("posts/{name}.md"), post(name))).collect();
    let files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), Some(text.as_bytes()))).collect();
    github.commit(branch, &files, "Write");
}

/// The commit of an event in a folder, as `actions/checkout` leaves it.
pub fn checkout(github: &FakeGithub, event: &Event) -> TempDir {
    let workspace = tempfile::tempdir().unwrap();
    github.clone_shallow(&event.sha, workspace.path());
    workspace
}

/// A fresh checkout of an event, with the report folder of an earlier run, if that had one.
pub fn restored(github: &FakeGithub, event: &Event, earlier: &Path) -> TempDir {
    let fresh = checkout(github, event);
    let reports = earlier.join(".image-fallback");
    if reports.exists() {
        assert!(Command::new("cp").arg("-r").arg(reports).arg(fresh.path()).status().unwrap().success());
    }
    fresh
}

/// From now on no ref can be written.
pub fn refuse_refs(github: &FakeGithub) {
    github.fault(When::to("PATCH", "/git/refs/heads/main").always(), Fault::BadCredentials);
    github.fault(When::to("POST", "/git/refs").always(), Fault::BadCredentials);
}

/// A run for this event after a checkout, with a provider that delivers.
pub struct Run {
    pub finished: Finished,
    pub workspace: TempDir,
    pub provider: Server,
}

/// Checks out and runs.
pub fn run(github: &FakeGithub, event: &Event) -> Run {
    run_with(github, event, |action| action)
}

/// As [`run`], with more settings.
pub fn run_with(github: &FakeGithub, event: &Event, more: impl FnOnce(Action) -> Action) -> Run {
    let workspace = checkout(github, event);
    let provider = images::cloudflare();
    let action = Action::on_github(github, event, workspace.path()).cloudflare(&provider);
    let finished = more(action).run();
    github.fsck();
    Run { finished, workspace, provider }
}

impl Run {
    /// Exit code and requests to the provider.
    pub fn tally(&self) -> (Option<i32>, usize) {
        (self.finished.code, self.provider.count())
    }
}

/// Whether a post on a branch names a picture that is on the branch as well.
pub fn has_picture(github: &FakeGithub, rev: &str, name: &str) -> bool {
    let text = github.read(rev, &format!("posts/{name}.md")).unwrap_or_default();
    let text = String::from_utf8(text).unwrap();
    text.contains("\nimage: ") && picture(github, rev, name).is_some()
}

/// The path of a post's picture on a branch.
pub fn picture(github: &FakeGithub, rev: &str, name: &str) -> Option<String> {
    github.paths(rev).into_iter().find(|path| path.ends_with(".jpg") && path.contains(name))
}
