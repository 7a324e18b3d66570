//! The free call of each service: what is sent, and what follows from each answer.

use super::*;
use crate::http::mock::Reply;

const CLOUDFLARE: &[(&str, &str)] = &[("CLOUDFLARE_API_TOKEN", KEY), ("CLOUDFLARE_ACCOUNT_ID", "abc123")];
const HUGGINGFACE: &[(&str, &str)] = &[("HUGGINGFACE_API_TOKEN", KEY)];
const TOGETHER: &[(&str, &str)] = &[("TOGETHER_API_TOKEN", KEY)];
const POLLINATIONS: &[(&str, &str)] = &[("POLLINATIONS_API_TOKEN", KEY)];
const LEGACY: &[(&str, &str)] = &[("POLLINATIONS_ENABLED", "true")];
const GEMINI: &[(&str, &str)] = &[("GEMINI_API_KEY", KEY)];

const ACTIVE: &str = r#"{"result":{"id":"0","status":"active"},"success":true,"errors":[],"messages":[{"code":10000,"message":"This API Token is valid and active"}]}"#;
const REFUSED: &str =
    r#"{"success":false,"errors":[{"code":1000,"message":"Invalid API Token"}],"messages":[],"result":null}"#;
const SEARCH: &str = r#"{"result":[{"id":"0-1","name":"@cf/a/one"},{"id":"0-2","name":"@cf/a/two"}],"success":true,"errors":[]}"#;
const WHOAMI: &str = r#"{"type":"user","name":"x","auth":{"accessToken":{"role":"fineGrained","fineGrained":{"scoped":[{"permissions":["inference.serverless.write"]}]}}}}"#;
const LIVE: &str = r#"{"inferenceProviderMapping":{"nscale":{"status":"live","providerId":"a/one","task":"text-to-image"}}}"#;
const NOBODY: &str = r#"{"inferenceProviderMapping":{}}"#;

fn models(names: &[&str]) -> Vec<String> {
    names.iter().map(|&name| name.to_owned()).collect()
}

async fn probe_of(
    mock: &Mock,
    name: &str,
    variables: &[(&str, &str)],
    wanted: &[&str],
) -> Result<Probe, Failure> {
    ready(configured(name, mock, variables)).probe(&models(wanted)).await
}

fn reached(takes_key: bool, gone: &[&str], listed: &[&str]) -> Result<Probe, Failure> {
    Ok(Probe::Reached(FreeAnswer { takes_key, gone: models(gone), listed: models(listed) }))
}

#[tokio::test]
async fn the_free_call_of_each_service_makes_no_picture_and_names_what_is_gone() {
    type Case = (
        &'static str,
        &'static [(&'static str, &'static str)],
        &'static [(&'static str, &'static str)],
        &'static [&'static str],
        Result<Probe, Failure>,
        &'static [&'static str],
    );
    let cases: &[Case] = &[
        (
            "cloudflare",
            CLOUDFLARE,
            &[("/user/tokens/verify", ACTIVE), ("/accounts/abc123/ai/models/search", SEARCH)],
            &["@cf/a/one", "@cf/a/dead"],
            reached(true, &["@cf/a/dead"], &["@cf/a/one", "@cf/a/two"]),
            &["/user/tokens/verify", "/accounts/abc123/ai/models/search?task=Text-to-Image&per_page=100"],
        ),
        (
            "huggingface",
            HUGGINGFACE,
            &[
                ("/api/whoami-v2", WHOAMI),
                ("/api/models/a/one", LIVE),
                ("/api/models/a/dead", NOBODY),
                ("/api/models?", r#"[{"id":"a/one"},{"id":"b/two"}]"#),
            ],
            &["a/one", "a/dead"],
            reached(true, &["a/dead"], &["a/one", "b/two"]),
            &[
                "/api/whoami-v2",
                "/api/models/a/one?expand[]=inferenceProviderMapping",
                "/api/models/a/dead?expand[]=inferenceProviderMapping",
                "/api/models?inference_provider=nscale,fal-ai,together,replicate,wavespeed,zai-org,hf-inference&pipeline_tag=text-to-image&limit=20",
            ],
        ),
        (
            "together",
            TOGETHER,
            &[("/models", r#"[{"id":"a/one","type":"image"},{"id":"a/chat","type":"chat"}]"#)],
            &["a/one", "a/dead"],
            reached(true, &["a/dead"], &["a/one"]),
            &["/models"],
        ),
        (
            "pollinations",
            POLLINATIONS,
            &[(
                "/image/models",
                r#"["klein",{"name":"black-forest-labs/FLUX.1-schnell"},{"name":"film","output_modalities":["video"]}]"#,
            )],
            &["flux", "klein", "dead"],
            reached(false, &["dead"], &["klein", "black-forest-labs/FLUX.1-schnell"]),
            &["/image/models"],
        ),
        // The legacy host draws whatever model it is asked for.
        (
            "pollinations",
            LEGACY,
            &[("/models", r#"["turbo"]"#)],
            &["flux"],
            reached(false, &[], &["turbo"]),
            &["/models"],
        ),
        (
            "gemini",
            GEMINI,
            &[("/models", r#"{"models":[{"name":"models/x-image"},{"name":"models/x-flash"}]}"#)],
            &["x-image", "imagen-dead"],
            reached(true, &["imagen-dead"], &["x-image"]),
            &["/models?pageSize=1000"],
        ),
        // A list that goes on elsewhere, or that nobody can read, proves nothing.
        (
            "gemini",
            GEMINI,
            &[("/models", r#"{"models":[{"name":"models/x-image"}],"nextPageToken":"x"}"#)],
            &["y"],
            reached(true, &[], &["x-image"]),
            &["/models?pageSize=1000"],
        ),
        (
            "together",
            TOGETHER,
            &[("/models", r#"{"all":7}"#)],
            &["a/one"],
            reached(true, &[], &[]),
            &["/models"],
        ),
    ];
    for (name, variables, answers, wanted, expected, targets) in cases {
        let mock = Mock::start().await;
        for &(path, body) in *answers {
            mock.on(path, Reply::json(200, body));
        }
        assert_eq!(probe_of(&mock, name, variables, wanted).await, *expected, "{name}");
        assert_eq!(mock.targets(), *targets, "{name}");
        assert!(mock.asked().iter().all(|asked| asked.method == "GET"), "{name}");
    }
}

#[tokio::test]
async fn the_key_goes_with_the_free_call_only_where_it_is_asked_for() {
    for (name, variables, path, header, value) in [
        ("cloudflare", CLOUDFLARE, "/user/tokens/verify", "authorization", format!("Bearer {KEY}")),
        ("huggingface", HUGGINGFACE, "/api/whoami-v2", "authorization", format!("Bearer {KEY}")),
        ("together", TOGETHER, "/models", "authorization", format!("Bearer {KEY}")),
        ("pollinations", POLLINATIONS, "/image/models", "authorization", String::new()),
        ("gemini", GEMINI, "/models", "x-goog-api-key", KEY.to_owned()),
    ] {
        let mock = Mock::start().await;
        mock.on(path, Reply::json(500, "{}"));
        assert_eq!(probe_of(&mock, name, variables, &[]).await.unwrap_err().class, FailureClass::Transient);
        assert_eq!(mock.asked()[0].header(header), value, "{name}");
    }
}

#[tokio::test]
async fn a_token_of_the_account_itself_is_good_although_the_users_route_refuses_it() {
    let mock = Mock::start().await;
    mock.on("/user/tokens/verify", Reply::json(403, REFUSED))
        .on("/accounts/abc123/tokens/verify", Reply::json(200, ACTIVE))
        .on("/accounts/abc123/ai/models/search", Reply::json(403, REFUSED));
    assert_eq!(probe_of(&mock, "cloudflare", CLOUDFLARE, &["@cf/a/one"]).await, reached(true, &[], &[]));
}

#[tokio::test]
async fn what_is_wrong_with_key_account_or_address_is_told_as_for_a_picture() {
    let expired = ACTIVE.replace("\"active\"", "\"expired\"");
    let no_account =
        r#"{"success":false,"errors":[{"code":7003,"message":"Could not route"}],"result":null}"#;
    let chosen = r#"{"auth":{"accessToken":{"fineGrained":{"scoped":[{"permissions":["repo.read"]}]}}}}"#;
    let bad_key = r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT"}}"#;
    let page = "<html>parked</html>";
    for (name, variables, status, body, class) in [
        ("cloudflare", CLOUDFLARE, 401, REFUSED, ClassName::CredentialsRejected),
        ("cloudflare", CLOUDFLARE, 200, expired.as_str(), ClassName::CredentialsRejected),
        ("cloudflare", CLOUDFLARE, 200, page, ClassName::Moved),
        (
            "huggingface",
            HUGGINGFACE,
            401,
            r#"{"error":"Invalid username or password."}"#,
            ClassName::CredentialsRejected,
        ),
        ("huggingface", HUGGINGFACE, 200, chosen, ClassName::NotEntitled),
        ("huggingface", HUGGINGFACE, 403, page, ClassName::Transient),
        (
            "together",
            TOGETHER,
            401,
            r#"{"error":{"message":"no","code":"invalid_api_key"}}"#,
            ClassName::CredentialsRejected,
        ),
        ("together", TOGETHER, 429, "{}", ClassName::RateLimited),
        ("together", TOGETHER, 503, page, ClassName::Transient),
        ("pollinations", POLLINATIONS, 200, page, ClassName::Moved),
        ("pollinations", LEGACY, 530, "error code: 1033", ClassName::Transient),
        ("gemini", GEMINI, 400, bad_key, ClassName::CredentialsRejected),
        ("gemini", GEMINI, 200, page, ClassName::Moved),
    ] {
        let mock = Mock::start().await;
        mock.on("/", Reply::json(status, body));
        let failure = probe_of(&mock, name, variables, &["m"]).await.unwrap_err();
        assert_eq!(
            (failure.class.name(), failure.status),
            (class, Some(status)),
            "{name} {status} {failure}"
        );
    }
    let mock = Mock::start().await;
    mock.on("/user", Reply::json(403, REFUSED)).on("/accounts", Reply::json(404, no_account));
    let failure = probe_of(&mock, "cloudflare", CLOUDFLARE, &[]).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::AccountRejected { variable: "CLOUDFLARE_ACCOUNT_ID" });
}

#[tokio::test]
async fn nothing_is_known_where_the_address_does_not_know_the_free_call() {
    for (name, variables) in
        [("together", TOGETHER), ("pollinations", LEGACY), ("gemini", GEMINI), ("huggingface", HUGGINGFACE)]
    {
        let mock = Mock::start().await;
        assert_eq!(probe_of(&mock, name, variables, &["m"]).await, Ok(Probe::Unknown), "{name}");
    }
    let mock = Mock::start().await;
    let gateway = format!("{}/v1/abc123/blog/workers-ai", mock.url());
    let variables = CLOUDFLARE.iter().copied().chain([("CLOUDFLARE_BASE_URL", gateway.as_str())]);
    let catalogue = Catalogue::built_in();
    let configured = catalogue.get("cloudflare").unwrap().configure(&Env::of(variables), &Http::default());
    assert_eq!(ready(configured).probe(&[]).await, Ok(Probe::Unknown));
    assert_eq!(mock.targets(), [""; 0], "a gateway knows models only");
}
