//! Pollinations: opting in, the two hosts, and prompts inside addresses.

use std::time::Duration;

use super::*;
use crate::http::mock::Reply;

const ON: (&str, &str) = ("POLLINATIONS_ENABLED", "true");

// B-04
#[tokio::test]
async fn a_key_or_exactly_true_enables_it() {
    let mock = Mock::start().await;
    assert!(matches!(configured("pollinations", &mock, &[("POLLINATIONS_API_TOKEN", KEY)]), Ok(Some(_))));
    let off = [("POLLINATIONS_API_TOKEN", KEY), ("POLLINATIONS_ENABLED", "false")];
    assert!(matches!(configured("pollinations", &mock, &off), Ok(None)));
    assert!(matches!(configured("pollinations", &mock, &[("POLLINATIONS_ENABLED", "false")]), Ok(None)));
    for variables in [&[("POLLINATIONS_ENABLED", "TRUE")][..], &[("POLLINATIONS_ENABLED", "1")]] {
        let Err(NotReady::Half(warning)) = configured("pollinations", &mock, variables) else {
            panic!("{variables:?}")
        };
        assert!(warning.contains("exactly `true`"), "{warning}");
    }
}

// B-17
#[tokio::test]
async fn without_a_key_the_legacy_host_is_asked_one_by_one_with_15_seconds_between_starts() {
    let mock = Mock::start().await;
    mock.on("/prompt/", Reply::bytes(200, "image/jpeg", PICTURE));
    let Ok(Some(Ready { provider, credentials, pace, is_free, joins_repeats })) =
        configured("pollinations", &mock, &[ON])
    else {
        panic!("not ready")
    };
    assert_eq!((pace, is_free), (Pace { in_flight: 1, gap: Duration::from_secs(15) }, true));
    assert!(!joins_repeats);
    assert!(credentials.is_empty());
    assert_eq!(draw(&*provider, "flux").await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert_eq!(asked.header("authorization"), "");
    assert_eq!(
        asked.target,
        "/prompt/a%20lighthouse%20%2F%20dusk%3F%20flat%20colours\
         ?model=flux&width=1200&height=630&seed=7&nologo=true&private=true"
    );
}

// B-98
#[tokio::test]
async fn with_a_key_the_current_host_is_asked_and_the_key_stays_out_of_the_address() {
    let mock = Mock::start().await;
    mock.on("/image/", Reply::bytes(200, "image/jpeg", PICTURE));
    let configuration = configured("pollinations", &mock, &[ON, ("POLLINATIONS_API_TOKEN", KEY)]);
    let Ok(Some(Ready { provider, credentials, pace, is_free, joins_repeats })) = configuration else {
        panic!("not ready")
    };
    assert_eq!((pace, credentials.len(), is_free, joins_repeats), (Pace::FREE, 1, false, true));
    assert_eq!(draw(&*provider, "flux").await, Ok(PICTURE));
    let asked = &mock.asked()[0];
    assert_eq!(asked.header("authorization"), format!("Bearer {KEY}"));
    assert_eq!(
        asked.target,
        "/image/a%20lighthouse%20%2F%20dusk%3F%20flat%20colours?model=flux&width=1200&height=630&seed=7"
    );
}

// B-21
#[tokio::test]
async fn a_long_prompt_is_cut_so_that_the_encoded_address_stays_below_2000_bytes() {
    let mock = Mock::start().await;
    mock.on("/", Reply::bytes(200, "image/jpeg", PICTURE));
    let provider = ready(configured("pollinations", &mock, &[ON]));
    for letter in ["a", "é", "雪", "🏔", "%"] {
        let prompt = Prompt { subject: letter.repeat(5_000), style: "flat colours".to_owned() };
        let request = Request { model: "flux", prompt: &prompt, width: 1200, height: 630, seed: 14 };
        assert_eq!(provider.generate(&request).await, Ok(PICTURE));
        let target = mock.targets().pop().unwrap();
        let length = mock.url().len() + target.len();
        assert!((1_970..=2_000).contains(&length), "{letter}: {length}");
        assert!(target.contains("%E2%80%A6%20flat%20colours?model=flux"), "{target}");
    }
}

#[tokio::test]
async fn a_full_legacy_queue_is_left_alone_for_at_least_15_seconds() {
    let mock = Mock::start().await;
    let body = r#"{"x402Version":1,"error":"Queue full for IP: 2a06:98c0:3600::103: 1 requests already queued (max: 1).","accepts":[]}"#;
    mock.on("/", Reply::json(402, body));
    let provider = ready(configured("pollinations", &mock, &[ON]));
    let before = crate::clock::now();
    let FailureClass::RateLimited { until: Some(until) } = draw(&*provider, "flux").await.unwrap_err().class
    else {
        panic!("not rate limited")
    };
    assert!(until.duration_since(before) >= jiff::SignedDuration::from_secs(15));
}

#[tokio::test]
async fn only_a_publishable_key_gets_its_allowance_back_within_the_hour() {
    let mock = Mock::start().await;
    mock.on(
        "/",
        Reply::json(402, r#"{"error":{"code":"PAYMENT_REQUIRED","message":"Insufficient pollen balance"}}"#),
    );
    for (key, class) in
        [("pk_0123456789", ClassName::QuotaExhausted), ("sk_0123456789", ClassName::OutOfCredit)]
    {
        let provider = ready(configured("pollinations", &mock, &[ON, ("POLLINATIONS_API_TOKEN", key)]));
        assert_eq!(draw(&*provider, "flux").await.unwrap_err().class.name(), class);
    }
}
