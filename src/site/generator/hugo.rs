//! Hugo.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::configuration;
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

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let defaults = Defaults::new(Reader::Hugo, &["content/**"], "static/images", "/images/{file}");
        let mut defaults = defaults.list("images").bundle("{file}");
        let stems = ["hugo", "config", "config/_default/hugo", "config/_default/config"];
        let config = stems.iter().find_map(|stem| configuration::any(site, stem)).unwrap_or_default();
        defaults.dialect.future =
            configuration::at(&config, &["buildFuture"]).and_then(Value::as_bool) == Some(true);
        defaults.address = configuration::text(&config, &["baseURL"]).map(str::to_owned);
        Defaults { leaf_bundles: true, ..defaults }
    }
}
