//! YAML 1.2 by the letter: values from events, with the core schema and merge keys.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::super::super::{FieldValue, Pod};

/// What a block holds.
#[derive(Debug)]
pub(super) struct Composed {
    pub(super) data: Pod,
    /// Names of keys that stand twice in one mapping; of such the last value counts.
    pub(super) repeated: Vec<String>,
}

/// Reads a block of one document; `None` where it is not YAML 1.2, or holds itself.
pub(super) fn compose(block: &str) -> Option<Composed> {
    let events: Vec<Event<'_>> =
        Parser::new_from_str(block).map(|event| event.ok().map(|(event, _)| event)).collect::<Option<_>>()?;
    let documents = events.iter().filter(|event| matches!(event, Event::DocumentStart(_))).count();
    let mut composer = Composer { events: events.into_iter(), anchors: HashMap::new(), repeated: Vec::new() };
    let data = match documents {
        0 => Pod::Null,
        1 => composer.next()?,
        _ => return None,
    };
    Some(Composed { data, repeated: composer.repeated })
}

struct Composer<E> {
    events: E,
    anchors: HashMap<usize, Pod>,
    repeated: Vec<String>,
}

impl<'a, E: Iterator<Item = Event<'a>>> Composer<E> {
    fn next(&mut self) -> Option<Pod> {
        let event = self.events.next()?;
        self.value(event)
    }

    fn value(&mut self, event: Event<'a>) -> Option<Pod> {
        let (anchor, value) = match event {
            Event::Alias(anchor) => return self.anchors.get(&anchor).cloned(),
            Event::Scalar(text, style, anchor, tag) => (anchor, scalar(&text, style, tag.as_deref())?),
            Event::SequenceStart(anchor, _) => (anchor, self.list()?),
            Event::MappingStart(anchor, _) => (anchor, self.mapping()?),
            _ => return self.next(),
        };
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        Some(value)
    }

    fn list(&mut self) -> Option<Pod> {
        let mut items = Vec::new();
        loop {
            match self.events.next()? {
                Event::SequenceEnd => return Some(Pod::Array(items)),
                event => items.push(self.value(event)?),
            }
        }
    }

    fn mapping(&mut self) -> Option<Pod> {
        let (mut members, mut merged) = (HashMap::new(), Vec::new());
        loop {
            let event = self.events.next()?;
            if event == Event::MappingEnd {
                break;
            }
            let is_merge = matches!(&event, Event::Scalar(text, ScalarStyle::Plain, _, None) if text == "<<");
            let key = self.value(event)?;
            match (is_merge, self.next()?) {
                (true, Pod::Hash(others)) => merged.push(others),
                (true, Pod::Array(items)) if items.iter().all(|item| matches!(item, Pod::Hash(_))) => {
                    merged.extend(items.into_iter().filter_map(|item| item.as_hashmap().ok()));
                }
                (_, value) => {
                    let name = name(key);
                    if members.insert(name.clone(), value).is_some() {
                        self.repeated.push(name);
                    }
                }
            }
        }
        for (key, value) in merged.into_iter().flatten() {
            members.entry(key).or_insert(value);
        }
        Some(Pod::Hash(members))
    }
}

/// A key as the data names it: all of them are texts there.
fn name(key: Pod) -> String {
    match key {
        Pod::String(text) => text,
        Pod::Integer(number) => number.to_string(),
        Pod::Boolean(flag) => flag.to_string(),
        Pod::Null => "null".to_owned(),
        other => format!("{other:?}"),
    }
}

/// `None` where the tag does not fit.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Option<Pod> {
    let core_tag = tag.filter(|tag| tag.is_yaml_core_schema()).map(|tag| tag.suffix.as_str());
    match (core_tag, core(text)) {
        (None, value) if tag.is_none() && style == ScalarStyle::Plain => Some(value),
        (None | Some("str"), _) => Some(Pod::String(text.to_owned())),
        (Some("int"), value @ Pod::Integer(_)) => Some(value),
        (Some("float"), value @ Pod::Float(_)) => Some(value),
        (Some("float"), Pod::Integer(number)) => Some(Pod::Float(number as f64)),
        (Some("bool"), value @ Pod::Boolean(_)) => Some(value),
        (Some("null"), Pod::Null) => Some(Pod::Null),
        _ => None,
    }
}

/// Section 10.3.2 of the specification.
fn core(text: &str) -> Pod {
    let digits = |digits: &str, base| digits.chars().all(|c| c.is_digit(base)) && !digits.is_empty();
    let unsigned = text.strip_prefix(['+', '-']).unwrap_or(text);
    let (number, exponent) = unsigned.split_once(['e', 'E']).unwrap_or((unsigned, "0"));
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Pod::Null,
        "true" | "True" | "TRUE" => Pod::Boolean(true),
        "false" | "False" | "FALSE" => Pod::Boolean(false),
        _ if digits(unsigned, 10) => match text.parse() {
            Ok(number) => Pod::Integer(number),
            Err(_) => Pod::Float(text.parse().unwrap()),
        },
        _ if text.starts_with("0x") && digits(&text[2..], 16) => {
            Pod::Integer(i64::from_str_radix(&text[2..], 16).unwrap())
        }
        _ if text.starts_with("0o") && digits(&text[2..], 8) => {
            Pod::Integer(i64::from_str_radix(&text[2..], 8).unwrap())
        }
        _ if (digits(whole, 10) && (part.is_empty() || digits(part, 10))
            || whole.is_empty() && digits(part, 10))
            && digits(exponent.strip_prefix(['+', '-']).unwrap_or(exponent), 10) =>
        {
            Pod::Float(text.parse().unwrap())
        }
        _ => Pod::String(text.to_owned()),
    }
}

impl Composed {
    /// The data with a field set; `None` where something else stands there.
    pub(super) fn with(&self, field: &str, value: &FieldValue) -> Option<Pod> {
        let mut data = self.data.clone();
        let mut there = &mut data;
        for name in field.split('.') {
            if matches!(there, Pod::Null) || matches!(there, Pod::String(text) if text.trim().is_empty()) {
                *there = Pod::new_hash();
            }
            let Pod::Hash(members) = there else { return None };
            there = members.entry(name.to_owned()).or_insert(Pod::Null);
        }
        let (FieldValue::Path(text) | FieldValue::Text(text) | FieldValue::Item(text)) = value else {
            return None;
        };
        let new = Pod::String(text.clone());
        match there {
            Pod::Array(items) => match items.first_mut() {
                Some(Pod::Array(_) | Pod::Hash(_)) => return None,
                Some(first) => *first = new,
                None => items.push(new),
            },
            Pod::Null if matches!(value, FieldValue::Item(_)) => *there = Pod::Array(vec![new]),
            Pod::Null | Pod::String(_) => *there = new,
            _ => return None,
        }
        Some(data)
    }
}
