//! What a run costs, and what it says of that.

use serde_json::{Value, json};

use crate::support::action::{Action, Finished};
use crate::support::images::{self, cloudflare_gives};
use crate::support::posts::{blog_of, contents};
use crate::support::server::{Reply, Server};

fn posts(run: &Finished) -> Value {
    serde_json::from_str(&run.outputs["posts"]).unwrap()
}

#[test]
fn the_price_of_what_was_drawn_stands_in_log_summary_outputs_and_report() {
    let (folder, first, second) =
        (blog_of(1), Server::start(|_| cloudflare_gives(b"no picture")), images::gemini());
    let run =
        Action::in_actions(folder.path()).input("describe", "never").cloudflare(&first).gemini(&second).run();
    let told = "estimated cost: about $0.0346, less what the allowance of Cloudflare Workers AI covers";
    assert!(run.log.contains(told), "{}", run.log);
    assert!(run.summary.contains("- estimated cost: about &#36;0.0346, less"), "{}", run.summary);
    assert_eq!(run.outputs["cost"], "0.034634", "the first made a picture as well, if a bad one");
    assert_eq!(run.report()["cost"], json!({"usd": 0.034634, "unknown": 0}));
    let post = run.post("posts/post-1.md");
    let costs = |attempt: &Value| (attempt["provider"].clone(), attempt["cost"].clone());
    let attempts: Vec<_> = post["attempts"].as_array().unwrap().iter().map(costs).collect();
    assert_eq!(attempts, [(json!("cloudflare"), json!(0.000634)), (json!("gemini"), json!(0.034))]);
    let output = &posts(&run)[0];
    assert_eq!(
        (&output["model"], &output["fallback"]),
        (&json!("gemini-3.1-flash-lite-image"), &json!(true))
    );
    assert_eq!((&output["cost"], &post["cost"]), (&json!(0.034634), &json!(0.034634)));
}

#[test]
fn what_nobody_knows_the_price_of_is_counted_and_not_taken_for_nothing() {
    let (folder, server) = (blog_of(2), images::together());
    let run = Action::in_actions(folder.path()).together(&server).run();
    assert!(run.log.contains("estimated cost: 2 pictures of unknown price\n"), "{}", run.log);
    assert_eq!(run.report()["cost"], json!({"usd": 0.0, "unknown": 2}));
    assert_eq!((run.outputs["cost"].as_str(), &posts(&run)[0]["cost"]), ("", &Value::Null));
}

#[test]
fn only_an_account_is_charged() {
    let server = Server::start(|_| Reply::bytes(200, "image/jpeg", images::fresh_jpeg()));
    for (key, cost, first_asked) in
        [("", "0", "Pollinations, free\n"), ("sk_0123456789abcdef", "0.002", "Pollinations, about $0.002\n")]
    {
        let folder = blog_of(1);
        let action = || {
            let action = Action::in_actions(folder.path()).env("POLLINATIONS_ENABLED", "true");
            action.env("POLLINATIONS_API_TOKEN", key).env("POLLINATIONS_BASE_URL", server.url())
        };
        let planned = action().input("dry-run", "true").run();
        assert!(planned.log.contains(&format!("first asked: {first_asked}")), "{}", planned.log);
        let run = action().run();
        assert_eq!((run.outputs["generated"].as_str(), run.outputs["cost"].as_str()), ("1", cost));
        assert_eq!(run.log.contains("estimated cost: about $0.002\n"), !key.is_empty(), "{}", run.log);
    }
}

#[test]
fn a_dry_run_tells_what_a_run_would_cost() {
    let (folder, server) = (blog_of(2), images::cloudflare());
    let before = contents(folder.path());
    let args = ["--dry-run", "--json", "--size", "1024x576"];
    let run = Action::on_a_laptop(folder.path()).cloudflare(&server).args(&args).run();
    let plan: Value = serde_json::from_str(&run.log).expect(&run.log);
    assert_eq!(plan["cost"], json!({"usd": 0.001268, "unknown": 0}));
    let post = &plan["posts"][0];
    assert_eq!(
        (&post["model"], &post["cost"]),
        (&json!("@cf/black-forest-labs/flux-1-schnell"), &json!(0.000634))
    );
    assert!(run.stderr.contains("estimated cost: about $0.0013"), "{}", run.stderr);
    assert_eq!((contents(folder.path()), server.count()), (before, 0));
}
