//! What lies in the folder of a built site.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;

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
        let mut paths = HashSet::new();
        // What a server would publish, whatever a `.gitignore` says of it. Links are not followed.
        let walk = WalkBuilder::new(root).standard_filters(false).filter_entry(is_published).build();
        for entry in walk.flatten().filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file())) {
            if let Some(path) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) {
                paths.insert(if cfg!(windows) { path.replace('\\', "/") } else { path.to_owned() });
            }
            if paths.len() > MOST {
                return Err(Unusable::TooMany(root.to_owned()));
            }
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

/// Nobody publishes these, and they are large.
fn is_published(entry: &ignore::DirEntry) -> bool {
    !matches!(entry.file_name().to_str(), Some(".git" | "node_modules"))
}

fn is_page(path: &str) -> bool {
    let ending = path.rsplit_once('.').map_or("", |(_, ending)| ending);
    ["html", "htm", "xhtml"].iter().any(|known| ending.eq_ignore_ascii_case(known))
}
