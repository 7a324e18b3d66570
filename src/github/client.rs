//! One authenticated client for one repository.
//!
//! octocrab brings authentication, the base address and some calls whole (`typed.rs`); what it leaves
//! out is here: no retries of its own (three more of every POST within milliseconds), a time limit on
//! every call, bounded answers, redirects followed for reading only, waits that GitHub asks for within
//! a patience, and pacing of writes. reqwest is named because only its builder turns redirects off: it would
//! repeat a redirected POST as a GET and report a success that changed nothing. It also honours
//! the proxy variables, which octocrab's own transport does not.

use std::fmt::Display;
use std::time::{Duration, Instant};

use bytes::Bytes;
use http_body_util::{BodyExt as _, Limited};
use jiff::Timestamp;
use octocrab::Octocrab;
use reqwest::Url;
use reqwest::header::{ACCEPT, CACHE_CONTROL, HeaderMap, HeaderValue, LOCATION};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::call::{ApiCall, Method, Purpose, TypedCall};
use super::error::{self, ApiError, ApiRefusal, ErrorKind, one_line};
use super::route;
use super::throttle::Throttle;
use crate::activity;
use crate::clock;
use crate::http::use_ring;
use crate::secret::{Secret, scheme_and_host};

/// Largest answer that is read, in bytes: a tree of 100,000 entries or a blob of 40 MB in base64.
const LARGEST_ANSWER: usize = 64 * 1024 * 1024;

/// Redirects followed in a row.
const REDIRECTS: usize = 3;

/// How often a call is sent that may be sent again.
pub(super) const TRIES: u32 = 3;

/// How often one call waits for a rate limit, lest a `Retry-After: 0` without end keep it busy.
const WAITS: u32 = 5;

/// What the log says of a call without a whole answer.
pub(super) const NO_ANSWER: &str = "no answer";

/// Where, as whom, and how patiently.
#[derive(Debug, Clone)]
pub struct Options {
    /// REST address, as the runner's `GITHUB_API_URL`: `https://api.github.com`, or
    /// `https://<host>/api/v3` on an enterprise server.
    pub api_url: String,
    /// GraphQL address, as the runner's `GITHUB_GRAPHQL_URL`; not below the REST address there.
    pub graphql_url: String,
    /// `owner/name`.
    pub repository: String,
    /// The token.
    pub token: Secret,
    /// Longest time for one call, from sending to the last byte of the answer.
    pub timeout: Duration,
    /// Longest time to wait in all when GitHub asks for it.
    pub patience: Duration,
    /// Pause before a call is sent again; the second one is twice as long.
    pub pause: Duration,
}

impl Options {
    /// The usual patience: 60 s for a call, 2 min of waiting in all, 1 s before a repetition.
    pub fn new(api_url: &str, graphql_url: &str, repository: &str, token: Secret) -> Self {
        Self {
            api_url: api_url.to_owned(),
            graphql_url: graphql_url.to_owned(),
            repository: repository.to_owned(),
            token,
            timeout: Duration::from_secs(60),
            patience: Duration::from_secs(120),
            pause: Duration::from_secs(1),
        }
    }
}

/// The client. Shared by reference; calls run side by side.
pub struct Client {
    rest: Octocrab,
    /// For calls whose address octocrab makes.
    typed: Octocrab,
    graphql: Octocrab,
    api: Url,
    graphql_url: Url,
    owner: String,
    /// Owner and name as they stand in an address.
    encoded: (String, String),
    repository: String,
    /// `/repos/<owner>/<name>`, encoded.
    route: String,
    throttle: Throttle,
    timeout: Duration,
    pause: Duration,
}

struct RawAnswer {
    status: u16,
    headers: HeaderMap,
    body: Bytes,
}

/// What we ask about the repository itself. Its `permissions` are not among it: they describe the
/// user, not the token, and are known to promise what the token may not do.
#[derive(Deserialize)]
struct RepositoryFacts {
    /// `owner/name` as it is today.
    full_name: String,
}

impl Client {
    /// Builds the client; nothing is sent.
    ///
    /// # Errors
    /// [`ErrorKind::Invalid`] for an address, repository name or token that no request can be
    /// built from, outside a runtime, and where the CA certificates cannot be read.
    pub fn new(options: Options) -> Result<Self, ApiError> {
        let invalid = |problem: String| ApiError {
            what: "setting up access to GitHub".into(),
            kind: ErrorKind::Invalid { problem },
        };
        let api = address(&options.api_url, "GITHUB_API_URL").map_err(invalid)?;
        let graphql_url = address(&options.graphql_url, "GITHUB_GRAPHQL_URL").map_err(invalid)?;
        let (owner, name) =
            options.repository.split_once('/').filter(|(_, name)| !name.contains('/')).ok_or_else(|| {
                invalid(format!("GITHUB_REPOSITORY is `{}`, not `owner/name`", options.repository))
            })?;
        let encoded = |text| {
            route::segment(text).map_err(|kind| ApiError { what: "reading GITHUB_REPOSITORY".into(), kind })
        };
        let encoded = (encoded(owner)?, encoded(name)?);
        let route = format!("/repos/{}/{}", encoded.0, encoded.1);
        // octocrab unwraps the header that it makes from the token.
        if !options.token.fits_a_header() {
            return Err(invalid(
                "the token holds characters no token has (a line break or a blank inside?); check input `github-token`".into(),
            ));
        }
        // octocrab spawns a worker while it is built, which panics outside a runtime.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(invalid("the client is built outside the asynchronous runtime".into()));
        }
        use_ring();
        let http = reqwest::Client::builder()
            .connect_timeout(options.timeout.min(Duration::from_secs(15)))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .map_err(|error| {
                invalid(format!(
                    "no HTTPS client: {}; the CA certificates may be missing (set SSL_CERT_FILE)",
                    deepest(&error)
                ))
            })?;
        // One for each address, because octocrab sends the token only to the host of its base.
        let door = |base: &str| {
            Octocrab::builder()
                .personal_token(options.token.reveal())
                // Without this a ref may be answered from a cache that is a minute old.
                .add_header(CACHE_CONTROL, "no-cache".to_owned())
                .base_uri(base)
                .and_then(|builder| builder.build_with_reqwest(http.clone()))
                .map_err(|error| invalid(deepest(&error)))
        };
        Ok(Self {
            rest: door(api.as_str())?,
            // octocrab joins base and route by comparing how they begin, and gets it wrong where a route
            // begins like the base does. With the dot none does; reading the address drops it.
            typed: door(&format!("{}/.", api.as_str().trim_end_matches('/')))?,
            graphql: door(graphql_url.as_str())?,
            api,
            graphql_url,
            owner: owner.to_owned(),
            encoded,
            route,
            throttle: Throttle::new(options.patience),
            timeout: options.timeout,
            pause: options.pause,
            repository: options.repository,
        })
    }

    /// `owner/name`, as given.
    pub fn repository(&self) -> &str {
        &self.repository
    }

    /// The owner's name.
    pub(super) fn owner(&self) -> &str {
        &self.owner
    }

    /// Owner and name as they stand in an address.
    pub(super) fn encoded(&self) -> (&str, &str) {
        (&self.encoded.0, &self.encoded.1)
    }

    /// octocrab for its own calls.
    pub(super) fn octocrab(&self) -> &Octocrab {
        &self.typed
    }

    /// The REST address.
    pub(super) fn api(&self) -> &Url {
        &self.api
    }

    /// Reads JSON; repeated after a pause when no answer comes, since reading changes nothing.
    pub(super) async fn read<T: DeserializeOwned>(&self, call: &ApiCall) -> Result<T, ApiError> {
        self.parsed(call, &self.read_bytes(call).await?)
    }

    /// As [`Client::read`], the bytes themselves.
    pub(super) async fn read_bytes(&self, call: &ApiCall) -> Result<Bytes, ApiError> {
        self.again(|| self.exchange(call)).await
    }

    /// As [`Client::read`], `None` where there is nothing.
    pub(super) async fn look<T: DeserializeOwned>(&self, call: &ApiCall) -> Result<Option<T>, ApiError> {
        match self.read(call).await {
            Err(ApiError { kind: ErrorKind::NotFound { .. }, .. }) => Ok(None),
            other => other.map(Some),
        }
    }

    /// Writes once. After an unclear answer the caller has to look.
    pub(super) async fn write<T: DeserializeOwned>(&self, call: &ApiCall) -> Result<T, ApiError> {
        self.parsed(call, &self.exchange(call).await?)
    }

    /// As [`Client::write_harmless`], where there may be no answer to read.
    pub(super) async fn write_unread(&self, call: &ApiCall) -> Result<(), ApiError> {
        self.again(|| self.exchange(call)).await.map(drop)
    }

    /// Writes something that changes nothing anybody sees, or that is the same done twice; so it is
    /// simply repeated after an unclear answer.
    pub(super) async fn write_harmless<T: DeserializeOwned>(&self, call: &ApiCall) -> Result<T, ApiError> {
        self.again(|| self.write(call)).await
    }

    /// Pauses before try number `tries` + 1.
    pub(super) async fn pause(&self, tries: u32) {
        tokio::time::sleep(self.pause * tries).await;
    }

    /// Tries until the answer is clear, at most [`TRIES`] times.
    pub(super) async fn again<T, F: Future<Output = Result<T, ApiError>>>(
        &self,
        call: impl Fn() -> F,
    ) -> Result<T, ApiError> {
        let mut tries = 1;
        loop {
            match call().await {
                Err(error) if error.kind.is_unclear() && tries < TRIES => {
                    tracing::debug!("{error}; trying again");
                    self.pause(tries).await;
                    tries += 1;
                }
                other => return other,
            }
        }
    }

    fn parsed<T: DeserializeOwned>(&self, call: &ApiCall, body: &[u8]) -> Result<T, ApiError> {
        serde_json::from_slice(body)
            .map_err(|error| self.failed(&call.purpose, unreadable(&call.purpose, error)))
    }

    /// An error about this call.
    pub(super) fn failed(&self, purpose: &Purpose, kind: ErrorKind) -> ApiError {
        ApiError { what: format!("{} in {}", purpose.what, self.repository), kind }
    }

    async fn exchange(&self, call: &ApiCall) -> Result<Bytes, ApiError> {
        self.paced(&call.purpose, || self.follow(call)).await
    }

    /// Sends a call when its time has come, and again after the waits that GitHub asks for.
    pub(super) async fn paced<T, F: Future<Output = Result<T, ErrorKind>>>(
        &self,
        purpose: &Purpose,
        send: impl Fn() -> F,
    ) -> Result<T, ApiError> {
        let mut waits = 0;
        loop {
            self.throttle.gate().await;
            if purpose.writes {
                self.throttle.write().await;
            }
            let asking = activity::asking("GitHub", &purpose.what);
            let answer = send().await;
            drop(asking);
            let kind = match answer {
                Ok(answer) => return Ok(answer),
                Err(ErrorKind::RateLimited { until, .. }) if waits < WAITS && self.waits(until, purpose) => {
                    waits += 1;
                    continue;
                }
                Err(ErrorKind::Redirected { to }) if purpose.writes => {
                    ErrorKind::Redirected { to: self.present_name().await.unwrap_or(to) }
                }
                Err(kind) => kind,
            };
            return Err(self.failed(purpose, kind));
        }
    }

    /// Closes the gate until then, if patience allows, and says so.
    fn waits(&self, until: Timestamp, purpose: &Purpose) -> bool {
        let wait = Duration::try_from(until.duration_since(clock::now())).unwrap_or_default();
        let patient = self.throttle.close(wait);
        if patient {
            let seconds = wait.as_secs();
            tracing::warn!(
                "GitHub's rate limit: waiting {seconds} s (until {until:.0}) before {}",
                purpose.what
            );
        }
        patient
    }

    /// The name that a renamed or moved repository has now.
    async fn present_name(&self) -> Option<String> {
        let call = ApiCall::get(String::new(), "reading the repository's new name", "contents: read");
        let body = self.follow(&call).await.ok()?;
        serde_json::from_slice::<RepositoryFacts>(&body).ok().map(|facts| facts.full_name)
    }

    /// Sends a call, following redirects within the same server where nothing is written.
    async fn follow(&self, call: &ApiCall) -> Result<Bytes, ErrorKind> {
        let mut url = self.url(call);
        for _ in 0..=REDIRECTS {
            let answer = self.send(call, &url).await?;
            match answer.status {
                200..300 => return graphql_verdict(call, answer.body),
                300..400 => {}
                status => {
                    let refusal = ApiRefusal::new(status, &answer.headers, &answer.body);
                    return Err(error::read(&refusal, &call.purpose, &self.api, clock::now()));
                }
            }
            let target = location(&answer.headers);
            let moved = ErrorKind::Redirected { to: one_line(target) };
            let target = Url::parse(&url).ok().and_then(|url| url.join(target).ok()).ok_or(moved.clone())?;
            if call.purpose.writes || target.origin() != self.api.origin() {
                return Err(moved);
            }
            url = target.into();
        }
        Err(ErrorKind::Redirected { to: url })
    }

    /// The whole address: octocrab joins a relative one with its base by comparing prefixes, and
    /// gets it wrong where a route begins like the base does.
    fn url(&self, call: &ApiCall) -> String {
        match call.method {
            Method::Graphql(_) => self.graphql_url.to_string(),
            _ => format!("{}{}{}", self.api.as_str().trim_end_matches('/'), self.route, call.route),
        }
    }

    /// Sends one request and reads its answer to the end, all within the time limit.
    async fn send(&self, call: &ApiCall, url: &str) -> Result<RawAnswer, ErrorKind> {
        let began = Instant::now();
        let accept = call.accept.map(|accept| (ACCEPT, HeaderValue::from_static(accept)));
        let exchange = async {
            let response = match &call.method {
                Method::Get => self.rest._get_with_headers(url, Some(accept.into_iter().collect())).await,
                Method::Post(body) => self.rest._post(url, Some(body)).await,
                Method::Patch(body) => self.rest._patch(url, Some(body)).await,
                Method::Graphql(body) => self.graphql._post(url, Some(body)).await,
            };
            let (parts, body) = response.map_err(|error| lost(&call.purpose, &error))?.into_parts();
            let body = Limited::new(body, LARGEST_ANSWER).collect().await;
            let body = body.map_err(|error| lost(&call.purpose, &*error))?;
            Ok(RawAnswer { status: parts.status.as_u16(), headers: parts.headers, body: body.to_bytes() })
        };
        let answer = self.in_time(&call.purpose, exchange).await;
        let status = answer.as_ref().map(|answer| answer.status.to_string());
        shown(call.method.name(), url, status.as_deref().unwrap_or(NO_ANSWER), began);
        answer
    }

    /// Tells of a call that octocrab words and reads, as of our own.
    pub(super) fn shown_typed(&self, call: &TypedCall, answer: &str, began: Instant) {
        shown(call.method, &format!("{}{}", self.route, call.route), answer, began);
    }

    /// Gives an exchange no more than the time limit.
    pub(super) async fn in_time<T>(
        &self,
        purpose: &Purpose,
        exchange: impl Future<Output = Result<T, ErrorKind>>,
    ) -> Result<T, ErrorKind> {
        tokio::time::timeout(self.timeout, exchange).await.unwrap_or_else(|_| {
            let why = format!("nothing for {} s", self.timeout.as_secs());
            Err(if purpose.writes { ErrorKind::Ambiguous { why } } else { ErrorKind::Unreachable { why } })
        })
    }
}

/// Tells whoever asked for everything which call was made, how it was answered, and how long that took. Bodies hold the
/// texts of posts, headers the token: neither is told.
fn shown(method: &str, address: &str, answer: &str, began: Instant) {
    if tracing::enabled!(tracing::Level::DEBUG) {
        let url = Url::parse(address).ok();
        let path = url.as_ref().map_or(address, Url::path);
        let query = url.as_ref().and_then(Url::query).map(|query| format!("?{query}")).unwrap_or_default();
        tracing::debug!(
            "GitHub: {method} {path}{query}: {answer} after {:.1} s",
            began.elapsed().as_secs_f64()
        );
    }
}

/// A GraphQL failure hides in a success.
fn graphql_verdict(call: &ApiCall, body: Bytes) -> Result<Bytes, ErrorKind> {
    let failure = match call.method {
        Method::Graphql(_) => serde_json::from_slice(&body)
            .ok()
            .and_then(|answer| error::read_graphql(&answer, call.purpose.needs, clock::now())),
        _ => None,
    };
    failure.map_or(Ok(body), Err)
}

/// An answer that says yes and cannot be read.
pub(super) fn unreadable(purpose: &Purpose, error: impl Display) -> ErrorKind {
    let why = format!("the answer is not what GitHub documents: {error}");
    if purpose.writes { ErrorKind::Ambiguous { why } } else { ErrorKind::Other { status: 200, message: why } }
}

/// Where a redirect leads; nothing where it does not say.
pub(super) fn location(headers: &HeaderMap) -> &str {
    headers.get(LOCATION).and_then(|value| value.to_str().ok()).unwrap_or_default()
}

/// A request without a whole answer. Only a connection that never stood rules out that a write
/// happened.
pub(super) fn lost(purpose: &Purpose, error: &(dyn std::error::Error + 'static)) -> ErrorKind {
    let why = deepest(error);
    let mut causes = std::iter::successors(Some(error), |error| error.source());
    let unsent =
        causes.any(|cause| cause.downcast_ref::<reqwest::Error>().is_some_and(reqwest::Error::is_connect));
    if purpose.writes && !unsent { ErrorKind::Ambiguous { why } } else { ErrorKind::Unreachable { why } }
}

/// The first cause of an error: octocrab prints only the name of its variant, reqwest the address.
fn deepest(error: &(dyn std::error::Error + 'static)) -> String {
    let cause = std::iter::successors(Some(error), |error| error.source()).last().unwrap_or(error);
    one_line(&cause.to_string())
}

/// Checks a base address.
fn address(text: &str, name: &str) -> Result<Url, String> {
    let problem = || {
        let shown = scheme_and_host(text.trim());
        format!(
            "{name} (`{shown}`) is not the http(s) address of an API; write it without user name, password and query"
        )
    };
    let url = Url::parse(text.trim()).map_err(|_| problem())?;
    let plain = url.query().is_none() && url.fragment().is_none() && url.username().is_empty();
    if matches!(url.scheme(), "http" | "https") && url.has_host() && plain { Ok(url) } else { Err(problem()) }
}

#[cfg(test)]
mod tests;
