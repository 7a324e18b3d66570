//! Zola, which takes keys of one's own only below `extra`.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::configuration;
use crate::site::folder::SiteFolder;
use crate::site::target::Place;
use crate::site::templates::{TemplateKind, TemplateRules};
use crate::site::theme::naming::owned;
use crate::site::theme::{self, Row};

/// Where pictures of the whole site lie, and how a post names one.
const FOLDER: &str = "static/img";
const ADDRESS: &str = "/img/{file}";

#[derive(Debug)]
pub(super) struct Zola;

impl Generator for Zola {
    fn name(&self) -> &'static str {
        "zola"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.has("zola.toml") || site.says("config.toml", "base_url"))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let config = configured(site).unwrap_or_default();
        let address = configuration::text(&config, &["base_url"]).map(str::to_owned);
        let defaults = Defaults::new(Reader::Zola, &["content/**"], FOLDER, ADDRESS);
        let defaults = defaults.field("extra.image", Some("extra.image_alt")).bundle("{file}");
        let defaults = defaults.called(configuration::text(&config, &["title"]));
        let mut defaults = Defaults { leaf_bundles: true, address, bare_text: true, ..defaults };
        // It knows no future: every page is built.
        defaults.dialect.builds.future = true;
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::ZOLA
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = configured(site);
        let theme = config.as_ref().and_then(|config| configuration::at(config, &["theme"]));
        theme.map(owned).unwrap_or_default()
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            kind: |name| (name.name == "page.html").then_some(TemplateKind::Post),
            // Cards of projects, which are pages like posts, are what most themes show pictures in.
            lists_of_others: true,
            address: Place::new(FOLDER, ADDRESS),
            whole: true,
            steps: |name| name.after(1).filter(|_| name.begins(&["page", "extra"]) || name.is(&["page"])),
            ..TemplateRules::within(&["templates"]).and_in_themes(site, "templates")
        }
    }
}

fn configured(site: &SiteFolder<'_>) -> Option<Value> {
    configuration::any(site, "zola").or_else(|| configuration::any(site, "config"))
}
