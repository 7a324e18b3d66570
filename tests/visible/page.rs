//! What a built page shows, read without any code of the program.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use html5gum::{StartTag, Token, Tokenizer};

/// What is looked for on a page.
#[derive(Debug, Clone, Copy)]
pub enum Spot {
    /// What a reader of the page sees: `img`, and the backgrounds that elements have in their `style`.
    Page,
    /// What a service that shows a link takes: `og:image`.
    Preview,
}

/// Files below `built` that the page shows there; an address that leads to no file is a failure.
/// `page` is the page's own path below `built`.
pub fn pictures(html: &str, spot: Spot, page: &str, built: &Path) -> BTreeSet<PathBuf> {
    let mut files = BTreeSet::new();
    for token in Tokenizer::new(html) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        let addresses = match spot {
            Spot::Page => on_page(&tag),
            Spot::Preview => in_preview(&tag),
        };
        for address in addresses.iter().filter(|address| !address.is_empty() && !address.starts_with("data:"))
        {
            let address = address.strip_prefix("https://blog.example").unwrap_or(address);
            let file = match address.strip_prefix('/') {
                Some(path) => built.join(path),
                None => built.join(page).parent().unwrap().join(address),
            };
            assert!(file.is_file(), "`{address}` leads to no file: {}", file.display());
            files.insert(file.canonicalize().unwrap());
        }
    }
    files
}

fn value(tag: &StartTag<()>, name: &str) -> Option<String> {
    tag.attributes.get(name.as_bytes()).map(|value| String::from_utf8(value.to_vec()).unwrap())
}

fn on_page(tag: &StartTag<()>) -> Vec<String> {
    let style = value(tag, "style").unwrap_or_default();
    let backgrounds = style.split("url(").skip(1).filter_map(|rest| rest.split(')').next());
    let mut found: Vec<String> =
        backgrounds.map(|address| address.trim_matches(['"', '\'', ' ']).to_owned()).collect();
    if tag.name.as_slice() == b"img" {
        found.extend(value(tag, "src"));
    }
    found
}

fn in_preview(tag: &StartTag<()>) -> Vec<String> {
    let is_preview = value(tag, "property").is_some_and(|property| property == "og:image");
    if is_preview { value(tag, "content").into_iter().collect() } else { Vec::new() }
}
