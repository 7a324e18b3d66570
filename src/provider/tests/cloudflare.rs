//! What Cloudflare is sent and how its pictures come back.

use super::*;
use crate::http::mock::Reply;
use crate::secret::Secret;

const SCHNELL: &str = "@cf/black-forest-labs/flux-1-schnell";
const PAIR: &[(&str, &str)] = &[("CLOUDFLARE_API_TOKEN", KEY), ("CLOUDFLARE_ACCOUNT_ID", "abc123")];

// B-14
#[tokio::test]
async fn flux_1_schnell_is_sent_prompt_and_steps_and_nothing_else() {
    let mock = Mock::start().await;
    mock.on(
        "/",
        Reply::json(200, format!(r#"{{"result":{{"image":"{BASE64}"}},"success":true,"errors":null}}"#)),
    );
    let provider = ready(configured("cloudflare", &mock, PAIR));
    assert_eq!(draw(&*provider, SCHNELL).await, Ok(PICTURE));
    let [asked] = &mock.asked()[..] else { panic!("{:?}", mock.targets()) };
    assert_eq!(asked.method, "POST");
    assert_eq!(asked.target, "/accounts/abc123/ai/run/@cf/black-forest-labs/flux-1-schnell");
    assert_eq!(asked.header("authorization"), format!("Bearer {KEY}"));
    assert_eq!(asked.json(), serde_json::json!({"prompt": "a lighthouse / dusk? flat colours", "steps": 4}));
}

#[tokio::test]
async fn flux_2_is_sent_a_multipart_form_with_sizes_in_multiples_of_16() {
    let mock = Mock::start().await;
    mock.on("/", Reply::json(200, format!(r#"{{"result":{{"image":"{BASE64}"}},"success":true}}"#)));
    let provider = ready(configured("cloudflare", &mock, PAIR));
    assert_eq!(draw(&*provider, "@cf/black-forest-labs/flux-2-klein-4b").await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert!(asked.header("content-type").starts_with("multipart/form-data; boundary="));
    let form = asked.text();
    for (name, value) in
        [("prompt", "a lighthouse / dusk? flat colours"), ("width", "1200"), ("height", "640")]
    {
        assert!(form.contains(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")), "{form}");
    }
}

#[tokio::test]
async fn other_models_may_answer_with_the_bytes_themselves() {
    let mock = Mock::start().await;
    mock.on("/", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("cloudflare", &mock, PAIR));
    assert_eq!(draw(&*provider, "@cf/leonardo/phoenix-1.0").await, Ok(PICTURE));
    assert_eq!(mock.asked()[0].json()["width"], 1200);
}

#[tokio::test]
async fn an_ai_gateway_is_asked_by_model_alone() {
    let mock = Mock::start().await;
    mock.on("/", Reply::bytes(200, "image/png", PICTURE));
    let gateway = format!("{}/v1/abc123/blog/workers-ai", mock.url());
    let catalogue = Catalogue::built_in();
    let variables = PAIR.iter().copied().chain([("CLOUDFLARE_BASE_URL", gateway.as_str())]);
    let configured = catalogue.get("cloudflare").unwrap().configure(&Env::of(variables), &Http::default());
    assert_eq!(draw(&*ready(configured), SCHNELL).await, Ok(PICTURE));
    assert_eq!(mock.targets(), [format!("/v1/abc123/blog/workers-ai/{SCHNELL}")]);
}

#[tokio::test]
async fn the_short_name_holds_account_and_token() {
    let mock = Mock::start().await;
    mock.on("/", Reply::bytes(200, "image/png", PICTURE));
    let short = format!("abc123:{KEY}");
    let Ok(Some(Ready { provider, credentials, .. })) =
        configured("cloudflare", &mock, &[("CLOUDFLARE", &short)])
    else {
        panic!("not ready")
    };
    // The token half alone has to be masked: the account id is not a secret.
    assert_eq!(credentials.iter().map(Secret::reveal).collect::<Vec<_>>(), [KEY]);
    assert_eq!(draw(&*provider, SCHNELL).await, Ok(PICTURE));
    assert!(mock.targets()[0].starts_with("/accounts/abc123/"));
}

// B-03
#[tokio::test]
async fn half_a_credential_is_a_warning_that_names_the_other_half() {
    let mock = Mock::start().await;
    let warning = |variables| match configured("cloudflare", &mock, variables) {
        Err(NotReady::Half(warning)) => warning,
        _ => panic!("not half"),
    };
    assert!(warning(&[("CLOUDFLARE_API_TOKEN", KEY)]).contains("`CLOUDFLARE_ACCOUNT_ID`"));
    assert!(warning(&[("CLOUDFLARE", KEY)]).contains("`CLOUDFLARE_ACCOUNT_ID`"));
    assert!(warning(&[("CLOUDFLARE_ACCOUNT_ID", "abc123")]).contains("`CLOUDFLARE_API_TOKEN`"));
    assert!(warning(&[("CLOUDFLARE", "abc123:")]).contains("`CLOUDFLARE_API_TOKEN`"));
}

#[tokio::test]
async fn a_picture_of_cloudflare_may_be_a_list_or_base64_without_an_envelope() {
    let mock = Mock::start().await;
    let png = "iVBORw0KGgo=";
    for answer in [
        format!(r#"{{"result":{{"images":["","{png}"]}},"success":true}}"#),
        format!(r#"{{"result":"data:image/png;base64,{png}","success":true}}"#),
        format!(r#"{{"image":"{png}"}}"#),
        png.to_owned(),
        format!("data:image/png;base64,{png}"),
    ] {
        mock.on("/", Reply::bytes(200, "text/plain", answer));
    }
    let provider = ready(configured("cloudflare", &mock, PAIR));
    for number in 0..5 {
        let drawn = draw(&*provider, SCHNELL).await;
        assert_eq!(drawn, Ok(Bytes::from_static(b"\x89PNG\r\n\x1a\n")), "{number}");
    }
}
