//! Where things begin and end in the text of a block, for what the parsers' events do not say.

use std::borrow::Cow;

/// What stands before a key on its line, as an indent.
pub(super) fn indent(block: &str, key: usize) -> &str {
    let line = &block[block[..key].rfind('\n').map_or(0, |end| end + 1)..key];
    &line[..line.len() - line.trim_start_matches([' ', '\t']).len()]
}

/// The indent of a further key below this one, before which the mark of a list or of a long key may stand.
pub(super) fn column(block: &str, key: usize) -> Cow<'_, str> {
    let line = &block[block[..key].rfind('\n').map_or(0, |end| end + 1)..key];
    let indent = indent(block, key);
    // The mark of the key itself stands where the key would.
    let marks = &line[indent.len()..];
    let marks = marks.trim_end().strip_suffix('?').unwrap_or(marks);
    match marks.bytes().all(|byte| matches!(byte, b'-' | b'?' | b':' | b' ')) {
        true => Cow::Owned(format!("{indent}{}", " ".repeat(marks.len()))),
        false => Cow::Borrowed(indent),
    }
}

/// Skips blanks, line ends and comments.
pub(super) fn skip_space(block: &str, at: usize) -> usize {
    let mut rest = block[at..].trim_start();
    while rest.starts_with('#') {
        rest = rest.trim_start_matches(|c| c != '\n').trim_start();
    }
    block.len() - rest.len()
}

/// Skips `&anchor` and `!tag` before a value.
pub(super) fn skip_properties(block: &str, start: usize) -> usize {
    let mut at = start;
    while block[at..].starts_with(['&', '!']) {
        let property = block[at..].find(|c: char| c.is_ascii_whitespace());
        at = property.map_or(block.len(), |length| skip_space(block, at + length));
    }
    at
}

/// The byte after the quote that closes the one at `start`.
pub(super) fn end_of_quoted(block: &str, start: usize) -> Option<usize> {
    let bytes = block.as_bytes();
    let quote = *bytes.get(start)?;
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' if quote == b'"' => at += 2,
            byte if byte == quote => {
                if quote == b'\'' && bytes.get(at + 1) == Some(&quote) {
                    at += 2;
                } else {
                    return Some(at + 1);
                }
            }
            _ => at += 1,
        }
    }
}
