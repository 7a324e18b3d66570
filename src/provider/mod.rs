//! Image services: the trait they share, the catalogue, and what a catalogue line says.
//!
//! A new service is one file beside this one and one line in `built_in`. Everything else (the
//! settings that name it, the `providers` table, the chain, the report) reads the [`Catalogue`].

mod catalogue;
mod described;
mod error_body;
pub mod failure;
pub(crate) mod few;
mod models;
mod picture;
mod price;
mod probe;
pub(crate) mod protocol;
mod service;

mod cloudflare;
mod gemini;
mod huggingface;
mod pollinations;
mod together;

#[cfg(test)]
mod tests;

use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

use crate::text::cut;
pub use catalogue::Catalogue;
pub use failure::{ClassName, Failure, FailureClass};
pub use models::Models;
pub use price::{Dollars, ListPrice, PriceList, Rate};
pub use probe::{FreeAnswer, Probe};
pub(crate) use service::base_url;
pub use service::{NotReady, ProviderName, Ready, SampleAnswer, Service};

/// The services that the program brings along, in the order of the default chain.
fn built_in() -> Vec<Service> {
    let written = [
        cloudflare::service(),
        huggingface::service(),
        together::service(),
        pollinations::service(),
        gemini::service(),
    ];
    written.into_iter().chain(described::built_in()).collect()
}

/// A boxed future; `async fn` behind `dyn` is not stable.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A service that makes pictures from text.
pub trait Provider: Send + Sync {
    /// Asks for one picture and gives the bytes as received. Whether they are a picture at all is
    /// judged by `image::validate`, not here.
    ///
    /// # Errors
    /// A [`Failure`] whose class decides what the chain does next.
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>>;

    /// Asks the service what it tells for nothing: whether it answers, takes the key and has these models. No
    /// picture is made.
    ///
    /// # Errors
    /// The [`Failure`] that a request for a picture would meet, as far as that is known.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        let _ = models;
        Box::pin(std::future::ready(Ok(Probe::Unknown)))
    }
}

/// One request for one picture.
#[derive(Debug, Clone)]
pub struct Request<'a> {
    /// The model to ask, one of the provider's ladder.
    pub model: &'a str,
    /// What to draw; each provider cuts it to its own limit.
    pub prompt: &'a Prompt,
    /// Wanted width in pixels; services without shape control ignore it.
    pub width: u32,
    /// Wanted height in pixels.
    pub height: u32,
    /// Seed for services that take one, so that a repeated prompt gives another picture.
    pub seed: u32,
}

impl Request<'_> {
    /// Width and height as multiples of 16 within these bounds; what is too large is scaled down
    /// in its proportions. Both bounds are multiples of 16.
    fn size(&self, least: u32, most: u32) -> (u32, u32) {
        sides(self.width, self.height, least, most)
    }
}

/// As [`Request::size`].
fn sides(width: u32, height: u32, least: u32, most: u32) -> (u32, u32) {
    let longest = u64::from(width.max(height).max(most));
    let side = |pixels: u32| {
        let scaled = u64::from(pixels) * u64::from(most) / longest;
        u32::try_from(scaled).unwrap_or(most).clamp(least, most).next_multiple_of(16)
    };
    (side(width), side(height))
}

/// What to draw (subject) and how (style). The style always survives a cut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// What the picture shows.
    pub subject: String,
    /// How it is drawn; may be empty.
    pub style: String,
}

impl Prompt {
    /// The whole prompt in at most `limit` characters: the subject is cut on a character boundary
    /// and closed with an ellipsis, the style suffix stays last and whole.
    pub fn fit(&self, limit: usize) -> String {
        let style = self.style.trim();
        let gap = if style.is_empty() || self.subject.is_empty() { "" } else { " " };
        let room = limit.saturating_sub(style.chars().count() + gap.len());
        let subject = cut(&self.subject, room);
        cut(format!("{subject}{gap}{style}").trim(), limit)
    }
}

/// How fast a service may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Pace {
    /// Requests at the same time.
    pub in_flight: usize,
    /// Least time between two starts.
    pub gap: Duration,
}

impl Pace {
    /// For services whose limits are far above what a blog needs.
    pub const FREE: Self = Self { in_flight: 16, gap: Duration::ZERO };
}
