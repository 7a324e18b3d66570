//! Pelican's own header.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::{BlockFormat, Change, FieldValue, Problem, Reader, edit, read};

fn text_of(text: &str, field: &str) -> Option<String> {
    read(text, Reader::Pelican).unwrap()?.text(field).map(Into::into)
}

fn set(text: &str, field: &str, value: FieldValue) -> Result<String, Problem> {
    edit(text, Reader::Pelican, &[Change { field: field.to_owned(), value }])
}

fn path() -> FieldValue {
    FieldValue::Path("images/a.png".to_owned())
}

#[test]
fn a_header_is_read_as_python_markdown_reads_it() {
    for (text, field, value) in [
        ("Title: A: b #c \"d\"\nDate: 2025-01-01\n\nText\n", "title", "A: b #c \"d\""),
        ("Title: A\nDate: 2025-01-01\n\nText\n", "date", "2025-01-01"),
        ("title:A\n\nText\n", "title", "A"),
        ("   TITLE :x\nTitle: A\n\n", "title", ""),
        ("   TITLE: A  \r\nslug: b\r\n\r\nText\r\n", "slug", "b"),
        ("Summary: one\n    two\n\tthree\nTitle: A\n\nText\n", "summary", "one\ntwo\nthree"),
        ("Status: draft\nstatus: published\n\n", "Status", "draft"),
        ("\u{feff}Title: A\n\nText\n", "title", "A"),
        ("Title: A", "title", "A"),
        ("Title: A\nText without a blank line\n", "title", "A"),
        // Dashes open the same header where what they hold is not YAML, or never end.
        ("---\nTitle: A: b\n---\nText\n", "title", "A: b"),
        ("---\nTitle: A\n\nText\n", "title", "A"),
        ("---\nTitle: \"A\"\n---\nText\n", "title", "A"),
    ] {
        assert_eq!(text_of(text, field).unwrap_or_default(), value, "{text:?}");
    }
}

#[test]
fn the_body_begins_where_the_header_ends() {
    for (text, body) in [
        ("Title: A\n\nText\n", "Text\n"),
        ("Title: A\n---\nText\n", "Text\n"),
        ("Title: A\nText here: no\n", "Text here: no\n"),
        ("Title: A\n  Text\n", "  Text\n"),
        ("Title: A\n", ""),
        ("---\nTitle: A: b\n---\nText\n", "Text\n"),
    ] {
        let found = read(text, Reader::Pelican).unwrap().unwrap();
        assert_eq!((&text[found.body..], found.format), (body, BlockFormat::Header), "{text:?}");
    }
}

#[test]
fn what_does_not_begin_with_a_header_has_none() {
    for text in [
        "\nTitle: A\n",
        "    Title: A\n",
        "Ti tle: A\n",
        ":date: 2025\n",
        "A\n#\n\n:date: 2025\n",
        "Title: A\rb\n",
    ] {
        assert!(matches!(read(text, Reader::Pelican), Ok(None)), "{text:?}");
        assert_eq!(set(text, "image", path()), Err(Problem::Missing), "{text:?}");
    }
}

#[test]
fn a_field_becomes_the_last_line_of_the_header_or_is_replaced_in_place() {
    for (before, after) in [
        ("Title: A\nDate: 2025-01-01\n\nText\n", "Title: A\nDate: 2025-01-01\nImage: images/a.png\n\nText\n"),
        ("title: A\r\n\r\nText\r\n", "title: A\r\nimage: images/a.png\r\n\r\nText\r\n"),
        ("Title: A\nslug: b\n\n", "Title: A\nslug: b\nimage: images/a.png\n\n"),
        (
            "Title: A\nSummary: one\n    two\n\nText\n",
            "Title: A\nSummary: one\n    two\nImage: images/a.png\n\nText\n",
        ),
        ("IMAGE:\nTitle: A\n\n", "IMAGE: images/a.png\nTitle: A\n\n"),
        ("Title: A\nimage:  old.png  \nSlug: b\n\n", "Title: A\nimage:  images/a.png  \nSlug: b\n\n"),
        ("Title: A", "Title: A\nImage: images/a.png"),
        ("---\nTitle: A: b\n---\nText\n", "---\nTitle: A: b\nImage: images/a.png\n---\nText\n"),
        ("\u{feff}Title: A\n\nText\n", "\u{feff}Title: A\nImage: images/a.png\n\nText\n"),
    ] {
        assert_eq!(set(before, "image", path()).as_deref(), Ok(after));
        assert_eq!(set(after, "image", path()).as_deref(), Ok(after));
        assert_eq!(set(before, "Image", FieldValue::Item("images/a.png".to_owned())).as_deref(), Ok(after));
    }
}

#[test]
fn a_value_is_written_on_one_line_and_never_quoted() {
    let text = "Title: A\nRegenerate_Image: true\n\nText\n";
    let edited = set(text, "image_alt", FieldValue::Text(" He said:\n\"go\"\t#1 ".to_owned()));
    assert_eq!(
        edited.as_deref(),
        Ok("Title: A\nRegenerate_Image: true\nImage_alt: He said: \"go\" #1\n\nText\n")
    );
    let edited = set(text, "regenerate_image", FieldValue::Bool(false));
    assert_eq!(edited.as_deref(), Ok("Title: A\nRegenerate_Image: false\n\nText\n"));
}

#[test]
fn what_a_header_cannot_hold_is_refused_by_name() {
    for field in ["cover.image", "a field", "größe"] {
        let problem = set("Title: A\n\n", field, path()).unwrap_err();
        assert!(problem.to_string().contains(&format!("`{field}`")), "{problem}");
        assert_eq!(problem, Problem::NotFlat { field: field.to_owned() });
    }
    let of_two_lines = set("Title: A\nImage: a\n    b\n\n", "image", path());
    assert_eq!(of_two_lines, Err(Problem::Unsafe { field: "image".to_owned() }));
    let twice = set("Image: a\nimage: b\n\n", "image", path());
    assert_eq!(twice, Err(Problem::Twice { field: "image".to_owned() }));
}

fn lines() -> impl Strategy<Value = String> {
    let key = select(&["Title", "date", "Status", "Image", "a-b", "Tags", "Summary"][..]);
    let line = (key, "[ -~é🎉\t]{0,12}", select(&["", "", "\n    more: 1", "\n\tmore"][..]));
    let line = line.prop_map(|(key, value, more)| format!("{key}:{value}{more}\n"));
    let body = select(&["", "\n", "\nText\n", "Text\n", "---\nText: a\n", "\n\nImage: no\n"][..]);
    (vec(line, 1..6), body, any::<bool>()).prop_map(|(lines, body, crlf)| {
        let text = lines.concat() + body;
        if crlf { text.replace('\n', "\r\n") } else { text }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn only_the_line_of_the_field_differs_after_an_edit(text in lines(), value in any::<String>()) {
        let before = read(&text, Reader::Pelican).unwrap().unwrap();
        for field in ["image", "image_alt"] {
            let Ok(edited) = set(&text, field, FieldValue::Text(value.clone())) else {
                prop_assert!(text.to_ascii_lowercase().contains("image:"), "{:?}", text);
                continue;
            };
            let after = read(&edited, Reader::Pelican).unwrap().unwrap();
            prop_assert_eq!(&edited[after.body..], &text[before.body..]);
            let others = |text: &str| -> Vec<String> {
                let named = format!("{field}:");
                let is_other = |line: &&str| !line.to_ascii_lowercase().trim_start().starts_with(&named);
                text.split_inclusive('\n').filter(is_other).map(str::to_owned).collect()
            };
            prop_assert_eq!(others(&text[before.block.clone()]), others(&edited[after.block.clone()]));
            prop_assert_eq!(set(&edited, field, FieldValue::Text(value.clone())), Ok(edited));
        }
    }
}
