//! Nikola's own header.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{BlockFormat, Change, FieldValue, Problem, Reader, edit, read};

fn text_of(text: &str, field: &str) -> Option<String> {
    read(text, Reader::Nikola).unwrap()?.text(field).map(Into::into)
}

fn set(text: &str, field: &str, value: FieldValue) -> Result<String, Problem> {
    edit(text, Reader::Nikola, &[Change { field: field.to_owned(), value }])
}

fn path() -> FieldValue {
    FieldValue::Path("/images/a.png".to_owned())
}

const POST: &str = "<!--\n.. title: A\n.. slug: a\n.. tags: \n-->\n\nText\n";

#[test]
fn a_header_is_read_as_nikola_reads_it() {
    for (text, field, value) in [
        (POST, "title", "A"),
        (POST, "tags", ""),
        (".. title: A: b #c \"d\"\n\nText\n", "title", "A: b #c \"d\""),
        ("\n\n<!--\r\n   .. title: A  \r\n-->\r\n\r\nText\r\n", "title", "A"),
        ("\u{feff}<!--\n.. title: A\n-->\n", "title", "A"),
        (".. title: A\n.. title: B\n.. title: \n", "title", "B"),
        (".. title: A\n\n.. slug: b\n", "slug", ""),
        ("Text .. title: A\n", "title", ""),
        ("---\ntitle: A\n---\n.. title: B\n", "title", "A"),
    ] {
        assert_eq!(text_of(text, field).unwrap_or_default(), value, "{text:?}");
    }
    let found = read(POST, Reader::Nikola).unwrap().unwrap();
    assert_eq!((&POST[found.body..], found.format), ("Text\n", BlockFormat::Dotted));
}

#[test]
fn a_text_without_a_header_gets_none() {
    for text in ["Text\n", "\n", "<!-- a comment -->\n\n.. title: A\n", ".. title A\n", "..title: A\n"] {
        assert!(matches!(read(text, Reader::Nikola), Ok(None)), "{text:?}");
        assert_eq!(set(text, "previewimage", path()), Err(Problem::Missing), "{text:?}");
    }
}

#[test]
fn a_field_becomes_the_last_line_of_the_header_or_is_replaced_in_place() {
    for (before, after) in [
        (POST, "<!--\n.. title: A\n.. slug: a\n.. tags: \n.. previewimage: /images/a.png\n-->\n\nText\n"),
        (
            "  .. title: A\r\n\r\nText\r\n",
            "  .. title: A\r\n  .. previewimage: /images/a.png\r\n\r\nText\r\n",
        ),
        (".. title: A\n.. previewimage:\n\n", ".. title: A\n.. previewimage: /images/a.png\n\n"),
        (".. previewimage:   \n.. title: A\n", ".. previewimage: /images/a.png\n.. title: A\n"),
        (".. previewimage:  old.png \n-->\n", ".. previewimage:  /images/a.png \n-->\n"),
        (".. title: A", ".. title: A\n.. previewimage: /images/a.png"),
    ] {
        assert_eq!(set(before, "previewimage", path()).as_deref(), Ok(after));
        assert_eq!(set(after, "previewimage", path()).as_deref(), Ok(after));
    }
}

#[test]
fn what_the_header_cannot_hold_is_refused_by_name() {
    for field in ["cover.image", "a field", "größe"] {
        assert_eq!(set(POST, field, path()), Err(Problem::NotFlat { field: field.to_owned() }));
    }
    let ends = set(POST, "image_alt", FieldValue::Text("a --> b".to_owned()));
    assert_eq!(ends, Err(Problem::Unsafe { field: "image_alt".to_owned() }));
    let twice = set(".. previewimage: a\n.. previewimage: b\n", "previewimage", path());
    assert_eq!(twice, Err(Problem::Twice { field: "previewimage".to_owned() }));
}

fn posts() -> impl Strategy<Value = String> {
    let key = select(&["title", "date", "previewimage", "image_alt", "a-b", "Title"][..]);
    let indent = select(&["", "", "  "][..]);
    let line = (indent, key, "[ -~é🎉]{0,12}")
        .prop_map(|(indent, key, value)| format!("{indent}.. {key}: {value}\n"));
    let open = select(&["", "<!--\n", "\n", "\u{feff}"][..]);
    let body = select(&["", "\n", "-->\n\nText\n", "\n.. title: no\n", "-->\nText\n"][..]);
    (open, vec(line, 1..6), body, any::<bool>()).prop_map(|(open, lines, body, crlf)| {
        let text = format!("{open}{}{body}", lines.concat());
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_the_line_of_the_field_differs_after_an_edit(text in posts(), value in any::<String>()) {
        let before = read(&text, Reader::Nikola).unwrap().unwrap();
        for field in ["previewimage", "image_alt"] {
            let Ok(edited) = set(&text, field, FieldValue::Text(value.clone())) else {
                prop_assert!(text.contains(field) || value.contains("-->"), "{:?}", text);
                continue;
            };
            let after = read(&edited, Reader::Nikola).unwrap().unwrap();
            prop_assert_eq!(&edited[after.body..], &text[before.body..]);
            let others = |text: &str| -> Vec<String> {
                let named = format!(".. {field}:");
                let is_other = |line: &&str| !line.trim_start().starts_with(&named);
                text.split_inclusive('\n').filter(is_other).map(str::to_owned).collect()
            };
            prop_assert_eq!(others(&text[before.block.clone()]), others(&edited[after.block.clone()]));
            prop_assert_eq!(set(&edited, field, FieldValue::Text(value.clone())), Ok(edited));
        }
    }

    #[test]
    fn no_text_makes_the_reader_fail(text in "(\\.\\. |[a-z]|: ?|<!--|\r|\n|é){0,40}") {
        let _ = read(&text, Reader::Nikola);
        let _ = set(&text, "previewimage", path());
    }
}
