//! Edge cases of front matter, byte for byte.

use super::super::{Change, Problem, Reader, Value, edit, read};
use super::ALL;
use Expected::{Becomes, Same, Skip};
use Reader::{Astro, GrayMatter, Hexo, Hugo, Jekyll, Unknown, Vault, Zola};

enum Expected {
    /// The whole file afterwards.
    Becomes(&'static str),
    /// Nothing to do.
    Same,
    /// A problem, or no block; never an edit.
    Skip,
}

struct Case {
    id: &'static str,
    readers: &'static [Reader],
    before: &'static str,
    field: &'static str,
    expected: Expected,
}

const fn case(
    id: &'static str,
    readers: &'static [Reader],
    before: &'static str,
    field: &'static str,
    expected: Expected,
) -> Case {
    Case { id, readers, before, field, expected }
}

const DASHES: &[Reader] = &[Jekyll, Hugo, GrayMatter, Vault, Astro, Hexo, Zola, Unknown];
const PLUSES: &[Reader] = &[Hugo, Astro, Zola, Unknown];

/// `images` is a list field; everything else a path.
const CASES: &[Case] = &[
    case(
        "E01",
        DASHES,
        "---\r\ntitle: A\r\n---\r\nBody\r\n",
        "image",
        Becomes("---\r\ntitle: A\r\nimage: /i/a.png\r\n---\r\nBody\r\n"),
    ),
    case(
        "E02",
        DASHES,
        "---\ntitle: A\n---\r\nBody\r\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n---\r\nBody\r\n"),
    ),
    case(
        "E03",
        DASHES,
        "\u{feff}---\ntitle: A\n---\nBody\n",
        "image",
        Becomes("\u{feff}---\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case("E04", DASHES, "---\ntitle: A\n---", "image", Becomes("---\ntitle: A\nimage: /i/a.png\n---")),
    case(
        "E05",
        DASHES,
        "---\ntitle: \"Cafe\u{301} 🎉\"\n---\n",
        "image",
        Becomes("---\ntitle: \"Cafe\u{301} 🎉\"\nimage: /i/a.png\n---\n"),
    ),
    case("E06", DASHES, "---\ndate:\u{a0}2026-11-20\ntitle: A\n---\n", "image", Skip),
    case(
        "E08",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\n---\nBody\n",
        "image",
        Becomes("---\nimage: /i/a.png\n---\nBody\n"),
    ),
    case("E08 Hexo", &[Hexo], "---\n---\nBody\n", "image", Skip),
    case(
        "E09",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\n# todo\n\n---\nBody\n",
        "image",
        Becomes("---\n# todo\n\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "E10",
        DASHES,
        "---\ntitle: A\n---\nOne\n\n---\n\nTwo\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n---\nOne\n\n---\n\nTwo\n"),
    ),
    case(
        "E11",
        &[Jekyll, Hugo, GrayMatter, Astro, Hexo, Unknown],
        "---\nsummary: |\n  one\n  ---\n  two\ntitle: A\n---\nBody\n",
        "image",
        Becomes("---\nsummary: |\n  one\n  ---\n  two\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case("E11 Zola", &[Zola], "---\nsummary: |\n  one\n  ---\n  two\n---\nBody\n", "image", Skip),
    case(
        "E12",
        &[Jekyll],
        "---\ntitle: A\n...\nBody\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n...\nBody\n"),
    ),
    case(
        "E12 elsewhere",
        &[Hugo, GrayMatter, Astro, Hexo, Zola, Unknown],
        "---\ntitle: A\n...\nBody\n",
        "image",
        Skip,
    ),
    case(
        "E12 closed too",
        &[Hugo, GrayMatter, Astro, Hexo, Zola, Unknown],
        "---\ntitle: A\n...\nBody\n---\n",
        "image",
        Skip,
    ),
    case(
        "E13",
        &[Jekyll, Hugo, GrayMatter],
        "--- \ntitle: A\n---  \nBody\n",
        "image",
        Becomes("--- \ntitle: A\nimage: /i/a.png\n---  \nBody\n"),
    ),
    case("E13 elsewhere", &[Hexo, Zola, Unknown], "--- \ntitle: A\n---  \nBody\n", "image", Skip),
    case(
        "E14",
        &[Hugo, Astro, Zola],
        "\n---\ntitle: A\n---\nBody\n",
        "image",
        Becomes("\n---\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case("E14 elsewhere", &[Jekyll, GrayMatter, Unknown], "\n---\ntitle: A\n---\nBody\n", "image", Skip),
    case("E15", DASHES, "---\ntitle: A\n\nBody\n", "image", Skip),
    case("E16", DASHES, "---\n\n# Title\n\n---\n\nBody\n", "image", Skip),
    case("E17", DASHES, "-----\nTitle\n-----\n:date: 2026-11-20\n", "image", Skip),
    case(
        "E18",
        &[Hugo, GrayMatter, Astro],
        "---\ntitle: A\n--- tail\nBody\n---\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n--- tail\nBody\n---\n"),
    ),
    case("E18 unknown", &[Unknown, Jekyll, Zola], "---\ntitle: A\n--- tail\nBody\n---\n", "image", Skip),
    case(
        "E19",
        DASHES,
        "---\nimage:\ntitle: A\n---\n",
        "image",
        Becomes("---\nimage: /i/a.png\ntitle: A\n---\n"),
    ),
    case(
        "E20",
        DASHES,
        "---\ntitle: A\nimage: \"\" # later\n---\n",
        "image",
        Becomes("---\ntitle: A\nimage: \"/i/a.png\" # later\n---\n"),
    ),
    case(
        "E21",
        DASHES,
        "---\ntitle: A # draft\n#image: ./old.png\n---\n",
        "image",
        Becomes("---\ntitle: A # draft\n#image: ./old.png\nimage: /i/a.png\n---\n"),
    ),
    case(
        "E22",
        DASHES,
        "---\n\"title\": A\n'image': \"\"\n---\n",
        "image",
        Becomes("---\n\"title\": A\n'image': \"/i/a.png\"\n---\n"),
    ),
    case(
        "E23",
        DASHES,
        "---\nversion: 1\ntitle: A\nversion: 1\n---\n",
        "image",
        Becomes("---\nversion: 1\ntitle: A\nversion: 1\nimage: /i/a.png\n---\n"),
    ),
    case("E23 ours", DASHES, "---\nimage: a\ntitle: A\nimage: b\n---\n", "image", Skip),
    case("E23 ours above", DASHES, "---\ncover: {}\ncover:\n  alt: B\n---\n", "cover.image", Skip),
    case(
        "E24",
        DASHES,
        "---\nimages: []\ntitle: A\n---\n",
        "images",
        Becomes("---\nimages: [/i/a.png]\ntitle: A\n---\n"),
    ),
    case("E25", DASHES, "---\nheader: true\ntitle: A\n---\n", "header.image", Skip),
    case("E25 itself", DASHES, "---\nimage: 1\ntitle: A\n---\n", "image", Skip),
    case("E26", DASHES, "---\nimage:\n  path: &p /i/old.png\n  feature: *p\n---\n", "image.path", Skip),
    case(
        "E27",
        DASHES,
        "---\nd: &d\n  hidden: true\ncover:\n  <<: *d\n  alt: B\ntitle: A\n---\n",
        "cover.image",
        Becomes("---\nd: &d\n  hidden: true\ncover:\n  <<: *d\n  alt: B\n  image: /i/a.png\ntitle: A\n---\n"),
    ),
    case(
        "E28",
        DASHES,
        "---\n title: A\n tags:\n   - x\n---\n",
        "image",
        Becomes("---\n title: A\n tags:\n   - x\n image: /i/a.png\n---\n"),
    ),
    case(
        "E29",
        DASHES,
        "---\ntitle: A\ncover:\n    alt: B\n    # caption: C\ndraft: false\n---\n",
        "cover.image",
        Becomes(
            "---\ntitle: A\ncover:\n    alt: B\n    image: /i/a.png\n    # caption: C\ndraft: false\n---\n",
        ),
    ),
    case(
        "E30",
        DASHES,
        "---\n{title: A, tags: [x]}\n---\n",
        "image",
        Becomes("---\n{title: A, tags: [x], image: /i/a.png}\n---\n"),
    ),
    case(
        "E31",
        DASHES,
        "---\ntitle: A\nheader: {caption: \"c: }d\"}\n---\n",
        "header.image",
        Becomes("---\ntitle: A\nheader: {caption: \"c: }d\", image: /i/a.png}\n---\n"),
    ),
    case(
        "E31 empty",
        DASHES,
        "---\ntitle: A\nheader: {}\n---\n",
        "header.image",
        Becomes("---\ntitle: A\nheader: {image: /i/a.png}\n---\n"),
    ),
    case(
        "E32",
        DASHES,
        "---\ntitle: A\nnote: |+\n  x\n\n---\nBody\n",
        "image",
        Becomes("---\ntitle: A\nnote: |+\n  x\n\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "E33",
        DASHES,
        "---\ntitle: A long\n  image of things\n---\n",
        "image",
        Becomes("---\ntitle: A long\n  image of things\nimage: /i/a.png\n---\n"),
    ),
    case(
        "E34",
        DASHES,
        "---\nexcerpt: 'one\n\n  image: two # three'\n---\n",
        "image",
        Becomes("---\nexcerpt: 'one\n\n  image: two # three'\nimage: /i/a.png\n---\n"),
    ),
    case(
        "E35",
        DASHES,
        "---\nsynopsis: >\n  One.\n\n  Two.\n---\n",
        "image",
        Becomes("---\nsynopsis: >\n  One.\n\n  Two.\nimage: /i/a.png\n---\n"),
    ),
    case(
        "E36",
        &[Hexo],
        "---\ntags:\n\t- x\n---\n",
        "image",
        Becomes("---\ntags:\n\t- x\nimage: /i/a.png\n---\n"),
    ),
    case(
        "E36 elsewhere",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\ntags:\n\t- x\n---\n",
        "image",
        Skip,
    ),
    case(
        "E37",
        DASHES,
        "---\ntitle: A\ndate: 2026-02-30\n---\n",
        "image",
        Becomes("---\ntitle: A\ndate: 2026-02-30\nimage: /i/a.png\n---\n"),
    ),
    case("E39", DASHES, "---\ntitle: A\nimage=\"x\"\n---\n", "image", Skip),
    case(
        "E40",
        DASHES,
        "---\ntitle: \"{{ site.name }} notes\"\npermalink: /x/:title/\n---\n",
        "image",
        Becomes("---\ntitle: \"{{ site.name }} notes\"\npermalink: /x/:title/\nimage: /i/a.png\n---\n"),
    ),
    case("E40 template", DASHES, "---\ntitle: A\ndate: {{date}}\n---\n", "image", Skip),
    case(
        "E41",
        PLUSES,
        "+++\ntitle = \"A\"\ndate = 2026-11-20\n\n[extra]\ntoc = true\n+++\nBody\n",
        "image",
        Becomes(
            "+++\ntitle = \"A\"\ndate = 2026-11-20\nimage = \"/i/a.png\"\n\n[extra]\ntoc = true\n+++\nBody\n",
        ),
    ),
    case(
        "E42",
        PLUSES,
        "+++\ntitle = \"A\"\n[extra]\n[extra.by]\nname = \"B\"\n+++\n",
        "extra.image",
        Becomes("+++\ntitle = \"A\"\n[extra]\nimage = \"/i/a.png\"\n[extra.by]\nname = \"B\"\n+++\n"),
    ),
    case(
        "E43",
        PLUSES,
        "+++\ntitle = \"A\"\n+++\n",
        "extra.image",
        Becomes("+++\ntitle = \"A\"\n[extra]\nimage = \"/i/a.png\"\n+++\n"),
    ),
    case(
        "E44",
        PLUSES,
        "+++\nextra = { toc = true }\n+++\n",
        "extra.image",
        Becomes("+++\nextra = { toc = true, image = \"/i/a.png\" }\n+++\n"),
    ),
    case(
        "E44 dotted",
        PLUSES,
        "+++\nextra.toc = true\n+++\n",
        "extra.image",
        Becomes("+++\nextra.toc = true\nextra.image = \"/i/a.png\"\n+++\n"),
    ),
    case(
        "E45",
        PLUSES,
        "+++\ntags = [\n  \"a\",\n]\nnote = \"\"\"\n[x]\n\"\"\"\n[[resources]]\nsrc = \"b.png\"\n+++\n",
        "image",
        Becomes(
            "+++\ntags = [\n  \"a\",\n]\nnote = \"\"\"\n[x]\n\"\"\"\nimage = \"/i/a.png\"\n[[resources]]\nsrc = \"b.png\"\n+++\n",
        ),
    ),
    case("E46", ALL, "A\n#\n\n:date: 2026-11-20\n\nBody\n", "image", Skip),
    case(
        "E47",
        &[Hugo, Unknown],
        "{\n  \"title\": \"A }\",\n  \"tags\": []\n}\nBody\n",
        "image",
        Becomes("{\n  \"title\": \"A }\",\n  \"tags\": [],\n  \"image\": \"/i/a.png\"\n}\nBody\n"),
    ),
    case(
        "E48",
        &[GrayMatter, Unknown],
        "---json\n{\"title\":\"A\"}\n---\nBody\n",
        "image",
        Becomes("---json\n{\"title\":\"A\",\"image\":\"/i/a.png\"}\n---\nBody\n"),
    ),
    case("E48 js", ALL, "---js\nmodule.exports = { title: \"A\" }\n---\nBody\n", "image", Skip),
    case(
        "E49",
        &[Hexo],
        "\"title\": \"A\"\n;;;\nBody\n",
        "image",
        Becomes("\"title\": \"A\",\n\"image\": \"/i/a.png\"\n;;;\nBody\n"),
    ),
    case("E50", &[Hexo], "title: A\n---\nBody\n", "image", Becomes("title: A\nimage: /i/a.png\n---\nBody\n")),
    case(
        "E50 elsewhere",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "title: A\n---\nBody\n",
        "image",
        Skip,
    ),
    case("E51", ALL, "Title: A\nSummary: one\n    two\n\nBody\n", "image", Skip),
    case("E52", ALL, ".. title: A\n.. slug: a\n\nBody\n", "previewimage", Skip),
    case("E53", ALL, "#+TITLE: A\n#+DATE: 2026-11-20\n\nBody\n", "image", Skip),
    case("E54", ALL, "= A\nB C\n:page-tags: x\n\nBody\n", "page-image", Skip),
    case("E56", ALL, "export const meta = { title: \"A\" }\n\n# Hi\n", "image", Skip),
    case(
        "E58",
        DASHES,
        "---\nlayout: post\n---\n",
        "image",
        Becomes("---\nlayout: post\nimage: /i/a.png\n---\n"),
    ),
    case("E59", DASHES, "---\ntitle: A\nimage: /i/a.png\n---\n", "image", Same),
];

#[test]
fn every_edge_case_ends_as_its_table_says() {
    let mut wrong = Vec::new();
    for Case { id, readers, before, field, expected } in CASES {
        let path = "/i/a.png".to_owned();
        let value = if *field == "images" { Value::Item(path) } else { Value::Path(path) };
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
                wrong.push(format!("{id} with {reader:?}: {edited:?}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

// B-103
#[test]
fn a_second_run_changes_nothing() {
    for Case { id, readers, before, field, expected } in CASES {
        let change = Change { field: (*field).to_owned(), value: Value::Item("/i/a.png".into()) };
        if let Becomes(after) = expected {
            assert_eq!(edit(after, readers[0], &[change]).as_deref(), Ok(*after), "{id} {before:?}");
        }
    }
}

#[test]
fn several_fields_are_one_edit_and_alt_text_is_always_quoted() {
    let image = Change { field: "image".into(), value: Value::Path("/i/a.png".into()) };
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
        let alt = Change { field: "image_alt".into(), value: Value::Text(alt.into()) };
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
fn and_js_are_named_as_not_supported() {
    for (text, reader) in
        [("#+TITLE: A\n", Hugo), ("#+TITLE: A\n", Unknown), ("---js\n{}\n---\n", GrayMatter)]
    {
        let problem = read(text, reader).unwrap_err();
        assert!(matches!(problem, Problem::Unsupported { .. }), "{problem}");
        assert!(problem.to_string().contains("not supported yet"), "{problem}");
    }
}
