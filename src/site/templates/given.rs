//! What the parts of a page get to know from the template that names them: parameters, and the variables that are
//! set where it does. Only the part says what becomes of them.

use super::SiteFolder;
use super::files::Sheet;
use super::lexer::Word;
use super::meaning::{Given, Meaning};
use super::page::{find, reach};
use super::roots::PostReference;
use super::rules::TemplateRules;
use super::scan::{Scan, Surroundings, scan, single};
use super::scanned::Scanned;

/// So many times values are handed on from a part to a part of it.
const ROUNDS: usize = 4;
/// So many meanings a name may have.
const MOST: usize = 16;
/// Keys of a post that say what it is, and not how it is to be shown.
const USUAL: [&str; 12] = [
    "layout",
    "type",
    "kind",
    "section",
    "collection",
    "lang",
    "language",
    "locale",
    "template",
    "url",
    "path",
    "id",
];

/// Reads the templates, and those that are parts of a post's page once more with what they are given.
pub(super) fn scanned(site: &SiteFolder<'_>, rules: &TemplateRules, sheets: &[Sheet]) -> Vec<Scanned> {
    let read =
        |sheet: &Sheet, around: &Surroundings| scan(rules, sheet.language, &site.text(&sheet.path), around);
    let mut around = vec![Surroundings::default(); sheets.len()];
    let mut scanned: Vec<Scanned> =
        sheets.iter().zip(&around).map(|(sheet, around)| read(sheet, around)).collect();
    for _ in 0..ROUNDS {
        let next = surroundings(site, rules, sheets, &scanned);
        if next == around {
            break;
        }
        for ((sheet, says), (next, before)) in sheets.iter().zip(&mut scanned).zip(next.iter().zip(&around)) {
            if next != before {
                *says = read(sheet, next);
            }
        }
        around = next;
    }
    scanned
}

/// What the templates of a post's page give each other.
fn surroundings(
    site: &SiteFolder<'_>,
    rules: &TemplateRules,
    sheets: &[Sheet],
    scanned: &[Scanned],
) -> Vec<Surroundings> {
    let reached = reach(sheets, scanned, rules);
    let mut all = vec![Surroundings::default(); sheets.len()];
    let of_page = scanned.iter().enumerate().filter(|(index, _)| reached.spots.contains_key(index));
    for (index, says) in of_page {
        for part in says.parts.iter().filter(|part| !part.foreign && !part.given.is_empty()) {
            let Some(target) = find(sheets, index, &part.name) else { continue };
            let text = site.text(&sheets[target].path);
            let mut parameters = part.given.keys().filter(|name| name.contains('.')).peekable();
            if parameters.peek().is_some() && parameters.all(|name| text.contains(name.as_str())) {
                all[index].follows.insert(part.name.clone());
            }
            for (name, meanings) in &part.given {
                let known = all[target].given.entry(name.clone()).or_default();
                for meaning in meanings {
                    if !known.contains(meaning) && known.len() < MOST {
                        known.push(meaning.clone());
                    }
                }
            }
        }
    }
    all
}

impl Scan<'_> {
    /// What a part gets that is named with these words: `name=value` as `include.name`, `name: value` as a variable.
    pub(super) fn given(&mut self, words: &[Word]) -> Given {
        if self.is_asked_for() {
            return Given::default();
        }
        let is_bare = |name: &String| !name.contains('.');
        let variables =
            self.variables.iter().filter(|(name, meanings)| is_bare(name) && !meanings.is_empty());
        let mut given: Given = variables.map(|(name, meanings)| (name.clone(), meanings.clone())).collect();
        let key = |index: usize| match (words.get(index).and_then(single), words.get(index + 1)) {
            (Some(name), Some(Word::Sign('='))) => Some(format!("include.{name}")),
            (Some(name), Some(Word::Sign(':'))) => Some(name),
            _ => None,
        };
        let keys: Vec<(usize, String)> =
            (0..words.len()).filter_map(|index| Some((index, key(index)?))).collect();
        for (at, (index, key)) in keys.iter().enumerate() {
            let end = keys.get(at + 1).map_or(words.len(), |(next, _)| *next);
            let value = words.get(index + 2..end).unwrap_or_default();
            let mut meanings: Vec<Meaning> =
                self.hits(value).iter().map(|hit| hit.meaning().clone()).collect();
            meanings.extend(self.whole_post(value));
            meanings.dedup();
            meanings.truncate(MOST);
            if !meanings.is_empty() {
                given.insert(key.clone(), meanings);
            }
        }
        given
    }

    /// The post itself, where the value is that.
    pub(super) fn whole_post(&self, value: &[Word]) -> Option<Meaning> {
        let [Word::Name(name)] = value else { return None };
        let reference = PostReference { name, language: self.language, text: self.text };
        if self.variables.contains_key(name.steps.first()?) {
            return None;
        }
        let steps = (self.rules.steps)(&reference)?;
        steps.is_empty().then_some(Meaning::Of(steps, false))
    }

    /// Opens a condition, or goes on to the next branch of it.
    pub(super) fn condition(&mut self, keyword: &str, words: &[Word]) {
        match keyword {
            "if" => {
                let asked = self.asks(words) || self.is_off(words);
                self.conditions.push(asked);
            }
            "unless" => self.conditions.push(false),
            "case" => {
                let asked = words.iter().any(|word| self.is_own_choice(word));
                self.conditions.push(asked);
            }
            "elsif" | "elif" | "elseif" | "else" => {
                let asked = self.asks(words);
                if let Some(last) = self.conditions.last_mut() {
                    *last = asked;
                }
            }
            _ => {}
        }
    }

    /// Whether a condition holds only for posts that choose so: `page.header.type == 'cover'`.
    fn asks(&self, words: &[Word]) -> bool {
        let is_or = |word: &Word| single(word).is_some_and(|name| name == "or");
        let chooses = |words: &[Word]| {
            words.windows(4).any(|four| match four {
                [name, Word::Sign('='), Word::Sign('='), Word::Text(text)] => {
                    !text.is_empty() && self.is_own_choice(name)
                }
                _ => false,
            })
        };
        words.split(is_or).all(chooses)
    }

    /// Whether a condition is nothing but a switch that the configuration has off.
    fn is_off(&self, words: &[Word]) -> bool {
        matches!(words, [Word::Name(name)] if self.rules.off.contains(&name.steps.join(".")))
    }

    /// Whether a name is a key of the post that is not a usual one.
    fn is_own_choice(&self, word: &Word) -> bool {
        let Word::Name(name) = word else { return false };
        let chosen = |meaning: &Meaning| match meaning {
            Meaning::Of(steps, _) => steps.first().is_some_and(|first| !USUAL.contains(&first.as_str())),
            _ => false,
        };
        let meanings = self.meanings(name, 0, &[]);
        !meanings.is_empty() && meanings.iter().all(|(meaning, _)| chosen(meaning))
    }
}
