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
    /// Where the last `-->` of the part begins, once it was asked for.
    last_close: Option<usize>,
    /// Where a mark may begin next, so that a text of many lines without one is searched once.
    beginning: Option<usize>,
    /// Where the text begins that was handed over last.
    text_from: Option<usize>,
}

impl<'a> MarkWalk<'a> {
    pub(crate) fn new(text: &'a str, part: Range<usize>) -> Self {
        let mut last_ticks = HashMap::new();
        let mut at = part.start;
        while let Some(found) = text[at..part.end].find('`') {
            let length = ticks(&text[at + found..part.end]);
            last_ticks.insert(length, at + found);
            at += found + length;
        }
        Self {
            text,
            at: part.start,
            end: part.end,
            last_ticks,
            last_close: None,
            beginning: None,
            text_from: None,
        }
    }

    /// Where the walk is. A comment of Obsidian leads it behind the end of its part.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    /// Leaves out what stands before `at`, in which its caller knows that no mark stands.
    pub(crate) fn go_to(&mut self, at: usize) {
        self.at = self.at.max(at);
    }

    /// Takes back what stands behind `at` of the text that was handed over last; other marks stay.
    pub(crate) fn back_to(&mut self, at: usize) {
        if self.text_from.is_some_and(|from| from <= at) {
            self.at = self.at.min(at);
        }
    }

    /// The mark that the rest of the part begins with, and its length.
    fn mark(&mut self, rest: &str) -> (Mark, usize) {
        let at = self.at;
        let embedded = |found: inline::FoundTarget| {
            found.map(|(target, length)| (Mark::Embedded(at + target.start..at + target.end), length))
        };
        let found = match rest.as_bytes() {
            [b'\\', next, ..] if next.is_ascii_punctuation() => Some((Mark::Escaped, 2)),
            [b'`', ..] => Some(self.code(rest)),
            _ if rest.starts_with("<!--") => self.comment(rest),
            [b'%', b'%', ..] => Some(self.between("%%", true)),
            [b'$', b'$', ..] => Some(self.between("$$", false)),
            [b'<', ..] => embedded(inline::img(rest)),
            _ if rest.starts_with("![[") => embedded(inline::wiki(rest)),
            _ if rest.starts_with("![") => embedded(inline::picture(rest)),
            _ => None,
        };
        found.unwrap_or_else(|| (Mark::Text, rest.chars().next().map_or(0, char::len_utf8)))
    }

    /// A comment inside of a paragraph, which CommonMark ends with the paragraph: what is never closed is text.
    fn comment(&mut self, rest: &str) -> Option<(Mark, usize)> {
        let (at, end, text) = (self.at, self.end, self.text);
        let last =
            *self.last_close.get_or_insert_with(|| text[at..end].rfind("-->").map_or(0, |last| at + last));
        if last < at {
            return None;
        }
        rest.find("-->").map(|length| (Mark::Hidden, length + "-->".len()))
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
        if self.beginning.is_none_or(|beginning| beginning < start) {
            self.beginning = Some(rest.find(BEGINNINGS).map_or(self.end, |found| start + found));
        }
        let (mark, length) = match self.beginning {
            Some(beginning) if beginning > start => (Mark::Text, beginning - start),
            _ => self.mark(rest),
        };
        self.at += length;
        self.text_from = (mark == Mark::Text).then_some(start);
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
            ("Text\n<!-- a\n\n![](x.jpg)\n\nb --> c", "Text c"),
            ("Text\n\n<!-- a\n\n![](x.jpg)\n\nb", "Text"),
            ("Text %% a\n\n![](x.jpg)\n\nb %% c", "Text c"),
            ("Text $$ a\n![](x.jpg) $$ b", "Text b"),
        ] {
            let is_seen = first_image(body).is_some();
            assert_eq!((clean(body, 100).as_str(), is_seen), (words, false), "{body:?}");
        }
    }

    proptest! {
        #[test]
        fn every_byte_is_part_of_one_mark(pieces in vec(select(PIECES), 0..40), from in 0_usize..9) {
            let text = pieces.concat();
            let from = (0..=from.min(text.len())).rev().find(|&at| text.is_char_boundary(at)).unwrap();
            let mut walk = MarkWalk::new(&text, from..text.len());
            let mut at = from;
            for (_, span) in walk.by_ref() {
                prop_assert_eq!(span.start, at);
                prop_assert!(span.end > at && text.is_char_boundary(span.end), "{:?}", span);
                at = span.end;
            }
            prop_assert_eq!((at, walk.at()), (text.len(), text.len()));
        }
    }
}
