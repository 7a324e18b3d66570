//! A script that configures collections, read as data: object literals, calls, and the names they are bound
//! to. It is a tolerant reader and never an evaluator; what it does not understand is unknown.

use std::collections::HashMap;

use super::token::{Lexed, ScriptToken, lex, partners};

/// Expressions inside expressions; real configurations stay below thirty.
const DEEPEST: usize = 100;
/// Words that begin a statement where a line ends without a semicolon.
const STATEMENTS: [&str; 12] = [
    "export",
    "const",
    "let",
    "var",
    "import",
    "function",
    "return",
    "type",
    "interface",
    "if",
    "class",
    "async",
];

/// An expression, as far as a configuration needs it.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Expr {
    /// A string.
    Text(String),
    /// A template with placeholders, as written.
    Template(String),
    /// A name.
    Name(String),
    Object(Vec<Entry>),
    Array(Vec<Expr>),
    Call {
        callee: Box<Expr>,
        args: Vec<Expr>,
    },
    Member {
        object: Box<Expr>,
        name: String,
    },
    /// A function that gives this.
    Function(Box<Expr>),
    Unknown,
}

/// What stands in an object literal.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Entry {
    Pair(String, Expr),
    Spread(Expr),
}

impl Expr {
    /// The value of a key of an object literal.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        let Self::Object(entries) = self else { return None };
        entries.iter().rev().find_map(|entry| match entry {
            Entry::Pair(name, value) if name == key => Some(value),
            _ => None,
        })
    }
}

/// What a script binds and imports.
#[derive(Debug, Default)]
pub(super) struct Script {
    /// Names in the order of the text; `default` for the default export.
    pub bindings: Vec<(String, Expr)>,
    /// Local name to the file and the name there.
    pub imports: HashMap<String, (String, String)>,
    /// Some bracket is never closed: what is read may not be all.
    pub is_broken: bool,
}

impl Script {
    pub(super) fn parse(text: &str) -> Self {
        let tokens = lex(text);
        let partners = partners(&tokens);
        let mut parser = Parser { tokens: &tokens, partners: &partners, script: Self::default() };
        parser.statements(0, tokens.len(), 0);
        Self { is_broken: partners.contains(&tokens.len()), ..parser.script }
    }

    pub(super) fn binding(&self, name: &str) -> Option<&Expr> {
        self.bindings.iter().find(|(bound, _)| bound == name).map(|(_, value)| value)
    }
}

struct Parser<'t> {
    tokens: &'t [Lexed],
    partners: &'t [usize],
    script: Script,
}

impl Parser<'_> {
    fn token(&self, at: usize, end: usize) -> Option<&ScriptToken> {
        (at < end).then(|| self.tokens.get(at).map(|lexed| &lexed.token)).flatten()
    }

    fn is(&self, at: usize, end: usize, sign: char) -> bool {
        self.token(at, end) == Some(&ScriptToken::Sign(sign))
    }

    fn word(&self, at: usize, end: usize) -> Option<&str> {
        match self.token(at, end) {
            Some(ScriptToken::Word(word)) => Some(word),
            _ => None,
        }
    }

    /// The place after this token, or after the brackets that it opens.
    fn after(&self, at: usize) -> usize {
        self.partners.get(at).copied().unwrap_or(at).max(at) + 1
    }

    /// Whether a statement begins here without a semicolon before it.
    fn begins(&self, at: usize, end: usize) -> bool {
        let line = self.tokens.get(at).is_some_and(|lexed| lexed.line);
        line && self.word(at, end).is_some_and(|word| STATEMENTS.contains(&word))
    }

    /// The place of the comma or semicolon that ends what stands here.
    fn delimiter(&self, mut at: usize, end: usize) -> usize {
        while at < end {
            if self.is(at, end, ',') || self.is(at, end, ';') || self.begins(at, end) {
                return at;
            }
            at = self.after(at);
        }
        end
    }

    /// Reads statements for what they bind; gives what the first `return` gives.
    fn statements(&mut self, mut at: usize, end: usize, depth: usize) -> Option<Expr> {
        while at < end {
            let Some(word) = self.word(at, end).map(str::to_owned) else {
                at = self.after(at);
                continue;
            };
            at = match word.as_str() {
                "return" => return Some(self.expression(at + 1, end, depth + 1).0),
                "const" | "let" | "var" => self.binding(at + 1, end, depth),
                "import" => self.import(at + 1, end),
                "function" => self.function(at + 1, end, depth),
                "export" if self.word(at + 1, end) == Some("default") => {
                    let (value, after) = self.expression(at + 2, end, depth + 1);
                    self.bind("default", value);
                    after.max(at + 1)
                }
                "export" if self.is(at + 1, end, '{') => self.exports(at + 1, end),
                "module" if self.word(at + 2, end) == Some("exports") && self.is(at + 3, end, '=') => {
                    let (value, after) = self.expression(at + 4, end, depth + 1);
                    self.bind("default", value);
                    after.max(at + 1)
                }
                _ => at + 1,
            };
        }
        None
    }

    fn bind(&mut self, name: &str, value: Expr) {
        self.script.bindings.push((name.to_owned(), value));
    }

    fn binding(&mut self, at: usize, end: usize, depth: usize) -> usize {
        let Some(name) = self.word(at, end).map(str::to_owned) else { return at };
        let mut equals = at + 1;
        while equals < end && !self.is(equals, end, '=') {
            if self.is(equals, end, ';') || self.begins(equals, end) {
                return equals;
            }
            equals = self.after(equals);
        }
        let (value, after) = self.expression(equals + 1, end, depth + 1);
        self.bind(&name, value);
        after.max(equals)
    }

    fn function(&mut self, at: usize, end: usize, depth: usize) -> usize {
        let Some(name) = self.word(at, end).map(str::to_owned) else { return at };
        let (value, after) = self.function_body(at, end, depth);
        self.bind(&name, value);
        after
    }

    /// The names between braces, each with the name that it gets: `{ a, b as c, type D }`.
    fn names(&self, open: usize, end: usize) -> Vec<(String, String)> {
        let close = self.after(open).saturating_sub(1).min(end);
        let mut names = Vec::new();
        let mut at = open + 1;
        while at < close {
            let stop = self.delimiter(at, close);
            let words: Vec<&str> = (at..stop).filter_map(|at| self.word(at, close)).collect();
            match words.as_slice() {
                [name] | ["type", name] => names.push(((*name).to_owned(), (*name).to_owned())),
                [name, "as", other] | ["type", name, "as", other] => {
                    names.push(((*name).to_owned(), (*other).to_owned()));
                }
                _ => {}
            }
            at = stop + 1;
        }
        names
    }

    fn import(&mut self, start: usize, end: usize) -> usize {
        let mut names = Vec::new();
        let mut at = start;
        while at < end {
            match self.token(at, end) {
                Some(ScriptToken::Text(source)) => {
                    let source = source.clone();
                    for (name, local) in names {
                        self.script.imports.insert(local, (source.clone(), name));
                    }
                    return at + 1;
                }
                Some(ScriptToken::Sign('{')) => names.extend(self.names(at, end)),
                Some(ScriptToken::Word(word)) if !matches!(word.as_str(), "from" | "as" | "type") => {
                    if at > start && self.begins(at, end) {
                        return at;
                    }
                    names.push(("default".to_owned(), word.clone()));
                }
                Some(ScriptToken::Sign(';' | '(')) => return at,
                _ => {}
            }
            at = self.after(at);
        }
        end
    }

    fn exports(&mut self, open: usize, end: usize) -> usize {
        let names = self.names(open, end);
        let after = self.after(open);
        if self.word(after, end) == Some("from")
            && let Some(ScriptToken::Text(source)) = self.token(after + 1, end).cloned()
        {
            for (name, outer) in names {
                self.script.imports.insert(outer, (source.clone(), name));
            }
            return after + 2;
        }
        for (name, outer) in names.into_iter().filter(|(name, outer)| name != outer) {
            self.bind(&outer, Expr::Name(name));
        }
        after
    }

    /// An expression and the place after it.
    fn expression(&mut self, at: usize, end: usize, depth: usize) -> (Expr, usize) {
        if depth > DEEPEST {
            return (Expr::Unknown, self.delimiter(at, end));
        }
        let (first, at) = self.primary(at, end, depth);
        let (value, at) = self.postfix(first, at, end, depth);
        match self.token(at, end) {
            None | Some(ScriptToken::Sign(',' | ';' | ':' | ')' | ']' | '}')) => (value, at),
            Some(ScriptToken::Word(word)) if word == "as" || word == "satisfies" => {
                (value, self.delimiter(at, end))
            }
            Some(ScriptToken::Word(_)) if self.tokens.get(at).is_some_and(|lexed| lexed.line) => (value, at),
            // `a ?? b` and `a || b` are `a` as a rule.
            Some(ScriptToken::Sign(sign @ ('?' | '|'))) if self.is(at + 1, end, *sign) => {
                (value, self.delimiter(at, end))
            }
            Some(_) => (Expr::Unknown, self.delimiter(at, end)),
        }
    }

    fn primary(&mut self, at: usize, end: usize, depth: usize) -> (Expr, usize) {
        match self.token(at, end).cloned() {
            None => (Expr::Unknown, end.max(at)),
            Some(ScriptToken::Text(text)) => (Expr::Text(text), at + 1),
            Some(ScriptToken::Template(text)) => {
                let plain = !text.contains("${");
                (if plain { Expr::Text(text) } else { Expr::Template(text) }, at + 1)
            }
            Some(ScriptToken::Word(word)) => match word.as_str() {
                "async" | "await" | "new" => self.primary_below(at + 1, end, depth),
                "function" => self.function_body(at + 1, end, depth),
                _ if self.token(at + 1, end) == Some(&ScriptToken::Arrow) => {
                    self.arrow_body(at + 2, end, depth)
                }
                _ => (Expr::Name(word), at + 1),
            },
            Some(ScriptToken::Sign('(')) => {
                let after = self.after(at);
                match self.arrow_after(after, end) {
                    Some(body) => self.arrow_body(body, end, depth),
                    None => {
                        let inner = self.expression(at + 1, (after - 1).min(end), depth + 1).0;
                        (inner, after.min(end))
                    }
                }
            }
            Some(ScriptToken::Sign('[')) => {
                let after = self.after(at);
                (Expr::Array(self.list(at + 1, (after - 1).min(end), depth)), after.min(end))
            }
            Some(ScriptToken::Sign('{')) => {
                let after = self.after(at);
                (Expr::Object(self.object(at + 1, (after - 1).min(end), depth)), after.min(end))
            }
            // What closes or separates belongs to whoever asked.
            Some(ScriptToken::Sign(',' | ';' | ')' | ']' | '}')) => (Expr::Unknown, at),
            Some(_) => (Expr::Unknown, at + 1),
        }
    }

    fn primary_below(&mut self, at: usize, end: usize, depth: usize) -> (Expr, usize) {
        if depth > DEEPEST {
            (Expr::Unknown, self.delimiter(at, end))
        } else {
            self.primary(at, end, depth + 1)
        }
    }

    /// The place of the body of an arrow function whose parameters ended here: `=> …` or `: Type => …`.
    fn arrow_after(&self, at: usize, end: usize) -> Option<usize> {
        if self.token(at, end) == Some(&ScriptToken::Arrow) {
            return Some(at + 1);
        }
        if !self.is(at, end, ':') {
            return None;
        }
        let mut place = at + 1;
        for _ in 0..16 {
            match self.token(place, end)? {
                ScriptToken::Arrow => return Some(place + 1),
                ScriptToken::Sign(',' | ';' | '=' | ':' | '(') => return None,
                _ => place = self.after(place),
            }
        }
        None
    }

    fn arrow_body(&mut self, at: usize, end: usize, depth: usize) -> (Expr, usize) {
        if self.is(at, end, '{') {
            return self.block(at, end, depth);
        }
        let (value, after) = self.expression(at, end, depth + 1);
        (Expr::Function(Box::new(value)), after)
    }

    fn block(&mut self, at: usize, end: usize, depth: usize) -> (Expr, usize) {
        let after = self.after(at);
        if depth > DEEPEST {
            return (Expr::Unknown, after.min(end));
        }
        let value = self.statements(at + 1, (after - 1).min(end), depth + 1);
        (Expr::Function(Box::new(value.unwrap_or(Expr::Unknown))), after.min(end))
    }

    /// The body of a function whose name or parameters stand here.
    fn function_body(&mut self, mut at: usize, end: usize, depth: usize) -> (Expr, usize) {
        while at < end && !self.is(at, end, '(') {
            at += 1;
        }
        at = self.after(at);
        while at < end && !self.is(at, end, '{') {
            if self.is(at, end, ';') {
                return (Expr::Unknown, at);
            }
            at = self.after(at);
        }
        if at >= end { (Expr::Unknown, end) } else { self.block(at, end, depth) }
    }

    fn postfix(&mut self, mut value: Expr, mut at: usize, end: usize, depth: usize) -> (Expr, usize) {
        loop {
            match self.token(at, end) {
                Some(ScriptToken::Sign('.') | ScriptToken::Chain) => {
                    let Some(name) = self.word(at + 1, end).map(str::to_owned) else {
                        return (Expr::Unknown, at + 1);
                    };
                    value = Expr::Member { object: Box::new(value), name };
                    at += 2;
                }
                Some(ScriptToken::Sign('(')) => {
                    let after = self.after(at);
                    let args = self.list(at + 1, (after - 1).min(end), depth);
                    value = Expr::Call { callee: Box::new(value), args };
                    at = after.min(end);
                }
                Some(ScriptToken::Sign('[')) => {
                    let key = self.token(at + 1, end).cloned();
                    value = match key {
                        Some(ScriptToken::Text(name)) => Expr::Member { object: Box::new(value), name },
                        _ => Expr::Unknown,
                    };
                    at = self.after(at).min(end);
                }
                Some(ScriptToken::Sign('!')) if !self.is(at + 1, end, '=') => at += 1,
                Some(ScriptToken::Sign('<')) => match self.type_arguments(at, end) {
                    Some(after) => at = after,
                    None => return (value, at),
                },
                _ => return (value, at),
            }
        }
    }

    /// The place after `<T, U>` where a call follows.
    fn type_arguments(&self, at: usize, end: usize) -> Option<usize> {
        let mut level = 0_usize;
        let mut place = at;
        for _ in 0..64 {
            match self.token(place, end)? {
                ScriptToken::Sign('<') => level += 1,
                ScriptToken::Sign('>') => level = level.saturating_sub(1),
                ScriptToken::Sign(';' | '(') => return None,
                _ => {}
            }
            place = self.after(place);
            if level == 0 {
                return self.is(place, end, '(').then_some(place);
            }
        }
        None
    }

    fn list(&mut self, mut at: usize, end: usize, depth: usize) -> Vec<Expr> {
        let mut values = Vec::new();
        while at < end {
            if self.token(at, end) == Some(&ScriptToken::Spread) {
                at += 1;
            }
            let (value, after) = self.expression(at, end, depth + 1);
            values.push(value);
            at = self.next(after.max(at), end);
        }
        values
    }

    /// The place after the next comma.
    fn next(&self, mut at: usize, end: usize) -> usize {
        while at < end && !self.is(at, end, ',') {
            at = self.after(at);
        }
        at + 1
    }

    fn object(&mut self, mut at: usize, end: usize, depth: usize) -> Vec<Entry> {
        let mut entries = Vec::new();
        while at < end {
            let place = at;
            match self.token(at, end).cloned() {
                Some(ScriptToken::Spread) => {
                    let (value, after) = self.expression(at + 1, end, depth + 1);
                    entries.push(Entry::Spread(value));
                    at = after;
                }
                Some(ScriptToken::Word(word)) if word == "async" && self.word(at + 1, end).is_some() => {
                    at += 1;
                    continue;
                }
                Some(ScriptToken::Word(name) | ScriptToken::Text(name)) => {
                    let (value, after) = if self.is(at + 1, end, ':') {
                        self.expression(at + 2, end, depth + 1)
                    } else if self.is(at + 1, end, '(') {
                        self.function_body(at + 1, end, depth)
                    } else {
                        (Expr::Name(name.clone()), at + 1)
                    };
                    entries.push(Entry::Pair(name, value));
                    at = after;
                }
                // A computed key may be any.
                Some(ScriptToken::Sign('[')) => entries.push(Entry::Spread(Expr::Unknown)),
                _ => {}
            }
            at = self.next(at.max(place), end);
        }
        entries
    }
}
