//! Hugging Face: who serves a model, and how each of them is asked through the router.

use serde_json::json;

use super::*;
use crate::http::mock::Reply;

const FLUX: &str = "black-forest-labs/FLUX.1-schnell";
const VARIABLES: &[(&str, &str)] = &[("HF_TOKEN", KEY)];
const HUB: &str = "/api/models/";

fn mapping(entries: &[(&str, &str)]) -> Reply {
    let map: serde_json::Map<_, _> = entries
        .iter()
        .map(|(name, id)| {
            ((*name).to_owned(), json!({"status": "live", "providerId": id, "task": "text-to-image"}))
        })
        .collect();
    Reply::json(200, json!({"id": FLUX, "inferenceProviderMapping": map}).to_string())
}

fn picture() -> Reply {
    Reply::json(200, format!(r#"{{"data":[{{"b64_json":"{BASE64}"}}]}}"#))
}

fn gone(provider: &str) -> Reply {
    let error = format!("The requested model is deprecated and no longer supported by provider {provider}");
    Reply::json(410, json!({"error": error}).to_string())
}

#[tokio::test]
async fn the_hub_is_asked_once_a_run_without_the_token_for_the_own_ids_of_providers() {
    let mock = Mock::start().await;
    mock.on(HUB, mapping(&[("fal-ai", "fal-ai/flux/schnell"), ("nscale", "ns/flux")]))
        .on("/nscale/", picture());
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    let look_up = format!("/api/models/{FLUX}?expand[]=inferenceProviderMapping");
    let nscale = "/nscale/v1/images/generations";
    assert_eq!(mock.targets(), [look_up.as_str(), nscale, nscale]);
    let asked = mock.asked();
    assert_eq!(asked[0].header("authorization"), "");
    assert_eq!(asked[1].header("authorization"), format!("Bearer {KEY}"));
    let body = json!({"model": "ns/flux", "prompt": "a lighthouse / dusk? flat colours", "response_format": "b64_json"});
    assert_eq!(asked[1].json(), body);
}

#[tokio::test]
async fn a_model_gone_at_one_provider_is_asked_of_the_next_at_once_and_never_there_again() {
    let mock = Mock::start().await;
    mock.on(HUB, mapping(&[("nscale", "ns/flux"), ("together", "tg/flux")]))
        .on("/nscale/", gone("nscale"))
        .on("/together/", picture());
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    let together = "/together/v1/images/generations";
    assert_eq!(mock.targets()[1..], ["/nscale/v1/images/generations", together, together]);
    let body = mock.asked()[2].json();
    assert_eq!((&body["model"], &body["response_format"]), (&json!("tg/flux"), &json!("base64")));
}

#[tokio::test]
async fn fal_is_asked_through_its_queue_and_the_token_never_leaves_the_router() {
    let mock = Mock::start().await;
    let job = "/fal-ai/fal-ai/flux/requests/ID";
    mock.on(HUB, mapping(&[("fal-ai", "fal-ai/flux/schnell")]))
        .on("/fal-ai/fal-ai/flux/schnell", Reply::json(200, r#"{"request_id":"ID","status":"IN_QUEUE","response_url":"https://queue.fal.run/fal-ai/flux/requests/ID"}"#))
        .on(&format!("{job}/status"), Reply::json(202, r#"{"status":"IN_PROGRESS"}"#))
        .on(&format!("{job}/status"), Reply::json(200, r#"{"status":"COMPLETED"}"#))
        .on(&format!("{job}?"), Reply::json(200, format!(r#"{{"images":[{{"url":"{}/file/x.png"}}],"has_nsfw_concepts":[false]}}"#, mock.url())))
        .on("/file/x.png", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    let asked = mock.asked();
    let (status, result) = (format!("{job}/status?_subdomain=queue"), format!("{job}?_subdomain=queue"));
    assert_eq!(
        mock.targets()[1..],
        ["/fal-ai/fal-ai/flux/schnell?_subdomain=queue", &status, &status, &result, "/file/x.png"]
    );
    assert_eq!(asked[1].json()["image_size"], json!({"width": 1200, "height": 640}));
    assert!(asked[1..5].iter().all(|asked| asked.header("authorization").ends_with(KEY)));
    assert_eq!(asked[5].header("authorization"), "");
}

#[tokio::test]
async fn a_black_picture_of_fal_is_a_refusal() {
    let mock = Mock::start().await;
    mock.on(HUB, mapping(&[("fal-ai", "fal-ai/flux/schnell")]))
        .on(
            "/fal-ai/fal-ai/flux/schnell",
            Reply::json(200, r#"{"response_url":"https://queue.fal.run/r/ID"}"#),
        )
        .on("/fal-ai/r/ID/status", Reply::json(200, r#"{"status":"COMPLETED"}"#))
        .on(
            "/fal-ai/r/ID?",
            Reply::json(
                200,
                r#"{"images":[{"url":"data:image/png;base64,AAAA"}],"has_nsfw_concepts":[true]}"#,
            ),
        );
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class, FailureClass::Refused { repeatable: true });
}

// B-15
#[tokio::test]
async fn hf_inference_answers_with_bytes_or_json_and_the_mapping_may_be_a_list() {
    let mock = Mock::start().await;
    let list = r#"{"inferenceProviderMapping":[{"provider":"hf-inference","status":"live","providerId":"org/m 1","task":"text-to-image"},
        {"provider":"nscale","status":"staging","providerId":"x"},{"provider":"together","status":"live","providerId":"x","task":"text-generation"}]}"#;
    mock.on(HUB, Reply::json(200, list))
        .on("/hf-inference/", Reply::bytes(200, "image/jpeg", PICTURE))
        .on("/hf-inference/", picture())
        .on("/hf-inference/", Reply::json(200, format!(r#"{{"output":["{}/file"]}}"#, mock.url())))
        .on("/hf-inference/", Reply::json(200, r#"{"text":"no"}"#))
        .on("/file", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    for _ in 0..3 {
        assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    }
    assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class, FailureClass::Unusable);
    let asked = &mock.asked()[1];
    assert_eq!(asked.target, "/hf-inference/models/org/m%201");
    assert_eq!(asked.header("accept"), "image/png");
    let body = json!({"inputs": "a lighthouse / dusk? flat colours", "parameters": {"width": 1200, "height": 640, "seed": 7}});
    assert_eq!(asked.json(), body);
}

#[tokio::test]
async fn a_hub_that_does_not_answer_is_replaced_by_a_guess_and_asked_again_later() {
    let mock = Mock::start().await;
    mock.on(HUB, Reply::json(503, "{}"))
        .on(HUB, mapping(&[("nscale", "ns/flux")]))
        .on("/nscale/", gone("nscale"))
        .on("/nscale/", picture())
        .on("/hf-inference/", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(mock.asked()[1].json()["model"], FLUX);
    assert_eq!(mock.targets()[2], format!("/hf-inference/models/{FLUX}"));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(mock.asked()[4].json()["model"], "ns/flux");
}

#[tokio::test]
async fn a_guess_that_finds_nobody_does_not_prove_that_the_model_is_gone() {
    let mock = Mock::start().await;
    mock.on(HUB, Reply::json(503, "{}"))
        .on("/nscale/", gone("nscale"))
        .on("/hf-inference/", gone("hf-inference"));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    let failure = draw(&*provider, FLUX).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Transient);
    assert!(failure.message.starts_with("asking the Hub who serves the model"), "{failure}");
}

#[tokio::test]
async fn a_model_that_neither_hub_nor_providers_know_is_gone() {
    let mock = Mock::start().await;
    mock.on(HUB, Reply::json(404, r#"{"error":"Repository not found"}"#))
        .on("/", Reply::json(400, r#"{"error":"Model not supported by provider nscale"}"#));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    let failure = draw(&*provider, "org/misspelt").await.unwrap_err();
    assert_eq!((failure.class, failure.status), (FailureClass::Gone, Some(404)));
}

#[tokio::test]
async fn a_model_served_only_by_others_is_gone_and_the_known_ones_are_named() {
    let mock = Mock::start().await;
    mock.on(HUB, mapping(&[("novita", "x/y")]));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    let failure = draw(&*provider, FLUX).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Gone);
    assert!(
        failure.message.contains("nscale, fal-ai, together, replicate, wavespeed, zai-org, hf-inference"),
        "{failure}"
    );
    assert_eq!(mock.targets().len(), 1);
}

#[tokio::test]
async fn an_id_of_the_hub_that_leads_out_of_its_path_is_not_asked_for() {
    for id in
        ["../../other", "a/../../x", "/etc", "https://evil.example/x", "a//b", "a\\..\\b", "..", "", "a\nb"]
    {
        let mock = Mock::start().await;
        mock.on(HUB, mapping(&[("fal-ai", id), ("nscale", "ns/flux")])).on("/nscale/", picture());
        let provider = ready(configured("huggingface", &mock, VARIABLES));
        assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE), "{id}");
        assert_eq!(mock.targets().len(), 2, "{id}: {:?}", mock.targets());
        let mock = Mock::start().await;
        mock.on(HUB, mapping(&[("fal-ai", id), ("hf-inference", id)]));
        let provider = ready(configured("huggingface", &mock, VARIABLES));
        assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class, FailureClass::Gone, "{id}");
        assert_eq!(mock.targets().len(), 1, "{id}: {:?}", mock.targets());
    }
}

#[tokio::test]
async fn trouble_of_one_inference_provider_is_no_reason_not_to_ask_the_next() {
    for (status, body) in [(500, "{}"), (429, "slow down"), (422, "{}"), (200, "{}"), (503, "{}")] {
        let mock = Mock::start().await;
        mock.on(HUB, mapping(&[("nscale", "ns/flux"), ("together", "tg/flux")]))
            .on("/nscale/", Reply::json(status, body))
            .on("/together/", picture());
        let provider = ready(configured("huggingface", &mock, VARIABLES));
        assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE), "{status} {body}");
    }
}

#[tokio::test]
async fn the_first_trouble_is_told_when_no_inference_provider_delivers() {
    let mock = Mock::start().await;
    mock.on(HUB, mapping(&[("nscale", "ns/flux"), ("together", "tg/flux"), ("hf-inference", FLUX)]))
        .on("/nscale/", gone("nscale"))
        .on("/together/", Reply::json(500, "{}"))
        .on("/hf-inference/", Reply::json(400, r#"{"error":["width: too large"]}"#));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    let failure = draw(&*provider, FLUX).await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Transient, "{failure}");
    assert!(failure.message.starts_with("together: "), "{failure}");
}

#[tokio::test]
async fn what_is_wrong_with_token_or_prompt_is_not_tried_on_the_next_inference_provider() {
    let unsafe_prompt = r#"{"detail":[{"msg":"flagged","type":"content_policy_violation"}]}"#;
    for (status, body, class) in [
        (401, r#"{"error":"Invalid username or password."}"#, ClassName::CredentialsRejected),
        (422, unsafe_prompt, ClassName::Refused),
    ] {
        let mock = Mock::start().await;
        mock.on(HUB, mapping(&[("nscale", "ns/flux"), ("together", "tg/flux")]))
            .on("/nscale/", Reply::json(status, body));
        let provider = ready(configured("huggingface", &mock, VARIABLES));
        assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class.name(), class);
        assert_eq!(mock.targets().len(), 2);
    }
}

#[tokio::test]
async fn replicate_is_asked_by_model_or_version_and_polled_where_it_does_not_wait() {
    let mock = Mock::start().await;
    let done =
        || Reply::json(200, format!(r#"{{"status":"succeeded","output":["{}/file/x.png"]}}"#, mock.url()));
    mock.on(HUB, mapping(&[("replicate", "bfl/flux")]))
        .on("/replicate/v1/models/bfl/flux/predictions", done())
        .on(
            "/replicate/v1/models/bfl/flux/predictions",
            Reply::json(
                201,
                r#"{"status":"processing","urls":{"get":"https://api.replicate.com/v1/predictions/ID"}}"#,
            ),
        )
        .on(
            "/replicate/v1/models/bfl/flux/predictions",
            Reply::json(201, r#"{"status":"failed","error":"NSFW content detected (E005)"}"#),
        )
        .on("/replicate/v1/predictions/ID", Reply::json(200, r#"{"status":"processing"}"#))
        .on("/replicate/v1/predictions/ID", done())
        .on("/file/x.png", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class, FailureClass::Refused { repeatable: true });
    let asked = &mock.asked()[1];
    assert_eq!(asked.header("prefer"), "wait");
    assert_eq!(asked.json(), json!({"input": {"prompt": "a lighthouse / dusk? flat colours"}}));
    let mock = Mock::start().await;
    let data = format!(r#"{{"output":"data:image/png;base64,{BASE64}"}}"#);
    mock.on(HUB, mapping(&[("replicate", "bfl/flux:0123abcd")]))
        .on("/replicate/v1/predictions", Reply::json(201, data));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(mock.asked()[1].json()["version"], "0123abcd");
}

#[tokio::test]
async fn a_flux_model_at_replicate_is_asked_for_the_nearest_shape() {
    let mock = Mock::start().await;
    let data = format!(r#"{{"output":"data:image/png;base64,{BASE64}"}}"#);
    mock.on(HUB, mapping(&[("replicate", "black-forest-labs/flux-schnell")]))
        .on("/replicate/v1/models/black-forest-labs/flux-schnell/predictions", Reply::json(201, data));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(mock.asked()[1].json()["input"]["aspect_ratio"], "16:9");
}

#[tokio::test]
async fn wavespeed_is_waited_for_and_its_flag_is_a_refusal() {
    let mock = Mock::start().await;
    let ticket = r#"{"code":200,"data":{"id":"ID","urls":{"get":"https://api.wavespeed.ai/api/v3/predictions/ID/result"}}}"#;
    let job = "/wavespeed/api/v3/predictions/ID/result";
    let done = |flag: bool| {
        let url = mock.url();
        Reply::json(
            200,
            format!(
                r#"{{"data":{{"status":"completed","outputs":["{url}/file/x.png"],"has_nsfw_contents":[{flag}]}}}}"#
            ),
        )
    };
    mock.on(HUB, mapping(&[("wavespeed", "ws/flux")]))
        .on("/wavespeed/api/v3/ws/flux", Reply::json(200, ticket))
        .on(job, Reply::json(200, r#"{"data":{"status":"processing"}}"#))
        .on(job, done(false))
        .on(job, done(true))
        .on(job, Reply::json(200, r#"{"data":{"status":"failed","error":"out of memory"}}"#))
        .on(job, Reply::json(404, r#"{"code":404,"message":"not found"}"#))
        .on("/file/x.png", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(draw(&*provider, FLUX).await.unwrap_err().class, FailureClass::Refused { repeatable: true });
    let failed = draw(&*provider, FLUX).await.unwrap_err();
    assert_eq!(failed.class, FailureClass::Transient);
    assert!(failed.message.contains("out of memory"), "{failed}");
    assert_eq!(
        draw(&*provider, FLUX).await.unwrap_err().class,
        FailureClass::Transient,
        "a job that is lost"
    );
}

#[tokio::test]
async fn zai_is_waited_for_by_its_task() {
    let mock = Mock::start().await;
    let job = "/zai-org/api/paas/v4/async-result/";
    let done =
        format!(r#"{{"task_status":"SUCCESS","image_result":[{{"url":"{}/file/x.png"}}]}}"#, mock.url());
    mock.on(HUB, mapping(&[("zai-org", "glm-image")]))
        .on(
            "/zai-org/api/paas/v4/async/images/generations",
            Reply::json(200, r#"{"id":"a/..?b","task_status":"PROCESSING"}"#),
        )
        .on(job, Reply::json(200, r#"{"task_status":"PROCESSING"}"#))
        .on(job, Reply::json(200, done))
        .on(job, Reply::json(200, r#"{"task_status":"FAIL"}"#))
        .on("/file/x.png", Reply::bytes(200, "image/png", PICTURE));
    let provider = ready(configured("huggingface", &mock, VARIABLES));
    assert_eq!(draw(&*provider, FLUX).await, Ok(PICTURE));
    assert_eq!(mock.asked()[1].json()["model"], "glm-image");
    assert_eq!(mock.targets()[2], format!("{job}a%2F..%3Fb"));
    let failed = draw(&*provider, FLUX).await.unwrap_err();
    assert_eq!(failed.class, FailureClass::Transient);
    assert!(failed.message.contains("it is `FAIL`"), "{failed}");
}
