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

/// Eleventy with a layout in Liquid that reads `hero.src` and `hero.alt`.
pub const ELEVENTY_LIQUID: Site = Site {
    files: &[
        (
            "eleventy.config.js",
            r#"export default function (config) {
  config.addPassthroughCopy({ "src/assets": "assets" });
  return { dir: { input: "src" } };
}
"#,
        ),
        (
            "package.json",
            r#"{ "type": "module" }
"#,
        ),
        (
            "src/posts/posts.json",
            r#"{ "layout": "post.liquid" }
"#,
        ),
        (
            "src/posts/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        ("src/assets/site.css", "body { margin: 0 }\n"),
        (
            "src/_includes/post.liquid",
            r#"<html><body><h1>{{ title }}</h1>{% if hero.src %}<img src="{{ hero.src }}" alt="{{ hero.alt }}">{% endif %}{{ content }}</body></html>
"#,
        ),
    ],
    post: "src/posts/harbour.md",
    page: "posts/harbour/index.html",
    ..ELEVENTY
};
