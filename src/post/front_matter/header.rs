//! Pelican's own header: `Key: value` lines on top of the file up to the first blank line, as the metadata
//! extension of Python-Markdown reads them. Keys have no case, a value goes on in lines indented by four
//! columns, and nothing is ever quoted.

use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;

use super::find::lines;
use super::manner::{Beside, Manner};
use super::splice::{Change, FieldEdit, FieldValue, Source, Splice};
use super::{BlockFormat, Pod, Problem};

/// Of these Pelican takes the first value and warns of the others; of the rest it takes all.
const FIRST_ONLY: [&str; 10] =
    ["tags", "date", "modified", "status", "category", "author", "save_as", "url", "authors", "slug"];
/// From here on an indent makes a line part of the value above.
const CONTINUED: usize = 4;

/// A key with its value, as ranges of the text.
struct HeaderEntry {
    key: Range<usize>,
    /// On the key's own line, without the blanks around it.
    value: Range<usize>,
    /// Values of the lines below.
    more: Vec<Range<usize>>,
}

/// The header that begins at an offset, if the line there is one of it.
fn entries(text: &str, start: usize) -> Option<(Vec<HeaderEntry>, Range<usize>, usize)> {
    let mut found: Vec<HeaderEntry> = Vec::new();
    let (mut end, mut body) = (start, start);
    for line in lines(text, start) {
        let content = line.content;
        // Python-Markdown breaks the line at a bare carriage return, and nobody means that.
        if content.contains('\r') {
            return None;
        }
        if content.trim().is_empty() || content.starts_with("---") || content.starts_with("...") {
            body = line.next;
            break;
        }
        if let Some((key, value)) = entry(content) {
            let range = |part: Range<usize>| line.start + part.start..line.start + part.end;
            found.push(HeaderEntry { key: range(key), value: range(value), more: Vec::new() });
        } else if let Some(last) = found.last_mut().filter(|_| indent(content) >= CONTINUED) {
            let value = content.trim();
            let start = line.start + (content.len() - content.trim_start().len());
            last.more.push(start..start + value.len());
        } else {
            body = line.start;
            break;
        }
        (end, body) = (line.next, line.next);
    }
    (!found.is_empty()).then_some((found, start..end, body))
}

/// Key and value of a line.
fn entry(content: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = content.len() - content.trim_start_matches(' ').len();
    let colon = start + content[start..].find(':')?;
    let key = &content[start..colon];
    let is_key = !key.is_empty() && key.bytes().all(is_key_byte);
    if start >= CONTINUED || !is_key {
        return None;
    }
    let rest = &content[colon + 1..];
    let from = colon + 1 + (rest.len() - rest.trim_start().len());
    Some((start..colon, from..from + rest.trim().len()))
}

pub(super) fn is_key_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')
}

/// The columns that a line is indented by; a tab goes to the next multiple of four.
fn indent(content: &str) -> usize {
    let mut columns = 0;
    for byte in content.bytes() {
        match byte {
            b' ' => columns += 1,
            b'\t' => columns += CONTINUED - columns % CONTINUED,
            _ => break,
        }
    }
    columns
}

/// A header that was found and read.
pub(super) struct Header {
    pub(super) block: Range<usize>,
    pub(super) body: usize,
    pub(super) data: Pod,
}

/// Reads the header that begins at an offset; `None` where there is none.
pub(super) fn read(text: &str, start: usize) -> Option<Header> {
    let (entries, block, body) = entries(text, start)?;
    let mut data: HashMap<String, Pod> = HashMap::new();
    for HeaderEntry { key, value, more } in entries {
        let key = text[key].to_ascii_lowercase();
        let first_only = FIRST_ONLY.contains(&key.as_str());
        for value in std::iter::once(value).chain(more) {
            let value = &text[value];
            match data.get_mut(&key) {
                Some(_) if first_only => {}
                Some(Pod::String(values)) => values.extend(["\n", value]),
                _ => _ = data.insert(key.clone(), Pod::String(value.to_owned())),
            }
        }
    }
    Some(Header { block, body, data: Pod::Hash(data) })
}

/// The changes as a header can hold them: keys as they are read, every value a text on one line.
pub(super) fn on_one_line(changes: &[Change], format: BlockFormat) -> Cow<'_, [Change]> {
    let as_line = |Change { field, value }: &Change| {
        let text = match value {
            FieldValue::Path(text) | FieldValue::Text(text) | FieldValue::Item(text) => {
                let words: Vec<&str> = text.split(|c: char| c.is_control() || c.is_whitespace()).collect();
                words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
            }
            FieldValue::Bool(flag) => flag.to_string(),
        };
        let field = if format == BlockFormat::Header { field.to_ascii_lowercase() } else { field.clone() };
        Change { field, value: FieldValue::Text(text) }
    };
    changes.iter().map(as_line).collect()
}

/// How the header writes the field of this name: between which others.
pub(super) fn manner(block: &str, path: &[&str]) -> Option<Manner> {
    let ([name], (entries, ..)) = (path, entries(block, 0)?) else { return None };
    let keys: Vec<String> =
        entries.iter().map(|entry| block[entry.key.clone()].to_ascii_lowercase()).collect();
    Manner::among(&keys, &name.to_ascii_lowercase())
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let ([name], FieldValue::Text(value)) = (field.path.as_slice(), field.value) else {
        return Err(Problem::NotFlat { field: field.name.to_owned() });
    };
    let (entries, block, _) = entries(source.block, 0).ok_or_else(|| field.unsafe_here())?;
    let mut named = entries.iter().filter(|entry| source.block[entry.key.clone()].eq_ignore_ascii_case(name));
    let Some(entry) = named.next() else {
        return if !name.is_empty() && name.bytes().all(is_key_byte) {
            Ok(added(source, &entries, place(source, &entries, field).unwrap_or(block.end), name, value))
        } else {
            Err(Problem::NotFlat { field: field.name.to_owned() })
        };
    };
    if named.next().is_some() {
        return Err(field.twice());
    }
    if !entry.more.is_empty() {
        return Err(field.unsafe_here());
    }
    Ok(if entry.value.is_empty() {
        Splice::insert(entry.key.end + 1, format!(" {value}"))
    } else {
        Splice { at: entry.value.clone(), text: value.clone() }
    })
}

/// Where others have the line: below that of one key, or else above that of another.
fn place(source: Source<'_>, entries: &[HeaderEntry], field: &FieldEdit<'_>) -> Option<usize> {
    let named = |name: &str| {
        entries.iter().find(|entry| source.block[entry.key.clone()].to_ascii_lowercase() == name)
    };
    Some(match field.place(0)?.beside(named)? {
        Beside::Below(entry) => source.line_below(entry.more.last().map_or(entry.key.end, |last| last.start)),
        Beside::Above(entry) => source.block[..entry.key.start].rfind('\n').map_or(0, |end| end + 1),
    })
}

/// A line of the header at this place, its key spelled as the others are.
fn added(source: Source<'_>, entries: &[HeaderEntry], at: usize, name: &str, value: &str) -> Splice {
    let capital =
        |entry: &HeaderEntry| source.block[entry.key.clone()].starts_with(|c: char| c.is_ascii_uppercase());
    let name = if entries.iter().all(capital) {
        name.char_indices().map(|(at, c)| if at == 0 { c.to_ascii_uppercase() } else { c }).collect()
    } else {
        name.to_owned()
    };
    let end = source.line_end(at);
    let line = format!("{name}: {value}");
    let is_open = source.block[..at].ends_with('\n');
    Splice::insert(at, if is_open { format!("{line}{end}") } else { format!("{end}{line}") })
}
