//! The descriptions of the repository, which anybody who may write to it has put there.

use std::path::Path;

use super::reading::Files;
use super::service;
use crate::disk;
use crate::http::tree_of;
use crate::provider::Service;

/// The folder of the repository's descriptions, relative to the root.
pub(super) const FOLDER: &str = ".github/image-providers";

/// Words that stand for something else in an order of providers.
const RESERVED: [&str; 2] = ["card", "manual"];

/// More files than anybody describes services in.
const MOST: usize = 50;

/// Larger than any honest description, or workflow beside one, in bytes.
const LARGEST: u64 = 256 * 1024;

/// The services that the repository describes, and everything that is wrong with the descriptions. `known` are the
/// services that there are already.
pub(in crate::provider) fn of_repository(root: &Path, known: &[&Service]) -> (Vec<Service>, Vec<String>) {
    let (mut services, mut problems): (Vec<Service>, Vec<String>) = (Vec::new(), Vec::new());
    let entries = root.join(FOLDER).read_dir().into_iter().flatten().flatten();
    let names = entries.filter_map(|entry| entry.file_name().into_string().ok());
    let mut names: Vec<_> = names.filter(|name| !name.starts_with('.')).take(MOST + 1).collect();
    names.sort();
    if names.len() > MOST {
        return (
            services,
            vec![format!("{FOLDER} holds more than {MOST} files; keep only descriptions there")],
        );
    }
    let mut files = Files::new();
    for name in names.iter().filter(|name| name.ends_with(".json")) {
        match text(root, name).map(|text| tree_of(text.as_bytes())) {
            Ok(Some(json)) => _ = files.insert(name.clone(), json),
            Ok(None) => problems.push(format!("{FOLDER}/{name} is not valid JSON; save it again")),
            Err(problem) => problems.push(problem),
        }
    }
    for name in names {
        let Some(stem) = name.strip_suffix(".yml").or_else(|| name.strip_suffix(".yaml")) else { continue };
        let file = format!("{FOLDER}/{name}");
        let described = text(root, &name).map_err(|problem| vec![problem]).and_then(|text| {
            let service = service(&file, &text, false, &files)?;
            let others = known.iter().copied().chain(&services);
            match conflict(&service, stem, others) {
                Some(problem) => Err(vec![format!("{file}: {problem}")]),
                None => Ok(service),
            }
        });
        match described {
            Ok(service) => services.push(service),
            Err(faults) => problems.extend(faults),
        }
    }
    (services, problems)
}

/// Why a service cannot be called as it is: a name leads to variables, and those of another service are not its own.
fn conflict<'a>(
    service: &Service,
    stem: &str,
    mut others: impl Iterator<Item = &'a Service>,
) -> Option<String> {
    let name = &service.name;
    if *name != stem {
        return Some(format!("`name: {name}` differs from the file; call the file `{name}.yml`"));
    }
    if RESERVED.contains(&&**name) {
        return Some(format!("`{name}` has another meaning in `providers`; choose another name"));
    }
    let own = variables(service);
    let other = others.find(|other| {
        other.name == service.name || variables(other).iter().any(|variable| own.contains(variable))
    });
    other.map(|other| {
        format!("`{name}` leads to variables of the service `{}`; choose another name", other.name)
    })
}

fn variables(service: &Service) -> Vec<String> {
    let base = service.base_variable();
    service.secrets.iter().chain(&service.model_variables).cloned().chain([base]).collect()
}

fn text(root: &Path, name: &str) -> Result<String, String> {
    let path = format!("{FOLDER}/{name}");
    let read = disk::open_within(root, &path).and_then(|file| disk::whole(file, LARGEST));
    let bytes = read.map_err(|error| {
        format!("{path} cannot be read: {error}; put a file of at most {LARGEST} bytes there")
    })?;
    String::from_utf8(bytes).map_err(|_| format!("{path} is not UTF-8 text; save it as UTF-8"))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::tests::RIGHT;
    use super::*;
    use crate::provider::Catalogue;

    fn catalogue_with(files: &[(&str, &str)]) -> (Catalogue, Vec<String>) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join(FOLDER)).unwrap();
        for (name, text) in files {
            fs::write(root.path().join(FOLDER).join(name), text).unwrap();
        }
        Catalogue::with_those_of(root.path())
    }

    #[test]
    fn a_description_of_the_repository_is_a_service_behind_those_of_the_program() {
        let (catalogue, problems) = catalogue_with(&[("acme.yml", RIGHT), ("README.md", "hello")]);
        assert_eq!(problems, Vec::<String>::new());
        assert_eq!(catalogue.names().last(), Some("acme"));
        let acme = catalogue.get("acme").unwrap();
        assert_eq!(acme.secrets, ["ACME_API_TOKEN"]);
        assert_eq!(acme.enabled_by, "`ACME_BASE_URL` and `ACME_API_TOKEN`");
        assert!(!acme.by_default);
    }

    #[test]
    fn a_name_that_leads_to_variables_of_another_service_is_refused() {
        for (name, word) in [
            ("together", "of the service `together`"),
            ("hf", "differs"),
            ("card", "another meaning"),
            ("ai-horde", "of the service `aihorde`"),
        ] {
            let file = if name == "hf" { "other.yml".to_owned() } else { format!("{name}.yml") };
            let text = RIGHT.replace("name: acme", &format!("name: {name}"));
            let (catalogue, problems) = catalogue_with(&[(&file, &text)]);
            assert!(problems.len() == 1 && problems[0].contains(word), "{name}: {problems:?}");
            assert_eq!(catalogue.names().count(), Catalogue::built_in().names().count(), "{name}");
        }
    }
}
