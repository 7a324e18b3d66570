//! The policy table: what follows from each class of failure.

use std::time::Duration;

use jiff::Timestamp;

use crate::provider::{Class, Entry};

/// How long a provider rests after a rate limit without a stated time.
pub const REST_AFTER_RATE_LIMIT: Duration = Duration::from_secs(30);

/// How long a provider rests after two transient failures in a row.
pub const REST_AFTER_TROUBLE: Duration = Duration::from_secs(60);

/// The most that such a rest is cut short by where the patience does not reach to its end: sooner the
/// provider would hardly be back.
pub const LONGEST_CUT: Duration = Duration::from_secs(50);

/// How long a post that has nobody else left waits before it asks again after one transient failure.
pub const BREATHER: Duration = Duration::from_secs(5);

/// Least pause before a post asks a provider again whose stated wait has already passed.
pub const INSTANT: Duration = Duration::from_secs(1);

/// What a failure means for the posts that come after it in this run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Later {
    /// Nothing: the refusal was about this prompt.
    Unaffected,
    /// The provider is not asked again in this run; it may be back at the given time.
    Out(Option<Timestamp>),
    /// This model is not asked again in this run; the provider's next model is asked at once.
    ModelOut,
    /// The provider rests until then and is asked again after.
    Cooling(Timestamp),
    /// A second one in a row lets the provider rest, then one request probes it.
    CoolingAfterTwo,
    /// The same from two different posts in a row takes the provider out of the run.
    OutAfterTwoPosts,
}

/// The row of the table for a class.
pub fn later(class: &Class) -> Later {
    match class {
        Class::QuotaExhausted { until } => Later::Out(Some(*until)),
        Class::OutOfCredit | Class::CredentialsRejected => Later::Out(None),
        Class::RateLimited { until: Some(until) } | Class::Warming { until } => Later::Cooling(*until),
        Class::RateLimited { until: None } => {
            Later::Cooling(crate::provider::failure::from_now(REST_AFTER_RATE_LIMIT))
        }
        Class::NotEntitled { .. } | Class::Gone => Later::ModelOut,
        Class::Transient => Later::CoolingAfterTwo,
        Class::BadRequest | Class::Unusable => Later::OutAfterTwoPosts,
        Class::Refused { .. } => Later::Unaffected,
    }
}

/// Whether the same post may ask the same provider again once it has rested.
pub fn worth_waiting_for(class: &Class) -> bool {
    match class {
        Class::RateLimited { .. } | Class::Warming { .. } | Class::Transient => true,
        Class::QuotaExhausted { .. }
        | Class::OutOfCredit
        | Class::CredentialsRejected
        | Class::NotEntitled { .. }
        | Class::Gone
        | Class::BadRequest
        | Class::Refused { .. }
        | Class::Unusable => false,
    }
}

/// How loudly a failure is told beyond the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Loudness {
    /// The report suffices.
    Quiet,
    /// A plan or setting to change.
    Warning,
    /// A secret or model setting that cannot work.
    Error,
}

/// How loudly, and what to change: the exact secret (by its variable), plan or setting. `models` are
/// those that it is about, in words.
pub fn cure(class: &Class, entry: &Entry, secret: &str, models: &str) -> (Loudness, Option<String>) {
    let setting = entry.model_variables.first().copied().unwrap_or_default();
    let (loudness, cure) = match class {
        Class::CredentialsRejected => (
            Loudness::Error,
            format!(
                "{} refused the credentials; renew the secret `{}` ({})",
                entry.title, secret, entry.key_page
            ),
        ),
        Class::Gone => (
            Loudness::Error,
            format!("{} has no model {models} (any more); set `{setting}` to a current one", entry.title),
        ),
        Class::NotEntitled { what } => (
            Loudness::Warning,
            format!(
                "{} asks for {what} before {models} may be used; `{setting}` can name another model",
                entry.title
            ),
        ),
        Class::OutOfCredit => (
            Loudness::Warning,
            format!("{} is out of credit; top up the account ({})", entry.title, entry.credit_page),
        ),
        Class::QuotaExhausted { until } => (
            Loudness::Quiet,
            format!(
                "{} has used up its allowance; it is back at {}",
                entry.title,
                until.strftime("%Y-%m-%d %H:%M UTC")
            ),
        ),
        Class::BadRequest => (
            Loudness::Quiet,
            format!("{} refused the request as malformed; `{setting}` can name another model", entry.title),
        ),
        Class::Unusable => (
            Loudness::Quiet,
            format!(
                "{} answers, but not with a usable picture; another provider in the chain is the cure, \
                 or `{setting}` with another model",
                entry.title
            ),
        ),
        Class::RateLimited { .. } | Class::Transient | Class::Warming { .. } | Class::Refused { .. } => {
            return (Loudness::Quiet, None);
        }
    };
    (loudness, Some(cure))
}
