//! Addresses under a base, of the site's own host, and through services that change pictures on the way.

use super::*;

const LINKS: &str = r#"<link rel=stylesheet href=/notes/css/main.css><a href=/notes/about/>About</a><a href="/notes/tags/">Tags</a>"#;

/// What a reader gets of `images/hero.jpg` on a site that is published under `/notes`.
fn below_notes(address: &str) -> Appearance {
    let body = format!("<img src=\"{address}\">{LINKS}");
    let fixture = Fixture::new(&[
        (
            "posts/a/index.html",
            &page("A", "<link rel=canonical href=https://me.example/notes/posts/a/>", &body),
        ),
        ("about/index.html", &page("About", "", LINKS)),
        ("tags/index.html", &page("Tags", "", LINKS)),
        ("css/main.css", "x"),
        ("images/hero.jpg", "x"),
    ]);
    fixture.sees("content/posts/a.md", "A", "static/images/hero.jpg").appearance
}

#[test]
fn the_path_of_the_site_stands_in_front_of_its_addresses() {
    for address in [
        "/notes/images/hero.jpg",
        "https://me.example/notes/images/hero.jpg",
        "//me.example/notes/images/hero.jpg",
        "../../images/hero.jpg",
    ] {
        assert_eq!(below_notes(address), Appearance::Shown, "{address}");
    }
    // Published below `/notes`, these lead to the host's root.
    for address in ["/images/hero.jpg", "https://me.example/images/hero.jpg", "/notesimages/hero.jpg"] {
        assert_eq!(below_notes(address), Appearance::Broken, "{address}");
    }
}

#[test]
fn services_that_change_pictures_on_the_way_are_looked_through() {
    let sees = |address: &str| {
        let body = format!("<img src=\"{address}\">");
        let fixture = Fixture::new(&[("a.html", &page("A", "", &body)), ("images/hero.jpg", "x")]);
        fixture.sees("posts/a.md", "A", "public/images/hero.jpg").appearance
    };
    for address in [
        "/_next/image?url=%2Fimages%2Fhero.jpg&amp;w=1200&amp;q=75",
        "/_vercel/image?w=640&url=/images/hero.jpg",
        "/.netlify/images?url=/images/hero.jpg&w=400",
        "/cdn-cgi/image/width=800,quality=75/images/hero.jpg",
        "/_ipx/w_800/images/hero.jpg",
    ] {
        assert_eq!(sees(address), Appearance::Shown, "{address}");
    }
    assert_eq!(sees("/_next/image?url=%2Fimg%2Fhero.jpg"), Appearance::Broken);
    assert_eq!(sees("/../../images/hero.jpg"), Appearance::Shown);
}

#[test]
fn a_base_element_moves_relative_addresses() {
    let head = "<base href=https://own.example/sub/>";
    let fixture =
        Fixture::new(&[("posts/a.html", &page("A", head, "<img src=hero.jpg>")), ("sub/hero.jpg", "x")]);
    assert_eq!(fixture.sees("posts/a.md", "A", "hero.jpg").appearance, Appearance::Shown);
}
