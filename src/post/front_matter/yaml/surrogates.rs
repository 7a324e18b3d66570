//! Letters beyond the first plane that a quoted value spells as two escapes, as every encoder of JSON does
//! (`"\ud83d\ude00"`). The parsers of JavaScript and Go join the two; those here take each for a letter of
//! its own, which it is not.

/// Length of `\ud83d`.
const ESCAPE: usize = 6;

/// The block with every pair as the letter that it stands for, and for each of its bytes the place in the
/// block; `None` where there is no pair.
pub(super) fn joined(block: &str) -> Option<(String, Vec<usize>)> {
    let mut text = String::with_capacity(block.len());
    let mut places = Vec::with_capacity(block.len() + 1);
    let mut is_joined = false;
    let mut rest = block;
    while let Some(first) = rest.chars().next() {
        let place = block.len() - rest.len();
        let (letter, length) = match pair(rest) {
            Some(letter) => (letter, 2 * ESCAPE),
            None => (first, first.len_utf8()),
        };
        is_joined |= length == 2 * ESCAPE;
        text.push(letter);
        places.resize(text.len(), place);
        rest = &rest[length..];
        // An escaped backslash begins no other escape.
        if letter == '\\' && rest.starts_with('\\') {
            places.push(place + 1);
            text.push('\\');
            rest = &rest[1..];
        }
    }
    places.push(block.len());
    is_joined.then_some((text, places))
}

/// The letter of the pair that the text begins with.
fn pair(text: &str) -> Option<char> {
    let unit = |text: &str| u16::from_str_radix(text.strip_prefix("\\u")?, 16).ok();
    let units = [unit(text.get(..ESCAPE)?)?, unit(text.get(ESCAPE..2 * ESCAPE)?)?];
    // One letter, or the two units are not a surrogate pair.
    let mut letters = char::decode_utf16(units);
    let letter = letters.next()?.ok()?;
    letters.next().is_none().then_some(letter)
}
