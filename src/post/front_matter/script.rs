//! JavaScript blocks (`---js`), as Eleventy runs them: an object, or statements whose names are the keys. Nothing is
//! ever run: literals are read, and what only running it would tell is left out.

use std::ops::Range;

use gray_matter::engine::{Engine, JSON};
use serde_json::Value;

use super::splice::{FieldEdit, FieldValue, Source, Splice, quoted};
use super::{FIRST, Pod, Problem};

/// The longest block that is looked through, in bytes: its literals are found by trying.
const LONGEST: usize = 16 * 1024;
/// So many ends of one literal are tried.
const MOST_ENDS: usize = 64;
/// Brackets of one literal, which may all lie within each other.
const MOST_BRACKETS: usize = 200;

const HAS_TO_RUN: Problem = Problem::Unsupported { kind: "JavaScript, which would have to be run" };

/// Words that a statement begins with; below one, a line end ends the statement above.
const STATEMENTS: [&str; 10] =
    ["const", "let", "var", "export", "function", "async", "import", "class", "if", "for"];

/// A name that a statement binds to a literal, as ranges of the block.
struct Binding<'b> {
    name: &'b str,
    value: Range<usize>,
    literal: Value,
    /// Behind its semicolon.
    end: usize,
}

/// The statements of a block.
struct Statements<'b> {
    bindings: Vec<Binding<'b>>,
    /// Whether some of the block is not such a binding.
    has_more: bool,
}

/// Reads the block: the keys of an object of literals, or the names of statements.
pub(super) fn read(block: &str) -> Result<Pod, Problem> {
    if block.len() > LONGEST {
        return Err(HAS_TO_RUN);
    }
    let object = if is_object(block) { literal(block) } else { statements(block).data() };
    let data = object.filter(Value::is_object).ok_or(HAS_TO_RUN)?;
    JSON::parse(&data.to_string()).map_err(|_| HAS_TO_RUN)
}

/// The splice that sets one field.
pub(super) fn splice(source: Source<'_>, field: &FieldEdit<'_>) -> Result<Splice, Problem> {
    let block = source.block;
    let (name, below) = field.path.split_first().ok_or_else(|| field.unsafe_here())?;
    if !is_name(name) {
        return Err(field.unsafe_here());
    }
    let value = nested(below, field.value);
    if is_object(block) {
        // A key that is there is not looked for: only the object as a whole is read.
        let open = block.find('{').ok_or_else(|| field.unsafe_here())? + 1;
        let rest = &block[open..];
        let gap = &rest[..rest.len() - rest.trim_start().len()];
        let gap = if gap.is_empty() { " " } else { gap };
        return Ok(Splice::insert(open, format!("{gap}{name}: {value},")));
    }
    let Statements { bindings, has_more } = statements(block);
    if has_more {
        return Err(HAS_TO_RUN);
    }
    match (bindings.iter().find(|binding| binding.name == *name), below) {
        (Some(binding), []) if is_bare(&block[binding.value.clone()], &binding.literal) => {
            Ok(Splice { at: binding.value.clone(), text: value })
        }
        (Some(_), _) => Err(field.unsafe_here()),
        (None, _) => {
            let end = bindings.last().map_or(0, |last| last.end);
            let line_end = source.line_end(end);
            let line = format!("const {name} = {value};");
            let text = if end == 0 { format!("{line}{line_end}") } else { format!("{line_end}{line}") };
            Ok(Splice::insert(end, text))
        }
    }
}

/// Whether a value is a text, nothing or a truth alone, without a comment behind it.
fn is_bare(text: &str, literal: &Value) -> bool {
    match literal {
        Value::String(_) => text.starts_with(['"', '\'']) && text.ends_with(&text[..1]),
        Value::Null | Value::Bool(_) => matches!(text, "null" | "true" | "false"),
        _ => false,
    }
}

impl Statements<'_> {
    /// What is bound to literals; `None` where that is nothing of what there is.
    fn data(self) -> Option<Value> {
        let Self { bindings, has_more } = self;
        let is_known = !bindings.is_empty() || !has_more;
        let pairs = bindings.into_iter().map(|binding| (binding.name.to_owned(), binding.literal));
        is_known.then(|| Value::Object(pairs.collect()))
    }
}

fn is_object(block: &str) -> bool {
    block[blank(block)..].starts_with('{')
}

fn statements(block: &str) -> Statements<'_> {
    let mut found = Statements { bindings: Vec::new(), has_more: false };
    let mut at = 0;
    loop {
        at += blank(&block[at..]);
        let rest = &block[at..];
        if rest.is_empty() {
            return found;
        }
        at = match binding(block, at) {
            Some(binding) => {
                let end = binding.end;
                found.bindings.push(binding);
                end
            }
            None if rest.starts_with(';') => at + 1,
            None => {
                found.has_more = true;
                next_statement(block, at)
            }
        };
    }
}

/// The binding that begins here: `const name = literal`.
fn binding(block: &str, at: usize) -> Option<Binding<'_>> {
    let rest = &block[at..];
    let after = ["const", "let", "var"].iter().find_map(|word| rest.strip_prefix(word))?;
    let name = after.trim_start();
    let name_ends = name.find(|c: char| !is_name_sign(c)).unwrap_or(name.len());
    let (name, after_name) = name.split_at(name_ends);
    let spaced = after.starts_with(char::is_whitespace);
    let value = after_name.trim_start().strip_prefix('=').filter(|value| !value.starts_with(['=', '>']))?;
    let start = block.len() - value.trim_start().len();
    let (text, end) = ended(block, start)?;
    let literal = literal(text)?;
    let value = start..start + text.trim_end().len();
    (spaced && is_name(name)).then_some(Binding { name, value, literal, end })
}

/// The literal that begins here, as text, and where its statement ends.
fn ended(block: &str, start: usize) -> Option<(&str, usize)> {
    let ends = block[start..].match_indices([';', '\n']).map(|(at, sign)| (start + at, sign == ";"));
    let ends = ends.chain([(block.len(), false)]);
    let mut ends = ends.filter(|(end, closed)| *closed || begins_a_statement(&block[*end..])).take(MOST_ENDS);
    ends.find_map(|(end, closed)| {
        let text = &block[start..end];
        literal(text)?;
        Some((text, if closed { end + 1 } else { start + text.trim_end().len() }))
    })
}

/// Whether what follows a line end is a statement of its own.
fn begins_a_statement(rest: &str) -> bool {
    let rest = &rest[blank(rest)..];
    let word = rest.find(|c: char| !is_name_sign(c)).map_or(rest, |end| &rest[..end]);
    rest.is_empty() || STATEMENTS.contains(&word)
}

/// Where the next line begins that is a statement with no blank before it.
fn next_statement(block: &str, at: usize) -> usize {
    let lines = block[at..].match_indices('\n').map(|(line, _)| at + line + 1);
    let mut lines = lines.filter(|line| !block[*line..].starts_with(char::is_whitespace));
    lines.find(|line| begins_a_statement(&block[*line..])).unwrap_or(block.len())
}

/// A literal, as JSON5 writes it: JavaScript without what has to be run.
fn literal(text: &str) -> Option<Value> {
    let brackets = text.bytes().filter(|byte| matches!(byte, b'[' | b'{')).count();
    if brackets > MOST_BRACKETS { None } else { json5::from_str(text).ok() }
}

/// Length of the blanks and comments that a text begins with.
fn blank(text: &str) -> usize {
    let mut rest = text.trim_start();
    loop {
        rest = match (rest.strip_prefix("//"), rest.strip_prefix("/*")) {
            (Some(comment), _) => comment.find('\n').map_or("", |end| &comment[end..]),
            (None, Some(comment)) => comment.find("*/").map_or("", |end| &comment[end + 2..]),
            (None, None) => return text.len() - rest.len(),
        }
        .trim_start();
    }
}

fn is_name_sign(sign: char) -> bool {
    sign.is_ascii_alphanumeric() || matches!(sign, '_' | '$')
}

/// Whether a field can be the name of a variable.
fn is_name(name: &str) -> bool {
    !name.is_empty() && !name.starts_with(|c: char| c.is_ascii_digit()) && name.chars().all(is_name_sign)
}

/// A value below further objects, e.g. `{"image": "a.png"}`.
fn nested(path: &[String], value: &FieldValue) -> String {
    path.iter().rfold(value.fresh(value.quoted()), |inner, name| match name.as_str() {
        FIRST => format!("[{inner}]"),
        name => format!("{{{}: {inner}}}", quoted(name)),
    })
}
