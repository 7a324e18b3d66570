//! What comes back: an answer, read to its end within bounds.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use reqwest::Response;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;
use serde_json::Value;

use super::SHOWN;
use super::error::{HttpError, LARGEST_BODY, lost};
use crate::clock;
use crate::memory::{Hold, MemoryAccount};
use crate::secret::visible;
use crate::text::{short_line, whole_words};

/// Largest body that is read as JSON of no fixed shape, in bytes: such a tree takes many times the
/// memory of its text.
pub const LARGEST_TREE: usize = 1024 * 1024;

/// Most entries of such a tree: an empty one takes three bytes of text and hundreds of memory.
pub(super) const MOST_ENTRIES: usize = 16 * 1024;

/// Memory is asked for in steps of so many bytes while a body is read.
const STEP: usize = 256 * 1024;

/// From so many bytes on, memory for the largest body is set aside: to grow by doubling takes three times as much.
const GROWING: usize = 1024 * 1024;

/// To take a picture out of text takes so many times the text: without its escapes, without its line breaks, decoded.
const UNPACKING: u64 = 3;

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

    /// The body as JSON of any shape, `None` when it is not valid JSON or beyond [`LARGEST_TREE`].
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

/// A body as JSON of any shape, `None` when it is not valid JSON, beyond [`LARGEST_TREE`], or of too many entries.
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

/// Reads a response to its end, within [`LARGEST_BODY`].
pub(super) async fn read(response: Result<Response, reqwest::Error>) -> Result<HttpResponse, HttpError> {
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
