//! A text as it reads, whatever it is written with: without what nobody sees, and layer by layer
//! without percent-encoding, entities of HTML and escapes of JSON.

use std::borrow::Cow;
use std::ops::Range;

/// A text as it reads, and which bytes of the original each of its bytes stands for.
pub(super) struct Folded<'a> {
    text: Cow<'a, str>,
    /// One for each byte of the text; empty when the text is the original.
    origins: Vec<Range<usize>>,
}

impl<'a> Folded<'a> {
    /// The text as it is.
    pub(super) fn of(text: &'a str) -> Self {
        Self { text: Cow::Borrowed(text), origins: Vec::new() }
    }

    /// The text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// The bytes of the original that these bytes of the text stand for.
    pub(super) fn origin(&self, found: Range<usize>) -> Range<usize> {
        match (self.origins.get(found.start), self.origins.get(found.end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => found,
        }
    }

    /// Without characters that nobody sees and the escape sequences of terminals; `None` when there is
    /// none of them.
    pub(super) fn visible(&self) -> Option<Folded<'static>> {
        self.text.contains(is_unseen).then(|| {
            self.rewritten(|rest, c| match c {
                '\u{1b}' => (None, escape_sequence(rest)),
                c => (Some(c).filter(|c| !is_unseen(*c)), c.len_utf8()),
            })
        })
    }

    /// Without one layer of encoding and what is unseen then; `None` when there is no encoding.
    pub(super) fn decoded(&self) -> Option<Folded<'static>> {
        let encoded = self.text.char_indices().any(|(at, c)| decoded(&self.text[at..], c).is_some());
        encoded.then(|| {
            let decoded = self.rewritten(|rest, c| {
                let (c, length) = decoded(rest, c).unwrap_or((c, c.len_utf8()));
                (Some(c), length)
            });
            decoded.visible().unwrap_or(decoded)
        })
    }

    /// The text written anew piece by piece. `read` is shown what is left and its first character; it
    /// gives what the piece in front stands for, and the length of that piece.
    fn rewritten(&self, read: impl Fn(&str, char) -> (Option<char>, usize)) -> Folded<'static> {
        let mut text = String::with_capacity(self.text.len());
        let mut origins = Vec::with_capacity(self.text.len());
        let mut at = 0;
        while let Some(first) = self.text[at..].chars().next() {
            let (piece, length) = read(&self.text[at..], first);
            if let Some(c) = piece {
                text.push(c);
                origins.extend(std::iter::repeat_n(self.origin(at..at + length), c.len_utf8()));
            }
            at += length;
        }
        Folded { text: Cow::Owned(text), origins }
    }
}

/// Characters without a picture of their own: controls that part no words, and what Unicode 16 calls
/// default-ignorable, with the three anchors of annotations, which nothing draws either.
pub(crate) fn is_unseen(c: char) -> bool {
    matches!(c,
        '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
        | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}'
        | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}')
        || (c.is_control() && !matches!(c, '\t' | '\n' | '\r'))
}

/// Length of the escape sequence in front: ESC, then parameters and final byte of a `[` sequence, else
/// one character.
pub(crate) fn escape_sequence(text: &str) -> usize {
    let bytes = text.as_bytes();
    match bytes.get(1) {
        Some(b'[') => {
            let end = 2 + bytes[2..].iter().take_while(|byte| matches!(byte, 0x20..=0x3f)).count();
            end + usize::from(bytes.get(end).is_some_and(|byte| matches!(byte, 0x40..=0x7e)))
        }
        Some(0x20..=0x7e) => 2,
        _ => 1,
    }
}

/// What the encoded character in front stands for, and its length.
fn decoded(text: &str, first: char) -> Option<(char, usize)> {
    match first {
        '%' => percent(text.as_bytes()),
        '&' => entity(text),
        '\\' => escape(text),
        _ => None,
    }
}

/// `%2F`; a character outside ASCII takes several.
fn percent(text: &[u8]) -> Option<(char, usize)> {
    let byte = |number: usize| match text.get(number * 3..number * 3 + 3)? {
        [b'%', high, low] => Some(hex(*high)? << 4 | hex(*low)?),
        _ => None,
    };
    let mut bytes = [u8::try_from(byte(0)?).ok()?, 0, 0, 0];
    let count = match bytes[0] {
        0x00..=0x7f => 1,
        0xc0..=0xdf => 2,
        0xe0..=0xef => 3,
        _ => 4,
    };
    for (number, place) in bytes.iter_mut().enumerate().take(count).skip(1) {
        *place = u8::try_from(byte(number)?).ok()?;
    }
    Some((std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?, count * 3))
}

fn hex(digit: u8) -> Option<u32> {
    char::from(digit).to_digit(16)
}

/// Longest named entity that is read, in bytes.
const LONGEST: usize = 32;

/// `&sol;`, `&#47;` or `&#x2f;`. As browsers read them, numbers of any length need no semicolon, and some old
/// names need none either.
fn entity(text: &str) -> Option<(char, usize)> {
    let rest = text.strip_prefix('&')?;
    if let Some(number) = rest.strip_prefix('#') {
        let (digits, radix) = number.strip_prefix(['x', 'X']).map_or((number, 10), |digits| (digits, 16));
        let length = digits.bytes().take_while(|&byte| char::from(byte).is_digit(radix)).count();
        let c = char::from_u32(u32::from_str_radix(&digits[..length], radix).ok()?)?;
        let end = text.len() - digits.len() + length;
        return Some((c, end + usize::from(text[end..].starts_with(';'))));
    }
    let named = |name: &str| {
        NAMED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, c)| (*c, name.len() + 2))
    };
    let end = rest.bytes().take(LONGEST).position(|byte| byte == b';');
    end.and_then(|end| named(&rest[..end])).or_else(|| {
        let begins =
            |name: &str| rest.get(..name.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(name));
        let old = UNCLOSED.iter().find(|(name, _)| begins(name));
        old.map(|(name, c)| (*c, name.len() + 1))
    })
}

/// Entities that need no semicolon.
const UNCLOSED: &[(&str, char)] = &[("amp", '&'), ("lt", '<'), ("gt", '>'), ("quot", '"'), ("shy", '\u{ad}')];

/// Entities of the characters that keys hold, and of those that nobody sees.
const NAMED: &[(&str, char)] = &[
    ("amp", '&'),
    ("lt", '<'),
    ("gt", '>'),
    ("quot", '"'),
    ("apos", '\''),
    ("sol", '/'),
    ("bsol", '\\'),
    ("plus", '+'),
    ("equals", '='),
    ("lowbar", '_'),
    ("UnderBar", '_'),
    ("period", '.'),
    ("colon", ':'),
    ("semi", ';'),
    ("comma", ','),
    ("excl", '!'),
    ("num", '#'),
    ("dollar", '$'),
    ("percnt", '%'),
    ("ast", '*'),
    ("midast", '*'),
    ("lpar", '('),
    ("rpar", ')'),
    ("quest", '?'),
    ("commat", '@'),
    ("lsqb", '['),
    ("lbrack", '['),
    ("rsqb", ']'),
    ("rbrack", ']'),
    ("Hat", '^'),
    ("grave", '`'),
    ("lcub", '{'),
    ("lbrace", '{'),
    ("rcub", '}'),
    ("rbrace", '}'),
    ("verbar", '|'),
    ("vert", '|'),
    ("VerticalLine", '|'),
    ("Tab", '\t'),
    ("NewLine", '\n'),
    ("shy", '\u{ad}'),
    ("zwj", '\u{200d}'),
    ("zwnj", '\u{200c}'),
    ("lrm", '\u{200e}'),
    ("rlm", '\u{200f}'),
    ("ZeroWidthSpace", '\u{200b}'),
    ("NegativeThinSpace", '\u{200b}'),
    ("NegativeMediumSpace", '\u{200b}'),
    ("NegativeThickSpace", '\u{200b}'),
    ("NegativeVeryThinSpace", '\u{200b}'),
    ("NoBreak", '\u{2060}'),
    ("af", '\u{2061}'),
    ("ApplyFunction", '\u{2061}'),
    ("it", '\u{2062}'),
    ("InvisibleTimes", '\u{2062}'),
    ("ic", '\u{2063}'),
    ("InvisibleComma", '\u{2063}'),
];

/// `\/`, `\n` or `\u002f`, as JSON and most programming languages have them.
fn escape(text: &str) -> Option<(char, usize)> {
    let c = match text.as_bytes().get(1)? {
        b'u' => return unicode_escape(text),
        b'n' => '\n',
        b'r' => '\r',
        b't' => '\t',
        b'b' => '\u{8}',
        b'f' => '\u{c}',
        byte @ (b'/' | b'\\' | b'"' | b'\'') => char::from(*byte),
        _ => return None,
    };
    Some((c, 2))
}

/// `\u002f`; a character beyond 16 bits takes two.
fn unicode_escape(text: &str) -> Option<(char, usize)> {
    let unit = |at: usize| match text.as_bytes().get(at..at + 6)? {
        [b'\\', b'u', digits @ ..] => {
            digits.iter().try_fold(0, |unit, digit| Some(unit << 4 | hex(*digit)?)).map(|unit: u32| unit)
        }
        _ => None,
    };
    let first = unit(0)?;
    if let Some(c) = char::from_u32(first) {
        return Some((c, 6));
    }
    let second = unit(6).filter(|second| (0xdc00..0xe000).contains(second))?;
    let c = char::from_u32(0x10000 + ((first.checked_sub(0xd800)? << 10) | (second - 0xdc00)))?;
    Some((c, 12))
}
