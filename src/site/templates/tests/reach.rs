//! For which posts templates show the picture that they name.

use super::*;
use crate::post::{Dialect, Post};

const SHOWS: &str = "<img src=\"{{ .Params.image }}\">";
const SHOWS_NONE: &str = "<h1>{{ .Title }}</h1>";

fn post(section: &str, text: &str) -> Post {
    let path = format!("content/{section}/a.md");
    Post::parse(&path, format!("---\ntitle: A\n{text}---\n").as_bytes(), Dialect::default()).unwrap()
}

fn contents() -> [String; 1] {
    ["content".to_owned()]
}

/// Of the sections `blog`, `notes` and `posts` those on whose pages the picture stands.
fn sections(files: &[(&str, &str)]) -> String {
    let claim = templates("hugo", files).unwrap().claim.unwrap();
    assert_eq!(claim.field.as_ref().map(|field| field.path.as_str()), Some("image"));
    let shown = ["blog", "notes", "posts"]
        .into_iter()
        .filter(|section| claim.reach.holds(&post(section, ""), &contents()));
    shown.collect::<Vec<_>>().join(" ")
}

#[test]
fn a_template_of_a_section_speaks_for_that_section_alone() {
    let general = |text| ("layouts/_default/single.html", text);
    let of_posts = |text| ("layouts/posts/single.html", text);
    let around = |text| ("layouts/_default/baseof.html", text);
    for (files, expected) in [
        (vec![general(SHOWS)], "blog notes posts"),
        (vec![of_posts(SHOWS)], "blog notes posts"),
        (vec![general(SHOWS), of_posts(SHOWS)], "blog notes posts"),
        (vec![general(SHOWS_NONE), of_posts(SHOWS)], "posts"),
        (vec![general(SHOWS), of_posts(SHOWS_NONE)], "blog notes"),
        (vec![general(SHOWS_NONE), of_posts(SHOWS), ("layouts/notes/page.html", SHOWS)], "notes posts"),
        // The newer names, of which `page` is the nearer one.
        (vec![("layouts/page.html", SHOWS_NONE), of_posts(SHOWS)], "posts"),
        (vec![("layouts/single.html", SHOWS), ("layouts/page.html", SHOWS_NONE), of_posts(SHOWS)], "posts"),
        // Whatever the section, what stands around the page shows it.
        (vec![general(SHOWS_NONE), of_posts(SHOWS), around(SHOWS)], "blog notes posts"),
        // A part of the page counts as the page.
        (
            vec![
                general("{{ partial \"hero.html\" . }}"),
                of_posts(SHOWS_NONE),
                ("layouts/partials/hero.html", SHOWS),
            ],
            "blog notes",
        ),
    ] {
        assert_eq!(sections(&files), expected, "{files:?}");
    }
}

#[test]
fn a_field_for_files_beside_the_post_is_one_for_bundles() {
    let only_bundles = |single: &str| {
        let files = [("layouts/single.html", single)];
        templates("hugo", &files).unwrap().claim.unwrap().reach.only_bundles
    };
    let beside =
        "{{ with .Resources.GetMatch .Params.cover }}<img src=\"{{ .RelPermalink }}\">{{ end }}".to_owned();
    assert!(only_bundles(&beside));
    assert!(!only_bundles("<img src=\"{{ .Params.cover }}\">"));
    let else_as_written = beside.replace("{{ end }}", "{{ else }}<img src=\"{{ .Params.cover }}\">{{ end }}");
    assert!(!only_bundles(&else_as_written));
}

/// What templates say of posts in these sections with this front matter.
fn of_posts(files: &[(&str, &str)], posts: &[(&str, &str)]) -> Claim {
    let root = tree(files);
    let site = SiteFolder::new(root.path(), "");
    let posts = posts.iter().map(|(section, text)| PageAddress::of(&post(section, text), &contents()));
    let read = read(&site, &generator::named("hugo").unwrap().templates(&site), &posts.collect::<Vec<_>>());
    read.unwrap().claim.unwrap()
}

#[test]
fn the_templates_count_by_which_the_pages_of_the_posts_are_made() {
    let general = ("layouts/_default/single.html", "<img src=\"{{ .Params.thumb }}\">");
    let of_section = ("layouts/writing/essays/single.html", "<img src=\"{{ .Params.hero }}\">");
    let wide = ("layouts/_default/wide.html", "<img src=\"{{ .Params.banner }}\">");
    let files = [general, of_section, wide];
    let field = |posts: &[(&str, &str)]| of_posts(&files, posts).field.unwrap().path;
    assert_eq!(field(&[("writing/essays", ""), ("writing/essays/2026", "")]), "hero");
    assert_eq!(field(&[("writing", ""), ("writing", ""), ("blog", ""), ("blog", "layout: wide\n")]), "thumb");
    assert_eq!(field(&[("notes", "layout: wide\n"), ("notes", "layout: Wide\n")]), "banner");
    assert_eq!(field(&[("notes", "type: writing/essays\n")]), "hero");
    // One that asks for another template does not speak for the rest, and its page shows what that does.
    let claim = of_posts(&files, &[("notes", ""), ("notes", ""), ("notes", ""), ("notes", "layout: wide\n")]);
    assert_eq!(claim.field.as_ref().unwrap().path, "thumb");
    assert!(claim.reach.holds(&post("notes", ""), &contents()));
    assert!(!claim.reach.holds(&post("notes", "layout: wide\n"), &contents()));
    assert!(!claim.reach.holds(&post("writing/essays", ""), &contents()));
}
