//! People who look at no log are told over a webhook: once when a run ends badly, once when all is well again.

use serde_json::Value;
use tempfile::TempDir;

use crate::support::action::{Action, Finished};
use crate::support::images;
use crate::support::posts::{blog_of, post, put};
use crate::support::server::{Reply, Server};

const TOKEN: &str = "/services/T0123/B0123/0123456789abcdefABCDEF";

fn accepts() -> Server {
    Server::start(|_| Reply::text(200, "text/plain", "ok"))
}

/// A run in the blog that tells this webhook.
fn run(blog: &TempDir, service: &Server, webhook: &Server) -> Finished {
    told(Action::in_actions(blog.path()).cloudflare(service), webhook).run()
}

fn told(action: Action, webhook: &Server) -> Action {
    action
        .env("ALERT_WEBHOOK", format!("{}{TOKEN}", webhook.url()))
        .env("GITHUB_REPOSITORY", "o/blog")
        .env("GITHUB_RUN_ID", "4711")
}

fn used_up() -> Server {
    Server::start(|_| images::cloudflare_used_up())
}

fn alerts(webhook: &Server) -> Vec<Value> {
    webhook.requests().iter().map(crate::support::server::Request::json).collect()
}

#[test]
fn a_degraded_run_is_told_once_with_headline_cause_post_and_page_of_the_run() {
    let (blog, webhook) = (blog_of(1), accepts());
    let run = run(&blog, &used_up(), &webhook);
    assert_eq!(run.code, Some(1), "{}", run.log);
    let [alert] = &alerts(&webhook)[..] else { panic!("{:?}", webhook.requests()) };
    assert_eq!(alert["event"], "degraded");
    assert_eq!(alert["headline"], "Degraded: 1 of 1 posts got no hero image");
    assert_eq!(alert["posts"], serde_json::json!(["posts/post-1.md"]));
    assert_eq!(
        (&alert["repository"], alert["run"].as_str().unwrap().ends_with("/o/blog/actions/runs/4711")),
        (&"o/blog".into(), true)
    );
    assert!(alert["text"].as_str().unwrap().contains("Cloudflare Workers AI"), "{alert}");
    let shown = run.everything();
    let shown = shown.lines().filter(|line| !line.starts_with("::add-mask::"));
    assert!(shown.clone().all(|line| !line.contains("0123456789abcdefABCDEF")), "the address is shown");
}

#[test]
fn the_page_of_the_run_holds_no_password_of_the_server() {
    let (blog, webhook, service) = (blog_of(1), accepts(), used_up());
    let action = told(Action::in_actions(blog.path()).cloudflare(&service), &webhook);
    action.env("GITHUB_SERVER_URL", "https://bot:hidden-password@ghe.example").run();
    let [alert] = &alerts(&webhook)[..] else { panic!("{:?}", webhook.requests()) };
    assert_eq!(alert["run"], "https://ghe.example/o/blog/actions/runs/4711");
    assert!(!alert.to_string().contains("hidden-password"), "{alert}");
}

#[test]
fn recovery_is_told_once_and_a_good_run_after_it_not_at_all() {
    let (blog, webhook) = (blog_of(1), accepts());
    run(&blog, &used_up(), &webhook);
    let well = images::cloudflare();
    assert_eq!(run(&blog, &well, &webhook).code, Some(0));
    put(blog.path(), "posts/new.md", post("Another").as_bytes());
    assert_eq!(run(&blog, &well, &webhook).code, Some(0));
    let events: Vec<Value> = alerts(&webhook).iter().map(|alert| alert["event"].clone()).collect();
    assert_eq!(events, ["degraded", "recovered"]);
}

#[test]
fn wrong_settings_are_told_and_a_dry_run_and_a_good_run_are_not() {
    let (blog, webhook, well) = (blog_of(1), accepts(), images::cloudflare());
    let action = || told(Action::in_actions(blog.path()).cloudflare(&well), &webhook);
    assert_eq!(action().input("dry-run", "true").run().code, Some(0));
    assert_eq!(action().run().code, Some(0));
    assert_eq!(webhook.count(), 0);
    assert_eq!(action().input("format", "bmp").run().code, Some(2));
    let [alert] = &alerts(&webhook)[..] else { panic!("{:?}", webhook.requests()) };
    assert_eq!(alert["event"], "failed");
    assert!(alert["text"].as_str().unwrap().contains("bmp"), "{alert}");
}

#[test]
fn a_webhook_that_does_not_take_the_alert_changes_nothing_and_is_said() {
    let gone = Server::start(|_| Reply::text(404, "application/json", r#"{"message":"Unknown Webhook"}"#));
    let broken = Server::start(|_| Reply::text(503, "text/plain", "no"));
    for (webhook, words, calls) in [(gone, "HTTP 404; it is gone", 1), (broken, "HTTP 503", 2)] {
        let blog = blog_of(1);
        let run = run(&blog, &used_up(), &webhook);
        assert_eq!((run.code, webhook.count()), (Some(1), calls), "{}", run.log);
        let said = run.log.lines().find(|line| line.contains("the alert was not delivered")).expect(&run.log);
        assert!(said.contains(words), "{said}");
        assert!(run.summary.contains("the alert was not delivered"), "{}", run.summary);
    }
}

#[test]
fn an_address_that_is_not_valid_is_a_settings_error() {
    let blog = blog_of(1);
    let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
    let run = action.env("ALERT_WEBHOOK", "hooks.slack.com/services/T/B/secret-token-of-some-length").run();
    assert_eq!(run.code, Some(2));
    assert!(run.log.contains("secret `alert-webhook`: it is not a valid http(s) address"), "{}", run.log);
    assert!(!run.summary.contains("secret-token"), "{}", run.summary);
}

#[test]
fn so_many_runs_in_a_row_on_a_fallback_are_told_once_though_each_is_green() {
    let (blog, webhook, second) = (blog_of(0), accepts(), images::together());
    let mut number = 0;
    let mut run = |first: &Server| {
        number += 1;
        put(blog.path(), &format!("posts/post-{number}.md"), post(&format!("Post {number}")).as_bytes());
        let action = Action::in_actions(blog.path()).cloudflare(first).together(&second);
        let run = told(action.input("fallback-limit", "2"), &webhook).run();
        assert_eq!(run.code, Some(0), "{}", run.log);
        run
    };
    let first = run(&used_up());
    assert_eq!(webhook.count(), 0);
    assert!(!first.log.contains("in a row"), "{}", first.log);
    for _ in 0..2 {
        let later = run(&used_up());
        assert_eq!(later.outputs["verdict"], "fallback");
        let said = later
            .log
            .lines()
            .find(|line| line.contains("runs in a row needed a fallback"))
            .expect(&later.log);
        assert!(said.starts_with("::error "), "{said}");
    }
    assert!(run(&images::cloudflare()).log.contains("Cloudflare"));
    let events: Vec<Value> = alerts(&webhook).iter().map(|alert| alert["event"].clone()).collect();
    assert_eq!(events[0], "fallback", "{events:?}");
    assert!(events.len() <= 2, "{events:?}");
}

#[test]
fn a_chain_of_one_service_is_a_notice_in_a_workflow() {
    let blog = blog_of(1);
    let alone = Action::in_actions(blog.path()).cloudflare(&images::cloudflare()).run();
    let notice = "::notice title=Image fallback::only Cloudflare Workers AI can draw in this chain";
    assert!(alone.log.contains(notice), "{}", alone.log);
    put(blog.path(), "posts/b.md", post("B").as_bytes());
    let action =
        Action::in_actions(blog.path()).cloudflare(&images::cloudflare()).together(&images::together());
    let both = action.run();
    assert_eq!(both.code, Some(0), "{}", both.log);
    assert!(!both.log.contains("can draw in this chain"), "{}", both.log);
    let again = Action::in_actions(blog.path()).cloudflare(&images::cloudflare()).run();
    assert!(!again.log.contains("::notice"), "nothing to do: {}", again.log);
}
