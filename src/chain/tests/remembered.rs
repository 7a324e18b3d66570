//! Providers that an earlier run found out: asked last, and still asked.

use std::collections::BTreeMap;

use super::*;

fn out_for_an_hour() -> Recalled {
    Recalled { past: Past::default(), out_until: Some(from_now(Duration::from_secs(3600))) }
}

/// Marks these links as out for another hour by the record.
fn known_out(chain: &mut Chain<Bytes>, places: &[usize]) {
    for &place in places {
        chain.links_mut()[place].recall(out_for_an_hour());
    }
}

#[tokio::test(start_paused = true)]
async fn a_provider_known_to_be_out_is_passed_over_and_its_stand_in_counts_as_a_fallback() {
    let (first, second) = (Scripted::delivers(), Scripted::delivers());
    let mut chain = chain(&[&first, &second], Setting::default());
    known_out(&mut chain, &[0]);
    let delivered = ask(&chain, 0).await.unwrap();
    assert_eq!((&*delivered.provider, delivered.fallback, first.requests()), ("second", true, 0));
    let report = chain.report();
    assert_eq!((report[0].name.as_str(), report[0].state, report[0].attempts), ("first", LinkState::Out, 0));
    assert!(report[0].out_until.is_some() && report[0].past.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_provider_known_to_be_out_is_asked_before_a_post_is_given_up() {
    let (first, second) = (Scripted::delivers(), Scripted::fails(FailureClass::Unusable));
    let third = Scripted::fails(rate_limited(10));
    let mut chain = chain(&[&first, &second, &third], Setting { patience: 60, ..Setting::default() });
    known_out(&mut chain, &[0, 1]);
    let before = Instant::now();
    let delivered = ask(&chain, 0).await.unwrap();
    assert_eq!(
        (&*delivered.provider, delivered.fallback, before.elapsed()),
        ("first", false, Duration::ZERO)
    );
    let asked: Vec<_> = delivered.attempts.iter().map(|attempt| attempt.provider.as_str()).collect();
    assert_eq!(asked, ["third", "first"]);
    assert_eq!(ask(&chain, 1).await.unwrap().attempts.len(), 1, "what it says now is what counts");
}

#[tokio::test(start_paused = true)]
async fn a_record_that_was_right_costs_one_request_at_the_end_of_the_order() {
    let (first, second) = (Scripted::fails(quota()), Scripted::fails(FailureClass::BadRequest));
    let mut chain = chain(&[&first, &second], Setting::default());
    known_out(&mut chain, &[0]);
    let asked: Vec<_> =
        ask(&chain, 0).await.unwrap_err().attempts.iter().map(|attempt| attempt.provider.clone()).collect();
    assert_eq!(asked, ["second", "first"]);
    for post in 1..3 {
        ask(&chain, post).await.unwrap_err();
    }
    assert_eq!((first.requests(), second.requests()), (1, 2));
}

#[test]
fn links_are_told_and_an_override_is_not_held_back() {
    let known = || BTreeMap::from([("first".to_owned(), out_for_an_hour())]);
    let mut chain = chain(&[&Scripted::delivers(), &Scripted::delivers()], Setting::default());
    let links = chain.links_mut();
    recall(links, 1, known());
    assert!(!links[0].known_out(), "asked for by name");
    assert_eq!(links[0].report().past, Some(Past::default()));
    recall(links, 0, known());
    assert_eq!((links[0].known_out(), links[1].known_out()), (true, false));
    assert_eq!(links[1].report().past, None, "nothing was recorded of it");
}
