//! Sphinx with ABlog, which is recognised so that it is left alone: the `image` of a post is a number there,
//! that of the picture in the body which stands for the post.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::Embed;
use crate::site::folder::SiteFolder;
use crate::site::python;

#[derive(Debug)]
pub(super) struct ABlog;

impl Generator for ABlog {
    fn name(&self) -> &'static str {
        "ablog"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let found = ["conf.py", "source/conf.py"].iter().any(|script| {
            python::texts(&site.text(script), "extensions").iter().any(|extension| extension == "ablog")
        });
        Certainty::certain_if(found)
    }

    fn defaults(&self, _site: &SiteFolder<'_>) -> Defaults {
        // Never asked for, because the site is refused; nothing that would be wrong there.
        Defaults::new(Reader::Unknown, &[], "_static", "/_static/{file}").embed_only(Embed::Markdown)
    }

    fn refusal(&self) -> Option<&'static str> {
        Some(
            "this is a Sphinx site with ABlog, where `image` is the number of a picture in the body and no \
             file; remove this step, or name the folder of another site with `root`",
        )
    }
}
