//! A configuration file that is data, as one tree of values whatever its language: TOML, YAML or JSON. What
//! cannot be read says nothing, because the next evidence does; the folder keeps why, for the user to be told.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::folder::{DATA, SiteFolder};
use crate::post::front_matter;
use crate::text::short_line;

/// Collections inside collections; real configuration stays below twenty.
const DEEPEST: usize = 60;
/// So many values are read, those that aliases copy counted each time.
const MOST: usize = 20_000;

/// The values of the first file of this stem that there is.
pub(super) fn any(site: &SiteFolder<'_>, stem: &str) -> Option<Value> {
    read(site, &site.any(stem, &DATA)?)
}

/// The values of a file, told by its ending.
pub(super) fn read(site: &SiteFolder<'_>, name: &str) -> Option<Value> {
    told(site, name, parse(&site.text(name), name))
}

/// As [`any`], of a program that takes each leading tab for two blanks.
pub(super) fn any_with_tabs(site: &SiteFolder<'_>, stem: &str) -> Option<Value> {
    let name = site.any(stem, &DATA)?;
    let text = site.text(&name);
    let blanks = |line: &str| {
        let content = line.trim_start_matches('\t');
        format!("{}{content}", "  ".repeat(line.len() - content.len()))
    };
    told(site, &name, parse(&text.split_inclusive('\n').map(blanks).collect::<String>(), &name))
}

/// The values, after the folder has been told what is wrong.
fn told(
    site: &SiteFolder<'_>,
    name: &str,
    ReadConfiguration { value, fault }: ReadConfiguration,
) -> Option<Value> {
    if let Some(fault) = fault {
        site.note_fault(name, fault);
    }
    value
}

/// What a configuration says, and what is wrong with it.
#[derive(Debug)]
pub(super) struct ReadConfiguration {
    /// Nothing where it cannot be read; of YAML, what stands before the fault.
    pub value: Option<Value>,
    /// The line, and what its parser says.
    pub fault: Option<String>,
}

/// The values of the text of a file, told by the ending of its name.
pub(super) fn parse(text: &str, name: &str) -> ReadConfiguration {
    let text = text.trim_start_matches('\u{feff}');
    let read = match name.rsplit_once('.').map(|(_, ending)| ending) {
        Some("toml") => toml(text),
        Some("json") => serde_json::from_str(text).map_err(|error| {
            let reason = error.to_string();
            // It names the place as well.
            at_line(
                error.line(),
                reason.rsplit_once(" at line ").map_or(reason.as_str(), |(reason, _)| reason),
            )
        }),
        _ => {
            let (value, fault) = yaml(text);
            return ReadConfiguration { value: Some(value), fault };
        }
    };
    match read {
        Ok(value) => ReadConfiguration { value: Some(value), fault: None },
        Err(fault) => ReadConfiguration { value: None, fault: Some(fault) },
    }
}

/// One short line, because parsers quote the file.
fn at_line(line: usize, reason: &str) -> String {
    format!("line {line}: {}", short_line(reason, 200))
}

/// The text at a path of keys; letter case counts only where two keys differ in nothing else.
pub(super) fn text<'v>(value: &'v Value, path: &[&str]) -> Option<&'v str> {
    at(value, path)?.as_str().map(str::trim).filter(|text| !text.is_empty())
}

/// The value at a path of keys, found as [`text`] finds it.
pub(super) fn at<'v>(value: &'v Value, path: &[&str]) -> Option<&'v Value> {
    path.iter().try_fold(value, |value, key| {
        let alike = || value.as_object()?.iter().find(|(other, _)| other.eq_ignore_ascii_case(key));
        value.get(key).or_else(|| alike().map(|(_, value)| value))
    })
}

/// Whether the value at a path of keys is this truth.
pub(super) fn is(value: &Value, path: &[&str], truth: bool) -> bool {
    at(value, path).and_then(Value::as_bool) == Some(truth)
}

/// One text, or the texts of a list.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn toml(text: &str) -> Result<Value, String> {
    let document = toml_edit::Document::parse(text).map_err(|error| {
        let before = text.as_bytes().iter().take(error.span().map_or(0, |span| span.start));
        at_line(before.filter(|&&byte| byte == b'\n').count() + 1, error.message())
    })?;
    Ok(of_table(document.as_table()))
}

fn of_table(table: &dyn toml_edit::TableLike) -> Value {
    Value::Object(table.iter().map(|(key, item)| (key.to_owned(), of_item(item))).collect())
}

fn of_item(item: &toml_edit::Item) -> Value {
    match item {
        toml_edit::Item::None => Value::Null,
        toml_edit::Item::Value(value) => of_value(value),
        toml_edit::Item::Table(table) => of_table(table),
        toml_edit::Item::ArrayOfTables(tables) => {
            Value::Array(tables.iter().map(|table| of_table(table)).collect())
        }
    }
}

fn of_value(value: &toml_edit::Value) -> Value {
    match value {
        toml_edit::Value::String(text) => Value::String(text.value().clone()),
        toml_edit::Value::Boolean(flag) => Value::Bool(*flag.value()),
        toml_edit::Value::Array(items) => Value::Array(items.iter().map(of_value).collect()),
        toml_edit::Value::InlineTable(table) => of_table(table),
        // Nobody asks for numbers and dates.
        _ => Value::Null,
    }
}

/// A collection that is being read, with the number of its anchor.
struct Growing {
    anchor: usize,
    open: OpenValue,
}

enum OpenValue {
    /// With the key that the next value belongs to.
    Map(Map<String, Value>, Option<String>),
    List(Vec<Value>),
}

/// The first document, and why it cannot be read to its end, which what stands before does not suffer from.
fn yaml(text: &str) -> (Value, Option<String>) {
    let fault = |error: saphyr_parser::ScanError| at_line(error.marker().line(), error.info());
    let (value, fault) =
        grown(Parser::new_from_str(text).map(|event| event.map(|(event, _)| event).map_err(fault)));
    if fault.is_some()
        && let (whole, None) =
            grown(front_matter::events_by_libyaml(text).map(|event| event.ok_or_else(String::new)))
    {
        return (whole, None);
    }
    (value, fault)
}

/// The first document, aliases and merge keys written out as far as there is room for them. A fault ends the
/// reading, and what stands before it counts. Tags of a program's own (`!ENV`, `!!python/name:`) are passed over.
fn grown<'e>(events: impl Iterator<Item = Result<Event<'e>, String>>) -> (Value, Option<String>) {
    let mut open: Vec<Growing> = Vec::new();
    let mut anchors: HashMap<usize, Value> = HashMap::new();
    let mut room = MOST;
    let mut fault = None;
    for event in events {
        let event = match event {
            Ok(event) => event,
            Err(error) => {
                fault = Some(error);
                break;
            }
        };
        let (value, anchor) = match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if open.len() >= DEEPEST => break,
            Event::MappingStart(anchor, _) => {
                open.push(Growing { anchor, open: OpenValue::Map(Map::new(), None) });
                continue;
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Growing { anchor, open: OpenValue::List(Vec::new()) });
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => match open.pop() {
                Some(Growing { anchor, open }) => (close(open), anchor),
                None => break,
            },
            Event::Scalar(text, style, anchor, _) => {
                (scalar(&text, style == saphyr_parser::ScalarStyle::Plain), anchor)
            }
            Event::Alias(anchor) => (anchors.get(&anchor).cloned().unwrap_or_default(), 0),
            Event::DocumentEnd => break,
            _ => continue,
        };
        // What an alias copies takes room each time.
        let Some(left) = room.checked_sub(size(&value)) else { break };
        room = left;
        if anchor > 0 {
            anchors.insert(anchor, value.clone());
        }
        if let Some(root) = put(&mut open, value) {
            return (root, None);
        }
    }
    // What a fault left open.
    let mut rest = Value::Null;
    while let Some(Growing { open: collection, .. }) = open.pop() {
        if let Some(root) = put(&mut open, close(collection)) {
            rest = root;
        }
    }
    (rest, fault)
}

/// How many values this one holds, itself included.
fn size(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Object(members) => 1 + members.values().map(size).sum::<usize>(),
        _ => 1,
    }
}

fn close(collection: OpenValue) -> Value {
    match collection {
        OpenValue::Map(members, _) => Value::Object(merged(members)),
        OpenValue::List(items) => Value::Array(items),
    }
}

/// The members with those of the mappings that the key `<<` brings; its own come first.
fn merged(mut members: Map<String, Value>) -> Map<String, Value> {
    let sources = match members.remove("<<") {
        Some(Value::Array(sources)) => sources,
        Some(source) => vec![source],
        None => return members,
    };
    for source in sources {
        let Value::Object(source) = source else { continue };
        for (key, value) in source {
            members.entry(key).or_insert(value);
        }
    }
    members
}

/// Puts a value into the innermost collection; gives it back when there is none.
fn put(open: &mut [Growing], value: Value) -> Option<Value> {
    match open.last_mut().map(|growing| &mut growing.open) {
        None => return Some(value),
        Some(OpenValue::List(items)) => items.push(value),
        Some(OpenValue::Map(members, key)) => match key.take() {
            Some(key) => {
                members.insert(key, value);
            }
            None => *key = Some(value.as_str().map_or_else(|| value.to_string(), str::to_owned)),
        },
    }
    None
}

fn scalar(text: &str, plain: bool) -> Value {
    match text {
        "true" | "True" | "TRUE" if plain => Value::Bool(true),
        "false" | "False" | "FALSE" if plain => Value::Bool(false),
        "" | "~" | "null" | "Null" | "NULL" if plain => Value::Null,
        text => Value::String(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn the_three_languages_say_the_same() {
        for (name, words) in [
            ("a.toml", "[module]\n[[module.imports]]\npath = 'x/y' # z\n[Params]\non = true\n"),
            ("a.yaml", "module:\n  imports:\n    - path: x/y # z\nPARAMS: {on: true}\n"),
            ("a.json", r#"{"module": {"imports": [{"path": "x/y"}]}, "params": {"on": true}}"#),
        ] {
            let root = tree(&[(name, words)]);
            let value = any(&SiteFolder::new(root.path(), ""), "a").unwrap();
            let imports = at(&value, &["module", "imports"]).unwrap();
            assert_eq!(text(&imports[0], &["path"]), Some("x/y"), "{name}");
            assert_eq!(at(&value, &["params", "on"]), Some(&Value::Bool(true)), "{name}");
        }
    }

    #[test]
    fn tags_and_a_fault_do_not_hide_what_stands_before() {
        let (value, fault) = yaml("icon: !!python/name:material.to_svg\ntheme:\n  name: material\nc: [1\n");
        assert!(fault.is_some());
        assert_eq!(text(&value, &["theme", "name"]), Some("material"));
    }

    #[test]
    fn aliases_and_merge_keys_are_written_out_until_there_is_no_room() {
        let (value, _) = yaml("a: &x {p: 1, q: 2}\nb: *x\nc: {<<: *x, q: 3}\nd: {<<: [*x, {r: 4}]}\n");
        let says = |path: &[&str]| text(&value, path).map(str::to_owned);
        assert_eq!(
            [says(&["b", "q"]), says(&["c", "p"]), says(&["c", "q"])],
            ["2", "1", "3"].map(|it| Some(it.to_owned()))
        );
        assert_eq!(says(&["d", "r"]).as_deref(), Some("4"));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..30 {
            let aliases = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
        }
        assert!(size(&yaml(&bomb).0) <= MOST);
    }

    #[test]
    fn no_text_makes_the_reader_fail() {
        for words in ["", "\t", "a", "- a", "a: [", "{", "]", "? [a]: b", "--- a\n--- b", &"[".repeat(10_000)]
        {
            let _ = (yaml(words), toml(words));
        }
    }
}
