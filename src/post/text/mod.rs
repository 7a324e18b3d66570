//! What a post is about, in plain words: its body without markup, cut to a length, for the prompt
//! that is made when no text model answers.
//!
//! One pass over the lines, and look-ahead is bounded, so that hostile text costs no more than long text.

mod entity;
mod inline;
mod title;

use std::ops::Range;

use super::markdown::blocks::{Blocks, BodyBlock};
use super::markdown::lines;
use super::markdown::walk::MarkWalk;
use crate::text::shorten;
pub use title::plain_title;

/// Only this much of a body is looked at; its beginning says what it is about.
const READ: usize = 64 * 1024;
/// Longest subject in characters; every provider takes at least this much beside the style.
pub const LONGEST_SUBJECT: usize = 600;

/// The subject of the deterministic prompt: title, description, then the beginning of the body, as
/// one line of at most [`LONGEST_SUBJECT`] characters.
pub fn subject(title: &str, description: Option<&str>, body: &str) -> String {
    let mut subject = String::new();
    for part in [title, description.unwrap_or_default()] {
        push_sentence(&mut subject, &inline::clean(part));
    }
    push_sentence(&mut subject, &clean(body, LONGEST_SUBJECT));
    shorten(&subject, LONGEST_SUBJECT)
}

/// The body without headings marks, code, embeds, HTML, MDX imports, shortcodes, tables and emphasis;
/// links keep their text. One line, at most `longest` characters, cut at a word.
pub fn clean(body: &str, longest: usize) -> String {
    let mut text = String::new();
    let mut length = 0;
    each_line(body, |line| {
        if line.words.is_empty() {
            return true;
        }
        length += line.words.chars().count() + 1;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&line.words);
        length <= longest
    });
    shorten(&text, longest)
}

/// The first H1 outside code, cleaned: `# A` or a line underlined with `===`.
pub fn first_heading(body: &str) -> Option<String> {
    let mut heading = None;
    let mut above = String::new();
    each_line(body, |line| {
        if line.is_first {
            above.clear();
        }
        let underlined = !above.is_empty() && lines::is_underline(line.text);
        let is_heading = underlined || lines::level_one(line.text).is_some();
        let words = if underlined { std::mem::take(&mut above) } else { line.words };
        if is_heading && !words.is_empty() {
            heading = Some(words);
            return false;
        }
        above = words;
        true
    });
    heading
}

/// A line of text.
struct ProseLine<'a> {
    text: &'a str,
    words: String,
    /// No line of the same paragraph stands above it.
    is_first: bool,
}

/// Hands over one line of text after the other, until told to stop by `false`.
fn each_line<'a>(body: &'a str, mut take: impl FnMut(ProseLine<'a>) -> bool) {
    let mut blocks = Blocks::new(body);
    let mut skipped = Skipped::default();
    while let Some((block, span)) = blocks.next() {
        if block != BodyBlock::Text {
            skipped.pass(&body[span]);
            continue;
        }
        let mut walk = MarkWalk::new(body, span.clone());
        let mut end = span.start;
        for line in body[span.clone()].split_inclusive('\n') {
            let start = end;
            end += line.len();
            if start >= READ {
                return;
            }
            if walk.at() >= end {
                continue;
            }
            let text = &body[walk.at().max(start)..end];
            let prose = skipped.prose(text).map(|prose| range(body, prose));
            let words = inline::words_of_line(body, &mut walk, prose, end);
            if !take(ProseLine { text, words, is_first: start == span.start }) {
                return;
            }
        }
        blocks.go_to(walk.at());
        skipped.after_paragraph();
    }
}

/// What the lines so far have opened that is text to Markdown and no words of its author. Pictures in it are
/// seen all the same, so that the one reading of lines knows nothing of it.
#[derive(Default)]
struct Skipped {
    /// The text that closes the open script, style, drawing or frame.
    until: Option<&'static str>,
    /// A tag over several lines is open.
    in_tag: bool,
}

impl Skipped {
    /// What opens and what closes them.
    const SPANS: [(&'static str, &'static str); 5] = [
        ("<script", "</script"),
        ("<style", "</style"),
        ("<svg", "</svg"),
        ("<pre", "</pre"),
        ("<iframe", "</iframe"),
    ];

    /// Lines that are not text may close what is open all the same.
    fn pass(&mut self, lines: &str) {
        if self.until.is_some_and(|close| find_ignoring_case(lines, close).is_some()) {
            self.until = None;
        }
    }

    /// A tag ends with its paragraph.
    fn after_paragraph(&mut self) {
        self.in_tag = false;
    }

    /// The prose of a line, without its block marks; `None` when it holds none.
    fn prose<'l>(&mut self, line: &'l str) -> Option<&'l str> {
        let trimmed = line.trim();
        if self.inside_span(trimmed) || self.inside_tag(trimmed) || is_mark_only(trimmed) {
            return None;
        }
        Some(without_marks(trimmed)).filter(|prose| !prose.is_empty())
    }

    fn inside_span(&mut self, line: &str) -> bool {
        if let Some(close) = self.until {
            if find_ignoring_case(line, close).is_some() {
                self.until = None;
            }
            return true;
        }
        for (open, close) in Self::SPANS {
            if starts_ignoring_case(line, open) {
                if find_ignoring_case(&line[open.len()..], close).is_none() {
                    self.until = Some(close);
                    return true;
                }
                return true;
            }
        }
        false
    }

    fn inside_tag(&mut self, line: &str) -> bool {
        if self.in_tag {
            self.in_tag = !line.contains('>');
            return true;
        }
        let tag = line
            .strip_prefix('<')
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()));
        self.in_tag = tag && !line.contains('>');
        self.in_tag
    }
}

/// Rules, underlines, table rows, admonition fences, definitions of links and footnotes.
fn is_mark_only(line: &str) -> bool {
    line.bytes().all(|byte| matches!(byte, b'-' | b'=' | b'*' | b'_' | b'+' | b'|' | b':' | b' '))
        || line.starts_with('|')
        || line.starts_with(":::")
        || line.starts_with("{:")
        || (line.starts_with('[') && line.contains("]: "))
}

/// Takes off heading marks, quote marks, callout and list marks.
fn without_marks(line: &str) -> &str {
    let quoted = line.starts_with('>');
    let mut line = line.trim_start_matches(['>', ' ']);
    if quoted && line.starts_with("[!") {
        return line.split_once(']').map_or("", |(_, rest)| rest.trim_start_matches(['+', '-', ' ']));
    }
    let heading = line.trim_start_matches('#');
    if heading.len() < line.len() && heading.starts_with([' ', '\t']) {
        return heading.trim().trim_end_matches('#').trim_end();
    }
    for mark in ["- ", "* ", "+ "] {
        line = line.strip_prefix(mark).unwrap_or(line);
    }
    for mark in ["[ ] ", "[x] ", "[X] "] {
        line = line.strip_prefix(mark).unwrap_or(line);
    }
    let number = line.trim_start_matches(|digit: char| digit.is_ascii_digit());
    if number.len() < line.len() && (number.starts_with(". ") || number.starts_with(") ")) {
        line = &number[2..];
    }
    line.trim()
}

fn push_sentence(text: &mut String, sentence: &str) {
    let sentence = sentence.trim();
    if sentence.is_empty() {
        return;
    }
    if !text.is_empty() {
        text.push_str(if text.ends_with(['.', '!', '?', ':', '…']) { " " } else { ". " });
    }
    text.push_str(sentence);
}

/// Where a part of the text lies in it.
fn range(text: &str, part: &str) -> Range<usize> {
    let start = part.as_ptr().addr() - text.as_ptr().addr();
    start..start + part.len()
}

/// The first `longest` bytes, cut on a character boundary.
fn head(text: &str, longest: usize) -> &str {
    let mut end = longest.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

fn starts_ignoring_case(text: &str, start: &str) -> bool {
    text.get(..start.len()).is_some_and(|head| head.eq_ignore_ascii_case(start))
}

fn find_ignoring_case(text: &str, needle: &str) -> Option<usize> {
    text.as_bytes().windows(needle.len()).position(|window| window.eq_ignore_ascii_case(needle.as_bytes()))
}

#[cfg(test)]
mod tests;
