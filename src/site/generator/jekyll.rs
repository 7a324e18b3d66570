//! Jekyll, on GitHub Pages too.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::FileTitle;
use crate::post::front_matter::Reader;
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::{Place, join, plain};

#[derive(Debug)]
pub(super) struct Jekyll;

/// How deep below the site a category may keep its `_posts`.
const DEEPEST: usize = 4;

impl Generator for Jekyll {
    fn name(&self) -> &'static str {
        "jekyll"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        if site.any("_config", &DATA).is_some() {
            let gem = site.says("Gemfile", "jekyll") || site.says("Gemfile", "github-pages");
            // `source/_posts` is where Hexo keeps its posts.
            let posts = || !site.has("source/_posts") && site.has_folder_below("_posts", DEEPEST);
            return Certainty::certain_if(gem || posts());
        }
        // GitHub Pages builds a `_posts` folder even without a configuration.
        site.has("_posts").then_some(Certainty::Likely)
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let config = configuration::any(site, "_config").unwrap_or_default();
        let text = |key| configuration::text(&config, &[key]).unwrap_or_default();
        let source = plain(text("source"));
        let dir = |name: &str| join(&source, name);
        let mut defaults = Defaults::new(
            Reader::Jekyll,
            &[&dir("**/_posts/**")],
            &dir("assets/images"),
            "/assets/images/{file}",
        );
        defaults = defaults.field("image", Some("image_alt")).titled(FileTitle::Titleized);
        defaults = defaults.in_zone(configuration::text(&config, &["timezone"]));
        defaults.dialect.dated_names = true;
        defaults.dialect.future =
            configuration::at(&config, &["future"]).and_then(Value::as_bool) == Some(true);
        defaults.posts.extend(excluded(&config, &source));
        if site.has_folder(&dir("assets/img")) && !site.has_folder(&dir("assets/images")) {
            defaults.place = Place::new(&dir("assets/img"), "/assets/img/{file}");
        }
        let address = format!("{}/{}", text("url"), plain(text("baseurl")));
        defaults.address = Some(address).filter(|address| address != "/");
        defaults
    }
}

/// Globs that leave out what the configuration excludes: paths below the source, a folder with all that is
/// in it.
fn excluded(config: &Value, source: &str) -> Vec<String> {
    let names = configuration::at(config, &["exclude"]).map(configuration::texts).unwrap_or_default();
    let paths = names.into_iter().map(plain).filter(|path: &String| !path.is_empty());
    paths
        .flat_map(|path| [format!("!{}", join(source, &path)), format!("!{}/**", join(source, &path))])
        .collect()
}
