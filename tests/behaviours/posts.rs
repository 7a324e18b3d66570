//! Which posts are looked at, and what a new picture of an old post does.

use std::fs;

use super::{PICTURE, POST, text, used_up, withdrawn};
use crate::support::action::Action;
use crate::support::images::{self, fresh_jpeg};
use crate::support::posts::{blog, blog_of, contents, post, put};
use crate::support::server::Server;

// B-43
#[test]
fn a_title_card_waits_for_a_real_picture_and_counts_as_missing_until_then() {
    let folder = blog_of(1);
    assert_eq!(Action::on_a_laptop(folder.path()).run().status(POST), "card");
    let card = fs::read(folder.path().join(PICTURE)).unwrap();
    let again = Action::on_a_laptop(folder.path()).run();
    assert_eq!(again.status(POST), "unchanged", "where nobody can draw, the card is what there is");
    let out = used_up();
    let degraded = Action::in_actions(folder.path()).input("on-exhausted", "card").cloudflare(&out).run();
    assert_eq!((degraded.code, degraded.status(POST).as_str()), (Some(1), "card"), "{}", degraded.log);
    assert_eq!(fs::read(folder.path().join(PICTURE)).unwrap(), card, "the same card for the same title");
    let (before, delivers) = (text(&folder, POST), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&delivers).run();
    assert_eq!((run.code, run.status(POST).as_str()), (Some(0), "generated"), "{}", run.log);
    assert_ne!(fs::read(folder.path().join(PICTURE)).unwrap(), card);
    assert_eq!(text(&folder, POST), before, "the post names the same file");
    let last = Action::in_actions(folder.path()).cloudflare(&delivers).run();
    assert_eq!((last.status(POST).as_str(), delivers.count()), ("unchanged", 1));
}

#[test]
fn a_title_card_that_is_only_embedded_waits_as_well_and_an_authors_picture_does_not() {
    let vault = blog(&[(".obsidian/app.json", "{}"), ("note.md", "Text of the note.\n")]);
    assert_eq!(Action::on_a_laptop(vault.path()).run().status("note.md"), "card");
    let (before, picture) = (text(&vault, "note.md"), "attachments/note.jpg");
    assert_eq!(before, format!("![[{picture}]]\n\nText of the note.\n"));
    let (card, delivers) = (fs::read(vault.path().join(picture)).unwrap(), images::cloudflare());
    let run = Action::in_actions(vault.path()).cloudflare(&delivers).run();
    assert_eq!((run.code, run.status("note.md").as_str()), (Some(0), "generated"), "{}", run.log);
    assert_ne!(fs::read(vault.path().join(picture)).unwrap(), card);
    assert_eq!(text(&vault, "note.md"), before, "the note shows the same file");
    put(vault.path(), picture, &fresh_jpeg());
    let last = Action::in_actions(vault.path()).cloudflare(&delivers).run();
    assert_eq!((last.status("note.md").as_str(), delivers.count()), ("unchanged", 1), "{}", last.log);
}

// B-47, B-48, B-53
#[test]
fn undated_posts_take_part_and_titles_that_are_dates_wait() {
    let files = [
        ("posts/2026-01-02-a.md", "---\ntitle: A\n---\n"),
        ("posts/undated.md", "---\ntitle: Undated\n---\n"),
        ("posts/2026-01-03.md", "---\ntitle: \"2026-01-03\"\n---\n"),
    ];
    let folder = blog(&files);
    let run = Action::in_actions(folder.path()).input("providers", "card").run();
    assert_eq!(run.status("posts/2026-01-02-a.md"), "card", "{}", run.log);
    assert_eq!(run.status("posts/undated.md"), "card");
    assert_eq!(run.status("posts/2026-01-03.md"), "skipped");
    assert_eq!(run.post("posts/2026-01-03.md")["reason"], "its title is only a date; give it a real one");
}

// B-59
#[test]
fn only_pictures_count_against_the_limit() {
    let done = "---\ntitle: Done\nimage: /images/x.jpg\ndate: 2026-11-10\n---\n";
    let folder = blog(&[("posts/a.md", done), ("posts/b.md", done), ("posts/c.md", &post("C"))]);
    put(folder.path(), "static/images/x.jpg", &fresh_jpeg());
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).input("max-images", "1").cloudflare(&server).run();
    assert_eq!(
        ["a", "b", "c"].map(|name| run.status(&format!("posts/{name}.md"))),
        ["unchanged", "unchanged", "generated"]
    );
}

const REGENERATE: &str = "---\ntitle: Again\nimage: /images/post-1.jpg\nregenerate_image: true\n\
                          image_prompt: An old prompt\nimage_model: m\n---\n\nText.\n";

/// A post that asks for a new picture, and the old picture, which is ours.
fn to_regenerate(front: &str) -> tempfile::TempDir {
    let folder = blog_of(1);
    let server = images::cloudflare();
    assert_eq!(Action::in_actions(folder.path()).cloudflare(&server).run().code, Some(0));
    put(folder.path(), POST, front.as_bytes());
    folder
}

// B-60
#[test]
fn the_old_picture_stays_until_the_new_one_exists() {
    let folder = to_regenerate(REGENERATE);
    let before = contents(folder.path());
    let (first, second) = (used_up(), withdrawn());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, run.status(POST).as_str()), (Some(1), "manual"), "{}", run.log);
    assert_eq!(contents(folder.path()), before, "picture, flag and prompt are as they were");
}

#[test]
fn a_glob_of_several_that_matches_no_post_is_said() {
    let folder = blog(&[(POST, &post("A")), ("notes/README.md", "# Notes\n"), ("drafts/b.md", &post("B"))]);
    let server = images::cloudflare();
    let posts = "posts/**\nnotes/*.md\nblog/**\ndrafts/*\n!drafts/**\n!nowhere/**";
    let run = Action::in_actions(folder.path()).input("posts", posts).cloudflare(&server).run();
    assert_eq!(run.status(POST), "generated", "{}", run.log);
    let said: Vec<&str> = run.log.lines().filter(|line| line.contains("no post matches")).collect();
    let idle = ["notes/*.md", "blog/**", "drafts/*"];
    assert_eq!(said.len(), idle.len(), "{}", run.log);
    for (line, glob) in said.iter().zip(idle) {
        assert!(
            line.ends_with(&format!("input `posts`: no post matches `{glob}`; mend it or take it out")),
            "{line}"
        );
    }
    let again = Action::in_actions(folder.path()).input("posts", "posts/**").cloudflare(&server).run();
    assert!(!again.log.contains("no post matches"), "{}", again.log);
}

#[test]
fn what_a_post_says_of_its_picture_is_about_the_new_one() {
    let front = "---\ntitle: Again\nimage: /images/post-1.jpg\nregenerate_image: true\nimage_prompt: An old prompt\n\
                 image_model: m\nimage_provider: p\nimage_date: 2020-01-01T00:00:00Z\n---\n\nText.\n";
    let folder = to_regenerate(front);
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.status(POST), "generated", "{}", run.log);
    let written = text(&folder, POST);
    for stale in ["An old prompt", "image_model: m\n", "image_provider: p\n", "2020-01-01"] {
        assert!(!written.contains(stale), "{stale} in {written}");
    }
    assert!(written.contains("image_model: \"@cf/black-forest-labs/flux-1-schnell\"\n"), "{written}");
    // What the author wrote beside a picture is the author's.
    let own = front.replace("image_model: m\n", "");
    put(folder.path(), POST, own.as_bytes());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.status(POST), "generated", "{}", run.log);
    let kept = text(&folder, POST);
    let authored = "image_prompt: An old prompt\nimage_provider: p\nimage_date: 2020-01-01T00:00:00Z\n---\n";
    assert!(kept.contains(authored) && !kept.contains("image_model"), "{kept}");
}

#[test]
fn a_title_card_never_replaces_a_picture() {
    let folder = to_regenerate(REGENERATE);
    let cdn = "---\ntitle: B\nimage: https://cdn.example/b.png\nregenerate_image: redraw\n---\n";
    put(folder.path(), "posts/cdn.md", cdn.as_bytes());
    let vault =
        blog(&[(".obsidian/app.json", "{}"), ("note.md", "---\nregenerate_image: true\n---\n![[x.jpg]]\n")]);
    put(vault.path(), "x.jpg", &fresh_jpeg());
    for (root, posts) in [(folder.path(), &[POST, "posts/cdn.md"][..]), (vault.path(), &["note.md"])] {
        let before = contents(root);
        let laptop = Action::on_a_laptop(root).run();
        let asked = Action::in_actions(root).input("providers", "card").run();
        let planned = Action::in_actions(root).input("providers", "card").input("dry-run", "true").run();
        for run in [laptop, asked, planned] {
            assert_eq!(
                (run.code, run.outputs.get("verdict").map_or("ok", String::as_str)),
                (Some(0), "ok"),
                "{}",
                run.log
            );
            assert!(run.log.contains("its picture is kept"), "{}", run.log);
        }
        let (first, second) = (used_up(), withdrawn());
        let action = || Action::in_actions(root).cloudflare(&first).together(&second);
        for run in [
            action().input("on-exhausted", "card").run(),
            action().input("providers", "cloudflare, together, card").run(),
        ] {
            assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.log);
            for post in posts {
                assert_eq!(run.status(post), "manual", "{}", run.log);
                let told = run.post(post).to_string().to_lowercase();
                assert!(told.contains("cloudflare") && told.contains("together"), "{told}");
            }
        }
        assert_eq!(contents(root), before, "pictures, flags and prompts are as they were");
    }
}

#[test]
fn a_title_card_that_is_to_be_drawn_anew_is() {
    let folder = blog_of(1);
    assert_eq!(Action::on_a_laptop(folder.path()).run().status(POST), "card");
    let card = fs::read(folder.path().join(PICTURE)).unwrap();
    put(folder.path(), POST, REGENERATE.as_bytes());
    let run = Action::on_a_laptop(folder.path()).run();
    assert_eq!((run.code, run.status(POST).as_str()), (Some(0), "card"), "{}", run.log);
    assert_ne!(fs::read(folder.path().join(PICTURE)).unwrap(), card, "its title is another");
    assert!(text(&folder, POST).contains("\nregenerate_image: false\n"));
}

// B-60, B-62, B-63
#[test]
fn a_new_picture_takes_a_new_prompt_and_clears_flag_and_cache() {
    let folder = to_regenerate(REGENERATE);
    let old = fs::read(folder.path().join(PICTURE)).unwrap();
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let sent = server.requests()[0].json()["prompt"].as_str().unwrap().to_owned();
    assert!(sent.contains("Again") && !sent.contains("An old prompt"), "{sent}");
    let post = text(&folder, POST);
    assert!(post.contains("\nregenerate_image: false\n") && !post.contains("An old prompt"), "{post}");
    assert!(post.contains("image: /images/post-1.jpg\n"), "our own file is replaced in place");
    assert_ne!(fs::read(folder.path().join(PICTURE)).unwrap(), old);
}

// B-63
#[test]
fn a_redraw_keeps_the_prompt() {
    let folder = to_regenerate(&REGENERATE.replace("true", "redraw"));
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert_eq!(server.requests()[0].json()["prompt"], "An old prompt");
    assert!(text(&folder, POST).contains("image_prompt: An old prompt\n"));
}

#[test]
fn a_picture_under_another_known_field_counts_and_an_empty_field_is_filled() {
    let folder = blog(&[
        ("hugo.toml", ""),
        ("content/posts/a/index.md", "+++\ntitle = \"A\"\n[cover]\nimage = \"shelf.png\"\n+++\nText\n"),
        ("content/posts/b.md", "---\ntitle: B\nimages: []\n---\nText\n"),
        ("content/posts/c.md", "---\ntitle: C\ncover:\n  image: \"\"\n---\nText\n"),
        ("content/posts/d.md", "---\ntitle: D\nimages: [/images/d.jpg]\n---\nText\n"),
    ]);
    put(folder.path(), "content/posts/a/shelf.png", &fresh_jpeg());
    put(folder.path(), "static/images/d.jpg", &fresh_jpeg());
    let delivers = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&delivers).run();
    assert_eq!((run.code, delivers.count()), (Some(0), 2), "{}", run.log);
    assert_eq!(run.status("content/posts/a/index.md"), "unchanged");
    let filled = text(&folder, "content/posts/c.md");
    assert!(
        filled.contains("  image: \"/images/c.jpg\"\n  alt: ") && !filled.contains("images:"),
        "{filled}"
    );
    assert!(text(&folder, "content/posts/b.md").contains("images: [/images/b.jpg]"));
    let again = Action::in_actions(folder.path()).cloudflare(&delivers).run();
    assert_eq!((again.code, delivers.count()), (Some(0), 2), "{}", again.log);
}

#[test]
fn a_vault_keeps_its_pictures_where_its_own_settings_say() {
    let settings = "{\"attachmentFolderPath\": \"./pics\"}";
    let vault = blog(&[(".obsidian/app.json", settings), ("notes/bed.md", "Text of the note.\n")]);
    assert_eq!(Action::on_a_laptop(vault.path()).run().status("notes/bed.md"), "card");
    assert_eq!(text(&vault, "notes/bed.md"), "![[./pics/bed.jpg]]\n\nText of the note.\n");
    let (card, delivers) = (fs::read(vault.path().join("notes/pics/bed.jpg")).unwrap(), images::cloudflare());
    let run = Action::in_actions(vault.path()).cloudflare(&delivers).run();
    assert_eq!((run.code, run.status("notes/bed.md").as_str()), (Some(0), "generated"), "{}", run.log);
    assert_ne!(fs::read(vault.path().join("notes/pics/bed.jpg")).unwrap(), card);
    let last = Action::in_actions(vault.path()).cloudflare(&delivers).run();
    assert_eq!((last.status("notes/bed.md").as_str(), delivers.count()), ("unchanged", 1), "{}", last.log);
}

#[test]
fn a_picture_that_cannot_be_put_in_place_is_kept_and_named() {
    let folder = blog_of(1);
    let file = folder.path().join("posts/post-1.md");
    let provider = Server::start(move |_| {
        let _ = std::fs::remove_file(&file);
        images::cloudflare_delivers()
    });
    let run = Action::in_actions(folder.path()).cloudflare(&provider).run();
    let told = run.post("posts/post-1.md");
    assert_eq!(told["status"], "failed", "{told}");
    assert_eq!(told["attempts"].as_array().map(Vec::len), Some(1), "{told}");
    assert!(told["reason"].as_str().unwrap().contains("its picture is kept as `unused/"), "{told}");
    let kept = folder.path().join(".image-fallback/unused/static/images/post-1.jpg");
    assert!(image::load_from_memory(&std::fs::read(kept).unwrap()).is_ok());
}

#[test]
fn a_picture_that_a_person_sets_while_ours_is_made_stays() {
    let folder = blog_of(2);
    put(folder.path(), "static/images/own.jpg", &images::fresh_jpeg());
    let file = folder.path().join("posts/post-1.md");
    let theirs = post("Post number 1").replace("date:", "image: /images/own.jpg\ndate:");
    let (path, text) = (file.clone(), theirs.clone());
    let provider = Server::start(move |_| {
        std::fs::write(&path, &text).unwrap();
        images::cloudflare_delivers()
    });
    let run = Action::in_actions(folder.path()).cloudflare(&provider).run();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    assert_eq!(std::fs::read_to_string(&file).unwrap(), theirs);
    let told = run.post("posts/post-1.md");
    assert_eq!(told["status"], "unchanged", "{told}");
    assert!(
        told["reason"].as_str().unwrap().contains("the picture of cloudflare is kept as `unused/"),
        "{told}"
    );
    let kept = folder.path().join(".image-fallback/unused/static/images/post-1.jpg");
    assert!(image::load_from_memory(&std::fs::read(kept).unwrap()).is_ok());
    assert!(!folder.path().join("static/images/post-1.jpg").exists(), "nobody shows ours");
    assert_eq!((run.outputs["generated"].as_str(), run.outputs["missing"].as_str()), ("1", "0"));
}

#[test]
fn a_picture_that_a_person_sets_stays_where_the_post_could_share_a_translations() {
    let with = post("A").replace("date:", "images: [boat.jpg]\ndate:");
    let bundle = ["content/en/a/index.md", "content/de/a/index.md", "content/en/a/index.de.md"];
    for translation in [bundle[1], bundle[2]] {
        let folder = blog(&[("hugo.toml", ""), (bundle[0], &with), (translation, &post("A"))]);
        put(folder.path(), "content/en/a/boat.jpg", &images::fresh_jpeg());
        put(folder.path(), "static/own.jpg", &images::fresh_jpeg());
        put(folder.path(), "content/en/b.md", post("B").as_bytes());
        let theirs = post("A").replace("date:", "images: [/own.jpg]\ndate:");
        let (path, text) = (folder.path().join(translation), theirs.clone());
        let provider = Server::start(move |_| {
            std::fs::write(&path, &text).unwrap();
            images::cloudflare_delivers()
        });
        let run = Action::in_actions(folder.path()).cloudflare(&provider).run();
        assert_eq!((run.code, provider.count()), (Some(0), 1), "{}", run.everything());
        assert_eq!(std::fs::read_to_string(folder.path().join(translation)).unwrap(), theirs);
        let told = run.post(translation);
        assert_eq!(told["status"], "unchanged", "{told}");
        assert!(told["reason"].as_str().unwrap().contains("that one stays"), "{told}");
        assert!(!folder.path().join("content/de/a/boat.jpg").exists(), "nobody shows the copy");
    }
}

#[test]
fn a_picture_that_a_person_sets_in_the_place_of_a_placeholder_stays() {
    let folder = blog_of(2);
    put(folder.path(), "static/images/own.jpg", &images::fresh_jpeg());
    let (root, picture) = (folder.path().to_owned(), images::fresh_jpeg());
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let provider = Server::start(move |_| {
        if asked.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 1 {
            for name in ["post-1", "post-2"] {
                let file = root.join(format!("posts/{name}.md"));
                let text = std::fs::read_to_string(&file).unwrap();
                std::fs::write(&file, text.replace(&format!("/images/{name}.jpg"), "/images/own.jpg"))
                    .unwrap();
            }
        }
        images::cloudflare_gives(&picture)
    });
    let action = Action::in_actions(folder.path()).cloudflare(&provider).input("providers", "cloudflare");
    let run = action.input("concurrency", "1").input("describe", "never").run();
    let texts = ["post-1", "post-2"].map(|name| text(&folder, &format!("posts/{name}.md")));
    let theirs = texts.iter().filter(|text| text.contains("image: /images/own.jpg")).count();
    assert_eq!(theirs, 1, "{texts:?} {}", run.everything());
    let kept = texts.iter().find(|text| text.contains("/images/own.jpg")).unwrap();
    assert!(!kept.contains("regenerate_image"), "{kept}");
    assert!(run.log.contains("that one stays"), "{}", run.log);
}
