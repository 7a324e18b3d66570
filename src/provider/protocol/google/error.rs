//! What Gemini's error answers mean, for pictures and for text.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};
use serde_json::Value;

use crate::clock;
use crate::http::{HttpResponse, seconds};
use crate::provider::failure::{Failure, FailureClass};

/// What an error answer of this service means; the error may come wrapped in a list of one.
pub(crate) fn failure(answer: &HttpResponse) -> Failure {
    let error = answer.tree().and_then(|mut body| {
        let envelope = if body.is_array() { body.get_mut(0)? } else { &mut body };
        Some(GoogleError(envelope.get_mut("error")?.take()))
    });
    let Some(error) = error else {
        return Failure::answered(answer, FailureClass::by_status(answer), answer.text());
    };
    let class = match answer.status {
        400 if error.refuses_the_key() => FailureClass::CredentialsRejected,
        // The key works: the account lacks billing, or the runner stands in the wrong country.
        400 if error.text("status") == "FAILED_PRECONDITION" => FailureClass::NotEntitled {
            what: "billing for the Gemini API, and a location it serves".to_owned(),
        },
        403 if error.has_reason("SERVICE_DISABLED") => FailureClass::NotEntitled {
            what: format!(
                "the Generative Language API to be enabled in the project of the key{}",
                error.project()
            ),
        },
        429 => error.exhausted(answer),
        _ => FailureClass::by_status(answer),
    };
    Failure::answered(answer, class, error.text("message"))
}

/// The `error` object: message, status, and details (`ErrorInfo`, `QuotaFailure`, `RetryInfo`).
struct GoogleError(Value);

impl GoogleError {
    fn text(&self, key: &str) -> &str {
        text(&self.0, key)
    }

    fn details(&self) -> impl Iterator<Item = &Value> {
        list(&self.0, "details")
    }

    fn reasons(&self) -> impl Iterator<Item = &str> {
        self.details().map(|detail| text(detail, "reason")).filter(|reason| !reason.is_empty())
    }

    fn has_reason(&self, wanted: &str) -> bool {
        self.reasons().any(|reason| reason == wanted)
    }

    fn refuses_the_key(&self) -> bool {
        // Words decide only where there is no reason.
        let says =
            || ["API key not valid", "API key expired"].iter().any(|it| self.text("message").starts_with(it));
        self.has_reason("API_KEY_INVALID") || (self.reasons().next().is_none() && says())
    }

    /// The number of the Google Cloud project, as ` (projects/123)`, where the answer names one.
    fn project(&self) -> String {
        let consumer = self.details().filter_map(|detail| detail.pointer("/metadata/consumer")?.as_str());
        let number = consumer.filter_map(|consumer| consumer.strip_prefix("projects/"));
        let known =
            number.filter(|number| number.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        known.take(1).map(|number| format!(" (projects/{number})")).collect()
    }

    fn exhausted(&self, answer: &HttpResponse) -> FailureClass {
        // No code tells an empty account from a request too many, and no waiting fills it.
        let message = self.text("message").to_ascii_lowercase();
        if ["prepayment credits", "spending cap"].iter().any(|words| message.contains(words)) {
            return FailureClass::OutOfCredit;
        }
        let violations = || self.details().flat_map(|detail| list(detail, "violations"));
        if violations().any(|violation| text(violation, "quotaValue") == "0") || self.limit_is_zero() {
            // No waiting clears it, whatever `retryDelay` says.
            return FailureClass::NotEntitled { what: "billing for the Gemini API".to_owned() };
        }
        if violations().any(|violation| text(violation, "quotaId").contains("PerDay")) {
            return FailureClass::quota(next_pacific_midnight());
        }
        let delay = self.details().map(|detail| text(detail, "retryDelay")).find(|delay| !delay.is_empty());
        let delay =
            delay.or_else(|| self.text("message").split_once("retry in ")?.1.split_whitespace().next());
        let delay = delay.and_then(|delay| duration(delay.trim_end_matches('.')));
        FailureClass::rate_limited(delay.or_else(|| answer.retry_after()))
    }

    /// Whether the message names a limit of zero; no field of the details has to.
    fn limit_is_zero(&self) -> bool {
        self.text("message")
            .split("limit: 0")
            .skip(1)
            .any(|rest| !rest.starts_with(|next: char| next.is_ascii_digit() || next == '.'))
    }
}

/// A delay as Google writes it: `38s`, `38.6s`, `862.4ms`.
fn duration(text: &str) -> Option<Duration> {
    match text.strip_suffix("ms") {
        Some(thousandths) => Some(seconds(thousandths)? / 1_000),
        None => seconds(text.strip_suffix('s').unwrap_or(text)),
    }
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> impl Iterator<Item = &'a Value> {
    value.get(key).and_then(Value::as_array).into_iter().flatten()
}

/// When a daily allowance of Google comes back.
fn next_pacific_midnight() -> Timestamp {
    let pacific = TimeZone::get("America/Los_Angeles").unwrap_or(TimeZone::UTC);
    let now = clock::now().to_zoned(pacific);
    now.start_of_day()
        .and_then(|day| day.checked_add(1.day()))
        .map_or(Timestamp::MAX, |midnight| midnight.timestamp())
}
