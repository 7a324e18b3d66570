//! Astro.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};

#[derive(Debug)]
pub(super) struct Astro;

const POSTS: [&str; 3] = [
    "src/content/{blog,blogs,post,posts,articles,news}/**",
    "src/data/{blog,posts}/**",
    "src/pages/{blog,posts}/**",
];

impl Generator for Astro {
    fn name(&self) -> &'static str {
        "astro"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.any("astro.config", &SCRIPT).is_some())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::Astro, &POSTS, "public/images", "/images/{file}");
        let mut defaults = defaults.field("heroImage", None).bundle("./{file}");
        let config = site.any("astro.config", &SCRIPT);
        defaults.languages.main_is_bare = config.is_some_and(|config| site.says(&config, "locales"));
        defaults
    }
}
