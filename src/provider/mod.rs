//! Image services: the trait they share, the catalogue, and what a catalogue line says.
//!
//! A new service is one file beside this one and one line in [`CATALOG`]. Everything else (the
//! settings that name it, the `providers` table, the chain, the report) reads the catalogue.

mod error_body;
pub mod failure;
mod picture;
pub(crate) mod protocol;

mod cloudflare;
mod gemini;
mod huggingface;
mod pollinations;
mod together;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::future::Future;
use std::pin::Pin;
use std::time::Duration;

use bytes::Bytes;

use crate::http::{self, Http};
use crate::secret::{Secret, scheme_and_host};
use crate::text::cut;
pub use failure::{Class, ClassName, Failure};

/// Every known service, in the order of the default chain: cheapest and fastest first.
pub const CATALOG: &[Entry] =
    &[cloudflare::ENTRY, huggingface::ENTRY, together::ENTRY, pollinations::ENTRY, gemini::ENTRY];

/// A boxed future; `async fn` behind `dyn` is not stable.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// A service that makes pictures from text.
pub trait Provider: Send + Sync {
    /// Asks for one picture and gives the bytes as received. Whether they are a picture at all is
    /// judged by `image::truth`, not here.
    ///
    /// # Errors
    /// A [`Failure`] whose class decides what the chain does next.
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>>;
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
        let longest = u64::from(self.width.max(self.height).max(most));
        let side = |pixels: u32| {
            let scaled = u64::from(pixels) * u64::from(most) / longest;
            u32::try_from(scaled).unwrap_or(most).clamp(least, most).next_multiple_of(16)
        };
        (side(self.width), side(self.height))
    }
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

/// A line of the catalogue: what the program has to know about a service before it asks it.
pub struct Entry {
    /// Name in settings, logs and report.
    pub name: &'static str,
    /// Name as the service writes itself.
    pub title: &'static str,
    /// The variables that enable it, as a sentence would name them.
    pub enabled_by: &'static str,
    /// Where to get the key.
    pub key_page: &'static str,
    /// Where to top up an account; the page of the key where no better one is known.
    pub credit_page: &'static str,
    /// Variables of the secret, first wins: the one in use is named when the key is refused.
    pub secrets: &'static [&'static str],
    /// Variables that replace the model ladder, first wins; the first is the one we name.
    pub model_variables: &'static [&'static str],
    /// Default ladder: exact ids that cost at most 0.04 USD a picture.
    pub models: &'static [&'static str],
    /// Longest time one attempt may take; input `timeout` overrides it.
    pub timeout: Duration,
    /// Reads the variables and builds the provider.
    pub configure: fn(&Variables<'_>, &Http) -> Configuration,
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

/// Whether and how a service takes part in this run.
pub enum Configuration {
    /// It can be asked.
    Ready {
        /// The service.
        provider: Box<dyn Provider>,
        /// Everything that must be masked.
        secrets: Vec<Secret>,
        /// How fast it may be asked with these credentials.
        pace: Pace,
    },
    /// Nothing was given for it.
    Off,
    /// Half a credential: a warning that names the missing half.
    Half {
        /// What is missing, with the cure.
        warning: String,
    },
    /// A value that cannot work: a settings error.
    Wrong {
        /// What is wrong, with the cure.
        problem: String,
    },
}

/// The environment as a provider may see it: trimmed, empty means unset.
pub struct Variables<'a> {
    lookup: &'a dyn Fn(&str) -> Option<String>,
    secrets: RefCell<Vec<(String, Secret)>>,
}

impl<'a> Variables<'a> {
    /// Wraps a look-up by variable name.
    pub fn new(lookup: &'a dyn Fn(&str) -> Option<String>) -> Self {
        Self { lookup, secrets: RefCell::default() }
    }

    /// Every secret that was read so far with its variable, those that cannot be used included: they must
    /// not be shown either.
    pub fn secrets(&self) -> Vec<(String, Secret)> {
        self.secrets.borrow().clone()
    }

    /// The secret in the value of the variable `name`, refused when no HTTP header can carry it.
    ///
    /// # Errors
    /// The settings problem, naming the variable and never the value.
    pub fn checked_secret(&self, name: &str, value: &str) -> Result<Secret, Configuration> {
        match self.remember(name, value) {
            Some(secret) if secret.fits_a_header() => Ok(secret),
            _ => Err(Configuration::Wrong {
                problem: format!(
                    "secret `{name}` holds a blank, a line break or a character outside ASCII; copy it again without them"
                ),
            }),
        }
    }

    /// Keeps a secret among those to mask, whether anybody comes to use it or not.
    fn remember(&self, name: &str, value: &str) -> Option<Secret> {
        let secret = Secret::new(value)?;
        let mut known = self.secrets.borrow_mut();
        if known.iter().all(|(_, known)| *known != secret) {
            known.push((name.to_owned(), secret.clone()));
        }
        Some(secret)
    }

    /// The trimmed value of a variable, `None` when it is unset or blank.
    pub fn get(&self, name: &str) -> Option<String> {
        (self.lookup)(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
    }

    /// The first of these variables that holds a secret. The others are masked as well.
    ///
    /// # Errors
    /// The settings problem of a secret that cannot travel in a header.
    pub fn secret(&self, names: &[&str]) -> Result<Option<Secret>, Configuration> {
        let given: Vec<_> = names.iter().filter_map(|name| Some((name, self.get(name)?))).collect();
        for (name, value) in &given {
            self.remember(name, value);
        }
        given.first().map(|(name, value)| self.checked_secret(name, value)).transpose()
    }

    /// The base URL in `name` without its trailing slash, else `default`.
    ///
    /// # Errors
    /// The settings problem of a value that is no http(s) address.
    pub fn base_url(&self, name: &str, default: &str) -> Result<String, Configuration> {
        let value = self.get(name).unwrap_or_else(|| default.to_owned());
        if http::is_address(&value) {
            Ok(value.trim_end_matches('/').to_owned())
        } else {
            Err(Configuration::Wrong {
                problem: format!(
                    "variable `{name}`: `{}` is no address; write one such as `{default}`",
                    scheme_and_host(&value)
                ),
            })
        }
    }
}

/// Finds a catalogue line by name.
pub fn entry(name: &str) -> Option<&'static Entry> {
    CATALOG.iter().find(|entry| entry.name == name)
}
