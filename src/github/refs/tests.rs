use serde_json::Value;

use super::super::mock::{Mock, Reply, kind, sha};
use super::*;

const MAIN: &str = "refs/heads/main";

fn at(digit: char) -> Reply {
    Reply::Json(200, json!({ "ref": MAIN, "object": { "sha": sha(digit), "type": "commit" } }))
}

fn says(status: u16, message: &str) -> Reply {
    Reply::Json(status, json!({ "message": message }))
}

#[tokio::test]
async fn a_ref_is_read_by_its_encoded_name_past_every_cache() {
    let server = Mock::start(|_, _| at('a')).await;
    let found = server.client().reference("refs/heads/feat/x#1").await.unwrap();
    assert_eq!(found, Some(sha('a')));
    assert_eq!(server.calls(), ["GET /git/ref/heads/feat/x%231"]);
    assert_eq!(server.seen()[0].headers["cache-control"], "no-cache");
}

#[tokio::test]
async fn a_ref_that_is_not_there_is_none_and_an_empty_repository_is_said() {
    let server =
        Mock::start(
            |_, n| {
                if n == 0 { says(404, "Not Found") } else { says(409, "Git Repository is empty.") }
            },
        )
        .await;
    let client = server.client();
    assert_eq!(client.reference(MAIN).await.unwrap(), None);
    assert_eq!(kind(client.reference(MAIN).await), ErrorKind::EmptyRepository);
}

#[tokio::test]
async fn a_listed_branch_is_the_one_of_exactly_this_name() {
    let server = Mock::start(|_, _| {
        let listed = |name: &str, digit| {
            let url = "https://api.github.com/repos/acme/blog/git/x";
            json!({ "ref": name, "node_id": "R", "url": url, "object": { "sha": sha(digit), "type": "commit", "url": url } })
        };
        Reply::Json(200, json!([listed("refs/heads/x#1-old", 'a'), listed("refs/heads/x#1", 'b')]))
    })
    .await;
    let client = server.client();
    assert_eq!(client.listed("refs/heads/x#1").await.unwrap(), Some(sha('b')));
    assert_eq!(client.listed("refs/heads/x").await.unwrap(), None);
    assert_eq!(server.calls()[0], "GET /git/matching-refs/heads/x%231");
}

#[tokio::test]
async fn names_that_are_not_valid_refs_are_not_sent() {
    let server = Mock::start(|_, _| at('a')).await;
    let client = server.client();
    for name in ["main", "refs/", "refs/heads/../../../user", "refs/heads//x"] {
        assert!(matches!(kind(client.reference(name).await), ErrorKind::Invalid { .. }), "{name}");
        assert!(matches!(kind(client.listed(name).await), ErrorKind::Invalid { .. }), "{name}");
        assert!(
            matches!(kind(client.create_ref(name, &sha('a')).await), ErrorKind::Invalid { .. }),
            "{name}"
        );
    }
    assert!(server.calls().is_empty());
}

#[tokio::test]
async fn a_branch_is_moved_without_force() {
    let server = Mock::start(|_, _| at('b')).await;
    server.client().update_ref(MAIN, &sha('b')).await.unwrap();
    assert_eq!(server.calls(), ["PATCH /git/refs/heads/main"]);
    assert_eq!(server.seen()[0].body, json!({ "sha": sha('b'), "force": false }));
}

#[tokio::test]
async fn an_unclear_move_that_happened_is_a_success_and_not_repeated() {
    let server =
        Mock::start(|seen, _| if seen.method == "PATCH" { Reply::Text(502, "") } else { at('b') }).await;
    server.client().update_ref(MAIN, &sha('b')).await.unwrap();
    assert_eq!(server.calls(), ["PATCH /git/refs/heads/main", "GET /git/ref/heads/main"]);
}

#[tokio::test]
async fn an_unclear_move_that_did_not_happen_is_repeated() {
    let server = Mock::start(|_, n| match n {
        0 => Reply::Text(502, ""),
        1 => at('a'),
        _ => at('b'),
    })
    .await;
    server.client().update_ref(MAIN, &sha('b')).await.unwrap();
    assert_eq!(server.calls().len(), 3);
}

#[tokio::test]
async fn a_branch_that_moved_or_is_protected_is_left_after_one_try() {
    for (message, expected) in [
        ("Update is not a fast forward", "NotFastForward"),
        ("Changes must be made through a pull request.", "Protected"),
        ("Commits must have verified signatures.", "NeedsSignatures"),
    ] {
        let server = Mock::start(move |_, _| says(422, message)).await;
        let kind = kind(server.client().update_ref(MAIN, &sha('b')).await);
        assert!(format!("{kind:?}").starts_with(expected), "{kind:?}");
        assert_eq!(server.calls().len(), 1);
    }
}

#[tokio::test]
async fn a_branch_is_created_and_found_created_already() {
    let server = Mock::start(|seen, _| match seen.method.as_str() {
        "POST" => says(422, "Reference already exists"),
        _ => at('b'),
    })
    .await;
    let client = server.client();
    client.create_ref(MAIN, &sha('b')).await.unwrap();
    assert_eq!(server.seen()[0].body, json!({ "ref": MAIN, "sha": sha('b') }));
    assert!(matches!(kind(client.create_ref(MAIN, &sha('c')).await), ErrorKind::AlreadyExists { .. }));
}

fn additions() -> Vec<Addition> {
    vec![Addition { path: "a b.jpg".into(), bytes: vec![0, 255, 10] }]
}

fn committed(digit: char, message: &str) -> Value {
    json!({
        "sha": sha(digit), "tree": { "sha": sha('e') }, "parents": [{ "sha": sha('a') }], "message": message,
        "author": { "name": "ann" }, "verification": { "verified": true },
    })
}

async fn commit_with(
    script: impl Fn(&super::super::mock::Seen, usize) -> Reply + Send + Sync + 'static,
) -> (Mock, Result<Commit, ApiError>) {
    let server = Mock::start(script).await;
    let files = additions();
    let commit =
        BranchCommit { branch: "main", expected: &sha('a'), message: "Add\n\nbody", additions: &files };
    let made = server.client().commit_on_branch(commit).await;
    (server, made)
}

#[tokio::test]
async fn a_commit_on_a_branch_expects_its_head_and_tells_its_signature() {
    let (server, made) = commit_with(|seen, _| match seen.method.as_str() {
        "POST" => {
            Reply::Json(200, json!({ "data": { "createCommitOnBranch": { "commit": { "oid": sha('b') } } } }))
        }
        _ => Reply::Json(200, committed('b', "Add\n\nbody")),
    })
    .await;
    assert!(made.unwrap().verified);
    let input = &server.seen()[0].body["variables"]["input"];
    let expected = json!({
        "branch": { "repositoryNameWithOwner": "acme/blog", "branchName": "main" },
        "expectedHeadOid": sha('a'),
        "message": { "headline": "Add", "body": "body" },
        "fileChanges": { "additions": [{ "path": "a b.jpg", "contents": "AP8K" }] },
    });
    assert_eq!(input, &expected);
}

#[tokio::test]
async fn stale_data_means_that_the_branch_moved() {
    let (server, made) = commit_with(|_, _| {
        Reply::Json(200, json!({
            "data": { "createCommitOnBranch": null },
            "errors": [{ "type": "STALE_DATA", "message": "Expected branch to point to x but it did not." }],
        }))
    })
    .await;
    assert!(matches!(kind(made), ErrorKind::NotFastForward { .. }));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn an_unclear_commit_on_a_branch_is_recognised_by_parent_and_message() {
    for (message, ours) in [("Add\n\nbody", true), ("Somebody else's", false)] {
        let (server, made) = commit_with(move |seen, _| match seen.path.as_str() {
            "/graphql" => Reply::Text(502, ""),
            path if path.contains("/git/ref/") => at('b'),
            _ => Reply::Json(200, committed('b', message)),
        })
        .await;
        assert_eq!(made.is_ok(), ours);
        assert_eq!(server.calls().iter().filter(|call| call.contains("graphql")).count(), 1);
    }
}

#[tokio::test]
async fn an_unclear_commit_on_a_branch_that_did_not_happen_is_repeated() {
    let (server, made) = commit_with(|seen, n| match seen.path.as_str() {
        "/graphql" if n == 0 => Reply::Text(502, ""),
        "/graphql" => {
            Reply::Json(200, json!({ "data": { "createCommitOnBranch": { "commit": { "oid": sha('b') } } } }))
        }
        path if path.contains("/git/ref/") => at('a'),
        _ => Reply::Json(200, committed('b', "Add")),
    })
    .await;
    assert_eq!(made.unwrap().sha, sha('b'));
    assert_eq!(server.calls().iter().filter(|call| call.contains("graphql")).count(), 2);
}
