//! Pelican.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;
use crate::site::templates::{TemplateFolder, TemplateRules};
use crate::site::theme::naming::python_theme;
use crate::site::theme::{self, Row};

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

    fn themes(&self) -> &'static [Row] {
        theme::others::PELICAN
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        python_theme(site, "pelicanconf.py", "notmyidea")
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            folders: template_folders(site),
            steps: |name| name.after(1).filter(|_| name.begins(&["article"])),
            ..TemplateRules::default()
        }
    }
}

/// The templates of a theme that lies in the site, and the site's own.
fn template_folders(site: &SiteFolder<'_>) -> Vec<TemplateFolder> {
    let text = site.text("pelicanconf.py");
    let named = text.lines().find_map(|line| line.strip_prefix("THEME")?.trim_start().strip_prefix('='));
    let named = named.and_then(|value| value.split(['"', '\'']).nth(1));
    let folder = named.map(|name| name.trim_start_matches("./").trim_end_matches('/'));
    let folder = folder.filter(|folder| !folder.is_empty() && !folder.starts_with(['/', '.']));
    let of_theme =
        folder.map(|folder| TemplateFolder { path: format!("{folder}/templates"), of_theme: true });
    let own = TemplateFolder { path: "templates".to_owned(), of_theme: false };
    of_theme.into_iter().chain([own]).collect()
}
