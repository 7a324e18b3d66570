//! The folders that posts share for their pictures, each listed once: a hundred thousand posts would ask
//! the disk as often.

use std::collections::{HashMap, HashSet};
use std::ffi::{OsStr, OsString};
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use crate::disk;
use crate::fault;

/// What was listed, as it was then.
#[derive(Debug)]
pub(super) struct Folders {
    root: PathBuf,
    /// Names of the files in a folder; `None` where there is no such folder.
    listed: RwLock<HashMap<String, Option<HashSet<OsString>>>>,
}

/// Most folders that are listed: where every post has one of its own, asking for its picture is cheaper.
const MOST: usize = 64;

impl Folders {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), listed: RwLock::default() }
    }

    /// Whether there is such a file; its path is relative to the root, with `/`.
    pub(super) fn hold(&self, file: &str) -> bool {
        let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
        let listed = fault::read(&self.listed);
        if let Some(names) = listed.get(folder) {
            return self.is_among(names, file, name);
        }
        if listed.len() >= MOST {
            return self.root.join(file).is_file();
        }
        drop(listed);
        let names = list(&self.root.join(folder));
        let is_among = self.is_among(&names, file, name);
        fault::write(&self.listed).insert(folder.to_owned(), names);
        is_among
    }

    /// The first in order of the file names in a folder that are meant.
    pub(super) fn least(&self, folder: &str, is_meant: impl Fn(&str) -> bool) -> Option<String> {
        let among = |names: &HashSet<OsString>| {
            names
                .iter()
                .filter_map(|name| name.to_str())
                .filter(|name| is_meant(name))
                .min()
                .map(str::to_owned)
        };
        let listed = fault::read(&self.listed);
        let known = listed.get(folder).map(|names| names.as_ref().and_then(among));
        let is_full = listed.len() >= MOST;
        drop(listed);
        // A file may have come since the folder was listed.
        if let Some(name) = known.flatten().filter(|name| self.root.join(folder).join(name).is_file()) {
            return Some(name);
        }
        let names = list(&self.root.join(folder));
        let found = names.as_ref().and_then(among);
        if !is_full {
            fault::write(&self.listed).insert(folder.to_owned(), names);
        }
        found
    }

    fn is_among(&self, names: &Option<HashSet<OsString>>, file: &str, name: &str) -> bool {
        names.as_ref().is_some_and(|names| {
            // The disk knows better of links, and of names that differ in ways it does not care for.
            names.contains(OsStr::new(name)) || self.root.join(file).is_file()
        })
    }
}

fn list(folder: &Path) -> Option<HashSet<OsString>> {
    let entries = match folder.read_dir() {
        Ok(entries) => entries,
        Err(error) if disk::is_missing(&error) => return None,
        // What cannot be listed may still be asked for.
        Err(_) => return Some(HashSet::new()),
    };
    let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    Some(files.map(|entry| entry.file_name()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn a_file_is_there_and_a_folder_or_what_is_missing_is_not() {
        let root = tree(&[("images/a.jpg", ""), ("images/old/b.jpg", ""), ("c.jpg", "")]);
        let folders = Folders::new(root.path());
        for _ in 0..2 {
            assert!(
                folders.hold("images/a.jpg") && folders.hold("images/old/b.jpg") && folders.hold("c.jpg")
            );
            for other in ["images/b.jpg", "images/old", "images", "gone/a.jpg", "c.jpg/a.jpg"] {
                assert!(!folders.hold(other), "{other}");
            }
        }
    }

    #[test]
    fn where_every_post_has_a_folder_of_its_own_few_are_kept() {
        let files: Vec<_> = (0..MOST + 20).map(|n| format!("images/{n}/a.jpg")).collect();
        let root = tree(&files.iter().map(|file| (file.as_str(), "")).collect::<Vec<_>>());
        let folders = Folders::new(root.path());
        assert!(files.iter().all(|file| folders.hold(file)));
        assert!(!files.iter().any(|file| folders.hold(&file.replace("a.jpg", "b.jpg"))));
        assert_eq!(folders.listed.read().unwrap().len(), MOST);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_what_it_leads_to() {
        let root = tree(&[("images/a.jpg", "")]);
        for (name, to) in [("b.jpg", "a.jpg"), ("c.jpg", "gone.jpg"), ("d.jpg", "../images")] {
            std::os::unix::fs::symlink(to, root.path().join("images").join(name)).unwrap();
        }
        let folders = Folders::new(root.path());
        assert!(folders.hold("images/b.jpg"));
        assert!(!folders.hold("images/c.jpg") && !folders.hold("images/d.jpg"));
    }
}
