//! Room for decoded pictures. A large one takes a hundred megabytes, and several posts are in flight:
//! who needs more than is free waits until another picture is written.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// Bytes that decoded pictures may take together, unless one alone takes more.
const ROOM: u64 = 96 << 20;

/// Longest time to wait, which no machine needs for a picture; after it, more memory is the smaller harm.
const PATIENCE: Duration = Duration::from_secs(600);

static TAKEN: Mutex<u64> = Mutex::new(0);
static GIVEN_BACK: Condvar = Condvar::new();

/// A share of the room, given back when it is dropped.
#[derive(Debug, Default)]
pub(super) struct Room {
    bytes: u64,
}

impl Room {
    /// Waits for so many bytes. Blocks, like everything about pictures.
    pub(super) fn take(bytes: u64) -> Self {
        let taken = TAKEN.lock().unwrap_or_else(PoisonError::into_inner);
        let is_full = |taken: &mut u64| *taken > 0 && *taken + bytes > ROOM;
        let waited = GIVEN_BACK.wait_timeout_while(taken, PATIENCE, is_full);
        let (mut taken, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *taken += bytes;
        Self { bytes }
    }

    /// Keeps so many bytes and gives back the others.
    pub(super) fn keep(&mut self, bytes: u64) {
        let freed = self.bytes.saturating_sub(bytes);
        self.bytes -= freed;
        *TAKEN.lock().unwrap_or_else(PoisonError::into_inner) -= freed;
        GIVEN_BACK.notify_all();
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        self.keep(0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_that_finds_no_room_waits_until_another_one_is_gone() {
        let mut first = Room::take(ROOM * 2);
        let (done, is_done) = std::sync::mpsc::channel();
        let second = std::thread::spawn(move || {
            let room = Room::take(ROOM / 2);
            done.send(()).unwrap();
            drop(room);
        });
        assert!(is_done.recv_timeout(Duration::from_millis(100)).is_err());
        first.keep(ROOM / 4);
        is_done.recv_timeout(PATIENCE).unwrap();
        second.join().unwrap();
    }
}
