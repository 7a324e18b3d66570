//! All sites of a repository. Each post belongs to the site whose configuration is nearest above it; nobody
//! else need know how many there are.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use super::field::HeroFields;
use super::folder::SiteFolder;
use super::generator::{self, GENERIC, Generator};
use super::globs::UserGlobs;
use super::search::{DisputedFolder, FoundSites, PassedOver, PassedOverBecause, SiteCandidate, SiteSearch};
use super::territory::Territory;
use super::{Discovery, FoundPost, InvalidOption, NoSite, Options, Site, SiteProblem, check};
use crate::post::path::{self, is_within};
use crate::post::{Post, Unreadable};

/// A site that the user lists. Its globs and templates are relative to the root, as all are.
#[derive(Debug, Clone)]
pub struct ListedSite {
    /// Its folder relative to the root.
    pub folder: String,
    /// What the user fixed of it.
    pub options: Options,
}

/// Which sites are served, and what the user fixed of them.
#[derive(Debug, Clone, Default)]
pub struct SitesOptions {
    /// Where sites are looked for: a folder relative to the root, empty for the root itself.
    pub folder: String,
    /// What holds for every site that is found.
    pub common: Options,
    /// The sites, where the user lists them; nothing is looked for then.
    pub listed: Vec<ListedSite>,
}

impl From<Options> for SitesOptions {
    /// Nothing but what holds for every site.
    fn from(common: Options) -> Self {
        Self { common, ..Self::default() }
    }
}

impl SitesOptions {
    /// Whether the user says which posts are meant.
    pub fn names_posts(&self) -> bool {
        let mut all = std::iter::once(&self.common).chain(self.listed.iter().map(|site| &site.options));
        all.any(|options| !options.posts.is_empty())
    }
}

/// The sites of a repository with their posts. They are built once and never changed.
#[derive(Debug)]
pub struct Sites {
    root: PathBuf,
    /// The site of everything that belongs to no other.
    main: Site,
    others: Vec<Site>,
    passed: Vec<PassedOver>,
    disputed: Vec<DisputedFolder>,
    idle_globs: Vec<String>,
}

/// A site to be opened.
struct PlannedSite<'r> {
    candidate: SiteCandidate<'r>,
    territory: Territory,
    options: Options,
    globs: UserGlobs,
}

impl Sites {
    /// Recognises the sites of a repository, finds their posts, and learns from them where pictures go.
    ///
    /// # Errors
    /// As [`NoSite`] says; every problem of the options at once.
    pub fn open(root: &Path, options: &SitesOptions) -> Result<(Self, Discovery), NoSite> {
        let globs = user_globs(root, options).map_err(NoSite::Problems)?;
        let given = globs.clone();
        let (planned, passed) = match options.listed.as_slice() {
            [] => find(root, options, globs.into_iter().next().unwrap_or_default()),
            listed => follow(root, options, listed.iter().zip(globs)),
        };
        let disputed = planned.iter().filter_map(|site| disputed(&site.candidate)).collect();
        let (mut opened, mut discovery, mut nothing) = (Vec::new(), Discovery::default(), Vec::new());
        for PlannedSite { candidate, territory, options, globs } in planned {
            match Site::open(root, candidate, territory, options, globs) {
                Ok((site, found)) => {
                    opened.push(site);
                    discovery.take_in(found);
                }
                Err(NoSite::NoPosts(mut none)) => nothing.append(&mut none),
                Err(other) => return Err(other),
            }
        }
        // A site that has no post yet is not a choice.
        if opened.iter().any(|site| !site.posts().is_empty()) {
            opened.retain(|site| !site.posts().is_empty());
        }
        if opened.len() > 1 && options.listed.is_empty() {
            choose(&opened, &options.common)?;
        }
        let posts = || opened.iter().flat_map(|site| site.posts()).chain(discovery.others());
        let idle_globs = given.iter().flat_map(|globs| globs.idle(posts())).collect();
        // What belongs to no site, a file outside of all, is the first one's.
        opened.sort_by_key(|site| {
            path::steps(&site.files.territory.within).filter(|step| !step.is_empty()).count()
        });
        let mut opened = opened.into_iter();
        let Some(main) = opened.next() else { return Err(NoSite::NoPosts(nothing)) };
        Ok((
            Self { root: root.to_owned(), main, others: opened.collect(), passed, disputed, idle_globs },
            discovery,
        ))
    }

    /// The folder that paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The one site of a test.
    #[cfg(test)]
    pub(super) fn into_main(self) -> Site {
        self.main
    }

    /// Every site.
    pub fn all(&self) -> impl Iterator<Item = &Site> {
        std::iter::once(&self.main).chain(&self.others)
    }

    /// Sites of the repository that are not served.
    pub fn passed_over(&self) -> &[PassedOver] {
        &self.passed
    }

    /// Folders that more than one generator knows for its site.
    pub fn disputed(&self) -> &[DisputedFolder] {
        &self.disputed
    }

    /// Globs of the user that match no post, while others do.
    pub fn idle_globs(&self) -> &[String] {
        &self.idle_globs
    }

    /// The site that a post of this path belongs to.
    pub fn of(&self, path: &str) -> &Site {
        self.others.iter().find(|site| site.files.territory.holds(path)).unwrap_or(&self.main)
    }

    /// How posts name their hero image, whichever site they belong to.
    pub fn hero_fields(&self) -> HeroFields {
        let of = |site: &Site| (site.files.territory.clone(), site.hero_field.clone());
        HeroFields::new(self.main.hero_field.clone(), self.others.iter().map(of).collect())
    }

    /// Paths of the posts of every site.
    pub fn posts(&self) -> impl Iterator<Item = &String> {
        self.all().flat_map(|site| site.posts())
    }

    /// The posts of every site with the state of their heroes: one at a time on every core, and gone when the
    /// caller lets go of them.
    pub fn look_at_all(&self) -> impl ParallelIterator<Item = (&Site, &str, Result<FoundPost, Unreadable>)> {
        let sites: Vec<&Site> = self.all().collect();
        sites
            .into_par_iter()
            .flat_map(|site| site.look_at_all().map(move |(path, found)| (site, path, found)))
    }

    /// The heroes of posts that are not meant: nobody else may take their files.
    pub fn heroes_of_neighbours(&self) -> Vec<String> {
        self.all().flat_map(Site::heroes_of_neighbours).collect()
    }

    /// Whether a file of this path would be a post, by its name.
    pub fn is_post(&self, path: &str) -> bool {
        self.of(path).is_post(path)
    }

    /// Reads one post again, with its text: right before it is changed.
    ///
    /// # Errors
    /// [`Unreadable`] with the reason and the cure.
    pub fn read(&self, path: &str) -> Result<(Post, String), Unreadable> {
        self.of(path).read(path)
    }
}

/// Who else knows the folder of this site for his.
fn disputed(SiteCandidate { generator, folder, rivals }: &SiteCandidate<'_>) -> Option<DisputedFolder> {
    let (folder, generator, rivals) = (folder.path().to_owned(), generator.name(), rivals.clone());
    (!rivals.is_empty()).then_some(DisputedFolder { folder, generator, rivals })
}

/// The globs of the user: of every site that is listed, else those that hold for all; or every problem of the options.
fn user_globs(root: &Path, options: &SitesOptions) -> Result<Vec<UserGlobs>, Vec<SiteProblem>> {
    let all: Vec<(Option<&str>, &Options)> = match options.listed.as_slice() {
        [] => vec![(None, &options.common)],
        listed => listed.iter().map(|site| (Some(site.folder.as_str()), &site.options)).collect(),
    };
    let (mut compiled, mut problems) = (Vec::with_capacity(all.len()), Vec::new());
    for (folder, options) in all {
        let mut found = check::check(options);
        found.extend(wanted(options).err());
        match UserGlobs::new(root, &options.posts) {
            Ok(globs) => compiled.push(globs),
            Err(bad) => found.extend(bad),
        }
        let folder = folder.map(str::to_owned);
        problems.extend(found.into_iter().map(|problem| SiteProblem { folder: folder.clone(), problem }));
    }
    if problems.is_empty() { Ok(compiled) } else { Err(problems) }
}

/// The generator that the user fixed.
fn wanted(options: &Options) -> Result<Option<&'static dyn Generator>, InvalidOption> {
    let name = options.site.as_deref().filter(|name| !name.is_empty() && *name != "auto");
    name.map(|name| {
        generator::named(name).ok_or_else(|| InvalidOption::UnknownSite { name: name.to_owned() })
    })
    .transpose()
}

/// The sites of the repository, as far as the globs of the user reach.
fn find<'r>(
    root: &'r Path,
    options: &SitesOptions,
    globs: UserGlobs,
) -> (Vec<PlannedSite<'r>>, Vec<PassedOver>) {
    let common = &options.common;
    let wanted = wanted(common).unwrap_or_default();
    let starts = globs.starts();
    let base = options.folder.as_str();
    let FoundSites { mut served, passed } = SiteSearch { base, wanted, starts }.run(root);
    let alone = served.len() == 1;
    let is_reached = |folder: &str| {
        starts.is_empty() || starts.iter().any(|start| is_within(start, folder) || is_within(folder, start))
    };
    let folders: Vec<String> = served.iter().map(|site| site.folder.path().to_owned()).collect();
    // Who names generator and posts knows which files are meant.
    let is_apart = |site: &&PassedOver| match site.why {
        PassedOverBecause::OtherGenerator => starts.is_empty(),
        // What lies in it has always been open to others.
        PassedOverBecause::NoPosts => false,
        _ => true,
    };
    let apart = passed.iter().filter(is_apart).map(|site| site.folder.clone());
    let folders: Vec<String> = folders.into_iter().chain(apart).collect();
    let is_outside = |start: &String| !folders.iter().any(|folder| is_within(start, folder));
    if !alone && starts.iter().any(is_outside) {
        let generator = wanted.unwrap_or(GENERIC);
        let folder = SiteFolder::new(root, base);
        served.push(SiteCandidate { generator, folder, rivals: Vec::new() });
    }
    served.retain(|site| alone || is_reached(site.folder.path()));
    let planned = served.into_iter().map(|candidate| {
        let own = candidate.folder.path();
        let within = if alone { base } else { own }.to_owned();
        let is_below = |other: &&String| *other != own && is_within(other, &within) && !is_within(own, other);
        let without = folders.iter().filter(is_below).cloned().collect();
        let (territory, options) = (Territory { within, without }, common.clone());
        PlannedSite { candidate, territory, options, globs: globs.clone() }
    });
    (planned.collect(), passed)
}

/// The sites that the user lists, and those beside them.
fn follow<'r>(
    root: &'r Path,
    options: &SitesOptions,
    listed: impl Iterator<Item = (&'r ListedSite, UserGlobs)> + Clone,
) -> (Vec<PlannedSite<'r>>, Vec<PassedOver>) {
    let found = SiteSearch { base: &options.folder, wanted: None, starts: &[] }.run(root);
    let all: Vec<&str> = listed.clone().map(|(site, _)| site.folder.as_str()).collect();
    let is_listed = |folder: &str| all.contains(&folder);
    let beside = found.served.iter().filter(|site| site.generator.name() != GENERIC.name());
    let beside = beside.map(|site| (site.folder.path().to_owned(), site.generator.name()));
    let others = found.passed.into_iter().filter(|site| site.why != PassedOverBecause::NoPosts);
    let others = others.map(|site| (site.folder, site.generator));
    let passed: Vec<PassedOver> = beside
        .chain(others)
        .filter(|(folder, _)| !is_listed(folder))
        .map(|(folder, generator)| PassedOver { folder, generator, why: PassedOverBecause::NotListed })
        .collect();
    let folders = || all.iter().copied().chain(passed.iter().map(|site| site.folder.as_str()));
    let planned = listed.map(|(site, globs)| {
        let folder = SiteFolder::new(root, &site.folder);
        let wanted = wanted(&site.options).unwrap_or_default();
        let known = if wanted.is_none() { generator::recognise(&folder, None) } else { None };
        let (known, rivals) = known.map(|known| (known.generator, known.rivals)).unzip();
        let generator = wanted.or(known).unwrap_or(GENERIC);
        let is_below = |other: &&str| *other != site.folder && is_within(other, &site.folder);
        let without = folders().filter(is_below).map(str::to_owned).collect();
        let territory = Territory { within: site.folder.clone(), without };
        let candidate = SiteCandidate { generator, folder, rivals: rivals.unwrap_or_default() };
        PlannedSite { candidate, territory, options: site.options.clone(), globs }
    });
    (planned.collect(), passed)
}

/// Inputs that speak of one site leave open which one is meant.
fn choose(sites: &[Site], options: &Options) -> Result<(), NoSite> {
    let Options { image_field, alt_field, image_dir, image_path, embed, .. } = options;
    let texts = [
        ("image-field", image_field.is_some()),
        ("alt-field", alt_field.is_some()),
        ("image-dir", image_dir.is_some()),
        ("image-path", image_path.is_some()),
        ("embed", embed.is_some()),
    ];
    match texts.into_iter().find(|(_, is_given)| *is_given) {
        None => Ok(()),
        Some((input, _)) => Err(NoSite::Several {
            input,
            sites: sites.iter().map(|site| (site.folder().to_owned(), site.name())).collect(),
        }),
    }
}
