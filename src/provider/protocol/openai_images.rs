//! `images/generations` in OpenAI's form, which several services speak.

use serde_json::{Value, json};

use crate::http::{Http, HttpRequest, HttpResponse};
use crate::provider::Request;
use crate::provider::error_body::ErrorBody;
use crate::provider::failure::{Failure, FailureClass};
use crate::provider::probe::{FreeAnswer, ModelList, Probe, no_page, without_success};

/// No limit is documented; the text encoder drops silently what exceeds some 512 tokens.
pub(crate) const PROMPT: usize = 2_000;

/// The body of a request. Steps are left to the model: their bounds differ, and outside them the answer is 400.
/// `base64` asks for the picture itself instead of a link to it.
pub(crate) fn body(model: &str, request: &Request<'_>) -> Value {
    let (width, height) = request.size(256, 1920);
    json!({
        "model": model,
        "prompt": request.prompt.fit(PROMPT),
        "width": width,
        "height": height,
        "response_format": "base64",
    })
}

/// What an error answer means.
pub(crate) fn failure(answer: &HttpResponse) -> Failure {
    let error = ErrorBody::of(answer);
    let class = match (answer.status, error.code.as_str()) {
        (400 | 404, "model_not_available" | "model_not_found") => FailureClass::Gone,
        (403, "third_party_data_sharing_blocked") => FailureClass::NotEntitled {
            what: "data sharing with third parties, in the settings of the organisation,".to_owned(),
        },
        // A prompt over the model's context is 403 as well, without a code of its own.
        (403, _) if error.says(&["context length", "context window", "token count"]) => {
            FailureClass::BadRequest
        }
        (400 | 403 | 422, "moderation_blocked" | "content_policy_violation") => {
            FailureClass::Refused { repeatable: true }
        }
        // Words count only where neither a code nor a parameter says what is wrong.
        (400 | 422, "")
            if error.parameter.is_empty() && error.says(&["nsfw", "safety", "content policy"]) =>
        {
            FailureClass::Refused { repeatable: true }
        }
        _ => FailureClass::by_status(answer),
    };
    error.fails(answer, class)
}

/// Asks for the list of models, which is free and answered to a good key only.
///
/// # Errors
/// What a refusal means.
pub(crate) async fn probe(http: &Http, call: HttpRequest, models: &[String]) -> Result<Probe, Failure> {
    let answer = http.send(call).await?;
    if !answer.is_success() {
        return without_success(&answer, failure(&answer));
    }
    no_page(&answer)?;
    let draws = |model: &Value| model.get("type").is_none_or(|kind| kind == "image");
    Ok(Probe::Reached(FreeAnswer::with_list(true, models, &ModelList::of(&answer, draws))))
}
