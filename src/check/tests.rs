//! Posts of a small Hugo site, and the site built of them.

use std::fs;
use std::io::Cursor;

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use super::*;
use crate::site::Options;

fn jpeg() -> Vec<u8> {
    let picture = RgbImage::from_fn(120, 80, |x, y| Rgb([x as u8, y as u8, 90]));
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(picture).write_to(&mut bytes, ImageFormat::Jpeg).unwrap();
    bytes.into_inner()
}

fn blog(posts: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    write(&folder, "hugo.toml", b"title = 'Notes'\n");
    write(&folder, "static/images/good.jpg", &jpeg());
    write(&folder, "static/images/page.jpg", b"<!doctype html>404");
    for (name, front) in posts {
        let text = format!("---\ntitle: {name}\ndate: 2026-10-01\n{front}---\nBody\n");
        write(&folder, &format!("content/posts/{name}.md"), text.as_bytes());
    }
    folder
}

fn write(folder: &TempDir, path: &str, bytes: &[u8]) {
    let path = folder.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

fn check(folder: &TempDir, built: bool) -> Checked {
    let options = Options { image_field: Some("image".to_owned()), ..Options::default() };
    let (sites, discovery) = Sites::open(folder.path(), &options.into()).unwrap();
    let built = built.then(|| BuiltSite::open(&folder.path().join("public")).unwrap());
    Checked::new(&sites, &discovery, built.as_ref(), "2026-11-20T00:00:00Z".parse().unwrap())
}

fn told(checked: &Checked) -> Vec<(&str, String, Option<u32>)> {
    checked.posts.iter().map(|post| (post.path.as_str(), post.finding.to_string(), post.line)).collect()
}

#[test]
fn every_published_post_is_judged_by_its_own_words_and_the_file_it_names() {
    let folder = blog(&[
        ("a", "image: /images/good.jpg\n"),
        ("b", ""),
        ("c", "image: /images/page.jpg\n"),
        ("d", "image: https://cdn.example/x.jpg\n"),
        ("e", "draft: true\n"),
    ]);
    let checked = check(&folder, false);
    assert_eq!((checked.published, checked.pages), (4, None));
    let path = |name| format!("content/posts/{name}.md");
    let right = [
        (path("a"), "it has its hero image", None),
        (path("b"), "it has no hero image; name one in `image`, or let mode `generate` make it", Some(1)),
        (
            path("c"),
            "its hero image `static/images/page.jpg` cannot be used: the file is not a picture; replace the file",
            Some(4),
        ),
        (
            path("d"),
            "its hero image `https://cdn.example/x.jpg` cannot be found: it is an address of another host; name a picture of the repository, or check the built site by input `built`",
            Some(4),
        ),
        (path("e"), "it is a draft", None),
    ];
    let right: Vec<_> =
        right.iter().map(|(path, text, line)| (path.as_str(), (*text).to_owned(), *line)).collect();
    assert_eq!(told(&checked), right);
}

#[test]
fn with_the_built_site_what_a_reader_sees_decides() {
    let good = "image: /images/good.jpg\n";
    let folder = blog(&[
        ("broken", good),
        ("gone", good),
        ("hidden", good),
        ("none", ""),
        ("outside", "image: https://cdn.example/x.jpg\n"),
        ("preview", good),
        ("shown", good),
    ]);
    write(&folder, "public/images/good.jpg", &jpeg());
    for (name, html) in [
        ("broken", "<img src=/img/good.jpg>"),
        ("hidden", "<p>words"),
        ("none", "<img src=/images/good.jpg>"),
        ("outside", "<img src=https://cdn.example/x.jpg>"),
        ("preview", "<meta property=og:image content=/images/good.jpg>"),
        ("shown", "<img src=/images/good.jpg>"),
    ] {
        write(
            &folder,
            &format!("public/posts/{name}/index.html"),
            format!("<title>{name}</title>{html}").as_bytes(),
        );
    }
    let checked = check(&folder, true);
    let page = |name: &str| format!("posts/{name}/index.html");
    let findings: Vec<_> = checked.posts.iter().map(|post| post.finding.clone()).collect();
    let cure = "name one in `image`, or let mode `generate` make it".to_owned();
    assert_eq!(
        findings,
        [
            Finding::Broken { page: page("broken"), address: "/img/good.jpg".to_owned() },
            Finding::NoPage,
            Finding::Hidden { page: page("hidden") },
            Finding::Missing { cure },
            Finding::Shown,
            Finding::Preview { page: page("preview") },
            Finding::Shown,
        ]
    );
    assert_eq!(checked.pages, Some(6));
    assert_eq!(findings.iter().filter(|finding| finding.is_flaw()).count(), 4);
}
