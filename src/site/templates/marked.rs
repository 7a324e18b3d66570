//! Templates in Liquid, Nunjucks, Jinja and Tera: their tags.

use super::lexer::{Language, Piece, Reference, Role, Word};
use super::markup::{Spot, base, is_for_previews};
use super::meaning::{Given, Hit, Meaning, Treatment};
use super::scan::{Scan, single};
use super::scanned::Partial;

/// What Tera's pages call the folder of a bundle.
const FOLDER: &str = "colocated_path";
/// Functions of Zola that look for a value among the files of the whole site.
const ADDRESSES: [&str; 2] = ["get_url", "resize_image"];

impl Scan<'_> {
    /// A piece of Liquid or of one of Jinja's kin.
    pub(super) fn marked(&mut self, piece: &Piece<'_>, words: &[Word]) {
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
            let treatment = self.made_of(&words);
            return self.show(hits.into_iter().map(|hit| hit.made(treatment)).collect(), None);
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
    pub(super) fn layout(&mut self) {
        let block = self.text.strip_prefix("---").and_then(|rest| rest.split_once("\n---"));
        let named = block.and_then(|(block, _)| block.lines().find_map(|line| line.strip_prefix("layout:")));
        let name =
            named.map(|name| name.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
        if let Some(name) = name.filter(|name| !matches!(*name, "" | "null" | "none" | "false")) {
            let (name, spot, given) = (name.to_owned(), Spot::Page, Given::default());
            self.result.parts.push(Partial { name, spot, foreign: false, given });
        }
    }

    /// `name = value`
    pub(super) fn assign(&mut self, words: &[Word]) {
        let Some(variable) = words.first().and_then(single) else { return };
        let mut hits = self.hits(&words[1..]);
        hits.extend(self.without_macros(&words[1..]).1);
        let treatment = self.made_of(&words[1..]);
        let is_folder = |word: &Word| matches!(word, Word::Name(name) if is_of_page(name, &[FOLDER]));
        if hits.is_empty() && words[1..].iter().any(is_folder) {
            hits.push(Hit::new(0, Meaning::Files, false));
        }
        self.remember(&variable, hits.into_iter().map(|hit| hit.made(treatment)).collect());
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

    /// What these words make of a value of the post.
    fn made_of(&self, words: &[Word]) -> Treatment {
        let before = words.windows(2).find_map(|pair| match pair {
            [Word::Name(name), Word::Sign('~')] => Some(name),
            _ => None,
        });
        let is_folder = |name: &Reference| {
            is_of_page(name, &[FOLDER])
                || self
                    .variables
                    .get(&name.steps.concat())
                    .is_some_and(|meant| meant.contains(&Meaning::Files))
        };
        let is_address = |pair: &[Word]| match pair {
            [Word::Name(name), Word::Sign('(')] => is_of_page(name, &ADDRESSES),
            _ => false,
        };
        match before {
            Some(name) if is_folder(name) => Treatment::OfPage,
            Some(name) if is_of_page(name, &["path", "permalink"]) => Treatment::Joined,
            _ if words.windows(2).any(is_address) => Treatment::Address,
            _ => Treatment::Plain,
        }
    }
}

/// Whether the name ends so.
fn is_of_page(name: &Reference, ends: &[&str]) -> bool {
    name.steps.last().is_some_and(|last| ends.contains(&last.as_str()))
}
