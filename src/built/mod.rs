//! A built site: which page is a post's, and whether a reader sees the post's hero image on it.
//!
//! Nothing here knows a generator. A page is found by its address and its title, and a picture is
//! recognised by what builds make of a file: its name with a hash or a size, or how it looks.

mod address;
mod css;
mod files;
mod judge;
mod kin;
mod looks;
mod page;
mod pages;
mod squash;

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::disk;
use address::Addresses;
use files::BuiltFiles;
use judge::PageJudge;
use looks::Looks;
use page::BuiltPage;
use pages::Pages;

pub use files::Unusable;

/// Most bytes of a page that are read; what a reader sees first stands at its beginning.
const LONGEST_PAGE: u64 = 8 << 20;

/// A built site, read once.
#[derive(Debug)]
pub struct BuiltSite {
    root: PathBuf,
    pages: Pages,
    addresses: Addresses,
    looks: Looks,
}

/// A post whose page is looked for.
#[derive(Debug, Clone, Default)]
pub struct Sought {
    /// Its path below the root of the site's sources, with `/`.
    pub path: String,
    /// Its title.
    pub title: Option<String>,
    /// What its front matter says about its address: `permalink`, `url`, `slug` and the like.
    pub addresses: Vec<String>,
    /// Year, month and day of its date.
    pub date: Option<[String; 3]>,
    /// Its hero image.
    pub hero: Option<SoughtPicture>,
    /// What it names instead: an address of another host, or whatever leads to no file of the sources.
    pub elsewhere: Option<String>,
}

/// The hero image of a post.
#[derive(Debug, Clone, Default)]
pub struct SoughtPicture {
    /// Its path below the root of the site's sources, with `/`.
    pub path: String,
    /// The file.
    pub file: PathBuf,
}

/// What a reader gets of a post's hero image.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Appearance {
    /// The page shows it.
    Shown,
    /// Only link previews have it.
    Preview,
    /// The page names it by an address that leads to no file.
    Broken,
    /// The page draws pictures of other names, and the hero has nothing by which it could be told from them.
    Undecided,
    /// The page does not have it.
    Hidden,
    /// No page was found.
    NoPage,
}

/// What was found out about a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sighting {
    /// What a reader gets.
    pub appearance: Appearance,
    /// The page's path below the built site.
    pub page: Option<String>,
    /// The address that says so: of the picture, or the one that leads to no file.
    pub address: Option<String>,
}

impl Sighting {
    const NO_PAGE: Self = Self { appearance: Appearance::NoPage, page: None, address: None };
}

impl BuiltSite {
    /// Looks through the folder of a built site. Links are not followed.
    ///
    /// # Errors
    /// [`Unusable`] where the folder is not that of a built site.
    pub fn open(root: &Path) -> Result<Self, Unusable> {
        let files = BuiltFiles::list(root)?;
        let pages = Pages::new(files.pages());
        let mut site =
            Self { root: root.to_owned(), pages, addresses: Addresses::new(files), looks: Looks::default() };
        let samples: Vec<_> = site.pages.samples().filter_map(|page| site.text(page)).collect();
        let links = samples.iter().flat_map(|text| page::links(text));
        let base = site.addresses.guess_base(links);
        site.addresses.use_base(base);
        Ok(site)
    }

    /// How many pages there are.
    pub fn page_count(&self) -> usize {
        self.pages.len()
    }

    /// What a reader gets of each of these posts, in their order.
    pub fn look_for(&self, posts: &[Sought]) -> Vec<Sighting> {
        let judge = PageJudge::new(self, posts);
        posts.par_iter().map(|post| self.sight(&judge, post)).collect()
    }

    fn sight(&self, judge: &PageJudge<'_>, post: &Sought) -> Sighting {
        let Some((file, page)) = self.page_of(post) else { return Sighting::NO_PAGE };
        let (appearance, address) = judge.judge(post, &file, &page);
        Sighting { appearance, page: Some(file), address }
    }

    /// The post's page.
    fn page_of(&self, post: &Sought) -> Option<(String, BuiltPage)> {
        /// Pages of nearly the same address that are read in order to choose.
        const MOST: usize = 6;
        let candidates = self.pages.candidates(post);
        let mut second_best = None;
        for candidate in candidates.iter().take(MOST) {
            let Some((file, page)) = self.read(candidate.page) else { continue };
            let fits = page.is_titled(post.title.as_deref());
            if fits || (candidate.is_sure() && !page.is_list()) {
                return Some((file, page));
            }
            if second_best.is_none() && !page.is_list() {
                second_best = Some((file, page));
            }
        }
        let by_title = || {
            let title = post.title.as_deref()?;
            let page = self.pages.titled(title, post, |page| self.text(page))?;
            self.read(page)
        };
        by_title().or(second_best)
    }

    /// A page, or the one that it forwards to.
    fn read(&self, page: u32) -> Option<(String, BuiltPage)> {
        let file = self.pages.file(page)?;
        let read = page::read(&self.text(page)?);
        let Some(target) = &read.forwards_to else { return Some((file.to_owned(), read)) };
        let target = self.addresses.path(file, read.base.as_deref(), target)?;
        let page = self.pages.at(&target)?;
        let file = self.pages.file(page)?;
        Some((file.to_owned(), page::read(&self.text(page)?)))
    }

    fn text(&self, page: u32) -> Option<String> {
        let file = disk::open(&self.root.join(self.pages.file(page)?)).ok()?;
        disk::beginning(file, LONGEST_PAGE).ok()
    }
}

#[cfg(test)]
mod tests;
