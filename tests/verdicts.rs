//! One test for each way a run can end, and for each promise about what it then leaves behind
//!.

use std::fs;

use serde_json::{Value, json};

use crate::support::action::{Action, Finished};
use crate::support::images::{self, cloudflare_delivers, cloudflare_used_up};
use crate::support::posts::{blog, blog_of, contents, post, put};
use crate::support::server::{Reply, Server};

/// A Cloudflare account whose daily allowance is used up.
fn used_up() -> Server {
    Server::start(|_| cloudflare_used_up())
}

/// A Together account without credit.
fn without_credit() -> Server {
    Server::start(|_| {
        Reply::json(402, json!({"error": {"message": "add credit", "code": "insufficient_quota"}}))
    })
}

fn text(folder: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn list(run: &Finished, output: &str) -> Value {
    serde_json::from_str(&run.outputs[output]).unwrap()
}

#[test]
fn ok_when_the_first_provider_delivers_for_every_post() {
    let (folder, server) = (blog_of(2), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert_eq!((run.outputs["verdict"].as_str(), run.outputs["generated"].as_str()), ("ok", "2"));
    assert_eq!(list(&run, "providers-used"), json!(["cloudflare"]));
    assert!(
        run.summary.starts_with("## OK: 2 hero images ready (Cloudflare Workers AI 2)"),
        "{}",
        run.summary
    );
    assert!(text(&folder, "posts/post-1.md").contains("image: /images/post-1.jpg\n"));
    let picture = image::open(folder.path().join("static/images/post-1.jpg")).unwrap();
    assert_eq!((picture.width(), picture.height()), (640, 336), "the shape of 1200x630, never scaled up");
    assert!(!run.log.contains("::error") && !run.log.contains("::warning"), "{}", run.log);
}

#[test]
fn fallback_is_a_brief_notice_and_a_green_step() {
    let (folder, first, second) = (blog_of(1), used_up(), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    assert_eq!(run.outputs["fallback-used"], "true");
    assert_eq!(list(&run, "providers-used"), json!(["together"]));
    assert!(run.summary.contains("Hero image ready (via fallback: Together AI)"), "{}", run.summary);
    assert!(run.log.contains("::notice title=Fallback used::Hero image ready (via fallback: Together AI)"));
    assert!(!run.log.contains("::error"), "{}", run.log);
}

#[test]
fn fail_on_says_from_which_verdict_the_step_fails() {
    let (out, delivers, broke) = (used_up(), images::together(), without_credit());
    for (second, fail_on, code) in [
        (&delivers, "fallback", 1),
        (&delivers, "never", 0),
        (&broke, "fallback", 1),
        (&broke, "degraded", 1),
        (&broke, "never", 0),
    ] {
        let folder = blog_of(1);
        let action = Action::in_actions(folder.path()).input("fail-on", fail_on);
        let run = action.cloudflare(&out).together(second).run();
        assert_eq!(run.code, Some(code), "{fail_on}: {}", run.log);
    }
}

#[test]
fn degraded_leaves_the_post_to_a_person_and_cannot_be_missed() {
    let (folder, first, second) = (blog_of(1), used_up(), without_credit());
    let before = contents(folder.path());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.log);
    assert_eq!((run.outputs["failed"].as_str(), run.outputs["missing"].as_str()), ("1", "1"));
    assert_eq!(list(&run, "manual-posts"), json!(["posts/post-1.md"]));
    assert_eq!(list(&run, "posts")[0]["status"], "manual");
    assert_eq!(run.status("posts/post-1.md"), "manual");
    let annotation =
        run.log.lines().find(|line| line.starts_with("::error") && line.contains("file=posts/post-1.md"));
    assert!(
        annotation.is_some_and(
            |line| line.contains("Together AI: out of credit") && line.contains("Cloudflare Workers AI")
        ),
        "{}",
        run.log
    );
    assert!(run.summary.contains("> [!CAUTION]"), "{}", run.summary);
    assert!(run.summary.contains("### Needs a picture (1)"), "{}", run.summary);
    assert_eq!(contents(folder.path()), before);
}

#[test]
fn a_post_that_cannot_be_edited_needs_a_person_as_well() {
    let (folder, server) = (blog_of(1), images::cloudflare());
    put(folder.path(), "posts/broken.md", b"---\ntitle: [never closed\n---\nText.\n");
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!((run.code, run.outputs["failed"].as_str()), (Some(1), "1"), "{}", run.log);
    assert_eq!(run.status("posts/broken.md"), "failed");
    assert_eq!(list(&run, "manual-posts"), json!(["posts/broken.md"]));
}

#[test]
fn a_stand_in_card_is_written_and_still_degraded() {
    let (folder, first) = (blog_of(1), used_up());
    let run = Action::in_actions(folder.path()).input("on-exhausted", "card").cloudflare(&first).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.log);
    assert_eq!((run.outputs["generated"].as_str(), run.outputs["failed"].as_str()), ("0", "1"));
    assert_eq!(run.status("posts/post-1.md"), "card");
    assert!(folder.path().join("static/images/post-1.jpg").exists());
    assert!(text(&folder, "posts/post-1.md").contains("image: /images/post-1.jpg\n"));
}

#[test]
fn the_last_word_of_the_order_says_what_happens_when_nobody_delivers() {
    for (order, status) in [("cloudflare, manual", "manual"), ("cloudflare, card", "card")] {
        let (folder, first) = (blog_of(1), used_up());
        let run = Action::in_actions(folder.path()).input("providers", order).cloudflare(&first).run();
        assert_eq!((run.code, run.status("posts/post-1.md").as_str()), (Some(1), status), "{}", run.log);
    }
    for (order, last_resort, problem) in [
        (
            "manual, card",
            None,
            "input `providers`: `card` and `manual` both end the chain; take one of them out",
        ),
        ("manual", None, "input `providers`: `manual` alone asks nobody; name a service in front of it"),
        (
            "cloudflare, manual",
            Some("card"),
            "input `providers` ends in `manual`, and input `on-exhausted` says otherwise; take one of them out",
        ),
        (
            "cloudflare, card",
            Some("manual"),
            "input `providers` ends in `card`, and input `on-exhausted` says otherwise; take one of them out",
        ),
    ] {
        let (folder, first) = (blog_of(1), used_up());
        let action = Action::in_actions(folder.path()).input("providers", order).cloudflare(&first);
        let action = match last_resort {
            Some(word) => action.input("on-exhausted", word),
            None => action,
        };
        let run = action.run();
        assert_eq!((run.code, first.count()), (Some(2), 0), "{}", run.log);
        assert!(run.log.contains(problem) && run.log.matches("::error").count() == 1, "{}", run.log);
    }
}

#[test]
fn cards_that_were_asked_for_are_ok_also_in_actions() {
    let folder = blog_of(1);
    let run = Action::in_actions(folder.path()).input("providers", "card").run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.log);
    assert!(run.summary.starts_with("## OK: Title cards only (1 post)"), "{}", run.summary);
    let picture = image::open(folder.path().join("static/images/post-1.jpg")).unwrap();
    assert_eq!((picture.width(), picture.height()), (1200, 630));
}

#[test]
fn wrong_settings_are_all_told_at_once_and_nothing_is_touched() {
    let (folder, server) = (blog_of(1), images::cloudflare());
    put(folder.path(), ".github/image-fallback.yml", b"colour: red\ntogether-token: x\nmax-images: many\n");
    let before = contents(folder.path());
    let run = Action::in_actions(folder.path())
        .input("size", "big")
        .input("fail-on", "sometimes")
        .input("providers", "cloudflare, dalle")
        .input("provider-override", "gemini")
        .input("prompt-template", "{{ titel }}")
        .cloudflare(&server)
        .args(&["--quality", "101"])
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(2), "failed"), "{}", run.log);
    for problem in [
        "colour",
        "together-token",
        "`max-images`: `many`",
        "`size`: `big`",
        "`fail-on`: `sometimes`",
        "`dalle` is unknown",
        "`gemini` is not configured",
        "`prompt-template`",
        "`--quality`: `101`",
    ] {
        assert!(run.log.contains(problem), "{problem} is missing in {}", run.log);
    }
    assert!(run.summary.contains("## Failed: 9 settings or permissions are wrong"), "{}", run.summary);
    assert_eq!((contents(folder.path()), server.count()), (before, 0));
}

#[test]
fn a_dry_run_explains_and_touches_nothing() {
    let (folder, server) = (blog_of(2), images::cloudflare());
    let before = contents(folder.path());
    let run = Action::in_actions(folder.path()).input("dry-run", "true").cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(run.summary.contains("2 posts would get a hero image"), "{}", run.summary);
    for line in [
        "would generate posts/post-1.md: static/images/post-1.jpg; `image` becomes `/images/post-1.jpg`; first asked: Cloudflare Workers AI, about $0.0006\n",
        "would generate posts/post-2.md: static/images/post-2.jpg; `image` becomes `/images/post-2.jpg`; first asked: Cloudflare Workers AI, about $0.0006\n",
        "Site `generic`: pictures go to `static/images`, named in the field `image`",
    ] {
        assert!(run.log.contains(line), "{line}: {}", run.log);
    }
    assert_eq!((run.outputs["pending"].as_str(), run.outputs["report"].as_str()), ("2", ""));
    assert_eq!((contents(folder.path()), server.count()), (before, 0));
    assert!(!folder.path().join(".image-fallback").exists());
    let wrong =
        Action::in_actions(folder.path()).input("dry-run", "true").input("size", "big").cloudflare(&server);
    assert_eq!(wrong.run().code, Some(2), "wrong settings are wrong in a dry run too");
}

#[test]
fn posts_beyond_max_images_are_pending_and_do_not_change_the_verdict() {
    let files = ["01", "02", "03"].map(|day| {
        let path = format!("posts/day-{day}.md");
        (path, format!("---\ntitle: Day {day}\ndate: 2026-11-{day}\n---\nText.\n"))
    });
    let files: Vec<_> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let (folder, server) = (blog(&files), images::cloudflare());
    let run = Action::in_actions(folder.path()).input("max-images", "1").cloudflare(&server).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.log);
    assert_eq!(["generated", "pending", "missing"].map(|name| run.outputs[name].as_str()), ["1", "2", "2"]);
    assert_eq!(run.status("posts/day-03.md"), "generated", "the newest comes first");
    assert_eq!(run.status("posts/day-01.md"), "pending");
    assert_eq!(server.count(), 1);
}

// B-87
#[test]
fn a_second_run_asks_nobody_and_changes_no_byte() {
    let (folder, server) = (blog_of(2), images::cloudflare());
    let action = || Action::in_actions(folder.path()).input("metadata", "front-matter").cloudflare(&server);
    assert_eq!(action().run().code, Some(0));
    let (before, requests) = (contents(folder.path()), server.count());
    let again = action().run();
    assert_eq!((again.code, again.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", again.log);
    assert!(again.summary.starts_with("## OK: nothing to do"), "{}", again.summary);
    assert_eq!((contents(folder.path()), server.count()), (before, requests));
}

#[test]
fn the_outputs_are_those_of_the_table_on_every_exit() {
    let (out, delivers) = (used_up(), images::cloudflare());
    let names: Vec<_> = image_fallback::report::OUTPUTS.iter().map(|output| output.name.to_owned()).collect();
    for (server, size, code) in [(&delivers, "1200x630", 0), (&out, "1200x630", 1), (&out, "huge", 2)] {
        let folder = blog_of(1);
        let run = Action::in_actions(folder.path()).input("size", size).cloudflare(server).run();
        assert_eq!(run.code, Some(code), "{}", run.log);
        let mut expected = names.clone();
        expected.sort();
        assert_eq!(run.outputs.keys().cloned().collect::<Vec<_>>(), expected);
        assert_eq!(run.outputs["report"], ".image-fallback/report.json");
        assert_eq!(run.report()["verdict"].as_str(), Some(run.outputs["verdict"].as_str()));
        assert!(!run.summary.is_empty());
    }
    let folder = blog_of(1);
    let run = Action::in_actions(folder.path()).cloudflare(&delivers).run();
    let posts = json!([{
        "path": "posts/post-1.md", "status": "generated", "provider": "cloudflare",
        "model": "@cf/black-forest-labs/flux-1-schnell", "fallback": false,
        "image": "static/images/post-1.jpg", "cost": 0.000634,
    }]);
    assert_eq!(list(&run, "posts"), posts);
    let plain = ["failed", "pending", "missing", "fallback-used", "manual-posts", "cost"]
        .map(|name| run.outputs[name].as_str());
    assert_eq!(plain, ["0", "0", "0", "false", "[]", "0.000634"]);
}

#[test]
fn reports_of_real_runs_match_the_published_schema() {
    let schema = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/report.schema.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let schema = jsonschema::validator_for(&schema).unwrap();
    let (out, delivers, broke) = (used_up(), images::together(), without_credit());
    for (second, size) in [(&delivers, "1200x630"), (&broke, "1200x630"), (&broke, "huge")] {
        let folder = blog_of(1);
        let action = Action::in_actions(folder.path()).input("size", size);
        let report = action.cloudflare(&out).together(second).run().report();
        let errors: Vec<_> = schema.iter_errors(&report).map(|error| error.to_string()).collect();
        assert!(errors.is_empty(), "{errors:?}");
        let site = &report["sites"][0];
        let decided = [&site["field"], &site["evidence"], &site["visibility"]];
        if size != "huge" {
            assert_eq!(decided, ["image", "generator", "unknown"], "{site}");
        }
    }
}

#[test]
fn the_order_of_the_sources_is_flag_then_input_then_file() {
    let server = images::cloudflare();
    let widths = |flag: Option<&str>, input: Option<&str>| {
        let folder = blog_of(1);
        put(folder.path(), ".github/image-fallback.yml", b"size: 300x300\nformat: png\n");
        let mut action = Action::in_actions(folder.path()).cloudflare(&server);
        if let Some(size) = input {
            action = action.input("size", size);
        }
        if let Some(size) = flag {
            action = action.args(&["--size", size]);
        }
        let run = action.run();
        assert_eq!(run.code, Some(0), "{}", run.log);
        image::open(folder.path().join("static/images/post-1.png")).unwrap().width()
    };
    assert_eq!(widths(None, None), 300);
    assert_eq!(widths(None, Some("320x320")), 320);
    assert_eq!(widths(None, Some("")), 300, "empty means unset");
    assert_eq!(widths(Some("340x340"), Some("320x320")), 340);
}

#[test]
fn pictures_come_in_the_wanted_format() {
    let server = images::cloudflare();
    for (format, extension, kind) in [
        ("jpeg", "jpg", image::ImageFormat::Jpeg),
        ("webp", "webp", image::ImageFormat::WebP),
        ("png", "png", image::ImageFormat::Png),
    ] {
        let folder = blog_of(1);
        let run = Action::in_actions(folder.path()).input("format", format).cloudflare(&server).run();
        assert_eq!(run.code, Some(0), "{}", run.log);
        let bytes = fs::read(folder.path().join(format!("static/images/post-1.{extension}"))).unwrap();
        assert_eq!(image::guess_format(&bytes).unwrap(), kind);
        assert!(text(&folder, "posts/post-1.md").contains(&format!("/images/post-1.{extension}\n")));
    }
}

#[test]
fn posts_named_by_their_paths_may_be_dated_in_the_future_and_matched_ones_wait() {
    let future = "---\ntitle: To come\ndate: 2099-01-01\n---\nText.\n";
    let server = images::cloudflare();
    let folder = blog(&[("posts/future.md", future), ("posts/now.md", &post("Now"))]);
    let run = Action::in_actions(folder.path()).input("posts", "posts/future.md").cloudflare(&server).run();
    assert_eq!(run.status("posts/future.md"), "generated", "{}", run.log);
    assert_eq!(text(&folder, "posts/now.md"), post("Now"));
    let folder = blog(&[("posts/future.md", future), ("posts/now.md", &post("Now"))]);
    let run = Action::in_actions(folder.path())
        .args(&["generate", "posts/future.md", "!posts/now.md"])
        .cloudflare(&server)
        .run();
    assert_eq!(run.status("posts/future.md"), "generated", "{}", run.log);
    let folder = blog(&[("posts/future.md", future), ("posts/now.md", &post("Now"))]);
    let run = Action::in_actions(folder.path()).input("posts", "posts/*.md").cloudflare(&server).run();
    assert_eq!(run.status("posts/future.md"), "skipped", "{}", run.log);
    assert_eq!(run.status("posts/now.md"), "generated");
    let folder = blog(&[("posts/future.md", future), ("posts/now.md", &post("Now"))]);
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.status("posts/future.md"), "skipped", "unnamed it waits for its day");
    assert_eq!(run.status("posts/now.md"), "generated");
}

#[test]
fn every_outcome_of_a_mixed_run_is_in_report_and_verdict() {
    // The first post is delivered for, the second refused by everybody, the third cannot be read.
    let server = Server::start(|request| {
        if String::from_utf8_lossy(&request.body).contains("Doomed") {
            images::cloudflare_fails(400, 5006, "invalid input")
        } else {
            cloudflare_delivers()
        }
    });
    let folder = blog(&[
        ("posts/a.md", &post("Fine")),
        ("posts/b.md", &post("Doomed")),
        ("posts/c.md", "---\ntitle: Open\n"),
        ("posts/d.md", "---\ntitle: Later\ndraft: true\n---\n"),
    ]);
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    let statuses = ["a", "b", "c", "d"].map(|name| run.status(&format!("posts/{name}.md")));
    assert_eq!(statuses, ["generated", "manual", "failed", "skipped"]);
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"));
    assert!(run.summary.contains("2 of 3 posts got no hero image"), "{}", run.summary);
    assert!(text(&folder, "posts/a.md").contains("image: "), "what was made is kept");
}
