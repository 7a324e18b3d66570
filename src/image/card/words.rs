//! What of a title can be written: its words on one line, without emoji that no font has. A word that lacks a letter
//! is left out as a whole, because half of one would be another word, and the others stay.

use harfrust::Script;
use harfrust::unicode::{combining_class, script};
use icu_normalizer::ComposingNormalizerBorrowed;

use super::face::Faces;
use crate::post::text::plain_title;
use crate::secret::escape_sequence;
use crate::text::{cut, is_invisible};

/// Characters of a title that are looked at; nobody reads more on a picture.
const MOST: usize = 400;
/// A line may be broken here, and ends in a hyphen then.
pub(super) const SOFT_HYPHEN: char = '\u{ad}';
/// A line may be broken here.
pub(super) const ZERO_WIDTH_SPACE: char = '\u{200b}';

/// The words of a card.
#[derive(Debug)]
pub(super) struct CardWords {
    /// One line, empty where nothing can be written.
    pub(super) text: String,
    /// The words, or parts of words, that no font can write.
    pub(super) missing: Vec<String>,
}

impl CardWords {
    pub(super) fn of(title: &str, faces: &Faces) -> Self {
        let whole = one_line(&plain_title(title));
        let line = without_pictographs(&whole, faces);
        let mut missing = Vec::new();
        let written = line.split(' ').map(|word| writable(word, faces, &mut missing));
        let mut words: Vec<String> = written.filter(|word| !word.is_empty()).collect();
        if !missing.is_empty() {
            // A dash stands between two words, or not at all.
            words.dedup_by(|word, before| !is_said(word) && !is_said(before));
            let end = words.iter().rposition(|word| is_said(word)).map_or(0, |last| last + 1);
            words.truncate(end);
            words.drain(..words.iter().position(|word| is_said(word)).unwrap_or(0));
        } else if words.is_empty() && !whole.is_empty() {
            missing.push(whole);
        }
        Self { text: cut(&words.join(" "), MOST), missing }
    }
}

/// Whether a word has a letter or digit.
fn is_said(word: &str) -> bool {
    word.contains(char::is_alphanumeric)
}

/// One line with single blanks, composed characters, and of what nobody sees only what breaks lines or shapes letters.
fn one_line(text: &str) -> String {
    let start: String = text.chars().take(4 * MOST).collect();
    let start = ComposingNormalizerBorrowed::new_nfc().normalize(&start).into_owned();
    let mut line = String::with_capacity(start.len());
    let mut rest = start.as_str();
    while let Some(c) = rest.chars().next() {
        rest = &rest[if c == '\u{1b}' { escape_sequence(rest) } else { c.len_utf8() }..];
        match c {
            SOFT_HYPHEN | ZERO_WIDTH_SPACE => line.push(c),
            // No line breaks at these.
            '\u{a0}' | '\u{2007}' | '\u{202f}' => line.push('\u{a0}'),
            '\u{1b}' => {}
            _ if is_invisible(c) => {}
            _ if c.is_whitespace() || c.is_control() => line.push(' '),
            _ => line.push(c),
        }
    }
    let words = line.split(' ').map(|word| word.trim_matches([SOFT_HYPHEN, ZERO_WIDTH_SPACE]));
    words.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

/// The text without the emoji that no font has, and without what joins and varies them.
fn without_pictographs(text: &str, faces: &Faces) -> String {
    /// Stands for an emoji.
    const DROPPED: char = '\0';
    let mut out = String::with_capacity(text.len());
    let mut before = ' ';
    for c in text.chars() {
        let shapes_letters = !before.is_ascii();
        match c {
            _ if is_pictograph(c) && faces.of(c).is_none() => before = DROPPED,
            _ if shapes_others(c) && !shapes_letters => {}
            _ => {
                // The blank stood in front of the emoji.
                if before == DROPPED && matches!(c, ':' | ',' | '.' | ';' | '!' | '?' | ')') {
                    out.truncate(out.trim_end().len());
                    if c == ')' && out.ends_with('(') {
                        out.pop();
                        continue;
                    }
                }
                out.push(c);
                before = c;
            }
        }
    }
    out
}

/// The parts of a word that can be written; those that cannot are added to `missing`.
fn writable(word: &str, faces: &Faces, missing: &mut Vec<String>) -> String {
    let mut written = String::new();
    let mut lacking = String::new();
    for part in parts(word) {
        if part.chars().all(|c| shapes_nothing(c) || faces.of(c).is_some()) {
            written.push_str(part);
            continue;
        }
        // A sign may be left out of a word that is one without it.
        let is_sign = |c: &char| !c.is_alphanumeric() && combining_class(*c as u32) == 0;
        let (signs, letters): (Vec<char>, Vec<char>) =
            part.chars().filter(|&c| !shapes_nothing(c) && faces.of(c).is_none()).partition(is_sign);
        if letters.is_empty() {
            lacking.extend(&signs);
            written.extend(part.chars().filter(|c| !signs.contains(c)));
        } else {
            lacking.push_str(part);
            written.truncate(written.trim_end_matches(['(', '[', '{', '«', '“', '‘', ':', ',']).len());
        }
    }
    if !lacking.is_empty() {
        missing.push(lacking);
    }
    written
}

/// A word in parts of one script each; signs and digits belong to the letters before them, else to those behind.
fn parts(word: &str) -> Vec<&str> {
    let mut parts = Vec::new();
    let (mut start, mut current) = (0, None);
    for (at, c) in word.char_indices() {
        let own = Some(script(c as u32));
        let own = own.filter(|own| ![Script::COMMON, Script::INHERITED, Script::UNKNOWN].contains(own));
        if current.is_some() && own.is_some() && own != current {
            parts.push(&word[start..at]);
            start = at;
        }
        current = own.or(current);
    }
    parts.push(&word[start..]);
    parts
}

/// Whether a character has no glyph and needs none.
fn shapes_nothing(c: char) -> bool {
    matches!(c, SOFT_HYPHEN | ZERO_WIDTH_SPACE) || shapes_others(c)
}

/// Joiners and variation selectors.
fn shapes_others(c: char) -> bool {
    matches!(c, '\u{34f}' | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

/// Whether a character is a picture, or a part of one: emoji, dingbats, keycaps, flags and their tags.
fn is_pictograph(c: char) -> bool {
    matches!(c, '\u{20e3}' | '\u{2300}'..='\u{23ff}' | '\u{2600}'..='\u{27bf}' | '\u{2b00}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '\u{e0020}'..='\u{e007f}')
}
