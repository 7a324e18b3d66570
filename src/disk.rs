//! Opens the files of a repository, which anybody may have put there: regular files inside it and nothing
//! else, because a pipe lets the reader wait for ever, and a link leads where it likes.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

/// Opens a regular file. A link is not followed, and a pipe not waited for.
///
/// # Errors
/// [`ErrorKind::IsADirectory`] for a folder, [`ErrorKind::InvalidInput`] for whatever else is not a file; what
/// the system says.
pub fn open(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    let file = careful(&mut options).open(path).map_err(|error| {
        // Where the system refuses the link or the socket itself, it has no word for why.
        let found = path.symlink_metadata().map(|found| found.file_type());
        if found.is_ok_and(|found| !found.is_file() && !found.is_dir()) { no_file() } else { error }
    })?;
    regular(file)
}

fn regular(file: File) -> io::Result<File> {
    let found = file.metadata()?;
    match (found.is_file(), found.is_dir()) {
        (true, _) => Ok(file),
        (_, true) => Err(io::Error::new(ErrorKind::IsADirectory, "it is a folder, not a file")),
        _ => Err(no_file()),
    }
}

/// A file in the folder, if there is no link on the way to it, as there is to nearly none: the system sees to that in
/// the call that opens it, where following links by hand takes a call for every folder above. It knows as well that
/// there is no such file, since a link that leads nowhere is still a link. `None` says nothing.
#[cfg(target_os = "linux")]
fn open_without_links(root: &Path, path: &Path) -> Option<io::Result<File>> {
    use std::path::Component;

    use rustix::fs::{CWD, Mode, OFlags, ResolveFlags, openat2};
    use rustix::io::Errno;
    if !path.components().all(|part| matches!(part, Component::Normal(_))) {
        return None;
    }
    let flags = OFlags::RDONLY | OFlags::NONBLOCK | OFlags::CLOEXEC;
    match openat2(CWD, root.join(path), flags, Mode::empty(), ResolveFlags::NO_SYMLINKS) {
        Ok(file) => Some(Ok(File::from(file))),
        Err(error @ (Errno::NOENT | Errno::NOTDIR)) => Some(Err(error.into())),
        Err(_) => None,
    }
}

#[cfg(not(target_os = "linux"))]
fn open_without_links(_: &Path, _: &Path) -> Option<io::Result<File>> {
    None
}

/// Opens a regular file in the folder `root`; links are followed as far as they stay in it.
///
/// # Errors
/// As [`open`], also for a link that leads out of the folder, or nowhere.
pub fn open_within(root: &Path, path: impl AsRef<Path>) -> io::Result<File> {
    if let Some(opened) = open_without_links(root, path.as_ref()) {
        return regular(opened?);
    }
    let resolved = resolve(&root.join(path))?;
    if resolved.starts_with(root.canonicalize()?) { open(&resolved) } else { Err(no_file()) }
}

/// Opens a regular file wherever it is; links are followed.
///
/// # Errors
/// As [`open`], also for a link that leads nowhere.
pub fn open_anywhere(path: &Path) -> io::Result<File> {
    open(&resolve(path)?)
}

/// Whether the system says that there is no such file: its folder may be missing, or be a file.
pub fn is_missing(error: &io::Error) -> bool {
    matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory)
}

fn resolve(path: &Path) -> io::Result<PathBuf> {
    path.canonicalize().map_err(|error| if path.is_symlink() { no_file() } else { error })
}

/// A whole file of at most so many bytes.
///
/// # Errors
/// [`ErrorKind::FileTooLarge`] for a longer one; what the system says.
pub fn whole(file: File, most: u64) -> io::Result<Vec<u8>> {
    let bytes = up_to(file, most)?;
    if bytes.len() as u64 > most { Err(ErrorKind::FileTooLarge.into()) } else { Ok(bytes) }
}

/// The first so many bytes of a text.
///
/// # Errors
/// What the system says.
pub fn beginning(file: File, most: u64) -> io::Result<String> {
    let mut bytes = up_to(file, most)?;
    bytes.truncate(usize::try_from(most).unwrap_or(usize::MAX));
    Ok(String::from_utf8(bytes).unwrap_or_else(|text| String::from_utf8_lossy(text.as_bytes()).into_owned()))
}

/// So many bytes of a file; one more tells that it is longer.
fn up_to(mut file: File, most: u64) -> io::Result<Vec<u8>> {
    let length = file.metadata()?.len().min(most);
    // To grow by doubling takes three times the memory, and a call of the system for every step.
    let mut bytes = vec![0; usize::try_from(length).unwrap_or_default() + 1];
    let mut end = 0;
    while end < bytes.len() {
        match file.read(&mut bytes[end..]) {
            Ok(0) => break,
            Ok(read) => end += read,
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(end);
    if end as u64 > length {
        // It has grown since, or is longer.
        file.take(most - length).read_to_end(&mut bytes)?;
    }
    Ok(bytes)
}

fn no_file() -> io::Error {
    io::Error::new(ErrorKind::InvalidInput, "it is a link that leads out, a pipe or a device, not a file")
}

#[cfg(unix)]
fn careful(options: &mut OpenOptions) -> &mut OpenOptions {
    use std::os::unix::fs::OpenOptionsExt as _;

    use rustix::fs::OFlags;
    options.custom_flags((OFlags::NOFOLLOW | OFlags::NONBLOCK).bits().cast_signed())
}

#[cfg(not(unix))]
fn careful(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn only_a_regular_file_inside_the_folder_is_opened() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let root = at("root");
        fs::create_dir_all(root.join("folder")).unwrap();
        fs::write(at("outside"), "secret").unwrap();
        fs::write(root.join("file"), "text").unwrap();
        for (link, to) in [
            ("inside", "file"),
            ("folder/inside", "../inside"),
            ("out", "../outside"),
            ("nowhere", "gone"),
            ("output", "/proc/self/fd/1"),
            ("round", "round"),
            ("linked", ".."),
        ] {
            symlink(to, root.join(link)).unwrap();
        }
        assert!(Command::new("mkfifo").arg(root.join("pipe")).status().unwrap().success());
        let _listening = UnixListener::bind(root.join("socket")).unwrap();
        let text = |name: &str| {
            let text = open_within(&root, name).and_then(|file| beginning(file, 3));
            text.map_err(|error| error.kind())
        };
        for name in ["file", "inside", "folder/inside"] {
            assert_eq!(text(name).as_deref(), Ok("tex"), "{name}");
        }
        for name in ["out", "nowhere", "output", "round", "linked/outside", "../outside", "pipe", "socket"] {
            assert_eq!(text(name), Err(ErrorKind::InvalidInput), "{name}");
        }
        assert_eq!(text("folder"), Err(ErrorKind::IsADirectory));
        for name in ["gone", "gone/file", "folder/../gone"] {
            assert_eq!(text(name), Err(ErrorKind::NotFound), "{name}");
        }
        assert_eq!(text("file/below"), Err(ErrorKind::NotADirectory));
        assert_eq!(open(&root.join("inside")).unwrap_err().kind(), ErrorKind::InvalidInput);
    }

    #[test]
    fn a_file_beyond_the_bound_is_too_large() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("file");
        fs::write(&file, "text").unwrap();
        assert_eq!(whole(open(&file).unwrap(), 4).unwrap(), b"text");
        assert_eq!(whole(open(&file).unwrap(), 3).unwrap_err().kind(), ErrorKind::FileTooLarge);
    }
}
