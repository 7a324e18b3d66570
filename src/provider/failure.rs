//! What went wrong with one attempt: a class that decides what follows, and words for the report.
//! What follows from each class is the policy table in `chain::policy`.

use std::fmt;
use std::time::Duration;

use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use serde::de::IntoDeserializer as _;
use serde::de::value::Error as Unknown;
use serde::{Deserialize, Serialize};

use crate::http::{HttpError, HttpResponse};
use crate::text::short_line;

/// The kind of a failure, recognised from status and structured error code. See `docs/providers.md`
/// for how each provider's answers map to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FailureClass {
    /// The allowance is used up and comes back at a known time.
    QuotaExhausted {
        /// When the allowance is renewed, at most [`LONGEST_QUOTA`] ahead.
        until: Timestamp,
    },
    /// Money or credit is gone; only the account's owner can change that.
    OutOfCredit,
    /// Too fast or too many at once; allowance remains.
    RateLimited {
        /// When the provider may be asked again; `None` when it did not say.
        until: Option<Timestamp>,
    },
    /// The key or account was refused.
    CredentialsRejected,
    /// The account that goes with the key does not exist or is another one's; told as
    /// [`ClassName::CredentialsRejected`].
    AccountRejected {
        /// The variable that names the account.
        variable: &'static str,
    },
    /// The key works, but not for this model.
    NotEntitled {
        /// The plan or setting that would allow it, as its owner knows it.
        what: String,
    },
    /// The model does not exist, or not any more.
    Gone,
    /// The service is not at this address, or not any more.
    Moved,
    /// The request itself was refused as malformed.
    BadRequest,
    /// Overload, gateway trouble, a time-out, a broken connection.
    Transient,
    /// A model that is being loaded, with a stated time.
    Warming {
        /// When the model should be ready.
        until: Timestamp,
    },
    /// The content policy refused this prompt; the provider itself is well.
    Refused {
        /// Whether a softened prompt may be sent: some services block the caller after a few.
        repeatable: bool,
    },
    /// A success whose body is not a usable picture.
    Unusable,
}

/// A reset further away than this is not a daily allowance: the account has to be topped up.
pub const LONGEST_QUOTA: Duration = Duration::from_secs(26 * 3600);

impl FailureClass {
    /// An allowance that comes back at `until`; [`FailureClass::OutOfCredit`] when that is too far ahead.
    pub fn quota(until: Timestamp) -> Self {
        let ahead = until.duration_since(crate::clock::now());
        if ahead > jiff::SignedDuration::try_from(LONGEST_QUOTA).unwrap_or(jiff::SignedDuration::MAX) {
            Self::OutOfCredit
        } else {
            Self::QuotaExhausted { until }
        }
    }

    /// A rate limit that ends after `wait`, if the provider said so.
    pub fn rate_limited(wait: Option<Duration>) -> Self {
        Self::RateLimited { until: wait.map(from_now) }
    }

    /// The class that a status decides alone once the provider's own codes said nothing. It is the
    /// last resort of every provider's table, never the first look: see `docs/providers.md`.
    pub fn by_status(answer: &HttpResponse) -> Self {
        match answer.status {
            200..=299 => Self::Unusable,
            // Whoever shows a page has not read the key: the caller's address is blocked.
            401 | 403 if answer.is_page() => Self::Transient,
            401 | 403 => Self::CredentialsRejected,
            402 => Self::OutOfCredit,
            404 | 410 => Self::Gone,
            408 | 425 | 500..=599 => Self::Transient,
            429 => Self::rate_limited(answer.retry_after()),
            _ => Self::BadRequest,
        }
    }

    /// When the service may be asked again, if that is known.
    pub fn until(&self) -> Option<Timestamp> {
        match self {
            Self::QuotaExhausted { until } | Self::Warming { until } => Some(*until),
            Self::RateLimited { until } => *until,
            Self::OutOfCredit
            | Self::CredentialsRejected
            | Self::AccountRejected { .. }
            | Self::NotEntitled { .. }
            | Self::Gone
            | Self::Moved
            | Self::BadRequest
            | Self::Transient
            | Self::Refused { .. }
            | Self::Unusable => None,
        }
    }

    /// Whether it is a refusal that a softened prompt may follow.
    pub fn may_be_softened(&self) -> bool {
        matches!(self, Self::Refused { repeatable: true })
    }

    /// The class without its facts.
    pub fn name(&self) -> ClassName {
        match self {
            Self::QuotaExhausted { .. } => ClassName::QuotaExhausted,
            Self::OutOfCredit => ClassName::OutOfCredit,
            Self::RateLimited { .. } => ClassName::RateLimited,
            Self::CredentialsRejected | Self::AccountRejected { .. } => ClassName::CredentialsRejected,
            Self::NotEntitled { .. } => ClassName::NotEntitled,
            Self::Gone => ClassName::Gone,
            Self::Moved => ClassName::Moved,
            Self::BadRequest => ClassName::BadRequest,
            Self::Transient => ClassName::Transient,
            Self::Warming { .. } => ClassName::Warming,
            Self::Refused { .. } => ClassName::Refused,
            Self::Unusable => ClassName::Unusable,
        }
    }
}

/// A [`FailureClass`] without its facts. report.json and the documentation spell it as it is spelt here; people
/// read its [words](ClassName::words).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ClassName {
    /// See [`FailureClass::QuotaExhausted`].
    QuotaExhausted,
    /// See [`FailureClass::OutOfCredit`].
    OutOfCredit,
    /// See [`FailureClass::RateLimited`].
    RateLimited,
    /// See [`FailureClass::CredentialsRejected`].
    CredentialsRejected,
    /// See [`FailureClass::NotEntitled`].
    NotEntitled,
    /// See [`FailureClass::Gone`].
    Gone,
    /// See [`FailureClass::Moved`].
    Moved,
    /// See [`FailureClass::BadRequest`].
    BadRequest,
    /// See [`FailureClass::Transient`].
    Transient,
    /// See [`FailureClass::Warming`].
    Warming,
    /// See [`FailureClass::Refused`].
    Refused,
    /// See [`FailureClass::Unusable`].
    Unusable,
}

impl ClassName {
    /// The class with this name, as report.json and the record of earlier runs spell it.
    pub fn named(name: &str) -> Option<Self> {
        let name: serde::de::value::StrDeserializer<'_, Unknown> = name.into_deserializer();
        Self::deserialize(name).ok()
    }

    /// The failure as people read it: "daily allowance used up (429)".
    pub fn words(self, status: Option<u16>) -> String {
        let words = match self {
            Self::QuotaExhausted => "daily allowance used up",
            Self::OutOfCredit => "out of credit",
            Self::RateLimited => "rate limit reached",
            Self::CredentialsRejected => "key refused",
            Self::NotEntitled => "not allowed by plan or settings",
            Self::Gone => "model not found",
            Self::Moved => "service not at this address",
            Self::BadRequest => "request rejected as invalid",
            Self::Transient => match status {
                None => "no answer",
                Some(500..) => "server error",
                Some(_) => "temporary error",
            },
            Self::Warming => "model still loading",
            Self::Refused => "prompt refused by the content filter",
            Self::Unusable => "no usable picture",
        };
        status.map_or_else(|| words.to_owned(), |status| format!("{words} ({status})"))
    }
}

impl fmt::Display for ClassName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self, f)
    }
}

/// The moment `wait` from now; a wait too long for the calendar ends with the calendar.
pub fn from_now(wait: Duration) -> Timestamp {
    jiff::SignedDuration::try_from(wait)
        .ok()
        .and_then(|wait| crate::clock::now().checked_add(wait).ok())
        .unwrap_or(Timestamp::MAX)
}

/// When the next day begins in UTC.
pub(super) fn next_utc_midnight() -> Timestamp {
    let now = crate::clock::now().to_zoned(TimeZone::UTC);
    now.start_of_day()
        .and_then(|day| day.checked_add(1.day()))
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}

/// One failed attempt. The message is short, one line, and not yet scrubbed of secrets: the chain
/// does that when it keeps the attempt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct Failure {
    /// What kind of failure it is.
    pub class: FailureClass,
    /// The HTTP status, where there was an answer.
    pub status: Option<u16>,
    /// What the service said, or what we saw, in one line.
    pub message: String,
}

impl Failure {
    /// Longest message kept, in characters.
    pub const MESSAGE: usize = 300;

    /// A failure without an HTTP answer.
    pub fn new(class: FailureClass, message: impl AsRef<str>) -> Self {
        Self { class, status: None, message: short_line(message.as_ref(), Self::MESSAGE) }
    }

    /// A failure that an HTTP answer tells.
    pub fn answered(answer: &HttpResponse, class: FailureClass, message: impl AsRef<str>) -> Self {
        let message = match short_line(message.as_ref(), Self::MESSAGE) {
            message if message.is_empty() => format!("HTTP {} without a message", answer.status),
            message if message.starts_with('<') => {
                format!("HTTP {} with a page instead of a message", answer.status)
            }
            message => message,
        };
        Self { class, status: Some(answer.status), message }
    }

    /// What kind of failure it is and what was said, for people: "server error (503): overloaded".
    pub fn words(&self) -> String {
        self.class.name().words(self.status) + ": " + &self.message
    }

    /// The same failure, its message opening with who told it.
    pub fn told_by(self, who: &str) -> Self {
        Self { message: short_line(&format!("{who}: {}", self.message), Self::MESSAGE), ..self }
    }

    /// A success status whose body is not a picture.
    pub fn unusable(message: impl AsRef<str>) -> Self {
        Self::new(FailureClass::Unusable, message)
    }
}

impl From<HttpError> for Failure {
    fn from(error: HttpError) -> Self {
        let class = match error {
            HttpError::UnknownHost(_) | HttpError::Redirected { .. } => FailureClass::Moved,
            HttpError::TooLarge { .. } | HttpError::BadLink(_) => FailureClass::Unusable,
            HttpError::Unsendable(_) => FailureClass::BadRequest,
            HttpError::NoClient(_) | HttpError::Lost(_) => FailureClass::Transient,
        };
        Self { status: error.status(), ..Self::new(class, error.to_string()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reset_within_26_hours_is_a_quota_and_a_later_one_is_credit() {
        let hours = |h: u64| from_now(Duration::from_secs(h * 3600));
        assert!(matches!(FailureClass::quota(hours(25)), FailureClass::QuotaExhausted { .. }));
        assert_eq!(FailureClass::quota(hours(27)), FailureClass::OutOfCredit);
    }

    #[test]
    fn a_request_without_an_answer_has_the_class_of_its_cause() {
        let text = || "x".to_owned();
        for (error, class) in [
            (HttpError::UnknownHost(text()), FailureClass::Moved),
            (HttpError::Redirected { status: 301, to: text() }, FailureClass::Moved),
            (HttpError::TooLarge { status: 200 }, FailureClass::Unusable),
            (HttpError::BadLink(text()), FailureClass::Unusable),
            (HttpError::Unsendable(text()), FailureClass::BadRequest),
            (HttpError::NoClient(text()), FailureClass::Transient),
            (HttpError::Lost(text()), FailureClass::Transient),
        ] {
            let (status, message) = (error.status(), error.to_string());
            assert_eq!(Failure::from(error), Failure { class, status, message });
        }
    }

    #[test]
    fn people_read_words_of_the_trade_and_the_status() {
        let words = |class: ClassName, status| class.words(status);
        assert_eq!(words(ClassName::QuotaExhausted, Some(429)), "daily allowance used up (429)");
        assert_eq!(words(ClassName::CredentialsRejected, Some(401)), "key refused (401)");
        let transient = [Some(503), Some(408), None].map(|status| words(ClassName::Transient, status));
        assert_eq!(transient, ["server error (503)", "temporary error (408)", "no answer"]);
        assert_eq!(ClassName::named("Gone"), Some(ClassName::Gone));
        assert_eq!(ClassName::named("Spoilt"), None);
    }

    #[test]
    fn a_cut_leaves_no_half_of_a_secret_behind() {
        let words = "word ".repeat(58);
        let failure = Failure::new(FailureClass::Gone, format!("{words}key sk-0123456789abcdef0123456789"));
        assert_eq!(failure.message, format!("{words}key…"));
        let parted = "sk-01\u{200b}23\u{ad}45&#x36;7\u{1b}[0m89ab\\u0063def0123456789";
        let failure = Failure::new(FailureClass::Gone, format!("{words}key {parted}"));
        assert_eq!(failure.message, format!("{words}key…"));
    }

    #[test]
    fn a_message_is_one_short_line_without_control_characters() {
        let failure =
            Failure::new(FailureClass::Gone, format!("a\r\n::error::bb\u{1b}[31m {}", "x ".repeat(2_000)));
        assert!(failure.message.starts_with("a ::error::bb x x x"), "{failure}");
        assert_eq!(failure.message.chars().count(), Failure::MESSAGE);
    }
}
