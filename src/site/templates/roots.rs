//! How templates call the post of a page.

use super::lexer::{Language, Reference, Word};

/// Names by which scripts call a post or its front matter.
const SCRIPT: [&str; 29] = [
    "Astro",
    "props",
    "$props",
    "post",
    "entry",
    "page",
    "article",
    "blog",
    "data",
    "frontmatter",
    "frontMatter",
    "$frontmatter",
    "value",
    "attributes",
    "meta",
    "metadata",
    "matter",
    "markdownRemark",
    "mdx",
    "content",
    "blogPost",
    "fields",
    "doc",
    "assets",
    "$page",
    "params",
    "postData",
    "note",
    "blogPosting",
];
/// Words of the languages that are not names of fields.
const KEYWORDS: [&str; 12] =
    ["if", "or", "and", "not", "in", "is", "else", "endif", "true", "false", "none", "loop"];

/// Whether scripts call a post or its front matter so.
pub(super) fn is_of_script(name: &str) -> bool {
    SCRIPT.contains(&name)
}

/// A name in a template that may lead to something of the post.
#[derive(Debug)]
pub(in crate::site) struct PostReference<'a> {
    pub(super) name: &'a Reference,
    /// What the template is written in.
    pub language: Language,
    /// The whole template.
    pub(super) text: &'a str,
}

impl PostReference<'_> {
    /// Whether the name begins with these steps.
    pub(in crate::site) fn begins(&self, steps: &[&str]) -> bool {
        self.name.steps.len() >= steps.len()
            && self.name.steps.iter().zip(steps).all(|(own, step)| own == step)
    }

    /// Whether it is this name and no member of it.
    pub(in crate::site) fn is(&self, steps: &[&str]) -> bool {
        self.name.steps == steps
    }

    /// The steps behind so many.
    pub(in crate::site) fn after(&self, count: usize) -> Option<Vec<String>> {
        self.name.steps.get(count..).map(<[String]>::to_vec)
    }

    /// Whether it begins with a word of the language, which is not a name.
    pub(in crate::site) fn is_keyword(&self) -> bool {
        self.name.steps.first().is_some_and(|first| KEYWORDS.contains(&first.as_str()))
    }

    /// Whether it stands in an attribute that holds code.
    pub(in crate::site) fn is_bound(&self) -> bool {
        let before = self.text.get(..self.name.at);
        let attribute =
            before.and_then(|before| before.rsplit(char::is_whitespace).next()).unwrap_or_default();
        attribute.contains('=') && attribute.starts_with([':', '@'])
    }
}

/// The steps behind the names by which scripts call a post.
pub(in crate::site) fn of_script(reference: &PostReference<'_>) -> Option<Vec<String>> {
    let count = reference.name.steps.iter().take_while(|step| is_of_script(step)).count();
    (count > 0).then(|| reference.after(count)).flatten()
}

/// The field that a call asks for by its name: `meta('image')`, `get(key="image")`.
pub(super) fn asked(words: &[Word]) -> Option<String> {
    let is = |index: usize, sign: char| words.get(index) == Some(&Word::Sign(sign));
    let named = |index: usize, wanted: &str| match words.get(index) {
        Some(Word::Name(name)) => name.steps.len() == 1 && name.steps[0] == wanted,
        _ => false,
    };
    let text = |index: usize| match words.get(index) {
        Some(Word::Text(text)) => Some(text.clone()),
        _ => None,
    };
    if is(0, '(') {
        return text(1).filter(|_| is(2, ')'));
    }
    let get = is(0, '|') && named(1, "get") && is(2, '(') && named(3, "key") && is(4, '=');
    text(5).filter(|_| get)
}
