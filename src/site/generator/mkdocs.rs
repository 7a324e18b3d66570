//! MkDocs with the blog of the theme Material. It has no field for a picture: the picture is embedded. The title
//! of a post may be its first heading.

use serde_json::Value;

use super::{Certainty, Defaults, Generator};
use crate::post::Builds;
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::configuration;
use crate::site::folder::SiteFolder;
use crate::site::target::{join, plain};
use crate::site::templates::{TemplateKind, TemplateRules};
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct MkDocs;

impl Generator for MkDocs {
    fn name(&self) -> &'static str {
        "mkdocs"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        // Without the plugin it builds documentation, which has no posts.
        Certainty::certain_if(config(site).is_some_and(|config| !blogs(&config).is_empty()))
    }

    fn has_no_posts(&self, site: &SiteFolder<'_>) -> bool {
        config(site).is_some_and(|config| blogs(&config).is_empty())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let folders = config(site).map(|config| folders(&config)).unwrap_or_default();
        let first = folders.first().map_or("docs/blog/posts", String::as_str);
        let globs: Vec<String> =
            folders.iter().map(|folder| format!("{}/**", globset::escape(folder))).collect();
        let globs: Vec<&str> = globs.iter().map(String::as_str).collect();
        let globs = if globs.is_empty() { ["docs/blog/posts/**"].as_slice() } else { &globs };
        // Files in the folder of the posts are copied, and links from page to file are followed. The front
        // matter may end with dots, as Jekyll's may.
        let images = join(first, "images");
        let mut defaults =
            Defaults::new(Reader::Jekyll, globs, &images, "{relative}").embed_only(Embed::Markdown);
        let config = config(site).unwrap_or_default();
        let is_on = |key: &str| blogs(&config).iter().any(|blog| configuration::is(blog, &[key], true));
        defaults = defaults.called(configuration::text(&config, &["site_name"]));
        defaults.only_posts = true;
        defaults.dialect.builds =
            Builds { future: !is_on("draft_if_future_date"), drafts: is_on("draft"), expired: false };
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::MKDOCS
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        let config = config(site).unwrap_or_default();
        let theme = configuration::at(&config, &["theme"]);
        let name = theme.and_then(|theme| theme.as_str().or_else(|| configuration::text(theme, &["name"])));
        name.map(str::to_owned).into_iter().collect()
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            kind: |name| (name.words.concat() == "blogpost").then_some(TemplateKind::Post),
            steps: |name| name.after(2).filter(|_| name.begins(&["page", "meta"])),
            ..TemplateRules::within(&["overrides", "docs/overrides"])
        }
    }
}

fn config(site: &SiteFolder<'_>) -> Option<Value> {
    let name = site.any("mkdocs", &["yml", "yaml"])?;
    configuration::read(site, &name)
}

/// The settings of each blog; a blog without settings has none.
fn blogs(config: &Value) -> Vec<&Value> {
    const NAMES: [&str; 2] = ["blog", "material/blog"];
    let of = |plugin: &'_ Value| plugin.as_str().is_some_and(|name| NAMES.contains(&name));
    match configuration::at(config, &["plugins"]) {
        Some(Value::Array(plugins)) => {
            let named = |plugin| NAMES.iter().find_map(|name| Value::get(plugin, name));
            let settings = plugins
                .iter()
                .filter_map(|plugin| if of(plugin) { Some(&Value::Null) } else { named(plugin) });
            settings.collect()
        }
        Some(plugins) => NAMES.iter().filter_map(|name| plugins.get(name)).collect(),
        None => Vec::new(),
    }
}

/// Folders of posts, one for each blog.
fn folders(config: &Value) -> Vec<String> {
    let docs = plain(configuration::text(config, &["docs_dir"]).unwrap_or("docs"));
    let folder = |blog: &Value| {
        let dir = plain(configuration::text(blog, &["blog_dir"]).unwrap_or("blog"));
        let posts =
            configuration::text(blog, &["post_dir"]).unwrap_or("{blog}/posts").replace("{blog}", &dir);
        join(&docs, &plain(&posts))
    };
    let folders = blogs(config).into_iter().map(folder);
    folders.filter(|folder| !folder.split('/').any(|part| part == "..") && !folder.contains('{')).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    fn globs(config: &str) -> Vec<String> {
        let root = tree(&[("mkdocs.yml", config)]);
        MkDocs.defaults(&SiteFolder::new(root.path(), "")).posts
    }

    #[test]
    fn posts_are_where_the_plugin_is_told_to_look() {
        assert_eq!(globs("plugins:\n  - search\n  - blog\n"), ["docs/blog/posts/**"]);
        assert_eq!(globs("plugins:\n  blog:\n"), ["docs/blog/posts/**"]);
        assert_eq!(globs("docs_dir: src\nplugins:\n  - blog:\n      blog_dir: .\n"), ["src/posts/**"]);
        let two = "plugins:\n  - blog:\n      post_dir: \"{blog}/notes\"\n  - material/blog:\n      blog_dir: news\n";
        assert_eq!(globs(two), ["docs/blog/notes/**", "docs/news/posts/**"]);
    }

    #[test]
    fn a_blog_outside_of_the_repository_is_not_a_folder_of_it() {
        assert_eq!(globs("docs_dir: ../x\nplugins: [blog]\n"), ["docs/blog/posts/**"]);
    }
}
