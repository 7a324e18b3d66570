//! What an edit is made of: the change that is asked for, the field as the block spells it, and the
//! splice that each format answers with.

use std::ops::Range;

use super::manner::{Manner, Neighbours};
use super::{Pod, Problem, Reader};

/// One field to set.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Dotted path, e.g. `cover.image`. Missing mappings on the way are created.
    pub field: String,
    /// The value to write.
    pub value: FieldValue,
}

/// A value that a [`Change`] writes. A text goes into an existing list as its first element, and a
/// field that is a text stays one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FieldValue {
    /// A path or address, written without quotes where the format allows it.
    Path(String),
    /// A text such as alt text or a prompt, always written in quotes.
    Text(String),
    /// A path or address that becomes a list of one where the field is absent or null.
    Item(String),
    /// A native boolean.
    Bool(bool),
}

impl FieldValue {
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

    /// What is written where nothing stands yet: an item becomes a list of one.
    pub(super) fn fresh(&self, written: String) -> String {
        if matches!(self, Self::Item(_)) { format!("[{written}]") } else { written }
    }

    /// The value as it reads afterwards.
    pub(super) fn pod(&self) -> Pod {
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
pub(super) struct FieldEdit<'a> {
    /// The names from the root to the field; never empty.
    pub(super) path: Vec<String>,
    pub(super) value: &'a FieldValue,
    /// As asked for, for messages.
    pub(super) name: &'a str,
    /// How other posts write it, where that is known.
    pub(super) manner: &'a Manner,
}

impl FieldEdit<'_> {
    /// Where others have the name that stands so deep in the path.
    pub(super) fn place(&self, depth: usize) -> Option<&Neighbours> {
        self.manner.places.get(depth)
    }

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
    pub(super) head: &'a str,
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
