//! Blocks of YAML in many styles. Not all of them are legal: what is, the reader says.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

/// Keys as written.
const KEYS: &[&str] = &[
    "image",
    "image",
    "cover",
    "a",
    "b",
    "c",
    "ä",
    "\"a\"",
    "'b'",
    "\"\\xe4\"",
    "a b",
    "1",
    "true",
    "~",
    "Null",
    "&k c",
    "!!str a",
    "*x",
    "? a",
    "? \"b\"",
    "? [d]",
    "<<",
    "<<",
    "\"<<\"",
    "a#b",
    "-a",
    "?b",
    ":c",
    "",
];

/// Scalars as written; a line end is followed by the indent of where they stand, and may be by more.
const SCALARS: &[&str] = &[
    "A title",
    "a",
    "One\n two",
    "One\n\n two # c",
    "One\n  two\n three",
    "a #b",
    "a:b",
    "é 🎉",
    "\"A # b: c\"",
    "\"One\n two\"",
    "\"One\ntwo\"",
    "\"One\n\n \ttwo \\\n  three\"",
    "\"\\u00e9\\x41\\t\\_\\N\\\"\\/\"",
    "\"\"",
    "'it''s'",
    "'One\n two'",
    "'One\n\n\n two\n '",
    "''",
    "~",
    "null",
    "Null",
    "NULL",
    "nUll",
    "",
    "",
    "true",
    "False",
    "yes",
    "12",
    "-0",
    "+12",
    "0x1F",
    "0o17",
    "0777",
    "1_000",
    "1.5",
    "1.",
    ".5",
    "-1e+3",
    "1e",
    ".",
    "0xg",
    "2026-02-30",
    "2026-11-01T10:00:00+01:00",
    "12:30:45",
    "[]",
    "{}",
    "[ ]",
    "[a, b]",
    "[a, ]",
    "[a: b, c]",
    "[\"a\":b, ? c]",
    "[{a: b}, [c]]",
    "[a, # c\n b,\n\n c]",
    "[\n  a,\n  \"b\n  c\"\n ]",
    "{a: b, c}",
    "{a: , b: [c]}",
    "{\"a\":b, 'c': d, ? e : f}",
    "{a: {b: c},\n b: d\n }",
    "{a\n : b}",
    "|\n  A\n  b: c",
    "|-\n  A\n\n  # b",
    "|+\n  A\n\n",
    "| # c\n  A",
    ">\n  A\n  b\n\n   c\n  d",
    ">-\n  A\n  b",
    ">+1\n  A",
    "|",
    ">\n",
    "|+\n\n",
    "!a",
    "--",
    "?a",
    "-a",
    ":a",
    "'a' # b",
];

/// Scalars that are seldom legal.
const ODD: &[&str] = &[
    "a: b",
    "- a",
    "[,]",
    "@a",
    "`a`",
    "%a",
    "-",
    "?",
    ":",
    ": a",
    "\"a\" b",
    "'a'#b",
    "{ {a} }",
    "{{ a }}",
    "a # b",
    "|2\n   A\n  b",
    "12345678901234567890",
];

/// What names an anchor of [`ANCHORS`].
const ALIASES: &[&str] = &["*x", "*y", "[*x, *y]", "{<<: *x, a: b}", "{<<: [*x], <<: *x}"];

const ANCHORS: &str = "x: &x {image: c, b: {d: e}}\ny: &y [f]\n";

/// What may stand before a value: nothing, most of the time.
const PROPERTIES: &[&str] = &[
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "",
    "&x ",
    "&y ",
    "&x\t",
    "!!str ",
    "!!int ",
    "!!null ",
    "!!float ",
    "!!bool ",
    "! ",
    "!a ",
    "!<tag:yaml.org,2002:str> ",
    "&x !!str ",
    "!!map ",
    "!!seq ",
    "&y\n ",
];

/// What parts a key from its value.
const COLONS: &[&str] =
    &[": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ": ", ":\t", ":  ", " : ", ": \t", ":\n "];

/// What stands between lines.
const BETWEEN: &[&str] = &["\n", "# c\n", "  # c\n", "\t\n", "#\n", "\n\n"];

/// Lines that begin or end a document, or speak of it.
const MARKS: &[&str] = &["...\n", "--- \n", "%YAML 1.2\n", "... # c\n"];

/// What stands behind a value.
const TAILS: &[&str] = &["", "", "", "", "", "", " ", "\t", " # c", "\t# c", "  #"];

#[derive(Debug, Clone)]
enum Written {
    Scalar(&'static str),
    List(Vec<Node>),
    Mapping(Vec<Member>),
}

#[derive(Debug, Clone)]
struct Node {
    properties: &'static str,
    value: Written,
    tail: &'static str,
    /// How much deeper it stands than what is around it.
    step: usize,
}

#[derive(Debug, Clone)]
struct Member {
    between: &'static str,
    key: &'static str,
    colon: &'static str,
    value: Node,
}

fn scalar() -> impl Strategy<Value = Written> {
    prop_oneof![16 => select(SCALARS), 1 => select(ODD), 1 => select(ALIASES)].prop_map(Written::Scalar)
}

fn between() -> impl Strategy<Value = &'static str> {
    prop_oneof![40 => Just(""), 15 => select(BETWEEN), 1 => select(MARKS)]
}

fn node(value: impl Strategy<Value = Written>) -> impl Strategy<Value = Node> {
    (select(PROPERTIES), value, select(TAILS), select(&[2, 2, 2, 1, 4, 0][..]))
        .prop_map(|(properties, value, tail, step)| Node { properties, value, tail, step })
}

fn members(value: impl Strategy<Value = Written>) -> impl Strategy<Value = Vec<Member>> {
    let member = (between(), select(KEYS), select(COLONS), node(value))
        .prop_map(|(between, key, colon, value)| Member { between, key, colon, value });
    vec(member, 1..5)
}

/// A block, with the line end of its last line.
pub(super) fn block() -> impl Strategy<Value = String> {
    let value = scalar().prop_recursive(3, 10, 4, |inner| {
        prop_oneof![
            4 => scalar(),
            1 => vec(node(inner.clone()), 1..4).prop_map(Written::List),
            2 => members(inner).prop_map(Written::Mapping),
        ]
    });
    let above = select(&["", "", ANCHORS][..]);
    (above, members(value), between(), 0..6).prop_map(|(above, members, below, line_end)| {
        let mut block = format!("{above}{}", mapping(&members, 0));
        block.push_str(below);
        if line_end == 0 { block.replace('\n', "\r\n") } else { block }
    })
}

fn mapping(members: &[Member], indent: usize) -> String {
    let blanks = " ".repeat(indent);
    let mut text = String::new();
    for Member { between, key, colon, value } in members {
        text.push_str(between);
        let colon = if key.starts_with('?') {
            format!("\n{blanks}{colon}")
        } else {
            colon.replace('\n', &format!("\n{blanks}"))
        };
        text.push_str(&format!("{blanks}{key}{colon}{}\n", behind(value, indent)));
    }
    text
}

/// What stands behind a colon or a dash at this indent.
fn behind(node: &Node, indent: usize) -> String {
    let Node { properties, value, tail, step } = node;
    let blanks = " ".repeat(indent);
    let properties = properties.replace('\n', &format!("\n{blanks}"));
    match value {
        Written::Scalar(text) => {
            // A comment stands behind the mark of a text of lines, not behind its last line.
            let (first, rest) = match text.split_once('\n') {
                Some((first, rest)) if first.starts_with(['|', '>']) => {
                    (format!("{first}{tail}"), Some(rest))
                }
                Some((first, rest)) => (first.to_owned(), Some(rest)),
                None => ((*text).to_owned() + tail, None),
            };
            let rest = rest.map(|rest| {
                let lines = rest.split('\n').map(|line| match line {
                    "" => "\n".to_owned(),
                    line => format!("\n{blanks}{line}"),
                });
                lines.collect::<String>()
            });
            format!("{properties}{first}{}", rest.unwrap_or_default())
        }
        Written::List(items) => {
            let inner = indent + step;
            let blanks = " ".repeat(inner);
            let items = items.iter().map(|item| {
                let behind = match &item.value {
                    // The first key stands beside the dash.
                    Written::Mapping(members) if item.properties.is_empty() => {
                        mapping(members, inner + 2).trim_start_matches(' ').trim_end_matches('\n').to_owned()
                    }
                    _ => behind(item, inner),
                };
                format!("\n{blanks}- {behind}")
            });
            format!("{properties}{tail}{}", items.collect::<String>())
        }
        Written::Mapping(members) => {
            format!("{properties}{tail}\n{}", mapping(members, indent + step).trim_end_matches('\n'))
        }
    }
}
