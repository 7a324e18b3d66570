//! Pages as the generators write them, in short.

mod address;
mod generators;
mod html;

use std::fs;
use std::io::Cursor;
use std::path::{Path, PathBuf};

use image::{DynamicImage, ImageFormat, Rgb, RgbImage};
use tempfile::TempDir;

use super::*;

/// A picture that looks like no other with another seed.
fn picture(seed: u32, (width, height): (u32, u32), format: ImageFormat) -> Vec<u8> {
    let drawn = RgbImage::from_fn(width, height, |x, y| {
        let (x, y) = (x * 12 / width + seed, y * 7 / height);
        Rgb([(x * 37 % 251) as u8, ((x + y) * 53 % 241) as u8, (y * seed * 29 % 239) as u8])
    });
    encoded(drawn, format)
}

fn encoded(drawn: RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    DynamicImage::ImageRgb8(drawn).write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// Sources and the site built of them.
struct Fixture {
    folder: TempDir,
}

impl Fixture {
    /// Files of the built site: pages as text, and pictures that are empty but for their names.
    fn new(files: &[(&str, &str)]) -> Self {
        let fixture = Self { folder: tempfile::tempdir().unwrap() };
        fs::create_dir(fixture.root()).unwrap();
        files.iter().for_each(|(path, text)| fixture.write(&format!("built/{path}"), text.as_bytes()));
        fixture
    }

    fn with(self, path: &str, bytes: &[u8]) -> Self {
        self.write(path, bytes);
        self
    }

    fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }

    fn root(&self) -> PathBuf {
        self.folder.path().join("built")
    }

    fn source(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// What a reader gets of the hero of one post.
    fn sees(&self, post: &str, title: &str, hero: &str) -> Sighting {
        self.look_for(&[self.post(post, title, hero)]).remove(0)
    }

    fn look_for(&self, posts: &[Sought]) -> Vec<Sighting> {
        BuiltSite::open(&self.root()).unwrap().look_for(posts)
    }

    fn post(&self, path: &str, title: &str, hero: &str) -> Sought {
        let hero = SoughtPicture { path: hero.to_owned(), file: self.source(hero) };
        Sought {
            path: path.to_owned(),
            title: Some(title.to_owned()),
            date: Some(["2026", "10", "01"].map(str::to_owned)),
            addresses: Vec::new(),
            hero: Some(hero),
            elsewhere: None,
        }
    }
}

fn sighting(appearance: Appearance, page: &str, address: &str) -> Sighting {
    let address = (!address.is_empty()).then(|| address.to_owned());
    Sighting { appearance, page: Some(page.to_owned()), address }
}

/// A page with this in its head and its body.
fn page(title: &str, head: &str, body: &str) -> String {
    format!(
        "<!DOCTYPE html><html lang=en><head><meta charset=utf-8><title>{title} | Notes</title>{head}</head><body><header><nav><a href=/>Notes</a></nav></header><main>{body}</main></body></html>"
    )
}

#[test]
fn a_folder_that_is_not_a_built_site_is_named_with_the_cure() {
    let fixture = Fixture::new(&[]);
    let open = |path: &Path| BuiltSite::open(path).unwrap_err().to_string();
    assert!(open(&fixture.source("gone")).contains("is not a folder; build the site before this step"));
    assert!(open(&fixture.root()).contains("holds no HTML page"));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_built_site_is_neither_page_nor_picture() {
    let fixture = Fixture::new(&[("index.html", "<p>x")]).with("outside/x.html", b"<img src=/x.jpg>");
    std::os::unix::fs::symlink(fixture.source("outside"), fixture.root().join("linked")).unwrap();
    std::os::unix::fs::symlink(fixture.source("outside/x.html"), fixture.root().join("y.html")).unwrap();
    assert_eq!(BuiltSite::open(&fixture.root()).unwrap().page_count(), 1);
}

#[test]
fn names_that_heroes_share_are_told_apart_by_folder_and_content() {
    let jpeg = |seed| picture(seed, (400, 210), ImageFormat::Jpeg);
    let small = |seed| picture(seed, (200, 105), ImageFormat::Png);
    let own = page("A", "", r#"<img src="/media/1/cover.png">"#);
    let others = page("B", "", r#"<img src="/media/1/cover.png">"#);
    let beside = page("C", "", r#"<img src="cover.jpg">"#);
    let fixture = Fixture::new(&[
        ("posts/a/index.html", &own),
        ("posts/b/index.html", &others),
        ("posts/c/index.html", &beside),
    ])
    .with("built/media/1/cover.png", &small(1))
    .with("built/posts/c/cover.jpg", b"coded anew")
    .with("content/posts/a/cover.jpg", &jpeg(1))
    .with("content/posts/b/cover.jpg", &jpeg(2))
    .with("content/posts/c/cover.jpg", &jpeg(3));
    let posts = ["A", "B", "C"].map(|title| {
        let name = title.to_lowercase();
        fixture.post(
            &format!("content/posts/{name}/index.md"),
            title,
            &format!("content/posts/{name}/cover.jpg"),
        )
    });
    let seen: Vec<_> = fixture.look_for(&posts).into_iter().map(|seen| seen.appearance).collect();
    assert_eq!(seen, [Appearance::Shown, Appearance::Hidden, Appearance::Shown]);
}

#[test]
fn a_page_is_found_by_its_title_where_its_address_says_nothing() {
    let found = page("Boats", "", "<h1>Harbour at dawn</h1><img src=/i/p.jpg>");
    let card = "<article><h2>Harbour at dawn</h2><img src=/i/p.jpg></article>".repeat(5);
    let list = page("Harbour at dawn", "", &format!("<h1>Harbour at dawn</h1>{card}"));
    let fixture = Fixture::new(&[
        ("p/4711.html", &found),
        ("index.html", &list),
        ("i/p.jpg", "x"),
        ("b.html", "<h1>B"),
    ]);
    let seen = fixture.sees("notes/2026 note.md", "Harbour at dawn", "static/i/p.jpg");
    assert_eq!(seen, sighting(Appearance::Shown, "p/4711.html", "/i/p.jpg"));
    let none = fixture.sees("notes/gone.md", "Nobody knows", "static/i/p.jpg");
    assert_eq!(none.appearance, Appearance::NoPage);
}

#[test]
fn a_page_that_only_forwards_stands_for_the_one_that_it_names() {
    let stub = r#"<!doctype html><html><head><title>https://x.example/new/</title><link rel=canonical href=https://x.example/new/><meta http-equiv=refresh content="0; url=https://x.example/new/"></head></html>"#;
    let fixture = Fixture::new(&[
        ("posts/a/index.html", stub),
        ("new/index.html", &page("A", "", "<img src=/a.jpg>")),
        ("a.jpg", "x"),
    ]);
    let seen = fixture.sees("content/posts/a.md", "A", "static/a.jpg");
    assert_eq!(seen, sighting(Appearance::Shown, "new/index.html", "/a.jpg"));
}

#[test]
fn a_list_of_the_same_name_never_stands_for_the_post() {
    let card = "<article><h2>x</h2></article>".repeat(6);
    let fixture = Fixture::new(&[
        (
            "categories/harbour/index.html",
            &page("Harbour", "", &format!("<h1>Harbour</h1><img src=/h.jpg>{card}")),
        ),
        ("harbour/index.html", &page("Harbour", "", "<h1>Harbour</h1>")),
        ("h.jpg", "x"),
    ]);
    let seen = fixture.sees("content/posts/harbour.md", "Harbour", "static/h.jpg");
    assert_eq!(seen, sighting(Appearance::Hidden, "harbour/index.html", ""));
}
