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
pub use eleventy::ELEVENTY;
pub use hexo::{BUTTERFLY, FLUID, HEXO, LANDSCAPE, NEXT_THEME};
pub use hugo::{HUGO, HUGO_COVER, HUGO_RESIZED};
pub use jekyll::{JEKYLL, MINIMA};
pub use mkdocs::MATERIAL;
pub use next::NEXT;
pub use nikola::{NIKOLA, NIKOLA_FILES, NIKOLA_UNSET};
pub use pelican::{NOTMYIDEA, PELICAN, REFLEX};
pub use vitepress::VITEPRESS;

/// A post without a picture, as most generators take it.
const HARBOUR: &str = "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
";
