//! Text: one line of it, a part of it, the characters in it that nobody sees, and text inside of addresses.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use crate::secret::{escape_sequence, is_unseen, visible};

/// The text as one line without control characters, terminal escape sequences, and characters that
/// are invisible or reverse the reading direction. Runs of line breaks and tabs become one blank.
pub fn one_line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        rest = &rest[if c == '\u{1b}' { escape_sequence(rest) } else { c.len_utf8() }..];
        match c {
            '\u{1b}' => {}
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

/// The parts of a message, each with whether it stands between backticks, which are left out. A backtick without
/// a partner stays.
pub fn spans(message: &str) -> Vec<(&str, bool)> {
    let mut spans = Vec::new();
    let mut rest = message;
    while let Some((before, (code, after))) =
        rest.split_once('`').and_then(|(before, after)| Some((before, after.split_once('`')?)))
    {
        spans.extend([(before, false), (code, true)]);
        rest = after;
    }
    spans.push((rest, false));
    spans
}

/// Cuts at `longest` characters, at a word where there is one, and marks the cut with an ellipsis.
pub fn shorten(text: &str, longest: usize) -> String {
    let text = text.trim();
    if text.chars().count() <= longest {
        return text.to_owned();
    }
    let kept: String = text.chars().take(longest.saturating_sub(1)).collect();
    let kept = kept.rsplit_once(' ').map_or(kept.as_str(), |(words, _)| words);
    let mut cut = kept.trim_end_matches(|last: char| !last.is_alphanumeric()).to_owned();
    cut.push('…');
    cut
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

/// Characters without a picture of their own, by which a text can look like another: zero-width ones,
/// direction overrides and isolates, tags, fillers.
pub fn is_invisible(c: char) -> bool {
    is_unseen(c) && !c.is_control() && !shapes_others(c)
}

/// Joiners, fillers of syllables and variation selectors, because some scripts and emoji need them.
fn shapes_others(c: char) -> bool {
    matches!(c,
        '\u{34f}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}' | '\u{180b}'..='\u{180d}' | '\u{180f}'
        | '\u{200c}' | '\u{200d}' | '\u{fe00}'..='\u{fe0f}' | '\u{e0100}'..='\u{e01ef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escape_sequences_line_breaks_and_direction_marks_are_gone() {
        assert_eq!(one_line("a\u{1b}[31;1mred\u{1b}[0m\r\n\tb\u{202e}c\u{9b}d\n"), "ared bc d");
        assert_eq!(one_line("x\u{1b}[12345 never ends"), "xever ends");
    }

    #[test]
    fn what_nobody_sees_is_gone_unless_it_shapes_the_characters_beside_it() {
        for unseen in ['\u{ad}', '\u{180e}', '\u{200b}', '\u{2066}', '\u{3164}', '\u{ffa0}', '\u{e0041}'] {
            assert_eq!(one_line(&format!("a{unseen}b")), "ab", "{unseen:?}");
        }
        for seen in ["👩\u{200d}🚀", "❤\u{fe0f}", "می\u{200c}خواهم", "葛\u{e0100}", "\u{115f}\u{1161}"]
        {
            assert_eq!(one_line(seen), seen);
        }
    }

    #[test]
    fn a_cut_counts_characters_and_says_so() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(cut("ab", 0), "");
    }

    #[test]
    fn what_stands_between_two_backticks_is_told_apart() {
        assert_eq!(
            spans("set `a` to `b`"),
            [("set ", false), ("a", true), (" to ", false), ("b", true), ("", false)]
        );
        assert_eq!(spans("`a` and `b"), [("", false), ("a", true), (" and `b", false)]);
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
