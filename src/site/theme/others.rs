//! Themes and starters of the other generators, and the default themes of those that have one.

use super::row::Row;
use crate::site::Embed;

pub(in crate::site) const ELEVENTY: &[Row] = &[
    // Its image plugin opens files by the path from the post, so that is where they have to be.
    Row::nowhere("eleventy-base-blog", &["eleventy-base-blog"])
        .only_if("eleventy.config.js", "eleventyImageTransformPlugin")
        .everywhere("{dir}", "./{file}"),
    Row::nowhere("eleventy-base-blog", &["eleventy-base-blog"]).everywhere("public/img", "/img/{file}"),
];

pub(in crate::site) const NEXT: &[Row] = &[
    // The layout `PostBanner` would show it; the usual one does not.
    Row::preview("tailwind-nextjs-starter-blog", &["tailwind-nextjs-starter-blog"], "images")
        .list()
        .everywhere("public/static/images", "/static/images/{file}"),
];

pub(in crate::site) const GATSBY: &[Row] =
    &[Row::nowhere("gatsby-starter-blog", &["gatsby-starter-blog"]).everywhere("{dir}", "./{file}")];

pub(in crate::site) const QUARTZ: &[Row] = &[Row::nowhere("Quartz", &["quartz"]).embed(Embed::Obsidian)];

pub(in crate::site) const VITEPRESS: &[Row] = &[Row::nowhere("VitePress's default", &["default"])];

pub(in crate::site) const MKDOCS: &[Row] = &[Row::nowhere("Material for MkDocs", &["material"])];

pub(in crate::site) const PELICAN: &[Row] = &[
    Row::nowhere("notmyidea", &["notmyidea"]).place("content/images", "{static}/images/{file}"),
    Row::preview("Reflex", &["reflex"], "cover").place("content/images", "images/{file}"),
];

pub(in crate::site) const NIKOLA: &[Row] = &[
    // All themes of its own build on one template for previews.
    Row::preview(
        "Nikola's default",
        &["bootblog4", "bootblog4-jinja", "bootstrap4", "bootstrap4-jinja", "base", "base-jinja"],
        "previewimage",
    ),
];

pub(in crate::site) const ZOLA: &[Row] = &[
    // Takes a file of `static`, also for a bundle.
    Row::preview("abridge", &["abridge"], "extra.static_thumbnail")
        .everywhere("static/img", "/img/{file}")
        .reads(&["local_thumbnail", "static_image", "local_image"]),
    // Looks beside the post first; a file that is nowhere stops the build.
    Row::preview("tabi", &["tabi"], "extra.social_media_card")
        .place("static/img", "img/{file}")
        .beside("{file}"),
    Row::preview("serene", &["serene"], "extra.og_image").place("static/img", "/img/{file}").beside("{file}"),
    Row::nowhere("after-dark", &["after-dark"]),
    // Pictures of its cards are for projects.
    Row::nowhere("apollo", &["apollo"]),
    Row::nowhere("hyde", &["hyde"]),
];
