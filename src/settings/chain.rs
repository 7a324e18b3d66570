//! Which providers take part: credentials from the environment, order from the settings.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use sha2::{Digest as _, Sha256};

use super::budget::{self, PriceGate};
use super::file;
use super::inputs::{self, Input};
use super::suggest::meant;
use super::values::{Values, list, one_of};
use crate::chain::{Link, LinkReport, LinkState};
use crate::env::Env;
use crate::health::Fingerprints;
use crate::http::Http;
use crate::provider::{Catalogue, Dollars, Models, NotReady, ProviderName, Service};
use crate::secret::Secret;

/// The word in `providers` that stands for the local title card.
pub(super) const CARD: &str = "card";
/// The word that leaves a post for a person, as every chain does that ends in nothing else.
pub(super) const MANUAL: &str = "manual";
/// What the order may end in besides a service.
const LAST_WORDS: [&str; 2] = [CARD, MANUAL];

/// Why a service takes no part that could be asked, but for the budget.
const UNPRICED: &str = "the price of its models is not known, and input `budget` is set";

/// The chain as the settings describe it.
#[derive(Default)]
pub struct ChainSettings {
    /// The providers that take part, in the order they are asked.
    pub links: Vec<Link>,
    /// How many of the first links are the one-run override.
    pub overridden: usize,
    /// `card` is in the order: it ends the chain.
    pub card: bool,
    /// `manual` is in the order: a person ends the chain.
    pub manual: bool,
    /// No provider is asked: only the program itself draws, which is title cards.
    pub cards_only: bool,
    /// Input `providers` names `card` and nothing else.
    pub only_card: bool,
    /// Most that the pictures of a run may cost together.
    pub budget: Option<Dollars>,
    /// Known providers that take no part, with the reason in `cure`.
    pub absent: Vec<LinkReport>,
    /// The secrets of each provider that takes part.
    credentials: BTreeMap<ProviderName, Vec<Secret>>,
}

impl ChainSettings {
    /// A chain in which no provider is asked.
    pub(super) fn of_nobody() -> Self {
        Self { card: true, ..Self::default() }
    }

    /// The same for one of so many jobs that ask the same services at the same time.
    pub(super) fn share_with(&mut self, jobs: u32) {
        let links = std::mem::take(&mut self.links);
        self.links = links.into_iter().map(|link| link.shared_by(jobs)).collect();
    }

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
        self.credentials.iter().map(|(name, secrets)| (name.clone(), fingerprint(secrets))).collect()
    }
}

/// Reads credentials and models of every known provider and puts those that can be asked in order. `models` are
/// those that the settings file lists by provider.
pub(super) fn parse(
    values: &mut Values<'_>,
    env: &Env,
    catalogue: &Catalogue,
    http: &Http,
    models: BTreeMap<String, String>,
) -> ChainSettings {
    let problems_before = values.problems.len();
    let explicit = values.text(&inputs::PROVIDERS).is_some();
    let known: Vec<&str> = catalogue.names().collect();
    let listed = models.into_iter().map(|(name, models)| (name, list(&models))).collect();
    let mut ladders = Ladders { listed, ..Ladders::default() };
    ladders.listed.keys().filter(|name| !known.contains(&name.as_str())).for_each(|name| {
        let source = format!("{}: `{}`", file::PATH, file::MODELS);
        values.problems.push(unknown(&source, name, &known));
    });
    let words = [known.as_slice(), &LAST_WORDS].concat();
    let names = names(values, &inputs::PROVIDERS, &words, &mut ladders.named);
    last_word(values, &names);
    let usual = catalogue.iter().filter(|service| service.by_default);
    let order = if explicit { names } else { usual.map(|service| service.name.to_string()).collect() };
    let mut overriding = BTreeMap::new();
    let first = self::names(values, &inputs::PROVIDER_OVERRIDE, &known, &mut overriding);
    ladders.named.extend(overriding);
    let timeout = timeout(values);
    let budget = budget::parse(values);
    let mut gate = PriceGate { shut: budget.is_some(), left_out: Vec::new() };
    let mut settings = ChainSettings {
        budget,
        card: order.iter().any(|name| name == CARD),
        manual: order.iter().any(|name| name == MANUAL),
        only_card: order == [CARD] && first.is_empty(),
        ..ChainSettings::default()
    };
    let mut ready = Vec::new();
    let mut halves = Vec::new();
    for service in catalogue.iter() {
        let wanted = order.iter().chain(&first).any(|name| **name == *service.name);
        let absent = match link(service, env, http, timeout, &ladders) {
            Ok(Some((link, credentials))) if wanted => match gate.pass(link) {
                Some(link) => {
                    settings.credentials.insert(service.name.clone(), credentials);
                    ready.push(link);
                    continue;
                }
                None => UNPRICED.to_owned(),
            },
            Ok(Some(_)) if explicit => "configured, but input `providers` leaves it out".to_owned(),
            Ok(Some(_)) => "configured, but asked only where input `providers` names it".to_owned(),
            // What nobody wants and nobody gave anything for is not worth a line.
            Ok(None) if !wanted && !service.by_default => continue,
            Ok(None) => format!("set {}", service.enabled_by),
            Err(NotReady::Half(warning)) => {
                // Of a service that nobody named it is worth a line and no warning.
                halves.extend((wanted || service.by_default).then(|| warning.clone()));
                warning
            }
            Err(NotReady::Wrong(problem)) if wanted => {
                values.problems.push(problem.to_string());
                continue;
            }
            Err(NotReady::Wrong(problem)) => problem.to_string(),
        };
        settings.absent.push(not_configured(service, absent));
    }

    for name in first.iter().chain(&order) {
        if let Some(at) = ready.iter().position(|link| **link.name() == **name) {
            settings.links.push(ready.remove(at));
            settings.overridden += usize::from(first.contains(name));
        }
    }
    for name in &first {
        if !settings.links.iter().any(|link| **link.name() == **name) {
            let how = catalogue.get(name).map_or("", |service| &service.enabled_by);
            let is_unpriced =
                |link: &LinkReport| link.name == *name && link.cure.as_deref() == Some(UNPRICED);
            let why = match settings.absent.iter().any(is_unpriced) {
                true => format!("cannot be asked: {UNPRICED}"),
                false => format!("is not configured; set {how}"),
            };
            let source = values.source(&inputs::PROVIDER_OVERRIDE);
            values.problems.push(format!("{source}: `{name}` {why}"));
        }
    }
    let alone = settings.links.is_empty() && !settings.card;
    gate.tell(values, alone);
    // Nobody sees what is drawn there before it is published.
    let unattended = env.in_actions() || env.get("CI") == Some("true");
    // A name or credential that is wrong is what keeps the chain empty, and is reported above.
    // On a laptop no provider at all means title cards, unless one was asked for.
    if alone && (unattended || explicit || !halves.is_empty()) && values.problems.len() == problems_before {
        // In a workflow the list of what would enable each stands beside the missing half.
        let halves = if unattended { Vec::new() } else { std::mem::take(&mut halves) };
        values.problems.push(nobody(catalogue, &halves));
    }
    values.warnings.extend(halves);
    settings
}

/// The service as a link of the chain, with its credentials, if it can be asked.
fn link(
    service: &Arc<Service>,
    env: &Env,
    http: &Http,
    timeout: Option<Duration>,
    ladders: &Ladders,
) -> Result<Option<(Link, Vec<Secret>)>, NotReady> {
    let Some(mut ready) = service.configure(env, http)? else { return Ok(None) };
    let models = ladders.of(service, env)?;
    let credentials = std::mem::take(&mut ready.credentials);
    let link = Link::new(service, ready, models, timeout.unwrap_or(service.timeout));
    Ok(Some(match service.secret_in_use(env) {
        Some(variable) => (link.with_secret(variable), credentials),
        None => (link, credentials),
    }))
}

/// Models as users name them.
#[derive(Default)]
struct Ladders {
    /// By provider, of items `provider/model` in the order of asking.
    named: BTreeMap<String, Vec<String>>,
    /// By provider, of the settings file.
    listed: BTreeMap<String, Vec<String>>,
}

impl Ladders {
    /// The ladder of a service: what the order names goes before the variable, that before the settings file, and
    /// all before the default.
    fn of(&self, service: &Service, env: &Env) -> Result<Models, NotReady> {
        let of = |ladders: &BTreeMap<String, Vec<String>>| {
            ladders.get(&*service.name).cloned().and_then(Models::of)
        };
        let usual = of(&self.listed).unwrap_or_else(|| service.models.clone());
        let given = usual.given(env, &service.model_variables)?;
        Ok(of(&self.named).unwrap_or(given))
    }
}

/// Input `timeout`, if it is given.
fn timeout(values: &mut Values<'_>) -> Option<Duration> {
    let timeout = values.given_duration(&inputs::TIMEOUT)?;
    if timeout.is_zero() {
        values
            .problems
            .push(format!("{}: `0` leaves no time for an answer", values.source(&inputs::TIMEOUT)));
    }
    Some(timeout)
}

/// What an order of providers may not end in.
fn last_word(values: &mut Values<'_>, order: &[String]) {
    let source = values.source(&inputs::PROVIDERS);
    let [card, manual] = LAST_WORDS.map(|word| order.iter().any(|name| name == word));
    if card && manual {
        values
            .problems
            .push(format!("{source}: `{CARD}` and `{MANUAL}` both end the chain; take one of them out"));
    } else if order == [MANUAL] {
        values
            .problems
            .push(format!("{source}: `{MANUAL}` alone asks nobody; name a service in front of it"));
    }
}

/// The names in a list, each of them known; `provider/model` adds to the models that are asked.
fn names(
    values: &mut Values<'_>,
    input: &Input,
    known: &[&str],
    models: &mut BTreeMap<String, Vec<String>>,
) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for item in values.text(input).map(list).unwrap_or_default() {
        let (name, model) =
            item.split_once('/').map_or((item.as_str(), None), |(name, model)| (name, Some(model)));
        let name = name.trim().to_ascii_lowercase();
        let source = values.source(input);
        if !known.contains(&name.as_str()) {
            values.problems.push(unknown(&source, &name, known));
            continue;
        }
        match model.map(str::trim) {
            Some("") => values.problems.push(format!("{source}: `{item}` names no model behind the `/`")),
            Some(_) if LAST_WORDS.contains(&name.as_str()) => {
                values.problems.push(format!("{source}: `{item}` names a model, and `{name}` has none"));
            }
            Some(model) => models.entry(name.clone()).or_default().push(model.to_owned()),
            None => {}
        }
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// A name that no provider has.
fn unknown(source: &str, name: &str, known: &[&str]) -> String {
    let words: Vec<_> = known.iter().map(|name| format!("`{name}`")).collect();
    let meant = meant(name, known.iter().copied()).unwrap_or_default();
    format!("{source}: `{name}` is unknown; choose from {}{meant}", one_of(&words))
}

fn not_configured(service: &Service, why: String) -> LinkReport {
    LinkReport {
        name: service.name.to_string(),
        title: service.title.clone(),
        models: Vec::new(),
        allowance: None,
        configured: false,
        state: LinkState::NotConfigured,
        attempts: 0,
        delivered: 0,
        last_error: None,
        out_until: None,
        past: None,
        cure: Some(why),
        probe: None,
    }
}

/// The problem of a run that asks for a provider and has none.
fn nobody(catalogue: &Catalogue, halves: &[String]) -> String {
    if !halves.is_empty() {
        // Who has gone half the way needs no list of the others.
        return format!(
            "no image provider is configured: {}; or set input `providers` to `card` for title cards only",
            halves.join("; ")
        );
    }
    let ways: Vec<_> = catalogue
        .iter()
        .filter(|service| service.by_default)
        .map(|service| format!("{}: set {}", service.name, service.enabled_by))
        .collect();
    format!(
        "no image provider is configured; set the secrets of at least one, in a workflow by the step's `env:` ({}), \
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
        parse(
            &mut Values::new(&env, BTreeMap::new()),
            &env,
            &Catalogue::built_in(),
            &Http::default(),
            BTreeMap::new(),
        )
    }

    // B-01
    #[test]
    fn without_an_order_the_usual_services_are_asked_in_that_of_the_catalogue() {
        let catalogue = Catalogue::built_in();
        let keys: Vec<_> = catalogue.iter().flat_map(|service| service.secrets.clone()).collect();
        let account = ("CLOUDFLARE_ACCOUNT_ID", "0123456789abcdef0123456789abcdef");
        let keys = keys.iter().map(|key| (key.as_str(), "key-0123456789"));
        let env = Env::of(keys.chain([account]));
        let mut values = Values::new(&env, BTreeMap::new());
        let settings = parse(&mut values, &env, &catalogue, &Http::default(), BTreeMap::new());
        let asked: Vec<_> = settings.links.iter().map(|link| &**link.name()).collect();
        let usual = catalogue.iter().filter(|service| service.by_default);
        assert_eq!(asked, usual.map(|service| &*service.name).collect::<Vec<_>>(), "{:?}", values.problems);
        let others: Vec<_> = settings.absent.iter().map(|link| link.cure.as_deref().unwrap_or("")).collect();
        let is_told = |why: &&str| why.contains("names it") || why.contains("address is missing");
        assert!(others.iter().all(is_told) && values.warnings.is_empty(), "{others:?}");
    }

    #[test]
    fn a_fingerprint_changes_with_secret_and_salt_and_shows_neither() {
        let first = settings("secret-one").fingerprints("salt");
        assert_eq!(first.keys().map(|name| &**name).collect::<Vec<_>>(), ["pollinations", "together"]);
        assert_eq!(first, settings("secret-one").fingerprints("salt"));
        assert_ne!(first["together"], settings("secret-two").fingerprints("salt")["together"]);
        assert_ne!(first["together"], settings("secret-one").fingerprints("other")["together"]);
        assert_eq!(first["together"].len(), 8);
    }

    #[test]
    fn models_come_from_the_order_then_the_variable_then_the_file_then_the_default() {
        let file = || BTreeMap::from([("together".to_owned(), "file/a, file/b".to_owned())]);
        let ladder = |order: &str, variable: &str, file: BTreeMap<String, String>| {
            let env = Env::of([
                ("TOGETHER_API_TOKEN", "key-0123456789"),
                ("TOGETHER_IMAGE_MODEL", variable),
                ("INPUT_PROVIDERS", order),
            ]);
            let mut values = Values::new(&env, BTreeMap::new());
            let settings = parse(&mut values, &env, &Catalogue::built_in(), &Http::default(), file);
            assert_eq!(values.problems, Vec::<String>::new());
            settings.links[0].report().models
        };
        let order = "together/first/one, together/second";
        assert_eq!(ladder(order, "variable", file()), ["first/one", "second"]);
        assert_eq!(ladder("together", "variable", file()), ["variable"]);
        assert_eq!(ladder("together", "", file()), ["file/a", "file/b"]);
        assert!(ladder("together", "", BTreeMap::new())[0].contains("FLUX"));
    }

    #[test]
    fn a_model_of_nobody_is_a_problem() {
        for (order, file, problem) in [
            ("together/", "together", "input `providers`: `together/` names no model behind the `/`"),
            ("card/a", "together", "input `providers`: `card/a` names a model, and `card` has none"),
            ("together", "openay", ".github/image-fallback.yml: `models`: `openay` is unknown; choose from"),
        ] {
            let env = Env::of([("TOGETHER_API_TOKEN", "key-0123456789"), ("INPUT_PROVIDERS", order)]);
            let mut values = Values::new(&env, BTreeMap::new());
            let file = BTreeMap::from([(file.to_owned(), "a".to_owned())]);
            parse(&mut values, &env, &Catalogue::built_in(), &Http::default(), file);
            assert!(values.problems.iter().any(|told| told.starts_with(problem)), "{:?}", values.problems);
        }
    }

    #[test]
    fn a_variable_that_names_no_model_is_a_problem_that_names_it() {
        let env = Env::of([("TOGETHER_API_TOKEN", "key-0123456789"), ("TOGETHER_IMAGE_MODEL", ",")]);
        let mut values = Values::new(&env, BTreeMap::new());
        parse(&mut values, &env, &Catalogue::built_in(), &Http::default(), BTreeMap::new());
        let [problem] = values.problems.as_slice() else { panic!("{:?}", values.problems) };
        assert!(
            problem.starts_with("variable `TOGETHER_IMAGE_MODEL`: `,` names no model; write"),
            "{problem}"
        );
    }
}
