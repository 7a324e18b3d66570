//! Jekyll, on GitHub Pages too.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::post::{Builds, FileTitle};
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::{Place, join, plain};
use crate::site::templates::{Language, TemplateRules};
use crate::site::theme::{self, Row};

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
        defaults = defaults.in_zone(configuration::text(&config, &["timezone"])).called(Some(text("title")));
        defaults.dialect.dated_names = true;
        let is_on = |key| configuration::is(&config, &[key], true);
        defaults.only_posts = true;
        defaults.dialect.builds =
            Builds { future: is_on("future"), drafts: is_on("unpublished"), expired: false };
        defaults.posts.extend(excluded(&config, &source));
        if site.has_folder(&dir("assets/img")) && !site.has_folder(&dir("assets/images")) {
            defaults.place = Place::new(&dir("assets/img"), "/assets/img/{file}");
        }
        let address = format!("{}/{}", text("url"), plain(text("baseurl")));
        defaults.address = Some(address).filter(|address| address != "/");
        defaults.bare_text = true;
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::jekyll::THEMES
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = configuration::any(site, "_config").unwrap_or_default();
        let named = named(&config);
        if named.is_empty() { gems(&site.text("Gemfile")) } else { named }
    }

    fn keys(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = configuration::any(site, "_config").unwrap_or_default();
        let keys = || config.as_object().map(|members| members.keys().cloned().collect());
        if named(&config).is_empty() { keys().unwrap_or_default() } else { Vec::new() }
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        let config = configuration::any(site, "_config").unwrap_or_default();
        TemplateRules {
            endings: &["html", "liquid"],
            html: Language::Liquid,
            layouts: layouts(&config),
            parts: Some("_includes/"),
            steps: |name| name.after(1).filter(|_| name.begins(&["page"])),
            preview_tags: &[("seo", "image")],
            off: switched_off(&config),
            whole: !site.has_folder("_plugins"),
            ..TemplateRules::within(&TEMPLATES)
        }
    }
}

/// What the configuration has switched off, by the names that templates have for it.
fn switched_off(config: &Value) -> Vec<String> {
    let members = config.as_object().into_iter().flatten();
    members.filter(|(_, value)| **value == Value::Bool(false)).map(|(key, _)| format!("site.{key}")).collect()
}

/// Folders of templates.
const TEMPLATES: [&str; 6] =
    ["_layouts", "_includes", "src/_layouts", "src/_includes", "docs/_layouts", "docs/_includes"];

/// Themes that the configuration names.
fn named(config: &Value) -> Vec<String> {
    let of_key = |key| configuration::text(config, &[key]).map(str::to_owned);
    ["remote_theme", "theme"].into_iter().filter_map(of_key).collect()
}

/// Layouts that the configuration gives to posts, as in `defaults: [{values: {layout: post}}]`.
fn layouts(config: &Value) -> Vec<String> {
    let defaults = configuration::at(config, &["defaults"]).and_then(Value::as_array);
    let layouts =
        defaults.into_iter().flatten().filter_map(|item| configuration::text(item, &["values", "layout"]));
    layouts.filter(|name| !matches!(*name, "default" | "page" | "home")).map(str::to_owned).collect()
}

/// Gems of a `Gemfile`: `gem "minima", "~> 2.5"`.
fn gems(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("gem")?.trim_start_matches([' ', '\t', '(']);
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    names.map(str::to_owned).collect()
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn posts_have_the_layouts_of_the_defaults_in_any_form_of_the_configuration() {
        let yaml = "defaults:\n  - scope: {type: posts}\n    values: {layout: article}\n  - values:\n      layout: page\n";
        let toml = "[[defaults]]\n[defaults.values]\nlayout = 'article'\n";
        for (file, text) in [("_config.yml", yaml), ("_config.toml", toml)] {
            let blog = tempfile::tempdir().unwrap();
            std::fs::write(blog.path().join(file), text).unwrap();
            let site = SiteFolder::new(blog.path(), "");
            assert_eq!(Jekyll.templates(&site).layouts, ["article"], "{file}");
        }
        let of_another_key = serde_json::json!({"feed": {"layout": "feed"}});
        assert!(layouts(&of_another_key).is_empty());
    }
}
