//! What a post is about, in plain words: its body without markup, cut to a length, for the prompt
//! that is made when no text model answers.
//!
//! One pass over the lines; each line is cleaned on its own and look-ahead is bounded, so that
//! hostile text costs no more than long text.

mod inline;

use std::ops::Range;

use super::markdown::blocks::{self, Fence};
use crate::text::shorten;

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
    let body = head(body, READ);
    let mut blocks = Blocks::default();
    let mut text = String::new();
    let mut length = 0;
    let mut hidden = 0;
    for line in body.lines() {
        let Some(prose) = blocks.prose(line) else { continue };
        let (words, behind) = inline::clean_part(body, range(body, prose), hidden);
        hidden = hidden.max(behind);
        if words.is_empty() {
            continue;
        }
        length += words.chars().count() + 1;
        if !text.is_empty() {
            text.push(' ');
        }
        text.push_str(&words);
        if length > longest {
            break;
        }
    }
    shorten(&text, longest)
}

/// The first H1 outside code, cleaned: `# A` or a line underlined with `===`.
pub fn first_heading(body: &str) -> Option<String> {
    let mut blocks = Blocks::default();
    let mut above = "";
    for line in body.lines() {
        let underlined = !above.is_empty() && blocks::is_underline(line);
        let heading = if underlined { Some(above) } else { blocks::level_one(line) };
        if blocks.prose(line).is_none() && !underlined {
            above = "";
            continue;
        }
        if let Some(heading) = heading {
            let heading = inline::clean(heading);
            if !heading.is_empty() {
                return Some(heading);
            }
        }
        above = line.trim();
    }
    None
}

/// What the lines so far have opened.
#[derive(Default)]
struct Blocks {
    fence: Fence,
    /// The text that closes the open comment, script, shortcode or formula.
    until: Option<&'static str>,
    /// An MDX import or export, or a tag over several lines, open until its end or a blank line.
    statement: Option<Statement>,
    /// The line before was blank, so an indented one is code.
    after_blank: bool,
}

#[derive(PartialEq)]
enum Statement {
    Module,
    Tag,
}

impl Blocks {
    /// Blocks that are no prose, by what opens and what closes them.
    const SPANS: [(&'static str, &'static str); 9] = [
        ("<!--", "-->"),
        ("<script", "</script"),
        ("<style", "</style"),
        ("<svg", "</svg"),
        ("<pre", "</pre"),
        ("<iframe", "</iframe"),
        ("{% highlight", "{% endhighlight"),
        ("{{< highlight", "{{< /highlight"),
        ("$$", "$$"),
    ];

    /// The prose of a line, without its block marks; `None` when it holds none.
    fn prose<'l>(&mut self, line: &'l str) -> Option<&'l str> {
        let trimmed = line.trim();
        let after_blank = std::mem::replace(&mut self.after_blank, trimmed.is_empty());
        if self.fence.takes(trimmed) || self.inside_span(trimmed) || self.inside_statement(trimmed) {
            return None;
        }
        let code = after_blank && (line.starts_with("    ") || line.starts_with('\t'));
        if trimmed.is_empty() || code || is_mark_only(trimmed) {
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
                // A comment closed on its own line may be followed by prose: leave it to `inline`.
                return open != "<!--";
            }
        }
        false
    }

    fn inside_statement(&mut self, line: &str) -> bool {
        if let Some(open) = &self.statement {
            let closed = line.is_empty() || (*open == Statement::Tag && line.contains('>'));
            if closed {
                self.statement = None;
            }
            return true;
        }
        if blocks::is_module_statement(line) {
            self.statement = Some(Statement::Module);
            return true;
        }
        let tag = line
            .strip_prefix('<')
            .is_some_and(|rest| rest.starts_with(|first: char| first.is_ascii_alphabetic()));
        if tag && !line.contains('>') {
            self.statement = Some(Statement::Tag);
            return true;
        }
        false
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
