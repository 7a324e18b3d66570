//! What a run is at, moment by moment, as spans of `tracing`: a person at a terminal sees those that are open, and
//! elsewhere they cost nothing. A span is held as long as what it tells of lasts; it need not be entered.

use std::time::Duration;

use tracing::{Span, field::Empty, info_span};

/// Target of these spans, by which the log knows them.
pub const TARGET: &str = "image_fallback::activity";

/// The fields.
pub mod field {
    /// Who is asked, or waited for.
    pub const WHO: &str = "who";
    /// For what: a post, or a call.
    pub const WHAT: &str = "what";
    /// What is known of it meanwhile.
    pub const STATE: &str = "state";
    /// Whether nothing is done but wait.
    pub const WAITS: &str = "waits";
    /// For how long, in seconds, where that is known.
    pub const SECONDS: &str = "seconds";
}

/// Somebody is asked for something.
pub fn asking(who: &str, what: &str) -> Span {
    info_span!(target: TARGET, "asking", who, what, state = Empty)
}

/// Nothing can be done for this before somebody is ready, which may be known beforehand.
pub fn waiting(who: &str, what: &str, wait: Option<Duration>) -> Span {
    let seconds = wait.map(|wait| wait.as_secs_f64());
    info_span!(target: TARGET, "waiting", who, what, waits = true, seconds)
}

/// What is known meanwhile of what the code around is at.
pub fn meanwhile(state: &str) {
    Span::current().record(field::STATE, state);
}
