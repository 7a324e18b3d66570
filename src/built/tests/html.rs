//! What counts as shown, and what does not.

use proptest::prelude::*;

use super::super::page as pages;
use super::*;

/// What a reader gets of `/i/hero.jpg` from this page; `/i/hero.jpg` is there.
fn sees(head: &str, body: &str) -> Appearance {
    let fixture =
        Fixture::new(&[("a.html", &page("A", head, body)), ("i/hero.jpg", "x"), ("i/other.jpg", "x")]);
    fixture.sees("posts/a.md", "A", "static/i/hero.jpg").appearance
}

#[test]
fn every_way_of_drawing_a_picture_is_seen() {
    for body in [
        "<img src=/i/hero.jpg>",
        "<IMG ALT='' SRC='/i/hero.jpg?v=1#top'>",
        "<img src='data:image/gif;base64,R0' data-src=/i/hero.jpg>",
        "<img srcset='/i/other.jpg 1x, /i/hero.jpg 2x'>",
        "<picture><source srcset='/i/hero.jpg'><img></picture>",
        "<div style=\"background-image: url('/i/hero.jpg')\"></div>",
        "<style>.hero { background: #000 url(/i/hero.jpg) }</style>",
        "<video poster=/i/hero.jpg></video>",
        "<div id=header-big-imgs data-num-img=1 data-img-src-1=/i/hero.jpg></div>",
        "<div data-bg=\"url('/i/hero.jpg')\"></div>",
        "<svg><image href=/i/hero.jpg /></svg>",
        "<noscript><img src=/i/hero.jpg></noscript>",
        "<img src='i/hero.jpg'>",
        "<img src='./i/../i/hero.jpg'>",
        "<img src='/i/he%72o.jpg'>",
        "<img src='&#47;i/hero.jpg'>",
        "<article><header hidden>x</header><p><img src=/i/hero.jpg>",
        "<a href=/a.html><img src=/i/hero.jpg></a>",
        "<aside><img src=/i/hero.jpg></aside>",
    ] {
        assert_eq!(sees("", body), Appearance::Shown, "{body}");
    }
}

#[test]
fn previews_alone_are_told_from_the_page() {
    for head in [
        "<meta property=og:image content=/i/hero.jpg>",
        "<meta name=twitter:image content=/i/hero.jpg>",
        "<link rel=preload as=image href=/i/hero.jpg>",
        "<script type=application/ld+json>{\"@graph\":[{\"image\":{\"url\":\"/i/hero.jpg\"}}]}</script>",
        "<script type=application/ld+json>{\"image\":[\"/i/hero.jpg\"]}</script>",
    ] {
        assert_eq!(sees(head, "<img src=/i/other.jpg>"), Appearance::Preview, "{head}");
    }
}

#[test]
fn what_no_reader_sees_is_hidden() {
    for body in [
        "",
        "<img src=/i/other.jpg>",
        "<!-- <img src=/i/hero.jpg> -->",
        "<template><img src=/i/hero.jpg></template>",
        "<div style='display: none'><div></div><img src=/i/hero.jpg></div>",
        "<section hidden><section></section><img src=/i/hero.jpg></section>",
        "<script>var x = '<img src=/i/hero.jpg>'</script>",
        "<textarea><img src=/i/hero.jpg></textarea>",
        "<aside><a href=/b/><img src=/i/hero.jpg></a></aside>",
        "<a href=/i/hero.jpg>the picture</a>",
        "<div data-share-image=/i/hero.jpg></div>",
        "<p>/i/hero.jpg</p>",
    ] {
        assert_eq!(sees("", body), Appearance::Hidden, "{body}");
    }
}

#[test]
fn a_picture_whose_file_is_not_there_is_broken() {
    for (head, body) in [
        ("", "<img src=/images/hero.jpg>"),
        ("", "<img src=/images/hero.abcdef12.webp>"),
        ("<meta property=og:image content=/images/hero.jpg>", ""),
        ("<meta property=og:image content=/i/hero.jpg>", "<img src=hero.jpg>"),
        ("<link rel=canonical href=https://own.example/a>", "<img src=https://own.example/images/hero.jpg>"),
    ] {
        assert_eq!(sees(head, body), Appearance::Broken, "{head} {body}");
    }
    let elsewhere = "<img src=https://cdn.example/images/hero.jpg>";
    assert_eq!(sees("<link rel=canonical href=https://own.example/a>", elsewhere), Appearance::Hidden);
}

#[test]
fn inside_a_hidden_part_only_its_own_end_counts() {
    let body = "<div hidden><div><p>x</div><img src=/i/other.jpg></div><img src=/i/hero.jpg>";
    assert_eq!(sees("", body), Appearance::Shown);
}

#[test]
fn titles_are_the_headings_and_the_parts_of_the_title() {
    let html = "<title>Harbour &amp; dawn | Notes</title><svg><title>icon</title></svg><h1>Harbour <em>&amp;</em> dawn</h1>";
    let read = pages::read(html);
    assert!(read.is_titled(Some("Harbour & Dawn")) && !read.is_titled(Some("icon")) && !read.is_titled(None));
    assert_eq!(read.titles(), ["harbourdawn", "harbourdawnnotes", "notes"]);
}

proptest! {
    #[test]
    fn no_page_makes_the_reader_stumble(html in "(<|>|/|=|\"|'| |img|src|srcset|style|url\\(|\\)|hidden|div|noscript|script|title|h1|&amp;|é|[a-z]|,){0,120}") {
        pages::read(&html);
        pages::links(&html);
    }
}
