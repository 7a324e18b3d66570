//! Recognises a site, finds its posts by their names, and learns from some of them.
//!
//! A blog may have a hundred thousand posts of which ten want a picture: what is settled is looked at and
//! let go, so that reading all of them costs little more than reading their bytes.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;
use tracing::warn;

use super::cascade::Cascades;
use super::claim::{Claim, Evidence, Visibility};
use super::conventions::Conventions;
use super::evidence;
use super::files::PostFiles;
use super::generator::Defaults;
use super::globs::{self, Globs, NoPostBy, UserGlobs};
use super::lookup::Lookup;
use super::schema::Schema;
use super::search::SiteCandidate;
use super::sections::Sections;
use super::spelling::Spelling;
use super::templates::{self, Templates};
use super::territory::Territory;
use super::theme::Theme;
use super::translations::Translations;
use super::walk::Met;
use super::{Embed, Hero, HeroField, Options, Site, SiteProblem};
use crate::post::{Post, Unreadable, path};

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
    /// What has the name of a post and is none, with the reason and the cure, by path.
    pub unreadable: Vec<(String, Unreadable)>,
    /// Links to files inside the root, by path; the files stand for themselves.
    pub links: Vec<String>,
    /// How many files are resources of a bundle, whatever their names.
    pub resources: usize,
    /// What would be a post in a format that is not read.
    pub unread: Vec<String>,
    /// Markdown that is no post for its name, such as `README` and list pages, in order.
    pub by_name: Vec<String>,
    /// Markdown that the user or the site's configuration excludes, in order.
    pub excluded: Vec<String>,
    /// Markdown in the same folders that lies where no posts are, in order.
    pub elsewhere: Vec<String>,
}

/// Why a site cannot be opened.
#[derive(Debug)]
pub enum NoSite {
    /// Every problem of the options.
    Problems(Vec<SiteProblem>),
    /// There is no post; why, for every site that was looked at.
    NoPosts(Vec<NoPosts>),
    /// There are several sites with posts, and an input that can speak of one only.
    Several {
        /// Name of the input.
        input: &'static str,
        /// Folder of each site, and its generator.
        sites: Vec<(String, &'static str)>,
    },
    /// The generator is known, and its sites are left alone; why, with the cure.
    Refused(&'static str),
}

/// Nothing matches: a typo in `posts`, or a site that is not recognised.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.message())]
pub struct NoPosts {
    /// Name of the generator.
    pub site: &'static str,
    /// The folder that was searched.
    pub root: String,
    /// The globs, at most as many as a message can hold.
    pub globs: Vec<String>,
    /// A list page, where nothing but such matches.
    pub list_page: Option<String>,
    /// What would be a post in a format that is not read.
    pub unread: Option<String>,
    /// The checkout may lack files that the repository has.
    pub sparse: bool,
}

impl NoPosts {
    fn message(&self) -> String {
        let (globs, place) = (list(&self.globs), format!("(site `{}`, in {})", self.site, self.root));
        if let Some(file) = &self.unread {
            return format!(
                "no posts found: {globs} matches only files in formats that are not read, such as `{file}` {place}; only Markdown is: name other posts in the input `posts`"
            );
        }
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
        let mut defaults = generator.defaults(&folder);
        let schema = generator.posts_schema(&folder);
        // A collection whose folder is not there has another loader than can be read.
        let there = |schema: &&Schema| schema.posts.iter().any(|glob| folder.has_folder(&globs::start(glob)));
        if let Some(schema) = schema.as_ref().filter(|schema| schema.of_generator && there(schema)) {
            defaults.posts.clone_from(&schema.posts);
        }
        let theme = generator.theme(&folder, options.theme.as_deref());
        let read = templates::read(&folder, &generator.templates(&folder));
        let claims = claims(schema, theme.as_ref(), options.theme.is_some(), read, &mut defaults);
        let globs = Globs::new(root, globs, defaults.globs(folder.path()));
        let globs = globs.map_err(|bad| {
            let of_all = |problem| SiteProblem { folder: None, problem };
            NoSite::Problems(bad.into_iter().map(of_all).collect())
        })?;
        let embedded = options.embed.unwrap_or(defaults.embed) == Embed::Obsidian;
        let dialect = crate::post::Dialect { embedded, ..defaults.dialect };
        let (own, root_folder) = (folder.path().to_owned(), root.to_owned());
        let mut files =
            PostFiles { root: root_folder, folder: own, territory, globs, dialect, cascades: None };
        let sparse = root.join(".git/info/sparse-checkout").exists();
        let Names { posts, neighbours, mut discovery } = names(&files);
        let unread = discovery.unread.first().cloned();
        let nothing = |list_page| {
            let place = root.join(&files.territory.within);
            let (root, globs) = (place.display().to_string(), files.globs.written().to_vec());
            let unread = unread.clone();
            NoSite::NoPosts(vec![NoPosts { site: generator.name(), root, globs, list_page, unread, sparse }])
        };
        if posts.is_empty() && discovery.is_empty() {
            return Err(nothing(None));
        }
        let own = defaults.globs(&files.folder).iter().map(|glob| globs::start(glob)).collect::<Vec<_>>();
        let languages = defaults.languages.below(&files.folder);
        let contents: Vec<String> = own.iter().chain(&languages.folders).cloned().collect();
        let all = posts.iter().chain(&neighbours);
        let cascade = defaults.cascade.take();
        files.cascades = cascade.and_then(|site| Cascades::read(root, site, contents.clone(), all));
        let mut lookup = Lookup::new(root, folder.path(), defaults.address.as_deref());
        let sample = sample(&files, &posts, &neighbours);
        let folder = &files.folder;
        let witnesses = Witnesses { sample: &sample, options: &options, defaults: &defaults, folder, claims };
        let (conventions, others) = witnesses.decide(&mut lookup);
        let examples = conventions.field.as_ref().map(|field| evidence::examples(&sample, &field.path));
        let examples = examples.unwrap_or_default();
        // Who names posts knows them, and a vault has notes of every kind.
        let sections = if files.globs.around().is_none() && !embedded {
            Sections::learn(files.globs.starts(), &sample, &discovery.unread)
        } else {
            Sections::default()
        };
        files.dialect = conventions.dialect;
        let first = posts.first().cloned();
        // Wherever the pictures go.
        let has_bundles = conventions.bundle.is_some() || defaults.bundle.is_some();
        let (posts, left_out) = files.without_list_pages(posts, &defaults, has_bundles);
        discovery.leave_out(left_out, &files);
        // A new site may well have nothing but its list; who names posts means some.
        if posts.is_empty() && discovery.is_empty() && !options.posts.is_empty() {
            return Err(nothing(first));
        }
        let spelling = Spelling::new(root);
        let starts = [own.as_slice(), files.globs.starts()].concat();
        let translations = Translations::among(&[&posts, &neighbours], &starts, &languages);
        let bundles = posts.iter().filter(|post| path::is_index(post)).cloned();
        let hero_field = HeroField {
            reader: conventions.dialect.reader,
            field: conventions.field.as_ref().map(|field| field.path.clone()),
            others,
            embedded: conventions.dialect.embedded,
            only_bundles: conventions.reach.only_bundles,
            extension: options.extension,
            bundles: if conventions.file.is_some() { bundles.collect() } else { Arc::default() },
            originals: if conventions.dialect.embedded {
                Arc::new(translations.originals())
            } else {
                Arc::default()
            },
        };
        let (name, theme) = (generator.name(), theme.map(|theme| theme.name));
        let shared = std::sync::OnceLock::new();
        let site = Self {
            name,
            theme,
            files,
            conventions,
            hero_field,
            options,
            lookup,
            bare_text: defaults.bare_text,
            sections,
            spelling,
            contents,
            sparse,
            posts,
            neighbours,
            translations,
            shared,
            examples,
            manners: std::sync::OnceLock::new(),
        };
        Ok((site, discovery))
    }
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

    fn is_empty(&self) -> bool {
        self.unreadable.is_empty() && self.links.is_empty()
    }

    /// Takes in what is no post: list pages, and resources of bundles.
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

/// What schema, templates and theme say. A theme that is known by its name is known better than its templates can be
/// read, but what a site has of its own beside the theme counts first, unless the user `fixed` the theme.
fn claims(
    schema: Option<Schema>,
    theme: Option<&Theme>,
    fixed: bool,
    templates: Option<Templates>,
    defaults: &mut Defaults,
) -> Vec<Claim> {
    let (read, doubtful) =
        templates.map(|templates| (templates.claim, templates.doubtful)).unwrap_or_default();
    // What else the templates of a theme read that is known is no hero image of it: a file, say, that it looks for
    // where a parameter asks for it.
    let is_own = |claim: &Claim| theme.is_none() || claim.evidence != Evidence::ThemeTemplates;
    let (own, doubtful) = (read.filter(is_own), doubtful.filter(is_own));
    let theme = theme.map(|theme| theme.claim.clone());
    let (first, theme) = if fixed { (theme, None) } else { (None, theme) };
    let shown = first.into_iter().chain(own).chain(theme).chain(doubtful);
    let Some(schema) = schema else { return shown.collect() };
    // A key that a closed schema does not know is dropped, or breaks the build.
    let allows = |claim: &Claim| claim.field.as_ref().is_none_or(|field| schema.allows(&field.path));
    let mut claims: Vec<Claim> = schema.claim.clone().into_iter().chain(shown.filter(allows)).collect();
    let own = defaults.field.iter_mut();
    for field in claims.iter_mut().filter_map(|claim| claim.field.as_mut()).chain(own) {
        field.alt = field.alt.take().filter(|alt| schema.allows(alt));
    }
    if defaults.field.as_ref().is_some_and(|field| !schema.allows(&field.path)) {
        claims.push(Claim {
            embed: Some(Embed::Markdown),
            visibility: Visibility::Nowhere,
            evidence: Evidence::Schema,
            because: format!("`{}` knows no field for a picture", schema.file),
            ..Claim::default()
        });
    }
    claims
}

/// All that speaks of the hero images of a site.
struct Witnesses<'a> {
    sample: &'a [Post],
    options: &'a Options,
    defaults: &'a Defaults,
    /// The site's folder.
    folder: &'a str,
    /// What schema, templates and theme say.
    claims: Vec<Claim>,
}

impl Witnesses<'_> {
    /// What the site does with its hero images, and the fields that a post may have instead of the site's.
    fn decide(self, lookup: &mut Lookup) -> (Conventions, Vec<String>) {
        let Self { sample, options, defaults, folder, claims } = self;
        let taught = evidence::learn_field(sample, defaults.field.as_ref());
        let learnt = taught.claim.or_else(|| evidence::learn_file(sample, lookup));
        let learnt = learnt.filter(|_| options.image_field.is_none());
        let claims: Vec<_> = learnt.into_iter().chain(claims).collect();
        let mut conventions = Conventions::decide(options, &claims, defaults, folder);
        if conventions.dialect.embedded {
            lookup.attachments = Some(conventions.place.dir.clone());
        }
        if options.image_dir.is_none()
            && options.image_path.is_none()
            && let Some(field) = &conventions.field
        {
            let (place, bundle) = evidence::learn_places(sample, &field.path, lookup);
            conventions.place = place.unwrap_or(conventions.place);
            conventions.bundle = bundle.or(conventions.bundle);
        }
        let others = if options.image_field.is_none() { taught.others } else { Vec::new() };
        (conventions, others)
    }
}

fn sample(files: &PostFiles, posts: &[String], neighbours: &[String]) -> Vec<Post> {
    let mut buffer = Vec::new();
    // What cannot be read says nothing here, and is told where every post is looked at.
    let mut read = |paths| -> Vec<Post> {
        evidence::spread(paths).filter_map(|path| files.parse(path, &mut buffer).ok()).collect()
    };
    let mut sample = read(posts);
    // Who names a new post means the site's ways all the same.
    if !evidence::tells_enough(&sample) {
        sample.extend(read(neighbours));
    }
    sample
}
