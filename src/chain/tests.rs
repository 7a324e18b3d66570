//! The engine's rules, one sentence each, against scripted providers and a paused clock.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use super::*;
use crate::provider::failure::from_now;
use crate::provider::{
    BoxFuture, Dollars, Failure, FailureClass, Models, Pace, PriceList, Prompt, Provider, Rate, Ready,
    Request, Service,
};
use crate::secret::Scrubber;

mod endings;
mod money;
mod remembered;
mod waiting;

/// What a scripted provider does when it is asked.
#[derive(Clone)]
enum Act {
    Delivers(&'static str),
    Fails(FailureClass),
    Hangs,
    Panics,
}

/// Answers from its script, then with the last act for ever; remembers model and prompt of each request.
#[derive(Clone)]
struct Scripted {
    script: Arc<Mutex<VecDeque<Act>>>,
    asked: Arc<Mutex<Vec<(String, String, Instant)>>>,
    busy: Duration,
}

impl Scripted {
    fn new(script: impl IntoIterator<Item = Act>) -> Self {
        Self {
            script: Arc::new(Mutex::new(script.into_iter().collect())),
            asked: Arc::default(),
            busy: Duration::ZERO,
        }
    }

    fn fails(class: FailureClass) -> Self {
        Self::new([Act::Fails(class)])
    }

    fn delivers() -> Self {
        Self::new([Act::Delivers("a picture")])
    }

    fn busy(mut self, busy: Duration) -> Self {
        self.busy = busy;
        self
    }

    fn requests(&self) -> usize {
        self.asked.lock().unwrap().len()
    }

    fn models(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(model, ..)| model.clone()).collect()
    }

    fn prompts(&self) -> Vec<String> {
        self.asked.lock().unwrap().iter().map(|(_, prompt, _)| prompt.clone()).collect()
    }

    fn starts(&self) -> Vec<Instant> {
        self.asked.lock().unwrap().iter().map(|(.., at)| *at).collect()
    }
}

impl Provider for Scripted {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            self.asked.lock().unwrap().push((request.model.into(), request.prompt.fit(999), Instant::now()));
            let act = {
                let mut script = self.script.lock().unwrap();
                if script.len() > 1 { script.pop_front() } else { script.front().cloned() }
            };
            tokio::time::sleep(self.busy).await;
            match act.unwrap() {
                // Each prompt gets bytes of its own, as a real service gives; only "placeholder" repeats.
                Act::Delivers("placeholder") => Ok(Bytes::from("placeholder")),
                Act::Delivers(text) => Ok(Bytes::from(format!("{text} of {}", request.prompt.subject))),
                Act::Fails(class) => {
                    Err(Failure { status: Some(500), ..Failure::new(class, "said so; key sk-secret-123") })
                }
                Act::Hangs => std::future::pending().await,
                Act::Panics => panic!("a bug"),
            }
        })
    }
}

/// The catalogue line of the provider at this place, with what a picture of some models costs, in millionths of a
/// dollar.
fn service(place: usize, prices: &[(&str, u64)]) -> Service {
    let name = ["first", "second", "third"][place];
    let mut service = Service::new(name, Models::new("m1", []), |_, _, _| Ok(None));
    let prices = prices.iter().map(|(model, price)| (*model, Rate::Picture(Dollars::millionths(*price))));
    service.prices = PriceList::read_on(jiff::civil::date(2026, 11, 20), prices);
    service
}

struct Setting {
    patience: u64,
    overridden: usize,
    models: &'static [&'static str],
    /// By model, at every provider.
    prices: &'static [(&'static str, u64)],
    /// In millionths of a dollar.
    budget: Option<u64>,
    pace: Pace,
    joins_repeats: bool,
    stop: CancellationToken,
}

impl Default for Setting {
    fn default() -> Self {
        Self {
            patience: 0,
            overridden: 0,
            models: &["m1"],
            prices: &[],
            budget: None,
            pace: Pace::FREE,
            joins_repeats: false,
            stop: CancellationToken::new(),
        }
    }
}

fn chain(providers: &[&Scripted], setting: Setting) -> Chain<Bytes> {
    let links = providers.iter().enumerate().map(|(place, provider)| {
        let models = Models::of(setting.models.iter().map(|&model| model.into()).collect()).unwrap();
        let Setting { pace, joins_repeats, .. } = setting;
        let ready = Ready { pace, joins_repeats, ..Ready::new((*provider).clone(), []) };
        Link::new(&Arc::new(service(place, setting.prices)), ready, models, Duration::from_secs(60))
    });
    let options = Options {
        links: links.collect(),
        overridden: setting.overridden,
        patience: Duration::from_secs(setting.patience),
        budget: setting.budget.map(Dollars::millionths),
        begun: Instant::now(),
        deadline: Instant::now() + Duration::from_secs(900),
        scrubber: Scrubber::new(&[crate::secret::Secret::new("sk-secret-123").unwrap()]),
        stop: setting.stop,
    };
    Chain::new(options, Ok)
}

async fn ask(chain: &Chain<Bytes>, post: usize) -> Result<Delivered<Bytes>, Exhausted> {
    let prompt = Prompt { subject: format!("post {post}"), style: String::new() };
    let softened = Prompt { subject: "softened".into(), style: String::new() };
    let order = PictureRequest {
        post,
        label: "post.md",
        prompt: &prompt,
        softened: &softened,
        width: 1200,
        height: 630,
        seed: 1,
        avoid: None,
    };
    chain.generate(&order).await
}

fn quota() -> FailureClass {
    FailureClass::QuotaExhausted { until: from_now(Duration::from_secs(3600)) }
}

fn rate_limited(seconds: u64) -> FailureClass {
    FailureClass::rate_limited(Some(Duration::from_secs(seconds)))
}

// B-08
#[tokio::test(start_paused = true)]
async fn a_single_healthy_provider_is_a_plain_call() {
    let only = Scripted::delivers();
    let delivered = ask(&chain(&[&only], Setting::default()), 0).await.unwrap();
    assert_eq!((&*delivered.provider, delivered.fallback, delivered.attempts.len()), ("first", false, 1));
}

// B-31, B-32, B-37
#[tokio::test(start_paused = true)]
async fn every_class_of_failure_moves_the_same_post_to_the_next_provider() {
    for class in [
        quota(),
        FailureClass::OutOfCredit,
        rate_limited(10),
        FailureClass::CredentialsRejected,
        FailureClass::NotEntitled { what: "a plan".into() },
        FailureClass::Gone,
        FailureClass::BadRequest,
        FailureClass::Transient,
        FailureClass::Warming { until: from_now(Duration::from_secs(20)) },
        FailureClass::Refused { repeatable: true },
        FailureClass::Unusable,
    ] {
        let (first, second) = (Scripted::fails(class.clone()), Scripted::delivers());
        let before = Instant::now();
        let delivered =
            ask(&chain(&[&first, &second], Setting { patience: 60, ..Setting::default() }), 0).await.unwrap();
        assert_eq!((&*delivered.provider, delivered.fallback), ("second", true), "{class:?}");
        assert_eq!(first.requests(), 1, "{class:?}");
        assert_eq!(before.elapsed(), Duration::ZERO, "b_37: no wait between providers after {class:?}");
        assert_eq!(delivered.attempts[0].class, Some(class.name()));
    }
}

// B-27
#[tokio::test(start_paused = true)]
async fn a_provider_that_is_out_is_called_exactly_once_in_the_run() {
    for class in [quota(), FailureClass::OutOfCredit, FailureClass::CredentialsRejected, FailureClass::Gone] {
        let (first, second) = (Scripted::fails(class.clone()), Scripted::delivers());
        let chain = chain(&[&first, &second], Setting::default());
        for post in 0..5 {
            assert!(ask(&chain, post).await.unwrap().fallback);
        }
        assert_eq!((first.requests(), second.requests()), (1, 5), "{class:?}");
        assert_eq!(chain.report()[0].state, LinkState::Out);
    }
}

// B-93
#[tokio::test(start_paused = true)]
async fn a_generic_error_on_one_provider_still_reaches_the_ones_after_it() {
    let (first, second) =
        (Scripted::fails(FailureClass::BadRequest), Scripted::fails(FailureClass::BadRequest));
    let third = Scripted::delivers();
    let chain = chain(&[&first, &second, &third], Setting::default());
    for post in 0..3 {
        assert_eq!(ask(&chain, post).await.unwrap().provider, "third");
    }
    // Two different posts in a row were refused as malformed: that is enough to know.
    assert_eq!((first.requests(), second.requests()), (2, 2));
}

#[tokio::test(start_paused = true)]
async fn a_bad_answer_twice_for_the_same_post_does_not_take_the_provider_out() {
    let first = Scripted::new([
        Act::Fails(FailureClass::Unusable),
        Act::Delivers("x"),
        Act::Fails(FailureClass::Unusable),
    ]);
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting::default());
    for post in 0..3 {
        ask(&chain, post).await.unwrap();
    }
    assert_eq!(chain.report()[0].state, LinkState::Ready, "a delivery came between the two");
}

#[tokio::test(start_paused = true)]
async fn gone_and_not_entitled_move_to_the_next_model_before_the_provider_is_out() {
    let setting = || Setting { models: &["m1", "m2"], ..Setting::default() };
    for class in [FailureClass::Gone, FailureClass::NotEntitled { what: "billing".into() }] {
        let first = Scripted::new([Act::Fails(class), Act::Delivers("x")]);
        let second = Scripted::delivers();
        let chain = chain(&[&first, &second], setting());
        let delivered = ask(&chain, 0).await.unwrap();
        assert_eq!(
            (&*delivered.provider, delivered.model.as_str(), delivered.fallback),
            ("first", "m2", true)
        );
        ask(&chain, 1).await.unwrap();
        assert_eq!(first.models(), ["m1", "m2", "m2"]);
    }
}

#[tokio::test(start_paused = true)]
async fn every_model_that_is_gone_is_named_to_later_posts_and_in_the_cure() {
    let setting = Setting { models: &["m1", "m2"], ..Setting::default() };
    let chain = chain(&[&Scripted::fails(FailureClass::Gone)], setting);
    ask(&chain, 0).await.unwrap_err();
    let reason = ask(&chain, 1).await.unwrap_err().reasons.remove(0).words;
    let link = chain.report().remove(0);
    assert_eq!(reason, "not asked again: model not found (500)");
    assert_eq!(link.last_error.unwrap().message, "`m1` or `m2`: said so; key ***");
    let cure = "first no longer has the model `m1` or `m2`; set `FIRST_IMAGE_MODEL` to a current one";
    assert_eq!(link.cure.unwrap(), cure);
}

// B-24
#[tokio::test(start_paused = true)]
async fn a_rate_limited_provider_comes_back_in_its_place_after_the_stated_time() {
    let first = Scripted::new([Act::Fails(rate_limited(10)), Act::Delivers("x")]);
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting::default());
    assert_eq!(ask(&chain, 0).await.unwrap().provider, "second");
    assert_eq!(ask(&chain, 1).await.unwrap().provider, "second");
    tokio::time::advance(Duration::from_secs(11)).await;
    assert_eq!(ask(&chain, 2).await.unwrap().provider, "first");
    assert_eq!(first.requests(), 2);
}

#[tokio::test(start_paused = true)]
async fn two_transient_failures_in_a_row_begin_a_cooldown_that_one_probe_ends() {
    let first = Scripted::fails(FailureClass::Transient).busy(Duration::from_millis(50));
    let second = Scripted::delivers().busy(Duration::from_millis(50));
    let chain = chain(&[&first, &second], Setting::default());
    for post in 0..4 {
        ask(&chain, post).await.unwrap();
    }
    assert_eq!(first.requests(), 2);
    tokio::time::advance(Duration::from_secs(61)).await;
    futures_util::future::join_all((4..10).map(|post| ask(&chain, post))).await;
    assert_eq!(first.requests(), 3, "a half-open probe is one request");
    assert_eq!(chain.report()[0].state, LinkState::Cooling);
}

#[tokio::test(start_paused = true)]
async fn a_probe_that_delivers_puts_the_provider_back() {
    let first = Scripted::new([
        Act::Fails(FailureClass::Transient),
        Act::Fails(FailureClass::Transient),
        Act::Delivers("x"),
    ]);
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting::default());
    for post in 0..2 {
        ask(&chain, post).await.unwrap();
    }
    tokio::time::advance(Duration::from_secs(61)).await;
    for post in 2..5 {
        assert_eq!(ask(&chain, post).await.unwrap().provider, "first");
    }
}

#[tokio::test(start_paused = true)]
async fn a_dead_primary_is_called_at_most_once_per_post_in_flight() {
    let first = Scripted::fails(quota()).busy(Duration::from_millis(50));
    let second = Scripted::delivers().busy(Duration::from_millis(50));
    let chain = chain(&[&first, &second], Setting::default());
    use futures_util::StreamExt as _;
    let all: Vec<_> =
        futures_util::stream::iter(0..100).map(|post| ask(&chain, post)).buffer_unordered(8).collect().await;
    assert!(all.iter().all(Result::is_ok));
    assert!(first.requests() <= 8, "{} calls", first.requests());
}

#[tokio::test(start_paused = true)]
async fn a_refused_prompt_is_softened_once_after_everybody_else_failed() {
    let first = Scripted::new([Act::Fails(FailureClass::Refused { repeatable: true }), Act::Delivers("x")]);
    let second = Scripted::fails(FailureClass::BadRequest);
    let delivered = ask(&chain(&[&first, &second], Setting::default()), 0).await.unwrap();
    assert_eq!((&*delivered.provider, delivered.softened), ("first", true));
    assert_eq!(first.prompts(), ["post 0", "softened"]);
    assert_eq!(second.requests(), 1);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_must_not_be_asked_twice_is_not_and_a_softened_refusal_is_final() {
    let first = Scripted::fails(FailureClass::Refused { repeatable: false });
    let second = Scripted::fails(FailureClass::Refused { repeatable: true });
    let exhausted =
        ask(&chain(&[&first, &second], Setting { patience: 60, ..Setting::default() }), 0).await.unwrap_err();
    assert_eq!((first.requests(), second.requests(), exhausted.why), (1, 2, StopReason::AllFailed));
    assert_eq!(exhausted.reasons.len(), 2);
}

#[tokio::test(start_paused = true)]
async fn a_refusal_leaves_the_provider_in_place_for_other_posts() {
    let first = Scripted::new([Act::Fails(FailureClass::Refused { repeatable: true }), Act::Delivers("x")]);
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting::default());
    ask(&chain, 0).await.unwrap();
    assert_eq!(ask(&chain, 1).await.unwrap().provider, "first");
}

#[tokio::test(start_paused = true)]
async fn the_same_bytes_for_two_prompts_are_unusable_for_both() {
    let first = Scripted::new([Act::Delivers("placeholder")]);
    let second = Scripted::delivers();
    let chain = chain(&[&first, &second], Setting::default());
    assert_eq!(ask(&chain, 0).await.unwrap().provider, "first");
    assert_eq!(ask(&chain, 1).await.unwrap().provider, "second");
    assert_eq!(ask(&chain, 2).await.unwrap().provider, "second");
    assert_eq!(chain.displaced(), [Displaced { post: 0, provider: "first".into() }]);
    assert_eq!(chain.displaced(), [], "told once");
    assert_eq!(chain.report()[0].state, LinkState::Out, "two posts in a row got a placeholder");
}

#[tokio::test(start_paused = true)]
async fn a_placeholder_stays_one_also_for_the_post_that_got_it_first() {
    let first = Scripted::new([Act::Delivers("placeholder")]);
    let second = Scripted::new([Act::Delivers("a picture"), Act::Delivers("placeholder")]);
    let chain = chain(&[&first, &second], Setting::default());
    ask(&chain, 0).await.unwrap();
    ask(&chain, 1).await.unwrap();
    let again = ask(&chain, 0).await.unwrap_err();
    let classes: Vec<_> = again.attempts.iter().map(|attempt| attempt.class).collect();
    assert_eq!(classes, [Some(ClassName::Unusable), Some(ClassName::Unusable)]);
}

#[tokio::test(start_paused = true)]
async fn a_chain_is_spent_when_every_provider_is_out_or_the_run_is_over() {
    let first = Scripted::fails(quota());
    let chain = chain(&[&first], Setting::default());
    assert_eq!(chain.spent(1200, 630), None);
    ask(&chain, 0).await.unwrap_err();
    assert_eq!(chain.spent(1200, 630), Some(StopReason::AllFailed));
    tokio::time::advance(Duration::from_secs(24 * 3600)).await;
    assert_eq!(chain.spent(1200, 630), Some(StopReason::Deadline));
}

#[tokio::test(start_paused = true)]
async fn an_override_that_delivers_is_not_a_fallback_and_one_that_fails_over_is() {
    let (first, second) = (Scripted::delivers(), Scripted::delivers());
    let overridden =
        |first: &Scripted| chain(&[first, &second], Setting { overridden: 1, ..Setting::default() });
    assert!(!ask(&overridden(&first), 0).await.unwrap().fallback);
    assert!(ask(&overridden(&Scripted::fails(quota())), 0).await.unwrap().fallback);
}

// B-90
#[tokio::test(start_paused = true)]
async fn requests_keep_the_gap_and_the_slots_of_a_provider() {
    let first = Scripted::delivers().busy(Duration::from_secs(1));
    let pace = Pace { in_flight: 1, gap: Duration::from_secs(15) };
    let chain = chain(&[&first], Setting { pace, ..Setting::default() });
    futures_util::future::join_all((0..3).map(|post| ask(&chain, post))).await;
    let starts = first.starts();
    let gaps: Vec<u64> = starts.windows(2).map(|pair| (pair[1] - pair[0]).as_secs()).collect();
    assert_eq!(gaps, [15, 15]);
}

#[tokio::test(start_paused = true)]
async fn a_provider_that_never_answers_costs_one_time_out() {
    let (first, second) = (Scripted::new([Act::Hangs]), Scripted::delivers());
    let before = Instant::now();
    let delivered = ask(&chain(&[&first, &second], Setting::default()), 0).await.unwrap();
    assert_eq!((&*delivered.provider, before.elapsed().as_secs()), ("second", 60));
    assert_eq!(delivered.attempts[0].class, Some(ClassName::Transient));
}

#[tokio::test(start_paused = true)]
async fn exhausted_posts_list_every_providers_reason_scrubbed_of_secrets() {
    let (first, second) = (Scripted::fails(quota()), Scripted::fails(FailureClass::CredentialsRejected));
    let chain = chain(&[&first, &second], Setting::default());
    ask(&chain, 0).await.unwrap_err();
    let later = ask(&chain, 1).await.unwrap_err();
    assert_eq!(later.attempts, []);
    assert_eq!(later.reasons[0].words, "not asked again: daily allowance used up (500)");
    assert_eq!(later.reasons[1].words, "not asked again: key refused (500)");
}

#[tokio::test(start_paused = true)]
async fn every_attempt_tells_how_long_after_the_start_of_the_run_its_provider_was_asked() {
    let (begun, short) = (Instant::now(), Duration::from_millis(250));
    let first = Scripted::new([Act::Fails(rate_limited(10)), Act::Delivers("x")]).busy(short);
    let second = Scripted::fails(FailureClass::BadRequest).busy(short);
    let chain = chain(&[&first, &second], Setting { patience: 60, ..Setting::default() });
    tokio::time::advance(Duration::from_secs(3)).await;
    let attempts = ask(&chain, 0).await.unwrap().attempts;
    let asked = [first.starts()[0], second.starts()[0], first.starts()[1]];
    let told: Vec<f64> = attempts.iter().map(|attempt| attempt.at).collect();
    assert_eq!(told, asked.map(|asked| (asked - begun).as_secs_f64()));
    let switch = attempts[1].at - (attempts[0].at + attempts[0].seconds);
    assert!(switch.abs() < 1e-6, "the second was asked when the first had failed: {switch} s later");
}

#[test]
fn the_report_tells_until_when_a_provider_is_out() {
    let link = Link::new(
        &Arc::new(service(0, &[])),
        Ready::new(Scripted::delivers(), []),
        Models::new("m1", []),
        Duration::ZERO,
    );
    let until: Timestamp = from_now(Duration::from_secs(7200));
    link.failed(0, 0, &Failure::new(FailureClass::QuotaExhausted { until }, "used up"));
    let report = link.report();
    assert_eq!((report.state, report.out_until, report.attempts), (LinkState::Out, Some(until), 1));
    assert_eq!(report.cure, None, "it comes back by itself");
}

#[tokio::test(start_paused = true)]
async fn a_long_rest_is_not_shortened_by_an_answer_that_says_less() {
    let script = [Act::Fails(rate_limited(600)), Act::Fails(FailureClass::rate_limited(None))];
    let first = Scripted::new(script).busy(Duration::from_secs(1));
    let chain = chain(&[&first], Setting { patience: 60, ..Setting::default() });
    let (one, other) = tokio::join!(ask(&chain, 0), ask(&chain, 1));
    assert!(one.is_err() && other.is_err());
    assert_eq!(first.requests(), 2, "nobody asks again within the ten minutes");
}

#[tokio::test(start_paused = true)]
async fn a_post_whose_model_is_gone_waits_for_the_next_one_of_a_resting_provider() {
    let script = [Act::Fails(rate_limited(10)), Act::Fails(FailureClass::Gone), Act::Delivers("a picture")];
    let first = Scripted::new(script).busy(Duration::from_secs(1));
    let chain = chain(&[&first], Setting { patience: 60, models: &["m1", "m2"], ..Setting::default() });
    let (one, other) = tokio::join!(ask(&chain, 0), ask(&chain, 1));
    assert_eq!((one.unwrap().model.as_str(), other.unwrap().model.as_str()), ("m2", "m2"));
}
