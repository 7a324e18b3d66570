//! Every text that GitHub gets from us: commit message, pull request, comments. Pure functions.

use super::gallery::{Gallery, PullRow};
use crate::markdown::without_calls;

/// Last line of our commit messages, by which we know our own commits again.
pub const TRAILER: &str = "Made-by: image-fallback-action";

/// The commit message: `given`, or ours, with the trailer, and signed off by the `signer`.
pub fn commit_message(given: Option<&str>, posts: usize, signer: Option<&str>) -> String {
    message(&given.map_or_else(|| headline(posts), str::to_owned), signer)
}

/// Message of the merge that brings our branch up to date.
pub fn merge_message(base: &str, branch: &str, signer: Option<&str>) -> String {
    message(&without_calls(&format!("Merge {base} into {branch}")), signer)
}

fn message(headline: &str, signer: Option<&str>) -> String {
    let signed_off = signer.map(|signer| format!("Signed-off-by: {signer}\n")).unwrap_or_default();
    format!("{headline}\n\n{TRAILER}\n{signed_off}")
}

/// Whether a commit is ours, by its message.
pub fn is_ours(message: &str) -> bool {
    message.lines().any(|line| line.trim_end() == TRAILER)
}

/// Title of the pull request.
pub fn title(given: Option<&str>, posts: usize) -> String {
    given.map_or_else(|| headline(posts), str::to_owned)
}

fn headline(posts: usize) -> String {
    match posts {
        1 => "Add a hero image for 1 post".to_owned(),
        posts => format!("Add hero images for {posts} posts"),
    }
}

/// Body of the pull request that shows these rows of `commit`; `earlier` is the body that it has.
pub fn body(gallery: &Gallery, page: &str, commit: &str, rows: &[PullRow], earlier: &str) -> String {
    let intro = "Please look at each picture and its alt text before you merge. Every picture is marked as machine-made in its metadata.";
    let outro = "Merging puts them on the site. The next run adds to this branch and never rewrites it; your own commits here stay.";
    let sections = gallery.sections(page, commit, rows, earlier);
    format!("{intro}\n\n{sections}\n{outro}\n{}", gallery.footer())
}

/// First line of our comment under a pull request, by which we know it again; nobody sees it.
const COMMENT: &str = "<!-- image-fallback-action: hero images -->";

/// Whether a comment is the one that shows the pictures.
pub fn is_our_comment(text: &str) -> bool {
    text.starts_with(COMMENT)
}

/// The comment under a pull request, `earlier` being what it says so far; `None` where it has nothing to say and
/// is not there.
pub fn comment(gallery: &Gallery, page: &str, commit: Option<&str>, earlier: &str) -> Option<String> {
    let sections = gallery.further_sections(page, commit, earlier);
    if sections.is_none() && earlier.is_empty() {
        return None;
    }
    let sections = sections.unwrap_or_else(|| "Every post has its hero image.\n".to_owned());
    let outro = "Pictures are commits on the branch of this pull request, and are marked as machine-made in their metadata. A post with `regenerate_image: true` gets another one.";
    Some(format!("{COMMENT}\n## Hero images\n\n{sections}\n{outro}\n{}", gallery.footer()))
}

/// Comment under a pull request that is closed because nothing is left in it.
pub const EMPTY: &str = "Nothing is left in this pull request that the base branch lacks, so it is closed. The next picture opens a new one.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_commits_are_known_again_whatever_their_headline() {
        assert!(is_ours(&commit_message(Some("chore: pictures"), 3, Some("A <a@example.com>"))));
        assert!(!is_ours("Add hero images for 3 posts"));
        assert_eq!(title(None, 1), "Add a hero image for 1 post");
    }

    #[test]
    fn a_merge_message_calls_nobody_and_closes_nothing() {
        let message = merge_message("main", "fixes-#12/@team", None);
        assert!(message.starts_with("Merge main into fixes-#\u{200b}12/@\u{200b}team\n"), "{message}");
    }
}
