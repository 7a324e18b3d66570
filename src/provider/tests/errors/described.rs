//! The same for the services that descriptions give.

use super::answers::{PAGE, Row};

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
