//! Markdown of which nobody knows what builds it.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::target::Place;

#[derive(Debug)]
pub(super) struct Generic;

const POSTS: [&str; 4] = ["content/**", "posts/**", "_posts/**", "blog/**"];

impl Generator for Generic {
    fn name(&self) -> &'static str {
        "generic"
    }

    fn detect(&self, _site: &SiteFolder<'_>) -> Option<Certainty> {
        None
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::Unknown, &POSTS, "static/images", "/images/{file}");
        let mut defaults = defaults.field("image", Some("image_alt"));
        if !site.has_folder("static") && site.has_folder("public") {
            defaults.place = Place::new("public/images", "/images/{file}");
        } else if !site.has_folder("static") && site.has_folder("assets") {
            defaults.place = Place::new("assets/images", "/assets/images/{file}");
        }
        defaults
    }
}
