//! What an answer means: conditions on its fields, and the classes that follow.

use std::time::Duration;

use serde_json::Value;

use super::reading::{DraftPart, text_of};
use crate::http::{HttpResponse, seconds};
use crate::provider::error_body::ErrorBody;
use crate::provider::failure::{Failure, FailureClass, from_now, next_utc_midnight};

/// An answer, its JSON read once.
pub(super) struct ReadAnswer {
    pub(super) answer: HttpResponse,
    pub(super) json: Value,
}

impl ReadAnswer {
    pub(super) fn of(answer: HttpResponse) -> Self {
        let json = answer.tree().unwrap_or_default();
        Self { answer, json }
    }

    /// The values at a pointer, in which `*` is any item or member.
    pub(super) fn at(&self, pointer: &str) -> Vec<&Value> {
        let mut found = vec![&self.json];
        for step in pointer.split('/').skip(1) {
            found = found
                .into_iter()
                .flat_map(|value| -> Vec<&Value> {
                    match (step, value) {
                        ("*", Value::Array(items)) => items.iter().collect(),
                        ("*", Value::Object(members)) => members.values().collect(),
                        (_, Value::Array(items)) => {
                            step.parse().ok().and_then(|place: usize| items.get(place)).into_iter().collect()
                        }
                        (_, Value::Object(members)) => {
                            members.get(&step.replace("~1", "/").replace("~0", "~")).into_iter().collect()
                        }
                        _ => Vec::new(),
                    }
                })
                .collect();
        }
        found
    }

    /// The texts at a pointer, numbers and truths as text.
    pub(super) fn texts(&self, pointer: &str) -> Vec<String> {
        self.at(pointer).into_iter().filter_map(text_of).collect()
    }

    /// The first of them.
    pub(super) fn text(&self, pointer: &str) -> Option<String> {
        self.at(pointer).into_iter().find_map(text_of)
    }
}

/// Where a condition looks.
#[derive(Debug, Clone, PartialEq, Eq)]
enum FieldPlace {
    At(String),
    Header(String),
    /// The sentence of the error, wherever the service puts it.
    Message,
}

/// A condition on an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Condition {
    place: FieldPlace,
    /// One of these values, compared as text.
    is: Vec<String>,
    /// One of these phrases, in lower case.
    says: Vec<String>,
}

impl Condition {
    /// The keys of a condition.
    pub(super) const KEYS: [&str; 4] = ["at", "header", "is", "says"];

    /// Reads `at` or `header`, and `is` or `says`; `None` where nothing of the kind stands there.
    pub(super) fn read(part: &DraftPart<'_>) -> Option<Self> {
        let lower = |texts: Vec<String>| texts.iter().map(|text| text.to_lowercase()).collect();
        let is = part.get("is").map(|part| part.texts()).unwrap_or_default();
        let says: Vec<String> = part.get("says").map(|part| lower(part.texts())).unwrap_or_default();
        let place = match (part.get("at"), part.get("header")) {
            (Some(at), _) => FieldPlace::At(at.pointer()?),
            (None, Some(header)) => FieldPlace::Header(header.text()?),
            (None, None) if says.is_empty() => return None,
            (None, None) => FieldPlace::Message,
        };
        if is.is_empty() && says.is_empty() {
            part.fault("`at` and `header` need `is` or `says`; write what has to stand there");
            return None;
        }
        Some(Self { place, is, says })
    }

    /// The same where there has to be one.
    pub(super) fn needed(part: &DraftPart<'_>) -> Option<Self> {
        part.only(&Self::KEYS);
        let condition = Self::read(part);
        if condition.is_none() && part.get("at").is_none() && part.get("header").is_none() {
            part.fault("a condition is missing; write one such as `{ at: /status, is: failed }`");
        }
        condition
    }

    /// Whether the answer is like that.
    pub(super) fn holds(&self, answer: &ReadAnswer) -> bool {
        let texts = match &self.place {
            FieldPlace::At(pointer) => answer.texts(pointer),
            FieldPlace::Header(name) => answer.answer.header(name).map(str::to_owned).into_iter().collect(),
            FieldPlace::Message => vec![ErrorBody::of(&answer.answer).message],
        };
        texts.iter().any(|text| {
            let lower = text.to_lowercase();
            self.is.contains(text) || self.says.iter().any(|phrase| lower.contains(phrase))
        })
    }
}

/// When an answer arrived.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum During {
    Request,
    Wait,
}

/// When an allowance comes back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Until {
    MidnightUtc,
    Hour,
    Header,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ClassWord {
    OutOfCredit,
    Quota,
    Rate,
    Key,
    NotEntitled,
    Gone,
    Bad,
    Transient,
    Refused,
    Unusable,
}

/// Classes as descriptions spell them.
const CLASSES: [(&str, ClassWord); 10] = [
    ("out-of-credit", ClassWord::OutOfCredit),
    ("quota", ClassWord::Quota),
    ("rate", ClassWord::Rate),
    ("key", ClassWord::Key),
    ("not-entitled", ClassWord::NotEntitled),
    ("gone", ClassWord::Gone),
    ("bad", ClassWord::Bad),
    ("transient", ClassWord::Transient),
    ("refused", ClassWord::Refused),
    ("unusable", ClassWord::Unusable),
];

/// A time that an answer tells: where, and behind which words.
#[derive(Debug, Clone, PartialEq, Eq)]
struct ToldWait {
    at: Option<String>,
    after: Option<String>,
}

impl ToldWait {
    fn read(part: &DraftPart<'_>) -> Self {
        part.only(&["at", "number-after"]);
        Self {
            at: part.get("at").and_then(|part| part.pointer()),
            after: part.get("number-after").and_then(|part| part.text()),
        }
    }

    /// The time, in seconds or as `05:12:33`.
    fn of(&self, answer: &ReadAnswer) -> Option<Duration> {
        let text = match &self.at {
            Some(pointer) => answer.text(pointer)?,
            None => ErrorBody::of(&answer.answer).message,
        };
        let told = match &self.after {
            Some(words) => text.split_once(words.as_str())?.1,
            None => &text,
        };
        let told = told.trim_start();
        let end = told.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ':').unwrap_or(told.len());
        let parts = told[..end].trim_end_matches('.').split(':');
        parts
            .map(|part| seconds(part).map(|part| part.as_secs_f64()))
            .try_fold(0.0, |total, part| Some(total * 60.0 + part?))
            .and_then(|total| Duration::try_from_secs_f64(total).ok())
    }
}

/// A line of `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ErrorRule {
    statuses: Vec<u16>,
    during: Option<During>,
    condition: Option<Condition>,
    class: ClassWord,
    until: Option<Until>,
    wait: Option<ToldWait>,
    what: String,
    repeatable: bool,
}

impl ErrorRule {
    /// Reads a line.
    pub(super) fn read(part: &DraftPart<'_>) -> Option<Self> {
        let own = ["status", "during", "class", "until", "wait", "what", "repeat"];
        part.only(&[own.as_slice(), &Condition::KEYS].concat());
        let status =
            |part: &DraftPart<'_>| part.number(100..=599).and_then(|status| u16::try_from(status).ok());
        let statuses = part
            .get("status")
            .map(|part| part.items().iter().filter_map(status).collect())
            .unwrap_or_default();
        let during = part
            .get("during")
            .and_then(|part| part.choice(&[("request", During::Request), ("wait", During::Wait)]));
        let until = [("midnight-utc", Until::MidnightUtc), ("hour", Until::Hour), ("header", Until::Header)];
        Some(Self {
            statuses,
            during,
            condition: Condition::read(part),
            class: part.need("class", "transient")?.choice(&CLASSES)?,
            until: part.get("until").and_then(|part| part.choice(&until)),
            wait: part.get("wait").map(|part| ToldWait::read(&part)),
            what: part.get("what").and_then(|part| part.text()).unwrap_or_else(|| "this model".to_owned()),
            repeatable: part.get("repeat").and_then(|part| part.choice(&[("never", false)])).unwrap_or(true),
        })
    }

    /// Whether the rule speaks of this answer. A success is spoken of by its status, or when its job has failed.
    fn matches(&self, answer: &ReadAnswer, during: During, has_failed: bool) -> bool {
        let status = answer.answer.status;
        let by_status = match self.statuses.as_slice() {
            [] => has_failed || !answer.answer.is_success(),
            statuses => statuses.contains(&status),
        };
        by_status
            && self.during.is_none_or(|expected| expected == during)
            && self.condition.as_ref().is_none_or(|condition| condition.holds(answer))
    }

    fn class(&self, answer: &ReadAnswer) -> FailureClass {
        let told = || self.wait.as_ref().and_then(|wait| wait.of(answer));
        let wait = || told().or_else(|| answer.answer.retry_after());
        const HOUR: Duration = Duration::from_secs(3600);
        match self.class {
            ClassWord::OutOfCredit => FailureClass::OutOfCredit,
            ClassWord::Quota => FailureClass::quota(match self.until {
                Some(Until::MidnightUtc) => next_utc_midnight(),
                Some(Until::Hour) => from_now(HOUR),
                Some(Until::Header) | None => from_now(wait().unwrap_or(HOUR)),
            }),
            ClassWord::Rate => FailureClass::rate_limited(wait()),
            ClassWord::Key => FailureClass::CredentialsRejected,
            ClassWord::NotEntitled => FailureClass::NotEntitled { what: self.what.clone() },
            ClassWord::Gone => FailureClass::Gone,
            ClassWord::Bad => FailureClass::BadRequest,
            ClassWord::Transient => FailureClass::Transient,
            ClassWord::Refused => FailureClass::Refused { repeatable: self.repeatable },
            ClassWord::Unusable => FailureClass::Unusable,
        }
    }
}

/// The failure that an answer is, by the first rule that speaks of it; `last` is the class where none does.
pub(super) fn failure(
    rules: &[ErrorRule],
    answer: &ReadAnswer,
    during: During,
    last: Option<FailureClass>,
) -> Option<Failure> {
    // A page says nothing of the service: somebody in between wrote it.
    let rules = if answer.answer.is_page() { &[] } else { rules };
    let rule = rules.iter().find(|rule| rule.matches(answer, during, last.is_some()));
    let class = match (rule, last) {
        (Some(rule), _) => rule.class(answer),
        (None, Some(class)) => class,
        (None, None) => return None,
    };
    Some(ErrorBody::of(&answer.answer).fails(&answer.answer, class))
}
