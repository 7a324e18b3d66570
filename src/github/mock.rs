//! A scripted GitHub for the tests of this folder: answers by a function, remembers every request.

use std::time::Duration;

use serde_json::Value;

use super::client::{Client, Options};
use super::error::{ApiError, ErrorKind};
use super::sha::Sha;
use crate::http::mock::{self, Asked};
use crate::secret::Secret;

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(super) struct Seen {
    pub(super) method: String,
    /// Path and query, as sent.
    pub(super) path: String,
    pub(super) headers: hyper::HeaderMap,
    pub(super) body: Value,
}

impl Seen {
    fn of(asked: &Asked) -> Self {
        let (method, path) = (asked.method.clone(), asked.target.clone());
        let body = serde_json::from_slice(&asked.body).unwrap_or(Value::Null);
        Self { method, path, headers: asked.headers.clone(), body }
    }
}

/// What to answer.
pub(super) enum Reply {
    Json(u16, Value),
    Headers(u16, Vec<(&'static str, String)>, Value),
    Text(u16, &'static str),
    /// Never.
    Silence,
}

impl From<Reply> for mock::Reply {
    fn from(reply: Reply) -> Self {
        match reply {
            Reply::Json(status, body) => Self::json(status, body.to_string()),
            Reply::Headers(status, headers, body) => headers
                .iter()
                .fold(Self::json(status, body.to_string()), |reply, (name, value)| reply.header(name, value)),
            Reply::Text(status, body) => Self::bytes(status, "text/html", body),
            Reply::Silence => Self::hangs(),
        }
    }
}

pub(super) struct Mock {
    pub(super) address: String,
    server: mock::Mock,
}

impl Mock {
    /// Starts a server that answers with `script`, given the request and how many came before it.
    pub(super) async fn start(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let server =
            mock::Mock::answering(move |asked, before| script(&Seen::of(asked), before).into()).await;
        Self { address: server.url().to_owned(), server }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.server.asked().iter().map(Seen::of).collect()
    }

    /// `METHOD path` of every request, without what all of them begin with.
    pub(super) fn calls(&self) -> Vec<String> {
        let short =
            |seen: &Seen| format!("{} {}", seen.method, seen.path.trim_start_matches("/repos/acme/blog"));
        self.seen().iter().map(short).collect()
    }

    /// Options for this server that neither wait nor pause.
    pub(super) fn options(&self) -> Options {
        let mut options = Options::new(
            &self.address,
            &format!("{}/graphql", self.address),
            "acme/blog",
            Secret::new("ghs_0123456789").unwrap(),
        );
        options.pause = Duration::ZERO;
        options
    }

    pub(super) fn client(&self) -> Client {
        Client::new(self.options()).unwrap()
    }
}

/// An id of one digit.
pub(super) fn sha(digit: char) -> Sha {
    Sha::parse(&digit.to_string().repeat(40)).unwrap()
}

/// The kind of a failure.
pub(super) fn kind<T: std::fmt::Debug>(result: Result<T, ApiError>) -> ErrorKind {
    result.unwrap_err().kind
}
