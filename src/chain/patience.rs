//! Patience: how long the run may sleep when every remaining provider is merely cooling.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::time::Instant;

/// Rests of the same minute begin within a moment of each other, because their answers do.
const LEEWAY: Duration = Duration::from_secs(1);

/// The time the run may still sleep. Posts that sleep through the same minute pay it once.
pub struct Patience {
    account: Mutex<Account>,
}

struct Account {
    left: Duration,
    paid_until: Instant,
}

impl Patience {
    /// Patience for `total` of sleep.
    pub fn new(total: Duration) -> Self {
        let left = if total.is_zero() { total } else { total.saturating_add(LEEWAY) };
        Self { account: Mutex::new(Account { left, paid_until: Instant::now() }) }
    }

    /// Pays for sleeping until then; `false`, and nothing is paid, when that is more than is left.
    pub fn pay(&self, until: Instant) -> bool {
        let mut account = self.account.lock().unwrap_or_else(PoisonError::into_inner);
        let from = account.paid_until.max(Instant::now());
        let cost = until.saturating_duration_since(from);
        if cost > account.left {
            return false;
        }
        account.left -= cost;
        account.paid_until = account.paid_until.max(until);
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn two_posts_that_sleep_through_the_same_minute_pay_it_once() {
        let patience = Patience::new(Duration::from_secs(60));
        let minute = Instant::now() + Duration::from_secs(60);
        assert!(patience.pay(minute));
        assert!(patience.pay(minute + Duration::from_millis(20)), "a moment later is the same minute");
        assert!(!patience.pay(minute + Duration::from_secs(2)));
    }

    #[tokio::test(start_paused = true)]
    async fn no_patience_is_none() {
        assert!(!Patience::new(Duration::ZERO).pay(Instant::now() + Duration::from_millis(1)));
    }
}
