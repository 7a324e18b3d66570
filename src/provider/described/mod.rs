//! Services that a YAML file describes: what is sent, how a job is waited for, where the picture is, and what an error
//! means. Those of `providers/` come with the program, others lie in the repository. Nothing in a description is
//! evaluated, and one of the repository names neither a host nor a secret: both come from the environment.
//!
//! The format is described in `docs/providers.md`.

mod ask;
mod call;
mod description;
mod folder;
mod places;
mod reading;
mod rules;
mod shape;
mod template;
mod wait;

use std::sync::Arc;

use ask::Described;
use description::ServiceDescription;
use serde_json::{Value, json};
use wait::Wait;

use super::{NotReady, Ready, SampleAnswer, Service};
use crate::env::{Env, WrongVariable};
use crate::http::Http;
pub(super) use folder::of_repository;
use reading::Files;

/// The descriptions that come with the program, in the order of the catalogue.
const OURS: [(&str, &str); 11] = [
    ("providers/openai.yml", include_str!("../../../providers/openai.yml")),
    ("providers/openai-compatible.yml", include_str!("../../../providers/openai-compatible.yml")),
    ("providers/aihorde.yml", include_str!("../../../providers/aihorde.yml")),
    ("providers/fal.yml", include_str!("../../../providers/fal.yml")),
    ("providers/replicate.yml", include_str!("../../../providers/replicate.yml")),
    ("providers/bfl.yml", include_str!("../../../providers/bfl.yml")),
    ("providers/leonardo.yml", include_str!("../../../providers/leonardo.yml")),
    ("providers/modelscope.yml", include_str!("../../../providers/modelscope.yml")),
    ("providers/webui.yml", include_str!("../../../providers/webui.yml")),
    ("providers/stability.yml", include_str!("../../../providers/stability.yml")),
    ("providers/pixazo.yml", include_str!("../../../providers/pixazo.yml")),
];

/// The services that descriptions of the program give.
pub(super) fn built_in() -> Vec<Service> {
    // A test holds that each of them is right.
    OURS.iter().filter_map(|(file, text)| service(file, text, true, &Files::new()).ok()).collect()
}

/// The service of a description.
///
/// # Errors
/// Everything that is wrong with it.
pub(super) fn service(file: &str, text: &str, is_ours: bool, files: &Files) -> Result<Service, Vec<String>> {
    let description = Arc::new(ServiceDescription::read(file, text, is_ours, files)?);
    let ServiceDescription { name, title, key, models, prices, timeout, by_default, .. } = &*description;
    let configured = Arc::clone(&description);
    let service = Service::new(name, models.clone(), move |service, env, http| {
        configure(&configured, service, env, http)
    });
    let mut secrets = service.secrets.clone();
    secrets.extend(key.names.iter().filter(|name| !service.secrets.contains(name)).cloned());
    let base = service.base_variable();
    let key_page = key.page.clone();
    let credit_page = key.top_up.clone().unwrap_or_else(|| key_page.clone());
    Ok(Service {
        title: title.clone(),
        enabled_by: description.enabled_by(&secrets[0], &base),
        key_page,
        credit_page,
        secrets,
        prices: prices.clone(),
        timeout: *timeout,
        by_default: *by_default,
        samples: vec![SampleAnswer::of("", sample(&description))],
        ..service
    })
}

/// One answer to everything that is asked of a service: the job is known and done, and there is its picture.
fn sample(description: &ServiceDescription) -> String {
    let told = description.wait.as_ref().map(Wait::of_done).unwrap_or_default();
    let picture = [("/b64_json".to_owned(), "{picture}".to_owned())];
    told.into_iter()
        .chain(picture)
        .fold(json!({}), |body, (pointer, text)| merged(body, at(&pointer, text)))
        .to_string()
}

/// The text at this place of an answer, with nothing around it.
fn at(pointer: &str, text: String) -> Value {
    let parts = pointer.rsplit('/').filter(|part| !part.is_empty());
    parts.fold(Value::String(text), |inner, part| match part {
        "0" | "*" => json!([inner]),
        name => json!({ name: inner }),
    })
}

/// Both, as far as they do not stand in the same place.
fn merged(mut one: Value, other: Value) -> Value {
    if let (Value::Object(known), Value::Object(more)) = (&mut one, other) {
        for (name, value) in more {
            let before = known.remove(&name);
            known.insert(name, before.map_or(value.clone(), |before| merged(before, value)));
        }
    }
    one
}

/// What was given for a service: nothing, half of it, or enough.
fn configure(
    description: &Arc<ServiceDescription>,
    service: &Service,
    env: &Env,
    http: &Http,
) -> Result<Option<Ready>, NotReady> {
    let (base, key) = (service.base_variable(), &service.secrets[0]);
    let given = env.secret(&service.secrets)?;
    let is_addressed = env.get(&base).is_some();
    let needs_key = !description.key.is_optional;
    let is_on = match &description.key.switch {
        Some(switch) => switched(env, switch)? || given.is_some(),
        None if description.base.is_some() && needs_key => given.is_some(),
        None => is_addressed || given.is_some(),
    };
    if !is_on {
        return Ok(None);
    }
    if !is_addressed && description.base.is_none() {
        let title = &description.title;
        return Err(NotReady::Half(format!("{title} is not used: the address is missing; set `{base}`")));
    }
    if needs_key && given.is_none() {
        let title = &description.title;
        return Err(NotReady::Half(format!("{title} is not used: the key is missing; set `{key}`")));
    }
    let base = service.base_url(env, description.base.as_deref().unwrap_or("https://images.example/v1"))?;
    let key = given.clone().or_else(|| description.key.public.clone());
    let provider = Described { http: http.clone(), base, key, description: Arc::clone(description) };
    // Who has no account cannot be charged.
    let is_free = given.is_none();
    Ok(Some(Ready { pace: description.pace, is_free, ..Ready::new(provider, given) }))
}

/// Whether a variable says `true`.
fn switched(env: &Env, name: &str) -> Result<bool, WrongVariable> {
    match env.get(name) {
        None | Some("false") => Ok(false),
        Some("true") => Ok(true),
        Some(other) => {
            Err(WrongVariable(format!("variable `{name}`: `{other}` is neither `true` nor `false`")))
        }
    }
}

#[cfg(test)]
mod tests;
