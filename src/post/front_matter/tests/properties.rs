//! What holds for every text, and for every block that can be written.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::yaml::{both_readings_agree, reads_as_plain};
use super::super::{Change, FieldValue, Pod, Reader, edit, read};
use super::ALL;

/// Pieces that delimiters and the three languages are made of, so that random texts get somewhere.
const PIECES: &[&str] = &[
    "---",
    "+++",
    "...",
    ";;;",
    "\n",
    "\r\n",
    "\n",
    "\r",
    " ",
    "  ",
    "\t",
    "image",
    "title",
    "a",
    ": ",
    ":",
    " = ",
    "=",
    "\"",
    "'",
    "\\",
    "{",
    "}",
    "[",
    "]",
    "[[",
    ",",
    "- ",
    "?",
    "|",
    ">",
    "|+\n",
    "#",
    "&x",
    "*x",
    "!!str ",
    "!",
    "<<: ",
    "json",
    "js",
    "\u{feff}",
    "é",
    "🎉",
    "\u{a0}",
    "\u{2028}",
    "{{",
    "%",
    "@",
    "`",
    "0x1",
    "1e3",
    ".nan",
    "~",
    "null",
    "true",
    "2026-02-30",
    "\"\"\"",
    "'''",
    "<!--",
    "#+",
    "\0",
];

fn hostile() -> impl Strategy<Value = String> {
    let pieces = vec(select(PIECES), 0..40).prop_map(|pieces| pieces.concat());
    let opening = select(&["", "---\n", "+++\n", "{", "---json\n", ";;;\n"][..]);
    let closing = select(&["", "\n---\nBody", "\n+++\nBody", "}\n", "\n;;;\n"][..]);
    prop_oneof![any::<String>(), (opening, pieces, closing).prop_map(|(a, b, c)| format!("{a}{b}{c}"))]
}

/// What people write behind a colon or a dash.
const PLAIN: &[&str] = &[
    "A title",
    "Größe, 你好 🎉",
    "it's \"quoted\" & more! [1] {2}",
    "/images/a-b_c.jpg",
    "../a.png?b=c#d",
    "https://example.com/a:b",
    "2026-11-01",
    "2026-11-01T10:00:00+01:00",
    "12:30",
    "(1)",
    "0x1F",
    "1e3",
    "1_000",
    "007",
    ".5",
    ".inf",
    "...",
    "_",
    "true",
    "False",
    "yes",
    "null",
    "NULL",
    "no",
    "\"a: b # c\"",
    "''",
    "\"\"",
    "'[x] {{ y }} '",
];

/// Blocks that are plain: what nearly every post has.
fn plain() -> impl Strategy<Value = String> {
    let value = || select(PLAIN).prop_map(str::to_owned);
    let list = vec(select(&["a", "b c", "\"d\"", "'e f'", "1", "true", "ü-ö", "C++", ".x", "y/z"][..]), 0..4);
    let list = list.prop_map(|items| format!("[{}]", items.join(", ")));
    let items = (vec(value(), 1..4), select(&["", "  ", " "][..])).prop_map(|(items, indent)| {
        items.iter().map(|item| format!("\n{indent}- {item}")).collect::<String>()
    });
    let inner = vec(value(), 1..4).prop_map(|values| {
        values.iter().enumerate().map(|(n, value)| format!("\n  k{n}: {value}")).collect::<String>()
    });
    let value = prop_oneof![4 => value(), 1 => list, 1 => items, 1 => inner, 1 => Just(String::new())];
    let between = select(&["", "", "", "\n", "# a comment: here\n"][..]);
    let line = (value, select(&["", "  "][..]), between);
    (vec(line, 1..6), any::<bool>()).prop_map(|(lines, crlf)| {
        let lines = lines.iter().enumerate();
        let block: String =
            lines.map(|(n, (value, tail, between))| format!("{between}key-{n}: {value}{tail}\n")).collect();
        if crlf { block.replace('\n', "\r\n") } else { block }
    })
}

/// Plain blocks with something in them that may not be.
fn nearly_plain() -> impl Strategy<Value = String> {
    let disturbed = (plain(), any::<prop::sample::Index>(), select(PIECES)).prop_map(|(block, at, piece)| {
        let places: Vec<usize> = block.char_indices().map(|(at, _)| at).collect();
        let (before, after) = block.split_at(*at.get(&places));
        format!("{before}{piece}{after}")
    });
    let line =
        (select(&["", "", "", " ", "  ", "    "][..]), select(LINES)).prop_map(|(a, b)| format!("{a}{b}\n"));
    let lines = vec(line, 1..4).prop_map(|lines| lines.concat());
    let among = (plain(), any::<prop::sample::Index>(), lines).prop_map(|(block, at, lines)| {
        let mut kept: Vec<&str> = block.split_inclusive('\n').collect();
        kept.insert(at.index(kept.len() + 1), &lines);
        kept.concat()
    });
    prop_oneof![disturbed, among]
}

/// Lines that mean one thing or another by what stands around them.
const LINES: &[&str] = &[
    "a:",
    "b:",
    "c: d",
    "e: ",
    "- f",
    "- g: h",
    "-",
    "--- ",
    "i",
    "# j",
    "",
    "k: [l",
    "m]: n",
    "o: 'p",
    "q'",
    "r: |",
    "s: >-",
    "t: u:",
    "v: - w",
    "x: #y",
    "true: 1",
    "True: 2",
    "n: \"o\\np\"",
    "c: again",
    "c: d # e",
    "- f #g",
    "h: 'i' # j",
    "k: l : m",
    "z: [a, 'b, c']",
    "z2: [a, b,]",
    "z3: ['a' b]",
    "z4: [a b, \"c\", -d]",
];

fn changes() -> impl Strategy<Value = Vec<Change>> {
    let field = select(
        &[
            "image",
            "image",
            "cover.image",
            "a.b.c",
            "a[].b",
            "image[].x",
            "title",
            "odd key",
            "",
            "a.",
            "[].a",
        ][..],
    );
    let value = (any::<String>(), 0..4).prop_map(|(text, kind)| match kind {
        0 => FieldValue::Path("/i/a.png".into()),
        1 => FieldValue::Text(text),
        2 => FieldValue::Item(text),
        _ => FieldValue::Bool(false),
    });
    vec((field, value).prop_map(|(field, value)| Change { field: field.to_owned(), value }), 1..3)
}

/// The edited text is the old one with spans replaced inside the block only.
fn keeps_the_rest(text: &str, reader: Reader, changes: &[Change]) {
    let Ok(edited) = edit(text, reader, changes) else { return };
    let (old, new) = (read(text, reader).unwrap().unwrap(), read(&edited, reader).unwrap().unwrap());
    assert_eq!(text[..old.block.start], edited[..new.block.start]);
    assert_eq!(text[old.block.end..], edited[new.block.end..]);
    // Two changes may be of one field, and then the second run begins with the first of them.
    if changes.len() == 1 {
        assert_eq!(
            edit(&edited, reader, changes).as_deref(),
            Ok(edited.as_str()),
            "twice changes nothing more"
        );
    }
}

/// A value of any of the forms the three languages share.
#[derive(Debug, Clone)]
enum Data {
    Text(String),
    Number(i32),
    Flag(bool),
    List(Vec<Data>),
    Map(Vec<(String, Data)>),
}

fn data() -> impl Strategy<Value = Data> {
    let leaf = prop_oneof![
        "[ -~é🎉\n]{0,12}".prop_map(Data::Text),
        any::<i32>().prop_map(Data::Number),
        any::<bool>().prop_map(Data::Flag),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![vec(inner.clone(), 0..4).prop_map(Data::List), members(inner).prop_map(Data::Map)]
    })
}

fn members(value: impl Strategy<Value = Data>) -> impl Strategy<Value = Vec<(String, Data)>> {
    // The prefix keeps generated keys apart from the fields that are set, and from each other.
    vec(("[a-z]{0,4}", value), 0..5).prop_map(|members| {
        let numbered = members.into_iter().enumerate();
        numbered.map(|(number, (key, value))| (format!("k{number}{key}"), value)).collect()
    })
}

/// One line of JSON, which YAML reads as a flow value; TOML wants `=` for the colon.
fn inline(data: &Data, colon: &str) -> String {
    match data {
        Data::Text(text) => super::super::splice::quoted(text),
        Data::Number(number) => number.to_string(),
        Data::Flag(flag) => flag.to_string(),
        Data::List(items) => {
            format!("[{}]", items.iter().map(|item| inline(item, colon)).collect::<Vec<_>>().join(", "))
        }
        Data::Map(members) => {
            let pairs: Vec<_> = members
                .iter()
                .map(|(key, value)| format!("\"{key}\"{colon}{}", inline(value, colon)))
                .collect();
            format!("{{{}}}", pairs.join(", "))
        }
    }
}

/// Block style with comments between, as people write YAML.
fn yaml(members: &[(String, Data)], indent: &str, end: &str, out: &mut String) {
    for (key, value) in members {
        match value {
            Data::Map(inner) if !inner.is_empty() => {
                out.push_str(&format!("{indent}{key}: # c{end}"));
                yaml(inner, &format!("{indent}  "), end, out);
            }
            Data::List(items) if !items.is_empty() => {
                out.push_str(&format!("{indent}{key}:{end}"));
                for item in items {
                    out.push_str(&format!("{indent}- {}{end}", inline(item, ": ")));
                }
            }
            Data::Text(text) if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_alphanumeric()) => {
                out.push_str(&format!("{indent}{key}: |{end}{indent}  {text}{end}{end}"));
            }
            value => out.push_str(&format!("{indent}{key}: {}{end}", inline(value, ": "))),
        }
    }
}

fn posts() -> impl Strategy<Value = (String, Reader)> {
    (members(data()), 0..3, any::<bool>(), "[ -~\n]{0,20}").prop_map(|(members, format, crlf, body)| {
        let end = if crlf { "\r\n" } else { "\n" };
        match format {
            0 => {
                let mut block = String::new();
                yaml(&members, "", end, &mut block);
                (format!("---{end}{block}---{end}{body}"), Reader::Jekyll)
            }
            1 => {
                let pairs = |members: &[(String, Data)]| -> String {
                    members
                        .iter()
                        .map(|(key, value)| format!("{key} = {}{end}", inline(value, " = ")))
                        .collect()
                };
                let (tables, pairs_first): (Vec<_>, Vec<_>) =
                    members.into_iter().partition(|(_, value)| matches!(value, Data::Map(_)));
                let mut block = pairs(&pairs_first);
                for (key, table) in tables {
                    let Data::Map(inner) = table else { continue };
                    block.push_str(&format!("{end}[{key}]{end}{}", pairs(&inner)));
                }
                (format!("+++{end}{block}+++{end}{body}"), Reader::Zola)
            }
            _ => (format!("{}{end}{body}", inline(&Data::Map(members), ": ")), Reader::Hugo),
        }
    })
}

/// A block with merge keys on two levels, and the mapping that they should come to.
fn merging() -> impl Strategy<Value = (String, Vec<(String, String)>)> {
    let members = || vec((select(&["image", "alt", "title"][..]), "[a-z]{1,4}"), 0..4);
    let merge = select(&["  <<: *a", "  <<: [*b, *a]", "  <<: [*a]", "  <<:\n  - *a\n  - *b", ""][..]);
    (members(), members(), members(), merge, any::<bool>()).prop_map(|(a, b, own, merge, below)| {
        let unique = |members: Vec<(&'static str, String)>| -> Vec<(String, String)> {
            let map: std::collections::BTreeMap<_, _> = members.into_iter().collect();
            map.into_iter().map(|(key, value)| (key.to_owned(), format!("v{value}"))).collect()
        };
        let (a, b, own) = (unique(a), unique(b), unique(own));
        let flow = |members: &[(String, String)]| -> String {
            members.iter().map(|(key, value)| format!("{key}: {value}, ")).collect()
        };
        let lines: String = own.iter().map(|(key, value)| format!("  {key}: {value}\n")).collect();
        let inner = if below { format!("{lines}{merge}\n") } else { format!("{merge}\n{lines}") };
        let block = format!("a: &a {{{}}}\nb: &b {{{}}}\npost:\n  k: 1\n{inner}", flow(&a), flow(&b));
        let order: Vec<_> = match merge.replace([' ', '\n'], "").as_str() {
            "" => vec![own],
            "<<:*a" | "<<:[*a]" => vec![own, a],
            "<<:[*b,*a]" => vec![own, b, a],
            _ => vec![own, a, b],
        };
        let mut members: Vec<(String, String)> = Vec::new();
        for (key, value) in order.into_iter().flatten() {
            if members.iter().all(|(known, _)| *known != key) {
                members.push((key, value));
            }
        }
        (format!("---\n{block}---\nBody\n"), members)
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    // B-103
    #[test]
    fn no_text_makes_reading_or_editing_panic(text in hostile(), changes in changes()) {
        for &reader in ALL {
            keeps_the_rest(&text, reader, &changes);
        }
    }

    #[test]
    fn an_edit_of_a_valid_block_adds_its_fields_and_nothing_else((text, reader) in posts(), alt in any::<String>()) {
        let changes = [
            Change { field: "image".into(), value: FieldValue::Path("/i/a.png".into()) },
            Change { field: "cover.alt".into(), value: FieldValue::Text(alt.clone()) },
        ];
        let before = read(&text, reader).unwrap().unwrap();
        let edited = edit(&text, reader, &changes).unwrap();
        keeps_the_rest(&text, reader, &changes);

        let after = read(&edited, reader).unwrap().unwrap();
        prop_assert_eq!(after.get("image"), Some(&Pod::String("/i/a.png".into())));
        prop_assert_eq!(after.get("cover.alt"), Some(&Pod::String(alt)));
        let (Pod::Hash(old), Pod::Hash(mut new)) = (before.data, after.data) else { unreachable!() };
        new.remove("image");
        new.remove("cover");
        prop_assert_eq!(old, new);
        // Two new fields are two insertions: without them the old text is a subsequence in order.
        let mut rest = edited.chars();
        prop_assert!(text.chars().all(|c| rest.any(|kept| kept == c)));
    }

    #[test]
    fn a_value_that_is_set_again_replaces_the_first((text, reader) in posts(), one in any::<String>(), two in any::<String>()) {
        let set = |text: &str, value: &str| {
            edit(text, reader, &[Change { field: "prompt".into(), value: FieldValue::Text(value.into()) }]).unwrap()
        };
        prop_assert_eq!(set(&set(&text, &one), &two), set(&text, &two));
    }

    #[test]
    fn merged_keys_are_read_and_never_written_through((text, members) in merging()) {
        for &reader in ALL {
            let found = read(&text, reader).unwrap().unwrap();
            for (key, value) in &members {
                prop_assert_eq!(found.get(&format!("post.{key}")), Some(&Pod::String(value.clone())), "{}", text);
            }
            let change = Change { field: "post.image".into(), value: FieldValue::Path("/i/a.png".into()) };
            keeps_the_rest(&text, reader, std::slice::from_ref(&change));
            let edited = read(&edit(&text, reader, &[change]).unwrap(), reader).unwrap().unwrap();
            for (key, value) in &members {
                let value = if key == "image" { "/i/a.png" } else { value };
                let now = edited.get(&format!("post.{key}"));
                prop_assert_eq!(now, Some(&Pod::String(value.to_owned())), "{}", text);
            }
            prop_assert_eq!((edited.get("a"), edited.get("b")), (found.get("a"), found.get("b")));
        }
    }

    #[test]
    fn the_tree_reads_what_the_engine_reads(text in hostile()) {
        both_readings_agree(&text);
    }
}

#[test]
fn a_text_of_lines_without_any_is_nothing_to_both_readers() {
    for scalar in ["|", ">", "|-", "|+", ">+", "|+2", "|2+", "|+ # kept"] {
        for around in ["{}\n", "a: {}\n", "a: {}\n\n", "a: {}\nb: c\n", "- {}\n- b\n", "a:\n  b: {}\nc: d\n"]
        {
            both_readings_agree(&around.replace("{}", scalar));
        }
    }
}

proptest! {
    // Cheap, and the one thing that may never be wrong.
    #![proptest_config(ProptestConfig { cases: 3_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_block_that_is_read_in_one_pass_reads_as_in_full(text in hostile(), lines in nearly_plain()) {
        reads_as_plain(&text);
        reads_as_plain(&lines);
    }

    #[test]
    fn what_nearly_every_post_has_is_read_in_one_pass(lines in plain()) {
        prop_assert!(reads_as_plain(&lines), "{:?}", lines);
    }
}
