//! Names and titles as every generator agrees on them: letters and digits, in lower case. What makes a slug
//! of a title differs in blanks, hyphens and signs only, and in letters that one of them spells out.

/// The letters and digits of a text, in lower case.
pub(super) fn squash(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two texts are one to a reader; empty ones say nothing.
pub(super) fn same(a: &str, b: &str) -> bool {
    let a = squash(a);
    !a.is_empty() && a == squash(b)
}
