//! Cleans one line: links keep their text, pictures and tags go, emphasis marks go, and a `_` inside
//! an identifier stays.

use super::super::markdown::inline;
use super::head;

/// How far a bracket's partner is looked for, in bytes: a real link is shorter.
const LOOK_AHEAD: usize = 1000;
/// Longest line that is looked at, in bytes; more than any subject or title takes.
const LONGEST_LINE: usize = 8 * 1024;
/// Links in links in links are no prose.
const DEEPEST: usize = 4;

/// The words of a line, single-spaced.
pub(super) fn clean(line: &str) -> String {
    let line = head(line, LONGEST_LINE);
    let mut words = String::with_capacity(line.len());
    scan(line, DEEPEST, &mut words);
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn scan(mut rest: &str, depth: usize, out: &mut String) {
    while let Some(first) = rest.chars().next() {
        let after = &rest[first.len_utf8()..];
        let taken = match first {
            '\\' => escaped(after, out).map(|length| length + 1),
            '`' => code(rest, out),
            '!' if after.starts_with('[') => picture(rest),
            '$' | '%' => inline::hidden(window(rest)),
            '[' if depth > 0 => link(rest, depth, out),
            '<' => inline::tag(window(rest)),
            '{' => shortcode(rest),
            '&' => entity(rest, out),
            'h' if !out.ends_with(char::is_alphanumeric) => address(rest),
            '*' | '~' | '=' => emphasis(rest, first, out),
            '_' => underscore(rest, out),
            _ => None,
        };
        // The space keeps apart what a picture or tag stood between; `clean` collapses it.
        let taken = taken.unwrap_or_else(|| {
            if !first.is_control() {
                out.push(first);
            }
            first.len_utf8()
        });
        rest = &rest[taken..];
    }
}

/// `\*` stands for the mark itself.
fn escaped(after: &str, out: &mut String) -> Option<usize> {
    let mark = after.chars().next().filter(char::is_ascii_punctuation)?;
    out.push(mark);
    Some(1)
}

/// Inline code keeps its words; backticks without a partner go.
fn code(rest: &str, out: &mut String) -> Option<usize> {
    let Some((inside, length)) = inline::code(window(rest)) else { return Some(inline::ticks(rest)) };
    out.push_str(&rest[inside]);
    Some(length)
}

/// `![alt](file)`, `![[file]]` and `![alt][reference]`.
fn picture(rest: &str) -> Option<usize> {
    let text = window(rest);
    if let Some((_, length)) = inline::picture(text).or_else(|| inline::wiki(text)) {
        return Some(length);
    }
    let end = 1 + inline::closing(&text[1..])? + 1;
    Some(end + target(&rest[end..]))
}

/// `[text](url)`, `[text][reference]`, `[[note|alias]]`, `[^1]`.
fn link(rest: &str, depth: usize, out: &mut String) -> Option<usize> {
    let close = inline::closing(window(rest))?;
    let inside = &rest[1..close];
    if let Some(note) = inside.strip_prefix('[').and_then(|inside| inside.strip_suffix(']')) {
        let shown = note.rsplit_once('|').map_or(note, |(_, alias)| alias);
        scan(shown, depth - 1, out);
        return Some(close + 1);
    }
    if inside.starts_with('^') {
        return Some(close + 1);
    }
    scan(inside, depth - 1, out);
    Some(close + 1 + target(&rest[close + 1..]))
}

/// Length of the `(url)` or `[reference]` after a link's text; 0 when there is none.
fn target(rest: &str) -> usize {
    let text = window(rest);
    let found = inline::destination(text).map(|(_, length)| length);
    found.or_else(|| inline::closing(text).map(|end| end + 1)).unwrap_or(0)
}

/// `{{< … >}}`, `{{ … }}`, `{% … %}`, `{: .class}`, `{#id}` and JSX expressions.
fn shortcode(rest: &str) -> Option<usize> {
    let close = if rest.starts_with("{{") {
        "}}"
    } else if rest.starts_with("{%") {
        "%}"
    } else {
        "}"
    };
    window(rest).find(close).map(|end| end + close.len())
}

/// The few entities that stand in prose.
fn entity(rest: &str, out: &mut String) -> Option<usize> {
    const ENTITIES: [(&str, char); 8] = [
        ("&nbsp;", ' '),
        ("&amp;", '&'),
        ("&lt;", '<'),
        ("&gt;", '>'),
        ("&quot;", '"'),
        ("&#39;", '\''),
        ("&mdash;", '—'),
        ("&hellip;", '…'),
    ];
    let (name, letter) = ENTITIES.iter().find(|(name, _)| rest.starts_with(name))?;
    out.push(*letter);
    Some(name.len())
}

/// A bare address, up to a blank or to the next mark.
fn address(rest: &str) -> Option<usize> {
    (rest.starts_with("https://") || rest.starts_with("http://")).then_some(())?;
    let ends =
        |letter: char| letter.is_whitespace() || matches!(letter, ')' | '[' | ']' | '<' | '>' | '"' | '`');
    let end = rest.find(ends).unwrap_or(rest.len());
    let is_picture = rest[..end].ends_with('!') && rest[end..].starts_with('[');
    Some(if is_picture { end - 1 } else { end })
}

/// `*`, `**`, `~~`, `==` next to a word are marks; alone (`2 * 3`, `a = b`) they are text.
fn emphasis(rest: &str, mark: char, out: &str) -> Option<usize> {
    let run = rest.bytes().take_while(|byte| char::from(*byte) == mark).count();
    let spaced = |letter: Option<char>| letter.is_none_or(char::is_whitespace);
    let alone = spaced(out.chars().next_back()) && spaced(rest[run..].chars().next());
    let single = run == 1 && mark != '*';
    (!alone && !single).then_some(run)
}

/// `_` between letters belongs to an identifier; at the edge of a word it is a mark.
fn underscore(rest: &str, out: &mut String) -> Option<usize> {
    let run = rest.bytes().take_while(|byte| *byte == b'_').count();
    let word = |letter: Option<char>| letter.is_some_and(char::is_alphanumeric);
    if word(out.chars().next_back()) && word(rest[run..].chars().next()) {
        out.push_str(&rest[..run]);
    }
    Some(run)
}

fn window(text: &str) -> &str {
    head(text, LOOK_AHEAD)
}
