//! One request as it arrived, and the record a test reads afterwards.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use hyper::HeaderMap;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::answer::Answer;

/// One request.
#[derive(Clone, Debug)]
pub struct Call {
    pub method: String,
    /// Path and query as sent.
    pub path: String,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Call {
    /// The path below `prefix`, cut at slashes and then decoded, so that `%2F` stays inside its segment.
    pub fn segments(&self, prefix: &str) -> Option<Vec<String>> {
        let path = self.path.split('?').next().unwrap_or_default();
        let rest = path.strip_prefix(prefix)?.strip_prefix('/')?;
        Some(rest.split('/').map(decode).collect())
    }

    /// The query as a map.
    pub fn query(&self) -> BTreeMap<String, String> {
        let query = self.path.split_once('?').map(|(_, query)| query).unwrap_or_default();
        let pairs = query.split('&').filter(|pair| !pair.is_empty());
        pairs
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(key, value)| (decode(key), decode(&value.replace('+', " "))))
            .collect()
    }

    /// The body as JSON, or the 400 that a broken one gets.
    pub fn json(&self) -> Result<Value, Answer> {
        serde_json::from_slice(&self.body).map_err(|_| Answer::error(400, "Problems parsing JSON"))
    }

    /// A header's text.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// Whether the caller asked for the bytes of a file instead of JSON.
    pub fn wants_raw(&self) -> bool {
        self.header("accept").is_some_and(|accept| accept.contains("raw"))
    }

    /// Whether it may change something: anything but reading, and of GraphQL only mutations.
    pub fn is_mutation(&self) -> bool {
        match self.method.as_str() {
            "GET" | "HEAD" => false,
            _ if self.path.ends_with("/graphql") => String::from_utf8_lossy(&self.body).contains("mutation"),
            _ => true,
        }
    }
}

fn decode(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}

/// What became of a request.
#[derive(Clone, Debug)]
pub struct Request {
    pub call: Call,
    /// 0 until it is answered, and for ever when it never was.
    pub status: u16,
    /// Since the fake started.
    pub at: Duration,
    /// From arrival to answer.
    pub took: Duration,
}

impl Request {
    /// `PATCH /repos/acme/blog/git/refs/heads/main`: method, path and query.
    pub fn line(&self) -> String {
        format!("{} {}", self.call.method, self.call.path)
    }

    /// Bytes of the request's body.
    pub fn size(&self) -> usize {
        self.call.body.len()
    }
}
