//! Who takes part in the chain, and what each kind of answer leads to.

use std::fs;

use serde_json::json;

use super::{PICTURE, POST, answers, attempts, pairs, text, used_up, withdrawn};
use crate::support::action::Action;
use crate::support::images::{self, cloudflare_delivers, cloudflare_fails, cloudflare_used_up, fresh_jpeg};
use crate::support::posts::{blog_of, contents, post, put};
use crate::support::server::{Reply, Request, Server};

// B-02, B-06, B-10
#[test]
fn the_chain_is_what_is_configured_in_the_order_that_is_given() {
    let folder = blog_of(1);
    let table = |action: Action| {
        let run = action.args(&["providers"]).run();
        assert_eq!(run.code, Some(0), "{}", run.log);
        run.log.lines().map(str::to_owned).collect::<Vec<_>>()
    };
    let one = table(Action::on_a_laptop(folder.path()).env("TOGETHER_API_KEY", "together-secret"));
    assert!(one[0].starts_with("1. together") && one[1].starts_with("-  cloudflare"), "{one:?}");
    let many = Action::on_a_laptop(folder.path())
        .env("TOGETHER_API_TOKEN", "together-secret")
        .env("GEMINI", "gemini-secret")
        .env("IMAGE_GEMINI_MODEL", "imagen-9, gemini-8")
        .env("HF_TOKEN", "hf-secret")
        .env("HUGGINGFACE_IMAGE_MODEL", "somebody/model")
        .env("INPUT_PROVIDERS", "gemini, huggingface, together");
    let many = table(many);
    assert!(
        many[0].starts_with("1. gemini") && many[0].contains(": imagen-9 (price unknown), then gemini-8 ("),
        "{many:?}"
    );
    assert!(many[1].starts_with("2. huggingface") && many[1].contains(": somebody/model ("), "{many:?}");
    assert!(many[2].starts_with("3. together"), "{many:?}");
}

#[test]
fn the_table_of_the_providers_says_what_earlier_runs_found_and_where_keys_are_made() {
    let (folder, first, second) = (blog_of(1), used_up(), images::together());
    let action = || Action::on_a_laptop(folder.path()).cloudflare(&first).together(&second);
    let before = action().args(&["providers"]).run();
    assert!(!before.log.contains("just now"), "{}", before.log);
    assert_eq!(action().run().code, Some(0));
    let (asked, files) = (first.count() + second.count(), contents(folder.path()));
    let table = action().args(&["providers"]).run();
    let row = |name: &str| {
        let lines: Vec<_> = table.log.lines().filter(|line| line.contains(name)).collect();
        lines.first().map(|line| (*line).to_owned()).unwrap_or_default()
    };
    assert!(
        row("1. cloudflare").ends_with("; failed just now: daily allowance used up (429)"),
        "{}",
        table.log
    );
    assert!(row("2. together").ends_with("; delivered just now"), "{}", table.log);
    assert!(row("-  gemini").ends_with("; key: https://aistudio.google.com/apikey"), "{}", table.log);
    assert_eq!((first.count() + second.count(), contents(folder.path())), (asked, files), "it only looks");
}

// B-03, B-05
#[test]
fn a_chain_of_nobody_is_refused_with_what_would_enable_each_and_the_missing_half() {
    let folder = blog_of(1);
    let run = Action::in_actions(folder.path()).env("CLOUDFLARE", "a-token-alone").input("size", "big").run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    for part in [
        "CLOUDFLARE_API_TOKEN",
        "HUGGINGFACE_API_TOKEN",
        "TOGETHER_API_TOKEN",
        "POLLINATIONS_ENABLED=true",
        "GEMINI_API_KEY",
    ] {
        assert!(run.log.contains(part), "{part}: {}", run.log);
    }
    assert!(
        run.log.contains("::warning title=Image fallback::Cloudflare is not used: the account id is missing")
    );
    assert!(run.summary.contains("account id is missing"), "{}", run.summary);
}

#[test]
fn an_empty_chain_is_told_beside_problems_of_other_settings() {
    let folder = blog_of(1);
    put(folder.path(), ".github/image-fallback.yml", b"colour: red\n");
    let run = Action::in_actions(folder.path()).run();
    assert!(
        run.log.contains("`colour` is unknown") && run.log.contains("no image provider is configured"),
        "{}",
        run.log
    );
}

// B-08, B-12, B-40
#[test]
fn one_secret_and_no_input_at_all_make_a_run() {
    let (folder, server) = (blog_of(1), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!((run.code, server.count()), (Some(0), 1), "{}", run.log);
    let post = run.post(POST);
    assert_eq!(
        (&post["provider"], &post["fallback"], &post["image"]),
        (&json!("cloudflare"), &json!(false), &json!(PICTURE))
    );
}

// B-11
#[test]
fn an_override_holds_for_one_run_and_its_delivery_is_not_a_fallback() {
    let (first, second) = (images::cloudflare(), images::together());
    let folder = blog_of(1);
    let action = || Action::in_actions(folder.path()).cloudflare(&first).together(&second);
    let run = action().input("provider-override", "together").run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.log);
    assert_eq!((first.count(), second.count()), (0, 1));
    put(folder.path(), "posts/next.md", post("Next").as_bytes());
    let next = action().run();
    assert_eq!(next.post("posts/next.md")["provider"], "cloudflare");
    assert_eq!((first.count(), second.count()), (1, 1));
    assert!(!folder.path().join(".github").exists(), "nothing was stored");
}

// B-14, B-15, B-17, B-44
#[test]
fn an_answer_of_200_without_a_usable_picture_is_a_failure() {
    let black = image::RgbImage::new(640, 640);
    let black = images::encoded(&black, image::ImageFormat::Png);
    for reply in [
        cloudflare_fails(200, 5006, "no"),
        Reply::json(200, json!({"success": true, "result": {}})),
        Reply::text(200, "image/png", "<html>Too many requests</html>"),
        Reply::bytes(200, "image/png", black),
    ] {
        let (folder, first, second) = (blog_of(1), answers(reply), images::together());
        let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
        assert_eq!((run.outputs["verdict"].as_str(), first.count()), ("fallback", 1), "{}", run.log);
        assert_eq!(run.post(POST)["provider"], "together");
    }
}

// B-19
#[test]
fn the_bytes_say_what_a_picture_is_and_not_its_content_type() {
    let webp = images::encoded(&images::picture(640, 640, 9), image::ImageFormat::WebP);
    let (folder, server) = (blog_of(1), answers(Reply::bytes(200, "text/plain; charset=utf-8", webp)));
    let run = Action::in_actions(folder.path())
        .cloudflare(&server)
        .env("CLOUDFLARE_IMAGE_MODEL", "@cf/lykon/dreamshaper-8-lcm")
        .run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(fs::read(folder.path().join(PICTURE)).unwrap().starts_with(&[0xff, 0xd8]), "a .jpg is a JPEG");
}

// B-22, B-36, B-39, B-43
#[test]
fn an_exhausted_chain_keeps_what_was_made_and_raises_an_error() {
    // One picture is left in the allowance.
    let left = std::sync::atomic::AtomicUsize::new(1);
    let server = Server::start(move |_| {
        let spend = |left: usize| left.checked_sub(1);
        let (set, get) = (std::sync::atomic::Ordering::SeqCst, std::sync::atomic::Ordering::SeqCst);
        if left.fetch_update(set, get, spend).is_ok() { cloudflare_delivers() } else { cloudflare_used_up() }
    });
    let folder = blog_of(4);
    let run = Action::in_actions(folder.path()).input("concurrency", "1").cloudflare(&server).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.log);
    assert_eq!((run.outputs["generated"].as_str(), run.outputs["failed"].as_str()), ("1", "3"));
    assert_eq!(server.count(), 2, "b_33: what is out is not asked again");
    assert!(text(&folder, POST).contains("image: ") && folder.path().join(PICTURE).exists());
    assert_eq!(text(&folder, "posts/post-2.md"), post("Post number 2"));
    assert!(run.log.contains("file=posts/post-2.md"), "{}", run.log);
}

// B-24, B-28, B-38
#[test]
fn a_rate_limit_sends_the_post_on_at_once_and_asks_nobody_twice() {
    let slow_down = cloudflare_fails(429, 3040, "rate limited").with("retry-after", "3600");
    let (folder, first, second) = (blog_of(1), answers(slow_down), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, first.count(), second.count()), (Some(0), 1, 1), "{}", run.log);
    assert!(!run.log.contains("the key was refused") && !run.log.contains("a model is gone"), "{}", run.log);
}

// B-32, B-33, B-34, B-35
#[test]
fn switches_are_logged_with_from_to_and_reason_and_stick() {
    let retired = |_: &Request| {
        Reply::json(
            404,
            json!({"error": {"code": 404, "status": "NOT_FOUND", "message": "models/x is not found"}}),
        )
    };
    let (first, second, third) = (used_up(), withdrawn(), Server::start(retired));
    let last = Server::start(|_| Reply::bytes(200, "image/jpeg", fresh_jpeg()));
    let folder = blog_of(2);
    let run = Action::in_actions(folder.path())
        .input("concurrency", "1")
        .input("describe", "never")
        .input("providers", "cloudflare, together, gemini, pollinations")
        .cloudflare(&first)
        .together(&second)
        .env("TOGETHER_IMAGE_MODEL", "black-forest-labs/FLUX.2-dev")
        .gemini(&third)
        .env("IMAGE_GEMINI_MODEL", "gemini-one")
        .env("POLLINATIONS_ENABLED", "true")
        .env("POLLINATIONS_API_TOKEN", "sk_0123456789abcdef")
        .env("POLLINATIONS_BASE_URL", last.url())
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    let switches: Vec<_> = run.log.lines().filter(|line| line.contains("switching from")).collect();
    let expected = [
        "posts/post-1.md: switching from Cloudflare Workers AI to Together AI: daily allowance used up (",
        "posts/post-1.md: switching from Together AI to Google Gemini: model not found (",
        "posts/post-1.md: switching from Google Gemini to Pollinations: model not found (",
    ];
    assert_eq!(switches.len(), expected.len(), "{}", run.log);
    for (line, start) in switches.iter().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!([first.count(), second.count(), third.count(), last.count()], [1, 1, 1, 2]);
}

// B-23, B-91
#[test]
fn a_used_up_daily_allowance_is_not_a_short_limit() {
    let (folder, first, second) = (blog_of(3), used_up(), images::together());
    let run = Action::in_actions(folder.path())
        .input("concurrency", "1")
        .cloudflare(&first)
        .together(&second)
        .run();
    assert_eq!((run.code, first.count(), second.count()), (Some(0), 1, 3), "{}", run.log);
    assert_eq!(attempts(&run, POST), pairs(&[("cloudflare", "QuotaExhausted"), ("together", "delivered")]));
    let report = run.report();
    let until: jiff::Timestamp = report["chain"][0]["out_until"].as_str().unwrap().parse().unwrap();
    assert_eq!(until.as_second() % 86_400, 0, "midnight UTC");
    assert!(run.summary.contains("00:00 UTC"), "{}", run.summary);
}

// B-92
#[test]
fn numbers_in_a_body_do_not_change_what_a_status_means() {
    // A 500 that mentions 401, 403, 410 and 429: trouble that passes, neither a refused key nor a dead model.
    let words = "request 4011 (403 bytes, 410 ms) failed: upstream quota 429 deprecated";
    let (folder, first, second) = (blog_of(1), answers(cloudflare_fails(500, 1, words)), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!(attempts(&run, POST), pairs(&[("cloudflare", "Transient"), ("together", "delivered")]));
    assert!(!run.log.contains("::error") && !run.log.contains("::warning"), "{}", run.log);
}

// B-93, B-29, B-30
#[test]
fn a_generic_error_in_the_middle_never_keeps_the_later_providers_from_being_asked() {
    for middle in [
        withdrawn(),
        answers(Reply::json(400, json!({"error": {"message": "bad parameter"}}))),
        answers(Reply::text(404, "text/html", "<html>not here</html>")),
        answers(Reply::text(418, "text/plain", "a teapot")),
    ] {
        let (folder, first, last) = (blog_of(2), used_up(), images::gemini());
        let run = Action::in_actions(folder.path())
            .input("concurrency", "1")
            .cloudflare(&first)
            .together(&middle)
            .gemini(&last)
            .run();
        assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
        for path in [POST, "posts/post-2.md"] {
            assert_eq!(run.post(path)["provider"], "gemini");
        }
    }
}

// B-96
#[test]
fn a_single_named_post_has_the_whole_chain_behind_it() {
    let (folder, first, second) = (blog_of(2), used_up(), images::together());
    let run = Action::in_actions(folder.path())
        .args(&["generate", POST])
        .cloudflare(&first)
        .together(&second)
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    assert_eq!((run.outputs["generated"].as_str(), second.count()), ("1", 1));
}
