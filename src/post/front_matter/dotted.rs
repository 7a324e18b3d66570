//! Nikola's own header: `.. key: value` lines on top of the file up to the first empty line, inside of an HTML
//! comment where the text is Markdown. Of a key that stands there twice the last value counts, a key without a
//! value says nothing, and nothing is ever quoted.

use std::collections::HashMap;
use std::ops::Range;

use super::find::lines;
use super::header::{Header, is_key_byte};
use super::manner::{Beside, Manner};
use super::splice::{FieldEdit, FieldValue, Source, Splice};
use super::{Pod, Problem};

/// What a line of the header begins with.
const MARK: &str = ".. ";

/// A key with its value, as ranges of the text.
struct DottedEntry {
    key: Range<usize>,
    /// Empty where nothing stands behind the colon.
    value: Range<usize>,
    /// The whole line with its end.
    line: Range<usize>,
}

/// The lines of the header that begins at an offset, what it takes up, and where the text begins below it.
fn entries(text: &str, start: usize) -> Option<(Vec<DottedEntry>, Range<usize>, usize)> {
    let first = text.len() - text[start..].trim_start().len();
    let start = text[..first].rfind('\n').map_or(start, |end| end + 1);
    let (mut found, mut end, mut body) = (Vec::new(), start, text.len());
    for line in lines(text, start) {
        if line.content.contains('\r') {
            return None;
        }
        if line.content.is_empty() {
            body = line.next;
            break;
        }
        end = line.next;
        if let Some((key, value)) = entry(line.content) {
            let range = |part: Range<usize>| line.start + part.start..line.start + part.end;
            found.push(DottedEntry { key: range(key), value: range(value), line: line.start..line.next });
        }
    }
    (!found.is_empty()).then_some((found, start..end, body))
}

/// Key and value of a line.
fn entry(content: &str) -> Option<(Range<usize>, Range<usize>)> {
    let start = content.len() - content.trim_start().strip_prefix(MARK)?.len();
    let colon = start + content[start..].find(':')?;
    let key = &content[start..colon];
    if key.is_empty() || !key.bytes().all(is_key_byte) {
        return None;
    }
    let rest = &content[colon + 1..];
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let from = colon + 1 + (rest.len() - rest.trim_start().len());
    Some((start..colon, from..from + rest.trim().len()))
}

/// Reads the header that begins at an offset; `None` where there is none.
pub(super) fn read(text: &str, start: usize) -> Option<Header> {
    let (entries, block, body) = entries(text, start)?;
    let mut data: HashMap<String, Pod> = HashMap::new();
    for DottedEntry { key, value, .. } in entries {
        let (key, is_empty) = (text[key].to_owned(), value.is_empty());
        let value = Pod::String(text[value].to_owned());
        if is_empty {
            data.entry(key).or_insert(value);
        } else {
            data.insert(key, value);
        }
    }
    Some(Header { block, body, data: Pod::Hash(data) })
}

/// How the header writes the field of this name: between which others.
pub(super) fn manner(block: &str, path: &[&str]) -> Option<Manner> {
    let ([name], (entries, ..)) = (path, entries(block, 0)?) else { return None };
    let keys: Vec<String> = entries.iter().map(|entry| block[entry.key.clone()].to_owned()).collect();
    Manner::among(&keys, name)
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let ([name], FieldValue::Text(value)) = (field.path.as_slice(), field.value) else {
        return Err(Problem::NotFlat { field: field.name.to_owned() });
    };
    if name.is_empty() || !name.bytes().all(is_key_byte) {
        return Err(Problem::NotFlat { field: field.name.to_owned() });
    }
    let (entries, ..) = entries(source.block, 0).ok_or_else(|| field.unsafe_here())?;
    // It would end the comment for everybody else who reads the file.
    if value.contains("-->") {
        return Err(field.unsafe_here());
    }
    let mut named = entries.iter().filter(|entry| source.block[entry.key.clone()] == *name);
    if let Some(entry) = named.next() {
        return match named.next() {
            Some(_) => Err(field.twice()),
            None if entry.value.is_empty() => {
                let line = source.block[entry.line.clone()].trim_end_matches(['\r', '\n']).len();
                let at = entry.key.end + 1..entry.line.start + line;
                Ok(Splice { at, text: format!(" {value}") })
            }
            None => Ok(Splice { at: entry.value.clone(), text: value.clone() }),
        };
    }
    let last = entries.last().ok_or_else(|| field.unsafe_here())?;
    let indent: &str = {
        let line = &source.block[last.line.clone()];
        &line[..line.len() - line.trim_start().len()]
    };
    let at = place(source, &entries, field).unwrap_or(last.line.end);
    let (line, end) = (format!("{indent}{MARK}{name}: {value}"), source.line_end(at));
    let is_open = source.block[..at].ends_with('\n');
    Ok(Splice::insert(at, if is_open { format!("{line}{end}") } else { format!("{end}{line}") }))
}

/// Where others have the line: below that of one key, or else above that of another.
fn place(source: Source<'_>, entries: &[DottedEntry], field: &FieldEdit<'_>) -> Option<usize> {
    let named = |name: &str| entries.iter().find(|entry| source.block[entry.key.clone()] == *name);
    Some(match field.place(0)?.beside(named)? {
        Beside::Below(entry) => entry.line.end,
        Beside::Above(entry) => entry.line.start,
    })
}
