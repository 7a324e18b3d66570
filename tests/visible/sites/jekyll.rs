//! Jekyll.

use crate::visible::{Seen, Site};

/// Jekyll with `image` and `image_alt`.
pub const JEKYLL: Site = Site {
    generator: "jekyll",
    files: &[
        (
            "_config.yml",
            "title: Notes
",
        ),
        (
            "_posts/2026-10-01-harbour.md",
            "---
layout: post
title: Harbour at dawn
---

Boats leave early.
",
        ),
        (
            "_layouts/post.html",
            r#"<html><body><h1>{{ page.title }}</h1>{% if page.image %}<img src="{{ page.image | relative_url }}" alt="{{ page.image_alt }}">{% endif %}{{ content }}</body></html>
"#,
        ),
    ],
    seen: Seen::OnPage,
    post: "_posts/2026-10-01-harbour.md",
    build: &["jekyll", "build", "--disable-disk-cache"],
    built: "_site",
    page: "2026/10/01/harbour.html",
};

/// The theme minima, which gives `image` to link previews.
pub const MINIMA: Site = Site {
    generator: "jekyll",
    files: &[
        (
            "_config.yml",
            "title: Notes
url: https://blog.example
theme: minima
plugins: [jekyll-feed, jekyll-seo-tag]
",
        ),
        (
            "_posts/2026-10-01-harbour.md",
            "---
layout: post
title: Harbour at dawn
---

Boats leave early.
",
        ),
    ],
    seen: Seen::InPreviews,
    post: "_posts/2026-10-01-harbour.md",
    build: &["jekyll", "build", "--disable-disk-cache"],
    built: "_site",
    page: "2026/10/01/harbour.html",
};
