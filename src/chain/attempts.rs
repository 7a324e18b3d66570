//! What one post has been through on its way along the chain: who was tried, and who can be asked again.

use std::time::Duration;

use tokio::time::Instant;

use super::Attempt;
use super::budget::Funds;
use super::link::{Availability, Link};
use super::request::{Exhausted, PictureRequest, ProviderReason, StopReason};
use crate::provider::{Dollars, Prompt};

/// What one post knows about one link.
#[derive(Clone)]
pub(super) enum LinkStatus {
    Untried,
    /// It may be asked again from then on.
    Cooling(Instant, String),
    /// It failed for this post.
    Failed(String),
    /// It refused the prompt, and may be asked once more with a softened one.
    Refused(String),
}

/// What a post waits for that nobody can draw for now.
#[derive(Clone, Copy)]
pub(super) enum Wake {
    /// Nothing: somebody can be asked who could not be when it was their turn.
    Now,
    /// A moment.
    At(Instant),
    /// The answer that a running probe gets.
    Probed,
    /// Money that is set aside for requests in flight.
    Settled,
}

/// The one pass with a softened prompt.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Softening {
    NotYet,
    Now,
    Done,
}

/// The attempts for one post while it goes through the chain.
pub(super) struct PostAttempts<'a, 'o> {
    pub wanted: &'a PictureRequest<'o>,
    pub prompt: &'a Prompt,
    pub softening: Softening,
    /// By the place of the link in the chain.
    pub tried: Vec<LinkStatus>,
    pub attempts: Vec<Attempt>,
    /// Nobody answered the last of them in time.
    pub unanswered: bool,
    /// By the place of the link: it was asked once more for an answer that had not come in time.
    pub repeated: Vec<bool>,
    /// Which link failed last or was skipped, with which model and why, for the line about the switch.
    pub last_failure: Option<(usize, usize, String)>,
}

impl<'a, 'o> PostAttempts<'a, 'o> {
    /// Nobody was asked yet, and one of the links may not be.
    pub(super) fn begin(wanted: &'a PictureRequest<'o>, links: &[Link]) -> Self {
        let tried = links.iter().map(|link| match &wanted.avoid {
            Some(name) if name == link.name() => {
                LinkStatus::Failed("gave the same picture for another post".to_owned())
            }
            _ => LinkStatus::Untried,
        });
        Self {
            wanted,
            prompt: wanted.prompt,
            softening: Softening::NotYet,
            tried: tried.collect(),
            attempts: Vec::new(),
            unanswered: false,
            repeated: vec![false; links.len()],
            last_failure: None,
        }
    }

    /// The link is about to be asked the same once more. That joins the request which got no answer in time, so that only
    /// one of the two is charged.
    pub(super) fn repeat(&mut self, index: usize) {
        self.repeated[index] = true;
        if let Some(attempt) = self.attempts.last_mut() {
            attempt.cost = Some(Dollars::NOTHING);
        }
    }

    /// Who can be asked first again, and when, with so much patience left. `funds` says whether a link can be paid.
    pub(super) fn earliest(
        &self,
        links: &[Link],
        patience: Duration,
        funds: impl Fn(&Link) -> Funds,
    ) -> Option<(usize, Wake)> {
        let now = Instant::now();
        links
            .iter()
            .zip(&self.tried)
            .enumerate()
            .filter_map(|(index, (link, tried))| {
                let own = match tried {
                    LinkStatus::Untried => now,
                    LinkStatus::Cooling(until, _) => *until,
                    LinkStatus::Failed(_) | LinkStatus::Refused(_) => return None,
                };
                let wake = match (link.availability(), funds(link)) {
                    (Availability::Out, _) | (_, Funds::Short) => return None,
                    (Availability::Probing, _) => Wake::Probed,
                    (Availability::Cooling(until), _) => {
                        Wake::At(link.cooldown_within(patience).unwrap_or(until).max(own))
                    }
                    (Availability::Ready(_), Funds::InFlight) if own <= now => Wake::Settled,
                    (Availability::Ready(_), Funds::Enough) if matches!(tried, LinkStatus::Untried) => {
                        Wake::Now
                    }
                    (Availability::Ready(_), _) => Wake::At(own),
                };
                Some((index, wake))
            })
            .min_by_key(|(_, wake)| if let Wake::At(until) = wake { *until } else { now })
    }

    /// Whether one of the links may be asked for this post, and is not because of its price.
    pub(super) fn lacks_money(&self, links: &[Link], funds: impl Fn(&Link) -> Funds) -> bool {
        links.iter().zip(&self.tried).any(|(link, tried)| {
            matches!(tried, LinkStatus::Untried | LinkStatus::Cooling(..))
                && link.availability() != Availability::Out
                && funds(link) == Funds::Short
        })
    }

    /// Why this link gave the post no picture: what it said to this post, else to another one.
    pub(super) fn reason(&self, index: usize, link: &Link) -> String {
        match &self.tried[index] {
            LinkStatus::Cooling(_, words) | LinkStatus::Failed(words) | LinkStatus::Refused(words) => {
                words.clone()
            }
            LinkStatus::Untried => match (link.availability(), link.report().last_error) {
                (Availability::Out, Some(error)) => {
                    format!("not asked again: {}", error.class.words(error.status))
                }
                (Availability::Cooling(_), Some(error)) => {
                    format!("not asked again yet: {}", error.class.words(error.status))
                }
                _ => "not asked".to_owned(),
            },
        }
    }

    /// The end without a picture.
    pub(super) fn exhausted(self, why: StopReason, links: &[Link]) -> Exhausted {
        let reasons = links.iter().enumerate();
        let reasons = reasons.map(|(index, link)| ProviderReason {
            provider: link.name().to_string(),
            title: link.service.title.clone(),
            words: self.reason(index, link),
        });
        Exhausted { why, reasons: reasons.collect(), attempts: self.attempts }
    }
}
