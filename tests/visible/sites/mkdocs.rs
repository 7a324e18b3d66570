//! MkDocs.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// The theme Material with its blog, which shows no field: the picture stands in the text.
pub const MATERIAL: Site = Site {
    generator: "mkdocs",
    files: &[
        (
            "mkdocs.yml",
            "site_name: Notes
site_url: https://blog.example/
theme:
  name: material
  font: false
plugins:
  - blog
",
        ),
        (
            "docs/index.md",
            "# Notes
",
        ),
        (
            "docs/blog/index.md",
            "# Blog
",
        ),
        ("docs/blog/posts/harbour.md", HARBOUR),
    ],
    seen: Seen::OnPage,
    post: "docs/blog/posts/harbour.md",
    build: &["mkdocs", "build", "--quiet"],
    built: "site",
    page: "blog/2026/10/01/harbour-at-dawn/index.html",
};
