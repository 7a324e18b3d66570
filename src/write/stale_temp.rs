//! What a run left that was killed while it wrote: temporary files, which the next run that writes to
//! their folder removes.

use std::ffi::OsStr;
use std::fs::{self, DirEntry};
use std::path::Path;
use std::process;
use std::sync::LazyLock;
use std::time::{Duration, SystemTime};

/// How the names of temporary files begin; `<process id>-` and six letters or digits follow.
const PREFIX: &str = ".image-fallback-";

/// Whether a process lives cannot be known everywhere. A file that it is writing at this moment is younger
/// by far.
const OLD: Duration = Duration::from_secs(3600);

/// When this process began to write, less what the clocks of file systems are behind. In a container every
/// run has the same process id, so an older file of this one is another run's.
static BEGAN: LazyLock<SystemTime> = LazyLock::new(|| SystemTime::now() - Duration::from_millis(100));

/// How the names of this process's temporary files begin.
pub(super) fn prefix() -> String {
    LazyLock::force(&BEGAN);
    format!("{PREFIX}{}-", process::id())
}

/// Whether a file is called as temporary files of ours are.
pub(super) fn is_temporary(file: &Path) -> bool {
    file.file_name().is_some_and(|name| writer(name).is_some())
}

/// Removes from a folder the temporary files of processes that are gone. It is housekeeping: what cannot be
/// removed stays.
pub(super) fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(is_left) {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!("{} is left of an earlier run and stays: {error}", entry.path().display());
        }
    }
}

/// Links are not followed: a link may have the name of ours and is not ours.
fn is_left(entry: &DirEntry) -> bool {
    let Some(writer) = writer(&entry.file_name()) else { return false };
    entry.file_type().is_ok_and(|kind| kind.is_file())
        && entry.metadata().and_then(|file| file.modified()).is_ok_and(|at| is_over(writer, at))
}

/// The process in the name of a temporary file, `Some(None)` where earlier versions named none; `None` for
/// other names.
fn writer(name: &OsStr) -> Option<Option<u32>> {
    let rest = name.to_str()?.strip_prefix(PREFIX)?;
    let (writer, rest) = rest.split_once('-').map_or((None, rest), |(id, rest)| (Some(id), rest));
    let is_name = rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric());
    let writer = writer.map(str::parse::<u32>).transpose().ok()?;
    is_name.then_some(writer)
}

/// Whether nobody writes a file any more that this process began, and that was changed at this time.
fn is_over(writer: Option<u32>, changed: SystemTime) -> bool {
    let is_old = || changed.elapsed().is_ok_and(|age| age > OLD);
    match writer {
        Some(id) if id == process::id() => changed < *BEGAN,
        Some(id) => is_gone(id) || is_old(),
        None => is_old(),
    }
}

/// Whether no process has this id; `false` where the system does not tell.
fn is_gone(id: u32) -> bool {
    let processes = Path::new("/proc");
    processes.join("self").exists() && !processes.join(id.to_string()).exists()
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs::File;

    use super::*;

    /// No process has an id as large as this: Linux counts to 4,194,304.
    const NOBODY: u32 = 4_194_305;

    #[test]
    fn only_files_of_exactly_our_name_whose_process_is_gone_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, age: Duration| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        let (moment, day) = (Duration::from_millis(1), Duration::from_secs(24 * 3600));
        let own = process::id();
        let parent = std::os::unix::process::parent_id();
        let left = [
            (".image-fallback-Ab3dE6".to_owned(), day),
            (format!(".image-fallback-{NOBODY}-Ab3dE6"), moment),
            (format!(".image-fallback-{own}-Ab3dE6"), day),
            (format!(".image-fallback-{parent}-Ab3dE6"), day),
        ];
        let stay = [
            (".image-fallback-keep".to_owned(), day),
            (".image-fallback-abc12-".to_owned(), day),
            ("image-fallback-abc123".to_owned(), day),
            (".image-fallback.yml".to_owned(), day),
            (".image-fallback-young1".to_owned(), moment),
            (format!(".image-fallback-{NOBODY}-Ab3dE67"), day),
            (format!(".image-fallback-{parent}-Cd3dE6"), moment),
            (format!("{}Cd3dE6", prefix()), moment),
        ];
        left.iter().chain(&stay).for_each(|(name, age)| put(name, *age));
        fs::create_dir(folder.path().join(".image-fallback-folder")).unwrap();
        std::os::unix::fs::symlink("gone", folder.path().join(".image-fallback-link12")).unwrap();
        sweep(folder.path());
        for (name, _) in left {
            assert!(!folder.path().join(&name).exists(), "{name}");
        }
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), stay.len() + 2);
    }
}
