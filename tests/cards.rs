//! How title cards look: what the site and the inputs put on them, and which files they may not come from.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;

use image::{Rgba, RgbaImage};

use crate::support::action::Action;
use crate::support::posts::{blog, contents, post, put};

const CARD: &str = "static/images/a.jpg";

/// A site that is called so by its configuration, with one post.
fn site(configuration: &str) -> tempfile::TempDir {
    blog(&[("hugo.toml", configuration), ("content/posts/a.md", &post("A day in the harbour"))])
}

/// The one card that a run with these flags draws.
fn card(root: &Path, flags: &[&str]) -> Vec<u8> {
    let run = Action::on_a_laptop(root).args(&["--providers=card", "content/posts/a.md"]).args(flags).run();
    assert_eq!(run.status("content/posts/a.md"), "card", "{}", run.log);
    let card = fs::read(root.join(CARD)).unwrap();
    put(root, "content/posts/a.md", post("A day in the harbour").as_bytes());
    fs::remove_file(root.join(CARD)).unwrap();
    card
}

#[test]
fn a_card_carries_the_title_of_its_site_or_what_the_input_says() {
    let (named, nameless) = (site("title = 'The Fog'\n"), site(""));
    let own = card(named.path(), &[]);
    let plain = card(nameless.path(), &[]);
    assert_ne!(own, plain);
    assert_eq!(own, card(nameless.path(), &["--card-brand=The Fog"]));
    assert_eq!(plain, card(named.path(), &["--card-brand=none"]));
}

#[test]
fn color_and_logo_are_seen_and_the_same_in_every_run() {
    let blog = site("");
    RgbaImage::from_pixel(40, 40, Rgba([255, 255, 255, 255])).save(blog.path().join("logo.png")).unwrap();
    let plain = card(blog.path(), &[]);
    let colored = card(blog.path(), &["--card-color=#facc15"]);
    let both = ["--card-color=#facc15", "--card-logo=logo.png"];
    let logo = card(blog.path(), &both);
    assert!(plain != colored && colored != logo);
    assert_eq!(logo, card(blog.path(), &both));
    let pixels = image::load_from_memory(&colored).unwrap().into_rgb8();
    let [red, green, blue] = pixels.get_pixel(5, 5).0;
    assert!(red > 230 && green > 180 && blue < 120, "{red} {green} {blue}");
}

/// What the one error of a run says about a flag, and that nothing was written.
fn refused(root: &Path, flag: &str) -> String {
    let before = contents(root);
    let run = Action::on_a_laptop(root).args(&[flag]).run();
    assert_eq!((run.code, contents(root) == before), (Some(2), true), "{flag}: {}", run.log);
    run.stderr
}

#[test]
fn a_file_that_cards_cannot_use_is_refused_with_its_cure() {
    let blog = site("");
    let outside = tempfile::tempdir().unwrap();
    RgbaImage::new(4, 4).save(outside.path().join("secret.png")).unwrap();
    let root = blog.path();
    put(root, "logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>");
    put(root, "words.png", b"no picture");
    put(root, "assets/logo.png", b"");
    put(root, "huge.png", &vec![0; 2 * 1024 * 1024 + 1]);
    RgbaImage::new(2100, 3).save(root.join("wide.png")).unwrap();
    symlink(outside.path().join("secret.png"), root.join("link.png")).unwrap();
    symlink(outside.path(), root.join("linked")).unwrap();
    for (given, told) in [
        ("missing.png", "`missing.png` does not exist"),
        ("asets/logo.png", "does not exist; did you mean `assets/logo.png`?"),
        ("assets", "`assets` is a folder; name a file in it"),
        ("link.png", "`link.png` is a link out of the repository"),
        ("linked/secret.png", "`linked/secret.png` is a link out of the repository"),
        ("../secret.png", "`../secret.png` is not a file of the repository"),
        ("/etc/passwd", "`/etc/passwd` is not a file of the repository"),
        (".git/config", "`.git/config` is not a file of the repository"),
        ("huge.png", "`huge.png` is larger than 2 MB"),
        ("wide.png", "`wide.png` is larger than 2048 pixels on a side"),
        ("words.png", "`words.png` is not a PNG that can be read"),
        ("logo.svg", "`logo.svg` is an SVG, which this program does not draw; convert it to PNG"),
    ] {
        let said = refused(root, &format!("--card-logo={given}"));
        assert!(said.contains("`--card-logo`: ") && said.contains(told), "{given}: {said}");
    }
    put(root, "huge.otf", &vec![0; 20 * 1024 * 1024 + 1]);
    put(root, "words.otf", b"no font");
    symlink("/etc/passwd", root.join("link.otf")).unwrap();
    for (given, told) in [
        ("missing.otf", "`missing.otf` does not exist"),
        ("assets", "`assets` is a folder; name a file in it"),
        ("link.otf", "`link.otf` is a link out of the repository"),
        ("huge.otf", "`huge.otf` is larger than 20 MB"),
        ("words.otf", "`words.otf` is not a font that can be read; name a .ttf or .otf file"),
    ] {
        let said = refused(root, &format!("--card-font={given}"));
        assert!(said.contains("`--card-font`: ") && said.contains(told), "{given}: {said}");
    }
    let said = refused(root, "--card-color=blue");
    assert!(said.contains("`--card-color`: `blue` is wrong; write a color such as `#1d4ed8`"), "{said}");
}

#[test]
fn a_font_of_the_repository_writes_what_the_program_has_no_font_for() {
    let blog = blog(&[("hugo.toml", ""), ("content/posts/a.md", &post("ゼロから学ぶ Rust"))]);
    put(blog.path(), "fonts/few.otf", include_bytes!("support/NotoSansCJK-few.otf"));
    let draw = |flags: &[&str]| {
        let run = Action::on_a_laptop(blog.path())
            .args(&["--providers=card", "--redraw", "content/posts/a.md"])
            .args(flags)
            .run();
        assert_eq!(run.status("content/posts/a.md"), "card", "{}", run.log);
        run.log.contains("its title card is without `ゼロから学ぶ`")
    };
    assert!(draw(&[]));
    assert!(!draw(&["--card-font=fonts/few.otf"]));
}
