//! Why a request has no whole answer.

use std::error::Error as _;

use super::address::{PrivateHost, UnknownHost};

/// Largest body that is read, in bytes.
pub const LARGEST_BODY: usize = 25 * 1024 * 1024;

/// Why a request has no whole answer, in words for the person who set the address. The text of an
/// address is never part of it, except a host's name: it may hold a prompt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No client can be built on this machine.
    #[error("no HTTPS client: {0}; the CA certificates may be missing (set SSL_CERT_FILE)")]
    NoClient(String),
    /// The request itself is malformed.
    #[error("the request cannot be built: {0}")]
    Unsendable(String),
    /// The name of the host does not exist.
    #[error("the host {0} does not exist; check the base URL")]
    UnknownHost(String),
    /// A redirect that leads to another host, or in a circle.
    #[error("the service redirects to {to}; if that is its new address, set it as base URL")]
    Redirected {
        /// HTTP status of the redirect.
        status: u16,
        /// The address it leads to, as given.
        to: String,
    },
    /// The body is larger than [`LARGEST_BODY`].
    #[error("the answer is larger than {} MB", LARGEST_BODY / (1024 * 1024))]
    TooLarge {
        /// HTTP status of the answer.
        status: u16,
    },
    /// A link inside an answer that may not be followed.
    #[error("the answer links to {0}")]
    BadLink(String),
    /// No connection, or one that broke.
    #[error("{0}")]
    Lost(String),
}

impl HttpError {
    /// The HTTP status, where there was one.
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Redirected { status, .. } | Self::TooLarge { status } => Some(*status),
            Self::NoClient(_)
            | Self::Unsendable(_)
            | Self::UnknownHost(_)
            | Self::BadLink(_)
            | Self::Lost(_) => None,
        }
    }
}

/// A request that got no whole answer. The address is left out of the text: it may hold a prompt.
pub(super) fn lost(error: &reqwest::Error) -> HttpError {
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
