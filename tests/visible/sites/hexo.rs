//! Hexo.

use super::HARBOUR;
use crate::visible::{Seen, Site};

const CONFIG: (&str, &str) = (
    "_config.yml",
    "title: Notes
url: https://blog.example
theme: plain
permalink: :title/
",
);

/// Hexo with a theme that reads `cover`.
pub const HEXO: Site = Site {
    generator: "hexo",
    files: &[
        CONFIG,
        (
            "package.json",
            r#"{ "name": "notes", "hexo": { "version": "" }, "dependencies": { "hexo-renderer-ejs": "*", "hexo-renderer-marked": "*" } }
"#,
        ),
        ("source/_posts/harbour.md", HARBOUR),
        (
            "themes/plain/layout/post.ejs",
            r#"<html><body><h1><%= page.title %></h1><% if (page.cover) { %><img src="<%= url_for(page.cover) %>" alt=""><% } %><%- page.content %></body></html>
"#,
        ),
        (
            "themes/plain/layout/index.ejs",
            "<html></html>
",
        ),
    ],
    seen: Seen::OnPage,
    post: "source/_posts/harbour.md",
    build: &["hexo", "generate"],
    built: "public",
    page: "harbour/index.html",
};

/// A site with this theme, as a registry serves it.
macro_rules! with_theme {
    ($name:ident, $theme:literal, $doc:literal) => {
        #[doc = $doc]
        pub const $name: Site = Site {
            files: &[
                (
                    "_config.yml",
                    concat!(
                        "title: Notes\nurl: https://blog.example\npermalink: :title/\nindex_generator:\n  order_by: -date\ntheme: ",
                        $theme,
                        "\n"
                    ),
                ),
                (
                    "package.json",
                    concat!(
                        r#"{ "name": "notes", "hexo": { "version": "" }, "dependencies": { "hexo-renderer-ejs": "*", "hexo-renderer-marked": "*", "hexo-renderer-pug": "*", "hexo-renderer-stylus": "*", "hexo-theme-"#,
                        $theme,
                        "\": \"*\" } }\n"
                    ),
                ),
                ("source/_posts/harbour.md", HARBOUR),
            ],
            ..HEXO
        };
    };
}

with_theme!(LANDSCAPE, "landscape", "The theme landscape, which shows the list `photos`.");
with_theme!(NEXT_THEME, "next", "The theme NexT, which shows the list `photos`.");
with_theme!(BUTTERFLY, "butterfly", "The theme Butterfly, which shows `cover` behind the title.");
with_theme!(FLUID, "fluid", "The theme Fluid, which shows `banner_img` behind the title.");

/// The theme Icarus, which shows `cover` above the post. Its layouts are components, and its own configuration names
/// version and logo.
pub const ICARUS: Site = Site {
    files: &[
        (
            "_config.yml",
            "title: Notes
url: https://blog.example
permalink: :title/
theme: icarus
",
        ),
        (
            "_config.icarus.yml",
            "version: 5.1.0
logo: /logo.svg
",
        ),
        (
            "package.json",
            r#"{ "name": "notes", "hexo": { "version": "" }, "dependencies": { "hexo-renderer-inferno": "*", "hexo-renderer-marked": "*", "hexo-renderer-stylus": "*", "hexo-theme-icarus": "*" } }
"#,
        ),
        ("source/_posts/harbour.md", HARBOUR),
        (
            "source/logo.svg",
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>
"#,
        ),
    ],
    ..HEXO
};

/// A layout in Pug that reads `banner_img`, as themes of Hexo do.
pub const HEXO_PUG: Site = Site {
    files: &[
        CONFIG,
        (
            "package.json",
            r#"{ "name": "notes", "hexo": { "version": "" }, "dependencies": { "hexo-renderer-marked": "*", "hexo-renderer-pug": "*" } }
"#,
        ),
        ("source/_posts/harbour.md", HARBOUR),
        (
            "themes/plain/layout/post.pug",
            "html
  body
    h1= page.title
    if page.banner_img
      .banner(style=`background-image: url(${url_for(page.banner_img)})`)
    != page.content
",
        ),
        (
            "themes/plain/layout/index.pug",
            "html
",
        ),
    ],
    ..HEXO
};
