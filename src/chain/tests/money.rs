//! What is charged for.

use super::*;

fn costs(attempts: &[Attempt]) -> Vec<Option<Dollars>> {
    attempts.iter().map(|attempt| attempt.cost).collect()
}

const PRICE: Option<Dollars> = Some(Dollars::millionths(634));

#[tokio::test(start_paused = true)]
async fn a_picture_is_charged_also_one_that_is_no_good_and_one_that_nobody_waited_for() {
    for (act, cost) in [
        (Act::Fails(FailureClass::Unusable), PRICE),
        (Act::Hangs, PRICE),
        (Act::Panics, PRICE),
        (Act::Fails(FailureClass::Transient), Some(Dollars::NOTHING)),
        (Act::Fails(FailureClass::Refused { repeatable: false }), Some(Dollars::NOTHING)),
    ] {
        let (first, second) = (Scripted::new([act]), Scripted::delivers());
        let setting = Setting { prices: &[("m1", 634)], ..Setting::default() };
        let delivered = ask(&chain(&[&first, &second], setting), 0).await.unwrap();
        assert_eq!(costs(&delivered.attempts), [cost, PRICE], "{:?}", delivered.attempts);
    }
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_the_price_of_is_not_taken_for_free() {
    let setting = Setting { models: &["m1", "m2"], prices: &[("m2", 634)], ..Setting::default() };
    let script = [Act::Delivers("x"), Act::Fails(FailureClass::Gone), Act::Delivers("x")];
    let chain = chain(&[&Scripted::new(script)], setting);
    assert_eq!(chain.first(1200, 630).unwrap().price, None);
    assert_eq!(costs(&ask(&chain, 0).await.unwrap().attempts), [None]);
    assert_eq!(costs(&ask(&chain, 1).await.unwrap().attempts), [Some(Dollars::NOTHING), PRICE]);
    let first = FirstAsked { provider: "first".into(), model: "m2".to_owned(), price: PRICE };
    assert_eq!(chain.first(1200, 630), Some(first), "the first model is gone");
}

#[test]
fn a_service_that_charges_nobody_is_free_whatever_its_list_says() {
    let ready = Ready { is_free: true, ..Ready::new(Scripted::delivers(), []) };
    let service = Arc::new(service(0, &[("m1", 634)]));
    let link = Link::new(&service, ready, Models::new("m1", ["m2"]), Duration::ZERO);
    assert_eq!([link.price(0, 1200, 630), link.price(1, 1200, 630)], [Some(Dollars::NOTHING); 2]);
}

/// What a picture costs at most providers here, in millionths of a dollar.
const CENT: u64 = 10_000;

/// A chain with a budget of so many cents; each provider has models with their prices in cents.
fn bounded(cents: u64, links: &[(&Scripted, &[(&str, u64)])]) -> Chain<Bytes> {
    bounded_with_patience(60, cents, links)
}

fn bounded_with_patience(patience: u64, cents: u64, links: &[(&Scripted, &[(&str, u64)])]) -> Chain<Bytes> {
    let providers: Vec<_> = links.iter().map(|(provider, _)| *provider).collect();
    let setting = Setting { patience, budget: Some(cents * CENT), ..Setting::default() };
    let mut chain = chain(&providers, setting);
    for (place, (link, (provider, prices))) in chain.links_mut().iter_mut().zip(links).enumerate() {
        let prices: Vec<_> = prices.iter().map(|(model, cents)| (*model, cents * CENT)).collect();
        let models = Models::of(prices.iter().map(|(model, _)| (*model).to_owned()).collect()).unwrap();
        let ready = Ready::new((*provider).clone(), []);
        *link = Link::new(&Arc::new(service(place, &prices)), ready, models, Duration::from_secs(60));
    }
    chain
}

fn beyond(cents: u64) -> StopReason {
    StopReason::Budget(Dollars::millionths(cents * CENT))
}

#[tokio::test(start_paused = true)]
async fn a_provider_beyond_what_is_left_of_the_budget_is_skipped() {
    let (first, second) = (Scripted::delivers(), Scripted::delivers());
    let chain = bounded(4, &[(&first, &[("m1", 3)]), (&second, &[("m1", 1)])]);
    assert!(!ask(&chain, 0).await.unwrap().fallback);
    let delivered = ask(&chain, 1).await.unwrap();
    assert_eq!((&*delivered.provider, delivered.fallback), ("second", true));
    let exhausted = ask(&chain, 2).await.unwrap_err();
    assert_eq!((exhausted.why, exhausted.attempts), (beyond(4), vec![]));
    assert_eq!((first.requests(), second.requests()), (1, 1));
}

#[tokio::test(start_paused = true)]
async fn a_cheaper_model_is_asked_where_a_dearer_one_is_beyond_the_budget() {
    let first = Scripted::delivers();
    let chain = bounded(4, &[(&first, &[("dear", 3), ("cheap", 1)])]);
    assert_eq!(chain.first(1200, 630).unwrap().model, "dear");
    ask(&chain, 0).await.unwrap();
    assert_eq!((chain.first(1200, 630).unwrap().model, chain.spent(1200, 630)), ("cheap".to_owned(), None));
    assert!(ask(&chain, 1).await.unwrap().fallback);
    assert_eq!(first.models(), ["dear", "cheap"]);
    assert_eq!(chain.spent(1200, 630), Some(beyond(4)), "nobody need be paid for words");
}

#[tokio::test(start_paused = true)]
async fn posts_in_flight_together_do_not_overspend() {
    let first = Scripted::delivers().busy(Duration::from_secs(5));
    let chain = bounded(3, &[(&first, &[("m1", 1)])]);
    let all = futures_util::future::join_all((0..8).map(|post| ask(&chain, post))).await;
    let (made, left): (Vec<_>, Vec<_>) = all.into_iter().partition(Result::is_ok);
    assert_eq!((made.len(), first.requests()), (3, 3));
    assert!(left.into_iter().all(|post| post.unwrap_err().why == beyond(3)));
}

#[tokio::test(start_paused = true)]
async fn who_finds_the_rest_of_the_budget_in_flight_waits_for_what_comes_back_of_it() {
    let first = Scripted::new([Act::Fails(FailureClass::Refused { repeatable: false }), Act::Delivers("x")])
        .busy(Duration::from_secs(5));
    let chain = bounded(1, &[(&first, &[("m1", 1)])]);
    let (one, other) = tokio::join!(ask(&chain, 0), ask(&chain, 1));
    assert_eq!(one.unwrap_err().why, StopReason::AllFailed);
    assert_eq!((other.unwrap().provider, first.requests()), ("first".into(), 2));
}

#[tokio::test(start_paused = true)]
async fn who_was_skipped_is_asked_without_patience_when_the_money_is_back_meanwhile() {
    let fails = Act::Fails(FailureClass::Refused { repeatable: false });
    let first = Scripted::new([fails.clone(), Act::Delivers("x")]).busy(Duration::from_secs(1));
    let second = Scripted::new([fails]).busy(Duration::from_secs(5));
    let chain = bounded_with_patience(0, 1, &[(&first, &[("m1", 1)]), (&second, &[("m1", 0)])]);
    let (one, other) = tokio::join!(ask(&chain, 0), ask(&chain, 1));
    assert_eq!(one.unwrap_err().why, StopReason::AllFailed);
    assert_eq!((other.unwrap().provider, first.requests(), second.requests()), ("first".into(), 2, 2));
}

#[tokio::test(start_paused = true)]
async fn who_waits_for_money_in_flight_is_not_kept_from_another_provider_that_is_ready() {
    let (first, second) = (Scripted::delivers().busy(Duration::from_secs(5)), Scripted::delivers());
    let chain = bounded(4, &[(&first, &[("m1", 3)]), (&second, &[("m1", 1)])]);
    let begun = Instant::now();
    let (one, other) = tokio::join!(ask(&chain, 0), async {
        let other = ask(&chain, 1).await;
        (other, begun.elapsed())
    });
    assert!(one.is_ok());
    assert_eq!((other.0.unwrap().provider, other.1), ("second".into(), Duration::ZERO));
}

#[tokio::test(start_paused = true)]
async fn what_nobody_waited_for_is_spent_and_what_failed_with_an_answer_is_not() {
    let script = [Act::Fails(FailureClass::BadRequest), Act::Hangs, Act::Delivers("x")];
    let first = Scripted::new(script);
    let chain = bounded(2, &[(&first, &[("m1", 1)])]);
    assert_eq!(ask(&chain, 0).await.unwrap_err().why, StopReason::AllFailed);
    // It hangs, and delivers when it is asked again.
    ask(&chain, 1).await.unwrap();
    assert_eq!(ask(&chain, 2).await.unwrap_err().why, beyond(2));
    assert_eq!(first.requests(), 3);
}

#[tokio::test(start_paused = true)]
async fn a_post_that_others_failed_and_nobody_can_pay_for_is_left_for_its_price() {
    let (first, second) = (Scripted::fails(FailureClass::BadRequest), Scripted::delivers());
    let chain = bounded(1, &[(&first, &[("m1", 1)]), (&second, &[("m1", 2)])]);
    let exhausted = ask(&chain, 0).await.unwrap_err();
    assert_eq!((exhausted.why, exhausted.attempts.len(), second.requests()), (beyond(1), 1, 0));
}

#[tokio::test(start_paused = true)]
async fn a_stop_ends_the_wait_for_money_in_flight() {
    let first = Scripted::new([Act::Hangs]);
    let setting = Setting { prices: &[("m1", CENT)], budget: Some(CENT), ..Setting::default() };
    let stop = setting.stop.clone();
    let chain = chain(&[&first], setting);
    let stopping = async {
        tokio::time::sleep(Duration::from_secs(1)).await;
        stop.cancel();
    };
    let (one, other, ()) = tokio::join!(ask(&chain, 0), ask(&chain, 1), stopping);
    assert_eq!([one.unwrap_err().why, other.unwrap_err().why], [StopReason::Stopped; 2]);
    assert_eq!(first.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_knows_the_price_of_is_not_asked_under_a_budget() {
    let first = Scripted::delivers();
    let setting = Setting { budget: Some(CENT), ..Setting::default() };
    assert_eq!(ask(&chain(&[&first], setting), 0).await.unwrap_err().why, beyond(1));
    assert_eq!(first.requests(), 0);
}

#[test]
fn a_link_keeps_its_models_of_known_price_and_names_the_others() {
    let link = |models: &[&str], is_free| {
        let models = Models::of(models.iter().map(|&model| model.to_owned()).collect()).unwrap();
        let ready = Ready { is_free, ..Ready::new(Scripted::delivers(), []) };
        let priced = Arc::new(service(0, &[("m2", 634)]));
        let (link, others) = Link::new(&priced, ready, models, Duration::ZERO).of_known_price();
        (link.map(|link| (link.models.to_vec(), link.price(0, 1200, 630))), others)
    };
    assert_eq!(link(&["m1", "m2"], false), (Some((vec!["m2".to_owned()], PRICE)), vec!["m1".to_owned()]));
    assert_eq!(link(&["m1"], false), (None, vec!["m1".to_owned()]));
    assert_eq!(link(&["m1"], true), (Some((vec!["m1".to_owned()], Some(Dollars::NOTHING))), vec![]));
}

#[tokio::test(start_paused = true)]
async fn a_service_that_joins_repeats_is_asked_once_more_before_anybody_else_is_paid() {
    let hangs = |times: usize| {
        let script = vec![Act::Hangs; times].into_iter().chain([Act::Delivers("x")]);
        (Scripted::new(script), Scripted::delivers())
    };
    let of = |joins_repeats| Setting { joins_repeats, prices: &[("m1", 634)], ..Setting::default() };
    let (first, second) = hangs(1);
    let delivered = ask(&chain(&[&first, &second], of(true)), 0).await.unwrap();
    assert_eq!((&*delivered.provider, first.requests(), second.requests()), ("first", 2, 0));
    assert_eq!(costs(&delivered.attempts), [Some(Dollars::NOTHING), PRICE], "the two are one request to it");
    // No more than once.
    let (first, second) = hangs(3);
    let delivered = ask(&chain(&[&first, &second], of(true)), 0).await.unwrap();
    assert_eq!((&*delivered.provider, first.requests(), second.requests()), ("second", 2, 1));
    // And nobody else: there both would be made and charged.
    let (first, second) = hangs(1);
    let delivered = ask(&chain(&[&first, &second], of(false)), 0).await.unwrap();
    assert_eq!((&*delivered.provider, first.requests(), second.requests()), ("second", 1, 1));
}
