//! Jekyll, on GitHub Pages too.

use super::{Certainty, Defaults, Generator};
use crate::post::FileTitle;
use crate::post::front_matter::Reader;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::Place;

#[derive(Debug)]
pub(super) struct Jekyll;

impl Generator for Jekyll {
    fn name(&self) -> &'static str {
        "jekyll"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let gem = site.says("Gemfile", "jekyll") || site.says("Gemfile", "github-pages");
        if site.any("_config", &DATA).is_some() && gem {
            return Some(Certainty::Certain);
        }
        // GitHub Pages builds a `_posts` folder even without a configuration.
        site.has("_posts").then_some(Certainty::Likely)
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let defaults =
            Defaults::new(Reader::Jekyll, &["**/_posts/**"], "assets/images", "/assets/images/{file}");
        let mut defaults = defaults.field("image", Some("image_alt")).titled(FileTitle::Titleized);
        defaults.dialect.dated_names = true;
        if site.has_folder("assets/img") && !site.has_folder("assets/images") {
            defaults.place = Place::new("assets/img", "/assets/img/{file}");
        }
        defaults
    }
}
