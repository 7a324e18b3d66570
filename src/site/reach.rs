//! Which posts have their picture on their page, where a theme shows it for some of them only.

use std::collections::BTreeSet;

use crate::post::{Post, path};

/// The posts on whose page the picture stands that they name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// Their sections.
    pub sections: ShownSections,
    /// Whether the field finds nothing but files beside the post, which only a bundle has.
    pub only_bundles: bool,
}

/// Sections on whose pages a picture stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) enum ShownSections {
    /// All of them.
    #[default]
    All,
    /// These.
    Only(BTreeSet<String>),
    /// All others.
    AllBut(BTreeSet<String>),
}

impl Reach {
    /// Whether the picture of this post stands on its page; `contents` are the folders in which sections lie.
    pub(super) fn holds(&self, post: &Post, contents: &[String]) -> bool {
        let in_section = match &self.sections {
            ShownSections::All => true,
            ShownSections::Only(sections) => sections.contains(&section(post, contents)),
            ShownSections::AllBut(sections) => !sections.contains(&section(post, contents)),
        };
        in_section && (!self.only_bundles || post.is_index())
    }
}

/// The section by which Hugo chooses the template of a post: its `type`, else the first folder below the content; empty
/// where it has neither.
fn section(post: &Post, contents: &[String]) -> String {
    if let Some(own) = post.text("type").filter(|own| !own.trim().is_empty()) {
        return own.trim().to_owned();
    }
    let folder = if post.is_index() { path::folder(post.folder()) } else { post.folder() };
    let within = contents.iter().filter_map(|content| path::inside(folder, content));
    let inner = within.min_by_key(|inner| inner.len()).unwrap_or_default();
    inner.split('/').next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Dialect;

    #[test]
    fn the_section_of_a_post_is_its_type_or_the_first_folder_below_the_content() {
        let contents = ["content".to_owned(), "content/de".to_owned()];
        for (path, text, expected) in [
            ("content/posts/a.md", "", "posts"),
            ("content/posts/2026/a.md", "", "posts"),
            ("content/posts/b/index.md", "", "posts"),
            ("content/de/blog/a.md", "", "blog"),
            ("content/a.md", "", ""),
            ("content/b/index.md", "", ""),
            ("content/blog/a.md", "type: posts\n", "posts"),
        ] {
            let text = format!("---\ntitle: A\n{text}---\n");
            let post = Post::parse(path, text.as_bytes(), Dialect::default()).unwrap();
            assert_eq!(section(&post, &contents), expected, "{path}");
        }
    }
}
