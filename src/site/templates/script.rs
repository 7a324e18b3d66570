//! Markup within scripts, EJS and Pug: declarations, parameters, loops and imports.

use super::lexer::{Language, Piece, Role, Word};
use super::markup::{Spot, base, is_for_previews};
use super::meaning::{Given, Hit, Meaning};
use super::names::field;
use super::roots::is_of_script;
use super::scan::{OpenBlock, Scan, single};
use super::scanned::Partial;

/// A declaration is followed over so many words.
const LONGEST: usize = 80;
/// Calls that go through a list.
const LOOPS: [&str; 5] = ["map", "forEach", "each", "filter", "flatMap"];

/// Names that stand for another post in a stretch of words.
struct Shadow {
    end: usize,
    names: Vec<String>,
}

impl Scan<'_> {
    /// A script, or a piece of one.
    pub(super) fn script(&mut self, piece: &Piece<'_>, words: &[Word]) {
        if self.language == Language::Ejs
            && words.first() == Some(&Word::Sign('}'))
            && words.get(1) == Some(&Word::Sign(')'))
        {
            self.close();
        }
        let mut shadows: Vec<Shadow> = Vec::new();
        for index in 0..words.len() {
            match &words[index] {
                Word::Name(name) => {
                    let last = name.steps.last().map(String::as_str).unwrap_or_default();
                    if matches!(last, "const" | "let" | "var") {
                        self.declare(&words[index + 1..]);
                    } else if self.language == Language::Ejs && matches!(last, "partial" | "include") {
                        self.called(&words[index + 1..], name.at);
                    } else if last == "inject_point" {
                        // Other files put their parts there.
                        self.result.dynamic = true;
                        self.result.injects = true;
                    } else if LOOPS.contains(&last)
                        && shadows.len() < 200
                        && words.get(index + 1) == Some(&Word::Sign('('))
                    {
                        shadows.extend(self.looped(index, words));
                    }
                    self.use_of(piece.role, index, words, &shadows);
                }
                Word::Sign('{') if index > 0 && words[index - 1] == Word::Sign('(') => {
                    self.parameters(&words[index..]);
                }
                _ => {}
            }
        }
    }

    /// A name as it is used.
    fn use_of(&mut self, role: Role, index: usize, words: &[Word], shadows: &[Shadow]) {
        let Word::Name(name) = &words[index] else { return };
        let first = name.steps.first().map(String::as_str).unwrap_or_default();
        let shadowed =
            shadows.iter().any(|shadow| index < shadow.end && shadow.names.iter().any(|name| name == first));
        if is_key(index, words) {
            return;
        }
        let mut hits = self.hits_at(index, words);
        for hit in &mut hits {
            hit.foreign |= shadowed;
        }
        match role {
            Role::Output => self.show(hits, None),
            Role::Statement => self.note(hits),
            Role::Mixed => self.show(hits, None),
        }
    }

    /// `name = value` and `{ a, b: c } = value`
    fn declare(&mut self, words: &[Word]) {
        if words.first() == Some(&Word::Sign('{')) {
            let Some(end) = matching(words) else { return };
            let equals = words[end..].iter().take(LONGEST).position(|word| *word == Word::Sign('='));
            let Some(value) = equals.map(|equals| value(&words[end + equals + 1..])) else { return };
            let of_post = value.iter().any(|word| {
                matches!(word, Word::Name(name) if !name.dot && name.steps.first().is_some_and(|step| is_of_script(step)))
            });
            return self.destructure(&words[..end], of_post);
        }
        let Some(variable) = words.first().and_then(single) else { return };
        let Some(equals) = words.iter().take(12).position(|word| *word == Word::Sign('=')) else { return };
        let hits = self.hits(value(&words[equals + 1..]));
        if !hits.is_empty() {
            self.remember(&variable, hits);
        }
    }

    /// `({ a, b: c }) =>`: what a component is given.
    fn parameters(&mut self, words: &[Word]) {
        let Some(end) = matching(words) else { return };
        let after = |index: usize| words.get(end + index);
        let is = |index: usize, sign: char| after(index) == Some(&Word::Sign(sign));
        if is(1, ':') || (is(1, ')') && (is(2, '{') || is(2, ':') || (is(2, '=') && is(3, '>')))) {
            self.destructure(&words[..end], true);
        }
    }

    /// The names that a pattern takes out of a post, or out of a member of it.
    fn destructure(&mut self, words: &[Word], of_post: bool) {
        let mut within: Vec<bool> = Vec::new();
        for (index, word) in words.iter().enumerate() {
            match word {
                Word::Sign('{') => {
                    let key = index.checked_sub(2).and_then(|before| single(&words[before]));
                    let named = key.is_some_and(|key| is_of_script(&key));
                    within.push(named || within.last().copied().unwrap_or(of_post));
                }
                Word::Sign('}') => {
                    within.pop();
                }
                Word::Name(_) if within.last() == Some(&true) => self.bound(index, words),
                _ => {}
            }
        }
    }

    /// One name in a pattern, under its own or another name.
    fn bound(&mut self, index: usize, words: &[Word]) {
        let Some(key) = single(&words[index]) else { return };
        let Word::Name(name) = &words[index] else { return };
        let begins =
            index.checked_sub(1).is_some_and(|before| matches!(words[before], Word::Sign('{' | ',')));
        let steps = vec![key.clone()];
        if !begins || (field(&steps, false).is_none() && !super::names::is_alt(&steps)) {
            return;
        }
        let renamed =
            (words.get(index + 1) == Some(&Word::Sign(':'))).then(|| words.get(index + 2).and_then(single));
        let Some(local) = renamed.unwrap_or(Some(key)) else { return };
        let hits = vec![Hit::new(name.at, Meaning::Of(steps, false), false)];
        self.remember(&local, hits);
    }

    /// `list.map((entry) => …)`: the entries are those of the list, or other posts.
    fn looped(&mut self, index: usize, words: &[Word]) -> Option<Shadow> {
        let inner = &words[index + 1..];
        let is_name = |word: &&Word| {
            !matches!(word, Word::Sign('('))
                && single(word).is_none_or(|name| name != "function" && name != "async")
        };
        let start = inner.iter().position(|word| is_name(&word))?;
        let names: Vec<String> = match &inner[start] {
            Word::Sign('{') => {
                let end = matching(&inner[start..])?;
                inner[start..start + end].iter().filter_map(single).collect()
            }
            word => single(word).into_iter().collect(),
        };
        let hits: Vec<Hit> = self.hits_at(index, words).into_iter().map(Hit::one).collect();
        let own = hits
            .iter()
            .any(|hit| matches!(hit.meaning(), Meaning::Of(steps, _) if field(steps, true).is_some()));
        if own {
            for name in &names {
                self.remember(name, hits.clone());
            }
            return None;
        }
        match matching(inner) {
            Some(length) => return Some(Shadow { end: index + 1 + length, names }),
            None if self.language == Language::Ejs => {
                let variable = names.into_iter().next();
                self.blocks.push(OpenBlock { dot: vec![Meaning::Foreign], variable, indent: 0 });
            }
            None => {}
        }
        None
    }

    /// `partial('name')`
    fn called(&mut self, words: &[Word], at: usize) {
        match (words.first(), words.get(1)) {
            (Some(Word::Sign('(')), Some(Word::Text(name))) => self.part(name, at),
            (Some(Word::Sign('(')), Some(_)) => self.result.dynamic = true,
            _ => {}
        }
    }

    /// The parts that a script imports.
    pub(super) fn imports(&mut self) {
        // What is required without a path is a module.
        for mark in ["from \"", "from '", "import(\"", "import('", "require(\".", "require('."] {
            for (at, _) in self.text.match_indices(mark) {
                let quote = if mark.contains('"') { '"' } else { '\'' };
                let rest = &self.text[at + mark.len()..];
                if let Some((name, _)) = rest.split_once(quote).filter(|(name, _)| !name.contains('\n')) {
                    let spot = if is_for_previews(base(name)) { Spot::Preview } else { Spot::Page };
                    let (name, given) = (name.to_owned(), Given::default());
                    self.result.parts.push(Partial { name, spot, foreign: false, given });
                }
            }
        }
    }

    /// A line of Pug.
    pub(super) fn line(&mut self, piece: &Piece<'_>, words: &[Word]) {
        let line = piece.code.trim_start();
        if line.is_empty() {
            return;
        }
        let indent = piece.code.len() - line.len();
        while self.blocks.last().is_some_and(|block| block.indent >= indent) {
            self.close();
        }
        let words = words.strip_prefix(&[Word::Sign('-')]).unwrap_or(words);
        let keyword = words.first().and_then(single).unwrap_or_default();
        self.called_in_line(words);
        match keyword.as_str() {
            "include" | "extends" => {
                let name = line.split_whitespace().nth(1).unwrap_or_default();
                self.part(name, piece.at);
            }
            "each" | "for" => self.for_each(&words[1..], indent),
            "if" | "else" | "unless" | "case" | "when" | "while" | "mixin" | "script" => {
                let hits = self.hits(words);
                self.note(hits);
            }
            "meta" | "link" => {
                let hits = self.hits(words);
                self.show(hits, Some(Spot::Preview));
            }
            "const" | "let" | "var" => self.assign(&words[1..]),
            _ if words.get(1) == Some(&Word::Sign('=')) => self.assign(words),
            _ => {
                let hits = self.hits(words);
                self.show(hits, Some(Spot::Page));
            }
        }
    }

    fn called_in_line(&mut self, words: &[Word]) {
        for (index, word) in words.iter().enumerate() {
            if let Word::Name(name) = word
                && name.steps.last().is_some_and(|step| step == "partial")
            {
                self.called(&words[index + 1..], name.at);
            }
        }
    }
}

/// Whether the name is that of an attribute or of a member that is given a value.
fn is_key(index: usize, words: &[Word]) -> bool {
    let is = |index: usize, signs: &[char]| matches!(words.get(index), Some(Word::Sign(sign)) if signs.contains(sign));
    let before = index.checked_sub(1).is_some_and(|before| is(before, &['{', ',']));
    (is(index + 1, &['=']) && !is(index + 2, &['=', '>'])) || (before && is(index + 1, &[':']))
}

/// The words of a value, up to where it ends.
fn value(words: &[Word]) -> &[Word] {
    let mut depth = 0_usize;
    let words = &words[..words.len().min(LONGEST)];
    let ends = words.iter().enumerate().position(|(index, word)| match word {
        Word::Sign('(' | '{' | '[') => {
            depth += 1;
            false
        }
        Word::Sign(')' | '}' | ']') if depth == 0 => true,
        Word::Sign(')' | '}' | ']') => {
            depth -= 1;
            false
        }
        Word::Sign(';') => true,
        Word::Sign('=') => words.get(index + 1) == Some(&Word::Sign('>')),
        word => single(word).is_some_and(|name| {
            matches!(name.as_str(), "const" | "let" | "var" | "function" | "return" | "export" | "if")
        }),
    });
    &words[..ends.unwrap_or(words.len())]
}

/// Where the bracket is closed that these words begin with.
fn matching(words: &[Word]) -> Option<usize> {
    let mut depth = 0_usize;
    for (index, word) in words.iter().enumerate().take(4096) {
        match word {
            Word::Sign('(' | '{' | '[') => depth += 1,
            Word::Sign(')' | '}' | ']') => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return Some(index);
                }
            }
            _ => {}
        }
    }
    None
}
