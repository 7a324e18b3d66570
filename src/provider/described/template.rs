//! Texts with placeholders. Nothing is evaluated: a placeholder is one of a few names, and stands for one value.

use serde_json::{Map, Value};

use super::reading::DraftPart;
use crate::http::path;
use crate::text::url_segment;

/// What a placeholder may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Placeholder {
    Prompt,
    Model,
    /// What follows the colon in the name of a model.
    Version,
    Width,
    Height,
    /// Width and height in one word, or the nearest of the service's sizes.
    Size,
    /// The nearest of the service's ratios.
    Ratio,
    Seed,
    /// What the service calls a job that it works on.
    Ticket,
    /// The key, in headers only.
    Key,
}

const SLOTS: [(&str, Placeholder); 10] = [
    ("prompt", Placeholder::Prompt),
    ("model", Placeholder::Model),
    ("version", Placeholder::Version),
    ("width", Placeholder::Width),
    ("height", Placeholder::Height),
    ("size", Placeholder::Size),
    ("ratio", Placeholder::Ratio),
    ("seed", Placeholder::Seed),
    ("ticket", Placeholder::Ticket),
    ("key", Placeholder::Key),
];

/// The value of each placeholder in one request.
pub(super) trait Filling {
    /// The value, of its own type.
    fn value(&self, slot: Placeholder) -> Value;
    /// Whether the ticket is a path already.
    fn ticket_is_path(&self) -> bool;
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TextPiece {
    Fixed(String),
    Named { slot: Placeholder, as_text: bool },
}

/// A text with placeholders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TextTemplate(pub(super) Vec<TextPiece>);

impl TextTemplate {
    /// Reads a text; `slots` says which placeholders may stand there.
    pub(super) fn read(
        part: &DraftPart<'_>,
        text: &str,
        allowed: impl Fn(Placeholder) -> bool,
    ) -> Option<Self> {
        let mut pieces = Vec::new();
        let mut rest = text;
        while let Some((before, from)) = rest.split_once("{{") {
            let Some((inside, after)) = from.split_once("}}") else {
                part.fault("a placeholder is open; close it with `}}`");
                return None;
            };
            if !before.is_empty() {
                pieces.push(TextPiece::Fixed(before.to_owned()));
            }
            let (name, filter) = inside.split_once('|').unwrap_or((inside, ""));
            let slot = SLOTS.iter().find(|(known, _)| *known == name.trim()).map(|(_, slot)| *slot);
            let Some(slot) = slot.filter(|slot| allowed(*slot)) else {
                let known = SLOTS.iter().filter(|(_, slot)| allowed(*slot)).map(|(name, _)| *name);
                let known = known.collect::<Vec<_>>().join(", ");
                part.fault(format!("`{}` is no placeholder here; choose from {known}", name.trim()));
                return None;
            };
            if !matches!(filter.trim(), "" | "text") {
                part.fault(format!(
                    "`{}` is no form of a placeholder; write `| text` or nothing",
                    filter.trim()
                ));
                return None;
            }
            pieces.push(TextPiece::Named { slot, as_text: !filter.trim().is_empty() });
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(TextPiece::Fixed(rest.to_owned()));
        }
        Some(Self(pieces))
    }

    /// The value: of a single placeholder its own type, else text.
    pub(super) fn value(&self, filling: &dyn Filling) -> Value {
        match self.0.as_slice() {
            [TextPiece::Named { slot, as_text: false }] => filling.value(*slot),
            _ => self.text(filling).into(),
        }
    }

    /// The text.
    pub(super) fn text(&self, filling: &dyn Filling) -> String {
        self.joined(|slot| as_text(&filling.value(slot)))
    }

    /// The text as part of an address. Of a model the slashes stay.
    pub(super) fn path(&self, filling: &dyn Filling) -> String {
        self.joined(|slot| match (slot, as_text(&filling.value(slot))) {
            (Placeholder::Ticket, text) if filling.ticket_is_path() => text,
            (Placeholder::Model, text) => path(&text),
            (_, text) => url_segment(&text),
        })
    }

    fn joined(&self, named: impl Fn(Placeholder) -> String) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                TextPiece::Fixed(text) => text.clone(),
                TextPiece::Named { slot, .. } => named(*slot),
            })
            .collect()
    }

    /// Whether this placeholder stands in it.
    pub(super) fn names(&self, slot: Placeholder) -> bool {
        self.0.iter().any(|piece| matches!(piece, TextPiece::Named { slot: named, .. } if *named == slot))
    }
}

fn as_text(value: &Value) -> String {
    super::reading::text_of(value).unwrap_or_default()
}

/// A JSON value with placeholders in its texts.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum JsonTemplate {
    Fixed(Value),
    Text(TextTemplate),
    List(Vec<Self>),
    Object(Vec<(String, Self)>),
}

impl JsonTemplate {
    /// Reads a value; the key has no place in it.
    pub(super) fn read(part: &DraftPart<'_>) -> Option<Self> {
        Some(match part.value() {
            Value::String(text) => {
                Self::Text(TextTemplate::read(part, text, |slot| slot != Placeholder::Key)?)
            }
            Value::Array(_) => Self::List(part.items().iter().filter_map(Self::read).collect()),
            Value::Object(_) => {
                let member =
                    |(name, part): (&str, DraftPart<'_>)| Some((name.to_owned(), Self::read(&part)?));
                Self::Object(part.members().into_iter().filter_map(member).collect())
            }
            fixed => Self::Fixed(fixed.clone()),
        })
    }

    /// The value that is sent.
    pub(super) fn value(&self, filling: &dyn Filling) -> Value {
        match self {
            Self::Fixed(value) => value.clone(),
            Self::Text(text) => text.value(filling),
            Self::List(items) => items.iter().map(|item| item.value(filling)).collect(),
            Self::Object(members) => {
                let member = |(name, template): &(String, Self)| (name.clone(), template.value(filling));
                Value::Object(members.iter().map(member).collect::<Map<_, _>>())
            }
        }
    }
}
