//! JavaScript between `---js` and `---`.

use super::super::*;

const READER: Reader = Reader::GrayMatter;

fn read_block(block: &str) -> Result<Pod, Problem> {
    let text = format!("---js\n{block}---\nBody\n");
    Ok(read(&text, READER)?.unwrap().data)
}

fn edited(block: &str, field: &str) -> Result<String, Problem> {
    let change = Change { field: field.to_owned(), value: FieldValue::Path("/i/a.png".to_owned()) };
    let text = edit(&format!("---js\n{block}---\nBody\n"), READER, &[change])?;
    Ok(text.strip_prefix("---js\n").unwrap().strip_suffix("---\nBody\n").unwrap().to_owned())
}

#[test]
fn literals_are_read_and_code_is_left_out() {
    let block = "// Words; of a comment\nconst title = \"A; b\"\nlet draft = true; const n = {\n\tkey: 'About', // x\n\torder: 3,\n};\nconst \
                 date = new Date('2026-01-01');\nconst sum = 1\n  + 2\nfunction f() { return 1; }\nvar tags = ['a', \"b\",];\n";
    let front = read(&format!("---js\n{block}---\n"), READER).unwrap().unwrap();
    assert_eq!(front.text("title").as_deref(), Some("A; b"));
    assert_eq!(front.get("draft"), Some(&Pod::Boolean(true)));
    assert_eq!(
        (front.text("n.key").as_deref(), front.get("n.order")),
        (Some("About"), Some(&Pod::Integer(3)))
    );
    assert_eq!((front.get("date"), front.get("sum")), (None, None));
    assert!(matches!(front.get("tags"), Some(Pod::Array(tags)) if tags.len() == 2));
    let object = read_block("{\n  title: 'A', // the title\n  \"draft\": false,\n}\n").unwrap();
    assert!(matches!(object, Pod::Hash(pairs) if pairs.len() == 2));
}

#[test]
fn a_field_is_added_and_replaced_in_the_least_span() {
    for (block, field, expected) in [
        ("const title = 'A';\n", "image", "const title = 'A';\nconst image = \"/i/a.png\";\n"),
        (
            "const title = 'A' // x\n",
            "cover.image",
            "const title = 'A' // x\nconst cover = {\"image\": \"/i/a.png\"};\n",
        ),
        (
            "const image = null;\nconst title = 'A';\n",
            "image",
            "const image = \"/i/a.png\";\nconst title = 'A';\n",
        ),
        ("let image = 'x.png'\n", "image", "let image = \"/i/a.png\"\n"),
        ("{ title: 'A' }\n", "image", "{ image: \"/i/a.png\", title: 'A' }\n"),
        ("{\n  title: 'A',\n}\n", "image", "{\n  image: \"/i/a.png\",\n  title: 'A',\n}\n"),
    ] {
        assert_eq!(edited(block, field).as_deref(), Ok(expected), "{block}");
    }
}

#[test]
fn what_would_have_to_be_run_is_never_edited() {
    for block in [
        "const title = 'A';\nconst date = new Date();\n",
        "const { image } = require('./x');\nconst title = 'A';\n",
        "{ title: 'A', image: f() }\n",
        "module.exports = { title: 'A' }\n",
        "const title = `A ${1 + 1}`;\n",
    ] {
        assert!(matches!(edited(block, "image"), Err(Problem::Unsupported { .. })), "{block}");
    }
    let deep = format!("const a = {};\n", "[".repeat(10_000));
    assert!(matches!(read_block(&deep), Err(Problem::Unsupported { .. })));
    assert!(matches!(edited("{ image: 'x.png' }\n", "image"), Err(Problem::Unsafe { .. })));
}
