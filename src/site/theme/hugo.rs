//! Themes of Hugo. Where a theme takes the value for an address of the site, a file beside the post would not be
//! found, and bundles keep their pictures with the others.

use super::row::Row;
use crate::site::claim::ExtraValue;

const fn page(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::page(name, names, field)
}

const fn preview(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::preview(name, names, field)
}

const STATIC: &str = "static/images";
/// For themes that make an address of the value: with a slash in front it would leave out the path of a site that
/// lies below one, wherever that is said.
const BELOW: &str = "images/{file}";
const PREVIEW: &[&str] = &["featuredImagePreview"];

pub(in crate::site) const THEMES: &[Row] = &[
    // In a bundle the page finds the file by itself, but link previews only with `relative`.
    page("PaperMod", &["papermod", "paper-mod"], "cover.image")
        .alt("cover.alt")
        .place(STATIC, BELOW)
        .beside("{file}")
        .extras(&[("cover.relative", ExtraValue::Truth(true), true)]),
    page("Stack", &["stack"], "image").beside("{file}"),
    // Beside a post that is not a bundle the picture has to be in `assets`; old versions
    // read only addresses of other hosts there.
    page("Blowfish", &["blowfish"], "featureimage")
        .place("assets/images", "images/{file}")
        .file("feature")
        .reads(&["feature", "cover", "thumbnail"])
        .switch("article.showHero", "showHero"),
    // A post that is not a bundle has no picture on its page. `featureAlt` is the alt text in a bundle.
    preview("Congo", &["congo"], "images").list().place(STATIC, BELOW).file("feature").reads(&[
        "feature",
        "cover",
        "thumbnail",
    ]),
    page("Ananke", &["ananke"], "images")
        .list()
        .place(STATIC, BELOW)
        .beside("{file}")
        .reads(&["featured_image"]),
    preview("Hextra", &["hextra"], "images").list().place(STATIC, BELOW).beside("{file}"),
    page("LoveIt", &["loveit"], "featuredImage").beside("{file}").reads(PREVIEW).only_in(&["posts"]),
    page("DoIt", &["doit"], "featuredImage").beside("{file}").reads(PREVIEW).only_in(&["posts"]),
    // Drawn as a background.
    page("Toha", &["toha"], "hero").place("assets/images", "images/{file}").beside("{file}"),
    page("Terminal", &["terminal"], "cover").place(STATIC, BELOW).beside("{file}"),
    preview("Book", &["book"], "images").list().place(STATIC, BELOW).beside("{file}"),
    page("Mainroad", &["mainroad"], "thumbnail").everywhere(STATIC, BELOW),
    page("Anatole", &["anatole"], "thumbnail").everywhere(STATIC, BELOW),
    page("Coder", &["coder"], "featuredImage").everywhere(STATIC, BELOW).only_in(&["posts"]),
    page("Hello Friend", &["hello-friend"], "cover").alt("coverAlt").everywhere(STATIC, BELOW),
    page("Hello Friend NG", &["hello-friend-ng"], "cover").everywhere(STATIC, BELOW),
    // The page itself has a script draw `bigimg` behind its title.
    preview("Beautiful Hugo", &["beautifulhugo", "beautiful-hugo"], "image")
        .everywhere(STATIC, BELOW)
        .shows("shows it in lists and link previews only")
        .reads(&["bigimg", "thumbnail", "share_img"]),
    // Through Hugo's own template for previews; lists show a file of a bundle that is called `featured`.
    preview("Docsy", &["docsy"], "images").list().place(STATIC, BELOW).beside("{file}"),
];
