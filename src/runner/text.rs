//! Text of strangers made safe for the log. The runner reads every line of stdout and stderr for
//! workflow commands: `::name::` at its start and the older `##[name]` anywhere in it
//! (actions/runner, `ActionCommand.cs`), so a post title printed as it is could set outputs, load
//! problem matchers or silence later errors.

use std::iter::Peekable;
use std::str::Chars;

/// Longest line of the log and longest annotation message, in characters. GitHub cuts annotation
/// messages there.
pub const LONGEST: usize = 4096;

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

/// At most `limit` characters, the last of them `…` when something was cut.
pub fn cut(text: &str, limit: usize) -> String {
    if text.chars().nth(limit).is_none() {
        return text.to_owned();
    }
    let end = text.char_indices().nth(limit.saturating_sub(1)).map_or(0, |(end, _)| end);
    format!("{}…", text[..end].trim_end())
}

/// The line with every workflow command in it broken by a blank.
pub fn without_commands(line: &str) -> String {
    let body = line.trim_start();
    let line = match body.strip_prefix("::") {
        Some(rest) => format!("{}: :{rest}", &line[..line.len() - body.len()]),
        None => line.to_owned(),
    };
    line.replace("##[", "## [")
}

/// Escapes the data of a workflow command (actions/toolkit, `command.ts`).
pub fn command_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
pub fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
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
fn is_invisible(c: char) -> bool {
    matches!(c,
        '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}'
        | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn escape_sequences_line_breaks_and_direction_marks_are_gone() {
        assert_eq!(one_line("a\u{1b}[31;1mred\u{1b}[0m\r\n\tb\u{202e}c\u{9b}d\n"), "ared bc d");
        assert_eq!(one_line("x\u{1b}[12345 never ends"), "xever ends");
        assert_eq!(one_line("👩\u{200d}🚀"), "👩\u{200d}🚀");
    }

    #[test]
    fn a_command_loses_its_shape_wherever_it_stands() {
        assert_eq!(without_commands("\u{3000} ::set-output name=x::y"), "\u{3000} : :set-output name=x::y");
        assert_eq!(without_commands("a ###[add-matcher]x"), "a ### [add-matcher]x");
        assert_eq!(without_commands("std::fmt"), "std::fmt");
    }

    #[test]
    fn command_data_and_properties_are_escaped_percent_first() {
        assert_eq!(command_data("50%\r\n:,"), "50%25%0D%0A:,");
        assert_eq!(command_property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    #[test]
    fn a_cut_counts_characters_and_says_so() {
        assert_eq!(cut("äöü", 3), "äöü");
        assert_eq!(cut("äöüß", 3), "äö…");
        assert_eq!(cut("ab", 0), "…");
    }

    proptest! {
        #[test]
        fn no_text_survives_as_a_command(text in "\\PC*|[:#\\[ \u{200b}\u{1b}\n\ra-z]{0,40}") {
            let line = without_commands(&one_line(&text));
            prop_assert!(!line.trim_start().starts_with("::"));
            prop_assert!(!line.contains("##["));
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
