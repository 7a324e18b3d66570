//! Which posts have their picture on their page, where a theme shows it for some of them only.

use super::pages::{PageAddress, PageTemplate, template_for};
use crate::post::Post;

/// The posts on whose page the picture stands that they name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Reach {
    /// The templates of their pages, and whether each shows it; none where all do, or nobody knows.
    pub templates: Vec<PageTemplate<bool>>,
    /// Whether the field finds nothing but files beside the post, which only a bundle has.
    pub only_bundles: bool,
}

impl Reach {
    /// Whether the picture of this post stands on its page; `contents` are the folders in which sections lie.
    pub(super) fn holds(&self, post: &Post, contents: &[String]) -> bool {
        let shows = self.templates.is_empty()
            || template_for(&self.templates, &PageAddress::of(post, contents))
                .is_none_or(|template| template.about);
        shows && (!self.only_bundles || post.is_index())
    }
}
