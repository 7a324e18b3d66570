//! The generators that are known, a file each: how to recognise one, where its posts are, and what it does
//! with a hero image by its own convention. A new one is a file here and a line in [`ALL`].

mod ablog;
mod astro;
mod docusaurus;
mod eleventy;
mod gatsby;
mod generic;
mod hexo;
mod hugo;
mod jekyll;
mod mkdocs;
mod next;
mod nikola;
mod nuxt;
mod obsidian;
mod pelican;
mod quartz;
mod vitepress;
mod zola;

use std::cmp::Reverse;
use std::fmt::Debug;

use super::Embed;
use super::cascade::SiteCascade;
use super::field::Field;
use super::folder::SiteFolder;
use super::schema::{self, Schema, contentlayer};
use super::target::{Place, join, plain};
use super::templates::TemplateRules;
use super::theme::{self, Row, Theme};
use super::translations::Languages;
use crate::post::date::Zone;
use crate::post::front_matter::Reader;
use crate::post::{Dialect, FileTitle};
use crate::text::one_line;

/// One generator.
pub(super) trait Generator: Debug + Sync {
    /// Value of the input `site`.
    fn name(&self) -> &'static str;

    /// How sure the files of the folder make one that this generator builds it.
    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty>;

    /// What it does where nothing else is known of the site.
    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults;

    /// Why its sites are left alone, with the cure; `None` where they are served.
    fn refusal(&self) -> Option<&'static str> {
        None
    }

    /// Whether its marks are left in a folder by an editor, whoever builds what lies there.
    fn is_of_an_editor(&self) -> bool {
        false
    }

    /// Whether its sites are apps, which may have posts or none: then its file says little of them.
    fn is_for_apps(&self) -> bool {
        false
    }

    /// Whether a folder is its site, and one without posts by its configuration.
    fn has_no_posts(&self, _site: &SiteFolder<'_>) -> bool {
        false
    }

    /// Its themes that are known.
    fn themes(&self) -> &'static [Row] {
        &[]
    }

    /// Names of the theme as the site writes them, most telling first: what its configuration says, else what it
    /// installs.
    fn theme_names(&self, _site: &SiteFolder<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Keys of the outermost mapping of the configuration, where one may be of a theme only.
    fn keys(&self, _site: &SiteFolder<'_>) -> Vec<String> {
        Vec::new()
    }

    /// Whether a parameter that a theme reads is switched on for the whole site.
    fn is_on(&self, _site: &SiteFolder<'_>, _parameter: &str) -> bool {
        false
    }

    /// What the schema says by which the site reads its posts.
    fn schema(&self, site: &SiteFolder<'_>) -> Option<Schema> {
        contentlayer::read(site)
    }

    /// How its templates are read; without a folder of templates they are not.
    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules::default()
    }
}

impl dyn Generator {
    /// The theme of the site: the one that the user `fixed` by its name, else the one that the site names.
    pub(super) fn theme(&self, site: &SiteFolder<'_>, fixed: Option<&str>) -> Option<Theme> {
        let rows = self.themes();
        let row = match fixed {
            Some(name) => theme::named(rows, site, name),
            None => theme::recognise(rows, site, &self.theme_names(site), || self.keys(site)),
        };
        Some(Theme::of(row?, |parameter| self.is_on(site, parameter)))
    }

    /// What schema and editor of the site say of its posts.
    pub(super) fn posts_schema(&self, site: &SiteFolder<'_>) -> Option<Schema> {
        schema::with_editor(site, self.schema(site))
    }
}

/// How sure one may be of a generator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Certainty {
    /// Its folders are there, which others use as well.
    Likely,
    /// A file is there that only this generator reads.
    Certain,
}

impl Certainty {
    fn certain_if(is: bool) -> Option<Self> {
        is.then_some(Self::Certain)
    }
}

/// Every generator.
pub(super) const ALL: [&dyn Generator; 17] = [
    &zola::Zola,
    &hugo::Hugo,
    &hexo::Hexo,
    &jekyll::Jekyll,
    &astro::Astro,
    &docusaurus::Docusaurus,
    &eleventy::Eleventy,
    &quartz::Quartz,
    &obsidian::Obsidian,
    &next::Next,
    &gatsby::Gatsby,
    &vitepress::VitePress,
    &nuxt::Nuxt,
    &mkdocs::MkDocs,
    &pelican::Pelican,
    &ablog::ABlog,
    &nikola::Nikola,
];

/// What a site is taken for that no generator recognises.
pub(super) const GENERIC: &dyn Generator = &generic::Generic;

/// What a generator does by its own convention. Paths are relative to the site's folder.
#[derive(Debug, Clone)]
pub(super) struct Defaults {
    /// How it reads a post.
    pub dialect: Dialect,
    /// Globs of its posts; `!` excludes.
    pub posts: Vec<String>,
    /// The field that names the picture; `None` where the picture is embedded only.
    pub field: Option<Field>,
    /// Where pictures go.
    pub place: Place,
    /// Template of the value for a picture beside an `index.md` that is a post of its own (a bundle);
    /// `None` where an `index.md` is only a list page.
    pub bundle: Option<String>,
    /// Whether a folder that has an `index.md` is one post, whatever else lies in it.
    pub leaf_bundles: bool,
    /// Pictures go to a folder that the site itself names: a bundle keeps none.
    pub settled_place: bool,
    /// How the picture is shown in the body as well.
    pub embed: Embed,
    /// How it keeps languages apart.
    pub languages: Languages,
    /// The site's own address, or the path of it, where the configuration says it.
    pub address: Option<String>,
    /// What the configuration calls the site, for its readers.
    pub title: Option<String>,
    /// Whether an address in the text is published as it stands, without the path of the site's own in front.
    pub bare_text: bool,
    /// What the configuration says in the name of posts, where sections can do so too.
    pub cascade: Option<SiteCascade>,
    /// Folders that the configuration publishes at the root of the site, the one for pictures first; empty where they
    /// are the usual ones.
    pub at_root: Vec<String>,
    /// The place that themes take for granted, and the one that the configuration has instead.
    pub instead: Option<(Place, Place)>,
    /// Whether nothing but posts lies at the globs, dated or not.
    pub only_posts: bool,
}

impl Defaults {
    /// The most common answers, which the methods override.
    fn new(reader: Reader, posts: &[&str], dir: &str, value: &str) -> Self {
        Self {
            dialect: Dialect { reader, ..Dialect::default() },
            posts: posts.iter().map(|&glob| glob.to_owned()).collect(),
            field: Some(Field::text("image", None)),
            place: Place::new(dir, value),
            bundle: None,
            leaf_bundles: false,
            settled_place: false,
            embed: Embed::None,
            languages: Languages::default(),
            address: None,
            title: None,
            bare_text: false,
            cascade: None,
            at_root: Vec::new(),
            instead: None,
            only_posts: false,
        }
    }

    fn field(mut self, path: &str, alt: Option<&str>) -> Self {
        self.field = Some(Field::text(path, alt));
        self
    }

    fn list(mut self, path: &str) -> Self {
        self.field = Some(Field { path: path.to_owned(), alt: None, list: true });
        self
    }

    fn bundle(mut self, value: &str) -> Self {
        self.bundle = Some(value.to_owned());
        self
    }

    fn titled(mut self, title: FileTitle) -> Self {
        self.dialect.file_title = title;
        self
    }

    /// Dates without an offset are of the zone of this name; one that nobody knows says nothing.
    fn in_zone(mut self, name: Option<&str>) -> Self {
        self.dialect.zone = name.and_then(Zone::named).unwrap_or(Zone::UTC);
        self
    }

    /// The site is called so; an empty title is none.
    fn called(mut self, title: Option<&str>) -> Self {
        self.title = title.map(|title| one_line(title).trim().to_owned()).filter(|title| !title.is_empty());
        self
    }

    fn embed(mut self, embed: Embed) -> Self {
        self.embed = embed;
        self
    }

    /// The embed alone shows the picture.
    fn embed_only(mut self, embed: Embed) -> Self {
        self.field = None;
        self.embed(embed)
    }

    /// The globs of a site that lies in `folder` of the root.
    pub(super) fn globs(&self, folder: &str) -> Vec<String> {
        let globs = self.posts.iter().map(|glob| match glob.strip_prefix('!') {
            Some(glob) => format!("!{}", join(folder, glob)),
            None => join(folder, glob),
        });
        globs.collect()
    }
}

/// The first text that a script gives to a key or constant of this name: `title: 'A'`, `TITLE = "A"`. The script is not
/// run, so what it computes is not known.
fn quoted(script: &str, name: &str) -> Option<String> {
    let lines = script.lines().filter(|line| !line.trim_start().starts_with(['/', '*']));
    lines.into_iter().find_map(|line| {
        let (before, after) = line.split_once(name)?;
        let is_part = before.ends_with(|c: char| c.is_alphanumeric() || c == '_');
        let value = after
            .trim_start_matches(['"', '\''])
            .trim_start()
            .strip_prefix([':', '='])
            .filter(|_| !is_part)?;
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '`' | '"' | '\''))?;
        value[1..].split_once(quote).map(|(text, _)| text.to_owned()).filter(|text| !text.contains("${"))
    })
}

/// A folder of the site as its configuration names it, empty for the site itself; nothing where that lies outside, or
/// is computed.
fn folder_of_config(text: &str) -> Option<String> {
    let folder = plain(text);
    let is_strange = text.starts_with('/') || folder.contains(['$', '{', '\\', '*', ':']);
    (!is_strange && !folder.split('/').any(|part| part == "..")).then_some(folder)
}

/// Names of the generators that are served, as the input `site` takes them.
pub fn names() -> impl Iterator<Item = &'static str> {
    let served = ALL.iter().chain([&GENERIC]).filter(|generator| generator.refusal().is_none());
    served.map(|generator| generator.name())
}

/// Names of the themes that are known of the generator of this name, in lower case.
pub fn theme_names(generator: &str) -> impl Iterator<Item = &'static str> {
    let rows = named(generator).map(|generator| generator.themes()).unwrap_or_default();
    theme::names(rows).into_iter()
}

/// The generator of this name.
pub(super) fn named(name: &str) -> Option<&'static dyn Generator> {
    ALL.into_iter().chain([GENERIC]).find(|generator| generator.name() == name)
}

/// What a folder is taken for.
#[derive(Debug)]
pub(super) struct Recognised {
    /// Who builds it.
    pub generator: &'static dyn Generator,
    pub certainty: Certainty,
    /// Names of others that are as certain of it; none where the user says who it is.
    pub rivals: Vec<&'static str>,
}

/// The generator that the user wants, where it knows the folder, else the one that is surest of it.
pub(super) fn recognise(site: &SiteFolder<'_>, wanted: Option<&dyn Generator>) -> Option<Recognised> {
    let found: Vec<_> =
        ALL.into_iter().filter_map(|generator| Some((generator, generator.detect(site)?))).collect();
    let is_wanted = |name: &str| wanted.is_some_and(|wanted| wanted.name() == name);
    // Of two that are equally sure the name decides, so that it is the same one in every run.
    let (generator, certainty) = *found.iter().min_by_key(|(generator, certainty)| {
        let name = generator.name();
        (!is_wanted(name), Reverse(*certainty), generator.is_for_apps(), generator.is_of_an_editor(), name)
    })?;
    let is_rival = |(other, sure): &&(&'static dyn Generator, Certainty)| {
        *sure == Certainty::Certain && other.name() != generator.name() && !other.is_of_an_editor()
    };
    let rivals = found.iter().filter(|_| wanted.is_none() && certainty == Certainty::Certain);
    let rivals = rivals.filter(is_rival).map(|(other, _)| other.name()).collect();
    Some(Recognised { generator, certainty, rivals })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn each_generator_is_known_by_its_markers() {
        for (files, expected) in [
            (vec![("hugo.toml", "")], "hugo"),
            (vec![("config.toml", "baseURL = 'x'")], "hugo"),
            (vec![("config.yaml", ""), ("archetypes/default.md", "")], "hugo"),
            (vec![("config.toml", "base_url = 'x'"), ("templates/a.html", "")], "zola"),
            (vec![("config.toml", "base_url = 'x'"), ("themes/a/theme.toml", "")], "zola"),
            (
                vec![("_config.yml", ""), ("source/_posts/a.md", ""), ("package.json", "{\"hexo\":{}}")],
                "hexo",
            ),
            (vec![("_config.yml", ""), ("_posts/2026-01-01-a.md", "")], "jekyll"),
            (vec![("_config.yml", ""), ("Gemfile", "gem 'github-pages'")], "jekyll"),
            (vec![("astro.config.mjs", "")], "astro"),
            (vec![("docusaurus.config.ts", "")], "docusaurus"),
            (vec![(".eleventy.js", "")], "eleventy"),
            (vec![(".obsidian/app.json", "")], "obsidian"),
            (vec![("_config.yml", ""), ("tech/_posts/2026-01-01-a.md", "")], "jekyll"),
            (vec![("quartz.config.ts", ""), (".obsidian/app.json", "")], "quartz"),
            (vec![("gatsby-config.js", "")], "gatsby"),
            (vec![("docs/.vitepress/config.mts", "")], "vitepress"),
            (vec![("nuxt.config.ts", "modules: ['@nuxt/content']")], "nuxt"),
            (vec![("mkdocs.yml", "plugins:\n  - search\n  - blog\n")], "mkdocs"),
            (vec![("mkdocs.yml", "plugins: [search] # blog\n")], "generic"),
            (vec![("conf.py", "BLOG_TITLE = 'x'\n")], "nikola"),
            (vec![("conf.py", "extensions = ['ablog']\n")], "ablog"),
            (vec![("conf.py", "extensions = ['myst_parser'] # ablog\n")], "generic"),
            (vec![("next.config.js", "")], "next"),
            (vec![("pelicanconf.py", "")], "pelican"),
            (vec![("package.json", "{}")], "generic"),
        ] {
            let root = tree(&files);
            let site = ["", "docs"]
                .into_iter()
                .find_map(|folder| recognise(&SiteFolder::new(root.path(), folder), None));
            let name = site.as_ref().map_or("generic", |site| site.generator.name());
            assert_eq!(name, expected, "{files:?}");
            assert!(site.is_none_or(|site| site.rivals.is_empty()), "{files:?}");
        }
    }

    #[test]
    fn of_two_that_are_certain_of_a_folder_the_user_has_the_last_word() {
        let named = |files: &[(&str, &str)], wanted: Option<&str>| {
            let root = tree(files);
            let wanted = wanted.and_then(super::named);
            let site = recognise(&SiteFolder::new(root.path(), ""), wanted).unwrap();
            (site.generator.name(), site.rivals)
        };
        let both = [("hugo.toml", ""), ("astro.config.mjs", "")];
        assert_eq!(named(&both, None), ("astro", vec!["hugo"]));
        assert_eq!(named(&both, Some("hugo")), ("hugo", vec![]));
        // Whoever writes the notes of a site with an editor builds it with something else.
        assert_eq!(named(&[("hugo.toml", ""), (".obsidian/app.json", "{}")], None), ("hugo", vec![]));
        let vault = [("next.config.js", ""), (".obsidian/app.json", "{}")];
        assert_eq!(named(&vault, None), ("obsidian", vec!["next"]));
        // Hugo's configuration had this name as well.
        let zola = [("config.toml", "base_url = 'x'"), ("themes/a/theme.toml", "")];
        assert_eq!(named(&zola, None), ("zola", vec![]));
    }

    #[test]
    fn every_generator_has_a_name_of_its_own() {
        let mut all: Vec<_> = names().collect();
        all.sort_unstable();
        let documented = "astro docusaurus eleventy gatsby generic hexo hugo jekyll mkdocs next nikola \
                          nuxt obsidian pelican quartz vitepress zola";
        assert_eq!(all.join(" "), documented);
    }

    #[test]
    fn a_site_without_a_field_shows_its_picture_in_the_body() {
        let root = tree(&[]);
        let site = SiteFolder::new(root.path(), "");
        for generator in ALL.into_iter().chain([GENERIC]) {
            let defaults = generator.defaults(&site);
            let refused = generator.refusal().is_some();
            assert!(
                refused || defaults.field.is_some() || defaults.embed != Embed::None,
                "{}",
                generator.name()
            );
        }
    }

    #[test]
    fn the_title_of_a_site_is_what_its_configuration_calls_it() {
        let python = "SITENAME = 'The Fog'\nBLOG_TITLE = \"The Fog\"\n";
        for (generator, file, words) in [
            ("hugo", "hugo.toml", "title = 'The Fog'\n"),
            ("hugo", "config.yaml", "title: Other\nlanguages:\n  en:\n    title: The Fog\n"),
            ("jekyll", "_config.yml", "title: \"The Fog\"\n"),
            ("hexo", "_config.yml", "title: The Fog\n"),
            ("zola", "config.toml", "base_url = 'x'\ntitle = \"The Fog\"\n"),
            ("mkdocs", "mkdocs.yml", "site_name: The Fog\n"),
            ("pelican", "pelicanconf.py", python),
            ("nikola", "conf.py", python),
            (
                "docusaurus",
                "docusaurus.config.ts",
                "const config = {\n  // title: 'Old',\n  subtitle: 'x',\n  title: 'The Fog',",
            ),
            ("quartz", "quartz.config.ts", "configuration: {\n pageTitle: \"The Fog\",\n"),
            ("gatsby", "gatsby-config.js", "siteMetadata: {\n    title: `The Fog`,"),
            ("vitepress", ".vitepress/config.mts", "export default defineConfig({ title: \"The Fog\" })"),
            ("eleventy", "_data/metadata.json", "{\"title\": \"The Fog\"}"),
            ("astro", "src/consts.ts", "export const SITE_TITLE = 'The Fog';"),
            ("astro", "src/config.ts", "export const SITE = {\n  title: \"The Fog\","),
        ] {
            let root = tree(&[(file, words)]);
            let site = named(generator).unwrap().defaults(&SiteFolder::new(root.path(), ""));
            assert_eq!(site.title.as_deref(), Some("The Fog"), "{generator} {file}");
            let none = tree(&[(file, "")]);
            let without = named(generator).unwrap().defaults(&SiteFolder::new(none.path(), ""));
            assert_eq!(without.title, None, "{generator}");
        }
        for computed in ["title: `${name}`", "title: name", "title, subtitle: 'x'", "/* title: 'x' */"] {
            assert_eq!(quoted(computed, "title"), None, "{computed}");
        }
    }
}
