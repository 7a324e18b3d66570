//! What Hugo's functions make of a value before it stands in the page.

use super::hugo::{FINDS, of_the_site};
use super::lexer::{Reference, Word};
use super::meaning::{Meaning, Treatment};
use super::scan::Scan;

/// Functions that put values together.
const JOINS: [&str; 4] = ["printf", "print", "join", "joinpath"];
/// Functions that make an address of the site of a value.
const ADDRESSES: [&str; 4] = ["relurl", "absurl", "rellangurl", "abslangurl"];

impl Scan<'_> {
    /// What these words make of a value.
    pub(super) fn treatment(&self, words: &[Word]) -> Treatment {
        let names = || {
            words.iter().filter_map(|word| match word {
                Word::Name(name) => Some(name),
                _ => None,
            })
        };
        let last = |name: &Reference| name.steps.last().map(|step| step.to_lowercase()).unwrap_or_default();
        let finds =
            names().any(|name| name.steps.len() + usize::from(name.dot) > 1 && FINDS.contains(&&*last(name)));
        let dot = || self.blocks.iter().rev().map(|block| &block.dot).find(|dot| !dot.is_empty());
        let of_page = |name: &Reference| {
            let meant =
                if name.dot { dot() } else { name.steps.first().and_then(|first| self.variables.get(first)) };
            name.steps.iter().any(|step| step == "Resources")
                || meant.is_some_and(|meant| meant.contains(&Meaning::Files))
        };
        if finds && names().any(of_page) {
            Treatment::OfPage
        } else if finds && of_the_site(words) {
            Treatment::OfSite
        } else if names().any(|name| ADDRESSES.contains(&&*last(name))) {
            Treatment::Address
        } else if names().any(|name| JOINS.contains(&&*last(name)))
            && names().any(|name| matches!(&*last(name), "permalink" | "relpermalink"))
        {
            Treatment::Joined
        } else {
            Treatment::Plain
        }
    }
}
