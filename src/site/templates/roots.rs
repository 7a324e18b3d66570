//! How each generator calls the post of a page in its templates.

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
/// Words of the languages that are no names of fields.
const KEYWORDS: [&str; 12] =
    ["if", "or", "and", "not", "in", "is", "else", "endif", "true", "false", "none", "loop"];

/// Whether scripts call a post or its front matter so.
pub(super) fn is_of_script(name: &str) -> bool {
    SCRIPT.contains(&name)
}

/// The steps from the post to what a name is, where it is something of the post.
pub(super) fn steps(
    generator: &str,
    language: Language,
    name: &Reference,
    text: &str,
) -> Option<Vec<String>> {
    let after = |count: usize| name.steps.get(count..).map(<[String]>::to_vec);
    let first = name.steps.first()?.as_str();
    let second = name.steps.get(1).map(String::as_str);
    match generator {
        "jekyll" => (first == "page").then(|| after(1)).flatten(),
        "zola" => (first == "page" && second == Some("extra")).then(|| after(1)).flatten(),
        "pelican" => (first == "article").then(|| after(1)).flatten(),
        "mkdocs" => (first == "page" && second == Some("meta")).then(|| after(2)).flatten(),
        "nikola" => (first == "post").then(|| after(if second == Some("meta") { 2 } else { 1 })).flatten(),
        "hexo" => matches!(first, "page" | "post").then(|| after(1)).flatten(),
        "eleventy" if matches!(language, Language::Liquid | Language::Jinja) => {
            (!KEYWORDS.contains(&first)).then(|| after(0)).flatten()
        }
        "eleventy" if language == Language::Attributes => is_bound(text, name.at).then(|| after(0)).flatten(),
        _ => {
            let count = name.steps.iter().take_while(|step| is_of_script(step)).count();
            (count > 0).then(|| after(count)).flatten()
        }
    }
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

/// Whether the attribute that stands here holds code.
fn is_bound(text: &str, at: usize) -> bool {
    let attribute =
        text.get(..at).and_then(|before| before.rsplit(char::is_whitespace).next()).unwrap_or_default();
    attribute.contains('=') && attribute.starts_with([':', '@'])
}
