//! JSON blocks: read by gray_matter's engine, edited by the spans of one object's members.

use std::ops::Range;

use gray_matter::engine::{Engine, JSON};
use serde::de::IgnoredAny;

use super::splice::{FieldEdit, FieldValue, Source, Splice, quoted};
use super::{ParseError, Pod, Problem, Reader};

/// Reads the block; Hexo's has no braces.
pub(super) fn read(block: &str, reader: Reader) -> Result<Pod, ParseError> {
    let braced;
    let object = if reader == Reader::Hexo {
        braced = format!("{{{block}}}");
        &braced
    } else {
        block
    };
    JSON::parse(object).map_err(|error| match serde_json::from_str::<IgnoredAny>(object) {
        Err(fault) => ParseError::new(fault.line(), &fault.to_string()),
        Ok(_) => ParseError::new(1, &error.to_string()),
    })
}

/// Length of the JSON value that the text begins with, leading white space included.
pub(super) fn end_of_value(text: &str) -> Option<usize> {
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some(values.byte_offset())
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let block = source.block;
    let inner = if source.reader == Reader::Hexo {
        0..block.len()
    } else {
        let open = block.find('{').ok_or_else(|| field.unsafe_here())?;
        open + 1..block.rfind('}').ok_or_else(|| field.unsafe_here())?
    };
    in_object(source, inner, &field.path, field)
}

/// One member of an object, as ranges of the block.
struct Member {
    name: String,
    key: Range<usize>,
    value: Range<usize>,
}

/// The members of the object between these braces; `None` if the scan meets anything unexpected.
fn members(block: &str, inner: Range<usize>) -> Option<Vec<Member>> {
    let mut members = Vec::new();
    let mut at = skip_blank(block, inner.start);
    while at < inner.end {
        let key = at..at + end_of_value(&block[at..inner.end])?;
        let colon = skip_blank(block, key.end);
        let start = skip_blank(block, block[colon..].starts_with(':').then_some(colon + 1)?);
        let value = start..start + end_of_value(&block[start..inner.end])?;
        at = skip_blank(block, value.end);
        if block[at..inner.end].starts_with(',') {
            at = skip_blank(block, at + 1);
        }
        members.push(Member { name: serde_json::from_str(&block[key.clone()]).ok()?, key, value });
    }
    Some(members)
}

fn skip_blank(block: &str, at: usize) -> usize {
    block.len() - block[at..].trim_start_matches([' ', '\t', '\r', '\n']).len()
}

fn in_object(
    source: Source<'_>,
    inner: Range<usize>,
    path: &[String],
    field: &FieldEdit<'_>,
) -> Result<Splice, Problem> {
    let members = members(source.block, inner.clone()).ok_or_else(|| field.unsafe_here())?;
    let (name, below) = path.split_first().ok_or_else(|| field.unsafe_here())?;
    let mut named = members.iter().filter(|member| member.name == *name);
    let Some(member) = named.next() else { return Ok(add(source, inner, &members, path, field.value)) };
    if named.next().is_some() {
        return Err(field.twice());
    }
    let value = &source.block[member.value.clone()];
    let inside = member.value.start + 1..member.value.end - 1;
    match (value.as_bytes().first(), below) {
        (Some(b'{'), [_, ..]) => in_object(source, inside, below, field),
        (_, [_, ..]) => Ok(Splice {
            at: member.value.clone(),
            text: nested(below, field.value, colon(source.block, &members)),
        }),
        (Some(b'['), []) => {
            let first = skip_blank(source.block, inside.start);
            Ok(match end_of_value(&source.block[first..inside.end]) {
                Some(length) => Splice { at: first..first + length, text: field.value.quoted() },
                None => Splice::insert(inside.start, field.value.quoted()),
            })
        }
        (Some(b'n'), []) => {
            Ok(Splice { at: member.value.clone(), text: field.value.fresh(field.value.quoted()) })
        }
        (_, []) => Ok(Splice { at: member.value.clone(), text: field.value.quoted() }),
    }
}

/// A value below further objects, e.g. `{"image": "a.png"}`.
fn nested(path: &[String], value: &FieldValue, colon: &str) -> String {
    path.iter()
        .rfold(value.fresh(value.quoted()), |inner, name| format!("{{{}{colon}{inner}}}", quoted(name)))
}

/// The colon and the blanks around it, as the last member has them.
fn colon<'a>(block: &'a str, members: &[Member]) -> &'a str {
    members.last().map_or(": ", |last| &block[last.key.end..last.value.start])
}

/// Adds the last member, spaced as the one before it.
fn add(
    source: Source<'_>,
    inner: Range<usize>,
    members: &[Member],
    path: &[String],
    value: &FieldValue,
) -> Splice {
    let block = source.block;
    let colon = colon(block, members);
    let name = path.first().map(String::as_str).unwrap_or_default();
    let member =
        format!("{}{colon}{}", quoted(name), nested(path.get(1..).unwrap_or_default(), value, colon));
    let Some(last) = members.last() else {
        // In an empty object a line break before the brace asks for a line of its own.
        let Some(end) = block[inner.clone()].rfind('\n') else { return Splice::insert(inner.start, member) };
        let indent = &block[inner.start + end + 1..inner.end];
        return Splice::insert(inner.start, format!("{}{indent}  {member}", source.line_end(inner.end)));
    };
    let before = block[..last.key.start].trim_end_matches([' ', '\t', '\r', '\n']).len();
    let gap = &block[before.max(inner.start)..last.key.start];
    let gap = match gap {
        // Hexo's first member has the delimiter line above it, or nothing.
        "" if inner.start == 0 => source.line_end(last.value.end),
        "" if colon.ends_with(' ') => " ",
        gap => gap,
    };
    Splice::insert(last.value.end, format!(",{gap}{member}"))
}
