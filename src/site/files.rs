//! The files of a site's posts: found by their names, and each read when it is asked for.

use std::collections::HashSet;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::cascade::Cascades;
use super::generator::Defaults;
use super::globs::{self, Globs};
use super::target::join;
use super::territory::Territory;
use crate::disk;
use crate::post::front_matter::Reader;
use crate::post::{Dialect, LARGEST, Post, Unreadable, path};

/// Where posts are, and how one is read.
#[derive(Debug)]
pub(super) struct PostFiles {
    pub root: PathBuf,
    /// The site's folder, relative to the root.
    pub folder: String,
    pub territory: Territory,
    pub globs: Globs,
    pub dialect: Dialect,
    /// What sections and configuration say in the name of posts.
    pub cascades: Option<Cascades>,
}

impl PostFiles {
    /// Reads a file into the buffer and the buffer into a post.
    pub(super) fn parse(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Post, Unreadable> {
        self.no_metadata_beside(path)?;
        fill(buffer, &self.root.join(path))?;
        let mut post = Post::parse(path, buffer, self.dialect)?;
        if let Some(cascades) = &self.cascades {
            let values = cascades.inherited_by(&post);
            post.inherit(values);
        }
        Ok(post)
    }

    /// Nikola takes the metadata of a post from the file beside it, where there is one.
    fn no_metadata_beside(&self, path: &str) -> Result<(), Unreadable> {
        let has_any = self.dialect.reader == Reader::Nikola;
        let file = || join(path::folder(path), &format!("{}.meta", path::stem(path)));
        match has_any.then(file).filter(|file| self.root.join(file).is_file()) {
            Some(file) => Err(Unreadable::MetadataBeside { file }),
            None => Ok(()),
        }
    }

    /// Reads one post with its text.
    pub(super) fn read(&self, path: &str) -> Result<(Post, String), Unreadable> {
        let mut bytes = Vec::new();
        let post = self.parse(path, &mut bytes)?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Unreadable::NotUtf8 { at: error.utf8_error().valid_up_to() })?;
        Ok((post, text))
    }

    /// An `index` is a list page, except where it is a bundle; then the files beside it are its
    /// resources. Where there are no bundles it is a post if its folder holds no other. An `index` in the folder where looking begins is the list of all, unless that folder is
    /// a bundle that was named.
    pub(super) fn without_list_pages(
        &self,
        posts: Vec<String>,
        defaults: &Defaults,
        has_bundles: bool,
    ) -> (Vec<String>, Vec<String>) {
        let starts = self.globs.starts().iter().map(String::as_str);
        let starts: HashSet<&str> =
            starts.filter(|start| !self.is_named_bundle(start, &posts, defaults)).collect();
        let occupied = occupied(&posts);
        let is_post = |post: &str| {
            let folder = path::folder(post);
            !starts.contains(folder) && (has_bundles || !occupied.contains(folder))
        };
        let bundles: HashSet<String> = posts
            .iter()
            .filter(|post| path::is_index(post) && is_post(post))
            .map(|post| path::folder(post).to_owned())
            .collect();
        let in_bundle = |post: &str| {
            let ancestors =
                std::iter::successors(Some(path::folder(post)), |folder| Some(folder.rsplit_once('/')?.0));
            has_bundles && ancestors.into_iter().any(|folder| bundles.contains(folder))
        };
        let keep = |post: &String| {
            if path::is_index(post) {
                is_post(post) || starts.contains(post.as_str())
            } else {
                !in_bundle(post)
            }
        };
        posts.into_iter().partition(keep)
    }

    /// Whether a folder that the user named holds one post, its `index`. With some generators it always
    /// does, unless there are bundles within; elsewhere an `index` may be a list, and what else lies in
    /// the folder has no front matter, as resources have none. A folder of the generator's own globs holds
    /// all posts.
    fn is_named_bundle(&self, folder: &str, posts: &[String], defaults: &Defaults) -> bool {
        let of_the_site = defaults.globs(&self.folder).iter().any(|glob| globs::start(glob) == folder);
        let is_within = |post: &&String| path::is_within(path::folder(post), folder);
        let is_its_index = |post: &String| path::is_index(post) && path::folder(post) == folder;
        let is_written = |post: &&String| {
            let read = self.parse(post, &mut Vec::new());
            read.map_or_else(|_| is_its_index(post), |post| post.front_matter().is_some())
        };
        if of_the_site || !posts.iter().any(is_its_index) {
            return false;
        }
        if defaults.leaf_bundles {
            return posts.iter().filter(is_within).filter(|post| path::is_index(post)).all(is_its_index);
        }
        let mut written = posts.iter().filter(is_within).filter(is_written).peekable();
        written.peek().is_some() && written.all(is_its_index)
    }
}

/// Folders that hold posts beside an `index`, or in folders below.
fn occupied(posts: &[String]) -> HashSet<String> {
    let above =
        |folder| std::iter::successors(Some(folder), |folder: &&str| Some(folder.rsplit_once('/')?.0));
    let mut occupied: HashSet<String> = HashSet::new();
    for post in posts {
        let taken = above(path::folder(post)).skip(usize::from(path::is_index(post)));
        for folder in taken {
            // Nearly all lie beside another, which has said the same.
            if occupied.contains(folder) {
                break;
            }
            occupied.insert(folder.to_owned());
        }
    }
    occupied
}

/// The bytes of the file, and nothing else, in the buffer.
fn fill(buffer: &mut Vec<u8>, file: &Path) -> Result<(), Unreadable> {
    buffer.clear();
    // One byte more than allowed tells "too large" from "just fits".
    let read = disk::open(file).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(buffer));
    read.map(|_| ()).map_err(|error| match error.kind() {
        ErrorKind::IsADirectory => Unreadable::Folder,
        ErrorKind::InvalidInput => Unreadable::NoFile,
        _ => Unreadable::Refused(error.to_string()),
    })
}
