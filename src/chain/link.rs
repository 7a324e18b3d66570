//! One provider of the chain with everything this run has learnt about it, shared by all posts in
//! flight: which models are left, whether it rests, how fast it may be asked.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::policy::{self, LaterPosts, policy};
use super::{LastError, LinkReport, LinkState, Past};
use crate::clock;
use crate::provider::{Class, Entry, Failure, Pace, Provider};
use crate::runner::Level;

/// A provider that takes part in the chain.
pub struct Link {
    /// Its catalogue line.
    pub entry: &'static Entry,
    /// The variable its secret was read from.
    secret: &'static str,
    /// The service.
    pub provider: Box<dyn Provider>,
    /// The model ladder, first asked first; never empty.
    pub models: Vec<String>,
    /// Longest time for one attempt.
    pub timeout: Duration,
    pace: Pace,
    past: Option<Past>,
    slots: Semaphore,
    /// When the next request may start.
    next_start: tokio::sync::Mutex<Instant>,
    health: Mutex<Health>,
    /// Woken when it answered or failed.
    heard: Notify,
}

#[derive(Default)]
struct Health {
    out: bool,
    out_until: Option<Timestamp>,
    /// Until when an earlier run found it to be out, while nothing else is known.
    known_out: Option<Timestamp>,
    cooling: Option<Cooling>,
    models_out: Vec<bool>,
    /// Those of them that the provider does not have.
    gone: BTreeSet<usize>,
    transient_in_a_row: u32,
    /// The post whose answer was unusable or malformed, while no other answer came between.
    spoiled_by: Option<usize>,
    attempts: u32,
    delivered: u32,
    last_error: Option<LastError>,
    /// The most urgent cure so far, the last of several.
    advice: Option<(Option<Level>, String)>,
    /// Until when a wait for it is in the log.
    wait_told: Option<Instant>,
}

#[derive(Clone, Copy)]
struct Cooling {
    until: Instant,
    /// After trouble only one request goes out until it has told that the provider is back.
    probe: Probe,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Probe {
    NotNeeded,
    Needed,
    Running,
}

/// What a post that wants to ask finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It may be asked now, with this model of the ladder.
    Ready(usize),
    /// It rests until then.
    Cooling(Instant),
    /// Another post is finding out whether it is back.
    Probing,
    /// Not in this run any more.
    Out,
}

impl Link {
    /// A healthy provider.
    pub fn new(
        entry: &'static Entry,
        provider: Box<dyn Provider>,
        models: Vec<String>,
        timeout: Duration,
        pace: Pace,
    ) -> Self {
        let health = Health { models_out: vec![false; models.len()], ..Health::default() };
        Self {
            entry,
            secret: entry.secrets.first().copied().unwrap_or_default(),
            provider,
            models,
            timeout,
            pace,
            past: None,
            slots: Semaphore::new(pace.in_flight.max(1)),
            next_start: tokio::sync::Mutex::new(Instant::now()),
            health: Mutex::new(health),
            heard: Notify::new(),
        }
    }

    /// The same provider, its secret read from this variable.
    pub fn with_secret(self, variable: &'static str) -> Self {
        Self { secret: variable, ..self }
    }

    /// The provider's name.
    pub fn name(&self) -> &'static str {
        self.entry.name
    }

    /// Takes over what earlier runs recorded: its past, and until when they found it to be out.
    pub fn recall(&mut self, past: Past, out_until: Option<Timestamp>) {
        self.past = Some(past);
        self.health().known_out = out_until;
    }

    /// Whether earlier runs found it to be out and nothing was heard of it since. It may be asked, and
    /// is asked last.
    pub fn known_out(&self) -> bool {
        self.health().known_out(clock::now()).is_some()
    }

    /// Whether it can be asked now.
    pub fn availability(&self) -> Availability {
        self.health().availability(Instant::now())
    }

    /// Waits for a free slot and for the gap between two starts. This is queueing at a healthy
    /// provider, not patience with a resting one.
    pub async fn slot(&self) -> SemaphorePermit<'_> {
        let permit = self.slots.acquire().await.expect("the semaphore is never closed");
        if !self.pace.gap.is_zero() {
            let mut next = self.next_start.lock().await;
            tokio::time::sleep_until(*next).await;
            *next = Instant::now() + self.pace.gap;
        }
        permit
    }

    /// Takes the right to ask: the availability again, after the queue, and the only probe if one
    /// is due.
    pub fn begin(&self) -> Availability {
        let mut health = self.health();
        let found = health.availability(Instant::now());
        if let (Availability::Ready(_), Some(cooling)) = (found, health.cooling.as_mut()) {
            if cooling.probe == Probe::Needed {
                cooling.probe = Probe::Running;
            } else {
                health.cooling = None;
            }
        }
        found
    }

    /// Keeps a delivery.
    pub fn delivered(&self) {
        let mut health = self.health();
        health.attempts += 1;
        health.delivered += 1;
        health.transient_in_a_row = 0;
        health.spoiled_by = None;
        health.answered();
        drop(health);
        self.heard.notify_waiters();
    }

    /// Keeps a failure of this model for this post and draws the consequences of the policy table.
    pub fn failed(&self, model: usize, post: usize, failure: &Failure) {
        let mut health = self.health();
        health.attempts += 1;
        let (models, message) = if failure.class == Class::Gone {
            health.gone.insert(model);
            let gone = health.gone.iter().map(|&model| format!("`{}`", self.models[model]));
            let gone = gone.collect::<Vec<_>>().join(" or ");
            let message = format!("no model {gone}: {}", failure.message);
            (gone, message)
        } else {
            (format!("`{}`", self.models[model]), failure.message.clone())
        };
        health.last_error = Some(LastError { class: failure.class.name(), status: failure.status, message });
        let row = policy(failure.class.name());
        let level = row.advice.map(|advice| advice.level);
        if let Some(cure) = policy::cure(&failure.class, self.entry, self.secret, &models)
            && health.advice.as_ref().is_none_or(|(known, _)| *known <= level)
        {
            health.advice = Some((level, cure));
        }
        health.follow(row.later_posts, model, post, &failure.class);
        drop(health);
        self.heard.notify_waiters();
    }

    /// Gives a probe back that was cut off before it told anything.
    pub fn abandoned(&self) {
        if let Some(cooling) =
            self.health().cooling.as_mut().filter(|cooling| cooling.probe == Probe::Running)
        {
            cooling.probe = Probe::Needed;
        }
        self.heard.notify_waiters();
    }

    /// Waits until something was heard of it that makes it other than `known`.
    pub async fn changes_from(&self, known: Availability) {
        loop {
            let heard = self.heard.notified();
            tokio::pin!(heard);
            heard.as_mut().enable();
            if self.availability() != known {
                return;
            }
            heard.await;
        }
    }

    /// The end of a rest after trouble that is too long for what is left of the patience, and can be cut
    /// to it. Nobody stated such a rest, and an early probe serves better than none.
    pub fn rest_within(&self, patience: Duration) -> Option<Instant> {
        let rest = self.health().cooling.filter(|cooling| cooling.probe == Probe::Needed)?;
        let excess = rest.until.saturating_duration_since(Instant::now()).checked_sub(patience)?;
        (!patience.is_zero() && excess <= policy::LONGEST_CUT).then(|| rest.until - excess)
    }

    /// Ends a rest after trouble then, if it would last longer.
    pub fn cut_rest(&self, until: Instant) {
        if let Some(rest) = self.health().cooling.as_mut().filter(|rest| rest.probe == Probe::Needed) {
            rest.until = rest.until.min(until);
        }
    }

    /// Whether a wait until then is worth a line in the log: posts that come to a wait that is told
    /// already are not told of, unless they have to wait for longer.
    pub fn is_news(&self, until: Instant) -> bool {
        let now = Instant::now();
        let mut health = self.health();
        let known = health.wait_told.filter(|told| *told > now && until <= *told + policy::RETRY_DELAY);
        health.wait_told = known.or(Some(until));
        known.is_none()
    }

    /// The provider as the report tells it.
    pub fn report(&self) -> LinkReport {
        let health = self.health();
        let now = Instant::now();
        let (state, out_until) = match (health.availability(now), health.known_out(clock::now())) {
            (Availability::Out, _) => (LinkState::Out, health.out_until),
            (Availability::Cooling(until), _) => (
                LinkState::Cooling,
                Some(crate::provider::failure::from_now(until.saturating_duration_since(now))),
            ),
            (_, Some(until)) => (LinkState::Out, Some(until)),
            (_, None) => (LinkState::Ready, None),
        };
        LinkReport {
            name: self.entry.name.to_owned(),
            models: self.models.clone(),
            configured: true,
            state,
            attempts: health.attempts,
            delivered: health.delivered,
            last_error: health.last_error.clone(),
            out_until,
            past: self.past.clone(),
            cure: health.advice.as_ref().map(|(_, cure)| cure.clone()),
        }
    }

    fn health(&self) -> MutexGuard<'_, Health> {
        // No code path panics while it holds the lock, and a poisoned record is still the record.
        self.health.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Health {
    fn availability(&self, now: Instant) -> Availability {
        let model = self.models_out.iter().position(|out| !out);
        match (self.out, model, self.cooling) {
            (true, _, _) | (_, None, _) => Availability::Out,
            (_, _, Some(cooling)) if cooling.until > now => Availability::Cooling(cooling.until),
            (_, _, Some(Cooling { probe: Probe::Running, .. })) => Availability::Probing,
            (_, Some(model), _) => Availability::Ready(model),
        }
    }

    fn known_out(&self, now: Timestamp) -> Option<Timestamp> {
        self.known_out.filter(|until| *until > now)
    }

    fn follow(&mut self, later: LaterPosts, model: usize, post: usize, class: &Class) {
        if *class != Class::Transient {
            self.transient_in_a_row = 0;
        }
        // Any other answer ends a row of spoiled ones.
        let spoiled_by = self.spoiled_by.take();
        if *class != Class::Transient {
            self.answered();
        }
        match later {
            LaterPosts::Unaffected => {}
            LaterPosts::Out => {
                self.out = true;
                self.out_until = class.until();
            }
            LaterPosts::ModelOut => self.models_out[model] = true,
            LaterPosts::Cooling => {
                let stated = class.until().map(|until| until.duration_since(clock::now()));
                let rest = stated.map(|rest| rest.try_into().unwrap_or_default());
                self.cool(rest.unwrap_or(policy::RATE_LIMIT_COOLDOWN), Probe::NotNeeded);
            }
            LaterPosts::CoolingAfterTwo => {
                self.transient_in_a_row += 1;
                // Requests that were under way when the rest began say nothing new.
                let rests = self.cooling.is_some_and(|cooling| cooling.probe == Probe::Needed);
                if self.transient_in_a_row >= 2 && !rests {
                    self.cool(policy::TROUBLE_COOLDOWN, Probe::Needed);
                }
            }
            LaterPosts::OutAfterTwoPosts => match spoiled_by {
                Some(other) if other != post => self.out = true,
                _ => self.spoiled_by = Some(post),
            },
        }
    }

    /// An answer of whatever kind shows that a provider in trouble is back; a stated rest stays. What
    /// earlier runs knew gives way to what it says now.
    fn answered(&mut self) {
        self.known_out = None;
        self.cooling = self.cooling.filter(|cooling| cooling.probe == Probe::NotNeeded);
    }

    fn cool(&mut self, rest: Duration, probe: Probe) {
        // A rest beyond a day is as good as forever for a run, and cannot overflow the clock.
        let until = Instant::now() + rest.min(crate::provider::failure::LONGEST_QUOTA);
        // A stated rest that is longer stays one: nobody may cut it.
        if self.cooling.is_some_and(|known| known.probe == Probe::NotNeeded && known.until > until) {
            return;
        }
        // What it said to one post in flight still holds when it says less to the next.
        let until = self.cooling.map_or(until, |known| known.until.max(until));
        self.cooling = Some(Cooling { until, probe });
    }
}
