use serde_json::{Value, json};

use super::super::mock::{Mock, Reply, sha};
use super::*;

fn range() -> Range {
    Range { base: sha('a').to_string(), head: sha('b').to_string() }
}

fn comparison(files: Value) -> Value {
    json!({
        "merge_base_commit": { "sha": sha('9') }, "ahead_by": 2, "behind_by": 1, "files": files,
        "commits": [
            { "sha": sha('1'), "commit": { "message": "one", "author": { "name": "Ann" } }, "author": null },
            { "sha": sha('2'), "commit": { "message": "two" } },
        ],
    })
}

fn modified(count: usize) -> Value {
    (0..count).map(|n| json!({ "filename": format!("{n}.md"), "status": "modified" })).collect()
}

fn tree(entries: &[(&str, &str, char)], truncated: bool) -> Reply {
    let entries: Vec<Value> = entries
        .iter()
        .map(|(path, mode, digit)| {
            let kind = if *mode == "160000" { "commit" } else { "blob" };
            json!({ "path": path, "mode": mode, "type": kind, "sha": sha(*digit) })
        })
        .collect();
    Reply::Json(200, json!({ "tree": entries, "truncated": truncated }))
}

#[tokio::test]
async fn the_statuses_of_a_comparison_become_changes() {
    let files = json!([
        { "filename": "new.md", "status": "added" },
        { "filename": "a b.md", "status": "modified", "sha": null },
        { "filename": "to.md", "status": "renamed", "previous_filename": "from.md" },
        { "filename": "copy.md", "status": "copied", "previous_filename": "new.md" },
        { "filename": "mode.md", "status": "changed" },
        { "filename": "same.md", "status": "unchanged" },
        { "filename": "gone.md", "status": "removed" },
        { "filename": "odd.md", "status": "transmuted" },
    ]);
    let server = Mock::start(move |_, _| Reply::Json(200, comparison(files.clone()))).await;
    let found = changes(&server.client(), &range(), None).await.unwrap();
    assert_eq!(found, ["new.md", "a b.md", "to.md", "copy.md", "mode.md", "odd.md"]);
    assert_eq!(server.calls(), [format!("GET /compare/{}...{}?per_page=1", sha('a'), sha('b'))]);
}

#[tokio::test]
async fn nothing_changed_is_an_answer() {
    let server = Mock::start(|_, _| Reply::Json(200, comparison(json!([])))).await;
    assert_eq!(changes(&server.client(), &range(), None).await.unwrap(), Vec::<String>::new());
}

#[tokio::test]
async fn three_hundred_files_may_be_cut_so_the_trees_from_the_merge_base_decide() {
    for files in [modified(300), Value::Null] {
        let server = Mock::start(move |seen, _| match seen.path.as_str() {
            path if path.contains("/compare/") => Reply::Json(200, comparison(files.clone())),
            path if path.contains(sha('9').as_str()) => {
                tree(&[("a.md", "100644", '1'), ("b.md", "100644", '2'), ("sub", "160000", '3')], false)
            }
            _ => tree(&[("a.md", "100644", '7'), ("c.md", "100644", '2'), ("sub", "160000", '4')], false),
        })
        .await;
        let found = changes(&server.client(), &range(), None).await.unwrap();
        assert_eq!(found, ["a.md", "c.md"]);
        let trees: Vec<String> = server.calls().split_off(1);
        let expected = ['9', 'b'].map(|digit| format!("GET /git/trees/{}?recursive=1", sha(digit)));
        assert_eq!(trees, expected);
    }
}

#[tokio::test]
async fn a_comparison_just_below_the_limit_is_whole() {
    let server = Mock::start(|_, _| Reply::Json(200, comparison(modified(299)))).await;
    assert_eq!(changes(&server.client(), &range(), None).await.unwrap().len(), 299);
}

#[tokio::test]
async fn a_repository_too_large_for_its_trees_is_undetermined_with_the_cure() {
    let server = Mock::start(|seen, _| {
        if seen.path.contains("/compare/") {
            Reply::Json(200, comparison(modified(300)))
        } else {
            tree(&[], true)
        }
    })
    .await;
    let undetermined = changes(&server.client(), &range(), None).await.unwrap_err();
    assert!(undetermined.to_string().contains("`scope: all`"), "{undetermined}");
    assert_eq!(undetermined.error, None);
}

#[tokio::test]
async fn an_unknown_before_is_undetermined_and_never_everything() {
    let server = Mock::start(|_, _| Reply::Json(404, json!({ "message": "Not Found" }))).await;
    let undetermined = changes(&server.client(), &range(), None).await.unwrap_err();
    assert!(undetermined.to_string().contains("comparing `aaaa"), "{undetermined}");
    let told = format!("{:#}", anyhow::Error::from(undetermined.clone()));
    assert_eq!(told.matches("comparing").count(), 1, "{told}");
    assert!(matches!(undetermined.error.unwrap().kind, ErrorKind::NotFound { .. }));
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn the_files_of_a_pull_request_are_read_page_by_page_only_when_comparing_fails() {
    let server = Mock::start(|seen, _| match seen.path.as_str() {
        path if path.contains("/compare/") => Reply::Json(404, json!({ "message": "Not Found" })),
        path if path.ends_with("&page=1") => Reply::Json(200, modified(100)),
        _ => Reply::Json(200, modified(1)),
    })
    .await;
    let found = changes(&server.client(), &range(), Some(5)).await.unwrap();
    assert_eq!(found.len(), 101);
    assert_eq!(
        server.calls()[1..],
        [1, 2].map(|page| format!("GET /pulls/5/files?per_page=100&page={page}"))
    );
}

#[tokio::test]
async fn a_pull_request_of_three_thousand_files_is_undetermined() {
    let server = Mock::start(|seen, _| {
        if seen.path.contains("/compare/") {
            Reply::Json(404, json!({ "message": "Not Found" }))
        } else {
            Reply::Json(200, modified(100))
        }
    })
    .await;
    assert!(changes(&server.client(), &range(), Some(5)).await.is_err());
    assert_eq!(server.calls().len(), 1 + PAGES);
}

#[tokio::test]
async fn branch_names_are_compared_whole_or_not_at_all() {
    let server = Mock::start(|_, _| Reply::Json(200, comparison(json!([])))).await;
    let client = server.client();
    let between = |base: &str, head: &str| Range { base: base.into(), head: head.into() };
    changes(&client, &between("main", "feat/x#1?"), None).await.unwrap();
    assert_eq!(server.calls(), ["GET /compare/main...feat%2Fx%231%3F?per_page=1"]);
    for (base, head) in [("main...evil", "x"), ("", "x"), ("main", "..")] {
        assert!(changes(&client, &between(base, head), None).await.is_err(), "{base} {head}");
    }
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn the_trees_of_a_branch_are_those_of_its_commit() {
    let server = Mock::start(|seen, _| match seen.path.as_str() {
        path if path.contains("/compare/") => Reply::Json(200, comparison(modified(300))),
        path if path.contains("/commits/") => Reply::Json(200, json!({ "sha": sha('d') })),
        _ => tree(&[], false),
    })
    .await;
    let named = Range { base: "main".into(), head: "feat/x".into() };
    changes(&server.client(), &named, None).await.unwrap();
    assert_eq!(server.calls()[1], "GET /commits/feat%2Fx");
    assert_eq!(server.calls()[3], format!("GET /git/trees/{}?recursive=1", sha('d')));
}

#[test]
fn what_another_tree_adds_moves_or_changes_is_found_and_a_mode_is_a_change() {
    let entry = |path: &str, mode: &str, digit| TreeEntry {
        path: path.into(),
        mode: mode.into(),
        kind: "blob".into(),
        sha: sha(digit),
    };
    let old = vec![entry("a", "100644", '1'), entry("b", "100644", '1'), entry("m", "100644", '2')];
    let new = vec![
        entry("b", "100644", '1'),
        entry("m", "100755", '2'),
        entry("x", "100644", '1'),
        entry("z", "100644", '5'),
    ];
    assert_eq!(diff(old, new), ["m", "x", "z"]);
}

#[tokio::test]
async fn a_divergence_tells_both_sides_and_the_messages_of_its_commits() {
    let server = Mock::start(|_, _| Reply::Json(200, comparison(json!([])))).await;
    let found = ahead(&server.client(), &range()).await.unwrap().unwrap();
    assert_eq!((found.ahead, found.behind, found.merge_base), (2, 1, sha('9')));
    assert_eq!(found.messages, ["one", "two"]);
    let gone = Mock::start(|_, _| Reply::Json(404, json!({ "message": "Not Found" }))).await;
    assert_eq!(ahead(&gone.client(), &range()).await.unwrap(), None);
}
