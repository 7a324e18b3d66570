//! What a run costs, and what it says of that.

use serde_json::{Value, json};

use crate::support::action::{Action, Finished};
use crate::support::images::{self, cloudflare_gives};
use crate::support::posts::{blog_of, contents, put};
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
fn the_table_of_the_providers_tells_what_a_picture_costs() {
    let folder = blog_of(1);
    let action = Action::on_a_laptop(folder.path()).env("TOGETHER_API_TOKEN", "together-secret-token");
    let run = action.env("POLLINATIONS_ENABLED", "true").args(&["providers", "--size", "1024x544"]).run();
    for line in [
        "black-forest-labs/FLUX.2-dev (price unknown), then black-forest-labs/FLUX.1.1-pro (about $0.0223)\n",
        "configured: flux (free), then zimage (free), then klein (free)\n",
    ] {
        assert!(run.log.contains(line), "{}", run.log);
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

#[test]
fn a_budget_ends_the_asking_and_leaves_the_rest_for_the_next_run() {
    let (folder, server) = (blog_of(4), images::gemini());
    let action = || Action::in_actions(folder.path()).input("describe", "never").gemini(&server);
    put(folder.path(), ".github/image-fallback.yml", b"budget: 0.07\n");
    let planned = action().input("dry-run", "true").run();
    assert!(planned.log.contains("the budget of $0.07 pays for 2 of these 4 pictures"), "{}", planned.log);
    let run = action().run();
    assert_eq!(
        (run.code, run.outputs["verdict"].as_str(), server.count()),
        (Some(0), "ok", 2),
        "{}",
        run.log
    );
    let outputs = ["generated", "pending", "cost", "missing"].map(|name| run.outputs[name].as_str());
    assert_eq!(outputs, ["2", "2", "0.068", "2"]);
    assert!(run.log.contains("2 generated, 2 left for the next run (`budget`)"), "{}", run.log);
    let pending: Vec<_> = (1..=4).map(|n| run.post(&format!("posts/post-{n}.md"))).collect();
    let reason = "the budget of $0.07 is used up; raise `budget`, or let the next run continue";
    let left = pending.iter().filter(|post| post["status"] == "pending" && post["reason"] == reason);
    assert_eq!(left.count(), 2, "{pending:?}");
    let next = action().run();
    assert_eq!((next.code, next.outputs["generated"].as_str()), (Some(0), "2"), "{}", next.log);
}

#[test]
fn a_service_beyond_what_is_left_of_the_budget_gives_way_to_a_cheaper_one() {
    let (folder, first, second) = (blog_of(2), images::gemini(), images::cloudflare());
    let run = Action::in_actions(folder.path())
        .input("describe", "never")
        .input("budget", "0.04")
        .input("providers", "gemini, cloudflare")
        .gemini(&first)
        .cloudflare(&second)
        .run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "fallback"), "{}", run.log);
    assert_eq!((first.count(), second.count(), run.outputs["cost"].as_str()), (1, 1, "0.034634"));
    let switch = "switching from Google Gemini to Cloudflare Workers AI: its price is more than what is left of the budget";
    assert!(run.log.contains(switch), "{}", run.log);
}

#[test]
fn a_post_that_a_provider_failed_and_the_budget_does_not_reach_is_owed() {
    let (folder, first, second) =
        (blog_of(1), Server::start(|_| images::cloudflare_used_up()), images::gemini());
    let action = Action::in_actions(folder.path()).input("describe", "never").input("budget", "0.01");
    let run = action.cloudflare(&first).gemini(&second).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(1), "degraded"), "{}", run.log);
    assert_eq!((run.status("posts/post-1.md").as_str(), second.count()), ("pending", 0));
    assert_eq!(run.report()["owed"], json!(["posts/post-1.md"]));
}

#[test]
fn models_of_unknown_price_are_named_once_and_not_asked_under_a_budget() {
    let (folder, server) = (blog_of(2), images::together());
    let action = || Action::in_actions(folder.path()).input("budget", "$1").together(&server);
    let run = action().env("HF_TOKEN", "hf-secret-token").run();
    let told = "input `budget`: the price of these models is not known, so they are not asked: \
                Hugging Face `black-forest-labs/FLUX.1-schnell`, `stabilityai/stable-diffusion-3-medium-diffusers`; \
                Together AI `black-forest-labs/FLUX.2-dev`; name models of the list in docs/providers.md";
    assert_eq!(run.log.matches(told).count(), 1, "{}", run.log);
    assert!(run.log.contains("1. together configured: black-forest-labs/FLUX.1.1-pro\n"), "{}", run.log);
    assert_eq!((run.outputs["generated"].as_str(), run.outputs["cost"].as_str()), ("2", "0.06144"));
    assert!(
        server.requests().iter().all(|request| request.json()["model"] == "black-forest-labs/FLUX.1.1-pro")
    );
    let refused = action().env("TOGETHER_IMAGE_MODEL", "acme/new").run();
    let why = "input `budget`: nobody can be asked, because the price of these models is not known: Together AI `acme/new`";
    assert_eq!((refused.code, refused.log.contains(why)), (Some(2), true), "{}", refused.log);
}

#[test]
fn a_budget_that_can_pay_for_nothing_is_a_mistake() {
    let (folder, server) = (blog_of(1), images::gemini());
    for (budget, problem) in [
        (
            "0.01",
            "`--budget`: `0.01` pays for no picture; the cheapest model of the chain takes 0.0336, so raise it",
        ),
        ("lots", "`--budget`: `lots` is wrong; write US dollars such as `0.50`"),
    ] {
        let run = Action::on_a_laptop(folder.path()).gemini(&server).args(&["--budget", budget]).run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        assert!(run.log.contains(problem), "{}", run.log);
    }
    let run = Action::on_a_laptop(folder.path())
        .gemini(&server)
        .args(&["--budget=1", "--provider-override=huggingface"])
        .env("HF_TOKEN", "hf-secret-token")
        .run();
    let problem =
        "`--provider-override`: `huggingface` cannot be asked: the price of its models is not known";
    assert!(run.log.contains(problem), "{}", run.log);
    assert_eq!(server.count(), 0);
}
