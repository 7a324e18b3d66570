//! How a block of YAML writes a field that it has.

use saphyr_parser::ScalarStyle;

use super::super::manner::{Manner, Neighbours, Quotes};
use super::super::{FIRST, Reader};
use super::places::indent;
use super::splice::is_absent;
use super::tree::{self, Kind};
use super::with_blanks;

/// How the block writes the field at this path.
pub(in super::super) fn manner(block: &str, reader: Reader, path: &[&str]) -> Option<Manner> {
    let spaced = with_blanks(block, reader).ok()?;
    let tree = tree::parse(&spaced).ok()?;
    let mut node = tree.root.as_ref()?;
    let mut manner = Manner::default();
    let mut line = "";
    for name in path {
        if *name == FIRST {
            manner.places.push(Neighbours::default());
            let Kind::Sequence { items, flow } = &node.kind else { return None };
            node = items.first()?;
            let dashed = indent(block, node.span.start).len();
            manner.dash = dashed.checked_sub(line.len()).filter(|_| !flow);
            if let Kind::Mapping { entries, flow: false } = &node.kind {
                let key = entries.first()?.0.span.start;
                let begin = block[..key].rfind('\n').map_or(0, |end| end + 1);
                manner.inset = (key - begin).checked_sub(dashed).filter(|&inset| inset > 1);
            }
            continue;
        }
        let Kind::Mapping { entries, .. } = &node.kind else { return None };
        let at = entries.iter().position(|(key, _)| key.key().as_deref() == Some(name))?;
        let key_of = |at: usize| entries.get(at)?.0.key().map(|key| key.into_owned());
        manner.places.push(Neighbours::around(at, key_of));
        line = indent(block, entries[at].0.span.start);
        node = &entries[at].1;
        if let Kind::Mapping { entries, flow: false } = &node.kind {
            let inner = indent(block, entries.first()?.0.span.start).len();
            manner.step = inner.checked_sub(line.len()).filter(|&step| step > 0);
        }
    }
    if let Kind::Sequence { items, flow } = &node.kind {
        let first = items.first()?;
        let dash = indent(block, first.span.start).len().checked_sub(line.len());
        manner.dash = dash.filter(|_| !flow);
        node = first;
    }
    manner.quotes = match &node.kind {
        Kind::Scalar { style: ScalarStyle::DoubleQuoted, .. } => Some(Quotes::Double),
        Kind::Scalar { style: ScalarStyle::SingleQuoted, .. } => Some(Quotes::Single),
        Kind::Scalar { style: ScalarStyle::Plain, .. } if !is_absent(node) => Some(Quotes::Bare),
        _ => None,
    };
    Some(manner)
}
