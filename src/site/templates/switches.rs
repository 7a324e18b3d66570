//! Switches of a post without which its picture is not shown, unless the site has them on for all.

use super::lexer::{Reference, Word};
use super::markup::words_of;
use crate::site::claim::{Extra, ExtraValue};
use crate::site::field::is_word_for_hero;

/// Words with which the name of such a switch begins.
const SHOWS: [&str; 2] = ["show", "display"];

/// A key of a post that shows its picture, and the parameter of the site that does so for all.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Switch {
    key: String,
    parameter: String,
}

/// The switch that this condition of Hugo's asks: off where neither the post nor the site says anything.
pub(super) fn asked(words: &[Word]) -> Option<Switch> {
    let mut names = words.iter().filter_map(|word| match word {
        Word::Name(name) => Some(name),
        _ => None,
    });
    let key = names.next().filter(|name| name.dot || name.outermost).and_then(parameter)?;
    let parameter = names.find_map(|name| parameter(name).filter(|_| is_of_site(name)))?;
    let last = |word: &Word, wanted: &str| matches!(word, Word::Name(name) if name.steps == [wanted]);
    let mut rest = words.iter().rev().filter(|word| !matches!(word, Word::Sign(_)));
    let is_off = rest.next().is_some_and(|word| last(word, "false"))
        && rest.next().is_some_and(|word| last(word, "default"));
    let said = words_of(&key);
    let shows = said.first().is_some_and(|word| SHOWS.contains(&word.as_str()));
    let of_hero = said.len() == 2 && said.last().is_some_and(|word| is_word_for_hero(word));
    (is_off && shows && of_hero).then_some(Switch { key, parameter })
}

fn is_of_site(name: &Reference) -> bool {
    name.steps.iter().any(|step| step.eq_ignore_ascii_case("site"))
}

/// The path of a parameter.
fn parameter(name: &Reference) -> Option<String> {
    let at = name.steps.iter().position(|step| step.eq_ignore_ascii_case("params"))?;
    Some(name.steps[at + 1..].join(".")).filter(|path| !path.is_empty())
}

/// The keys that a post needs, each once.
pub(super) fn extras<'s>(
    switches: impl Iterator<Item = &'s Switch>,
    is_on: impl Fn(&str) -> bool,
) -> Vec<Extra> {
    let mut off: Vec<&Switch> = switches.filter(|switch| !is_on(&switch.parameter)).collect();
    off.sort();
    off.dedup_by(|a, b| a.key == b.key);
    let extra = |switch: &Switch| Extra {
        field: switch.key.clone(),
        value: ExtraValue::Truth(true),
        only_in_bundles: false,
    };
    off.into_iter().map(extra).collect()
}
