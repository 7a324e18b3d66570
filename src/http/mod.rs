//! HTTP: one bounded exchange with a service, and the rules for addresses.
//!
//! The only user of reqwest beside the client for GitHub. A caller says what to send
//! ([`HttpRequest`]) and reads what came back ([`HttpResponse`]); size limits, redirects, unknown
//! hosts, broken connections and the rules for links inside answers live here, so that no caller
//! can forget them. What an answer means is the caller's to say.

use std::collections::HashSet;
use std::error::Error as _;
use std::io::ErrorKind;
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::{Duration, Instant};

use reqwest::Url;

use crate::fault::lock;
use address::{host, may_follow};
pub use address::{is_address, parts_of, path, path_of};
pub use client::use_ring;
use client::{LazyClient, direct_client, link_client, service_client};
pub use error::{HttpError, LARGEST_BODY};
pub use request::HttpRequest;
use response::read;
pub use response::{HttpResponse, LARGEST_TREE, seconds};
pub(crate) use response::{start_of, tree_of};

mod address;
mod client;
mod error;
#[cfg(test)]
pub(crate) mod mock;
mod request;
mod response;
#[cfg(test)]
mod tests;

/// A connection that died while nobody used it shows it this soon. One that breaks later died at
/// work, and the work may be paid for: it is not asked for again.
const AT_ONCE: Duration = Duration::from_secs(1);

/// Characters of a body that are shown.
const SHOWN: usize = 1_000;

/// A shared client; clones share connections. Nothing is built before the first request, so that a
/// run with nothing to do pays for no certificate store.
#[derive(Clone, Default)]
pub struct Http {
    clients: Arc<Clients>,
}

#[derive(Default)]
struct Clients {
    service: LazyClient,
    /// Whether services are on this machine.
    direct: bool,
    link: LazyClient,
    /// Hosts that answered in this run: only to them a connection can be open already.
    answered: Mutex<HashSet<String>>,
}

impl Http {
    /// A client for services on this machine, to which no proxy leads.
    pub fn direct() -> Self {
        Self { clients: Arc::new(Clients { direct: true, ..Clients::default() }) }
    }

    fn for_services(&self) -> Result<&reqwest::Client, HttpError> {
        self.clients.service.client(if self.clients.direct { direct_client } else { service_client })
    }

    /// Sends one request and reads the answer to its end, whatever its status. A redirect is followed
    /// on the same host only. When an open connection turns out to be dead, the request is sent once
    /// more.
    ///
    /// # Errors
    /// No whole answer within [`LARGEST_BODY`], or a redirect to another host.
    pub async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let client = self.for_services()?;
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
            self.for_services()?
        } else if may_follow(&url) {
            self.clients.link.client(link_client)?
        } else {
            let place = format!("{}, which is not a public https address", host(&url));
            return Err(HttpError::BadLink(place));
        };
        read(client.get(url).send().await).await
    }
}

/// Tells whoever asked for everything what goes to and fro. The log takes secrets out.
fn shown(what: impl FnOnce() -> String) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        tracing::debug!("{}", what());
    }
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
