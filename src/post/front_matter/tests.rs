//! What is read, reader by reader.

mod changes;
mod dotted;
mod edges;
mod header;
mod lenient;
mod lists;
mod manners;
mod properties;
mod script;
mod yaml_1_2;

use super::{BlockFormat, Pod, Problem, Reader, read};

pub(super) const ALL: &[Reader] = &Reader::ALL;

fn title(text: &str, reader: Reader) -> Option<String> {
    read(text, reader).expect("a readable block")?.text("title").map(Into::into)
}

#[test]
fn every_reader_reads_an_ordinary_block() {
    for &reader in ALL {
        let text = "---\ntitle: \"A: b\"\ncover:\n  image: x.png\n---\nBody\n";
        let found = read(text, reader).unwrap().unwrap();
        assert_eq!(found.text("title").as_deref(), Some("A: b"), "{reader:?}");
        assert_eq!(found.get("cover.image"), Some(&Pod::String("x.png".into())), "{reader:?}");
        assert_eq!((&text[found.body..], found.format), ("Body\n", BlockFormat::Yaml), "{reader:?}");
        assert_eq!(&text[found.block], "title: \"A: b\"\ncover:\n  image: x.png\n", "{reader:?}");
    }
}

#[test]
fn a_text_without_a_block_has_none() {
    for &reader in ALL {
        for text in
            ["", "# Title\n\nBody\n", "Title\n=====\n", "- item\n", "\u{feff}", "--\na\n--\n", "{% x %}"]
        {
            if reader == Reader::Hugo && text.starts_with('{') {
                continue; // To Hugo a brace at the start is JSON, whatever follows.
            }
            assert!(matches!(read(text, reader), Ok(None)), "{reader:?} {text:?}: {:?}", read(text, reader));
        }
    }
}

#[test]
fn readers_differ_where_the_table_says_so() {
    use Reader::{Astro, GrayMatter, Hexo, Hugo, Jekyll, Nikola, Pelican, Unknown, Vault, Zola};
    let dots = "---\ntitle: A\n...\nBody\n";
    let blanks = "--- \ntitle: A\n---  \nBody\n";
    let blank_line = "\n---\ntitle: A\n---\nBody\n";
    let unopened = "title: A\n---\nBody\n";
    let toml = "+++\ntitle = \"A\"\n+++\nBody\n";
    for (text, readers) in [
        (dots, vec![Jekyll, Pelican]),
        (blanks, vec![Jekyll, Hugo, GrayMatter, Vault, Astro, Pelican]),
        (blank_line, vec![Hugo, Astro, Zola]),
        (unopened, vec![Hexo, Pelican]),
        (toml, vec![Hugo, Astro, Zola, Nikola, Unknown]),
        ("---json\n{\"title\":\"A\"}\n---\nBody\n", vec![GrayMatter, Vault, Unknown]),
        ("---js\nconst title = 'A';\n---\nBody\n", vec![GrayMatter, Vault, Unknown]),
        ("{\n\"title\": \"A\"\n}\nBody\n", vec![Hugo, Unknown]),
        ("\"title\": \"A\"\n;;;\nBody\n", vec![Hexo]),
        ("\u{feff}---\ntitle: A\n---\nBody\n", ALL.to_vec()),
    ] {
        let read_by: Vec<_> =
            ALL.iter().copied().filter(|&reader| matches!(read(text, reader), Ok(Some(_)))).collect();
        assert_eq!(read_by, readers, "{text:?}");
        for reader in readers {
            let found = read(text, reader).unwrap().unwrap();
            assert_eq!(title(text, reader).as_deref(), Some("A"), "{reader:?} {text:?}");
            assert_eq!(&text[found.body..], "Body\n", "{reader:?} {text:?}");
        }
    }
}

#[test]
fn a_note_that_begins_with_a_rule_has_no_properties() {
    for text in [
        "---\n\nIntro words.\n",
        "---\ntitle: A\n\nNever closed\n",
        "---",
        "---\r\n\r\nIntro words.\r\n\r\n---\r\n\r\nMore\r\n",
        "---\nIntro words.\n---\nMore\n",
        "---\n\n# Hi\n\n---\n\nMore\n",
        "---\n\n- a\n- b\n\n---\n",
        "---\n\n**Bold** words, and [[a link]]: both.\n\n---\n\nMore\n",
        "---\n\n[[A link]] opens it.\n\n---\n",
    ] {
        assert!(matches!(read(text, Reader::Vault), Ok(None)), "{text:?}: {:?}", read(text, Reader::Vault));
    }
}

#[test]
fn a_slip_in_the_properties_of_a_note_stays_an_error() {
    for text in [
        "---\ntitle: \"A\n---\nText\n",
        "---\ntitle: A\n bad: [\n---\nText\n",
        "---\n\ntitle: A\ntags: [a, b\n\n---\nText\n",
        "---\n*a* b\n---\nText\n",
    ] {
        let found = read(text, Reader::Vault);
        assert!(matches!(found, Err(Problem::Invalid { .. })), "{text:?}: {found:?}");
    }
    let found = read("---\n# a comment\n---\nText\n", Reader::Vault).unwrap();
    assert_eq!(found.map(|found| found.data), Some(Pod::new_hash()));
}

#[test]
fn a_duplicate_key_is_read_with_its_last_value() {
    let found = read("---\nversion: 1\ntitle: A\nversion: 2\n---\n", Reader::Jekyll).unwrap().unwrap();
    assert_eq!(found.get("version"), Some(&Pod::Integer(2)));
}

#[test]
fn a_merge_key_brings_in_what_the_mapping_does_not_say_itself() {
    let base = "a: &a {image: a.png, alt: A}\nb: &b\n  image: b.png\n  credit: B\n";
    for (block, [image, alt, credit]) in [
        ("<<: *a\ntitle: T\n", ["a.png", "A", ""]),
        ("<<: [*b, *a]\n", ["b.png", "A", "B"]),
        ("<<:\n- *a\n- *b\n", ["a.png", "A", "B"]),
        ("<<: *a\nimage: own.png\n", ["own.png", "A", ""]),
        ("image: own.png\n<<: *a\n", ["own.png", "A", ""]),
        ("<<: {image: c.png}\n", ["c.png", "", ""]),
        ("\"<<\": *a\n", ["", "", ""]),
        ("<<: *b\n<<: *a\n", ["b.png", "A", "B"]),
    ] {
        for &reader in ALL {
            let found = read(&format!("---\n{base}{block}---\n"), reader).unwrap().unwrap();
            let text = |field: &str| found.text(field).unwrap_or_default().into_owned();
            assert_eq!([text("image"), text("alt"), text("credit")], [image, alt, credit], "{block}");
        }
    }
    let deep = "---\nd: &d {path: a.png}\ne: &e\n  <<: *d\n  alt: A\nimage:\n  <<: *e\n---\n";
    let found = read(deep, Reader::Jekyll).unwrap().unwrap();
    assert_eq!(found.text("image.path").as_deref(), Some("a.png"));
    let odd = read("---\n<<: text\ntitle: A\n---\n", Reader::Jekyll).unwrap().unwrap();
    assert_eq!((odd.text("<<").as_deref(), odd.text("title").as_deref()), (Some("text"), Some("A")));
}

#[test]
fn an_impossible_date_is_text() {
    let yaml = read("---\ndate: 2026-02-30\n---\n", Reader::Jekyll).unwrap().unwrap();
    assert_eq!(yaml.text("date").as_deref(), Some("2026-02-30"));
    let toml = read("+++\ndate = 2026-11-20T10:00:00Z\n+++\n", Reader::Hugo).unwrap().unwrap();
    assert_eq!(toml.text("date").as_deref(), Some("2026-11-20T10:00:00Z"));
}

#[test]
fn only_hugo_and_pelican_ignore_the_case_of_keys() {
    let text = "---\nTitle: A\n---\n";
    for &reader in ALL {
        let known = matches!(reader, Reader::Hugo | Reader::Pelican);
        assert_eq!(title(text, reader).as_deref(), known.then_some("A"), "{reader:?}");
    }
}

#[test]
fn a_broken_block_is_named_with_its_line_in_the_file() {
    for (text, line) in [
        ("---\ntitle: A\n bad: [\n---\n", 3),
        ("+++\ntitle = \"A\"\nimage = x\n+++\n", 3),
        ("{\n\"title\": \"A\",\n}\n", 3),
    ] {
        let Err(Problem::Invalid { line: named, .. }) = read(text, Reader::Hugo) else {
            panic!("{text:?} was read: {:?}", read(text, Reader::Hugo))
        };
        assert_eq!(named, line, "{text:?}");
    }
}

#[test]
fn nesting_and_aliases_cannot_exhaust_the_process() {
    let bomb: String = (1..40).map(|i| format!("a{i}: &a{i} [*a{0}, *a{0}, *a{0}]\n", i - 1)).collect();
    let merges: String =
        (1..40).map(|i| format!("a{i}: &a{i} {{k{i}: *a{0}, <<: [*a{0}, *a{0}]}}\n", i - 1)).collect();
    let deep = |piece: &str| format!("a: 1\n{}", piece.repeat(200_000 / piece.len()));
    for block in [
        format!("a0: &a0 text\n{bomb}"),
        format!("a0: &a0 {{k: text}}\n{merges}"),
        deep("- "),
        deep(": "),
        deep("? "),
        deep("["),
        deep("{a: "),
        format!("a: {}1{}", "[".repeat(120), "]".repeat(120)),
        (0..500).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect(),
    ] {
        let problem = read(&format!("---\n{block}\n---\n"), Reader::Jekyll).unwrap_err();
        assert!(matches!(problem, Problem::Invalid { .. }), "{problem}");
    }
    let toml = format!("+++\n{}a = 1\n+++\n", "a.".repeat(100_000));
    let json = format!("{{\"a\": {}}}\n", "[".repeat(100_000));
    for text in [toml, json] {
        assert!(matches!(read(&text, Reader::Hugo), Err(Problem::Invalid { .. })));
    }
}

#[test]
fn a_block_longer_than_any_real_one_is_refused() {
    let text = format!("---\na: {}\n---\n", "x".repeat(super::LONGEST_BLOCK));
    assert!(matches!(read(&text, Reader::Jekyll), Err(Problem::TooLarge { .. })));
}
