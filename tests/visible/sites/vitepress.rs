//! VitePress.

use super::HARBOUR;
use crate::visible::{Seen, Site};

const CONFIG: (&str, &str) = (
    ".vitepress/config.mjs",
    "export default { title: 'Notes' };
",
);
const INDEX: (&str, &str) = (
    "index.md",
    "# Notes

[The harbour](/posts/harbour)
",
);

/// Its default theme, which shows no field: the picture stands in the text.
pub const VITEPRESS: Site = Site {
    generator: "vitepress",
    files: &[CONFIG, INDEX, ("posts/harbour.md", HARBOUR)],
    seen: Seen::OnPage,
    post: "posts/harbour.md",
    build: &["vitepress", "build"],
    built: ".vitepress/dist",
    page: "posts/harbour.html",
};

/// A theme of its own whose layout reads `cover`.
pub const VITEPRESS_LAYOUT: Site = Site {
    files: &[
        CONFIG,
        (
            ".vitepress/theme/index.js",
            "import Layout from './Layout.vue';
export default { Layout };
",
        ),
        (
            ".vitepress/theme/Layout.vue",
            r#"<script setup>
import { useData } from 'vitepress';
const { frontmatter } = useData();
</script>

<template>
  <article>
    <h1>{{ frontmatter.title }}</h1>
    <img v-if="frontmatter.cover" :src="frontmatter.cover" :alt="frontmatter.title" />
    <Content />
  </article>
</template>
"#,
        ),
        INDEX,
        ("posts/harbour.md", HARBOUR),
    ],
    ..VITEPRESS
};
