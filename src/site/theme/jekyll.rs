//! Themes of Jekyll. Where nothing is said of the place, it is the folder for pictures that the site has.

use super::row::Row;

const fn page(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::page(name, names, field)
}

const fn preview(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::preview(name, names, field)
}

pub(in crate::site) const THEMES: &[Row] = &[
    // Through jekyll-seo-tag.
    preview("minima", &["minima"], "image"),
    page("Chirpy", &["chirpy"], "image.path").alt("image.alt"),
    page("Minimal Mistakes", &["minimal-mistakes", "minimal-mistakes-jekyll"], "header.image")
        .alt("header.image_description")
        .marks(&["minimal_mistakes_skin"]),
    // Drawn by a script; link previews take it too.
    page("Beautiful Jekyll", &["beautiful-jekyll", "beautiful-jekyll-theme"], "cover-img")
        .reads(&["thumbnail-img", "share-img"])
        .marks(&["social-network-links"]),
    // Alt text is the title.
    page("So Simple", &["so-simple", "so-simple-theme"], "image"),
    // `og_image` is read as well, where `serve_og_meta` is on.
    preview("al-folio", &["al-folio", "al_folio_core"], "thumbnail")
        .marks(&["serve_og_meta"])
        .shows("shows it in the list of posts only"),
    // Through jekyll-seo-tag.
    preview("Just the Docs", &["just-the-docs"], "image"),
    // Alt text is the title.
    page("Hydejack", &["hydejack"], "image").reads(&["cover"]),
    // A post would have to ask for a header with a picture by further keys.
    Row::nowhere("TeXt", &["jekyll-text-theme"]),
];
