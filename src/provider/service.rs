//! What the program has to know about a service before it asks it.

use std::borrow::{Borrow, Cow};
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;

use super::{Models, Pace, PriceList, Provider};
use crate::env::{Env, WrongVariable};
use crate::http::{self, Http};
use crate::secret::{Secret, scheme_and_host};

/// The name of a service in settings, logs and report: lower case, with hyphens.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ProviderName(Arc<str>);

impl From<&str> for ProviderName {
    fn from(name: &str) -> Self {
        Self(name.into())
    }
}

impl Deref for ProviderName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for ProviderName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl PartialEq<&str> for ProviderName {
    fn eq(&self, other: &&str) -> bool {
        **self == **other
    }
}

impl fmt::Display for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self)
    }
}

impl fmt::Debug for ProviderName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

/// A line of the catalogue.
pub struct Service {
    /// Its name.
    pub name: ProviderName,
    /// Name as the service writes itself.
    pub title: String,
    /// The variables that enable it, as a sentence would name them.
    pub enabled_by: String,
    /// Where to get the key.
    pub key_page: String,
    /// Where to top up an account; the page of the key where no better one is known.
    pub credit_page: String,
    /// Variables of the secret, first wins: the one in use is named when the key is refused.
    pub secrets: Vec<String>,
    /// Variables that replace the model ladder, first wins; the first is the one we name.
    pub model_variables: Vec<String>,
    /// Default ladder: exact ids that cost at most 0.04 USD a picture.
    pub models: Models,
    /// What a picture costs whoever has an account.
    pub prices: PriceList,
    /// Longest time one attempt may take; input `timeout` overrides it.
    pub timeout: Duration,
    /// Whether it takes part where input `providers` names nobody and it is configured.
    pub by_default: bool,
    /// Variables that replace the addresses it is asked at.
    pub addresses: Vec<String>,
    /// Whom else it has to ask before it can be asked for a picture, if anybody.
    pub looks_up: Option<String>,
    /// What it answers with a picture, for a drill; the first that fits the path.
    pub samples: Vec<SampleAnswer>,
    pub(super) configure: Box<Configure>,
}

type Configure = dyn Fn(&Service, &Env, &Http) -> Result<Option<Ready>, NotReady> + Send + Sync;

/// A service that can be asked.
pub struct Ready {
    /// The service.
    pub provider: Box<dyn Provider>,
    /// The secrets that it was given.
    pub credentials: Vec<Secret>,
    /// How fast it may be asked with them.
    pub pace: Pace,
    /// Whether its pictures cost nothing, because no account is charged. Said here, since nobody above knows it: the
    /// credentials are taken out before the chain is made.
    pub is_free: bool,
    /// Whether the same request once more joins the one that is still being worked on, and is charged once.
    pub joins_repeats: bool,
}

impl Ready {
    /// A service that may be asked as fast as a blog ever needs, at the prices of its list.
    pub fn new(provider: impl Provider + 'static, credentials: impl IntoIterator<Item = Secret>) -> Self {
        let credentials = credentials.into_iter().collect();
        Self {
            provider: Box::new(provider),
            credentials,
            pace: Pace::FREE,
            is_free: false,
            joins_repeats: false,
        }
    }
}

/// A success of a service, as it answers one.
#[derive(Debug, Clone)]
pub struct SampleAnswer {
    /// Part of the path and query of the requests that it answers.
    path: Cow<'static, str>,
    /// The body, in which `{picture}` stands for the base64 of the picture and `{base}` for the address of the service;
    /// [`SampleAnswer::BYTES`] for the picture's bytes.
    body: Cow<'static, str>,
}

impl SampleAnswer {
    /// A body that is the picture itself.
    pub const BYTES: &str = "";

    /// What is answered where this is part of the path.
    pub fn of(path: impl Into<Cow<'static, str>>, body: impl Into<Cow<'static, str>>) -> Self {
        Self { path: path.into(), body: body.into() }
    }

    /// Whether it is the answer to a request of this path and query.
    pub fn fits(&self, target: &str) -> bool {
        target.contains(&*self.path)
    }

    /// The body with this picture, of a service at this address.
    pub fn with(&self, picture: &Bytes, base: &str) -> Bytes {
        if self.body == Self::BYTES {
            return picture.clone();
        }
        self.body.replace("{base}", base).replace("{picture}", &STANDARD.encode(picture)).into()
    }
}

/// Why a service that something was given for cannot be asked.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// Half a credential: a warning that names the missing half.
    #[error("{0}")]
    Half(String),
    /// A value that cannot work: a settings error.
    #[error(transparent)]
    Wrong(#[from] WrongVariable),
}

impl Service {
    /// A service with the usual variables: `<NAME>_API_TOKEN` and `<NAME>_IMAGE_MODEL`. `configure` reads
    /// the variables; it gives nothing where nothing was given for the service.
    pub fn new(
        name: &str,
        models: Models,
        configure: impl Fn(&Self, &Env, &Http) -> Result<Option<Ready>, NotReady> + Send + Sync + 'static,
    ) -> Self {
        let token = variable(name, "API_TOKEN");
        Self {
            name: name.into(),
            title: name.to_owned(),
            enabled_by: format!("`{token}`"),
            key_page: String::new(),
            credit_page: String::new(),
            secrets: vec![token],
            model_variables: vec![variable(name, "IMAGE_MODEL")],
            models,
            prices: PriceList::default(),
            timeout: Duration::from_secs(60),
            by_default: true,
            addresses: vec![variable(name, "BASE_URL")],
            looks_up: None,
            samples: vec![SampleAnswer::of("", r#"{"data":[{"b64_json":"{picture}"}]}"#)],
            configure: Box::new(configure),
        }
    }

    /// Reads what was given for the service; `None` when nothing was.
    ///
    /// # Errors
    /// Why it cannot be asked although something was given.
    pub fn configure(&self, env: &Env, http: &Http) -> Result<Option<Ready>, NotReady> {
        (self.configure)(self, env, http)
    }

    /// The variable of the service that ends like this, such as `BASE_URL`: `<NAME>_BASE_URL`.
    pub fn variable(&self, end: &str) -> String {
        variable(&self.name, end)
    }

    /// The variable that replaces the address of the service.
    pub fn base_variable(&self) -> String {
        self.variable("BASE_URL")
    }

    /// The address of the service without a trailing slash: from its variable, else this one.
    ///
    /// # Errors
    /// The settings problem of a value that is not an http(s) address.
    pub fn base_url(&self, env: &Env, default: &str) -> Result<String, WrongVariable> {
        base_url(env, &self.base_variable(), default)
    }

    /// The variable that holds the secret in use.
    pub fn secret_in_use(&self, env: &Env) -> Option<&str> {
        self.secrets.iter().map(String::as_str).find(|name| env.get(name).is_some())
    }
}

fn variable(name: &str, end: &str) -> String {
    format!("{}_{end}", name.to_uppercase().replace('-', "_"))
}

/// The base URL in a variable without its trailing slash, else `default`.
///
/// # Errors
/// The settings problem of a value that is not an http(s) address.
pub(crate) fn base_url(env: &Env, variable: &str, default: &str) -> Result<String, WrongVariable> {
    let value = env.get(variable).unwrap_or(default);
    if http::is_address(value) {
        Ok(value.trim_end_matches('/').to_owned())
    } else {
        Err(WrongVariable(format!(
            "variable `{variable}`: `{}` is not a valid address; write one such as `{default}`",
            scheme_and_host(value)
        )))
    }
}

/// Owned names of variables.
pub(super) fn names<const N: usize>(names: [&str; N]) -> Vec<String> {
    names.map(str::to_owned).to_vec()
}
