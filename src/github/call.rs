//! One call: what is sent, what it is for, and what it takes.

use serde_json::Value;

/// What one call is.
pub(super) struct ApiCall {
    pub(super) method: Method,
    /// What follows `/repos/<owner>/<name>`, encoded.
    pub(super) route: String,
    /// For messages, as in "creating a blob".
    pub(super) what: String,
    /// The permission it takes, as the line of `permissions:`.
    pub(super) needs: &'static str,
    pub(super) accept: Option<&'static str>,
}

/// How it is sent.
pub(super) enum Method {
    Get,
    Post(Value),
    Patch(Value),
    Graphql(Value),
}

impl ApiCall {
    pub(super) fn get(route: String, what: impl Into<String>, needs: &'static str) -> Self {
        Self { method: Method::Get, route, what: what.into(), needs, accept: None }
    }

    pub(super) fn post(route: String, body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self { method: Method::Post(body), ..Self::get(route, what, needs) }
    }

    pub(super) fn patch(route: String, body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self { method: Method::Patch(body), ..Self::get(route, what, needs) }
    }

    pub(super) fn graphql(body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self { method: Method::Graphql(body), ..Self::get(String::new(), what, needs) }
    }

    /// Asks for the bytes of a file instead of JSON about it.
    pub(super) fn raw(mut self) -> Self {
        self.accept = Some("application/vnd.github.raw+json");
        self
    }

    /// Whether it may change something.
    pub(super) fn writes(&self) -> bool {
        !matches!(self.method, Method::Get)
    }
}
