//! Tells posts from pages: where a site has sections whose posts are dated, an undated file outside of them is
//! a page, such as documentation, a privacy notice or a contact form.

use std::collections::{BTreeMap, HashSet};

use crate::post::{Post, date, path};

/// Folders that are a section by their name, whatever lies below.
const BY_NAME: [&str; 8] = ["posts", "post", "_posts", "blog", "articles", "article", "news", "writing"];

/// The sections of a site, and which of them hold dated posts.
#[derive(Debug, Default)]
pub(super) struct Sections {
    /// Folders where looking for posts begins.
    starts: Vec<String>,
    /// Those that hold dated posts, or posts by their name; none where no section is dated.
    dated: HashSet<String>,
}

impl Sections {
    /// Learns from posts, and from the names of those in a format that is not read.
    pub(super) fn learn(starts: &[String], sample: &[Post], unread: &[String]) -> Self {
        let mut sections = Self { starts: starts.to_vec(), dated: HashSet::new() };
        let mut counts: BTreeMap<String, (usize, usize)> = BTreeMap::new();
        let read = sample.iter().map(|post| (post.path(), post.date().is_some()));
        let unread = unread.iter().map(|file| (file.as_str(), date::prefix(path::stem(file)).is_some()));
        for (file, is_dated) in read.chain(unread) {
            let (dated, all) = counts.entry(sections.of(file).to_owned()).or_default();
            *dated += usize::from(is_dated);
            *all += 1;
        }
        let holds_posts = |section: &str| BY_NAME.contains(&section.rsplit('/').next().unwrap_or(section));
        let is_dated = |dated: usize, all: usize| dated > 0 && dated * 2 >= all;
        if counts.values().any(|(dated, all)| is_dated(*dated, *all)) {
            counts.retain(|section, (dated, all)| holds_posts(section) || is_dated(*dated, *all));
            sections.dated = counts.into_keys().collect();
        }
        sections
    }

    /// Whether an undated file of this path is a page.
    pub(super) fn is_page(&self, post: &Post) -> bool {
        !self.dated.is_empty() && !self.dated.contains(self.of(post.path())) && post.date().is_none()
    }

    /// The section that a file belongs to: the first folder below the one where looking begins, a language
    /// left aside.
    fn of<'p>(&self, file: &'p str) -> &'p str {
        let folder = path::folder(file);
        let folder = if path::is_index(file) { path::folder(folder) } else { folder };
        let start =
            self.starts.iter().find(|start| path::is_within(folder, start)).map_or("", String::as_str);
        if start.rsplit('/').next().is_some_and(|name| BY_NAME.contains(&name)) {
            return &file[..start.len()];
        }
        let inner = folder[start.len()..].trim_start_matches('/');
        let begin = folder.len() - inner.len();
        let mut end = begin;
        for name in inner.split('/').filter(|name| !name.is_empty()) {
            end = if end == begin { begin + name.len() } else { end + 1 + name.len() };
            if !is_language(name) {
                break;
            }
        }
        &folder[..end]
    }
}

/// `en`, `pt-br`, `zh_Hans`.
fn is_language(name: &str) -> bool {
    let (language, region) = name.split_once(['-', '_']).unwrap_or((name, ""));
    let letters = |text: &str| text.bytes().all(|byte| byte.is_ascii_alphabetic());
    (2..=3).contains(&language.len())
        && letters(language)
        && region.len() <= 4
        && letters(region)
        && (language.len() == 2 || !region.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Dialect;

    fn post(path: &str, dated: bool) -> Post {
        let date = if dated { "date: 2025-01-01\n" } else { "" };
        Post::parse(path, format!("---\ntitle: A\n{date}---\n").as_bytes(), Dialect::default()).unwrap()
    }

    #[test]
    fn undated_files_outside_of_dated_sections_are_pages() {
        let sample = [
            post("content/blog/a.md", true),
            post("content/blog/b/index.md", true),
            post("content/blog/c.md", false),
            post("content/docs/a.md", false),
            post("content/docs/b.md", false),
            post("content/docs/c.md", true),
            post("content/privacy.md", false),
        ];
        let sections = Sections::learn(&["content".to_owned()], &sample, &[]);
        let pages: Vec<_> = sample.iter().filter(|post| sections.is_page(post)).map(Post::path).collect();
        assert_eq!(pages, ["content/docs/a.md", "content/docs/b.md", "content/privacy.md"]);
    }

    #[test]
    fn languages_lie_above_sections_and_folders_of_posts_are_one_section() {
        let starts = ["content".to_owned(), "posts".to_owned()];
        let sample = [
            post("content/en/blog/a.md", true),
            post("content/de/blog/a.md", true),
            post("posts/2025/a.md", true),
        ];
        let sections = Sections::learn(&starts, &sample, &[]);
        for (path, is_page) in [
            ("content/en/about.md", true),
            ("content/en/docs/deep/a.md", true),
            ("content/en/blog/2025/b.md", false),
            ("posts/b.md", false),
        ] {
            assert_eq!(sections.is_page(&post(path, false)), is_page, "{path}");
        }
    }

    #[test]
    fn a_site_without_dates_has_no_pages_and_a_dated_post_is_never_one() {
        let undated = [post("content/a.md", false), post("content/docs/b.md", false)];
        let sections = Sections::learn(&["content".to_owned()], &undated, &[]);
        assert!(!undated.iter().any(|post| sections.is_page(post)));
        let adoc = ["content/posts/2025-01-01-p.adoc".to_owned()];
        let sections = Sections::learn(&["content".to_owned()], &[], &adoc);
        assert!(sections.is_page(&undated[0]) && !sections.is_page(&post("content/a.md", true)));
    }
}
