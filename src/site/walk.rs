//! The walk through the folders that the globs begin in.
//!
//! Nothing is respected but the globs: an ignored draft folder is a fact about git, not about posts.
//! Links are not followed.

use std::ffi::OsStr;
use std::fs::{self, DirEntry, FileType};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::post::Unreadable;
use crate::post::path::is_within;

use super::files::PostFiles;
use super::globs::{Globs, NoPostBy};
use super::target::join;

/// Folders that hold no posts, at any depth.
const NEVER: [&str; 4] = ["node_modules", "bower_components", "__pycache__", "__tests__"];
/// Folders of a site that hold no posts of its own: themes, templates and what was built. A category
/// may well be called like one of them, so that only the top of the site counts.
const NEVER_ON_TOP: [&str; 13] = [
    "themes",
    "vendor",
    "archetypes",
    "scaffolds",
    "templates",
    "Templates",
    "layouts",
    "public",
    "dist",
    "build",
    "target",
    "private",
    "resources",
];

/// So many entries of a folder are worth the way to another core.
const SOME: usize = 256;

/// What is wrong with a link, and the cure.
const OUTSIDE: &str = "it is a link that leads out of the repository; put the posts themselves here";
const LINKED: &str = "links are not followed; name the folder itself in `posts`";

/// What was met, in no order.
#[derive(Debug, Default)]
pub(super) struct Met {
    /// Files that are posts by their names.
    pub posts: Vec<String>,
    /// What has the name of a post and is not one, with the reason and the cure.
    pub unreadable: Vec<(String, Unreadable)>,
    /// Links to files inside the root.
    pub links: Vec<String>,
    /// What would be a post in a format that is not read.
    pub unread: Vec<String>,
    /// Markdown that is not a post by its name, and why.
    pub no_posts: Vec<(NoPostBy, String)>,
    /// Folders that are not looked into, with the reason and the cure.
    pub unseen: Vec<String>,
    /// Folders to look into next.
    folders: Vec<PathBuf>,
}

impl Met {
    fn and(mut self, mut other: Self) -> Self {
        // Most of a blog may lie in one folder, and need not be moved.
        if self.posts.len() < other.posts.len() {
            std::mem::swap(&mut self.posts, &mut other.posts);
        }
        self.posts.append(&mut other.posts);
        self.unreadable.append(&mut other.unreadable);
        self.links.append(&mut other.links);
        self.unread.append(&mut other.unread);
        self.no_posts.append(&mut other.no_posts);
        self.unseen.append(&mut other.unseen);
        self.folders.append(&mut other.folders);
        self
    }
}

impl PostFiles {
    /// Walks one level of folders after the other: no depth can exhaust a stack.
    pub(super) fn walk(&self, globs: &Globs) -> Met {
        let mut met = Met::default();
        globs.starts().iter().for_each(|start| self.begin(globs, start, &mut met));
        while !met.folders.is_empty() {
            let folders = std::mem::take(&mut met.folders);
            let below =
                folders.par_iter().map(|folder| self.list(globs, folder)).reduce(Met::default, Met::and);
            met = met.and(below);
        }
        met
    }

    fn begin(&self, globs: &Globs, start: &str, met: &mut Met) {
        // What begins above the site begins in it.
        let within = &self.territory.within;
        let start = if is_within(within, start) { within } else { start };
        if !self.territory.holds(start) {
            return;
        }
        let place = self.root.join(start);
        if place.is_dir() {
            if leads_out(&self.root, &place) {
                met.unseen.push(unseen(start, OUTSIDE));
            } else {
                met.folders.push(place);
            }
        } else if let Ok(found) = place.symlink_metadata()
            && globs.match_post(start)
        {
            // A file that was named directly may lie behind a linked folder.
            if leads_out(&self.root, &place) {
                met.unreadable.push((start.to_owned(), Unreadable::LinkOutside));
            } else {
                self.meet(start.to_owned(), found.file_type(), met);
            }
        }
    }

    fn list(&self, globs: &Globs, folder: &Path) -> Met {
        let above = folder.strip_prefix(&self.root).unwrap_or(folder);
        let named = above.to_str().is_some();
        let above = above.to_string_lossy();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) => {
                let unseen = vec![unseen(&above, &format!("it cannot be read: {error}"))];
                return Met { unseen, ..Met::default() };
            }
        };
        // Most of a blog may lie in one folder: its names are looked at on every core.
        let entries: Vec<DirEntry> = entries.flatten().collect();
        let look = |mut met: Met, entry: &DirEntry| {
            self.look_at_entry(globs, (&above, named), entry, &mut met);
            met
        };
        entries.par_iter().with_min_len(SOME).fold(Met::default, look).reduce(Met::default, Met::and)
    }

    /// Takes in an entry of a folder, of which the path is known, and whether it is text.
    fn look_at_entry(&self, globs: &Globs, (above, named): (&str, bool), entry: &DirEntry, met: &mut Met) {
        let Ok(kind) = entry.file_type() else { return };
        let name = entry.file_name();
        let path = join(above, &name.to_string_lossy());
        if (kind.is_dir() || kind.is_symlink()) && !self.territory.holds(&path) {
            return;
        }
        if kind.is_dir() && self.may_hold_posts(above, &name) {
            met.folders.push(entry.path());
        }
        if kind.is_symlink() && self.may_hold_posts(above, &name) && entry.path().is_dir() {
            met.unseen.push(unseen(&path, LINKED));
        }
        if !globs.match_post(&path) {
            if kind.is_file() && globs.match_unread(&path) {
                met.unread.push(path);
            } else if kind.is_file()
                && let Some(why) = globs.why_not(&path)
            {
                met.no_posts.push((why, path));
            }
            return;
        }
        if named && name.to_str().is_some() {
            self.meet(path, kind, met);
        } else {
            met.unreadable.push((path, Unreadable::NameNotUtf8));
        }
    }

    /// Takes in what has the name of a post.
    fn meet(&self, path: String, kind: FileType, met: &mut Met) {
        if kind.is_symlink() {
            if leads_out(&self.root, &self.root.join(&path)) {
                met.unreadable.push((path, Unreadable::LinkOutside));
            } else {
                met.links.push(path);
            }
        } else if kind.is_dir() {
            met.unreadable.push((path, Unreadable::Folder));
        } else if kind.is_file() {
            met.posts.push(path);
        } else {
            met.unreadable.push((path, Unreadable::NoFile));
        }
    }

    fn may_hold_posts(&self, above: &str, name: &OsStr) -> bool {
        let name = name.to_string_lossy();
        let hidden = name.starts_with('.') || (name.starts_with('_') && name != "_posts");
        let on_top = || above == self.folder;
        let never = NEVER.contains(&name.as_ref()) || (NEVER_ON_TOP.contains(&name.as_ref()) && on_top());
        !hidden && !never
    }
}

fn unseen(folder: &str, why: &str) -> String {
    format!("{folder}: the posts in this folder are not seen, because {why}")
}

/// Whether the path, its links followed, lies outside the root. What cannot be followed does.
fn leads_out(root: &Path, path: &Path) -> bool {
    match (root.canonicalize(), path.canonicalize()) {
        (Ok(root), Ok(path)) => !path.starts_with(root),
        _ => true,
    }
}
