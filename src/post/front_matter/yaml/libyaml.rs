//! The events of libyaml, for blocks that the parser of YAML 1.2 refuses: libyaml (Jekyll, Python) reads a
//! quoted value continued at column 0, tabs as separation and a comment that touches a quote, and the
//! parsers of JavaScript and Go do so with it.

use std::borrow::Cow;
use std::collections::HashMap;
use std::io::Read;

use libyaml_safer::{Encoding, EventData, Mark, ScalarStyle as Style};
use saphyr_parser::{Event, Marker, ScalarStyle, Span, Tag};

use super::super::ParseError;

/// The events of a block, as the tree takes them, their places in bytes. What cannot be read gives no reason:
/// the other parser has given one before.
pub(in crate::post::front_matter) fn events(
    block: &str,
) -> impl Iterator<Item = Result<(Event<'static>, Span), ParseError>> {
    let mut parser = libyaml_safer::Parser::new();
    parser.set_encoding(Encoding::Utf8);
    // Where a text ends behind a backslash or an indent the parser panics, and a line end changes nothing. A second
    // one would: it belongs to a text that keeps its last lines.
    let end = if block.ends_with('\n') { "" } else { "\n" };
    parser.set_input(block.as_bytes().chain(end.as_bytes()));
    let mut anchors = Anchors::default();
    let tagged = has_tag_before_comma(block);
    let refused = tagged.then(|| Err(ParseError::new(1, "a tag stands before a comma")));
    let events = (!tagged).then(|| {
        parser.map(move |event| {
            let event = event.map_err(|error| ParseError::new(1, &error.to_string()))?;
            let span = Span::new(marker(event.start_mark), marker(event.end_mark));
            let line = span.start.line();
            let unknown = || ParseError::new(line, "an alias names an anchor that is not above it");
            Ok((translated(event.data, &mut anchors).ok_or_else(unknown)?, span))
        })
    });
    refused.into_iter().chain(events.into_iter().flatten())
}

/// Whether a word could be a tag with a comma behind it, at which the parser panics.
fn has_tag_before_comma(block: &str) -> bool {
    block.split_whitespace().any(|word| {
        let comma = word.rfind(',').unwrap_or_default();
        // As in `Really?!, he said` marks behind letters are text.
        let begins_a_tag = |(at, _): (usize, &str)| {
            !word[..at].trim_end_matches(['!', '?', '.']).ends_with(char::is_alphanumeric)
        };
        word[..comma].match_indices('!').any(begins_a_tag)
    })
}

/// The anchors seen so far, by name; numbered from 1, because 0 is "none". A name may be given again, and
/// then stands for the later value.
#[derive(Default)]
struct Anchors {
    numbers: HashMap<String, usize>,
    last: usize,
}

impl Anchors {
    fn define(&mut self, name: Option<String>) -> usize {
        let Some(name) = name else { return 0 };
        self.last += 1;
        self.numbers.insert(name, self.last);
        self.last
    }
}

/// `None` for an alias of nothing.
fn translated(data: EventData, anchors: &mut Anchors) -> Option<Event<'static>> {
    Some(match data {
        EventData::StreamStart { .. } => Event::StreamStart,
        EventData::StreamEnd => Event::StreamEnd,
        EventData::DocumentStart { implicit, .. } => Event::DocumentStart(!implicit),
        EventData::DocumentEnd { .. } => Event::DocumentEnd,
        EventData::Alias { anchor } => Event::Alias(*anchors.numbers.get(&anchor)?),
        EventData::Scalar { anchor, tag, value, style, .. } => {
            Event::Scalar(Cow::Owned(value), scalar_style(style), anchors.define(anchor), tag.map(tagged))
        }
        EventData::SequenceStart { anchor, tag, .. } => {
            Event::SequenceStart(anchors.define(anchor), tag.map(tagged))
        }
        EventData::SequenceEnd => Event::SequenceEnd,
        EventData::MappingStart { anchor, tag, .. } => {
            Event::MappingStart(anchors.define(anchor), tag.map(tagged))
        }
        EventData::MappingEnd => Event::MappingEnd,
    })
}

fn scalar_style(style: Style) -> ScalarStyle {
    match style {
        Style::SingleQuoted => ScalarStyle::SingleQuoted,
        Style::DoubleQuoted => ScalarStyle::DoubleQuoted,
        Style::Literal => ScalarStyle::Literal,
        Style::Folded => ScalarStyle::Folded,
        _ => ScalarStyle::Plain,
    }
}

/// libyaml hands out the whole tag, the other parser its two parts.
fn tagged(tag: String) -> Cow<'static, Tag> {
    const CORE: &str = "tag:yaml.org,2002:";
    Cow::Owned(match tag.strip_prefix(CORE) {
        Some(suffix) => Tag { handle: CORE.to_owned(), suffix: suffix.to_owned() },
        None => Tag { handle: String::new(), suffix: tag },
    })
}

/// libyaml counts lines from 0.
fn marker(mark: Mark) -> Marker {
    let number = |count: u64| usize::try_from(count).unwrap_or(usize::MAX);
    Marker::new(number(mark.index), number(mark.line).saturating_add(1), number(mark.column))
}
