//! A whole description.

use std::time::Duration;

use jiff::civil::Date;

use super::call::Call;
use super::places::PicturePlace;
use super::reading::{DescriptionDraft, DraftPart, Files};
use super::rules::{Condition, ErrorRule};
use super::shape::SizeRules;
use super::template::Placeholder;
use super::wait::Wait;
use crate::provider::{Dollars, Models, Pace, PriceList, Rate};
use crate::secret::Secret;

/// The keys of a description.
pub(super) const KEYS: [&str; 17] = [
    "$schema", "name", "title", "key", "base", "default", "models", "prices", "pace", "prompt", "shape",
    "request", "wait", "picture", "refused", "errors", "probe",
];

/// What a service wants to be paid or known by.
#[derive(Debug, Clone)]
pub(super) struct KeyPart {
    /// Variables beside the usual one.
    pub(super) names: Vec<String>,
    /// Where it is made.
    pub(super) page: String,
    /// Where the account is topped up.
    pub(super) top_up: Option<String>,
    /// Whether the service is asked without one.
    pub(super) is_optional: bool,
    /// A key that everybody may use.
    pub(super) public: Option<Secret>,
    /// The variable that asks for the service without a key.
    pub(super) switch: Option<String>,
}

impl Default for KeyPart {
    /// Of a service without keys.
    fn default() -> Self {
        Self {
            names: Vec::new(),
            page: String::new(),
            top_up: None,
            is_optional: true,
            public: None,
            switch: None,
        }
    }
}

/// A description that can be followed.
#[derive(Debug)]
pub(super) struct ServiceDescription {
    pub(super) name: String,
    pub(super) title: String,
    pub(super) key: KeyPart,
    pub(super) base: Option<String>,
    pub(super) by_default: bool,
    pub(super) models: Models,
    pub(super) prices: PriceList,
    pub(super) pace: Pace,
    pub(super) timeout: Duration,
    pub(super) prompt_limit: usize,
    pub(super) prompt_in_bytes: bool,
    pub(super) shape: SizeRules,
    pub(super) requests: Vec<Call>,
    pub(super) wait: Option<Wait>,
    pub(super) pictures: Vec<PicturePlace>,
    pub(super) refused: Vec<Condition>,
    pub(super) errors: Vec<ErrorRule>,
    /// A call that costs nothing.
    pub(super) probe: Option<Call>,
    /// Whether that call is answered to a good key only.
    pub(super) probe_takes_key: bool,
}

impl ServiceDescription {
    /// Reads a description; `is_ours` for those that come with the program, `files` for what it may name.
    ///
    /// # Errors
    /// Everything that is wrong, each with file, line, key and cure.
    pub(super) fn read(file: &str, text: &str, is_ours: bool, files: &Files) -> Result<Self, Vec<String>> {
        let draft = DescriptionDraft::new(file, text);
        let description = if draft.is_unreadable() { None } else { whole(&draft.root(), is_ours, files) };
        let faults = draft.into_faults();
        match description {
            Some(description) if faults.is_empty() => Ok(description),
            _ if faults.is_empty() => Err(vec![format!("{file} describes nothing")]),
            _ => Err(faults),
        }
    }

    /// The variables that enable the service, as a sentence names them.
    pub(super) fn enabled_by(&self, key: &str, base: &str) -> String {
        let address = match self.base {
            Some(_) => String::new(),
            None => format!("`{base}`"),
        };
        let key = match (&self.key, self.base.is_some()) {
            (KeyPart { switch: Some(switch), .. }, _) => {
                format!("`{switch}=true` to go without a key, or `{key}`")
            }
            (KeyPart { is_optional: false, .. }, true) => format!("`{key}`"),
            (KeyPart { is_optional: false, .. }, false) => format!(" and `{key}`"),
            (KeyPart { page, .. }, _) if page.is_empty() => String::new(),
            (KeyPart { .. }, _) => format!(", and `{key}` where the server wants a key"),
        };
        address + &key
    }
}

fn whole(root: &DraftPart<'_>, is_ours: bool, files: &Files) -> Option<ServiceDescription> {
    root.only(&KEYS);
    let name = root.need("name", "my-images").and_then(|part| name(&part));
    for ours in ["base", "default"] {
        root.get(ours).filter(|_| !is_ours).into_iter().for_each(|part| {
            part.fault("a description of the repository names no host; take it out and set the variable `<NAME>_BASE_URL`");
        });
    }
    let models = root.need("models", "[my-model]").and_then(|part| {
        let models = Models::of(part.texts());
        if models.is_none() {
            part.fault("it names no model; write at least one");
        }
        models
    });
    let pace = root.get("pace");
    let timeout = pace.as_ref().and_then(|pace| pace.get("timeout")).and_then(|part| part.time());
    let gap = pace.as_ref().and_then(|pace| pace.get("gap")).and_then(|part| part.time());
    let in_flight = pace.as_ref().and_then(|pace| pace.get("in-flight")).and_then(|part| part.number(1..=64));
    pace.iter().for_each(|part| part.only(&["in-flight", "gap", "timeout"]));
    let prompt = root.get("prompt");
    prompt.iter().for_each(|part| part.only(&["limit", "bytes"]));
    let limit = prompt.as_ref().and_then(|part| part.get("limit")).and_then(|part| part.number(50..=100_000));
    let wait_part = root.get("wait");
    let wait = wait_part.as_ref().and_then(|part| Wait::read(part, files, is_ours));
    let pictures: Vec<_> = root
        .need("picture", "{ link: /images/0/url }")
        .map(|part| part.items().iter().filter_map(PicturePlace::read).collect())
        .unwrap_or_default();
    let lines = |key: &str| root.get(key).map(|part| part.items()).unwrap_or_default();
    let refused = lines("refused").iter().filter_map(Condition::needed).collect();
    let errors = lines("errors").iter().filter_map(ErrorRule::read).collect();
    let requests: Vec<Call> = root
        .need("request", "{ post: /images, json: { prompt: \"{{ prompt }}\" } }")
        .map(|part| part.items().iter().filter_map(|part| request(part, files)).collect())
        .unwrap_or_default();
    let probe = root.get("probe").and_then(|part| Call::read(&part, files, &["ok", "takes-key"]));
    let probe_takes_key =
        root.get("probe").and_then(|part| part.get("takes-key")).is_some_and(|part| part.truth());
    let shape = root.get("shape").map(|part| SizeRules::read(&part)).unwrap_or_default();
    let prices = root.get("prices").map(|part| prices(&part)).unwrap_or_default();
    let key = root.get("key").map(|part| key(&part, is_ours)).unwrap_or_default();
    if !key.is_optional && requests.first().is_some_and(|request| request.key_headers.is_empty()) {
        root.fault("no header of `request` holds `{{ key }}`; write one such as `headers: { Authorization: \"Bearer {{ key }}\" }`");
    }
    let is_whole = wait_part.is_none() == wait.is_none();
    let name = name.filter(|_| is_whole)?;
    Some(ServiceDescription {
        title: root.get("title").and_then(|part| part.text()).unwrap_or_else(|| name.clone()),
        name,
        key,
        base: root.get("base").filter(|_| is_ours).and_then(|part| part.text()),
        by_default: root.get("default").is_some_and(|part| part.truth()),
        models: models?,
        prices,
        pace: Pace {
            in_flight: in_flight.map_or(Pace::FREE.in_flight, |most| most as usize),
            gap: gap.unwrap_or_default(),
        },
        timeout: timeout.unwrap_or(Duration::from_secs(60)),
        prompt_limit: limit.map_or(2_000, |limit| limit as usize),
        prompt_in_bytes: prompt.and_then(|part| part.get("bytes")).is_some_and(|part| part.truth()),
        shape,
        requests,
        wait,
        pictures,
        refused,
        errors,
        probe,
        probe_takes_key,
    })
}

fn name(part: &DraftPart<'_>) -> Option<String> {
    let name = part.text()?;
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    let begins = name.starts_with(|c: char| c.is_ascii_lowercase());
    if !begins || name.len() > 40 || !name.bytes().all(allowed) {
        part.fault(format!("`{name}` is no name; write lower-case letters, digits and hyphens"));
        return None;
    }
    Some(name)
}

/// A call that makes a picture: no job has a name yet.
fn request(part: &DraftPart<'_>, files: &Files) -> Option<Call> {
    let call = Call::read(part, files, &[])?;
    if call.path_names(Placeholder::Ticket) {
        part.fault("the ticket is not known before the first answer; take it out");
    }
    Some(call)
}

fn key(part: &DraftPart<'_>, is_ours: bool) -> KeyPart {
    part.only(&["names", "page", "top-up", "optional", "public", "switch"]);
    for ours in ["names", "public", "switch"] {
        part.get(ours).filter(|_| !is_ours).into_iter().for_each(|part| {
            part.fault("a description of the repository names no secret; take it out and set the variable `<NAME>_API_TOKEN`");
        });
    }
    let text = |key: &str| part.get(key).and_then(|part| part.text());
    let public = text("public").and_then(|text| Secret::new(&text));
    KeyPart {
        names: part.get("names").map(|part| part.texts()).unwrap_or_default(),
        page: text("page").unwrap_or_default(),
        top_up: text("top-up"),
        is_optional: part.get("optional").is_some_and(|part| part.truth()) || public.is_some(),
        public,
        switch: text("switch"),
    }
}

fn prices(part: &DraftPart<'_>) -> PriceList {
    part.only(&["read", "picture", "megapixel", "free"]);
    let read = part.need("read", "2026-11-28").and_then(|part| {
        let read = part.text()?.parse::<Date>().ok();
        if read.is_none() {
            part.fault("it has to be the day on which the prices were read, such as `2026-11-28`");
        }
        read
    });
    let mut prices = Vec::new();
    let mut add = |key: &str, rate: fn(Dollars) -> Rate| {
        for (model, price) in part.get(key).map(|part| part.members()).unwrap_or_default() {
            match price.text().and_then(|text| Dollars::parse(&text)) {
                Some(dollars) => prices.push((model.to_owned(), rate(dollars))),
                None => price.fault("it has to be an amount of US dollars, such as `0.003`"),
            }
        }
    };
    add("picture", Rate::Picture);
    add("megapixel", Rate::Megapixel);
    let prices = prices.iter().map(|(model, rate)| (model.as_str(), *rate));
    let list = PriceList::read_on(read.unwrap_or_default(), prices);
    match part.get("free").and_then(|part| part.text()) {
        Some(free) => list.beyond(&free),
        None => list,
    }
}
