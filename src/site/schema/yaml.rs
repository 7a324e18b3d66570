//! An editor's configuration as data, built from the parser's events with limits on depth and size: aliases
//! are written out, and must not fill memory.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser};

/// Collections inside collections; real configurations stay below twenty.
const DEEPEST: usize = 60;
/// So many values, those that aliases copy included.
const MOST: usize = 20_000;

/// A value of the configuration; what is no text, list or mapping is an empty text.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum YamlValue {
    Text(String),
    List(Vec<YamlValue>),
    Mapping(Vec<(String, YamlValue)>),
}

impl YamlValue {
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Mapping(entries) = self else { return None };
        let own = entries.iter().find(|(name, _)| name == key).map(|(_, value)| value);
        own.or_else(|| match &entries.iter().find(|(name, _)| name == "<<" && key != "<<")?.1 {
            Self::List(merged) => merged.iter().find_map(|value| value.get(key)),
            merged => merged.get(key),
        })
    }

    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The text of a key.
    pub(super) fn says(&self, key: &str) -> Option<&str> {
        self.get(key)?.text()
    }

    /// The values of a list at a key.
    pub(super) fn list(&self, key: &str) -> &[Self] {
        match self.get(key) {
            Some(Self::List(values)) => values,
            _ => &[],
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::Text(_) => 1,
            Self::List(values) => 1 + values.iter().map(Self::size).sum::<usize>(),
            Self::Mapping(entries) => 1 + entries.iter().map(|(_, value)| 1 + value.size()).sum::<usize>(),
        }
    }
}

/// A collection that is not at its end yet.
struct Growing {
    mapping: bool,
    anchor: usize,
    values: Vec<YamlValue>,
}

/// The first document; `None` where it cannot be read or is too large.
pub(super) fn parse(text: &str) -> Option<YamlValue> {
    let mut open: Vec<Growing> = Vec::new();
    let mut anchors: HashMap<usize, YamlValue> = HashMap::new();
    let mut left = MOST;
    for event in Parser::new_from_str(text.trim_start_matches('\u{feff}')) {
        let (event, _) = event.ok()?;
        let (value, anchor) = match event {
            Event::Scalar(text, _, anchor, _) => (YamlValue::Text(text.into_owned()), anchor),
            Event::Alias(anchor) => {
                let copied = anchors.get(&anchor)?;
                left = left.checked_sub(copied.size())?;
                (copied.clone(), 0)
            }
            Event::SequenceStart(anchor, _) => {
                open.push(Growing { mapping: false, anchor, values: Vec::new() });
                (open.len() <= DEEPEST).then_some(())?;
                continue;
            }
            Event::MappingStart(anchor, _) => {
                open.push(Growing { mapping: true, anchor, values: Vec::new() });
                (open.len() <= DEEPEST).then_some(())?;
                continue;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Growing { mapping, anchor, values } = open.pop()?;
                (if mapping { paired(values) } else { YamlValue::List(values) }, anchor)
            }
            Event::DocumentEnd => return None,
            _ => continue,
        };
        left = left.checked_sub(1)?;
        if anchor > 0 {
            left = left.checked_sub(value.size())?;
            anchors.insert(anchor, value.clone());
        }
        match open.last_mut() {
            Some(growing) => growing.values.push(value),
            None => return Some(value),
        }
    }
    None
}

fn paired(values: Vec<YamlValue>) -> YamlValue {
    let mut entries = Vec::with_capacity(values.len() / 2);
    let mut values = values.into_iter();
    while let (Some(key), Some(value)) = (values.next(), values.next()) {
        entries.push((key.text().unwrap_or_default().to_owned(), value));
    }
    YamlValue::Mapping(entries)
}
