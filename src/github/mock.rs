//! A scripted server for the tests of this folder: answers by a function, remembers every request.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use tokio::net::TcpListener;

use super::client::{Client, Options};
use super::error::{ApiError, ErrorKind};
use super::sha::Sha;
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

/// What to answer.
pub(super) enum Reply {
    Json(u16, Value),
    Headers(u16, Vec<(&'static str, String)>, Value),
    Text(u16, &'static str),
    /// Never.
    Silence,
}

pub(super) struct Mock {
    pub(super) address: String,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Mock {
    /// Starts a server that answers with `script`, given the request and how many came before it.
    pub(super) async fn start(script: impl Fn(&Seen, usize) -> Reply + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let (script, log) = (Arc::new(script), Arc::clone(&seen));
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                let service = service_fn(move |request| {
                    let (script, log) = (Arc::clone(&script), Arc::clone(&log));
                    async move { Ok::<_, Infallible>(answer(request, &*script, &log).await) }
                });
                let server = hyper::server::conn::http1::Builder::new();
                tokio::spawn(server.serve_connection(TokioIo::new(stream), service));
            }
        });
        Self { address, seen }
    }

    pub(super) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
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

async fn answer(
    request: Request<Incoming>,
    script: &(dyn Fn(&Seen, usize) -> Reply + Send + Sync),
    log: &Mutex<Vec<Seen>>,
) -> Response<Full<Bytes>> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    let seen = Seen {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().unwrap().to_string(),
        headers: parts.headers,
        body: serde_json::from_slice(&body).unwrap_or(Value::Null),
    };
    let reply = {
        let mut log = log.lock().unwrap();
        log.push(seen.clone());
        script(&seen, log.len() - 1)
    };
    let (status, headers, body) = match reply {
        Reply::Json(status, body) => (status, vec![], body.to_string()),
        Reply::Headers(status, headers, body) => (status, headers, body.to_string()),
        Reply::Text(status, body) => (status, vec![], body.to_owned()),
        Reply::Silence => std::future::pending().await,
    };
    let mut response = Response::builder().status(status);
    for (name, value) in headers {
        response = response.header(name, value);
    }
    response.body(Full::from(body)).unwrap()
}

/// An id of one digit.
pub(super) fn sha(digit: char) -> Sha {
    Sha::parse(&digit.to_string().repeat(40)).unwrap()
}

/// The kind of a failure.
pub(super) fn kind<T: std::fmt::Debug>(result: Result<T, ApiError>) -> ErrorKind {
    result.unwrap_err().kind
}
