//! A title as people read it on the page: its inline Markdown, HTML and entities without their marks.
//!
//! A title is not prose: many hold marks that mean themselves (`Vec<T>`, `2 * 3 * 4`, `__init__`, `[Solved]`), so
//! only a mark that has its partner goes, and only a tag that is there to format text.

use super::super::markdown::inline;
use super::entity::entity;
use super::head;

/// Longest title that is looked at, in bytes; every mark may be looked for in all of it.
const LONGEST: usize = 2 * 1024;
/// Marks in marks in marks are not a title.
const DEEPEST: usize = 6;

/// Tags that format text, and say nothing themselves.
const TAGS: [&str; 29] = [
    "a", "abbr", "b", "bdi", "bdo", "big", "cite", "code", "del", "dfn", "em", "font", "i", "ins", "kbd",
    "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "tt", "u", "var", "wbr",
];

/// The title without its marks; blanks stay as they are.
pub fn plain_title(title: &str) -> String {
    let mut out = String::with_capacity(title.len());
    read(head(title, LONGEST), DEEPEST, &mut out);
    out
}

fn read(text: &str, depth: usize, out: &mut String) {
    let mut before = None;
    let mut at = 0;
    while let Some(first) = text[at..].chars().next() {
        let taken = mark(&text[at..], first, before, depth, out).unwrap_or_else(|| {
            out.push(first);
            first.len_utf8()
        });
        at += taken;
        before = text[..at].chars().next_back();
    }
}

/// Takes the mark that the text begins with, if it is one, and gives its length.
fn mark(rest: &str, first: char, before: Option<char>, depth: usize, out: &mut String) -> Option<usize> {
    match first {
        '\\' => {
            let escaped = rest[1..].chars().next().filter(char::is_ascii_punctuation)?;
            out.push(escaped);
            Some(2)
        }
        '`' => code(rest, out),
        '&' => {
            let (c, length) = entity(rest)?;
            out.push(c);
            Some(length)
        }
        '!' => inline::wiki(rest).or_else(|| inline::picture(rest)).map(|(_, length)| length),
        '[' if depth > 0 => link(rest, depth, out),
        '<' if depth > 0 => tag(rest, depth, out),
        '*' | '_' | '~' | '=' if depth > 0 => {
            let (inside, length) = emphasis(rest, first, before)?;
            read(inside, depth - 1, out);
            Some(length)
        }
        _ => None,
    }
}

/// What stands between backticks is taken as it is.
fn code(rest: &str, out: &mut String) -> Option<usize> {
    let (inside, length) = inline::code(rest)?;
    let inside = &rest[inside];
    // A blank on both sides keeps backticks of the code apart from those around it.
    let bare = inside.strip_prefix(' ').and_then(|inside| inside.strip_suffix(' '));
    out.push_str(bare.filter(|bare| !bare.trim().is_empty()).unwrap_or(inside));
    Some(length)
}

/// `[text](address)` and `[[note|text]]`; brackets alone are text.
fn link(rest: &str, depth: usize, out: &mut String) -> Option<usize> {
    let close = inline::closing(rest)?;
    let inside = &rest[1..close];
    if let Some(note) = inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        out.push_str(note.rsplit_once('|').map_or(note, |(_, shown)| shown));
        return Some(close + 1);
    }
    let (_, length) = inline::destination(&rest[close + 1..])?;
    read(inside, depth - 1, out);
    Some(close + 1 + length)
}

/// A comment, a line break, or what stands between two tags.
fn tag(rest: &str, depth: usize, out: &mut String) -> Option<usize> {
    let length = inline::tag(rest)?;
    if rest.starts_with("<!--") {
        return Some(length);
    }
    let name: &str = rest[1..length].split(|c: char| !c.is_ascii_alphanumeric()).next()?;
    if name.eq_ignore_ascii_case("br") {
        out.push(' ');
        return Some(length);
    }
    if name.eq_ignore_ascii_case("img") || name.eq_ignore_ascii_case("wbr") {
        return Some(length);
    }
    TAGS.iter().find(|tag| tag.eq_ignore_ascii_case(name))?;
    let inside = &rest[length..];
    let closing = format!("</{}>", name.to_ascii_lowercase());
    let end = inside.to_ascii_lowercase().find(&closing)?;
    read(&inside[..end], depth - 1, out);
    Some(length + end + closing.len())
}

/// What stands between two equal runs of a mark, and the length of all three. The runs stand at the words that they
/// are for, and not inside of a word, where `*` and `_` belong to names and sums.
fn emphasis(rest: &str, mark: char, before: Option<char>) -> Option<(&str, usize)> {
    let run = |text: &str| text.chars().take_while(|&c| c == mark).count();
    let length = run(rest);
    let lengths = if matches!(mark, '*' | '_') { 1..=3 } else { 2..=2 };
    let is_word = |c: Option<char>| {
        c.is_some_and(|c| if mark == '_' { c.is_alphanumeric() } else { c.is_ascii_alphanumeric() })
    };
    let is_blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    if !lengths.contains(&length) || is_blank(rest[length..].chars().next()) {
        return None;
    }
    let mut at = length;
    loop {
        at += rest[at..].find(mark)?;
        let closing = run(&rest[at..]);
        let after = rest[at + closing..].chars().next();
        let ends = closing == length && !is_blank(rest[..at].chars().next_back());
        // A strong part of a word is meant, as long as it is at one end of it.
        let apart = match (is_word(before), is_word(after)) {
            (false, false) => true,
            (true, true) => false,
            _ => length > 1 && mark != '_',
        };
        if ends && apart {
            let inside = &rest[length..at];
            let is_name = inside.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
            return (mark != '_' || length == 1 || !is_name).then_some((inside, at + closing));
        }
        at += closing;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_marks_of_a_title_are_not_part_of_it() {
        for (title, plain) in [
            ("**Bold** and *light*, ***both***, __strong__ words", "Bold and light, both, __strong__ words"),
            ("__two words__ and _one_", "two words and one"),
            ("The `Result` type, and ``a ` b``", "The Result type, and a ` b"),
            ("Read [the **book**](https://example.com \"x\") now", "Read the book now"),
            ("See [[notes/fog|the fog]]", "See the fog"),
            ("A <em class=\"x\">new</em> <B>start</B><br/>here", "A new start here"),
            ("One<!-- hidden --> two ![logo](a.png)", "One two "),
            ("Salt &amp; pepper &#8212; caf&eacute; &#x41;&nbsp;&hellip;", "Salt & pepper — café A\u{a0}…"),
            ("~~Old~~ ==new== \\*literal\\*", "Old new *literal*"),
            ("**Rust**acean 日本**語**です", "Rustacean 日本語です"),
        ] {
            assert_eq!(plain_title(title), plain);
        }
    }

    #[test]
    fn marks_that_mean_themselves_stay() {
        for title in [
            "Vec<T> and Option<Box<T>> in Rust",
            "2 * 3 * 4, 2**8 and 2**10, a*b*c",
            "*args and **kwargs",
            "__init__ and snake_case_name",
            "[Solved] C:\\Users and AT&T; R&D",
            "The <details> element, and a <b> alone",
            "a == b, c == d; ~5 minutes, ~ 6",
            "Sets {1, 2} and `open",
            "1 < 2 > 0 &bogus; &#xd800;",
            "Why I left [again]",
        ] {
            assert_eq!(plain_title(title), title);
        }
    }

    #[test]
    fn a_title_of_marks_alone_takes_no_time() {
        for part in ["[", "*", "<b>", "`", "&", "**a ", "[[", "<!--", "_a_"] {
            plain_title(&part.repeat(20_000));
        }
    }

    proptest! {
        #[test]
        fn no_title_makes_it_panic(title in "([*_`~=<>&;\\[\\]()!\\\\ ab#/é-]|</?b>|&amp;){0,60}") {
            prop_assert!(plain_title(&title).len() <= title.len());
        }
    }
}
