//! Faults on chosen calls: what goes wrong, and on which call.

use std::fmt;
use std::sync::Arc;

use super::answer::Answer;
use super::call::Call;
use super::world::World;

/// Something a test does while the fake holds a request.
pub type Deed = Arc<dyn Fn(&World) + Send + Sync>;

/// What goes wrong with a call.
#[derive(Clone)]
pub enum Fault {
    /// 502, and nothing happened.
    BadGateway,
    /// 502, although the call did its work.
    BadGatewayAfter,
    /// The connection stays open and silent; nothing happened.
    Hang,
    /// The connection stays open and silent, although the call did its work.
    HangAfter,
    /// The connection closes without an answer; nothing happened.
    Close,
    /// The connection closes without an answer, although the call did its work.
    CloseAfter,
    /// 401, as when the job's token has expired.
    BadCredentials,
    /// 404 for what exists, as a replica that lags says it.
    StaleNotFound,
    /// 422 "Tree SHA does not exist", as a replica that lags says it.
    StaleTree,
    /// 422 "Reference update failed".
    StaleReference,
    /// A secondary limit with status 403 or 429, with or without `retry-after` in seconds.
    SecondaryLimit { status: u16, retry_after: Option<u64> },
    /// The hourly limit, over in this many seconds.
    PrimaryLimit { reset_in: u64 },
    /// Any other answer instead of the right one.
    Answer(Answer),
    /// A deed before the call takes effect, such as moving the branch; the call itself goes on.
    Before(Deed),
    /// A deed after the call took effect and before it is answered, such as a signal to the program.
    After(Deed),
}

impl Fault {
    /// A deed before the call.
    pub fn before(deed: impl Fn(&World) + Send + Sync + 'static) -> Self {
        Self::Before(Arc::new(deed))
    }

    /// A deed after the call.
    pub fn after(deed: impl Fn(&World) + Send + Sync + 'static) -> Self {
        Self::After(Arc::new(deed))
    }

    /// The answer that takes the place of the effect, if this is such a fault.
    pub(super) fn answer(&self, now: u64) -> Option<Answer> {
        Some(match self {
            Self::BadGateway => Answer::bad_gateway(),
            Self::BadCredentials => Answer::bad_credentials(),
            Self::StaleNotFound => Answer::not_found(),
            Self::StaleTree => Answer::error(422, "Tree SHA does not exist"),
            Self::StaleReference => Answer::error(422, "Reference update failed"),
            Self::SecondaryLimit { status, retry_after } => Answer::secondary_limit(*status, *retry_after),
            Self::PrimaryLimit { reset_in } => Answer::primary_limit(403, now + reset_in),
            Self::Answer(answer) => answer.clone(),
            _ => return None,
        })
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::BadGateway => "502 before effect",
            Self::BadGatewayAfter => "502 after success",
            Self::Hang => "silence before effect",
            Self::HangAfter => "silence after success",
            Self::Close => "closed before effect",
            Self::CloseAfter => "closed after success",
            Self::BadCredentials => "401",
            Self::StaleNotFound => "stale 404",
            Self::StaleTree => "422 Tree SHA does not exist",
            Self::StaleReference => "422 Reference update failed",
            Self::SecondaryLimit { retry_after: Some(_), .. } => "secondary limit with retry-after",
            Self::SecondaryLimit { retry_after: None, .. } => "secondary limit without headers",
            Self::PrimaryLimit { .. } => "primary limit",
            Self::Answer(answer) => return write!(f, "status {}", answer.status),
            Self::Before(_) => "deed before effect",
            Self::After(_) => "deed after effect",
        })
    }
}

/// Which calls a fault meets.
#[derive(Clone)]
pub struct When {
    matches: Arc<dyn Fn(&Call) -> bool + Send + Sync>,
    nth: Option<usize>,
}

impl When {
    /// The nth call from now on, counted from 1.
    pub fn call(nth: usize) -> Self {
        Self { matches: Arc::new(|_| true), nth: Some(nth) }
    }

    /// The nth call from now on that may change something, counted from 1.
    pub fn mutation(nth: usize) -> Self {
        Self { matches: Arc::new(Call::is_mutation), nth: Some(nth) }
    }

    /// The first call with this method whose path contains this text; see `nth` and `always`.
    pub fn to(method: &str, path: &str) -> Self {
        let (method, path) = (method.to_owned(), path.to_owned());
        Self {
            matches: Arc::new(move |call| call.method == method && call.path.contains(&path)),
            nth: Some(1),
        }
    }

    /// The nth such call instead of the first.
    pub fn nth(self, nth: usize) -> Self {
        Self { nth: Some(nth), ..self }
    }

    /// Every such call.
    pub fn always(self) -> Self {
        Self { nth: None, ..self }
    }
}

impl From<usize> for When {
    fn from(nth: usize) -> Self {
        Self::call(nth)
    }
}

/// A fault that waits for its call.
pub(super) struct Planned {
    pub when: When,
    pub fault: Fault,
    pub seen: usize,
}

impl Planned {
    /// Counts the call if it is meant, and says whether the fault strikes now.
    pub fn strikes(&mut self, call: &Call) -> bool {
        if !(self.when.matches)(call) {
            return false;
        }
        self.seen += 1;
        self.when.nth.is_none_or(|nth| nth == self.seen)
    }
}
