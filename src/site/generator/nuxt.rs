//! Nuxt with its module Content.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::schema::{Schema, contentlayer};

#[derive(Debug)]
pub(super) struct Nuxt;

/// A name that begins with `_` or `.` makes a part of another page.
const POSTS: [&str; 3] = ["content/**", "!content/**/_*", "!content/**/_*/**"];

impl Generator for Nuxt {
    fn name(&self) -> &'static str {
        "nuxt"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let config = site.any("nuxt.config", &SCRIPT)?;
        let content = "@nuxt/content";
        Certainty::certain_if(site.says(&config, content) || site.says("package.json", content))
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        // Its own reader differs from gray-matter's in what follows the dashes: only where both agree.
        Defaults::new(Reader::Unknown, &POSTS, "public/images", "/images/{file}")
    }

    fn schema(&self, site: &SiteFolder<'_>) -> Option<Schema> {
        contentlayer::nuxt(site)
    }
}
