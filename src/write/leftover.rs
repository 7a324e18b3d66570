//! What a run left that was killed while it wrote: temporary files, which the next run that writes to
//! their folder removes.

use std::fs::{self, DirEntry};
use std::path::Path;
use std::time::Duration;

/// How the names of our temporary files begin; six letters or digits follow.
pub(super) const PREFIX: &str = ".image-fallback-";

/// A file that another run is writing at this moment is younger by far.
const OLD: Duration = Duration::from_secs(3600);

/// Removes the old temporary files of a folder. It is housekeeping: what cannot be removed stays.
pub(super) fn sweep(folder: &Path) {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    for entry in entries.filter(|entry| is_ours(&entry.file_name().to_string_lossy()) && is_old_file(entry)) {
        if let Err(error) = fs::remove_file(entry.path()) {
            tracing::debug!("{} is left of an earlier run and stays: {error}", entry.path().display());
        }
    }
}

fn is_ours(name: &str) -> bool {
    name.strip_prefix(PREFIX)
        .is_some_and(|rest| rest.len() == 6 && rest.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// Links are not followed: a link has the name of ours and is none.
fn is_old_file(entry: &DirEntry) -> bool {
    let age = |entry: &DirEntry| entry.metadata().ok()?.modified().ok()?.elapsed().ok();
    entry.file_type().is_ok_and(|kind| kind.is_file()) && age(entry).is_some_and(|age| age > OLD)
}

#[cfg(test)]
mod tests {
    use std::fs::File;
    use std::time::SystemTime;

    use super::*;

    #[test]
    fn only_old_files_of_exactly_our_name_are_removed() {
        let folder = tempfile::tempdir().unwrap();
        let put = |name: &str, age: Duration| {
            let file = File::create(folder.path().join(name)).unwrap();
            file.set_modified(SystemTime::now() - age).unwrap();
        };
        let day = Duration::from_secs(24 * 3600);
        let stay = [
            ".image-fallback-keep",
            ".image-fallback-abc12-",
            "image-fallback-abc123",
            ".image-fallback.yml",
        ];
        stay.iter().for_each(|name| put(name, day));
        put(".image-fallback-Ab3dE6", day);
        put(".image-fallback-young1", Duration::from_secs(60));
        fs::create_dir(folder.path().join(".image-fallback-folder")).unwrap();
        #[cfg(unix)]
        std::os::unix::fs::symlink("gone", folder.path().join(".image-fallback-link12")).unwrap();
        let before = fs::read_dir(folder.path()).unwrap().count();
        sweep(folder.path());
        assert!(!folder.path().join(".image-fallback-Ab3dE6").exists());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), before - 1);
    }
}
