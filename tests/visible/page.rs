//! What a built page shows, read without any code of the program.

use std::path::{Path, PathBuf};

use html5gum::{Token, Tokenizer};

/// Files below `built` that the page shows as pictures; an address that leads to no file is a failure.
/// `page` is the page's own path below `built`.
pub fn pictures(html: &str, page: &str, built: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for token in Tokenizer::new(html) {
        let Ok(Token::StartTag(tag)) = token else { continue };
        if tag.name.as_slice() != b"img" {
            continue;
        }
        let Some(source) = tag.attributes.get(b"src".as_slice()) else { continue };
        let address = String::from_utf8(source.to_vec()).unwrap();
        let file = match address.strip_prefix('/') {
            Some(path) => built.join(path),
            None => built.join(page).parent().unwrap().join(&address),
        };
        assert!(file.is_file(), "`{address}` leads to no file: {}", file.display());
        files.push(file);
    }
    files
}
