use reqwest::header::{HeaderName, HeaderValue};
use serde_json::json;

use super::*;

const NOW: i64 = 1_790_000_000;

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |&(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_str(value).unwrap())
    };
    pairs.iter().map(pair).collect()
}

/// The meaning of a refused write.
fn refused(status: u16, pairs: &[(&'static str, &str)], body: &Value) -> ErrorKind {
    let now = Timestamp::from_second(NOW).unwrap();
    let refusal = ApiRefusal::new(status, &headers(pairs), body.to_string().as_bytes());
    read(&refusal, &Purpose::writing("writing", "contents: write"), &api(), now)
}

fn api() -> Url {
    Url::parse("https://api.github.com").unwrap()
}

/// The name of the variant.
fn name(kind: &ErrorKind) -> String {
    format!("{kind:?}").split([' ', '{']).next().unwrap().to_owned()
}

#[test]
fn githubs_sentences_mean_what_they_mean() {
    let table = [
        (401, "Bad credentials", "Unauthorized"),
        (403, "Resource not accessible by integration", "Forbidden"),
        (403, "Resource not accessible by personal access token", "Forbidden"),
        (403, "Repository was archived so is read-only.", "Archived"),
        (
            403,
            "Resource protected by organization SAML enforcement. You must grant your Personal Access token access to this organization.",
            "SignOn",
        ),
        (
            403,
            "Although you appear to have the correct authorization credentials, the `acme` organization has an IP allow list enabled, and 203.0.113.7 is not permitted to access this resource.",
            "NotOnAllowList",
        ),
        (
            403,
            "GitHub Actions is not permitted to create or approve pull requests.",
            "NotAllowedToOpenPullRequests",
        ),
        (403, "You have exceeded a secondary rate limit. Please wait a few minutes.", "RateLimited"),
        (403, "API rate limit exceeded for installation ID 1.", "RateLimited"),
        (429, "Too many requests", "RateLimited"),
        (404, "Not Found", "NotFound"),
        (
            404,
            "refusing to allow a GitHub App to create or update workflow `.github/workflows/x.yml` without `workflows` permission",
            "Forbidden",
        ),
        (409, "Git Repository is empty.", "EmptyRepository"),
        (409, "is at 1 but expected 2", "NotFastForward"),
        (409, "Repository rule violations found", "Protected"),
        (422, "Update is not a fast forward", "NotFastForward"),
        (422, "Reference cannot be updated", "NotFastForward"),
        (422, "Reference already exists", "AlreadyExists"),
        (422, "Reference does not exist", "NotFound"),
        (422, "Object does not exist", "Stale"),
        (422, "Tree SHA does not exist", "Stale"),
        (422, "Parent SHA does not exist or is not a commit object", "Stale"),
        (422, "Reference update failed", "Stale"),
        (422, "Could not resolve to a node with the global id of 'x'.", "Stale"),
        (
            422,
            "Sorry, your request timed out. It's likely that your input was too large to process.",
            "Ambiguous",
        ),
        (422, "Protected branch update failed for refs/heads/main.", "Protected"),
        (422, "Required status check \"ci\" is expected.", "Protected"),
        (422, "You're not authorized to push to this branch.", "Protected"),
        (422, "Cannot force-push to this branch", "Protected"),
        (
            422,
            "Repository rule violations found\n\n- Changes must be made through a pull request.",
            "Protected",
        ),
        (
            422,
            "Repository rule violations found\n\n- Commits must have verified signatures.",
            "NeedsSignatures",
        ),
        (
            422,
            "Repository rule violations found\n\n- Commits must have verified signatures.\n- Changes must be made through a pull request.",
            "Protected",
        ),
        (422, "Repository rule violations found\n\nSecret detected in content", "Protected"),
        (422, "This branch must not contain merge commits.", "Protected"),
        (422, "Changes must be added to a merge queue", "Protected"),
        (422, "Cannot create ref due to creations being restricted.", "Protected"),
        (422, "No commits between main and x", "NothingToMerge"),
        (422, "Draft pull requests are not supported in this repository.", "NoDrafts"),
        (422, "Validation Failed", "Other"),
        (408, "Request Timeout", "Ambiguous"),
        (500, "Server Error", "Ambiguous"),
        (502, "Server Error", "Ambiguous"),
        (418, "teapot", "Other"),
    ];
    for (status, message, expected) in table {
        let kind = refused(status, &[], &json!({ "message": message }));
        assert_eq!(name(&kind), expected, "{status} {message}");
        let upper = refused(status, &[], &json!({ "message": message.to_uppercase() }));
        assert_eq!(name(&upper), expected, "{status} {message} in capitals");
    }
}

#[test]
fn the_single_errors_below_the_message_decide_too() {
    let body = |error: Value| json!({ "message": "Validation Failed", "errors": [error] });
    let exists = body(json!({ "message": "A pull request already exists for acme:x." }));
    assert_eq!(name(&refused(422, &[], &exists)), "AlreadyExists");
    let text = body(json!("No commits between a and b"));
    assert_eq!(name(&refused(422, &[], &text)), "NothingToMerge");
    let lag = body(json!({ "resource": "PullRequest", "field": "head", "code": "invalid" }));
    assert_eq!(name(&refused(422, &[], &lag)), "Stale");
}

#[test]
fn a_403_that_no_permission_cures_names_its_own_cure() {
    let told = |message: &str, pairs: &[(&'static str, &str)]| {
        // Limits that happen to be used up change nothing about it.
        let spent = [("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")];
        let pairs: Vec<_> = pairs.iter().copied().chain(spent).collect();
        refused(403, &pairs, &json!({ "message": message })).to_string()
    };
    let link = "https://github.com/orgs/acme/sso?authorization_request=AZSCKT";
    let header = format!("required; url={link}");
    let by_header = told("You must sign on", &[("x-github-sso", &header)]);
    let by_words = told("Resource protected by organization SAML enforcement.", &[]);
    let archived = told("Repository was archived so is read-only.", &[]);
    let listed =
        told("the `acme` organization has an IP allow list enabled, and 203.0.113.7 is not on it", &[]);
    assert!(
        by_header.contains(&format!(
            "(SAML), and the token has not passed it; its owner authorises it at {link} ("
        )),
        "{by_header}"
    );
    assert!(by_words.contains("Settings > Developer settings > Configure SSO"), "{by_words}");
    assert!(archived.contains("unarchive it under Settings > General"), "{archived}");
    assert!(listed.contains("203.0.113.7") && listed.contains("add the runner's address"), "{listed}");
    for told in [by_header, by_words, archived, listed] {
        assert!(!told.contains("contents: write"), "{told}");
    }
}

#[test]
fn a_page_for_signing_on_is_shown_only_when_it_is_githubs_own() {
    let shown = |api: &str, link: &str| {
        let header = format!("required; url={link}");
        let (headers, now) = (headers(&[("x-github-sso", &header)]), Timestamp::UNIX_EPOCH);
        let writing = Purpose::writing("writing", "contents: write");
        match read(&ApiRefusal::new(403, &headers, b"{}"), &writing, &Url::parse(api).unwrap(), now) {
            ErrorKind::SignOn { url } => url,
            other => panic!("{other:?}"),
        }
    };
    let public = "https://api.github.com";
    for (api, link) in [
        (public, "https://github.com/orgs/acme/sso?authorization_request=AZ"),
        ("https://git.acme.example/api/v3", "https://git.acme.example/orgs/acme/sso"),
        ("https://api.acme.ghe.com", "https://acme.ghe.com/orgs/acme/sso"),
    ] {
        assert_eq!(shown(api, link).as_deref(), Some(link));
    }
    let long = format!("https://github.com/{}", "x".repeat(5_000));
    for link in [
        "http://github.com/orgs/acme/sso",
        "https://github.com.evil.example/orgs/acme/sso",
        "https://evil.example/?github.com",
        "https://github.com@evil.example/sso",
        "https://user:word@github.com/sso",
        "https://github.com:8443/sso",
        "javascript:alert(1)",
        "",
        &long,
    ] {
        assert_eq!(shown(public, link), None, "{link}");
    }
}

#[test]
fn a_rate_limit_says_when_it_ends() {
    let text = json!({ "message": "You have exceeded a secondary rate limit" });
    let at = |seconds: i64, secondary| ErrorKind::RateLimited {
        until: Timestamp::from_second(NOW + seconds).unwrap(),
        secondary,
    };
    let reset = (NOW + 900).to_string();
    assert_eq!(refused(403, &[("retry-after", "30")], &text), at(30, true));
    assert_eq!(refused(403, &[], &text), at(60, true));
    assert_eq!(
        refused(429, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", &reset)], &json!({})),
        at(900, false)
    );
    assert_eq!(refused(429, &[("retry-after", "99999999999999999")], &text), at(86_400, true));
    assert_eq!(refused(429, &[("retry-after", "-5")], &text), at(0, true));
}

#[test]
fn a_missing_permission_is_not_a_rate_limit_even_with_its_headers() {
    let body = json!({ "message": "Resource not accessible by integration" });
    let kind = refused(403, &[("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", "1")], &body);
    assert_eq!(name(&kind), "Forbidden");
}

#[test]
fn a_gateways_page_is_a_status_and_a_reading_call_without_answer_is_not_ambiguous() {
    let now = Timestamp::from_second(NOW).unwrap();
    let page = b"<html><h1>502</h1>".as_slice();
    let refusal = ApiRefusal::new(502, &HeaderMap::new(), page);
    let kind = read(&refusal, &Purpose::reading("reading", "contents: read"), &api(), now);
    assert_eq!(kind, ErrorKind::Unreachable { why: "HTTP 502".into() });
}

#[test]
fn graphql_failures_are_told_by_type_and_words() {
    let now = Timestamp::from_second(NOW).unwrap();
    let table = [
        (
            "STALE_DATA",
            "Expected branch to point to \"a\" but it did not. Pull and try again.",
            "NotFastForward",
        ),
        ("NOT_FOUND", "No commit exists with specified expectedHeadOid 'x'.", "Stale"),
        ("NOT_FOUND", "Could not resolve to a Repository with the name 'a/b'.", "NotFound"),
        ("FORBIDDEN", "Resource not accessible by integration", "Forbidden"),
        ("FORBIDDEN", "You do not have access", "Forbidden"),
        ("FORBIDDEN", "Resource protected by organization SAML enforcement.", "SignOn"),
        ("", "Repository was archived so is read-only.", "Archived"),
        ("RATE_LIMITED", "API rate limit exceeded", "RateLimited"),
        ("UNPROCESSABLE", "Changes must be made through a pull request.", "Protected"),
        ("", "Something went wrong while executing your query.", "Ambiguous"),
        ("", "A path was requested for deletion which does not exist", "Other"),
    ];
    for (kind, message, expected) in table {
        let body = json!({ "data": null, "errors": [{ "type": kind, "message": message }] });
        assert_eq!(name(&read_graphql(&body, "contents: write", now).unwrap()), expected, "{kind} {message}");
    }
    assert_eq!(read_graphql(&json!({ "data": {} }), "contents: write", now), None);
    assert_eq!(read_graphql(&json!({ "errors": [] }), "contents: write", now), None);
}

#[test]
fn every_failure_names_what_where_and_the_cure() {
    let show = |kind: ErrorKind| ApiError { what: "creating a blob in acme/blog".into(), kind }.to_string();
    let forbidden = refused(403, &[], &json!({ "message": "Resource not accessible by integration" }));
    insta::assert_snapshot!(show(forbidden), @"creating a blob in acme/blog: the token is not allowed to (Resource not accessible by integration); add `contents: write` to the `permissions:` of the job, or give `github-token` one that has it");
    insta::assert_snapshot!(show(refused(404, &[], &json!({ "message": "Not Found" }))), @"creating a blob in acme/blog: GitHub says it does not exist (Not Found); if it does, the token cannot see or change it: add `contents: write` to the `permissions:` of the job");
    insta::assert_snapshot!(show(ErrorKind::RateLimited { until: Timestamp::from_second(NOW).unwrap(), secondary: true }), @"creating a blob in acme/blog: GitHub's secondary rate limit is reached until 2026-09-21T14:13:20Z; run again after that");
    assert!(
        show(ErrorKind::NotAllowedToOpenPullRequests)
            .contains("`Allow GitHub Actions to create and approve pull requests`")
    );
}

#[test]
fn hostile_words_stay_one_short_line_and_odd_bodies_do_no_harm() {
    let long = format!("a\r\n::error::x\u{1b}[2J {}", "é".repeat(50_000));
    let ErrorKind::Other { message, .. } = refused(418, &[], &json!({ "message": long })) else { panic!() };
    assert!(message.starts_with("a ::error::x é") && message.chars().count() <= QUOTED + 1);
    let now = Timestamp::from_second(NOW).unwrap();
    for body in [&b""[..], b"null", b"[]", b"{\"message\":5}", b"{\"errors\":7}", b"\xff\xfe", b"[[[[[["] {
        let writing = Purpose::writing("writing", "contents: write");
        let kind = read(&ApiRefusal::new(422, &HeaderMap::new(), body), &writing, &api(), now);
        assert_eq!(kind, ErrorKind::Other { status: 422, message: "HTTP 422".into() });
    }
}
