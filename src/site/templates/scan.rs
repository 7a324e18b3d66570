//! One template, read for the pictures that it takes from a post and for the parts that it is made of.
//! Variables are followed from where they are set to where they are used.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::lexer::{Language, Piece, Reference, Role, Word, pieces, words};
use super::markup::{Markup, Spot, base, is_for_previews};
use super::names::{Named, field, is_alt};
use super::roots::{self, PostReference};
use super::rules::TemplateRules;
use super::switches::Switch;

/// What a template takes a picture from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PictureSource {
    /// A field of the post.
    Field(Named),
    /// A file beside the post whose name begins so.
    File(String),
}

/// What a template makes of the value of a field before it stands in the page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Treatment {
    /// Nothing: it stands there as written.
    Plain,
    /// An address below that of the site, where no slash in front says otherwise.
    Address,
    /// A file beside the post.
    OfPage,
    /// A file that the site has for all its pages.
    OfSite,
    /// The address of the post goes in front.
    Joined,
}

/// A picture that a template takes from a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub picture: PictureSource,
    pub spot: Spot,
    /// Whether the post is another one than that of the page.
    pub foreign: bool,
    pub treatment: Treatment,
    /// Whether it is only kept in a variable, whose use may be one that is not understood.
    pub kept: bool,
}

/// Another template that this one is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partial {
    pub name: String,
    pub spot: Spot,
    pub foreign: bool,
    /// What it gets to know of the post.
    pub given: Given,
}

/// What a template says.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub taken: Vec<Taken>,
    /// Descriptions of pictures that it reads.
    pub alts: BTreeSet<String>,
    pub parts: Vec<Partial>,
    /// Whether it has parts whose names are found out only when it runs.
    pub dynamic: bool,
    /// Whether it has places where other files put parts of theirs.
    pub injects: bool,
    /// Switches that it asks before it shows something.
    pub switches: Vec<Switch>,
}

/// What a name stands for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Meaning {
    /// A value of the post by the steps to it, and whether one entry of it.
    Of(Vec<String>, bool),
    /// What these steps lead to, made into something else.
    Made(Vec<String>, bool, Treatment),
    /// A file beside the post.
    Beside(String),
    /// The files beside the post.
    Files,
    /// Another post, or something of it.
    Foreign,
    /// Something that is no part of a post.
    Other,
}

/// Names and what they stand for.
pub(super) type Given = BTreeMap<String, Vec<Meaning>>;

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

/// A read that was found in some words.
#[derive(Debug, Clone)]
pub(super) struct Hit {
    at: usize,
    meaning: Meaning,
    pub foreign: bool,
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

    fn part_given(&mut self, name: &str, at: usize, given: Given) {
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

    /// A piece of Liquid or of one of Jinja's kin.
    fn marked(&mut self, piece: &Piece<'_>, words: &[Word]) {
        let keyword = match words.iter().find(|word| !matches!(word, Word::Sign('-' | '+'))) {
            Some(Word::Name(name)) if name.steps.len() == 1 => name.steps[0].as_str(),
            _ => "",
        };
        if piece.role == Role::Output {
            if let Some(Word::Text(name)) = words.get(2).filter(|_| matches!(keyword, "partial" | "include"))
            {
                self.part(name, piece.at);
            }
            let (words, asked) = self.without_macros(words);
            let mut hits = self.hits(&words);
            hits.extend(asked);
            return self.show(hits, None);
        }
        let rest = &words[words.len().min(1 + usize::from(matches!(words.first(), Some(Word::Sign(_)))))..];
        match keyword {
            "assign" | "set" | "set_global" => self.assign(rest),
            "capture" => self.capture = rest.first().and_then(single),
            "endcapture" => self.capture = None,
            "for" => self.for_each(rest, 0),
            "endfor" => {
                self.close();
            }
            "macro" => self.macro_parameters(rest),
            "import" => {
                self.import(rest);
                self.include(piece, rest);
            }
            "include" | "extends" | "from" | "render" | "include_relative" | "include_cached" | "layout"
            | "embed" => self.include(piece, rest),
            "if" | "elsif" | "elif" | "else" | "unless" | "case" | "when" | "with" | "block" | "elseif" => {
                self.condition(keyword, rest);
                let hits = self.hits(rest);
                self.note(hits);
            }
            "endif" | "endunless" | "endcase" => {
                self.conditions.pop();
            }
            _ => match self.rules.preview_tags.iter().find(|(tag, _)| *tag == keyword) {
                Some((_, field)) => self.take_preview(field, false),
                None => {
                    let hits = self.hits(rest);
                    self.show(hits, None);
                }
            },
        }
    }

    /// The template around this one, which its front matter names.
    fn layout(&mut self) {
        let block = self.text.strip_prefix("---").and_then(|rest| rest.split_once("\n---"));
        let named = block.and_then(|(block, _)| block.lines().find_map(|line| line.strip_prefix("layout:")));
        let name =
            named.map(|name| name.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
        if let Some(name) = name.filter(|name| !matches!(*name, "" | "null" | "none" | "false")) {
            let (name, spot, given) = (name.to_owned(), Spot::Page, Given::default());
            self.result.parts.push(Partial { name, spot, foreign: false, given });
        }
    }

    /// A part that reads this field for previews.
    fn take_preview(&mut self, path: &str, list: bool) {
        self.take_preview_as(path, list, Treatment::Plain);
    }

    pub(super) fn take_preview_as(&mut self, path: &str, list: bool, treatment: Treatment) {
        let picture = PictureSource::Field(Named { path: path.to_owned(), list });
        let (foreign, kept) = (false, false);
        self.result.taken.push(Taken { picture, spot: Spot::Preview, foreign, treatment, kept });
    }

    /// `name = value`
    pub(super) fn assign(&mut self, words: &[Word]) {
        let Some(variable) = words.first().and_then(single) else { return };
        let mut hits = self.hits(&words[1..]);
        hits.extend(self.without_macros(&words[1..]).1);
        self.remember(&variable, hits);
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

    /// `{% include name … %}`, with or without quotes.
    fn include(&mut self, piece: &Piece<'_>, words: &[Word]) {
        let bare = piece.code.trim_start_matches(['-', '+']).split_whitespace().nth(1).unwrap_or_default();
        let text = words.iter().find_map(|word| match word {
            Word::Text(text) => Some(text.as_str()),
            _ => None,
        });
        let quoted = bare.starts_with(['"', '\'', '(', '[']) || self.language == Language::Jinja;
        let name = if quoted { text } else { Some(bare) }.unwrap_or_default().to_owned();
        let given = self.given(&words[words.len().min(1)..]);
        self.part_given(&name, piece.at, given);
        let spot = is_for_previews(base(&name)).then_some(Spot::Preview);
        let hits = self.hits(&words[words.len().min(1)..]);
        if self.around.follows.contains(&name) {
            // The part itself says what it does with them.
            self.note(hits);
        } else {
            self.show(hits, spot);
        }
    }
}

impl Hit {
    pub(super) fn new(at: usize, meaning: Meaning, foreign: bool) -> Self {
        Self { at, meaning, foreign }
    }

    pub(super) fn meaning(&self) -> &Meaning {
        &self.meaning
    }

    /// The same, made into something else.
    pub(super) fn made(self, treatment: Treatment) -> Self {
        match self.meaning {
            Meaning::Of(steps, one) if treatment != Treatment::Plain => {
                Self { meaning: Meaning::Made(steps, one, treatment), ..self }
            }
            _ => self,
        }
    }

    pub(super) fn one(self) -> Self {
        Self { meaning: one_of(self.meaning), ..self }
    }
}

/// One entry of what this means.
pub(super) fn one_of(meaning: Meaning) -> Meaning {
    match meaning {
        Meaning::Of(steps, _) => Meaning::Of(steps, true),
        Meaning::Made(steps, _, treatment) => Meaning::Made(steps, true, treatment),
        other => other,
    }
}

/// What the members of a variable with this meaning are: fields of a mapping, else the value itself.
pub(super) fn extend(meaning: &Meaning, members: &[String], indexed: bool) -> Option<Meaning> {
    let Meaning::Of(steps, one) = meaning else {
        let is_file = matches!(meaning, Meaning::Beside(_) | Meaning::Made(..) | Meaning::Files);
        return is_file.then(|| meaning.clone());
    };
    let whole: Vec<String> = steps.iter().chain(members).cloned().collect();
    // What a language does with a value begins with a capital in Go.
    let method = members.first().is_some_and(|member| member.starts_with(|first: char| first.is_uppercase()));
    let steps = if method && field(steps, false).is_some() { steps.clone() } else { whole };
    Some(Meaning::Of(steps, *one || indexed))
}

/// The name that a word is, if it has no members.
pub(super) fn single(word: &Word) -> Option<String> {
    match word {
        Word::Name(name) if name.steps.len() == 1 && !name.dot => name.steps.first().cloned(),
        _ => None,
    }
}
