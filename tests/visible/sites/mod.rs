//! The sites: layouts of our own that read the fields as themes do, and the themes that registries serve.

mod astro;
mod docusaurus;
mod eleventy;
mod hexo;
mod hugo;
mod jekyll;
mod mkdocs;
mod next;
mod nikola;
mod pelican;
mod vitepress;

pub use astro::{ASTRO, ASTRO_BASE, ASTRO_IMAGE};
pub use docusaurus::DOCUSAURUS;
pub use eleventy::{ELEVENTY, ELEVENTY_LIQUID};
pub use hexo::{BUTTERFLY, FLUID, HEXO, HEXO_PUG, ICARUS, LANDSCAPE, NEXT_THEME};
pub use hugo::{HUGO, HUGO_BUNDLE, HUGO_COVER, HUGO_RESIZED, HUGO_SILENT};
pub use jekyll::{JEKYLL, JEKYLL_HEADER, JEKYLL_PATH, JEKYLL_SILENT, MINIMA};
pub use mkdocs::MATERIAL;
pub use next::{NEXT, NEXT_COMPONENT};
pub use nikola::{NIKOLA, NIKOLA_FILES, NIKOLA_UNSET};
pub use pelican::{NOTMYIDEA, PELICAN, REFLEX};
pub use vitepress::{VITEPRESS, VITEPRESS_LAYOUT};

/// A post without a picture, as most generators take it.
const HARBOUR: &str = "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
";
