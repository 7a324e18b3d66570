//! How the folders of pictures are spelled on disk. To many computers `static/Images` and `static/images` are
//! one folder, to git and to a web server they are two.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::RwLock;

use super::target::join;
use crate::fault;

/// The folders of a site, each looked for once.
#[derive(Debug)]
pub(super) struct Spelling {
    root: PathBuf,
    known: RwLock<Known>,
}

#[derive(Debug, Default)]
struct Known {
    /// Every folder asked for, as it is spelled.
    folders: HashMap<String, String>,
    /// The names of the folders in a folder, by what is left of them without letter case.
    within: HashMap<String, HashMap<String, Vec<String>>>,
}

impl Spelling {
    pub(super) fn new(root: &Path) -> Self {
        Self { root: root.to_owned(), known: RwLock::default() }
    }

    /// The folder as the disk has it: what is there under another letter case, and not under this one, is
    /// what is meant. Paths are relative to the root.
    pub(super) fn of(&self, folder: &str) -> String {
        if let Some(known) = fault::read(&self.known).folders.get(folder) {
            return known.clone();
        }
        fault::write(&self.known).spell(&self.root, folder)
    }
}

impl Known {
    fn spell(&mut self, root: &Path, folder: &str) -> String {
        if folder.is_empty() || self.folders.contains_key(folder) {
            return self.folders.get(folder).cloned().unwrap_or_default();
        }
        let (above, name) = folder.rsplit_once('/').unwrap_or(("", folder));
        let above = self.spell(root, above);
        let names = self.within.entry(above.clone()).or_insert_with(|| list(&root.join(&above)));
        let alike = names.get(&name.to_lowercase()).filter(|alike| !alike.iter().any(|there| there == name));
        let spelled = join(&above, alike.and_then(|alike| alike.iter().min()).map_or(name, String::as_str));
        self.folders.insert(folder.to_owned(), spelled.clone());
        spelled
    }
}

fn list(folder: &Path) -> HashMap<String, Vec<String>> {
    let mut names: HashMap<String, Vec<String>> = HashMap::new();
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let is_folder = entry.file_type().is_ok_and(|kind| !kind.is_file());
        if let (true, Ok(name)) = (is_folder, entry.file_name().into_string()) {
            names.entry(name.to_lowercase()).or_default().push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn a_folder_is_spelled_as_it_is_on_disk() {
        let root = tree(&[
            ("static/Images/x/a.jpg", ""),
            ("Assets/img/a.jpg", ""),
            ("assets/IMG/a.jpg", ""),
            ("Public", "a file"),
        ]);
        let spelling = Spelling::new(root.path());
        for (folder, spelled) in [
            ("static/images", "static/Images"),
            ("Static/images/X/new", "static/Images/x/new"),
            ("assets/img", "assets/IMG"),
            ("Assets/img", "Assets/img"),
            ("ASSETS", "Assets"),
            ("public/images", "public/images"),
            ("", ""),
        ] {
            for _ in 0..2 {
                assert_eq!(spelling.of(folder), spelled, "{folder}");
            }
        }
    }
}
