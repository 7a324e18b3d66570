//! What one run tells the next, one sentence each.

use super::*;
use crate::chain::LastError;
use crate::provider::ClassName;

const NOON: &str = "2026-11-21T12:00:00Z";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn hours(hours: i64) -> Timestamp {
    later(at(NOON), SignedDuration::from_hours(hours))
}

fn secrets() -> Fingerprints {
    Fingerprints::from([("cloudflare".into(), "aaaa".to_owned()), ("together".into(), "bbbb".to_owned())])
}

fn delivering(name: &str) -> LinkReport {
    LinkReport {
        name: name.to_owned(),
        title: name.to_owned(),
        models: vec!["m".to_owned()],
        allowance: None,
        configured: true,
        state: LinkState::Ready,
        attempts: 1,
        delivered: 1,
        last_error: None,
        out_until: None,
        past: None,
        cure: None,
        probe: None,
    }
}

fn out(name: &str, class: ClassName, until: Option<Timestamp>) -> LinkReport {
    let last_error = Some(LastError { class, status: Some(429), message: "words of the provider".into() });
    LinkReport { delivered: 0, state: LinkState::Out, last_error, out_until: until, ..delivering(name) }
}

fn paths(paths: &[&str]) -> Vec<String> {
    paths.iter().map(|&path| path.to_owned()).collect()
}

/// The record after a run at that time.
fn after(
    record: &HealthRecord,
    links: &[LinkReport],
    lacking: &[&str],
    settled: &[&str],
    now: Timestamp,
) -> HealthRecord {
    let (fingerprints, lacking, settled) = (secrets(), paths(lacking), paths(settled));
    let delivered = links.iter().find(|link| link.delivered > 0).map(|link| link.name.as_str());
    let run = RunResult {
        links,
        fingerprints: &fingerprints,
        source: delivered,
        fallback: delivered == Some("together"),
        is_part: false,
        lacking: &lacking,
        settled: &settled,
        uneditable: record.uneditable(),
    };
    record.after_run(&run, now)
}

fn quota_until(until: Timestamp) -> HealthRecord {
    let links = [out("cloudflare", ClassName::QuotaExhausted, Some(until)), delivering("together")];
    after(&HealthRecord::new(hours(0)), &links, &[], &[], hours(0))
}

#[test]
fn a_record_survives_the_file_and_keeps_no_words_of_providers() {
    let record = quota_until(hours(12));
    let text = record.to_json();
    assert!(!text.contains("words of the provider"), "{text}");
    let read = HealthRecord::parse(text.as_bytes(), hours(1)).unwrap();
    assert_eq!(HealthRecord { settled: BTreeSet::new(), ..record }, read);
    assert_eq!((read.source.as_deref(), read.fallback_streak()), (Some("together"), 1));
}

#[test]
fn a_used_up_allowance_is_known_until_the_reset_and_while_the_secret_is_the_same() {
    let record = quota_until(hours(12));
    assert_eq!(record.known_out("cloudflare", "aaaa", hours(1)), Some(hours(12)));
    assert_eq!(record.known_out("cloudflare", "aaaa", hours(12)), None, "the reset has come");
    assert_eq!(record.known_out("cloudflare", "cccc", hours(1)), None, "the secret changed");
    assert_eq!(record.known_out("together", "bbbb", hours(1)), None);
    let far = quota_until(hours(100));
    assert_eq!(far.known_out("cloudflare", "aaaa", hours(1)), Some(hours(26)), "never beyond 26 h");
}

#[test]
fn credit_and_credentials_are_asked_again_by_the_next_run() {
    for class in [ClassName::OutOfCredit, ClassName::CredentialsRejected, ClassName::Gone] {
        let record = after(&quota_until(hours(12)), &[out("cloudflare", class, None)], &[], &[], hours(1));
        assert_eq!(record.known_out("cloudflare", "aaaa", hours(2)), None, "{class}");
    }
}

#[test]
fn a_provider_that_was_not_asked_stays_as_it_was_known() {
    let unasked =
        LinkReport { attempts: 0, last_error: None, ..out("cloudflare", ClassName::Gone, Some(hours(12))) };
    let record = after(&quota_until(hours(12)), &[unasked, delivering("together")], &[], &[], hours(1));
    assert_eq!(record.known_out("cloudflare", "aaaa", hours(2)), Some(hours(12)));
    assert_eq!(record.fallback_streak(), 2);
    let back = after(&record, &[delivering("cloudflare")], &[], &[], hours(2));
    assert_eq!((back.known_out("cloudflare", "aaaa", hours(3)), back.fallback_streak()), (None, 0));
}

#[test]
fn the_chain_is_told_the_past_of_every_provider_and_who_is_out_with_the_same_secret() {
    let record = quota_until(hours(12));
    let recalled = record.recall(&secrets(), hours(1));
    assert_eq!(recalled["cloudflare"].out_until, Some(hours(12)));
    let failure = recalled["cloudflare"].past.last_failure.as_ref().unwrap();
    assert_eq!((failure.class.as_str(), failure.status), ("QuotaExhausted", Some(429)));
    assert_eq!(recalled["together"], Recalled { out_until: None, ..recalled["together"].clone() });
    let other = Fingerprints::from([("cloudflare".into(), "cccc".to_owned())]);
    let recalled = record.recall(&other, hours(1));
    assert_eq!(recalled["cloudflare"].out_until, None, "the secret changed");
    assert!(recalled["cloudflare"].past.last_failure.is_some());
}

#[test]
fn a_post_stays_owed_until_it_is_settled() {
    let first = after(&HealthRecord::new(hours(0)), &[], &["a.md", "b.md"], &[], hours(0));
    assert_eq!(first.owed(), ["a.md", "b.md"]);
    let second = after(&first, &[], &["c.md", "b.md"], &["a.md", "b.md"], hours(1));
    assert_eq!(second.owed(), ["b.md", "c.md"], "a post that lacks its picture is not settled");
    let nothing = after(&second, &[], &[], &["a.md"], hours(2));
    assert_eq!(nothing, second, "nothing new is nothing to write");
}

#[test]
fn of_two_records_the_newest_of_each_fact_stays() {
    let base = after(&HealthRecord::new(hours(0)), &[], &["x.md", "y.md"], &[], hours(0));
    let theirs = after(
        &base,
        &[out("cloudflare", ClassName::QuotaExhausted, Some(hours(12))), delivering("together")],
        &["theirs.md"],
        &[],
        hours(2),
    );
    let ours = after(&base, &[delivering("cloudflare")], &["ours.md"], &["x.md"], hours(3));
    for merged in [theirs.clone().merge(ours.clone()), ours.merge(theirs)] {
        assert_eq!(merged.owed(), ["y.md", "theirs.md", "ours.md"]);
        assert_eq!(merged.source.as_deref(), Some("cloudflare"));
        let known = &merged.providers["cloudflare"];
        assert_eq!(known.past.last_success, Some(hours(3)));
        assert_eq!(known.past.last_failure.as_ref().map(|failure| failure.at), Some(hours(2)));
        assert_eq!(known.out_until, None, "it delivered since");
        assert!(merged.providers.contains_key("together"));
    }
}

#[test]
fn what_was_salted_otherwise_is_not_compared() {
    let (theirs, ours) = (quota_until(hours(12)), HealthRecord::new(hours(1)));
    assert_ne!(theirs.salt(), ours.salt());
    assert_eq!(theirs.merge(ours).known_out("cloudflare", "aaaa", hours(2)), None);
}

#[test]
fn what_cannot_be_read_or_comes_from_the_future_is_ignored_with_the_reason() {
    let good = quota_until(hours(12)).to_json();
    let parsed = |text: &str| HealthRecord::parse(text.as_bytes(), hours(0)).unwrap_err();
    for (text, reason) in [
        (String::new(), "cannot be read"),
        ("[".repeat(100_000), "cannot be read"),
        (r#"{"version":1}"#.to_owned(), "cannot be read"),
        (" ".repeat(LARGEST + 1), "larger than"),
        (good.replace(r#""version": 1"#, r#""version": 2"#), "its version is 2"),
        (good.replace("\"together\": {", "\"to gether\": {"), "did not write it"),
        (
            good.replace("2026-11-21T12:00:00Z", "2026-11-21T14:00:00Z"),
            "from the future (2026-11-21T14:00:00Z)",
        ),
    ] {
        let why = parsed(&text);
        assert!(why.starts_with("the record of earlier runs is ignored: ") && why.contains(reason), "{why}");
    }
    let far = good.replace("2026-11-22T00:00:00Z", "2099-01-01T00:00:00Z");
    let far = HealthRecord::parse(far.as_bytes(), hours(0)).unwrap();
    assert_eq!(far.known_out("cloudflare", "aaaa", hours(1)), None);
}

#[test]
fn the_file_is_bounded_whatever_is_owed() {
    let lacking: Vec<String> = (0..6_000).map(|n| format!("posts/\"{n}{}.md", "é".repeat(n % 90))).collect();
    let lacking: Vec<&str> = lacking.iter().map(String::as_str).collect();
    let record = after(&HealthRecord::new(hours(0)), &[], &lacking, &[], hours(0));
    assert_eq!(record.owed().len(), MOST_OWED);
    let text = record.to_json();
    assert!(text.len() <= LARGEST && text.len() > LARGEST - 1_000, "{}", text.len());
    let read = HealthRecord::parse(text.as_bytes(), hours(0)).unwrap();
    assert_eq!(read.owed(), &record.owed()[..read.owed().len()], "the oldest debts stay");
}

#[test]
fn a_notice_that_one_of_two_runs_told_is_known_to_the_next() {
    let record = HealthRecord::new(at(NOON));
    let first = record.clone().with_told(["job-token"], hours(1));
    let second = record.clone().with_told(["smaller-pictures"], hours(2));
    let told = |record: &HealthRecord| record.told().iter().cloned().collect::<Vec<_>>().join(" ");
    assert_eq!(told(&first.clone().merge(second.clone())), "job-token smaller-pictures");
    assert_eq!(told(&second.merge(first.clone())), "job-token smaller-pictures");
    assert_eq!(first.clone().with_told(["job-token"], hours(3)), first, "nothing new is kept");
    let text = first.to_json().replace(r#""job-token""#, r#""job-token", "::error::", """#);
    assert_eq!(told(&HealthRecord::parse(text.as_bytes(), hours(2)).unwrap()), "job-token");
}
