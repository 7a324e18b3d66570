//! What a free call tells of a service, before a picture is asked for. No picture is made and nothing is
//! charged; that a picture would be paid for or allowed is not proven by it.

use serde_json::Value;

use super::failure::{Failure, FailureClass};
use crate::http::HttpResponse;
use crate::text::short_line;

/// What the free call of a service told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Probe {
    /// Nothing: there is no free call, or not at this address.
    Unknown,
    /// It answers.
    Reached(FreeAnswer),
}

/// What a service that answers its free call told.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FreeAnswer {
    /// Whether the call is one that is answered to a good key only.
    pub takes_key: bool,
    /// Of the models that were asked for, those that it does not have any more.
    pub gone: Vec<String>,
    /// Image models that it has now, at most [`FreeAnswer::LISTED`]; empty where its list is not known.
    pub listed: Vec<String>,
}

impl FreeAnswer {
    /// Models that are kept of a list: enough to choose another one from.
    pub const LISTED: usize = 20;

    /// Longest name of a model in a list, in characters.
    const NAME: usize = 120;

    /// What a service told that has this list of its models.
    pub(super) fn with_list(takes_key: bool, wanted: &[String], list: &ModelList) -> Self {
        let is_gone = |model: &&String| list.is_whole && !list.has(model);
        let gone = wanted.iter().filter(is_gone).cloned().collect();
        let listed = list.models.iter().filter(|model| model.draws).filter_map(|model| model.names.first());
        let listed = listed.take(Self::LISTED).map(|name| short_line(name, Self::NAME)).collect();
        Self { takes_key, gone, listed }
    }
}

/// A list of models as a service gave it.
#[derive(Default)]
pub(super) struct ModelList {
    models: Vec<ListedModel>,
    /// Whether a model that is not in it is one that the service does not have.
    is_whole: bool,
}

/// A model under all its names, the one to write in settings first.
struct ListedModel {
    names: Vec<String>,
    draws: bool,
}

impl ModelList {
    /// The list in an answer: of texts or objects, alone or in a field. `draws` tells the image models among the
    /// objects. Empty, and then no proof of anything, where there is none.
    pub(super) fn of(answer: &HttpResponse, draws: impl Fn(&Value) -> bool) -> Self {
        let tree = answer.tree().unwrap_or_default();
        let in_field = || ["data", "models", "result"].iter().find_map(|name| tree.get(name)?.as_array());
        let entries = tree.as_array().or_else(in_field).map(Vec::as_slice).unwrap_or_default();
        let models: Vec<_> = entries.iter().filter_map(|entry| ListedModel::of(entry, &draws)).collect();
        let is_whole = !models.is_empty() && tree.get("nextPageToken").is_none();
        Self { models, is_whole }
    }

    /// Whether a model of this name is in it.
    pub(super) fn has(&self, model: &str) -> bool {
        self.models.iter().any(|listed| listed.names.iter().any(|name| name == model))
    }

    /// The same list, from whose silence nothing follows.
    pub(super) fn unproven(self) -> Self {
        Self { is_whole: false, ..self }
    }
}

impl ListedModel {
    fn of(entry: &Value, draws: impl Fn(&Value) -> bool) -> Option<Self> {
        if let Value::String(name) = entry {
            return Some(Self { names: vec![name.clone()], draws: true });
        }
        let named = ["name", "id"].iter().filter_map(|field| entry.get(field)?.as_str());
        // A title for people has blanks, an id has none.
        let named = named.filter(|name| !name.contains(' '));
        let aliases = entry.get("aliases").and_then(Value::as_array).into_iter().flatten();
        let names = named.chain(aliases.filter_map(Value::as_str));
        let names: Vec<_> =
            names.map(|name| name.strip_prefix("models/").unwrap_or(name).to_owned()).collect();
        (!names.is_empty()).then(|| Self { names, draws: draws(entry) })
    }
}

/// What a success of a free call must be at the least: a page means that something else answers at this address.
///
/// # Errors
/// `Moved` for a page.
pub(super) fn no_page(answer: &HttpResponse) -> Result<(), Failure> {
    if answer.is_page() {
        let message = "its free call gave a page instead of data";
        return Err(Failure::answered(answer, FailureClass::Moved, message));
    }
    Ok(())
}

/// What a failed free call told: an address that does not know the call tells nothing of the service.
///
/// # Errors
/// The failure otherwise.
pub(super) fn without_success(answer: &HttpResponse, failure: Failure) -> Result<Probe, Failure> {
    if matches!(answer.status, 404 | 405 | 501) { Ok(Probe::Unknown) } else { Err(failure) }
}
