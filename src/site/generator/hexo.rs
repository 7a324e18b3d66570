//! Hexo.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::templates::TemplateRules;
use crate::site::theme::naming::package;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Hexo;

impl Generator for Hexo {
    fn name(&self) -> &'static str {
        "hexo"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        // Jekyll's configuration has the same name.
        site.any("_config", &DATA)?;
        let scaffolds = site.has("scaffolds") || site.says("package.json", "hexo");
        Certainty::certain_if(site.has("source/_posts") && scaffolds)
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let place = ("source/images", "/images/{file}");
        let mut defaults =
            Defaults::new(Reader::Hexo, &["source/_posts/**"], place.0, place.1).field("cover", None);
        let config = configuration::any(site, "_config").unwrap_or_default();
        defaults = defaults.in_zone(configuration::text(&config, &["timezone"]));
        // Posts of the future are built unless the configuration says otherwise.
        defaults.dialect.future =
            configuration::at(&config, &["future"]).and_then(Value::as_bool) != Some(false);
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::hexo::THEMES
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = configuration::any(site, "_config").unwrap_or_default();
        match configuration::text(&config, &["theme"]) {
            Some(theme) => vec![theme.to_owned()],
            None => package(site).into_iter().filter(|name| name.starts_with("hexo-theme-")).collect(),
        }
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            endings: &["ejs", "pug", "jade", "njk", "swig", "jsx"],
            steps: |name| name.after(1).filter(|_| name.begins(&["page"]) || name.begins(&["post"])),
            ..TemplateRules::default().and_in_themes(site, "layout")
        }
    }
}
