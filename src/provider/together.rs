//! Together AI.
//!
//! Prepaid only, and its serverless list changes often: a model that left it answers 400 with the
//! code `model_not_available`, which is "gone" and not a malformed request.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;

use super::failure::Failure;
use super::protocol::openai_images::{body, failure};
use super::{BoxFuture, Configuration, Entry, Pace, Provider, Request, Variables, picture};
use crate::http::{Http, HttpRequest};
use crate::secret::Secret;

/// The catalogue line.
pub const ENTRY: Entry = Entry {
    name: "together",
    title: "Together AI",
    enabled_by: "`TOGETHER_API_TOKEN` (or `TOGETHER_API_KEY`)",
    key_page: "https://api.together.ai/settings/api-keys",
    credit_page: "https://api.together.ai/settings/billing",
    secrets: &["TOGETHER_API_TOKEN", "TOGETHER_API_KEY"],
    model_variables: &["TOGETHER_IMAGE_MODEL"],
    models: &["black-forest-labs/FLUX.2-dev"],
    timeout: Duration::from_secs(60),
    configure,
};

struct Together {
    http: Http,
    base: String,
    key: Secret,
}

fn configure(variables: &Variables<'_>, http: &Http) -> Configuration {
    match build(variables, http) {
        Ok(configuration) | Err(configuration) => configuration,
    }
}

fn build(variables: &Variables<'_>, http: &Http) -> Result<Configuration, Configuration> {
    let Some(key) = variables.secret(ENTRY.secrets)? else {
        return Ok(Configuration::Off);
    };
    let base = variables.base_url("TOGETHER_BASE_URL", "https://api.together.ai/v1")?;
    let secrets = vec![key.clone()];
    let provider = Box::new(Together { http: http.clone(), base, key });
    Ok(Configuration::Ready { provider, secrets, pace: Pace::FREE })
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
}
