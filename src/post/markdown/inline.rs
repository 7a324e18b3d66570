//! The marks inside a line or paragraph: how far each reaches, and what it names. Every function is given the
//! text from the mark on and is linear in it.

use std::ops::Range;

/// Parentheses inside parentheses of a link target, as in CommonMark's own parser.
const DEEPEST: usize = 32;

/// A target, and the length of the whole markup, both counted from the start of the markup.
pub(crate) type FoundTarget = Option<(Range<usize>, usize)>;

/// How many backticks the text begins with.
pub(crate) fn ticks(text: &str) -> usize {
    text.bytes().take_while(|&byte| byte == b'`').count()
}

/// A code span: what stands between two runs of equally many backticks, and the whole.
pub(crate) fn code(text: &str) -> FoundTarget {
    let length = ticks(text);
    let mut at = length;
    loop {
        at += text[at..].find('`')?;
        let closing = ticks(&text[at..]);
        if closing == length {
            return Some((length..at, at + length));
        }
        at += closing;
    }
}

/// The bracket that closes the one the text begins with; escaped ones and those in code do not count.
pub(crate) fn closing(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let (open, close) = match bytes.first()? {
        b'[' => (b'[', b']'),
        b'(' => (b'(', b')'),
        _ => return None,
    };
    let mut at = 0;
    let mut depth = 0_usize;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 1,
            b'`' => {
                at += code(&text[at..]).map_or_else(|| ticks(&text[at..]), |(_, length)| length);
                continue;
            }
            byte if byte == open => depth += 1,
            byte if byte == close => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
        at += 1;
    }
}

/// `![[target|width]]`, in one line.
pub(crate) fn wiki(text: &str) -> FoundTarget {
    let start = "![[".len();
    let inner = text.strip_prefix("![[")?.find(['[', ']', '\n']).map(|end| &text[start..start + end])?;
    let end = start + inner.len();
    let target = inner.split('|').next().unwrap_or_default();
    let leading = target.len() - target.trim_start().len();
    let place = start + leading..start + leading + target.trim().len();
    text[end..].starts_with("]]").then_some((place, end + "]]".len()))
}

/// `![alt](target "title")`.
pub(crate) fn picture(text: &str) -> FoundTarget {
    let bytes = text.strip_prefix("![").map(|_| text.as_bytes())?;
    let mut at = "![".len();
    let mut depth = 1;
    while depth > 0 {
        match *bytes.get(at)? {
            b'\\' => at += 1,
            // A picture in the alt text is met on its own.
            b'!' if bytes.get(at + 1) == Some(&b'[') => return None,
            b'[' => depth += 1,
            b']' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    let (place, length) = destination(&text[at..])?;
    Some((at + place.start..at + place.end, at + length))
}

/// `(target "title")` behind the brackets of a link or picture.
pub(crate) fn destination(text: &str) -> FoundTarget {
    let bytes = text.as_bytes();
    if bytes.first() != Some(&b'(') {
        return None;
    }
    let mut at = skip_space(bytes, 1);
    let target = if bytes.get(at) == Some(&b'<') {
        let end = at + 1 + text[at + 1..].find(['<', '>', '\n'])?;
        if bytes[end] != b'>' {
            return None;
        }
        let target = at + 1..end;
        at = end + 1;
        target
    } else {
        let start = at;
        let mut depth = 0;
        loop {
            match *bytes.get(at)? {
                b'\\' => at += 1,
                b'(' if depth == DEEPEST => return None,
                b'(' => depth += 1,
                b')' if depth == 0 => break,
                b')' => depth -= 1,
                byte if byte.is_ascii_whitespace() => break,
                _ => {}
            }
            at += 1;
        }
        start..at
    };
    at = skip_space(bytes, at);
    if let Some(&quote @ (b'"' | b'\'')) = bytes.get(at) {
        at = skip_space(bytes, end_of_quoted(bytes, at, quote)?);
    }
    (bytes.get(at) == Some(&b')')).then_some((target, at + 1))
}

fn skip_space(bytes: &[u8], at: usize) -> usize {
    at + bytes[at..].iter().take_while(|byte| byte.is_ascii_whitespace()).count()
}

fn end_of_quoted(bytes: &[u8], start: usize, quote: u8) -> Option<usize> {
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// `<img src="target">`, with its attributes in any order.
pub(crate) fn img(text: &str) -> FoundTarget {
    let bytes = text.as_bytes();
    let name = text.get(.."<img".len())?;
    if !name.eq_ignore_ascii_case("<img") || !bytes.get(name.len())?.is_ascii_whitespace() {
        return None;
    }
    let mut at = name.len();
    let mut target = None;
    loop {
        at = skip_space(bytes, at);
        let start = at;
        while !matches!(*bytes.get(at)?, b'=' | b'>' | b'<' | b'/') && !bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        let attribute = &bytes[start..at];
        match bytes[at] {
            b'>' => return Some((target?, at + 1)),
            b'<' => return None,
            b'=' => at = skip_space(bytes, at + 1),
            b'/' => {
                at += 1;
                continue;
            }
            _ => continue,
        }
        let value = match *bytes.get(at)? {
            quote @ (b'"' | b'\'') => {
                let end = at + 1 + bytes[at + 1..].iter().position(|&byte| byte == quote)?;
                let value = at + 1..end;
                at = end + 1;
                value
            }
            _ => {
                let start = at;
                while !matches!(*bytes.get(at)?, b'>' | b'<') && !bytes[at].is_ascii_whitespace() {
                    at += 1;
                }
                start..at
            }
        };
        if attribute.eq_ignore_ascii_case(b"src") && target.is_none() {
            target = Some(value);
        }
    }
}

/// A tag of HTML or JSX, a comment or an address in angle brackets; a `>` inside a quoted value ends nothing.
pub(crate) fn tag(text: &str) -> Option<usize> {
    if text.starts_with("<!--") {
        return text.find("-->").map(|end| end + "-->".len());
    }
    let is_tag = |first: char| first.is_ascii_alphabetic() || matches!(first, '/' | '>');
    text.strip_prefix('<').filter(|rest| rest.starts_with(is_tag))?;
    let bytes = text.as_bytes();
    let mut at = 1;
    loop {
        match *bytes.get(at)? {
            b'>' => return Some(at + 1),
            b'=' => {
                let value = skip_space(bytes, at + 1);
                at = match bytes.get(value) {
                    Some(&quote @ (b'"' | b'\'')) => bytes[value + 1..]
                        .iter()
                        .position(|&byte| byte == quote)
                        .map_or(value + 1, |length| value + length + 2),
                    _ => at + 1,
                };
            }
            _ => at += 1,
        }
    }
}
