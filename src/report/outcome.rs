//! What became of one post.

use std::borrow::Cow;

use serde::{Serialize, Serializer};

use super::Cost;
use crate::chain::Attempt;
use crate::provider::Dollars;

/// What became of one post, without its bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Outcome {
    /// Path of the post relative to the root, with `/`.
    pub path: String,
    /// What became of it.
    pub status: Status,
    /// Why, in words; for `skipped` the rule, with its detail after a colon (`dated in the future:
    /// 2027-01-01`) so that posts can be counted by rule; for `failed` the cure as well. For a post whose
    /// providers all failed the attempts say why, so `manual` and `card` need none.
    pub reason: Option<Cow<'static, str>>,
    /// Its picture, where there is something to say about one. Nearly all posts of a blog are settled and
    /// have none here, so that a hundred thousand of them stay small.
    pub details: Option<Box<Details>>,
    /// Set for a post that cannot be read or edited, however often it is tried.
    pub uneditable: Option<Uneditable>,
    /// The line of the post to look at, from 1.
    pub line: Option<u32>,
    /// Whether it was not the first model of the first provider.
    pub fallback: bool,
    /// Time spent on this post.
    pub seconds: f64,
    /// Every request made for it, in order.
    pub attempts: Vec<Attempt>,
}

/// What is known of a post that there is something to say about, and what was made for it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Details {
    /// Title of the post.
    pub title: Option<String>,
    /// Who delivered.
    pub provider: Option<String>,
    /// With which model.
    pub model: Option<String>,
    /// In a dry run: what a picture would cost there.
    #[serde(skip)]
    pub planned: Cost,
    /// Path of the picture relative to the root, with `/`.
    pub image: Option<String>,
    /// Dotted path of the field that names it; none where only the body shows it.
    pub field: Option<String>,
    /// The value by which the post names it.
    pub value: Option<String>,
    /// Alt text written.
    pub alt: Option<String>,
    /// Prompt used.
    pub prompt: Option<String>,
    /// Width of the picture in pixels.
    pub width: Option<u32>,
    /// Height of the picture in pixels.
    pub height: Option<u32>,
    /// Size of the picture file.
    pub bytes: Option<u64>,
    /// A small JPEG of it for the page, as far as one was made with the picture.
    #[serde(skip)]
    pub thumbnail: Option<Vec<u8>>,
}

impl Details {
    /// Nothing.
    pub const NONE: Self = Self {
        title: None,
        provider: None,
        model: None,
        planned: Cost::NONE,
        image: None,
        field: None,
        value: None,
        alt: None,
        prompt: None,
        width: None,
        height: None,
        bytes: None,
        thumbnail: None,
    };
}

/// An outcome as report.json has it. The fields are there for every post, so that programs need not ask first.
#[derive(Serialize)]
struct OutcomeJson<'a> {
    path: &'a str,
    status: Status,
    reason: Option<&'a str>,
    #[serde(flatten)]
    details: &'a Details,
    fallback: bool,
    cost: Option<Dollars>,
    seconds: f64,
    attempts: &'a [Attempt],
}

impl Serialize for Outcome {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        OutcomeJson {
            path: &self.path,
            status: self.status,
            reason: self.reason.as_deref(),
            details: self.details(),
            fallback: self.fallback,
            cost: self.cost().known(),
            seconds: self.seconds,
            attempts: &self.attempts,
        }
        .serialize(serializer)
    }
}

impl Outcome {
    /// An outcome without a picture.
    pub fn new(path: impl Into<String>, status: Status) -> Self {
        Self {
            path: path.into(),
            status,
            reason: None,
            details: None,
            uneditable: None,
            line: None,
            fallback: false,
            seconds: 0.0,
            attempts: Vec::new(),
        }
    }

    /// With the reason for it.
    #[must_use]
    pub fn because(self, reason: impl Into<Cow<'static, str>>) -> Self {
        Self { reason: Some(reason.into()), ..self }
    }

    /// As that of the post with this title, where it has one.
    #[must_use]
    pub fn titled(mut self, title: Option<String>) -> Self {
        if title.as_ref().is_some_and(|title| !title.is_empty()) {
            self.details.get_or_insert_with(|| Box::new(Details::NONE)).title = title;
        }
        self
    }

    /// As one that cannot be read or edited; `limit` says that the post is in order, and only this program cannot.
    #[must_use]
    pub fn uneditable(self, limit: bool) -> Self {
        Self { uneditable: Some(if limit { Uneditable::NewByLimit } else { Uneditable::New }), ..self }
    }

    /// What was made for it.
    pub fn details(&self) -> &Details {
        self.details.as_deref().unwrap_or(&Details::NONE)
    }

    /// What was charged for it; in a dry run what would be.
    pub fn cost(&self) -> Cost {
        self.details().planned + self.attempts.iter().map(|attempt| Cost::of(attempt.cost)).sum()
    }

    /// Whether its picture is one of an earlier run, for which no provider was asked.
    pub fn is_reused(&self) -> bool {
        self.status == Status::Generated && self.attempts.is_empty()
    }

    /// Whether the post got what the run owed it. Asking a provider is a promise: a post that was
    /// asked for and has no picture is lacking, whatever its status says, so that no rule can hide a
    /// failed chain.
    pub fn delivery(&self) -> Delivery {
        match self.status {
            Status::Generated => Delivery::Delivered,
            // It was reported when it was new, and only its author can change it.
            Status::Failed if self.uneditable == Some(Uneditable::Known) => Delivery::NotDue,
            Status::Card(CardRole::Wanted) => Delivery::Delivered,
            Status::Card(CardRole::StandIn)
            | Status::Manual
            | Status::Failed
            | Status::Lacking(_)
            | Status::Pending(Pending::Unreached | Pending::Stopped) => Delivery::Missing,
            // A provider delivered, and a person was faster: nothing failed.
            Status::Unchanged if self.attempts.last().is_some_and(|attempt| attempt.class.is_none()) => {
                Delivery::NotDue
            }
            Status::Unchanged
            | Status::Waiting
            | Status::Unresolved
            | Status::Skipped
            | Status::Pending(Pending::BeyondLimit | Pending::BeyondBudget | Pending::Planned) => {
                if self.attempts.is_empty() { Delivery::NotDue } else { Delivery::Missing }
            }
        }
    }
}

/// Whether an earlier run has reported a post that cannot be read or edited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Uneditable {
    /// It is new, or this run was asked for it.
    New,
    /// The same of one that is in order, and that only this program cannot read or edit.
    NewByLimit,
    /// An earlier run has told of it, or there was none that could have.
    Known,
}

/// What a post means for the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Delivery {
    /// It has its picture from this run.
    Delivered,
    /// It should have one and has none.
    Missing,
    /// The verdict does not depend on it.
    NotDue,
}

/// Status of a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// It cannot be read or edited safely.
    Failed,
    /// Mode `check` found that readers go without its hero image.
    Lacking(Lack),
    /// Every provider failed: a person has to provide the picture.
    Manual,
    /// It got the local title card.
    Card(CardRole),
    /// It has its new picture.
    Generated,
    /// It would get a picture, now or in the next run.
    Pending(Pending),
    /// Its picture is on our open pull request.
    Waiting,
    /// It names a hero that we cannot resolve; said, never replaced without the flag.
    Unresolved,
    /// A rule leaves it out.
    Skipped,
    /// It had a picture.
    Unchanged,
}

/// What mode `check` found a post to lack.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Lack {
    /// It has no hero image.
    Missing,
    /// It names one that cannot be found.
    Unresolved,
    /// The file is damaged.
    Damaged,
    /// Its page names it by an address that leads to no file.
    Broken,
    /// Its page does not show it.
    Hidden,
    /// It has no page.
    NoPage,
}

impl Lack {
    /// Every one, in the order in which they are reported.
    pub const ALL: [Self; 6] =
        [Self::Missing, Self::Unresolved, Self::Damaged, Self::Broken, Self::Hidden, Self::NoPage];

    /// The word as outputs and report.json spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Unresolved => "unresolved",
            Self::Damaged => "damaged",
            Self::Broken => "broken",
            Self::Hidden => "hidden",
            Self::NoPage => "no-page",
        }
    }
}

/// What a title card is for its post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum CardRole {
    /// The picture that was asked for: the chain is `card` alone.
    Wanted,
    /// A stand-in for the picture that no provider delivered.
    StandIn,
}

/// Why a post is pending. Only [`Pending::Unreached`] and [`Pending::Stopped`] change the verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pending {
    /// Selected, but the deadline came first.
    Unreached,
    /// Selected, but a signal ended the run first.
    Stopped,
    /// Not selected: `max-images` was reached by newer posts.
    BeyondLimit,
    /// Selected, and whoever could have been asked takes more than input `budget` leaves.
    BeyondBudget,
    /// Selected by a dry run, which makes nothing.
    Planned,
}

impl Status {
    /// The word as outputs and report.json spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Unchanged => "unchanged",
            Self::Waiting => "waiting",
            Self::Unresolved => "unresolved",
            Self::Skipped => "skipped",
            Self::Pending(_) => "pending",
            Self::Manual => "manual",
            Self::Card(_) => "card",
            Self::Failed => "failed",
            Self::Lacking(lack) => lack.name(),
        }
    }
}

impl Serialize for Status {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}
