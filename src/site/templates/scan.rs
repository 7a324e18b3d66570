//! One template, read for the pictures that it takes from a post and for the parts that it is made of.
//! Variables are followed from where they are set to where they are used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lexer::{Language, Reference, Word, pieces, words};
use super::markup::{Markup, Spot, base, is_for_previews};
use super::meaning::{Given, Hit, Meaning, Treatment, extend, one_of};
use super::names::{Named, field, is_alt};
use super::roots::{self, PostReference};
use super::rules::TemplateRules;
use super::scanned::{Partial, PictureSource, Scanned, Taken};

/// What is known around a template.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Surroundings {
    /// What it gets from the templates that it is a part of.
    pub given: Given,
    /// Names of its parts that read what they are given.
    pub follows: BTreeSet<String>,
}

/// A block that is open.
#[derive(Debug)]
pub(super) struct OpenBlock {
    /// What the dot or the variable means within, where the block says so.
    pub dot: Vec<Meaning>,
    /// The variable that ends with it.
    pub variable: Option<String>,
    /// How far in it begins, where that tells its end.
    pub indent: usize,
}

/// The reading of one template.
pub(super) struct Scan<'t> {
    pub rules: &'t TemplateRules,
    pub language: Language,
    pub text: &'t str,
    pub markup: Markup,
    /// What this template gets from those that it is a part of.
    pub around: &'t Surroundings,
    /// Files of macros by the names under which they are imported.
    pub imports: BTreeMap<String, String>,
    pub variables: HashMap<String, Vec<Meaning>>,
    pub blocks: Vec<OpenBlock>,
    /// The conditions that are open, and whether each is one that a post has to ask for.
    pub conditions: Vec<bool>,
    /// The variable that takes up what is printed.
    pub capture: Option<String>,
    pub result: Scanned,
}

/// Reads a template of this generator, which stands in these surroundings.
pub(super) fn scan(rules: &TemplateRules, language: Language, text: &str, around: &Surroundings) -> Scanned {
    let pieces = pieces(text, language);
    let markup = Markup::of(text, language, &pieces);
    let mut scan = Scan {
        rules,
        language,
        text,
        markup,
        around,
        imports: BTreeMap::new(),
        variables: around.given.clone().into_iter().collect(),
        blocks: Vec::new(),
        conditions: Vec::new(),
        capture: None,
        result: Scanned::default(),
    };
    for piece in &pieces {
        let words = words(piece.code, piece.at, language);
        match language {
            Language::Hugo => scan.action(&words),
            Language::Liquid | Language::Jinja => scan.marked(piece, &words),
            Language::Ejs | Language::Script | Language::Attributes => scan.script(piece, &words),
            Language::Pug => scan.line(piece, &words),
        }
    }
    match language {
        Language::Script | Language::Attributes => scan.imports(),
        Language::Liquid | Language::Jinja => scan.layout(),
        _ => {}
    }
    scan.result
}

impl Scan<'_> {
    /// What these words read of a post.
    pub(super) fn hits(&mut self, words: &[Word]) -> Vec<Hit> {
        (0..words.len()).flat_map(|index| self.hits_at(index, words)).collect()
    }

    /// What the word at this index reads of a post.
    pub(super) fn hits_at(&mut self, index: usize, words: &[Word]) -> Vec<Hit> {
        let Some(Word::Name(name)) = words.get(index) else { return Vec::new() };
        let hits = self.meanings(name, index, words).into_iter();
        let hits = hits.map(|(meaning, foreign)| Hit { at: name.at, meaning, foreign });
        hits.filter_map(|hit| self.without_alt(hit)).collect()
    }

    /// Keeps the description that a hit is, if it is one.
    fn without_alt(&mut self, hit: Hit) -> Option<Hit> {
        if let Meaning::Of(steps, _) = &hit.meaning
            && is_alt(steps)
        {
            self.result.alts.insert(steps.join("."));
            return None;
        }
        Some(hit)
    }

    /// What a name among words stands for, and whether it is of another post.
    pub(super) fn meanings(&self, name: &Reference, index: usize, words: &[Word]) -> Vec<(Meaning, bool)> {
        if self.language == Language::Hugo {
            return self.of_hugo(name, index, words);
        }
        let Some(first) = name.steps.first().filter(|_| !name.dot) else { return Vec::new() };
        if let Some((meanings, members)) = self.variable(&name.steps) {
            let extended = meanings.iter().filter_map(|meaning| extend(meaning, members, name.indexed));
            return extended.map(|meaning| (meaning, false)).collect();
        }
        let foreign = self.is_shadowed(first);
        let reference = PostReference { name, language: self.language, text: self.text };
        let Some(mut steps) = (self.rules.steps)(&reference) else { return Vec::new() };
        if steps.last().is_none_or(|last| last == "get") {
            steps.pop();
            steps.extend(roots::asked(&words[index + 1..]));
        }
        if steps.is_empty() {
            return Vec::new();
        }
        vec![(Meaning::Of(steps, name.indexed), foreign)]
    }

    /// What a variable stands for, and the steps from it.
    fn variable<'s>(&self, steps: &'s [String]) -> Option<(&Vec<Meaning>, &'s [String])> {
        let (first, members) = steps.split_first()?;
        self.variables.get(first).map(|meanings| (meanings, members)).or_else(|| {
            let (name, members) = members.split_first()?;
            Some((self.variables.get(&format!("{first}.{name}"))?, members))
        })
    }

    /// Whether a block around gives this name to something else.
    fn is_shadowed(&self, first: &str) -> bool {
        let shadows = |block: &OpenBlock| block.variable.as_deref() == Some(first);
        self.blocks.iter().any(|block| shadows(block) && block.dot.contains(&Meaning::Foreign))
    }

    /// The hits as what stands in the page here.
    pub(super) fn show(&mut self, hits: Vec<Hit>, spot: Option<Spot>) {
        for hit in hits {
            let found = spot.unwrap_or_else(|| self.markup.spot(hit.at));
            if let Some(variable) = self.capture.clone() {
                self.remember(&variable, vec![hit]);
            } else {
                self.take(hit, found);
            }
        }
    }

    /// Whether a post has to ask for what stands here.
    pub(super) fn is_asked_for(&self) -> bool {
        self.conditions.iter().any(|asked| *asked)
    }

    /// The hits as what only decides or is remembered.
    pub(super) fn note(&mut self, hits: Vec<Hit>) {
        for hit in hits {
            self.take(hit, Spot::Nothing);
        }
    }

    pub(super) fn take(&mut self, hit: Hit, spot: Spot) {
        let (picture, treatment) = match hit.meaning {
            Meaning::Of(steps, indexed) => {
                (field(&steps, indexed).map(PictureSource::Field), Treatment::Plain)
            }
            Meaning::Made(steps, indexed, treatment) => {
                (field(&steps, indexed).map(PictureSource::Field), treatment)
            }
            Meaning::Beside(stem) => (Some(PictureSource::File(stem)), Treatment::OfPage),
            Meaning::Files | Meaning::Foreign | Meaning::Other => return,
        };
        if let Some(picture) = picture {
            let spot =
                match spot {
                    _ if self.is_asked_for() => Spot::Nothing,
                    // A function that describes the page to machines has nothing else to do with it.
                    Spot::Nothing if self.language == Language::Script => {
                        if self.markup.is_for_machines(hit.at) { Spot::Preview } else { spot }
                    }
                    _ => spot,
                };
            let (foreign, kept) = (hit.foreign, false);
            self.result.taken.push(Taken { picture, spot, foreign, treatment, kept });
        }
    }

    /// Lets a variable stand for what these hits read; without any it is something else.
    pub(super) fn remember(&mut self, variable: &str, hits: Vec<Hit>) {
        let meanings =
            hits.iter().map(|hit| if hit.foreign { Meaning::Foreign } else { hit.meaning.clone() });
        let known = self.variables.entry(variable.to_owned()).or_default();
        // What a post has to ask for is another page's.
        let asked = self.conditions.iter().any(|asked| *asked);
        for meaning in meanings.filter(|_| !asked) {
            if !known.contains(&meaning) && known.len() < 16 {
                known.push(meaning);
            }
        }
        let before = self.result.taken.len();
        self.note(hits);
        if !self.is_asked_for() {
            self.result.taken.iter_mut().skip(before).for_each(|taken| taken.kept = true);
        }
    }

    pub(super) fn part(&mut self, name: &str, at: usize) {
        self.part_given(name, at, Given::default());
    }

    pub(super) fn part_given(&mut self, name: &str, at: usize, given: Given) {
        let name = name.trim();
        if name.is_empty() || name.contains(['{', '$', '*']) {
            self.result.dynamic = true;
            return;
        }
        let spot = if is_for_previews(base(name)) { Spot::Preview } else { self.markup.spot(at) };
        let foreign = self.is_among_others();
        self.result.parts.push(Partial { name: name.to_owned(), spot, foreign, given });
    }

    /// Whether a block around is about other posts.
    pub(super) fn is_among_others(&self) -> bool {
        self.blocks.iter().any(|block| block.dot.contains(&Meaning::Foreign))
    }

    /// A part that reads this field for previews.
    pub(super) fn take_preview(&mut self, path: &str, list: bool) {
        self.take_preview_as(path, list, Treatment::Plain);
    }

    pub(super) fn take_preview_as(&mut self, path: &str, list: bool, treatment: Treatment) {
        let picture = PictureSource::Field(Named { path: path.to_owned(), list });
        let (foreign, kept) = (false, false);
        self.result.taken.push(Taken { picture, spot: Spot::Preview, foreign, treatment, kept });
    }

    /// `name in value`
    pub(super) fn for_each(&mut self, words: &[Word], indent: usize) {
        let is_in = |word: &Word| single(word).is_some_and(|name| name == "in");
        let Some(split) = words.iter().position(is_in) else { return };
        let Some(variable) = words[..split].iter().rev().find_map(single) else { return };
        let hits = self.hits(&words[split + 1..]);
        let listed: Vec<Hit> =
            hits.into_iter().map(|hit| Hit { meaning: one_of(hit.meaning), ..hit }).collect();
        let dot = if listed.is_empty() { vec![Meaning::Foreign] } else { Vec::new() };
        if listed.is_empty() {
            self.variables.remove(&variable);
        } else {
            self.remember(&variable, listed);
        }
        self.blocks.push(OpenBlock { dot, variable: Some(variable), indent });
    }

    /// Ends the innermost block.
    pub(super) fn close(&mut self) {
        if let Some(OpenBlock { variable: Some(variable), .. }) = self.blocks.pop() {
            self.variables.remove(&variable);
        }
    }
}

/// The name that a word is, if it has no members.
pub(super) fn single(word: &Word) -> Option<String> {
    match word {
        Word::Name(name) if name.steps.len() == 1 && !name.dot => name.steps.first().cloned(),
        _ => None,
    }
}
