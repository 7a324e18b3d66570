use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use super::super::embed::first_image;
use super::*;

fn cleaned(body: &str) -> String {
    clean(body, 10_000)
}

// B-73
#[test]
fn marks_go_and_words_stay() {
    for (markdown, words) in [
        ("## A heading ##\n\nText", "A heading Text"),
        ("One\n===\n\nTwo\n---\n", "One Two"),
        ("Some *very* **bold** and ~~old~~ ==news==", "Some very bold and old news"),
        ("_Emphasis_ and __more__ of it", "Emphasis and more of it"),
        ("> quoted\n> > twice", "quoted twice"),
        ("> [!note] Mind\n> the gap", "Mind the gap"),
        ("- one\n* two\n1. three\n- [x] four", "one two three four"),
        (
            "A [link](https://a.example/x_(y)) and [another][ref] one\n\n[ref]: https://b.example",
            "A link and another one",
        ),
        ("See [[Some Note|the note]] and [[Other]]", "See the note and Other"),
        ("[![badge](a.svg)](https://a.example) Text", "Text"),
        ("![a](b.png) ![[c.png]] Text", "Text"),
        ("Tom &amp; Jerry&nbsp;run", "Tom & Jerry run"),
        ("A note[^1].\n\n[^1]: The small print.", "A note."),
        ("Go to https://a.example/x?y=z now", "Go to now"),
        ("2 * 3 = 6", "2 * 3 = 6"),
        (r"A \*star\*", "A *star*"),
        // What hides a picture from the search for embeds hides it from the prompt, and reaches as far.
        (r"![a \] b](x.jpg) Text", "Text"),
        ("![a [b] \\] c](<x (1).avif> \"t (x)\") Text", "Text"),
        ("![a](x.png \"a) b\") Text", "Text"),
        ("[a](<b (c.html> 'd)') Text", "a Text"),
        ("[a `]` b](c.html) Text", "a ] b Text"),
        ("<img alt='x > y' src=x.jpg> Text", "Text"),
        ("<Figure alt=\"x > y\" /> Text", "Text"),
        ("`` a ` b `` and `c `` d` Text", "a ` b and c `` d Text"),
        ("%% a comment ![](a.jpg) %% Text", "Text"),
        ("Sales: $$E = mc^2$$ Text", "Sales: Text"),
        ("100%% sure, $$5", "100%% sure, $$5"),
        ("[a] (b) and 1 < 2 > 0", "a (b) and 1 < 2 > 0"),
    ] {
        assert_eq!(cleaned(markdown), words, "{markdown}");
    }
}

// B-73
#[test]
fn an_underscore_inside_an_identifier_stays() {
    assert_eq!(cleaned("Call `read_to_end` or snake_case_name"), "Call read_to_end or snake_case_name");
}

// B-73
#[test]
fn what_is_not_prose_goes() {
    for block in [
        "```rust\nlet a = \"# no\";\n```",
        "~~~~\n```\n~~~\n~~~~",
        "    indented code",
        "| a | b |\n| --- | --- |\n| 1 | 2 |",
        "<!-- a\ncomment -->",
        "<script>\nalert(1)\n</script>",
        "<Figure\n  src=\"a.png\"\n/>",
        "<img src=\"a.png\" alt=\"x\">",
        "{{< figure src=\"a.png\" >}}",
        "{% include a.html %}",
        "{% highlight ruby %}\nputs 1\n{% endhighlight %}",
        "import A from './a'\nexport const b = {\n  c: 1,\n}",
        "$$\nx^2\n$$",
        ":::tip\n:::",
        "***",
    ] {
        assert_eq!(cleaned(&format!("Before\n\n{block}\n\nAfter")), "Before After", "{block}");
    }
}

#[test]
fn prose_that_begins_with_import_is_prose() {
    assert_eq!(cleaned("import duties rose from May on"), "import duties rose from May on");
}

// B-68
#[test]
fn the_subject_is_title_description_and_beginning() {
    let body = "\n## Why\n\nBecause boats *float*.\n";
    assert_eq!(
        subject("On boats", Some("A short `story`"), body),
        "On boats. A short story. Why Because boats float."
    );
    assert_eq!(subject("Boats?", None, ""), "Boats?");
}

#[test]
fn a_long_subject_is_cut_at_a_word() {
    let long = subject("T", None, &"wörd ".repeat(1000));
    assert!(long.ends_with("wörd…") && long.chars().count() <= LONGEST_SUBJECT, "{long}");
}

#[test]
fn a_heading_in_code_or_a_comment_is_not_a_title() {
    assert_eq!(first_heading("```\n# a\n```\n<!--\n# b\n-->\n## c\n# d #\n").as_deref(), Some("d"));
    assert_eq!(first_heading("Under\n=====\n").as_deref(), Some("Under"));
    assert_eq!(first_heading("text\n#hashtag\n"), None);
}

#[test]
fn a_megabyte_of_open_brackets_is_no_trouble() {
    for hostile in ["[", "![", "<a ", "{{", "`", "*", "_", "[[", "&"] {
        let text = hostile.repeat(300_000);
        assert!(cleaned(&text).chars().count() <= 10_000);
        first_heading(&format!("# {}", &text[..1000]));
    }
}

const MARKS: &[&str] = &[
    "`", "``", "\\", "$$", "%%", "[", "]", "(", ")", "<", ">", "=\"", "'", " ", "a", "!", "*", "_", "&amp;",
    "[a](", "<b ", "{", "}", "https://", "é",
];

proptest! {
    // B-103
    #[test]
    fn cleaning_never_panics_and_stays_within_its_bound(body in "(?s).{0,400}", longest in 0_usize..80) {
        let text = clean(&body, longest.max(1));
        prop_assert!(text.chars().count() <= longest.max(1));
        prop_assert!(!text.contains(['\n', '\r']));
        first_heading(&body);
    }

    #[test]
    fn markup_soup_never_panics(body in "[\\[\\]()!<>{}`*_~=#|&\\\\ a\\-\n]{0,300}") {
        let text = clean(&body, 100);
        prop_assert!(text.chars().count() <= 100);
        first_heading(&body);
    }

    #[test]
    fn plain_words_stay_as_they_are(words in "[a-z]{2,9}( [a-z]{2,9}){0,20}") {
        prop_assume!(!words.starts_with("import ") && !words.starts_with("export ") && !words.contains("http"));
        prop_assert_eq!(clean(&words, 1000), words);
    }

    // What is a picture to the search for embeds is not among the words of the prompt.
    #[test]
    fn a_picture_that_is_seen_is_never_read_out(
        before in vec(select(MARKS), 0..6),
        picture in select(&["![b](x.jpg)", "![[x.jpg|3]]", "![c [d]](<x.jpg> 'e)')", "<img alt='>' src='x.jpg'>"][..]),
        after in vec(select(MARKS), 0..6),
    ) {
        let line = format!("w {}{picture}{}", before.concat(), after.concat());
        if first_image(&line).is_some_and(|image| image.target == "x.jpg") {
            prop_assert!(!cleaned(&line).contains("x.jpg"), "{:?}: {:?}", line, cleaned(&line));
        }
    }
}
