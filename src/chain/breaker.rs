//! The circuit breaker: whether something that fails may be asked again, and when. Every provider of the
//! chain has one, and every text model; what a failure means stands in the policy table.

use std::time::Duration;

use jiff::Timestamp;
use tokio::time::Instant;

use super::policy::{self, LaterPosts, policy};
use crate::clock;
use crate::provider::FailureClass;
use crate::provider::failure::LONGEST_QUOTA;

/// What one run knows of the availability of a provider or a model. Closed at first.
#[derive(Debug, Default)]
pub struct Breaker {
    out: bool,
    out_until: Option<Timestamp>,
    cooldown: Option<Cooldown>,
    transient_in_a_row: u32,
    /// The post whose answer was unusable or malformed, while no other answer came between.
    spoiled_by: Option<usize>,
}

#[derive(Debug, Clone, Copy)]
struct Cooldown {
    until: Instant,
    /// After trouble only one request goes out until it has told that the service is back.
    probe: ProbeState,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum ProbeState {
    NotNeeded,
    Needed,
    Running,
}

/// What a request finds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BreakerState {
    /// Closed: it may go out.
    Closed,
    /// Open until then.
    Cooling(Instant),
    /// Half open: another request is finding out whether the service is back.
    Probing,
    /// Open for the rest of the run.
    Out,
}

impl Breaker {
    /// What a request finds now.
    pub fn state(&self, now: Instant) -> BreakerState {
        match self.cooldown {
            _ if self.out => BreakerState::Out,
            Some(cooldown) if cooldown.until > now => BreakerState::Cooling(cooldown.until),
            Some(Cooldown { probe: ProbeState::Running, .. }) => BreakerState::Probing,
            Some(_) | None => BreakerState::Closed,
        }
    }

    /// When it is back, where it is out and that is known.
    pub fn out_until(&self) -> Option<Timestamp> {
        self.out_until
    }

    /// Takes the right to ask, if there is one: after trouble it is that of the only probe.
    pub fn begin(&mut self, now: Instant) -> BreakerState {
        let found = self.state(now);
        if found == BreakerState::Closed {
            self.cooldown = self.cooldown.filter(|cooldown| cooldown.probe == ProbeState::Needed);
            self.cooldown.iter_mut().for_each(|cooldown| cooldown.probe = ProbeState::Running);
        }
        found
    }

    /// Gives a probe back that was cut off before it told anything.
    pub fn abandoned(&mut self) {
        let running = self.cooldown.iter_mut().filter(|cooldown| cooldown.probe == ProbeState::Running);
        running.for_each(|cooldown| cooldown.probe = ProbeState::Needed);
    }

    /// Keeps a success.
    pub fn succeeded(&mut self) {
        self.transient_in_a_row = 0;
        self.spoiled_by = None;
        self.answered();
    }

    /// Keeps a failure for this post and draws the consequences of the policy table. What is about a single
    /// model is left to whoever knows the models.
    pub fn failed(&mut self, class: &FailureClass, post: usize) {
        // Any other answer ends a row of spoiled ones.
        let spoiled_by = self.spoiled_by.take();
        if *class != FailureClass::Transient {
            self.transient_in_a_row = 0;
            self.answered();
        }
        match policy(class.name()).later_posts {
            LaterPosts::Unaffected | LaterPosts::ModelOut => {}
            LaterPosts::Out | LaterPosts::OutUntilReset => {
                self.trip();
                self.out_until = class.until();
            }
            LaterPosts::Cooling => self.cool(class.until()),
            LaterPosts::CoolingAfterTwo => {
                self.transient_in_a_row += 1;
                // Requests that were under way when the cooldown began say nothing new.
                let cools = self.cooldown.is_some_and(|cooldown| cooldown.probe == ProbeState::Needed);
                if self.transient_in_a_row >= 2 && !cools {
                    self.extend(policy::TROUBLE_COOLDOWN, ProbeState::Needed);
                }
            }
            LaterPosts::OutAfterTwoPosts => match spoiled_by {
                Some(other) if other != post => self.trip(),
                _ => self.spoiled_by = Some(post),
            },
        }
    }

    /// Opens it for the rest of the run.
    pub fn trip(&mut self) {
        self.out = true;
    }

    /// Opens it until the stated time, else for the usual cooldown of a rate limit.
    pub fn cool(&mut self, until: Option<Timestamp>) {
        let stated = until.map(|until| until.duration_since(clock::now()));
        let stated = stated.map(|stated| stated.try_into().unwrap_or_default());
        self.extend(stated.unwrap_or(policy::RATE_LIMIT_COOLDOWN), ProbeState::NotNeeded);
    }

    /// The end of a cooldown after trouble that is too long for what is left of the patience, and can be
    /// shortened to it. Nobody stated such a time, and an early probe serves better than none.
    pub fn cooldown_within(&self, patience: Duration) -> Option<Instant> {
        let cooldown = self.cooldown.filter(|cooldown| cooldown.probe == ProbeState::Needed)?;
        let excess = cooldown.until.saturating_duration_since(Instant::now()).checked_sub(patience)?;
        (!patience.is_zero() && excess <= policy::LONGEST_CUT).then(|| cooldown.until - excess)
    }

    /// Ends a cooldown after trouble then, if it would last longer.
    pub fn shorten_cooldown(&mut self, until: Instant) {
        let after_trouble = self.cooldown.iter_mut().filter(|cooldown| cooldown.probe == ProbeState::Needed);
        after_trouble.for_each(|cooldown| cooldown.until = cooldown.until.min(until));
    }

    /// An answer of whatever kind shows that a service in trouble is back; a stated cooldown stays.
    fn answered(&mut self) {
        self.cooldown = self.cooldown.filter(|cooldown| cooldown.probe == ProbeState::NotNeeded);
    }

    fn extend(&mut self, wait: Duration, probe: ProbeState) {
        // A wait beyond a day is as good as forever for a run, and cannot overflow the clock.
        let until = Instant::now() + wait.min(LONGEST_QUOTA);
        // A stated wait that is longer stays one: nobody may shorten it.
        if self.cooldown.is_some_and(|known| known.probe == ProbeState::NotNeeded && known.until > until) {
            return;
        }
        // What it said to one post in flight still holds when it says less to the next.
        let until = self.cooldown.map_or(until, |known| known.until.max(until));
        self.cooldown = Some(Cooldown { until, probe });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::failure::from_now;

    const SECOND: Duration = Duration::from_secs(1);

    fn state(breaker: &Breaker) -> BreakerState {
        breaker.state(Instant::now())
    }

    fn troubled() -> Breaker {
        let mut breaker = Breaker::default();
        breaker.failed(&FailureClass::Transient, 0);
        breaker.failed(&FailureClass::Transient, 1);
        breaker
    }

    #[tokio::test(start_paused = true)]
    async fn two_troubles_in_a_row_open_it_and_one_does_not() {
        let mut breaker = Breaker::default();
        breaker.failed(&FailureClass::Transient, 0);
        assert_eq!(state(&breaker), BreakerState::Closed);
        breaker.succeeded();
        breaker.failed(&FailureClass::Transient, 1);
        assert_eq!(state(&breaker), BreakerState::Closed, "a success came between");
        breaker.failed(&FailureClass::Transient, 2);
        assert_eq!(state(&breaker), BreakerState::Cooling(Instant::now() + policy::TROUBLE_COOLDOWN));
    }

    #[tokio::test(start_paused = true)]
    async fn after_trouble_one_request_probes_until_it_has_told() {
        let mut breaker = troubled();
        tokio::time::advance(policy::TROUBLE_COOLDOWN).await;
        assert_eq!(breaker.begin(Instant::now()), BreakerState::Closed);
        assert_eq!(breaker.begin(Instant::now()), BreakerState::Probing);
        breaker.abandoned();
        assert_eq!(
            breaker.begin(Instant::now()),
            BreakerState::Closed,
            "a probe that was cut off told nothing"
        );
        breaker.succeeded();
        let begun = [breaker.begin(Instant::now()), breaker.begin(Instant::now())];
        assert_eq!(begun, [BreakerState::Closed; 2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_stated_time_needs_no_probe_and_is_not_shortened() {
        let mut breaker = Breaker::default();
        breaker.failed(&FailureClass::rate_limited(Some(80 * SECOND)), 0);
        assert_eq!(breaker.cooldown_within(60 * SECOND), None);
        breaker.shorten_cooldown(Instant::now());
        assert!(matches!(state(&breaker), BreakerState::Cooling(_)));
        tokio::time::advance(81 * SECOND).await;
        let begun = [breaker.begin(Instant::now()), breaker.begin(Instant::now())];
        assert_eq!(begun, [BreakerState::Closed; 2]);
        let breaker = troubled();
        assert_eq!(breaker.cooldown_within(30 * SECOND), Some(Instant::now() + 30 * SECOND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_spoiled_answer_for_a_second_post_takes_it_out_and_for_the_same_post_does_not() {
        let mut breaker = Breaker::default();
        breaker.failed(&FailureClass::Unusable, 0);
        breaker.failed(&FailureClass::BadRequest, 0);
        assert_eq!(state(&breaker), BreakerState::Closed);
        breaker.failed(&FailureClass::Refused { repeatable: true }, 1);
        breaker.failed(&FailureClass::Unusable, 2);
        assert_eq!(state(&breaker), BreakerState::Closed, "another answer came between");
        breaker.failed(&FailureClass::Unusable, 3);
        assert_eq!((state(&breaker), breaker.out_until()), (BreakerState::Out, None));
    }

    #[test]
    fn it_is_out_until_the_allowance_is_renewed() {
        let (mut breaker, until) = (Breaker::default(), from_now(3600 * SECOND));
        breaker.failed(&FailureClass::QuotaExhausted { until }, 0);
        assert_eq!((state(&breaker), breaker.out_until()), (BreakerState::Out, Some(until)));
    }
}
