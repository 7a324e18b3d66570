//! Finds the posts: walks the folders their globs begin in, on every core, and reads each file once.
//!
//! Nothing is respected but the globs: an ignored draft folder is a fact about git, not about posts.
//! Links are not followed, and what the walk meets comes out in the order of the paths.

use std::collections::HashSet;
use std::fs::File;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::mpsc;

use ignore::{DirEntry, WalkBuilder, WalkState};
use rayon::prelude::*;

use crate::post::{Dialect, LARGEST, Post, Unreadable};

use super::{Embed, Hero, Site, globs};

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
/// A post and the state of its hero image.
#[derive(Debug, Clone)]
pub struct Found {
    /// The post.
    pub post: Post,
    /// Its hero image.
    pub hero: Hero,
}

/// What the walk met.
#[derive(Debug, Default)]
pub struct Discovery {
    /// Posts by path.
    pub posts: Vec<Found>,
    /// Files that look like posts and cannot be read, with the reason and the cure, by path.
    pub unreadable: Vec<(String, Unreadable)>,
    /// Links to files inside the root, by path; the files stand for themselves.
    pub links: Vec<String>,
}

/// Nothing matches: a typo in `posts`, or a site that is not recognised (B-51).
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

/// What one thread of the walk sends home.
enum Met {
    Post(Post),
    Unreadable(String, Unreadable),
    Link(String),
}

impl Site {
    /// Finds and reads the posts, learns from them, and settles the hero of each.
    ///
    /// # Errors
    /// [`NoPosts`] when nothing matches at all.
    pub fn discover(&mut self) -> Result<Discovery, NoPosts> {
        let mut found = Discovery::default();
        let mut posts = Vec::new();
        for met in self.walk() {
            match met {
                Met::Post(post) => posts.push(post),
                Met::Unreadable(path, reason) => found.unreadable.push((path, reason)),
                Met::Link(path) => found.links.push(path),
            }
        }
        posts.par_sort_unstable_by(|a, b| a.path().cmp(b.path()));
        found.unreadable.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        found.links.sort_unstable();
        let nothing_else = found.unreadable.is_empty() && found.links.is_empty();
        if posts.is_empty() && nothing_else {
            return Err(self.no_posts(None));
        }
        self.learn(&posts);
        let first = posts.first().map(|post| post.path().to_owned());
        let posts = self.without_list_pages(posts);
        // A new site may well have nothing but its list; who names posts means some.
        if posts.is_empty() && nothing_else && !self.options.posts.is_empty() {
            return Err(self.no_posts(first));
        }
        self.shared = self.shared_names(&posts);
        found.posts = self.with_heroes(posts);
        Ok(found)
    }

    fn no_posts(&self, list_page: Option<String>) -> NoPosts {
        let (root, globs) = (self.root.display().to_string(), self.globs.written().to_vec());
        NoPosts { site: self.preset.name, root, globs, list_page }
    }

    /// Reads one post again, with its text: right before it is changed.
    ///
    /// # Errors
    /// [`Unreadable`] as in the walk.
    pub fn read(&self, path: &str) -> Result<(Post, String), Unreadable> {
        let mut bytes = Vec::new();
        let post = read(&self.root.join(path), path.to_owned(), self.dialect(), &mut bytes)?;
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
        Dialect { top_image: self.embed() == Embed::Obsidian, ..self.preset.dialect }
    }

    fn walk(&self) -> impl Iterator<Item = Met> {
        let (sender, met) = mpsc::channel();

        let starts = self.globs.starts().iter().map(|start| self.root.join(start));
        let mut starts =
            starts.filter(|start| start.exists() && !(start.is_dir() && leads_out(&self.root, start)));
        let Some(first) = starts.next() else { return met.into_iter() };
        let mut walk = WalkBuilder::new(first);
        starts.for_each(|start| _ = walk.add(start));
        let top = self.root.join(&self.folder);
        let walk = walk
            .standard_filters(false)
            .filter_entry(move |entry| may_hold_posts(entry, &top))
            .build_parallel();
        walk.run(|| {
            let (sender, dialect, mut buffer) = (sender.clone(), self.dialect(), Vec::new());
            Box::new(move |entry| {
                let met = entry.ok().and_then(|entry| self.meet(&entry, dialect, &mut buffer));
                let nobody_listens = met.is_some_and(|met| sender.send(met).is_err());
                if nobody_listens { WalkState::Quit } else { WalkState::Continue }
            })
        });
        drop(sender);
        met.into_iter()
    }

    fn meet(&self, entry: &DirEntry, dialect: Dialect, buffer: &mut Vec<u8>) -> Option<Met> {
        let kind = entry.file_type()?;
        let path = entry.path().strip_prefix(&self.root).ok()?.to_string_lossy();
        let unnamable = entry.path().to_str().is_none();
        if !self.globs.match_post(&path) {
            return None;
        }
        let path = path.into_owned();
        // A file that was named directly may lie behind a linked folder.
        let behind_link = kind.is_symlink() || entry.depth() == 0;
        Some(if unnamable {
            Met::Unreadable(path, Unreadable::NameNotUtf8)
        } else if behind_link && leads_out(&self.root, entry.path()) {
            Met::Unreadable(path, Unreadable::LinkOutside)
        } else if kind.is_symlink() {
            Met::Link(path)
        } else if kind.is_dir() {
            Met::Unreadable(path, Unreadable::Folder)
        } else if !kind.is_file() {
            Met::Unreadable(path, Unreadable::NoFile)
        } else {
            match read(entry.path(), path.clone(), dialect, buffer) {
                Ok(post) => Met::Post(post),
                Err(reason) => Met::Unreadable(path, reason),
            }
        })
    }

    /// An `index` is a list page, except where it is a bundle; then the files beside it are its
    /// resources. An `index` in the folder where looking begins is the list of all, unless that folder is
    /// a bundle that was named.
    fn without_list_pages(&self, posts: Vec<Post>) -> Vec<Post> {
        let starts = self.globs.starts().iter().map(String::as_str);
        let starts: HashSet<&str> = starts.filter(|start| !self.is_named_bundle(start, &posts)).collect();
        let is_post = |post: &Post| self.bundle.is_some() && !starts.contains(post.folder());
        let bundles: HashSet<String> = posts
            .iter()
            .filter(|post| post.is_index() && is_post(post))
            .map(|post| post.folder().to_owned())
            .collect();
        let in_bundle = |post: &Post| {
            let ancestors =
                std::iter::successors(Some(post.folder()), |folder| Some(folder.rsplit_once('/')?.0));
            !bundles.is_empty() && ancestors.into_iter().any(|folder| bundles.contains(folder))
        };
        let keep = |post: &Post| {
            if post.is_index() { is_post(post) || starts.contains(post.path()) } else { !in_bundle(post) }
        };
        posts.into_iter().filter(keep).collect()
    }

    /// Whether a folder that the user named holds one post, its `index`: what else lies in it has no
    /// front matter, as resources have none. A folder of the generator's own globs holds all posts.
    fn is_named_bundle(&self, folder: &str, posts: &[Post]) -> bool {
        let of_the_site = self.preset.globs(&self.folder).iter().any(|glob| globs::start(glob) == folder);
        let within = |post: &&Post| {
            post.folder().strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let is_its_index = |post: &Post| post.is_index() && post.folder() == folder;
        let written = posts.iter().filter(within).filter(|post| post.front_matter().is_some());
        let mut written = written.peekable();
        !of_the_site && written.peek().is_some() && written.all(is_its_index)
    }

    fn shared_names(&self, posts: &[Post]) -> HashSet<String> {
        let mut files: Vec<_> = posts.par_iter().map(|post| self.plain_target(post).file()).collect();
        files.par_sort_unstable();
        files.chunk_by(|a, b| a == b).filter(|same| same.len() > 1).map(|same| same[0].clone()).collect()
    }

    fn with_heroes(&self, posts: Vec<Post>) -> Vec<Found> {
        let heroes: Vec<_> = posts.par_iter().map(|post| self.hero(post)).collect();
        posts.into_iter().zip(heroes).map(|(post, hero)| Found { post, hero }).collect()
    }
}

/// Reads a file into the buffer and the buffer into a post.
fn read(file: &Path, path: String, dialect: Dialect, buffer: &mut Vec<u8>) -> Result<Post, Unreadable> {
    let refused = |error: std::io::Error| Unreadable::Refused(error.to_string());
    buffer.clear();
    let file = File::open(file).map_err(refused)?;
    // One byte more than allowed tells "too large" from "just fits".
    match file.take(LARGEST as u64 + 1).read_to_end(buffer) {
        Ok(_) => Post::parse(path, buffer, dialect),
        Err(error) if error.kind() == ErrorKind::IsADirectory => Err(Unreadable::Folder),
        Err(error) => Err(refused(error)),
    }
}

fn may_hold_posts(entry: &DirEntry, top: &Path) -> bool {
    if entry.depth() == 0 || !entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return true;
    }
    let name = entry.file_name().to_string_lossy();
    let on_top = || entry.path().parent() == Some(top);
    let hidden = name.starts_with('.') || (name.starts_with('_') && name != "_posts");
    let never = NEVER.contains(&name.as_ref()) || (NEVER_ON_TOP.contains(&name.as_ref()) && on_top());
    !hidden && !never
}

/// Whether the path, its links followed, lies outside the root. What cannot be followed does.
fn leads_out(root: &Path, path: &Path) -> bool {
    let canonical = |path: &Path| -> Option<PathBuf> { path.canonicalize().ok() };
    match (canonical(root), canonical(path)) {
        (Some(root), Some(path)) => !path.starts_with(root),
        _ => true,
    }
}
