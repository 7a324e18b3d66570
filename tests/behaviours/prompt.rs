//! Where prompt and alt text come from.

use serde_json::json;

use super::{POST, text, used_up};
use crate::support::action::Action;
use crate::support::images::{self};
use crate::support::posts::{blog, blog_of, put};
use crate::support::server::{Reply, Server};

// B-66
#[test]
fn the_authors_prompt_is_sent_verbatim_and_never_becomes_ours() {
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

// B-67, B-69, B-75
#[test]
fn one_call_describes_the_post_for_all_providers_and_gives_the_alt_text() {
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
fn the_text_model_is_not_asked_when_nobody_is_left_to_draw() {
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

// B-68, B-70, B-71
#[test]
fn without_a_description_the_title_makes_the_prompt_and_the_run_goes_on() {
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
    assert!(run.log.contains("no text model described 1 post"), "{}", run.log);
    assert!(text(&folder, POST).contains("image_alt: \"Post number 1\"\n"));
}
