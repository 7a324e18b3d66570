//! The record of what one run tells the next: where it is kept, what it reminds of, how it reorders.

use jiff::{Timestamp, ToSpan as _};
use serde_json::{Value, json};

use super::{Run, checkout, github, has_picture, push, run, run_with};
use crate::support::action::Action;
use crate::support::github::{Event, FakeGithub, Fault, Happening, Protection, When};
use crate::support::images;
use crate::support::posts::post;
use crate::support::server::Server;

const REF: &str = "refs/image-fallback/health";

/// The record that stands under the default ref.
fn record(github: &FakeGithub) -> Value {
    let bytes = github.read(REF, "health.json").expect("there is a record");
    serde_json::from_slice(&bytes).unwrap()
}

/// Puts a record in place of the one that is there, as another run would.
fn put_record(github: &FakeGithub, text: &str) {
    let commit = github.commit_on(None, &[("health.json", Some(text.as_bytes()))], "[skip ci] Another run");
    github.set_ref(REF, &commit);
}

/// A run whose only provider is Cloudflare, and this one.
fn run_on(github: &FakeGithub, event: &Event, provider: &Server, more: impl FnOnce(Action) -> Action) -> Run {
    let workspace = checkout(github, event);
    let action =
        Action::on_github(github, event, workspace.path()).cloudflare(provider).input("patience", "0s");
    let finished = more(action).run();
    github.fsck();
    Run { finished, workspace, provider: provider.clone() }
}

fn same(action: Action) -> Action {
    action
}

fn used_up() -> Server {
    Server::start(|_| images::cloudflare_used_up())
}

/// Cloudflare is out for today, so Together delivers: what the record knows after it.
fn a_day_on_the_fallback(github: &FakeGithub) -> Run {
    let event = push(github, "main", &["harbour"]);
    let together = images::together();
    let run = run_on(github, &event, &used_up(), |action| action.together(&together));
    assert_eq!(run.finished.outputs["verdict"], "fallback", "{}", run.finished.everything());
    run
}

#[test]
fn a_post_left_without_a_picture_gets_it_from_the_next_push() {
    let github = github();
    let first = run_on(&github, &push(&github, "main", &["harbour"]), &used_up(), same);
    assert_eq!(first.finished.code, Some(1), "{}", first.finished.everything());
    assert_eq!(record(&github)["owed"], json!(["posts/harbour.md"]));

    // Nothing changed that could need a picture, yet nobody may take the blog for healthy.
    let before = github.head("main").unwrap();
    github.commit("main", &[("README.md", Some(b"# The blog\n"))], "Words");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let second = run_on(&github, &event, &used_up(), same);
    assert_eq!(second.tally(), (Some(1), 1), "{}", second.finished.everything());
    assert_eq!(second.finished.outputs["verdict"], "degraded");

    let third = run(&github, &push(&github, "main", &["island"]));
    assert_eq!(third.tally(), (Some(0), 2), "{}", third.finished.everything());
    assert!(has_picture(&github, "main", "harbour") && has_picture(&github, "main", "island"));
    assert_eq!(record(&github)["owed"], json!([]));
}

#[test]
fn an_owed_post_that_this_run_does_not_reach_keeps_the_verdict_degraded() {
    let github = github();
    run_on(&github, &push(&github, "main", &["harbour"]), &used_up(), same);
    // Newer, so that its turn comes first.
    let before = github.head("main").unwrap();
    let newer = post("island").replace("2026-11-01", "2026-11-02");
    github.commit("main", &[("posts/island.md", Some(newer.as_bytes()))], "Write");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let run = run_with(&github, &event, |action| action.input("max-images", "1"));
    assert_eq!(run.tally(), (Some(1), 1), "{}", run.finished.everything());
    assert_eq!(run.finished.outputs["verdict"], "degraded");
    assert!(
        run.finished.log.contains("still without a hero image: posts/harbour.md"),
        "{}",
        run.finished.log
    );
    assert!(has_picture(&github, "main", "island") && !has_picture(&github, "main", "harbour"));
}

#[test]
fn a_person_who_gives_an_owed_post_its_picture_settles_the_debt() {
    let github = github();
    run_on(&github, &push(&github, "main", &["harbour"]), &used_up(), same);
    let before = github.head("main").unwrap();
    let by_hand = post("harbour").replace("date:", "image: /images/old.jpg\ndate:");
    github.commit("main", &[("posts/harbour.md", Some(by_hand.as_bytes()))], "By hand");
    let run = run(&github, &github.event(Happening::Push { branch: "main", before: &before }));
    assert_eq!(run.tally(), (Some(0), 0), "{}", run.finished.everything());
    assert_eq!(record(&github)["owed"], json!([]));
}

#[test]
fn the_record_is_always_one_commit_without_parents_that_starts_no_workflow() {
    let github = github();
    for name in ["harbour", "island"] {
        run(&github, &push(&github, "main", &[name]));
        assert_eq!(github.paths(REF), ["health.json"]);
        let log = github.log(REF);
        assert_eq!(log.len(), 1, "{log:?}");
        assert!(log[0].1.starts_with("[skip ci] "), "{log:?}");
    }
    let branches: Vec<_> =
        github.refs().into_iter().filter(|(name, _)| name.starts_with("refs/heads/")).collect();
    assert_eq!(branches.len(), 1, "the record is not a branch: {branches:?}");
}

#[test]
fn two_runs_that_write_at_once_keep_the_newest_of_each_fact() {
    let github = github();
    a_day_on_the_fallback(&github);
    let ours = record(&github);
    let newer = |text: &Value| {
        let time: Timestamp = text.as_str().unwrap().parse().unwrap();
        json!((time + 1.minute()).to_string())
    };
    let mut theirs = ours.clone();
    theirs["updated"] = newer(&ours["updated"]);
    theirs["source"] = json!("together theirs");
    theirs["owed"] = json!(["posts/theirs.md"]);
    theirs["providers"]["together"]["last_success"] = newer(&ours["providers"]["together"]["last_success"]);
    let there = theirs.to_string();
    let deed = Fault::before(move |world| {
        let commit =
            world.commit_on(None, &[("health.json", Some(there.as_bytes()))], "[skip ci] Another run");
        world.set_ref(REF, &commit);
    });
    let event = push(&github, "main", &["island"]);
    // The second tree of this run is that of its record; the other run is done just before.
    github.fault(When::to("POST", "/git/trees").nth(2), deed);
    let run = run_on(&github, &event, &images::cloudflare(), same);
    assert_eq!(run.finished.code, Some(1), "theirs is owed now: {}", run.finished.everything());
    let merged = record(&github);
    assert_eq!(merged["owed"], json!(["posts/theirs.md"]));
    assert_eq!(merged["source"], "together theirs", "a minute newer");
    assert_eq!(
        merged["providers"]["together"]["last_success"],
        theirs["providers"]["together"]["last_success"]
    );
    let delivered = &merged["providers"]["cloudflare"];
    assert!(delivered["last_success"].is_string() && delivered["out_until"].is_null(), "{merged}");
}

#[test]
fn a_record_that_many_write_is_given_up_with_a_warning_and_the_pictures_arrive() {
    let github = github();
    run(&github, &push(&github, "main", &["harbour"]));
    let text = record(&github).to_string();
    let deed = Fault::before(move |world| {
        let subject = format!("[skip ci] {}", world.requests().len());
        let commit = world.commit_on(None, &[("health.json", Some(text.as_bytes()))], &subject);
        world.set_ref(REF, &commit);
    });
    let event = push(&github, "main", &["island"]);
    github.fault(When::to("POST", "/git/commits").always(), deed);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(run.finished.everything().contains("other runs keep writing theirs"));
    assert!(has_picture(&github, "main", "island"));
}

#[test]
fn a_host_that_refuses_the_ref_costs_a_warning_and_nothing_else() {
    let github = github();
    github.rules(|rules| rules.custom_refs_refused = true);
    let run = run(&github, &push(&github, "main", &["harbour"]));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(run.finished.outputs["verdict"], "ok");
    assert!(has_picture(&github, "main", "harbour") && github.ref_tip(REF).is_none());
    let said = run.finished.everything();
    assert!(said.contains("no record is kept for the next run") && said.contains("`health`"), "{said}");
}

#[test]
fn a_record_that_cannot_be_read_costs_a_warning_and_nothing_else() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.fault(When::to("GET", "/git/ref/image-fallback/health").always(), Fault::BadGateway);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour") && github.ref_tip(REF).is_none());
    assert!(run.finished.everything().contains("the record of earlier runs cannot be read"));
}

#[test]
fn a_plain_name_keeps_the_record_on_a_branch() {
    let github = github();
    let on_branch = |action: Action| action.input("health", "picture-health");
    run_on(&github, &push(&github, "main", &["harbour"]), &used_up(), on_branch);
    assert!(github.ref_tip(REF).is_none());
    assert!(github.read("picture-health", "health.json").is_some());
    let log = github.log("picture-health");
    assert!(log.len() == 1 && log[0].1.starts_with("[skip ci] "), "{log:?}");
    let run = run_on(&github, &push(&github, "main", &["island"]), &images::cloudflare(), on_branch);
    assert_eq!(run.tally(), (Some(0), 2), "{}", run.finished.everything());
    assert_eq!(github.log("picture-health").len(), 1);
}

#[test]
fn a_protected_branch_takes_no_record_and_the_run_goes_on() {
    let github = github();
    run_with(&github, &push(&github, "main", &["harbour"]), |action| {
        action.input("health", "picture-health")
    });
    let before = github.head("picture-health");
    github.rules(|rules| rules.protect("picture-health", Protection::Classic));
    let event = push(&github, "main", &["island"]);
    let run = run_with(&github, &event, |action| action.input("health", "picture-health"));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(github.head("picture-health"), before);
    assert!(run.finished.everything().contains("no record is kept for the next run"));
}

#[test]
fn with_health_off_nothing_is_kept_and_nothing_is_reminded_of() {
    let github = github();
    let off = |action: Action| action.input("health", "off");
    let first = run_on(&github, &push(&github, "main", &["harbour"]), &used_up(), off);
    assert_eq!(first.finished.code, Some(1));
    assert_eq!(github.refs().len(), 1, "{:?}", github.refs());
    assert!(!first.workspace.path().join(".image-fallback/health.json").exists());
    let second = run_on(&github, &push(&github, "main", &["island"]), &images::cloudflare(), off);
    assert_eq!(second.tally(), (Some(0), 1), "{}", second.finished.everything());
    assert!(!has_picture(&github, "main", "harbour"));
}

#[test]
fn a_record_that_cannot_be_understood_is_ignored_with_a_warning_and_replaced() {
    let good = {
        let github = github();
        a_day_on_the_fallback(&github);
        record(&github)
    };
    let mut newer = good.clone();
    newer["version"] = json!(2);
    let mut future = good;
    future["updated"] = json!((image_fallback::clock::now() + 3.hours()).to_string());
    for (text, why) in [
        ("no record".to_owned(), "cannot be read"),
        (newer.to_string(), "its version is 2"),
        (future.to_string(), "from the future"),
    ] {
        let github = github();
        put_record(&github, &text);
        let run = run(&github, &push(&github, "main", &["harbour"]));
        assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
        let said = run.finished.everything();
        assert!(
            said.contains("the record of earlier runs is ignored") && said.contains(why),
            "{why}: {said}"
        );
        assert!(has_picture(&github, "main", "harbour"));
        assert_eq!(record(&github)["version"], 1, "{why}");
    }
}

#[test]
fn somebody_elses_commit_under_the_ref_is_never_replaced() {
    let github = github();
    let theirs = github.commit_on(None, &[("notes.txt", Some(b"mine"))], "Notes");
    github.set_ref(REF, &theirs);
    let run = run(&github, &push(&github, "main", &["harbour"]));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(github.ref_tip(REF), Some(theirs));
    assert!(run.finished.everything().contains("holds something else than a record"));
}

// B-41
#[test]
fn a_provider_known_to_be_out_is_asked_last_and_the_run_says_so_and_is_a_fallback() {
    let github = github();
    a_day_on_the_fallback(&github);
    let (cloudflare, together) = (images::cloudflare(), images::together());
    let event = push(&github, "main", &["island"]);
    let run = run_on(&github, &event, &cloudflare, |action| action.together(&together));
    assert_eq!((run.tally(), together.count()), ((Some(0), 0), 1), "{}", run.finished.everything());
    assert_eq!(run.finished.outputs["verdict"], "fallback");
    let chain = &run.finished.report()["chain"][0];
    assert_eq!((chain["name"].as_str(), chain["state"].as_str()), (Some("cloudflare"), Some("out")));
    let log = &run.finished.log;
    assert!(
        log.contains("Cloudflare Workers AI is asked last: an earlier run found it unavailable until "),
        "{log}"
    );
}

#[test]
fn a_fallback_that_became_a_habit_is_told_with_its_length() {
    let github = github();
    let first = a_day_on_the_fallback(&github);
    assert!(!first.finished.log.contains("runs in a row"), "{}", first.finished.log);
    let together = images::together();
    let on_the_fallback = |name: &str| {
        let event = push(&github, "main", &[name]);
        run_on(&github, &event, &used_up(), |action| action.together(&together))
    };
    on_the_fallback("island");
    let third = on_the_fallback("lighthouse");
    let (log, summary) = (&third.finished.log, &third.finished.summary);
    for told in [log, summary] {
        assert!(told.contains("fallback needed in 3 runs in a row"), "{told}");
    }
    assert!(summary.contains("failed just now: daily allowance used up (429)"), "{summary}");
    assert_eq!(third.finished.report()["fallback_streak"], 3);
    let cured = run_on(&github, &push(&github, "main", &["reef"]), &images::cloudflare(), |action| {
        action.env("CLOUDFLARE", "0123456789abcdef0123456789abcdef:another-cf-secret")
    });
    assert_eq!(cured.finished.report()["fallback_streak"], 0);
}

#[test]
fn what_is_the_same_in_every_run_is_told_once_in_a_repository() {
    let github = github();
    let small = images::cloudflare();
    let first = run_on(&github, &push(&github, "main", &["harbour"]), &small, |action| action);
    let second = run_on(&github, &push(&github, "main", &["island"]), &small, |action| action);
    assert_eq!((first.finished.code, second.finished.code), (Some(0), Some(0)));
    for told in ["starts no other workflow", "draws a size of its own"] {
        let count = |run: &Run| run.finished.summary.matches(told).count();
        assert_eq!((count(&first), count(&second)), (1, 0), "{told}: {}", first.finished.summary);
    }
}

#[test]
fn a_provider_known_to_be_out_is_still_asked_before_a_post_is_given_up() {
    let github = github();
    a_day_on_the_fallback(&github);
    let cloudflare = images::cloudflare();
    let together = Server::start(|_| crate::support::server::Reply::text(503, "text/plain", "down"));
    let event = push(&github, "main", &["island"]);
    let run = run_on(&github, &event, &cloudflare, |action| action.together(&together));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(together.count() > 0 && has_picture(&github, "main", "island"));
    assert_eq!(record(&github)["providers"]["cloudflare"]["out_until"], Value::Null, "it delivered");
}

#[test]
fn what_is_known_of_a_provider_is_ignored_after_its_secret_changed() {
    let github = github();
    a_day_on_the_fallback(&github);
    let (cloudflare, together) = (images::cloudflare(), images::together());
    let event = push(&github, "main", &["island"]);
    let run = run_on(&github, &event, &cloudflare, |action| {
        action.together(&together).env("CLOUDFLARE", "0123456789abcdef0123456789abcdef:another-cf-secret")
    });
    assert_eq!((run.tally(), together.count()), ((Some(0), 1), 0), "{}", run.finished.everything());
    assert_eq!(run.finished.outputs["verdict"], "ok");
}

#[test]
fn nobody_is_held_back_for_more_than_26_hours() {
    let github = github();
    a_day_on_the_fallback(&github);
    let mut far = record(&github);
    let until: Timestamp = far["providers"]["cloudflare"]["out_until"].as_str().unwrap().parse().unwrap();
    assert!(until <= image_fallback::clock::now() + 26.hours(), "{far}");
    far["providers"]["cloudflare"]["out_until"] =
        json!((image_fallback::clock::now() + 200.hours()).to_string());
    put_record(&github, &far.to_string());
    let (cloudflare, together) = (images::cloudflare(), images::together());
    let event = push(&github, "main", &["island"]);
    let run = run_on(&github, &event, &cloudflare, |action| action.together(&together));
    assert_eq!((run.tally(), together.count()), ((Some(0), 1), 0), "{}", run.finished.everything());
}

#[test]
fn the_record_holds_no_secret_and_no_words_of_a_provider() {
    let github = github();
    let run = a_day_on_the_fallback(&github);
    let text = record(&github).to_string();
    for secret in
        ["cf-secret-token", "together-secret-token", &github.token(), "neurons", "0123456789abcdef0123"]
    {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    assert!(run.finished.everything().contains("neurons"), "the report of the run may say them");
}
