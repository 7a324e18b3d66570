use std::net::TcpListener;

use serde::de::IgnoredAny;
use serde_json::{Value, json};

use super::super::mock::{Mock, Reply, kind, sha};
use super::*;

fn facts() -> Value {
    json!({ "full_name": "acme/blog" })
}

/// Any call that reads.
async fn ask(client: &Client) -> Result<Value, ApiError> {
    client.read(&ApiCall::get(String::new(), "reading the repository", "contents: read")).await
}

#[tokio::test]
async fn every_request_carries_the_token_one_api_version_and_no_cached_answer() {
    let server = Mock::start(|_, _| Reply::Json(200, facts())).await;
    assert_eq!(ask(&server.client()).await.unwrap()["full_name"], "acme/blog");
    let seen = &server.seen()[0];
    let all = |name: &str| {
        seen.headers.get_all(name).iter().map(|v| v.to_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(all("authorization"), ["Bearer ghs_0123456789"]);
    assert_eq!(all("x-github-api-version"), ["2022-11-28"]);
    assert_eq!(all("user-agent").len(), 1);
    assert_eq!(all("cache-control"), ["no-cache"]);
}

#[tokio::test]
async fn an_enterprise_servers_rest_and_graphql_addresses_are_used_as_given() {
    let server = Mock::start(|seen, _| {
        let answer = json!({ "data": { "createCommitOnBranch": { "commit": { "oid": sha('a') } } } });
        Reply::Json(200, if seen.method == "POST" { answer } else { facts() })
    })
    .await;
    let mut options = server.options();
    options.api_url = format!("{}/api/v3/", server.address);
    options.graphql_url = format!("{}/api/graphql", server.address);
    let client = Client::new(options).unwrap();
    ask(&client).await.unwrap();
    client.write::<IgnoredAny>(&ApiCall::graphql(json!({}), "asking", "contents: write")).await.unwrap();
    assert_eq!(server.calls(), ["GET /api/v3/repos/acme/blog", "POST /api/graphql"]);
    assert!(server.seen().iter().all(|seen| seen.headers.contains_key("authorization")));
}

#[tokio::test]
async fn a_base_address_that_looks_like_the_start_of_a_route_is_kept() {
    let server = Mock::start(|_, _| Reply::Json(200, facts())).await;
    let mut options = server.options();
    options.api_url = format!("{}/re", server.address);
    ask(&Client::new(options).unwrap()).await.unwrap();
    assert_eq!(server.calls(), ["GET /re/repos/acme/blog"]);
}

#[tokio::test]
async fn settings_that_no_request_can_be_built_from_are_errors_and_not_panics() {
    let server = Mock::start(|_, _| Reply::Json(200, facts())).await;
    let with = |change: &dyn Fn(&mut Options)| {
        let mut options = server.options();
        change(&mut options);
        Client::new(options).map(|_| ()).unwrap_err()
    };
    let token = with(&|options| options.token = Secret::new("ghs_a\nb").unwrap());
    assert!(token.to_string().contains("`github-token`"), "{token}");
    assert!(!format!("{token}{token:?}").contains("ghs_a"));
    for repository in ["blog", "a/b/c", "/b", "a/", "a/.."] {
        assert!(
            with(&|options| options.repository = repository.into()).to_string().contains("GITHUB_REPOSITORY")
        );
    }
    for address in ["", "api.github.com", "file:///x", "https://h/?q=1", "https://u@h/"] {
        assert!(with(&|options| options.api_url = address.into()).to_string().contains("GITHUB_API_URL"));
        assert!(
            with(&|options| options.graphql_url = address.into()).to_string().contains("GITHUB_GRAPHQL_URL")
        );
    }
}

#[test]
fn outside_a_runtime_the_client_is_an_error_and_not_a_panic() {
    let token = Secret::new("ghs_0123456789").unwrap();
    let options = Options::new("http://localhost", "http://localhost/graphql", "acme/blog", token);
    assert!(matches!(kind(Client::new(options).map(|_| ())), ErrorKind::Invalid { .. }));
}

#[tokio::test]
async fn a_write_is_sent_once_whatever_comes_back() {
    for reply in [502, 500, 408, 422] {
        let server = Mock::start(move |_, _| Reply::Text(reply, "<html>")).await;
        let call = ApiCall::post("/x".into(), json!({}), "writing", "contents: write");
        assert!(server.client().write::<IgnoredAny>(&call).await.is_err());
        assert_eq!(server.calls().len(), 1, "{reply}");
    }
}

#[tokio::test]
async fn a_reading_call_is_tried_three_times() {
    let server =
        Mock::start(|_, n| if n < 2 { Reply::Text(502, "") } else { Reply::Json(200, facts()) }).await;
    ask(&server.client()).await.unwrap();
    assert_eq!(server.calls().len(), 3);
    let dead = Mock::start(|_, _| Reply::Text(503, "")).await;
    assert!(matches!(kind(ask(&dead.client()).await), ErrorKind::Unreachable { .. }));
    assert_eq!(dead.calls().len(), 3);
}

#[tokio::test]
async fn a_silent_server_is_given_up_and_a_write_to_it_is_ambiguous() {
    let server = Mock::start(|_, _| Reply::Silence).await;
    let mut options = server.options();
    options.timeout = Duration::from_millis(50);
    let client = Client::new(options).unwrap();
    let call = ApiCall::post("/x".into(), json!({}), "writing", "contents: write");
    assert!(matches!(kind(client.write::<IgnoredAny>(&call).await.map(|_| ())), ErrorKind::Ambiguous { .. }));
    assert!(matches!(kind(ask(&client).await), ErrorKind::Unreachable { .. }));
}

#[tokio::test]
async fn a_connection_that_never_stood_is_not_ambiguous() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let token = Secret::new("ghs_0123456789").unwrap();
    let client =
        Client::new(Options::new(&format!("http://{free}"), "http://localhost/graphql", "acme/blog", token))
            .unwrap();
    let call = ApiCall::post("/x".into(), json!({}), "writing", "contents: write");
    let ErrorKind::Unreachable { why } = kind(client.write::<IgnoredAny>(&call).await.map(|_| ())) else {
        panic!()
    };
    assert!(why.to_lowercase().contains("refused"), "{why}");
}

#[tokio::test]
async fn a_write_whose_answer_makes_no_sense_may_have_happened() {
    let server = Mock::start(|_, _| Reply::Text(201, "<html>")).await;
    assert!(matches!(kind(server.client().create_blob(b"x").await), ErrorKind::Ambiguous { .. }));
}

#[tokio::test]
async fn reading_follows_a_renamed_repository_and_writing_names_its_new_name() {
    let server = Mock::start(|seen, _| match (seen.method.as_str(), seen.path.as_str()) {
        ("GET", "/repos/acme/blog") => {
            Reply::Headers(301, vec![("location", "/repositories/7".into())], json!({ "message": "Moved" }))
        }
        ("GET", "/repositories/7") => Reply::Json(200, json!({ "full_name": "acme/journal" })),
        (_, _) => Reply::Headers(307, vec![("location", "/repositories/7/git/blobs".into())], json!({})),
    })
    .await;
    let client = server.client();
    assert_eq!(ask(&client).await.unwrap()["full_name"], "acme/journal");
    let moved = client.create_blob(b"x").await.unwrap_err();
    assert_eq!(moved.kind, ErrorKind::Redirected { to: "acme/journal".into() });
    assert!(moved.to_string().contains("acme/journal"));
    assert!(!server.calls().iter().any(|call| call.contains("/repositories/7/git")));
}

#[tokio::test]
async fn a_redirected_post_is_never_turned_into_a_get() {
    let server = Mock::start(|seen, _| match seen.method.as_str() {
        "POST" => Reply::Headers(301, vec![("location", "/elsewhere".into())], json!({})),
        _ => Reply::Json(404, json!({ "message": "Not Found" })),
    })
    .await;
    assert_eq!(
        kind(server.client().create_blob(b"x").await),
        ErrorKind::Redirected { to: "/elsewhere".into() }
    );
    assert!(!server.calls().contains(&"GET /elsewhere".to_owned()));
}

#[tokio::test]
async fn the_token_never_follows_a_redirect_to_another_host() {
    let other = Mock::start(|_, _| Reply::Json(200, facts())).await;
    let target = other.address.clone();
    let server =
        Mock::start(move |_, _| Reply::Headers(302, vec![("location", target.clone())], json!({}))).await;
    assert_eq!(kind(ask(&server.client()).await), ErrorKind::Redirected { to: other.address.clone() });
    assert!(other.calls().is_empty());
}

#[tokio::test]
async fn redirects_in_a_circle_end() {
    let server =
        Mock::start(|_, _| Reply::Headers(302, vec![("location", "/again".into())], json!({}))).await;
    assert!(matches!(kind(ask(&server.client()).await), ErrorKind::Redirected { .. }));
    assert_eq!(server.calls().len(), REDIRECTS + 1);
}

#[tokio::test]
async fn a_wait_that_github_asks_for_is_kept_and_the_call_repeated() {
    let server = Mock::start(|_, n| match n {
        0 => Reply::Headers(429, vec![("retry-after", "0".into())], json!({ "message": "slow down" })),
        _ => Reply::Json(201, json!({ "sha": sha('a'), "url": "https://api.github.com/x" })),
    })
    .await;
    assert_eq!(server.client().create_blob(b"x").await.unwrap(), sha('a'));
    assert_eq!(server.calls().len(), 2);
}

#[tokio::test]
async fn a_wait_beyond_patience_is_an_error_that_says_until_when() {
    let server = Mock::start(|_, _| {
        let headers = vec![("x-ratelimit-remaining", "0".into()), ("x-ratelimit-reset", "4000000000".into())];
        Reply::Headers(403, headers, json!({ "message": "API rate limit exceeded" }))
    })
    .await;
    let limited = server.client().create_blob(b"x").await.unwrap_err();
    assert!(limited.to_string().contains("2096-10-02T07:06:40Z"), "{limited}");
    assert_eq!(server.calls().len(), 1);
}

#[tokio::test]
async fn a_server_that_always_asks_for_no_wait_does_not_keep_us_for_ever() {
    let server = Mock::start(|_, _| Reply::Headers(429, vec![("retry-after", "0".into())], json!({}))).await;
    assert!(matches!(kind(ask(&server.client()).await), ErrorKind::RateLimited { .. }));
    assert_eq!(server.calls().len() as u32, WAITS + 1);
}

#[tokio::test]
async fn a_failure_shows_its_cause_and_neither_token_nor_build_paths() {
    let server = Mock::start(|_, _| Reply::Json(401, json!({ "message": "Bad credentials" }))).await;
    let error = ask(&server.client()).await.unwrap_err();
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("Bad credentials") && shown.contains("reading the repository in acme/blog"));
    assert!(!shown.contains("ghs_") && !shown.contains(".rs"));
}

/// Not a test of its own: the one below runs it in a process with proxy variables.
#[tokio::test]
#[ignore = "needs the environment that the_proxy_of_the_environment_is_used sets"]
async fn behind_a_proxy() {
    let token = Secret::new("ghs_0123456789").unwrap();
    let options =
        Options::new("http://api.github.invalid", "http://api.github.invalid/graphql", "acme/blog", token);
    assert_eq!(ask(&Client::new(options).unwrap()).await.unwrap()["full_name"], "acme/blog");
}

#[tokio::test]
async fn the_proxy_of_the_environment_is_used() {
    let proxy = Mock::start(|_, _| Reply::Json(200, facts())).await;
    let child = tokio::task::spawn_blocking({
        let address = proxy.address.clone();
        move || {
            std::process::Command::new(std::env::current_exe().unwrap())
                .args(["--exact", "--ignored", "github::client::tests::behind_a_proxy"])
                .env_remove("REQUEST_METHOD")
                .envs([("HTTP_PROXY", &address), ("http_proxy", &address)])
                .envs([("NO_PROXY", ""), ("no_proxy", "")])
                .output()
        }
    });
    let output = child.await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
    assert_eq!(proxy.seen()[0].headers["host"], "api.github.invalid");
}
