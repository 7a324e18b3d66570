//! Edge cases of front matter, byte for byte.

mod cases;

use super::super::{Change, FieldValue, Problem, Reader, edit, read};
use super::ALL;
use Expected::{Becomes, Same, Skip};
use Reader::{GrayMatter, Hugo, Unknown};
use cases::CASES;

enum Expected {
    /// The whole file afterwards.
    Becomes(&'static str),
    /// Nothing to do.
    Same,
    /// A problem, or no block; never an edit.
    Skip,
}

struct Case {
    /// What is special about the text.
    name: &'static str,
    readers: &'static [Reader],
    before: &'static str,
    field: &'static str,
    expected: Expected,
}

const fn case(
    name: &'static str,
    readers: &'static [Reader],
    before: &'static str,
    field: &'static str,
    expected: Expected,
) -> Case {
    Case { name, readers, before, field, expected }
}

#[test]
fn every_edge_case_ends_as_its_table_says() {
    let mut wrong = Vec::new();
    for Case { name, readers, before, field, expected } in CASES {
        let path = "/i/a.png".to_owned();
        let value = if *field == "images" { FieldValue::Item(path) } else { FieldValue::Path(path) };
        let change = Change { field: (*field).to_owned(), value };
        for &reader in *readers {
            let edited = edit(before, reader, std::slice::from_ref(&change));
            let good = match (expected, &edited) {
                (Becomes(after), Ok(edited)) => edited == after,
                (Same, Ok(edited)) => edited == before,
                (Skip, Err(_)) => true,
                _ => false,
            };
            if !good {
                wrong.push(format!("{name} with {reader:?}: {edited:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// B-103
#[test]
fn a_second_run_changes_nothing() {
    for Case { name, readers, before, field, expected } in CASES {
        let change = Change { field: (*field).to_owned(), value: FieldValue::Item("/i/a.png".into()) };
        if let Becomes(after) = expected {
            assert_eq!(edit(after, readers[0], &[change]).as_deref(), Ok(*after), "{name} {before:?}");
        }
    }
}

#[test]
fn several_fields_are_one_edit_and_alt_text_is_always_quoted() {
    let image = Change { field: "image".into(), value: FieldValue::Path("/i/a.png".into()) };
    for (alt, written) in [
        ("He said: \"go\" #1", r#""He said: \"go\" #1""#),
        ("yes", "\"yes\""),
        ("12:30", "\"12:30\""),
        ("null", "\"null\""),
        ("1e3", "\"1e3\""),
        ("*a &b @c {d} [e] !f %g", "\"*a &b @c {d} [e] !f %g\""),
        ("a\tb\nc\\d", r#""a\tb\nc\\d""#),
        ("\u{7f}\u{85}\u{2028}\u{feff}", r#""\u007f\u0085\u2028\ufeff""#),
        ("", "\"\""),
    ] {
        let alt = Change { field: "image_alt".into(), value: FieldValue::Text(alt.into()) };
        let changes = [image.clone(), alt];
        for reader in ALL {
            let edited = edit("---\ntitle: A\n---\n", *reader, &changes).unwrap();
            assert_eq!(edited, format!("---\ntitle: A\nimage: /i/a.png\nimage_alt: {written}\n---\n"));
        }
        let toml = edit("+++\n+++\n", Hugo, &changes).unwrap();
        assert_eq!(toml, format!("+++\nimage = \"/i/a.png\"\nimage_alt = {written}\n+++\n"));
        let json = edit("{}\n", Hugo, &changes).unwrap();
        assert_eq!(json, format!("{{\"image\": \"/i/a.png\", \"image_alt\": {written}}}\n"));
    }
}

#[test]
fn org_keywords_and_javascript_are_named_as_not_supported() {
    for (text, reader) in
        [("#+TITLE: A\n", Hugo), ("#+TITLE: A\n", Unknown), ("---js\n{ a: f() }\n---\n", GrayMatter)]
    {
        let problem = read(text, reader).unwrap_err();
        assert!(matches!(problem, Problem::Unsupported { .. }), "{problem}");
        assert!(problem.to_string().contains("not supported yet"), "{problem}");
    }
}
