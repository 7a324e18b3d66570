//! What a run that is told to stop, its deadline, and a fault of the program do to requests in flight.

use super::*;

/// A stop that comes after so many milliseconds.
async fn stops_after(milliseconds: u64, stop: &CancellationToken) {
    tokio::time::sleep(Duration::from_millis(milliseconds)).await;
    stop.cancel();
}

#[tokio::test(start_paused = true)]
async fn the_deadline_lets_an_attempt_in_flight_end_and_later_posts_are_not_begun() {
    let first = Scripted::delivers().busy(Duration::from_secs(51));
    let one_at_a_time = Pace { in_flight: 1, gap: Duration::ZERO };
    let chain = chain(&[&first], Setting { pace: one_at_a_time, ..Setting::default() });
    let all = futures_util::future::join_all((0..30).map(|post| ask(&chain, post))).await;
    assert_eq!(all.iter().filter(|one| one.is_ok()).count(), 17, "900 s hold 17 of 51 s");
    assert_eq!(first.starts().len(), 18);
    assert!(
        all.iter()
            .filter_map(|one| one.as_ref().err())
            .all(|exhausted| exhausted.why == StopReason::Deadline)
    );
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_paid_for_is_waited_for_two_seconds_after_the_deadline() {
    for (busy, delivers) in [(45_050, true), (45_150, false)] {
        let only = Scripted::delivers().busy(Duration::from_millis(busy));
        let one_at_a_time = Pace { in_flight: 1, gap: Duration::ZERO };
        let chain = chain(&[&only], Setting { pace: one_at_a_time, ..Setting::default() });
        let all = futures_util::future::join_all((0..30).map(|post| ask(&chain, post))).await;
        // The twentieth begins before the deadline of 900 s and ends after it.
        assert_eq!(all.iter().filter(|one| one.is_ok()).count(), if delivers { 20 } else { 19 });
        assert_eq!(only.starts().len(), 20);
    }
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_is_paid_for_is_waited_for_two_seconds_after_a_stop() {
    for (busy, delivers) in [(2_900, true), (3_100, false)] {
        let stop = CancellationToken::new();
        let only = Scripted::delivers().busy(Duration::from_millis(busy));
        let chain = chain(&[&only], Setting { stop: stop.clone(), ..Setting::default() });
        let (asked, ()) = tokio::join!(ask(&chain, 0), stops_after(1_000, &stop));
        assert_eq!(asked.is_ok(), delivers);
        assert_eq!(asked.err().map(|exhausted| exhausted.why), (!delivers).then_some(StopReason::Stopped));
    }
}

#[tokio::test(start_paused = true)]
async fn nobody_is_asked_after_a_stop_also_when_the_attempt_in_flight_fails() {
    let stop = CancellationToken::new();
    let first = Scripted::fails(FailureClass::Transient).busy(Duration::from_secs(2));
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting { stop: stop.clone(), ..Setting::default() });
    let (asked, ()) = tokio::join!(ask(&chain, 0), stops_after(1_000, &stop));
    assert_eq!(asked.unwrap_err().why, StopReason::Stopped);
    assert_eq!(ask(&chain, 1).await.unwrap_err().why, StopReason::Stopped);
    assert_eq!((first.starts().len(), second.starts().len()), (1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_what_waits_at_once_and_the_rest_with_the_last_answer() {
    let (stop, begun) = (CancellationToken::new(), Instant::now());
    let cooling = Scripted::fails(rate_limited(50));
    let chain_of_one = chain(&[&cooling], Setting { patience: 60, stop: stop.clone(), ..Setting::default() });
    let (asked, ()) = tokio::join!(ask(&chain_of_one, 0), stops_after(1_000, &stop));
    assert_eq!(asked.unwrap_err().why, StopReason::Stopped);
    assert!(begun.elapsed() < Duration::from_millis(1_100), "{:?}", begun.elapsed());

    let (stop, begun) = (CancellationToken::new(), Instant::now());
    let busy = Scripted::delivers().busy(Duration::from_millis(1_500));
    let pace = Pace { in_flight: 1, gap: Duration::ZERO };
    let chain = chain(&[&busy], Setting { pace, stop: stop.clone(), ..Setting::default() });
    let (in_flight, queueing, ()) = tokio::join!(ask(&chain, 0), ask(&chain, 1), stops_after(1_000, &stop));
    assert!(in_flight.is_ok());
    assert_eq!(queueing.unwrap_err().why, StopReason::Stopped);
    assert!(begun.elapsed() < Duration::from_millis(1_600), "{:?}", begun.elapsed());
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_attempt_in_flight() {
    let stop = CancellationToken::new();
    let only = Scripted::new([Act::Hangs]);
    let chain = chain(&[&only], Setting { stop: stop.clone(), ..Setting::default() });
    let (asked, ()) = tokio::join!(ask(&chain, 0), stops_after(1_000, &stop));
    let exhausted = asked.unwrap_err();
    assert_eq!((exhausted.why, exhausted.attempts.len()), (StopReason::Stopped, 1));
}

#[tokio::test(start_paused = true)]
async fn a_judge_that_panics_on_hostile_bytes_is_one_unusable_answer() {
    let (first, second) = (Scripted::delivers(), Scripted::delivers());
    let mut chain = chain(&[&first, &second], Setting::default());
    chain = chain.judged_by(|_| panic!("decoder bug"));
    let exhausted = ask(&chain, 0).await.unwrap_err();
    assert_eq!(
        exhausted.attempts.iter().filter(|attempt| attempt.class == Some(ClassName::Unusable)).count(),
        2
    );
}

#[tokio::test(start_paused = true)]
async fn a_fault_of_the_program_while_a_provider_is_asked_leads_to_the_next_one() {
    let (first, second) = (Scripted::new([Act::Panics]), Scripted::delivers());
    let chain = chain(&[&first, &second], Setting::default());
    let delivered = ask(&chain, 0).await.unwrap();
    assert_eq!(&*delivered.provider, "second");
    let message = &delivered.attempts[0].message;
    assert!(message.contains("a fault of the program, not of your settings (a bug)"), "{message}");
}
