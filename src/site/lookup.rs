//! Finds the file that a value of a post names.

use std::path::{Path, PathBuf};

use percent_encoding::percent_decode_str;

use super::conventions::STATIC;
use super::field::is_address;
use super::folders::Folders;
use super::target::join;
use crate::post::path;

/// Longest value that is looked up; longer ones (inline data) are no paths.
const LONGEST_VALUE: usize = 1024;

/// Where the pictures of a site may lie.
#[derive(Debug)]
pub(super) struct Lookup {
    root: PathBuf,
    /// The site's folder.
    folder: String,
    folders: Folders,
    /// Template of the folder in which a bare name is enough, as in a vault.
    pub attachments: Option<String>,
}

impl Lookup {
    pub(super) fn new(root: &Path, folder: &str) -> Self {
        let (root, folder) = (root.to_owned(), folder.to_owned());
        Self { folders: Folders::new(&root), root, folder, attachments: None }
    }

    /// The file a value of this post names, relative to the root: beside the post, under the folders that
    /// are published at the site's root, or from the root itself.
    pub(super) fn find(&self, post: &str, value: &str) -> Option<String> {
        if value.len() > LONGEST_VALUE || is_address(value) || value.contains("{{") {
            return None;
        }
        let plain = value.split(['?', '#']).next().unwrap_or(value);
        let decoded = percent_decode_str(plain).decode_utf8_lossy();
        let mut spellings = vec![value];
        for spelling in [plain, decoded.as_ref()] {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        spellings.into_iter().find_map(|spelling| self.look_up(post, spelling))
    }

    fn look_up(&self, post: &str, value: &str) -> Option<String> {
        let value = value.trim();
        if let Some(alias) = value.strip_prefix("~/").or_else(|| value.strip_prefix("@/")) {
            return self.shared_file(&join(&self.folder, "src"), alias);
        }
        let beside = || normal(path::folder(post), value).filter(|file| self.root.join(file).is_file());
        let beside = if value.starts_with('/') { None } else { beside() };
        beside
            .or_else(|| STATIC.iter().find_map(|name| self.shared_file(&join(&self.folder, name), value)))
            .or_else(|| self.shared_file(&self.folder, value))
            .or_else(|| if self.folder.is_empty() { None } else { self.shared_file("", value) })
            .or_else(|| self.shared_file(&join(&self.folder, "content"), value))
            .or_else(|| self.attachment(post, value))
    }

    fn attachment(&self, post: &str, value: &str) -> Option<String> {
        let folder = self.attachments.as_ref().filter(|_| !value.contains('/'))?;
        self.shared_file(&folder.replace("{dir}", path::folder(post)), value)
    }

    /// The normal path, relative to the root, of an existing file in a place that all posts share; never
    /// one outside it.
    fn shared_file(&self, folder: &str, path: &str) -> Option<String> {
        normal(folder, path).filter(|file| self.folders.hold(file))
    }
}

/// Joins two paths without `.` and `..`; `None` when that leads out of the root or nowhere.
pub(super) fn normal(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
