//! Pelican.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;

#[derive(Debug)]
pub(super) struct Pelican;

impl Generator for Pelican {
    fn name(&self) -> &'static str {
        "pelican"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.has("pelicanconf.py"))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let posts = ["content/**", "!content/pages/**"];
        let zone = python::texts(&site.text("pelicanconf.py"), "TIMEZONE");
        let defaults = Defaults::new(Reader::Pelican, &posts, "content/images", "images/{file}");
        defaults.in_zone(zone.first().map(String::as_str))
    }
}
