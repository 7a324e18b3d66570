//! The sample blog of the mode `demo`: ten ordinary posts of a Hugo site, one of each kind that a run
//! has to tell apart. It is part of the binary, so that the demo needs nothing but a folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

macro_rules! sample {
    ($($path:literal),* $(,)?) => {
        [$(($path, include_bytes!(concat!("../demo/", $path)).as_slice())),*]
    };
}

/// Path within the blog and content of each file.
const FILES: [(&str, &[u8]); 14] = sample![
    "content/posts/_index.md",
    "content/posts/a-new-engine.md",
    "content/posts/aero-and-the-quiet-harbour.md",
    "content/posts/fog-signals.md",
    "content/posts/letters-from-the-pilot-boat.md",
    "content/posts/mending-nets.md",
    "content/posts/reading-the-tide-table.md",
    "content/posts/regatta-day.md",
    "content/posts/the-eclipse-of-2099.md",
    "content/posts/the-keepers-garden.md",
    "content/posts/winter-storms/index.md",
    "content/travel/north-by-ferry.md",
    "hugo.toml",
    "static/images/lighthouse.jpg",
];

/// Unpacks the blog into a folder, which need not exist.
///
/// # Errors
/// When the system refuses, or one of the files is there already: nothing is overwritten.
pub fn unpack(folder: &Path) -> io::Result<()> {
    for (path, bytes) in FILES {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap_or(folder))?;
        File::create_new(path)?.write_all(bytes)?;
    }
    Ok(())
}

/// Unpacks the blog into a new temporary folder, which stays when the program ends.
///
/// # Errors
/// As [`unpack`].
pub fn unpack_new() -> io::Result<PathBuf> {
    let folder = tempfile::Builder::new().prefix("image-fallback-demo-").tempdir()?.keep();
    unpack(&folder)?;
    Ok(folder)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn unpacked() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        unpack(folder.path()).unwrap();
        folder
    }

    #[test]
    fn every_file_of_the_sample_blog_is_unpacked() {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("demo");
        let folder = unpacked();
        let mut files = 0;
        for entry in ignore::WalkBuilder::new(&source).standard_filters(false).build() {
            let entry = entry.unwrap();
            if entry.file_type().unwrap().is_file() {
                let path = entry.path().strip_prefix(&source).unwrap();
                assert_eq!(
                    fs::read(entry.path()).unwrap(),
                    fs::read(folder.path().join(path)).unwrap(),
                    "{path:?}"
                );
                files += 1;
            }
        }
        assert_eq!(files, FILES.len());
    }

    #[test]
    fn nothing_is_overwritten() {
        assert_eq!(unpack(unpacked().path()).unwrap_err().kind(), io::ErrorKind::AlreadyExists);
    }
}
