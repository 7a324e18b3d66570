//! TOML blocks: read by gray_matter's engine, edited by the spans that toml_edit reports.

use gray_matter::engine::{Engine, TOML};
use toml_edit::{Document, InlineTable, Item, Table, TableLike, Value as Written};

use super::splice::{FieldEdit, Source, Splice, quoted};
use super::{ParseError, Pod, Problem};

/// Reads the block. Dates come as text.
pub(super) fn read(block: &str) -> Result<Pod, ParseError> {
    TOML::parse(block).map_err(|error| match Document::parse(block) {
        Err(fault) => {
            let at = fault.span().map_or(0, |span| span.start.min(block.len()));
            let line = block.as_bytes()[..at].iter().filter(|&&byte| byte == b'\n').count() + 1;
            ParseError::new(line, fault.message())
        }
        Ok(_) => ParseError::new(1, &error.to_string()),
    })
}

/// What holds the pairs among which a new one would stand.
#[derive(Clone, Copy)]
enum Section<'a> {
    /// The pairs below a header, or above the first one.
    Lines(&'a Table),
    /// The pairs of an inline table.
    Inline(&'a InlineTable),
    /// A table that exists only through the headers of its children.
    Implied,
}

/// Where a field that is not there yet would stand.
struct InsertionPoint<'a> {
    root: &'a Table,
    section: Section<'a>,
    /// How many names of the path lead to the section.
    depth: usize,
    /// The last table on the way is spelled with dots (`extra.toc = true`).
    dotted: bool,
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let document = Document::parse(source.block).map_err(|_| field.unsafe_here())?;
    let root = document.as_table();
    let mut gap = InsertionPoint { root, section: Section::Lines(root), depth: 0, dotted: false };
    let mut table: &dyn TableLike = root;
    for (at, name) in field.path.iter().enumerate() {
        let last = at + 1 == field.path.len();
        match table.get(name) {
            None | Some(Item::None) => break,
            Some(Item::Value(Written::InlineTable(inline))) if !last => {
                gap.dotted = inline.is_dotted();
                if !gap.dotted {
                    (gap.section, gap.depth) = (Section::Inline(inline), at + 1);
                }
                table = inline;
            }
            Some(Item::Table(lines)) if !last => {
                gap.dotted = lines.is_dotted();
                if !gap.dotted {
                    let implied = lines.is_implicit();
                    gap.section = if implied { Section::Implied } else { Section::Lines(lines) };
                    gap.depth = at + 1;
                }
                table = lines;
            }
            Some(Item::Value(value)) if last => return replace(source, value, field),
            Some(Item::ArrayOfTables(_)) => return Err(field.wrong_type("a list of tables")),
            Some(Item::Table(_)) => return Err(field.wrong_type("a table")),
            Some(Item::Value(_)) => return Err(field.wrong_type("a single value")),
        }
    }
    add(source, field, &gap).ok_or_else(|| field.unsafe_here())
}

fn replace(source: Source<'_>, value: &Written, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let here = value.span().ok_or_else(|| field.unsafe_here())?;
    let first = match value {
        Written::Array(items) => items.get(0),
        _ => Some(value),
    };
    let Some(first) = first else { return Ok(Splice::insert(here.start + 1, field.value.quoted())) };
    let at = first.span().ok_or_else(|| field.unsafe_here())?;
    let old = &source.block[at.clone()];
    let literal = old.starts_with('\'') && !old.starts_with("'''");
    let kept = literal.then(|| field.value.single_quoted()).flatten();
    Ok(Splice { at, text: kept.unwrap_or_else(|| field.value.quoted()) })
}

fn add(source: Source<'_>, field: &FieldEdit<'_>, gap: &InsertionPoint<'_>) -> Option<Splice> {
    let block = source.block;
    let value = field.value.fresh(field.value.quoted());
    let pair = |names: &[String]| format!("{} = {value}", keys(names));
    let below = field.path.get(gap.depth..)?;
    match gap.section {
        Section::Inline(inline) => Some(match last_pair(inline) {
            Some(end) => Splice::insert(end, format!(", {}", pair(below))),
            None => {
                let span = inline.span()?;
                let closing = if span.len() == "{}".len() { " " } else { "" };
                Splice::insert(span.start + 1, format!(" {}{closing}", pair(below)))
            }
        }),
        Section::Lines(lines) if gap.dotted || below.len() == 1 => {
            let at = match (last_pair(lines), lines.span()) {
                (Some(end), _) => source.line_below(end),
                (None, Some(header)) if gap.depth > 0 => source.line_below(header.end),
                // Above the first header, or below all comments where there is none.
                _ if gap.root.is_empty() => block.len(),
                _ => 0,
            };
            Some(line(source, at, &pair(below)))
        }
        Section::Lines(_) | Section::Implied => {
            let (name, table) = field.path.split_last()?;
            let header = format!("[{}]{}", keys(table), source.line_end(block.len()));
            Some(line(source, block.len(), &format!("{header}{}", pair(std::slice::from_ref(name)))))
        }
    }
}

fn line(source: Source<'_>, at: usize, content: &str) -> Splice {
    let end = source.line_end(at);
    Splice::insert(at, format!("{content}{end}"))
}

/// Where the last pair that stands in this section ends; tables with a header of their own stand
/// elsewhere.
fn last_pair(table: &dyn TableLike) -> Option<usize> {
    let ends = table.iter().filter_map(|(_, item)| match item {
        Item::Value(Written::InlineTable(inline)) if inline.is_dotted() => last_pair(inline),
        Item::Value(value) => value.span().map(|span| span.end),
        Item::Table(inner) if inner.is_dotted() => last_pair(inner),
        _ => None,
    });
    ends.max()
}

fn keys(names: &[String]) -> String {
    let bare = |name: &str| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-'))
    };
    let keys: Vec<_> =
        names.iter().map(|name| if bare(name) { name.clone() } else { quoted(name) }).collect();
    keys.join(".")
}
