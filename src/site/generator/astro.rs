//! Astro.

use super::{Certainty, Defaults, Generator, quoted};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::schema::{self, Schema};
use crate::site::target::Place;
use crate::site::templates::{TemplateKind, TemplateRules};
use crate::site::theme::naming::package;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Astro;

const POSTS: [&str; 3] = [
    "src/content/{blog,blogs,post,posts,articles,news}/**",
    "src/data/{blog,posts}/**",
    "src/pages/{blog,posts}/**",
];

/// A plug-in with which documentation has a blog, in a folder of its own.
const STARLIGHT_BLOG: &str = "starlight-blog";

impl Generator for Astro {
    fn name(&self) -> &'static str {
        "astro"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.any("astro.config", &SCRIPT).is_some())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let Place { dir, value } = schema::base::public(site);
        let defaults = Defaults::new(Reader::Astro, &POSTS, &dir, &value);
        let mut defaults = defaults.field("heroImage", None).bundle("./{file}");
        defaults.address = schema::base::address(site);
        defaults.bare_text = true;
        let said = |stem, name| quoted(&site.text(&site.any(stem, &SCRIPT)?), name);
        let title = said("src/consts", "SITE_TITLE").or_else(|| said("src/config", "title"));
        defaults = defaults.called(title.as_deref());
        let config = site.any("astro.config", &SCRIPT);
        if package(site).iter().any(|name| name == STARLIGHT_BLOG) {
            let blogs = ["src/content/docs/blog/**", "src/content/docs/*/blog/**"];
            defaults.posts.extend(blogs.map(str::to_owned));
        }
        defaults.languages.main_is_bare = config.is_some_and(|config| site.says(&config, "locales"));
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::astro::THEMES
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        package(site)
    }

    fn schema(&self, site: &SiteFolder<'_>) -> Option<Schema> {
        schema::astro::read(site)
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            endings: &["astro", "tsx", "jsx", "vue", "svelte"],
            posts_are_layouts: true,
            kind: |name| name.is_page_of_a_post().then_some(TemplateKind::Post),
            modules: true,
            scripts: &["js", "mjs", "ts"],
            ..TemplateRules::within(&["src"])
        }
    }
}
