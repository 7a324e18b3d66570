//! Documents against the program: README and action.yml declare what the code has, and neither a page nor
//! a comment names what is not there.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use image_fallback::provider::Catalogue;
use image_fallback::report::OUTPUTS;
use image_fallback::settings::inputs::INPUTS;

use crate::drift::declared;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Cells of the table under this heading of the README, without its two head rows.
fn table(heading: &str) -> Vec<Vec<String>> {
    let text = readme();
    let (_, section) = text.split_once(&format!("\n## {heading}\n")).unwrap();
    first_table(section.split("\n## ").next().unwrap())
}

/// Cells of the first table of a text, without its two head rows.
fn first_table(text: &str) -> Vec<Vec<String>> {
    let rows =
        text.lines().skip_while(|line| !line.starts_with('|')).take_while(|line| line.starts_with('|'));
    let cells = |row: &str| row.trim_matches('|').split(" | ").map(|cell| cell.trim().to_owned()).collect();
    rows.skip(2).map(cells).collect()
}

#[test]
fn the_readme_declares_the_inputs_of_the_program_and_no_others() {
    let rows: Vec<Vec<String>> = INPUTS
        .iter()
        .map(|input| vec![format!("`{}`", input.name), input.default.to_owned(), input.meaning.to_owned()])
        .collect();
    assert_eq!(table("Inputs"), rows);
}

#[test]
fn the_readme_declares_the_outputs_of_the_program_and_no_others() {
    let rows: Vec<Vec<String>> =
        OUTPUTS.iter().map(|output| vec![format!("`{}`", output.name), output.meaning.to_owned()]).collect();
    assert_eq!(table("Outputs"), rows);
}

#[test]
fn the_readme_names_every_service_in_the_order_of_asking_with_what_it_needs() {
    let catalogue = Catalogue::built_in();
    let mut rows = [table("Image services"), table("Further services")].map(Vec::into_iter);
    for service in catalogue.iter() {
        let row = rows[usize::from(!service.by_default)].next().unwrap_or_default().join(" | ");
        let named = [&*service.name].into_iter().chain(service.secrets.iter().map(String::as_str));
        let named = named.map(|name| format!("`{name}`"));
        for part in named.chain([format!("<{}>", service.key_page)]) {
            let name = &service.name;
            assert!(
                row.contains(&part),
                "the row of `{name}` in README.md, Image or Further services: {part}; {row}"
            );
        }
    }
    assert!(rows.iter().all(|rows| rows.len() == 0), "README.md has rows of services that there are not");
}

#[test]
fn the_page_of_the_providers_has_the_prices_of_the_catalogue_and_no_others() {
    let catalogue = Catalogue::built_in();
    let priced =
        catalogue.iter().flat_map(|service| service.prices.prices.iter().map(move |of| (service, of)));
    let rows: Vec<Vec<String>> = priced
        .map(|(service, of)| {
            let usual = of.rate.price(1200, 630).decimal();
            let names = [format!("`{}`", service.name), format!("`{}`", of.model)];
            let price = [of.rate.to_string(), format!("${usual}"), of.read.to_string()];
            names.into_iter().chain(price).collect()
        })
        .collect();
    let page = fs::read_to_string(root().join("docs/providers.md")).unwrap();
    let (_, section) = page.split_once("\n## Prices\n").unwrap();
    assert_eq!(first_table(section), rows);
    for allowance in catalogue.iter().filter_map(|service| service.prices.allowance.as_deref()) {
        let amount = allowance.split(' ').next().unwrap();
        assert!(section.contains(amount), "{allowance}");
    }
}

#[test]
fn the_marketplace_shows_the_whole_description() {
    let text = fs::read_to_string(root().join("action.yml")).unwrap();
    let description = text.lines().find_map(|line| line.strip_prefix("description: ")).unwrap();
    // It takes no longer one.
    assert!((40..125).contains(&description.chars().count()), "{description}");
}

#[test]
fn action_yml_declares_the_inputs_and_outputs_of_the_program_and_no_others() {
    let described = |name: &str, text: String| (name.to_owned(), text);
    let inputs = INPUTS
        .iter()
        .map(|input| described(input.name, format!("{}; default: {}", input.meaning, input.default)));
    assert_eq!(declared("inputs"), inputs.collect());
    let outputs = OUTPUTS.iter().map(|output| described(output.name, output.meaning.to_owned()));
    assert_eq!(declared("outputs"), outputs.collect());
}

#[test]
fn every_path_that_a_document_names_exists() {
    let mut pages =
        vec![root().join("README.md"), root().join("CONTRIBUTING.md"), root().join("SECURITY.md")];
    let mut folders = vec![root().join("docs")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "md") {
                pages.push(path);
            }
        }
    }
    assert!(pages.len() > 3);
    let missing: Vec<String> = pages
        .iter()
        .flat_map(|page| missing(page, linked_or_named(&fs::read_to_string(page).unwrap())))
        .collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_path_that_a_comment_names_exists() {
    let missing: Vec<String> =
        comments().iter().flat_map(|(file, text)| missing(file, named(text))).collect();
    assert!(missing.is_empty(), "{}", missing.join("\n"));
}

#[test]
fn every_behaviour_that_a_test_names_is_on_the_page_and_the_other_way_round() {
    let page = fs::read_to_string(root().join("docs/behaviours.md")).unwrap();
    let told: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("- ")).flat_map(ids).collect();
    let comments = comments();
    let lines = comments.iter().flat_map(|(_, text)| text.lines());
    let named: BTreeSet<&str> = lines.flat_map(ids).collect();
    assert!(named.len() > 80, "{named:?}");
    assert_eq!(named, told);
}

/// Ids of behaviours that begin this text: `B-37`, or several with commas between.
fn ids(text: &str) -> impl Iterator<Item = &str> {
    let words = text.trim_start().split(", ").map(|word| word.trim_start_matches('*'));
    let words = words.map(|word| word.split(['*', ' ']).next().unwrap_or_default());
    words.take_while(|word| {
        let number = word.strip_prefix("B-").or(word.strip_prefix("W-"));
        number.is_some_and(|number| !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit()))
    })
}

/// The comments of every Rust file, without their slashes.
fn comments() -> Vec<(PathBuf, String)> {
    let folders = ["src", "tests", "benches", "fuzz/fuzz_targets"].map(|folder| root().join(folder));
    let files = folders.iter().flat_map(ignore::Walk::new).map(|entry| entry.unwrap());
    let files = files.map(ignore::DirEntry::into_path);
    let comments = |path: PathBuf| {
        let text = fs::read_to_string(&path).unwrap();
        let lines = text.lines().filter_map(|line| line.trim_start().strip_prefix("//"));
        let lines: Vec<&str> = lines.map(|line| line.trim_start_matches(['/', '!'])).collect();
        (path, lines.join("\n"))
    };
    files.filter(|path| path.extension().is_some_and(|end| end == "rs")).map(comments).collect()
}

/// Those of the names that lead to nothing from this file.
fn missing(file: &Path, names: Vec<String>) -> Vec<String> {
    // `chain/engine.rs` is written for `src/chain/engine.rs` too, and a neighbour by its name alone.
    let folders = [root().to_owned(), root().join("src"), file.parent().unwrap().to_owned()];
    let is_missing = |name: &String| !folders.iter().any(|folder| folder.join(name).exists());
    names.into_iter().filter(is_missing).map(|name| format!("{}: {name}", file.display())).collect()
}

#[test]
fn every_message_that_the_troubleshooting_page_explains_is_one_of_the_program() {
    let mut sources = String::new();
    for entry in ignore::WalkBuilder::new(root().join("src")).build() {
        let entry = entry.unwrap();
        if entry.file_type().is_some_and(|kind| kind.is_file()) {
            sources.push_str(&fs::read_to_string(entry.path()).unwrap_or_default());
        }
    }
    // A long text goes on in the next line, after a backslash.
    let joined: Vec<_> = sources.split("\\\n").map(str::trim_start).collect();
    let sources = joined.concat();
    let page = fs::read_to_string(root().join("docs/troubleshooting.md")).unwrap();
    let rows = first_table(&page);
    assert!(rows.len() > 20);
    for message in rows.iter().map(|row| row[0].trim_matches('`')) {
        for part in message.split('…').map(str::trim).filter(|part| !part.is_empty()) {
            assert!(sources.contains(part), "`{part}` of `{message}`");
        }
    }
}

// B-09
#[test]
fn a_provider_is_named_by_its_own_file_and_the_catalogue_alone() {
    let catalogue = Catalogue::built_in();
    for entry in ignore::WalkBuilder::new(root().join("src")).build() {
        let path = entry.unwrap().into_path();
        let of_the_providers = path.starts_with(root().join("src/provider"));
        let of_a_test = path.iter().any(|part| part == "tests" || part == "tests.rs" || part == "samples.rs");
        if path.extension().is_none_or(|end| end != "rs") || of_the_providers || of_a_test {
            continue;
        }
        let code = fs::read_to_string(&path).unwrap();
        let code = code.split("#[cfg(test)]").next().unwrap();
        for provider in catalogue.iter() {
            let named = code.contains(&format!("\"{}\"", provider.name));
            assert!(!named, "{} names {}", path.display(), provider.name);
        }
    }
}

/// Paths that a page names: targets of relative links, and what it names in code spans.
fn linked_or_named(text: &str) -> Vec<String> {
    let links = text.split("](").skip(1).filter_map(|rest| rest.split([')', '#']).next());
    let links = links.filter(|link| !link.is_empty() && !link.contains("://"));
    links.filter(is_plain).map(str::to_owned).chain(named(text)).collect()
}

/// Code spans that begin with one of our folders or end like a source file.
fn named(text: &str) -> Vec<String> {
    let ours = ["src/", "tests/", "docs/", "benches/", "fuzz/", "demo/", "assets/", "examples/", ".ci/"];
    let spans = text.split('`').skip(1).step_by(2);
    let spans =
        spans.filter(|span| ours.iter().any(|folder| span.starts_with(folder)) || span.ends_with(".rs"));
    spans.filter(is_plain).map(str::to_owned).collect()
}

/// A path as it stands, no pattern.
fn is_plain(name: &&str) -> bool {
    !name.contains(['*', '<', ' ', '{', '$'])
}
