//! Hexo.

use serde_json::Value;

use super::{Certainty, Defaults, Generator, folder_of_config};
use crate::post::front_matter::Reader;
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::join;
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
        let source = || source(&configured(site));
        Certainty::certain_if(scaffolds && site.has(&join(&source(), "_posts")))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let config = configured(site);
        let source = source(&config);
        let (posts, images) = (join(&source, "_posts/**"), join(&source, "images"));
        let mut defaults = Defaults::new(Reader::Hexo, &[&posts], &images, "/images/{file}");
        defaults = defaults.field("cover", None).called(configuration::text(&config, &["title"]));
        defaults.at_root = vec![source];
        defaults = defaults.in_zone(configuration::text(&config, &["timezone"]));
        defaults.only_posts = true;
        // Posts of the future are built unless the configuration says otherwise.
        defaults.dialect.builds.future = !configuration::is(&config, &["future"], false);
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::hexo::THEMES
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = configured(site);
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

fn configured(site: &SiteFolder<'_>) -> Value {
    configuration::any_with_tabs(site, "_config").unwrap_or_default()
}

/// The folder of all that is published, posts too.
fn source(config: &Value) -> String {
    let named = configuration::text(config, &["source_dir"]).and_then(folder_of_config);
    named.unwrap_or_else(|| "source".to_owned())
}
