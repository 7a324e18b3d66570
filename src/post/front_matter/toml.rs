//! TOML blocks: read by gray_matter's engine, edited by the spans that toml_edit reports.

use std::ops::Range;

use gray_matter::engine::{Engine, TOML};
use toml_edit::{Document, InlineTable, Item, Table, TableLike, Value as Written};

use super::manner::{Beside, Manner, Neighbours, Quotes};
use super::splice::{FieldEdit, Source, Splice, quoted};
use super::{FIRST, ParseError, Pod, Problem};

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

/// How the block writes the field at this path.
pub(super) fn manner(block: &str, path: &[&str]) -> Option<Manner> {
    let document = Document::parse(block).ok()?;
    let mut table: &dyn TableLike = document.as_table();
    let mut manner = Manner::default();
    let (last, above) = path.split_last()?;
    let mut above = above.iter().peekable();
    while let Some(name) = above.next() {
        // A table has its place by its header.
        manner.places.push(place(table, name).unwrap_or_default());
        let item = table.get(name)?;
        if above.next_if(|step| **step == FIRST).is_none() {
            table = item.as_table_like()?;
            continue;
        }
        manner.places.push(Neighbours::default());
        table = match item {
            Item::ArrayOfTables(tables) => {
                manner.dash = Some(0);
                tables.get(0)?
            }
            item => item.as_array()?.get(0)?.as_inline_table()?,
        };
    }
    manner.places.push(place(table, last)?);
    let value = match table.get(last)?.as_value()? {
        Written::Array(items) => items.get(0)?,
        value => value,
    };
    let literal = block.get(value.span()?)?.starts_with('\'');
    manner.quotes = Some(if literal { Quotes::Single } else { Quotes::Double });
    Some(manner)
}

/// Between which pairs the one of this name stands.
fn place(table: &dyn TableLike, name: &str) -> Option<Neighbours> {
    let mut pairs: Vec<(usize, &str)> =
        table.iter().filter_map(|(key, item)| Some((item.as_value()?.span()?.start, key))).collect();
    pairs.sort_unstable();
    let at = pairs.iter().position(|(_, key)| *key == name)?;
    let key_of = |at: usize| pairs.get(at).map(|(_, key)| (*key).to_owned());
    Some(Neighbours::around(at, key_of))
}

/// Where others have the pair: behind the end of one, or else at the start of the line of one.
fn beside(block: &str, table: &dyn TableLike, place: &Neighbours) -> Option<Beside<usize>> {
    Some(match place.beside(|name| table.get_key_value(name))? {
        Beside::Below((_, item)) => Beside::Below(item.as_value()?.span()?.end),
        Beside::Above((key, item)) => {
            let start = item.as_value().and(key.span())?.start;
            Beside::Above(block[..start].rfind('\n').map_or(0, |end| end + 1))
        }
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
    let mut rest = field.path.as_slice();
    while let Some((name, below)) = rest.split_first() {
        let listed = below.strip_prefix(&[FIRST.to_owned()]);
        rest = listed.unwrap_or(below);
        let depth = field.path.len() - rest.len();
        match (table.get(name), listed) {
            (None | Some(Item::None), _) => break,
            (Some(Item::ArrayOfTables(tables)), Some(_)) => {
                let first = tables.get(0).ok_or_else(|| field.unsafe_here())?;
                (gap.section, gap.depth, gap.dotted) = (Section::Lines(first), depth, false);
                table = first;
            }
            (Some(Item::Value(Written::Array(items))), Some(_)) => match items.get(0) {
                Some(Written::InlineTable(inline)) => {
                    (gap.section, gap.depth, gap.dotted) = (Section::Inline(inline), depth, false);
                    table = inline;
                }
                Some(first) => return in_place_of(first.span(), rest, field),
                None => {
                    return in_place_of(items.span().map(|list| list.start + 1..list.end - 1), rest, field);
                }
            },
            (Some(Item::Value(Written::InlineTable(inline))), None) if !rest.is_empty() => {
                gap.dotted = inline.is_dotted();
                if !gap.dotted {
                    (gap.section, gap.depth) = (Section::Inline(inline), depth);
                }
                table = inline;
            }
            (Some(Item::Table(lines)), None) if !rest.is_empty() => {
                gap.dotted = lines.is_dotted();
                if !gap.dotted {
                    let implied = lines.is_implicit();
                    gap.section = if implied { Section::Implied } else { Section::Lines(lines) };
                    gap.depth = depth;
                }
                table = lines;
            }
            (Some(Item::Value(value)), None) if rest.is_empty() => return replace(source, value, field),
            (Some(Item::ArrayOfTables(_)), None) => return Err(field.wrong_type("a list of tables")),
            (Some(Item::Table(_)), _) => return Err(field.wrong_type("a table")),
            // Whatever holds something was refused before.
            (Some(Item::Value(value)), _) => return in_place_of(value.span(), below, field),
        }
    }
    add(source, field, &gap).ok_or_else(|| field.unsafe_here())
}

/// Puts the rest of the path where nothing of worth stands.
fn in_place_of(at: Option<Range<usize>>, below: &[String], field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let text = within(below, &field.value.fresh(field.value.quoted()));
    Ok(Splice { at: at.ok_or_else(|| field.unsafe_here())?, text })
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
    let single = (field.manner.quotes == Some(Quotes::Single)).then(|| field.value.single_quoted()).flatten();
    let value = field.value.fresh(single.unwrap_or_else(|| field.value.quoted()));
    let pair = |names: &[String]| pair(names, &value);
    let below = field.path.get(gap.depth..)?;
    let width = width(below);
    let above = |inline| match beside(block, inline, field.place(gap.depth)?)? {
        Beside::Below(end) => Some(end),
        Beside::Above(_) => None,
    };
    let has_header = width < below.len() && field.manner.dash.is_some();
    match gap.section {
        Section::Inline(inline) => Some(match above(inline).or_else(|| last_pair(inline)) {
            Some(end) => Splice::insert(end, format!(", {}", pair(below))),
            None => {
                let span = inline.span()?;
                let closing = if span.len() == "{}".len() { " " } else { "" };
                Splice::insert(span.start + 1, format!(" {}{closing}", pair(below)))
            }
        }),
        Section::Lines(lines) if (gap.dotted || width == 1) && !has_header => {
            let place = field.place(gap.depth).filter(|_| width == 1);
            let beside = place.and_then(|place| beside(block, lines, place));
            match beside {
                Some(Beside::Below(end)) => {
                    return Some(line(source, source.line_below(end), &pair(below)));
                }
                Some(Beside::Above(start)) => return Some(line(source, start, &pair(below))),
                None => {}
            }
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
            let end = source.line_end(block.len());
            let (header, below) = if has_header {
                let (table, below) = field.path.split_at(gap.depth + width);
                (format!("[[{}]]", keys(table)), below.get(1..)?)
            } else {
                let (table, below) = field.path.split_at(gap.depth + width - 1);
                (format!("[{}]", keys(table)), below)
            };
            Some(line(source, block.len(), &format!("{header}{end}{}", pair(below))))
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

/// How many names lead to the first list on the path, or to its end.
fn width(path: &[String]) -> usize {
    path.iter().position(|step| step == FIRST).unwrap_or(path.len())
}

/// `name = value`, lists and what they hold in one line.
fn pair(path: &[String], value: &str) -> String {
    let (names, below) = path.split_at(width(path));
    format!("{} = {}", keys(names), within(below, value))
}

/// What a key of this rest of the path holds, in one line.
fn within(path: &[String], value: &str) -> String {
    match path {
        [] => value.to_owned(),
        [first, below @ ..] if first == FIRST => format!("[{}]", within(below, value)),
        path => format!("{{ {} }}", pair(path, value)),
    }
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
