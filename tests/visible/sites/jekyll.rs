//! Jekyll.

use crate::visible::{Seen, Site};

const CONFIG: (&str, &str) = ("_config.yml", "title: Notes\n");
const POST: (&str, &str) = (
    "_posts/2026-10-01-harbour.md",
    "---
layout: post
title: Harbour at dawn
---

Boats leave early.
",
);

/// Jekyll with `image` and `image_alt`.
pub const JEKYLL: Site = Site {
    generator: "jekyll",
    files: &[
        CONFIG,
        POST,
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
    files: &[
        (
            "_config.yml",
            "title: Notes
url: https://blog.example
theme: minima
plugins: [jekyll-feed, jekyll-seo-tag]
",
        ),
        POST,
    ],
    seen: Seen::InPreviews,
    ..JEKYLL
};

/// A site with this layout of posts.
macro_rules! with_layout {
    ($name:ident, $layout:literal, $doc:literal) => {
        #[doc = $doc]
        pub const $name: Site = Site { files: &[CONFIG, POST, ("_layouts/post.html", $layout)], ..JEKYLL };
    };
}

with_layout!(
    JEKYLL_HEADER,
    r#"<html><body>{% if page.header.image %}<img src="{{ page.header.image | relative_url }}" alt="{{ page.header.image_description }}">{% endif %}{{ content }}</body></html>
"#,
    "A layout that reads `header.image`, as Minimal Mistakes does."
);
with_layout!(
    JEKYLL_PATH,
    r#"<html><body>{% if page.image %}{% assign src = page.image.path | default: page.image %}<img src="{{ src | relative_url }}" alt="{{ page.image.alt | default: page.title }}">{% endif %}{{ content }}</body></html>
"#,
    "A layout that reads `image.path` or `image`, as Chirpy does."
);
with_layout!(
    JEKYLL_SILENT,
    r"<html><body><h1>{{ page.title }}</h1>{{ content }}</body></html>
",
    "A layout that reads no field: the picture stands in the text."
);
