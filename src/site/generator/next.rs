//! Next.js, with Contentlayer or with a loader of one's own.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::templates::{TemplateKind, TemplateRules};
use crate::site::theme::naming::package;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Next;

const POSTS: [&str; 8] = [
    "content/**",
    "posts/**",
    "_posts/**",
    "blog/**",
    "data/{blog,posts}/**",
    "src/{content,posts,_posts,blog}/**",
    "{pages,app}/{posts,blog}/**",
    "src/{pages,app}/{posts,blog}/**",
];

impl Generator for Next {
    fn name(&self) -> &'static str {
        "next"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let found =
            ["contentlayer.config", "next.config"].iter().any(|stem| site.any(stem, &SCRIPT).is_some());
        Certainty::certain_if(found)
    }

    fn is_for_apps(&self) -> bool {
        true
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let place = ("public/static/images", "/static/images/{file}");
        Defaults::new(Reader::GrayMatter, &POSTS, place.0, place.1).field("image", Some("image_alt"))
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::NEXT
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        package(site)
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            endings: &["tsx", "jsx", "js"],
            posts_are_layouts: true,
            kind: |name| name.is_page_of_a_post().then_some(TemplateKind::Post),
            modules: true,
            scripts: &["mjs", "mts", "ts"],
            ..TemplateRules::within(&["app", "pages", "src", "components", "layouts"])
        }
    }
}
