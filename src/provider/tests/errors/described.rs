//! The same for the services that descriptions give.

use super::answers::{PAGE, Row};
use super::*;

pub(super) const FAL: &[Row] = &[
    (401, r#"{"detail":"Authentication is required to access this application."}"#, "CredentialsRejected"),
    (
        403,
        r#"{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}"#,
        "OutOfCredit",
    ),
    (403, r#"{"detail":"Access denied"}"#, "CredentialsRejected"),
    (404, r#"{"detail":"Application 'x' not found"}"#, "Gone"),
    (
        422,
        r#"{"detail":[{"loc":["body","prompt"],"msg":"The content could not be processed because it contained material flagged by a content checker.","type":"content_policy_violation","url":"https://docs.fal.ai/errors#content_policy_violation"}]}"#,
        "Refused",
    ),
    (422, r#"{"detail":[{"loc":["body"],"msg":"nothing came","type":"no_media_generated"}]}"#, "Unusable"),
    (422, r#"{"detail":[{"loc":["body"],"msg":"x","type":"downstream_service_error"}]}"#, "Transient"),
    (422, r#"{"detail":[{"loc":["body","image_size"],"msg":"x","type":"greater_than"}]}"#, "BadRequest"),
    (429, r#"{"detail":"Too many concurrent requests"}"#, "RateLimited"),
    (400, r#"{"error":{"message":"{\"slow\":\"down\"}","code":429}}"#, "RateLimited"),
    (499, r#"{"detail":"client closed","error_type":"client_cancelled"}"#, "Transient"),
    (504, r#"{"detail":"Request timed out","error_type":"request_timeout"}"#, "Transient"),
    (502, PAGE, "Transient"),
    (200, r#"{"status":"IN_QUEUE"}"#, "Unusable"),
];

pub(super) const OPENAI: &[Row] = &[
    (
        401,
        r#"{"error":{"message":"Incorrect API key provided: sk-x","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
        "CredentialsRejected",
    ),
    (
        401,
        r#"{"error":{"message":"You have insufficient permissions for this operation. Missing scopes: api.model.images.request","type":"invalid_request_error","code":null}}"#,
        "NotEntitled",
    ),
    (
        403,
        r#"{"error":{"message":"Your organization must be verified to use the model `gpt-image-2`.","type":"invalid_request_error","code":null}}"#,
        "NotEntitled",
    ),
    (
        404,
        r#"{"error":{"message":"Your organization must be verified to use the model","type":"invalid_request_error","code":"model_not_found"}}"#,
        "NotEntitled",
    ),
    (
        400,
        r#"{"error":{"message":"The model `dall-e-3` has been deprecated","type":"invalid_request_error","code":"model_not_found"}}"#,
        "Gone",
    ),
    (
        400,
        r#"{"error":{"message":"Billing hard limit has been reached","type":"billing_limit_user_error","code":"billing_hard_limit_reached"}}"#,
        "OutOfCredit",
    ),
    (
        429,
        r#"{"error":{"message":"You exceeded your current quota, please check your plan and billing details.","type":"insufficient_quota","code":"insufficient_quota"}}"#,
        "OutOfCredit",
    ),
    (
        403,
        r#"{"error":{"message":"x","type":"insufficient_quota","code":"billing_not_active"}}"#,
        "OutOfCredit",
    ),
    (
        429,
        r#"{"error":{"message":"Rate limit reached for gpt-image-2. Limit 5, Used 5, Requested 1. Please try again in 12s.","type":"images","code":"rate_limit_exceeded"}}"#,
        "RateLimited",
    ),
    (
        400,
        r#"{"error":{"message":"Your request was rejected by the safety system. safety_violations=[sexual].","type":"image_generation_user_error","code":"moderation_blocked"}}"#,
        "Refused",
    ),
    (
        400,
        r#"{"error":{"message":"x","type":"invalid_request_error","code":"content_policy_violation"}}"#,
        "Refused",
    ),
    (400, r#"{"error":{"message":"x","type":"image_generation_user_error","code":"other"}}"#, "BadRequest"),
    (
        400,
        r#"{"error":{"message":"Unknown parameter: 'response_format'.","type":"invalid_request_error","code":"unknown_parameter"}}"#,
        "BadRequest",
    ),
    (
        500,
        r#"{"error":{"message":"The server had an error","type":"server_error","code":"server_error"}}"#,
        "Transient",
    ),
    (503, PAGE, "Transient"),
    (200, r#"{"created":1,"data":[]}"#, "Unusable"),
];

pub(super) const COMPATIBLE: &[Row] = &[
    (
        401,
        r#"{"error":{"code":"401","message":"Access denied due to invalid subscription key or wrong API endpoint."}}"#,
        "CredentialsRejected",
    ),
    (404, r#"{"error":{"code":"DeploymentNotFound","message":"x"}}"#, "Gone"),
    (
        400,
        r#"{"error":{"code":"content_filter","message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
        "Refused",
    ),
    (
        400,
        r#"{"error":{"code":"400","message":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}}"#,
        "Refused",
    ),
    (400, r#"{"error":{"code":"400","message":"litellm.ContentPolicyViolationError: x"}}"#, "Refused"),
    (
        400,
        r#"{"error":{"code":"400","type":"budget_exceeded","message":"Budget has been exceeded!"}}"#,
        "OutOfCredit",
    ),
    (500, r#"{"error":{"code":"500","message":"litellm.AuthenticationError: x"}}"#, "CredentialsRejected"),
    (500, r#"{"error":{"code":"500","message":"litellm.RateLimitError: x"}}"#, "RateLimited"),
    (400, r#"{"error":{"code":"400","message":"litellm.NotFoundError: x"}}"#, "Gone"),
    (
        402,
        r#"{"error":{"code":402,"message":"Insufficient credits. Add more using https://openrouter.ai/credits"},"user_id":"u"}"#,
        "OutOfCredit",
    ),
    (
        403,
        r#"{"error":{"code":403,"message":"x","metadata":{"reasons":["violence"],"flagged_input":"a knife"}}}"#,
        "Refused",
    ),
    (200, r#"{"error":{"code":402,"message":"Insufficient credits"}}"#, "OutOfCredit"),
    (200, r#"{"error":{"code":401,"message":"no"}}"#, "CredentialsRejected"),
    (200, r#"{"error":{"code":429,"message":"slow"}}"#, "RateLimited"),
    (200, r#"{"error":{"code":502,"message":"down"}}"#, "Transient"),
    (429, r#"{"error":{"code":"RateLimitReached","message":"try again in 3 seconds"}}"#, "RateLimited"),
    (529, r#"{"error":{"code":529,"message":"overloaded"}}"#, "Transient"),
    (400, r#"{"error":"prompt required"}"#, "BadRequest"),
    (500, r#"{"error":"server_error","message":"generate_image returned no results"}"#, "Transient"),
    (422, r#"{"detail":"bad size"}"#, "BadRequest"),
    (200, r#"{"data":[{"url":"https://x.example/p","respect_moderation":false}]}"#, "Refused"),
];

pub(super) const AIHORDE: &[Row] = &[
    (400, r#"{"message":"You cannot specify an empty prompt.","rc":"MissingPrompt"}"#, "BadRequest"),
    (
        400,
        r#"{"message":"This prompt appears to violate our terms of service","rc":"CorruptPrompt"}"#,
        "Refused once",
    ),
    (
        400,
        r#"{"message":"No active worker found to fulfill this request.","rc":"NoValidWorkers"}"#,
        "Transient",
    ),
    (400, r#"{"message":"AI Horde has entered maintenance mode.","rc":"MaintenanceMode"}"#, "Transient"),
    (401, r#"{"message":"No user matching sent API Key.","rc":"InvalidAPIKey"}"#, "CredentialsRejected"),
    (
        403,
        r#"{"message":"Due to heavy demand, for requests over 576x576 this request requires 15 kudos.","rc":"KudosUpfront"}"#,
        "QuotaExhausted",
    ),
    (
        403,
        r#"{"message":"Your IP has been put into timeout for 120 more seconds","rc":"TimeoutIP"}"#,
        "RateLimited",
    ),
    (403, r#"{"message":"x","rc":"AnonForbidden"}"#, "CredentialsRejected"),
    (410, r#"{"message":"Prompt Request Expired","rc":"RequestExpired"}"#, "Transient"),
    (429, r#"{"message":"2 per 1 second"}"#, "RateLimited"),
    (500, PAGE, "Transient"),
    // The mock answers every call alike, so this is the ticket and the state of the job.
    (200, r#"{"id":"7","done":false,"faulted":true,"is_possible":true}"#, "Transient"),
    (200, r#"{"id":"7","done":false,"faulted":false,"is_possible":false}"#, "Transient"),
    (
        200,
        r#"{"id":"7","done":true,"generations":[{"img":"https://x.example/p","censored":true}]}"#,
        "Refused",
    ),
    (
        200,
        r#"{"id":"7","done":true,"generations":[{"img":"https://x.example/p","state":"csam"}]}"#,
        "Refused",
    ),
    (200, r#"{"id":"7","done":true,"generations":[]}"#, "Unusable"),
    (202, r#"{"kudos":12.0}"#, "Unusable"),
];

pub(super) const REPLICATE: &[Row] = &[
    (
        401,
        r#"{"title":"Unauthenticated","detail":"You did not pass a valid authentication token","status":401}"#,
        "CredentialsRejected",
    ),
    (
        402,
        r#"{"title":"Insufficient credit","detail":"You have insufficient credit to run this model.","status":402}"#,
        "OutOfCredit",
    ),
    (404, r#"{"detail":"The requested resource could not be found.","status":404}"#, "Gone"),
    (
        422,
        r#"{"title":"Invalid version or not permitted","detail":"The specified version does not exist, or it is an invalid version or not permitted","status":422}"#,
        "Gone",
    ),
    (
        422,
        r#"{"title":"Input validation failed","detail":"- input: prompt is required\n","status":422}"#,
        "BadRequest",
    ),
    (
        429,
        r#"{"detail":"Request was throttled. Your rate limit resets in ~30s.","status":429,"retry_after":30}"#,
        "RateLimited",
    ),
    (
        201,
        r#"{"status":"failed","error":"NSFW content detected. Try running it again, or try a different prompt.","urls":{"get":"https://x.example/j"}}"#,
        "Refused",
    ),
    (
        201,
        r#"{"status":"failed","error":"The input was flagged as sensitive. (E005)","output":null}"#,
        "Refused",
    ),
    (
        201,
        r#"{"status":"failed","error":"CUDA out of memory","urls":{"get":"https://x.example/j"}}"#,
        "Transient",
    ),
    (201, r#"{"status":"succeeded","output":null}"#, "Unusable"),
    (500, PAGE, "Transient"),
];

pub(super) const BFL: &[Row] = &[
    (402, r#"{"detail":"Insufficient credits"}"#, "OutOfCredit"),
    (403, r#"{"detail":"Not authenticated"}"#, "CredentialsRejected"),
    (404, r#"{"detail":"Not Found"}"#, "Gone"),
    (422, r#"{"detail":[{"loc":["body","width"],"msg":"x","type":"multiple_of"}]}"#, "BadRequest"),
    (429, r#"{"detail":"Too many active tasks"}"#, "RateLimited"),
    (503, PAGE, "Transient"),
    (200, r#"{"id":"7","polling_url":"https://evil.example/v1/get_result?id=7"}"#, "Unusable"),
    (200, r#"{"status":"Request Moderated"}"#, "Refused"),
    (200, r#"{"status":"Content Moderated"}"#, "Refused"),
    (200, r#"{"status":"Error"}"#, "Transient"),
];

pub(super) const LEONARDO: &[Row] = &[
    (
        400,
        r#"{"error":"Invalid response from authorization hook","path":"$","code":"unexpected"}"#,
        "CredentialsRejected",
    ),
    (
        403,
        r#"{"error":"Authentication hook unauthorized this request","path":"$","code":"access-denied"}"#,
        "CredentialsRejected",
    ),
    (
        400,
        r#"{"error":"Expected a boolean for type Boolean but found a string","path":"$","code":"parse-failed"}"#,
        "BadRequest",
    ),
    (400, r#"{"error":"invalid file extension","path":"$","code":"unexpected"}"#, "BadRequest"),
    (400, r#"{"error":"model de7d3faf does not exist","path":"$","code":"unexpected"}"#, "Gone"),
    (403, r#"{"error":"Content moderation blocked this prompt","path":"$","code":"unexpected"}"#, "Refused"),
    (400, r#"{"error":"not enough api tokens","path":"$","code":"unexpected"}"#, "OutOfCredit"),
    (429, r#"{"error":"slow down"}"#, "RateLimited"),
    (500, PAGE, "Transient"),
    (200, r#"{"sdGenerationJob":{"generationId":"7"},"generations_by_pk":{"status":"FAILED"}}"#, "Transient"),
    (
        200,
        r#"{"sdGenerationJob":{"generationId":"7"},"generations_by_pk":{"status":"COMPLETE","generated_images":[]}}"#,
        "Unusable",
    ),
    (
        200,
        r#"{"sdGenerationJob":{"generationId":"7"},"generations_by_pk":{"status":"COMPLETE","generated_images":[{"url":"https://x.example/p","nsfw":true}]}}"#,
        "Refused",
    ),
];

pub(super) const MODELSCOPE: &[Row] = &[
    (
        401,
        r#"{"errors":{"message":"Authentication failed, please make sure that a valid ModelScope token is supplied."}}"#,
        "CredentialsRejected",
    ),
    (400, r#"{"errors":{"message":"Model id: x/y , has no provider supported"}}"#, "Gone"),
    (400, r#"{"errors":{"message":"the prompt is inappropriate"}}"#, "Refused"),
    (400, r#"{"error":{"message":"sensitive words"}}"#, "Refused"),
    (429, r#"{"errors":{"message":"We have to rate limit you, quota of today is used"}}"#, "QuotaExhausted"),
    (429, r#"{"errors":{"message":"too fast"}}"#, "RateLimited"),
    (500, PAGE, "Transient"),
    (200, r#"{"task_id":"7","task_status":"FAILED"}"#, "Transient"),
    (200, r#"{"task_status":"SUCCEED","output_images":[]}"#, "Unusable"),
];

pub(super) const STABILITY: &[Row] = &[
    (400, r#"{"id":"7","name":"bad_request","errors":["some-field: is required"]}"#, "BadRequest"),
    (
        401,
        r#"{"id":"7","name":"unauthorized","errors":["authorization: invalid or missing header value"]}"#,
        "CredentialsRejected",
    ),
    (
        402,
        r#"{"id":"7","name":"payment_required","errors":["You lack sufficient credits to make this request."]}"#,
        "OutOfCredit",
    ),
    (403, r#"{"id":"7","name":"payment_required","errors":["x"]}"#, "OutOfCredit"),
    (
        403,
        r#"{"id":"7","name":"content_moderation","errors":["Your request was flagged by our content moderation system"]}"#,
        "Refused",
    ),
    (404, r#"{"name":"not_found","errors":["x"]}"#, "Gone"),
    (413, r#"{"name":"payload_too_large","errors":["x"]}"#, "BadRequest"),
    (
        429,
        r#"{"id":"7","name":"rate_limit_exceeded","errors":["You have exceeded the rate limit of 150 requests within a 10 second period, and have been timed out for 60 seconds."]}"#,
        "RateLimited",
    ),
    (
        500,
        r#"{"id":"7","name":"internal_error","errors":["An unexpected server error has occurred"]}"#,
        "Transient",
    ),
    (200, r#"{"image":"cGljdHVyZQ==","finish_reason":"CONTENT_FILTERED","seed":1}"#, "Refused"),
    (200, "", "Unusable"),
];

pub(super) const WEBUI: &[Row] = &[
    (401, r#"{"detail":"Incorrect username or password"}"#, "CredentialsRejected"),
    (404, r#"{"detail":"Not Found"}"#, "NotEntitled"),
    (404, r#"{"error":"HTTPException","detail":"Sampler not found","body":"","errors":""}"#, "BadRequest"),
    (500, r#"{"error":"OutOfMemoryError","detail":"","body":"","errors":"CUDA out of memory"}"#, "Transient"),
    (422, r#"{"detail":[{"loc":["body","width"],"msg":"x"}]}"#, "BadRequest"),
    (200, r#"{"images":[],"parameters":{},"info":""}"#, "Unusable"),
];

pub(super) const PIXAZO: &[Row] = &[
    (
        401,
        r#"{"statusCode":401,"message":"Access denied due to missing subscription key."}"#,
        "CredentialsRejected",
    ),
    (
        403,
        r#"{"statusCode":403,"message":"Out of call volume quota. Quota will be replenished in 05:12:33."}"#,
        "QuotaExhausted",
    ),
    (404, r#"{"statusCode":404,"message":"Resource not found"}"#, "Gone"),
    (
        429,
        r#"{"statusCode":429,"message":"Rate limit is exceeded. Try again in 12 seconds."}"#,
        "RateLimited",
    ),
    (500, r#"{"statusCode":500,"message":"Internal server error","activityId":"7"}"#, "Transient"),
    (400, r#"{"statusCode":400,"message":"x"}"#, "BadRequest"),
    (200, r#"{"error":"x"}"#, "Unusable"),
    (200, r#"{"output":"no address"}"#, "Unusable"),
];

/// Together AI as a description, in which the error table of the service in Rust stands line by line.
const AS_DESCRIBED: &str = r#"name: acme
key: { page: "https://api.together.ai/settings/api-keys" }
models: [x/y]
request:
  post: /images/generations
  headers: { Authorization: "Bearer {{ key }}" }
  json:
    model: "{{ model }}"
    prompt: "{{ prompt }}"
    width: "{{ width }}"
    height: "{{ height }}"
    response_format: base64
    n: 1
    seed: "{{ seed }}"
picture: [{ base64: /data/0/b64_json }, { link: /data/0/url }]
errors:
  - { status: [400, 404], at: /error/code, is: [model_not_available, model_not_found], class: gone }
  - { status: 403, at: /error/code, is: third_party_data_sharing_blocked, class: not-entitled, what: data sharing }
  - { status: 403, says: [context length, context window, token count], class: bad }
  - { status: [400, 403, 422], at: /error/code, is: [moderation_blocked, content_policy_violation], class: refused }
  - { status: [400, 422], at: /error/code, says: "", class: bad }
  - { status: [400, 422], at: /error/param, says: "", class: bad }
  - { status: [400, 422], says: [nsfw, safety, content policy], class: refused }
"#;

#[tokio::test]
async fn a_service_in_rust_and_its_description_send_and_understand_the_same() {
    let described = crate::provider::described::service(
        "acme.yml",
        AS_DESCRIBED,
        false,
        &std::collections::BTreeMap::new(),
    );
    let described = described.unwrap_or_else(|faults| panic!("{faults:#?}"));
    let http = Http::default();
    for &(status, body, expected) in super::answers::TOGETHER {
        let mock = Mock::start().await;
        mock.on("/", Reply::bytes(status, "text/plain", body.to_owned()));
        let env = Env::of([("ACME_BASE_URL", mock.url()), ("ACME_API_TOKEN", KEY)]);
        let provider = ready(described.configure(&env, &http));
        let in_rust = ready(configured_with(&http, "together", &mock, &[("TOGETHER_API_TOKEN", KEY)]));
        let failure = draw(&*provider, "x/y").await.unwrap_err();
        draw(&*in_rust, "x/y").await.unwrap_err();
        assert_eq!(failure.class.name().to_string(), expected, "{status} {body}: {failure}");
        let asked = mock.asked();
        let sent = |place: usize| {
            (
                asked[place].target.clone(),
                asked[place].json(),
                asked[place].header("authorization").to_owned(),
            )
        };
        assert_eq!(sent(0), sent(1));
    }
}
