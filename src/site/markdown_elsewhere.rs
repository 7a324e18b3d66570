//! Where the Markdown of a repository lies in which no posts were found: what the user may have meant.

use std::collections::BTreeMap;
use std::path::Path;

use ignore::WalkBuilder;

use super::globs::is_about_the_repository;
use crate::post::path::{self, MARKDOWN};

/// So many files and folders are looked at.
const MOST: usize = 20_000;
/// Folders in which nobody keeps posts.
const NEVER: [&str; 14] = [
    "node_modules",
    "bower_components",
    "vendor",
    "themes",
    "archetypes",
    "scaffolds",
    "layouts",
    "templates",
    "_layouts",
    "_includes",
    "_site",
    "dist",
    "build",
    "target",
];
/// Names of files that stand for their folder.
const FOR_FOLDERS: [&str; 2] = ["+page", "page"];

/// The folder below this one with the most Markdown, and how many files there are; nothing where there are hardly any.
pub(super) fn folder_of_most(root: &Path, within: &str) -> Option<(String, usize)> {
    let is_never = |name: &str| NEVER.contains(&name);
    let walk = WalkBuilder::new(root.join(within))
        .standard_filters(false)
        .hidden(true)
        .filter_entry(move |entry| !entry.file_name().to_str().is_some_and(is_never))
        .build();
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for entry in
        walk.flatten().take(MOST).filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()))
    {
        let Some(file) = entry.path().strip_prefix(root).ok().and_then(Path::to_str) else { continue };
        let (stem, ending) = (path::stem(file), file.rsplit_once('.').map_or("", |(_, ending)| ending));
        if !MARKDOWN.iter().any(|known| ending.eq_ignore_ascii_case(known)) || is_about_the_repository(stem) {
            continue;
        }
        let mut folder = path::folder(file);
        if path::is_index(file) || FOR_FOLDERS.contains(&stem) {
            folder = path::folder(folder);
        }
        // Those above hold it too, as far as they are folders of the site.
        while folder.len() > within.len() {
            *counts.entry(folder.to_owned()).or_default() += 1;
            folder = path::folder(folder);
        }
    }
    // The deepest of those that hold more than any beside them: a folder with all that is below it.
    let most = *counts.values().max()?;
    let deepest =
        counts.into_iter().filter(|(_, count)| *count == most).max_by_key(|(folder, _)| folder.len());
    deepest.filter(|(_, count)| *count > 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn the_folder_with_the_most_markdown_is_found() {
        for (files, expected) in [
            (vec!["src/posts/a.md", "src/posts/b.md", "docs/c.md"], Some(("src/posts", 2))),
            (vec!["src/routes/blog/a/+page.md", "src/routes/blog/b/+page.md"], Some(("src/routes/blog", 2))),
            (vec!["notes/2025/a.md", "notes/2026/b.mdx"], Some(("notes", 2))),
            (vec!["src/posts/a.md", "README.md", "node_modules/x/a.md", "node_modules/x/b.md"], None),
            (vec!["a.md", "b.md"], None),
        ] {
            let all: Vec<_> = files.iter().map(|file| (*file, "")).collect();
            let root = tree(&all);
            let expected = expected.map(|(folder, count): (&str, usize)| (folder.to_owned(), count));
            assert_eq!(folder_of_most(root.path(), ""), expected, "{files:?}");
        }
    }
}
