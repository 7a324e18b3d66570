//! Hugo.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{DATA, SiteFolder};

#[derive(Debug)]
pub(super) struct Hugo;

impl Generator for Hugo {
    fn name(&self) -> &'static str {
        "hugo"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        if site.any("hugo", &DATA).is_some() || site.has("config/_default") {
            return Some(Certainty::Certain);
        }
        // Until 2022 the file was `config.*`, a name that others use as well.
        site.any("config", &DATA)?;
        let folders = site.has("archetypes") || site.has("layouts") || site.has("themes");
        let says =
            || DATA.iter().any(|end| site.text(&format!("config.{end}")).to_lowercase().contains("baseurl"));
        Certainty::certain_if(folders || says())
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::Hugo, &["content/**"], "static/images", "/images/{file}");
        Defaults { leaf_bundles: true, ..defaults.list("images").bundle("{file}") }
    }
}
