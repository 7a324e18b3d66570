//! Which part of a repository is a site's.

use crate::post::path::is_within;

/// The part of the repository in which all is one site's.
#[derive(Debug, Clone, Default)]
pub(super) struct Territory {
    /// Folder relative to the root; empty for the root itself.
    pub within: String,
    /// Folders of other sites in it.
    pub without: Vec<String>,
}

impl Territory {
    /// Whether a path is this site's.
    pub(super) fn holds(&self, path: &str) -> bool {
        is_within(path, &self.within) && !self.without.iter().any(|other| is_within(path, other))
    }
}
