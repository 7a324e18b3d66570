//! Recognises a site, finds its posts by their names, and learns from some of them.
//!
//! A blog may have a hundred thousand posts of which ten want a picture: what is settled is looked at and
//! let go, so that reading all of them costs little more than reading their bytes.

use std::path::Path;
use std::sync::{Arc, OnceLock};

use rayon::prelude::*;
use tracing::warn;

use super::cascade::Cascades;
use super::conventions::Conventions;
use super::evidence;
use super::files::PostFiles;
use super::folder::SiteFolder;
use super::generator::{Defaults, Generator};
use super::globs::{self, Globs, NoPostBy, UserGlobs};
use super::lookup::Lookup;
use super::markdown_elsewhere::folder_of_most;
use super::no_site::{NoPosts, NoSite};
use super::schema::{self, Schema};
use super::search::SiteCandidate;
use super::sections::Sections;
use super::spelling::Spelling;
use super::territory::Territory;
use super::translations::{Languages, Translations};
use super::walk::Met;
use super::witnesses::{Witnesses, sample};
use super::{Embed, Hero, HeroField, InvalidOption, Options, Site, SiteProblem};
use crate::post::{Dialect, Post, Unreadable, path};

/// A post and the state of its hero image.
#[derive(Debug, Clone)]
pub struct FoundPost {
    /// The post.
    pub post: Post,
    /// Its hero image.
    pub hero: Hero,
}

/// What was found beside the posts.
#[derive(Debug, Default)]
pub struct Discovery {
    /// What has the name of a post and is not one, with the reason and the cure, by path.
    pub unreadable: Vec<(String, Unreadable)>,
    /// Links to files inside the root, by path; the files stand for themselves.
    pub links: Vec<String>,
    /// How many files are resources of a bundle, whatever their names.
    pub resources: usize,
    /// What would be a post in a format that is not read.
    pub unread: Vec<String>,
    /// Markdown that is not a post by its name, such as `README` and list pages, in order.
    pub by_name: Vec<String>,
    /// Markdown that the user or the site's configuration excludes, in order.
    pub excluded: Vec<String>,
    /// Markdown in the same folders that lies where no posts are, in order.
    pub elsewhere: Vec<String>,
}

/// The posts by their names: those that are meant, and those of the site beside them.
struct Names {
    posts: Vec<String>,
    neighbours: Vec<String>,
    discovery: Discovery,
}

impl Site {
    /// Finds the posts of a site, and learns from them where a picture goes.
    ///
    /// # Errors
    /// [`NoPosts`] when nothing matches; a generator whose sites are left alone.
    pub(super) fn open(
        root: &Path,
        SiteCandidate { generator, folder, .. }: SiteCandidate<'_>,
        territory: Territory,
        options: Options,
        globs: UserGlobs,
    ) -> Result<(Self, Discovery), NoSite> {
        if let Some(reason) = generator.refusal() {
            return Err(NoSite::Refused(reason));
        }
        let (mut defaults, schema) = preset(generator, &folder);
        let globs = Globs::new(root, globs, defaults.globs(folder.path())).map_err(invalid)?;
        let embed = options.embed.unwrap_or(defaults.embed);
        let mut files = PostFiles {
            root: root.to_owned(),
            folder: folder.path().to_owned(),
            territory,
            globs,
            dialect: Dialect { embedded: embed == Embed::Obsidian, ..defaults.dialect },
            cascades: None,
        };
        let sparse = root.join(".git/info/sparse-checkout").exists();
        let Names { posts, neighbours, mut discovery } = names(&files);
        if posts.is_empty() && discovery.is_empty() {
            folder.tell_faults();
            return Err(nothing(&files, generator.name(), None, discovery.unread.first(), sparse));
        }
        let grounds = Grounds::of(&defaults, &files);
        let all = posts.iter().chain(&neighbours);
        let cascade = defaults.cascade.take();
        files.cascades = cascade.and_then(|site| Cascades::read(root, site, grounds.contents.clone(), all));
        let sample = sample(&files, &posts, &neighbours);
        // A vault in which notes say that they are published publishes no others.
        defaults.dialect.opt_in |= generator.is_of_an_editor() && sample.iter().any(Post::is_published);
        let mut lookup = Lookup::new(root, folder.path(), defaults.address.as_deref(), &defaults.at_root);
        let unread_schema = schema::unread_file(&folder, schema.as_ref());
        let (known, contents) = (schema.as_ref(), &grounds.contents);
        let witnesses = Witnesses::new(generator, &folder, &options, known, &mut defaults, &sample, contents);
        let (theme, broken_template) = (witnesses.theme, witnesses.broken_template.clone());
        let (conventions, others, unread_fields) = witnesses.decide(&mut lookup);
        folder.tell_faults();
        let examples = conventions.field.as_ref().map(|field| evidence::examples(&sample, &field.path));
        let sections =
            if defaults.only_posts { Sections::default() } else { sections(&files, &sample, &discovery) };
        files.dialect = conventions.dialect;
        let first = posts.first().cloned();
        // Wherever the pictures go.
        let has_bundles = conventions.bundle.is_some() || defaults.bundle.is_some();
        let (posts, left_out) = files.without_list_pages(posts, &defaults, has_bundles);
        discovery.leave_out(left_out, &files);
        // A new site may well have nothing but its list; who names posts means some.
        if posts.is_empty() && discovery.is_empty() && !options.posts.is_empty() {
            return Err(nothing(&files, generator.name(), first, discovery.unread.first(), sparse));
        }
        let Grounds { starts, languages, contents } = grounds;
        let translations = Translations::among(&[&posts, &neighbours], &starts, &languages);
        let hero_field = hero_field(&conventions, others, &posts, &translations, options.extension);
        let site = Self {
            name: generator.name(),
            title: defaults.title.take(),
            theme,
            unread_schema,
            broken_template,
            files,
            conventions,
            hero_field,
            unread_fields,
            options,
            lookup,
            bare_text: defaults.bare_text,
            sections,
            spelling: Spelling::new(root),
            contents,
            sparse,
            posts,
            neighbours,
            translations,
            shared: OnceLock::new(),
            examples: examples.unwrap_or_default(),
            manners: OnceLock::new(),
        };
        Ok((site, discovery))
    }
}

/// What the generator does with this site where nothing else is known, and the schema of its posts.
fn preset(generator: &'static dyn Generator, folder: &SiteFolder<'_>) -> (Defaults, Option<Schema>) {
    let mut defaults = generator.defaults(folder);
    let schema = generator.posts_schema(folder);
    // A collection whose folder is not there has another loader than can be read.
    let there = |schema: &&Schema| schema.posts.iter().any(|glob| folder.has_folder(&globs::start(glob)));
    if let Some(schema) = schema.as_ref().filter(|schema| schema.of_generator && there(schema)) {
        defaults.posts.clone_from(&schema.posts);
    }
    (defaults, schema)
}

/// The folders in which the site keeps its posts.
struct Grounds {
    /// Where looking for posts begins.
    starts: Vec<String>,
    languages: Languages,
    /// Folders in which the sections of the site lie.
    contents: Vec<String>,
}

impl Grounds {
    fn of(defaults: &Defaults, files: &PostFiles) -> Self {
        let own: Vec<_> = defaults.globs(&files.folder).iter().flat_map(|glob| globs::starts(glob)).collect();
        let starts = [own.as_slice(), files.globs.starts()].concat();
        let languages = defaults.languages.below(&files.folder);
        let contents = own.into_iter().chain(languages.folders.iter().cloned()).collect();
        Self { starts, languages, contents }
    }
}

/// What tells posts from pages. Who names posts knows them, and a vault has notes of every kind.
fn sections(files: &PostFiles, sample: &[Post], discovery: &Discovery) -> Sections {
    if files.globs.around().is_none() && !files.dialect.embedded {
        Sections::learn(files.globs.starts(), sample, &discovery.unread)
    } else {
        Sections::default()
    }
}

fn hero_field(
    conventions: &Conventions,
    others: Vec<String>,
    posts: &[String],
    translations: &Translations,
    extension: &'static str,
) -> HeroField {
    let bundles = posts.iter().filter(|post| path::is_index(post)).cloned();
    let embedded = conventions.dialect.embedded;
    HeroField {
        reader: conventions.dialect.reader,
        field: conventions.field.as_ref().map(|field| field.path.clone()),
        others,
        embedded,
        only_bundles: conventions.reach.only_bundles,
        extension,
        bundles: if conventions.file.is_some() { bundles.collect() } else { Arc::default() },
        originals: if embedded { Arc::new(translations.originals()) } else { Arc::default() },
    }
}

fn invalid(problems: Vec<InvalidOption>) -> NoSite {
    let of_all = |problem| SiteProblem { folder: None, problem };
    NoSite::Problems(problems.into_iter().map(of_all).collect())
}

/// That there is no post; `list_page` is a list that matches all the same.
fn nothing(
    files: &PostFiles,
    site: &'static str,
    list_page: Option<String>,
    unread: Option<&String>,
    sparse: bool,
) -> NoSite {
    let root = files.root.join(&files.territory.within).display().to_string();
    let globs = files.globs.written().to_vec();
    let is_plain = list_page.is_none() && unread.is_none();
    let elsewhere = is_plain.then(|| folder_of_most(&files.root, &files.territory.within)).flatten();
    NoSite::NoPosts(vec![NoPosts {
        site,
        root,
        globs,
        list_page,
        unread: unread.cloned(),
        elsewhere,
        sparse,
    }])
}

impl Discovery {
    /// Takes in what was found beside the posts of another site.
    pub(super) fn take_in(&mut self, other: Self) {
        self.unreadable.extend(other.unreadable);
        self.links.extend(other.links);
        self.resources += other.resources;
        self.unread.extend(other.unread);
        self.by_name.extend(other.by_name);
        self.excluded.extend(other.excluded);
        self.elsewhere.extend(other.elsewhere);
    }

    /// What has the name of a post and is not read.
    pub(super) fn others(&self) -> impl Iterator<Item = &String> {
        self.unreadable.iter().map(|(path, _)| path).chain(&self.links)
    }

    fn is_empty(&self) -> bool {
        self.unreadable.is_empty() && self.links.is_empty()
    }

    /// Takes in what is not a post: list pages, and resources of bundles.
    fn leave_out(&mut self, left_out: Vec<String>, files: &PostFiles) {
        // Nobody knows what a page would be that cannot be read.
        let (pages, resources): (Vec<_>, Vec<_>) =
            left_out.into_iter().partition(|page| path::is_index(page));
        let broken = |page: String| -> Option<(String, Unreadable)> {
            match files.parse(&page, &mut Vec::new()) {
                Ok(_) => {
                    self.by_name.push(page);
                    None
                }
                Err(reason) => Some((page, reason)),
            }
        };
        let broken: Vec<_> = pages.into_iter().filter_map(broken).collect();
        self.unreadable.extend(broken);
        self.by_name.sort_unstable();
        self.unreadable.sort_unstable_by(|a, b| a.0.cmp(&b.0));
        self.resources = resources.len();
    }
}

fn names(files: &PostFiles) -> Names {
    let Met { mut posts, unreadable, mut links, mut unread, unseen, no_posts, .. } = files.walk(&files.globs);
    unseen.iter().for_each(|folder| warn!("{folder}"));
    posts.par_sort_unstable();
    links.sort_unstable();
    unread.sort_unstable();
    let mut neighbours = files.globs.around().map(|around| files.walk(around).posts).unwrap_or_default();
    neighbours.retain(|path| posts.binary_search(path).is_err());
    neighbours.par_sort_unstable();
    let because = |why: NoPostBy| {
        let of_it = no_posts.iter().filter(|(known, _)| *known == why);
        let mut paths: Vec<String> = of_it.map(|(_, path)| path.clone()).collect();
        paths.sort_unstable();
        paths
    };
    let (by_name, excluded, elsewhere) =
        (because(NoPostBy::Name), because(NoPostBy::Exclusion), because(NoPostBy::Place));
    let discovery = Discovery { unreadable, links, resources: 0, unread, by_name, excluded, elsewhere };
    Names { posts, neighbours, discovery }
}
