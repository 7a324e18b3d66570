use serde_json::json;

use super::super::mock::{Mock, Reply, Seen, sha};
use super::*;

const REF: &str = "refs/image-fallback/health";

fn reference(digit: char) -> Reply {
    Reply::Json(200, json!({ "object": { "sha": sha(digit) } }))
}

/// A server on which the ref is at `at`, and the answer to changing it is `changed`.
async fn server(at: Option<char>, status: u16, message: &'static str) -> Mock {
    Mock::start(move |seen: &Seen, _| {
        match (seen.method.as_str(), seen.path.trim_start_matches("/repos/acme/blog")) {
            ("GET", path) if path.starts_with("/git/ref/") => {
                at.map_or(Reply::Json(404, json!({ "message": "Not Found" })), reference)
            }
            ("GET", _) => Reply::Text(200, "{}"),
            ("POST", "/git/trees") => Reply::Json(201, json!({ "sha": sha('7') })),
            ("POST", "/git/commits") => {
                Reply::Json(201, json!({ "sha": sha('8'), "tree": { "sha": sha('7') } }))
            }
            _ => Reply::Json(status, json!({ "message": message, "object": { "sha": sha('8') } })),
        }
    })
    .await
}

async fn write(server: &Mock, expected: Option<char>) -> Result<Saved, ApiError> {
    let expected = expected.map(sha);
    server.client().write_ref_file(REF, expected.as_ref(), "health.json", "{}", "Keep the record").await
}

#[tokio::test]
async fn a_record_is_read_at_the_commit_of_its_ref() {
    let server = server(Some('5'), 200, "").await;
    let record = server.client().read_ref_file(REF, "health.json").await.unwrap().unwrap();
    assert_eq!(record, RefFile { commit: sha('5'), bytes: Some(b"{}".to_vec()) });
    let file = format!("GET /contents/health.json?ref={}", sha('5'));
    assert_eq!(server.calls(), ["GET /git/ref/image-fallback/health".to_owned(), file]);
}

#[tokio::test]
async fn no_ref_is_no_record() {
    let server = server(None, 200, "").await;
    assert_eq!(server.client().read_ref_file(REF, "health.json").await.unwrap(), None);
}

#[tokio::test]
async fn the_first_record_is_one_commit_without_parents_that_skips_workflows() {
    let server = server(None, 201, "").await;
    assert_eq!(write(&server, None).await.unwrap(), Saved::Stored(sha('8')));
    assert_eq!(server.calls(), ["POST /git/trees", "POST /git/commits", "POST /git/refs"]);
    let bodies: Vec<_> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies[0].get("base_tree"), None);
    let commit = json!({ "message": "[skip ci] Keep the record", "tree": sha('7'), "parents": [] });
    assert_eq!(bodies[1], commit);
    assert_eq!(bodies[2], json!({ "ref": REF, "sha": sha('8') }));
}

#[tokio::test]
async fn a_later_record_replaces_the_one_that_was_read() {
    let server = server(Some('5'), 200, "").await;
    assert_eq!(write(&server, Some('5')).await.unwrap(), Saved::Stored(sha('8')));
    let last = server.seen().pop().unwrap();
    assert_eq!(last.body, json!({ "sha": sha('8'), "force": true }));
}

#[tokio::test]
async fn another_writer_is_a_conflict_and_nothing_is_replaced() {
    let moved = server(Some('6'), 200, "").await;
    assert_eq!(write(&moved, Some('5')).await.unwrap(), Saved::Conflict);
    let removed = server(None, 200, "").await;
    assert_eq!(write(&removed, Some('5')).await.unwrap(), Saved::Conflict);
    let created = server(Some('6'), 422, "Reference already exists").await;
    assert_eq!(write(&created, None).await.unwrap(), Saved::Conflict);
    assert!(!moved.calls().iter().chain(&removed.calls()).any(|call| call.starts_with("PATCH")));
}

#[tokio::test]
async fn a_host_that_refuses_the_ref_is_told_apart_from_trouble_on_the_way() {
    for (status, message) in [
        (422, "Cannot create ref due to creations being restricted."),
        (422, "Reference name is not allowed"),
        (403, "Resource not accessible by integration"),
        (404, "Not Found"),
    ] {
        let saved = write(&server(None, status, message).await, None).await.unwrap();
        assert!(matches!(saved, Saved::Refused(_)), "{status} {message}");
    }
    assert!(write(&server(None, 502, "").await, None).await.is_err());
}
