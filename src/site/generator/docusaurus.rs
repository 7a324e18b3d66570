//! Docusaurus, whose blog shows no field on the page: the picture is embedded as well.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::folder::{SCRIPT, SiteFolder};
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

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let posts = ["blog/**", "i18n/*/docusaurus-plugin-content-blog/**"];
        let defaults = Defaults::new(Reader::GrayMatter, &posts, "static/img", "/img/{file}");
        let mut defaults = defaults.bundle("./{file}").embed(Embed::Markdown);
        let translated = "i18n/*/docusaurus-plugin-content-blog".to_owned();
        defaults.languages.apart = vec![(translated, "blog".to_owned())];
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
