//! Events and checkouts, as the runner and actions/checkout would leave them.

use std::fs;

use serde_json::{Value, json};

use super::{POST, github};
use crate::support::github::{Event, Happening, Source};

#[test]
fn events_tell_what_the_runner_would_tell() {
    let github = github();
    let first = github.head("main").unwrap();
    let second = github.commit("main", &[("_posts/two.md", Some(POST))], "Another post");
    let push = github.event(Happening::Push { branch: "main", before: &first });
    assert_eq!((&push.payload["before"], &push.payload["after"]), (&json!(first), &json!(second)));
    assert_eq!(push.payload["commits"][0].get("added"), None, "in Actions commits list no files");
    assert!(push.variables().contains(&("GITHUB_SHA", second.clone())));
    let is = |event: Event, key: &str| event.payload[key].clone();
    assert_eq!(is(github.event(Happening::NewBranch { branch: "main" }), "created"), true);
    assert_eq!(is(github.event(Happening::ForcedPush { branch: "main", before: &first }), "forced"), true);
    assert_eq!(is(github.event(Happening::DeletedBranch { branch: "old", before: &first }), "deleted"), true);
    assert_eq!(is(github.event(Happening::Tag { name: "v1", oid: &first }), "ref"), "refs/tags/v1");
    assert_eq!(
        is(github.event(Happening::LongIds { branch: "main", before: None }), "before"),
        "0".repeat(64)
    );
    for happening in [
        Happening::Schedule,
        Happening::WorkflowDispatch { branch: "main" },
        Happening::RepositoryDispatch { kind: "x" },
        Happening::Other { name: "issues" },
        Happening::MergeGroup { base: "main", head_sha: &second },
    ] {
        assert_eq!(github.event(happening).payload["repository"]["full_name"], "acme/blog");
    }
}

#[test]
fn pull_request_events_say_where_the_head_lives() {
    let github = github();
    let main = github.head("main").unwrap();
    let fork = github.commit_on(Some(&main), &[("_posts/two.md", Some(POST))], "From afar");
    github.branch("topic", &fork);
    let event = |source: Source<'_>| {
        let number = github.pull_request(source, "main");
        github.event(Happening::PullRequest { number, action: "opened" })
    };
    let head_id = |event: &Event| event.payload["pull_request"]["head"]["repo"]["id"].clone();
    let own = event(Source::Branch("topic"));
    assert_eq!(head_id(&own), own.payload["repository"]["id"]);
    assert_eq!(github.show(&own.sha).unwrap().parents, [main.clone(), fork.clone()]);
    let stranger = event(Source::Fork(&fork));
    assert_ne!(head_id(&stranger), stranger.payload["repository"]["id"]);
    assert_eq!(head_id(&event(Source::DeletedFork(&fork))), Value::Null);
    let bot = event(Source::Dependabot("topic"));
    assert_eq!(bot.payload["pull_request"]["user"]["login"], "dependabot[bot]");
    assert_eq!(github.event(Happening::PullRequestTarget { number: 1 }).git_ref, "refs/heads/main");
    github.fsck();
}

#[test]
fn a_checkout_has_the_files_and_a_clone_also_a_shallow_git() {
    let github = github();
    github.commit("main", &[("b.md", Some(b"b\r\n"))], "B");
    let folder = tempfile::tempdir().unwrap();
    let (plain, shallow) = (folder.path().join("plain"), folder.path().join("shallow"));
    github.checkout("main", &plain);
    github.clone_shallow("main", &shallow);
    for folder in [&plain, &shallow] {
        assert_eq!(fs::read(folder.join("b.md")).unwrap(), b"b\r\n");
    }
    assert!(!plain.join(".git").exists() && shallow.join(".git/shallow").exists());
}
