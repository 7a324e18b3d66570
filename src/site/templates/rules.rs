//! What there is to know of a generator before its templates can be read: where they lie, how they are written,
//! which of them make the page of a post, and how they call the post.

use std::collections::BTreeSet;

use super::super::folder::SiteFolder;
use super::super::target::Place;
use super::kind::{TemplateKind, TemplateName};
use super::lexer::Language;
use super::roots::{self, PostReference};

/// A folder of templates.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::site) struct TemplateFolder {
    /// Its path below the site.
    pub path: String,
    /// Whether it comes with the theme.
    pub of_theme: bool,
}

/// How the templates of a generator are read.
#[derive(Debug, Clone)]
pub(in crate::site) struct TemplateRules {
    /// Endings of their names.
    pub endings: &'static [&'static str],
    /// What one that ends with `html` is written in.
    pub html: Language,
    /// Where they lie, the site's own first; without a folder there are none.
    pub folders: Vec<TemplateFolder>,
    /// Layouts that the configuration gives to posts.
    pub layouts: Vec<String>,
    /// A folder of nothing but parts.
    pub parts: Option<&'static str>,
    /// Whether a name with `post` in it says so of layouts only.
    pub posts_are_layouts: bool,
    /// What a template is for by a name that says so with this generator only.
    pub kind: fn(&TemplateName<'_>) -> Option<TemplateKind>,
    /// Stem of templates that are for posts where no other is.
    pub last_resort: Option<&'static str>,
    /// The steps from the post to what a name is, where it is something of the post.
    pub steps: fn(&PostReference<'_>) -> Option<Vec<String>>,
    /// Tags that give a field to link previews.
    pub preview_tags: &'static [(&'static str, &'static str)],
    /// Where the picture of a bundle goes, if templates do not look for it beside the post; nothing where bundles
    /// keep theirs.
    pub place: Option<Place>,
    /// Where a picture goes whose value templates make an address of the site.
    pub address: Place,
    /// Whether a parameter of the site is switched on.
    pub is_on: fn(&SiteFolder<'_>, &str) -> bool,
    /// Names of what the configuration has switched off, as templates ask for it.
    pub off: Vec<String>,
    /// Whether a list that shows pictures may well be one of other pages than posts.
    pub lists_of_others: bool,
    /// Whether folders of templates are for posts of the section that is called so.
    pub by_section: bool,
    /// Whether a part that is not in the repository is a module, which is not a template.
    pub modules: bool,
    /// Whether nothing but templates that name each other, and that are there, makes a page.
    pub whole: bool,
    /// Endings of what else may read a field for a page, where nothing but the site's own code makes it; none where much of
    /// a page comes from packages.
    pub scripts: &'static [&'static str],
}

impl Default for TemplateRules {
    fn default() -> Self {
        Self {
            endings: &["html", "jinja", "j2", "jinja2"],
            html: Language::Jinja,
            folders: Vec::new(),
            layouts: Vec::new(),
            parts: None,
            posts_are_layouts: false,
            kind: |_| None,
            last_resort: None,
            steps: roots::of_script,
            preview_tags: &[],
            place: None,
            address: Place::new("static/images", "images/{file}"),
            is_on: |_, _| false,
            off: Vec::new(),
            lists_of_others: false,
            by_section: false,
            modules: false,
            whole: false,
            scripts: &[],
        }
    }
}

impl TemplateRules {
    /// Templates in these folders of the site.
    pub(in crate::site) fn within(folders: &[&str]) -> Self {
        let of = |path: &&str| TemplateFolder { path: (*path).to_owned(), of_theme: false };
        Self { folders: folders.iter().map(of).collect(), ..Self::default() }
    }

    /// Those in this folder of the themes that the site uses as well.
    pub(in crate::site) fn and_in_themes(mut self, site: &SiteFolder<'_>, folder: &str) -> Self {
        let of = |theme: String| TemplateFolder { path: format!("themes/{theme}/{folder}"), of_theme: true };
        self.folders.extend(themes(site).into_iter().map(of));
        self
    }
}

/// Names of the themes that the site uses, of those that are there.
fn themes(site: &SiteFolder<'_>) -> Vec<String> {
    let there: BTreeSet<String> = site.folders_in("themes").into_iter().collect();
    let files = [
        "hugo.toml",
        "hugo.yaml",
        "hugo.yml",
        "hugo.json",
        "config.toml",
        "config.yaml",
        "config.yml",
        "config.json",
        "config/_default/hugo.toml",
        "config/_default/hugo.yaml",
        "config/_default/config.toml",
        "config/_default/config.yaml",
        "config/_default/module.toml",
        "_config.yml",
        "zola.toml",
    ];
    let mut named = Vec::new();
    let mut open = false;
    for file in files {
        for line in site.text(file).lines() {
            let line = line.trim_start();
            let key = line.trim_start_matches(['"', '\'']);
            let speaks = key.starts_with("theme") || key.trim_start_matches("- ").starts_with("path");
            open = speaks || (open && line.starts_with('-'));
            for word in
                line.split(|part: char| part.is_whitespace() || "\"'[]{},:=/".contains(part)).filter(|_| open)
            {
                if there.contains(word) && !named.iter().any(|known| known == word) {
                    named.push(word.to_owned());
                }
            }
        }
    }
    match (named.is_empty(), there.len()) {
        (true, 1) => there.into_iter().collect(),
        _ => named,
    }
}
