//! Gatsby. What a field means is the site's own code, and a field that names no file changes its type for all
//! posts; so by convention the picture is embedded, beside the post, where every image plugin finds it.

use super::{Certainty, Defaults, Generator, quoted};
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::plain;
use crate::site::templates::{TemplateKind, TemplateName, TemplateRules};
use crate::site::theme::naming::package;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Gatsby;

const POSTS: [&str; 4] = [
    "content/**",
    "{blog,posts,articles}/**",
    "src/{content,posts,blog,articles,markdown-pages}/**",
    "data/{blog,posts}/**",
];
/// Last parts of folders that the file system plugin is given for something else than posts.
const NO_POSTS: [&str; 10] =
    ["assets", "images", "image", "img", "media", "static", "data", "pages", "authors", "author"];

impl Generator for Gatsby {
    fn name(&self) -> &'static str {
        "gatsby"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.any("gatsby-config", &SCRIPT).is_some())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let folders = sources(site);
        let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
        let posts = if folders.is_empty() { POSTS.as_slice() } else { &folders };
        let title = site.any("gatsby-config", &SCRIPT).and_then(|name| quoted(&site.text(&name), "title"));
        Defaults::new(Reader::GrayMatter, posts, "{dir}", "./{file}")
            .bundle("./{file}")
            .embed_only(Embed::Markdown)
            .called(title.as_deref())
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::GATSBY
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        package(site)
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            endings: &["tsx", "jsx", "js"],
            kind: template,
            modules: true,
            scripts: &["mjs", "mts", "ts"],
            ..TemplateRules::within(&["src"])
        }
    }
}

/// A component in `templates` makes the pages that it is named for.
fn template(name: &TemplateName<'_>) -> Option<TemplateKind> {
    let is_apart = name.is_part || name.is_among_lists || name.is_list;
    let is_post = name.path.contains("templates/") && name.has_word(&["post", "blog", "article"]);
    (is_post && !is_apart).then_some(TemplateKind::Post)
}

/// Globs of the folders that the configuration gives to the file system plugin:
/// ``path: `${__dirname}/content/blog` ``, `path: "./content"`.
fn sources(site: &SiteFolder<'_>) -> Vec<String> {
    let Some(name) = site.any("gatsby-config", &SCRIPT) else { return Vec::new() };
    let text = site.text(&name);
    let mut globs = Vec::new();
    for line in text.lines().map(str::trim_start).filter(|line| !line.starts_with("//")) {
        let Some((_, value)) = line.split_once("path:") else { continue };
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '`' | '"' | '\''));
        let Some(inner) = quote.and_then(|quote| value[1..].split(quote).next()) else { continue };
        let folder = plain(inner.trim_start_matches("${__dirname}"));
        let strange =
            folder.is_empty() || folder.contains(['$', '{', '}', '*', '\\']) || folder.contains("..");
        let last = folder.rsplit('/').next().unwrap_or_default();
        if !strange && !NO_POSTS.contains(&last) && site.has_folder(&folder) {
            globs.push(format!("{}/**", globset::escape(&folder)));
        }
    }
    globs
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn posts_are_where_the_file_system_plugin_looks() {
        let config = "resolve: 'gatsby-source-filesystem', options: {\n  path: `${__dirname}/content/blog`,\n  }, {\n  \
                      path: `${__dirname}/src/images`,\n  // path: './old',\n  path: '../other',\n";
        let files = [("gatsby-config.js", config), ("content/blog/a/index.md", ""), ("src/images/a.md", "")];
        let root = tree(&files);
        assert_eq!(Gatsby.defaults(&SiteFolder::new(root.path(), "")).posts, ["content/blog/**"]);
        let root = tree(&[("gatsby-config.js", "")]);
        assert_eq!(Gatsby.defaults(&SiteFolder::new(root.path(), "")).posts, POSTS);
    }
}
