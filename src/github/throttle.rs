//! When the next call may start: GitHub's limits on writing, and the waits it asks for.
//!
//! GitHub takes 80 content-creating requests a minute and 500 an hour from one user or token
//! (`docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api`); we stay below, since
//! other workflows of the repository share the allowance. Reading is not paced.

use std::collections::VecDeque;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::{Instant, sleep_until};

use crate::activity;
use crate::fault::lock;

/// So many writes may start within so long.
const WINDOWS: [(usize, Duration); 2] = [(60, Duration::from_secs(60)), (400, Duration::from_secs(3600))];

/// A pause at least this long is worth a line in the log.
const WORTH_SAYING: Duration = Duration::from_secs(5);

/// The clockwork shared by all calls of one client.
pub(super) struct Throttle {
    /// When the latest writes started or will start, oldest first; at most the widest window.
    writes: Mutex<VecDeque<Instant>>,
    gate: Mutex<Gate>,
    patience: Duration,
}

/// What GitHub asked for.
struct Gate {
    /// Nothing is sent before this.
    opens: Instant,
    /// Waited so far, by the clock: calls that wait side by side count once.
    waited: Duration,
}

impl Throttle {
    /// Waits for GitHub at most `patience` in all.
    pub(super) fn new(patience: Duration) -> Self {
        Self {
            writes: Mutex::default(),
            gate: Mutex::new(Gate { opens: Instant::now(), waited: Duration::ZERO }),
            patience,
        }
    }

    /// Waits until GitHub may be asked at all.
    pub(super) async fn gate(&self) {
        let opens = lock(&self.gate).opens;
        let wait = opens.saturating_duration_since(Instant::now());
        if !wait.is_zero() {
            let _waiting = activity::waiting("GitHub's rate limit", "", Some(wait));
            sleep_until(opens).await;
        }
    }

    /// Waits for the next slot for a write.
    pub(super) async fn write(&self) {
        let now = Instant::now();
        let start = reserve(&mut lock(&self.writes), now);
        let pause = start.duration_since(now);
        if pause >= WORTH_SAYING {
            tracing::info!("waiting {} s so that GitHub's limit on writing is kept", pause.as_secs());
        }
        if pause > Duration::ZERO {
            let _waiting = activity::waiting("GitHub's limit on writing", "", Some(pause));
            sleep_until(start).await;
        }
    }

    /// Closes the gate for `wait`. Says `false`, and leaves it as it is, when that would use up
    /// more than the patience.
    pub(super) fn close(&self, wait: Duration) -> bool {
        let mut gate = lock(&self.gate);
        let now = Instant::now();
        let Some(opens) = now.checked_add(wait) else { return false };
        let more = opens.saturating_duration_since(gate.opens.max(now));
        if gate.waited + more > self.patience {
            return false;
        }
        gate.waited += more;
        gate.opens = gate.opens.max(opens);
        true
    }
}

/// Takes the earliest start that keeps every window.
fn reserve(writes: &mut VecDeque<Instant>, now: Instant) -> Instant {
    let start = WINDOWS.iter().fold(now, |start, &(limit, window)| {
        let blocking = writes.len().checked_sub(limit).and_then(|index| writes.get(index));
        blocking.map_or(start, |&earlier| start.max(earlier + window))
    });
    // A slot given out earlier may lie ahead of this moment; the list stays in order.
    let start = writes.back().map_or(start, |&last| start.max(last));
    writes.push_back(start);
    let widest = WINDOWS.iter().map(|&(limit, _)| limit).max().unwrap_or_default();
    while writes.len() > widest {
        writes.pop_front();
    }
    start
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINUTE: Duration = Duration::from_secs(60);

    #[test]
    fn sixty_writes_start_at_once_and_the_next_sixty_a_minute_later() {
        let now = Instant::now();
        let mut writes = VecDeque::new();
        let starts: Vec<Instant> = (0..121).map(|_| reserve(&mut writes, now)).collect();
        assert!(starts[..60].iter().all(|&start| start == now));
        assert!(starts[60..120].iter().all(|&start| start == now + MINUTE));
        assert_eq!(starts[120], now + 2 * MINUTE);
    }

    #[test]
    fn an_hour_sees_400_writes_and_the_list_stays_bounded() {
        let now = Instant::now();
        let mut writes = VecDeque::new();
        let starts: Vec<Instant> = (0..1_000).map(|_| reserve(&mut writes, now)).collect();
        assert_eq!(starts[399], now + 6 * MINUTE);
        assert_eq!(starts[400], now + 60 * MINUTE);
        assert_eq!(starts[800], now + 120 * MINUTE);
        assert_eq!(writes.len(), 400);
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_past_the_sixtieth_really_waits() {
        let throttle = Throttle::new(MINUTE);
        let begin = Instant::now();
        for _ in 0..60 {
            throttle.write().await;
        }
        assert_eq!(begin.elapsed(), Duration::ZERO);
        throttle.write().await;
        assert!(begin.elapsed() >= MINUTE);
    }

    #[tokio::test(start_paused = true)]
    async fn github_is_waited_for_only_as_long_as_patience_lasts() {
        let throttle = Throttle::new(2 * MINUTE);
        let begin = Instant::now();
        assert!(throttle.close(MINUTE));
        assert!(throttle.close(MINUTE), "a second call that waits beside the first costs nothing");
        throttle.gate().await;
        assert!(begin.elapsed() >= MINUTE && begin.elapsed() < 2 * MINUTE);
        assert!(!throttle.close(2 * MINUTE), "one minute is left");
        assert!(throttle.close(MINUTE));
        assert!(!throttle.close(Duration::MAX));
    }
}
