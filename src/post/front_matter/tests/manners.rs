//! A field is added as other posts write it, as far as that is safe.

use super::super::*;
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

fn path(field: &str) -> Change {
    Change { field: field.into(), value: FieldValue::Path("/i/a.png".into()) }
}

fn alt(text: &str) -> Change {
    Change { field: "alt".into(), value: FieldValue::Text(text.into()) }
}

/// Adds the field to a text as the others have it.
#[track_caller]
fn added(others: &[&str], text: &str, change: &Change) -> String {
    let all: Vec<Manner> =
        others.iter().filter_map(|other| manner(other, Reader::Unknown, &change.field)).collect();
    let manners = Manners::from([(change.field.clone(), Manner::of_most(&all))]);
    let changes = std::slice::from_ref(change);
    let edited = edit_like(text, Reader::Unknown, changes, &manners).unwrap();
    assert_eq!(edit_like(&edited, Reader::Unknown, changes, &manners).as_ref(), Ok(&edited));
    edited
}

#[test]
fn a_value_is_quoted_as_most_others_are_where_it_can_be() {
    let quoted = ["---\nalt: \"a\"\n---\n", "---\nalt: b\n---\n", "---\nalt: c\n---\n"];
    for (others, text, written) in [
        (&quoted[..1], "Boats", "\"Boats\""),
        (&quoted[..2], "Boats", "\"Boats\""),
        (&quoted[..], "Boats", "Boats"),
        (&quoted[..], "Boats, at sea", "Boats, at sea"),
        (&quoted[..], "Boats: at sea", "\"Boats: at sea\""),
        (&quoted[..], "2 boats", "\"2 boats\""),
        (&quoted[..], "No", "\"No\""),
        (&["---\nalt: 'a'\n---\n"], "Boats: at sea", "'Boats: at sea'"),
        (&["---\nalt: 'a'\n---\n"], "It's", "\"It's\""),
    ] {
        let edited = added(others, "---\ntitle: A\n---\n", &alt(text));
        assert_eq!(edited, format!("---\ntitle: A\nalt: {written}\n---\n"));
    }
}

#[test]
fn a_key_stands_beside_the_keys_that_are_its_neighbours_elsewhere() {
    let other = "---\ntitle: A\nimage: /i/b.png\ntags: [a]\n---\n";
    for (text, after) in [
        ("---\ntitle: >\n  A\n\ndate: 1\n---\n", "---\ntitle: >\n  A\n\nimage: /i/a.png\ndate: 1\n---\n"),
        ("---\ntitle: A # x\ndate: 1\n---\n", "---\ntitle: A # x\nimage: /i/a.png\ndate: 1\n---\n"),
        ("---\na: 1\n# b\ntags:\n- x\n---\n", "---\na: 1\nimage: /i/a.png\n# b\ntags:\n- x\n---\n"),
        ("---\na: 1\nb: 2\n---\n", "---\na: 1\nb: 2\nimage: /i/a.png\n---\n"),
        ("---\nb: 2\ntags: []\nimage:\n---\n", "---\nb: 2\ntags: []\nimage: /i/a.png\n---\n"),
        ("---\r\ntitle: A\r\nb: 2\r\n---\r\n", "---\r\ntitle: A\r\nimage: /i/a.png\r\nb: 2\r\n---\r\n"),
        ("---\n{title: A, b: 2}\n---\n", "---\n{title: A, image: /i/a.png, b: 2}\n---\n"),
        ("---\n{b: 2, tags: []}\n---\n", "---\n{b: 2, image: /i/a.png, tags: []}\n---\n"),
    ] {
        assert_eq!(added(&[other], text, &path("image")), after);
    }
    let other = "+++\ntitle = 'A'\nimage = '/i/b.png'\ntags = []\n[x]\n+++\n";
    for (text, after) in [
        ("+++\ntitle = '''A\n'''\nb = 1\n+++\n", "+++\ntitle = '''A\n'''\nimage = '/i/a.png'\nb = 1\n+++\n"),
        ("+++\nb = 1\ntags = []\n+++\n", "+++\nb = 1\nimage = '/i/a.png'\ntags = []\n+++\n"),
        ("+++\nb = 1\n[x]\nc = 2\n+++\n", "+++\nb = 1\nimage = '/i/a.png'\n[x]\nc = 2\n+++\n"),
    ] {
        assert_eq!(added(&[other], text, &path("image")), after);
    }
}

#[test]
fn mappings_and_lists_are_laid_out_as_elsewhere() {
    let other = "---\ntitle: A\ncover:\n    alt: b\n    image: '/i/b.png'\ndate: 1\n---\n";
    for (text, after) in [
        ("---\ntitle: A\ndate: 1\n---\n", "---\ntitle: A\ncover:\n    image: '/i/a.png'\ndate: 1\n---\n"),
        (
            "---\ncover:\n  alt: b\n  x: 1\ndate: 1\n---\n",
            "---\ncover:\n  alt: b\n  image: '/i/a.png'\n  x: 1\ndate: 1\n---\n",
        ),
    ] {
        assert_eq!(added(&[other], text, &path("cover.image")), after);
    }
    let item = Change { field: "images".into(), value: FieldValue::Item("/i/a.png".into()) };
    let other = "---\nimages:\n  - \"/i/b.png\"\ndate: 1\n---\n";
    assert_eq!(
        added(&[other], "---\ndate: 1\n---\n", &item),
        "---\nimages:\n  - \"/i/a.png\"\ndate: 1\n---\n"
    );
}

#[test]
fn json_is_laid_out_as_elsewhere() {
    let other = "{\n  \"title\": \"A\",\n  \"image\": \"/i/b.png\",\n  \"tags\": []\n}\n";
    for (text, after) in [
        (
            "{\n  \"title\": \"A\",\n  \"date\": 1\n}\n",
            "{\n  \"title\": \"A\",\n  \"image\": \"/i/a.png\",\n  \"date\": 1\n}\n",
        ),
        (
            "{\n  \"b\": 1,\n  \"tags\": []\n}\n",
            "{\n  \"b\": 1,\n  \"image\": \"/i/a.png\",\n  \"tags\": []\n}\n",
        ),
        ("{\n  \"tags\": []\n}\n", "{\n  \"image\": \"/i/a.png\",\n  \"tags\": []\n}\n"),
        ("{\n  \"b\": 1\n}\n", "{\n  \"b\": 1,\n  \"image\": \"/i/a.png\"\n}\n"),
        ("{\"title\": \"A\", \"b\": 1}\n", "{\"title\": \"A\", \"image\": \"/i/a.png\", \"b\": 1}\n"),
    ] {
        assert_eq!(added(&[other], text, &path("image")), after);
    }
    let other =
        "{\n  \"cover\": {\n    \"image\": \"/i/b.png\",\n    \"alt\": \"b\"\n  },\n  \"date\": 1\n}\n";
    for (text, after) in [
        ("{\n  \"date\": 1\n}\n", "{\n  \"cover\": {\n    \"image\": \"/i/a.png\"\n  },\n  \"date\": 1\n}\n"),
        (
            "{\n  \"cover\": {\n    \"alt\": \"b\"\n  }\n}\n",
            "{\n  \"cover\": {\n    \"image\": \"/i/a.png\",\n    \"alt\": \"b\"\n  }\n}\n",
        ),
        ("{\"date\": 1}\n", "{\"cover\": {\"image\": \"/i/a.png\"}, \"date\": 1}\n"),
    ] {
        assert_eq!(added(&[other], text, &path("cover.image")), after);
    }
    let item = Change { field: "images".into(), value: FieldValue::Item("/i/a.png".into()) };
    let other = "{\n  \"images\": [\n    \"/i/b.png\"\n  ],\n  \"date\": 1\n}\n";
    let after = "{\n  \"images\": [\n    \"/i/a.png\"\n  ],\n  \"date\": 1\n}\n";
    assert_eq!(added(&[other], "{\n  \"date\": 1\n}\n", &item), after);
}

/// Adds the field to a text of this reader as the others have it.
#[track_caller]
fn added_by(reader: Reader, other: &str, text: &str, field: &str) -> String {
    let manners = Manners::from([(field.to_owned(), manner(other, reader, field).unwrap())]);
    edit_like(text, reader, &[path(field)], &manners).unwrap()
}

#[test]
fn a_line_of_a_header_stands_where_others_have_it() {
    let other = "Title: A\nImage: b.png\nTags: a\n\nText\n";
    for (text, after) in [
        ("Title: A\n    more\nDate: 1\n\nText\n", "Title: A\n    more\nImage: /i/a.png\nDate: 1\n\nText\n"),
        ("date: 1\ntags: a\n\nText\n", "date: 1\nimage: /i/a.png\ntags: a\n\nText\n"),
        ("Date: 1\n\nText\n", "Date: 1\nImage: /i/a.png\n\nText\n"),
        ("Title: A\n", "Title: A\nImage: /i/a.png\n"),
        ("Title: A", "Title: A\nImage: /i/a.png"),
    ] {
        assert_eq!(added_by(Reader::Pelican, other, text, "image"), after);
    }
    let other = "<!--\n.. title: A\n.. image: b.png\n.. tags: a\n-->\n\nText\n";
    for (text, after) in [
        (
            "<!--\n.. title: A\n.. date: 1\n-->\n\nText\n",
            "<!--\n.. title: A\n.. image: /i/a.png\n.. date: 1\n-->\n\nText\n",
        ),
        (
            "<!--\n.. date: 1\n.. tags: a\n-->\n\nText\n",
            "<!--\n.. date: 1\n.. image: /i/a.png\n.. tags: a\n-->\n\nText\n",
        ),
        ("<!--\n.. date: 1\n-->\n\nText\n", "<!--\n.. date: 1\n.. image: /i/a.png\n-->\n\nText\n"),
    ] {
        assert_eq!(added_by(Reader::Nikola, other, text, "image"), after);
    }
}

const LINES: &[&str] = &[
    "title: A\n",
    "title: 'B'\n",
    "tags:\n  - a\n  - b\n",
    "tags: [a,\n  b]\n",
    "text: |+\n  a\n\n",
    "text: >\n  b\n",
    "# c\n",
    "\n",
    "cover:\n  alt: a\n",
    "cover:\n    x: 1\n    # d\n    y: 2\n",
    "cover: {alt: b, x: 1}\n",
    "cover:\n",
    "date: 2025-01-05 # e\n",
    "image: 'x.png'\n",
    "image: \"y.png\"\n",
    "&a draft: true\n",
    "b: *a\n",
    "? z\n: 1\n",
];

proptest! {
    #[test]
    fn whatever_others_have_only_the_field_is_added(
        others in vec(vec(select(LINES), 1..6), 1..4),
        own in vec(select(LINES), 0..6),
        field in select(&["image", "cover.image", "alt"][..]),
    ) {
        let of = |lines: &[&str]| format!("---\n{}---\nText\n", lines.concat());
        let all: Vec<Manner> =
            others.iter().filter_map(|other| manner(&of(other), Reader::Unknown, field)).collect();
        let manners = Manners::from([(field.to_owned(), Manner::of_most(&all))]);
        let text = of(&own);
        let change = path(field);
        let changes = std::slice::from_ref(&change);
        let like = edit_like(&text, Reader::Unknown, changes, &manners);
        // It is refused only where the edit is, whatever the others have.
        prop_assert_eq!(like.is_ok(), edit(&text, Reader::Unknown, changes).is_ok());
        if let Ok(edited) = like {
            let front = read(&edited, Reader::Unknown).unwrap().unwrap();
            let value = front.text(field);
            prop_assert_eq!(value.as_deref(), Some("/i/a.png"));
            prop_assert_eq!(edit_like(&edited, Reader::Unknown, changes, &manners), Ok(edited.clone()));
            if read(&text, Reader::Unknown).unwrap().is_some_and(|front| front.get(field).is_none()) {
                let mut rest = edited.chars();
                prop_assert!(text.chars().all(|c| rest.any(|kept| kept == c)), "{:?}", edited);
            }
        }
    }

    #[test]
    fn whatever_other_headers_and_objects_have_only_the_field_is_added(
        others in vec(vec(0..6_usize, 1..5), 1..4),
        own in vec(0..6_usize, 1..5),
        kind in 0..4_usize,
        nested in proptest::bool::ANY,
    ) {
        const KEYS: [&str; 6] = ["title", "date", "image", "tags", "cover", "slug"];
        let (reader, field) = match kind {
            0 => (Reader::Pelican, "image"),
            1 => (Reader::Nikola, "image"),
            _ => (Reader::Unknown, if nested { "cover.image" } else { "image" }),
        };
        let of = |keys: &[usize]| {
            let mut keys: Vec<usize> = keys.to_vec();
            let mut seen = std::collections::HashSet::new();
            keys.retain(|key| seen.insert(*key));
            let names = keys.iter().map(|key| KEYS[*key]);
            let member = |name: &str| match (name, kind) {
                ("cover", 3) => "\"cover\": {\n    \"alt\": \"b\",\n    \"image\": \"b.png\"\n  }".to_owned(),
                ("cover", _) => "\"cover\": {\"alt\": \"b\"}".to_owned(),
                (name, _) => format!("\"{name}\": \"x\""),
            };
            match kind {
                0 => format!("{}\nText\n", names.map(|name| format!("{name}: x\n")).collect::<String>()),
                1 => format!("<!--\n{}-->\n\nText\n", names.map(|name| format!(".. {name}: x\n")).collect::<String>()),
                2 => format!("{{{}}}\n\nText\n", names.map(member).collect::<Vec<_>>().join(", ")),
                _ => format!("{{\n  {}\n}}\n\nText\n", names.map(member).collect::<Vec<_>>().join(",\n  ")),
            }
        };
        let all: Vec<Manner> = others.iter().filter_map(|other| manner(&of(other), reader, field)).collect();
        let manners = Manners::from([(field.to_owned(), Manner::of_most(&all))]);
        let text = of(&own);
        let changes = [path(field)];
        let edited = edit_like(&text, reader, &changes, &manners).unwrap();
        let front = read(&edited, reader).unwrap().unwrap();
        let value = front.text(field);
        prop_assert_eq!(value.as_deref(), Some("/i/a.png"));
        prop_assert_eq!(edit_like(&edited, reader, &changes, &manners), Ok(edited.clone()));
        if read(&text, reader).unwrap().unwrap().get(field).is_none() {
            let mut rest = edited.chars();
            prop_assert!(text.chars().all(|c| rest.any(|kept| kept == c)), "{:?}", edited);
        }
    }
}
