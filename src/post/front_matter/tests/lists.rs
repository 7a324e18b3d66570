//! A picture in the first mapping of a list: `images[].src`.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::*;

fn changes(alt: &str) -> [Change; 2] {
    [
        Change { field: "images[].src".into(), value: FieldValue::Path("/i/a.png".into()) },
        Change { field: "images[].alt".into(), value: FieldValue::Text(alt.into()) },
    ]
}

/// The text with both, written as the other post has them.
#[track_caller]
fn added(other: &str, text: &str) -> String {
    let manners =
        changes("").map(|change| (change.field.clone(), manner(other, Reader::Unknown, &change.field)));
    let manners: Manners = manners.into_iter().filter_map(|(field, manner)| Some((field, manner?))).collect();
    let edited = edit_like(text, Reader::Unknown, &changes("Boats"), &manners).unwrap();
    assert_eq!(edit_like(&edited, Reader::Unknown, &changes("Boats"), &manners).as_ref(), Ok(&edited));
    edited
}

#[test]
fn a_list_of_one_mapping_is_made_as_elsewhere() {
    for (other, text, after) in [
        (
            "---\nimages:\n  - src: /b.png\n    alt: b\ndate: 1\n---\n",
            "---\ntitle: A\ndate: 1\n---\n",
            "---\ntitle: A\nimages:\n  - src: /i/a.png\n    alt: Boats\ndate: 1\n---\n",
        ),
        (
            "---\nimages:\n-   alt: \"b\"\n    src: '/b.png'\n---\n",
            "---\r\ntitle: A\r\n---\r\n",
            "---\r\ntitle: A\r\nimages:\r\n-   alt: \"Boats\"\r\n    src: '/i/a.png'\r\n---\r\n",
        ),
        (
            "---\nimages:\n- {src: /b.png, alt: b}\n---\n",
            "---\ntitle: A\nimages: # none\n---\n",
            "---\ntitle: A\nimages: # none\n- {src: /i/a.png, alt: Boats}\n---\n",
        ),
        (
            "---\nimages: [{src: /b.png, alt: b}]\n---\n",
            "---\ntitle: A\nimages: []\n---\n",
            "---\ntitle: A\nimages: [{src: /i/a.png, alt: Boats}]\n---\n",
        ),
        (
            "---\nimages:\n- src: /b.png\n  alt: b\n---\n",
            "---\n{title: A}\n---\n",
            "---\n{title: A, images: [{src: /i/a.png, alt: Boats}]}\n---\n",
        ),
        (
            "+++\n[[images]]\nsrc = '/b.png'\nalt = 'b'\n+++\n",
            "+++\ntitle = 'A'\n[extra]\ntoc = true\n+++\n",
            "+++\ntitle = 'A'\n[extra]\ntoc = true\n[[images]]\nsrc = '/i/a.png'\nalt = 'Boats'\n+++\n",
        ),
        (
            "+++\nimages = [{ src = '/b.png', alt = 'b' }]\ndate = 1\n+++\n",
            "+++\ntitle = 'A'\ndate = 1\n[extra]\n+++\n",
            "+++\ntitle = 'A'\nimages = [{ src = '/i/a.png', alt = 'Boats' }]\ndate = 1\n[extra]\n+++\n",
        ),
        (
            "{\n  \"images\": [{\n    \"src\": \"/b.png\",\n    \"alt\": \"b\"\n  }]\n}\n",
            "{\n  \"title\": \"A\"\n}\n",
            "{\n  \"title\": \"A\",\n  \"images\": [{\n    \"src\": \"/i/a.png\",\n    \"alt\": \"Boats\"\n  }]\n}\n",
        ),
        (
            "{\n  \"images\": [\n    {\n      \"src\": \"/b.png\",\n      \"alt\": \"b\"\n    }\n  ]\n}\n",
            "{\n  \"title\": \"A\"\n}\n",
            "{\n  \"title\": \"A\",\n  \"images\": [\n    {\n      \"src\": \"/i/a.png\",\n      \"alt\": \"Boats\"\n    }\n  ]\n}\n",
        ),
    ] {
        assert_eq!(added(other, text), after);
    }
}

#[test]
fn the_first_mapping_of_a_list_that_is_there_is_filled() {
    for (text, after) in [
        (
            "---\nimages:\n  - caption: b\n    src: /b.png\n  - src: /c.png\n---\n",
            "---\nimages:\n  - caption: b\n    src: /i/a.png\n    alt: \"Boats\"\n  - src: /c.png\n---\n",
        ),
        (
            "---\nimages:\n-  src: '' # none\ntitle: A\n---\n",
            "---\nimages:\n-  src: '/i/a.png' # none\n   alt: \"Boats\"\ntitle: A\n---\n",
        ),
        ("---\nimages: ['']\n---\n", "---\nimages: [{src: /i/a.png, alt: \"Boats\"}]\n---\n"),
        (
            "---\nimages:\n-\n- src: b\n---\n",
            "---\nimages:\n- {src: /i/a.png, alt: \"Boats\"}\n- src: b\n---\n",
        ),
        ("---\nimages:\n  - # b\n---\n", "---\nimages:\n  - {src: /i/a.png, alt: \"Boats\"} # b\n---\n"),
        ("---\nimages: ''\n---\n", "---\nimages: [{src: /i/a.png, alt: \"Boats\"}]\n---\n"),
        (
            "+++\n[[images]]\n# none\n[[images]]\nsrc = 'c'\n+++\n",
            "+++\n[[images]]\nsrc = \"/i/a.png\"\nalt = \"Boats\"\n# none\n[[images]]\nsrc = 'c'\n+++\n",
        ),
        ("+++\nimages = [{}]\n+++\n", "+++\nimages = [{ src = \"/i/a.png\", alt = \"Boats\" }]\n+++\n"),
        ("+++\nimages = [ ]\n+++\n", "+++\nimages = [{ src = \"/i/a.png\", alt = \"Boats\" }]\n+++\n"),
        ("+++\nimages = ''\n+++\n", "+++\nimages = [{ src = \"/i/a.png\", alt = \"Boats\" }]\n+++\n"),
        (
            "{\"images\": [{\"src\": \"\"}, {\"src\": \"c\"}]}\n",
            "{\"images\": [{\"src\": \"/i/a.png\", \"alt\": \"Boats\"}, {\"src\": \"c\"}]}\n",
        ),
        ("{\"images\": []}\n", "{\"images\": [{\"src\": \"/i/a.png\", \"alt\": \"Boats\"}]}\n"),
    ] {
        assert_eq!(added("", text), after);
    }
}

#[test]
fn what_is_no_list_of_mappings_is_kept_with_the_reason() {
    for (text, found) in [
        ("---\nimages: a.png\n---\n", "a single value"),
        ("---\nimages: [a.png]\n---\n", "a single value"),
        ("---\nimages: {src: a.png}\n---\n", "a mapping"),
        ("---\nimages: [[]]\n---\n", "a list"),
        ("+++\nimages = ['a.png']\n+++\n", "a single value"),
        ("{\"images\": {}}\n", "a mapping"),
    ] {
        let refused = edit(text, Reader::Unknown, &changes("b"));
        let field = "images[].src".to_owned();
        assert_eq!(refused, Err(Problem::WrongType { field, found }), "{text}");
    }
    let header = edit("Title: A\n\nText\n", Reader::Pelican, &changes("b"));
    assert!(matches!(header, Err(Problem::NotFlat { .. })), "{header:?}");
}

/// What stands in the list, or that it is not there.
const LISTS: &[&str] = &[
    "",
    "images:\n",
    "images: ~\n",
    "images: []\n",
    "images: [{}]\n",
    "images: [ {src: b, x: [1]}, c ]\n",
    "images:\n- src: b\n",
    "images:\n  -   x: |\n        a\n\n      src: b\n  - c\n",
    "images:\n  - {src: b,\n     alt: c}\n",
    "images:\n- &x src: b\n  y: 2\nz: *x\n",
    "images: &i\n- src: b\nj: *i\n",
    "images:\n-\n  src: b\n",
    "images:\n- ? src\n  : b\n",
    "images:\n-\tsrc: b\n",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_list_of_mappings_keeps_what_else_stands_in_it(
        list in select(LISTS),
        other in select(LISTS),
        above in vec(select(&["title: A\n", "# c\n", "\n", "m:\n    n: 1\n", "t: |\n  x\n"][..]), 0..3),
        below in vec(select(&["date: 1\n", "# d\n", "\n", "l:\n- 1\n"][..]), 0..3),
        crlf in any::<bool>(),
        alt in any::<String>(),
    ) {
        let text = format!("---\n{}{list}{}---\nText.\n", above.concat(), below.concat());
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let Ok(Some(before)) = read(&text, Reader::Jekyll) else { return Ok(()) };
        let as_others = |field: &str| manner(&format!("---\n{other}---\n"), Reader::Jekyll, field);
        let manners = changes("").into_iter().filter_map(|change| Some((change.field.clone(), as_others(&change.field)?)));
        let manners: Manners = manners.collect();
        let changes = changes(&alt);
        match edit_like(&text, Reader::Jekyll, &changes, &manners) {
            Ok(edited) => {
                let after = read(&edited, Reader::Jekyll).unwrap().unwrap();
                prop_assert_eq!(after.get("images[].src"), Some(&Pod::String("/i/a.png".to_owned())));
                prop_assert_eq!(after.get("images[].alt"), Some(&Pod::String(alt.clone())));
                prop_assert_eq!(&edited[after.block.end..], &text[before.block.end..]);
                prop_assert_eq!(edit_like(&edited, Reader::Jekyll, &changes, &manners), Ok(edited));
            }
            // An anchor would hand it on, and behind a tab no line begins.
            Err(Problem::Unsafe { .. }) => {
                prop_assert!(list.contains(['&', '\t']), "{}", text);
            }
            Err(problem) => prop_assert!(false, "{text}: {problem}"),
        }
    }
}
