//! The block as a tree that knows where everything stands. gray_matter gives data without places;
//! this is built from the events of saphyr-parser, or of libyaml where that one refuses the block, with
//! limits on depth and on what aliases copy.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};
use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span, Tag};

use super::super::{ParseError, Pod};
use super::places::skip_space;
use super::{libyaml, surrogates};

/// Collections inside collections; real front matter stays below ten.
const DEEPEST: usize = 64;
/// How much aliases may copy, counted in values and their bytes.
const MOST_COPIED: usize = 256 * 1024;

/// A value and its place in the block.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) kind: Kind<'a>,
    /// Byte range, properties (`&anchor`, `!tag`) included. As the parser reports it: it may reach
    /// past a closing quote, and a block collection's end is that of its last element.
    pub(super) span: Range<usize>,
    anchor: usize,
    line: usize,
}

/// What a value is.
#[derive(Debug)]
pub(super) enum Kind<'a> {
    /// A scalar; an absent one is plain and empty.
    Scalar { text: Cow<'a, str>, style: ScalarStyle, tag: Option<Cow<'a, Tag>> },
    /// A mapping; `flow` is the form with braces.
    Mapping { entries: Vec<(Node<'a>, Node<'a>)>, flow: bool },
    /// A list; `flow` is the form with brackets.
    Sequence { items: Vec<Node<'a>>, flow: bool },
    /// A reference to an anchor.
    Alias(usize),
}

/// A parsed block.
#[derive(Debug)]
pub(super) struct YamlTree<'a> {
    /// `None` when the block holds comments and blank lines only.
    pub(super) root: Option<Node<'a>>,
}

/// Parses the block, which must hold one document: as YAML 1.2, or else as libyaml does, or as that one would
/// if it joined the halves of a letter.
pub(super) fn parse(block: &str) -> Result<YamlTree<'_>, ParseError> {
    let events = Parser::new_from_str(block).map(|event| event.map_err(|error| syntax(&error)));
    let refusal = match grown(block, &Offsets::new(block), events) {
        Err(refusal @ TreeError::Syntax(_)) => refusal,
        grown => return grown.map_err(TreeError::into_error),
    };
    let by_libyaml = match grown(block, &Offsets::Bytes(block.len()), libyaml::events(block)) {
        Err(TreeError::Syntax(_)) => surrogates::joined(block)
            .map(|(text, places)| grown(block, &Offsets::Table(places), libyaml::events(&text))),
        grown => Some(grown),
    };
    match by_libyaml {
        None | Some(Err(TreeError::Syntax(_))) => Err(refusal.into_error()),
        Some(grown) => grown.map_err(TreeError::into_error),
    }
}

/// Parses the block as libyaml does, whatever the other parser says.
#[cfg(test)]
pub(super) fn by_libyaml(block: &str) -> Result<YamlTree<'static>, ParseError> {
    grown(block, &Offsets::Bytes(block.len()), libyaml::events(block)).map_err(TreeError::into_error)
}

/// Why there is no tree.
enum TreeError {
    /// The parser does not read the block.
    Syntax(ParseError),
    /// It does, and we do not.
    Ours(ParseError),
}

impl TreeError {
    fn into_error(self) -> ParseError {
        let (Self::Syntax(fault) | Self::Ours(fault)) = self;
        fault
    }
}

/// The tree that grows from a parser's events.
fn grown<'a>(
    block: &str,
    offsets: &Offsets,
    events: impl Iterator<Item = Result<(Event<'a>, Span), ParseError>>,
) -> Result<YamlTree<'a>, TreeError> {
    let mut open: Vec<OpenNode<'a>> = Vec::new();
    let mut root = None;
    let mut documents = 0;
    for event in events {
        let (event, span) = event.map_err(TreeError::Syntax)?;
        let line = span.start.line();
        let refused = |reason: &str| Err(TreeError::Ours(ParseError::new(line, reason)));
        let node = |kind, anchor| Node { kind, span: offsets.range(span), anchor, line };
        let finished = match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => continue,
            Event::DocumentStart(_) => {
                documents += 1;
                if documents > 1 {
                    return refused("a second document begins here (a line `---` or `...`)");
                }
                continue;
            }
            Event::SequenceStart(anchor, _) | Event::MappingStart(anchor, _) => {
                if open.len() >= DEEPEST {
                    return refused("values are nested too deeply");
                }
                let mapping = matches!(event, Event::MappingStart(..));
                open.push(OpenNode { mapping, children: Vec::new(), anchor, start: span, line });
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => match open.pop() {
                Some(opened) => opened.close(offsets.range(span), block, offsets),
                None => continue,
            },
            Event::Alias(anchor) => node(Kind::Alias(anchor), 0),
            Event::Scalar(text, style, anchor, tag) => node(Kind::Scalar { text, style, tag }, anchor),
        };
        match open.last_mut() {
            Some(parent) => parent.children.push(finished),
            None => root = Some(finished),
        }
    }
    Ok(YamlTree { root })
}

fn syntax(error: &ScanError) -> ParseError {
    ParseError::new(error.marker().line(), error.info())
}

/// A collection whose end has not come yet; of a mapping, keys and values alternate.
struct OpenNode<'a> {
    mapping: bool,
    children: Vec<Node<'a>>,
    anchor: usize,
    start: Span,
    line: usize,
}

impl<'a> OpenNode<'a> {
    /// `end` is where the parser sees the end, in bytes of the block.
    fn close(self, end: Range<usize>, block: &str, offsets: &Offsets) -> Node<'a> {
        // A block collection ends where nothing stands, or at what follows it; brackets and braces end at the last
        // comma, if nothing stands behind it, and may take in a comment.
        let there = block.get(end.start..).unwrap_or_default();
        let flow = !end.is_empty() && there.starts_with([']', '}', ',']);
        let start = offsets.range(self.start).start;
        let end = match flow {
            true if there.starts_with(',') => block.len().min(skip_space(block, end.start + 1) + 1),
            true => end.start + 1,
            false => self.children.last().map_or(start, |child| child.span.end),
        };
        let kind = if self.mapping {
            let mut children = self.children.into_iter();
            let mut entries = Vec::with_capacity(children.len() / 2);
            while let (Some(key), Some(value)) = (children.next(), children.next()) {
                entries.push((key, value));
            }
            Kind::Mapping { entries, flow }
        } else {
            Kind::Sequence { items: self.children, flow }
        };
        Node { kind, span: start..end.max(start), anchor: self.anchor, line: self.line }
    }
}

/// Turns a parser's indexes of characters into byte offsets.
enum Offsets {
    /// They are offsets already, as in ASCII.
    Bytes(usize),
    Table(Vec<usize>),
}

impl Offsets {
    fn new(text: &str) -> Self {
        if text.is_ascii() {
            return Self::Bytes(text.len());
        }
        let ends = std::iter::once(text.len());
        Self::Table(text.char_indices().map(|(offset, _)| offset).chain(ends).collect())
    }

    fn range(&self, span: Span) -> Range<usize> {
        let byte = |index: usize| match self {
            Self::Bytes(length) => index.min(*length),
            Self::Table(table) => table.get(index).or(table.last()).copied().unwrap_or_default(),
        };
        byte(span.start.index())..byte(span.end.index().max(span.start.index()))
    }
}

impl Node<'_> {
    /// The key's text, as gray_matter names it. `None` for a collection or an alias.
    pub(super) fn key(&self) -> Option<Cow<'_, str>> {
        let Kind::Scalar { text, style, tag } = &self.kind else { return None };
        Some(match scalar(text, *style, tag.as_deref()) {
            Pod::Boolean(flag) => Cow::Owned(flag.to_string()),
            Pod::Integer(number) => Cow::Owned(number.to_string()),
            Pod::Null => Cow::Borrowed("null"),
            _ => Cow::Borrowed(text),
        })
    }

    /// Whether the value is null, written or not.
    pub(super) fn is_null(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style, tag } if scalar(text, *style, tag.as_deref()) == Pod::Null)
    }

    /// Whether the key takes in the keys of other mappings.
    fn is_merge(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { text, style: ScalarStyle::Plain, .. } if text == "<<")
    }

    /// Whether neither an anchor nor a tag stands before the value.
    pub(super) fn is_bare(&self) -> bool {
        self.anchor == 0 && !self.is_tagged()
    }

    /// Whether a tag says what the scalar is.
    pub(super) fn is_tagged(&self) -> bool {
        matches!(&self.kind, Kind::Scalar { tag: Some(_), .. })
    }
}

impl YamlTree<'_> {
    /// The data, equal to what gray_matter reads wherever it reads the block; of a duplicate key
    /// the last value counts, as with most generators. Merge keys (`<<`) are resolved.
    pub(super) fn data(&self) -> Result<Pod, ParseError> {
        match &self.root {
            Some(root) => PodBuilder { anchors: HashMap::new(), copied: 0 }.value(root),
            None => Ok(Pod::Null),
        }
    }

    /// Keys of the outermost mapping that stood there before, each with its line.
    pub(super) fn repeated_keys(&self) -> Vec<(String, usize)> {
        let Some(Node { kind: Kind::Mapping { entries, .. }, .. }) = &self.root else { return Vec::new() };
        let mut seen = HashSet::new();
        let keys = entries.iter().filter_map(|(key, _)| Some((key.key()?, key.line)));
        let repeated = keys.filter(|(key, _)| !seen.insert(key.clone()));
        repeated.map(|(key, line)| (key.into_owned(), line)).collect()
    }
}

impl YamlTree<'_> {
    /// Every value by its JSON pointer, with its line.
    pub(super) fn lines(&self) -> Vec<(String, usize)> {
        let mut lines = Vec::new();
        let mut open: Vec<_> = self.root.iter().map(|root| (String::new(), root, root.line)).collect();
        while let Some((pointer, node, line)) = open.pop() {
            match &node.kind {
                Kind::Mapping { entries, .. } => {
                    open.extend(entries.iter().filter_map(|(key, value)| {
                        Some((format!("{pointer}/{}", key.key()?), value, key.line))
                    }))
                }
                Kind::Sequence { items, .. } => open.extend(
                    items
                        .iter()
                        .enumerate()
                        .map(|(place, item)| (format!("{pointer}/{place}"), item, item.line)),
                ),
                Kind::Scalar { .. } | Kind::Alias(_) => {}
            }
            lines.push((pointer, line));
        }
        lines
    }
}

struct PodBuilder {
    anchors: HashMap<usize, Pod>,
    copied: usize,
}

impl PodBuilder {
    fn value(&mut self, node: &Node<'_>) -> Result<Pod, ParseError> {
        let value = match &node.kind {
            Kind::Scalar { text, style, tag } => scalar(text, *style, tag.as_deref()),
            Kind::Sequence { items, .. } => {
                Pod::Array(items.iter().map(|item| self.value(item)).collect::<Result<_, _>>()?)
            }
            Kind::Mapping { entries, .. } => {
                let mut members = HashMap::with_capacity(entries.len());
                let mut merged = Vec::new();
                for (key, value) in entries {
                    let Some(name) = key.key() else {
                        return Err(ParseError::new(
                            key.line,
                            "a key is not plain text; if this is a `{{ template }}`, put it in quotes",
                        ));
                    };
                    if key.anchor > 0 {
                        self.value(key)?;
                    }
                    match (key.is_merge(), self.value(value)?) {
                        (true, Pod::Hash(others)) => merged.push(others),
                        (true, Pod::Array(items))
                            if items.iter().all(|item| matches!(item, Pod::Hash(_))) =>
                        {
                            merged.extend(items.into_iter().filter_map(|item| item.as_hashmap().ok()));
                        }
                        (_, value) => _ = members.insert(name.into_owned(), value),
                    }
                }
                // The mapping's own keys count, then those of the first mapping that has them.
                for (key, value) in merged.into_iter().flatten() {
                    members.entry(key).or_insert(value);
                }
                Pod::Hash(members)
            }
            Kind::Alias(anchor) => self.copy(*anchor, node.line)?,
        };
        self.remember(node, || value.clone())?;
        Ok(value)
    }

    fn remember(&mut self, node: &Node<'_>, value: impl FnOnce() -> Pod) -> Result<(), ParseError> {
        if node.anchor > 0 {
            let value = value();
            self.spend(&value, node.line)?;
            self.anchors.insert(node.anchor, value);
        }
        Ok(())
    }

    fn copy(&mut self, anchor: usize, line: usize) -> Result<Pod, ParseError> {
        // An alias inside its own anchor has no value yet.
        let value = self.anchors.get(&anchor).cloned().unwrap_or(Pod::Null);
        self.spend(&value, line)?;
        Ok(value)
    }

    fn spend(&mut self, value: &Pod, line: usize) -> Result<(), ParseError> {
        self.copied += weight(value);
        if self.copied > MOST_COPIED {
            return Err(ParseError::new(line, "aliases copy too much"));
        }
        Ok(())
    }
}

fn weight(value: &Pod) -> usize {
    match value {
        Pod::String(text) => 1 + text.len(),
        Pod::Array(items) => items.iter().map(weight).sum::<usize>() + 1,
        Pod::Hash(members) => members.iter().map(|(key, value)| key.len() + weight(value)).sum::<usize>() + 1,
        Pod::Null | Pod::Boolean(_) | Pod::Integer(_) | Pod::Float(_) => 1,
    }
}

/// Resolves a scalar: by its tag, else by its style. What does not fit its tag is nothing.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Pod {
    let Some(tag) = tag else {
        return if style == ScalarStyle::Plain { untagged(text) } else { Pod::String(text.to_owned()) };
    };
    match (tag.is_yaml_core_schema(), tag.suffix.as_str()) {
        (true, "bool" | "int" | "float" | "null") => match (tag.suffix.as_str(), untagged(text)) {
            ("bool", value @ Pod::Boolean(_))
            | ("int", value @ Pod::Integer(_))
            | ("float", value @ Pod::Float(_)) => value,
            ("float", Pod::Integer(number)) => Pod::Float(number as f64),
            _ => Pod::Null,
        },
        _ => Pod::String(text.to_owned()),
    }
}

/// Resolves a plain scalar without a tag.
pub(super) fn untagged(text: &str) -> Pod {
    let may_be_number = text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, '+' | '-' | '.'));
    let number = if may_be_number { number(text) } else { None };
    number.or_else(|| word(text)).unwrap_or_else(|| Pod::String(text.to_owned()))
}

/// What the plain scalars mean that are not text.
pub(super) fn word(text: &str) -> Option<Pod> {
    Some(match text {
        "" | "~" | "null" | "Null" | "NULL" => Pod::Null,
        "true" | "True" | "TRUE" => Pod::Boolean(true),
        "false" | "False" | "FALSE" => Pod::Boolean(false),
        // The engine has no infinities: it reads them as zero.
        ".inf" | ".Inf" | ".INF" | "+.inf" | "+.Inf" | "+.INF" | "-.inf" | "-.Inf" | "-.INF" | ".nan"
        | ".NaN" | ".NAN" => Pod::Float(0.0),
        _ => return None,
    })
}

fn number(text: &str) -> Option<Pod> {
    let based = if let Some(digits) = text.strip_prefix("0x") {
        i64::from_str_radix(digits, 16).ok()
    } else if let Some(digits) = text.strip_prefix("0o") {
        i64::from_str_radix(digits, 8).ok()
    } else {
        text.strip_prefix('+').and_then(|digits| digits.parse().ok())
    };
    if let Some(number) = based.or_else(|| text.parse().ok()) {
        return Some(Pod::Integer(number));
    }
    // `-inf` is a number to Rust and a text to YAML.
    let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
    if has_digit { text.parse().ok().map(Pod::Float) } else { None }
}
