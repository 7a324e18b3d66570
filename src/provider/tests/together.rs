//! What Together is sent and how its pictures come back.

use super::*;
use crate::http::mock::Reply;

const MODEL: &str = "black-forest-labs/FLUX.2-dev";

// B-16
#[tokio::test]
async fn base64_is_asked_for_by_its_real_name_with_sizes_in_multiples_of_16() {
    let mock = Mock::start().await;
    let picture = format!(r#"{{"id":"x","data":[{{"index":0,"b64_json":"{BASE64}","type":"b64_json"}}]}}"#);
    mock.on("/images/generations", Reply::json(200, picture));
    let provider = ready(configured("together", &mock, &[("TOGETHER_API_KEY", KEY)]));
    assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert_eq!(asked.header("authorization"), format!("Bearer {KEY}"));
    let body = serde_json::json!({
        "model": MODEL, "prompt": "a lighthouse / dusk? flat colours", "width": 1200, "height": 640,
        "response_format": "base64", "n": 1, "seed": 7,
    });
    assert_eq!(asked.json(), body);
}

// B-98
#[tokio::test]
async fn a_link_in_the_answer_is_fetched_without_the_key() {
    let mock = Mock::start().await;
    let link = format!(r#"{{"data":[{{"index":0,"url":"{}/shrt/x","type":"url"}}]}}"#, mock.url());
    mock.on("/images/generations", Reply::json(200, link))
        .on("/shrt/x", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("together", &mock, &[("TOGETHER_API_TOKEN", KEY)]));
    assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE));
    assert_eq!(mock.asked()[1].header("authorization"), "");
    assert!(!mock.asked()[1].header("user-agent").is_empty(), "their CDN refuses an empty agent");
}

#[tokio::test]
async fn a_link_that_gives_no_picture_is_unusable_and_not_a_refused_key() {
    let mock = Mock::start().await;
    let link = format!(r#"{{"data":[{{"url":"{}/shrt/x"}}]}}"#, mock.url());
    mock.on("/images/generations", Reply::json(200, link))
        .on("/shrt/x", Reply::bytes(403, "text/plain", "no"));
    let provider = ready(configured("together", &mock, &[("TOGETHER_API_TOKEN", KEY)]));
    assert_eq!(draw(&*provider, MODEL).await.unwrap_err().class, FailureClass::Unusable);
}

#[tokio::test]
async fn a_picture_that_is_paid_for_is_found_in_whatever_clothes_it_comes() {
    let mock = Mock::start().await;
    let link = format!("{}/shrt/x", mock.url());
    let answers = [
        format!(r#"{{"data":[{{"url":"data:image/png;base64,{BASE64}"}}]}}"#),
        format!(r#"{{"data":[{{"b64_json":"","url":"{link}"}}]}}"#),
        format!(r#"{{"data":[{{"b64_json":"no picture!","url":"{link}"}}]}}"#),
        format!(r#"{{"data":[{{"b64_json":"{link}"}}]}}"#),
        format!(r#"{{"data":[{{}},{{"b64_json":"{BASE64}"}}]}}"#),
        format!(r#"{{"data":[null,{{"b64_json":null,"url":null}},{{"url":"{link}"}}]}}"#),
        format!(r#"{{"data":[{{"url":"{}/dead"}},{{"b64_json":"{BASE64}"}}]}}"#, mock.url()),
        r#"{"data":{"b64_json":"cGlj\ndHVy\nZQ"}}"#.to_owned(),
        format!(r#"{{"images":["{BASE64}"]}}"#),
    ];
    for answer in &answers {
        mock.on("/images/generations", Reply::json(200, answer.clone()));
    }
    mock.on("/shrt/x", Reply::bytes(200, "image/png", PICTURE)).on("/dead", Reply::json(404, "{}"));
    let provider = ready(configured("together", &mock, &[("TOGETHER_API_TOKEN", KEY)]));
    for answer in answers {
        assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE), "{answer}");
    }
}

#[tokio::test]
async fn an_answer_without_a_picture_is_quoted() {
    let mock = Mock::start().await;
    mock.on("/images/generations", Reply::json(200, r#"{"data":[{"revised_prompt":"a cat"}]}"#));
    let provider = ready(configured("together", &mock, &[("TOGETHER_API_TOKEN", KEY)]));
    let failure = draw(&*provider, MODEL).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Unusable);
    assert!(failure.message.contains("no picture: {\"data\""), "{failure}");
}
