//! What the fake answers, with the error bodies GitHub really sends.

use bytes::Bytes;
use serde_json::{Value, json};

/// One HTTP answer.
#[derive(Clone, Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(&'static str, String)>,
    pub content_type: &'static str,
    pub body: Bytes,
}

impl Answer {
    /// A JSON body with a status.
    pub fn json(status: u16, body: &Value) -> Self {
        let body = Bytes::from(body.to_string());
        Self { status, headers: Vec::new(), content_type: "application/json; charset=utf-8", body }
    }

    /// 200 with JSON.
    pub fn ok(body: &Value) -> Self {
        Self::json(200, body)
    }

    /// 201 with JSON.
    pub fn created(body: &Value) -> Self {
        Self::json(201, body)
    }

    /// 204.
    pub fn no_content() -> Self {
        Self { body: Bytes::new(), ..Self::json(204, &Value::Null) }
    }

    /// The raw media type: the bytes of a file as they are.
    pub fn raw(body: Bytes) -> Self {
        Self {
            body,
            content_type: "application/vnd.github.raw+json; charset=utf-8",
            ..Self::ok(&Value::Null)
        }
    }

    /// An error as REST writes it: message, link to the documentation, the status once more.
    pub fn error(status: u16, message: &str) -> Self {
        let docs = "https://docs.github.com/rest";
        Self::json(
            status,
            &json!({"message": message, "documentation_url": docs, "status": status.to_string()}),
        )
    }

    /// 422 "Validation Failed" with its list of problems.
    pub fn invalid(errors: Value) -> Self {
        let docs = "https://docs.github.com/rest";
        Self::json(
            422,
            &json!({"message": "Validation Failed", "errors": errors, "documentation_url": docs, "status": "422"}),
        )
    }

    /// GraphQL failures travel as HTTP 200 with `errors[]`.
    pub fn graphql_error(kind: &str, message: &str) -> Self {
        Self::ok(&json!({
            "data": {"createCommitOnBranch": null},
            "errors": [{
                "type": kind,
                "path": ["createCommitOnBranch"],
                "locations": [{"line": 1, "column": 37}],
                "message": message,
            }],
        }))
    }

    /// Adds a header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// The plain 404.
    pub fn not_found() -> Self {
        Self::error(404, "Not Found")
    }

    /// 401 for a wrong or expired token.
    pub fn bad_credentials() -> Self {
        Self::error(401, "Bad credentials")
    }

    /// 403 for a token without the permission, with the header that names it.
    pub fn not_accessible(permission: &str) -> Self {
        Self::error(403, "Resource not accessible by integration")
            .with("x-accepted-github-permissions", permission)
    }

    /// The page of GitHub's front door when what stands behind it does not answer.
    pub fn bad_gateway() -> Self {
        let body = Bytes::from_static(
            b"<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n\
              <center><h1>502 Bad Gateway</h1></center>\r\n<hr><center>nginx</center>\r\n</body>\r\n</html>\r\n",
        );
        Self { body, content_type: "text/html", ..Self::json(502, &Value::Null) }
    }

    /// A secondary limit; it may come as 403 or 429, with or without `retry-after` in seconds.
    pub fn secondary_limit(status: u16, retry_after: Option<u64>) -> Self {
        let message = "You have exceeded a secondary rate limit. Please wait a few minutes before you try again. \
                       For more on scraping GitHub and how it may affect your rights, please review our Terms of \
                       Service (https://docs.github.com/en/site-policy/github-terms/github-terms-of-service)";
        let answer = Self::error(status, message);
        match retry_after {
            Some(seconds) => answer.with("retry-after", seconds.to_string()),
            None => answer,
        }
    }

    /// The hourly limit, which ends at `reset` (seconds since 1970).
    pub fn primary_limit(status: u16, reset: u64) -> Self {
        Self::error(status, "API rate limit exceeded for installation ID 1234567.")
            .with("x-ratelimit-limit", "1000")
            .with("x-ratelimit-remaining", "0")
            .with("x-ratelimit-used", "1000")
            .with("x-ratelimit-reset", reset.to_string())
            .with("x-ratelimit-resource", "core")
    }
}
