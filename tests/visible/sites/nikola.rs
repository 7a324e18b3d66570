//! Nikola.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// What every configuration has.
macro_rules! conf {
    ($more:literal) => {
        concat!(
            r#"BLOG_AUTHOR = "Ann"
BLOG_TITLE = "Notes"
SITE_URL = "https://blog.example/"
BLOG_EMAIL = "ann@blog.example"
BLOG_DESCRIPTION = "Notes"
DEFAULT_LANG = "en"
TIMEZONE = "UTC"
POSTS = (("posts/*.md", "posts", "post.tmpl"),)
PAGES = ()
COMPILERS = {"markdown": (".md",)}
"#,
            $more
        )
    };
}

/// Its default theme, which gives `previewimage` to link previews.
pub const NIKOLA: Site = Site {
    generator: "nikola",
    files: &[("conf.py", conf!("IMAGE_FOLDERS = {\"images\": \"images\"}\n")), ("posts/harbour.md", HARBOUR)],
    seen: Seen::InPreviews,
    post: "posts/harbour.md",
    build: &["nikola", "build", "--quiet"],
    built: "output",
    page: "posts/harbour/index.html",
};

/// A configuration that does not say where pictures are published.
pub const NIKOLA_UNSET: Site =
    Site { files: &[("conf.py", conf!("")), ("posts/harbour.md", HARBOUR)], ..NIKOLA };

/// One that publishes files of any kind only.
pub const NIKOLA_FILES: Site =
    Site { files: &[("conf.py", conf!("IMAGE_FOLDERS = {}\n")), ("posts/harbour.md", HARBOUR)], ..NIKOLA };
