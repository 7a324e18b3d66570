//! What Gemini and Imagen are sent, which part is the picture, and when allowances come back.

use super::*;
use crate::http::mock::Reply;

const MODEL: &str = "gemini-nano-banana-2.1";
const VARIABLES: &[(&str, &str)] = &[("GEMINI", KEY)];

// B-98
#[tokio::test]
async fn the_key_travels_in_a_header_and_the_shape_is_the_nearest_ratio() {
    let mock = Mock::start().await;
    let body = format!(
        r#"{{"candidates":[{{"content":{{"parts":[{{"inline_data":{{"mime_type":"image/png","data":"{BASE64}"}}}}]}}}}]}}"#
    );
    mock.on("/", Reply::json(200, body));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert_eq!(asked.target, "/models/gemini-nano-banana-2.1:generateContent");
    assert_eq!((asked.header("x-goog-api-key"), asked.header("authorization")), (KEY, ""));
    let body = serde_json::json!({
        "contents": [{"role": "user", "parts": [{"text": "a lighthouse / dusk? flat colours"}]}],
        "generationConfig": {"responseModalities": ["IMAGE"], "imageConfig": {"aspectRatio": "16:9"}},
    });
    assert_eq!(asked.json(), body);
}

// B-18
#[tokio::test]
async fn the_picture_is_the_last_part_with_data_that_is_not_a_thought() {
    let mock = Mock::start().await;
    let body = format!(
        r#"{{"candidates":[{{"content":{{"role":"model","parts":[{{"text":"draft","thought":true}},
        {{"inlineData":{{"mimeType":"image/png","data":"Zmlyc3Q="}}}},
        {{"inlineData":{{"mimeType":"image/png","data":"{BASE64}"}},"thoughtSignature":"x"}},
        {{"thought":true,"inlineData":{{"mimeType":"image/png","data":"ZHJhZnQ="}}}},{{"text":"there"}}]}},"finishReason":"STOP"}}]}}"#
    );
    mock.on("/", Reply::json(200, body));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE));
}

// B-07
#[tokio::test]
async fn imagen_models_use_the_predict_call() {
    let mock = Mock::start().await;
    let body = format!(r#"{{"predictions":[{{"mimeType":"image/png","bytesBase64Encoded":"{BASE64}"}}]}}"#);
    mock.on("/", Reply::json(200, body));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    assert_eq!(draw(&*provider, "imagen-4.0-generate-001").await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert_eq!(asked.target, "/models/imagen-4.0-generate-001:predict");
    let body = serde_json::json!({
        "instances": [{"prompt": "a lighthouse / dusk? flat colours"}],
        "parameters": {"sampleCount": 1, "aspectRatio": "16:9", "personGeneration": "allow_adult"},
    });
    assert_eq!(asked.json(), body);
}

#[tokio::test]
async fn a_filtered_imagen_prompt_is_a_refusal() {
    let mock = Mock::start().await;
    mock.on("/", Reply::json(200, "{}"))
        .on("/", Reply::json(200, r#"{"predictions":[]}"#))
        .on("/", Reply::json(200, r#"{"predictions":[{"raiFilteredReason":"no"}]}"#));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    for _ in 0..3 {
        let failure = draw(&*provider, "imagen-4.0-generate-001").await.unwrap_err();
        assert_eq!(failure.class, FailureClass::Refused { repeatable: true }, "{failure}");
    }
}

#[tokio::test]
async fn every_documented_reason_of_a_success_without_a_picture_has_its_class() {
    let refused = [
        "SAFETY",
        "IMAGE_SAFETY",
        "PROHIBITED_CONTENT",
        "IMAGE_PROHIBITED_CONTENT",
        "BLOCKLIST",
        "SPII",
        "RECITATION",
        "IMAGE_RECITATION",
    ];
    let unusable = ["NO_IMAGE", "IMAGE_OTHER", "OTHER", "LANGUAGE", "MAX_TOKENS", "STOP"];
    let reasons = refused
        .map(|reason| (reason, ClassName::Refused))
        .into_iter()
        .chain(unusable.map(|reason| (reason, ClassName::Unusable)));
    for (reason, class) in reasons {
        let mock = Mock::start().await;
        mock.on(
            "/",
            Reply::json(
                200,
                format!(
                    r#"{{"candidates":[{{"content":{{"parts":[]}},"finishReason":"{reason}","index":0}}]}}"#
                ),
            ),
        );
        let provider = ready(configured("gemini", &mock, VARIABLES));
        let failure = draw(&*provider, MODEL).await.unwrap_err();
        assert_eq!(failure.class.name(), class, "{reason}");
        assert!(failure.message.contains(reason), "{failure}");
    }
    for reason in
        ["SAFETY", "OTHER", "BLOCKLIST", "PROHIBITED_CONTENT", "IMAGE_SAFETY", "JAILBREAK", "MODEL_ARMOR"]
    {
        let mock = Mock::start().await;
        mock.on("/", Reply::json(200, format!(r#"{{"promptFeedback":{{"blockReason":"{reason}"}}}}"#)));
        let provider = ready(configured("gemini", &mock, VARIABLES));
        assert_eq!(draw(&*provider, MODEL).await.unwrap_err().class.name(), ClassName::Refused, "{reason}");
    }
}

#[tokio::test]
async fn a_daily_allowance_comes_back_at_midnight_in_california() {
    let mock = Mock::start().await;
    let body = r#"{"error":{"code":429,"message":"quota","status":"RESOURCE_EXHAUSTED","details":[{"violations":[
        {"quotaId":"GenerateRequestsPerMinutePerProjectPerModel"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel"}]},{"retryDelay":"38s"}]}}"#;
    mock.on("/", Reply::json(429, body));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    let FailureClass::QuotaExhausted { until } = draw(&*provider, MODEL).await.unwrap_err().class else {
        panic!("no quota")
    };
    let local = until.in_tz("America/Los_Angeles").unwrap();
    assert_eq!((local.hour(), local.minute()), (0, 0));
    assert!(until > crate::clock::now());
}

// B-26
#[tokio::test]
async fn the_delay_of_a_rate_limit_is_read_from_details_or_message() {
    for (body, seconds) in [
        (
            r#"{"error":{"message":"m","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinute"}]},{"retryDelay":"34.4s"}]}}"#,
            34,
        ),
        (r#"[{"error":{"message":"Please retry in 14.47s."}}]"#, 14),
    ] {
        let mock = Mock::start().await;
        mock.on("/", Reply::json(429, body));
        let provider = ready(configured("gemini", &mock, VARIABLES));
        let before = crate::clock::now();
        let FailureClass::RateLimited { until: Some(until) } =
            draw(&*provider, MODEL).await.unwrap_err().class
        else {
            panic!("{body}")
        };
        assert!(until.duration_since(before).as_secs() >= seconds, "{body}");
    }
}

#[tokio::test]
async fn a_picture_of_gemini_is_found_beside_empty_data_and_refused_candidates() {
    let picture = r#"{"inlineData":{"mimeType":"image/png","data":"cGljdHVyZQ"}}"#;
    let empty = r#"{"inlineData":{"mimeType":"image/png","data":""}}"#;
    let mock = Mock::start().await;
    let answers = [
        format!(r#"{{"candidates":[{{"content":{{"parts":[{picture},{empty}]}}}}]}}"#),
        format!(r#"{{"candidates":[{{"content":{{"parts":[]}}}},{{"content":{{"parts":[{picture}]}}}}]}}"#),
        format!(
            r#"{{"candidates":[{{"finishReason":"IMAGE_SAFETY"}},{{"content":{{"parts":[{picture}]}}}}]}}"#
        ),
    ];
    for answer in &answers {
        mock.on("/", Reply::json(200, answer.clone()));
    }
    let provider = ready(configured("gemini", &mock, VARIABLES));
    for answer in answers {
        assert_eq!(draw(&*provider, MODEL).await, Ok(PICTURE), "{answer}");
    }
    let imagen =
        format!(r#"{{"predictions":[{{"bytesBase64Encoded":""}},{{"bytesBase64Encoded":"{BASE64}"}}]}}"#);
    let mock = Mock::start().await;
    mock.on("/", Reply::json(200, imagen));
    let provider = ready(configured("gemini", &mock, VARIABLES));
    assert_eq!(draw(&*provider, "imagen-4.0-generate-001").await, Ok(PICTURE));
}
