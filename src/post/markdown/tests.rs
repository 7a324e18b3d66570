//! All who read a body see the same lines of it.

use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::post::embed::{EmbedMarkup, Pictures, insert};
use crate::post::text::{clean, first_heading};

/// Where a line shows the word and the picture by which it is known.
const SIGN: &str = "@";

/// The body with its signs numbered, and how many there are.
fn signed(lines: &[&str]) -> (String, usize) {
    let mut body = String::new();
    let mut signs = 0;
    for line in lines {
        for (index, part) in line.split(SIGN).enumerate() {
            if index > 0 {
                body.push_str(&format!("w{signs}x ![](p{signs}.jpg)"));
                signs += 1;
            }
            body.push_str(part);
        }
        body.push('\n');
    }
    (body, signs)
}

/// Of every sign whether its word is read, and whether its picture is seen.
fn readings(lines: &[&str]) -> (Vec<bool>, Vec<bool>) {
    let (body, signs) = signed(lines);
    let words = clean(&body, usize::MAX);
    let pictures = Pictures::of(&body);
    let is_read = |sign: usize| words.contains(&format!("w{sign}x"));
    let is_seen = |sign: usize| pictures.find(|target| target == format!("p{sign}.jpg")).is_some();
    ((0..signs).map(is_read).collect(), (0..signs).map(is_seen).collect())
}

#[test]
fn words_and_pictures_of_a_line_are_shown_or_hidden_together() {
    for (lines, shown) in [
        // A comment ends where it is closed, and what follows is text.
        (&["<!-- @", "@ --> @"][..], &[false, false, true][..]),
        (&["<!-- @", "", "@ --> @", "@"], &[false, false, true, true]),
        (&["@", "<!-- @", "", "@ -->", "@"], &[true, false, false, true]),
        (&["- @", "- <!-- @", "", "  @ -->", "- @"], &[true, false, false, true]),
        (&["@", "", "<!-- @", "", "@"], &[true, false, false]),
        (&["<!--", "```", "-->", "@"], &[true]),
        // Inside of a paragraph it ends with that, and is text if it is not closed there.
        (&["@ <!-- @", "@ --> @"], &[true, false, false, true]),
        (&["@ <!-- @", "", "@ --> @"], &[true, true, true, true]),
        (&["> <!-- @", "> @ --> @", "", "@"], &[false, false, true, true]),
        (&["@ %% @", "", "@ %% @"], &[true, false, false, true]),
        (&["@ %% @", "```", "%% @"], &[true, false, true]),
        // A statement of MDX goes on over blank lines inside of brackets, wherever it stands.
        (&["export const a = {", "@", "", "@", "}", "", "@"], &[false, false, true]),
        (&["@", "", "export const a = [", "", "@", "]", "", "@"], &[true, false, true]),
        (&["export { never closed @", "", "@"], &[true, true]),
        (&["@", "export default @"], &[true, true]),
        (&["", "  export default @"], &[true]),
        // Code: fences, also in lists and quotes, indented lines, and what is highlighted.
        (&["```", "@", "<!--", "```", "@"], &[false, true]),
        (&["- ```", "  @", "  ```", "  @"], &[false, true]),
        (&["- ```", "  @", "", "@"], &[false, true]),
        (&["> ```", "> @", "", "@"], &[false, true]),
        (&["> ```", "> @", "> ```", "> @"], &[false, true]),
        (&["@", "", "    @", "", "    @", "@"], &[true, false, false, true]),
        (&["@", "    @"], &[true, true]),
        (&["# @", "    @"], &[true, false]),
        (&["- @", "", "    @", "", "      @"], &[true, true, false]),
        (&["1. @", "", "\t@", "", "@"], &[true, true, true]),
        (&["    ```", "", "@"], &[true]),
        (&["{% highlight ruby %}", "@", "", "@", "{% endhighlight %}", "@"], &[false, false, true]),
        // A formula.
        (&["$$", "@", "", "@", "$$", "@"], &[false, false, true]),
        (&["$$", "", "@"], &[true]),
        (&["$$5 @", "", "@ $$ @"], &[true, true, true]),
        (&["@ $$ @", "@ $$ @"], &[true, false, false, true]),
    ] {
        let (read, seen) = readings(lines);
        assert_eq!((&read[..], &seen[..]), (shown, shown), "{lines:?}");
    }
}

const LINES: &[&str] = &[
    "@",
    "@",
    "",
    "",
    "> @",
    "- @",
    "  @",
    "    @",
    "\t@",
    "1. @",
    "> - @",
    "- - @",
    "# @",
    "===",
    "```",
    "~~~",
    "  ```",
    "- ```",
    "> ```",
    "~~~~ a",
    "> @ ~~~",
    "<!--",
    "-->",
    "<!-- @",
    "@ <!-- @",
    "@ --> @",
    "<!-- @ --> @",
    "- <!-- @",
    "> <!--",
    "%%",
    "@ %% @",
    "@ %%",
    "> %%",
    "$$",
    "@ $$ @",
    "$$ @",
    "@ $$",
    "- $$",
    "export const a = {",
    "export default @",
    "import a from 'b'",
    "export { @",
    "}",
    "] @",
    "{% highlight a %}",
    "{% endhighlight %} @",
    "{{< highlight b >}} @",
    "{{< /highlight >}}",
    "\\",
    "[a](b) @",
    "[@](b)",
    "[a](b \"%%\") @",
    "[a](<!--) @",
    "<b title=\"$$\"> @",
    "{ %% } @",
    "&amp; @",
    "*@*",
    "é @",
];

const CODE_LINES: &[&str] =
    &["    ```", "`", "`` @", "@ ` @", "a ``` @", "[`](`) @", "<b c=\"`\"> @", "\\` @"];

fn lines() -> impl Strategy<Value = Vec<&'static str>> {
    vec(select(LINES), 0..14)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn all_readers_agree_on_what_is_text(lines in lines()) {
        let (read, seen) = readings(&lines);
        prop_assert_eq!(&read, &seen, "{:?}", lines);
        let (body, _) = signed(&lines);
        let sign = first_heading(&body).and_then(|title| title.strip_prefix('w')?.strip_suffix('x')?.parse().ok());
        if let Some(sign) = sign {
            let sign: usize = sign;
            prop_assert!(read[sign], "the title of {:?} is hidden", lines);
        }
    }

    // Words in code are words, and a picture there is none.
    #[test]
    fn a_picture_that_is_seen_stands_beside_words_that_are_read(
        lines in vec(prop_oneof![select(LINES), select(CODE_LINES)], 0..14),
    ) {
        let (read, seen) = readings(&lines);
        prop_assert!(seen.iter().zip(&read).all(|(seen, read)| *read || !seen), "{:?}", lines);
    }

    // What an embed adds is a block of its own: nothing that was text before is hidden by it, or the other way.
    #[test]
    fn an_embedded_picture_changes_no_reading(lines in lines()) {
        let (body, _) = signed(&lines);
        let edited = insert(&body, 0, EmbedMarkup::Markdown, "hero.png", "").unwrap();
        prop_assert_eq!(clean(&edited, usize::MAX), clean(&body, usize::MAX), "{:?}", edited);
        let pictures = Pictures::of(&edited);
        prop_assert_eq!(pictures.hero(&[]), Some("hero.png"), "{:?}", edited);
    }
}

#[test]
fn hostile_bodies_take_linear_work() {
    // A quadratic reading of these would not end within the life of a test run.
    for piece in [
        "export {\n\n",
        "export {}\n\n",
        "%% a\n<!--\n%%\n",
        "%% a\n```\n%%\n",
        "a <!-- b\n",
        "<!--\n\n",
        "$$\n\n",
        "a $$\n$$\n",
        "{% highlight\n",
        "- ",
        "- a\n",
        "> ",
        "> ```\n",
        "- ```\n",
        "1. ~~~\n\n",
        "~~~\n    ",
        "%% a\n{% highlight\n%%\n",
        "\t",
        "    a\n\n",
    ] {
        let body = piece.repeat(300_000 / piece.len());
        assert!(Pictures::of(&body).is_empty());
        clean(&body, usize::MAX);
        first_heading(&body);
    }
}
