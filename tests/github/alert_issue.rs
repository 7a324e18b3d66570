//! An issue of the repository tells of bad runs where no webhook does, and is closed by the first good one.

use crate::github::{Run, github, push, run_with};
use crate::support::action::Action;
use crate::support::github::{Access, FakeGithub, Source};
use crate::support::images;
use crate::support::server::{Reply, Server};

/// A run for a new post of this name, with `alert-issue`.
fn run(github: &FakeGithub, name: &str, more: impl FnOnce(Action) -> Action) -> Run {
    let event = push(github, "main", &[name]);
    run_with(github, &event, |action| more(action.input("alert-issue", "true").env("GITHUB_RUN_ID", "4711")))
}

fn used_up() -> Server {
    Server::start(|_| images::cloudflare_used_up())
}

fn bad(github: &FakeGithub, name: &str) -> Run {
    let dead = used_up();
    let run = run(github, name, |action| action.cloudflare(&dead));
    assert_eq!(run.finished.code, Some(1), "{}", run.finished.log);
    run
}

#[test]
fn one_issue_is_opened_brought_up_to_date_and_closed_when_all_is_well() {
    let github = github();
    github.commit("feature", &[("a.txt", Some(b"a"))], "A branch");
    let first = bad(&github, "one");
    let [issue] = &github.issues()[..] else { panic!("{}", first.finished.log) };
    assert_eq!((issue.title.as_str(), issue.open), ("Hero images need attention", true));
    for words in
        ["Degraded: 1 of 1 posts got no hero image", "posts/one.md", "Cloudflare", "/actions/runs/4711"]
    {
        assert!(issue.body.contains(words), "{words}: {}", issue.body);
    }
    assert!(first.finished.log.contains("opened: http"), "{}", first.finished.log);
    bad(&github, "two");
    let [issue] = &github.issues()[..] else { panic!("{:?}", github.issues()) };
    assert!(issue.body.contains("posts/two.md") && issue.comments.is_empty(), "{issue:?}");
    let good = run(&github, "three", |action| action);
    assert_eq!(good.finished.code, Some(0), "{}", good.finished.log);
    let [issue] = &github.issues()[..] else { panic!("{:?}", github.issues()) };
    assert_eq!((issue.open, issue.comments.len()), (false, 1), "{issue:?}");
    assert!(issue.comments[0].starts_with("**Recovered. "), "{}", issue.comments[0]);
    run(&github, "four", |action| action);
    assert_eq!(github.issues()[0].comments.len(), 1);
}

#[test]
fn the_issue_of_a_stranger_and_a_pull_request_are_none_of_ours() {
    let github = github();
    bad(&github, "one");
    let copied = github.issues()[0].body.clone();
    github.state().issues.clear();
    github.issue("stranger", "Look", &copied);
    github.commit("feature", &[("a.txt", Some(b"a"))], "A branch");
    github.pull_request(Source::Branch("feature"), "main");
    github.state().pulls[0].body = Some(copied.clone());
    bad(&github, "two");
    let issues = github.issues();
    assert_eq!(issues.len(), 2, "{issues:?}");
    assert_eq!(
        (issues[0].body.as_str(), issues[1].author.as_str()),
        (copied.as_str(), "github-actions[bot]")
    );
    run(&github, "three", |action| action);
    assert_eq!(github.issues().iter().map(|issue| issue.open).collect::<Vec<_>>(), [true, false]);
}

#[test]
fn a_webhook_that_takes_the_alert_leaves_no_issue_and_a_dead_one_does() {
    for (status, issues) in [(200, 0), (404, 1)] {
        let (github, dead) = (github(), used_up());
        let webhook = Server::start(move |_| Reply::text(status, "text/plain", "x"));
        let address = format!("{}/hooks/0123456789abcdefABCDEF", webhook.url());
        let run = run(&github, "one", |action| action.cloudflare(&dead).env("ALERT_WEBHOOK", address));
        assert_eq!(run.finished.code, Some(1), "{}", run.finished.log);
        assert_eq!((webhook.count(), github.issues().len()), (1, issues), "{}", run.finished.log);
    }
}

#[test]
fn without_the_right_to_issues_the_cure_is_said_and_the_verdict_stays() {
    let github = github();
    github.rules(|rules| rules.issues = Access::None);
    let run = bad(&github, "one");
    let said = run.finished.log.lines().find(|line| line.contains("no issue tells how this run ended"));
    let said = said.expect(&run.finished.log);
    assert!(said.starts_with("::warning") && said.contains("`issues: write`"), "{said}");
    assert_eq!(run.finished.outputs["verdict"], "degraded");
    github.rules(|rules| (rules.issues, rules.issues_disabled) = (Access::Write, true));
    let run = bad(&github, "two");
    assert!(run.finished.log.contains("the repository has no issues; tick `Issues`"), "{}", run.finished.log);
}

#[test]
fn wrong_settings_open_an_issue_and_a_dry_run_touches_none() {
    let github = github();
    let wrong = run(&github, "one", |action| action.input("format", "bmp"));
    assert_eq!(wrong.finished.code, Some(2), "{}", wrong.finished.log);
    assert!(github.issues()[0].body.contains("bmp"), "{:?}", github.issues());
    run(&github, "two", |action| action.input("dry-run", "true"));
    run(&github, "more", |action| action.input("dry-run", "true").input("format", "gif"));
    assert!(github.issues()[0].open && !github.issues()[0].body.contains("gif"));
    run(&github, "three", |action| action);
    assert!(!github.issues()[0].open);
}

#[test]
fn without_the_input_no_issue_is_looked_for() {
    let (github, dead) = (github(), used_up());
    let event = push(&github, "main", &["one"]);
    run_with(&github, &event, |action| action.cloudflare(&dead));
    assert!(github.requests().iter().all(|request| !request.call.path.contains("/issues")));
}
