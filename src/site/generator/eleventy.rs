//! Eleventy.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};

#[derive(Debug)]
pub(super) struct Eleventy;

const POSTS: [&str; 5] = ["content/**", "src/{posts,blog,content}/**", "posts/**", "blog/**", "_posts/**"];

impl Generator for Eleventy {
    fn name(&self) -> &'static str {
        "eleventy"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.any("eleventy.config", &SCRIPT).is_some() || site.has(".eleventy.js"))
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::GrayMatter, &POSTS, "public/img", "/img/{file}");
        defaults.field("image", Some("image_alt"))
    }
}
