//! The tokens of a script: strings, comments and brackets are told apart, nothing more.

/// A token and whether a line ended before it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Lexed {
    pub token: ScriptToken,
    pub line: bool,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum ScriptToken {
    Word(String),
    Text(String),
    /// What stands between backticks.
    Template(String),
    /// A number or a regular expression.
    Literal,
    /// `=>`
    Arrow,
    /// `...`
    Spread,
    /// `?.`
    Chain,
    Sign(char),
}

/// So many brackets may be left open inside one that ends.
const FARTHEST: usize = 100;

/// The tokens of a text; what is left open ends with the text.
pub(super) fn lex(text: &str) -> Vec<Lexed> {
    let mut tokens: Vec<Lexed> = Vec::new();
    let mut rest = text.trim_start_matches('\u{feff}');
    let mut line = true;
    while let Some(letter) = rest.chars().next() {
        if letter.is_whitespace() {
            line |= letter == '\n';
            rest = &rest[letter.len_utf8()..];
            continue;
        }
        if rest.starts_with("//") || (rest.starts_with("#!") && tokens.is_empty()) {
            rest = rest.find('\n').map_or("", |end| &rest[end..]);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            let end = comment.find("*/").map_or(comment.len(), |end| end + 2);
            line |= comment[..end].contains('\n');
            rest = &comment[end..];
            continue;
        }
        let (token, after) = next(rest, letter, tokens.last().map(|lexed| &lexed.token));
        tokens.push(Lexed { token, line });
        line = false;
        rest = after;
    }
    tokens
}

/// For each opening bracket the place of its end (the end of the text where there is none).
pub(super) fn partners(tokens: &[Lexed]) -> Vec<usize> {
    let mut partners: Vec<usize> = (0..tokens.len()).collect();
    let mut open: Vec<(char, usize)> = Vec::new();
    for (at, lexed) in tokens.iter().enumerate() {
        match lexed.token {
            ScriptToken::Sign('(') => open.push((')', at)),
            ScriptToken::Sign('[') => open.push((']', at)),
            ScriptToken::Sign('{') => open.push(('}', at)),
            ScriptToken::Sign(sign @ (')' | ']' | '}')) => {
                let nearest = open.len().saturating_sub(FARTHEST);
                let level = open[nearest..].iter().rposition(|(closing, _)| *closing == sign);
                if let Some(level) = level.map(|level| nearest + level) {
                    for (_, opened) in open.drain(level..) {
                        partners[opened] = at;
                    }
                }
            }
            _ => {}
        }
    }
    for (_, opened) in open {
        partners[opened] = tokens.len();
    }
    partners
}

fn next<'t>(rest: &'t str, letter: char, before: Option<&ScriptToken>) -> (ScriptToken, &'t str) {
    let inner = &rest[letter.len_utf8()..];
    match letter {
        '"' | '\'' => {
            let (text, after) = quoted(inner, letter);
            (ScriptToken::Text(text), after)
        }
        '`' => {
            let end = template_end(inner);
            (ScriptToken::Template(inner[..end].to_owned()), inner.get(end + 1..).unwrap_or_default())
        }
        '/' if regex_may_stand(before) => match regex_end(inner) {
            Some(end) => (
                ScriptToken::Literal,
                inner[end..].trim_start_matches(|flag: char| flag.is_ascii_lowercase()),
            ),
            None => (ScriptToken::Sign('/'), inner),
        },
        '=' if inner.starts_with('>') => (ScriptToken::Arrow, &inner[1..]),
        '.' if inner.starts_with("..") => (ScriptToken::Spread, &inner[2..]),
        '?' if inner.starts_with('.') => (ScriptToken::Chain, &inner[1..]),
        _ if letter.is_ascii_digit() => {
            let end = inner
                .find(|next: char| !(next.is_ascii_alphanumeric() || next == '_'))
                .unwrap_or(inner.len());
            (ScriptToken::Literal, &inner[end..])
        }
        _ if is_of_word(letter) => {
            let end = rest.find(|next: char| !is_of_word(next)).unwrap_or(rest.len());
            (ScriptToken::Word(rest[..end].to_owned()), &rest[end..])
        }
        _ => (ScriptToken::Sign(letter), inner),
    }
}

fn is_of_word(letter: char) -> bool {
    letter.is_alphanumeric() || matches!(letter, '_' | '$' | '@')
}

/// A string's text and what follows it; a string ends with its line at the latest.
fn quoted(inner: &str, quote: char) -> (String, &str) {
    let mut text = String::new();
    let mut letters = inner.char_indices();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '\\' => match letters.next() {
                Some((_, 'n')) => text.push('\n'),
                Some((_, 't')) => text.push('\t'),
                Some((_, escaped)) => text.push(escaped),
                None => {}
            },
            '\n' => return (text, &inner[at..]),
            _ if letter == quote => return (text, &inner[at + 1..]),
            _ => text.push(letter),
        }
    }
    (text, "")
}

/// Where a template ends; backticks inside its placeholders do not end it.
fn template_end(inner: &str) -> usize {
    let (mut level, mut escaped, mut before) = (0_usize, false, ' ');
    for (at, letter) in inner.char_indices() {
        match letter {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '{' if before == '$' || level > 0 => level += 1,
            '}' => level = level.saturating_sub(1),
            '`' if level == 0 => return at,
            _ => {}
        }
        before = letter;
    }
    inner.len()
}

/// Whether a slash here begins a regular expression and divides nothing.
fn regex_may_stand(before: Option<&ScriptToken>) -> bool {
    match before {
        None | Some(ScriptToken::Arrow | ScriptToken::Spread) => true,
        Some(ScriptToken::Sign(sign)) => !matches!(sign, ')' | ']' | '}'),
        Some(ScriptToken::Word(word)) => word == "return",
        Some(_) => false,
    }
}

/// Where a regular expression ends, after its slash; it ends on its line.
fn regex_end(inner: &str) -> Option<usize> {
    let (mut escaped, mut class) = (false, false);
    for (at, letter) in inner.char_indices() {
        match letter {
            '\n' => return None,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '[' => class = true,
            ']' => class = false,
            '/' if !class => return Some(at + 1),
            _ => {}
        }
    }
    None
}
