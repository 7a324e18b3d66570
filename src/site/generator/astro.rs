//! Astro.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::Place;

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
        if schema_imports_images(site) {
            // `image()` in the schema takes a path relative to the post and refuses any other.
            defaults.place = Place::new("src/assets", "{relative}");
        }
        defaults
    }
}

fn schema_imports_images(site: &SiteFolder<'_>) -> bool {
    let files = ["src/content.config", "src/content/config"];
    let ends = SCRIPT.iter().filter(|end| **end != "cjs");
    ends.flat_map(|end| files.map(|stem| format!("{stem}.{end}"))).any(|file| site.says(&file, "image()"))
}
