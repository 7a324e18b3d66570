use serde_json::Value;

use super::super::mock::{Mock, Reply, kind, sha};
use super::*;

fn pull(number: u64, home: &str) -> Value {
    json!({
        "number": number, "html_url": format!("https://github.com/acme/blog/pull/{number}"), "title": "old",
        "body": null, "draft": false, "unknown": {},
        "head": { "ref": "ours/main", "sha": sha('1'), "repo": { "full_name": home } },
        "base": { "ref": "main", "sha": sha('2'), "repo": { "full_name": "acme/blog" } },
    })
}

fn new(draft: bool) -> NewPull<'static> {
    NewPull { head: "ours/main", base: "main", title: "Add", body: "text", draft }
}

fn refuses(message: &str) -> Reply {
    Reply::Json(422, json!({ "message": "Validation Failed", "errors": [{ "message": message }] }))
}

#[tokio::test]
async fn our_pull_request_is_found_by_owner_branch_and_base_and_a_forks_is_not() {
    let server = Mock::start(|_, n| {
        let pulls = [json!([pull(1, "acme/fork"), pull(2, "acme/blog")]), json!([pull(1, "acme/fork")])];
        Reply::Json(200, pulls[n].clone())
    })
    .await;
    let client = server.client();
    assert_eq!(client.find_pull("ours/main", "main").await.unwrap().unwrap().number, 2);
    assert_eq!(client.find_pull("ours/main", "main").await.unwrap(), None);
    let call = "GET /pulls?state=open&per_page=100&page=1&head=acme%3Aours%2Fmain&base=main";
    assert_eq!(server.calls(), [call; 2]);
}

#[tokio::test]
async fn a_pull_request_is_opened_once() {
    let server = Mock::start(|_, _| Reply::Json(201, pull(3, "acme/blog"))).await;
    let Opened::Created(made) = server.client().open_pull(&new(true)).await.unwrap() else { panic!() };
    assert_eq!((made.number, made.html_url.as_str()), (3, "https://github.com/acme/blog/pull/3"));
    let expected =
        json!({ "head": "ours/main", "base": "main", "title": "Add", "body": "text", "draft": true });
    assert_eq!(server.seen()[0].body, expected);
}

#[tokio::test]
async fn where_drafts_are_not_to_be_had_it_is_an_ordinary_one() {
    let server = Mock::start(|_, n| match n {
        0 => refuses("Draft pull requests are not supported in this repository."),
        _ => Reply::Json(201, pull(3, "acme/blog")),
    })
    .await;
    assert!(matches!(server.client().open_pull(&new(true)).await.unwrap(), Opened::Created(_)));
    assert_eq!(server.seen()[1].body["draft"], false);
}

#[tokio::test]
async fn one_that_is_open_already_is_updated_even_where_the_filter_misses_it() {
    let server = Mock::start(|seen, _| match (seen.method.as_str(), seen.path.as_str()) {
        ("POST", _) => refuses("A pull request already exists for acme:ours/main."),
        ("GET", path) if path.contains("&head=") => Reply::Json(200, json!([])),
        ("GET", path) if path.contains("&page=2") => Reply::Json(200, json!([pull(4, "acme/blog")])),
        ("GET", _) => Reply::Json(200, json!([pull(1, "acme/fork")])),
        _ => Reply::Json(200, pull(4, "acme/blog")),
    })
    .await;
    let Opened::Updated(found) = server.client().open_pull(&new(false)).await.unwrap() else { panic!() };
    assert_eq!(found.number, 4);
    let last = server.seen().pop().unwrap();
    assert_eq!((last.method.as_str(), last.path.as_str()), ("PATCH", "/repos/acme/blog/pulls/4"));
    assert_eq!(last.body, json!({ "title": "Add", "body": "text" }));
}

#[tokio::test]
async fn an_unclear_opening_is_looked_for_before_it_is_repeated() {
    for happened in [true, false] {
        let server = Mock::start(move |seen, n| match seen.method.as_str() {
            "POST" if n == 0 => Reply::Text(502, ""),
            "POST" => Reply::Json(201, pull(6, "acme/blog")),
            _ if happened => Reply::Json(200, json!([pull(5, "acme/blog")])),
            _ => Reply::Json(200, json!([])),
        })
        .await;
        let Opened::Created(made) = server.client().open_pull(&new(false)).await.unwrap() else { panic!() };
        assert_eq!((made.number, server.calls().len()), if happened { (5, 2) } else { (6, 3) });
    }
}

#[tokio::test]
async fn what_keeps_a_pull_request_from_being_opened_is_told_apart() {
    for (status, message, expected) in [
        (
            403,
            "GitHub Actions is not permitted to create or approve pull requests.",
            ErrorKind::NotAllowedToOpenPullRequests,
        ),
        (422, "No commits between main and ours/main", ErrorKind::NothingToMerge),
        (422, "Draft pull requests are not supported in this repository.", ErrorKind::NoDrafts),
    ] {
        let server = Mock::start(move |_, _| Reply::Json(status, json!({ "message": message }))).await;
        assert_eq!(kind(server.client().open_pull(&new(false)).await), expected);
        assert_eq!(server.calls().len(), 1);
    }
}

#[tokio::test]
async fn a_pull_request_is_closed_with_a_reason_even_where_the_comment_fails() {
    let server = Mock::start(|seen, _| match seen.method.as_str() {
        "POST" => Reply::Text(502, ""),
        _ => Reply::Json(200, pull(4, "acme/blog")),
    })
    .await;
    server.client().close_pull(4, "Nothing left.").await.unwrap();
    assert_eq!(server.calls(), ["POST /issues/4/comments", "PATCH /pulls/4"]);
    let bodies: Vec<Value> = server.seen().into_iter().map(|seen| seen.body).collect();
    assert_eq!(bodies, [json!({ "body": "Nothing left." }), json!({ "state": "closed" })]);
}

#[tokio::test]
async fn labels_wait_for_a_pull_request_that_github_does_not_see_yet() {
    let server = Mock::start(|_, n| match n {
        0 => Reply::Json(422, json!({ "message": "Could not resolve to a node with the global id of 'x'" })),
        _ => Reply::Json(200, json!([])),
    })
    .await;
    let long = "é".repeat(60);
    server.client().label_pull(4, &["images", &long]).await.unwrap();
    assert_eq!(server.calls(), ["POST /issues/4/labels"; 2]);
    assert_eq!(server.seen()[1].body, json!({ "labels": ["images", "é".repeat(50)] }));
}

#[test]
fn a_body_that_github_takes_is_left_and_a_longer_one_is_cut_at_a_line() {
    let fits = "é".repeat(BODY_LIMIT);
    assert_eq!(fit_body(&fits), fits);
    let cut = fit_body(&"a line of text\n".repeat(6_000));
    assert!(cut.chars().count() <= BODY_LIMIT && cut.contains("text\n\n(cut:"));
    let wide = fit_body(&"é".repeat(BODY_LIMIT + 1));
    assert_eq!(wide.chars().count(), BODY_LIMIT);
}
