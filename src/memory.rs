//! Memory for what is large: bodies of answers, and pictures while they are decoded, cut and encoded.
//!
//! Everything that one post needs is charged to one [`MemoryAccount`]. What is small comes out of a share that all
//! accounts have in common. An account that finds no room there becomes the large one, of which there is one at a
//! time: it never waits again until it has given back what it took, and everybody who waits does so for it or for
//! the common share. So nobody waits for somebody who waits for him, however many posts are in flight.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

use crate::fault::lock;

/// Bytes that all accounts but the large one take together.
const SHARED: u64 = 20 << 20;

/// Most bytes that reading a picture takes, the file included. Who knows that a picture needs more refuses it:
/// with the common share and the program itself it stays below 200 MB.
pub const LARGEST: u64 = 124 << 20;

tokio::task_local! {
    static OF_TASK: MemoryAccount;
}

/// All accounts of the program.
static BUDGET: Budget = Budget::new();

#[derive(Debug)]
struct Budget {
    taken: Mutex<TakenMemory>,
    /// Both are woken when something is given back: threads, and tasks.
    freed: Condvar,
    freed_for_tasks: Notify,
}

#[derive(Debug, Default)]
struct TakenMemory {
    shared: u64,
    has_large: bool,
    /// Threads that wait for more.
    waiting: usize,
}

impl Budget {
    const fn new() -> Self {
        let taken = Mutex::new(TakenMemory { shared: 0, has_large: false, waiting: 0 });
        Self { taken, freed: Condvar::new(), freed_for_tasks: Notify::const_new() }
    }
}

/// What one post takes; clones are the same account.
#[derive(Debug, Clone)]
pub struct MemoryAccount(Arc<AccountInner>);

#[derive(Debug)]
struct AccountInner {
    budget: &'static Budget,
    /// Locked after the budget's lock, never before it.
    state: Mutex<AccountState>,
    waits: Mutex<Waits>,
}

#[derive(Debug, Default)]
struct AccountState {
    bytes: u64,
    is_large: bool,
}

/// How long the account waited for memory.
#[derive(Debug, Default)]
struct Waits {
    total: Duration,
    since: Option<Instant>,
}

impl Default for MemoryAccount {
    fn default() -> Self {
        Self::of(&BUDGET)
    }
}

impl MemoryAccount {
    fn of(budget: &'static Budget) -> Self {
        Self(Arc::new(AccountInner { budget, state: Mutex::default(), waits: Mutex::default() }))
    }

    /// The account that this work is charged to; a new one outside of any [`MemoryAccount::scope`].
    pub fn current() -> Self {
        OF_TASK.try_with(Self::clone).unwrap_or_default()
    }

    /// Does the work on this account.
    pub async fn scope<T>(self, work: impl Future<Output = T>) -> T {
        OF_TASK.scope(self, work).await
    }

    /// As [`MemoryAccount::scope`], for work that blocks: it runs on a thread that knows no task.
    pub fn scope_blocking<T>(self, work: impl FnOnce() -> T) -> T {
        OF_TASK.sync_scope(self, work)
    }

    /// Takes memory, and waits where there is none; blocks, like everything about pictures.
    pub fn take_blocking(&self, bytes: u64) -> Hold {
        let mut hold = self.charge(0);
        hold.grow_blocking(bytes);
        hold
    }

    /// Takes memory without asking: for what is there already, and counted in another hold that goes soon.
    pub fn charge(&self, bytes: u64) -> Hold {
        let mut taken = lock(&self.0.budget.taken);
        let mut state = lock(&self.0.state);
        state.bytes += bytes;
        if !state.is_large {
            taken.shared += bytes;
        }
        Hold { account: self.clone(), bytes }
    }

    /// Takes memory if there is some. The account becomes the large one where the common share has no room.
    fn try_take(&self, taken: &mut TakenMemory, bytes: u64) -> bool {
        let mut state = lock(&self.0.state);
        if !state.is_large && taken.shared + bytes > SHARED {
            if taken.has_large {
                return false;
            }
            (taken.has_large, state.is_large) = (true, true);
            taken.shared -= state.bytes;
            self.0.budget.wake(taken);
        }
        if !state.is_large {
            taken.shared += bytes;
        }
        state.bytes += bytes;
        true
    }

    fn give_back(&self, bytes: u64) {
        let mut taken = lock(&self.0.budget.taken);
        let mut state = lock(&self.0.state);
        state.bytes -= bytes;
        if !state.is_large {
            taken.shared -= bytes;
        } else if state.bytes == 0 || taken.shared + state.bytes <= SHARED {
            (taken.has_large, state.is_large) = (false, false);
            taken.shared += state.bytes;
        }
        self.0.budget.wake(&taken);
    }

    /// Bytes that it has taken.
    #[cfg(test)]
    pub(crate) fn taken(&self) -> u64 {
        lock(&self.0.state).bytes
    }

    /// How long it has waited for memory so far.
    fn waited(&self) -> Duration {
        let waits = lock(&self.0.waits);
        waits.total + waits.since.map_or(Duration::ZERO, |since| since.elapsed())
    }
}

impl Budget {
    /// Wakes whoever waits. A check gives back ten thousand times, and to wake threads is a call of the system.
    fn wake(&self, taken: &TakenMemory) {
        if taken.waiting > 0 {
            self.freed.notify_all();
        }
        self.freed_for_tasks.notify_waiters();
    }
}

/// Memory that is taken, given back when this is dropped.
#[derive(Debug)]
pub struct Hold {
    account: MemoryAccount,
    bytes: u64,
}

impl Hold {
    /// The account that it is charged to.
    pub fn account(&self) -> &MemoryAccount {
        &self.account
    }

    /// Bytes that are held.
    pub fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Takes so many bytes more, and waits where there are none.
    pub async fn grow(&mut self, bytes: u64) {
        let AccountInner { budget, waits, .. } = &*self.account.0;
        let mut waiting = None;
        loop {
            // Made before the look, so that nothing that is given back after it is missed.
            let mut freed = std::pin::pin!(budget.freed_for_tasks.notified());
            freed.as_mut().enable();
            if self.account.try_take(&mut lock(&budget.taken), bytes) {
                self.bytes += bytes;
                return;
            }
            waiting.get_or_insert_with(|| Waiting::begin(waits));
            freed.await;
        }
    }

    /// As [`Hold::grow`], blocking.
    pub fn grow_blocking(&mut self, bytes: u64) {
        let budget = self.account.0.budget;
        let is_full = |taken: &mut TakenMemory| !self.account.try_take(taken, bytes);
        let mut taken = lock(&budget.taken);
        taken.waiting += 1;
        let mut taken = budget.freed.wait_while(taken, is_full).unwrap_or_else(PoisonError::into_inner);
        taken.waiting -= 1;
        self.bytes += bytes;
    }

    /// Keeps so many bytes and gives back the others.
    pub fn keep(&mut self, bytes: u64) {
        let freed = self.bytes.saturating_sub(bytes);
        self.bytes -= freed;
        self.account.give_back(freed);
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        self.keep(0);
    }
}

/// A wait that counts, also when it is given up.
struct Waiting<'a>(&'a Mutex<Waits>);

impl<'a> Waiting<'a> {
    fn begin(waits: &'a Mutex<Waits>) -> Self {
        lock(waits).since = Some(Instant::now());
        Self(waits)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        let mut waits = lock(self.0);
        let since = waits.since.take();
        waits.total += since.map_or(Duration::ZERO, |since| since.elapsed());
    }
}

/// Does the work within this time, not counting how long its account waits for memory: nobody who answered in
/// time is to lose for it. `None` where it took longer.
pub async fn timeout<T>(limit: Duration, work: impl Future<Output = T>) -> Option<T> {
    let account = MemoryAccount::current();
    let (end, before) = (Instant::now() + limit, account.waited());
    let mut work = std::pin::pin!(work);
    loop {
        let waited = account.waited() - before;
        tokio::select! {
            biased;
            done = &mut work => return Some(done),
            () = sleep_until(end + waited) => {}
        }
        if account.waited() - before == waited {
            return None;
        }
    }
}

#[cfg(test)]
mod tests;
