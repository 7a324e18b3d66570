//! Eleventy.

use crate::visible::{Seen, Site};

/// Eleventy, which copies `public` as it is.
pub const ELEVENTY: Site = Site {
    generator: "eleventy",
    files: &[
        (
            "eleventy.config.js",
            r#"export default function (config) {
  config.addPassthroughCopy({ public: "/" });
}
"#,
        ),
        (
            "package.json",
            r#"{ "type": "module" }
"#,
        ),
        (
            "content/blog/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
layout: post.njk
---

Boats leave early.
",
        ),
        (
            "_includes/post.njk",
            r#"<html><body><h1>{{ title }}</h1>{% if image %}<img src="{{ image }}" alt="{{ image_alt }}">{% endif %}{{ content | safe }}</body></html>
"#,
        ),
    ],
    seen: Seen::OnPage,
    post: "content/blog/harbour.md",
    build: &["eleventy"],
    built: "_site",
    page: "content/blog/harbour/index.html",
};
