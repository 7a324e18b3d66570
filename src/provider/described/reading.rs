//! The parts of a description as they are read: what is wrong with one is told with file, line, key and cure, and the
//! others are read all the same.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::ops::RangeInclusive;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::post::front_matter::{self, Pod};
use crate::text::short_line;

/// Longest message, in characters: it quotes the file.
const LONGEST_FAULT: usize = 400;

/// Fewest and most that a description may wait for anything.
pub(super) const WAITS: RangeInclusive<Duration> = Duration::from_millis(100)..=Duration::from_secs(15 * 60);

/// JSON files beside a description, by name.
pub(super) type Files = BTreeMap<String, Value>;

/// The text of a description, and what is wrong with it.
pub(super) struct DescriptionDraft {
    file: String,
    lines: HashMap<String, usize>,
    root: Value,
    /// Each with its line, by which they are told.
    faults: RefCell<Vec<(usize, String)>>,
}

impl DescriptionDraft {
    /// Reads the YAML; `file` is what messages call it.
    pub(super) fn new(file: &str, text: &str) -> Self {
        let mut faults = Vec::new();
        let root = match front_matter::yaml(text) {
            Ok(pod) => value(pod),
            Err(error) => {
                faults.push((0, format!("{file} is not valid YAML: {error}")));
                Value::Null
            }
        };
        let again = front_matter::repeated_keys(text).into_iter();
        faults.extend(again.map(|(key, line)| {
            (line, format!("{file}, line {line}: `{key}` is given again; keep one of them"))
        }));
        let lines = front_matter::yaml_lines(text).into_iter().collect();
        Self { file: file.to_owned(), lines, root, faults: RefCell::new(faults) }
    }

    /// The whole of it.
    pub(super) fn root(&self) -> DraftPart<'_> {
        DraftPart { draft: self, pointer: String::new(), value: &self.root }
    }

    /// Everything that is wrong with it, by lines.
    pub(super) fn into_faults(self) -> Vec<String> {
        let mut faults = self.faults.into_inner();
        faults.sort_by_key(|(line, _)| *line);
        faults.into_iter().map(|(_, words)| words).collect()
    }

    /// Whether it is no YAML at all, so that nothing else need be said.
    pub(super) fn is_unreadable(&self) -> bool {
        self.root.is_null() && !self.faults.borrow().is_empty()
    }
}

fn value(pod: Pod) -> Value {
    match pod {
        Pod::Null => Value::Null,
        Pod::String(text) => text.into(),
        Pod::Integer(number) => number.into(),
        Pod::Float(number) => number.into(),
        Pod::Boolean(flag) => flag.into(),
        Pod::Array(items) => items.into_iter().map(value).collect(),
        Pod::Hash(members) => {
            let mut members: Vec<_> = members.into_iter().map(|(key, pod)| (key, value(pod))).collect();
            members.sort_by(|(one, _), (other, _)| one.cmp(other));
            Value::Object(Map::from_iter(members))
        }
    }
}

/// A value of a description, and where it stands.
#[derive(Clone)]
pub(super) struct DraftPart<'a> {
    draft: &'a DescriptionDraft,
    pointer: String,
    value: &'a Value,
}

impl<'a> DraftPart<'a> {
    /// The value itself.
    pub(super) fn value(&self) -> &'a Value {
        self.value
    }

    /// Says what is wrong here and what to do.
    pub(super) fn fault(&self, words: impl AsRef<str>) {
        let DescriptionDraft { file, lines, .. } = self.draft;
        // What another file holds has the line where that one is named.
        let parents = std::iter::successors(Some(self.pointer.as_str()), |pointer| {
            pointer.rsplit_once('/').map(|(parent, _)| parent)
        });
        let line = parents.filter(|pointer| !pointer.is_empty()).find_map(|pointer| lines.get(pointer));
        let place = line.map_or_else(String::new, |line| format!(", line {line}"));
        let key = self.pointer.trim_start_matches('/').replace('/', ".");
        let key = if key.is_empty() { String::new() } else { format!(" `{key}`:") };
        let words = short_line(&format!("{file}{place}:{key} {}", words.as_ref()), LONGEST_FAULT);
        self.draft.faults.borrow_mut().push((line.copied().unwrap_or_default(), words));
    }

    /// The same place with the value of another file.
    pub(super) fn holding<'b>(&self, value: &'b Value) -> DraftPart<'b>
    where
        'a: 'b,
    {
        DraftPart { draft: self.draft, pointer: self.pointer.clone(), value }
    }

    fn below(&self, key: &str, value: &'a Value) -> Self {
        Self { draft: self.draft, pointer: format!("{}/{key}", self.pointer), value }
    }

    /// Holds that this is a mapping with no other keys than these.
    pub(super) fn only(&self, known: &[&str]) {
        let Value::Object(members) = self.value else {
            return self.fault(format!("it has to be a mapping with the keys {}", list(known)));
        };
        for (key, value) in members.iter().filter(|(key, _)| !known.contains(&key.as_str())) {
            self.below(key, value)
                .fault(format!("this key is unknown; choose from {}, or take it out", list(known)));
        }
    }

    /// What stands below a key, unless it is absent or empty.
    pub(super) fn get(&self, key: &str) -> Option<Self> {
        let value = self.value.get(key).filter(|value| !value.is_null())?;
        Some(self.below(key, value))
    }

    /// The same where it has to be there.
    pub(super) fn need(&self, key: &str, such_as: &str) -> Option<Self> {
        let part = self.get(key);
        if part.is_none() && self.value.is_object() {
            self.fault(format!("`{key}` is missing; write it, such as `{key}: {such_as}`"));
        }
        part
    }

    /// A text; a number counts as the text that it is.
    pub(super) fn text(&self) -> Option<String> {
        let text = text_of(self.value);
        if text.is_none() {
            self.fault("it has to be a single value");
        }
        text
    }

    /// A JSON pointer into an answer.
    pub(super) fn pointer(&self) -> Option<String> {
        let text = self.text()?;
        if !text.starts_with('/') || text.len() > 200 {
            self.fault(format!("`{text}` is no address inside an answer; write one such as `/data/0/url`"));
            return None;
        }
        Some(text)
    }

    /// Its items; a single value is a list of one.
    pub(super) fn items(&self) -> Vec<Self> {
        match self.value {
            Value::Array(items) => {
                items.iter().enumerate().map(|(place, item)| self.below(&place.to_string(), item)).collect()
            }
            _ => vec![self.clone()],
        }
    }

    /// Its members, of a mapping.
    pub(super) fn members(&self) -> Vec<(&'a str, Self)> {
        match self.value {
            Value::Object(members) => {
                members.iter().map(|(key, value)| (key.as_str(), self.below(key, value))).collect()
            }
            _ => {
                self.fault("it has to be a mapping, with a line `name: value` for each");
                Vec::new()
            }
        }
    }

    /// The texts of its items.
    pub(super) fn texts(&self) -> Vec<String> {
        self.items().iter().filter_map(Self::text).collect()
    }

    /// A number within bounds.
    pub(super) fn number(&self, bounds: RangeInclusive<u32>) -> Option<u32> {
        let number = self.value.as_u64().and_then(|number| u32::try_from(number).ok());
        let number = number.filter(|number| bounds.contains(number));
        if number.is_none() {
            self.fault(format!("it has to be a whole number from {} to {}", bounds.start(), bounds.end()));
        }
        number
    }

    /// `true` or `false`.
    pub(super) fn truth(&self) -> bool {
        self.value.as_bool().unwrap_or_else(|| {
            self.fault("it has to be `true` or `false`");
            false
        })
    }

    /// A time such as `500ms`, `90s` or `6m`.
    pub(super) fn time(&self) -> Option<Duration> {
        let text = text_of(self.value).unwrap_or_default();
        let unit = text.trim_start_matches(|c: char| c.is_ascii_digit());
        let number = text[..text.len() - unit.len()].parse::<u64>().ok();
        let time = number.and_then(|number| match unit {
            "ms" => Some(Duration::from_millis(number)),
            "s" => Some(Duration::from_secs(number)),
            "m" => Some(Duration::from_secs(number.checked_mul(60)?)),
            _ => None,
        });
        let time = time.filter(|time| WAITS.contains(time));
        if time.is_none() {
            self.fault(format!(
                "`{text}` is no time; write one such as `500ms`, `90s` or `6m`, from 100ms to 15m"
            ));
        }
        time
    }

    /// One of these words.
    pub(super) fn choice<T: Copy>(&self, words: &[(&str, T)]) -> Option<T> {
        let text = text_of(self.value).unwrap_or_default();
        let found = words.iter().find(|(word, _)| *word == text).map(|(_, means)| *means);
        if found.is_none() {
            let words: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.fault(format!("`{text}` is unknown; choose from {}", list(&words)));
        }
        found
    }
}

fn list(words: &[&str]) -> String {
    words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// A single value as text; `None` for a list, a mapping and nothing.
pub(super) fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
