//! Starters of Astro. A site made from one usually has another name of its own, and its schema then says the
//! same.

use super::row::Row;

const fn page(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::page(name, names, field)
}

const fn preview(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::preview(name, names, field)
}

pub(in crate::site) const THEMES: &[Row] = &[
    // Typed `image()`: a path from the post.
    preview("AstroPaper", &["astro-paper", "astropaper"], "ogImage").place("src/assets/images", "{relative}"),
    // Typed as text; what begins with `/` is taken for a file of `public`.
    page("Fuwari", &["fuwari"], "image").place("public/images", "/images/{file}").beside("./{file}"),
    // Typed `image()` with an alt text that must be there.
    page("Cactus", &["astro-cactus", "cactus"], "coverImage.src")
        .alt("coverImage.alt")
        .place("src/assets/images", "{relative}")
        .beside("./{file}"),
    // Without its alt text the build ends.
    page("Starlight Blog", &["starlight-blog"], "cover.image")
        .alt("cover.alt")
        .place("src/assets", "{relative}"),
    // The name of the example; `image()` in its schema since Astro 5.
    page("Astro's blog starter", &["@example/blog"], "heroImage"),
];
