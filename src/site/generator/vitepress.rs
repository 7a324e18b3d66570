//! VitePress. It has no field for the picture of a post, so the picture is embedded; what a theme of one's own
//! reads is for its templates and for the posts to say.

use super::{Certainty, Defaults, Generator, folder_of_config, quoted};
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::join;
use crate::site::templates::TemplateRules;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct VitePress;

/// Below the source folder. Everything else there is documentation.
const POSTS: &str = "{posts,post,blog,blogs,articles,news}/**";

impl Generator for VitePress {
    fn name(&self) -> &'static str {
        "vitepress"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(
            site.any(".vitepress/config", &SCRIPT).is_some() || site.has(".vitepress/theme"),
        )
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let source = source(site);
        let posts = join(&globset::escape(&source), POSTS);
        let dir = join(&source, "public/images");
        let title =
            site.any(".vitepress/config", &SCRIPT).and_then(|name| quoted(&site.text(&name), "title"));
        let defaults = Defaults::new(Reader::GrayMatter, &[&posts], &dir, "/images/{file}");
        defaults.embed_only(Embed::Markdown).called(title.as_deref())
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::VITEPRESS
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        // A theme of one's own lies in this folder; without it there is only the generator's.
        if site.has_folder(".vitepress/theme") { Vec::new() } else { vec!["default".to_owned()] }
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        let folders = [".vitepress/theme", "docs/.vitepress/theme"];
        TemplateRules { endings: &["vue"], modules: true, ..TemplateRules::within(&folders) }
    }
}

/// The folder that `srcDir` names, else the site's own.
fn source(site: &SiteFolder<'_>) -> String {
    let text = site.any(".vitepress/config", &SCRIPT).map(|name| site.text(&name)).unwrap_or_default();
    let lines = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    let named = lines.filter_map(|line| line.split_once("srcDir:")).find_map(|(_, value)| {
        let value = value.trim_start();
        let quote = value.chars().next().filter(|quote| matches!(quote, '`' | '"' | '\''))?;
        value[1..].split(quote).next().and_then(folder_of_config)
    });
    named.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn everything_lies_below_the_source_folder() {
        for (config, posts, dir) in [
            ("export default {}", POSTS.to_owned(), "public/images"),
            ("export default { srcDir: './src' }", format!("src/{POSTS}"), "src/public/images"),
            ("// srcDir: 'old'\n  srcDir: '../x',", POSTS.to_owned(), "public/images"),
        ] {
            let root = tree(&[(".vitepress/config.ts", config)]);
            let defaults = VitePress.defaults(&SiteFolder::new(root.path(), ""));
            assert_eq!((defaults.posts, defaults.place.dir.as_str()), (vec![posts], dir), "{config}");
        }
    }
}
