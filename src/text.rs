//! Text: one line of it, a part of it, the characters in it that nobody sees, and text inside of addresses.

use std::iter::Peekable;
use std::str::Chars;

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::secret::visible;

/// The text as one line without control characters, terminal escape sequences, and characters that
/// are invisible or reverse the reading direction. Runs of line breaks and tabs become one blank.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\u{1b}' => skip_escape_sequence(&mut chars),
            _ if is_invisible(c) => {}
            _ if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') => {
                if !line.ends_with(' ') {
                    line.push(' ');
                }
            }
            _ => line.push(c),
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// Text of a stranger as one short line for a message: what nobody sees goes, runs of blanks become one
/// blank. Of more than `limit` characters whole words stay, and `…` says so.
pub fn short_line(text: &str, limit: usize) -> String {
    let text = visible(text);
    let mut line = String::new();
    for word in text.split(|c: char| c.is_whitespace() || c.is_control()).filter(|word| !word.is_empty()) {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.len() > limit * 4 {
            break;
        }
    }
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", whole_words(&line[..end]).trim_end()),
        None => line,
    }
}

/// A text that was cut off, without the rest of the word that the cut went through: it may be the
/// first half of a secret, which no scrubber would find.
pub fn whole_words(start: &str) -> &str {
    let of_a_key = |c: char| c.is_ascii_alphanumeric() || "-._~+/=:%&#;\\".contains(c);
    start.trim_end_matches(of_a_key)
}

/// At most `limit` characters, the last of them `…` when something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let kept = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(end, _)| end);
    if limit == 0 { String::new() } else { format!("{}…", text[..kept].trim_end()) }
}

/// What may stand in one segment of a path or one value of a query: the unreserved characters of RFC 3986.
const URL_SEGMENT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// What may stand in a path of several segments.
pub(crate) const URL_PATH: &AsciiSet = &URL_SEGMENT.remove(b'/');

/// Percent-encodes text as one segment of a path or one value of a query.
pub fn url_segment(text: &str) -> String {
    utf8_percent_encode(text, URL_SEGMENT).to_string()
}

/// Percent-encodes a path, whose slashes stay.
pub fn url_path(path: &str) -> String {
    utf8_percent_encode(path, URL_PATH).to_string()
}

/// Skips what follows an ESC: the parameters and final byte of a `[` sequence, else one character.
/// A sequence that never ends stops at the first character that cannot belong to it.
fn skip_escape_sequence(chars: &mut Peekable<Chars<'_>>) {
    if chars.next_if_eq(&'[').is_some() {
        while chars.next_if(|c| matches!(c, '\u{20}'..='\u{3f}')).is_some() {}
        chars.next_if(|c| matches!(c, '\u{40}'..='\u{7e}'));
    } else {
        chars.next_if(|c| matches!(c, '\u{20}'..='\u{7e}'));
    }
}

/// Characters without a picture of their own, by which a text can look like another: zero-width
/// ones, direction overrides and isolates, tags. The joiners U+200C and U+200D stay, because some
/// scripts and emoji need them.
pub fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_line_breaks_and_direction_marks_are_gone() {
        assert_eq!(one_line("a\u{1b}[31;1mred\u{1b}[0m\r\n\tb\u{202e}c\u{9b}d\n"), "ared bc d");
        assert_eq!(one_line("x\u{1b}[12345 never ends"), "xever ends");
        assert_eq!(one_line("👩\u{200d}🚀"), "👩\u{200d}🚀");
    }

    #[test]
    fn a_cut_counts_characters_and_says_so() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(cut("ab", 0), "");
    }

    #[test]
    fn a_short_line_leaves_no_half_of_a_secret_behind() {
        let words = "word ".repeat(8);
        for key in ["sk-0123456789abcdef", "sk-01\u{200b}23\u{ad}45&#x36;7\u{1b}[0m89ab"] {
            assert_eq!(short_line(&format!("{words}key {key}"), 50), format!("{words}key…"));
        }
        assert_eq!(short_line("a\r\n\tb", 3), "a b");
    }

    #[test]
    fn an_address_keeps_only_unreserved_characters_and_the_slashes_of_a_path() {
        assert_eq!(url_segment("a/b c~é"), "a%2Fb%20c~%C3%A9");
        assert_eq!(url_path("a/b c?.md"), "a/b%20c%3F.md");
    }
}
