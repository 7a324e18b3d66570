//! JSON blocks: read by gray_matter's engine, edited by the spans of one object's members.

use std::ops::Range;

use gray_matter::engine::{Engine, JSON};
use serde::de::IgnoredAny;

use super::manner::{Beside, Manner, Neighbours};
use super::splice::{FieldEdit, FieldValue, Source, Splice, quoted};
use super::{FIRST, ParseError, Pod, Problem, Reader};

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

/// How the block writes the field at this path.
pub(super) fn manner(block: &str, reader: Reader, path: &[&str]) -> Option<Manner> {
    let mut manner = Manner::default();
    let mut object = outermost(block, reader)?;
    let mut line = "";
    for (depth, name) in path.iter().enumerate() {
        if *name == FIRST {
            manner.places.push(Neighbours::default());
            let at = skip_blank(block, object.start);
            let end = at + end_of_value(&block[at..object.end])?;
            let inside = at + 1..block[at..end].starts_with('{').then_some(end - 1)?;
            line = indent(block, at).unwrap_or(line);
            manner.step = indent(block, skip_blank(block, inside.start))
                .and_then(|own| own.len().checked_sub(line.len()));
            object = inside;
            continue;
        }
        let members = members(block, object.clone())?;
        let at = members.iter().position(|member| member.name == *name)?;
        let name_of = |at: usize| members.get(at).map(|member| member.name.clone());
        manner.places.push(Neighbours::around(at, name_of));
        let Member { key, value, .. } = &members[at];
        let inside = value.start + 1..value.end.saturating_sub(1).max(value.start + 1);
        // How far what stands within on a line of its own is indented below the key.
        line = indent(block, key.start).unwrap_or_default();
        let step = || {
            let first = skip_blank(block, inside.start);
            let own = indent(block, first)?;
            own.len().checked_sub(line.len())
        };
        match (block.as_bytes().get(value.start)?, path.get(depth + 1)) {
            (b'[', Some(&FIRST) | None) => manner.dash = step(),
            (b'{', Some(_)) => manner.step = step(),
            (_, None) => {}
            (_, Some(_)) => return None,
        }
        object = inside;
    }
    Some(manner)
}

/// What stands before this place on its line, where that is nothing but blanks.
fn indent(block: &str, at: usize) -> Option<&str> {
    let begin = block[..at].rfind('\n')? + 1;
    let indent = &block[begin..at];
    indent.trim().is_empty().then_some(indent)
}

/// The inside of the outermost object.
fn outermost(block: &str, reader: Reader) -> Option<Range<usize>> {
    if reader == Reader::Hexo {
        return Some(0..block.len());
    }
    Some(block.find('{')? + 1..block.rfind('}')?)
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let inner = outermost(source.block, source.reader).ok_or_else(|| field.unsafe_here())?;
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
    let Some(member) = named.next() else { return Ok(add(source, inner, &members, path, field)) };
    if named.next().is_some() {
        return Err(field.twice());
    }
    let value = &source.block[member.value.clone()];
    let inside = member.value.start + 1..member.value.end - 1;
    match (value.as_bytes().first(), below) {
        (Some(b'{'), [_, ..]) => in_object(source, inside, below, field),
        (Some(b'['), [_, below @ ..]) => {
            let first = skip_blank(source.block, inside.start);
            let item = end_of_value(&source.block[first..inside.end]).map(|length| first..first + length);
            let text = || nested(below, field, colon(source.block, &members), None);
            match item {
                Some(item) if source.block[item.clone()].starts_with('{') => {
                    in_object(source, item.start + 1..item.end - 1, below, field)
                }
                Some(at) => Ok(Splice { at, text: text() }),
                None => Ok(Splice::insert(inside.start, text())),
            }
        }
        (_, [_, ..]) => Ok(Splice {
            at: member.value.clone(),
            text: nested(below, field, colon(source.block, &members), None),
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

/// A value below further objects, e.g. `{"image": "a.png"}`; on lines of their own where others have them so and the
/// key stands on one, behind this line end and indent.
fn nested(path: &[String], field: &FieldEdit<'_>, colon: &str, line: Option<&str>) -> String {
    let Some((name, below)) = path.split_first() else {
        let value = field.value.quoted();
        return match (field.value, line.zip(field.manner.dash)) {
            (FieldValue::Item(_), Some((line, dash))) => format!("[{line}{}{value}{line}]", " ".repeat(dash)),
            _ => field.value.fresh(value),
        };
    };
    if name == FIRST {
        return match line.zip(field.manner.dash) {
            Some((line, dash)) => {
                let within = format!("{line}{}", " ".repeat(dash));
                format!("[{within}{}{line}]", nested(below, field, colon, Some(&within)))
            }
            None => format!("[{}]", nested(below, field, colon, line)),
        };
    }
    match line.zip(field.manner.step) {
        Some((line, step)) => {
            let within = format!("{line}{}", " ".repeat(step));
            let inner = nested(below, field, colon, Some(&within));
            format!("{{{within}{}{colon}{inner}{line}}}", quoted(name))
        }
        None => format!("{{{}{colon}{}}}", quoted(name), nested(below, field, colon, None)),
    }
}

/// The colon and the blanks around it, as the last member has them.
fn colon<'a>(block: &'a str, members: &[Member]) -> &'a str {
    members.last().map_or(": ", |last| &block[last.key.end..last.value.start])
}

/// Adds a member, spaced as the others: where others have it, else as the last one.
fn add(
    source: Source<'_>,
    inner: Range<usize>,
    members: &[Member],
    path: &[String],
    field: &FieldEdit<'_>,
) -> Splice {
    let block = source.block;
    let colon = colon(block, members);
    let name = path.first().map(String::as_str).unwrap_or_default();
    let member = |line: Option<&str>| {
        format!("{}{colon}{}", quoted(name), nested(path.get(1..).unwrap_or_default(), field, colon, line))
    };
    let Some(last) = members.last() else {
        // In an empty object a line break before the brace asks for a line of its own.
        let Some(end) = block[inner.clone()].rfind('\n') else {
            return Splice::insert(inner.start, member(None));
        };
        let line = format!("{}{}  ", source.line_end(inner.end), &block[inner.start + end + 1..inner.end]);
        return Splice::insert(inner.start, format!("{line}{}", member(Some(&line))));
    };
    let before = block[..last.key.start].trim_end_matches([' ', '\t', '\r', '\n']).len();
    let gap = &block[before.max(inner.start)..last.key.start];
    let gap = match gap {
        // Hexo's first member has the delimiter line above it, or nothing.
        "" if inner.start == 0 => source.line_end(last.value.end),
        "" if colon.ends_with(' ') => " ",
        gap => gap,
    };
    let line = Some(gap).filter(|gap| gap.trim_start_matches('\r').starts_with('\n'));
    let place = field.place(field.path.len() - path.len());
    let named = |name: &str| members.iter().find(|member| member.name == name);
    let below = |above: &Member| Splice::insert(above.value.end, format!(",{gap}{}", member(line)));
    match place.and_then(|place| place.beside(named)) {
        Some(Beside::Above(next)) => Splice::insert(next.key.start, format!("{},{gap}", member(line))),
        Some(Beside::Below(above)) => below(above),
        None => below(last),
    }
}
