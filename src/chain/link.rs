//! One provider of the chain with everything this run has learnt about it, shared by all posts in
//! flight: which models are left, whether it cools down, how fast it may be asked.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use jiff::Timestamp;
use tokio::sync::{Notify, Semaphore, SemaphorePermit};
use tokio::time::Instant;

use super::breaker::{Breaker, BreakerState};
use super::policy::{self, LaterPosts, policy};
use super::{LastError, LinkReport, LinkState, Past, ProbeReport, Recalled};
use crate::clock;
use crate::fault::lock;
use crate::provider::{
    Dollars, Failure, FailureClass, Models, Pace, Provider, ProviderName, Rate, Ready, Service,
};
use crate::runner::Level;

/// A provider that takes part in the chain.
pub struct Link {
    /// Its catalogue line.
    pub service: Arc<Service>,
    /// The variable its secret was read from.
    secret: String,
    /// The service.
    pub provider: Box<dyn Provider>,
    /// The model ladder.
    pub models: Models,
    /// What a picture of each costs, where that is known.
    rates: Vec<Option<Rate>>,
    /// Longest time for one attempt.
    pub timeout: Duration,
    /// Whether the same request once more joins the one that is still being worked on.
    pub joins_repeats: bool,
    pace: Pace,
    past: Option<Past>,
    slots: Semaphore,
    /// Posts that wait for one of them.
    queueing: AtomicU32,
    /// When the next request may start.
    next_start: Mutex<Instant>,
    findings: Mutex<Findings>,
    /// Woken when it answered or failed.
    heard: Notify,
}

/// A post that waits for a slot, until this is dropped.
struct Queueing<'a>(&'a AtomicU32);

impl<'a> Queueing<'a> {
    fn at(queue: &'a AtomicU32) -> Self {
        queue.fetch_add(1, Ordering::Relaxed);
        Self(queue)
    }
}

impl Drop for Queueing<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

#[derive(Default)]
struct Findings {
    breaker: Breaker,
    /// Until when an earlier run found it to be out, while nothing else is known.
    known_out: Option<Timestamp>,
    models_out: Vec<bool>,
    /// Those of them that the provider does not have.
    gone: BTreeSet<usize>,
    attempts: u32,
    delivered: u32,
    last_error: Option<LastError>,
    /// The most urgent cure so far, the last of several.
    advice: Option<(Option<Level>, String)>,
    /// Until when a wait for it is in the log.
    wait_told: Option<Instant>,
    probe: Option<ProbeReport>,
}

/// What a post that wants to ask finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Availability {
    /// It may be asked now, with this model of the ladder.
    Ready(usize),
    /// It cools down until then.
    Cooling(Instant),
    /// Another post is finding out whether it is back.
    Probing,
    /// Not in this run any more.
    Out,
}

impl Link {
    /// A healthy provider.
    pub fn new(service: &Arc<Service>, ready: Ready, models: Models, timeout: Duration) -> Self {
        let Ready { provider, pace, is_free, joins_repeats, .. } = ready;
        let rate = |model: &String| if is_free { Some(Rate::FREE) } else { service.prices.of(model) };
        let findings = Findings { models_out: vec![false; models.len()], ..Findings::default() };
        Self {
            service: Arc::clone(service),
            secret: service.secrets.first().cloned().unwrap_or_default(),
            provider,
            rates: models.iter().map(rate).collect(),
            models,
            timeout,
            joins_repeats,
            pace,
            past: None,
            slots: Semaphore::new(pace.in_flight.max(1)),
            queueing: AtomicU32::new(0),
            next_start: Mutex::new(Instant::now()),
            findings: Mutex::new(findings),
            heard: Notify::new(),
        }
    }

    /// The same provider, its secret read from this variable.
    pub fn with_secret(self, variable: &str) -> Self {
        Self { secret: variable.to_owned(), ..self }
    }

    /// The same at its part of the pace that the service allows all of so many jobs together.
    pub fn shared_by(self, jobs: u32) -> Self {
        let Pace { in_flight, gap } = self.pace;
        let in_flight = in_flight.checked_div(jobs as usize).unwrap_or(in_flight).max(1);
        let pace = Pace { in_flight, gap: gap * jobs };
        Self { pace, slots: Semaphore::new(in_flight), ..self }
    }

    /// The same with its models of known price, if there are any, and the names of the others.
    pub fn of_known_price(self) -> (Option<Self>, Vec<String>) {
        let (known, unknown): (Vec<_>, Vec<_>) =
            self.models.iter().cloned().zip(self.rates.clone()).partition(|(_, rate)| rate.is_some());
        let (models, rates): (Vec<_>, Vec<_>) = known.into_iter().unzip();
        let findings = Findings { models_out: vec![false; models.len()], ..Findings::default() };
        let priced =
            Models::of(models).map(|models| Self { models, rates, findings: Mutex::new(findings), ..self });
        (priced, unknown.into_iter().map(|(model, _)| model).collect())
    }

    /// The provider's name.
    pub fn name(&self) -> &ProviderName {
        &self.service.name
    }

    /// The variable its secret was read from.
    pub(super) fn secret(&self) -> &str {
        &self.secret
    }

    /// Keeps what its free call told.
    pub(super) fn keep_probe(&self, told: ProbeReport) {
        self.findings().probe = Some(told);
    }

    /// The models of the ladder that are not out, first asked first.
    pub fn models_left(&self) -> Vec<usize> {
        let findings = self.findings();
        (0..self.models.len()).filter(|&model| !findings.models_out[model]).collect()
    }

    /// What a picture of this model costs that should be so wide and high in pixels, if that is known.
    pub fn price(&self, model: usize, width: u32, height: u32) -> Option<Dollars> {
        self.rates[model].map(|rate| rate.price(width, height))
    }

    /// Takes over what earlier runs found out.
    pub fn recall(&mut self, recalled: Recalled) {
        self.past = Some(recalled.past);
        self.findings().known_out = recalled.out_until;
    }

    /// Whether earlier runs found it to be out and nothing was heard of it since. It may be asked, and
    /// is asked last.
    pub fn known_out(&self) -> bool {
        self.findings().known_out(clock::now()).is_some()
    }

    /// Whether it can be asked now.
    pub fn availability(&self) -> Availability {
        self.findings().availability(Instant::now())
    }

    /// Waits for a free slot and for the gap between two starts. This is queueing at a healthy
    /// provider, not patience with one that cools down.
    pub async fn slot(&self) -> SemaphorePermit<'_> {
        let queueing = Queueing::at(&self.queueing);
        #[expect(clippy::expect_used, reason = "nobody closes the semaphore")]
        let permit = self.slots.acquire().await.expect("the semaphore is never closed");
        drop(queueing);
        if !self.pace.gap.is_zero() {
            let start = {
                let mut next = lock(&self.next_start);
                let start = Instant::now().max(*next);
                *next = start + self.pace.gap;
                start
            };
            tokio::time::sleep_until(start).await;
        }
        permit
    }

    /// How long a post would wait for its turn at the least: the gap, for each that waits already.
    pub fn queue(&self) -> Duration {
        let rest = lock(&self.next_start).saturating_duration_since(Instant::now());
        rest + self.pace.gap * self.queueing.load(Ordering::Relaxed)
    }

    /// Whether a request could start at once.
    pub fn has_no_queue(&self) -> bool {
        self.slots.available_permits() > 0 && self.queue().is_zero()
    }

    /// Takes the right to ask: the availability again, after the queue, and the only probe if one
    /// is due.
    pub fn begin(&self) -> Availability {
        let mut findings = self.findings();
        let now = Instant::now();
        let found = findings.availability(now);
        if let Availability::Ready(_) = found {
            findings.breaker.begin(now);
        }
        found
    }

    /// Keeps a delivery.
    pub fn delivered(&self) {
        let mut findings = self.findings();
        findings.attempts += 1;
        findings.delivered += 1;
        findings.known_out = None;
        findings.breaker.succeeded();
        drop(findings);
        self.heard.notify_waiters();
    }

    /// Keeps a failure of this model for this post and draws the consequences of the policy table.
    pub fn failed(&self, model: usize, post: usize, failure: &Failure) {
        let mut findings = self.findings();
        findings.attempts += 1;
        let (models, message) = if failure.class == FailureClass::Gone {
            findings.gone.insert(model);
            let gone = findings.gone.iter().map(|&model| format!("`{}`", self.models[model]));
            let gone = gone.collect::<Vec<_>>().join(" or ");
            let message = format!("{gone}: {}", failure.message);
            (gone, message)
        } else {
            (format!("`{}`", self.models[model]), failure.message.clone())
        };
        findings.last_error =
            Some(LastError { class: failure.class.name(), status: failure.status, message });
        let row = policy(failure.class.name());
        let level = row.advice.map(|advice| advice.level);
        if let Some(cure) = policy::cure(&failure.class, &self.service, &self.secret, &models)
            && findings.advice.as_ref().is_none_or(|(known, _)| *known <= level)
        {
            findings.advice = Some((level, cure));
        }
        if row.later_posts == LaterPosts::ModelOut {
            findings.models_out[model] = true;
        }
        if failure.class != FailureClass::Transient {
            // What earlier runs knew gives way to what it says now.
            findings.known_out = None;
        }
        findings.breaker.failed(&failure.class, post);
        drop(findings);
        self.heard.notify_waiters();
    }

    /// Gives a probe back that was cut off before it told anything.
    pub fn abandoned(&self) {
        self.findings().breaker.abandoned();
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

    /// The end of a cooldown after trouble that can be shortened to what is left of the patience.
    pub fn cooldown_within(&self, patience: Duration) -> Option<Instant> {
        self.findings().breaker.cooldown_within(patience)
    }

    /// Ends a cooldown after trouble then, if it would last longer.
    pub fn shorten_cooldown(&self, until: Instant) {
        self.findings().breaker.shorten_cooldown(until);
    }

    /// Whether a wait until then is worth a line in the log: posts that come to a wait that is told
    /// already are not told of, unless they have to wait for longer.
    pub fn is_news(&self, until: Instant) -> bool {
        let now = Instant::now();
        let mut findings = self.findings();
        let known = findings.wait_told.filter(|told| *told > now && until <= *told + policy::RETRY_DELAY);
        findings.wait_told = known.or(Some(until));
        known.is_none()
    }

    /// The provider as the report tells it.
    pub fn report(&self) -> LinkReport {
        let findings = self.findings();
        let now = Instant::now();
        let (state, out_until) = match (findings.availability(now), findings.known_out(clock::now())) {
            (Availability::Out, _) => (LinkState::Out, findings.breaker.out_until()),
            (Availability::Cooling(until), _) => (
                LinkState::Cooling,
                Some(crate::provider::failure::from_now(until.saturating_duration_since(now))),
            ),
            (_, Some(until)) => (LinkState::Out, Some(until)),
            (_, None) => (LinkState::Ready, None),
        };
        LinkReport {
            name: self.service.name.to_string(),
            title: self.service.title.clone(),
            models: self.models.to_vec(),
            allowance: self.service.prices.allowance.clone(),
            configured: true,
            state,
            attempts: findings.attempts,
            delivered: findings.delivered,
            last_error: findings.last_error.clone(),
            out_until,
            past: self.past.clone(),
            cure: findings.advice.as_ref().map(|(_, cure)| cure.clone()),
            probe: findings.probe.clone(),
        }
    }

    fn findings(&self) -> MutexGuard<'_, Findings> {
        // No code path panics while it holds the lock, and a poisoned record is still the record.
        lock(&self.findings)
    }
}

/// Tells the links what earlier runs found out about them, by name: those known to be out are then asked
/// last. The first `overridden` ones were asked for by name, so for them nothing but their past is told.
pub fn recall(links: &mut [Link], overridden: usize, mut known: BTreeMap<String, Recalled>) {
    for (place, link) in links.iter_mut().enumerate() {
        if let Some(recalled) = known.remove(&**link.name()) {
            let out_until = recalled.out_until.filter(|_| place >= overridden);
            link.recall(Recalled { out_until, ..recalled });
        }
    }
}

impl Findings {
    fn availability(&self, now: Instant) -> Availability {
        let model = self.models_out.iter().position(|out| !out);
        match (self.breaker.state(now), model) {
            (BreakerState::Out, _) | (_, None) => Availability::Out,
            (BreakerState::Cooling(until), _) => Availability::Cooling(until),
            (BreakerState::Probing, _) => Availability::Probing,
            (BreakerState::Closed, Some(model)) => Availability::Ready(model),
        }
    }

    fn known_out(&self, now: Timestamp) -> Option<Timestamp> {
        self.known_out.filter(|until| *until > now)
    }
}
