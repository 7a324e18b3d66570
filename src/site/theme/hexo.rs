//! Themes of Hexo. Pictures lie where the generator's own convention puts them.

use super::row::Row;
use crate::site::claim::ExtraValue;

const fn page(name: &'static str, names: &'static [&'static str], field: &'static str) -> Row {
    Row::page(name, names, field)
}

pub(in crate::site) const THEMES: &[Row] = &[
    page("landscape", &["landscape"], "photos").list(),
    // `top_img` would come first; without a slash in it a value is taken for a colour.
    page("Butterfly", &["butterfly"], "cover").reads(&["top_img"]),
    page("NexT", &["next"], "photos").list(),
    // Lists and link previews read the second key.
    page("Fluid", &["fluid"], "banner_img")
        .extras(&[("index_img", ExtraValue::SamePicture, false)])
        .reads(&["index_img"]),
    // Alt text is the title; `thumbnail` is for lists.
    page("Icarus", &["icarus"], "cover").reads(&["thumbnail"]),
];
