//! YAML blocks: plain ones read line by line, others by gray_matter's engine where that is safe and by
//! our own tree of parser events elsewhere; edited by the spans of that tree.

mod libyaml;
mod places;
mod plain;
mod splice;
mod surrogates;
mod tree;
mod words;
mod written;

use std::borrow::Cow;

use gray_matter::engine::{Engine, YAML};

pub(super) use libyaml::events as events_by_libyaml;
pub(super) use splice::splice;
pub(super) use written::manner;

use super::{ParseError, Pod, Reader};

/// Reads the block. Dates come as text.
pub(super) fn read(block: &str, reader: Reader) -> Result<Pod, ParseError> {
    if let Some(data) = plain::read(block) {
        return Ok(data);
    }
    read_in_full(block, reader)
}

/// Keys of the outermost mapping that stood there before, each with its line.
pub(super) fn repeated_keys(block: &str) -> Vec<(String, usize)> {
    tree::parse(block).map(|tree| tree.repeated_keys()).unwrap_or_default()
}

/// Every value by its JSON pointer, with its line.
pub(super) fn lines(block: &str) -> Vec<(String, usize)> {
    tree::parse(block).map(|tree| tree.lines()).unwrap_or_default()
}

fn read_in_full(block: &str, reader: Reader) -> Result<Pod, ParseError> {
    let block = with_blanks(block, reader)?;
    if is_ordinary(&block)
        && let Ok(data) = YAML::parse(&block)
    {
        return Ok(data);
    }
    // The engine refuses duplicate keys, which most generators accept, and its errors have no place.
    tree::parse(&block)?.data()
}

/// Hexo turns the tabs that lines begin with into blanks before it reads, but not those of the first line. One blank
/// for each keeps all offsets; that nests the same as long as no other line is indented with blanks.
fn with_blanks(block: &str, reader: Reader) -> Result<Cow<'_, str>, ParseError> {
    if reader != Reader::Hexo || !block.contains("\n\t") {
        return Ok(Cow::Borrowed(block));
    }
    let says_something = |line: &&str| !line.trim_ascii().is_empty();
    let has_tabs = block.lines().skip(1).filter(says_something).any(|line| line.starts_with('\t'));
    let has_blanks =
        block.lines().filter(says_something).any(|line| line.trim_start_matches('\t').starts_with(' '));
    if has_tabs && has_blanks {
        return Err(ParseError::new(1, "tabs and blanks are mixed as indent"));
    }
    let mut blanks = String::with_capacity(block.len());
    for line in block.split_inclusive('\n') {
        let content = if blanks.is_empty() { line } else { line.trim_start_matches('\t') };
        blanks.extend(std::iter::repeat_n(' ', line.len() - content.len()));
        blanks.push_str(content);
    }
    Ok(Cow::Owned(blanks))
}

/// Whether the engine can be trusted with the block. Its parser recurses without a limit, copies
/// anchored values wherever an alias asks for them, drops all documents but the first, drops keys that
/// are collections (which is how an unquoted `{{ template }}` reads), takes a merge key for a name, and
/// knows one spelling of nothing.
fn is_ordinary(block: &str) -> bool {
    const DEEPEST_INDENT: usize = 40;
    const MOST_BRACKETS: usize = 100;
    // The parsers differ about a byte order mark in the middle; the tree's refuses it.
    if ["\u{feff}", "<<", "Null", "NULL"].iter().any(|piece| block.contains(piece)) {
        return false;
    }
    let (mut brackets, mut last) = (0, b' ');
    for line in block.split(['\n', '\r']) {
        let content = line.trim_start_matches([' ', '\t', '-']);
        let deep = line.len() - content.len() > DEEPEST_INDENT;
        if deep || content.starts_with(['?', ':']) || line.starts_with("---") || line.starts_with("...") {
            return false;
        }
        let mut before = b' ';
        for &byte in content.as_bytes() {
            match byte {
                b'{' => return false,
                b':' if last == b']' => return false,
                b'[' => brackets += 1,
                b'&' | b'!' if matches!(before, b' ' | b'\t' | b'[' | b'{' | b',') => return false,
                _ => {}
            }
            before = byte;
            if !byte.is_ascii_whitespace() {
                last = byte;
            }
        }
    }
    brackets <= MOST_BRACKETS && !has_text_of_lines(block)
}

/// Whether a value of the block is a text of lines: to the engine one without any line is a blank one.
fn has_text_of_lines(block: &str) -> bool {
    let begins = |word: &str| {
        let mark = word.strip_prefix(['|', '>']);
        mark.is_some_and(|mark| mark.bytes().all(|byte| matches!(byte, b'+' | b'-' | b'0'..=b'9')))
    };
    block.split_whitespace().any(begins)
}

/// An edited block may be read by the tree where the old one was read by the engine.
#[cfg(test)]
pub(super) fn both_readings_agree(block: &str) {
    if is_ordinary(block)
        && let (Ok(engine), Ok(tree)) = (YAML::parse(block), tree::parse(block).and_then(|tree| tree.data()))
    {
        assert_eq!(engine, tree, "{block:?}");
    }
}

/// Whether the block is plain; if it is, it must read as it would in full.
#[cfg(test)]
pub(super) fn reads_as_plain(block: &str) -> bool {
    let plain = plain::read(block);
    if let Some(plain) = &plain {
        for &reader in super::tests::ALL {
            assert_eq!(Some(plain), read_in_full(block, reader).ok().as_ref(), "{block:?}");
        }
    }
    plain.is_some()
}

/// Whether a block that libyaml reads as one document is read; of others there is nothing to say.
#[cfg(test)]
pub(super) fn is_read_if_libyaml_does(block: &str) -> bool {
    tree::by_libyaml(block).and_then(|tree| tree.data()).is_err() || read(block, Reader::Unknown).is_ok()
}
