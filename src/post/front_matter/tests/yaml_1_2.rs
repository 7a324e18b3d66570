//! Generated YAML, read and edited, against a reader of YAML 1.2 that is written here by the letter of its core
//! schema: of ours it shares only the parser that says what stands where.

mod blocks;
mod reader;

use proptest::prelude::*;
use proptest::sample::select;

use super::super::{Change, FieldValue, Pod, Problem, Reader, edit, find, read};
use blocks::block;
use reader::{Composed, compose};

/// Readers that find blocks by different rules: dots end one, or do not.
const READERS: &[Reader] = &[Reader::Jekyll, Reader::GrayMatter, Reader::Zola];

/// The text between the delimiters as the finder sees them, and what YAML 1.2 makes of it.
fn composed(text: &str, reader: Reader) -> Option<Composed> {
    let found = find::block(text, reader).ok()??;
    compose(&text[found.text])
}

/// What is legal and is refused, by the reason that is said of it.
const REFUSED: &[&str] = &[
    // A mapping or a list as a key has no name, and nearly always is a template that lacks its quotes.
    "a key is not plain text; if this is a `{{ template }}`, put it in quotes",
];

/// Whether a field of the block may be one that cannot be set in place.
fn may_be_unsafe(block: &str) -> bool {
    // A tag says that something else stands here.
    block.contains('!')
        // An alias takes the value to another place as well.
        || block.contains('*')
        // Beside a merged key the own one is written in its own form: it is no list where that one was a text.
        || block.contains("<<")
        // A key that is not written has no place.
        || block.lines().any(|line| line.trim_start().starts_with([':', '?']))
}

fn is_refused(problem: &Problem) -> bool {
    matches!(problem, Problem::Invalid { reason, .. } if REFUSED.contains(&reason.as_str()))
}

#[test]
fn what_the_generators_agree_on_is_read_as_they_read_it() {
    let text = |text: &str| Pod::String(text.to_owned());
    for (block, field, value) in [
        ("a: Null\n", "a", Pod::Null),
        ("a: NULL # c\n", "a", Pod::Null),
        ("a: [NULL, b]\n", "a", Pod::Array(vec![Pod::Null, text("b")])),
        ("a: \"NULL\"\n", "a", text("NULL")),
        ("a: !!int 0x1F\n", "a", Pod::Integer(31)),
        ("a: !!int \"12\"\n", "a", Pod::Integer(12)),
        ("a: !!float 12\n", "a", Pod::Float(12.0)),
        ("&x a: b\nc: *x\n", "c", text("a")),
        // As libyaml reads it.
        ("a:\tb\nc: |+\n  d\n\n", "c", text("d\n\n")),
        ("a: \"Really?!, he\nsaid\"\n", "a", text("Really?!, he said")),
    ] {
        let found = read(&format!("---\n{block}---\n"), Reader::GrayMatter).unwrap().unwrap();
        assert_eq!(found.get(field), Some(&value), "{block}");
    }
}

#[test]
fn what_the_generators_read_is_edited_where_it_stands() {
    let path = |path: &str| FieldValue::Path(path.to_owned());
    let item = |path: &str| FieldValue::Item(path.to_owned());
    for (block, field, value, after) in [
        // Above the dots that end a document, where a reader does not end the block at them.
        ("a: b\n...\n", "i", path("/i.png"), "a: b\ni: /i.png\n...\n"),
        ("# c\n... # d\n", "i", path("/i.png"), "# c\ni: /i.png\n... # d\n"),
        ("a: |\n  ...\n", "i", path("/i.png"), "a: |\n  ...\ni: /i.png\n"),
        // A comment behind brackets.
        ("i: [] # none\n", "i", item("/i.png"), "i: [/i.png] # none\n"),
        ("i: {} # none\n", "i.j", path("/i.png"), "i: {j: /i.png} # none\n"),
        (
            "c:\n  d: {\n    e: f,\n  } # g\n",
            "c.i",
            path("/i.png"),
            "c:\n  d: {\n    e: f,\n  } # g\n  i: /i.png\n",
        ),
        // An anchor or a tag of nothing.
        ("i: &x # c\n", "i", path("/i.png"), "i: &x /i.png # c\n"),
        ("i: !!str\na: b\n", "i", item("/i.png"), "i: !!str /i.png\na: b\n"),
        ("i: &x\n", "i.j", path("/i.png"), "i: &x {j: /i.png}\n"),
        // A key without its colon.
        ("i: {a, j}\n", "i.j", path("/i.png"), "i: {a, j: /i.png}\n"),
        // Texts of lines, wherever they begin.
        ("i:\n |\n  a\nb: c\n", "i", path("/i.png"), "i:\n /i.png\nb: c\n"),
        ("i: # c\n  &x >-\n  a\n", "i", path("/i.png"), "i: # c\n  &x /i.png\n"),
        ("i:\n- |\n  a\n- b\n", "i", path("/i.png"), "i:\n- /i.png\n- b\n"),
        ("i: |\n\nb: c\n", "i.j", path("/i.png"), "i: {j: /i.png}\n\nb: c\n"),
        // A list whose first item is not written yet.
        ("i:\n  -\n", "i", item("/i.png"), "i:\n  - /i.png\n"),
        ("i:\n- # c\n- b\n", "i", item("/i.png"), "i:\n- /i.png # c\n- b\n"),
        ("i:\n- ~\n", "i", item("/i.png"), "i:\n- /i.png\n"),
        // Long keys.
        ("a:\n- b\n? i\n: c\n", "i", path("/i.png"), "a:\n- b\n? i\n: /i.png\n"),
        ("? i\n: a: b\n", "i.j", path("/i.png"), "? i\n: a: b\n  j: /i.png\n"),
        ("a:\n- b\n? c\n: d\n", "a", path("/i.png"), "a:\n- /i.png\n? c\n: d\n"),
    ] {
        let change = Change { field: field.to_owned(), value };
        let edited = edit(&format!("---\n{block}---\n"), Reader::GrayMatter, &[change]);
        assert_eq!(edited, Ok(format!("---\n{after}---\n")), "{block}");
    }
}

#[test]
fn a_tag_of_a_text_is_never_left_before_a_mapping() {
    for block in ["i: !!str\n", "i: !!null ~\n", "i: &x !!str ''\n", "i: !<tag:yaml.org,2002:str> |\n"] {
        let change = Change { field: "i.j".to_owned(), value: FieldValue::Path("/i.png".to_owned()) };
        let edited = edit(&format!("---\n{block}---\n"), Reader::GrayMatter, &[change]);
        assert!(matches!(edited, Err(Problem::Unsafe { .. })), "{edited:?}");
    }
}

#[test]
fn a_key_that_is_a_collection_is_named_however_it_is_written() {
    for block in ["t: {{ t }}\n", "t: { {t} }\n", "? [a]\n: b\n", "? - a\n: b\n", "[a]: b\n", "t: [[a]: b]\n"]
    {
        let problem = read(&format!("---\n{block}---\n"), Reader::GrayMatter).unwrap_err();
        assert!(is_refused(&problem), "{block} {problem}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_yaml_1_2_reads_is_read_with_the_same_values(block in block(), reader in select(READERS)) {
        let text = format!("---\n{block}---\nText\n");
        let Some(Composed { data: data @ Pod::Hash(_), .. }) = composed(&text, reader) else { return Ok(()) };
        match read(&text, reader) {
            Ok(found) => prop_assert_eq!(found.map(|found| found.data), Some(data), "{}", text),
            Err(problem) => prop_assert!(is_refused(&problem), "{}: {}", problem, text),
        }
    }

    #[test]
    fn an_edit_changes_what_yaml_1_2_reads_in_its_field_alone(
        block in block(),
        reader in select(READERS),
        field in select(&["image", "cover.image", "a", "b.c", "ä"][..]),
        kind in 0..3,
    ) {
        let text = format!("---\n{block}---\nText\n");
        let Some(before) = composed(&text, reader) else { return Ok(()) };
        let value = match kind {
            0 => FieldValue::Path("/i/a.png".to_owned()),
            1 => FieldValue::Text("A \"boat\": #1".to_owned()),
            _ => FieldValue::Item("/i/a.png".to_owned()),
        };
        let expected = before.with(field, &value);
        match edit(&text, reader, &[Change { field: field.to_owned(), value }]) {
            Ok(edited) => {
                let after = composed(&edited, reader).map(|after| after.data);
                prop_assert_eq!(after, expected, "{}\nbecame {}", text, edited);
            }
            Err(Problem::WrongType { .. }) => prop_assert_eq!(expected, None, "{}", text),
            Err(Problem::Twice { .. }) => prop_assert!(!before.repeated.is_empty(), "{}", text),
            Err(Problem::Unsafe { .. }) => prop_assert!(may_be_unsafe(&block), "{}", text),
            Err(problem) => prop_assert!(is_refused(&problem), "{}: {}", problem, text),
        }
    }
}
