//! Together AI.
//!
//! Prepaid only, and its serverless list changes often: a model that left it answers 400 with the
//! code `model_not_available`, which is "gone" and not a malformed request.

use bytes::Bytes;
use jiff::civil::date;
use serde_json::json;

use super::failure::Failure;
use super::protocol::openai_images::{body, failure, probe};
use super::service::names;
use super::{
    BoxFuture, Dollars, Models, NotReady, PriceList, Probe, Provider, Rate, Ready, Request, Service, picture,
};
use crate::env::Env;
use crate::http::{Http, HttpRequest};
use crate::secret::Secret;

/// The catalogue line.
pub(super) fn service() -> Service {
    let models = Models::new("black-forest-labs/FLUX.2-dev", ["black-forest-labs/FLUX.1.1-pro"]);
    // Unconfirmed; nothing at all is known of FLUX.2-dev.
    let prices = [("black-forest-labs/FLUX.1.1-pro", Rate::Megapixel(Dollars::millionths(40_000)))];
    Service {
        title: "Together AI".into(),
        enabled_by: "`TOGETHER_API_TOKEN` (or `TOGETHER_API_KEY`)".into(),
        key_page: "https://api.together.ai/settings/api-keys".into(),
        credit_page: "https://api.together.ai/settings/billing".into(),
        secrets: names(["TOGETHER_API_TOKEN", "TOGETHER_API_KEY", "TOGETHERAI_API_KEY"]),
        prices: PriceList::read_on(date(2026, 11, 28), prices),
        ..Service::new("together", models, configure)
    }
}

struct Together {
    http: Http,
    base: String,
    key: Secret,
}

fn configure(service: &Service, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
    let Some(key) = env.secret(&service.secrets)? else {
        return Ok(None);
    };
    let base = service.base_url(env, "https://api.together.ai/v1")?;
    let provider = Together { http: http.clone(), base, key: key.clone() };
    Ok(Some(Ready::new(provider, [key])))
}

impl Provider for Together {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let url = format!("{}/images/generations", self.base);
            let mut body = body(request.model, request);
            body["n"] = json!(1);
            body["seed"] = json!(request.seed >> 1);
            let answer = self.http.send(HttpRequest::post_json(url, body).bearer(&self.key)).await?;
            if !answer.is_success() {
                return Err(failure(&answer));
            }
            picture::of(&answer, &self.http, &self.base).await
        })
    }

    // That a model is listed does not prove that it is served without an endpoint of one's own.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        let call = HttpRequest::get(format!("{}/models", self.base)).bearer(&self.key);
        Box::pin(probe(&self.http, call, models))
    }
}
