//! Together AI.
//!
//! Prepaid only, and its serverless list changes often: a model that left it answers 400 with the
//! code `model_not_available`, which is "gone" and not a malformed request. Hugging Face routes to
//! this service too and reads the same answers.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::complaint::Complaint;
use super::failure::{Class, Failure};
use super::{BoxFuture, Configuration, Entry, Pace, Provider, Request, Variables, picture};
use crate::http::{Http, HttpRequest, HttpResponse};
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

/// No limit is documented; the text encoder drops silently what exceeds some 512 tokens.
pub(super) const PROMPT: usize = 2_000;

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
    fn name(&self) -> &'static str {
        ENTRY.name
    }

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

/// What both this service and the router's route to it take. Steps are left to the model: their
/// bounds differ, and outside them the answer is 400. `b64_json` is no value of `response_format`.
pub(super) fn body(model: &str, request: &Request<'_>) -> Value {
    let (width, height) = request.size(256, 1920);
    json!({
        "model": model,
        "prompt": request.prompt.fit(PROMPT),
        "width": width,
        "height": height,
        "response_format": "base64",
    })
}

/// What an error answer of this service means.
pub(super) fn failure(answer: &HttpResponse) -> Failure {
    let complaint = Complaint::of(answer);
    let class = match (answer.status, complaint.code.as_str()) {
        (400 | 404, "model_not_available" | "model_not_found") => Class::Gone,
        (403, "third_party_data_sharing_blocked") => Class::NotEntitled {
            what: "data sharing with third parties in Together's organisation settings".to_owned(),
        },
        // A prompt over the model's context is 403 as well, without a code of its own.
        (403, _) if complaint.says(&["context length", "context window", "token count"]) => Class::BadRequest,
        (400 | 422, _) if complaint.says(&["nsfw", "safety", "content policy"]) => {
            Class::Refused { repeatable: true }
        }
        _ => Class::by_status(answer),
    };
    complaint.fails(answer, class)
}
