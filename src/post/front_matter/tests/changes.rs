//! What an edit does to fields that are there, and where new mappings come to stand.

use super::super::{Change, FieldValue, Problem, Reader, edit, read};

fn path(field: &str) -> Change {
    Change { field: field.into(), value: FieldValue::Path("/i/a.png".into()) }
}

fn text(field: &str) -> Change {
    Change { field: field.into(), value: FieldValue::Text("A \"new\" one".into()) }
}

fn item(field: &str) -> Change {
    Change { field: field.into(), value: FieldValue::Item("/i/a.png".into()) }
}

fn off(field: &str) -> Change {
    Change { field: field.into(), value: FieldValue::Bool(false) }
}

/// Edits the block between the delimiters of its format; Hugo reads all three.
fn edited(block: &str, change: &Change) -> Result<String, Problem> {
    let (open, close) = match block {
        json if json.starts_with('{') && !json.contains("yaml") => ("", "\n"),
        toml if toml.contains(" = ") => ("+++\n", "+++\n"),
        _ => ("---\n", "---\n"),
    };
    let after = edit(&format!("{open}{block}{close}Body"), Reader::Hugo, std::slice::from_ref(change))?;
    let inner = after.strip_prefix(open).and_then(|rest| rest.strip_suffix("Body")).expect("the delimiters");
    Ok(inner.strip_suffix(close).expect("the delimiters").to_owned())
}

fn becomes(cases: &[(&str, Change, &str)]) {
    for (before, change, after) in cases {
        assert_eq!(edited(before, change).as_deref(), Ok(*after), "{before:?} {change:?}");
    }
}

// B-83
#[test]
fn an_empty_key_is_filled_and_never_doubled() {
    becomes(&[
        ("image: # later\na: 1\n", path("image"), "image: /i/a.png # later\na: 1\n"),
        ("image: ~\na: 1\n", path("image"), "image: /i/a.png\na: 1\n"),
        ("image: ''\n", path("image"), "image: '/i/a.png'\n"),
        ("a: 1\nimage:   \n", path("image"), "a: 1\nimage: /i/a.png   \n"),
        ("\"image\" :\n", path("image"), "\"image\" : /i/a.png\n"),
    ]);
    becomes(&[
        ("image = \"\" # later\n", path("image"), "image = \"/i/a.png\" # later\n"),
        ("image = ''\n", path("image"), "image = '/i/a.png'\n"),
        ("{\"image\":null}", path("image"), "{\"image\":\"/i/a.png\"}"),
        ("{\"image\": \"\", \"a\": 1}", path("image"), "{\"image\": \"/i/a.png\", \"a\": 1}"),
    ]);
}

#[test]
fn a_key_that_hugo_reads_from_params_is_read_and_written_there() {
    becomes(&[
        (
            "params:\n  cover:\n    alt: A\n",
            path("cover.image"),
            "params:\n  cover:\n    alt: A\n    image: /i/a.png\n",
        ),
        ("Params:\n  Image:\n", path("image"), "Params:\n  Image: /i/a.png\n"),
        ("params:\n  a: 1\n", path("image"), "params:\n  a: 1\nimage: /i/a.png\n"),
        ("params:\n  image: ''\nimage:\n", path("image"), "params:\n  image: ''\nimage: /i/a.png\n"),
        ("[params]\nimage = ''\n", path("image"), "[params]\nimage = '/i/a.png'\n"),
    ]);
    let get = |text: &str, reader| {
        let front = read(text, reader).unwrap().unwrap();
        front.text("cover.image").map(|text| text.into_owned())
    };
    let text = "---\nparams:\n  cover:\n    image: a.png\n---\n";
    assert_eq!(get(text, Reader::Hugo).as_deref(), Some("a.png"));
    assert_eq!(get(text, Reader::Jekyll), None);
    assert_eq!(get("---\ncover: {}\nparams: {cover: {image: a.png}}\n---\n", Reader::Hugo), None);
}

// B-84
#[test]
fn a_value_of_many_lines_is_replaced_with_all_of_them() {
    becomes(&[
        ("p: old\n  and older # c\nb: 1\n", text("p"), "p: \"A \\\"new\\\" one\" # c\nb: 1\n"),
        ("p: \"old\n\n  older\" # c\nb: 1\n", text("p"), "p: \"A \\\"new\\\" one\" # c\nb: 1\n"),
        ("p: 'it''s\n  old'\nb: 1\n", text("p"), "p: 'A \"new\" one'\nb: 1\n"),
        ("p: |\n  old\n\n  older\n\nb: 1\n", text("p"), "p: \"A \\\"new\\\" one\"\n\nb: 1\n"),
        ("p: >-\n  old: #1\n  # no comment\n# c\nb: 1\n", text("p"), "p: \"A \\\"new\\\" one\"\n# c\nb: 1\n"),
        ("p: |2-\n    old\nb: 1\n", text("p"), "p: \"A \\\"new\\\" one\"\nb: 1\n"),
        ("p:\n  old\nb: 1\n", text("p"), "p:\n  \"A \\\"new\\\" one\"\nb: 1\n"),
        ("p = \"\"\"\nold\n[x]\n\"\"\"\nb = 1\n", text("p"), "p = \"A \\\"new\\\" one\"\nb = 1\n"),
    ]);
}

// B-84
#[test]
fn values_beside_the_field_keep_their_form() {
    let block = "tags: []\nempty:\ntitle: 'A @b: #c'\nlist: [a, \"b\"]\nat: \"@x\"\n";
    becomes(&[(block, path("image"), &format!("{block}image: /i/a.png\n"))]);
}

// B-62
#[test]
fn a_flag_becomes_a_native_boolean() {
    becomes(&[
        ("r: true # once\n", off("r"), "r: false # once\n"),
        ("r: \"true\"\n", off("r"), "r: false\n"),
        ("r: 'false'\n", off("r"), "r: false\n"),
        ("r: yes\na: 1\n", off("r"), "r: false\na: 1\n"),
        ("r = \"true\"\n", off("r"), "r = false\n"),
        ("{\"r\":\"TRUE\"}", off("r"), "{\"r\":false}"),
        ("r: false\n", off("r"), "r: false\n"),
    ]);
}

#[test]
fn a_list_field_stays_a_list() {
    becomes(&[
        ("images:\ntitle: A\n", item("images"), "images: [/i/a.png]\ntitle: A\n"),
        ("title: A\n", item("images"), "title: A\nimages: [/i/a.png]\n"),
        ("images: [ ]\n", path("images"), "images: [ /i/a.png]\n"),
        ("images: [old.png, 'b.png']\n", path("images"), "images: [/i/a.png, 'b.png']\n"),
        (
            "images:\n  - \"old.png\" # c\n  - b.png\n",
            path("images"),
            "images:\n  - \"/i/a.png\" # c\n  - b.png\n",
        ),
        ("images:\n-\n- b.png\n", path("images"), "images:\n- /i/a.png\n- b.png\n"),
        ("images: old.png\n", item("images"), "images: /i/a.png\n"),
        ("images = []\n", path("images"), "images = [\"/i/a.png\"]\n"),
        ("images = [\n  'old.png',\n]\n", path("images"), "images = [\n  '/i/a.png',\n]\n"),
        ("a = 1\n", item("images"), "a = 1\nimages = [\"/i/a.png\"]\n"),
        ("{\"images\": [ ]}", path("images"), "{\"images\": [\"/i/a.png\" ]}"),
        ("{\"images\": [\"o\", \"b\"]}", path("images"), "{\"images\": [\"/i/a.png\", \"b\"]}"),
        ("{\"images\": null}", item("images"), "{\"images\": [\"/i/a.png\"]}"),
    ]);
}

#[test]
fn a_missing_mapping_is_created_in_the_form_of_its_surroundings() {
    becomes(&[
        ("title: A\n", path("cover.image"), "title: A\ncover:\n  image: /i/a.png\n"),
        ("a:\n    b: 1\n", path("c.d.e"), "a:\n    b: 1\nc:\n    d:\n        e: /i/a.png\n"),
        ("cover: # todo\ntitle: A\n", path("cover.image"), "cover: # todo\n  image: /i/a.png\ntitle: A\n"),
        ("cover: ~\ntitle: A\n", path("cover.image"), "cover: {image: /i/a.png}\ntitle: A\n"),
        ("{title: A} # yaml\n", path("c.d.e"), "{title: A, c: {d: {e: /i/a.png}}} # yaml\n"),
        ("a = 1\n\n[b]\nc = 2\n", path("d.e.f"), "a = 1\n\n[b]\nc = 2\n[d.e]\nf = \"/i/a.png\"\n"),
        ("[b.c]\nd = 2\n", path("b.image"), "[b.c]\nd = 2\n[b]\nimage = \"/i/a.png\"\n"),
        ("[b]\na.c = 1\n[d]\n", path("b.a.image"), "[b]\na.c = 1\na.image = \"/i/a.png\"\n[d]\n"),
        ("e = {}\n", path("e.image"), "e = { image = \"/i/a.png\" }\n"),
        ("e = { a.b = 1 }\n", path("e.a.c"), "e = { a.b = 1, a.c = \"/i/a.png\" }\n"),
        ("# c = d\n[b]\n", path("image"), "image = \"/i/a.png\"\n# c = d\n[b]\n"),
        ("{\"a\":1}", path("c.d"), "{\"a\":1,\"c\":{\"d\":\"/i/a.png\"}}"),
        ("{\"a\": 1, \"c\": {\n  }}", path("c.d"), "{\"a\": 1, \"c\": {\n    \"d\": \"/i/a.png\"\n  }}"),
        ("{ \"c\": { \"e\": 2 } }", path("c.d"), "{ \"c\": { \"e\": 2, \"d\": \"/i/a.png\" } }"),
        ("{\"c\": null}", path("c.d"), "{\"c\": {\"d\": \"/i/a.png\"}}"),
        // An empty text holds as little.
        ("c: \"\"\na: 1\n", path("c.d"), "c: {d: /i/a.png}\na: 1\n"),
        ("c = '' # later\na = 1\n", path("c.d"), "c = { d = \"/i/a.png\" } # later\na = 1\n"),
        ("{\"c\": \"\"}", path("c.d"), "{\"c\": {\"d\": \"/i/a.png\"}}"),
    ]);
}

#[test]
fn a_nested_mapping_grows_at_its_own_end() {
    becomes(&[
        ("c:\n  n: |\n    x\nb: 1\n", path("c.i"), "c:\n  n: |\n    x\n  i: /i/a.png\nb: 1\n"),
        (
            "c:\n  t:\n  - x\n  - y # z\nb: 1\n",
            path("c.i"),
            "c:\n  t:\n  - x\n  - y # z\n  i: /i/a.png\nb: 1\n",
        ),
        ("c:\n  n:\nb: 1\n", path("c.i"), "c:\n  n:\n  i: /i/a.png\nb: 1\n"),
        (
            "c:\n  q: 'a\n\n    b' # z\nb: 1\n",
            path("c.i"),
            "c:\n  q: 'a\n\n    b' # z\n  i: /i/a.png\nb: 1\n",
        ),
        ("c: {a, b: }\n", path("c.i"), "c: {a, b:, i: /i/a.png }\n"),
        ("c: {\n  a: 1, # x\n}\n", path("c.i"), "c: {\n  a: 1, i: /i/a.png, # x\n}\n"),
    ]);
}

#[test]
fn a_field_in_another_case_is_found_where_the_generator_finds_it() {
    let text = "---\nTitle: A\nImage: \"\"\n---\n";
    for reader in [Reader::Hugo, Reader::Pelican] {
        let edited = edit(text, reader, &[path("image")]);
        assert_eq!(edited.as_deref(), Ok("---\nTitle: A\nImage: \"/i/a.png\"\n---\n"));
    }
    let jekyll = edit(text, Reader::Jekyll, &[path("image")]);
    assert_eq!(jekyll.as_deref(), Ok("---\nTitle: A\nImage: \"\"\nimage: /i/a.png\n---\n"));
    let twice = edit("---\nImage: ''\nimage: ''\n---\n", Reader::Hugo, &[path("image")]);
    assert_eq!(twice, Err(Problem::Twice { field: "image".into() }));
}

#[test]
fn what_does_not_fit_is_refused_by_name() {
    for (block, change) in [
        ("image:\n  path: x\n", path("image")),
        ("image: x\n", path("image.path")),
        ("image: [x]\n", path("image.path")),
        ("image: [[x]]\n", path("image")),
        ("image: true\n", text("image")),
        ("r: [true]\n", off("r")),
        ("image = 1979-05-27\n", path("image.x")),
        ("[[image]]\na = 1\n", path("image.x")),
        ("a = 1\n[image]\n", path("image")),
        ("{\"image\": {}}", path("image")),
    ] {
        let problem = edited(block, &change).unwrap_err();
        assert!(matches!(problem, Problem::WrongType { .. }), "{block:?}: {problem:?}");
        assert!(problem.to_string().contains(&change.field), "{problem}");
    }
}

#[test]
fn an_anchor_that_others_use_is_not_written_through() {
    let shared = "a: &x old.png\nb: *x\n";
    assert_eq!(edited(shared, &path("a")), Err(Problem::Unsafe { field: "a".into() }));
    becomes(&[
        (shared, path("b"), "a: &x old.png\nb: /i/a.png\n"),
        ("a: &x old.png\nc: 1\n", path("a"), "a: &x /i/a.png\nc: 1\n"),
        ("a: !!str old.png\n", path("a"), "a: !!str /i/a.png\n"),
    ]);
    let merged = "d: &d\n  e: 1\nc: *d\n";
    assert_eq!(edited(merged, &path("c.image")), Err(Problem::Unsafe { field: "c.image".into() }));
}

// B-82
#[test]
fn a_post_without_a_block_is_not_given_one() {
    assert_eq!(edit("# Title\n", Reader::Jekyll, &[path("image")]), Err(Problem::Missing));
}

// B-85
#[test]
fn an_unclosed_block_is_named() {
    let problem = edit("---\ntitle: A\n", Reader::Jekyll, &[path("image")]).unwrap_err();
    assert!(problem.to_string().contains("add the closing `---` line"), "{problem}");
}

#[test]
fn a_field_that_is_merged_in_gets_a_key_of_its_own() {
    let set = |text: &str, field: &str| {
        let value = FieldValue::Path("/i/new.png".to_owned());
        edit(text, Reader::Jekyll, &[Change { field: field.to_owned(), value }])
    };
    for (before, field, after) in [
        (
            "---\nb: &b\n  image: /i/old.png\n<<: *b\ntitle: A\n---\n",
            "image",
            "---\nb: &b\n  image: /i/old.png\n<<: *b\ntitle: A\nimage: /i/new.png\n---\n",
        ),
        (
            "---\nb: &b {path: /i/old.png}\nimage:\n  <<: [*b]\ntitle: A\n---\n",
            "image.path",
            "---\nb: &b {path: /i/old.png}\nimage:\n  <<: [*b]\n  path: /i/new.png\ntitle: A\n---\n",
        ),
        (
            "---\nb: &b {path: /i/old.png}\nimage: {<<: *b}\n---\n",
            "image.path",
            "---\nb: &b {path: /i/old.png}\nimage: {<<: *b, path: /i/new.png}\n---\n",
        ),
    ] {
        let edited = set(before, field).unwrap();
        assert_eq!(edited, after);
        assert_eq!(set(&edited, field).as_deref(), Ok(after));
    }
    // A mapping of its own would hide the alt text, and a key of the base is every user's.
    for (text, field) in [
        ("---\nb: &b\n  image: {path: /i/old.png, alt: A}\n<<: *b\n---\n", "image.path"),
        ("---\nb: &b\n  image: /i/old.png\n<<: *b\n---\n", "b.image"),
    ] {
        let refused = set(text, field).unwrap_err();
        assert!(refused.to_string().contains("by hand"), "{refused}");
    }
}

#[test]
fn a_path_is_quoted_only_where_yaml_would_read_it_as_something_else() {
    for (value, is_plain) in [
        ("../../assets/a.jpg", true),
        ("./../a.jpg", true),
        ("2025-01-05-a.jpg", true),
        ("2025/01/a", true),
        ("_img/größe.jpg", true),
        ("1.5", false),
        ("1.e10", false),
        ("2025-01-05", false),
        (".inf", false),
        ("null", false),
        ("/my img/a.jpg", false),
        ("https://a.example/a.jpg", false),
    ] {
        for reader in Reader::ALL {
            for field in [FieldValue::Path(value.into()), FieldValue::Item(value.into())] {
                let is_item = matches!(field, FieldValue::Item(_));
                let change = Change { field: "image".into(), value: field };
                let written = if is_plain { value.to_owned() } else { format!("\"{value}\"") };
                let written = if is_item { format!("[{written}]") } else { written };
                let after = edit("---\ntitle: A\n---\nText\n", reader, &[change]);
                assert_eq!(after, Ok(format!("---\ntitle: A\nimage: {written}\n---\nText\n")), "{reader:?}");
            }
        }
    }
}
