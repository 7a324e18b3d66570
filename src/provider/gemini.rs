//! Google Gemini, and `predict` for `imagen-*` models.
//!
//! A refusal comes as HTTP 200 with a reason, a bad key as 400, and a free account as 429 that no
//! waiting clears. Thinking models send draft pictures marked as thoughts before the real one.

use std::time::Duration;

use bytes::Bytes;
use jiff::civil::date;
use serde::Deserialize;
use serde_json::{Value, json};

use super::failure::{Failure, FailureClass};
use super::few::FirstFew;
use super::probe::{FreeAnswer, ModelList, Probe, no_page, without_success};
use super::protocol::google::{self, Access, Content, failure};
use super::service::names;
use super::{
    BoxFuture, Dollars, Models, NotReady, PriceList, Provider, Rate, Ready, Request, SampleAnswer, Service,
    picture,
};
use crate::env::Env;
use crate::http::{Http, HttpResponse};

/// The catalogue line.
pub(super) fn service() -> Service {
    let models = Models::new("gemini-3.1-flash-lite-image", ["gemini-nano-banana-2.1"]);
    // Of a picture in 1K, the size that a request without `imageSize` gets.
    let prices = [
        ("gemini-3.1-flash-lite-image", Rate::Picture(Dollars::millionths(34_000))),
        ("gemini-nano-banana-2.1", Rate::Picture(Dollars::millionths(33_600))),
        ("gemini-3-pro-image", Rate::Picture(Dollars::millionths(134_000))),
    ];
    Service {
        title: "Google Gemini".into(),
        enabled_by: "`GEMINI_API_KEY` (or `GEMINI`)".into(),
        key_page: "https://aistudio.google.com/apikey".into(),
        credit_page: "https://aistudio.google.com/apikey".into(),
        secrets: names(google::SECRETS),
        model_variables: names(["IMAGE_GEMINI_MODEL", "GEMINI_IMAGE_MODEL"]),
        prices: PriceList::read_on(date(2026, 11, 20), prices),
        timeout: Duration::from_secs(120),
        samples: vec![
            SampleAnswer::of(":predict", r#"{"predictions":[{"bytesBase64Encoded":"{picture}"}]}"#),
            SampleAnswer::of(
                "",
                r#"{"candidates":[{"content":{"parts":[{"inlineData":{"mimeType":"image/png","data":"{picture}"}}]},"finishReason":"STOP"}]}"#,
            ),
        ],
        ..Service::new("gemini", models, configure)
    }
}

/// Tens of thousands of tokens are allowed; nobody needs a picture of so many words.
const PROMPT: usize = 8_000;

/// What every image model takes as `aspectRatio`, as width over height.
const RATIOS: &[(&str, f64)] = &[
    ("1:1", 1.0),
    ("3:4", 3.0 / 4.0),
    ("4:3", 4.0 / 3.0),
    ("9:16", 9.0 / 16.0),
    ("16:9", 16.0 / 9.0),
    ("2:3", 2.0 / 3.0),
    ("3:2", 3.0 / 2.0),
    ("4:5", 4.0 / 5.0),
    ("5:4", 5.0 / 4.0),
    ("21:9", 21.0 / 9.0),
];

/// Imagen takes the first five only.
const IMAGEN_RATIOS: usize = 5;

struct Gemini {
    http: Http,
    access: Access,
}

fn configure(_: &Service, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
    let Some(access) = Access::from(env)? else { return Ok(None) };
    let key = access.key.clone();
    Ok(Some(Ready::new(Gemini { http: http.clone(), access }, [key])))
}

impl Provider for Gemini {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let prompt = request.prompt.fit(PROMPT);
            let imagen = request.model.starts_with("imagen-");
            let call = if imagen {
                let shape = nearest(&RATIOS[..IMAGEN_RATIOS], request);
                let parameters =
                    json!({"sampleCount": 1, "aspectRatio": shape, "personGeneration": "allow_adult"});
                let body = json!({"instances": [{"prompt": prompt}], "parameters": parameters});
                self.access.call(request.model, "predict", body)
            } else {
                // `imageSize` stays out: a size that a model lacks is 400.
                let config = json!({
                    "responseModalities": ["IMAGE"],
                    "imageConfig": {"aspectRatio": nearest(RATIOS, request)},
                });
                let contents = json!([{"role": "user", "parts": [{"text": prompt}]}]);
                let body = json!({"contents": contents, "generationConfig": config});
                self.access.call(request.model, "generateContent", body)
            };
            let answer = self.http.send(call).await?;
            if !answer.is_success() {
                return Err(failure(&answer));
            }
            if imagen { predicted(&answer) } else { generated(&answer) }
        })
    }

    // Whether the account may draw is not told: a free one has the models with an allowance of nothing.
    fn probe<'a>(&'a self, models: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        Box::pin(async move {
            let answer = self.http.send(self.access.list()).await?;
            if !answer.is_success() {
                return without_success(&answer, failure(&answer));
            }
            no_page(&answer)?;
            let list = ModelList::of(&answer, draws);
            Ok(Probe::Reached(FreeAnswer::with_list(true, models, &list)))
        })
    }
}

/// Whether a model of the list draws, which its name alone tells.
fn draws(model: &Value) -> bool {
    let name = model.get("name").and_then(Value::as_str).unwrap_or_default();
    ["image", "banana"].iter().any(|word| name.contains(word))
}

/// The name of the ratio nearest to the wanted shape; nearest by proportion, so logarithms.
fn nearest(ratios: &[(&'static str, f64)], request: &Request<'_>) -> &'static str {
    let wanted = f64::from(request.width.max(1)) / f64::from(request.height.max(1));
    let distance = |ratio: f64| (ratio / wanted).ln().abs();
    ratios.iter().min_by(|a, b| distance(a.1).total_cmp(&distance(b.1))).map_or("1:1", |ratio| ratio.0)
}

fn generated(answer: &HttpResponse) -> Result<Bytes, Failure> {
    let content = Content::of(answer)?;
    match content.picture() {
        Some(data) => picture::from_base64(data).map(|picture| answer.outlived_by(picture)),
        None => Err(content.refusal(answer).unwrap_or_else(|| content.nothing(answer, "picture"))),
    }
}

#[derive(Deserialize)]
struct Predictions {
    #[serde(default)]
    predictions: FirstFew<Prediction>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Prediction {
    bytes_base64_encoded: Option<String>,
    rai_filtered_reason: Option<String>,
}

/// A filtered prompt comes as an empty object, an empty list, or an entry with only a reason.
fn predicted(answer: &HttpResponse) -> Result<Bytes, Failure> {
    let Some(Predictions { predictions }) = answer.json() else {
        return Err(Failure::answered(answer, FailureClass::Unusable, "the answer is not in Imagen's form"));
    };
    let pictures = predictions.iter().filter_map(|prediction| prediction.bytes_base64_encoded.as_deref());
    if let Some(data) = pictures.into_iter().find(|data| !data.is_empty()) {
        return picture::from_base64(data).map(|picture| answer.outlived_by(picture));
    }
    let reason = predictions.iter().find_map(|prediction| prediction.rai_filtered_reason.as_deref());
    let class = FailureClass::Refused { repeatable: true };
    Err(Failure::answered(
        answer,
        class,
        format!("refused: {}", reason.unwrap_or("filtered without a reason")),
    ))
}
