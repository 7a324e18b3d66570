//! What the fake does when a test switches it or plans a fault.

use std::thread;

use serde_json::json;

use super::{advance, call, commit_picture, get, github, try_call};
use crate::support::github::{Access, Fault, Limit, Protection, When};
use crate::support::http::send;

#[test]
fn the_token_decides_and_the_permissions_field_lies() {
    let github = github();
    github.rules(|rules| {
        rules.read_only();
        rules.claimed = json!({"push": true});
    });
    assert_eq!(get(&github, "").json()["permissions"]["push"], true);
    let refused = call(&github, "POST", "/git/blobs", &json!({"content": "x"}));
    assert_eq!((refused.status, refused.message().as_str()), (403, "Resource not accessible by integration"));
    github.rules(|rules| rules.contents = Access::None);
    assert_eq!(get(&github, "/commits/main").status, 403);
    let wrong =
        send("GET", &format!("{}/user", github.api_url()), &[("authorization", "Bearer old")], "").unwrap();
    assert_eq!((wrong.status, wrong.message().as_str()), (401, "Bad credentials"));
    github.rules(|rules| rules.hidden = true);
    assert_eq!(get(&github, "").status, 404);
}

#[test]
fn protections_refuse_the_ref_update_in_their_own_words() {
    for (protection, words) in [
        (Protection::Classic, "protected branch hook declined"),
        (Protection::NotAuthorized, "not authorized to push"),
        (Protection::StatusCheck, "Required status check"),
        (Protection::PullRequest, "Changes must be made through a pull request"),
        (Protection::Signatures, "Commits must have verified signatures"),
    ] {
        let github = github();
        github.rules(|rules| {
            rules.signs = false;
            rules.protect("main", protection);
        });
        let refused = advance(&github, &commit_picture(&github, &json!({})));
        assert!(refused.status == 422 && refused.message().contains(words), "{}", refused.message());
    }
}

#[test]
fn faults_strike_the_call_they_were_planned_for() {
    let github = github();
    let head = github.head("main").unwrap();
    let create = |name: &str| {
        let body = json!({"ref": format!("refs/heads/{name}"), "sha": head});
        try_call(&github, "POST", "/git/refs", &body)
    };
    github.fault(1, Fault::BadGateway);
    github.fault(2, Fault::BadGatewayAfter);
    github.fault(When::mutation(3), Fault::Close);
    github.fault(When::to("POST", "/git/refs").nth(4), Fault::CloseAfter);
    assert_eq!((create("a").unwrap().status, github.head("a")), (502, None));
    assert_eq!((create("b").unwrap().status, github.head("b").is_some()), (502, true));
    assert!(create("c").is_none() && github.head("c").is_none());
    assert!(create("d").is_none() && github.head("d").is_some());
    assert_eq!(create("e").unwrap().status, 201);
    let statuses: Vec<u16> = github.requests().iter().map(|request| request.status).collect();
    assert_eq!(statuses, [502, 502, 0, 0, 201]);
    for (fault, status) in [
        (Fault::BadCredentials, 401),
        (Fault::StaleNotFound, 404),
        (Fault::StaleTree, 422),
        (Fault::StaleReference, 422),
        (Fault::SecondaryLimit { status: 429, retry_after: Some(7) }, 429),
        (Fault::PrimaryLimit { reset_in: 60 }, 403),
    ] {
        github.fault(1, fault.clone());
        assert_eq!(get(&github, "").status, status, "{fault:?}");
    }
}

#[test]
fn limits_tell_what_they_are_told_to_tell() {
    let github = github();
    github.rules(|rules| rules.limit = Some(Limit::Secondary { status: 403, retry_after: None }));
    let bare = get(&github, "");
    assert!(bare.message().contains("secondary rate limit") && bare.header("retry-after").is_none());
    assert_ne!(bare.header("x-ratelimit-remaining"), Some("0".into()));
    github.rules(|rules| rules.limit = Some(Limit::Primary { status: 429, reset_in: 60 }));
    let primary = get(&github, "");
    assert_eq!((primary.status, primary.header("x-ratelimit-remaining")), (429, Some("0".into())));
}

#[test]
fn a_renamed_repository_sends_readers_and_writers_on() {
    let github = github();
    github.rules(|rules| rules.renamed_to = Some("acme/journal".into()));
    let read = get(&github, "/git/ref/heads/main");
    assert_eq!(read.status, 301);
    let token = format!("token {}", github.token());
    let there = send("GET", &read.header("location").unwrap(), &[("authorization", &token)], "").unwrap();
    assert_eq!(there.json()["ref"], "refs/heads/main");
    assert_eq!(call(&github, "POST", "/git/blobs", &json!({"content": "x"})).status, 307);
}

#[test]
fn reads_after_a_write_may_be_stale() {
    let github = github();
    let before = github.head("main").unwrap();
    github.rules(|rules| rules.stale_reads = 1);
    let commit = commit_picture(&github, &json!({}));
    advance(&github, &commit);
    let seen = || get(&github, "/git/ref/heads/main").json()["object"]["sha"].clone();
    assert_eq!((seen(), seen()), (json!(before), commit["sha"].clone()));
}

#[test]
fn a_silent_call_stays_silent_until_the_fake_ends() {
    let github = github();
    let head = github.head("main").unwrap();
    github.fault(1, Fault::HangAfter);
    let (url, token) = (format!("{}/repos/acme/blog/git/refs", github.api_url()), github.token());
    let body = json!({"ref": "refs/heads/late", "sha": head}).to_string();
    let caller = thread::spawn(move || {
        send("POST", &url, &[("authorization", &format!("Bearer {token}"))], &body).is_some()
    });
    while github.head("late").is_none() {
        thread::yield_now();
    }
    assert_eq!(github.requests()[0].status, 0);
    drop(github);
    assert!(!caller.join().unwrap(), "the connection ended without an answer");
}

#[test]
fn a_deed_may_itself_call_the_fake() {
    let github = github();
    let (url, token) =
        (format!("{}/repos/acme/blog", github.api_url()), format!("Bearer {}", github.token()));
    github.fault(
        When::to("GET", "/branches/main"),
        Fault::before(move |world| {
            assert_eq!(send("GET", &url, &[("authorization", &token)], "").unwrap().status, 200);
            world.commit("main", &[("a.md", Some(b"a"))], "In between");
        }),
    );
    let seen = get(&github, "/branches/main").json()["commit"]["commit"]["message"].clone();
    assert_eq!(seen, "In between");
    let lines: Vec<String> = github.requests().iter().map(|request| request.line()).collect();
    assert_eq!(lines, ["GET /repos/acme/blog/branches/main", "GET /repos/acme/blog"]);
}
