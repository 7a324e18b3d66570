//! Who waits for a provider that rests, for how long, and what wakes them.

use super::*;

// B-25
#[tokio::test(start_paused = true)]
async fn patience_waits_only_when_waiting_is_the_sole_hope() {
    let only = Scripted::new([Act::Fails(rate_limited(20)), Act::Delivers("x")]);
    let before = Instant::now();
    let delivered = ask(&chain(&[&only], Setting { patience: 60, ..Setting::default() }), 0).await.unwrap();
    assert!((19..=21).contains(&before.elapsed().as_secs()), "{:?}", before.elapsed());
    assert_eq!((delivered.fallback, delivered.attempts.len()), (false, 2));
}

#[tokio::test(start_paused = true)]
async fn posts_that_wait_for_the_same_provider_are_told_of_once() {
    let mut chain = chain(&[&Scripted::delivers()], Setting::default());
    let link = &chain.links_mut()[0];
    let in_seconds = |seconds| Instant::now() + Duration::from_secs(seconds);
    let told =
        [in_seconds(30), in_seconds(30), in_seconds(31), in_seconds(60)].map(|until| link.is_news(until));
    assert_eq!(told, [true, false, false, true]);
    tokio::time::sleep(Duration::from_secs(61)).await;
    assert!(link.is_news(in_seconds(1)), "the wait that was told is over");
}

#[tokio::test(start_paused = true)]
async fn a_wait_longer_than_the_patience_is_not_begun() {
    let only = Scripted::fails(rate_limited(90));
    let before = Instant::now();
    let exhausted =
        ask(&chain(&[&only], Setting { patience: 60, ..Setting::default() }), 0).await.unwrap_err();
    assert_eq!((exhausted.why, before.elapsed()), (StopReason::AllFailed, Duration::ZERO));
    assert_eq!(only.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_sole_provider_in_trouble_is_asked_again_within_the_patience_and_no_longer() {
    let only = Scripted::fails(FailureClass::Transient);
    let before = Instant::now();
    let exhausted =
        ask(&chain(&[&only], Setting { patience: 70, ..Setting::default() }), 0).await.unwrap_err();
    // At once, after a breather, and as a probe after the rest.
    assert_eq!((exhausted.attempts.len(), before.elapsed().as_secs()), (3, 65));
}

#[tokio::test(start_paused = true)]
async fn an_outage_shorter_than_the_patience_costs_a_sole_provider_no_post() {
    use futures_util::StreamExt as _;
    for (failures, in_flight, requests) in [(1, 4, 9), (2, 4, 10), (4, 4, 12), (2, 1, 10)] {
        let script = std::iter::repeat_n(Act::Fails(FailureClass::Transient), failures);
        let only = Scripted::new(script.chain([Act::Delivers("x")])).busy(Duration::from_millis(50));
        let chain = chain(&[&only], Setting { patience: 60, ..Setting::default() });
        // Answers come a moment after each other, as they do.
        let one = async |post: usize| {
            tokio::time::sleep(Duration::from_millis(post as u64)).await;
            ask(&chain, post).await
        };
        let all: Vec<_> =
            futures_util::stream::iter(0..8).map(one).buffer_unordered(in_flight).collect().await;
        let delivered = all.iter().filter(|answer| answer.is_ok()).count();
        assert_eq!((delivered, only.requests()), (8, requests), "{failures} failures, {in_flight} in flight");
    }
}

/// Asks for so many posts, a few at a time; how many got a picture, and how long that took.
async fn ask_all(chain: &Chain<Bytes>, posts: usize, in_flight: usize) -> (usize, Duration) {
    use futures_util::StreamExt as _;
    let before = Instant::now();
    let answers = futures_util::stream::iter(0..posts).map(|post| ask(chain, post));
    let answers: Vec<_> = answers.buffer_unordered(in_flight).collect().await;
    (answers.iter().filter(|answer| answer.is_ok()).count(), before.elapsed())
}

#[tokio::test(start_paused = true)]
async fn a_run_sleeps_no_longer_than_its_patience_in_all() {
    for pattern in ["F", "FD", "FDD", "FFD", "FFDD", "FFFFDDDD"] {
        for in_flight in [1, 4] {
            let acts = pattern.chars().map(|act| match act {
                'F' => Act::Fails(FailureClass::Transient),
                _ => Act::Delivers("x"),
            });
            let only = Scripted::new(acts.cycle().take(500));
            let chain = chain(&[&only], Setting { patience: 60, ..Setting::default() });
            // Answers take no time here, so all of it is sleep.
            let (_, slept) = ask_all(&chain, 60, in_flight).await;
            assert!(slept.as_secs() <= 61, "{slept:?} for {pattern}, {in_flight} in flight");
        }
    }
}

#[tokio::test(start_paused = true)]
async fn the_rest_of_a_sole_provider_in_trouble_ends_with_the_patience_and_in_a_call() {
    let failures = std::iter::repeat_n(Act::Fails(FailureClass::Transient), 2);
    let only = Scripted::new(failures.chain([Act::Delivers("x")]));
    let chain = chain(&[&only], Setting { patience: 60, ..Setting::default() });
    assert_eq!(ask_all(&chain, 1, 1).await, (1, Duration::from_secs(60)));
}

#[tokio::test(start_paused = true)]
async fn a_stated_rest_is_not_cut_to_the_patience() {
    let trouble = || Act::Fails(FailureClass::Transient);
    let only = Scripted::new([Act::Fails(rate_limited(80)), trouble(), trouble(), Act::Delivers("x")]);
    let chain = chain(
        &[&only.clone().busy(Duration::from_millis(50))],
        Setting { patience: 60, ..Setting::default() },
    );
    let (made, took) = ask_all(&chain, 3, 3).await;
    assert_eq!((made, only.requests(), took.as_secs()), (0, 3, 0));
}

#[tokio::test(start_paused = true)]
async fn nobody_sleeps_on_when_another_post_finds_the_provider_back() {
    let (fails, delivers) = (Act::Fails(FailureClass::Transient), Act::Delivers("x"));
    let only = Scripted::new([fails.clone(), fails, delivers]).busy(Duration::from_millis(50));
    let chain = chain(&[&only], Setting { patience: 60, ..Setting::default() });
    let (made, took) = ask_all(&chain, 3, 3).await;
    assert_eq!((made, took.as_secs()), (3, 5), "a breather, and not the rest of a minute");
}

/// The first provider has this pace, and the second may be asked as fast as one likes.
fn paced(first: &Scripted, second: &Scripted, pace: Pace, models: &'static [&'static str]) -> Chain<Bytes> {
    let mut chain = chain(&[first, second], Setting { models, ..Setting::default() });
    let models = Models::of(models.iter().map(|&model| model.into()).collect()).unwrap();
    let ready = Ready { pace, ..Ready::new(first.clone(), []) };
    chain.links_mut()[0] = Link::new(&Arc::new(service(0, &[])), ready, models, Duration::from_secs(60));
    chain
}

#[tokio::test(start_paused = true)]
async fn after_a_failure_nobody_queues_while_somebody_else_is_ready() {
    let pace = Pace { in_flight: 1, gap: Duration::from_secs(15) };
    let models = &["m1", "m2"];
    let first = Scripted::new([Act::Fails(FailureClass::Gone), Act::Delivers("x")]);
    let (second, begun) = (Scripted::delivers(), Instant::now());
    let delivered = ask(&paced(&first, &second, pace, models), 0).await.unwrap();
    assert_eq!((&*delivered.provider, first.requests()), ("second", 1));
    assert!(begun.elapsed() < Duration::from_secs(1), "{:?}", begun.elapsed());
    // Where nobody is ready, its next model is waited for.
    let first = Scripted::new([Act::Fails(FailureClass::Gone), Act::Delivers("x")]);
    let second = Scripted::fails(FailureClass::OutOfCredit);
    let delivered = ask(&paced(&first, &second, pace, models), 0).await.unwrap();
    assert_eq!((&*delivered.provider, delivered.model.as_str()), ("first", "m2"));
    assert_eq!((first.starts()[1] - first.starts()[0]).as_secs(), 15);
}

#[tokio::test(start_paused = true)]
async fn a_queue_of_half_a_minute_is_left_to_others_while_somebody_else_is_ready() {
    let pace = Pace { in_flight: 1, gap: Duration::from_secs(15) };
    let (first, second) = (Scripted::delivers(), Scripted::delivers());
    let chain = paced(&first, &second, pace, &["m1"]);
    let all = futures_util::future::join_all((0..6).map(|post| ask(&chain, post))).await;
    let by = |name| all.iter().flatten().filter(|delivered| &*delivered.provider == name).count();
    assert_eq!((by("first"), by("second")), (3, 3), "the third waits for 30 s");
    // Where nobody else is ready, all of them queue.
    let second = Scripted::fails(FailureClass::OutOfCredit);
    let chain = paced(&Scripted::delivers(), &second, pace, &["m1"]);
    let all = futures_util::future::join_all((0..6).map(|post| ask(&chain, post))).await;
    assert!(all.iter().flatten().all(|delivered| &*delivered.provider == "first"));
    assert_eq!((all.iter().flatten().count(), second.requests()), (6, 1));
}
