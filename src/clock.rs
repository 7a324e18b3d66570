//! The time of day, as the machine tells it.

use std::time::{SystemTime, UNIX_EPOCH};

use jiff::Timestamp;

/// The present moment. A clock that shows a year beyond the calendar, which ends with 9999, counts as
/// standing at the end of it: a wrong clock is no reason to lose a run.
pub fn now() -> Timestamp {
    from(SystemTime::now())
}

fn from(time: SystemTime) -> Timestamp {
    let edge = if time < UNIX_EPOCH { Timestamp::MIN } else { Timestamp::MAX };
    Timestamp::try_from(time).unwrap_or(edge)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_clock_outside_of_the_calendar_stands_at_its_edge() {
        let far = Duration::from_secs(1 << 50);
        assert_eq!(from(UNIX_EPOCH + far), Timestamp::MAX);
        assert_eq!(from(UNIX_EPOCH - far), Timestamp::MIN);
        assert_eq!(from(UNIX_EPOCH + Duration::from_secs(60)), Timestamp::from_second(60).unwrap());
        assert_eq!(from(UNIX_EPOCH - Duration::from_secs(60)), Timestamp::from_second(-60).unwrap());
    }
}
