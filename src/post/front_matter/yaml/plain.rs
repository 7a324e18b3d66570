//! The plain form that nearly every block has: keys of one word, values on one line, lists of such
//! values and mappings inside mappings. One pass and no events, because a whole blog is read in order to
//! change a few posts. Whatever is not certain to mean the same to every parser is left to the others.

use std::collections::HashMap;
use std::iter::Peekable;
use std::str::Lines;

use super::super::Pod;
use super::tree::{untagged, word};

/// Mappings inside mappings.
const DEEPEST: usize = 8;
/// YAML allows a key 1,024 characters.
const LONGEST_KEY: usize = 128;

/// Reads the block; `None` when any line of it is not plain, or none of them says anything.
pub(super) fn read(block: &str) -> Option<Pod> {
    // Elsewhere than on top a byte order mark is an error to one parser and a letter to the other.
    if !block.is_ascii() && block.contains('\u{feff}') {
        return None;
    }
    let mut reading = PlainReader { lines: block.lines().peekable() };
    let members = reading.mapping(0, DEEPEST)?;
    (!members.is_empty() && reading.next_indent()?.is_none()).then_some(Pod::Hash(members))
}

struct PlainReader<'a> {
    lines: Peekable<Lines<'a>>,
}

impl<'a> PlainReader<'a> {
    fn mapping(&mut self, indent: usize, deeper: usize) -> Option<HashMap<String, Pod>> {
        let mut members = HashMap::new();
        while let Some((own, line)) = self.next_indent()? {
            if own != indent {
                // Deeper than anything above asks for, or the end of this mapping.
                return (own < indent).then_some(members);
            }
            self.lines.next();
            let (key, value) = entry(line)?;
            let value = if value.is_empty() { self.below(indent, deeper)? } else { value_of(value)? };
            if members.insert(key.to_owned(), value).is_some() {
                return None;
            }
        }
        Some(members)
    }

    /// What the lines below a key without a value hold.
    fn below(&mut self, indent: usize, deeper: usize) -> Option<Pod> {
        match self.next_indent()? {
            Some((own, line)) if own >= indent && line.starts_with('-') => self.list(own).map(Pod::Array),
            Some((own, _)) if own > indent => self.mapping(own, deeper.checked_sub(1)?).map(Pod::Hash),
            _ => Some(Pod::Null),
        }
    }

    fn list(&mut self, indent: usize) -> Option<Vec<Pod>> {
        let mut items = Vec::new();
        while let Some((own, line)) = self.next_indent()?
            && own == indent
            && let Some(item) = line.strip_prefix('-')
        {
            self.lines.next();
            items.push(scalar(item.strip_prefix(' ')?.trim_matches(' '))?);
        }
        Some(items)
    }

    /// The next line that says something, and how far it is indented. The inner `None` is the end, the
    /// outer one a line with characters that are not plain.
    fn next_indent(&mut self) -> Option<Option<(usize, &'a str)>> {
        while self.lines.next_if(|line| line.is_empty() || is_comment(line)).is_some() {}
        let Some(&line) = self.lines.peek() else { return Some(None) };
        if line.bytes().any(|byte| byte.is_ascii_control()) {
            return None;
        }
        let content = line.trim_start_matches(' ');
        Some(Some((line.len() - content.len(), content)))
    }
}

fn is_comment(line: &str) -> bool {
    line.starts_with('#') && !line.bytes().any(|byte| byte.is_ascii_control())
}

/// The two sides of the colon.
fn entry(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.split_once(':')?;
    let plain = key.len() <= LONGEST_KEY
        && key.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && key.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
        && (value.is_empty() || value.starts_with(' '))
        // `True:` and `null:` have names of their own.
        && word(key).is_none();
    plain.then(|| (key, value.trim_matches(' ')))
}

/// What stands behind a key.
fn value_of(text: &str) -> Option<Pod> {
    let Some(items) = text.strip_prefix('[') else { return scalar(text) };
    let items = items.strip_suffix(']')?.trim_matches(' ');
    if items.is_empty() {
        return Some(Pod::new_array());
    }
    // In brackets more characters have a meaning, so that fewer are plain.
    let word = |byte: u8| byte.is_ascii_alphanumeric() || !byte.is_ascii() || b" _-./+\"'".contains(&byte);
    let item = |text: &str| {
        let text = text.trim_matches(' ');
        if text.bytes().all(word) { scalar(text) } else { None }
    };
    items.split(',').map(item).collect::<Option<_>>().map(Pod::Array)
}

/// A value on one line, without blanks around it and never empty.
fn scalar(text: &str) -> Option<Pod> {
    let quoted = |quote: char| {
        let inner = text[1..].strip_suffix(quote)?;
        (!inner.contains([quote, '\\'])).then(|| Pod::String(inner.to_owned()))
    };
    match text.chars().next()? {
        quote @ ('"' | '\'') => quoted(quote),
        first
            if first.is_ascii_alphanumeric()
                || !first.is_ascii()
                || matches!(first, '/' | '_' | '.' | '(') =>
        {
            let ends_here = |(at, byte)| match byte {
                b':' => matches!(text.as_bytes().get(at + 1), None | Some(b' ')),
                b' ' => text.as_bytes().get(at + 1) == Some(&b'#'),
                _ => false,
            };
            (!text.bytes().enumerate().any(ends_here)).then(|| untagged(text))
        }
        _ => None,
    }
}
