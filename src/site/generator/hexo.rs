//! Hexo.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::{DATA, SiteFolder};

#[derive(Debug)]
pub(super) struct Hexo;

impl Generator for Hexo {
    fn name(&self) -> &'static str {
        "hexo"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        // Jekyll's configuration has the same name.
        site.any("_config", &DATA)?;
        let scaffolds = site.has("scaffolds") || site.says("package.json", "hexo");
        Certainty::certain_if(site.has("source/_posts") && scaffolds)
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        Defaults::new(Reader::Hexo, &["source/_posts/**"], "source/images", "/images/{file}")
            .field("cover", None)
    }
}
