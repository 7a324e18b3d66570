use super::*;
use crate::report::samples;

fn webhook(address: &str) -> Webhook {
    Webhook::at(Secret::new(address).unwrap()).unwrap()
}

const DISCORD: &str = "https://discord.com/api/webhooks/1/token";
const SLACK: &str = "https://hooks.slack.com/services/T0/B0/token";
const OTHER: &str = "https://ops.example/alerts";

fn alert() -> Alert {
    let mut alert = Alert::of(&samples::degraded(), false).unwrap();
    alert.repository = Some("o/blog".to_owned());
    alert.page = Some("https://github.com/o/blog/actions/runs/7".to_owned());
    alert
}

#[test]
fn the_form_follows_from_the_address() {
    for (address, form) in [
        (DISCORD, Form::Discord),
        ("https://ptb.discord.com/api/webhooks/1/t", Form::Discord),
        ("https://discordapp.com/api/webhooks/1/t", Form::Discord),
        ("https://discord.com/api/webhooks/1/t/slack", Form::Slack),
        (SLACK, Form::Slack),
        ("https://discord.com.evil.example/x", Form::Json),
        ("https://notslack.com/x", Form::Json),
        ("http://127.0.0.1:9/hooks", Form::Json),
    ] {
        assert_eq!(webhook(address).form, form, "{address}");
    }
    for address in ["discord.com/api/webhooks/1/t", "ftp://a/b", "x"] {
        assert!(Webhook::at(Secret::new(address).unwrap()).is_none(), "{address}");
    }
}

#[test]
fn a_degraded_run_is_told_in_each_form() {
    let bodies = [DISCORD, SLACK, OTHER].map(|address| webhook(address).body(&alert()));
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!(
            "an_alert_in_each_form",
            bodies.map(|body| serde_json::to_string_pretty(&body).unwrap()).join("\n\n")
        );
    });
}

#[test]
fn a_good_run_is_told_only_after_a_bad_one_and_a_dry_run_never() {
    let mut good = samples::degraded();
    good.verdict = Verdict::Fallback;
    assert_eq!(Alert::of(&good, false), None);
    let recovered = Alert::of(&good, true).unwrap();
    assert_eq!(recovered.event, "recovered");
    assert!(recovered.headline.starts_with("Recovered. Fallback: "), "{}", recovered.headline);
    let dry = Report { dry_run: true, ..samples::degraded() };
    assert_eq!(Alert::of(&dry, true), None);
}

#[test]
fn the_words_of_strangers_neither_ping_nor_shape_and_keep_within_the_limits() {
    let hostile = "@everyone <!channel> <@U1> **b** [l](https://evil.example) `c` \u{1b}[31m ".repeat(200);
    let mut report = samples::degraded();
    for post in &mut report.posts {
        post.path.clone_from(&hostile);
    }
    report
        .chain
        .iter_mut()
        .filter_map(|link| link.last_error.as_mut())
        .for_each(|error| error.message.clone_from(&hostile));
    report.owed = (0..500).map(|number| format!("{number}{hostile}")).collect();
    let alert = Alert { page: None, ..Alert::of(&report, false).unwrap() };
    assert_eq!(
        (alert.posts.len(), alert.more_posts),
        (MOST, report.with_delivery(Delivery::Missing).count() + 500 - MOST)
    );
    assert!(alert.details().last().unwrap().ends_with("more posts"));
    let discord = webhook(DISCORD).body(&alert);
    assert_eq!(discord["allowed_mentions"], serde_json::json!({"parse": []}));
    let length = |value: &Value| value.as_str().unwrap().chars().count();
    assert!(length(&discord["content"]) <= 2_000);
    assert!(length(&discord["embeds"][0]["description"]) <= 4_096);
    let said = discord["content"].as_str().unwrap().to_owned()
        + discord["embeds"][0]["description"].as_str().unwrap();
    assert!(said.contains("\\@everyone \\<!channel\\>"), "{said}");
    let slack = webhook(SLACK).body(&alert);
    let blocks = slack["blocks"].as_array().unwrap();
    assert!(blocks.iter().all(|block| block["text"]["type"] == "plain_text"), "{slack}");
    assert!(length(&blocks[0]["text"]["text"]) <= 150 && length(&blocks[1]["text"]["text"]) <= 3_000);
    assert!(!slack["text"].as_str().unwrap().contains('<'));
    for body in [discord, slack, webhook(OTHER).body(&alert)] {
        assert!(body.to_string().len() < 30_000);
        assert!(!body.to_string().contains("\\u001b"), "{body}");
    }
}

#[test]
fn an_issue_tells_the_same_in_markdown() {
    let issue = AlertIssue::of(&alert(), "generate blog");
    assert!(issue.body.starts_with(&issue.mark));
    insta::with_settings!({snapshot_path => "../snapshots", prepend_module_to_snapshot => false}, {
        insta::assert_snapshot!("an_alert_as_an_issue", issue.body);
    });
}

#[test]
fn an_issue_calls_nobody_and_no_folder_ends_its_mark() {
    let lines = vec!["@all fixes #12 **b** see https://evil.example and `@cf/a#1`".to_owned()];
    let hostile = Alert { headline: "@ann <!-- #7".to_owned(), lines, ..alert() };
    let issue = AlertIssue::of(&hostile, "generate a-->b");
    assert_eq!(issue.mark.matches("-->").count(), 1, "{}", issue.mark);
    let rest = issue.body.strip_prefix(&issue.mark).unwrap();
    for call in ["@all", "@ann", "#12", "#7", "**b**", "<!--", "https://evil"] {
        assert!(!rest.contains(call), "{call}: {rest}");
    }
    assert!(rest.contains("<code>@cf/a#1</code>"), "{rest}");
}
