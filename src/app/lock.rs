//! One run at a time in one workspace: two would pay for the same pictures. The lock is the system's, on a
//! file in the report folder, and dies with the process that holds it.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};
use std::time::Duration;

use tokio::time::{Instant, sleep};
use tracing::{info, warn};

use super::abort::Abort;
use crate::activity;
use crate::settings::Settings;
use crate::write::{ignore_itself, link_between};

/// Name of the file. A run that waits opens it anew for each look, since the one before may take it away.
const NAME: &str = "lock";

/// How often a run that waits looks again.
const LOOK: Duration = Duration::from_millis(100);

/// The right to work in the workspace, until it is dropped.
pub(super) struct Lock {
    _file: File,
    /// The report folder, where it was made for the lock.
    made: Option<PathBuf>,
}

impl Lock {
    /// Waits for other runs in this workspace, within `patience`. Where the file system has no locks there
    /// is a warning and none.
    pub(super) async fn take(settings: &Settings) -> Result<Option<Self>, Abort> {
        // The report says what is wrong with such a folder.
        if link_between(&settings.root, &settings.report_dir.join(NAME)).is_some() {
            return Ok(None);
        }
        Self::take_in(&settings.report_dir, settings.patience).await
    }

    async fn take_in(dir: &Path, patience: Duration) -> Result<Option<Self>, Abort> {
        let (begun, mut waiting, mut made) = (Instant::now(), None, None);
        loop {
            if !dir.exists() {
                made = Some(dir.to_owned());
            }
            let file = match open(dir) {
                Ok(file) => file,
                Err(error) => return Ok(none(dir, &error)),
            };
            match next(file.try_lock(), begun.elapsed() >= patience) {
                // The run before took it away: whoever comes next makes another.
                LockAttempt::Begin if is_removed(&file) => {}
                LockAttempt::Begin => return Ok(Some(Self { _file: file, made })),
                LockAttempt::BeginUnlocked(error) => return Ok(none(dir, &error)),
                LockAttempt::Refuse => {
                    return Err(Abort::invalid(format!(
                        "another run is using this workspace and its lock `{}`; two at once would pay twice, so wait until it ends, raise `patience`, or give the workflow a `concurrency:` group; a run of another blog needs its own `report-dir`",
                        dir.join(NAME).display()
                    )));
                }
                LockAttempt::Wait => {
                    if waiting.is_none() {
                        waiting = Some(activity::waiting("the end of another run", "", None));
                        let seconds = patience.as_secs();
                        info!(
                            "another run is using this workspace: waiting until it ends, at most {seconds} s"
                        );
                    }
                    sleep(LOOK).await;
                }
            }
        }
    }

    /// Takes the report folder away where only the lock is in it and it was not there before.
    pub(super) fn leave_nothing(self) {
        let Some(made) = self.made else { return };
        let ours = [made.join(NAME), made.join(".gitignore")];
        // What is left does no harm: git ignores it.
        ours.iter().for_each(|file| _ = fs::remove_file(file));
        let _ = fs::remove_dir(&made);
    }
}

/// What follows from an attempt to take the lock.
#[derive(Debug)]
enum LockAttempt {
    /// It is ours.
    Begin,
    /// There is none to be had here: many network and user-space file systems have no locks at all. A run that
    /// may be alone is worth more than the certainty that it is.
    BeginUnlocked(std::io::Error),
    /// Another run has it.
    Wait,
    /// Another run has it, and was waited for long enough.
    Refuse,
}

fn next(attempt: Result<(), TryLockError>, patience_is_over: bool) -> LockAttempt {
    match attempt {
        Ok(()) => LockAttempt::Begin,
        Err(TryLockError::Error(error)) => LockAttempt::BeginUnlocked(error),
        Err(TryLockError::WouldBlock) if patience_is_over => LockAttempt::Refuse,
        Err(TryLockError::WouldBlock) => LockAttempt::Wait,
    }
}

fn open(dir: &Path) -> std::io::Result<File> {
    fs::create_dir_all(dir)?;
    ignore_itself(dir)?;
    File::options().create(true).truncate(false).read(true).write(true).open(dir.join(NAME))
}

/// Whether the file has no name any more, so that nobody else finds it.
#[cfg(unix)]
fn is_removed(file: &File) -> bool {
    use std::os::unix::fs::MetadataExt as _;

    file.metadata().is_ok_and(|found| found.nlink() == 0)
}

/// A name in use is not given away there.
#[cfg(not(unix))]
fn is_removed(_: &File) -> bool {
    false
}

fn none(dir: &Path, error: &std::io::Error) -> Option<Lock> {
    let file = dir.join(NAME);
    warn!(
        "`{}` cannot be locked ({error}), so a second run in this workspace at the same time would pay twice",
        file.display()
    );
    None
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};

    use super::*;

    #[tokio::test]
    async fn a_lock_that_its_run_takes_away_is_not_held_by_two_of_those_that_come_after() {
        let root = tempfile::tempdir().unwrap();
        let dir = root.path().join("report");
        let take = |patience| {
            let dir = dir.clone();
            async move { Lock::take_in(&dir, patience).await }
        };
        let first = take(Duration::ZERO).await.unwrap().unwrap();
        let opened = open(&dir).unwrap();
        let waiting = tokio::spawn(take(Duration::from_secs(60)));
        tokio::task::yield_now().await;
        first.leave_nothing();
        assert!(opened.try_lock().is_ok() && is_removed(&opened), "who opened it before has nothing");
        let second = waiting.await.unwrap().unwrap().unwrap();
        assert!(take(Duration::ZERO).await.is_err(), "the second run works here");
        second.leave_nothing();
        assert!(!dir.exists());
    }

    #[test]
    fn only_a_run_that_holds_the_lock_is_waited_for() {
        for over in [false, true] {
            assert!(matches!(next(Ok(()), over), LockAttempt::Begin));
            for kind in [
                ErrorKind::Unsupported,
                ErrorKind::PermissionDenied,
                ErrorKind::InvalidInput,
                ErrorKind::Interrupted,
                ErrorKind::Other,
            ] {
                let failed = TryLockError::Error(kind.into());
                assert!(
                    matches!(next(Err(failed), over), LockAttempt::BeginUnlocked(error) if error.kind() == kind)
                );
            }
            // ENOLCK, ENOSYS, EOPNOTSUPP and EIO of Linux.
            for number in [37, 38, 95, 5] {
                let failed = TryLockError::Error(Error::from_raw_os_error(number));
                let next = next(Err(failed), over);
                assert!(
                    matches!(next, LockAttempt::BeginUnlocked(error) if error.raw_os_error() == Some(number))
                );
            }
        }
        assert!(matches!(next(Err(TryLockError::WouldBlock), false), LockAttempt::Wait));
        assert!(matches!(next(Err(TryLockError::WouldBlock), true), LockAttempt::Refuse));
    }
}
