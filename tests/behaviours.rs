//! What the documents behind this project ask of it, end to end; every test names the behaviour by
//! its number. The verdicts have a file of their own.

use std::fs;

use serde_json::json;

use crate::support::action::{Action, Finished};
use crate::support::images::{
    self, cloudflare_delivers, cloudflare_fails, cloudflare_used_up, fresh_jpeg, gemini_delivers,
    gemini_describes, together_delivers,
};
use crate::support::posts::{blog, blog_of, contents, post, put};
use crate::support::server::{Reply, Request, Server};

const POST: &str = "posts/post-1.md";
const PICTURE: &str = "static/images/posts-post-1.jpg";

fn answers(reply: Reply) -> Server {
    Server::start(move |_| reply.clone())
}

fn used_up() -> Server {
    answers(cloudflare_used_up())
}

/// Together's answer for its withdrawn model.
fn withdrawn() -> Server {
    let message = "Unable to access non-serverless model black-forest-labs/FLUX.1-schnell-Free";
    answers(Reply::json(400, json!({"error": {"message": message, "code": "model_not_available"}})))
}

fn text(folder: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

/// Whether Gemini was asked for words.
fn describes(request: &Request) -> bool {
    request.json()["generationConfig"]["responseModalities"].is_null()
}

fn attempts(run: &Finished, path: &str) -> Vec<(String, String)> {
    let post = run.post(path);
    let attempts = post["attempts"].as_array().unwrap().iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("delivered").to_owned();
    attempts.map(|attempt| (word(&attempt["provider"]), word(&attempt["class"]))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
}

#[test]
fn b_02_b_06_b_10_the_chain_is_what_is_configured_in_the_order_that_is_given() {
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
    assert!(many[0].starts_with("1. gemini") && many[0].ends_with(": imagen-9, then gemini-8"), "{many:?}");
    assert!(many[1].starts_with("2. huggingface") && many[1].ends_with(": somebody/model"), "{many:?}");
    assert!(many[2].starts_with("3. together"), "{many:?}");
}

#[test]
fn b_03_b_05_a_chain_of_nobody_is_refused_with_what_would_enable_each_and_the_missing_half() {
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
        run.log
            .contains("::warning title=Image fallback::Cloudflare takes no part: the account id is missing")
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

#[test]
fn b_08_b_12_b_40_one_secret_and_no_input_at_all_make_a_run() {
    let (folder, server) = (blog_of(1), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!((run.code, server.count()), (Some(0), 1), "{}", run.log);
    let post = run.post(POST);
    assert_eq!(
        (&post["provider"], &post["fallback"], &post["image"]),
        (&json!("cloudflare"), &json!(false), &json!(PICTURE))
    );
}

#[test]
fn b_11_an_override_holds_for_one_run_and_its_delivery_is_no_fallback() {
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

#[test]
fn b_14_b_15_b_17_b_44_an_answer_of_200_without_a_usable_picture_is_a_failure() {
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

#[test]
fn b_19_the_bytes_say_what_a_picture_is_and_not_its_content_type() {
    let webp = images::encoded(&images::picture(640, 640, 9), image::ImageFormat::WebP);
    let (folder, server) = (blog_of(1), answers(Reply::bytes(200, "text/plain; charset=utf-8", webp)));
    let run = Action::in_actions(folder.path())
        .cloudflare(&server)
        .env("CLOUDFLARE_IMAGE_MODEL", "@cf/lykon/dreamshaper-8-lcm")
        .run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(fs::read(folder.path().join(PICTURE)).unwrap().starts_with(&[0xff, 0xd8]), "a .jpg is a JPEG");
}

#[test]
fn b_22_b_36_b_39_b_43_an_exhausted_chain_keeps_what_was_made_and_raises_an_error() {
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

#[test]
fn b_24_b_28_b_38_a_rate_limit_sends_the_post_on_at_once_and_asks_nobody_twice() {
    let slow_down = cloudflare_fails(429, 3040, "rate limited").with("retry-after", "3600");
    let (folder, first, second) = (blog_of(1), answers(slow_down), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, first.count(), second.count()), (Some(0), 1, 1), "{}", run.log);
    assert!(!run.log.contains("the key was refused") && !run.log.contains("a model is gone"), "{}", run.log);
}

#[test]
fn b_32_b_33_b_34_b_35_switches_are_logged_with_from_to_and_reason_and_stick() {
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
        .gemini(&third)
        .env("IMAGE_GEMINI_MODEL", "gemini-one")
        .env("POLLINATIONS_ENABLED", "true")
        .env("POLLINATIONS_API_TOKEN", "sk_0123456789abcdef")
        .env("POLLINATIONS_BASE_URL", last.url())
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    let switches: Vec<_> = run.log.lines().filter(|line| line.contains("switching from")).collect();
    let expected = [
        "posts/post-1.md: switching from cloudflare to together (QuotaExhausted",
        "posts/post-1.md: switching from together to gemini (Gone",
        "posts/post-1.md: switching from gemini to pollinations (Gone",
    ];
    assert_eq!(switches.len(), expected.len(), "{}", run.log);
    for (line, start) in switches.iter().zip(expected) {
        assert!(line.starts_with(start), "{line}");
    }
    assert_eq!([first.count(), second.count(), third.count(), last.count()], [1, 1, 1, 2]);
}

#[test]
fn b_43_a_title_card_waits_for_a_real_picture_and_counts_as_missing_until_then() {
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

#[test]
fn b_47_b_48_b_53_undated_posts_take_part_and_titles_that_are_dates_wait() {
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
    assert_eq!(
        run.post("posts/2026-01-03.md")["reason"],
        "its title is only a date; it waits for a real one"
    );
}

#[test]
fn b_59_only_pictures_count_against_the_limit() {
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

const REGENERATE: &str = "---\ntitle: Again\nimage: /images/posts-post-1.jpg\nregenerate_image: true\n\
                          image_prompt: An old prompt\nimage_model: m\n---\n\nText.\n";

/// A post that asks for a new picture, and the old picture, which is ours.
fn to_regenerate(front: &str) -> tempfile::TempDir {
    let folder = blog_of(1);
    let server = images::cloudflare();
    assert_eq!(Action::in_actions(folder.path()).cloudflare(&server).run().code, Some(0));
    put(folder.path(), POST, front.as_bytes());
    folder
}

#[test]
fn b_60_the_old_picture_stays_until_the_new_one_exists() {
    let folder = to_regenerate(REGENERATE);
    let before = contents(folder.path());
    let (first, second) = (used_up(), withdrawn());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!((run.code, run.status(POST).as_str()), (Some(1), "manual"), "{}", run.log);
    assert_eq!(contents(folder.path()), before, "picture, flag and prompt are as they were");
}

#[test]
fn b_60_b_62_b_63_a_new_picture_takes_a_new_prompt_and_clears_flag_and_cache() {
    let folder = to_regenerate(REGENERATE);
    let old = fs::read(folder.path().join(PICTURE)).unwrap();
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let sent = server.requests()[0].json()["prompt"].as_str().unwrap().to_owned();
    assert!(sent.contains("Again") && !sent.contains("An old prompt"), "{sent}");
    let post = text(&folder, POST);
    assert!(post.contains("\nregenerate_image: false\n") && !post.contains("An old prompt"), "{post}");
    assert!(post.contains("image: /images/posts-post-1.jpg\n"), "our own file is replaced in place");
    assert_ne!(fs::read(folder.path().join(PICTURE)).unwrap(), old);
}

#[test]
fn b_63_a_redraw_keeps_the_prompt() {
    let folder = to_regenerate(&REGENERATE.replace("true", "redraw"));
    let server = images::cloudflare();
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert_eq!(server.requests()[0].json()["prompt"], "An old prompt");
    assert!(text(&folder, POST).contains("image_prompt: An old prompt\n"));
}

#[test]
fn b_64_b_88_b_89_somebody_elses_picture_stays_and_no_other_file_is_touched() {
    let (hand_made, server) = (fresh_jpeg(), images::cloudflare());
    let folder = blog(&[
        (POST, "---\ntitle: A\nimage: /images/mine.jpg\nregenerate_image: true\n---\n"),
        ("posts/other.md", "---\ntitle: B\nimage: /images/mine.jpg\n---\n"),
        ("notes.txt", "untouched"),
    ]);
    put(folder.path(), "static/images/mine.jpg", &hand_made);
    // In the way of the name that the new picture would take.
    put(folder.path(), PICTURE, &hand_made);
    let before = contents(folder.path());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let after = contents(folder.path());
    let kept = before.iter().filter(|(name, _)| name != POST);
    assert!(kept.into_iter().all(|file| after.contains(file)), "{:?}", run.log);
    assert_eq!(after.len(), before.len() + 1, "one new file");
    assert!(text(&folder, POST).contains("image: /images/posts-post-1-2.jpg\n"), "{}", text(&folder, POST));
}

#[test]
fn b_66_the_authors_prompt_is_sent_verbatim_and_never_becomes_ours() {
    let prompt = "A red fox, \\\"late\\\" light: f/1.8";
    let folder = blog(&[(POST, &format!("---\ntitle: A\nimage_prompt: \"{prompt}\"\n---\n"))]);
    let (server, gemini) = (images::cloudflare(), images::gemini());
    let action = || {
        let action = Action::in_actions(folder.path()).input("metadata", "front-matter");
        action.cloudflare(&server).gemini(&gemini)
    };
    assert_eq!(action().run().code, Some(0));
    assert_eq!(server.requests()[0].json()["prompt"], "A red fox, \"late\" light: f/1.8");
    assert_eq!(gemini.count(), 0, "no text model is asked");
    let again = text(&folder, POST).replace("title: A\n", "title: A\nregenerate_image: true\n");
    put(folder.path(), POST, again.as_bytes());
    assert_eq!(action().run().code, Some(0));
    assert_eq!(server.requests()[1].json()["prompt"], "A red fox, \"late\" light: f/1.8");
    assert!(text(&folder, POST).contains(prompt), "{}", text(&folder, POST));
}

#[test]
fn b_67_b_69_b_75_one_call_describes_the_post_for_all_providers_and_gives_the_alt_text() {
    let (folder, first, second, gemini) = (blog_of(1), used_up(), images::together(), images::gemini());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).gemini(&gemini).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let asked = gemini.requests();
    assert_eq!((asked.len(), asked[0].method.as_str()), (1, "POST"), "one call, no picture");
    assert!(String::from_utf8_lossy(&asked[0].body).contains("No lettering"));
    assert_eq!(asked[0].header("x-goog-api-key"), Some("gemini-secret-token"));
    let prompts = [&first, &second].map(|server| server.requests()[0].json()["prompt"].clone());
    assert!(prompts[0].as_str().unwrap().contains("A lighthouse on a cliff at dusk, seen from the sea"));
    assert_eq!(prompts[0], prompts[1], "the same prompt after the switch");
    assert!(text(&folder, POST).contains("image_alt: \"A lighthouse at dusk\"\n"), "{}", text(&folder, POST));
}

#[test]
fn the_text_model_is_not_asked_when_nobody_is_left_to_draw_and_a_card_has_no_words_of_its() {
    let (folder, gemini, first) = (blog_of(3), images::gemini(), used_up());
    let action = Action::in_actions(folder.path()).input("providers", "cloudflare").input("concurrency", "1");
    let run = action.input("on-exhausted", "card").cloudflare(&first).gemini(&gemini).run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    assert_eq!((first.requests().len(), gemini.requests().len()), (1, 1), "the first post asked both");
    for number in 1..=3 {
        let post = text(&folder, &format!("posts/post-{number}.md"));
        assert!(post.contains(&format!("image_alt: \"Post number {number}\"\n")), "{post}");
    }
}

#[test]
fn b_68_b_70_b_71_without_a_description_the_title_makes_the_prompt_and_the_run_goes_on() {
    let models = Server::start(|request| {
        let first = request.target.contains("first-model");
        let answer = json!({"candidates": [{"content": {"parts": [{"text": "I cannot do that."}]}, "finishReason": "STOP"}]});
        if first {
            Reply::json(404, json!({"error": {"code": 404, "message": "gone"}}))
        } else {
            Reply::json(200, answer)
        }
    });
    let (folder, server) = (blog_of(1), images::cloudflare());
    let run = Action::in_actions(folder.path())
        .input("providers", "cloudflare")
        .cloudflare(&server)
        .gemini(&models)
        .env("PROMPT_DESCRIBER_MODEL", "first-model, second-model, second-model")
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.log);
    let targets: Vec<_> = models.requests().into_iter().map(|request| request.target).collect();
    assert_eq!(targets.len(), 2, "a model never falls back to itself: {targets:?}");
    assert!(server.requests()[0].json()["prompt"].as_str().unwrap().contains("Post number 1"));
    assert!(run.log.contains("no text model described it"), "{}", run.log);
    assert!(text(&folder, POST).contains("image_alt: \"Post number 1\"\n"));
}

#[test]
fn b_72_b_74_b_81_metadata_is_quoted_correctly_and_has_no_copy_of_the_prompt() {
    let gemini = Server::start(|request| {
        if describes(request) {
            gemini_describes("A \"boat\" at 5: #1 \\ café's pier", "A 'boat': \"x\"")
        } else {
            gemini_delivers()
        }
    });
    let (folder, server) = (blog_of(1), images::cloudflare());
    let run = Action::in_actions(folder.path())
        .input("metadata", "front-matter")
        .cloudflare(&server)
        .gemini(&gemini)
        .run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let matter = gray_matter::Matter::<gray_matter::engine::YAML>::new();
    let post: gray_matter::ParsedEntity<serde_json::Value> = matter.parse(&text(&folder, POST)).unwrap();
    let fields = post.data.unwrap();
    assert_eq!(fields["image_prompt"], server.requests()[0].json()["prompt"]);
    assert!(fields["image_prompt"].as_str().unwrap().contains("A \"boat\" at 5: #1 \\ café's pier"));
    assert_eq!(fields["image_alt"], "A 'boat': \"x\"");
    assert_eq!(fields["image_provider"], "cloudflare");
    assert_eq!(fields["image_model"], "@cf/black-forest-labs/flux-1-schnell");
    let date = fields["image_date"].as_str().unwrap();
    assert!(date.parse::<jiff::Timestamp>().is_ok() && date.ends_with('Z'), "{date}");
    assert!(fields.get("image_description").is_none());
}

#[test]
fn b_80_the_picture_is_also_shown_in_the_body_when_that_is_asked_for() {
    let body = "---\ntitle: A\n---\n\n```md\n# No heading\n```\n\n# A\n\nWords.\n";
    let (folder, server) = (blog(&[(POST, body)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).input("embed", "markdown").cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let written = text(&folder, POST);
    assert_eq!(written.matches("![A](/images/posts-post-1.jpg)").count(), 1, "{written}");
    assert!(written.contains("# A\n\n![A](/images/posts-post-1.jpg)"), "{written}");
}

#[test]
fn b_82_b_85_a_post_without_or_with_broken_front_matter_is_left_as_it_is_and_said() {
    let (bare, open) = ("# A title\n\nWords.\n", "---\ntitle: Open\n\nWords.\n");
    let (folder, server) = (blog(&[("posts/bare.md", bare), ("posts/open.md", open)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!((text(&folder, "posts/bare.md"), text(&folder, "posts/open.md")), (bare.into(), open.into()));
    assert_eq!(
        (run.status("posts/bare.md").as_str(), run.status("posts/open.md").as_str()),
        ("skipped", "failed")
    );
    assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.log);
    assert!(run.log.contains("the front matter is never closed"), "{}", run.log);
}

#[test]
fn b_83_b_84_an_empty_key_is_replaced_and_every_other_byte_stays() {
    let before =
        "---\r\ntitle: \"A: b\"   # why\r\nimage:\r\ntags:\r\n- '@x'\r\nempty:\r\n---\r\n\r\nWords.\r\n";
    let (folder, server) = (blog(&[(POST, before)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let expected = before
        .replace("image:\r\n", "image: /images/posts-post-1.jpg\r\n")
        .replace("empty:\r\n", "empty:\r\nimage_alt: \"A: b\"\r\n");
    let after = text(&folder, POST);
    let without_alt = |text: &str| {
        text.lines().filter(|line| !line.starts_with("image_alt")).collect::<Vec<_>>().join("\r\n")
    };
    assert_eq!(without_alt(&after), without_alt(&expected));
    assert_eq!(after.matches("image:").count(), 1);
}

#[test]
fn b_91_a_used_up_daily_allowance_is_no_short_limit() {
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

#[test]
fn b_92_numbers_in_a_body_do_not_change_what_a_status_means() {
    // A 500 that mentions 401, 403, 410 and 429: trouble that passes, neither a refused key nor a dead model.
    let words = "request 4011 (403 bytes, 410 ms) failed: upstream quota 429 deprecated";
    let (folder, first, second) = (blog_of(1), answers(cloudflare_fails(500, 1, words)), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&first).together(&second).run();
    assert_eq!(attempts(&run, POST), pairs(&[("cloudflare", "Transient"), ("together", "delivered")]));
    assert!(!run.log.contains("::error") && !run.log.contains("::warning"), "{}", run.log);
}

#[test]
fn b_93_b_29_b_30_a_generic_error_in_the_middle_never_keeps_the_later_providers_from_being_asked() {
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

#[test]
fn b_94_b_95_b_97_a_provider_error_never_becomes_skipped_with_a_green_run() {
    let errors = [
        cloudflare_used_up(),
        cloudflare_fails(401, 10000, "Authentication error"),
        cloudflare_fails(400, 5006, "invalid input"),
        cloudflare_fails(410, 3042, "deprecated"),
        Reply::text(402, "text/plain", "pay"),
        Reply::text(500, "text/html", "<html>oops</html>"),
        Reply::text(200, "text/plain", ""),
        Reply::json(200, json!({"success": true, "result": {"image": ""}})),
        Reply::bytes(302, "text/plain", Vec::new()).with("location", "https://elsewhere.invalid/"),
    ];
    for error in errors {
        let (folder, server) = (blog_of(1), answers(error.clone()));
        let before = contents(folder.path());
        let run = Action::in_actions(folder.path()).input("patience", "0s").cloudflare(&server).run();
        assert_eq!(
            (run.code, run.outputs["verdict"].as_str()),
            (Some(1), "degraded"),
            "{error:?}: {}",
            run.log
        );
        assert_eq!(run.status(POST), "manual", "{error:?}");
        assert!(!run.summary.contains("nothing to do"), "{}", run.summary);
        assert!(run.log.contains("::error"), "{}", run.log);
        assert_eq!(contents(folder.path()), before);
    }
}

#[test]
fn b_96_a_single_named_post_has_the_whole_chain_behind_it() {
    let (folder, first, second) = (blog_of(2), used_up(), images::together());
    let run = Action::in_actions(folder.path())
        .args(&["generate", POST])
        .cloudflare(&first)
        .together(&second)
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    assert_eq!((run.outputs["generated"].as_str(), second.count()), ("1", 1));
}

#[test]
fn b_99_b_98_no_secret_is_shown_and_keys_travel_in_headers() {
    let echo = Server::start(|request| {
        let key = request.header("authorization").unwrap_or_default().to_owned();
        cloudflare_fails(401, 10000, &format!("bad key {key} at {}", request.target))
    });
    let folder = blog_of(1);
    let run = Action::in_actions(folder.path()).cloudflare(&echo).run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    assert!(!echo.requests()[0].target.contains("cf-secret-token"));
    let masked = |line: &&str| !line.starts_with("::add-mask::");
    let shown: Vec<_> = run.everything().lines().filter(masked).map(str::to_owned).collect();
    assert!(!shown.join("\n").contains("cf-secret-token"), "{}", shown.join("\n"));
}

#[test]
fn b_100_b_101_b_102_the_log_is_plain_and_ends_in_the_summary_and_failures_link_to_the_key_page() {
    let refused = answers(cloudflare_fails(401, 10000, "Authentication error"));
    let together = Server::start(|_| together_delivers());
    let done = "---\ntitle: Done\ndraft: true\n---\n";
    let folder = blog(&[(POST, &post("A")), ("posts/b.md", done), ("posts/c.md", done)]);
    let run = Action::in_actions(folder.path()).cloudflare(&refused).together(&together).run();
    assert!(
        run.log.contains(
            "generated posts/post-1.md by together (fallback after cloudflare CredentialsRejected 401)"
        ),
        "{}",
        run.log
    );
    assert!(
        run.log.contains("left alone: 2 (it is a draft)\n"),
        "drafts are counted, not listed: {}",
        run.log
    );
    assert!(!run.log.contains("posts/b.md"), "{}", run.log);
    let end: Vec<_> = run.log.lines().rev().take(5).collect();
    assert!(end.iter().any(|line| line.starts_with("Fallback: Hero image ready")), "{}", run.log);
    assert!(run.log.contains("https://dash.cloudflare.com/profile/api-tokens"), "{}", run.log);
    assert!(run.log.contains("::error title=cloudflare%3A the key was refused::"), "{}", run.log);
    assert!(!run.log.contains('{'), "no JSON in the log: {}", run.log);
    assert_eq!(
        attempts(&run, POST),
        pairs(&[("cloudflare", "CredentialsRejected"), ("together", "delivered")])
    );
}
