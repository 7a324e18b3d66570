//! Cleans one line: links keep their text, pictures and tags go, emphasis marks go, and a `_` inside
//! an identifier stays.

use std::ops::Range;

use super::super::markdown::inline;
use super::super::markdown::walk::{Mark, MarkWalk};
use super::entity::entity;
use super::head;

/// How far a bracket's partner is looked for, in bytes: a real link is shorter.
const LOOK_AHEAD: usize = 1000;
/// Longest line that is looked at, in bytes; more than any subject or title takes.
const LONGEST_LINE: usize = 8 * 1024;
/// Links in links in links are not prose.
const DEEPEST: usize = 4;

/// The words of a line that stands alone, single-spaced.
pub(super) fn clean(line: &str) -> String {
    words_of_line(line, &mut MarkWalk::new(line, 0..line.len()), Some(0..line.len()), line.len())
}

/// The words of the prose of a line, if it has any, single-spaced. The walk over its paragraph goes on to the end of the
/// line, or to that of a mark that leads further.
pub(super) fn words_of_line(
    text: &str,
    walk: &mut MarkWalk<'_>,
    prose: Option<Range<usize>>,
    end: usize,
) -> String {
    let mut words = String::new();
    if let Some(prose) = prose {
        // The marks of quotes, lists and headings, which the walk does not see.
        walk.go_to(prose.start);
        let last = prose.start + head(&text[prose], LONGEST_LINE).len();
        scan(text, walk, last, DEEPEST, &mut words);
    }
    while walk.at() < end && walk.next().is_some() {}
    walk.back_to(end);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Takes the words of the text up to `end`. Links, tags and the like, which only this reader knows, never lead the
/// walk over a mark: what that hides is hidden from all who read.
fn scan(text: &str, walk: &mut MarkWalk<'_>, end: usize, depth: usize, out: &mut String) {
    let mut at = walk.at();
    while walk.at() < end {
        let Some((mark, span)) = walk.next() else { return };
        let is_taken = span.start < at;
        match mark {
            Mark::Escaped if !is_taken => out.push_str(&text[span.start + 1..span.end]),
            Mark::Code(inside) => {
                out.push_str(text.get(at.max(inside.start)..inside.end).unwrap_or_default())
            }
            // The space keeps apart what a picture or comment stood between.
            Mark::Escaped | Mark::Hidden | Mark::Embedded(_) => {}
            Mark::Text => {
                at = at.max(span.start);
                while at < span.end.min(end) {
                    at += words(text, at..end, depth, out);
                }
                walk.back_to(end);
            }
        }
        at = at.max(walk.at().min(span.end));
    }
}

/// The words of a part on its own, such as the text of a link.
fn scan_part(text: &str, part: Range<usize>, depth: usize, out: &mut String) {
    scan(text, &mut MarkWalk::new(text, part.clone()), part.end, depth, out);
}

/// Takes the first letter of the part, or the mark that it begins; gives its length.
fn words(text: &str, part: Range<usize>, depth: usize, out: &mut String) -> usize {
    let rest = &text[part.clone()];
    let first = rest.chars().next().unwrap_or_default();
    let taken = match first {
        '!' if rest[1..].starts_with('[') => reference(rest),
        '[' if depth > 0 => link(text, part, depth, out),
        '<' => inline::tag(window(rest)),
        '{' => shortcode(rest),
        '&' => entity(rest).map(|(letter, length)| {
            out.push(letter);
            length
        }),
        'h' if !out.ends_with(char::is_alphanumeric) => address(rest),
        '*' | '~' | '=' => emphasis(rest, first, out),
        '_' => underscore(rest, out),
        _ => None,
    };
    taken.unwrap_or_else(|| {
        if !first.is_control() {
            out.push(first);
        }
        first.len_utf8()
    })
}

/// `![alt][reference]`.
fn reference(rest: &str) -> Option<usize> {
    let end = 1 + inline::closing(&window(rest)[1..])? + 1;
    Some(end + target(&rest[end..]))
}

/// `[text](url)`, `[text][reference]`, `[[note|alias]]`, `[^1]`.
fn link(text: &str, part: Range<usize>, depth: usize, out: &mut String) -> Option<usize> {
    let rest = &text[part.clone()];
    let close = inline::closing(window(rest))?;
    let inside = &rest[1..close];
    let (start, end) = (part.start + 1, part.start + close);
    if let Some(note) = inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        let shown = note.rsplit_once('|').map_or(note, |(_, alias)| alias);
        scan_part(text, end - 1 - shown.len()..end - 1, depth - 1, out);
        return Some(close + 1);
    }
    if inside.starts_with('^') {
        return Some(close + 1);
    }
    scan_part(text, start..end, depth - 1, out);
    Some(close + 1 + target(&rest[close + 1..]))
}

/// Length of the `(url)` or `[reference]` after a link's text; 0 when there is none.
fn target(rest: &str) -> usize {
    let text = window(rest);
    let found = inline::destination(text).map(|(_, length)| length);
    found.or_else(|| inline::closing(text).map(|end| end + 1)).unwrap_or(0)
}

/// `{{< … >}}`, `{{ … }}`, `{% … %}`, `{: .class}`, `{#id}` and JSX expressions.
fn shortcode(rest: &str) -> Option<usize> {
    let close = if rest.starts_with("{{") {
        "}}"
    } else if rest.starts_with("{%") {
        "%}"
    } else {
        "}"
    };
    window(rest).find(close).map(|end| end + close.len())
}

/// A bare address, up to a blank or to the next mark.
fn address(rest: &str) -> Option<usize> {
    (rest.starts_with("https://") || rest.starts_with("http://")).then_some(())?;
    let ends =
        |letter: char| letter.is_whitespace() || matches!(letter, ')' | '[' | ']' | '<' | '>' | '"' | '`');
    let end = rest.find(ends).unwrap_or(rest.len());
    let is_picture = rest[..end].ends_with('!') && rest[end..].starts_with('[');
    Some(if is_picture { end - 1 } else { end })
}

/// `*`, `**`, `~~`, `==` next to a word are marks; alone (`2 * 3`, `a = b`) they are text.
fn emphasis(rest: &str, mark: char, out: &str) -> Option<usize> {
    let run = rest.bytes().take_while(|byte| char::from(*byte) == mark).count();
    let spaced = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
    let alone = spaced(out.chars().next_back()) && spaced(rest[run..].chars().next());
    let single = run == 1 && mark != '*';
    (!alone && !single).then_some(run)
}

/// `_` between letters belongs to an identifier; at the edge of a word it is a mark.
fn underscore(rest: &str, out: &mut String) -> Option<usize> {
    let run = rest.bytes().take_while(|byte| *byte == b'_').count();
    let word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    if word(out.chars().next_back()) && word(rest[run..].chars().next()) {
        out.push_str(&rest[..run]);
    }
    Some(run)
}

fn window(text: &str) -> &str {
    head(text, LOOK_AHEAD)
}
