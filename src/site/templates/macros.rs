//! Macros of Tera and Jinja: what they are given, and in which file they are.

use super::lexer::Word;
use super::meaning::{Given, Hit, Meaning};
use super::scan::{Scan, single};
use super::scanned::Partial;

/// A call of a macro among some words.
struct MacroCall {
    /// The name under which its file is imported.
    alias: String,
    name: String,
    /// Where it stands in the template.
    at: usize,
    /// Its words, from the first to the bracket that ends it.
    from: usize,
    to: usize,
    /// Where its arguments begin.
    inner: usize,
}

impl Scan<'_> {
    /// `import "file" as name`
    pub(super) fn import(&mut self, words: &[Word]) {
        if let [Word::Text(file), rest @ ..] = words
            && let Some(alias) = rest.iter().filter_map(single).next_back().filter(|_| rest.len() > 1)
        {
            self.imports.insert(alias, file.clone());
        }
    }

    /// `macro name(parameter, other="")`: a parameter is what the calls of it give, and nothing of the post
    /// where they give nothing of it.
    pub(super) fn macro_parameters(&mut self, words: &[Word]) {
        let Some(name) = words.first().and_then(single) else { return };
        for parameter in words[1..].iter().filter_map(single) {
            let given = self.around.given.get(&key(&name, &parameter));
            self.variables.insert(parameter, given.cloned().unwrap_or_else(|| vec![Meaning::Foreign]));
        }
    }

    /// The words without what macros are called with, which only these say the use of, and what is asked for by
    /// its key: `setting(key="image", page=page)`.
    pub(super) fn without_macros(&mut self, words: &[Word]) -> (Vec<Word>, Vec<Hit>) {
        let (mut left, mut asked) = (Vec::new(), Vec::new());
        let mut rest = 0;
        for call in calls(words) {
            left.extend_from_slice(&words[rest..call.from]);
            rest = call.to + 1;
            let arguments = &words[call.inner..call.to];
            let hits = self.hits(arguments);
            self.note(hits);
            asked.extend(self.call_macro(&call, arguments));
        }
        left.extend_from_slice(&words[rest..]);
        (left, asked)
    }

    /// Gives the file of a macro what it is called with, and says which field the macro is asked for.
    fn call_macro(&mut self, call: &MacroCall, words: &[Word]) -> Vec<Hit> {
        let mut given = Given::new();
        let mut texts = Vec::new();
        let mut post = None;
        for (parameter, value) in arguments(words) {
            if let [Word::Text(text)] = value {
                texts.push(text.clone());
            }
            let mut meanings: Vec<Meaning> =
                self.hits(value).iter().filter(|hit| !hit.foreign).map(|hit| hit.meaning().clone()).collect();
            if let Some(whole) = value.first().and_then(|first| self.whole_post(std::slice::from_ref(first)))
            {
                post = Some(whole.clone());
                meanings.push(whole);
            }
            if !meanings.is_empty() {
                given.insert(key(&call.name, &parameter), meanings);
            }
        }
        let is_asked = post.is_some();
        if !given.is_empty() {
            match self.imports.get(&call.alias).cloned() {
                Some(file) => {
                    let (spot, foreign) = (self.markup.spot(call.at), self.is_among_others());
                    self.result.parts.push(Partial { name: file, spot, foreign, given });
                }
                // Imported by another file, and so not followed.
                None => self.result.dynamic |= call.alias != "self",
            }
        }
        let of_key = |text: String| Meaning::Of(vec!["extra".to_owned(), text], false);
        let asked = texts.into_iter().filter(|_| is_asked).map(of_key);
        asked.map(|meaning| Hit::new(call.at, meaning, false)).collect()
    }
}

/// The name of a macro's parameter among what files are given.
fn key(name: &str, parameter: &str) -> String {
    format!("{name}.{parameter}")
}

/// The calls among these words: `alias::name(…)`.
fn calls(words: &[Word]) -> Vec<MacroCall> {
    let mut calls = Vec::new();
    let mut from = 0;
    while from + 4 < words.len() {
        let (Some(alias), [Word::Sign(':'), Word::Sign(':'), Word::Name(name), Word::Sign('(')]) =
            (single(&words[from]), &words[from + 1..from + 5])
        else {
            from += 1;
            continue;
        };
        let inner = from + 5;
        let to = closing(words, inner);
        let (at, name) = (name.at, name.steps.concat());
        calls.push(MacroCall { alias, name, at, from, to, inner });
        from = to;
    }
    calls
}

/// Where the bracket ends that is open before this word.
fn closing(words: &[Word], inner: usize) -> usize {
    let mut depth = 1;
    for (index, word) in words.iter().enumerate().skip(inner) {
        match word {
            Word::Sign('(') => depth += 1,
            Word::Sign(')') => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return index;
        }
    }
    words.len().saturating_sub(1)
}

/// Name and value of each argument.
fn arguments(words: &[Word]) -> Vec<(String, &[Word])> {
    let mut depth = 0;
    let mut starts = Vec::new();
    for (index, word) in words.iter().enumerate() {
        match word {
            Word::Sign('(' | '[') => depth += 1,
            Word::Sign(')' | ']') => depth -= 1,
            _ if depth == 0 && words.get(index + 1) == Some(&Word::Sign('=')) => {
                starts.extend(single(word).map(|name| (index, name)));
            }
            _ => {}
        }
    }
    let end = |at: usize| starts.get(at + 1).map_or(words.len(), |(next, _)| *next);
    let value = |at: usize, start: usize| {
        let value = words.get(start + 2..end(at)).unwrap_or_default();
        value.strip_suffix(&[Word::Sign(',')]).unwrap_or(value)
    };
    starts.iter().enumerate().map(|(at, (start, name))| (name.clone(), value(at, *start))).collect()
}
