//! The chain: asks the providers in order until one delivers a usable picture.

mod attempts;
pub mod breaker;
mod budget;
pub mod engine;
mod inspect;
pub mod link;
mod patience;
pub mod policy;
mod probe;
pub mod request;
#[cfg(test)]
mod tests;

use std::fmt;

use jiff::Timestamp;
use serde::{Deserialize, Serialize, Serializer};

pub use engine::{Chain, Options};
pub use inspect::Judge;
pub use link::{Link, recall};
pub use request::{Delivered, Displaced, Exhausted, FirstAsked, PictureRequest, ProviderReason, StopReason};

use crate::provider::{ClassName, Dollars};

/// One request to one model, kept for the report whether it succeeded or not.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Attempt {
    /// Provider name as in the catalogue.
    pub provider: String,
    /// Model that was asked.
    pub model: String,
    /// Class of the failure, `None` for a success.
    pub class: Option<ClassName>,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What the provider said, one line, scrubbed of secrets; empty for a success.
    pub message: String,
    /// Seconds from the run's start to asking.
    pub at: f64,
    /// Seconds from asking to answer.
    pub seconds: f64,
    /// What it costs by the price list; nothing where no picture was made, `None` where the price is not known.
    pub cost: Option<Dollars>,
}

/// One provider of the chain as the report tells it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LinkReport {
    /// Provider name as in the catalogue.
    pub name: String,
    /// Name as the service writes itself.
    #[serde(skip)]
    pub title: String,
    /// Its model ladder, first asked first.
    pub models: Vec<String>,
    /// What an account has there for nothing, where there is such a thing.
    #[serde(skip)]
    pub allowance: Option<String>,
    /// Whether it could take part.
    pub configured: bool,
    /// Whether it may be asked.
    pub state: LinkState,
    /// Requests made in this run.
    pub attempts: u32,
    /// Pictures it delivered in this run.
    pub delivered: u32,
    /// The last failure in this run.
    pub last_error: Option<LastError>,
    /// Until when it is out, when that is known (RFC 3339).
    pub out_until: Option<Timestamp>,
    /// What earlier runs recorded of it, if anything.
    pub past: Option<Past>,
    /// What to do about its state, in a sentence: the secret to set, the model to change.
    pub cure: Option<String>,
    /// What it told for nothing, where it was asked.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub probe: Option<ProbeReport>,
}

/// What the free call of a provider told.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ProbeReport {
    /// What came of it.
    pub result: ProbeResult,
    /// Whether it is known that the key is good.
    pub takes_key: bool,
    /// Class of the failure that a request for a picture would meet.
    pub class: Option<ClassName>,
    /// HTTP status of a failed call, where there was an answer.
    pub status: Option<u16>,
    /// What the service said of a failure, not yet scrubbed of secrets.
    pub message: String,
    /// Models of the ladder that it does not have any more.
    pub gone: Vec<String>,
    /// Image models that it has now, as far as it says.
    pub listed: Vec<String>,
    /// What to do about it.
    pub cure: Option<String>,
}

/// What came of a free call.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum ProbeResult {
    /// The service answers.
    Answers,
    /// There is no free call.
    Unknown,
    /// A request for a picture would fail.
    Failed,
}

/// Whether a provider may be asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkState {
    /// It may be asked.
    Ready,
    /// Not before some time has passed.
    Cooling,
    /// Not in this run any more, or last of all: earlier runs found it to be out.
    Out,
    /// Its settings are missing or wrong.
    NotConfigured,
}

impl fmt::Display for LinkState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Ready => "ready",
            Self::Cooling => "cooling",
            Self::Out => "out",
            Self::NotConfigured => "not configured",
        })
    }
}

impl Serialize for LinkState {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The last failure of a provider.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct LastError {
    /// Class of the failure.
    pub class: ClassName,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What the provider said, scrubbed; before it the models that it does not have, if that is the matter.
    pub message: String,
}

/// What the record of earlier runs tells of a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Past {
    /// When it last delivered.
    pub last_success: Option<Timestamp>,
    /// Its last failure.
    pub last_failure: Option<PastFailure>,
}

/// What earlier runs found out about a provider.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Recalled {
    /// What became of it.
    pub past: Past,
    /// Until when it is out, where it is.
    pub out_until: Option<Timestamp>,
}

/// A failure of an earlier run; what the provider said is not kept.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PastFailure {
    /// When that run ended.
    pub at: Timestamp,
    /// Class of the failure, perhaps of another version of the program.
    pub class: String,
    /// HTTP status, where there was an answer.
    pub status: Option<u16>,
}

impl PastFailure {
    /// Its class, if this version of the program knows it.
    pub fn known_class(&self) -> Option<ClassName> {
        ClassName::named(&self.class)
    }
}
