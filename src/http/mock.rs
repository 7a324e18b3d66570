//! A small HTTP server for tests: scripted replies per path, and a record of what was asked.
//!
//! A script is a queue: each request takes the next reply of the longest prefix that its path
//! matches, and the last reply stays. Whatever has no script is answered 404 `no script`. A function
//! may answer instead.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;

/// What the server does with a request.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Script,
}

#[derive(Debug, Clone)]
enum Script {
    Whole(Bytes),
    /// Announces twice the bytes, sends them once and drops the connection.
    Cut(Bytes),
    /// Sends forever.
    Endless,
    /// Accepts the request and never answers.
    Hangs,
    /// Drops the connection before any byte of an answer.
    Drops,
}

impl Reply {
    /// A JSON body.
    pub(crate) fn json(status: u16, body: impl Into<String>) -> Self {
        Self::bytes(status, "application/json", body.into())
    }

    /// A body of any type.
    pub(crate) fn bytes(status: u16, content_type: &str, body: impl Into<Bytes>) -> Self {
        Self { status, headers: Vec::new(), body: Script::Whole(body.into()) }
            .header("content-type", content_type)
    }

    /// A redirect.
    pub(crate) fn redirect(status: u16, location: &str) -> Self {
        Self::scripted(status, Script::Whole(Bytes::new())).header("location", location)
    }

    /// An answer whose connection breaks in the middle of the body.
    pub(crate) fn cut(body: impl Into<Bytes>) -> Self {
        Self::scripted(200, Script::Cut(body.into()))
    }

    /// An answer whose body never ends.
    pub(crate) fn endless() -> Self {
        Self::scripted(200, Script::Endless)
    }

    /// No answer, ever.
    pub(crate) fn hangs() -> Self {
        Self::scripted(200, Script::Hangs)
    }

    /// No answer, and the connection is closed.
    pub(crate) fn drops() -> Self {
        Self::scripted(200, Script::Drops)
    }

    /// With a header.
    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    fn scripted(status: u16, body: Script) -> Self {
        Self { status, headers: Vec::new(), body }
    }
}

/// A request as it arrived.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// `GET`, `POST`, ..
    pub method: String,
    /// Path and query as sent.
    pub target: String,
    /// The body.
    pub body: Bytes,
    /// The headers.
    pub headers: hyper::HeaderMap,
}

impl Asked {
    /// A header's value; empty when absent.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).expect("a JSON body")
    }

    /// The body as text.
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

/// The running server; it stops when this is dropped.
pub(crate) struct Mock {
    url: String,
    state: Arc<Mutex<State>>,
    server: tokio::task::JoinHandle<()>,
}

#[derive(Default)]
struct State {
    scripts: Vec<(String, VecDeque<Reply>)>,
    asked: Vec<Asked>,
    watch: Option<Watch>,
    answers: Option<Answers>,
}

type Watch = Box<dyn FnMut(&Asked) + Send>;
type Answers = Box<dyn FnMut(&Asked, usize) -> Reply + Send>;

impl Mock {
    /// Starts a server on a free port of this machine.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let state = Arc::new(Mutex::new(State::default()));
        let server = tokio::spawn(serve(listener, Arc::clone(&state)));
        Self { url, state, server }
    }

    /// The same, answering by a function of the request and of how many came before it.
    pub(crate) async fn answering(answers: impl FnMut(&Asked, usize) -> Reply + Send + 'static) -> Self {
        let mock = Self::start().await;
        lock(&mock.state).answers = Some(Box::new(answers));
        mock
    }

    /// Base URL, without a trailing slash.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Adds a reply to the script of every path (with query) that begins with `prefix`.
    pub(crate) fn on(&self, prefix: &str, reply: Reply) -> &Self {
        let mut state = lock(&self.state);
        match state.scripts.iter_mut().find(|(known, _)| known == prefix) {
            Some((_, replies)) => replies.push_back(reply),
            None => state.scripts.push((prefix.to_owned(), VecDeque::from([reply]))),
        }
        self
    }

    /// Calls this with every request before it is answered.
    pub(crate) fn watch(&self, watch: impl FnMut(&Asked) + Send + 'static) {
        lock(&self.state).watch = Some(Box::new(watch));
    }

    /// Everything that was asked so far, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        lock(&self.state).asked.clone()
    }

    /// The paths (with query) that were asked so far.
    pub(crate) fn targets(&self) -> Vec<String> {
        self.asked().into_iter().map(|asked| asked.target).collect()
    }
}

impl Drop for Mock {
    fn drop(&mut self) {
        self.server.abort();
    }
}

fn lock(state: &Mutex<State>) -> MutexGuard<'_, State> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

impl State {
    /// Keeps the request, and gives its reply.
    fn arrives(&mut self, asked: Asked) -> Reply {
        let reply = match &mut self.answers {
            Some(answers) => answers(&asked, self.asked.len()),
            None => self.scripted(&asked.target),
        };
        if let Some(watch) = &mut self.watch {
            watch(&asked);
        }
        self.asked.push(asked);
        reply
    }

    fn scripted(&mut self, target: &str) -> Reply {
        let script = self
            .scripts
            .iter_mut()
            .filter(|(prefix, _)| target.starts_with(prefix.as_str()))
            .max_by_key(|(prefix, _)| prefix.len());
        match script {
            Some((_, replies)) if replies.len() > 1 => replies.pop_front(),
            Some((_, replies)) => replies.front().cloned(),
            None => None,
        }
        .unwrap_or_else(|| Reply::bytes(404, "text/plain", "no script"))
    }
}

async fn serve(listener: TcpListener, state: Arc<Mutex<State>>) {
    // Connections live in this set, so that they end with the server.
    let mut connections = tokio::task::JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let state = Arc::clone(&state);
        connections.spawn(async move {
            let service = service_fn(|request| answer(request, &state));
            // A client that goes away in the middle is part of the tests.
            let _ = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service)
                .await;
        });
    }
}

type Body = BoxBody<Bytes, io::Error>;

async fn answer(
    request: hyper::Request<Incoming>,
    state: &Mutex<State>,
) -> Result<hyper::Response<Body>, io::Error> {
    let (parts, body) = request.into_parts();
    let body = body.collect().await.map_err(io::Error::other)?.to_bytes();
    let target = parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default();
    let asked = Asked { method: parts.method.to_string(), target, body, headers: parts.headers };
    let reply = lock(state).arrives(asked);

    let mut response = hyper::Response::builder().status(reply.status);
    for (name, value) in &reply.headers {
        response = response.header(name, value);
    }
    let body = match reply.body {
        Script::Whole(bytes) => Full::new(bytes).map_err(|never: Infallible| match never {}).boxed(),
        Script::Cut(bytes) => {
            response = response.header("content-length", bytes.len() * 2);
            let broken = stream::once(async {
                // The first half has to leave before the connection does.
                tokio::time::sleep(Duration::from_millis(20)).await;
                Err(io::Error::other("cut"))
            });
            streamed(stream::iter([Ok(bytes)]).chain(broken))
        }
        Script::Endless => streamed(stream::repeat_with(|| Ok(Bytes::from_static(&[0; 64 * 1024])))),
        Script::Hangs => std::future::pending().await,
        Script::Drops => return Err(io::Error::other("dropped")),
    };
    response.body(body).map_err(io::Error::other)
}

fn streamed(chunks: impl stream::Stream<Item = io::Result<Bytes>> + Send + Sync + 'static) -> Body {
    BoxBody::new(StreamBody::new(chunks.map(|chunk| chunk.map(Frame::data))))
}
