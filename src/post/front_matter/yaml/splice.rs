//! The smallest span of a YAML block that sets one field, found in the tree.

use std::borrow::Cow;
use std::ops::Range;

use saphyr_parser::ScalarStyle;

use super::super::manner::{Beside, Neighbours, Quotes};
use super::super::splice::{FieldEdit, FieldValue, Source, Splice};
use super::super::{FIRST, Problem};
use super::places::{column, end_of_quoted, indent, skip_properties, skip_space};
use super::tree::{self, Kind, Node};
use super::with_blanks;
use super::words::{is_plain, is_plain_text, key};

/// The splice that sets one field.
pub(in super::super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    // Both were done before, when the block was read.
    let block = with_blanks(source.block, source.reader).map_err(|_| field.unsafe_here())?;
    let tree = tree::parse(&block).map_err(|_| field.unsafe_here())?;
    let editor = Editor { source, field, step: tree.root.as_ref().and_then(|root| step(source.block, root)) };
    match &tree.root {
        None => Ok(editor.lines(editor.end_of_document(0), "", &field.path)),
        Some(root) => editor.set(root, &field.path, true),
    }
}

struct Editor<'a> {
    source: Source<'a>,
    field: &'a FieldEdit<'a>,
    /// One level of indent, if the block has one.
    step: Option<&'a str>,
}

pub(super) type MappingEntry<'a> = (Node<'a>, Node<'a>);

impl Editor<'_> {
    /// Sets the field in a mapping.
    fn set(&self, mapping: &Node<'_>, path: &[String], root: bool) -> Result<Splice, Problem> {
        let unsafe_here = || self.field.unsafe_here();
        let Kind::Mapping { entries, flow } = &mapping.kind else { return Err(unsafe_here()) };
        let (name, below) = path.split_first().ok_or_else(unsafe_here)?;
        let mut named = entries.iter().filter(|(key, _)| key.key().as_deref() == Some(name));
        let Some((key, value)) = named.next() else {
            return self.add(mapping, entries, *flow, path, root).ok_or_else(unsafe_here);
        };
        if named.next().is_some() {
            return Err(self.field.twice());
        }
        let splice = match &value.kind {
            Kind::Mapping { .. } => return self.set(value, below, false),
            Kind::Sequence { items, .. } if !below.is_empty() => match items.first() {
                Some(item @ Node { kind: Kind::Mapping { .. }, .. }) => {
                    return self.set(item, below.get(1..).unwrap_or_default(), false);
                }
                Some(item) => self.nest_at(item, self.first_slot(key, value, item), &below[1..]),
                None => Some(Splice::insert(value.span.end - 1, self.within(&below[1..]))),
            },
            _ if !below.is_empty() => self.nest(key, value, *flow, below),
            Kind::Sequence { items, flow } => match items.first() {
                Some(item) => self.replace(item, self.first_slot(key, value, item), &self.written(*flow)),
                None => Some(Splice::insert(value.span.end - 1, self.plain())),
            },
            _ => match self.after_colon(key) {
                None if is_absent(value) && *flow => {
                    self.end_of_key(key).map(|end| Splice::insert(end, format!(": {}", self.new_value())))
                }
                colon => self.replace(value, colon, &self.new_value()),
            },
        };
        splice.ok_or_else(unsafe_here)
    }

    /// Adds the last entry of a mapping.
    fn add(
        &self,
        mapping: &Node<'_>,
        entries: &[MappingEntry<'_>],
        flow: bool,
        path: &[String],
        root: bool,
    ) -> Option<Splice> {
        let block = self.source.block;
        let place = self.field.place(self.field.path.len() - path.len());
        if let Some(splice) = place.and_then(|place| self.beside(place, entries, flow, path)) {
            return Some(splice);
        }
        if flow {
            let pair = self.pair(path);
            return Some(match entries.last() {
                Some(last) => Splice::insert(self.end_of(last)?, format!(", {pair}")),
                None => Splice::insert(mapping.span.end - 1, pair),
            });
        }
        let indent = &column(block, entries.first()?.0.span.start);
        if root {
            // Below all comments and whatever blank lines the last value keeps.
            return Some(self.lines(self.end_of_document(mapping.span.end), indent, path));
        }
        Some(self.lines(self.below(entries.last()?)?, indent, path))
    }

    /// Adds an entry where others have theirs: below the key that it follows there, else above the one that
    /// follows it.
    fn beside(
        &self,
        place: &Neighbours,
        entries: &[MappingEntry<'_>],
        flow: bool,
        path: &[String],
    ) -> Option<Splice> {
        let block = self.source.block;
        let entry = |name: &str| entries.iter().find(|(key, _)| key.key().as_deref() == Some(name));
        let start = match place.beside(entry)? {
            Beside::Below(above) if flow => {
                return Some(Splice::insert(self.end_of(above)?, format!(", {}", self.pair(path))));
            }
            Beside::Below(above) => {
                return Some(self.lines(self.below(above)?, &column(block, above.0.span.start), path));
            }
            Beside::Above(below) => below.0.span.start,
        };
        if flow {
            return Some(Splice::insert(start, format!("{}, ", self.pair(path))));
        }
        let indent = indent(block, start);
        let mut at = start - indent.len();
        if !(at == 0 || block[..at].ends_with('\n')) {
            // The dash of its list stands before it.
            let indent = column(block, start);
            let lines = self.lines(start, &indent, path).text;
            return Some(Splice::insert(start, format!("{}{indent}", lines.strip_prefix(&*indent)?)));
        }
        // A comment belongs to the key below it.
        while let Some(above) = block[..at].strip_suffix('\n') {
            let line = above.rfind('\n').map_or(0, |end| end + 1);
            if !above[line..].trim_start().starts_with('#') {
                return Some(self.lines(at, indent, path));
            }
            at = line;
        }
        (at == 0).then(|| self.lines(at, indent, path))
    }

    /// Where the document ends that goes on to this place at least: with the block, or at a line of dots.
    fn end_of_document(&self, from: usize) -> usize {
        let is_dots =
            |line: &str| line.strip_prefix("...").is_some_and(|rest| rest.trim_start().len() < rest.len());
        let mut at = 0;
        for line in self.source.block.split_inclusive('\n') {
            if at >= from && is_dots(line) {
                return at;
            }
            at += line.len();
        }
        at
    }

    /// Where the line below an entry begins. A block scalar ends with its last line, everything else in the middle
    /// of one.
    fn below(&self, entry: &MappingEntry<'_>) -> Option<usize> {
        let end = self.end_of(entry)?;
        Some(if self.source.block[..end].ends_with('\n') { end } else { self.source.line_below(end) })
    }

    /// Replaces a null by a mapping that holds the rest of the path, on lines of its own where nothing stands.
    fn nest(&self, key: &Node<'_>, value: &Node<'_>, flow: bool, below: &[String]) -> Option<Splice> {
        let colon = self.after_colon(key);
        if flow || !is_absent(value) {
            return self.nest_at(value, colon, below);
        }
        let colon = colon?;
        let indent = column(self.source.block, key.span.start);
        let end = self.source.line_end(self.source.line_below(colon));
        let text = self.behind_colon(&indent, end, below);
        let Some(lines) = text.strip_prefix(end) else { return Some(Splice::insert(colon, text)) };
        let at = self.source.line_below(colon);
        Some(Splice::insert(at, format!("{lines}{end}")))
    }

    /// Replaces a null by what holds the rest of the path in one line; `slot` is where it could begin.
    fn nest_at(&self, value: &Node<'_>, slot: Option<usize>, below: &[String]) -> Option<Splice> {
        // No generator takes a mapping for a text, or for what else a tag may say.
        if value.is_tagged() {
            return None;
        }
        match self.end_of_properties(value).or(slot.filter(|_| is_absent(value))) {
            Some(at) => Some(Splice::insert(at, format!(" {}", self.within(below)))),
            None => Some(Splice { at: self.scalar(value, slot)?, text: self.within(below) }),
        }
    }

    /// Where the first item of a list could begin: behind its dash, or where it stands in brackets.
    fn first_slot(&self, key: &Node<'_>, list: &Node<'_>, item: &Node<'_>) -> Option<usize> {
        let block = self.source.block;
        match list.kind {
            Kind::Sequence { flow: false, .. } => {
                Some(skip_properties(block, skip_space(block, self.after_colon(key)?)) + 1)
            }
            _ => Some(item.span.start),
        }
    }

    /// Replaces a scalar; `slot` is where it could begin, `new` what is written for nothing.
    fn replace(&self, value: &Node<'_>, slot: Option<usize>, new: &str) -> Option<Splice> {
        if is_absent(value) {
            return Some(Splice::insert(slot?, format!(" {new}")));
        }
        if let Some(properties) = self.end_of_properties(value) {
            let text = if value.is_tagged() { &self.plain() } else { new };
            return Some(Splice::insert(properties, format!(" {text}")));
        }
        if matches!(value.kind, Kind::Alias(_)) {
            return Some(Splice { at: value.span.clone(), text: self.plain() });
        }
        let at = self.scalar(value, slot)?;
        let Kind::Scalar { style, .. } = &value.kind else { return None };
        let text = match style {
            ScalarStyle::DoubleQuoted => self.field.value.quoted(),
            ScalarStyle::SingleQuoted if !matches!(self.field.value, FieldValue::Bool(_)) => {
                self.field.value.single_quoted().unwrap_or_else(|| self.field.value.quoted())
            }
            ScalarStyle::Plain if value.is_null() && !value.is_tagged() => new.to_owned(),
            _ => self.plain(),
        };
        Some(Splice { at, text })
    }

    /// Where the properties end behind which no value stands.
    fn end_of_properties(&self, value: &Node<'_>) -> Option<usize> {
        let nothing = is_nothing(value) && !value.is_bare();
        nothing.then_some(value.span.end)
    }

    /// The range of a scalar that is there, without its properties.
    fn scalar(&self, value: &Node<'_>, slot: Option<usize>) -> Option<Range<usize>> {
        let block = self.source.block;
        let Kind::Scalar { style, .. } = &value.kind else { return None };
        let start = skip_properties(block, value.span.start);
        let end = match style {
            ScalarStyle::Plain => value.span.end,
            ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted => end_of_quoted(block, start)?,
            ScalarStyle::Literal | ScalarStyle::Folded => {
                let header = skip_properties(block, skip_space(block, slot?));
                let content = block.get(header..value.span.end.max(header + 1))?;
                return content
                    .starts_with(['|', '>'])
                    .then(|| header..header + content.trim_end_matches([' ', '\t', '\r', '\n']).len());
            }
        };
        (start < end).then_some(start..end)
    }

    /// Where an entry ends: for a block scalar after its last line end, else in the middle of a line.
    fn end_of(&self, (key, value): &MappingEntry<'_>) -> Option<usize> {
        if is_absent(value) {
            return self.after_colon(key).or_else(|| self.end_of_key(key));
        }
        self.end_of_value(value)
    }

    fn end_of_value(&self, value: &Node<'_>) -> Option<usize> {
        match &value.kind {
            Kind::Mapping { entries, flow: false } => self.end_of(entries.last()?),
            Kind::Sequence { items, flow: false } => {
                let last = items.last()?;
                if is_absent(last) { Some(last.span.start) } else { self.end_of_value(last) }
            }
            Kind::Scalar { style: ScalarStyle::DoubleQuoted | ScalarStyle::SingleQuoted, .. } => {
                end_of_quoted(self.source.block, skip_properties(self.source.block, value.span.start))
            }
            _ => Some(value.span.end),
        }
    }

    fn end_of_key(&self, key: &Node<'_>) -> Option<usize> {
        self.scalar(key, None).map(|key| key.end)
    }

    /// The byte after the colon that follows a key; `None` for a key without one, as in `{a, b}`.
    fn after_colon(&self, key: &Node<'_>) -> Option<usize> {
        let end = self.end_of_key(key)?;
        let rest = self.source.block[end..].trim_start();
        rest.starts_with(':').then(|| self.source.block.len() - rest.len() + 1)
    }

    /// New lines for the path, one mapping deeper each.
    fn lines(&self, at: usize, indent: &str, path: &[String]) -> Splice {
        let end = self.source.line_end(at);
        let Some((name, below)) = path.split_first() else { return Splice::insert(at, String::new()) };
        let text = format!("{indent}{}:{}{end}", key(name), self.behind_colon(indent, end, below));
        Splice::insert(at, text)
    }

    /// What stands behind the colon of a key with this indent: a value, or the line end and lines of the rest of the
    /// path.
    fn behind_colon(&self, indent: &str, end: &str, below: &[String]) -> String {
        let is_item = matches!(self.field.value, FieldValue::Item(_));
        let manner = self.field.manner;
        match (below, manner.dash) {
            ([], Some(dash)) if is_item => {
                format!("{end}{indent}{}- {}", " ".repeat(dash), self.written(false))
            }
            ([], _) => format!(" {}", self.new_value()),
            ([first, below @ ..], Some(dash)) if first == FIRST => {
                let dashed = format!("{indent}{}", " ".repeat(dash));
                match (below, manner.inset) {
                    ([name, below @ ..], Some(inset)) => {
                        let inner = format!("{dashed}{}", " ".repeat(inset));
                        let gap = " ".repeat(inset.saturating_sub(1));
                        format!("{end}{dashed}-{gap}{}:{}", key(name), self.behind_colon(&inner, end, below))
                    }
                    _ => format!("{end}{dashed}- {}", self.within(below)),
                }
            }
            ([first, ..], None) if first == FIRST => format!(" {}", self.within(below)),
            ([name, below @ ..], _) => {
                let inner = format!("{indent}{}", self.step());
                format!("{end}{inner}{}:{}", key(name), self.behind_colon(&inner, end, below))
            }
        }
    }

    /// One level of indent: the block's own, else that of the other posts.
    fn step(&self) -> Cow<'_, str> {
        let others = || Cow::Owned(" ".repeat(self.field.manner.step.unwrap_or(2)));
        self.step.map_or_else(others, Cow::Borrowed)
    }

    /// `name: value` in one line, deeper names in braces.
    fn pair(&self, path: &[String]) -> String {
        let Some((name, below)) = path.split_first() else { return String::new() };
        format!("{}: {}", key(name), self.within(below))
    }

    /// What a key of this rest of the path holds, in one line: mappings in braces, lists in brackets.
    fn within(&self, path: &[String]) -> String {
        match path {
            [] => self.field.value.fresh(self.written(true)),
            [first, below @ ..] if first == FIRST => format!("[{}]", self.within(below)),
            path => format!("{{{}}}", self.pair(path)),
        }
    }

    fn new_value(&self) -> String {
        let is_list = matches!(self.field.value, FieldValue::Item(_));
        self.field.value.fresh(self.written(is_list))
    }

    /// A value that stands where none stood, in the quotes that others have. `flow` is inside of brackets.
    fn written(&self, flow: bool) -> String {
        let (value, is_truth) = (self.field.value, matches!(self.field.value, FieldValue::Bool(_)));
        match self.field.manner.quotes.filter(|_| !is_truth) {
            Some(Quotes::Double) => value.quoted(),
            Some(Quotes::Single) => value.single_quoted().unwrap_or_else(|| value.quoted()),
            Some(Quotes::Bare) => match value {
                FieldValue::Text(text) if is_plain_text(text, flow) => text.clone(),
                _ => self.plain(),
            },
            None => self.plain(),
        }
    }

    /// The value in its simplest form that no reader takes for anything but a text.
    fn plain(&self) -> String {
        match self.field.value {
            FieldValue::Path(text) | FieldValue::Item(text) if is_plain(text) => text.clone(),
            value => value.quoted(),
        }
    }
}

/// A value that is not written at all.
pub(super) fn is_absent(value: &Node<'_>) -> bool {
    is_nothing(value) && value.is_bare()
}

/// A value of which nothing but properties may be written.
fn is_nothing(value: &Node<'_>) -> bool {
    matches!(&value.kind, Kind::Scalar { text, style: ScalarStyle::Plain, .. } if text.is_empty())
}

/// The indent of the first mapping below the root, beyond the root's own.
fn step<'a>(block: &'a str, root: &Node<'_>) -> Option<&'a str> {
    let Kind::Mapping { entries, flow: false } = &root.kind else { return None };
    entries.iter().find_map(|(key, value)| {
        let Kind::Mapping { entries, flow: false } = &value.kind else { return None };
        let inner = indent(block, entries.first()?.0.span.start);
        inner.strip_prefix(indent(block, key.span.start)).filter(|step| !step.is_empty())
    })
}
