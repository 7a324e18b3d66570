//! What a run says, and what it never shows.

use serde_json::json;

use super::{POST, answers, attempts, pairs};
use crate::support::action::Action;
use crate::support::images::{self, cloudflare_fails, cloudflare_used_up, together_delivers};
use crate::support::posts::{blog, blog_of, contents, post};
use crate::support::server::{Reply, Server};

// B-94, B-95, B-97
#[test]
fn a_provider_error_never_becomes_skipped_with_a_green_run() {
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

// B-99, B-98
#[test]
fn no_secret_is_shown_and_keys_travel_in_headers() {
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

// B-100, B-101, B-102
#[test]
fn the_log_is_plain_and_ends_in_the_summary_and_failures_link_to_the_key_page() {
    let refused = answers(cloudflare_fails(401, 10000, "Authentication error"));
    let together = Server::start(|_| together_delivers());
    let done = "---\ntitle: Done\ndraft: true\n---\n";
    let folder = blog(&[(POST, &post("A")), ("posts/b.md", done), ("posts/c.md", done)]);
    let run = Action::in_actions(folder.path()).cloudflare(&refused).together(&together).run();
    assert!(
        run.log.contains(
            "generated posts/post-1.md by Together AI (fallback after Cloudflare Workers AI: key refused (401))"
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
    let end: Vec<_> = run.log.lines().rev().take(6).collect();
    assert!(end.iter().any(|line| line.starts_with("Fallback: Hero image ready")), "{}", run.log);
    assert!(run.log.contains("https://dash.cloudflare.com/profile/api-tokens"), "{}", run.log);
    assert!(run.log.contains("::error title=Cloudflare Workers AI%3A key refused (401)::"), "{}", run.log);
    assert!(!run.log.contains('{'), "no JSON in the log: {}", run.log);
    assert_eq!(
        attempts(&run, POST),
        pairs(&[("cloudflare", "CredentialsRejected"), ("together", "delivered")])
    );
}

#[test]
fn the_attempts_of_a_post_follow_one_another_within_the_time_of_the_run() {
    let refuses = answers(cloudflare_fails(400, 3030, "flagged as NSFW"));
    let (folder, delivers) = (blog_of(3), images::together());
    let run = Action::in_actions(folder.path()).cloudflare(&refuses).together(&delivers).run();
    for n in 1..=3 {
        let post = run.post(&format!("posts/post-{n}.md"));
        let attempts = post["attempts"].as_array().unwrap();
        assert_eq!(attempts.len(), 2, "{}", run.log);
        let number = |value: &serde_json::Value| value.as_f64().unwrap();
        let spans =
            attempts.iter().map(|one| (number(&one["at"]), number(&one["at"]) + number(&one["seconds"])));
        let moments: Vec<f64> = spans.flat_map(|(from, to)| [from, to]).collect();
        let moments = [vec![0.0], moments, vec![number(&run.report()["seconds"])]].concat();
        // A sum of two numbers may be off by their last digit.
        assert!(moments.is_sorted_by(|one, next| one - next < 1e-6), "{moments:?}");
    }
}

#[test]
fn a_cure_names_the_variable_that_is_set_and_the_page_that_helps() {
    let refused = answers(cloudflare_fails(401, 10000, "Authentication error"));
    let empty = Server::start(|_| Reply::json(402, json!({"error": {"message": "Credit limit exceeded"}})));
    let run = Action::in_actions(blog_of(1).path())
        .cloudflare(&refused)
        .env("TOGETHER_API_KEY", "together-secret-token")
        .env("TOGETHER_BASE_URL", empty.url())
        .run();
    assert!(run.log.contains("renew the secret `CLOUDFLARE` ("), "{}", run.log);
    assert!(run.summary.contains("renew the secret <code>CLOUDFLARE</code> ("), "{}", run.summary);
    let top_up = "top up the account (https://api.together.ai/settings/billing)";
    assert!(run.log.contains(top_up), "{}", run.log);
    let refused = Server::start(|_| Reply::json(401, json!({"error": {"message": "Invalid API key"}})));
    let run = Action::in_actions(blog_of(1).path())
        .env("TOGETHER_API_KEY", "together-secret-token")
        .env("TOGETHER_BASE_URL", refused.url())
        .run();
    assert!(run.log.contains("renew the secret `TOGETHER_API_KEY` ("), "{}", run.log);
}

#[test]
fn a_service_that_answers_with_something_else_than_pictures_is_told_with_a_cure() {
    let page = answers(Reply::text(200, "text/html", "<html>welcome</html>"));
    let run = Action::in_actions(blog_of(1).path()).cloudflare(&page).run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    let cure = "answers without a usable picture; add another provider";
    assert!(run.log.contains(cure) && run.summary.contains(cure), "{}", run.log);
}
