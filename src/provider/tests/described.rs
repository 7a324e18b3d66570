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

#[tokio::test]
async fn openai_is_asked_for_a_size_without_a_form_of_the_answer() {
    let mock = Mock::start().await;
    mock.on("/images/generations", Reply::json(200, format!(r#"{{"data":[{{"b64_json":"{BASE64}"}}]}}"#)))
        .on("/models", Reply::json(200, r#"{"data":[]}"#));
    let provider = ready(configured("openai", &mock, &[("OPENAI_API_KEY", KEY)]));
    assert_eq!(draw(&*provider, "gpt-image-2").await, Ok(PICTURE));
    let body =
        json!({"model": "gpt-image-2", "prompt": PROMPT, "n": 1, "size": "1200x640", "quality": "low"});
    assert_eq!(mock.asked()[0].json(), body);
    assert_eq!(mock.asked()[0].header("authorization"), format!("Bearer {KEY}"));
    let probe = provider.probe(&[]).await;
    assert_eq!(probe, Ok(Probe::Reached(FreeAnswer { takes_key: true, ..FreeAnswer::default() })));
}

#[tokio::test]
async fn a_server_that_speaks_openais_form_needs_an_address_and_no_key() {
    let mock = Mock::start().await;
    mock.on("/images/generations", Reply::json(200, format!(r#"{{"data":[{{"url":"{}/p"}}]}}"#, mock.url())))
        .on("/p", png());
    let provider = ready(configured("openai-compatible", &mock, &[]));
    assert_eq!(draw(&*provider, "sd").await, Ok(PICTURE));
    let body = json!({
        "model": "sd", "prompt": PROMPT, "n": 1, "size": "1200x640", "response_format": "b64_json",
    });
    assert_eq!(mock.asked()[0].json(), body);
    assert_eq!(mock.asked()[0].header("authorization"), "");
    let env = Env::of([("OPENAI_COMPATIBLE_API_TOKEN", KEY)]);
    let catalogue = Catalogue::built_in();
    let half = catalogue.get("openai-compatible").unwrap().configure(&env, &Http::default());
    let Err(NotReady::Half(words)) = half else { panic!("it has no address") };
    assert!(words.contains("set `OPENAI_COMPATIBLE_BASE_URL`"), "{words}");
}

#[tokio::test]
async fn aihorde_is_asked_with_its_public_key_and_a_seed_that_is_text() {
    let mock = Mock::start().await;
    mock.on("/generate/async", Reply::json(202, r#"{"id":"3f1c"}"#))
        .on("/generate/check/3f1c", Reply::json(200, r#"{"done":true,"faulted":false,"is_possible":true}"#))
        .on(
            "/generate/status/3f1c",
            Reply::json(
                200,
                format!(r#"{{"generations":[{{"img":"{}/p","censored":false,"state":"ok"}}]}}"#, mock.url()),
            ),
        )
        .on("/p", png());
    let ready = configured("aihorde", &mock, &[("AI_HORDE_ENABLED", "true")]).unwrap().unwrap();
    assert!(ready.is_free && ready.credentials.is_empty());
    assert_eq!(draw(&*ready.provider, "AlbedoBase XL (SDXL)").await, Ok(PICTURE));
    let asked = mock.asked();
    let body = json!({
        "prompt": PROMPT, "models": ["AlbedoBase XL (SDXL)"], "nsfw": false, "censor_nsfw": true, "r2": true,
        "params": {
            "width": 1024, "height": 576, "steps": 20, "n": 1, "sampler_name": "k_euler", "cfg_scale": 5, "seed": "7",
        },
        "slow_workers": true, "allow_downgrade": true, "replacement_filter": true,
    });
    assert_eq!(asked[0].json(), body);
    assert_eq!(asked[0].header("apikey"), "0000000000");
    assert!(!asked[0].header("client-agent").contains("My-Project"));
    let targets: Vec<_> = asked.iter().map(|asked| asked.target.as_str()).collect();
    assert_eq!(targets, ["/generate/async", "/generate/check/3f1c", "/generate/status/3f1c", "/p"]);
    assert!(configured("aihorde", &mock, &[]).is_ok_and(|ready| ready.is_none()));
}

#[tokio::test]
async fn a_time_out_of_the_horde_tells_its_end() {
    let mock = Mock::start().await;
    let body = r#"{"message":"Your IP has been put into timeout for 120 more seconds","rc":"TimeoutIP"}"#;
    mock.on("/generate/async", Reply::json(403, body));
    let provider = ready(configured("aihorde", &mock, &[("AIHORDE_API_TOKEN", KEY)]));
    let class = draw(&*provider, "m").await.unwrap_err().class;
    let FailureClass::RateLimited { until: Some(until) } = class else { panic!("{class:?}") };
    let wait = until.duration_since(crate::clock::now()).as_secs();
    assert!((110..=120).contains(&wait), "{wait}");
}

#[tokio::test]
async fn replicate_is_asked_by_model_or_version_and_waited_for() {
    let mock = Mock::start().await;
    let link = format!(r#"{{"status":"succeeded","output":["{}/p"]}}"#, mock.url());
    let job =
        r#"{"status":"starting","output":null,"urls":{"get":"https://api.replicate.com/predictions/7"}}"#;
    mock.on("/models/", Reply::json(201, job))
        .on("/predictions/7", Reply::json(200, r#"{"status":"processing"}"#))
        .on("/predictions/7", Reply::json(200, link.clone()))
        .on("/predictions", Reply::json(201, link))
        .on("/p", png());
    let provider = ready(configured("replicate", &mock, &[("REPLICATE_API_TOKEN", KEY)]));
    for model in ["black-forest-labs/flux-schnell", "a/b:0123", "a/b"] {
        assert_eq!(draw(&*provider, model).await, Ok(PICTURE), "{model}");
    }
    let posted: Vec<_> = mock.asked().into_iter().filter(|asked| asked.method == "POST").collect();
    let sent: Vec<_> = posted.iter().map(|asked| (asked.target.as_str(), asked.json())).collect();
    let flux = json!({
        "prompt": PROMPT, "aspect_ratio": "16:9", "num_outputs": 1, "output_format": "png", "seed": 7,
    });
    let expected = [
        ("/models/black-forest-labs/flux-schnell/predictions", json!({"input": flux})),
        ("/predictions", json!({"version": "0123", "input": {"prompt": PROMPT}})),
        ("/models/a/b/predictions", json!({"input": {"prompt": PROMPT}})),
    ];
    assert_eq!(sent, expected);
    assert!(posted.iter().all(|asked| asked.header("prefer") == "wait=60"));
    assert!(posted.iter().all(|asked| asked.header("authorization") == format!("Bearer {KEY}")));
}

#[tokio::test]
async fn a_job_at_bfl_is_looked_at_where_it_says_and_nowhere_strange() {
    let mock = Mock::start().await;
    let at = format!(r#"{{"id":"7","polling_url":"{}/v1/get_result?id=7"}}"#, mock.url());
    mock.on("/flux-2-pro", Reply::json(200, at))
        .on("/v1/get_result", Reply::json(200, r#"{"status":"Pending"}"#))
        .on(
            "/v1/get_result",
            Reply::json(200, format!(r#"{{"status":"Ready","result":{{"sample":"{}/p"}}}}"#, mock.url())),
        )
        .on("/p", png());
    let provider = ready(configured("bfl", &mock, &[("BFL_API_KEY", KEY)]));
    assert_eq!(draw(&*provider, "flux-2-pro").await, Ok(PICTURE));
    let asked = mock.asked();
    let body = json!({"prompt": PROMPT, "width": 1200, "height": 640, "seed": 7, "output_format": "png"});
    assert_eq!(asked[0].json(), body);
    assert_eq!(
        [asked[0].header("x-key"), asked[1].header("x-key"), asked[3].header("x-key")],
        [KEY, KEY, ""]
    );
    assert_eq!(asked[1].target, "/v1/get_result?id=7");
}

#[tokio::test]
async fn leonardo_and_modelscope_are_waited_for() {
    let mock = Mock::start().await;
    let done = format!(
        r#"{{"generations_by_pk":{{"status":"COMPLETE","generated_images":[{{"url":"{}/p","nsfw":false}}]}}}}"#,
        mock.url()
    );
    mock.on("/generations", Reply::json(200, r#"{"sdGenerationJob":{"generationId":"7"}}"#))
        .on("/generations/7", Reply::json(200, done))
        .on("/v1/images/generations", Reply::json(200, r#"{"task_id":"8","task_status":"PENDING"}"#))
        .on(
            "/v1/tasks/8",
            Reply::json(200, format!(r#"{{"task_status":"SUCCEED","output_images":["{}/p"]}}"#, mock.url())),
        )
        .on("/p", png());
    let leonardo = ready(configured("leonardo", &mock, &[("LEONARDO_API_KEY", KEY)]));
    assert_eq!(draw(&*leonardo, "m").await, Ok(PICTURE));
    let body = json!({"prompt": PROMPT, "modelId": "m", "width": 1200, "height": 632, "num_images": 1});
    assert_eq!(mock.asked()[0].json(), body);
    let modelscope = ready(configured("modelscope", &mock, &[("MODELSCOPE_API_KEY", KEY)]));
    assert_eq!(draw(&*modelscope, "x/y").await, Ok(PICTURE));
    let asked = mock.asked();
    let body = json!({"model": "x/y", "prompt": PROMPT, "size": "1200x640", "seed": 7});
    assert_eq!((asked[3].json(), asked[3].header("x-modelscope-async-mode")), (body, "true"));
    assert_eq!(asked[4].header("x-modelscope-task-type"), "image_generation");
    assert_eq!(asked[4].header("authorization"), format!("Bearer {KEY}"));
}

#[tokio::test]
async fn stability_is_sent_a_form_and_its_blurred_picture_is_a_refusal() {
    let mock = Mock::start().await;
    let at = "/v2beta/stable-image/generate/core";
    mock.on(at, png().header("finish-reason", "SUCCESS"))
        .on(at, png().header("finish-reason", "CONTENT_FILTERED"));
    let provider = ready(configured("stability", &mock, &[("STABILITY_API_KEY", KEY)]));
    assert_eq!(draw(&*provider, "core").await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert!(
        asked.header("content-type").starts_with("multipart/form-data")
            && asked.header("accept") == "image/*"
    );
    let form = asked.text();
    for (name, value) in
        [("prompt", PROMPT), ("aspect_ratio", "16:9"), ("seed", "7"), ("output_format", "png")]
    {
        assert!(form.contains(&format!("name=\"{name}\"\r\n\r\n{value}\r\n")), "{name}: {form}");
    }
    let failure = draw(&*provider, "core").await.unwrap_err();
    assert_eq!(failure.class, FailureClass::Refused { repeatable: true });
}

#[tokio::test]
async fn webui_and_pixazo_answer_with_the_picture() {
    let mock = Mock::start().await;
    mock.on("/sdapi/v1/txt2img", Reply::json(200, format!(r#"{{"images":["{BASE64}"],"info":"x"}}"#)))
        .on("/flux-1-schnell/v1/getData", Reply::json(200, format!(r#"{{"output":"{}/p"}}"#, mock.url())))
        .on("/p", png());
    let webui = ready(configured("webui", &mock, &[]));
    assert_eq!(draw(&*webui, "loaded").await, Ok(PICTURE));
    let body =
        json!({"prompt": PROMPT, "width": 1200, "height": 632, "steps": 20, "seed": 7, "batch_size": 1});
    assert_eq!(mock.asked()[0].json(), body);
    let pixazo = ready(configured("pixazo", &mock, &[("PIXAZO_API_TOKEN", KEY)]));
    assert_eq!(draw(&*pixazo, "flux-1-schnell").await, Ok(PICTURE));
    let asked = &mock.asked()[1];
    let body = json!({"prompt": PROMPT, "num_steps": 4, "seed": 7, "width": 1024, "height": 544});
    assert_eq!((asked.json(), asked.header("ocp-apim-subscription-key")), (body, KEY));
}
