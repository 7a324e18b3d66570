//! Reads the body just far enough to find pictures, and a heading or imports that it begins with.

use std::ops::Range;

use super::super::is_image;
use super::super::markdown::blocks::{self, Fence};
use super::super::markdown::walk::{Mark, MarkWalk};
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
        let mut walk = MarkWalk::new(body, paragraph, hidden);
        for (mark, span) in walk.by_ref() {
            let Mark::Embedded(place) = mark else { continue };
            let image = Embedded { target: &body[place.clone()], span, place };
            if is_picture(image.target) && !found(image) {
                return;
            }
        }
        hidden = walk.at();
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
