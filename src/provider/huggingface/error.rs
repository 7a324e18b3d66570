//! What the router's error answers mean, and those of the inference providers behind it.

use std::time::Duration;

use jiff::{Timestamp, ToSpan as _, tz::TimeZone};

use crate::clock;
use crate::http::HttpResponse;
use crate::provider::error_body::ErrorBody;
use crate::provider::failure::{Failure, FailureClass, from_now};
use crate::provider::protocol::openai_images;

/// Longest announced loading time that is believed, in seconds.
const LONGEST_LOADING: f64 = 300.0;

/// What an error of the router means, or of the inference provider behind it.
pub(super) fn failure(answer: &HttpResponse) -> Failure {
    let error = ErrorBody::of(answer);
    let class = match answer.status {
        400 if error.code == "model_not_supported"
            || error.says(&["not supported by provider", "no longer supported"]) =>
        {
            FailureClass::Gone
        }
        402 => FailureClass::quota(next_month()),
        403 if error.says(&["sufficient permissions"]) => no_permission(),
        // fal's own words, for accounts that brought their own key.
        403 if error.says(&["user is locked"]) => FailureClass::OutOfCredit,
        422 if error.kind == "content_policy_violation" => FailureClass::Refused { repeatable: true },
        422 if error.kind == "no_media_generated" => FailureClass::Unusable,
        422 if error.kind == "downstream_service_error" => FailureClass::Transient,
        503 => match estimated_time(answer) {
            Some(wait) => FailureClass::Warming { until: from_now(wait) },
            None => FailureClass::Transient,
        },
        _ => return openai_images::failure(answer),
    };
    error.fails(answer, class)
}

/// What a token without the right to draw is refused with.
pub(super) fn no_permission() -> FailureClass {
    FailureClass::NotEntitled {
        what: "the token permission \"Make calls to Inference Providers\"".to_owned(),
    }
}

/// How long the model says it will be loading.
fn estimated_time(answer: &HttpResponse) -> Option<Duration> {
    let time = answer.tree()?.get("estimated_time")?.as_f64()?;
    Duration::try_from_secs_f64(time.min(LONGEST_LOADING)).ok()
}

/// When the monthly credit comes back.
fn next_month() -> Timestamp {
    let now = clock::now().to_zoned(TimeZone::UTC);
    now.first_of_month()
        .and_then(|first| first.start_of_day()?.checked_add(1.month()))
        .map_or(Timestamp::MAX, |month| month.timestamp())
}
