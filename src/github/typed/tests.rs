use std::time::Duration;

use serde_json::{Value, json};

use super::super::call::ApiCall;
use super::super::mock::{Mock, Reply, kind, sha};
use super::*;

const NEEDS: &str = "contents: write";

fn blob() -> Value {
    json!({ "sha": sha('a'), "url": "https://api.github.com/repos/acme/blog/git/blobs/a" })
}

/// Headers of an answer.
type Headers = Vec<(&'static str, String)>;

/// The same request, once as octocrab sends and reads it and once as we do.
async fn both_ways(client: &Client) -> (ErrorKind, ErrorKind) {
    let call = TypedCall::new(Purpose::writing("storing", NEEDS), "POST", "/git/blobs".to_owned());
    let typed =
        client.typed(&call, || async { client.git().create_blob("AP8K").encoding("base64").send().await });
    let body = json!({ "content": "AP8K", "encoding": "base64" });
    let ours = ApiCall::post("/git/blobs".into(), body, "storing", NEEDS);
    (kind(typed.await), kind(client.write::<Value>(&ours).await))
}

#[tokio::test]
async fn a_refusal_means_the_same_whoever_reads_it() {
    let (limit, page) = ("x-ratelimit-remaining", "required; url=https://github.com/orgs/acme/sso?x=1");
    let reset = || ("x-ratelimit-reset", "4000000000".to_owned());
    let table: Vec<(u16, Headers, Value)> = vec![
        (401, vec![], json!({ "message": "Bad credentials" })),
        (403, vec![], json!({ "message": "Resource not accessible by integration", "status": "403" })),
        (403, vec![(limit, "0".into()), reset()], json!({ "message": "API rate limit exceeded" })),
        (403, vec![("x-github-sso", page.into())], json!({ "message": "Forbidden" })),
        (404, vec![], json!({ "message": "Not Found", "documentation_url": "https://docs.github.com" })),
        (409, vec![], json!({ "message": "Git Repository is empty." })),
        (
            422,
            vec![],
            json!({ "message": "Validation Failed", "errors": [{ "message": "Tree SHA does not exist" }] }),
        ),
        (
            422,
            vec![],
            json!({ "message": "Validation Failed", "errors": [{ "field": "base", "code": "invalid" }] }),
        ),
        (422, vec![], json!({ "message": "Validation Failed", "errors": "Object does not exist" })),
        (422, vec![], json!({})),
        (307, vec![("location", "/repositories/7".into())], json!({ "message": "Moved" })),
    ];
    for (status, headers, body) in table {
        let (sent, shown) = (headers.clone(), format!("{status} {body}"));
        let server = Mock::start(move |seen, _| match seen.method.as_str() {
            "POST" => Reply::Headers(status, sent.clone(), body.clone()),
            _ => Reply::Json(200, json!({ "full_name": "acme/journal" })),
        })
        .await;
        let (typed, ours) = both_ways(&server.client()).await;
        assert_eq!(typed, ours, "{shown}");
    }
}

#[tokio::test]
async fn a_gateways_page_a_silence_and_nonsense_mean_the_same_whoever_meets_them() {
    for (status, body) in [(502, "<html><h1>502</h1>"), (201, "<html>")] {
        let server = Mock::start(move |_, _| Reply::Text(status, body)).await;
        let (typed, ours) = both_ways(&server.client()).await;
        assert!(
            matches!((&typed, &ours), (ErrorKind::Ambiguous { .. }, ErrorKind::Ambiguous { .. })),
            "{typed}"
        );
        assert!(!typed.to_string().contains('<'), "{typed}");
    }
    let server = Mock::start(|_, _| Reply::Silence).await;
    let mut options = server.options();
    options.timeout = Duration::from_millis(50);
    let (typed, ours) = both_ways(&Client::new(options).unwrap()).await;
    assert_eq!(typed, ours);
}

#[tokio::test]
async fn both_send_the_same_request_whatever_the_address_of_the_api() {
    for base in ["", "/api/v3", "/api/v3/", "/re"] {
        let server = Mock::start(|_, _| Reply::Json(422, json!({}))).await;
        let mut options = server.options();
        options.api_url = format!("{}{base}", server.address);
        both_ways(&Client::new(options).unwrap()).await;
        let [typed, ours] = &server.seen()[..] else { panic!("{:?}", server.calls()) };
        assert_eq!(typed.path, format!("{}/repos/acme/blog/git/blobs", base.trim_end_matches('/')));
        assert_eq!((&typed.method, &typed.path, &typed.body), (&ours.method, &ours.path, &ours.body));
        assert_eq!(typed.headers, ours.headers);
        assert_eq!(typed.headers.get_all("cache-control").iter().count(), 1);
    }
}

#[tokio::test]
async fn a_wait_that_github_asks_for_is_kept_before_octocrab_sends_again() {
    let server = Mock::start(|_, n| match n {
        0 => Reply::Headers(429, vec![("retry-after", "0".into())], json!({ "message": "slow down" })),
        _ => Reply::Json(201, blob()),
    })
    .await;
    assert_eq!(server.client().create_blob(b"x").await.unwrap(), sha('a'));
    assert_eq!(server.calls().len(), 2);
}
