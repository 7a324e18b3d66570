//! Hugo.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::post::path::is_within;
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::{join, plain};

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
        let stems = ["hugo", "config", "config/_default/hugo", "config/_default/config"];
        let config = stems.iter().find_map(|stem| configuration::any(site, stem)).unwrap_or_default();
        let languages = configuration::any(site, "config/_default/languages").unwrap_or_default();
        let languages = configuration::at(&config, &["languages"]).cloned().unwrap_or(languages);
        let main = configuration::text(&config, &["defaultContentLanguage"]).unwrap_or("en");
        let folders = content_folders(&languages, main);
        let content = plain(configuration::text(&config, &["contentDir"]).unwrap_or("content"));
        let beside = folders.iter().filter(|folder| !is_within(folder, &content));
        let posts: Vec<String> =
            [&content].into_iter().chain(beside).map(|folder| join(folder, "**")).collect();
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        let defaults = Defaults::new(Reader::Hugo, &posts, "static/images", "/images/{file}");
        let defaults = defaults.list("images").bundle("{file}");
        let mut defaults = defaults.in_zone(configuration::text(&config, &["timeZone"]));
        defaults.languages.folders = folders;
        defaults.dialect.future =
            configuration::at(&config, &["buildFuture"]).and_then(Value::as_bool) == Some(true);
        defaults.address = configuration::text(&config, &["baseURL"]).map(str::to_owned);
        Defaults { leaf_bundles: true, ..defaults }
    }
}

/// The folders of the languages that have one, that of the main language first.
fn content_folders(languages: &Value, main: &str) -> Vec<String> {
    let all = languages.as_object().into_iter().flatten();
    let mut folders: Vec<(bool, String)> = all
        .filter_map(|(language, of)| {
            let folder = plain(configuration::text(of, &["contentDir"])?);
            (!folder.is_empty()).then(|| (!language.eq_ignore_ascii_case(main), folder))
        })
        .collect();
    folders.sort();
    folders.dedup_by(|(_, later), (_, earlier)| later == earlier);
    folders.into_iter().map(|(_, folder)| folder).collect()
}
