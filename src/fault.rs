//! Faults of the program itself: a panic becomes an error, so that the rest of a run goes on and what
//! was paid for is kept. Where it happened stands in the log already, by the panic hook.

use std::any::Any;
use std::panic::{self, AssertUnwindSafe};
use std::sync::{Mutex, MutexGuard, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use futures_util::FutureExt as _;

/// A panic that was caught.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "this is a fault of the program, not of your settings ({0}); the line `internal error` in the log says where; please report it with that line as an issue of image-fallback-action"
)]
pub struct Fault(String);

impl Fault {
    fn of(panic: &(dyn Any + Send)) -> Self {
        let message = panic.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| panic.downcast_ref::<&str>().copied());
        Self(message.unwrap_or("no message").to_owned())
    }
}

/// Does the work. What it was about to change must be of use, or out of use, if it breaks halfway.
///
/// # Errors
/// The panic that ended it.
pub fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, Fault> {
    panic::catch_unwind(AssertUnwindSafe(work)).map_err(|panic| Fault::of(&*panic))
}

/// As [`guarded`], for work that waits.
///
/// # Errors
/// The panic that ended it.
pub async fn caught<T>(work: impl Future<Output = T>) -> Result<T, Fault> {
    AssertUnwindSafe(work).catch_unwind().await.map_err(|panic| Fault::of(&*panic))
}

/// Takes a lock, also after a panic under it: nothing that a lock of ours guards is of no use when a change
/// breaks halfway.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes a lock that others may read under, as [`lock`] does.
pub fn read<T>(lock: &RwLock<T>) -> RwLockReadGuard<'_, T> {
    lock.read().unwrap_or_else(PoisonError::into_inner)
}

/// Takes such a lock to write, as [`lock`] does.
pub fn write<T>(lock: &RwLock<T>) -> RwLockWriteGuard<'_, T> {
    lock.write().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_becomes_an_error_with_its_words() {
        assert_eq!(caught(async { 1 }).await, Ok(1));
        let fault = caught(async { panic!("{} of {}", 1, 2) }).await.unwrap_err();
        assert!(fault.to_string().contains("fault of the program, not of your settings (1 of 2)"), "{fault}");
        assert_eq!(guarded(|| panic!("plain")).unwrap_err(), Fault("plain".to_owned()));
    }
}
