//! Hugging Face through its router.
//!
//! Hugging Face itself serves next to no image model any more; the router passes requests on to
//! inference providers, each with its own path, body and model id. A model of ours is the id on the
//! Hub. The Hub says once per run who serves it; who answers that it does not is left out for the
//! rest of the run, and the next one is asked within the same attempt.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;
use tokio::sync::OnceCell;

use super::error_body::ErrorBody;
use super::failure::{Failure, FailureClass};
use super::probe::{FreeAnswer, ModelList, Probe, no_page, without_success};
use super::service::names;
use super::{
    BoxFuture, Models, NotReady, PriceList, Provider, Ready, Request, SampleAnswer, Service, base_url,
};
use crate::env::Env;
use crate::fault::lock;
use crate::http::{Http, HttpRequest, path};
use crate::secret::Secret;
use route::{InferenceProvider, Route, guess, live_routes};

mod ask;
mod error;
mod route;

/// The catalogue line.
pub(super) fn service() -> Service {
    let models =
        Models::new("black-forest-labs/FLUX.1-schnell", ["stabilityai/stable-diffusion-3-medium-diffusers"]);
    Service {
        title: "Hugging Face".into(),
        enabled_by: "`HUGGINGFACE_API_TOKEN` (or `HF_TOKEN`)".into(),
        key_page: "https://huggingface.co/settings/tokens".into(),
        credit_page: "https://huggingface.co/settings/tokens".into(),
        secrets: names(["HUGGINGFACE_API_TOKEN", "HF_TOKEN", "HUGGINGFACE_API_KEY"]),
        // The prices are those of whichever inference provider draws, and not known for the first of them.
        prices: PriceList::default().beyond("$0.10 of credit a month on a free account"),
        timeout: Duration::from_secs(90),
        addresses: names(["HUGGINGFACE_BASE_URL", "HUGGINGFACE_HUB_URL"]),
        looks_up: Some("Hugging Face Hub".into()),
        samples: vec![
            SampleAnswer::of(
                "/api/models/",
                r#"{"inferenceProviderMapping":{"nscale":{"status":"live","providerId":"simulated","task":"text-to-image"}}}"#,
            ),
            SampleAnswer::of("", r#"{"data":[{"b64_json":"{picture}"}]}"#),
        ],
        ..Service::new("huggingface", models, configure)
    }
}

/// Longest wait for the Hub to say who serves a model; without an answer the usual ones are tried.
const LOOK_UP: Duration = Duration::from_secs(10);

struct HuggingFace {
    http: Http,
    base: String,
    hub: String,
    token: Secret,
    routes: Mutex<HashMap<String, Arc<OnceCell<Vec<Route>>>>>,
}

fn configure(service: &Service, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
    let Some(token) = env.secret(&service.secrets)? else {
        return Ok(None);
    };
    let base = service.base_url(env, "https://router.huggingface.co")?;
    let hub = base_url(env, "HUGGINGFACE_HUB_URL", "https://huggingface.co")?;
    let key = token.clone();
    let provider = HuggingFace { http: http.clone(), base, hub, token, routes: Mutex::default() };
    Ok(Some(Ready::new(provider, [key])))
}

impl Provider for HuggingFace {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let cell = self.cell(request.model);
            match cell.get_or_try_init(|| self.look_up(request.model)).await {
                Ok(routes) => self.first_live(routes, request).await,
                // The Hub did not say. If the guess finds nobody either, that is no proof that the
                // model is gone: the trouble of the look-up is then the reason.
                Err(doubt) => match self.first_live(&guess(request.model), request).await {
                    Err(failure) if failure.class == FailureClass::Gone => Err(doubt),
                    result => result,
                },
            }
        })
    }

    // The token is shown to the Hub, whose token it is; the router has no free call for pictures.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        Box::pin(async move {
            let call = HttpRequest::get(format!("{}/api/whoami-v2", self.hub)).bearer(&self.token);
            let answer = self.http.send(call).await?;
            if !answer.is_success() {
                return without_success(&answer, error::failure(&answer));
            }
            no_page(&answer)?;
            if answer.tree().is_some_and(|whoami| lacks_permission(&whoami)) {
                let class = error::no_permission();
                return Err(Failure::answered(&answer, class, "the token is good and lacks the permission"));
            }
            let mut gone = Vec::new();
            for model in models {
                let is_gone = match self.look_up(model).await {
                    Ok(routes) => routes.is_empty(),
                    Err(failure) => failure.class == FailureClass::Gone,
                };
                gone.extend(is_gone.then(|| model.clone()));
            }
            let listed = if gone.is_empty() { Vec::new() } else { self.served().await };
            Ok(Probe::Reached(FreeAnswer { takes_key: true, gone, listed }))
        })
    }
}

/// Whether a token of chosen permissions lacks the one for pictures; nothing is known of those without a list.
fn lacks_permission(whoami: &Value) -> bool {
    let Some(chosen) = whoami.pointer("/auth/accessToken/fineGrained") else { return false };
    !chosen.to_string().contains("inference.serverless.write")
}

impl HuggingFace {
    /// The place for a model's routes; concurrent posts share one look-up.
    fn cell(&self, model: &str) -> Arc<OnceCell<Vec<Route>>> {
        let mut routes = lock(&self.routes);
        Arc::clone(routes.entry(model.to_owned()).or_default())
    }

    /// Models that the inference providers serve now, as far as the Hub says.
    async fn served(&self) -> Vec<String> {
        let providers = InferenceProvider::ALL.map(|(_, name)| name).join(",");
        let filter = format!("inference_provider={providers}&pipeline_tag=text-to-image");
        let url = format!("{}/api/models?{filter}&limit={}", self.hub, FreeAnswer::LISTED);
        match self.http.send(HttpRequest::get(url)).await {
            Ok(answer) if answer.is_success() => {
                FreeAnswer::with_list(true, &[], &ModelList::of(&answer, |_| true)).listed
            }
            _ => Vec::new(),
        }
    }

    /// Asks the Hub who serves the model. Public, so the token stays here.
    async fn look_up(&self, model: &str) -> Result<Vec<Route>, Failure> {
        let url = format!("{}/api/models/{}?expand[]=inferenceProviderMapping", self.hub, path(model));
        let answer = tokio::time::timeout(LOOK_UP, self.http.send(HttpRequest::get(url)))
            .await
            .map_err(|_| Failure::new(FailureClass::Transient, "timed out"))
            // What is wrong with the Hub is not wrong with the router.
            .and_then(|sent| sent.map_err(|error| Failure::new(FailureClass::Transient, error.to_string())))
            .and_then(|answer| match answer.status {
                200..=299 => Ok(answer),
                // Without a token the Hub answers 401 for a repository that is not there.
                401 | 403 | 404 | 410 => Err(ErrorBody::of(&answer).fails(&answer, FailureClass::Gone)),
                _ => Err(ErrorBody::of(&answer).fails(&answer, FailureClass::Transient)),
            })
            .map_err(|failure| failure.told_by("asking the Hub who serves the model"))?;
        let mapping =
            answer.tree().and_then(|mut body| Some(body.get_mut("inferenceProviderMapping")?.take()));
        mapping.as_ref().and_then(live_routes).ok_or_else(|| {
            Failure::answered(
                &answer,
                FailureClass::Transient,
                "the Hub does not say who serves the model: no `inferenceProviderMapping`",
            )
        })
    }

    /// The picture of the first route that delivers. What is wrong with one of them is no reason not to ask
    /// the next; what is about the token or the prompt is.
    async fn first_live(&self, routes: &[Route], request: &Request<'_>) -> Result<Bytes, Failure> {
        let known = InferenceProvider::ALL.map(|(_, name)| name).join(", ");
        let mut gone = Failure::new(FailureClass::Gone, format!("none of {known} serves the model now"));
        let mut trouble = None;
        for route in routes.iter().filter(|route| !route.gone.load(Ordering::Relaxed)) {
            match self.ask(route, request).await.map_err(|failure| failure.told_by(route.service.name())) {
                Err(failure) => match failure.class {
                    FailureClass::Gone => {
                        route.gone.store(true, Ordering::Relaxed);
                        gone = failure;
                    }
                    FailureClass::Transient
                    | FailureClass::Warming { .. }
                    | FailureClass::RateLimited { .. }
                    | FailureClass::BadRequest
                    | FailureClass::Unusable => trouble = trouble.or(Some(failure)),
                    FailureClass::QuotaExhausted { .. }
                    | FailureClass::OutOfCredit
                    | FailureClass::CredentialsRejected
                    | FailureClass::AccountRejected { .. }
                    | FailureClass::NotEntitled { .. }
                    | FailureClass::Moved
                    | FailureClass::Refused { .. } => return Err(failure),
                },
                picture => return picture,
            }
        }
        Err(trouble.unwrap_or(gone))
    }
}
