//! Pelican.

use super::{Certainty, Defaults, Generator, folder_of_config};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;
use crate::site::target::{Place, join};
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
        let script = site.text("pelicanconf.py");
        let PelicanFolders { posts, pictures, within } = PelicanFolders::of(&script, site);
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        let zone = python::texts(&script, "TIMEZONE");
        let (dir, value) = (join(&within, &pictures), join(&pictures, "{file}"));
        let defaults = Defaults::new(Reader::Pelican, &posts, &dir, &value);
        let title = python::texts(&script, "SITENAME");
        let mut defaults =
            defaults.in_zone(zone.first().map(String::as_str)).called(title.first().map(String::as_str));
        // Unless it is told otherwise it publishes what is dated after today.
        defaults.at_root = vec![within];
        defaults.instead = Some((Place::new("content/images", "images/{file}"), Place::new(&dir, &value)));
        defaults.dialect.builds.future = !python::is(&script, "WITH_FUTURE_DATES", "False");
        defaults
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

/// Where a site keeps what it publishes.
struct PelicanFolders {
    /// Globs of the posts.
    posts: Vec<String>,
    /// That of pictures, as seen from the one that holds everything.
    pictures: String,
    /// The folder that holds everything.
    within: String,
}

impl PelicanFolders {
    /// Parts of the names of folders that hold pictures, the most telling first.
    const PICTURES: [&'static str; 7] = ["image", "img", "pic", "photo", "media", "asset", "static"];

    fn of(script: &str, site: &SiteFolder<'_>) -> Self {
        let named = |setting: &str, usual: &str| -> Vec<String> {
            let texts = python::texts(script, setting);
            let folders: Vec<String> = texts.iter().filter_map(|text| folder_of_config(text)).collect();
            if folders.is_empty() { vec![usual.to_owned()] } else { folders }
        };
        // Without a setting the command names the folder, which is called so by the program that starts a site.
        let within = named("PATH", "content").into_iter().next().filter(|folder| site.has_folder(folder));
        let within = within.unwrap_or_else(|| "content".to_owned());
        let below = |folder: &str| if folder.is_empty() { within.clone() } else { join(&within, folder) };
        let glob = |folder: &str| join(&globset::escape(&below(folder)), "**");
        let mut posts: Vec<String> = named("ARTICLE_PATHS", "").iter().map(|folder| glob(folder)).collect();
        let excluded =
            named("PAGE_PATHS", "pages").into_iter().chain(python::texts(script, "ARTICLE_EXCLUDES"));
        posts
            .extend(excluded.filter(|folder| !folder.is_empty()).map(|folder| format!("!{}", glob(&folder))));
        if within.is_empty() {
            // Then what was built lies among what is published, and so does the theme.
            let others = named("OUTPUT_PATH", "output").into_iter().chain(named("THEME", "theme"));
            posts.extend(others.filter(|folder| !folder.is_empty()).map(|folder| format!("!{folder}/**")));
        }
        let rank = |folder: &str| Self::PICTURES.iter().position(|part| folder.to_lowercase().contains(part));
        let mut copied = named("STATIC_PATHS", "images");
        copied.sort_by_key(|folder| rank(folder).unwrap_or(usize::MAX));
        let copied = copied.into_iter().next().unwrap_or_default();
        let pictures =
            if rank(&copied).is_some_and(|rank| rank < 4) { copied } else { join(&copied, "images") };
        Self { posts, pictures, within }
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
