//! What a value or a key needs no quotes for: words that every reader takes for a text.

use super::super::splice::quoted;

/// Words that some reader takes for a boolean or for nothing.
const WORDS: [&str; 9] = ["y", "n", "yes", "no", "on", "off", "true", "false", "null"];

/// Paths only: with a slash or a dot and beginning like none of YAML's numbers, dates or words.
pub(super) fn is_plain(text: &str) -> bool {
    let rest = text.strip_prefix("./").unwrap_or(text).trim_start_matches("../");
    // No number or date has a slash or ends in a word.
    let is_no_number = text.contains('/')
        || text
            .rsplit_once('.')
            .is_some_and(|(_, word)| word.len() > 2 && word.bytes().all(|byte| byte.is_ascii_alphabetic()));
    let begins =
        |c: char| matches!(c, '/' | '_') || c.is_alphabetic() || (c.is_ascii_digit() && is_no_number);
    rest.starts_with(begins)
        && text.contains(['/', '.'])
        && !text.contains("---")
        && text.chars().all(|c| c.is_alphanumeric() || matches!(c, '/' | '.' | '_' | '-'))
}

/// Words only: beginning like none of YAML's numbers, dates or words, and without a letter that has a meaning.
pub(super) fn is_plain_text(text: &str, flow: bool) -> bool {
    let is_word = |c: char| c.is_alphanumeric() || " .-_'()!?’“”–—…".contains(c) || (c == ',' && !flow);
    text.starts_with(char::is_alphabetic)
        && !text.ends_with(' ')
        && !text.contains("---")
        && text.chars().all(is_word)
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(text))
}

/// A key as it can be written anywhere; words that YAML 1.1 reads as booleans are quoted.
pub(super) fn key(name: &str) -> String {
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte))
        && !WORDS.iter().any(|word| word.eq_ignore_ascii_case(name));
    if plain { name.to_owned() } else { quoted(name) }
}
