//! What lies in the folder of a built site.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use ignore::{DirEntry, WalkBuilder, WalkState};

use crate::fault;

/// Most files of a built site.
const MOST: usize = 1_000_000;

/// Why a folder cannot be taken for a built site.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unusable {
    /// There is none.
    #[error("`{}` is not a folder; build the site before this step, and name the folder that is published", .0.display())]
    NoFolder(PathBuf),
    /// There is no page in it.
    #[error("`{}` holds no HTML page; build the site before this step, and name the folder that is published", .0.display())]
    NoPage(PathBuf),
    /// More than anybody builds.
    #[error("`{}` holds more than a million files; name the folder of the built site alone", .0.display())]
    TooMany(PathBuf),
}

/// The regular files of a built site, by their paths below it with `/`.
#[derive(Debug, Default)]
pub(super) struct BuiltFiles {
    paths: HashSet<String>,
}

impl BuiltFiles {
    pub(super) fn list(root: &Path) -> Result<Self, Unusable> {
        if !root.is_dir() {
            return Err(Unusable::NoFolder(root.to_owned()));
        }
        // What a server would publish, whatever a `.gitignore` says of it. Links are not followed.
        let walk = WalkBuilder::new(root).standard_filters(false).filter_entry(is_published).build_parallel();
        let paths = Mutex::new(HashSet::new());
        walk.run(|| {
            Box::new(|entry| {
                let Some(path) = entry.ok().and_then(|entry| path_of(&entry, root)) else {
                    return WalkState::Continue;
                };
                let mut paths = fault::lock(&paths);
                paths.insert(path);
                if paths.len() > MOST { WalkState::Quit } else { WalkState::Continue }
            })
        });
        let paths = paths.into_inner().unwrap_or_else(PoisonError::into_inner);
        if paths.len() > MOST {
            return Err(Unusable::TooMany(root.to_owned()));
        }
        if !paths.iter().any(|path| is_page(path)) {
            return Err(Unusable::NoPage(root.to_owned()));
        }
        Ok(Self { paths })
    }

    /// Whether there is a file of this very path.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.paths.contains(path)
    }

    /// The pages, in order of their paths.
    pub(super) fn pages(&self) -> Vec<String> {
        let mut pages: Vec<_> = self.paths.iter().filter(|path| is_page(path)).cloned().collect();
        pages.sort_unstable();
        pages
    }
}

/// Path of a regular file below the folder, with `/`; nothing of what else there is.
fn path_of(entry: &DirEntry, root: &Path) -> Option<String> {
    let is_file = entry.file_type().is_some_and(|kind| kind.is_file());
    let path = entry.path().strip_prefix(root).ok().filter(|_| is_file)?.to_str()?;
    Some(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() })
}

/// Nobody publishes these, and they are large.
fn is_published(entry: &DirEntry) -> bool {
    !matches!(entry.file_name().to_str(), Some(".git" | "node_modules"))
}

fn is_page(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["html", "htm", "xhtml"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
