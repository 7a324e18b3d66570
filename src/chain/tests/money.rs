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
