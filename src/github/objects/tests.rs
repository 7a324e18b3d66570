use serde_json::Value;

use super::super::mock::{Mock, Reply, kind, sha};
use super::*;

fn created(digit: char) -> Reply {
    Reply::Json(
        201,
        json!({ "sha": sha(digit), "url": "https://api.github.com/repos/acme/blog/git/blobs/x" }),
    )
}

fn commit_json(verified: bool) -> Value {
    json!({
        "sha": sha('c'), "tree": { "sha": sha('e') }, "parents": [{ "sha": sha('b') }], "message": "Add",
        "author": { "name": "github-actions[bot]" }, "verification": { "verified": verified, "reason": "x" },
    })
}

fn text(path: &str, content: &str) -> TreeChange {
    TreeChange::new(path, FileContent::Text(content.into()))
}

#[tokio::test]
async fn bytes_become_a_blob_in_base64() {
    let server = Mock::start(|_, _| created('a')).await;
    let client = server.client();
    assert_eq!(client.create_blob(&[0, 255, 10]).await.unwrap(), sha('a'));
    assert_eq!(client.probe_write("---\r\ntitle: é".as_bytes()).await.unwrap(), sha('a'));
    let bodies: Vec<Value> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies[0], json!({ "content": "AP8K", "encoding": "base64" }));
    assert_eq!(server.calls(), ["POST /git/blobs"; 2]);
}

#[tokio::test]
async fn the_probe_names_the_missing_permission() {
    for status in [403, 404] {
        let server =
            Mock::start(move |_, _| Reply::Json(status, json!({ "message": "Resource not accessible" })))
                .await;
        let error = server.client().probe_write(b"x").await.unwrap_err().to_string();
        assert!(error.contains("`contents: write`") && error.contains("acme/blog"), "{error}");
    }
}

#[tokio::test]
async fn objects_are_written_again_after_a_gateway_error_and_when_github_lags() {
    let server = Mock::start(|_, n| match n {
        0 => Reply::Text(502, "<html>"),
        1 => Reply::Json(422, json!({ "message": "Tree SHA does not exist" })),
        _ => Reply::Json(201, commit_json(true)),
    })
    .await;
    assert!(server.client().commit_tree("Add", &sha('e'), &[sha('b')]).await.unwrap().verified);
    assert_eq!(server.calls(), ["POST /git/commits"; 3]);
}

#[tokio::test]
async fn a_lag_that_does_not_end_is_said() {
    let server = Mock::start(|_, _| Reply::Json(422, json!({ "message": "Tree SHA does not exist" }))).await;
    assert!(matches!(
        kind(server.client().commit_tree("Add", &sha('e'), &[]).await),
        ErrorKind::Stale { .. }
    ));
}

#[tokio::test]
async fn a_commit_names_no_author_and_tells_the_truth_about_its_signature() {
    let server = Mock::start(|_, _| Reply::Json(201, commit_json(false))).await;
    let commit = server.client().commit_tree("Add", &sha('e'), &[sha('b')]).await.unwrap();
    assert_eq!((commit.verified, commit.author.as_str()), (false, "github-actions[bot]"));
    let body = &server.seen()[0].body;
    assert_eq!(body, &json!({ "message": "Add", "tree": sha('e'), "parents": [sha('b')] }));
}

#[tokio::test]
async fn an_answer_with_missing_and_unknown_fields_is_still_a_commit() {
    let bare = json!({ "sha": sha('c'), "tree": { "sha": sha('e') }, "author": null, "new": [1] });
    let server = Mock::start(move |_, _| Reply::Json(201, bare.clone())).await;
    assert_eq!(server.client().commit_tree("Add", &sha('e'), &[]).await.unwrap().sha, sha('c'));
}

#[tokio::test]
async fn a_tree_takes_texts_and_blobs_on_top_of_its_base() {
    let server = Mock::start(|_, _| created('a')).await;
    let changes = [
        text("a.md", "A"),
        TreeChange::new("a.jpg", FileContent::Blob(sha('1'))),
        TreeChange { executable: true, ..text("run.md", "B") },
    ];
    server.client().create_tree(Some(&sha('b')), &changes).await.unwrap();
    let expected = json!({
        "tree": [
            { "path": "a.md", "mode": "100644", "type": "blob", "content": "A" },
            { "path": "a.jpg", "mode": "100644", "type": "blob", "sha": sha('1') },
            { "path": "run.md", "mode": "100755", "type": "blob", "content": "B" },
        ],
        "base_tree": sha('b'),
    });
    assert_eq!(server.seen()[0].body, expected);
}

#[tokio::test]
async fn many_changes_take_several_trees_each_on_the_one_before() {
    let server = Mock::start(|_, n| created(['1', '2', '3'][n])).await;
    let changes: Vec<TreeChange> = (0..2 * ENTRIES + 1).map(|n| text(&format!("{n}.md"), "x")).collect();
    assert_eq!(server.client().create_tree(None, &changes).await.unwrap(), sha('3'));
    let seen = server.seen();
    let sizes: Vec<usize> = seen.iter().map(|seen| seen.body["tree"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [ENTRIES, ENTRIES, 1]);
    assert_eq!(seen[0].body.get("base_tree"), None);
    assert_eq!(
        (&seen[1].body["base_tree"], &seen[2].body["base_tree"]),
        (&json!(sha('1')), &json!(sha('2')))
    );
}

#[test]
fn long_texts_are_spread_over_calls_and_one_that_is_too_long_still_goes_alone() {
    let long = "x".repeat(TEXT);
    assert_eq!(batch(&[text("a", &long), text("b", "x")]), 1);
    assert_eq!(batch(&[text("a", &format!("{long}x")), text("b", "x")]), 1);
    assert_eq!(batch(&[]), 0);
}

#[tokio::test]
async fn files_with_hashes_and_blanks_in_their_names_are_asked_for_whole() {
    let server = Mock::start(|_, _| Reply::Text(200, "raw \u{feff}text")).await;
    let bytes = server.client().file("posts/a b#c?.md", "feat/x#1").await.unwrap().unwrap();
    assert_eq!(bytes, "raw \u{feff}text".as_bytes());
    assert_eq!(server.calls(), ["GET /contents/posts/a%20b%23c%3F.md?ref=feat%2Fx%231"]);
    assert_eq!(server.seen()[0].headers["accept"], "application/vnd.github.raw+json");
}

#[tokio::test]
async fn a_file_that_is_not_there_is_none_and_a_path_that_leads_out_is_refused() {
    let server = Mock::start(|_, _| Reply::Json(404, json!({ "message": "Not Found" }))).await;
    let client = server.client();
    assert_eq!(client.file("a.md", "main").await.unwrap(), None);
    assert!(matches!(kind(client.file("../../user", "main").await), ErrorKind::Invalid { .. }));
    assert_eq!(server.calls().len(), 1);
}

fn tree_json(entries: &[(&str, &str, char)], truncated: bool) -> Value {
    let entries: Vec<Value> = entries
        .iter()
        .map(
            |(path, kind, digit)| json!({ "path": path, "mode": "100644", "type": kind, "sha": sha(*digit) }),
        )
        .collect();
    json!({ "sha": sha('f'), "tree": entries, "truncated": truncated })
}

#[tokio::test]
async fn paths_are_found_in_one_call_where_the_tree_is_whole() {
    let server = Mock::start(|_, _| {
        Reply::Json(200, tree_json(&[("posts", "tree", '1'), ("posts/a.md", "blob", '2')], false))
    })
    .await;
    let found = server.client().entries(&sha('f'), &["posts/a.md", "posts/b.md"]).await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(found["posts/a.md"].sha, sha('2'));
    assert_eq!(server.calls(), [format!("GET /git/trees/{}?recursive=1", sha('f'))]);
}

#[tokio::test]
async fn what_stands_in_the_way_of_a_path_is_found_under_its_own() {
    let server = Mock::start(|_, _| {
        let entries = [("a", "tree", '1'), ("a/b", "commit", '2'), ("c.md", "blob", '3'), ("d", "tree", '4')];
        Reply::Json(200, tree_json(&entries, false))
    })
    .await;
    let found =
        server.client().entries(&sha('f'), &["a/b/c.jpg", "a/d.jpg", "c.md/e.jpg", "d"]).await.unwrap();
    let mut found: Vec<_> = found.iter().map(|(path, entry)| (path.as_str(), entry.kind.as_str())).collect();
    found.sort_unstable();
    assert_eq!(found, [("a/b", "commit"), ("c.md", "blob"), ("d", "tree")]);
}

#[tokio::test]
async fn paths_are_found_folder_by_folder_where_the_tree_is_cut() {
    let server = Mock::start(|seen, _| {
        Reply::Json(
            200,
            match seen.path.rsplit('/').next().unwrap() {
                path if path.ends_with("recursive=1") => tree_json(&[], true),
                path if path.starts_with('f') => {
                    tree_json(&[("posts", "tree", '1'), ("x", "commit", '9')], false)
                }
                _ => tree_json(&[("a.md", "blob", '2'), ("b.md", "blob", '3')], false),
            },
        )
    })
    .await;
    let paths = ["posts/a.md", "posts/b.md", "posts/c.md", "x/y", "none/z"];
    let found = server.client().entries(&sha('f'), &paths).await.unwrap();
    assert_eq!((found.len(), &found["posts/b.md"].sha), (3, &sha('3')));
    assert_eq!((found["x"].kind.as_str(), found["x"].path.as_str()), ("commit", "x"), "it is in the way");
    assert_eq!(found["posts/b.md"].path, "posts/b.md");
    assert_eq!(server.calls().len(), 3, "each folder is read once");
}

#[tokio::test]
async fn blobs_are_read_as_they_are() {
    let server = Mock::start(|_, _| Reply::Text(200, "a\r\nb")).await;
    assert_eq!(server.client().blob(&sha('a')).await.unwrap(), b"a\r\nb");
}

#[tokio::test]
async fn a_commit_is_made_of_its_files_on_their_base() {
    let server =
        Mock::start(|_, n| if n == 0 { created('e') } else { Reply::Json(201, commit_json(true)) }).await;
    let (base, parents) = (sha('d'), [sha('b')]);
    let new = NewCommit { message: "Add", base: Some(&base), files: &[text("a.md", "A")], parents: &parents };
    assert_eq!(server.client().create_commit(new).await.unwrap().sha, sha('c'));
    assert_eq!(server.calls(), ["POST /git/trees", "POST /git/commits"]);
    let bodies: Vec<Value> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!((&bodies[0]["base_tree"], &bodies[1]["tree"]), (&json!(sha('d')), &json!(sha('e'))));
}
