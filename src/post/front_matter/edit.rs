//! The edit: each change becomes one splice of the text, made by the block's own format, and the
//! result is read again before anybody sees it.

use std::ops::Range;

use super::{Format, FrontMatter, Pod, Problem, Reader, json, member, read, toml, yaml};

/// One field to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Dotted path, e.g. `cover.image`. Missing mappings on the way are created.
    pub field: String,
    /// The value to write.
    pub value: Value,
}

/// A value that a [`Change`] writes. A text goes into an existing list as its first element, and a
/// field that is a text stays one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// A path or address, written without quotes where the format allows it.
    Path(String),
    /// A text such as alt text or a prompt, always written in quotes.
    Text(String),
    /// A path or address that becomes a list of one where the field is absent or null.
    Item(String),
    /// A native boolean.
    Bool(bool),
}

impl Value {
    /// The text in double quotes as all three formats understand it: a JSON string, in which
    /// what YAML or TOML do not want raw is escaped too; a native boolean as it is.
    pub(super) fn quoted(&self) -> String {
        match self {
            Self::Path(text) | Self::Text(text) | Self::Item(text) => quoted(text),
            Self::Bool(flag) => flag.to_string(),
        }
    }

    /// The text between single quotes, if it is the same there and needs no escape in YAML or TOML.
    pub(super) fn single_quoted(&self) -> Option<String> {
        match self {
            Self::Path(text) | Self::Text(text) | Self::Item(text)
                if !text.contains(|c| c == '\'' || needs_escape(c)) =>
            {
                Some(format!("'{text}'"))
            }
            _ => None,
        }
    }

    fn pod(&self) -> Pod {
        match self {
            Self::Path(text) | Self::Text(text) | Self::Item(text) => Pod::String(text.clone()),
            Self::Bool(flag) => Pod::Boolean(*flag),
        }
    }
}

/// A JSON string that is a double-quoted scalar of YAML and a basic string of TOML as well.
pub(super) fn quoted(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            c if needs_escape(c) => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Control characters, the line ends only some readers know, and what YAML calls not printable.
/// All of them fit four digits.
fn needs_escape(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}')
}

/// A field to set whose path is spelled as the block spells it.
pub(super) struct Field<'a> {
    /// The names from the root to the field; never empty.
    pub(super) path: Vec<String>,
    pub(super) value: &'a Value,
    /// As asked for, for messages.
    name: &'a str,
}

impl Field<'_> {
    pub(super) fn wrong_type(&self, found: &'static str) -> Problem {
        Problem::WrongType { field: self.name.to_owned(), found }
    }

    pub(super) fn twice(&self) -> Problem {
        Problem::Twice { field: self.name.to_owned() }
    }

    pub(super) fn unsafe_here(&self) -> Problem {
        Problem::Unsafe { field: self.name.to_owned() }
    }
}

/// A replacement of one span of a block.
#[derive(Debug)]
pub(super) struct Splice {
    /// Byte range in the block; empty for an insertion.
    pub(super) at: Range<usize>,
    pub(super) text: String,
}

impl Splice {
    pub(super) fn insert(at: usize, text: String) -> Self {
        Self { at: at..at, text }
    }
}

/// The block as the formats edit it.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    pub(super) block: &'a str,
    pub(super) reader: Reader,
    /// The file up to the block.
    head: &'a str,
}

impl Source<'_> {
    /// The line end of the line above a place in the block.
    pub(super) fn line_end(&self, at: usize) -> &'static str {
        let above = if at == 0 { self.head } else { &self.block[..at] };
        let last = above.rfind('\n').map_or(above, |end| &above[..end]);
        if above.contains('\n') && last.ends_with('\r') { "\r\n" } else { "\n" }
    }

    /// Start of the line below a place in the block.
    pub(super) fn line_below(&self, at: usize) -> usize {
        self.block[at..].find('\n').map_or(self.block.len(), |end| at + end + 1)
    }
}

/// Applies the changes to the smallest span each; every other byte stays. Fields that already hold
/// their value are left alone, so a second run changes nothing. The result is read again and must
/// differ in exactly these fields.
///
/// # Errors
/// A [`Problem`] when the text has no block, or cannot be edited safely; nothing is changed then.
pub fn edit(text: &str, reader: Reader, changes: &[Change]) -> Result<String, Problem> {
    let before = read(text, reader)?.ok_or(Problem::Missing)?;
    let mut edited = text.to_owned();
    let mut block = before.block.clone();
    let mut expected = before.data.clone();
    for change in changes {
        let Some(field) = field(&expected, change, reader)? else { continue };
        let source = Source { block: &edited[block.clone()], head: &edited[..block.start], reader };
        let splice = match before.format {
            Format::Yaml => yaml::splice(source, &field),
            Format::Toml => toml::splice(source, &field),
            Format::Json => json::splice(source, &field),
        }?;
        set(&mut expected, &field);
        edited.replace_range(block.start + splice.at.start..block.start + splice.at.end, &splice.text);
        block.end = block.end + splice.text.len() - splice.at.len();
        if !holds(&edited, reader, text, &before, &expected) {
            return Err(field.unsafe_here());
        }
    }
    Ok(edited)
}

/// Resolves a change: `None` when the field holds the value already.
fn field<'a>(data: &Pod, change: &'a Change, reader: Reader) -> Result<Option<Field<'a>>, Problem> {
    let mut field = Field { path: Vec::new(), value: &change.value, name: &change.field };
    let mut there = Some(data);
    for name in change.field.split('.') {
        match there {
            None | Some(Pod::Null) => there = None,
            Some(Pod::Hash(members)) => {
                let alike = members.keys().filter(|key| key.eq_ignore_ascii_case(name)).count();
                if reader.ignores_case() && alike > 1 {
                    return Err(field.twice());
                }
            }
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
        (Some(Pod::Array(_)), Value::Bool(_)) => Err(field.wrong_type("a list")),
        (Some(Pod::Array(items)), _) => match items.first() {
            Some(Pod::Hash(_) | Pod::Array(_)) => Err(field.wrong_type("a list of collections")),
            first => Ok((first != Some(&new)).then_some(field)),
        },
        (Some(Pod::Boolean(_)), Value::Path(_) | Value::Text(_) | Value::Item(_)) => {
            Err(field.wrong_type("a boolean"))
        }
        (Some(Pod::Integer(_) | Pod::Float(_)), Value::Path(_) | Value::Text(_) | Value::Item(_)) => {
            Err(field.wrong_type("a number"))
        }
        (there, _) => Ok((there != Some(&new)).then_some(field)),
    }
}

/// Sets the field in the data, as the splice should have set it in the text.
fn set(data: &mut Pod, field: &Field<'_>) {
    let mut there = data;
    for name in &field.path {
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
        Pod::Null if matches!(field.value, Value::Item(_)) => *there = Pod::Array(vec![new]),
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
