//! Blocks that YAML 1.2 forbids to the letter, or that one parser refuses, and that the generators read:
//! each was given to libyaml (Ruby, Python), js-yaml and Hugo, and most of them read it as it stands here.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::yaml::is_read_if_libyaml_does;
use super::super::{Change, FieldValue, Reader, edit, read};
use super::ALL;

/// A block, a field of it, and the field's text.
const LEGAL: &[(&str, &str, &str)] = &[
    // Tabs as separation.
    ("title:\tA\n", "title", "A"),
    ("title:\t\tA\t# c\n", "title", "A"),
    ("x: {a:\tA}\n", "x.a", "A"),
    ("seo:\n  x:\tA\n", "seo.x", "A"),
    ("date:\t2025-01-05\ntitle: E\n", "date", "2025-01-05"),
    ("title:\t\"A\tb\"\n", "title", "A\tb"),
    ("title:\n  \tA\n", "title", "A"),
    ("title: A\ntags: [\n\ta,\n\tb\n]\n", "title", "A"),
    ("m: {\n\ta: A,\n\tb: 2\n}\n", "m.a", "A"),
    // Quoted values that go on at the indent of their key.
    ("title: \"One\ntwo\"\n", "title", "One two"),
    ("title: 'One\ntwo'\n", "title", "One two"),
    ("a: 1\ntitle: \"One\n\ntwo\"\nb: 2\n", "title", "One\ntwo"),
    ("title: \"One\r\ntwo\"\r\n", "title", "One two"),
    ("title: \"One \\\ntwo\"\n", "title", "One two"),
    ("title: \"One\n\ttwo\"\n", "title", "One two"),
    ("seo:\n  t: \"One\n  two\"\n", "seo.t", "One two"),
    ("seo:\n  t: \"One\ntwo\"\nb: 1\n", "seo.t", "One two"),
    (
        "summary: \"Text with\nkey: inside\n- and # more\"\ndate: 1\n",
        "summary",
        "Text with key: inside - and # more",
    ),
    ("title: \"Größe 🎉\nzwei\"\nb: 1\n", "title", "Größe 🎉 zwei"),
    ("ä: 你好 🎉\n\"ö\": 'é\nü'\ntitle: \"Größe 🎉\nzwei\" # ß\nb: 1\n", "title", "Größe 🎉 zwei"),
    ("ä: \"\\ud83d\\ude00 é\"\ntitle: \"Größe\nzwei\" # ß\nb: 1\n", "title", "Größe zwei"),
    // Brackets that go on at the indent of their key.
    ("title: A\ntags: [\na,\nb\n]\n", "title", "A"),
    ("title: A\ntags: [\na,\nb]\nc: 1\n", "title", "A"),
    ("m: {\na: A,\nb: 2\n}\n", "m.a", "A"),
    ("title: A\nl: [\"b\nc\"]\n", "title", "A"),
    // A comment that touches a quote.
    ("title: \"A\"# c\n", "title", "A"),
    ("title: 'A'#c\nb: 1\n", "title", "A"),
    // A byte order mark in the middle is a letter.
    ("title: A\nb: \u{feff}c\n", "title", "A"),
    // Letters that JSON spells as two escapes.
    ("title: \"A \\ud83d\\ude00 \\uD83C\\uDF89b\"\nb: é\n", "title", "A 😀 🎉b"),
    ("a: \"\\\\ud83d \\ud83d\\ude00\"\nt: {u: \"A\", v: \"\\ud83d\\ude00\" }\n", "t.u", "A"),
    ("x: \"\\ud83d\\ude00\"\ntitle:\tA\n", "title", "A"),
    // Anchors, aliases and merge keys beside such a value.
    ("a: &x\tA\nt: *x\n", "t", "A"),
    ("d: &d {a:\tA}\nt:\n  <<: *d\n", "t.a", "A"),
    ("a: &x\tB\nb: &x A\nt: *x\n", "t", "A"),
    ("title: !!str\t1\n", "title", "1"),
];

fn image() -> Change {
    Change { field: "image".to_owned(), value: FieldValue::Path("/i/a.png".to_owned()) }
}

#[test]
fn what_the_generators_read_is_read() {
    for (block, field, text) in LEGAL {
        for &reader in ALL.iter().filter(|&&reader| reader != Reader::Hexo || !block.contains("\n\t")) {
            let found = read(&format!("---\n{block}---\nText\n"), reader);
            let found = found.unwrap_or_else(|problem| panic!("{block:?}: {problem}")).unwrap();
            assert_eq!(found.text(field).as_deref(), Some(*text), "{block:?}");
        }
    }
}

#[test]
fn what_the_generators_read_is_edited_in_place() {
    for (block, field, _) in LEGAL {
        let text = format!("---\n{block}---\nText\n");
        let end = if block.ends_with("\r\n") { "\r\n" } else { "\n" };
        let added = edit(&text, Reader::Jekyll, &[image()]);
        assert_eq!(added, Ok(format!("---\n{block}image: /i/a.png{end}---\nText\n")), "{block:?}");

        let anew = Change { field: (*field).to_owned(), value: FieldValue::Text("Anew".to_owned()) };
        let edited =
            edit(&text, Reader::Jekyll, &[anew]).unwrap_or_else(|problem| panic!("{block:?}: {problem}"));
        let found = read(&edited, Reader::Jekyll).unwrap().unwrap();
        assert_eq!(found.text(field).as_deref(), Some("Anew"), "{edited:?}");
    }
}

#[test]
fn what_no_generator_reads_is_refused() {
    for block in [
        "title: \"A\n",
        "a: *x\nb:\tc\n",
        "a: b\nimage=\"x\"\n",
        "a:\tb: c\n",
        "\ta:\tb\n",
        "a: \"\\ud83d\"\n",
        "a: \"\\ude00\\ud83d\"\n",
    ] {
        let found = read(&format!("---\n{block}---\nText\n"), Reader::Jekyll);
        assert!(found.is_err(), "{block:?}: {found:?}");
    }
}

#[test]
fn tabs_that_hexo_takes_for_blanks_are_read_and_kept() {
    for block in ["a:\n\tb: c\n", "a:\n  b: c\n\t\n", "\t\na:\n  b: c\n", "a:\n\tb: c\n \n"] {
        let text = format!("---\n{block}---\nText\n");
        assert_eq!(
            edit(&text, Reader::Hexo, &[image()]),
            Ok(format!("---\n{block}image: /i/a.png\n---\nText\n")),
            "{block:?}"
        );
        let found = read(&text, Reader::Hexo).unwrap().unwrap();
        assert_eq!(found.text("a.b").as_deref(), Some("c"), "{block:?}");
    }
    let mixed = read("---\na:\n  b: c\nd:\n\te: f\n---\n", Reader::Hexo).unwrap_err();
    assert!(mixed.to_string().contains("tabs and blanks are mixed"), "{mixed}");
}

/// Lines that mean one thing or another by what stands around them.
const LINES: &[&str] = &[
    "a:\tb",
    "a: \"\\ud83d\\ude00 b\"",
    "c: \"d",
    "e\"",
    "f: 'g",
    "h'",
    "i: [",
    "j,",
    "\tk",
    "]",
    "l: {m:\tn",
    "}",
    "",
    "\t",
    "# o",
    "- p",
    "  - q",
    "r: \"s\"#t",
    "u: |",
    "  v",
    "w: &x y",
    "z: *x",
    "\tA",
    "B: \u{feff}C",
    "D: é🎉",
    "E:",
    "  F: \"G",
    "<<: *x",
    "? H",
    ": I",
    "---",
    "...",
];

#[test]
fn no_end_and_no_tag_makes_libyaml_panic() {
    for block in [
        "\"\\",
        "a:\tb\n\"\\",
        "a: |\r  '",
        "a:\tb\nc: |\r  '",
        "{!,",
        "a: {\t!,}\n",
        "a:\t[!<b>,]\n",
        "[\"a\"!,",
    ] {
        is_read_if_libyaml_does(block);
        for &reader in ALL {
            _ = read(&format!("---\n{block}"), reader);
            _ = read(&format!("---\n{block}\n---\n"), reader);
        }
    }
    assert!(is_read_if_libyaml_does("title:\tHello!, you\n"));
    let found = read("---\ntitle:\tHello!, you\n---\n", Reader::Jekyll).unwrap().unwrap();
    assert_eq!(found.text("title").as_deref(), Some("Hello!, you"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn whatever_libyaml_reads_is_read(lines in vec(select(LINES), 1..7), crlf in any::<bool>()) {
        let end = if crlf { "\r\n" } else { "\n" };
        let block: String = lines.iter().map(|line| format!("{line}{end}")).collect();
        prop_assert!(is_read_if_libyaml_does(&block), "{:?}", block);
        let text = format!("---{end}{block}---{end}");
        for field in ["image", "a", "c", "D", "l.m", "r"] {
            let change = Change { field: field.to_owned(), value: FieldValue::Text("é \"new\"".to_owned()) };
            if let Ok(edited) = edit(&text, Reader::Zola, std::slice::from_ref(&change)) {
                prop_assert_eq!(edit(&edited, Reader::Zola, &[change]), Ok(edited));
            }
        }
    }
}
