//! The page about the architecture against the source: who may import whom, and what is named where.

use std::collections::BTreeMap;
use std::fs;

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/code.rs"]
mod code;
#[path = "architecture/generators.rs"]
mod generators;
#[path = "architecture/names.rs"]
mod names;

use code::root;

fn page() -> String {
    fs::read_to_string(root().join("docs/architecture.md")).unwrap()
}

/// Words in backticks, in order.
fn quoted(text: &str) -> Vec<&str> {
    text.split('`').skip(1).step_by(2).collect()
}

/// The floor of every room, from the numbered list: 1 is the top.
fn floors(page: &str) -> BTreeMap<String, usize> {
    let section = page.split_once("\n## Floors\n").unwrap().1;
    let lines = section.lines().skip_while(|line| !line.starts_with("1. "));
    let list = lines.take_while(|line| line.starts_with(|c: char| c.is_ascii_digit()));
    let rooms = list.enumerate().flat_map(|(number, line)| {
        quoted(line).into_iter().map(move |room| (room.to_owned(), number + 1)).collect::<Vec<_>>()
    });
    rooms.collect()
}

/// The files of the program with their code: paths below `src`, without comments and tests.
fn sources() -> Vec<(String, String)> {
    let read = |file: String| {
        let text = fs::read_to_string(root().join("src").join(&file)).unwrap();
        let text = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
        let code: Vec<&str> = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect();
        (file, code.join("\n"))
    };
    code::files().into_iter().map(read).collect()
}

fn room(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// Rooms that this code imports: `crate::room` and `crate::{room, other::Part}`.
fn imports(code: &str) -> Vec<String> {
    let word = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let behind = code.split("crate::").skip(1);
    behind
        .flat_map(|rest| match rest.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap().split(',').map(word).collect(),
            None => vec![word(rest)],
        })
        .collect()
}

#[test]
fn every_import_points_down_the_floors_of_the_architecture() {
    let page = page();
    let floors = floors(&page);
    assert_eq!(floors.values().max(), Some(&11), "the list was read: {floors:?}");
    for (file, code) in sources().iter().filter(|(file, _)| file != "lib.rs") {
        let own = room(file);
        let floor = floors.get(own).unwrap_or_else(|| panic!("{file} is on no floor"));
        for import in imports(code).iter().filter(|import| floors.contains_key(*import) && *import != own) {
            assert!(floors[import] > *floor, "src/{file} imports `{import}`, which is not below `{own}`");
        }
    }
}

#[test]
fn what_the_architecture_names_in_one_place_is_named_nowhere_else() {
    let page = page();
    let (_, table) = page.split_once("| only here | is named |\n|---|---|\n").unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 5, "{rows:?}");
    for row in rows {
        let (places, words) = row.trim_matches('|').split_once(" | ").unwrap();
        let (places, words) = (quoted(places), quoted(words));
        for (file, code) in sources().iter().filter(|(file, _)| file != "lib.rs") {
            let may = places.iter().any(|place| {
                file == place
                    || file.strip_suffix(".rs") == Some(place)
                    || file.starts_with(&format!("{place}/"))
            });
            for word in words.iter().filter(|_| !may) {
                assert!(!code.contains(word), "src/{file} names `{word}`, which belongs to {places:?}");
            }
        }
    }
}

#[test]
fn what_the_architecture_says_of_where_something_is_stands_there() {
    let page = page();
    let (_, table) = page.split_once("| what | where |\n|---|---|\n").unwrap();
    let rows: Vec<&str> = table.lines().take_while(|line| line.starts_with('|')).collect();
    assert!(rows.len() >= 10, "{rows:?}");
    for row in rows {
        let (_, places) = row.trim_matches('|').split_once(" | ").unwrap();
        let mut file = (String::new(), String::new());
        for word in quoted(places) {
            if word.starts_with("src/") {
                let text = fs::read_to_string(root().join(word));
                file = (word.to_owned(), text.unwrap_or_else(|_| panic!("`{word}` is named and not there")));
            } else if let Some(name) = word.rsplit("::").next() {
                assert!(file.1.contains(&format!("fn {name}(")), "{} has no function `{name}`", file.0);
            }
        }
    }
}
