//! Every text that GitHub gets from us: commit message, pull request, comments. Pure functions.

use std::fmt::Write as _;

use crate::markdown::{code, without_calls};
use crate::text::url_path;

/// Last line of our commit messages, by which we know our own commits again.
pub const TRAILER: &str = "Made-by: image-fallback-action";

/// The commit message: `given`, or ours, with the trailer.
pub fn commit_message(given: Option<&str>, posts: usize) -> String {
    let headline = given.map_or_else(|| headline(posts), str::to_owned);
    format!("{headline}\n\n{TRAILER}\n")
}

/// Message of the merge that brings our branch up to date.
pub fn merge_message(base: &str, branch: &str) -> String {
    let headline = without_calls(&format!("Merge {base} into {branch}"));
    format!("{headline}\n\n{TRAILER}\n")
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

/// A post and its picture on our branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PullRow {
    /// Path of the post.
    pub post: String,
    /// Path of the picture.
    pub picture: String,
}

/// Body of the pull request; thumbnails are pinned to the commit, so that they never change meaning.
pub fn body(page: &str, commit: &str, rows: &[PullRow]) -> String {
    let mut body = String::from(
        "These posts had no hero image. Each picture is marked as machine-made in its metadata.\n\n",
    );
    body.push_str("| picture | post |\n|---|---|\n");
    for PullRow { post, picture } in rows {
        let address = format!("{page}/blob/{commit}/{}?raw=true", url_path(picture));
        let _ = writeln!(body, "| <img src=\"{address}\" width=\"240\" alt=\"\"> | {} |", code(post));
    }
    body.push_str("\nMerging puts them on the site. The next run adds to this branch and never rewrites it; your own commits here stay.\n");
    body
}

/// Comment under a pull request that is closed because nothing is left in it.
pub const EMPTY: &str = "Nothing is left in this pull request that the base branch lacks, so it is closed. The next picture opens a new one.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn our_commits_are_known_again_whatever_their_headline() {
        assert!(is_ours(&commit_message(Some("chore: pictures"), 3)));
        assert!(!is_ours("Add hero images for 3 posts"));
        assert_eq!(title(None, 1), "Add a hero image for 1 post");
    }

    #[test]
    fn the_body_pins_thumbnails_to_the_commit_and_escapes_paths() {
        let row = PullRow { post: "a|b<c>.md".to_owned(), picture: "static/i m.jpg".to_owned() };
        let body = body("https://github.com/acme/blog", "c0ffee", &[row]);
        assert!(body.contains("https://github.com/acme/blog/blob/c0ffee/static/i%20m.jpg?raw=true"));
        assert!(body.contains("<code>a&#124;b&lt;c&gt;.md</code>"));
    }

    #[test]
    fn the_name_of_a_file_is_never_live_in_a_pull_request_or_commit() {
        let names = [
            (
                "posts/`x` **b** _i_ ~s~.md",
                "posts/&#96;x&#96; &#42;&#42;b&#42;&#42; &#95;i&#95; &#126;s&#126;.md",
            ),
            ("posts/![x](//e/a.png) $m$.md", "posts/!&#91;x&#93;(//e/a.png) &#36;m&#36;.md"),
            ("a\n\n# b\n| c \u{202e}|.md", "a # b &#124; c &#124;.md"),
            ("https://evil.example/www.x.md", "https&#58;//evil.example/www&#46;x.md"),
            ("<img src=x onerror=\"y\">&amp;", "&lt;img src=x onerror=&quot;y&quot;&gt;&amp;amp;"),
            ("back\\slash @team #12.md", "back&#92;slash @team #12.md"),
        ];
        for (name, inert) in names {
            let row = PullRow { post: name.to_owned(), picture: name.to_owned() };
            let body = body("https://github.com/acme/blog", "c0ffee", &[row]);
            let line = body.lines().find(|line| line.starts_with("| <img")).unwrap();
            // Inside of code nobody is mentioned and no issue linked.
            assert!(
                line.ends_with(&format!("\" width=\"240\" alt=\"\"> | <code>{inert}</code> |")),
                "{line}"
            );
            assert_eq!(line.matches(['<', '>']).count(), 6, "{line}");
        }
        let message = merge_message("main", "fixes-#12/@team");
        assert!(message.starts_with("Merge main into fixes-#\u{200b}12/@\u{200b}team\n"), "{message}");
    }
}
