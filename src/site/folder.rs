//! The folder of a site, asked what lies in it: each file's text is read once, and never more than a
//! configuration needs.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashMap};
use std::io::ErrorKind;
use std::path::Path;
use std::rc::Rc;

use ignore::WalkBuilder;
use tracing::warn;

use super::target::join;
use crate::disk;

/// Only this much of a configuration file is looked at.
const LONGEST_CONFIG: u64 = 64 * 1024;
/// Endings of configuration files that are scripts.
pub(super) const SCRIPT: [&str; 5] = ["js", "mjs", "cjs", "ts", "mts"];
/// Endings of configuration files that are data.
pub(super) const DATA: [&str; 4] = ["toml", "yaml", "yml", "json"];

/// A folder of the repository in which a site may lie. Names are relative to it, with `/`.
#[derive(Debug)]
pub(super) struct SiteFolder<'r> {
    root: &'r Path,
    /// Path relative to the root; empty for the root itself.
    folder: String,
    texts: RefCell<HashMap<String, Rc<str>>>,
    /// Configuration files that cannot be read, and why.
    faults: RefCell<BTreeMap<String, String>>,
}

impl<'r> SiteFolder<'r> {
    pub(super) fn new(root: &'r Path, folder: &str) -> Self {
        Self { root, folder: folder.to_owned(), texts: RefCell::default(), faults: RefCell::default() }
    }

    /// The folder of this name in it, as one in which a site may lie.
    pub(super) fn below(&self, name: &str) -> Self {
        Self::new(self.root, &self.within(name))
    }

    /// Path of the folder relative to the root; empty for the root itself.
    pub(super) fn path(&self) -> &str {
        &self.folder
    }

    /// The name as a path relative to the root.
    pub(super) fn within(&self, name: &str) -> String {
        join(&self.folder, name)
    }

    /// Whether there is a file or folder of this name.
    pub(super) fn has(&self, name: &str) -> bool {
        self.root.join(&self.folder).join(name).exists()
    }

    /// Whether there is a folder of this name.
    pub(super) fn has_folder(&self, name: &str) -> bool {
        self.root.join(&self.folder).join(name).is_dir()
    }

    /// Names of the folders in a folder, sorted; hidden ones and links are left out, and so is what goes
    /// beyond a hundred.
    pub(super) fn folders_in(&self, name: &str) -> Vec<String> {
        let (mut names, _) = self.entries(name);
        names.retain(|name| !name.starts_with('.'));
        names.truncate(100);
        names
    }

    /// The first file that there is of this stem with one of the endings.
    pub(super) fn any(&self, stem: &str, endings: &[&str]) -> Option<String> {
        endings.iter().map(|ending| format!("{stem}.{ending}")).find(|name| self.has(name))
    }

    /// The beginning of a text file; empty when it cannot be read, because absence is not a problem here.
    pub(super) fn text(&self, name: &str) -> Rc<str> {
        let mut texts = self.texts.borrow_mut();
        texts.entry(name.to_owned()).or_insert_with(|| read(self.root, &self.within(name)).into()).clone()
    }

    /// Files below a folder with one of these endings, in order, and no more than so many. No links are
    /// followed; hidden folders and packages are left out, but not the folder itself.
    pub(super) fn files_below(&self, folder: &str, endings: &[&str], most: usize) -> Vec<String> {
        let mut found = Vec::new();
        let mut waiting = vec![folder.to_owned()];
        // Folders are bounded as well: there may be many without a file that is sought.
        for _ in 0..most.saturating_mul(4) {
            let Some(folder) = waiting.pop().filter(|_| found.len() < most) else { break };
            let (folders, files) = self.entries(&folder);
            let fits = |name: &String| {
                endings.iter().any(|ending| name.rsplit_once('.').is_some_and(|(_, own)| own == *ending))
            };
            found.extend(files.iter().filter(|name| fits(name)).map(|name| join(&folder, name)));
            let folders =
                folders.iter().rev().filter(|name| !name.starts_with('.') && *name != "node_modules");
            waiting.extend(folders.map(|name| join(&folder, name)));
        }
        found.sort();
        found.truncate(most);
        found
    }

    /// Names of the folders and of the files in a folder, in order.
    fn entries(&self, folder: &str) -> (Vec<String>, Vec<String>) {
        let (mut folders, mut files) = (Vec::new(), Vec::new());
        let path = self.root.join(&self.folder).join(folder);
        let is_link = path.symlink_metadata().map_or(true, |found| !found.is_dir());
        for entry in path.read_dir().into_iter().flatten().flatten().filter(|_| !is_link) {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            if kind.is_dir() {
                folders.push(name);
            } else if kind.is_file() {
                files.push(name);
            }
        }
        folders.sort();
        files.sort();
        (folders, files)
    }

    /// Whether a folder of this name lies at most so many folders below; hidden folders and dependencies are
    /// not looked into.
    pub(super) fn has_folder_below(&self, name: &str, depth: usize) -> bool {
        let top = self.root.join(&self.folder);
        let is_dependency = |name: &str| matches!(name, "node_modules" | "vendor" | "bower_components");
        let walk = WalkBuilder::new(top)
            .standard_filters(false)
            .hidden(true)
            .max_depth(Some(depth))
            .filter_entry(move |entry| !entry.file_name().to_str().is_some_and(is_dependency))
            .build();
        walk.flatten()
            .any(|entry| entry.file_name() == name && entry.file_type().is_some_and(|kind| kind.is_dir()))
    }

    /// Keeps that a configuration file cannot be read, and why.
    pub(super) fn note_fault(&self, name: &str, fault: String) {
        let text = self.text(name);
        // What is cut off or empty is not wrong.
        if (text.len() as u64) < LONGEST_CONFIG && !text.trim().is_empty() {
            self.faults.borrow_mut().insert(name.to_owned(), fault);
        }
    }

    /// Tells the user which configuration files cannot be read.
    pub(super) fn tell_faults(&self) {
        for (name, fault) in self.faults.borrow().iter() {
            let file = self.within(name);
            warn!(
                "the configuration `{file}` cannot be read ({fault}), so not all that it says counts, and pictures may go where the site does not show them; correct it there"
            );
        }
    }

    /// Whether a text file holds this word.
    pub(super) fn says(&self, name: &str, word: &str) -> bool {
        self.text(name).contains(word)
    }
}

/// The beginning of a text file of the root; empty when it cannot be read.
fn read(root: &Path, path: &str) -> String {
    let read = disk::open_within(root, path).and_then(|file| disk::beginning(file, LONGEST_CONFIG));
    read.unwrap_or_else(|error| {
        if error.kind() == ErrorKind::InvalidInput {
            warn!("`{path}` is not read, because {error}; put the file itself there");
        }
        String::new()
    })
}
