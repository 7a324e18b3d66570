//! One name, one thing.

use std::collections::BTreeMap;

use super::code::{Module, Modules};

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
