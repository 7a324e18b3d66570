//! A configuration file that is data, as one tree of values whatever its language: TOML, YAML or JSON. What
//! cannot be read says nothing, because the next evidence does.

use saphyr_parser::{Event, Parser};
use serde_json::{Map, Value};

use super::folder::{DATA, SiteFolder};

/// Collections inside collections; real configuration stays below ten.
const DEEPEST: usize = 32;

/// The values of the first file of this stem that there is.
pub(super) fn any(site: &SiteFolder<'_>, stem: &str) -> Option<Value> {
    read(site, &site.any(stem, &DATA)?)
}

/// The values of a file, told by its ending.
pub(super) fn read(site: &SiteFolder<'_>, name: &str) -> Option<Value> {
    let text = site.text(name);
    match name.rsplit_once('.')?.1 {
        "toml" => toml(&text),
        "json" => serde_json::from_str(&text).ok(),
        _ => Some(yaml(&text)),
    }
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

/// One text, or the texts of a list.
pub(super) fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text.as_str()],
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

fn toml(text: &str) -> Option<Value> {
    let document: toml_edit::DocumentMut = text.parse().ok()?;
    Some(of_table(document.as_table()))
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

/// A collection that is being read, with the key that its next value belongs to.
enum OpenValue {
    Map(Map<String, Value>, Option<String>),
    List(Vec<Value>),
}

/// The first document. Aliases say nothing; a fault ends the reading, and what stands before it counts. Tags
/// of a program's own (`!ENV`, `!!python/name:`) are passed over.
fn yaml(text: &str) -> Value {
    let mut open: Vec<OpenValue> = Vec::new();
    for event in Parser::new_from_str(text) {
        let Ok((event, _)) = event else { break };
        let finished = match event {
            Event::MappingStart(..) | Event::SequenceStart(..) if open.len() >= DEEPEST => break,
            Event::MappingStart(..) => {
                open.push(OpenValue::Map(Map::new(), None));
                continue;
            }
            Event::SequenceStart(..) => {
                open.push(OpenValue::List(Vec::new()));
                continue;
            }
            Event::MappingEnd | Event::SequenceEnd => match open.pop() {
                Some(collection) => close(collection),
                None => break,
            },
            Event::Scalar(text, style, ..) => scalar(&text, style == saphyr_parser::ScalarStyle::Plain),
            Event::Alias(_) => Value::Null,
            Event::DocumentEnd => break,
            _ => continue,
        };
        match put(&mut open, finished) {
            None => {}
            Some(root) => return root,
        }
    }
    // What a fault left open.
    let mut rest = Value::Null;
    while let Some(collection) = open.pop() {
        let value = close(collection);
        match put(&mut open, value) {
            None => {}
            Some(root) => rest = root,
        }
    }
    rest
}

fn close(collection: OpenValue) -> Value {
    match collection {
        OpenValue::Map(members, _) => Value::Object(members),
        OpenValue::List(items) => Value::Array(items),
    }
}

/// Puts a value into the innermost collection; gives it back when there is none.
fn put(open: &mut [OpenValue], value: Value) -> Option<Value> {
    match open.last_mut() {
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
    fn tags_aliases_and_a_fault_do_not_hide_what_stands_before() {
        let value =
            yaml("a: &x 1\nb: *x\nicon: !!python/name:material.to_svg\ntheme:\n  name: material\nc: [1\n");
        assert_eq!(text(&value, &["theme", "name"]), Some("material"));
    }

    #[test]
    fn no_text_makes_the_reader_fail() {
        for words in ["", "\t", "a", "- a", "a: [", "{", "]", "? [a]: b", "--- a\n--- b", &"[".repeat(10_000)]
        {
            let _ = (yaml(words), toml(words));
        }
    }
}
