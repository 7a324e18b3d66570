//! Reads the body just far enough to find pictures, and a heading or imports that it begins with.

use std::collections::HashMap;
use std::ops::Range;

use super::super::is_image;
use super::super::markdown::blocks::{self, Fence};
use super::super::markdown::inline::{self, ticks};
use super::Embedded;

/// The byte order mark, which stays in front.
pub(super) const MARK: char = '\u{feff}';

/// The first picture of the body: `![alt](a.jpg "title")`, `![[a.jpg|300]]` or `<img src="a.jpg">`.
/// Embedded notes and other files are no pictures.
#[must_use]
pub fn first_image(body: &str) -> Option<Embedded<'_>> {
    let mut first = None;
    each_image(body, |image| {
        first = Some(image);
        false
    });
    first
}

/// Hands over one picture after the other, until told to stop by `false`.
pub(super) fn each_image<'a>(body: &'a str, mut found: impl FnMut(Embedded<'a>) -> bool) {
    let top = top(body);
    let mut hidden = 0;
    for paragraph in paragraphs(body, top + end_of_imports(&body[top..])) {
        let mut inline = Inline::new(body, paragraph, hidden);
        while let Some(image) = inline.next_image() {
            if is_picture(image.target) && !found(image) {
                return;
            }
        }
        hidden = inline.at;
    }
}

fn is_picture(target: &str) -> bool {
    is_image(target.split(['?', '#']).next().unwrap_or_default())
}

/// Where the first line begins that is not blank.
pub(super) fn top(body: &str) -> usize {
    let mark = body.len() - body.strip_prefix(MARK).unwrap_or(body).len();
    let blank = body.len() - body[mark..].trim_start_matches([' ', '\t', '\r', '\n']).len();
    body[mark..blank].rfind('\n').map_or(mark, |end| mark + end + 1)
}

/// How long the level-one heading is that the text begins with, its line end included; a heading in
/// which something is opened that could hide what follows, or that shows a picture itself, is left alone.
pub(super) fn end_of_heading(text: &str) -> usize {
    let mut lines = text.split_inclusive('\n');
    let line = lines.next().unwrap_or_default();
    if ["<!--", "%%", "$$", "![", "<img"].iter().any(|opening| line.contains(opening)) {
        return 0;
    }
    if blocks::level_one(line).is_some() {
        return line.len();
    }
    let (indent, words) = blocks::indented(line);
    // Quotes, lists, tables, code, tags, callouts and the like are no title, whatever line follows.
    let numbered = words.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    let is_title = indent < 4 && words.starts_with(|c: char| c.is_alphanumeric()) && !numbered;
    let below = lines.next().unwrap_or_default();
    if is_title && blocks::is_underline(below) { line.len() + below.len() } else { 0 }
}

/// How much of the body is the `import` and `export` statements it begins with; they end at a blank
/// line outside of brackets.
pub(super) fn end_of_imports(body: &str) -> usize {
    let mut end = 0;
    let mut at = 0;
    let mut depth = 0_usize;
    let mut inside = false;
    for line in body.split_inclusive('\n') {
        at += line.len();
        let content = line.trim_end();
        if content.is_empty() && depth == 0 {
            inside = false;
        } else if inside || blocks::is_module_statement(content) {
            inside = true;
            for byte in content.bytes() {
                match byte {
                    b'{' | b'(' | b'[' => depth += 1,
                    b'}' | b')' | b']' => depth = depth.saturating_sub(1),
                    _ => {}
                }
            }
            end = at;
        } else {
            return end;
        }
    }
    // Brackets that never close are prose after all.
    if depth == 0 { end } else { 0 }
}

/// The lines outside fenced code, line ends included.
struct Prose<'a> {
    text: &'a str,
    next: usize,
    fence: Fence,
}

impl<'a> Prose<'a> {
    fn new(text: &'a str, start: usize) -> Self {
        Self { text, next: start, fence: Fence::default() }
    }
}

impl Iterator for Prose<'_> {
    type Item = Range<usize>;

    fn next(&mut self) -> Option<Range<usize>> {
        loop {
            let start = self.next;
            let line = self.text.get(start..)?.split_inclusive('\n').next()?;
            self.next = start + line.len();
            if !self.fence.takes(line) {
                return Some(start..self.next);
            }
        }
    }
}

/// Runs of lines without blank lines or fences between them.
fn paragraphs(body: &str, start: usize) -> impl Iterator<Item = Range<usize>> {
    let mut lines =
        Prose::new(body, start).filter(move |line| !body[line.clone()].trim().is_empty()).peekable();
    std::iter::from_fn(move || {
        let mut paragraph = lines.next()?;
        while let Some(line) = lines.next_if(|line| line.start == paragraph.end) {
            paragraph.end = line.end;
        }
        Some(paragraph)
    })
}

/// The inside of one paragraph.
struct Inline<'a> {
    body: &'a str,
    at: usize,
    end: usize,
    /// Where the last run of so many backticks begins, so that one without a partner is not looked
    /// for twice.
    last_ticks: HashMap<usize, usize>,
}

impl<'a> Inline<'a> {
    /// `hidden` is where a comment ends that began in an earlier paragraph.
    fn new(body: &'a str, paragraph: Range<usize>, hidden: usize) -> Self {
        let mut last_ticks = HashMap::new();
        let text = &body[..paragraph.end];
        let mut at = paragraph.start;
        while let Some(found) = text[at..].find('`') {
            let length = ticks(&text[at + found..]);
            last_ticks.insert(length, at + found);
            at += found + length;
        }
        Self { body, at: paragraph.start.max(hidden), end: paragraph.end, last_ticks }
    }

    fn next_image(&mut self) -> Option<Embedded<'a>> {
        while self.at < self.end {
            let rest = &self.body[self.at..self.end];
            let Some(skipped) = rest.find(['\\', '`', '<', '!', '$', '%']) else { break };
            self.at += skipped;
            let rest = &rest[skipped..];
            let image = match rest.as_bytes() {
                [b'\\', ..] => {
                    self.at += 1 + rest[1..].chars().next().map_or(0, char::len_utf8);
                    continue;
                }
                [b'`', ..] => {
                    self.skip_code(ticks(rest));
                    continue;
                }
                _ if rest.starts_with("<!--") => {
                    let end = self.body[self.at..].find("-->");
                    self.at = end.map_or(self.body.len(), |end| self.at + end + "-->".len());
                    continue;
                }
                // A comment of Obsidian; two signs without a partner are text.
                [b'%', b'%', ..] => {
                    self.skip_past("%%", self.body.len());
                    continue;
                }
                [b'$', b'$', ..] => {
                    self.skip_past("$$", self.end);
                    continue;
                }
                [b'<', ..] => inline::img(rest),
                _ if rest.starts_with("![[") => inline::wiki(rest),
                _ if rest.starts_with("![") => inline::picture(rest),
                _ => None,
            };
            let start = self.at;
            let Some((target, length)) = image else {
                self.at += 1;
                continue;
            };
            self.at += length;
            let place = start + target.start..start + target.end;
            return Some(Embedded { target: &self.body[place.clone()], span: start..self.at, place });
        }
        None
    }

    /// Skips what stands between two marks, or the first of them alone where no other follows.
    fn skip_past(&mut self, mark: &str, end: usize) {
        self.at += mark.len();
        if let Some(length) = self.body[self.at..end].find(mark) {
            self.at += length + mark.len();
        }
    }

    /// Skips a code span, or the backticks alone if nothing closes it.
    fn skip_code(&mut self, length: usize) {
        self.at += length;
        if self.last_ticks.get(&length).is_none_or(|&last| last < self.at) {
            return;
        }
        while let Some(found) = self.body[self.at..self.end].find('`') {
            let closing = ticks(&self.body[self.at + found..self.end]);
            self.at += found + closing;
            if closing == length {
                return;
            }
        }
    }
}
