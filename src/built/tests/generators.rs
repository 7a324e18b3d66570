//! For each generator: the page of a post with its hero, as it really writes them.

use super::*;

/// The post's hero is in the sources; the page shows it, and is found, and without the element it is hidden.
fn shows(post: &str, hero: &str, built: &str, file: &str, element: &str) {
    let with = page("Harbour at dawn", "", &format!("<h1>Harbour at dawn</h1>{element}"));
    let bare = page("Harbour at dawn", "", "<h1>Harbour at dawn</h1>");
    let list = page("Notes", "", "<ul><li><a href=x>Harbour at dawn</a></ul>");
    for (html, seen) in [(&with, Appearance::Shown), (&bare, Appearance::Hidden)] {
        let fixture = Fixture::new(&[
            (built, html),
            ("index.html", &list),
            ("tags/harbour/index.html", &list),
            ("about/index.html", &page("About", "", "<h1>About</h1>")),
            (file, "picture"),
        ]);
        let found = fixture.sees(post, "Harbour at dawn", hero);
        assert_eq!((found.appearance, found.page.as_deref()), (seen, Some(built)), "{post}: {html}");
    }
}

#[test]
fn hugo() {
    shows(
        "content/posts/harbour/index.md",
        "content/posts/harbour/feature.jpg",
        "posts/harbour/index.html",
        "posts/harbour/feature_hu_7f3b2a1c9d8e4f60.jpg",
        r#"<figure><img class="w-full" src="/posts/harbour/feature_hu_7f3b2a1c9d8e4f60.jpg" srcset="/posts/harbour/feature_hu_7f3b2a1c9d8e4f60.jpg 330w, /posts/harbour/feature_hu_7f3b2a1c9d8e4f60.jpg 660w"></figure>"#,
    );
    shows(
        "content/posts/harbour.md",
        "static/images/harbour.jpg",
        "posts/harbour/index.html",
        "images/harbour.jpg",
        r#"<figure class=entry-cover><img loading=eager src=https://blog.example/images/harbour.jpg alt=Boats></figure>"#,
    );
    shows(
        "content/posts/harbour.md",
        "assets/images/harbour.jpg",
        "posts/harbour/index.html",
        "images/harbour_hu6f2c7a3b1d9e8f40_12345_800x0_resize_q75_box.jpg",
        r#"<div style="background-image:url(/images/harbour_hu6f2c7a3b1d9e8f40_12345_800x0_resize_q75_box.jpg)"></div>"#,
    );
}

#[test]
fn jekyll() {
    shows(
        "_posts/2026-10-01-harbour.md",
        "assets/images/harbour.jpg",
        "2026/10/01/harbour.html",
        "assets/images/harbour.jpg",
        r#"<div class="page__hero"><img src="/assets/images/harbour.jpg" alt="Boats" class="page__hero-image"></div>"#,
    );
    shows(
        "_posts/2026-10-01-harbour.md",
        "assets/img/harbour.jpg",
        "notes/harbour/index.html",
        "assets/img/harbour.jpg",
        r#"<div id="header-big-imgs" data-num-img=1 data-img-src-1="/assets/img/harbour.jpg"></div>"#,
    );
}

#[test]
fn astro() {
    shows(
        "src/content/blog/harbour.md",
        "src/assets/harbour.jpg",
        "blog/harbour/index.html",
        "_astro/harbour.BpNcSTma_Z1kX3fQ.webp",
        r#"<img width="1020" height="510" src="/_astro/harbour.BpNcSTma_Z1kX3fQ.webp" alt="">"#,
    );
}

#[test]
fn docusaurus() {
    shows(
        "blog/2026-10-01-harbour/index.md",
        "blog/2026-10-01-harbour/harbour.jpg",
        "blog/2026/10/01/harbour/index.html",
        "assets/images/harbour-5c2f1e0b9a8d7c6f5e4d3c2b1a098765.jpg",
        r#"<p><img decoding="async" loading="lazy" alt="Boats" src="/assets/images/harbour-5c2f1e0b9a8d7c6f5e4d3c2b1a098765.jpg" width="1200" height="630" class="img_ev3q"></p>"#,
    );
}

#[test]
fn zola() {
    shows(
        "content/2026-10-01-harbour/index.md",
        "content/2026-10-01-harbour/harbour.jpg",
        "harbour/index.html",
        "processed_images/harbour.0123456789abcdef.jpg",
        r#"<img src="https://blog.example/processed_images/harbour.0123456789abcdef.jpg">"#,
    );
}

#[test]
fn eleventy_by_name() {
    shows(
        "content/blog/harbour.md",
        "public/images/harbour.jpg",
        "blog/harbour/index.html",
        "images/harbour.jpg",
        r#"<img src="/images/harbour.jpg" alt="">"#,
    );
}

#[test]
fn eleventy_by_look_where_the_name_is_only_a_hash() {
    let html = page(
        "Harbour at dawn",
        "",
        r#"<h1>Harbour at dawn</h1><picture><source type="image/webp" srcset="/img/KqXz3sPo1a-600.webp 600w"><img src="/img/KqXz3sPo1a-600.jpeg" width="600" height="315"></picture>"#,
    );
    for (seed, seen) in [(5, Appearance::Shown), (6, Appearance::Hidden)] {
        let fixture = Fixture::new(&[("blog/harbour/index.html", &html)])
            .with("content/blog/harbour.jpg", &picture(5, (400, 210), ImageFormat::Jpeg))
            .with("built/img/KqXz3sPo1a-600.webp", &picture(seed, (200, 105), ImageFormat::WebP))
            .with("built/img/KqXz3sPo1a-600.jpeg", &picture(seed, (200, 105), ImageFormat::Jpeg));
        let found = fixture.sees("content/blog/harbour.md", "Harbour at dawn", "content/blog/harbour.jpg");
        assert_eq!(found.appearance, seen, "{seed}");
    }
}

#[test]
fn a_plain_picture_that_may_have_been_renamed_is_neither_found_nor_missed() {
    let with = r#"<img src="/img/KqXz3sPo1a-600.jpeg">"#;
    for (body, seen) in [(with, Appearance::Undecided), ("<p>Words.", Appearance::Hidden)] {
        let html = page("Harbour", "", &format!("<h1>Harbour</h1>{body}"));
        let plain =
            encoded(image::RgbImage::from_pixel(400, 210, image::Rgb([40, 80, 120])), ImageFormat::Png);
        let fixture = Fixture::new(&[("blog/harbour/index.html", &html)])
            .with("content/blog/harbour.png", &plain)
            .with("built/img/KqXz3sPo1a-600.jpeg", &picture(5, (200, 105), ImageFormat::Jpeg));
        let found = fixture.sees("content/blog/harbour.md", "Harbour", "content/blog/harbour.png");
        assert_eq!(found.appearance, seen, "{body}");
    }
}

#[test]
fn hexo() {
    shows(
        "source/_posts/harbour.md",
        "source/images/harbour.jpg",
        "2026/10/01/harbour/index.html",
        "images/harbour.jpg",
        r#"<header class="post-bg" id="page-header" style="background-image: url(/images/harbour.jpg);"></header>"#,
    );
}

#[test]
fn next() {
    shows(
        "content/blog/harbour.mdx",
        "public/static/images/harbour.jpg",
        "blog/harbour.html",
        "static/images/harbour.jpg",
        r#"<img alt="" loading="lazy" decoding="async" data-nimg="fill" src="/static/images/harbour.jpg"/>"#,
    );
    shows(
        "content/blog/harbour.mdx",
        "content/blog/harbour.jpg",
        "blog/harbour/index.html",
        "_next/static/media/harbour.1a2b3c4d.jpg",
        r#"<img srcSet="/_next/static/media/harbour.1a2b3c4d.jpg 1x" src="/_next/static/media/harbour.1a2b3c4d.jpg"/>"#,
    );
}

#[test]
fn gatsby() {
    shows(
        "content/blog/harbour/index.md",
        "content/blog/harbour/harbour.jpg",
        "harbour/index.html",
        "static/6b1f0a2c3d4e5f60718293a4b5c6d7e8/2f8e1/harbour.jpg",
        r#"<span class="gatsby-resp-image-wrapper"><picture><source srcset="/static/6b1f0a2c3d4e5f60718293a4b5c6d7e8/2f8e1/harbour.jpg 630w"><img src="/static/6b1f0a2c3d4e5f60718293a4b5c6d7e8/2f8e1/harbour.jpg"></picture></span>"#,
    );
}

#[test]
fn vitepress_and_nuxt() {
    shows(
        "posts/harbour.md",
        "posts/harbour.jpg",
        "posts/harbour.html",
        "assets/harbour.DkXw3f9Q.jpg",
        r#"<p><img src="/assets/harbour.DkXw3f9Q.jpg" alt="Boats"></p>"#,
    );
    shows(
        "content/blog/1.harbour.md",
        "public/images/harbour.jpg",
        "blog/harbour/index.html",
        "_ipx/w_800/images/harbour.jpg",
        r#"<img src="/_ipx/w_800/images/harbour.jpg" data-nuxt-img>"#,
    );
}

#[test]
fn pelican_nikola_mkdocs_and_quartz() {
    shows(
        "content/harbour.md",
        "content/images/harbour.jpg",
        "harbour-at-dawn.html",
        "images/harbour.jpg",
        r#"<img src="./images/harbour.jpg" alt="">"#,
    );
    shows(
        "posts/harbour.md",
        "images/harbour.jpg",
        "posts/harbour/index.html",
        "images/harbour.thumbnail.jpg",
        r#"<a class="reference" href="../../images/harbour.jpg"><img src="../../images/harbour.thumbnail.jpg"></a>"#,
    );
    shows(
        "docs/blog/posts/boats.md",
        "docs/blog/posts/harbour.jpg",
        "blog/2026/10/01/harbour-at-dawn/index.html",
        "blog/posts/harbour.jpg",
        r#"<p><img alt="Boats" src="../../../../posts/harbour.jpg" /></p>"#,
    );
    shows(
        "content/Notes/Harbour at dawn.md",
        "content/attachments/My Harbour.jpg",
        "Notes/Harbour-at-dawn.html",
        "attachments/My-Harbour.jpg",
        r#"<p><img src="../attachments/My-Harbour.jpg" alt></p>"#,
    );
}
