//! Zola, which takes keys of one's own only below `extra`.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;

#[derive(Debug)]
pub(super) struct Zola;

impl Generator for Zola {
    fn name(&self) -> &'static str {
        "zola"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.has("zola.toml") || site.says("config.toml", "base_url"))
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::Zola, &["content/**"], "static/img", "/img/{file}");
        let defaults = defaults.field("extra.image", Some("extra.image_alt")).bundle("{file}");
        Defaults { leaf_bundles: true, ..defaults }
    }
}
