//! VitePress.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// Its default theme, which shows no field: the picture stands in the text.
pub const VITEPRESS: Site = Site {
    generator: "vitepress",
    files: &[
        (
            ".vitepress/config.mjs",
            "export default { title: 'Notes' };
",
        ),
        (
            "index.md",
            "# Notes

[The harbour](/posts/harbour)
",
        ),
        ("posts/harbour.md", HARBOUR),
    ],
    seen: Seen::OnPage,
    post: "posts/harbour.md",
    build: &["vitepress", "build"],
    built: ".vitepress/dist",
    page: "posts/harbour.html",
};
