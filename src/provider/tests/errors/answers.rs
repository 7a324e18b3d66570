//! The answers that services really send, and the class of each: the table of `docs/providers.md`, row by row.

use super::KEY;
use super::described::*;

/// An answer and the class it stands for.
pub(super) type Row = (u16, &'static str, &'static str);

/// How each service is asked: its name, variables, model.
pub(super) type Asked = (&'static str, &'static [(&'static str, &'static str)], &'static str, &'static [Row]);

pub(super) const SERVICES: &[Asked] = &[
    ("cloudflare", &[("CLOUDFLARE_API_TOKEN", KEY), ("CLOUDFLARE_ACCOUNT_ID", "a")], "@cf/x/y", CLOUDFLARE),
    ("huggingface", &[("HUGGINGFACE_API_TOKEN", KEY)], "x/y", HUGGINGFACE),
    ("together", &[("TOGETHER_API_TOKEN", KEY)], "x/y", TOGETHER),
    (
        "pollinations",
        &[("POLLINATIONS_ENABLED", "true"), ("POLLINATIONS_API_TOKEN", "sk_012345")],
        "flux",
        POLLINATIONS,
    ),
    ("pollinations", &[("POLLINATIONS_ENABLED", "true")], "flux", LEGACY),
    ("gemini", &[("GEMINI_API_KEY", KEY)], "gemini-nano-banana-2.1", GEMINI),
    ("openai", &[("OPENAI_API_KEY", KEY)], "gpt-image-2", OPENAI),
    ("openai-compatible", &[("OPENAI_COMPATIBLE_API_TOKEN", KEY)], "default", COMPATIBLE),
    ("aihorde", &[("AI_HORDE_ENABLED", "true")], "AlbedoBase XL (SDXL)", AIHORDE),
    ("fal", &[("FAL_KEY", KEY)], "fal-ai/flux/schnell", FAL),
    ("replicate", &[("REPLICATE_API_TOKEN", KEY)], "black-forest-labs/flux-schnell", REPLICATE),
    ("bfl", &[("BFL_API_KEY", KEY)], "flux-2-pro", BFL),
    ("leonardo", &[("LEONARDO_API_KEY", KEY)], "m", LEONARDO),
    ("modelscope", &[("MODELSCOPE_API_KEY", KEY)], "x/y", MODELSCOPE),
    ("webui", &[], "loaded", WEBUI),
    ("stability", &[("STABILITY_API_KEY", KEY)], "core", STABILITY),
    ("pixazo", &[("PIXAZO_API_TOKEN", KEY)], "flux-1-schnell", PIXAZO),
];

pub(super) const PAGE: &str = "<html><body>401 quota billing nsfw 403</body></html>";

pub(super) const CLOUDFLARE: &[Row] = &[
    (
        429,
        r#"{"result":null,"success":false,"errors":[{"code":4006,"message":"AiError: you have used up your daily free allocation of 10,000 neurons, please upgrade to Cloudflare's Workers Paid plan if you would like to continue usage. (0b1c2d3e-0000-4000-8000-000000000000)"}],"messages":[]}"#,
        "QuotaExhausted",
    ),
    (
        429,
        r#"{"success":false,"errors":[{"code":3036,"message":"you have used up your daily free allocation"}]}"#,
        "QuotaExhausted",
    ),
    (
        429,
        r#"{"result":null,"success":false,"errors":[{"code":3040,"message":"AiError: Capacity temporarily exceeded, please try again. (3f0c)"}],"messages":[]}"#,
        "Transient",
    ),
    (429, r#"{"success":false,"errors":[{"code":10429,"message":"slow down"}]}"#, "RateLimited"),
    (429, PAGE, "RateLimited"),
    (
        400,
        r#"{"result":{},"success":false,"errors":[{"code":3030,"message":"AiError: Input prompt contains NSFW content (0b1c)"}],"messages":[]}"#,
        "Refused",
    ),
    (
        400,
        r#"{"success":false,"errors":[{"code":3030,"message":"Your output has been flagged. Please choose another prompt / input image combination"}]}"#,
        "Refused",
    ),
    (
        200,
        r#"{"success":false,"errors":[{"code":3030,"message":"Output image contains NSFW content"}]}"#,
        "Refused",
    ),
    (
        400,
        r#"{"success":false,"errors":[{"code":3030,"message":"Model input is not valid: x"}]}"#,
        "BadRequest",
    ),
    (400, r#"{"success":false,"errors":[{"code":3030,"message":"execution failed"}]}"#, "Transient"),
    (
        400,
        r#"{"errors":[{"code":5006,"message":"AiError: AiError: Bad input: Error: Additional or unevaluated properties '/seed' at '/' not allowed (0b1c)"}],"success":false,"result":{},"messages":[]}"#,
        "BadRequest",
    ),
    (400, r#"{"success":false,"errors":[{"code":5004,"message":"invalid data"}]}"#, "BadRequest"),
    (400, r#"{"success":false,"errors":[{"code":3003,"message":"incomplete request"}]}"#, "BadRequest"),
    (400, r#"{"success":false,"errors":[{"code":8002,"message":"Invalid input"}]}"#, "BadRequest"),
    (
        400,
        r#"{"errors":[{"message":"AiError: No such model @cf/x/y or task","code":5007}],"success":false,"result":null,"messages":[]}"#,
        "Gone",
    ),
    (404, r#"{"success":false,"errors":[{"code":3042,"message":"invalid model id"}]}"#, "Gone"),
    (
        403,
        r#"{"success":false,"errors":[{"code":5035,"message":"model needs the Workers Paid plan"}]}"#,
        "NotEntitled",
    ),
    (
        403,
        r#"{"success":false,"errors":[{"code":5018,"message":"private model not allowed"}]}"#,
        "NotEntitled",
    ),
    (
        403,
        r#"{"success":false,"errors":[{"code":3041,"message":"private model not allowed"}]}"#,
        "NotEntitled",
    ),
    (
        403,
        r#"{"success":false,"errors":[{"code":5016,"message":"model terms not accepted"}]}"#,
        "NotEntitled",
    ),
    (403, r#"{"success":false,"errors":[{"code":3023,"message":"account blocked"}]}"#, "CredentialsRejected"),
    (408, r#"{"success":false,"errors":[{"code":3007,"message":"timeout"}]}"#, "Transient"),
    (200, r#"{"success":false,"errors":[{"code":3008,"message":"aborted"}]}"#, "Transient"),
    (413, r#"{"success":false,"errors":[{"code":3006,"message":"request too large"}]}"#, "BadRequest"),
    (
        405,
        r#"{"success":false,"errors":[{"code":5019,"message":"deprecated client version"}]}"#,
        "BadRequest",
    ),
    (500, r#"{"success":false,"errors":[{"code":3043,"message":"Internal server error"}]}"#, "Transient"),
    (
        401,
        r#"{"result":null,"success":false,"errors":[{"code":10000,"message":"Authentication error"}],"messages":[]}"#,
        "CredentialsRejected",
    ),
    (
        403,
        r#"{"success":false,"errors":[{"code":10000,"message":"Authentication error"}]}"#,
        "CredentialsRejected",
    ),
    (
        400,
        r#"{"success":false,"errors":[{"code":6003,"message":"Invalid request headers"},{"code":6111,"message":"Invalid format for Authorization header"}]}"#,
        "CredentialsRejected",
    ),
    (
        404,
        r#"{"result":null,"success":false,"errors":[{"code":7003,"message":"Could not route to /accounts/abc/ai/run/…, perhaps your object identifier is invalid?"}],"messages":[]}"#,
        "CredentialsRejected",
    ),
    (401, PAGE, "Transient"),
    (403, PAGE, "Transient"),
    (502, PAGE, "Transient"),
    (530, "error code: 1033", "Transient"),
    (200, r#"{"success":false}"#, "Unusable"),
    (200, r#"{"success":true,"result":{}}"#, "Unusable"),
    (200, r#"{"success":true,"result":{"image":"%%%"}}"#, "Unusable"),
    (200, PAGE, "Unusable"),
    (200, "", "Unusable"),
];

pub(super) const HUGGINGFACE: &[Row] = &[
    (401, r#"{"error":"Invalid username or password."}"#, "CredentialsRejected"),
    (
        403,
        r#"{"error":"This authentication method does not have sufficient permissions to call Inference Providers on behalf of user X"}"#,
        "NotEntitled",
    ),
    (403, r#"{"error":"Forbidden"}"#, "CredentialsRejected"),
    (403, PAGE, "Transient"),
    (
        403,
        r#"{"detail":"User is locked. Reason: Exhausted balance. Top up your balance at fal.ai/dashboard/billing."}"#,
        "OutOfCredit",
    ),
    (
        410,
        r#"{"error":"The requested model is deprecated and no longer supported by provider hf-inference"}"#,
        "Gone",
    ),
    (400, r#"{"error":"Model not supported by provider hf-inference"}"#, "Gone"),
    (
        400,
        r#"{"error":{"message":"The requested model 'x' is not supported by any provider you have enabled.","type":"invalid_request_error","param":"model","code":"model_not_supported"}}"#,
        "Gone",
    ),
    (
        400,
        r#"{"id":"o","error":{"message":"Unable to access non-serverless model x.","type":"invalid_request_error","param":null,"code":"model_not_available"}}"#,
        "Gone",
    ),
    (404, r#"{"error":"Model x does not exist"}"#, "Gone"),
    (404, "Not Found", "Gone"),
    (429, r#"{"error":"Too many requests"}"#, "RateLimited"),
    (429, "slow down", "RateLimited"),
    (503, r#"{"error":"Model x is currently loading","estimated_time":20.0}"#, "Warming"),
    (503, r#"{"error":"Model x is currently loading","estimated_time":-1}"#, "Transient"),
    (503, r#"{"error":"Service Unavailable"}"#, "Transient"),
    (500, r#"{"error":"Internal Server Error"}"#, "Transient"),
    (504, PAGE, "Transient"),
    (400, r#"{"error":["width: too large"]}"#, "BadRequest"),
    (422, r#"{"error":"bad","warnings":["x"]}"#, "BadRequest"),
    (
        422,
        r#"{"detail":[{"loc":["body","prompt"],"msg":"The content could not be processed because it contained material flagged by a content checker.","type":"content_policy_violation","url":"https://docs.fal.ai/errors#content_policy_violation"}]}"#,
        "Refused",
    ),
    (422, r#"{"detail":[{"loc":["body"],"msg":"nothing","type":"no_media_generated"}]}"#, "Unusable"),
    (422, r#"{"detail":[{"loc":["body"],"msg":"too large","type":"less_than_equal"}]}"#, "BadRequest"),
    (
        422,
        r#"{"detail":[{"loc":["body"],"msg":"the model broke","type":"downstream_service_error"}]}"#,
        "Transient",
    ),
    (200, r#"{"text":"no picture"}"#, "Unusable"),
    (200, PAGE, "Unusable"),
];

pub(super) const TOGETHER: &[Row] = &[
    (
        400,
        r#"{"id":"o","error":{"message":"Unable to access non-serverless model black-forest-labs/FLUX.1-schnell-Free. Please visit https://api.together.ai/models/x to create and start a new dedicated endpoint for the model.","type":"invalid_request_error","param":null,"code":"model_not_available"}}"#,
        "Gone",
    ),
    (
        404,
        r#"{"error":{"message":"Unable to find model x","type":"invalid_request_error","code":"model_not_found"}}"#,
        "Gone",
    ),
    (404, "{}", "Gone"),
    (
        400,
        r#"{"error":{"message":"steps must be between 1 and 4","type":"invalid_request_error","param":"steps","code":null}}"#,
        "BadRequest",
    ),
    (413, r#"{"error":{"message":"too large"}}"#, "BadRequest"),
    (403, r#"{"error":{"message":"Input exceeds the model's context length","code":null}}"#, "BadRequest"),
    (422, r#"{"error":{"message":"The prompt may contain NSFW content","code":null}}"#, "Refused"),
    (400, r#"{"error":{"message":"blocked by the safety system","code":null}}"#, "Refused"),
    (
        400,
        r#"{"error":{"message":"x","type":"image_generation_user_error","param":null,"code":"moderation_blocked"}}"#,
        "Refused",
    ),
    (
        400,
        r#"{"error":{"message":"safety_tolerance is not a parameter of this model","type":"invalid_request_error","param":"safety_tolerance","code":null}}"#,
        "BadRequest",
    ),
    (
        401,
        r#"{"error":{"message":"Invalid API key provided. x","type":"invalid_request_error","param":null,"code":"invalid_api_key"}}"#,
        "CredentialsRejected",
    ),
    (
        402,
        r#"{"error":{"message":"Credit limit exceeded, please [add credits](https://api.together.ai/settings/billing)","type":"credit_limit","param":null,"code":null}}"#,
        "OutOfCredit",
    ),
    (
        403,
        r#"{"error":{"message":"enable sharing","code":"third_party_data_sharing_blocked"}}"#,
        "NotEntitled",
    ),
    (403, r#"{"error":{"message":"no"}}"#, "CredentialsRejected"),
    (401, PAGE, "Transient"),
    (429, r#"{"error":{"message":"you hit the rate limit","type":"rate_limit","code":null}}"#, "RateLimited"),
    (
        500,
        r#"{"error":{"message":"The server is overloaded or not ready yet","type":"server_error"}}"#,
        "Transient",
    ),
    (502, PAGE, "Transient"),
    (503, PAGE, "Transient"),
    (504, PAGE, "Transient"),
    (524, PAGE, "Transient"),
    (529, PAGE, "Transient"),
    (200, r#"{"data":[]}"#, "Unusable"),
    (200, r#"{"error":{"message":"the model gave nothing","type":"server_error"}}"#, "Unusable"),
    (200, r#"{"data":[{"index":0}]}"#, "Unusable"),
    (200, r#"{"data":[{"url":"http://169.254.169.254/latest"}]}"#, "Unusable"),
    (200, PAGE, "Unusable"),
];

pub(super) const POLLINATIONS: &[Row] = &[
    (
        400,
        r#"{"status":400,"success":false,"error":{"code":"BAD_REQUEST","message":"no","details":{"fieldErrors":{"width":["too small"]}}}}"#,
        "BadRequest",
    ),
    (
        400,
        r#"{"status":400,"success":false,"error":{"code":"BAD_REQUEST","message":"no","details":{"fieldErrors":{"model":["unknown"]}}}}"#,
        "Gone",
    ),
    (400, r#"{"error":{"type":"safety_error","message":"no"}}"#, "Refused"),
    (
        402,
        r#"{"error":{"code":"PAYMENT_REQUIRED","message":"Insufficient pollen balance or API key budget exhausted."}}"#,
        "OutOfCredit",
    ),
    (
        401,
        r#"{"status":401,"success":false,"error":{"code":"UNAUTHORIZED","message":"Authentication required. Please provide an API key via Authorization header (Bearer token) or ?key= query parameter.","timestamp":"2026-11-20T12:00:00.000Z"}}"#,
        "CredentialsRejected",
    ),
    (403, r#"{"error":{"code":"FORBIDDEN","message":"key not allowed for that model"}}"#, "NotEntitled"),
    (403, PAGE, "Transient"),
    (404, r#"{"error":{"code":"NOT_FOUND","message":"x"}}"#, "BadRequest"),
    (405, "{}", "BadRequest"),
    (409, "{}", "BadRequest"),
    (422, "{}", "BadRequest"),
    (
        429,
        r#"{"error":{"code":"RATE_LIMITED","message":"You're making requests too quickly. Please slow down a bit."}}"#,
        "RateLimited",
    ),
    (
        500,
        r#"{"error":{"code":"INTERNAL_ERROR","message":"HTTP error! status: 403, body: {\"detail\":\"Unauthorized\"}"}}"#,
        "Transient",
    ),
    (502, r#"{"error":{"code":"BAD_GATEWAY","message":"x","details":{"upstreamStatus":401}}}"#, "Transient"),
    (503, r#"{"error":{"code":"SERVICE_UNAVAILABLE","message":"x"}}"#, "Transient"),
    (200, PAGE, "Unusable"),
    (200, r#"{"queued":true}"#, "Unusable"),
    // The service's own supplier refused: nothing of the user's is wrong.
    (
        401,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":401}},"status":401}"#,
        "Transient",
    ),
    (
        402,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":402}},"status":402}"#,
        "Transient",
    ),
    (
        403,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":403}},"status":403}"#,
        "Transient",
    ),
    (
        412,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":412}},"status":412}"#,
        "Transient",
    ),
    (
        400,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":400}},"status":400}"#,
        "Transient",
    ),
    (
        503,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":503}},"status":503}"#,
        "Transient",
    ),
    (
        403,
        r#"{"success":false,"error":"Image provider error: account is suspended","details":{"name":"UpstreamError","upstreamStatus":403},"status":403}"#,
        "Transient",
    ),
];

pub(super) const LEGACY: &[Row] = &[
    (
        402,
        r#"{"x402Version":1,"error":"Queue full for IP: 2a06:98c0:3600::103: 1 requests already queued (max: 1). Get unlimited access at https://enter.pollinations.ai","accepts":[{"scheme":"exact","network":"base","maxAmountRequired":"1000","resource":"https://image.myceli.ai/prompt/x"}]}"#,
        "RateLimited",
    ),
    (
        402,
        r#"{"error":"Queue full for IP: 2a06:98c0:3600::103: 1 requests already queued (max: 1)."}"#,
        "RateLimited",
    ),
    (402, r#"{"error":"this model needs a paid tier"}"#, "NotEntitled"),
    (403, r#"{"error":"this model needs a paid tier"}"#, "NotEntitled"),
    (400, r#"{"error":"Content is prohibited"}"#, "Refused once"),
    (403, "Content is prohibited", "Refused once"),
    (400, r#"{"error":"Bad Request","message":"Content is prohibited"}"#, "Refused once"),
    (403, PAGE, "Transient"),
    (410, "this address is no longer served", "Moved"),
    (404, r#"{"error":"Not Found","message":"x","path":"/y"}"#, "BadRequest"),
    (414, PAGE, "BadRequest"),
    (431, PAGE, "BadRequest"),
    (429, "slow down", "RateLimited"),
    (429, "{}", "RateLimited"),
    (
        500,
        r#"{"error":"Internal Server Error","message":"402 x402Version","timingInfo":[],"requestId":"401","requestParameters":{},"queueInfo":null}"#,
        "Transient",
    ),
    (502, PAGE, "Transient"),
    (503, PAGE, "Transient"),
    (504, PAGE, "Transient"),
    (530, "error code: 1033", "Transient"),
    (200, PAGE, "Unusable"),
    (200, r#"{"message":"please sign in"}"#, "Unusable"),
    // As above, without a key.
    (
        400,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":400}},"status":400}"#,
        "Transient",
    ),
    (
        401,
        r#"{"success":false,"error":{"message":"Image provider error: account is suspended","code":"UNKNOWN_ERROR","details":{"name":"UpstreamError","upstreamStatus":401}},"status":401}"#,
        "Transient",
    ),
    (
        403,
        r#"{"success":false,"error":"Image provider error: account is suspended","details":{"name":"UpstreamError","upstreamStatus":403},"status":403}"#,
        "Transient",
    ),
];

pub(super) const GEMINI: &[Row] = &[
    (
        400,
        r#"{"error":{"code":400,"message":"API key not valid. Please pass a valid API key.","status":"INVALID_ARGUMENT","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"API_KEY_INVALID","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com"}}]}}"#,
        "CredentialsRejected",
    ),
    (
        400,
        r#"[{"error":{"code":400,"message":"API key expired. Please renew the API key.","status":"INVALID_ARGUMENT"}}]"#,
        "CredentialsRejected",
    ),
    (
        400,
        r#"{"error":{"code":400,"message":"imageSize 512 is unsupported","status":"INVALID_ARGUMENT"}}"#,
        "BadRequest",
    ),
    (
        400,
        r#"{"error":{"code":400,"message":"User location is not supported for the API use.","status":"FAILED_PRECONDITION"}}"#,
        "NotEntitled",
    ),
    (401, r#"{"error":{"code":401,"message":"OAuth","status":"UNAUTHENTICATED"}}"#, "CredentialsRejected"),
    (
        403,
        r#"{"error":{"code":403,"message":"Your API key was reported as leaked.","status":"PERMISSION_DENIED"}}"#,
        "CredentialsRejected",
    ),
    (
        404,
        r#"{"error":{"code":404,"message":"models/imagen-4.0-generate-001 is not found for API version v1beta, or is not supported for predict. Call ListModels to see the list of available models and their supported methods.","status":"NOT_FOUND"}}"#,
        "Gone",
    ),
    (
        429,
        r#"{"error":{"code":429,"message":"You exceeded your current quota, please check your plan and billing details. …\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3-pro-image\nPlease retry in 38.6s.","status":"RESOURCE_EXHAUSTED","details":[{"@type":"type.googleapis.com/google.rpc.Help","links":[{"description":"Learn more about Gemini API quotas","url":"https://ai.google.dev/gemini-api/docs/rate-limits"}]},{"@type":"type.googleapis.com/google.rpc.QuotaFailure","violations":[{"quotaMetric":"generativelanguage.googleapis.com/generate_content_free_tier_requests","quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaDimensions":{"location":"global","model":"gemini-3-pro-image"}}]},{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"38s"}]}}"#,
        "NotEntitled",
    ),
    (
        429,
        r#"{"error":{"message":"quota","details":[{"violations":[{"quotaId":"GenerateRequestsPerDay","quotaValue":"0"}]}]}}"#,
        "NotEntitled",
    ),
    (
        429,
        r#"{"error":{"message":"quota, limit: 0.5, limit: 05","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"},{"quotaId":"GenerateRequestsPerDayPerProjectPerModel-FreeTier","quotaValue":"100"}]}]}}"#,
        "QuotaExhausted",
    ),
    (
        429,
        r#"{"error":{"message":"quota, limit: 10","details":[{"violations":[{"quotaId":"GenerateRequestsPerMinutePerProjectPerModel-FreeTier"}]},{"retryDelay":"37s"}]}}"#,
        "RateLimited",
    ),
    (
        429,
        r#"{"error":{"message":"Resource has been exhausted","status":"RESOURCE_EXHAUSTED"}}"#,
        "RateLimited",
    ),
    (
        429,
        r#"{"error":{"code":429,"message":"Your prepayment credits are depleted. Please go to AI Studio to manage your project and billing.","status":"RESOURCE_EXHAUSTED"}}"#,
        "OutOfCredit",
    ),
    (
        429,
        r#"{"error":{"code":429,"message":"Your project has exceeded its monthly spending cap. Please go to AI Studio to manage your spend cap.","status":"RESOURCE_EXHAUSTED"}}"#,
        "OutOfCredit",
    ),
    (
        403,
        r#"{"error":{"code":403,"message":"Generative Language API has not been used in project 123456 before or it is disabled.","status":"PERMISSION_DENIED","details":[{"@type":"type.googleapis.com/google.rpc.ErrorInfo","reason":"SERVICE_DISABLED","domain":"googleapis.com","metadata":{"service":"generativelanguage.googleapis.com","consumer":"projects/123456"}}]}}"#,
        "NotEntitled",
    ),
    (403, PAGE, "Transient"),
    (500, r#"{"error":{"code":500,"message":"x","status":"INTERNAL"}}"#, "Transient"),
    (
        503,
        r#"{"error":{"code":503,"message":"This model is currently experiencing high demand. Spikes in demand are usually temporary. Please try again later.","status":"UNAVAILABLE"}}"#,
        "Transient",
    ),
    (504, r#"{"error":{"code":504,"message":"x","status":"DEADLINE_EXCEEDED"}}"#, "Transient"),
    (502, PAGE, "Transient"),
    (
        200,
        r#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{"promptTokenCount":9},"modelVersion":"x"}"#,
        "Refused",
    ),
    (
        200,
        r#"{"candidates":[{"content":{"parts":[]},"finishReason":"IMAGE_SAFETY","finishMessage":"Unable to show the generated image.","index":0}]}"#,
        "Refused",
    ),
    (
        200,
        r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"I can describe it instead."}]},"finishReason":"STOP","index":0}]}"#,
        "Unusable",
    ),
    (200, "{}", "Unusable"),
    (200, PAGE, "Unusable"),
];
