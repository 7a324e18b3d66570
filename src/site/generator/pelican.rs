//! Pelican.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;

#[derive(Debug)]
pub(super) struct Pelican;

impl Generator for Pelican {
    fn name(&self) -> &'static str {
        "pelican"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.has("pelicanconf.py"))
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let posts = ["content/**", "!content/pages/**"];
        Defaults::new(Reader::Pelican, &posts, "content/images", "images/{file}")
    }
}
