//! Patience: how long the run may sleep when every remaining provider is merely cooling.

use std::sync::{Mutex, MutexGuard};
use std::time::Duration;

use tokio::time::Instant;

use crate::fault::lock;

/// Rests of the same minute begin within a moment of each other, because their answers do.
const LEEWAY: Duration = Duration::from_secs(1);

/// The time the run may still sleep. Posts that sleep at the same time use it once.
pub(super) struct Patience {
    total: Duration,
    account: Mutex<Account>,
}

struct Account {
    /// Before the sleep that lasts, if any post sleeps.
    slept: Duration,
    asleep: usize,
    since: Instant,
}

/// One post's sleep, over when it is dropped.
pub(super) struct Sleep<'a>(&'a Patience);

impl Patience {
    /// Patience for `total` of sleep.
    pub(super) fn new(total: Duration) -> Self {
        let account = Account { slept: Duration::ZERO, asleep: 0, since: Instant::now() };
        Self { total, account: Mutex::new(account) }
    }

    /// What is left of it from now on.
    pub(super) fn left(&self) -> Duration {
        self.total.saturating_sub(self.account().slept())
    }

    /// Begins to sleep until then; `None` when that is longer than is left.
    pub(super) fn sleep(&self, until: Instant) -> Option<Sleep<'_>> {
        let mut account = self.account();
        let all = account.slept() + until.saturating_duration_since(Instant::now());
        if self.total.is_zero() || all > self.total.saturating_add(LEEWAY) {
            return None;
        }
        if account.asleep == 0 {
            account.since = Instant::now();
        }
        account.asleep += 1;
        Some(Sleep(self))
    }

    fn account(&self) -> MutexGuard<'_, Account> {
        lock(&self.account)
    }
}

impl Account {
    fn slept(&self) -> Duration {
        if self.asleep > 0 { self.slept + self.since.elapsed() } else { self.slept }
    }
}

impl Drop for Sleep<'_> {
    fn drop(&mut self) {
        let mut account = self.0.account();
        if account.asleep == 1 {
            account.slept = account.slept();
        }
        account.asleep -= 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[tokio::test(start_paused = true)]
    async fn two_posts_that_sleep_through_the_same_minute_use_it_once() {
        let patience = Patience::new(MINUTE);
        let over = Instant::now() + MINUTE;
        let _one = patience.sleep(over).unwrap();
        let _other =
            patience.sleep(over + Duration::from_millis(20)).expect("a moment later is the same minute");
        assert!(patience.sleep(over + Duration::from_secs(2)).is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn only_time_that_was_slept_is_used() {
        let patience = Patience::new(MINUTE);
        let whole = || patience.sleep(Instant::now() + MINUTE);
        let (one, other) = (whole(), whole());
        tokio::time::advance(MINUTE / 3).await;
        drop(one);
        tokio::time::advance(MINUTE / 3).await;
        drop(other);
        tokio::time::advance(MINUTE).await;
        assert_eq!(patience.left(), MINUTE / 3);
        assert!(whole().is_none());
    }

    #[tokio::test(start_paused = true)]
    async fn without_patience_nobody_waits() {
        assert!(Patience::new(Duration::ZERO).sleep(Instant::now() + Duration::from_millis(1)).is_none());
    }
}
