//! What a template is for, as its name says.

use super::markup::{base, words_of};

/// Words in the names of templates that show many posts.
const LISTS: [&str; 30] = [
    "list",
    "lists",
    "index",
    "archive",
    "archives",
    "card",
    "cards",
    "pagination",
    "paginator",
    "related",
    "feed",
    "rss",
    "atom",
    "sitemap",
    "tag",
    "tags",
    "category",
    "categories",
    "taxonomy",
    "terms",
    "term",
    "home",
    "summary",
    "preview",
    "previews",
    "grid",
    "posts",
    "search",
    "recent",
    "teaser",
];
/// Names of templates for the page of a post.
const POSTS: [&str; 12] = [
    "post",
    "single",
    "article",
    "blogpost",
    "entry",
    "postlayout",
    "articlelayout",
    "blogpostlayout",
    "note",
    "postdetails",
    "blogarticle",
    "singlepost",
];
/// Names of folders for parts of pages.
const PARTS: [&str; 10] = [
    "partials",
    "_partials",
    "partial",
    "_partial",
    "includes",
    "_includes",
    "components",
    "macros",
    "mixins",
    "widget",
];
/// Names of templates that stand around every page.
const AROUND: [&str; 8] = ["baseof", "default", "base", "layout", "main", "app", "document", "basehtml"];

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::site) enum TemplateKind {
    /// The page of a post.
    Post,
    /// What stands around every page.
    Around,
    /// The page of those posts that ask for it.
    Variant,
    /// Many posts.
    List,
    /// Something else, or a part of some page.
    Other,
}

/// What the name of a template says.
#[derive(Debug)]
pub(in crate::site) struct TemplateName<'a> {
    /// The path below the site.
    pub path: &'a str,
    /// The path below the folder of templates.
    pub name: &'a str,
    /// The last part of the path, without its ending.
    pub stem: &'a str,
    /// The words of the stem.
    pub words: Vec<String>,
    /// Whether it lies where parts of pages lie.
    pub is_part: bool,
    /// Whether its name is that of a page with many posts.
    pub is_list: bool,
    /// Whether its folder is for such pages.
    pub is_among_lists: bool,
    /// Whether its name is one for the page of a post.
    pub is_of_post: bool,
}

impl<'a> TemplateName<'a> {
    /// `parts` is a folder of nothing but parts, `layouts` are names of layouts for posts.
    pub(super) fn of(name: &'a str, path: &'a str, parts: Option<&str>, layouts: &[String]) -> Self {
        let stem = base(name);
        let words = words_of(stem);
        let folders = || name.rsplit_once('/').map_or("", |(folder, _)| folder).split('/');
        let of_lists = |word: String| LISTS.contains(&word.as_str()) && word != "posts" && word != "index";
        Self {
            is_part: folders().any(|folder| PARTS.contains(&folder))
                || parts.is_some_and(|parts| path.contains(parts)),
            is_list: words.iter().any(|word| LISTS.contains(&word.as_str())),
            is_among_lists: folders().flat_map(words_of).any(of_lists),
            is_of_post: is_for_posts(stem) || layouts.iter().any(|layout| layout == stem),
            path,
            name,
            stem,
            words,
        }
    }

    /// The folder below that of the templates.
    pub(in crate::site) fn folder(&self) -> &'a str {
        self.name.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Whether one of the words is among these.
    pub(in crate::site) fn has_word(&self, among: &[&str]) -> bool {
        self.words.iter().any(|word| among.contains(&word.as_str()))
    }

    /// What it is for by the names that all generators use; whether a name with `post` in it says so of layouts only.
    pub(super) fn usual(&self, posts_are_layouts: bool) -> TemplateKind {
        let says_post = self.words.len() > 1 && !self.is_list && self.has_word(&["post", "article"]);
        let may_be_post = !posts_are_layouts || self.path.contains("ayouts/");
        let is_apart = self.is_part || self.is_among_lists;
        if !is_apart && (self.is_of_post || (says_post && may_be_post)) {
            return TemplateKind::Post;
        }
        if self.is_list || self.is_among_lists {
            // The folder's own file of a component is not a list.
            let is_own = self.stem == "index" && self.is_part;
            return if is_own { TemplateKind::Other } else { TemplateKind::List };
        }
        let is_around = AROUND.contains(&self.words.concat().as_str());
        if is_around && !self.is_part { TemplateKind::Around } else { TemplateKind::Other }
    }

    /// Whether it makes a page for each post: its path has the post's slug in brackets.
    pub(in crate::site) fn is_page_of_a_post(&self) -> bool {
        is_page_of_a_post(self.path)
    }
}

/// Whether a template of this stem is for the page of a post.
pub(super) fn is_for_posts(stem: &str) -> bool {
    POSTS.contains(&words_of(stem).concat().as_str())
}

/// Whether a file makes a page for each post: its path has the post's slug in brackets.
fn is_page_of_a_post(path: &str) -> bool {
    let low = path.to_lowercase();
    let folders = ["tag", "categor", "author", "archive", "series", "page]", "lang]/index", "locale]/page."];
    let slug = ["slug]", "id]", "post]", "permalink]", "path]", "...blog]", "article]"]
        .iter()
        .any(|slug| low.contains(slug));
    slug && !folders.iter().any(|folder| low.contains(folder))
        && (low.contains("app/") || low.contains("pages/"))
}
