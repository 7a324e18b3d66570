//! The edit: each change becomes one splice of the text, made by the block's own format, and the
//! result is read again before anybody sees it.

use super::manner::{Manner, Manners};
use super::splice::{Change, FieldEdit, FieldValue, Source};
use super::{
    BlockFormat, FIRST, FrontMatter, Pod, Problem, Reader, dotted, header, json, member, params_with, read,
    script, steps, toml, yaml,
};

/// Applies the changes to the smallest span each; every other byte stays. Fields that already hold
/// their value are left alone, so a second run changes nothing. The result is read again and must
/// differ in exactly these fields.
///
/// # Errors
/// A [`Problem`] when the text has no block, or cannot be edited safely; nothing is changed then.
pub fn edit(text: &str, reader: Reader, changes: &[Change]) -> Result<String, Problem> {
    edit_like(text, reader, changes, &Manners::new())
}

/// As [`edit`], a field that is added being written as other posts write it, as far as that is safe.
///
/// # Errors
/// As [`edit`].
pub fn edit_like(
    text: &str,
    reader: Reader,
    changes: &[Change],
    manners: &Manners,
) -> Result<String, Problem> {
    let before = read(text, reader)?.ok_or(Problem::Missing)?;
    let mut edited = text.to_owned();
    let mut block = before.block.clone();
    let mut expected = before.data.clone();
    let plain = &Manner::default();
    let is_lines = matches!(before.format, BlockFormat::Header | BlockFormat::Dotted);
    let as_lines = is_lines.then(|| header::on_one_line(changes, before.format));
    for change in as_lines.as_deref().unwrap_or(changes) {
        let Some(mut field) = field(&expected, change, reader, plain)? else { continue };
        set(&mut expected, &field);
        let spliced = |field: &FieldEdit<'_>| {
            let source = Source { block: &edited[block.clone()], head: &edited[..block.start], reader };
            let splice = match before.format {
                BlockFormat::Yaml => yaml::splice(source, field),
                BlockFormat::Toml => toml::splice(source, field),
                BlockFormat::Json => json::splice(source, field),
                BlockFormat::Script => script::splice(source, field),
                BlockFormat::Header => header::splice(source, field),
                BlockFormat::Dotted => dotted::splice(source, field),
            }?;
            let mut spliced = edited.clone();
            spliced.replace_range(block.start + splice.at.start..block.start + splice.at.end, &splice.text);
            if !holds(&spliced, reader, text, &before, &expected) {
                return Err(field.unsafe_here());
            }
            Ok((spliced, block.end + splice.text.len() - splice.at.len()))
        };
        let alike = || manners.iter().find(|(field, _)| field.eq_ignore_ascii_case(&change.field));
        let manner =
            manners.get(&change.field).or_else(|| alike().filter(|_| is_lines).map(|(_, manner)| manner));
        let alike = manner.and_then(|manner| {
            field.manner = manner;
            spliced(&field).ok()
        });
        field.manner = plain;
        let (spliced, end) = alike.map_or_else(|| spliced(&field), Ok)?;
        (edited, block.end) = (spliced, end);
    }
    Ok(edited)
}

/// How this text of a post writes a field; `None` where it has none.
#[must_use]
pub fn manner(text: &str, reader: Reader, field: &str) -> Option<Manner> {
    let front = read(text, reader).ok().flatten()?;
    let block = &text[front.block];
    let path: Vec<&str> = steps(field).collect();
    match front.format {
        BlockFormat::Yaml => yaml::manner(block, reader, &path),
        BlockFormat::Toml => toml::manner(block, &path),
        BlockFormat::Json => json::manner(block, reader, &path),
        BlockFormat::Header => header::manner(block, &path),
        BlockFormat::Dotted => dotted::manner(block, &path),
        BlockFormat::Script => None,
    }
}

/// Resolves a change: `None` when the field holds the value already.
fn field<'a>(
    data: &Pod,
    change: &'a Change,
    reader: Reader,
    manner: &'a Manner,
) -> Result<Option<FieldEdit<'a>>, Problem> {
    let mut field = FieldEdit { path: Vec::new(), value: &change.value, name: &change.field, manner };
    let mut there = Some(data);
    let params = params_with(data, &change.field, reader).map(|(key, _)| key);
    for name in params.into_iter().chain(steps(&change.field)) {
        match there {
            None | Some(Pod::Null) => there = None,
            // An empty text holds nothing either, and a mapping may take its place.
            Some(Pod::String(text)) if text.trim().is_empty() => there = None,
            Some(Pod::Hash(_)) if name == FIRST => return Err(field.wrong_type("a mapping")),
            Some(Pod::Hash(members)) => {
                let alike = members.keys().filter(|key| key.eq_ignore_ascii_case(name)).count();
                if reader.ignores_case() && alike > 1 {
                    return Err(field.twice());
                }
            }
            Some(Pod::Array(_)) if name == FIRST => {}
            Some(Pod::Array(_)) => return Err(field.wrong_type("a list")),
            Some(_) => return Err(field.wrong_type("a single value")),
        }
        let member = there.and_then(|there| member(there, name, reader));
        field.path.push(member.map_or(name, |(key, _)| key).to_owned());
        there = member.map(|(_, value)| value);
    }
    let new = change.value.pod();
    match (there, &change.value) {
        (Some(Pod::Hash(_)), _) => Err(field.wrong_type("a mapping")),
        (Some(Pod::Array(_)), FieldValue::Bool(_)) => Err(field.wrong_type("a list")),
        (Some(Pod::Array(items)), _) => match items.first() {
            Some(Pod::Hash(_) | Pod::Array(_)) => Err(field.wrong_type("a list of collections")),
            first => Ok((first != Some(&new)).then_some(field)),
        },
        (Some(Pod::Boolean(_)), FieldValue::Path(_) | FieldValue::Text(_) | FieldValue::Item(_)) => {
            Err(field.wrong_type("a boolean"))
        }
        (
            Some(Pod::Integer(_) | Pod::Float(_)),
            FieldValue::Path(_) | FieldValue::Text(_) | FieldValue::Item(_),
        ) => Err(field.wrong_type("a number")),
        (there, _) => Ok((there != Some(&new)).then_some(field)),
    }
}

/// Sets the field in the data, as the splice should have set it in the text.
fn set(data: &mut Pod, field: &FieldEdit<'_>) {
    let mut there = data;
    for name in &field.path {
        if name == FIRST {
            if !matches!(there, Pod::Array(_)) {
                *there = Pod::Array(Vec::new());
            }
            let Pod::Array(items) = there else { return };
            if items.is_empty() {
                items.push(Pod::Null);
            }
            let Some(first) = items.first_mut() else { return };
            there = first;
            continue;
        }
        if !matches!(there, Pod::Hash(_)) {
            *there = Pod::new_hash();
        }
        let Pod::Hash(members) = there else { return };
        there = members.entry(name.clone()).or_insert(Pod::Null);
    }
    let new = field.value.pod();
    match there {
        Pod::Array(items) => match items.first_mut() {
            Some(first) => *first = new,
            None => items.push(new),
        },
        Pod::Null if matches!(field.value, FieldValue::Item(_)) => *there = Pod::Array(vec![new]),
        _ => *there = new,
    }
}

/// Whether the edited text reads as expected and is otherwise the old one.
fn holds(edited: &str, reader: Reader, old: &str, before: &FrontMatter, expected: &Pod) -> bool {
    let Ok(Some(after)) = read(edited, reader) else { return false };
    after.block.start == before.block.start
        && edited[after.block.end..] == old[before.block.end..]
        && same(expected, &after.data)
}

/// Equality of data, in which a TOML `nan` equals itself.
fn same(one: &Pod, other: &Pod) -> bool {
    match (one, other) {
        (Pod::Float(one), Pod::Float(other)) => one.to_bits() == other.to_bits(),
        (Pod::Array(one), Pod::Array(other)) => {
            one.len() == other.len() && one.iter().zip(other).all(|(one, other)| same(one, other))
        }
        (Pod::Hash(one), Pod::Hash(other)) => {
            one.len() == other.len()
                && one.iter().all(|(key, value)| other.get(key).is_some_and(|other| same(value, other)))
        }
        _ => one == other,
    }
}
