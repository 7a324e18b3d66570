//! Next.js, with Contentlayer or with a loader of one's own.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};

#[derive(Debug)]
pub(super) struct Next;

const POSTS: [&str; 6] = [
    "content/**",
    "posts/**",
    "_posts/**",
    "blog/**",
    "data/{blog,posts}/**",
    "src/{content,posts,_posts,blog}/**",
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

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        let place = ("public/static/images", "/static/images/{file}");
        Defaults::new(Reader::GrayMatter, &POSTS, place.0, place.1).field("image", Some("image_alt"))
    }
}
