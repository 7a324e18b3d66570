//! Reads `.gitattributes` for one question: does Git LFS store this path? Later lines win over earlier
//! ones and deeper files over higher ones, as in git.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::io;
use std::path::Path;

use ignore::gitignore::GitignoreBuilder;

use crate::disk;

/// Only this much of a file is read; git itself stops at 100 MB.
const LONGEST: u64 = 1024 * 1024;

/// The files of one moment: each is read once, for all paths that are asked about then. A person may change them
/// between two posts.
#[derive(Debug, Default)]
pub(super) struct Attributes {
    files: HashMap<String, String>,
}

impl Attributes {
    /// The pattern by which LFS tracks the path below the root, if it does.
    ///
    /// # Errors
    /// The file that cannot be read, and why.
    pub(super) fn lfs_pattern(
        &mut self,
        root: &Path,
        parts: &[&str],
    ) -> Result<Option<String>, (String, io::Error)> {
        let mut tracked = None;
        let mut macros = Vec::new();
        for depth in 0..parts.len() {
            let path = parts[depth..].join("/");
            let file = [&parts[..depth], &[".gitattributes"]].concat().join("/");
            let text = match self.files.entry(file) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(unknown) => {
                    let text = read(root, unknown.key()).map_err(|error| (unknown.key().clone(), error))?;
                    unknown.insert(text)
                }
            };
            for line in text.lines() {
                let Some((pattern, attributes)) = split(line.trim()) else { continue };
                if let Some(name) = pattern.strip_prefix("[attr]") {
                    if says(attributes, &macros) == Some(true) {
                        macros.push(name.to_owned());
                    }
                    continue;
                }
                // The pattern is matched last: most lines say nothing about filters.
                if let Some(filtered) = says(attributes, &macros)
                    && matches(&pattern, &path)
                {
                    tracked = filtered.then(|| pattern.clone());
                }
            }
        }
        Ok(tracked)
    }
}

/// Pattern and attributes of a line; a pattern with blanks is quoted.
fn split(line: &str) -> Option<(String, &str)> {
    if let Some(quoted) = line.strip_prefix('"') {
        let (pattern, attributes) = quoted.split_once('"')?;
        return Some((pattern.to_owned(), attributes));
    }
    let (pattern, attributes) = line.split_once(char::is_whitespace)?;
    (!pattern.starts_with('#')).then(|| (pattern.to_owned(), attributes))
}

/// What the attributes say about the filter: LFS, another one or none, or nothing.
fn says(attributes: &str, macros: &[String]) -> Option<bool> {
    attributes.split_whitespace().rev().find_map(|attribute| match attribute {
        "filter=lfs" => Some(true),
        "-filter" | "!filter" => Some(false),
        other if other.starts_with("filter=") => Some(false),
        other => macros.iter().any(|name| name == other).then_some(true),
    })
}

/// Patterns are those of `.gitignore`, except that a folder does not stand for what is in it.
fn matches(pattern: &str, path: &str) -> bool {
    let mut builder = GitignoreBuilder::new("");
    builder.add_line(None, pattern).is_ok()
        && builder.build().is_ok_and(|matcher| matcher.matched(path, false).is_ignore())
}

/// The beginning of a file; nothing where there is none.
fn read(root: &Path, file: &str) -> io::Result<String> {
    match disk::open_within(root, file).and_then(|file| disk::beginning(file, LONGEST)) {
        Err(error) if disk::is_missing(&error) => Ok(String::new()),
        read => read,
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn tracked(attributes: &[(&str, &str)], path: &str) -> Option<String> {
        let root = tempfile::tempdir().unwrap();
        for (folder, text) in attributes {
            fs::create_dir_all(root.path().join(folder)).unwrap();
            fs::write(root.path().join(folder).join(".gitattributes"), text).unwrap();
        }
        Attributes::default().lfs_pattern(root.path(), &path.split('/').collect::<Vec<_>>()).unwrap()
    }

    const JPG: &str = "*.jpg filter=lfs diff=lfs merge=lfs -text\n";

    #[test]
    fn a_pattern_of_the_root_holds_at_every_depth() {
        assert_eq!(tracked(&[("", JPG)], "static/images/a.jpg").as_deref(), Some("*.jpg"));
        assert_eq!(tracked(&[("", JPG)], "static/images/a.png"), None);
        assert_eq!(
            tracked(&[("", "static/** filter=lfs\n")], "static/images/a.jpg").as_deref(),
            Some("static/**")
        );
        assert_eq!(tracked(&[("", "/a.jpg filter=lfs\n")], "static/a.jpg"), None);
        assert_eq!(
            tracked(&[("", "\"my pics/*\" filter=lfs\n")], "my pics/a.jpg").as_deref(),
            Some("my pics/*")
        );
    }

    #[test]
    fn a_file_is_read_once_in_a_moment_and_anew_in_the_next() {
        let root = tempfile::tempdir().unwrap();
        let mut before = Attributes::default();
        let ask = |attributes: &mut Attributes, name| {
            attributes.lfs_pattern(root.path(), &["img", name]).unwrap().is_some()
        };
        assert!(!ask(&mut before, "a.jpg"));
        fs::write(root.path().join(".gitattributes"), JPG).unwrap();
        assert!(!ask(&mut before, "a-2.jpg"));
        assert!(ask(&mut Attributes::default(), "a.jpg"));
    }

    #[test]
    fn a_folder_does_not_stand_for_what_is_in_it() {
        assert_eq!(tracked(&[("", "static/ filter=lfs\n")], "static/a.jpg"), None);
    }

    #[test]
    fn later_and_deeper_lines_win() {
        assert_eq!(tracked(&[("", &format!("{JPG}static/** -filter\n"))], "static/a.jpg"), None);
        assert_eq!(tracked(&[("", JPG), ("static", "*.jpg !filter\n")], "static/a.jpg"), None);
        assert_eq!(
            tracked(&[("", "*.jpg text\n"), ("static", JPG)], "static/a.jpg").as_deref(),
            Some("*.jpg")
        );
    }

    #[test]
    fn a_macro_of_the_root_counts() {
        let attributes = "[attr]big filter=lfs diff=lfs\n*.jpg big\n# *.png filter=lfs\n";
        assert_eq!(tracked(&[("", attributes)], "a.jpg").as_deref(), Some("*.jpg"));
        assert_eq!(tracked(&[("", attributes)], "a.png"), None);
    }
}
