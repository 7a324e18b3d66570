//! Cloudflare Workers AI.
//!
//! FLUX.2 models take multipart forms only, everything else JSON. `flux-1-schnell` has a closed
//! schema: anything beside prompt and steps is refused since August 2026, so its square is cropped
//! here. Some models answer with bytes, some with base64 in an envelope; errors always come in the
//! envelope, also under HTTP 200.

use bytes::Bytes;
use jiff::civil::date;
use serde::Deserialize;
use serde_json::json;

use super::failure::{Failure, FailureClass, next_utc_midnight};
use super::few::FirstFew;
use super::probe::{FreeAnswer, ModelList, Probe, no_page, without_success};
use super::service::names;
use super::{
    BoxFuture, ClassName, Dollars, Models, NotReady, PriceList, Provider, Rate, Ready, Request, SampleAnswer,
    Service, picture,
};
use crate::env::{Env, WrongVariable};
use crate::http::{self, Http, HttpRequest, HttpResponse};
use crate::secret::Secret;

/// The catalogue line.
pub(super) fn service() -> Service {
    let models =
        Models::new("@cf/black-forest-labs/flux-1-schnell", ["@cf/black-forest-labs/flux-2-klein-4b"]);
    Service {
        title: "Cloudflare Workers AI".into(),
        enabled_by: "`CLOUDFLARE_API_TOKEN` and `CLOUDFLARE_ACCOUNT_ID`, or `CLOUDFLARE` as `<account id>:<api token>`".into(),
        key_page: "https://dash.cloudflare.com/profile/api-tokens".into(),
        credit_page: "https://dash.cloudflare.com/profile/api-tokens".into(),
        secrets: names(["CLOUDFLARE_API_TOKEN", "CLOUDFLARE"]),
        prices: prices(),
        samples: vec![SampleAnswer::of("", r#"{"result":{"image":"{picture}"},"success":true,"errors":[]}"#)],
        ..Service::new("cloudflare", models, configure)
    }
}

/// $0.011 for 1,000 neurons. A picture of schnell is a square of four tiles (4.80 each) in four steps (9.60 each); klein
/// takes up to 130 a megapixel.
fn prices() -> PriceList {
    let prices = [
        ("@cf/black-forest-labs/flux-1-schnell", Rate::Picture(Dollars::millionths(634))),
        ("@cf/black-forest-labs/flux-2-klein-4b", Rate::Megapixel(Dollars::millionths(1_430))),
    ];
    PriceList::read_on(date(2026, 11, 20), prices).beyond("10,000 neurons a day")
}

/// The variable of the account's id.
const ACCOUNT: &str = "CLOUDFLARE_ACCOUNT_ID";

/// The end of the address of an AI Gateway, which knows the account by itself.
const GATEWAY: &str = "/workers-ai";

/// The schema allows 2048; whether it counts bytes or characters is unconfirmed, so stay below.
const PROMPT: usize = 2000;

struct Cloudflare {
    http: Http,
    base: String,
    account: String,
    token: Secret,
}

fn configure(service: &Service, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
    let short = env.get("CLOUDFLARE");
    let (short_account, short_token) = match short.map(|value| value.split_once(':')) {
        Some(Some((account, token))) => (Some(account.trim()), Some(token)),
        Some(None) => (None, short),
        None => (None, None),
    };
    // Also where the long name wins: a token that nobody needs is still nobody's to see.
    let short_token = short_token.and_then(|token| env.remember("CLOUDFLARE", token));
    let token = match (env.secret(&["CLOUDFLARE_API_TOKEN"])?, short_token) {
        (None, Some(token)) => Some(env.checked("CLOUDFLARE", token)?),
        (token, _) => token,
    };
    let account = env.get(ACCOUNT).or(short_account).filter(|account| !account.is_empty());
    let (token, account) = match (token, account) {
        (None, None) => return Ok(None),
        (Some(token), Some(account)) => (token, account.to_owned()),
        (Some(_), None) => {
            let warning = "Cloudflare is not used: the account id is missing; set `CLOUDFLARE_ACCOUNT_ID`, \
                           or `CLOUDFLARE` as `<account id>:<api token>`";
            return Err(NotReady::Half(warning.to_owned()));
        }
        (None, Some(_)) => {
            let warning = "Cloudflare is not used: the API token is missing; set `CLOUDFLARE_API_TOKEN`";
            return Err(NotReady::Half(warning.to_owned()));
        }
    };
    if !account.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_') {
        // It becomes a path segment; an id is 32 hexadecimal digits.
        let problem = "variable `CLOUDFLARE_ACCOUNT_ID` (or the part of `CLOUDFLARE` before the colon) is not a valid account \
                       id; copy the 32 hexadecimal digits from the dashboard";
        return Err(WrongVariable(problem.to_owned()).into());
    }
    let base = service.base_url(env, "https://api.cloudflare.com/client/v4")?;
    let provider = Cloudflare { http: http.clone(), base, account, token: token.clone() };
    Ok(Some(Ready::new(provider, [token])))
}

impl Provider for Cloudflare {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let model = http::path(request.model);
            let url = if self.base.ends_with(GATEWAY) {
                format!("{}/{model}", self.base)
            } else {
                format!("{}/accounts/{}/ai/run/{model}", self.base, self.account)
            };
            let prompt = request.prompt.fit(PROMPT);
            let answer = self.http.send(call(url, request, prompt).bearer(&self.token)).await?;
            read(&answer, &self.http, &self.base).await
        })
    }

    // That the token is good does not prove that it may draw.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        Box::pin(async move {
            // A gateway knows models only.
            if self.base.ends_with(GATEWAY) {
                return Ok(Probe::Unknown);
            }
            let account = format!("accounts/{}", self.account);
            let probe = match self.verify("user").await {
                // A token of the account itself is refused there.
                Err(user) if user.class.name() == ClassName::CredentialsRejected => {
                    self.verify(&account).await.map_err(|failure| match failure.class {
                        FailureClass::CredentialsRejected => user,
                        _ => failure,
                    })?
                }
                probe => probe?,
            };
            let Probe::Reached(_) = probe else { return Ok(probe) };
            self.models(&account, models).await
        })
    }
}

/// What a token is told of itself.
#[derive(Deserialize)]
struct Verified {
    result: Option<TokenState>,
}

#[derive(Deserialize)]
struct TokenState {
    status: Option<String>,
}

impl Cloudflare {
    /// Whether the token is good, asked of this owner.
    async fn verify(&self, owner: &str) -> Result<Probe, Failure> {
        let call = HttpRequest::get(format!("{}/{owner}/tokens/verify", self.base)).bearer(&self.token);
        let answer = self.http.send(call).await?;
        if let Some(failure) = refusal(&answer) {
            // Here a path that is not known has a code, and means the account.
            return if matches!(failure.class, FailureClass::Gone) {
                without_success(&answer, failure)
            } else {
                Err(failure)
            };
        }
        no_page(&answer)?;
        let state = answer.json::<Verified>().and_then(|verified| verified.result?.status);
        match state.as_deref() {
            None | Some("active") => Ok(Probe::Reached(FreeAnswer::default())),
            Some(state) => {
                let message = format!("the token is {state}");
                Err(Failure::answered(&answer, FailureClass::CredentialsRejected, message))
            }
        }
    }

    /// The models that the account can use. A token may draw and not list, so only an account that is not
    /// there is a failure.
    async fn models(&self, account: &str, wanted: &[String]) -> Result<Probe, Failure> {
        let url = format!("{}/{account}/ai/models/search?task=Text-to-Image&per_page=100", self.base);
        let list = match self.http.send(HttpRequest::get(url).bearer(&self.token)).await {
            Ok(answer) => match refusal(&answer) {
                Some(failure) if matches!(failure.class, FailureClass::AccountRejected { .. }) => {
                    return Err(failure);
                }
                Some(_) => ModelList::default(),
                None => ModelList::of(&answer, |_| true),
            },
            Err(_) => ModelList::default(),
        };
        // The form of the list is unconfirmed.
        let any = wanted.iter().any(|model| list.has(model));
        let list = if any { list } else { list.unproven() };
        Ok(Probe::Reached(FreeAnswer::with_list(true, wanted, &list)))
    }
}

/// Why an answer is none.
fn refusal(answer: &HttpResponse) -> Option<Failure> {
    match answer.json::<Envelope>() {
        Some(envelope) if !answer.is_success() || envelope.success == Some(false) => {
            Some(failure(answer, &envelope))
        }
        None if !answer.is_success() => {
            Some(Failure::answered(answer, FailureClass::by_status(answer), answer.text()))
        }
        _ => None,
    }
}

fn call(url: String, request: &Request<'_>, prompt: String) -> HttpRequest {
    let Request { model, width, height, seed, .. } = request;
    if model.contains("flux-2-") {
        // Multipart even for a bare prompt; sizes that are not a multiple of 16 are rounded down.
        let (width, height) = request.size(256, 1920);
        let fields = vec![("prompt", prompt), ("width", width.to_string()), ("height", height.to_string())];
        return HttpRequest::post_form(url, fields);
    }
    let body = if model.contains("flux-1-schnell") {
        json!({"prompt": prompt, "steps": 4})
    } else {
        json!({"prompt": prompt, "width": width, "height": height, "seed": seed})
    };
    HttpRequest::post_json(url, body)
}

#[derive(Deserialize)]
struct Envelope {
    success: Option<bool>,
    errors: Option<FirstFew<ServiceError>>,
}

#[derive(Deserialize)]
struct ServiceError {
    code: Option<i64>,
    message: Option<String>,
}

async fn read(answer: &HttpResponse, http: &Http, base: &str) -> Result<Bytes, Failure> {
    match refusal(answer) {
        Some(failure) => Err(failure),
        None => picture::of(answer, http, base).await,
    }
}

fn failure(answer: &HttpResponse, envelope: &Envelope) -> Failure {
    let Some(error) = envelope.errors.as_ref().and_then(|errors| errors.first()) else {
        return Failure::answered(answer, FailureClass::by_status(answer), answer.text());
    };
    let (code, message) = (error.code.unwrap_or_default(), error.message.as_deref().unwrap_or_default());
    let says = |word: &str| message.to_ascii_lowercase().contains(word);
    let class = match code {
        // Documented as 3036, seen as 4006; the message says "daily" and never "quota".
        4006 | 3036 => FailureClass::quota(next_utc_midnight()),
        3040 | 3007 | 3008 | 3046 | 3043 | 3050 | 9999 => FailureClass::Transient,
        3030 if says("nsfw") || says("flagged") => FailureClass::Refused { repeatable: true },
        3030 if says("not valid") => FailureClass::BadRequest,
        3030 => FailureClass::Transient,
        5006 | 5004 | 3003 | 3039 | 8002 | 3006 | 5019 | 5005 => FailureClass::BadRequest,
        // 5028 ("deprecated") is unconfirmed.
        5007 | 3042 | 5028 => FailureClass::Gone,
        5035 => FailureClass::NotEntitled { what: "the Workers Paid plan".to_owned() },
        5018 | 3041 => FailureClass::NotEntitled { what: "access to this private model".to_owned() },
        5016 => FailureClass::NotEntitled {
            what: "acceptance of the model's terms in the Cloudflare dashboard".to_owned(),
        },
        7003 | 7000 => FailureClass::AccountRejected { variable: ACCOUNT },
        10000 | 1000 | 6003 | 6111 | 3023 => FailureClass::CredentialsRejected,
        _ => FailureClass::by_status(answer),
    };
    Failure::answered(answer, class, format!("{message} (code {code})"))
}
