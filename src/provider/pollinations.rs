//! Pollinations: two services behind one name.
//!
//! With a key the current host `gen.` answers; without one only the legacy host does, in maintenance
//! mode: one running and one queued request per (possibly shared) address, a brand mark on every
//! picture, and 402 for a full queue, which costs nothing and clears by itself. Either takes the
//! prompt inside the address, so it is cut to what an address can hold.

use std::time::Duration;

use bytes::Bytes;
use jiff::civil::date;
use serde_json::Value;

use super::error_body::ErrorBody;
use super::failure::{Failure, FailureClass, from_now};
use super::probe::{FreeAnswer, ModelList, Probe, no_page, without_success};
use super::{
    BoxFuture, Dollars, Models, NotReady, Pace, PriceList, Provider, Rate, Ready, Request, SampleAnswer,
    Service, picture,
};
use crate::env::Env;
use crate::http::{Http, HttpRequest, HttpResponse};
use crate::secret::Secret;
use crate::text::url_segment;

/// The catalogue line.
pub(super) fn service() -> Service {
    let models = Models::new("flux", ["zimage", "klein"]);
    Service {
        title: "Pollinations".into(),
        enabled_by: "`POLLINATIONS_API_TOKEN`, or `POLLINATIONS_ENABLED=true` to go without a key".into(),
        key_page: "https://enter.pollinations.ai".into(),
        credit_page: "https://enter.pollinations.ai".into(),
        prices: prices(),
        timeout: Duration::from_secs(120),
        samples: vec![SampleAnswer::of("", SampleAnswer::BYTES)],
        ..Service::new("pollinations", models, configure)
    }
}

/// The two names of a model, both of which are taken, and of which a list has one.
const NAMES: [(&str, &str); 3] = [
    ("flux", "black-forest-labs/FLUX.1-schnell"),
    ("zimage", "Tongyi-MAI/Z-Image-Turbo"),
    ("klein", "black-forest-labs/flux.2-klein-4b"),
];

/// In pollen, of which one is about a dollar. A model has two names, see [`NAMES`].
fn prices() -> PriceList {
    let [flux, zimage, klein, sana] =
        [2_000, 4_000, 5_000, 100].map(|millionths| Rate::Picture(Dollars::millionths(millionths)));
    let prices = [
        ("flux", flux),
        ("black-forest-labs/FLUX.1-schnell", flux),
        ("zimage", zimage),
        ("Tongyi-MAI/Z-Image-Turbo", zimage),
        ("klein", klein),
        ("black-forest-labs/flux.2-klein-4b", klein),
        ("dreamshaper", sana),
        ("sana", sana),
    ];
    PriceList::read_on(date(2026, 11, 28), prices)
}

/// Longest address in bytes; the real limit is unconfirmed.
const ADDRESS: usize = 2_000;

/// How long a full queue of the legacy host is left alone; its code spaces starts by 10 to 15 s.
const LEGACY_GAP: Duration = Duration::from_secs(15);

struct Pollinations {
    http: Http,
    base: String,
    key: Option<Secret>,
}

fn configure(service: &Service, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
    let key = env.secret(&service.secrets)?;
    match env.get("POLLINATIONS_ENABLED") {
        Some("true") => {}
        Some("false") => return Ok(None),
        // A key was asked for by nobody but for this.
        None if key.is_some() => {}
        None => return Ok(None),
        Some(_) => {
            let warning = "Pollinations is not used: set `POLLINATIONS_ENABLED` to exactly `true`";
            return Err(NotReady::Half(warning.to_owned()));
        }
    }
    let default = if key.is_some() { "https://gen.pollinations.ai" } else { "https://image.pollinations.ai" };
    let base = service.base_url(env, default)?;
    let pace = if key.is_some() { Pace::FREE } else { Pace { in_flight: 1, gap: LEGACY_GAP } };
    let provider = Pollinations { http: http.clone(), base, key: key.clone() };
    // Who has no account cannot be charged.
    let is_free = key.is_none();
    let joins_repeats = key.is_some();
    Ok(Some(Ready { pace, is_free, joins_repeats, ..Ready::new(provider, key) }))
}

impl Provider for Pollinations {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let call = HttpRequest::get(self.address(request));
            let call = match &self.key {
                Some(key) => call.bearer(key),
                None => call,
            };
            let answer = self.http.send(call).await?;
            match &self.key {
                _ if answer.is_success() => picture::of(&answer, &self.http, &self.base).await,
                Some(key) => Err(failure(&answer, key)),
                None => Err(legacy_failure(&answer)),
            }
        })
    }

    // The lists need no key, so nothing is known of it; and the legacy host draws whatever model it is asked for.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        Box::pin(async move {
            let (path, explained): (_, fn(&HttpResponse) -> Failure) = match self.key {
                Some(_) => ("image/models", by_status),
                None => ("models", legacy_failure),
            };
            let answer = self.http.send(HttpRequest::get(format!("{}/{path}", self.base))).await?;
            if !answer.is_success() {
                return without_success(&answer, explained(&answer));
            }
            no_page(&answer)?;
            let list = ModelList::of(&answer, draws);
            let other_name = |model: &str| {
                NAMES.into_iter().find_map(|(one, other)| match () {
                    () if one == model => Some(other),
                    () if other == model => Some(one),
                    () => None,
                })
            };
            let is_listed =
                |model: &str| list.has(model) || other_name(model).is_some_and(|name| list.has(name));
            let wanted: Vec<_> = models.iter().filter(|model| !is_listed(model)).cloned().collect();
            let list = if self.key.is_some() { list } else { list.unproven() };
            Ok(Probe::Reached(FreeAnswer::with_list(false, &wanted, &list)))
        })
    }
}

/// Whether a model of the list draws pictures; it has those for films as well.
fn draws(model: &Value) -> bool {
    let kinds = model.get("output_modalities").and_then(Value::as_array);
    kinds.is_none_or(|kinds| kinds.iter().any(|kind| kind == "image"))
}

/// What a failure of the list means, which has no codes of its own.
fn by_status(answer: &HttpResponse) -> Failure {
    ErrorBody::of(answer).fails(answer, FailureClass::by_status(answer))
}

impl Pollinations {
    /// The address that makes the picture. A picture is cached by prompt and parameters, so the seed
    /// is what gives another one.
    fn address(&self, request: &Request<'_>) -> String {
        let Request { model, width, height, .. } = request;
        let (folder, extra) = match self.key {
            Some(_) => ("image", ""),
            None => ("prompt", "&nologo=true&private=true"),
        };
        let seed = request.seed >> 1;
        let query = format!("model={}&width={width}&height={height}&seed={seed}{extra}", url_segment(model));
        let start = format!("{}/{folder}/", self.base);
        let room = ADDRESS.saturating_sub(start.len() + 1 + query.len());
        format!("{start}{}?{query}", encoded(request, room))
    }
}

/// The prompt percent-encoded in at most `room` bytes: the longest cut that fits.
fn encoded(request: &Request<'_>, room: usize) -> String {
    let (mut fits, mut too_long) = (0, room + 1);
    while fits + 1 < too_long {
        let middle = usize::midpoint(fits, too_long);
        if url_segment(&request.prompt.fit(middle)).len() <= room { fits = middle } else { too_long = middle }
    }
    url_segment(&request.prompt.fit(fits))
}

fn failure(answer: &HttpResponse, key: &Secret) -> Failure {
    let error = ErrorBody::of(answer);
    if is_upstream(answer) {
        return of_upstream(answer, &error);
    }
    let class = match answer.status {
        400 if error.kind == "safety_error" => FailureClass::Refused { repeatable: true },
        400 if model_is_wrong(answer) => FailureClass::Gone,
        // A publishable key gets its allowance back every hour, a secret one only by topping up.
        402 if key.starts_with("pk_") => FailureClass::quota(from_now(Duration::from_secs(3600))),
        403 if error.code == "FORBIDDEN" => FailureClass::NotEntitled {
            what: "this model for the key, at https://enter.pollinations.ai".to_owned(),
        },
        404 => FailureClass::BadRequest,
        _ => FailureClass::by_status(answer),
    };
    error.fails(answer, class)
}

/// Whether the service's own supplier refused, whose status says nothing of the user's key or request.
fn is_upstream(answer: &HttpResponse) -> bool {
    detail(answer, "/name").is_some_and(|name| name == "UpstreamError")
}

/// The supplier's own words about an account would be taken for words about the user's.
fn of_upstream(answer: &HttpResponse, error: &ErrorBody) -> Failure {
    error.fails(answer, FailureClass::Transient).told_by("the service has trouble with its own supplier")
}

/// Whether the field errors of a 400 name the model, which comes from a closed list.
fn model_is_wrong(answer: &HttpResponse) -> bool {
    detail(answer, "/fieldErrors/model").is_some()
}

/// A part of the error's details, which stand within the error or beside it.
fn detail(answer: &HttpResponse, path: &str) -> Option<Value> {
    let body = answer.tree()?;
    ["/error/details", "/details"].iter().find_map(|at| body.pointer(&format!("{at}{path}")).cloned())
}

fn legacy_failure(answer: &HttpResponse) -> Failure {
    let error = ErrorBody::of(answer);
    if is_upstream(answer) {
        return of_upstream(answer, &error);
    }
    let queue_is_full =
        answer.tree().is_some_and(|body| body.get("x402Version").is_some()) || error.says(&["queue full"]);
    let class = match answer.status {
        402 if queue_is_full => {
            FailureClass::rate_limited(Some(answer.retry_after().unwrap_or_default().max(LEGACY_GAP)))
        }
        // Five of these block the caller's address, which others may share.
        400 | 403 if error.says(&["content is prohibited"]) => FailureClass::Refused { repeatable: false },
        401 | 403 if answer.is_page() => FailureClass::Transient,
        410 => FailureClass::Moved,
        401..=403 => FailureClass::NotEntitled { what: "a key in `POLLINATIONS_API_TOKEN`".to_owned() },
        404 => FailureClass::BadRequest,
        429 => FailureClass::rate_limited(Some(answer.retry_after().unwrap_or(LEGACY_GAP))),
        _ => FailureClass::by_status(answer),
    };
    error.fails(answer, class)
}
