//! Pelican.

use super::HARBOUR;
use crate::visible::{Seen, Site};

/// The post with the header that Pelican itself has.
const OWN_HEADER: &str = "Title: Harbour at dawn
Date: 2026-10-01

Boats leave early.
";

/// A template that has to be there.
const EMPTY: &str = "<html></html>
";

/// Pelican with a theme that reads `image`.
pub const PELICAN: Site = Site {
    generator: "pelican",
    files: &[
        (
            "pelicanconf.py",
            r#"SITENAME = "Notes"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
THEME = "theme"
STATIC_PATHS = ["images"]
RELATIVE_URLS = True
DIRECT_TEMPLATES = []
MARKDOWN = {"extension_configs": {"markdown.extensions.meta": {}}}
"#,
        ),
        ("content/harbour.md", HARBOUR),
        (
            "theme/static/style.css",
            "
",
        ),
        ("theme/templates/base.html", EMPTY),
        ("theme/templates/index.html", EMPTY),
        ("theme/templates/archives.html", EMPTY),
        ("theme/templates/page.html", EMPTY),
        ("theme/templates/author.html", EMPTY),
        ("theme/templates/category.html", EMPTY),
        ("theme/templates/tag.html", EMPTY),
        ("theme/templates/period_archives.html", EMPTY),
        (
            "theme/templates/article.html",
            r#"<html><body><h1>{{ article.title }}</h1>{% if article.image %}<img src="{{ SITEURL }}/{{ article.image }}" alt="">{% endif %}{{ article.content }}</body></html>
"#,
        ),
    ],
    seen: Seen::OnPage,
    post: "content/harbour.md",
    build: &["pelican", "content", "-o", "output", "-s", "pelicanconf.py"],
    built: "output",
    page: "harbour-at-dawn.html",
};

/// The default theme, which shows no field: the picture stands in the text.
pub const NOTMYIDEA: Site = Site {
    generator: "pelican",
    files: &[
        (
            "pelicanconf.py",
            r#"SITENAME = "Notes"
SITEURL = "https://blog.example"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
"#,
        ),
        ("content/harbour.md", OWN_HEADER),
    ],
    seen: Seen::OnPage,
    post: "content/harbour.md",
    build: &["pelican", "content", "-o", "output", "-s", "pelicanconf.py"],
    built: "output",
    page: "harbour-at-dawn.html",
};

/// The theme Reflex, which gives `cover` to link previews.
pub const REFLEX: Site = Site {
    generator: "pelican",
    files: &[
        (
            "pelicanconf.py",
            r#"SITENAME = "Notes"
SITEURL = "https://blog.example"
AUTHOR = "Ann"
CC_LICENSE = {"slug": "by", "name": "Attribution", "version": "4.0", "language": "en_US"}
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
THEME = "reflex"
"#,
        ),
        ("content/harbour.md", OWN_HEADER),
    ],
    seen: Seen::InPreviews,
    post: "content/harbour.md",
    build: &["pelican", "content", "-o", "output", "-s", "pelicanconf.py"],
    built: "output",
    page: "harbour-at-dawn.html",
};
