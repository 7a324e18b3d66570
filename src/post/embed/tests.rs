//! Which pictures are seen, and where ours comes to stand.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::{EmbedMarkup, Pictures, first_image, insert, replace};

fn seen(body: &str) -> Option<&str> {
    first_image(body).map(|image| image.target)
}

// B-54
#[test]
fn an_embedded_picture_is_seen_in_every_markup() {
    for (body, target) in [
        ("![[x.jpg]]", "x.jpg"),
        ("Text\n\n![[attachments/x y.PNG|300]] and more", "attachments/x y.PNG"),
        ("![a](x.webp)", "x.webp"),
        ("![a [b] \\] c](<x (1).avif> \"t (x)\")", "x (1).avif"),
        ("![](a(1).svg 'it')", "a(1).svg"),
        ("![a](x.gif?w=3#f)", "x.gif?w=3#f"),
        ("<p><IMG alt='x > y' class=a src=\"/x.jpeg\" /></p>", "/x.jpeg"),
        ("<img src=x.jpg>", "x.jpg"),
        ("[![a](x.jpg)](page.html)", "x.jpg"),
        ("![a ![b](y.jpg)](x.jpg)", "y.jpg"),
        ("`a` ` ![b](x.jpg)", "x.jpg"),
        ("one ` two\n\nthree ` ![b](x.jpg)", "x.jpg"),
        ("<!-- ![](a.jpg)\n\n![](b.jpg) --> ![](x.jpg)", "x.jpg"),
        ("```\n![](a.jpg)\n~~~\n```\n![](x.jpg)", "x.jpg"),
        ("![note](a.pdf) ![[note]] ![a](x.jpg)", "x.jpg"),
        ("![é](ü.jpg)", "ü.jpg"),
        ("%% ![](a.jpg)\n\n![](b.jpg) %% ![](x.jpg)", "x.jpg"),
        ("100%% ![](x.jpg)", "x.jpg"),
        ("$$\n![](a.jpg)\n$$\n\n$$5 ![](x.jpg)", "x.jpg"),
    ] {
        assert_eq!(seen(body), Some(target), "{body:?}");
        let image = first_image(body).unwrap();
        assert!(body[image.span.clone()].contains(target), "{body:?}");
        assert!(body[image.span].starts_with(['!', '<']), "{body:?}");
    }
}

// B-55
#[test]
fn notes_files_and_code_are_not_pictures() {
    for body in [
        "![[note]]",
        "![[note.md]]",
        "![a](file.pdf)",
        "![a](no-extension)",
        "![a](x.jpg",
        "![a] (x.jpg)",
        "\\![a](x.jpg)",
        "[a](x.jpg)",
        "`![a](x.jpg)`",
        "``![a](x.jpg) ` ``",
        "```md\n![a](x.jpg)\n```",
        "~~~\n![a](x.jpg)",
        "- item\n\n    ```\n    ![a](x.jpg)\n    ```\n",
        "<!-- ![a](x.jpg)",
        "<image src=\"x.jpg\">",
        "<img alt=\"x.jpg\">",
        "![[x\n.jpg]]",
        "",
    ] {
        assert_eq!(seen(body), None, "{body:?}");
    }
}

/// Inserts below the block of `text`, whose body starts after the second delimiter line.
fn embedded(text: &str, style: EmbedMarkup, target: &str) -> String {
    let body = text.rfind("---\n").map_or(0, |at| at + 4);
    insert(text, body, style, target, "B").expect("a target that fits")
}

#[test]
fn imports_stay_above_the_picture() {
    let text = "---\ntitle: A\n---\nimport X from './x'\n\n# Hi\n";
    let after = "---\ntitle: A\n---\nimport X from './x'\n\n![B](./a.png)\n\n# Hi\n";
    assert_eq!(embedded(text, EmbedMarkup::Markdown, "./a.png"), after);
    for (body, after) in [
        (
            "import {\n  a,\n\n  b,\n} from 'x'\nText\n",
            "import {\n  a,\n\n  b,\n} from 'x'\nText\n\n![B](a.png)\n",
        ),
        (
            "import 'a.css'\n\nexport const b = {\n\n}\n\nT\n",
            "import 'a.css'\n\nexport const b = {\n\n}\n\n![B](a.png)\n\nT\n",
        ),
        ("import taxes are high\n", "![B](a.png)\n\nimport taxes are high\n"),
        ("export { never closed\n\nText\n", "![B](a.png)\n\nexport { never closed\n\nText\n"),
    ] {
        assert_eq!(embedded(body, EmbedMarkup::Markdown, "a.png"), after);
    }
}

#[test]
fn a_statement_that_ends_in_a_byte_order_mark_ends_before_the_picture() {
    let edited = embedded("export {}\u{feff}", EmbedMarkup::Obsidian, "a.png");
    assert_eq!(edited, "export {}\u{feff}\n\n![[a.png]]");
    assert_eq!(Pictures::of(&edited).hero(&[]), Some("a.png"));
}

#[test]
fn the_picture_stands_above_a_heading_that_shows_another_one() {
    let edited = embedded("# A ![[y.png]]\n\nText\n", EmbedMarkup::Obsidian, "a.png");
    assert_eq!(edited, "![[a.png]]\n\n# A ![[y.png]]\n\nText\n");
    assert_eq!(Pictures::of(&edited).hero(&[]), Some("a.png"));
}

// B-80
#[test]
fn without_a_heading_the_picture_comes_first() {
    let text = "---\ntags:\n---\nText\n";
    let after = "---\ntags:\n---\n![[attachments/a.png]]\n\nText\n";
    assert_eq!(embedded(text, EmbedMarkup::Obsidian, "attachments/a.png"), after);
    for (text, after) in [
        ("", "![[a.png]]"),
        ("Text", "![[a.png]]\n\nText"),
        ("---\n---\n", "---\n---\n![[a.png]]\n"),
        ("---\n---\n\nText\n", "---\n---\n\n![[a.png]]\n\nText\n"),
        ("## Two\n", "![[a.png]]\n\n## Two\n"),
    ] {
        assert_eq!(embedded(text, EmbedMarkup::Obsidian, "a.png"), after);
    }
    assert_eq!(
        insert("---\n---", 7, EmbedMarkup::Obsidian, "a.png", "").as_deref(),
        Some("---\n---\n![[a.png]]")
    );
}

// B-80
#[test]
fn the_picture_follows_a_heading_that_is_the_first_block_and_else_stands_on_top() {
    for (text, after) in [
        ("# Hi\nText\n", "# Hi\n\n![[a.png]]\n\nText\n"),
        ("# Hi\n\nText\n", "# Hi\n\n![[a.png]]\n\nText\n"),
        ("# Hi", "# Hi\n\n![[a.png]]"),
        ("\r\n# Hi\r\nText\r\n", "\r\n# Hi\r\n\r\n![[a.png]]\r\n\r\nText\r\n"),
        ("Intro\r\n\r\n# Hi\r\nText\r\n", "![[a.png]]\r\n\r\nIntro\r\n\r\n# Hi\r\nText\r\n"),
        ("Hi\n==\nText\n", "Hi\n==\n\n![[a.png]]\n\nText\n"),
        ("```\n# no\n```\n# Hi\n", "![[a.png]]\n\n```\n# no\n```\n# Hi\n"),
        ("$$\nx\n=\ny\n$$\n", "![[a.png]]\n\n$$\nx\n=\ny\n$$\n"),
        ("Words\n\n$$\nx\n=\ny\n$$\n", "![[a.png]]\n\nWords\n\n$$\nx\n=\ny\n$$\n"),
        ("> [!note] A\n> # Hi\n", "![[a.png]]\n\n> [!note] A\n> # Hi\n"),
        ("%%\n# Hi\n%%\n", "![[a.png]]\n\n%%\n# Hi\n%%\n"),
        ("# Hi %%\nhidden\n%%\n", "![[a.png]]\n\n# Hi %%\nhidden\n%%\n"),
        ("<div>\n\n# Hi\n\n</div>\n", "![[a.png]]\n\n<div>\n\n# Hi\n\n</div>\n"),
        ("1. a\n===\n", "![[a.png]]\n\n1. a\n===\n"),
        ("---\n\nAbove\n\n---\n", "![[a.png]]\n\n---\n\nAbove\n\n---\n"),
        ("\u{feff}Text\n", "\u{feff}![[a.png]]\n\nText\n"),
        ("\u{feff}# Hi\n", "\u{feff}# Hi\n\n![[a.png]]\n"),
        ("    # code\n\nText\n", "![[a.png]]\n\n    # code\n\nText\n"),
        ("<!--\n# no\n-->\n#hash\n", "![[a.png]]\n\n<!--\n# no\n-->\n#hash\n"),
    ] {
        let edited = insert(text, 0, EmbedMarkup::Obsidian, "a.png", "").unwrap();
        assert_eq!(edited, after);
        assert_eq!(Pictures::of(&edited).hero(&[]), Some("a.png"), "{edited:?}");
    }
}

// B-54
#[test]
fn a_picture_that_opens_the_body_is_its_hero() {
    for body in [
        "![[x.jpg]]",
        "\n# T\n\n![[attachments/x.PNG|300]]\n",
        "T\n===\n\n![a](x.webp)\n",
        "![a](x.webp \"t\")\n\n# T\n",
        "![a](https://b.example/x.avif?v=1)",
        "\u{feff}![[x.jpg]]",
    ] {
        assert!(Pictures::of(body).hero(&[]).is_some(), "{body}");
    }
}

// B-55
#[test]
fn a_note_another_file_or_a_later_image_is_not_a_hero() {
    for body in [
        "",
        "![[note]]",
        "![a](file.pdf)",
        "[a](x.png)",
        "Text\n\n![[x.jpg]]",
        "Text\n\n# T\n\n![[x.jpg]]",
        "> ![[x.jpg]]",
        "%% ![[x.jpg]] %%",
        "```\n![[x.jpg]]\n```",
    ] {
        assert_eq!(Pictures::of(body).hero(&[]), None, "{body}");
    }
}

#[test]
fn a_picture_of_ours_is_the_hero_wherever_it_was_moved() {
    let files = ["n-a.jpg".to_owned(), "n-a-2.jpg".to_owned()];
    for body in [
        "Text\n\n![[attachments/n-a.jpg]]\n",
        "![[other.png]]\n\n> [!info]\n> ![[n-a-2.jpg|A boat|300]]\n",
        "- item ![A boat](../media/n-a.jpg \"t\")\n",
        "Words ![[attachments/n-a.jpg#center|300]]",
    ] {
        assert!(Pictures::of(body).ours(&files).is_some(), "{body}");
        assert_eq!(Pictures::of(body).hero(&files), Pictures::of(body).ours(&files), "{body}");
    }
    for body in ["![[n-a-3.jpg]]", "![](https://b.example/n-a.jpg)", "`![[n-a.jpg]]`", "%%![[n-a.jpg]]%%"] {
        assert_eq!(Pictures::of(body).ours(&files), None, "{body}");
    }
}

// B-72
#[test]
fn alt_text_and_targets_cannot_break_out_of_the_markup() {
    let text = insert("", 0, EmbedMarkup::Markdown, "a (1)>.png", "]({{ x }}) *b*\n`c` <d>").unwrap();
    assert_eq!(text, "![\\](\\{\\{ x \\}\\}) \\*b\\* \\`c\\` \\<d>](a%20%281%29%3E.png)");
    assert_eq!(seen(&text), Some("a%20%281%29%3E.png"));
    for target in ["a|b.png", "a#b.png", "a]b.png", "a\nb.png"] {
        assert_eq!(insert("", 0, EmbedMarkup::Obsidian, target, ""), None);
    }
}

#[test]
fn only_the_targets_in_the_body_are_replaced() {
    let text = "---\nx: '![a](o.png)'\n---\n![a](o.png \"t\")\n`![a](o.png)` ![[o.png|9]] ![b](p.png)\n";
    let after = "---\nx: '![a](o.png)'\n---\n![a](n.png \"t\")\n`![a](o.png)` ![[n.png|9]] ![b](p.png)\n";
    let body = text.rfind("---\n").unwrap() + 4;
    assert_eq!(replace(text, body, "o.png", EmbedMarkup::Markdown, "n.png").as_deref(), Some(after));
    assert_eq!(replace(text, body, "q.png", EmbedMarkup::Markdown, "n.png"), None);
}

const PIECES: &[&str] = &[
    "![",
    "![[",
    "]]",
    "](",
    ")",
    "x.jpg",
    "<img ",
    "src=",
    "\"",
    "'",
    ">",
    "<",
    "`",
    "```",
    "~~~",
    "\n",
    "\n\n",
    "\r\n",
    "# ",
    "=",
    "<!--",
    "-->",
    "\\",
    "é",
    " ",
    "import ",
    "export {",
    "(",
    "a",
    "\t",
    "|",
    "---\n",
    "$$",
    "%%",
    "> ",
    "![[y.png]]",
    "\u{feff}",
    "<div>",
    "- ",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    // B-103
    #[test]
    fn a_picture_is_embedded_once_and_nothing_is_lost(
        pieces in vec(select(PIECES), 0..40),
        at in any::<prop::sample::Index>(),
        markdown in any::<bool>(),
    ) {
        let text = pieces.concat();
        let body = (0..=at.index(text.len() + 1)).rev().find(|&at| text.is_char_boundary(at)).unwrap();
        let style = if markdown { EmbedMarkup::Markdown } else { EmbedMarkup::Obsidian };
        let edited = insert(&text, body, style, "hero.png", "alt").unwrap();
        let mut rest = edited.chars();
        prop_assert!(text.chars().all(|c| rest.any(|kept| kept == c)), "{:?}", edited);
        prop_assert!(edited.starts_with(&text[..body]));
        let visible = edited[body..].matches("hero.png").count() == 1;
        prop_assert!(visible);
        let pictures = Pictures::of(&edited[body..]);
        prop_assert_eq!(pictures.hero(&["hero.png".to_owned()]), Some("hero.png"), "{:?}", edited);
        prop_assert_eq!(pictures.hero(&[]), Some("hero.png"), "{:?}", edited);
        prop_assert_eq!(insert(&edited, body, style, "hero.png", "alt"), Some(edited.clone()));
    }

    // B-103
    #[test]
    fn plain_text_holds_no_picture(text in "[a-zA-Z0-9 .,#>*\n-]{0,200}") {
        prop_assert_eq!(first_image(&text), None);
    }
}

#[test]
fn hostile_texts_take_linear_work() {
    // A quadratic scan of these would not end within the life of a test run.
    for piece in [
        "![",
        "![[",
        "![](",
        "![](a \"",
        "`",
        "`a``",
        "<img ",
        "<img a=\"",
        "<!--",
        "\\",
        "# ",
        "```\n",
        "a\n=b\n",
        "$$",
        "%%",
        "%% a\n\n",
        "$$ a",
    ] {
        let text = piece.repeat(300_000 / piece.len());
        assert_eq!(seen(&text), None, "{piece:?}");
        assert!(insert(&text, 0, EmbedMarkup::Markdown, "a.png", "").is_some(), "{piece:?}");
    }
}
