//! The settings file `.github/image-fallback.yml`: inputs by name, nothing else.

use std::collections::BTreeMap;
use std::io::ErrorKind;
use std::path::Path;

use super::inputs::{INPUTS, find};
use super::suggest::meant;
use crate::disk;
use crate::post::front_matter::{self, Pod};

/// Where the file stands, relative to the root.
pub(super) const PATH: &str = ".github/image-fallback.yml";

/// Where it is easily put instead.
const MISPLACED: &str = ".github/image-fallback.yaml";

/// Larger than any honest settings file.
const LARGEST: u64 = 256 * 1024;

/// Reads the file's values by input name; no file is no values. Every problem is added to the list, and a
/// warning where a file is not found for its name.
pub(super) fn read(
    root: &Path,
    problems: &mut Vec<String>,
    warnings: &mut Vec<String>,
) -> BTreeMap<&'static str, String> {
    if root.join(MISPLACED).symlink_metadata().is_ok() {
        warnings.push(format!("{MISPLACED} is not read; settings belong in {PATH}"));
    }
    match text(root) {
        Ok(Some(text)) => parse(&text, problems),
        Ok(None) => BTreeMap::new(),
        Err(problem) => {
            problems.push(problem);
            BTreeMap::new()
        }
    }
}

fn text(root: &Path) -> Result<Option<String>, String> {
    let read = disk::open_within(root, PATH).and_then(|file| disk::whole(file, LARGEST));
    let bytes = match read.map_err(|error| (error.kind(), error)) {
        Ok(bytes) => bytes,
        Err((ErrorKind::NotFound, _)) => return Ok(None),
        Err((ErrorKind::InvalidInput | ErrorKind::IsADirectory, _)) => {
            return Err(format!("{PATH} has to be a file of the repository; put the file itself there"));
        }
        Err((ErrorKind::FileTooLarge, _)) => {
            return Err(format!("{PATH} is larger than {LARGEST} bytes; keep only input values in it"));
        }
        Err((_, error)) => return Err(format!("{PATH} cannot be read: {error}")),
    };
    String::from_utf8(bytes).map(Some).map_err(|_| format!("{PATH} is not UTF-8 text; save it as UTF-8"))
}

fn parse(text: &str, problems: &mut Vec<String>) -> BTreeMap<&'static str, String> {
    let values = match front_matter::yaml(text) {
        Ok(Pod::Hash(values)) => values,
        Ok(Pod::Null) => return BTreeMap::new(),
        Ok(_) => {
            problems.push(format!("{PATH} is not a list of `name: value` lines"));
            return BTreeMap::new();
        }
        Err(error) => {
            problems.push(format!("{PATH} is not valid YAML: {error}"));
            return BTreeMap::new();
        }
    };
    let again = front_matter::repeated_keys(text).into_iter();
    problems.extend(
        again.map(|(key, line)| format!("{PATH}: `{key}` is there again in line {line}; keep one of them")),
    );
    let mut values: Vec<_> = values.into_iter().collect();
    values.sort_by(|(one, _), (other, _)| one.cmp(other));
    let mut known = BTreeMap::new();
    for (key, value) in values {
        match (find(&key).filter(|input| !input.secret), as_text(&value)) {
            (None, _) => problems.push(unknown(&key)),
            (Some(input), Some(text)) if !text.trim().is_empty() => {
                known.insert(input.name, text.trim().to_owned());
            }
            (Some(_), Some(_)) => {}
            (Some(_), None) => {
                problems.push(format!("{PATH}: `{key}` has to be a single value or a list of them"))
            }
        }
    }
    known
}

/// A key that no input has; the secrets and addresses that must not stand in a file get their own word.
fn unknown(key: &str) -> String {
    let lower = key.to_ascii_lowercase();
    if ["token", "webhook", "key", "secret", "base-url", "base_url"].iter().any(|part| lower.contains(part)) {
        return format!(
            "{PATH}: `{key}` may not stand in a file; secrets and base URLs come from the step's `env:`"
        );
    }
    let names = || INPUTS.iter().filter(|input| !input.secret).map(|input| input.name);
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
        (parse(text, &mut problems), problems)
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
        assert!(problems[1].contains("`github-token` may not stand in a file"));
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
        let right = |line| format!("{PATH}: `quality` is there again in line {line}; keep one of them");
        assert_eq!(problems, [right(5), right(6)]);
    }
}
