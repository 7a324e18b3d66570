//! Finds the posts by their names, learns from some of them, and reads each once, on every core.
//!
//! A blog may have a hundred thousand posts of which ten want a picture: what is settled is looked at and
//! let go, so that reading all of them costs little more than reading their bytes.

use std::collections::HashSet;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use rayon::prelude::*;
use tracing::warn;

use crate::disk;
use crate::post::front_matter::Reader;
use crate::post::{Dialect, LARGEST, Post, Unreadable, path};

use super::walk::Met;
use super::{Embed, Hero, Site, globs};

/// A post and the state of its hero image.
#[derive(Debug, Clone)]
pub struct Found {
    /// The post.
    pub post: Post,
    /// Its hero image.
    pub hero: Hero,
}

/// What was found beside the posts.
#[derive(Debug, Default)]
pub struct Discovery {
    /// What has the name of a post and is none, with the reason and the cure, by path.
    pub unreadable: Vec<(String, Unreadable)>,
    /// Links to files inside the root, by path; the files stand for themselves.
    pub links: Vec<String>,
    /// How many files are resources of a bundle, whatever their names.
    pub resources: usize,
}

/// Nothing matches: a typo in `posts`, or a site that is not recognised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct NoPosts {
    /// Name of the preset.
    pub site: &'static str,
    /// The folder that was searched.
    pub root: String,
    /// The globs, at most as many as a message can hold.
    pub globs: Vec<String>,
    /// A list page, where nothing but such matches.
    pub list_page: Option<String>,
}

impl NoPosts {
    fn message(&self) -> String {
        let (globs, place) = (list(&self.globs), format!("(site `{}`, in {})", self.site, self.root));
        match &self.list_page {
            Some(page) => format!(
                "no posts found: {globs} matches only list pages such as `{page}` {place}; if that is a post, name the file itself: `posts: {page}`"
            ),
            None => format!(
                "no posts found: nothing matches {globs} {place}; name your posts in the input `posts`, for example `posts: content/blog/**`"
            ),
        }
    }
}

fn list(globs: &[String]) -> String {
    let shown: Vec<String> = globs.iter().take(8).map(|glob| format!("`{glob}`")).collect();
    let more = if globs.len() > shown.len() { " and others" } else { "" };
    format!("{}{more}", shown.join(", "))
}

impl Site {
    /// Finds the posts and learns from them.
    ///
    /// # Errors
    /// [`NoPosts`] when nothing matches at all.
    pub fn discover(&mut self) -> Result<Discovery, NoPosts> {
        let Met { mut posts, mut unreadable, mut links, unseen, .. } = self.walk(&self.globs);
        unseen.iter().for_each(|folder| warn!("{folder}"));
        posts.par_sort_unstable();
        let mut neighbours = self.globs.around().map(|around| self.walk(around).posts).unwrap_or_default();
        neighbours.retain(|path| posts.binary_search(path).is_err());
        neighbours.par_sort_unstable();
        if posts.is_empty() && unreadable.is_empty() && links.is_empty() {
            return Err(self.no_posts(None));
        }
        self.learn(&posts, &neighbours);
        let first = posts.first().cloned();
        let (posts, left_out) = self.without_list_pages(posts);
        // Nobody knows what a page would be that cannot be read.
        let (pages, resources): (Vec<_>, Vec<_>) =
            left_out.into_iter().partition(|page| path::is_index(page));
        let broken = |page: String| {
            let reason = self.parse(&page, &mut Vec::new()).err()?;
            Some((page, reason))
        };
        unreadable.extend(pages.into_iter().filter_map(broken));
        unreadable.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        links.sort_unstable();
        let nothing_else = unreadable.is_empty() && links.is_empty();
        // A new site may well have nothing but its list; who names posts means some.
        if posts.is_empty() && nothing_else && !self.options.posts.is_empty() {
            return Err(self.no_posts(first));
        }
        (self.posts, self.neighbours) = (posts, neighbours);
        Ok(Discovery { unreadable, links, resources: resources.len() })
    }

    /// Paths of the posts that were discovered, in order.
    pub fn posts(&self) -> &[String] {
        &self.posts
    }

    /// The posts with the state of their heroes, in the order of their paths: one at a time on every core,
    /// and gone when the caller lets go of them.
    pub fn look_at_all(&self) -> impl IndexedParallelIterator<Item = (&str, Result<Found, Unreadable>)> {
        self.look_at(&self.posts)
    }

    /// The heroes of the site's posts that are not meant: nobody else may take their files.
    pub fn heroes_of_neighbours(&self) -> Vec<String> {
        let found = self
            .look_at(&self.neighbours)
            .filter_map(|(_, found)| found.ok()?.hero.file().map(str::to_owned));
        found.collect()
    }

    fn look_at<'a>(
        &'a self,
        paths: &'a [String],
    ) -> impl IndexedParallelIterator<Item = (&'a str, Result<Found, Unreadable>)> {
        let look = |buffer: &mut Vec<u8>, path| (path, self.look_with(buffer, path));
        paths.par_iter().map(String::as_str).map_init(Vec::new, look)
    }

    /// One post with the state of its hero.
    ///
    /// # Errors
    /// [`Unreadable`] with the reason and the cure.
    pub fn look(&self, path: &str) -> Result<Found, Unreadable> {
        self.look_with(&mut Vec::new(), path)
    }

    fn look_with(&self, buffer: &mut Vec<u8>, path: &str) -> Result<Found, Unreadable> {
        let post = self.parse(path, buffer)?;
        let hero = self.hero(&post);
        Ok(Found { post, hero })
    }

    fn no_posts(&self, list_page: Option<String>) -> NoPosts {
        let (root, globs) = (self.root.display().to_string(), self.globs.written().to_vec());
        NoPosts { site: self.preset.name, root, globs, list_page }
    }

    /// Reads one post again, with its text: right before it is changed.
    ///
    /// # Errors
    /// [`Unreadable`] with the reason and the cure.
    pub fn read(&self, path: &str) -> Result<(Post, String), Unreadable> {
        let mut bytes = Vec::new();
        let post = self.parse(path, &mut bytes)?;
        let text = String::from_utf8(bytes)
            .map_err(|error| Unreadable::NotUtf8 { at: error.utf8_error().valid_up_to() })?;
        Ok((post, text))
    }

    /// Whether a file of this path would be a post, by its name.
    pub fn is_post(&self, path: &str) -> bool {
        self.globs.match_post(path)
    }

    /// Whether the user named this very post by its path.
    pub fn is_named(&self, path: &str) -> bool {
        self.globs.names(path)
    }

    /// How the site's posts are read.
    pub fn dialect(&self) -> Dialect {
        Dialect { embedded: self.embed() == Embed::Obsidian, ..self.preset.dialect }
    }

    /// Reads a file into the buffer and the buffer into a post.
    pub(super) fn parse(&self, path: &str, buffer: &mut Vec<u8>) -> Result<Post, Unreadable> {
        fill(buffer, &self.root.join(path))?;
        Post::parse(path, buffer, self.dialect())
    }

    /// An `index` is a list page, except where it is a bundle; then the files beside it are its
    /// resources. An `index` in the folder where looking begins is the list of all, unless that folder is
    /// a bundle that was named.
    fn without_list_pages(&self, posts: Vec<String>) -> (Vec<String>, Vec<String>) {
        let starts = self.globs.starts().iter().map(String::as_str);
        let starts: HashSet<&str> = starts.filter(|start| !self.is_named_bundle(start, &posts)).collect();
        // Wherever the pictures go.
        let has_bundles = self.bundle.is_some() || self.preset.bundle.is_some();
        let is_post = |post: &str| has_bundles && !starts.contains(path::folder(post));
        let bundles: HashSet<String> = posts
            .iter()
            .filter(|post| path::is_index(post) && is_post(post))
            .map(|post| path::folder(post).to_owned())
            .collect();
        let in_bundle = |post: &str| {
            let ancestors =
                std::iter::successors(Some(path::folder(post)), |folder| Some(folder.rsplit_once('/')?.0));
            !bundles.is_empty() && ancestors.into_iter().any(|folder| bundles.contains(folder))
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
    fn is_named_bundle(&self, folder: &str, posts: &[String]) -> bool {
        let of_the_site = self.preset.globs(&self.folder).iter().any(|glob| globs::start(glob) == folder);
        let is_within = |post: &&String| {
            path::folder(post)
                .strip_prefix(folder)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_its_index = |post: &String| path::is_index(post) && path::folder(post) == folder;
        let is_written = |post: &&String| {
            let read = self.parse(post, &mut Vec::new());
            read.map_or_else(|_| is_its_index(post), |post| post.front_matter().is_some())
        };
        if of_the_site || !posts.iter().any(is_its_index) {
            return false;
        }
        if matches!(self.preset.dialect.reader, Reader::Hugo | Reader::Zola) {
            return posts.iter().filter(is_within).filter(|post| path::is_index(post)).all(is_its_index);
        }
        let mut written = posts.iter().filter(is_within).filter(is_written).peekable();
        written.peek().is_some() && written.all(is_its_index)
    }

    /// Picture files that two posts would share.
    pub(super) fn shared_names(&self) -> HashSet<String> {
        // On one core: who waits for another core's share may meanwhile be handed a post that needs to know
        // these very names.
        let posts = self.posts.iter().chain(&self.neighbours);
        let mut files: Vec<_> = posts.map(|post| self.plain_target(post).file()).collect();
        files.sort_unstable();
        files.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0].clone()).collect()
    }
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
