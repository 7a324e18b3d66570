//! One name, one thing.

use std::collections::BTreeMap;
use std::fs;

use ignore::Walk;

use super::code::{Module, Modules, root};

#[test]
fn a_name_of_a_type_stands_for_one_thing_in_the_crate() {
    let modules = Modules::read();
    let mut places: BTreeMap<&String, Vec<&Module>> = BTreeMap::new();
    for (module, code) in modules.all() {
        code.types.iter().for_each(|name| places.entry(name).or_default().push(module));
    }
    assert!(places.len() > 300, "the source was read: {places:?}");
    // Always written with its module: `plan::Options`.
    places.retain(|name, modules| *name != "Options" && modules.len() > 1);
    let told = places.iter().map(|(name, modules)| {
        let modules: Vec<String> = modules.iter().map(|module| module.join("::")).collect();
        format!(
            "`{name}` is declared in {}; give all but one a name that says what it is",
            modules.join(" and ")
        )
    });
    assert!(places.is_empty(), "{}", told.collect::<Vec<_>>().join("\n"));
}

/// The longest name that a test may have: one sentence that is read at one go.
const LONGEST: usize = 80;

#[test]
fn the_name_of_a_test_is_a_sentence_of_at_most_80_characters() {
    let files = ["src", "tests"].into_iter().flat_map(|folder| Walk::new(root().join(folder)));
    let files = files
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|e| e == "rs"));
    let mut long = Vec::new();
    for text in files.map(|file| fs::read_to_string(file).unwrap()) {
        let behind = text.split("fn ").skip(1);
        let names = behind.map(|rest| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap());
        long.extend(names.filter(|name| name.len() > LONGEST).map(str::to_owned));
    }
    assert!(long.is_empty(), "say it in at most {LONGEST} characters: {long:?}");
}
