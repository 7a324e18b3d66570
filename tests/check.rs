//! Mode `check` as a step of a workflow: exit codes, outputs, annotations, and that it asks nobody.

use std::path::Path;

use image::ImageFormat;
use image::imageops::FilterType;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::support::action::{Action, Finished};
use crate::support::images::{encoded, picture};
use crate::support::posts::{blog, contents, put};

/// A post of this name with these lines in its front matter.
fn write(root: &Path, name: &str, front: &str) {
    let text = format!("---\ntitle: {name}\ndate: 2026-10-01\n{front}---\n\nWords.\n");
    put(root, &format!("content/posts/{name}.md"), text.as_bytes());
}

/// A Hugo site with one post in order.
fn site() -> TempDir {
    let blog = blog(&[("hugo.toml", "title = 'Notes'\n")]);
    put(blog.path(), "static/images/fine.jpg", &encoded(&picture(400, 210, 1), ImageFormat::Jpeg));
    write(blog.path(), "fine", "image: /images/fine.jpg\n");
    blog
}

/// The page of a post.
fn page(root: &Path, name: &str, body: &str) {
    let html = format!("<!doctype html><title>{name} | Notes</title><h1>{name}</h1>{body}");
    put(root, &format!("public/posts/{name}/index.html"), html.as_bytes());
}

fn check(root: &Path) -> Finished {
    Action::in_actions(root).input("mode", "check").input("image-field", "image").run()
}

fn check_built(root: &Path) -> Finished {
    let action = Action::in_actions(root).input("mode", "check").input("image-field", "image");
    action.input("built", "public").run()
}

fn list(run: &Finished, output: &str) -> Value {
    serde_json::from_str(&run.outputs[output]).unwrap()
}

#[test]
fn a_check_needs_neither_token_nor_repository() {
    let site = site();
    let action = Action::in_actions(site.path()).input("mode", "check").input("image-field", "image");
    let run = action.input("publish", "").input("github-token", "").env("GITHUB_REPOSITORY", "").run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
}

#[test]
fn a_site_in_order_is_green_without_any_key_and_not_a_byte_changes() {
    let site = site();
    let before = contents(site.path());
    let run = check(site.path());
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.everything());
    for output in ["missing-posts", "hidden", "broken"] {
        assert_eq!(list(&run, output), json!([]), "{output}");
    }
    assert!(run.log.contains("OK: the one published post has a hero image"), "{}", run.log);
    assert!(!run.log.contains("::warning") && !run.log.contains("::error"), "{}", run.log);
    assert_eq!(contents(site.path()), before);
}

#[test]
fn a_post_without_a_real_hero_makes_the_step_red_and_annotates_its_field() {
    let site = site();
    put(site.path(), "static/images/page.jpg", b"<!doctype html>404");
    write(site.path(), "damaged", "image: /images/page.jpg\n");
    write(site.path(), "draft", "draft: true\n");
    write(site.path(), "empty", "tags: [a]\nimage: \"\"\n");
    write(site.path(), "gone", "image: /images/lost.jpg\n");
    let run = check(site.path());
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    let posts = ["damaged", "empty", "gone"].map(|name| format!("content/posts/{name}.md"));
    assert_eq!(list(&run, "missing-posts"), json!(posts));
    assert_eq!(run.outputs["missing"], "1");
    for (name, line, title) in [
        ("damaged", 4, "Hero image is damaged"),
        ("empty", 5, "No hero image"),
        ("gone", 4, "Hero image cannot be found"),
    ] {
        let told = format!("::error file=content/posts/{name}.md,line={line},title={title}::");
        assert_eq!(run.log.matches(&told).count(), 1, "{told}: {}", run.log);
    }
    for (post, status) in
        [("fine", "unchanged"), ("draft", "skipped"), ("gone", "unresolved"), ("empty", "missing")]
    {
        assert_eq!(run.status(&format!("content/posts/{post}.md")), status);
    }
    let allowed = Action::in_actions(site.path()).input("mode", "check").input("fail-on", "never").run();
    assert_eq!(allowed.code, Some(0), "{}", allowed.log);
}

#[test]
fn the_built_site_says_what_a_reader_sees() {
    let site = site();
    let root = site.path();
    for name in ["broken", "hidden", "preview", "nowhere"] {
        write(root, name, "image: /images/fine.jpg\n");
    }
    put(root, "public/images/fine.jpg", &encoded(&picture(400, 210, 1), ImageFormat::Jpeg));
    page(root, "fine", "<img src=/images/fine.jpg>");
    page(root, "broken", "<img src=/static/fine.jpg>");
    page(root, "hidden", "<p>Words.");
    page(root, "preview", "<meta property=og:image content=https://notes.example/images/fine.jpg>");
    let run = check_built(root);
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.everything());
    assert_eq!(list(&run, "missing-posts"), json!([]));
    assert_eq!(list(&run, "hidden"), json!(["content/posts/hidden.md", "content/posts/nowhere.md"]));
    assert_eq!(list(&run, "broken"), json!(["content/posts/broken.md"]));
    for told in [
        "Degraded: 3 of 5 published posts lack a hero image that readers see",
        "4 pages of the built site: 1 post shows its hero image, 1 in link previews only",
        "::error file=content/posts/broken.md,line=4,title=Hero image leads to no file::",
        "`/static/fine.jpg`, which leads to no file of the built site",
        "::notice title=Image fallback::1 post has its hero image in link previews only",
    ] {
        assert!(run.log.contains(told), "{told}: {}", run.log);
    }
    assert!(run.summary.contains("posts/hidden/index.html"), "{}", run.summary);
    assert_eq!(run.report()["check"], json!({"pages": 4, "shown": 1, "preview": 1}));
}

/// Log, outputs and summary; what differs from run to run is left out.
fn told(run: &Finished) -> String {
    let outputs: Vec<_> = run.outputs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let is_steady = |line: &&str| !line.starts_with("Started ");
    let summary: Vec<_> = run.summary.lines().filter(is_steady).collect();
    let (log, outputs, summary) = (&run.log, outputs.join("\n"), summary.join("\n"));
    format!("{log}\n---- outputs\n{outputs}\n---- summary\n{summary}\n")
}

#[test]
fn a_title_card_in_the_text_is_found_where_the_build_names_pictures_by_hash() {
    let blog = blog(&[("eleventy.config.js", "export default function () {}\n")]);
    let root = blog.path();
    for name in ["one", "two"] {
        let text = format!("---\ntitle: Post {name}\ndate: 2026-10-01\n---\n\nWords.\n");
        put(root, &format!("content/blog/{name}.md"), text.as_bytes());
    }
    let shown_in_text = |action: Action| action.input("embed", "markdown").input("image-dir", "{dir}");
    let run = shown_in_text(Action::in_actions(root).input("providers", "card")).run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    let check = |right: bool| {
        for (name, other) in [("one", "two"), ("two", "one")] {
            let card = if right { name } else { other };
            let card = image::open(root.join(format!("content/blog/{card}.jpg"))).unwrap();
            let small = card.resize_exact(400, 210, FilterType::Triangle).into_rgb8();
            put(root, &format!("_site/img/Kq-{name}_x-400.webp"), &encoded(&small, ImageFormat::WebP));
            let html =
                format!("<title>Post {name}</title><h1>Post {name}</h1><img src=/img/Kq-{name}_x-400.webp>");
            put(root, &format!("_site/blog/{name}/index.html"), html.as_bytes());
        }
        shown_in_text(Action::in_actions(root).input("mode", "check").input("built", "_site")).run()
    };
    let right = check(true);
    assert_eq!(
        (right.code, &right.report()["check"]["shown"]),
        (Some(0), &json!(2)),
        "{}",
        right.everything()
    );
    let wrong = check(false);
    assert_eq!(
        (wrong.code, &wrong.report()["check"]["shown"]),
        (Some(1), &json!(0)),
        "the card of another post"
    );
}

#[test]
fn a_check_tells_of_every_kind_of_finding_in_plain_words() {
    let site = site();
    let root = site.path();
    put(root, "static/images/page.jpg", b"<!doctype html>404");
    for name in ["broken", "hidden", "preview", "nowhere"] {
        write(root, name, "image: /images/fine.jpg\n");
    }
    write(root, "damaged", "image: /images/page.jpg\n");
    write(root, "draft", "draft: true\n");
    write(root, "empty", "tags: [a]\nimage: \"\"\n");
    write(root, "gone", "image: /images/lost.jpg\n");
    put(root, "content/posts/open.md", b"---\ntitle: open\n");
    put(root, "public/images/fine.jpg", &encoded(&picture(400, 210, 1), ImageFormat::Jpeg));
    page(root, "fine", "<img src=/images/fine.jpg>");
    page(root, "broken", "<img src=/static/fine.jpg>");
    page(root, "preview", "<meta property=og:image content=https://notes.example/images/fine.jpg>");
    for name in ["hidden", "damaged", "empty", "gone"] {
        page(root, name, "<p>Words.");
    }
    insta::with_settings!({ omit_expression => true, prepend_module_to_snapshot => false }, {
        insta::assert_snapshot!(told(&check_built(root)));
    });
}

#[test]
fn a_built_site_that_is_not_there_is_a_setting_to_correct() {
    let site = site();
    for (given, told) in [
        ("public", "is not a folder; build the site"),
        ("content", "holds no HTML page"),
        ("/etc", "inside the workspace"),
    ] {
        let run = Action::in_actions(site.path()).input("mode", "check").input("built", given).run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        assert!(run.log.contains(told) && run.log.contains("built"), "{given}: {}", run.log);
    }
}

#[test]
fn the_pull_request_of_a_stranger_is_checked_too() {
    let site = site();
    write(site.path(), "new", "");
    let event = json!({
        "action": "opened",
        "number": 7,
        "pull_request": {
            "number": 7,
            "user": { "login": "stranger" },
            "head": { "ref": "main", "sha": "1".repeat(40), "repo": { "id": 2, "full_name": "stranger/blog" } },
            "base": { "ref": "main", "sha": "2".repeat(40), "repo": { "id": 1, "full_name": "acme/blog" } }
        },
        "repository": { "id": 1, "full_name": "acme/blog", "default_branch": "main" }
    });
    put(site.path(), "event.json", event.to_string().as_bytes());
    let action = || {
        let payload = site.path().join("event.json").display().to_string();
        Action::in_actions(site.path())
            .env("GITHUB_EVENT_NAME", "pull_request")
            .env("GITHUB_EVENT_PATH", payload)
    };
    let checked = action().input("mode", "check").run();
    assert_eq!(checked.code, Some(1), "{}", checked.everything());
    assert_eq!(list(&checked, "missing-posts"), json!(["content/posts/new.md"]));
    // A settings file of the stranger's own asks in vain.
    put(site.path(), ".github/image-fallback.yml", b"mode: check\n");
    let stood_down = action().run();
    assert_eq!(stood_down.code, Some(0), "{}", stood_down.everything());
    assert!(stood_down.log.contains("nothing to do: "), "{}", stood_down.log);
}

#[test]
fn on_a_laptop_it_is_the_first_word() {
    let site = site();
    let run = Action::on_a_laptop(site.path()).args(&["check"]).run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    let named = Action::on_a_laptop(site.path()).args(&["check", "content/posts/none.md"]).run();
    assert_eq!(named.code, Some(2), "{}", named.everything());
}
