//! Who serves a model: the inference providers we can ask, and the Hub's list of them.

use std::sync::atomic::AtomicBool;

use serde::Deserialize;
use serde_json::Value;

/// One inference provider that serves a model, under its own id for it.
pub(super) struct Route {
    /// Whom to ask.
    pub service: InferenceProvider,
    /// What the model is called there.
    pub id: String,
    /// Set once it answered that it does not serve the model.
    pub gone: AtomicBool,
}

/// The inference providers that we can ask.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum InferenceProvider {
    /// nscale: one call, base64 back.
    Nscale,
    /// fal: a queue to poll, a link back.
    Fal,
    /// Together, in its own form.
    Together,
    /// Replicate: one call that waits, a link back.
    Replicate,
    /// WaveSpeed: a job to poll, a link back.
    Wavespeed,
    /// Z.ai: a job to poll, a link back.
    ZaiOrg,
    /// Hugging Face's own, which serves hardly any image model any more.
    HfInference,
}

impl InferenceProvider {
    /// In the order of asking; the names are the Hub's.
    pub(super) const ALL: [(Self, &str); 7] = [
        (Self::Nscale, "nscale"),
        (Self::Fal, "fal-ai"),
        (Self::Together, "together"),
        (Self::Replicate, "replicate"),
        (Self::Wavespeed, "wavespeed"),
        (Self::ZaiOrg, "zai-org"),
        (Self::HfInference, "hf-inference"),
    ];

    /// Its name at the Hub.
    pub(super) fn name(self) -> &'static str {
        Self::ALL.iter().find(|(service, _)| *service == self).map_or("", |(_, name)| name)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Mapped {
    provider: Option<String>,
    status: Option<String>,
    provider_id: String,
    task: Option<String>,
}

/// The routes of a mapping that we can go, in the order of asking; `None` when it is not a mapping. It
/// comes as an object by provider name or as a list whose entries name theirs.
pub(super) fn live_routes(mapping: &Value) -> Option<Vec<Route>> {
    let entries: Vec<(String, &Value)> = match mapping {
        Value::Object(map) => map.iter().map(|(name, entry)| (name.clone(), entry)).collect(),
        Value::Array(list) => list.iter().map(|entry| (String::new(), entry)).collect(),
        _ => return None,
    };
    let live: Vec<(String, Mapped)> = entries
        .into_iter()
        .filter_map(|(name, entry)| {
            let mapped = Mapped::deserialize(entry).ok()?;
            Some((mapped.provider.clone().unwrap_or(name), mapped))
        })
        .filter(|(_, mapped)| {
            is_id(&mapped.provider_id)
                && mapped.status.as_deref().is_none_or(|status| status == "live")
                && mapped.task.as_deref().is_none_or(|task| task == "text-to-image")
        })
        .collect();
    let route = |(service, name): (InferenceProvider, &str)| {
        let (_, mapped) = live.iter().find(|(provider, _)| provider == name)?;
        Some(Route::new(service, &mapped.provider_id))
    };
    Some(InferenceProvider::ALL.into_iter().filter_map(route).collect())
}

/// Whether a text is a model's id: names in a row, and no way out of the path that it becomes a part of.
fn is_id(text: &str) -> bool {
    let name = |part: &str| !matches!(part, "" | "." | "..");
    text.split('/').all(name) && !text.contains(|c: char| c.is_control() || c == '\\')
}

/// Where a model is likely to be when the Hub does not answer: both take the Hub's own id.
pub(super) fn guess(model: &str) -> Vec<Route> {
    vec![Route::new(InferenceProvider::Nscale, model), Route::new(InferenceProvider::HfInference, model)]
}

impl Route {
    fn new(service: InferenceProvider, id: &str) -> Self {
        Self { service, id: id.to_owned(), gone: AtomicBool::new(false) }
    }
}
