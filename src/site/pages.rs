//! Which template makes the page of a post with Hugo: that of its section or type, as deep as there is one, and that of
//! its `layout` before all.

use crate::post::{Post, path};

/// Names of templates for single pages, the nearer one first. `page` is the newer of the two.
const USUAL: [&str; 2] = ["page", "single"];
/// The older name of the folder for all that have no section.
const DEFAULT: &str = "_default";

/// What decides which template makes the page of a post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct PageAddress {
    /// Its sections from the top, of which its `type` takes the place of the first.
    sections: Vec<String>,
    layout: Option<String>,
}

impl PageAddress {
    /// That of a post; `contents` are the folders in which sections lie.
    pub(super) fn of(post: &Post, contents: &[String]) -> Self {
        let section =
            section_of(post.path(), contents).and_then(|(content, section)| path::inside(section, content));
        let inner = section.unwrap_or_default().to_lowercase();
        let own = |key: &str| post.text(key).map(|own| own.trim().to_owned());
        let split = |path: &str| {
            path.split('/').filter(|name| !name.is_empty()).map(str::to_owned).collect::<Vec<_>>()
        };
        let mut sections = split(&inner);
        if let Some(own) = own("type") {
            sections.splice(..sections.len().min(1), split(&own));
        }
        Self { sections, layout: own("layout").map(|layout| layout.to_lowercase()) }
    }

    /// Whether a folder of templates is for this post's section or one above.
    fn is_within(&self, folder: &str) -> bool {
        folder.is_empty()
            || folder
                .split('/')
                .enumerate()
                .all(|(at, name)| self.sections.get(at).is_some_and(|own| own == name))
    }
}

/// The folder of contents in which a post lies, the innermost one, and the folder of its section.
pub(super) fn section_of<'a>(post: &'a str, contents: &'a [String]) -> Option<(&'a str, &'a str)> {
    let within = contents.iter().filter(|content| path::is_within(post, content));
    let content = within.max_by_key(|content| content.len())?;
    let folder = path::folder(post);
    let is_bundle = path::is_index(post) && folder.len() > content.len();
    Some((content, if is_bundle { path::folder(folder) } else { folder }))
}

/// A template that makes pages of single posts, by its place below the folder of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PageTemplate<T> {
    /// Sections that it is for; empty for all.
    folder: String,
    name: String,
    /// Whether it lies in the older folder for all.
    older: bool,
    /// What is known of it.
    pub about: T,
}

impl<T> PageTemplate<T> {
    /// The template of this path without its ending.
    pub(super) fn new(path: &str, about: T) -> Self {
        let path = path.to_lowercase();
        let (folder, name) = path.rsplit_once('/').unwrap_or(("", &path));
        let older = folder == DEFAULT;
        let folder = if older { "" } else { folder }.to_owned();
        Self { folder, name: name.to_owned(), older, about }
    }

    /// The same with what is to be said of it.
    pub(super) fn judged<U>(self, about: impl Fn(T) -> U) -> PageTemplate<U> {
        let Self { folder, name, older, about: known } = self;
        PageTemplate { folder, name, older, about: about(known) }
    }

    /// Whether posts have it without asking for it.
    pub(super) fn is_usual(&self) -> bool {
        USUAL.contains(&self.name.as_str())
    }

    /// Whether it is for the posts of all sections.
    pub(super) fn is_for_all(&self) -> bool {
        self.folder.is_empty()
    }
}

/// The template for the page of a post; nothing where none of these is.
pub(super) fn template_for<'t, T>(
    templates: &'t [PageTemplate<T>],
    post: &PageAddress,
) -> Option<&'t PageTemplate<T>> {
    let fits = templates.iter().filter(|template| post.is_within(&template.folder));
    let depth =
        |template: &PageTemplate<T>| template.folder.split('/').filter(|name| !name.is_empty()).count();
    let rank = |template: &&PageTemplate<T>| {
        let is_asked_for = post.layout.as_deref() == Some(&template.name);
        let usual = USUAL.iter().rev().position(|usual| *usual == template.name);
        (is_asked_for || usual.is_some()).then_some((is_asked_for, depth(template), !template.older, usual))
    };
    fits.filter(|template| rank(template).is_some()).max_by_key(rank)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::Dialect;

    fn address(path: &str, text: &str) -> PageAddress {
        let contents = ["content".to_owned(), "content/de".to_owned()];
        let text = format!("---\ntitle: A\n{text}---\n");
        PageAddress::of(&Post::parse(path, text.as_bytes(), Dialect::default()).unwrap(), &contents)
    }

    #[test]
    fn the_sections_of_a_post_are_its_folders_with_its_type_for_the_first() {
        for (path, text, expected) in [
            ("content/posts/a.md", "", "posts"),
            ("content/Posts/2026/a.md", "", "posts 2026"),
            ("content/posts/b/index.md", "", "posts"),
            ("content/de/blog/a.md", "", "blog"),
            ("content/a.md", "", ""),
            ("content/b/index.md", "", ""),
            ("content/blog/a.md", "type: posts\n", "posts"),
            ("content/blog/deep/a.md", "type: posts\n", "posts deep"),
            ("content/a.md", "type: docs/api\n", "docs api"),
        ] {
            assert_eq!(address(path, text).sections.join(" "), expected, "{path}");
        }
    }

    #[test]
    fn a_post_has_the_deepest_template_of_its_sections_and_its_layout_comes_first() {
        // As Hugo 0.168 builds it.
        let names = [
            "_default/single",
            "_default/defonly",
            "_default/wide",
            "posts/single",
            "posts/wide",
            "posts/sub/single",
            "docs/single",
            "docs/page",
            "docs/api/single",
            "docs/api/wide",
            "special/single",
        ];
        let templates: Vec<_> = names.iter().map(|name| PageTemplate::new(name, *name)).collect();
        for (path, text, expected) in [
            ("content/top.md", "", "_default/single"),
            ("content/top.md", "layout: wide\n", "_default/wide"),
            ("content/other/a.md", "layout: Wide\n", "_default/wide"),
            ("content/posts/a.md", "", "posts/single"),
            ("content/posts/a.md", "layout: wide\n", "posts/wide"),
            ("content/posts/a.md", "layout: defonly\n", "_default/defonly"),
            ("content/posts/a.md", "layout: nothere\n", "posts/single"),
            ("content/posts/a.md", "type: special\n", "special/single"),
            ("content/posts/a.md", "type: special\nlayout: wide\n", "_default/wide"),
            ("content/posts/sub/deep/a.md", "", "posts/sub/single"),
            ("content/zz/sub/a.md", "type: posts\n", "posts/sub/single"),
            ("content/docs/a.md", "", "docs/page"),
            ("content/docs/api/deep/b/index.md", "", "docs/api/single"),
            ("content/docs/api/b.md", "layout: wide\n", "docs/api/wide"),
            ("content/zz/a.md", "type: docs/api\n", "docs/api/single"),
        ] {
            let found = template_for(&templates, &address(path, text)).map(|template| template.about);
            assert_eq!(found, Some(expected), "{path} {text}");
        }
        let newer: Vec<_> =
            ["_default/single", "single", "page"].map(|name| PageTemplate::new(name, name)).into();
        assert_eq!(
            template_for(&newer, &address("content/a.md", "")).map(|template| template.about),
            Some("page")
        );
        assert_eq!(template_for::<()>(&[], &address("content/a.md", "")), None);
    }
}
