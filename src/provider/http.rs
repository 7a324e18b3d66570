//! The travelling: one bounded HTTP exchange, and the classes that transport alone decides.
//!
//! The only user of reqwest. Providers say what to send ([`Call`]) and read what came back
//! ([`Answer`]); size limits, redirects, dead hosts, broken connections and the rules for links
//! inside answers live here, so that no provider can forget them.

use std::collections::HashSet;
use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::multipart::Form;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::failure::{Class, Failure, whole_words};
use crate::clock;
use crate::secret::{Secret, visible};
use address::{DeadHost, Lookup, PrivateHost, host, may_follow};
pub use address::{is_address, path, path_of, segment};

mod address;

/// Largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// Largest body that is read as JSON of no fixed shape, in bytes: such a tree takes many times the
/// memory of its text.
pub const LARGEST_TREE: usize = 1024 * 1024;

/// Longest time to wait for a connection; the attempt as a whole is bounded by its provider's time-out.
const CONNECT: Duration = Duration::from_secs(15);

/// A connection that died while nobody used it shows it this soon. One that breaks later died at
/// work, and the work may be paid for: it is not asked for again.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Sent with every request: result hosts are known to refuse an empty one.
const AGENT: &str = concat!("image-fallback-action/", env!("CARGO_PKG_VERSION"));

/// A shared client; clones share connections. Nothing is built before the first request, so that a
/// run with nothing to do pays for no certificate store.
#[derive(Clone, Default)]
pub struct Http {
    clients: Arc<Clients>,
}

#[derive(Default)]
struct Clients {
    service: OnceLock<Result<Client, String>>,
    link: OnceLock<Result<Client, String>>,
    /// Hosts that answered in this run: only to them a connection can be open already.
    answered: Mutex<HashSet<String>>,
}

/// One request to a provider.
pub struct Call {
    url: String,
    bearer: Option<Secret>,
    headers: Vec<(&'static str, String)>,
    body: Body,
}

enum Body {
    None,
    Json(Value),
    Form(Vec<(&'static str, String)>),
}

impl Call {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), bearer: None, headers: Vec::new(), body: Body::None }
    }

    /// A `POST` of a JSON body.
    pub fn post_json(url: impl Into<String>, body: Value) -> Self {
        Self { body: Body::Json(body), ..Self::get(url) }
    }

    /// A `POST` of a multipart form of text fields.
    pub fn post_form(url: impl Into<String>, fields: Vec<(&'static str, String)>) -> Self {
        Self { body: Body::Form(fields), ..Self::get(url) }
    }

    /// With `Authorization: Bearer`.
    pub fn bearer(mut self, key: &Secret) -> Self {
        self.bearer = Some(key.clone());
        self
    }

    /// With a header.
    pub fn header(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    fn request(&self, client: &Client) -> RequestBuilder {
        let request = match &self.body {
            Body::None => client.get(&self.url),
            Body::Json(body) => client.post(&self.url).json(body),
            Body::Form(fields) => {
                let form =
                    fields.iter().fold(Form::new(), |form, (name, value)| form.text(*name, value.clone()));
                client.post(&self.url).multipart(form)
            }
        };
        let request = match &self.bearer {
            Some(key) => request.bearer_auth(key.reveal()),
            None => request,
        };
        self.headers.iter().fold(request, |request, (name, value)| request.header(*name, value))
    }
}

/// What came back, read to its end.
#[derive(Debug, Clone)]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// The body, at most [`LARGEST_BODY`].
    pub body: Bytes,
    headers: reqwest::header::HeaderMap,
}

impl Answer {
    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON of this shape, `None` when it is not.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as JSON of any shape, `None` when it is none or beyond [`LARGEST_TREE`].
    pub fn tree(&self) -> Option<Value> {
        if self.body.len() > LARGEST_TREE { None } else { self.json() }
    }

    /// The start of the body as text, for a message.
    pub fn text(&self) -> String {
        start_of(&self.body)
    }

    /// How long the service asks us to wait: `retry-after-ms`, `Retry-After` in seconds or as a
    /// date, or the `t=` of a `RateLimit` header.
    pub fn retry_after(&self) -> Option<Duration> {
        if let Some(ms) = self.header("retry-after-ms").and_then(|value| value.trim().parse::<f64>().ok()) {
            return Duration::try_from_secs_f64(ms / 1000.0).ok();
        }
        if let Some(value) = self.header("retry-after") {
            return seconds(value).or_else(|| until_date(value));
        }
        let limit = self.header("ratelimit")?;
        limit.split(';').find_map(|part| part.trim().strip_prefix("t=")).and_then(seconds)
    }

    /// A failure that this answer tells.
    pub fn fails(&self, class: Class, message: impl AsRef<str>) -> Failure {
        let failure = Failure::answered(class, self.status, message);
        let instead = match failure.message.chars().next() {
            None => "without a message",
            Some('<') => "with a page instead of a message",
            Some(_) => return failure,
        };
        Failure { message: format!("HTTP {} {instead}", self.status), ..failure }
    }

    /// The classes that a status decides alone once the provider's own codes said nothing. It is
    /// the last resort of every provider's table, never the first look: see `docs/providers.md`.
    pub fn by_status(&self) -> Class {
        match self.status {
            200..=299 => Class::Unusable,
            401 | 403 => Class::CredentialsRejected,
            402 => Class::OutOfCredit,
            404 | 410 => Class::Gone,
            408 | 425 | 500..=599 => Class::Transient,
            429 => Class::rate_limited(self.retry_after()),
            _ => Class::BadRequest,
        }
    }
}

/// The start of a body as text, ending with a whole word.
pub(super) fn start_of(body: &[u8]) -> String {
    const MOST: usize = 2_000;
    let text = String::from_utf8_lossy(&body[..body.len().min(MOST)]);
    if body.len() > MOST { whole_words(&visible(&text)).to_owned() } else { text.into_owned() }
}

/// A number of seconds, fractions allowed, as a duration.
pub fn seconds(text: &str) -> Option<Duration> {
    Duration::try_from_secs_f64(text.trim().parse().ok()?).ok()
}

/// The time from now to an HTTP date; zero when it has passed.
fn until_date(text: &str) -> Option<Duration> {
    let date = jiff::fmt::rfc2822::DateTimeParser::new().parse_timestamp(text.trim()).ok()?;
    Some(date.duration_since(clock::now()).try_into().unwrap_or_default())
}

impl Http {
    /// Sends one request and reads the answer to its end. A redirect is followed on the same host
    /// only. When an open connection turns out to be dead, the request is sent once more.
    ///
    /// # Errors
    /// No whole answer: `Gone` for a host name that does not exist or a redirect to another host,
    /// `Unusable` for a body beyond [`LARGEST_BODY`], else `Transient`.
    pub async fn send(&self, call: Call) -> Result<Answer, Failure> {
        let client = self.clients.service.get_or_init(|| build(service_client())).as_ref();
        let client = client.map_err(|reason| Failure::new(Class::Transient, reason))?;
        let host = Url::parse(&call.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let started = Instant::now();
        let mut response = call.request(client).send().await;
        let died = response.as_ref().is_err_and(died_unanswered) && started.elapsed() < AT_ONCE;
        if died && self.answered().contains(&host) {
            response = call.request(client).send().await;
        }
        if response.is_ok() {
            self.answered().insert(host);
        }
        read(response).await
    }

    fn answered(&self) -> MutexGuard<'_, HashSet<String>> {
        self.clients.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Fetches a picture that an answer links to: https only, never a private or loopback address,
    /// without our credentials. A link to the host of `base`, the provider's own base URL, is as
    /// trusted as that setting is.
    ///
    /// # Errors
    /// `Unusable` for a link that may not be followed or that gives no picture: a dead link says
    /// nothing about the model. `Transient` when the link's host is in trouble.
    pub async fn fetch_link(&self, link: &str, base: &str) -> Result<Bytes, Failure> {
        let (Ok(url), Ok(base)) = (Url::parse(link), Url::parse(base)) else {
            return Err(Failure::unusable("the answer links to something that is no address"));
        };
        let own = url.origin() == base.origin();
        if !own && !may_follow(&url) {
            return Err(Failure::unusable(format!(
                "the answer links to {}, which is not a public https address",
                host(&url)
            )));
        }
        let client = if own { &self.clients.service } else { &self.clients.link };
        let client =
            client.get_or_init(|| build(if own { service_client() } else { link_client() })).as_ref();
        let client = client.map_err(|reason| Failure::new(Class::Transient, reason))?;
        let answer = read(client.get(url).send().await).await.map_err(|failure| match failure.class {
            Class::Gone => Failure { class: Class::Unusable, ..failure }.told_by("the link in the answer"),
            _ => failure,
        })?;
        if answer.is_success() {
            return Ok(answer.body);
        }
        let class = if answer.status >= 500 { Class::Transient } else { Class::Unusable };
        Err(answer.fails(class, format!("the link in the answer gave HTTP {}", answer.status)))
    }
}

/// Reads a response to its end, within [`LARGEST_BODY`].
async fn read(response: Result<Response, reqwest::Error>) -> Result<Answer, Failure> {
    let mut response = response.map_err(|error| lost(&error))?;
    let status = response.status().as_u16();
    if response.status().is_redirection() {
        let target =
            response.headers().get("location").and_then(|value| value.to_str().ok()).unwrap_or("nowhere");
        return Err(Failure::answered(
            Class::Gone,
            status,
            format!(
                "the endpoint redirects to {target}; if that is the provider's new address, set it as base URL"
            ),
        ));
    }
    let too_large = || {
        let limit = LARGEST_BODY / (1024 * 1024);
        Failure::answered(Class::Unusable, status, format!("the answer is larger than {limit} MB"))
    };
    if response.content_length().is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(too_large());
    }
    let headers = response.headers().clone();
    let mut body = BytesMut::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        if body.len() + chunk.len() > LARGEST_BODY {
            return Err(too_large());
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Answer { status, headers, body: body.freeze() })
}

/// Whether the connection ended before the first byte of an answer. Hyper keeps the type of its
/// error to itself, so its words are compared; a test holds them.
fn died_unanswered(error: &reqwest::Error) -> bool {
    let causes = std::iter::successors(error.source(), |cause| (*cause).source());
    !error.is_connect()
        && causes.into_iter().any(|cause| match cause.downcast_ref::<std::io::Error>() {
            Some(io) => matches!(io.kind(), ErrorKind::ConnectionReset | ErrorKind::BrokenPipe),
            None => cause.to_string() == "connection closed before message completed",
        })
}

/// A request that got no whole answer. The address is left out of the text: it may hold a prompt.
fn lost(error: &reqwest::Error) -> Failure {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut words = String::new();
    while let Some(error) = cause {
        if let Some(DeadHost(name)) = error.downcast_ref() {
            return Failure::new(
                Class::Gone,
                format!("the host {name} does not exist (any more); check the base URL"),
            );
        }
        if let Some(private) = error.downcast_ref::<PrivateHost>() {
            return Failure::unusable(format!(
                "the answer links to a place that may not be asked: {private}"
            ));
        }
        words = error.to_string();
        cause = error.source();
    }
    let what = match error {
        _ if error.is_timeout() => "timed out",
        _ if error.is_connect() => "could not connect",
        _ if error.is_body() || error.is_decode() => "the connection broke in the middle of the answer",
        _ if error.is_builder() => {
            return Failure::new(Class::BadRequest, format!("the request cannot be built: {words}"));
        }
        _ => "no answer",
    };
    Failure::new(
        Class::Transient,
        if words.is_empty() { what.to_owned() } else { format!("{what}: {words}") },
    )
}

fn build(builder: ClientBuilder) -> Result<Client, String> {
    builder.build().map_err(|error| {
        let cause = error.source().map_or_else(|| error.to_string(), ToString::to_string);
        format!("no HTTPS client: {cause}; the CA certificates may be missing (set SSL_CERT_FILE)")
    })
}

fn service_client() -> ClientBuilder {
    // Keys travel with these requests, so a redirect stays on the host or is not followed at all.
    let same_host = redirect::Policy::custom(|attempt| {
        let stays = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
        if stays && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
    });
    base_client().redirect(same_host).dns_resolver(Arc::new(Lookup { public_only: false }))
}

fn link_client() -> ClientBuilder {
    // A link comes from a stranger: each hop is judged by its address, and each name by what it
    // resolves to at the moment of connecting. A proxy would resolve on our behalf, unseen.
    let public = redirect::Policy::custom(|attempt| {
        if may_follow(attempt.url()) && attempt.previous().len() <= 5 {
            attempt.follow()
        } else {
            attempt.stop()
        }
    });
    base_client().no_proxy().redirect(public).dns_resolver(Arc::new(Lookup { public_only: true }))
}

fn base_client() -> ClientBuilder {
    // Installing a second time answers with the first provider: any is as good as ours.
    let _ = rustls::crypto::ring::default_provider().install_default();
    Client::builder().user_agent(AGENT).connect_timeout(CONNECT)
}
