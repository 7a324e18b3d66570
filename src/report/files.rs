//! The files of Markdown that were seen, and how many of them are not posts for which reason: the numbers add up.

use serde::Serialize;

use crate::site::{Discovery, Sites};

/// So many files of a kind are named in report.json.
const MOST: usize = 200;

/// Every file of Markdown that was seen where posts may be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FileCount {
    /// All of them.
    pub seen: usize,
    /// Those that are posts by their names, whether they can be read or not.
    pub posts: usize,
    /// The others; none where there is none of a kind.
    pub left_out: Vec<FilesLeftOut>,
    /// Files that would be posts in a format that is not read; they are not among those seen.
    pub other_formats: FilesOfOtherFormats,
}

/// Files that are not posts for one reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilesLeftOut {
    /// Why.
    pub reason: NoPostBecause,
    /// How many.
    pub count: usize,
    /// Their paths relative to the root, at most 200; resources are not named.
    pub paths: Vec<String>,
}

/// Files in formats that are not read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilesOfOtherFormats {
    /// How many.
    pub count: usize,
    /// Their paths relative to the root, at most 200.
    pub paths: Vec<String>,
}

/// Why a file of Markdown is not a post. The text is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, thiserror::Error)]
#[serde(rename_all = "kebab-case")]
pub enum NoPostBecause {
    /// It belongs to another post.
    #[error("as resources of a bundle, whose post is its `index`")]
    Resource,
    /// Files of such names are not posts.
    #[error("as list pages, `README` and the like")]
    Name,
    /// Somebody says so.
    #[error("because `posts` or the site's own configuration excludes them")]
    Excluded,
    /// It lies elsewhere.
    #[error("because no posts are kept there")]
    Place,
}

impl FileCount {
    /// Counts what was found in these sites.
    pub fn of(sites: &Sites, discovery: &Discovery) -> Self {
        let Discovery { unreadable, links, resources, unread, by_name, excluded, elsewhere } = discovery;
        let named = |paths: &[String]| paths.iter().take(MOST).cloned().collect();
        let left_out = [
            (NoPostBecause::Resource, *resources, [].as_slice()),
            (NoPostBecause::Name, by_name.len(), by_name),
            (NoPostBecause::Excluded, excluded.len(), excluded),
            (NoPostBecause::Place, elsewhere.len(), elsewhere),
        ];
        let left_out: Vec<FilesLeftOut> = left_out
            .into_iter()
            .filter(|(_, count, _)| *count > 0)
            .map(|(reason, count, paths)| FilesLeftOut { reason, count, paths: named(paths) })
            .collect();
        let posts = sites.posts().count() + unreadable.len() + links.len();
        let no_posts: usize = left_out.iter().map(|left_out| left_out.count).sum();
        let other_formats = FilesOfOtherFormats { count: unread.len(), paths: named(unread) };
        Self { seen: posts + no_posts, posts, left_out, other_formats }
    }

    /// Every path that is named.
    pub(super) fn paths_mut(&mut self) -> impl Iterator<Item = &mut String> {
        self.left_out.iter_mut().flat_map(|left_out| &mut left_out.paths).chain(&mut self.other_formats.paths)
    }
}
