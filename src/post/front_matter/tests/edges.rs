//! Edge cases of front matter, byte for byte.

use super::super::{Change, FieldValue, Problem, Reader, edit, read};
use super::ALL;
use Expected::{Becomes, Same, Skip};
use Reader::{Astro, GrayMatter, Hexo, Hugo, Jekyll, Nikola, Pelican, Unknown, Vault, Zola};

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

const DASHES: &[Reader] = &[Jekyll, Hugo, GrayMatter, Vault, Astro, Hexo, Zola, Unknown];
const PLUSES: &[Reader] = &[Hugo, Astro, Zola, Unknown];

/// `images` is a list field; everything else a path.
const CASES: &[Case] = &[
    case(
        "CRLF line ends",
        DASHES,
        "---\r\ntitle: A\r\n---\r\nBody\r\n",
        "image",
        Becomes("---\r\ntitle: A\r\nimage: /i/a.png\r\n---\r\nBody\r\n"),
    ),
    case(
        "LF in the block, CRLF below",
        DASHES,
        "---\ntitle: A\n---\r\nBody\r\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n---\r\nBody\r\n"),
    ),
    case(
        "byte order mark on top",
        DASHES,
        "\u{feff}---\ntitle: A\n---\nBody\n",
        "image",
        Becomes("\u{feff}---\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "no line end after the closing delimiter",
        DASHES,
        "---\ntitle: A\n---",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n---"),
    ),
    case(
        "combining accents and emoji",
        DASHES,
        "---\ntitle: \"Cafe\u{301} 🎉\"\n---\n",
        "image",
        Becomes("---\ntitle: \"Cafe\u{301} 🎉\"\nimage: /i/a.png\n---\n"),
    ),
    case(
        "no-break space instead of a blank",
        DASHES,
        "---\ndate:\u{a0}2026-11-20\ntitle: A\n---\n",
        "image",
        Skip,
    ),
    case(
        "empty block",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\n---\nBody\n",
        "image",
        Becomes("---\nimage: /i/a.png\n---\nBody\n"),
    ),
    case("empty block is text", &[Hexo], "---\n---\nBody\n", "image", Skip),
    case(
        "only a comment in the block",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\n# todo\n\n---\nBody\n",
        "image",
        Becomes("---\n# todo\n\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "a rule in the body",
        DASHES,
        "---\ntitle: A\n---\nOne\n\n---\n\nTwo\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n---\nOne\n\n---\n\nTwo\n"),
    ),
    case(
        "a delimiter inside an indented scalar",
        &[Jekyll, Hugo, GrayMatter, Astro, Hexo, Unknown],
        "---\nsummary: |\n  one\n  ---\n  two\ntitle: A\n---\nBody\n",
        "image",
        Becomes("---\nsummary: |\n  one\n  ---\n  two\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "a line of a value ends with the delimiter",
        &[Zola],
        "---\nsummary: |\n  one\n  ---\n  two\n---\nBody\n",
        "image",
        Skip,
    ),
    case(
        "dots close the block",
        &[Jekyll],
        "---\ntitle: A\n...\nBody\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n...\nBody\n"),
    ),
    case(
        "dots close nothing",
        &[Hugo, GrayMatter, Astro, Hexo, Zola, Unknown],
        "---\ntitle: A\n...\nBody\n",
        "image",
        Skip,
    ),
    case(
        "dots before the closing delimiter",
        &[Hugo, GrayMatter, Astro, Hexo, Zola, Unknown],
        "---\ntitle: A\n...\nBody\n---\n",
        "image",
        Skip,
    ),
    case(
        "blanks after the delimiters",
        &[Jekyll, Hugo, GrayMatter],
        "--- \ntitle: A\n---  \nBody\n",
        "image",
        Becomes("--- \ntitle: A\nimage: /i/a.png\n---  \nBody\n"),
    ),
    case(
        "blanks after the delimiters, strict reader",
        &[Hexo, Zola, Unknown],
        "--- \ntitle: A\n---  \nBody\n",
        "image",
        Skip,
    ),
    case(
        "blank line above the block",
        &[Hugo, Astro, Zola],
        "\n---\ntitle: A\n---\nBody\n",
        "image",
        Becomes("\n---\ntitle: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "blank line above the block, strict reader",
        &[Jekyll, GrayMatter, Unknown],
        "\n---\ntitle: A\n---\nBody\n",
        "image",
        Skip,
    ),
    case("never closed", DASHES, "---\ntitle: A\n\nBody\n", "image", Skip),
    case("a heading between rules", DASHES, "---\n\n# Title\n\n---\n\nBody\n", "image", Skip),
    case("longer rules around a title", DASHES, "-----\nTitle\n-----\n:date: 2026-11-20\n", "image", Skip),
    case(
        "words after the closing delimiter",
        &[Hugo, GrayMatter, Astro],
        "---\ntitle: A\n--- tail\nBody\n---\n",
        "image",
        Becomes("---\ntitle: A\nimage: /i/a.png\n--- tail\nBody\n---\n"),
    ),
    case(
        "words after the closing delimiter, strict reader",
        &[Unknown, Jekyll, Zola],
        "---\ntitle: A\n--- tail\nBody\n---\n",
        "image",
        Skip,
    ),
    case(
        "empty key",
        DASHES,
        "---\nimage:\ntitle: A\n---\n",
        "image",
        Becomes("---\nimage: /i/a.png\ntitle: A\n---\n"),
    ),
    case(
        "empty quotes with a comment",
        DASHES,
        "---\ntitle: A\nimage: \"\" # later\n---\n",
        "image",
        Becomes("---\ntitle: A\nimage: \"/i/a.png\" # later\n---\n"),
    ),
    case(
        "the field commented out",
        DASHES,
        "---\ntitle: A # draft\n#image: ./old.png\n---\n",
        "image",
        Becomes("---\ntitle: A # draft\n#image: ./old.png\nimage: /i/a.png\n---\n"),
    ),
    case(
        "quoted keys",
        DASHES,
        "---\n\"title\": A\n'image': \"\"\n---\n",
        "image",
        Becomes("---\n\"title\": A\n'image': \"/i/a.png\"\n---\n"),
    ),
    case(
        "another key twice",
        DASHES,
        "---\nversion: 1\ntitle: A\nversion: 1\n---\n",
        "image",
        Becomes("---\nversion: 1\ntitle: A\nversion: 1\nimage: /i/a.png\n---\n"),
    ),
    case("the field twice", DASHES, "---\nimage: a\ntitle: A\nimage: b\n---\n", "image", Skip),
    case("the field's mapping twice", DASHES, "---\ncover: {}\ncover:\n  alt: B\n---\n", "cover.image", Skip),
    case(
        "empty list",
        DASHES,
        "---\nimages: []\ntitle: A\n---\n",
        "images",
        Becomes("---\nimages: [/i/a.png]\ntitle: A\n---\n"),
    ),
    case(
        "a flag where a mapping is needed",
        DASHES,
        "---\nheader: true\ntitle: A\n---\n",
        "header.image",
        Skip,
    ),
    case("a number in the field", DASHES, "---\nimage: 1\ntitle: A\n---\n", "image", Skip),
    case(
        "an anchor that an alias needs",
        DASHES,
        "---\nimage:\n  path: &p /i/old.png\n  feature: *p\n---\n",
        "image.path",
        Skip,
    ),
    case(
        "a merge key",
        DASHES,
        "---\nd: &d\n  hidden: true\ncover:\n  <<: *d\n  alt: B\ntitle: A\n---\n",
        "cover.image",
        Becomes("---\nd: &d\n  hidden: true\ncover:\n  <<: *d\n  alt: B\n  image: /i/a.png\ntitle: A\n---\n"),
    ),
    case(
        "indented root",
        DASHES,
        "---\n title: A\n tags:\n   - x\n---\n",
        "image",
        Becomes("---\n title: A\n tags:\n   - x\n image: /i/a.png\n---\n"),
    ),
    case(
        "nested mapping with a trailing comment",
        DASHES,
        "---\ntitle: A\ncover:\n    alt: B\n    # caption: C\ndraft: false\n---\n",
        "cover.image",
        Becomes(
            "---\ntitle: A\ncover:\n    alt: B\n    image: /i/a.png\n    # caption: C\ndraft: false\n---\n",
        ),
    ),
    case(
        "flow mapping as root",
        DASHES,
        "---\n{title: A, tags: [x]}\n---\n",
        "image",
        Becomes("---\n{title: A, tags: [x], image: /i/a.png}\n---\n"),
    ),
    case(
        "flow mapping with braces in a text",
        DASHES,
        "---\ntitle: A\nheader: {caption: \"c: }d\"}\n---\n",
        "header.image",
        Becomes("---\ntitle: A\nheader: {caption: \"c: }d\", image: /i/a.png}\n---\n"),
    ),
    case(
        "empty flow mapping",
        DASHES,
        "---\ntitle: A\nheader: {}\n---\n",
        "header.image",
        Becomes("---\ntitle: A\nheader: {image: /i/a.png}\n---\n"),
    ),
    case(
        "block scalar that keeps its blank lines",
        DASHES,
        "---\ntitle: A\nnote: |+\n  x\n\n---\nBody\n",
        "image",
        Becomes("---\ntitle: A\nnote: |+\n  x\n\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "plain scalar over two lines",
        DASHES,
        "---\ntitle: A long\n  image of things\n---\n",
        "image",
        Becomes("---\ntitle: A long\n  image of things\nimage: /i/a.png\n---\n"),
    ),
    case(
        "quoted scalar that looks like the field",
        DASHES,
        "---\nexcerpt: 'one\n\n  image: two # three'\n---\n",
        "image",
        Becomes("---\nexcerpt: 'one\n\n  image: two # three'\nimage: /i/a.png\n---\n"),
    ),
    case(
        "folded scalar",
        DASHES,
        "---\nsynopsis: >\n  One.\n\n  Two.\n---\n",
        "image",
        Becomes("---\nsynopsis: >\n  One.\n\n  Two.\nimage: /i/a.png\n---\n"),
    ),
    case(
        "tab as indent in Hexo",
        &[Hexo],
        "---\ntags:\n\t- x\n---\n",
        "image",
        Becomes("---\ntags:\n\t- x\nimage: /i/a.png\n---\n"),
    ),
    case(
        "tab as indent",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "---\ntags:\n\t- x\n---\n",
        "image",
        Skip,
    ),
    case(
        "a day that does not exist",
        DASHES,
        "---\ntitle: A\ndate: 2026-02-30\n---\n",
        "image",
        Becomes("---\ntitle: A\ndate: 2026-02-30\nimage: /i/a.png\n---\n"),
    ),
    case("TOML in a YAML block", DASHES, "---\ntitle: A\nimage=\"x\"\n---\n", "image", Skip),
    case(
        "Liquid in quotes",
        DASHES,
        "---\ntitle: \"{{ site.name }} notes\"\npermalink: /x/:title/\n---\n",
        "image",
        Becomes("---\ntitle: \"{{ site.name }} notes\"\npermalink: /x/:title/\nimage: /i/a.png\n---\n"),
    ),
    case("a template without quotes", DASHES, "---\ntitle: A\ndate: {{date}}\n---\n", "image", Skip),
    case(
        "TOML, above the first table",
        PLUSES,
        "+++\ntitle = \"A\"\ndate = 2026-11-20\n\n[extra]\ntoc = true\n+++\nBody\n",
        "image",
        Becomes(
            "+++\ntitle = \"A\"\ndate = 2026-11-20\nimage = \"/i/a.png\"\n\n[extra]\ntoc = true\n+++\nBody\n",
        ),
    ),
    case(
        "TOML, into a table",
        PLUSES,
        "+++\ntitle = \"A\"\n[extra]\n[extra.by]\nname = \"B\"\n+++\n",
        "extra.image",
        Becomes("+++\ntitle = \"A\"\n[extra]\nimage = \"/i/a.png\"\n[extra.by]\nname = \"B\"\n+++\n"),
    ),
    case(
        "TOML, a new table",
        PLUSES,
        "+++\ntitle = \"A\"\n+++\n",
        "extra.image",
        Becomes("+++\ntitle = \"A\"\n[extra]\nimage = \"/i/a.png\"\n+++\n"),
    ),
    case(
        "TOML, inline table",
        PLUSES,
        "+++\nextra = { toc = true }\n+++\n",
        "extra.image",
        Becomes("+++\nextra = { toc = true, image = \"/i/a.png\" }\n+++\n"),
    ),
    case(
        "TOML, dotted key",
        PLUSES,
        "+++\nextra.toc = true\n+++\n",
        "extra.image",
        Becomes("+++\nextra.toc = true\nextra.image = \"/i/a.png\"\n+++\n"),
    ),
    case(
        "TOML, values that look like tables",
        PLUSES,
        "+++\ntags = [\n  \"a\",\n]\nnote = \"\"\"\n[x]\n\"\"\"\n[[resources]]\nsrc = \"b.png\"\n+++\n",
        "image",
        Becomes(
            "+++\ntags = [\n  \"a\",\n]\nnote = \"\"\"\n[x]\n\"\"\"\nimage = \"/i/a.png\"\n[[resources]]\nsrc = \"b.png\"\n+++\n",
        ),
    ),
    case("reStructuredText fields", ALL, "A\n#\n\n:date: 2026-11-20\n\nBody\n", "image", Skip),
    case(
        "bare JSON",
        &[Hugo, Unknown],
        "{\n  \"title\": \"A }\",\n  \"tags\": []\n}\nBody\n",
        "image",
        Becomes("{\n  \"title\": \"A }\",\n  \"tags\": [],\n  \"image\": \"/i/a.png\"\n}\nBody\n"),
    ),
    case(
        "JSON between dashes",
        &[GrayMatter, Unknown],
        "---json\n{\"title\":\"A\"}\n---\nBody\n",
        "image",
        Becomes("---json\n{\"title\":\"A\",\"image\":\"/i/a.png\"}\n---\nBody\n"),
    ),
    case(
        "JavaScript between dashes",
        ALL,
        "---js\nmodule.exports = { title: \"A\" }\n---\nBody\n",
        "image",
        Skip,
    ),
    case(
        "Hexo's JSON",
        &[Hexo],
        "\"title\": \"A\"\n;;;\nBody\n",
        "image",
        Becomes("\"title\": \"A\",\n\"image\": \"/i/a.png\"\n;;;\nBody\n"),
    ),
    case(
        "Hexo's block without an opening",
        &[Hexo],
        "title: A\n---\nBody\n",
        "image",
        Becomes("title: A\nimage: /i/a.png\n---\nBody\n"),
    ),
    case(
        "no opening delimiter",
        &[Jekyll, Hugo, GrayMatter, Astro, Zola, Unknown],
        "title: A\n---\nBody\n",
        "image",
        Skip,
    ),
    case(
        "header lines without delimiters",
        &[Jekyll, Hugo, GrayMatter, Vault, Astro, Hexo, Zola, Unknown],
        "Title: A\nSummary: one\n    two\n\nBody\n",
        "image",
        Skip,
    ),
    case(
        "Pelican's header",
        &[Pelican],
        "Title: A\nSummary: one\n    two\n\nBody\n",
        "image",
        Becomes("Title: A\nSummary: one\n    two\nImage: /i/a.png\n\nBody\n"),
    ),
    case(
        "Nikola's comments elsewhere",
        &[Jekyll, Hugo, GrayMatter, Vault, Astro, Hexo, Zola, Pelican, Unknown],
        ".. title: A\n.. slug: a\n\nBody\n",
        "previewimage",
        Skip,
    ),
    case(
        "Nikola's comments",
        &[Nikola],
        ".. title: A\n.. slug: a\n\nBody\n",
        "previewimage",
        Becomes(".. title: A\n.. slug: a\n.. previewimage: /i/a.png\n\nBody\n"),
    ),
    case("Org keywords", ALL, "#+TITLE: A\n#+DATE: 2026-11-20\n\nBody\n", "image", Skip),
    case("AsciiDoc header", ALL, "= A\nB C\n:page-tags: x\n\nBody\n", "page-image", Skip),
    case("MDX export as metadata", ALL, "export const meta = { title: \"A\" }\n\n# Hi\n", "image", Skip),
    case(
        "only a layout",
        DASHES,
        "---\nlayout: post\n---\n",
        "image",
        Becomes("---\nlayout: post\nimage: /i/a.png\n---\n"),
    ),
    case("the value is there already", DASHES, "---\ntitle: A\nimage: /i/a.png\n---\n", "image", Same),
];

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
        [("#+TITLE: A\n", Hugo), ("#+TITLE: A\n", Unknown), ("---js\n{}\n---\n", GrayMatter)]
    {
        let problem = read(text, reader).unwrap_err();
        assert!(matches!(problem, Problem::Unsupported { .. }), "{problem}");
        assert!(problem.to_string().contains("not supported yet"), "{problem}");
    }
}
