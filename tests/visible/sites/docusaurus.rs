//! Docusaurus.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// The classic preset with its blog, which shows no field: the picture stands in the text.
pub const DOCUSAURUS: Site = Site {
    generator: "docusaurus",
    files: &[
        (
            "docusaurus.config.js",
            r#"export default {
  title: 'Notes',
  url: 'https://blog.example',
  baseUrl: '/',
  onBrokenLinks: 'ignore',
  presets: [['classic', { docs: false, blog: { blogTitle: 'Notes', onUntruncatedBlogPosts: 'ignore' } }]],
};
"#,
        ),
        (
            "package.json",
            r#"{ "name": "notes", "version": "1.0.0", "dependencies": { "@docusaurus/core": "*" } }
"#,
        ),
        ("blog/2026-10-01-harbour.md", HARBOUR),
    ],
    seen: Seen::OnPage,
    post: "blog/2026-10-01-harbour.md",
    build: &["docusaurus", "build", "--no-minify"],
    built: "build",
    page: "blog/2026/10/01/harbour/index.html",
};
