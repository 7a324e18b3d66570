//! The one walk over the marks of a text. Who looks for pictures and who takes words see the same code,
//! comments, formulas and pictures, since both take them from here.

use std::collections::HashMap;
use std::ops::Range;

use super::inline::{self, ticks};

/// Letters that a mark may begin with.
const BEGINNINGS: [char; 6] = ['\\', '`', '<', '!', '$', '%'];

/// What stands at a place of a text. Ranges count from the start of the whole text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Mark {
    /// No mark of this walk: letters, or one that has no partner.
    Text,
    /// A backslash with the letter that it takes the meaning from.
    Escaped,
    /// Code, by what stands between its backticks; empty where they have no partner.
    Code(Range<usize>),
    /// A comment or a formula.
    Hidden,
    /// An embedded file, by its target.
    Embedded(Range<usize>),
}

/// Walks over a part of a text from mark to mark.
pub(crate) struct MarkWalk<'a> {
    text: &'a str,
    at: usize,
    end: usize,
    /// Where the last run of so many backticks begins, so that one without a partner is not looked
    /// for twice.
    last_ticks: HashMap<usize, usize>,
}

impl<'a> MarkWalk<'a> {
    /// `hidden` is where a comment ends that began before this part.
    pub(crate) fn new(text: &'a str, part: Range<usize>, hidden: usize) -> Self {
        let mut last_ticks = HashMap::new();
        let mut at = part.start;
        while let Some(found) = text[at..part.end].find('`') {
            let length = ticks(&text[at + found..part.end]);
            last_ticks.insert(length, at + found);
            at += found + length;
        }
        Self { text, at: part.start.max(hidden), end: part.end, last_ticks }
    }

    /// Where the walk is. Comments lead it behind the end of its part.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Goes on from there: behind a mark that only its caller knows.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = at;
    }

    /// The mark that the rest of the part begins with, and its length.
    fn mark(&self, rest: &str) -> (Mark, usize) {
        let embedded = |found: inline::FoundTarget| {
            found.map(|(target, length)| {
                (Mark::Embedded(self.at + target.start..self.at + target.end), length)
            })
        };
        let found = match rest.as_bytes() {
            [b'\\', next, ..] if next.is_ascii_punctuation() => Some((Mark::Escaped, 2)),
            [b'`', ..] => Some(self.code(rest)),
            // What is opened and never closed hides all that follows.
            _ if rest.starts_with("<!--") => {
                let behind = &self.text[self.at..];
                Some((Mark::Hidden, behind.find("-->").map_or(behind.len(), |end| end + "-->".len())))
            }
            [b'%', b'%', ..] => Some(self.between("%%", true)),
            [b'$', b'$', ..] => Some(self.between("$$", false)),
            [b'<', ..] => embedded(inline::img(rest)),
            _ if rest.starts_with("![[") => embedded(inline::wiki(rest)),
            _ if rest.starts_with("![") => embedded(inline::picture(rest)),
            _ => None,
        };
        found.unwrap_or_else(|| (Mark::Text, rest.chars().next().map_or(0, char::len_utf8)))
    }

    /// What two equal marks hide, or the first of them alone where no other follows.
    fn between(&self, mark: &str, over_blank_lines: bool) -> (Mark, usize) {
        let behind = &self.text[self.at + mark.len()..];
        let inside = behind.find(mark).map(|length| &behind[..length]);
        match inside.filter(|inside| over_blank_lines || !has_blank_line(inside)) {
            Some(inside) => (Mark::Hidden, inside.len() + 2 * mark.len()),
            None => (Mark::Text, mark.len()),
        }
    }

    /// A code span, or the backticks alone where nothing closes it.
    fn code(&self, rest: &str) -> (Mark, usize) {
        let length = ticks(rest);
        let start = self.at + length;
        let nothing = (Mark::Code(start..start), length);
        if self.last_ticks.get(&length).is_none_or(|&last| last < start) {
            return nothing;
        }
        inline::code(rest).map_or(nothing, |(inside, length)| {
            (Mark::Code(self.at + inside.start..self.at + inside.end), length)
        })
    }
}

fn has_blank_line(text: &str) -> bool {
    let mut lines = text.split('\n').skip(1).peekable();
    // What stands behind the last line end is not the whole line.
    std::iter::from_fn(|| lines.next().filter(|_| lines.peek().is_some())).any(|line| line.trim().is_empty())
}

impl Iterator for MarkWalk<'_> {
    type Item = (Mark, Range<usize>);

    fn next(&mut self) -> Option<Self::Item> {
        let rest = self.text.get(self.at..self.end).filter(|rest| !rest.is_empty())?;
        let start = self.at;
        let (mark, length) = match rest.find(BEGINNINGS) {
            Some(0) => self.mark(rest),
            found => (Mark::Text, found.unwrap_or(rest.len())),
        };
        self.at += length;
        Some((mark, start..self.at))
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;
    use proptest::sample::select;

    use super::*;
    use crate::post::embed::first_image;
    use crate::post::text::clean;

    const PIECES: &[&str] = &[
        "![",
        "![[",
        "]]",
        "](",
        ")",
        "x.jpg",
        "<img src=",
        "\"",
        ">",
        "<!--",
        "-->",
        "`",
        "``",
        "\\",
        "$$",
        "%%",
        "é",
        " ",
        "\n",
        "a",
    ];

    #[test]
    fn what_hides_a_picture_hides_words_too() {
        for (body, words) in [
            ("Text <!-- a\n![](x.jpg)\nb --> c", "Text c"),
            ("Text <!-- a\n\n![](x.jpg)\n\nb", "Text"),
            ("Text %% a\n\n![](x.jpg)\n\nb %% c", "Text c"),
            ("Text $$ a\n![](x.jpg) $$ b", "Text b"),
        ] {
            let is_seen = first_image(body).is_some();
            assert_eq!((clean(body, 100).as_str(), is_seen), (words, false), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_is_part_of_one_mark(pieces in vec(select(PIECES), 0..40), hidden in 0_usize..9) {
            let text = pieces.concat();
            let hidden = (0..=hidden.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let mut walk = MarkWalk::new(&text, 0..text.len(), hidden);
            let mut at = hidden;
            for (_, span) in walk.by_ref() {
                prop_assert_eq!(span.start, at);
                prop_assert!(span.end > at && text.is_char_boundary(span.end), "{:?}", span);
                at = span.end;
            }
            prop_assert_eq!((at, walk.at()), (text.len(), text.len()));
        }
    }
}
