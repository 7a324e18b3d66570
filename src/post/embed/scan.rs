//! Reads the body just far enough to find pictures, and a heading or imports that it begins with.

use super::super::is_image;
pub(super) use super::super::markdown::blocks::MARK;
use super::super::markdown::blocks::{Blocks, BodyBlock};
use super::super::markdown::lines;
use super::super::markdown::walk::{Mark, MarkWalk};
use super::Embedded;

/// The first picture of the body: `![alt](a.jpg "title")`, `![[a.jpg|300]]` or `<img src="a.jpg">`.
/// Embedded notes and other files are not pictures.
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
    let mut blocks = Blocks::new(body);
    while let Some((block, span)) = blocks.next() {
        if block != BodyBlock::Text {
            continue;
        }
        let mut walk = MarkWalk::new(body, span);
        for (mark, span) in walk.by_ref() {
            let Mark::Embedded(place) = mark else { continue };
            let image = Embedded { target: &body[place.clone()], span, place };
            if is_picture(image.target) && !found(image) {
                return;
            }
        }
        blocks.go_to(walk.at());
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
    if lines::level_one(line).is_some() {
        return line.len();
    }
    let (indent, words) = lines::indented(line);
    // Quotes, lists, tables, code, tags, callouts and the like are not a title, whatever line follows.
    let numbered = words.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
    let is_title = indent < 4 && words.starts_with(|c: char| c.is_alphanumeric()) && !numbered;
    let below = lines.next().unwrap_or_default();
    if is_title && lines::is_underline(below) { line.len() + below.len() } else { 0 }
}

/// How much of the body is the `import` and `export` statements it begins with.
pub(super) fn end_of_imports(body: &str) -> usize {
    let statements = Blocks::new(body).take_while(|(block, _)| *block == BodyBlock::Statement);
    statements.last().map_or(0, |(_, span)| span.end)
}
