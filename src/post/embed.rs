//! Pictures in the body: which one is there, and where ours goes.
//!
//! Code, formulas, comments and statements of MDX hide pictures. Every scan is linear in the text, whatever the text
//! is.

mod pictures;
mod scan;

use std::ops::Range;

pub use pictures::{Pictures, is_file};
pub use scan::first_image;

/// The markup of an embedded picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EmbedMarkup {
    /// `![alt](target)`.
    Markdown,
    /// `![[target]]`; Obsidian takes what follows a bar for a width, so the alt text is left out.
    Obsidian,
}

impl EmbedMarkup {
    /// The markup; `None` for a target that this markup cannot hold.
    fn markup(self, target: &str, alt: &str) -> Option<String> {
        match self {
            Self::Markdown => Some(format!("![{}]({})", escape(alt), encode(target))),
            // There is no escape inside a wiki link.
            Self::Obsidian if target.contains(['|', '#', '^', '[', ']', '\n', '\r']) => None,
            Self::Obsidian => Some(format!("![[{target}]]")),
        }
    }
}

/// A picture embedded in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Embedded<'a> {
    /// Path or address as written, without title, width or alt text.
    pub target: &'a str,
    /// Byte range of the whole markup in the scanned text.
    pub span: Range<usize>,
    /// Byte range of the target in the scanned text.
    place: Range<usize>,
}

/// Embeds a picture: below the imports and exports that an MDX body begins with, else below a
/// level-one heading that is the first block, else at the top of the body, so that it never comes to
/// stand inside of something; a blank line on both sides, line ends as in the file. A body that shows
/// this picture already is left as it is.
///
/// `body` is the byte where the body starts ([`FrontMatter::body`]). `None` if the markup cannot hold
/// the target.
///
/// [`FrontMatter::body`]: super::front_matter::FrontMatter::body
#[must_use]
pub fn insert(text: &str, body: usize, style: EmbedMarkup, target: &str, alt: &str) -> Option<String> {
    let markup = style.markup(target, alt)?;
    let (head, rest) = text.split_at_checked(body)?;
    let mut there = false;
    scan::each_image(rest, |image| {
        there = shows(image.target, target);
        !there
    });
    if there {
        return Some(text.to_owned());
    }
    let at = body + place(rest);
    let (above, below) = text.split_at(at);
    let end = match head.find('\n').or_else(|| text.find('\n')) {
        Some(end) if text[..end].ends_with('\r') => "\r\n",
        _ => "\n",
    };
    let mut edited = String::with_capacity(text.len() + markup.len() + 8);
    edited.push_str(above);
    let is_first = above[body..].trim_start_matches(scan::MARK).is_empty();
    let is_behind_mark = is_first && above.ends_with(scan::MARK);
    if !above.is_empty() && !above.ends_with('\n') && !is_behind_mark {
        edited.push_str(end);
    }
    // A delimiter line above the body is as good as a blank one.
    let last_line = above.trim_end_matches(['\n', '\r']).len();
    if !is_first && above[last_line..].matches('\n').count() < 2 {
        edited.push_str(end);
    }
    edited.push_str(&markup);
    if below.is_empty() {
        if above.ends_with('\n') {
            edited.push_str(end);
        }
        return Some(edited);
    }
    edited.push_str(end);
    let next = below.split('\n').next().unwrap_or_default();
    if !next.trim().is_empty() {
        edited.push_str(end);
    }
    edited.push_str(below);
    Some(edited)
}

/// Whether a picture's target names this path.
pub(super) fn shows(target: &str, path: &str) -> bool {
    let plain = |path: &str| path.strip_prefix("./").unwrap_or(path).to_owned();
    plain(target) == plain(path) || plain(target) == plain(&encode(path))
}

/// Gives the pictures of the body that show `old` the target `new`; `None` if there is none, or if
/// the markup cannot hold the target.
#[must_use]
pub fn replace(text: &str, body: usize, old: &str, style: EmbedMarkup, new: &str) -> Option<String> {
    let (head, rest) = text.split_at_checked(body)?;
    style.markup(new, "")?;
    let new = if style == EmbedMarkup::Markdown { &encode(new) } else { new };
    let mut edited = head.to_owned();
    let mut done = 0;
    scan::each_image(rest, |image| {
        if image.target == old {
            edited.push_str(&rest[done..image.place.start]);
            edited.push_str(new);
            done = image.place.end;
        }
        true
    });
    edited.push_str(&rest[done..]);
    (done > 0).then_some(edited)
}

/// Where in the body our picture goes: always at the start of a line, or at the end of the body.
fn place(body: &str) -> usize {
    let top = scan::top(body);
    let below = match scan::end_of_imports(&body[top..]) {
        0 => scan::end_of_heading(&body[top..]),
        imports => imports,
    };
    top + below
}

/// Alt text as Markdown text: nothing in it is markup, an MDX expression or a Liquid tag.
fn escape(alt: &str) -> String {
    let mut escaped = String::with_capacity(alt.len());
    for c in alt.chars() {
        match c {
            '\\' | '[' | ']' | '*' | '_' | '`' | '<' | '{' | '}' | '&' => escaped.extend(['\\', c]),
            c if c.is_control() => escaped.push(' '),
            c => escaped.push(c),
        }
    }
    escaped
}

/// A target without anything that would end it early.
fn encode(target: &str) -> String {
    let mut encoded = String::with_capacity(target.len());
    for c in target.chars() {
        if c.is_ascii_control() || matches!(c, ' ' | '(' | ')' | '<' | '>' | '\\') {
            encoded.push_str(&format!("%{:02X}", u32::from(c)));
        } else {
            encoded.push(c);
        }
    }
    encoded
}

#[cfg(test)]
mod tests;
