//! What the services of `providers/` are sent, field by field, and how their pictures come back.

use serde_json::json;

use super::*;
use crate::http::mock::Reply;

const PROMPT: &str = "a lighthouse / dusk? flat colours";

fn png() -> Reply {
    Reply::bytes(200, "image/png", PICTURE)
}

#[tokio::test]
async fn a_job_at_fal_is_put_into_its_queue_waited_for_and_fetched() {
    let mock = Mock::start().await;
    let job = "/fal-ai/flux/requests/7";
    // Only the path of the address counts: the key goes nowhere else.
    mock.on(
        "/fal-ai/flux/schnell",
        Reply::json(
            200,
            format!(r#"{{"status":"IN_QUEUE","response_url":"https://elsewhere.example{job}"}}"#),
        ),
    )
    .on(&format!("{job}/status"), Reply::json(202, r#"{"status":"IN_PROGRESS"}"#))
    .on(&format!("{job}/status"), Reply::json(200, r#"{"status":"COMPLETED"}"#))
    .on(
        job,
        Reply::json(
            200,
            format!(r#"{{"images":[{{"url":"{}/file"}}],"has_nsfw_concepts":[false]}}"#, mock.url()),
        ),
    )
    .on("/file", png());
    let provider = ready(configured("fal", &mock, &[("FAL_API_TOKEN", KEY)]));
    assert_eq!(draw(&*provider, "fal-ai/flux/schnell").await, Ok(PICTURE));
    let asked = mock.asked();
    let body =
        json!({"prompt": PROMPT, "image_size": {"width": 1200, "height": 640}, "num_images": 1, "seed": 7});
    assert_eq!((asked[0].method.as_str(), asked[0].json()), ("POST", body));
    let targets: Vec<_> = asked.iter().map(|asked| asked.target.as_str()).collect();
    let status = format!("{job}/status");
    assert_eq!(targets, ["/fal-ai/flux/schnell", &status, &status, job, "/file"]);
    let keys: Vec<_> = asked.iter().map(|asked| asked.header("authorization").to_owned()).collect();
    let key = format!("Key {KEY}");
    assert_eq!(keys, [key.as_str(), &key, &key, &key, ""]);
}

#[tokio::test]
async fn a_black_picture_of_fal_is_a_refusal() {
    let mock = Mock::start().await;
    mock.on("/fal-ai/flux/schnell", Reply::json(200, r#"{"response_url":"https://x.example/j"}"#))
        .on("/j/status", Reply::json(200, r#"{"status":"COMPLETED"}"#))
        .on(
            "/j",
            Reply::json(200, r#"{"images":[{"url":"https://x.example/f"}],"has_nsfw_concepts":[true]}"#),
        );
    let provider = ready(configured("fal", &mock, &[("FAL_KEY", KEY)]));
    let failure = draw(&*provider, "fal-ai/flux/schnell").await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Refused { repeatable: true });
}

#[tokio::test]
async fn a_job_whose_time_is_up_is_cancelled() {
    let mock = Mock::start().await;
    mock.on("/fal-ai/flux/schnell", Reply::json(200, r#"{"response_url":"https://x.example/j"}"#))
        .on("/j/status", Reply::json(200, r#"{"status":"IN_QUEUE"}"#))
        .on("/j/cancel", Reply::json(202, "{}"));
    let provider = ready(configured("fal", &mock, &[("FAL_KEY", KEY)]));
    let attempt = draw(&*provider, "fal-ai/flux/schnell");
    assert!(tokio::time::timeout(std::time::Duration::from_millis(300), attempt).await.is_err());
    let is_cancelled =
        || mock.asked().iter().any(|asked| asked.method == "PUT" && asked.target == "/j/cancel");
    for _ in 0..100 {
        if is_cancelled() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("{:?}", mock.targets());
}
