//! Hugo's templates: what the dot means, `.Params`, resources of the page, partials.

use super::lexer::{Reference, Word};
use super::markup::{Spot, base, is_for_previews, words_of};
use super::meaning::{Hit, Meaning, Treatment, extend};
use super::scan::{OpenBlock, Scan};
use super::switches;
use crate::site::field::is_word_for_hero;

/// Parts that come with Hugo and show pictures to machines.
const PREVIEWS: [&str; 3] = ["opengraph", "twitter_cards", "schema"];
/// What those make of the entries of `images`.
pub(super) const OF_PREVIEWS: [Treatment; 2] = [Treatment::OfPage, Treatment::Address];
/// Calls that look for a file of the page.
pub(super) const FINDS: [&str; 3] = ["getmatch", "match", "get"];
impl Scan<'_> {
    /// One action.
    pub(super) fn action(&mut self, words: &[Word]) {
        let words = without_dashes(words);
        let called = self.calls(words);
        let Some(keyword) = words.first().and_then(name) else { return self.give(called, words) };
        let rest = &words[1..];
        match keyword {
            "if" => {
                self.decide(rest);
                self.open(Vec::new(), None);
            }
            "with" => self.bind(rest, false),
            "range" => self.bind(rest, true),
            "define" | "block" => self.open(Vec::new(), None),
            "else" => self.otherwise(rest),
            "end" => self.close(),
            _ => match set(words) {
                Some((variable, value)) => {
                    let hits = self.made(value);
                    self.remember(&variable, hits);
                }
                None if keyword.ends_with("Set") || keyword.ends_with("SetInMap") => {
                    let hits = self.hits(words);
                    self.note(hits);
                }
                None => self.give(called, words),
            },
        }
    }

    /// A condition, which may set a variable.
    fn decide(&mut self, words: &[Word]) {
        self.result.switches.extend(switches::asked(words));
        let hits = self.hits(words);
        match set(words) {
            Some((variable, _)) => self.remember(&variable, hits),
            None => self.note(hits),
        }
    }

    /// What stands in the page, or goes to a part for previews.
    fn give(&mut self, called: Option<Spot>, words: &[Word]) {
        let hits = self.made(words);
        self.show(hits, called.filter(|spot| *spot == Spot::Preview));
    }

    /// What these words read of a post, as what they make of it.
    fn made(&mut self, words: &[Word]) -> Vec<Hit> {
        let hits = self.hits(words);
        let treatment = self.treatment(words);
        let own = |word: &Word| matches!(word, Word::Name(name) if name.steps.iter().any(|step| step == "Resources"));
        if treatment == Treatment::Plain && words.iter().any(own) {
            // A part gets the value and the files of the page, to look for the one among the other.
            self.note(hits.iter().map(|hit| hit.clone().made(Treatment::OfPage)).collect());
        }
        hits.into_iter().map(|hit| hit.made(treatment)).collect()
    }

    fn open(&mut self, dot: Vec<Meaning>, variable: Option<String>) {
        self.blocks.push(OpenBlock { dot, variable, indent: 0 });
    }

    /// `with` and `range`: the dot is something else within.
    fn bind(&mut self, words: &[Word], each: bool) {
        let (variable, value) = match set(words) {
            Some((variable, value)) => (Some(variable), value),
            None => (None, words),
        };
        let hits: Vec<Hit> =
            self.made(value).into_iter().map(|hit| if each { hit.one() } else { hit }).collect();
        let meanings = hits.iter().map(|hit| hit.meaning().clone());
        // A file among those of the page has parameters of its own.
        let mut dot: Vec<Meaning> = meanings.filter(|meaning| !each || *meaning != Meaning::Files).collect();
        if dot.is_empty() && each {
            dot.extend(
                value
                    .iter()
                    .filter_map(text)
                    .filter(|text| text.contains('*'))
                    .filter_map(stem)
                    .map(Meaning::Beside),
            );
        }
        if dot.is_empty() {
            let foreign = each || value.iter().any(leads_away);
            dot.push(if foreign { Meaning::Foreign } else { Meaning::Other });
        }
        match &variable {
            Some(variable) if hits.is_empty() => {
                self.variables.insert(variable.clone(), dot.clone());
            }
            Some(variable) => self.remember(variable, hits),
            None => self.note(hits),
        }
        self.open(dot, variable);
    }

    /// `else`: the dot is the old one again, or that of a further `with`.
    fn otherwise(&mut self, words: &[Word]) {
        self.close();
        match words.first().and_then(name) {
            Some("with") => self.bind(&words[1..], false),
            _ => {
                self.decide(words);
                self.open(Vec::new(), None);
            }
        }
    }

    /// The parts that are called, and where the last of them stands.
    fn calls(&mut self, words: &[Word]) -> Option<Spot> {
        let mut spot = None;
        for pair in words.windows(2) {
            let Word::Name(called) = &pair[0] else { continue };
            let is_call = match called.steps.last().map(String::as_str) {
                Some("partial" | "partialCached" | "template") => called.steps.len() == 1,
                Some("Include" | "IncludeCached") => called.steps.len() == 2,
                _ => false,
            };
            match &pair[1] {
                Word::Text(part) if is_call => spot = Some(self.call(part, called.at)),
                Word::Sign('(') if is_call => self.result.dynamic = true,
                _ => {}
            }
        }
        spot
    }

    fn call(&mut self, part: &str, at: usize) -> Spot {
        let within = part.strip_prefix("_internal/");
        if within.is_some_and(|part| PREVIEWS.contains(&base(part))) {
            for treatment in OF_PREVIEWS {
                self.take_preview_as("images", true, treatment);
            }
        }
        if within.is_none() {
            self.part(part, at);
        }
        if is_for_previews(base(part)) { Spot::Preview } else { Spot::Page }
    }

    /// What a name stands for, and whether it is of another page.
    pub(super) fn of_hugo(&self, name: &Reference, index: usize, words: &[Word]) -> Vec<(Meaning, bool)> {
        let elsewhere = name.dot && self.blocks.iter().any(|block| block.dot.contains(&Meaning::Foreign));
        let variable = name.steps.first().filter(|first| first.starts_with('$'));
        let meant = variable.and_then(|first| self.variables.get(first));
        let foreign = elsewhere || meant.is_some_and(|meant| meant.contains(&Meaning::Foreign));
        let listed = words[..index].iter().any(|word| self::name(word) == Some("first")) || name.indexed;
        let low: Vec<String> = name.steps.iter().map(|step| step.to_lowercase()).collect();
        let of_site = |count: usize| low[..count].iter().any(|step| step == "site");
        if let Some(position) = low.iter().position(|step| step == "params") {
            let own = (name.dot || name.outermost || variable.is_some()) && !of_site(position);
            let (asked, entry) = asked(index, words);
            let steps = name.steps[position + 1..].iter().cloned().chain(asked).collect();
            return own.then_some((Meaning::Of(steps, listed || entry), foreign)).into_iter().collect();
        }
        let next = words.get(index + 1).and_then(text);
        match (low.last().map(String::as_str), next) {
            (Some("param"), Some(path)) if !of_site(low.len()) => {
                let steps = path.split('.').map(str::to_owned).collect();
                return vec![(Meaning::Of(steps, listed), foreign)];
            }
            // What themes keep there under this name are the fields of the page.
            (Some("get"), Some("params"))
                if low.iter().any(|step| matches!(step.as_str(), "scratch" | "store")) =>
            {
                return vec![(Meaning::Of(Vec::new(), listed), foreign)];
            }
            (Some("getmatch"), None) if !of_the_site(words) => {
                let patterns = words[index + 1..].iter().filter_map(text).filter(|text| text.contains('*'));
                let stems = patterns.filter_map(stem);
                return stems.map(|stem| (Meaning::Beside(stem), foreign)).collect();
            }
            (Some(find), Some(pattern))
                if FINDS.contains(&find) && (find != "get" || low.iter().any(|step| step == "resources")) =>
            {
                let stem = stem(pattern).filter(|_| !of_the_site(words));
                return stem.map(|stem| (Meaning::Beside(stem), foreign)).into_iter().collect();
            }
            (Some(last), _)
                if low.iter().any(|step| step == "resources")
                    && !FINDS.contains(&last)
                    && (name.dot || name.outermost || variable.is_some()) =>
            {
                return vec![(Meaning::Files, foreign)];
            }
            _ => {}
        }
        let (meant, members) = match (variable, meant) {
            (Some(_), Some(meant)) => (meant, &name.steps[1..]),
            (None, _) if name.dot => {
                let Some(block) = self.blocks.iter().rev().find(|block| !block.dot.is_empty()) else {
                    return Vec::new();
                };
                (&block.dot, &name.steps[..])
            }
            _ => return Vec::new(),
        };
        let (asked, entry) = asked(index, words);
        let members: Vec<String> = members.iter().cloned().chain(asked).collect();
        let extended = meant.iter().filter_map(|meaning| extend(meaning, &members, listed || entry));
        extended.map(|meaning| (meaning, foreign)).collect()
    }
}

/// The members that `index` asks of the value at this place, and whether it is an entry by its number.
fn asked(index: usize, words: &[Word]) -> (Vec<String>, bool) {
    let before = words[..index].iter().rev().find(|word| !matches!(word, Word::Sign('(')));
    if !before.and_then(name).is_some_and(|name| matches!(name, "index" | "isset")) {
        return (Vec::new(), false);
    }
    let after = &words[index + 1..];
    let entry = matches!(after.first(), Some(Word::Sign(digit)) if digit.is_ascii_digit());
    (after.iter().map_while(text).map(str::to_owned).collect(), entry)
}

/// Whether these words are about files of the site, not of the page.
pub(super) fn of_the_site(words: &[Word]) -> bool {
    let global = |word: &Word| matches!(word, Word::Name(name) if !name.dot && name.steps.first().is_some_and(|step| step == "resources"));
    words.iter().any(global)
}

/// Whether a value is another page as a rule.
fn leads_away(word: &Word) -> bool {
    let away =
        ["Next", "Prev", "Parent", "GetPage", "Pages", "RegularPages", "Related", "FirstSection", "Home"];
    let away = |step: &String| away.iter().any(|away| step.starts_with(away));
    matches!(word, Word::Name(name) if name.steps.iter().any(away))
}

/// How the names of the files begin that this pattern finds, where it is one for hero images.
fn stem(pattern: &str) -> Option<String> {
    // Without either it is the name that a post gives to a file of its own.
    if !pattern.contains(['*', '.']) {
        return None;
    }
    let first = pattern.trim_start_matches(['{', '*', '/']).split([',', '}']).next()?;
    let stem = first.split(['*', '.', '?', '[', '{']).next()?.trim();
    let stem = stem.rsplit('/').next()?;
    words_of(stem).iter().any(|word| is_word_for_hero(word)).then(|| stem.to_owned())
}

/// `$name := value` and `$name = value`, with what stands before the last comma left out.
fn set(words: &[Word]) -> Option<(String, &[Word])> {
    let equals = words.iter().take(6).position(|word| *word == Word::Sign('='))?;
    let variable = words[..equals].iter().rev().find_map(name).filter(|name| name.starts_with('$'))?;
    let begins = words.first().and_then(name).is_some_and(|name| name.starts_with('$'));
    begins.then(|| (variable.to_owned(), &words[equals + 1..]))
}

/// A name without members, or the last member of one.
fn name(word: &Word) -> Option<&str> {
    match word {
        Word::Name(name) => name
            .steps
            .last()
            .filter(|_| name.steps.len() == 1 && !name.dot || name.steps.len() > 1)
            .map(String::as_str),
        _ => None,
    }
}

fn text(word: &Word) -> Option<&str> {
    match word {
        Word::Text(text) => Some(text),
        _ => None,
    }
}

fn without_dashes(words: &[Word]) -> &[Word] {
    let words = words.strip_prefix(&[Word::Sign('-')]).unwrap_or(words);
    words.strip_suffix(&[Word::Sign('-')]).unwrap_or(words)
}
