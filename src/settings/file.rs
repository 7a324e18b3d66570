//! The settings file `.github/image-fallback.yml`: inputs by name, the models of each service, and the list
//! `sites`.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use super::inputs::{self, INPUTS, Input, OF_A_SITE, find};
use super::suggest::meant;
use crate::disk;
use crate::post::front_matter::{self, Pod};

/// Path of the file, relative to the root.
pub(super) const PATH: &str = ".github/image-fallback.yml";

/// The other ending that YAML files have.
const OTHER_PATH: &str = ".github/image-fallback.yaml";

/// Larger than any honest settings file.
const LARGEST: u64 = 256 * 1024;

/// The key that holds the list of sites.
pub(super) const SITES: &str = "sites";

/// The key that holds the models of each service.
pub(super) const MODELS: &str = "models";

/// The key by which editors find the schema of the file.
pub(super) const SCHEMA: &str = "$schema";

/// What the file says.
#[derive(Debug, Default)]
pub(super) struct FileSettings {
    /// Values by input name.
    pub(super) values: BTreeMap<&'static str, String>,
    /// The sites that it lists.
    pub(super) sites: Vec<FileSite>,
    /// The models of each service by its name, as they are written.
    pub(super) models: BTreeMap<String, String>,
}

/// An item of the list of sites.
#[derive(Debug, Default)]
pub(super) struct FileSite {
    /// Its folder, as it is written.
    pub(super) root: Option<String>,
    /// Values by input name.
    pub(super) values: BTreeMap<&'static str, String>,
}

/// Reads the file's values by input name; without a file there are none. Every problem is added to the list.
pub(super) fn read(root: &Path, problems: &mut Vec<String>) -> FileSettings {
    let texts = [PATH, OTHER_PATH].map(|path| text(root, path));
    if let [Ok(Some(_)) | Err(_), Ok(Some(_)) | Err(_)] = &texts {
        problems.push(format!("there are {PATH} and {OTHER_PATH}; keep one of them"));
    }
    let mut settings = FileSettings::default();
    for text in texts.into_iter().rev() {
        match text {
            Ok(Some(text)) => settings = parse(&text, problems),
            Ok(None) => {}
            Err(problem) => problems.push(problem),
        }
    }
    settings
}

fn text(root: &Path, path: &str) -> Result<Option<String>, String> {
    let read = disk::open_within(root, path).and_then(|file| disk::whole(file, LARGEST));
    let bytes = match read.map_err(|error| (error.kind(), error)) {
        Ok(bytes) => bytes,
        Err((ErrorKind::NotFound, _)) => return Ok(None),
        Err((ErrorKind::InvalidInput | ErrorKind::IsADirectory, _)) => {
            return Err(format!("{path} has to be a file of the repository; put the file itself there"));
        }
        Err((ErrorKind::FileTooLarge, _)) => {
            return Err(format!("{path} is larger than {LARGEST} bytes; keep only input values in it"));
        }
        Err((_, error)) => return Err(format!("{path} cannot be read: {error}")),
    };
    String::from_utf8(bytes).map(Some).map_err(|_| format!("{path} is not UTF-8 text; save it as UTF-8"))
}

fn parse(text: &str, problems: &mut Vec<String>) -> FileSettings {
    let values = match front_matter::yaml(text) {
        Ok(Pod::Hash(values)) => values,
        Ok(Pod::Null) => return FileSettings::default(),
        Ok(_) => {
            problems.push(format!("{PATH} is not a list of `name: value` lines"));
            return FileSettings::default();
        }
        Err(error) => {
            problems.push(format!("{PATH} is not valid YAML: {error}"));
            return FileSettings::default();
        }
    };
    let again = front_matter::repeated_keys(text).into_iter();
    problems.extend(
        again.map(|(key, line)| format!("{PATH}: `{key}` is given again in line {line}; keep one of them")),
    );
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut settings = FileSettings::default();
    for (key, value) in values {
        match find(&key).filter(|input| !input.secret) {
            None if key == SITES => settings.sites = sites(&value, problems),
            None if key == MODELS => settings.models = models(&value, problems),
            None if key == SCHEMA => {}
            None => problems.push(unknown(&key)),
            Some(input) => take(input, &value, PATH, &mut settings.values, problems),
        }
    }
    settings
}

/// Takes the value of an input; empty means unset.
fn take(
    input: &'static Input,
    value: &Pod,
    place: &str,
    values: &mut BTreeMap<&'static str, String>,
    problems: &mut Vec<String>,
) {
    match as_text(value) {
        Some(text) if !text.trim().is_empty() => _ = values.insert(input.name, text.trim().to_owned()),
        Some(_) => {}
        None => {
            let key = input.name;
            problems.push(format!("{place}: `{key}` has to be a single value or a list of them"));
        }
    }
}

/// The list of sites: each item is a mapping of its folder and what is set for it.
fn sites(value: &Pod, problems: &mut Vec<String>) -> Vec<FileSite> {
    let items: &[Pod] = match value {
        Pod::Null => &[],
        Pod::Array(items) => items,
        _ => {
            problems.push(format!(
                "{PATH}: `{SITES}` has to be a list, with an item `- root: folder` for each site"
            ));
            &[]
        }
    };
    let mut sites = Vec::with_capacity(items.len());
    for (number, item) in items.iter().enumerate() {
        let place = format!("{PATH}: item {} of `{SITES}`", number + 1);
        let Pod::Hash(keys) = item else {
            problems.push(format!("{place} has to be a mapping with `root: folder`"));
            continue;
        };
        let mut site = FileSite::default();
        let mut keys: Vec<_> = keys.iter().collect();
        keys.sort_by_key(|(one, _)| *one);
        for (key, value) in keys {
            let mut own = BTreeMap::new();
            match find(key) {
                Some(input) if input.name == inputs::ROOT.name => {
                    take(input, value, &place, &mut own, problems);
                    site.root = own.remove(input.name);
                }
                Some(input) if OF_A_SITE.iter().any(|known| known.name == input.name) => {
                    take(input, value, &place, &mut site.values, problems);
                }
                found => problems.push(not_of_a_site(&place, key, found.is_some_and(|input| !input.secret))),
            }
        }
        sites.push(site);
    }
    sites
}

/// The models of each service; whether there is such a service is known where the services are.
fn models(value: &Pod, problems: &mut Vec<String>) -> BTreeMap<String, String> {
    let Pod::Hash(services) = value else {
        if !matches!(value, Pod::Null) {
            problems.push(format!("{PATH}: `{MODELS}` has to be a mapping such as `together: [a, b]`"));
        }
        return BTreeMap::new();
    };
    let mut models = BTreeMap::new();
    for (service, value) in services {
        let is_name = |part: &str| !part.trim().is_empty();
        match as_text(value).filter(|text| text.split([',', '\n']).any(is_name)) {
            Some(names) => _ = models.insert(service.clone(), names),
            None => problems.push(format!(
                "{PATH}: `{MODELS}.{service}` names no model; write one or a list of them, or take the line out"
            )),
        }
    }
    models
}

/// A key that no site has.
fn not_of_a_site(place: &str, key: &str, is_input: bool) -> String {
    if is_input {
        return format!("{place}: `{key}` holds for the whole run; put it above the list");
    }
    let names = || OF_A_SITE.iter().chain([&inputs::ROOT]).map(|input| input.name);
    let cure = meant(key, names())
        .unwrap_or_else(|| format!("; choose from {}", names().collect::<Vec<_>>().join(", ")));
    format!("{place}: `{key}` is unknown{cure}")
}

/// A key that no input has; the secrets and addresses that must not stand in a file get their own word.
fn unknown(key: &str) -> String {
    let lower = key.to_ascii_lowercase();
    if ["token", "webhook", "key", "secret", "base-url", "base_url"].iter().any(|part| lower.contains(part)) {
        return format!(
            "{PATH}: `{key}` is not allowed in the settings file; secrets and base URLs come from the step's `env:`"
        );
    }
    let names = || INPUTS.iter().filter(|input| !input.secret).map(|input| input.name).chain([SITES, MODELS]);
    let cure = meant(key, names())
        .unwrap_or_else(|| format!("; choose from {}", names().collect::<Vec<_>>().join(", ")));
    format!("{PATH}: `{key}` is unknown{cure}")
}

fn as_text(value: &Pod) -> Option<String> {
    match value {
        Pod::Null => Some(String::new()),
        Pod::String(text) => Some(text.clone()),
        Pod::Integer(number) => Some(number.to_string()),
        Pod::Float(number) => Some(number.to_string()),
        Pod::Boolean(value) => Some(value.to_string()),
        // One per line suits globs and provider lists alike.
        Pod::Array(items) => Some(items.iter().map(as_text).collect::<Option<Vec<_>>>()?.join("\n")),
        Pod::Hash(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (BTreeMap<&'static str, String>, Vec<String>) {
        let mut problems = Vec::new();
        (parse(text, &mut problems).values, problems)
    }

    #[test]
    fn scalars_and_lists_become_the_text_an_input_would_have() {
        let (values, problems) =
            parsed("max-images: 3\ndry-run: true\nposts:\n  - a/**\n  - '!a/b.md'\nstyle: ''\n");
        assert_eq!(problems, [""; 0]);
        assert_eq!(values["max-images"], "3");
        assert_eq!(values["dry-run"], "true");
        assert_eq!(values["posts"], "a/**\n!a/b.md");
        assert!(!values.contains_key("style"), "empty means unset");
    }

    #[test]
    fn unknown_keys_secrets_and_mappings_are_all_told_at_once() {
        let (_, problems) = parsed("colour: red\ngithub-token: x\nsize: {w: 1}\n");
        assert_eq!(problems.len(), 3, "{problems:?}");
        assert!(problems[0].contains("`colour` is unknown; choose from mode, root"));
        assert!(problems[1].contains("`github-token` is not allowed in the settings file"));
        assert!(problems[2].contains("`size` has to be a single value"));
    }

    #[test]
    fn a_misspelt_key_is_told_with_the_one_that_was_meant() {
        let (_, problems) = parsed("max_images: 3\nQualty: 3\n");
        let right = |key: &str, meant: &str| format!("{PATH}: `{key}` is unknown; did you mean `{meant}`?");
        assert_eq!(problems, [right("Qualty", "quality"), right("max_images", "max-images")]);
    }

    #[test]
    fn a_key_that_is_there_twice_is_told_with_its_line() {
        let (_, problems) = parsed("# Ours\nquality: 3\nsize: 300x300\n\nquality: 4\n'quality': 5\n");
        let right = |line| format!("{PATH}: `quality` is given again in line {line}; keep one of them");
        assert_eq!(problems, [right(5), right(6)]);
    }

    #[test]
    fn models_are_listed_by_service_and_editors_find_the_schema() {
        let mut problems = Vec::new();
        let text = "$schema: https://example.com/a.json\nmodels:\n  together: [a/b, c]\n  gemini: d\n";
        let settings = parse(text, &mut problems);
        assert_eq!(problems, [""; 0]);
        assert_eq!(settings.models["together"], "a/b\nc");
        assert_eq!(settings.models["gemini"], "d");
        let (_, problems) = parsed("models:\n  together: []\n");
        assert!(problems[0].contains("`models.together` names no model"), "{problems:?}");
        assert!(parsed("models: together\n").1[0].contains("has to be a mapping"));
    }

    #[test]
    fn either_ending_is_read_and_both_are_one_too_many() {
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join(".github")).unwrap();
        let mut problems = Vec::new();
        std::fs::write(root.path().join(OTHER_PATH), "quality: 3\n").unwrap();
        assert_eq!(read(root.path(), &mut problems).values["quality"], "3");
        assert_eq!(problems, [""; 0]);
        std::fs::write(root.path().join(PATH), "quality: 4\n").unwrap();
        assert_eq!(read(root.path(), &mut problems).values["quality"], "4");
        assert_eq!(problems, [format!("there are {PATH} and {OTHER_PATH}; keep one of them")]);
    }

    #[test]
    fn an_item_of_the_list_of_sites_has_a_folder_and_what_speaks_of_one_site() {
        let mut problems = Vec::new();
        let text = "sites:\n  - root: docs\n    image-field: cover.image\n    posts: ['a/**', 'b/**']\n  - root: .\n";
        let settings = parse(text, &mut problems);
        assert_eq!(problems, [""; 0]);
        let [docs, top] = settings.sites.as_slice() else { panic!("{:?}", settings.sites) };
        assert_eq!((docs.root.as_deref(), top.root.as_deref()), (Some("docs"), Some(".")));
        assert_eq!(docs.values["image-field"], "cover.image");
        assert_eq!(docs.values["posts"], "a/**\nb/**");
    }

    #[test]
    fn everything_that_is_wrong_in_the_list_of_sites_is_told_at_once() {
        let text =
            "sites:\n  - root: docs\n    image-filed: x\n    max-images: 3\n    github-token: x\n  - docs\n";
        let (_, problems) = parsed(text);
        let of = |item: usize, words: &str| format!("{PATH}: item {item} of `sites`{words}");
        assert_eq!(problems.len(), 4, "{problems:?}");
        assert!(problems[0].starts_with(&of(1, ": `github-token` is unknown")), "{problems:?}");
        assert_eq!(problems[1], of(1, ": `image-filed` is unknown; did you mean `image-field`?"));
        assert_eq!(problems[2], of(1, ": `max-images` holds for the whole run; put it above the list"));
        assert_eq!(problems[3], of(2, " has to be a mapping with `root: folder`"));
        assert_eq!(parsed("sites: docs\n").1.len(), 1);
    }
}
