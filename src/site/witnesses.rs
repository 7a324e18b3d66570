//! All that speaks of the hero images of a site, and the order in which it is heard.

use rayon::prelude::*;

use super::claim::{Claim, Evidence, Visibility};
use super::conventions::Conventions;
use super::evidence;
use super::field::Field;
use super::files::PostFiles;
use super::folder::SiteFolder;
use super::generator::{Defaults, Generator};
use super::lookup::Lookup;
use super::pages::PageAddress;
use super::schema::Schema;
use super::templates::{self, TemplateRules, Templates};
use super::theme::Theme;
use super::unread::{self, UnreadField};
use super::{Embed, Options};
use crate::post::Post;

/// What schema, templates and theme say. A theme that is known by its name is known better than its templates can be
/// read, but what a site has of its own beside the theme counts first, unless the user `fixed` the theme.
fn claims(
    schema: Option<&Schema>,
    theme: Option<&Theme>,
    fixed: bool,
    templates: Option<Templates>,
    defaults: &mut Defaults,
) -> Vec<Claim> {
    let (read, doubtful, elsewhere) = templates
        .map(|templates| (templates.claim, templates.doubtful, templates.elsewhere))
        .unwrap_or_default();
    // What the templates of a known theme read besides its field is not a hero image: a file, say, that it looks for
    // where a parameter asks for it.
    let is_own = |claim: &Claim| theme.is_none() || claim.evidence != Evidence::ThemeTemplates;
    let (own, doubtful) = (read.filter(is_own), doubtful.filter(is_own));
    let theme = theme.map(|theme| theme.claim.clone().moved(defaults.instead.as_ref()));
    let (first, theme) = if fixed { (theme, None) } else { (None, theme) };
    let elsewhere = elsewhere.into_iter().filter(is_own);
    let shown = first.into_iter().chain(own).chain(theme).chain(doubtful).chain(elsewhere);
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
pub(super) struct Witnesses<'a> {
    sample: &'a [Post],
    options: &'a Options,
    defaults: &'a Defaults,
    schema: Option<&'a Schema>,
    /// Name of the theme, where it is one that is known.
    pub theme: Option<&'static str>,
    /// The template of a post's page that is broken, so that none is heard.
    pub broken_template: Option<String>,
    /// What schema, templates and theme say.
    claims: Vec<Claim>,
    site: &'a SiteFolder<'a>,
    /// How the templates are read.
    rules: TemplateRules,
    /// Whether every one that the templates of a post's page name is there.
    complete: bool,
    /// Whether nothing else makes that page.
    whole: bool,
    /// Keys that the theme shows besides its field.
    theme_reads: &'static [&'static str],
}

impl<'a> Witnesses<'a> {
    /// Asks the posts' schema, the theme and the templates; `contents` are the folders in which the sections lie.
    pub(super) fn new(
        generator: &'static dyn Generator,
        folder: &'a SiteFolder<'a>,
        options: &'a Options,
        schema: Option<&'a Schema>,
        defaults: &'a mut Defaults,
        sample: &'a [Post],
        contents: &[String],
    ) -> Self {
        let theme = generator.theme(folder, options.theme.as_deref());
        let pages: Vec<_> = sample.iter().map(|post| PageAddress::of(post, contents)).collect();
        let rules = generator.templates(folder);
        let broken_template = templates::broken(folder, &rules).map(|path| folder.within(&path));
        let read = templates::read(folder, &rules, &pages).filter(|_| broken_template.is_none());
        let complete = read.as_ref().is_some_and(|read| read.complete);
        let whole = rules.whole && complete;
        let claims = claims(schema, theme.as_ref(), options.theme.is_some(), read, defaults);
        let theme_reads = theme.as_ref().map(|theme| theme.reads).unwrap_or_default();
        let theme = theme.map(|theme| theme.name);
        Self {
            sample,
            options,
            defaults,
            schema,
            theme,
            broken_template,
            claims,
            site: folder,
            rules,
            complete,
            whole,
            theme_reads,
        }
    }

    /// What the site does with its hero images, the fields that a post may have instead of the site's, and those of them
    /// that nothing shows.
    pub(super) fn decide(self, lookup: &mut Lookup) -> (Conventions, Vec<String>, Vec<UnreadField>) {
        let Self {
            sample,
            options,
            defaults,
            schema,
            theme,
            mut claims,
            site,
            rules,
            complete,
            whole,
            theme_reads,
            ..
        } = self;
        let there = match theme {
            _ if whole => Some(unread::TemplatesThere::All),
            Some(name) => Some(unread::TemplatesThere::ThoseBesideATheme { name, reads: theme_reads }),
            None if complete && !rules.scripts.is_empty() => Some(unread::TemplatesThere::Scripts),
            None => None,
        };
        // A key that the generator's own schema drops is shown by nobody, however many posts still have it.
        let drops = |path: &str| schema.is_some_and(|schema| schema.of_generator && !schema.allows(path));
        let taught = evidence::learn_field(sample, defaults.field.as_ref());
        let is_dropped = |claim: &Claim| claim.field.as_ref().is_some_and(|field| drops(&field.path));
        let learnt =
            taught.claim.filter(|claim| !is_dropped(claim)).or_else(|| evidence::learn_file(sample, lookup));
        let learnt = learnt.filter(|_| options.image_field.is_none());
        let field_of_posts = learnt.as_ref().and_then(|learnt| learnt.field.as_ref());
        let why = |field: &Field| unread::why(field, &claims, site, &rules, there?);
        let unread = field_of_posts.and_then(why);
        let elsewhere = field_of_posts.and_then(|field| unread::elsewhere(field, &claims));
        let mut others = if options.image_field.is_none() { taught.others } else { Vec::new() };
        others.retain(|other| !drops(other));
        let own = field_of_posts.or_else(|| claims.iter().find_map(|claim| claim.field.as_ref()));
        let unseen = |field: &Field| why(field).or_else(|| unread::elsewhere(field, &claims));
        let unread_others = unread::among(&others, own, sample, unseen);
        claims.splice(0..0, learnt);
        let mut conventions = Conventions::decide(options, &claims, defaults, site.path());
        if let Some(listed) = taught.listed.filter(|_| conventions.evidence != Evidence::Input)
            && let Some(field) = conventions.field.as_mut().filter(|field| field.path == listed.path)
        {
            *field = listed.within;
            field.alt = options.alt_field.clone().or(field.alt.take());
        }
        if let Some(why) = unread
            && conventions.embed == Embed::None
        {
            conventions.visibility = Visibility::Unknown;
            conventions.because = format!("{}, though {why}", conventions.because);
        }
        if let Some(because) = elsewhere
            && conventions.visibility == Visibility::Preview
        {
            conventions.because = format!("{}, though {because}", conventions.because);
        }
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
        (conventions, others, unread_others)
    }
}

/// Some of the posts, read.
pub(super) fn sample(files: &PostFiles, posts: &[String], neighbours: &[String]) -> Vec<Post> {
    // What cannot be read says nothing here, and is told where every post is looked at.
    let read = |paths| -> Vec<Post> {
        let paths: Vec<&String> = evidence::spread(paths).collect();
        let parse = |buffer: &mut Vec<u8>, path: &String| files.parse(path, buffer).ok();
        paths.into_par_iter().map_init(Vec::new, parse).flatten().collect()
    };
    let mut sample = read(posts);
    // Who names a new post means the site's ways all the same.
    if !evidence::tells_enough(&sample) {
        sample.extend(read(neighbours));
    }
    sample
}
