//! HTTP: one bounded exchange with a service, and the rules for addresses.
//!
//! The only user of reqwest beside the client for GitHub. A caller says what to send
//! ([`HttpRequest`]) and reads what came back ([`HttpResponse`]); size limits, redirects, unknown
//! hosts, broken connections and the rules for links inside answers live here, so that no caller
//! can forget them. What an answer means is the caller's to say.

use std::collections::HashSet;
use std::error::Error as _;
use std::fmt;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock};
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::multipart::Form;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response, Url, redirect};
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::clock;
use crate::fault::lock;
use crate::memory::{Hold, MemoryAccount};
use crate::secret::{Secret, visible};
use crate::text::{short_line, whole_words};
use address::{HostResolver, PrivateHost, UnknownHost, host, may_follow};
pub use address::{is_address, parts_of, path, path_of};
pub use error::HttpError;

mod address;
mod error;
#[cfg(test)]
pub(crate) mod mock;
#[cfg(test)]
mod tests;

/// Largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// Largest body that is read as JSON of no fixed shape, in bytes: such a tree takes many times the
/// memory of its text.
pub const LARGEST_TREE: usize = 1024 * 1024;

/// Most entries of such a tree: an empty one takes three bytes of text and hundreds of memory.
const MOST_ENTRIES: usize = 16 * 1024;

/// Memory is asked for in steps of so many bytes while a body is read.
const STEP: usize = 256 * 1024;

/// From so many bytes on, memory for the largest body is set aside: to grow by doubling takes three times as much.
const GROWING: usize = 1024 * 1024;

/// To take a picture out of text takes so many times the text: without its escapes, without its line breaks, decoded.
const UNPACKING: u64 = 3;

/// Longest time to wait for a connection; the attempt as a whole is bounded by its caller's time-out.
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
    service: LazyClient,
    link: LazyClient,
    /// Hosts that answered in this run: only to them a connection can be open already.
    answered: Mutex<HashSet<String>>,
}

/// A client that is built when it is first needed.
#[derive(Default)]
struct LazyClient(OnceLock<Result<Client, String>>);

impl LazyClient {
    fn client(&self, builder: fn() -> ClientBuilder) -> Result<&Client, HttpError> {
        let built = self.0.get_or_init(|| {
            // The reason stands in the source; the error itself only says "builder error".
            let reason = |error: reqwest::Error| match error.source() {
                Some(cause) => cause.to_string(),
                None => error.to_string(),
            };
            builder().build().map_err(reason)
        });
        built.as_ref().map_err(|reason| HttpError::NoClient(reason.clone()))
    }
}

/// One request.
#[derive(Debug)]
pub struct HttpRequest {
    url: String,
    secrets: Vec<SecretHeader>,
    headers: Vec<(String, String)>,
    body: RequestBody,
}

/// A header whose value is a secret behind a scheme such as `Bearer `, which may be empty.
#[derive(Debug)]
struct SecretHeader {
    name: String,
    scheme: String,
    secret: Secret,
}

#[derive(Debug)]
enum RequestBody {
    None,
    Json(Value),
    Form(Vec<(String, String)>),
}

impl HttpRequest {
    /// A `GET`.
    pub fn get(url: impl Into<String>) -> Self {
        Self { url: url.into(), secrets: Vec::new(), headers: Vec::new(), body: RequestBody::None }
    }

    /// A `POST` of a JSON body.
    pub fn post_json(url: impl Into<String>, body: Value) -> Self {
        Self { body: RequestBody::Json(body), ..Self::get(url) }
    }

    /// A `POST` of a multipart form of text fields.
    pub fn post_form(
        url: impl Into<String>,
        fields: impl IntoIterator<Item = (impl Into<String>, String)>,
    ) -> Self {
        let fields = fields.into_iter().map(|(name, value)| (name.into(), value)).collect();
        Self { body: RequestBody::Form(fields), ..Self::get(url) }
    }

    /// With `Authorization: Bearer`.
    pub fn bearer(self, key: &Secret) -> Self {
        self.with_secret("authorization", "Bearer ", key)
    }

    /// With a header whose whole value is a secret. It is revealed when the request is sent.
    pub fn secret_header(self, name: impl Into<String>, secret: &Secret) -> Self {
        self.with_secret(name, "", secret)
    }

    fn with_secret(mut self, name: impl Into<String>, scheme: &str, secret: &Secret) -> Self {
        let header = SecretHeader { name: name.into(), scheme: scheme.to_owned(), secret: secret.clone() };
        self.secrets.push(header);
        self
    }

    /// With a header.
    pub fn header(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.headers.push((name.into(), value.into()));
        self
    }

    fn builder(&self, client: &Client) -> RequestBuilder {
        let mut request = match &self.body {
            RequestBody::None => client.get(&self.url),
            RequestBody::Json(body) => client.post(&self.url).json(body),
            RequestBody::Form(fields) => {
                let form = fields
                    .iter()
                    .fold(Form::new(), |form, (name, value)| form.text(name.clone(), value.clone()));
                client.post(&self.url).multipart(form)
            }
        };
        for (name, value) in &self.headers {
            request = request.header(name, value);
        }
        for SecretHeader { name, scheme, secret } in &self.secrets {
            let text = format!("{scheme}{}", secret.reveal());
            request = match HeaderValue::from_str(&text) {
                Ok(mut value) => {
                    value.set_sensitive(true);
                    request.header(name, value)
                }
                // Then sending says what is wrong with the header.
                Err(_) => request.header(name, text),
            };
        }
        request
    }
}

/// Tells whoever asked for everything what goes to and fro. The log takes secrets out.
fn shown(what: impl FnOnce() -> String) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        tracing::debug!("{}", what());
    }
}

/// Characters of a body that are shown.
const SHOWN: usize = 1_000;

/// A request as the log shows it: without the headers that hold a secret.
impl fmt::Display for HttpRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (method, body) = match &self.body {
            RequestBody::None => ("GET", String::new()),
            RequestBody::Json(body) => ("POST", body.to_string()),
            RequestBody::Form(fields) => ("POST", format!("{fields:?}")),
        };
        write!(f, "request: {method} {} {}", without_user(&self.url), short_line(&body, SHOWN))
    }
}

/// An address without user and password, which a mirror or gateway may need.
fn without_user(address: &str) -> String {
    let Ok(mut url) = Url::parse(address) else { return "an address that is not valid".to_owned() };
    // Both fail only for addresses that have neither.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url.into()
}

/// An answer as the log shows it.
impl fmt::Display for HttpResponse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = self.header("content-type").unwrap_or("no content type");
        write!(f, "HTTP {}, {kind}, {} bytes", self.status, self.body.len())?;
        match kind.starts_with("image/") {
            true => Ok(()),
            false => write!(f, ": {}", short_line(&self.text(), SHOWN)),
        }
    }
}

/// What came back, read to its end.
#[derive(Debug, Clone)]
pub struct HttpResponse {
    /// HTTP status.
    pub status: u16,
    /// The body, at most [`LARGEST_BODY`].
    pub body: Bytes,
    headers: HeaderMap,
    /// What the body takes, and what is made of it.
    hold: Arc<Hold>,
}

/// Bytes with the memory that they take.
struct HeldBytes {
    bytes: Bytes,
    _hold: Hold,
}

impl AsRef<[u8]> for HeldBytes {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl HttpResponse {
    /// Bytes that were made of the body and outlive it: their memory stays taken as long as they are there.
    pub fn outlived_by(&self, bytes: Bytes) -> Bytes {
        let hold = self.hold.account().charge(bytes.len() as u64);
        Bytes::from_owner(HeldBytes { bytes, _hold: hold })
    }

    /// Whether the status is 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// A header's value, if it is text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as JSON of this shape, `None` when it is not. Of a list the shape may keep the first entries only: so
    /// what is read takes no more than the body, which is counted.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as JSON of any shape, `None` when it is none or beyond [`LARGEST_TREE`].
    pub fn tree(&self) -> Option<Value> {
        tree_of(&self.body)
    }

    /// Whether the body is a page (HTML) instead of data.
    pub fn is_page(&self) -> bool {
        self.body.trim_ascii_start().starts_with(b"<")
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
}

/// A body as JSON of any shape, `None` when it is none, beyond [`LARGEST_TREE`], or of too many entries.
pub(crate) fn tree_of(body: &[u8]) -> Option<Value> {
    let begins_entry = |byte: &&u8| matches!(byte, b',' | b'[' | b'{');
    let is_small = body.len() <= LARGEST_TREE && body.iter().filter(begins_entry).count() <= MOST_ENTRIES;
    is_small.then(|| serde_json::from_slice(body).ok()).flatten()
}

/// The start of a body as text, ending with a whole word.
pub(crate) fn start_of(body: &[u8]) -> String {
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
    /// Sends one request and reads the answer to its end, whatever its status. A redirect is followed
    /// on the same host only. When an open connection turns out to be dead, the request is sent once
    /// more.
    ///
    /// # Errors
    /// No whole answer within [`LARGEST_BODY`], or a redirect to another host.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let client = self.clients.service.client(service_client)?;
        shown(|| request.to_string());
        let host = Url::parse(&request.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
        let started = Instant::now();
        let mut response = request.builder(client).send().await;
        let died = response.as_ref().is_err_and(died_unanswered) && started.elapsed() < AT_ONCE;
        if died && self.answered().contains(&host) {
            response = request.builder(client).send().await;
        }
        if response.is_ok() {
            self.answered().insert(host);
        }
        let answer = read(response).await;
        shown(|| match &answer {
            Ok(answer) => format!("answer after {:.1} s: {answer}", started.elapsed().as_secs_f64()),
            Err(error) => format!("no answer after {:.1} s: {error}", started.elapsed().as_secs_f64()),
        });
        answer
    }

    fn answered(&self) -> MutexGuard<'_, HashSet<String>> {
        lock(&self.clients.answered)
    }

    /// Fetches what an answer links to: https only, never a private or loopback address, without our
    /// credentials. A link to the host of `base`, the service's own base URL, is as trusted as that
    /// setting is.
    ///
    /// # Errors
    /// [`HttpError::BadLink`] for a link that may not be followed, and all of [`Http::send`].
    pub async fn fetch_link(&self, link: &str, base: &str) -> Result<HttpResponse, HttpError> {
        let (Ok(url), Ok(base)) = (Url::parse(link), Url::parse(base)) else {
            return Err(HttpError::BadLink("something that is not a valid address".to_owned()));
        };
        let client = if url.origin() == base.origin() {
            self.clients.service.client(service_client)?
        } else if may_follow(&url) {
            self.clients.link.client(link_client)?
        } else {
            let place = format!("{}, which is not a public https address", host(&url));
            return Err(HttpError::BadLink(place));
        };
        read(client.get(url).send().await).await
    }
}

/// Reads a response to its end, within [`LARGEST_BODY`].
async fn read(response: Result<Response, reqwest::Error>) -> Result<HttpResponse, HttpError> {
    let mut response = response.map_err(|error| lost(&error))?;
    let status = response.status().as_u16();
    if response.status().is_redirection() {
        let to = response.headers().get("location").and_then(|value| value.to_str().ok());
        return Err(HttpError::Redirected { status, to: to.unwrap_or("nowhere").to_owned() });
    }
    if response.content_length().is_some_and(|length| length > LARGEST_BODY as u64) {
        return Err(HttpError::TooLarge { status });
    }
    let headers = response.headers().clone();
    let length = response.content_length().and_then(|length| usize::try_from(length).ok());
    let mut hold = MemoryAccount::current().charge(0);
    let (mut body, mut held) = (BytesMut::new(), 0);
    while let Some(chunk) = response.chunk().await.map_err(|error| lost(&error))? {
        let read = body.len() + chunk.len();
        if read > LARGEST_BODY {
            return Err(HttpError::TooLarge { status });
        }
        if read > held {
            let step = STEP.max(read - held);
            hold.grow(step as u64).await;
            held += step;
        }
        if read > body.capacity() {
            let most = if read > GROWING { LARGEST_BODY } else { read };
            body.reserve(length.unwrap_or(most).max(read) - body.len());
        }
        body.extend_from_slice(&chunk);
    }
    if is_text(&body) {
        hold.grow(UNPACKING * body.len() as u64).await;
    }
    Ok(HttpResponse { status, headers, body: body.freeze(), hold: Arc::new(hold) })
}

/// Whether the body may hold a picture as text. WebP and GIF begin with letters.
fn is_text(body: &[u8]) -> bool {
    let begins_with = |start: &[u8]| body.starts_with(start);
    body.trim_ascii_start().first().is_some_and(u8::is_ascii_graphic)
        && !begins_with(b"RIFF")
        && !begins_with(b"GIF8")
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
fn lost(error: &reqwest::Error) -> HttpError {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = error.source();
    let mut words = String::new();
    while let Some(error) = cause {
        if let Some(UnknownHost(name)) = error.downcast_ref() {
            return HttpError::UnknownHost(name.clone());
        }
        if let Some(private) = error.downcast_ref::<PrivateHost>() {
            return HttpError::BadLink(format!("a place that may not be asked: {private}"));
        }
        words = error.to_string();
        cause = error.source();
    }
    let what = match error {
        _ if error.is_timeout() => "timed out",
        _ if error.is_connect() => "could not connect",
        _ if error.is_body() || error.is_decode() => "the connection broke in the middle of the answer",
        _ if error.is_builder() => return HttpError::Unsendable(words),
        _ => "no answer",
    };
    HttpError::Lost(if words.is_empty() { what.to_owned() } else { format!("{what}: {words}") })
}

fn service_client() -> ClientBuilder {
    // Keys travel with these requests, so a redirect stays on the host or is not followed at all.
    let same_host = redirect::Policy::custom(|attempt| {
        let stays = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
        if stays && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
    });
    base_client().redirect(same_host).dns_resolver(Arc::new(HostResolver { public_only: false }))
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
    base_client().no_proxy().redirect(public).dns_resolver(Arc::new(HostResolver { public_only: true }))
}

/// Lets TLS encrypt with `ring`, for every client of the process.
pub fn use_ring() {
    // Installing a second time answers with the first provider: any is as good as ours.
    let _ = rustls::crypto::ring::default_provider().install_default();
}

fn base_client() -> ClientBuilder {
    use_ring();
    Client::builder().user_agent(AGENT).connect_timeout(CONNECT)
}
