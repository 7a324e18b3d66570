//! Themes and starters of the other generators, and the default themes of those that have one.

use super::row::Row;
use crate::site::Embed;

pub(super) const THEMES: [Row; 16] = [
    // Its image plugin opens files by the path from the post, so that is where they have to be.
    Row::nowhere("eleventy", "eleventy-base-blog", &["eleventy-base-blog"])
        .only_if("eleventy.config.js", "eleventyImageTransformPlugin")
        .everywhere("{dir}", "./{file}"),
    Row::nowhere("eleventy", "eleventy-base-blog", &["eleventy-base-blog"])
        .everywhere("public/img", "/img/{file}"),
    // The layout `PostBanner` would show it; the usual one does not.
    Row::preview("next", "tailwind-nextjs-starter-blog", &["tailwind-nextjs-starter-blog"], "images")
        .list()
        .everywhere("public/static/images", "/static/images/{file}"),
    Row::nowhere("gatsby", "gatsby-starter-blog", &["gatsby-starter-blog"]).everywhere("{dir}", "./{file}"),
    Row::nowhere("quartz", "Quartz", &["quartz"]).embed(Embed::Obsidian),
    Row::nowhere("vitepress", "VitePress's default", &["default"]),
    Row::nowhere("mkdocs", "Material for MkDocs", &["material"]),
    Row::nowhere("pelican", "notmyidea", &["notmyidea"]).place("content/images", "{static}/images/{file}"),
    Row::preview("pelican", "Reflex", &["reflex"], "cover").place("content/images", "images/{file}"),
    // All themes of its own build on one template for previews.
    Row::preview(
        "nikola",
        "Nikola's default",
        &["bootblog4", "bootblog4-jinja", "bootstrap4", "bootstrap4-jinja", "base", "base-jinja"],
        "previewimage",
    ),
    // Takes a file of `static`, also for a bundle.
    Row::preview("zola", "abridge", &["abridge"], "extra.static_thumbnail")
        .everywhere("static/img", "/img/{file}"),
    // Looks beside the post first; a file that is nowhere stops the build.
    Row::preview("zola", "tabi", &["tabi"], "extra.social_media_card")
        .place("static/img", "img/{file}")
        .beside("{file}"),
    Row::preview("zola", "serene", &["serene"], "extra.og_image")
        .place("static/img", "/img/{file}")
        .beside("{file}"),
    Row::nowhere("zola", "after-dark", &["after-dark"]),
    // Pictures of its cards are for projects.
    Row::nowhere("zola", "apollo", &["apollo"]),
    Row::nowhere("zola", "hyde", &["hyde"]),
];
