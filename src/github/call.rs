//! One call: what is sent, what it is for, and what it takes.

use serde_json::Value;

/// What a call is for and what it takes: enough to pace it, and to say what went wrong.
pub(super) struct Purpose {
    /// For messages, as in "creating a blob".
    pub(super) what: String,
    /// The permission it takes, as the line of `permissions:`.
    pub(super) needs: &'static str,
    /// Whether it may change something.
    pub(super) writes: bool,
}

impl Purpose {
    pub(super) fn reading(what: impl Into<String>, needs: &'static str) -> Self {
        Self { what: what.into(), needs, writes: false }
    }

    pub(super) fn writing(what: impl Into<String>, needs: &'static str) -> Self {
        Self { what: what.into(), needs, writes: true }
    }
}

/// A call that is worded and read here. Which calls octocrab words and reads instead, and why not all,
/// is `docs/decisions/0006-which-calls-octocrab-words.md`.
pub(super) struct ApiCall {
    pub(super) purpose: Purpose,
    pub(super) method: Method,
    /// What follows `/repos/<owner>/<name>`, encoded.
    pub(super) route: String,
    pub(super) accept: Option<&'static str>,
}

/// How it is sent.
pub(super) enum Method {
    Get,
    Post(Value),
    Patch(Value),
    Graphql(Value),
}

impl Method {
    /// As HTTP has it.
    pub(super) fn name(&self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post(_) | Self::Graphql(_) => "POST",
            Self::Patch(_) => "PATCH",
        }
    }
}

/// A call that octocrab words and reads.
pub(super) struct TypedCall {
    pub(super) purpose: Purpose,
    /// As HTTP has it; octocrab tells neither this nor the route, and the log shows both.
    pub(super) method: &'static str,
    /// As that of an [`ApiCall`].
    pub(super) route: String,
}

impl TypedCall {
    pub(super) fn new(purpose: Purpose, method: &'static str, route: String) -> Self {
        Self { purpose, method, route }
    }
}

impl ApiCall {
    pub(super) fn get(route: String, what: impl Into<String>, needs: &'static str) -> Self {
        Self { purpose: Purpose::reading(what, needs), method: Method::Get, route, accept: None }
    }

    pub(super) fn post(route: String, body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self::writing(Method::Post(body), route, what, needs)
    }

    pub(super) fn patch(route: String, body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self::writing(Method::Patch(body), route, what, needs)
    }

    pub(super) fn graphql(body: Value, what: impl Into<String>, needs: &'static str) -> Self {
        Self::writing(Method::Graphql(body), String::new(), what, needs)
    }

    fn writing(method: Method, route: String, what: impl Into<String>, needs: &'static str) -> Self {
        Self { purpose: Purpose::writing(what, needs), method, route, accept: None }
    }

    /// Asks for the bytes of a file instead of JSON about it.
    pub(super) fn raw(mut self) -> Self {
        self.accept = Some("application/vnd.github.raw+json");
        self
    }
}
