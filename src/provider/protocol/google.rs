//! Google's generative language API, for pictures and for text: access, answer and error table.

use serde_json::Value;

use crate::env::{Env, WrongVariable};
use crate::http::{HttpRequest, path};
use crate::provider::base_url;
use crate::secret::Secret;
pub(crate) use content::Content;
pub(crate) use error::failure;

mod content;
mod error;

/// Variables of the key, first wins; the last two are what Google's and Vercel's own libraries read.
pub(crate) const SECRETS: [&str; 4] =
    ["GEMINI_API_KEY", "GEMINI", "GOOGLE_API_KEY", "GOOGLE_GENERATIVE_AI_API_KEY"];

/// Where the service is and the key for it.
pub(crate) struct Access {
    /// Base URL without a trailing slash.
    pub base: String,
    /// The API key.
    pub key: Secret,
}

impl Access {
    /// Reads the first of [`SECRETS`] and `GEMINI_BASE_URL`; `None` without a key.
    ///
    /// # Errors
    /// The settings problem of a key or address that cannot work.
    pub(crate) fn from(env: &Env) -> Result<Option<Self>, WrongVariable> {
        let Some(key) = env.secret(&SECRETS)? else {
            return Ok(None);
        };
        let base = base_url(env, "GEMINI_BASE_URL", "https://generativelanguage.googleapis.com/v1beta")?;
        Ok(Some(Self { base, key }))
    }

    /// A call of a model's method. The key travels in a header, never in the address.
    pub(crate) fn call(&self, model: &str, method: &str, body: Value) -> HttpRequest {
        let url = format!("{}/models/{}:{method}", self.base, path(model));
        HttpRequest::post_json(url, body).secret_header("x-goog-api-key", &self.key)
    }

    /// A call of the list of models: one page of it holds them all.
    pub(crate) fn list(&self) -> HttpRequest {
        HttpRequest::get(format!("{}/models?pageSize=1000", self.base))
            .secret_header("x-goog-api-key", &self.key)
    }
}
