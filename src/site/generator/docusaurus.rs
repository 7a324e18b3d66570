//! Docusaurus, whose blog shows no field on the page: the picture is embedded as well.

use super::{Certainty, Defaults, Generator, quoted};
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::schema::{self, docusaurus::Configured};
use crate::site::target::join;
use crate::site::templates::{TemplateKind, TemplateName, TemplateRules};

#[derive(Debug)]
pub(super) struct Docusaurus;

impl Generator for Docusaurus {
    fn name(&self) -> &'static str {
        "docusaurus"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.any("docusaurus.config", &SCRIPT).is_some())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let Configured { blogs, at_root } = schema::docusaurus::read(site);
        let apart: Vec<(String, String)> =
            blogs.iter().map(|blog| (translated(&blog.id), blog.folder.clone())).collect();
        let folders = blogs.iter().map(|blog| globset::escape(&blog.folder));
        let folders = folders.chain(apart.iter().map(|(folder, _)| folder.clone()));
        let posts: Vec<String> = folders.map(|folder| join(&folder, "**")).collect();
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        let dir = join(at_root.first().map_or("static", String::as_str), "img");
        let defaults = Defaults::new(Reader::GrayMatter, &posts, &dir, "/img/{file}");
        let mut defaults = defaults.bundle("./{file}").embed(Embed::Markdown);
        let title =
            site.any("docusaurus.config", &SCRIPT).and_then(|name| quoted(&site.text(&name), "title"));
        defaults = defaults.called(title.as_deref());
        defaults.at_root = at_root;
        defaults.only_posts = true;
        // It knows no future: every post is built.
        defaults.dialect.builds.future = true;
        defaults.languages.apart = apart;
        defaults
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        let of_post = |name: &TemplateName<'_>| {
            let is_post = name.path.contains("BlogPostItem") || name.path.contains("BlogPostPage");
            is_post.then_some(TemplateKind::Post)
        };
        TemplateRules {
            endings: &["tsx", "jsx", "js"],
            kind: of_post,
            modules: true,
            ..TemplateRules::within(&["src/theme"])
        }
    }
}

/// The folders of the translations of a blog, by its `id`.
fn translated(id: &str) -> String {
    let id = if id.is_empty() { String::new() } else { format!("-{id}") };
    format!("i18n/*/docusaurus-plugin-content-blog{id}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn posts_are_where_the_plugins_of_blogs_are_told_to_look() {
        for (config, expected) in [
            ("", "blog"),
            ("module.exports = {presets: [['classic', {docs: {path: 'manual'}, blog: {}}]]}", "blog"),
            (
                "const config = {presets: [['classic', /** @type {O} */ ({blog: {path: './news'}})]]};\nexport default config;",
                "news",
            ),
            (
                "const config: Config = {presets: [['@docusaurus/preset-classic', {blog: {path: 'news'}} satisfies Options]]};\nexport default config;",
                "news",
            ),
            (
                "export default {presets: [['classic', {blog: false}]], plugins: ['x', ['@docusaurus/plugin-content-blog', {id: 'more', path: './more'}]]}",
                "more",
            ),
            (
                "export default {presets: [['classic', {}]], plugins: [[require.resolve('@docusaurus/plugin-content-blog'), {id: 'more', path: 'more'}], ['content-blog', {id: 'x', path: '../x'}]]}",
                "blog more",
            ),
            ("export default {presets: [['classic', {blog: false}]]}", "blog"),
        ] {
            let root = tree(&[("docusaurus.config.ts", config)]);
            let defaults = Docusaurus.defaults(&SiteFolder::new(root.path(), ""));
            let folders: Vec<_> = defaults.languages.apart.iter().map(|(_, own)| own.as_str()).collect();
            assert_eq!(folders.join(" "), expected, "{config}");
        }
        assert_eq!(translated(""), "i18n/*/docusaurus-plugin-content-blog");
        assert_eq!(translated("more"), "i18n/*/docusaurus-plugin-content-blog-more");
    }

    #[test]
    fn pictures_go_to_the_first_folder_that_is_copied() {
        let config = "export default {staticDirectories: ['public', 'static']}";
        let root = tree(&[("docusaurus.config.js", config)]);
        assert_eq!(Docusaurus.defaults(&SiteFolder::new(root.path(), "")).place.dir, "public/img");
    }
}
