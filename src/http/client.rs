//! The clients beneath: one for services, one for links of strangers. Each is built when it is first needed.

use std::error::Error as _;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use reqwest::{Client, ClientBuilder, redirect};

use super::address::{HostResolver, may_follow};
use super::error::HttpError;

/// Longest time to wait for a connection; the attempt as a whole is bounded by its caller's time-out.
const CONNECT: Duration = Duration::from_secs(15);

/// Sent with every request: result hosts are known to refuse an empty one.
const AGENT: &str = concat!("image-fallback-action/", env!("CARGO_PKG_VERSION"));

/// A client that is built when it is first needed.
#[derive(Default)]
pub(super) struct LazyClient(OnceLock<Result<Client, String>>);

impl LazyClient {
    /// The client, built now if it has not been.
    ///
    /// # Errors
    /// [`HttpError::NoClient`] when this machine has no CA certificates.
    pub(super) fn client(&self, builder: fn() -> ClientBuilder) -> Result<&Client, HttpError> {
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

/// For services.
pub(super) fn service_client() -> ClientBuilder {
    // Keys travel with these requests, so a redirect stays on the host or is not followed at all.
    let same_host = redirect::Policy::custom(|attempt| {
        let stays = attempt.previous().first().is_some_and(|first| first.origin() == attempt.url().origin());
        if stays && attempt.previous().len() <= 5 { attempt.follow() } else { attempt.stop() }
    });
    base_client().redirect(same_host).dns_resolver(Arc::new(HostResolver { public_only: false }))
}

/// For services on this machine, to which no proxy leads.
pub(super) fn direct_client() -> ClientBuilder {
    service_client().no_proxy()
}

/// For links inside answers.
pub(super) fn link_client() -> ClientBuilder {
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
