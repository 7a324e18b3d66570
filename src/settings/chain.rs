//! Which providers take part: credentials from the environment, order from the settings.

use std::collections::BTreeMap;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::inputs::{self, Input};
use super::masked;
use super::values::{Values, list, one_of};
use crate::chain::{Link, LinkReport, LinkState};
use crate::env::Env;
use crate::health::Fingerprints;
use crate::http::Http;
use crate::provider::{CATALOG, Configuration, Entry, Variables};
use crate::secret::Secret;

/// The word in `providers` that stands for the local title card.
pub const CARD: &str = "card";

/// The chain as the settings describe it.
#[derive(Default)]
pub struct ChainSettings {
    /// The providers that take part, in the order they are asked.
    pub links: Vec<Link>,
    /// How many of the first links are the one-run override.
    pub overridden: usize,
    /// `card` stands in the order: it ends the chain.
    pub card: bool,
    /// Input `providers` names `card` and nobody else.
    pub only_card: bool,
    /// Known providers that take no part, with the reason in `cure`.
    pub absent: Vec<LinkReport>,
    /// Everything to mask.
    pub secrets: Vec<Secret>,
    /// The secrets of each provider that takes part.
    credentials: BTreeMap<&'static str, Vec<Secret>>,
}

impl ChainSettings {
    /// A fingerprint of each provider's secrets, so that the record can tell whether they are still the
    /// same. Salted, and far too short to test a guess against.
    pub fn fingerprints(&self, salt: &str) -> Fingerprints {
        let fingerprint = |secrets: &Vec<Secret>| {
            let mut hash = Sha256::new();
            for text in std::iter::once(salt).chain(secrets.iter().map(Secret::reveal)) {
                // The length keeps two secrets apart from one that holds both.
                hash.update(text.len().to_le_bytes());
                hash.update(text);
            }
            hash.finalize().iter().take(4).map(|byte| format!("{byte:02x}")).collect()
        };
        self.credentials.iter().map(|(name, secrets)| (*name, fingerprint(secrets))).collect()
    }
}

/// Reads credentials and models of every known provider and puts those that can be asked in order.
pub fn parse(values: &mut Values<'_>, env: &Env, http: &Http) -> ChainSettings {
    let problems_before = values.problems.len();
    let explicit = values.text(&inputs::PROVIDERS).is_some();
    let names = names(values, &inputs::PROVIDERS);
    let order = if explicit { names } else { CATALOG.iter().map(|entry| entry.name.to_owned()).collect() };
    let first = names_of_override(values);
    let timeout = values
        .text(&inputs::TIMEOUT)
        .is_some()
        .then(|| values.duration(&inputs::TIMEOUT, Duration::from_secs(60)));
    if timeout.is_some_and(|timeout| timeout.is_zero()) {
        values
            .problems
            .push(format!("{}: `0` leaves no time for an answer", values.source(&inputs::TIMEOUT)));
    }

    let lookup = |name: &str| env.get(name).map(str::to_owned);
    let variables = Variables::new(&lookup);
    let mut settings = ChainSettings {
        card: order.iter().any(|name| name == CARD),
        only_card: order == [CARD] && first.is_empty(),
        ..ChainSettings::default()
    };
    let mut ready = Vec::new();
    for entry in CATALOG {
        let wanted = order.iter().chain(&first).any(|name| name == entry.name);
        match (entry.configure)(&variables, http) {
            Configuration::Ready { provider, secrets, pace } => {
                settings.secrets.extend(secrets.iter().cloned());
                if wanted {
                    settings.credentials.insert(entry.name, secrets);
                    let models = models(entry, &variables);
                    let link = Link::new(entry, provider, models, timeout.unwrap_or(entry.timeout), pace);
                    let used = entry.secrets.iter().find(|name| variables.get(name).is_some());
                    ready.push(match used {
                        Some(variable) => link.with_secret(variable),
                        None => link,
                    });
                } else {
                    settings
                        .absent
                        .push(absent(entry, "configured, but input `providers` leaves it out".to_owned()));
                }
            }
            Configuration::Off => settings.absent.push(absent(entry, format!("set {}", entry.enabled_by))),
            Configuration::Half { warning } => {
                settings.absent.push(absent(entry, warning.clone()));
                values.warnings.push(warning);
            }
            Configuration::Wrong { problem } if wanted => values.problems.push(problem),
            Configuration::Wrong { problem } => settings.absent.push(absent(entry, problem)),
        }
    }

    for (name, secret) in variables.secrets() {
        masked::add(values, &mut settings.secrets, &name, secret);
    }

    for name in first.iter().chain(&order) {
        if let Some(at) = ready.iter().position(|link| link.name() == name) {
            settings.links.push(ready.remove(at));
            settings.overridden += usize::from(first.contains(name));
        }
    }
    for name in &first {
        if !settings.links.iter().any(|link| link.name() == name) {
            let how = crate::provider::entry(name).map_or("", |entry| entry.enabled_by);
            let source = values.source(&inputs::PROVIDER_OVERRIDE);
            values.problems.push(format!("{source}: `{name}` is not configured; set {how}"));
        }
    }
    let alone = settings.links.is_empty() && !settings.card;
    // A name or credential that is wrong is what keeps the chain empty, and is told above.
    // On a laptop nobody at all means title cards, but providers asked for by name are meant.
    if alone && (env.in_actions() || explicit) && values.problems.len() == problems_before {
        values.problems.push(nobody());
    }
    settings
}

/// Every model ladder entry may hold a path, never a way out of one.
fn models(entry: &'static Entry, variables: &Variables<'_>) -> Vec<String> {
    let given = entry.model_variables.iter().find_map(|name| variables.get(name)).map(|text| list(&text));
    given
        .filter(|models| !models.is_empty())
        .unwrap_or_else(|| entry.models.iter().map(|&model| model.to_owned()).collect())
}

fn names(values: &mut Values<'_>, input: &Input) -> Vec<String> {
    let mut known: Vec<_> = CATALOG.iter().map(|entry| entry.name.to_owned()).collect();
    known.push(CARD.to_owned());
    checked(values, input, &known)
}

fn names_of_override(values: &mut Values<'_>) -> Vec<String> {
    let known: Vec<_> = CATALOG.iter().map(|entry| entry.name.to_owned()).collect();
    checked(values, &inputs::PROVIDER_OVERRIDE, &known)
}

fn checked(values: &mut Values<'_>, input: &Input, known: &[String]) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for name in values.text(input).map(list).unwrap_or_default() {
        let name = name.to_ascii_lowercase();
        if !known.contains(&name) {
            let words: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
            let source = values.source(input);
            values.problems.push(format!("{source}: `{name}` is unknown; choose from {}", one_of(&words)));
        } else if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

fn absent(entry: &Entry, why: String) -> LinkReport {
    LinkReport {
        name: entry.name.to_owned(),
        models: Vec::new(),
        configured: false,
        state: LinkState::NotConfigured,
        attempts: 0,
        delivered: 0,
        last_error: None,
        out_until: None,
        past: None,
        cure: Some(why),
    }
}

/// The problem of a run in Actions that nobody could draw for.
fn nobody() -> String {
    let ways: Vec<_> =
        CATALOG.iter().map(|entry| format!("{}: set {}", entry.name, entry.enabled_by)).collect();
    format!(
        "no image provider is configured; give the step's `env:` the secrets of at least one ({}), \
         or set input `providers` to `card` for title cards only",
        ways.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn settings(token: &str) -> ChainSettings {
        let env = Env::of([("TOGETHER_API_TOKEN", token), ("POLLINATIONS_ENABLED", "true")]);
        parse(&mut Values::new(&env, BTreeMap::new()), &env, &Http::default())
    }

    #[test]
    fn a_fingerprint_changes_with_secret_and_salt_and_shows_neither() {
        let first = settings("secret-one").fingerprints("salt");
        assert_eq!(first.keys().copied().collect::<Vec<_>>(), ["pollinations", "together"]);
        assert_eq!(first, settings("secret-one").fingerprints("salt"));
        assert_ne!(first["together"], settings("secret-two").fingerprints("salt")["together"]);
        assert_ne!(first["together"], settings("secret-one").fingerprints("other")["together"]);
        assert_eq!(first["together"].len(), 8);
    }
}
