//! What the page takes from the files around it: the way to each, and thumbnails, which go into the page itself, so
//! that it can be kept and sent alone.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use rayon::prelude::*;

use super::{Interruption, Outcome, Report};
use crate::disk;
use crate::fault;
use crate::image::thumbnail::{self, MOST};
use crate::memory::MemoryAccount;
use crate::text::url_path;

/// How long making them may take in a run that was stopped: it has five seconds in all.
const LONGEST: Duration = Duration::from_secs(1);
/// Largest picture file that a thumbnail is made of.
const LARGEST: u64 = 32 << 20;

/// The files around a page.
#[derive(Debug, Default)]
pub struct Nearby {
    /// Address of the root as seen from the page, with `/` at its end where it is not empty.
    way: String,
    /// Paths that lead to no file.
    absent: HashSet<String>,
    /// Thumbnails as addresses, by the path of their picture.
    thumbnails: HashMap<String, String>,
}

impl Nearby {
    /// What a page with these posts in `dir` has of the files below `root`.
    pub(super) fn of(report: &Report, posts: &[&Outcome], dir: &Path, root: &Path) -> Self {
        let pictures: Vec<&str> = posts.iter().filter_map(|post| post.details().image.as_deref()).collect();
        let paths = posts.iter().map(|post| post.path.as_str()).chain(pictures.iter().copied());
        let absent = paths.filter(|path| !root.join(path).is_file()).map(str::to_owned).collect();
        let stopped = matches!(report.stop, Some(Interruption::Signal(_)));
        let until = stopped.then(|| Instant::now() + LONGEST);
        let small = |picture: &&str| {
            let is_late = until.is_some_and(|until| Instant::now() > until);
            let made = if is_late { None } else { thumbnail_of(root, picture) };
            Some(((*picture).to_owned(), made?))
        };
        // Most were made with their pictures.
        let mut thumbnails: HashMap<String, String> = posts
            .iter()
            .filter_map(|post| post.details().image.clone().zip(post.details().thumbnail.as_deref()))
            .map(|(picture, bytes)| (picture, data_url(bytes)))
            .collect();
        let rest = pictures.iter().filter(|picture| !thumbnails.contains_key(**picture));
        let rest: Vec<&str> = rest.take(MOST.saturating_sub(thumbnails.len())).copied().collect();
        // A report without thumbnails is one all the same; and without pictures no thread is needed.
        if !rest.is_empty() {
            let make = || rest.par_iter().filter_map(small).collect::<Vec<_>>();
            thumbnails.extend(fault::guarded(make).unwrap_or_default());
        }
        Self { way: way(dir, root), absent, thumbnails }
    }

    /// One that knows of no file, with the root at this address.
    #[cfg(test)]
    pub(super) fn at(way: &str) -> Self {
        Self { way: way.to_owned(), ..Self::default() }
    }

    /// The address of a file, if it is there.
    pub(super) fn way_to(&self, path: &str) -> Option<String> {
        (!self.absent.contains(path)).then(|| format!("{}{}", self.way, encode_path(path)))
    }

    /// The thumbnail of a picture.
    pub(super) fn thumbnail(&self, picture: &str) -> Option<&str> {
        self.thumbnails.get(picture).map(String::as_str)
    }
}

fn thumbnail_of(root: &Path, picture: &str) -> Option<String> {
    let account = MemoryAccount::default();
    let file = disk::open_within(root, picture).ok()?;
    let _hold = account.take_blocking(LARGEST.min(file.metadata().ok()?.len()));
    let bytes = disk::whole(file, LARGEST).ok()?;
    let small = account.scope_blocking(|| thumbnail::of(&bytes))?;
    Some(data_url(&small))
}

fn data_url(jpeg: &[u8]) -> String {
    format!("data:image/jpeg;base64,{}", BASE64_STANDARD.encode(jpeg))
}

/// The address that leads from one folder to another: `../` as often as needed, then names. Empty
/// for the same folder, else with `/` at its end.
pub(super) fn way(from: &Path, to: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (from, to) = (absolute(from), absolute(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(from.components().count() - common);
    for name in to.components().skip(common) {
        way.push_str(&encode_path(&name.as_os_str().to_string_lossy()));
        way.push('/');
    }
    way
}

/// A path as part of an address; no scheme, query or quote survives.
pub(super) fn encode_path(path: &str) -> String {
    url_path(path.trim_start_matches('/'))
}
