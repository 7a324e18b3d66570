//! The check: whether every published post has a hero image that is really there, and, where the built site
//! is at hand, whether a reader sees it. It reads files and asks nobody.

mod line;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use jiff::Timestamp;
use rayon::prelude::*;

use crate::built::{Appearance, BuiltSite, Sighting, Sought, SoughtPicture};
use crate::disk;
use crate::image::sound::{self, Depth, Unsound};
use crate::memory::MemoryAccount;
use crate::post::eligibility::{self, Rule};
use crate::post::{Post, Unreadable};
use crate::site::{Discovery, FoundPost, Hero, Site, Sites};

/// Largest picture file that is looked at.
const LARGEST: u64 = 64 << 20;
/// Up to so many pictures every pixel is decoded; of more, each is read to its end.
const DECODED: usize = 300;
/// Keys of the front matter in which a post says what its address is.
const ADDRESSES: [&str; 6] = ["permalink", "url", "slug", "path", "save_as", "address"];

/// What was found of every post.
#[derive(Debug, Default)]
pub struct Checked {
    /// Posts by path.
    pub posts: Vec<CheckedPost>,
    /// Published posts.
    pub published: usize,
    /// How many pages the built site has, where one was looked at.
    pub pages: Option<usize>,
}

/// A post and what was found of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CheckedPost {
    /// Its path relative to the root, with `/`.
    pub path: String,
    /// Its title, where it has a flaw.
    pub title: Option<String>,
    /// The finding.
    pub finding: Finding,
    /// The file of its hero image, relative to the root.
    pub picture: Option<String>,
    /// The line to look at, from 1; of a post without a flaw there is none.
    pub line: Option<u32>,
}

/// What was found of a post. The text is the reason for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Finding {
    /// It has its hero image.
    #[error("it has its hero image")]
    Present,
    /// Its page shows it.
    #[error("its page shows its hero image")]
    Shown,
    /// Link previews have it, and the page does not show it.
    #[error("link previews have its hero image, and its page `{page}` does not show it")]
    Preview {
        /// The page.
        page: String,
    },
    /// Its page shows pictures of other names, and none that could be compared with its own.
    #[error(
        "it cannot be told whether its page `{page}` shows its hero image: the build has renamed its pictures, and this one is too plain to be recognised, or of a format that cannot be compared; look at the page"
    )]
    Undecided {
        /// The page.
        page: String,
    },
    /// A rule leaves it out.
    #[error(transparent)]
    Skipped(Rule),
    /// It cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// It has none.
    #[error("it has no hero image; {cure}")]
    Missing {
        /// What to do.
        cure: String,
    },
    /// It names one that cannot be told to be there.
    #[error(
        "its hero image `{value}` cannot be found: {why}; name a picture of the repository, or check the built site by input `built`"
    )]
    Unresolved {
        /// The value in the post.
        value: String,
        /// Why it cannot be resolved.
        why: &'static str,
    },
    /// Its file is damaged.
    #[error("its hero image `{file}` cannot be used: {flaw}; replace the file")]
    Damaged {
        /// The file.
        file: String,
        /// What is wrong with it.
        flaw: Unsound,
    },
    /// Its page names it by an address that leads to no file.
    #[error(
        "its page `{page}` names its hero image as `{address}`, which leads to no file of the built site; see which folder is published, and the path in front of it"
    )]
    Broken {
        /// The page.
        page: String,
        /// The address.
        address: String,
    },
    /// Its page does not show it.
    #[error(
        "its page `{page}` does not show its hero image; name the field that the theme shows by input `image-field`, or show the picture in the text by `embed: markdown`"
    )]
    Hidden {
        /// The page.
        page: String,
    },
    /// The built site has no page of it.
    #[error(
        "the built site has no page of it; build it with this post, or leave it out with a `!` line in `posts`"
    )]
    NoPage,
}

impl Finding {
    /// Its text; most posts have one that need not be made.
    pub fn reason(&self) -> Cow<'static, str> {
        match self {
            Self::Present => "it has its hero image".into(),
            Self::Shown => "its page shows its hero image".into(),
            finding => finding.to_string().into(),
        }
    }

    /// Whether a reader of the post goes without its hero image, as far as can be known.
    pub fn is_flaw(&self) -> bool {
        let is_fine = matches!(self, Self::Present | Self::Shown | Self::Preview { .. });
        !is_fine && !matches!(self, Self::Undecided { .. } | Self::Skipped(_))
    }
}

/// A published post before its picture and its page were looked at.
struct Published {
    sought: Sought,
    hero: Hero,
    /// The field that names the picture, within this post.
    field: Option<String>,
}

enum Looked {
    Settled(CheckedPost),
    Published(Box<Published>),
}

impl Checked {
    /// Checks every post of the sites; with the built one, what readers see too.
    pub fn new(sites: &Sites, discovery: &Discovery, built: Option<&BuiltSite>, now: Timestamp) -> Self {
        let looked: Vec<Looked> =
            sites.look_at_all().map(|(site, path, found)| look(site, path, found, now)).collect();
        let (mut posts, mut published) = (Vec::new(), Vec::new());
        for one in looked {
            match one {
                Looked::Settled(post) => posts.push(post),
                Looked::Published(post) => published.push(*post),
            }
        }
        let flaws = flaws(sites.root(), &published);
        let sightings = built.map(|built| sightings(built, &published));
        let number = published.len();
        let judged = published.into_par_iter().enumerate().map(|(number, post)| {
            let sighting = sightings.as_ref().and_then(|sightings| sightings.get(number));
            conclude(sites.of(&post.sought.path), post, &flaws, sighting)
        });
        posts.par_extend(judged);
        let unreadable =
            discovery.unreadable.iter().map(|(path, why)| (path, Finding::Unreadable(why.clone())));
        let links = discovery.links.iter().map(|path| (path, Finding::Skipped(Rule::Link)));
        posts.extend(unreadable.chain(links).map(|(path, finding)| settled(path, finding)));
        posts.sort_unstable_by(|a, b| a.path.cmp(&b.path));
        Self { posts, published: number, pages: built.map(BuiltSite::page_count) }
    }
}

fn settled(path: &str, finding: Finding) -> CheckedPost {
    let line = finding.is_flaw().then_some(1);
    CheckedPost { path: path.to_owned(), title: None, finding, picture: None, line }
}

fn look(site: &Site, path: &str, found: Result<FoundPost, Unreadable>, now: Timestamp) -> Looked {
    let FoundPost { post, hero } = match found {
        Ok(found) => found,
        Err(why) => return Looked::Settled(settled(path, Finding::Unreadable(why))),
    };
    let page = site.is_page(&post).then_some(Rule::Page);
    if let Some(rule) = page.or_else(|| eligibility::judge(&post, now, false)) {
        return Looked::Settled(settled(path, Finding::Skipped(rule)));
    }
    let (sought, field) = (sought(site, &post, &hero), site.field_of(&post));
    Looked::Published(Box::new(Published { sought, hero, field }))
}

/// What a page of this post is looked for by.
fn sought(site: &Site, post: &Post, hero: &Hero) -> Sought {
    let file = match hero {
        Hero::Embedded => site.shown_file(post),
        hero => hero.file().map(str::to_owned),
    };
    let picture = |path: String| SoughtPicture { file: site.root().join(&path), path };
    let is_plain = |address: &String| !address.contains([':', '{', '*']) || address.contains("://");
    let addresses = ADDRESSES.iter().filter_map(|key| post.text(key)).map(|address| address.into_owned());
    Sought {
        path: post.path().to_owned(),
        title: post.title().map(|title| title.into_owned()),
        addresses: addresses.filter(is_plain).collect(),
        date: post.date().map(|date| ["%Y", "%m", "%d"].map(|part| date.strftime(part).to_string())),
        hero: file.map(picture),
        elsewhere: match hero {
            Hero::Unresolved { value, .. } => Some(value.clone()),
            _ => None,
        },
    }
}

/// The flaw of every picture file that has one.
fn flaws(root: &Path, published: &[Published]) -> BTreeMap<String, Unsound> {
    let files: BTreeSet<&str> = published.iter().filter_map(|post| post.hero.file()).collect();
    let depth = if files.len() > DECODED { Depth::Structure } else { Depth::Pixels };
    let inspect = |file: &str| {
        let account = MemoryAccount::default();
        let read = disk::open_within(root, file).and_then(|file| {
            let hold = account.take_blocking(LARGEST.min(file.metadata()?.len()));
            Ok((disk::whole(file, LARGEST)?, hold))
        });
        let read = read.map_err(|error| Unsound::Damaged(error.to_string()));
        let looked_at =
            read.and_then(|(bytes, _hold)| account.scope_blocking(|| sound::inspect(&bytes, depth)));
        looked_at.err().map(|flaw| (file.to_owned(), flaw))
    };
    files.into_par_iter().filter_map(inspect).collect()
}

fn sightings(built: &BuiltSite, published: &[Published]) -> Vec<Sighting> {
    let sought: Vec<Sought> = published.iter().map(|post| post.sought.clone()).collect();
    built.look_for(&sought)
}

fn conclude(
    site: &Site,
    post: Published,
    flaws: &BTreeMap<String, Unsound>,
    sighting: Option<&Sighting>,
) -> CheckedPost {
    let Published { sought: Sought { path, title, hero: picture, .. }, hero, field } = post;
    let finding = source(site, &hero, flaws, field.as_deref());
    let finding = match sighting {
        Some(sighting) => with_page(finding, sighting),
        None => finding,
    };
    let line = finding.is_flaw().then(|| {
        let text = site.read(&path).map(|(post, text)| {
            let body = post.body(&text).len();
            text[..text.len() - body].to_owned()
        });
        line::of_field(&text.unwrap_or_default(), field.as_deref())
    });
    let title = title.filter(|_| finding.is_flaw());
    CheckedPost { path, title, finding, picture: picture.map(|picture| picture.path), line }
}

/// What the post itself says.
fn source(site: &Site, hero: &Hero, flaws: &BTreeMap<String, Unsound>, field: Option<&str>) -> Finding {
    match hero {
        Hero::Missing => Finding::Missing {
            cure: match field.or(site.field()) {
                Some(field) => format!("name one in `{field}`, or let mode `generate` make it"),
                None => "embed one, or let mode `generate` make it".to_owned(),
            },
        },
        Hero::Unresolved { value, why } => Finding::Unresolved { value: value.clone(), why },
        Hero::Embedded => Finding::Present,
        Hero::Card { file } | Hero::Present { file } => match flaws.get(file) {
            Some(flaw) => Finding::Damaged { file: file.clone(), flaw: flaw.clone() },
            None => Finding::Present,
        },
    }
}

/// What the page adds to it: a picture that is not there or no good stays so.
fn with_page(finding: Finding, sighting: &Sighting) -> Finding {
    let page = sighting.page.clone().unwrap_or_default();
    match (finding, sighting.appearance) {
        (Finding::Present | Finding::Unresolved { .. }, Appearance::Shown) => Finding::Shown,
        (Finding::Present | Finding::Unresolved { .. }, Appearance::Preview) => Finding::Preview { page },
        (Finding::Present, Appearance::Undecided) => Finding::Undecided { page },
        (Finding::Present, Appearance::Broken) => {
            Finding::Broken { page, address: sighting.address.clone().unwrap_or_default() }
        }
        (Finding::Present, Appearance::Hidden) => Finding::Hidden { page },
        (Finding::Present, Appearance::NoPage) => Finding::NoPage,
        (finding, _) => finding,
    }
}
