//! Nikola.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// Its default theme, which gives `previewimage` to link previews.
pub const NIKOLA: Site = Site {
    generator: "nikola",
    files: &[
        (
            "conf.py",
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
IMAGE_FOLDERS = {"images": "images"}
"#,
        ),
        ("posts/harbour.md", HARBOUR),
    ],
    seen: Seen::InPreviews,
    post: "posts/harbour.md",
    build: &["nikola", "build", "--quiet"],
    built: "output",
    page: "posts/harbour/index.html",
};
