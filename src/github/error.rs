//! What GitHub's refusals mean.
//!
//! GitHub has no stable machine codes for most of them, so the words decide, compared without
//! regard to case and together with the status (`docs.github.com/rest`; the sentences are those
//! that clients of the API have met). This is the only place that reads them.

use crate::text::short_line;
use jiff::{SignedDuration, Timestamp};
use reqwest::Url;
use reqwest::header::{HeaderMap, HeaderValue};
use serde::Deserialize;
use serde_json::Value;

use super::call::Purpose;

/// A call that did not succeed: what it was for, and what the refusal means.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{what}: {kind}")]
pub struct ApiError {
    /// What was being done and where, as in "creating a blob in acme/blog".
    pub what: String,
    /// What went wrong.
    pub kind: ErrorKind,
}

/// The meaning of a failure, in words that name the cure.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ErrorKind {
    /// A setting that no request can be built from.
    #[error("{problem}")]
    Invalid {
        /// What is wrong with it, and the cure.
        problem: String,
    },
    /// 401.
    #[error(
        "GitHub does not accept the token ({message}); check input `github-token` (a job's own token ends with its job, others expire)"
    )]
    Unauthorized {
        /// GitHub's words.
        message: String,
    },
    /// 403 for lack of a permission.
    #[error(
        "the token is not allowed to ({message}); add `{needs}` to the `permissions:` of the job, or give `github-token` one that has it"
    )]
    Forbidden {
        /// The line of `permissions:`, as in `contents: write`.
        needs: &'static str,
        /// GitHub's words.
        message: String,
    },
    /// 403 of an organisation whose single sign-on the token has not passed.
    #[error(
        "the organisation asks for single sign-on (SAML), and the token has not passed it; {}, or take the job's own token", sign_on(.url.as_deref())
    )]
    SignOn {
        /// Page of GitHub's where the token's owner signs it on.
        url: Option<String>,
    },
    /// 403 of a repository that nobody may write to any more.
    #[error(
        "the repository is archived, and nothing can be written there; unarchive it under Settings > General"
    )]
    Archived,
    /// 403 of an organisation that does not know the machine.
    #[error(
        "the organisation has an IP allow list and this runner is not on it ({message}); add the runner's address under Settings > Authentication security of the organisation, or run the job on a runner that is on it"
    )]
    NotOnAllowList {
        /// GitHub's words.
        message: String,
    },
    /// 404: GitHub says so too when the token may not know that the thing exists.
    #[error(
        "GitHub says it does not exist ({message}); if it does, the token cannot see or change it: add `{needs}` to the `permissions:` of the job"
    )]
    NotFound {
        /// The line of `permissions:`.
        needs: &'static str,
        /// GitHub's words.
        message: String,
    },
    /// 409: not a single commit.
    #[error("the repository is empty; push a first commit")]
    EmptyRepository,
    /// The branch or ref is no longer where we saw it.
    #[error("the branch moved meanwhile ({message}); run again")]
    NotFastForward {
        /// GitHub's words.
        message: String,
    },
    /// The ref or pull request is there already.
    #[error("it exists already ({message}); remove it, or choose another name by input `branch`")]
    AlreadyExists {
        /// GitHub's words.
        message: String,
    },
    /// Branch protection or a ruleset.
    #[error(
        "the rules of the branch refuse it ({why}); use `publish: pull-request`, or allow this token's app or user to bypass the rule"
    )]
    Protected {
        /// GitHub's words.
        why: String,
    },
    /// The branch takes only signed commits, and this one was not.
    #[error(
        "the branch takes only commits with verified signatures; use the job's own token, an app's token or a signing commit call"
    )]
    NeedsSignatures,
    /// The setting that keeps job tokens from opening pull requests.
    #[error(
        "GitHub Actions may not open pull requests here; tick `Allow GitHub Actions to create and approve pull requests` under Settings > Actions > General (of the repository and of its organisation), or give `github-token` a token of an app or user"
    )]
    NotAllowedToOpenPullRequests,
    /// Draft pull requests are not part of the plan.
    #[error("the repository has no draft pull requests; remove input `draft`")]
    NoDrafts,
    /// 410 of a repository without issues.
    #[error(
        "the repository has no issues; tick `Issues` under Settings > General > Features, or take out input `alert-issue`"
    )]
    NoIssues,
    /// The branch holds nothing that its base lacks.
    #[error("the branch holds nothing that its base lacks; there is nothing to merge")]
    NothingToMerge,
    /// A rate limit that lasts longer than we wait.
    #[error("GitHub's {} rate limit is reached until {until}; run again after that", if *.secondary { "secondary" } else { "hourly" })]
    RateLimited {
        /// When GitHub may be asked again.
        until: Timestamp,
        /// Too fast rather than too much.
        secondary: bool,
    },
    /// GitHub does not see an object that it took a moment ago.
    #[error("GitHub does not see its own newest objects yet ({message}); run again in a minute")]
    Stale {
        /// GitHub's words.
        message: String,
    },
    /// A write that may have happened: look before repeating it.
    #[error("no clear answer ({why}), so it may or may not have happened; run again")]
    Ambiguous {
        /// What was seen.
        why: String,
    },
    /// The request did not get there, or a reading request got no answer.
    #[error("no answer ({why}); check the network, the proxy and githubstatus.com, then run again")]
    Unreachable {
        /// What was seen.
        why: String,
    },
    /// The repository has another name now. Reading follows, writing does not.
    #[error("the repository moved to {to}; use its new name (for `git remote` and checkouts too)")]
    Redirected {
        /// The new name, or else the new address.
        to: String,
    },
    /// Anything else.
    #[error("GitHub answered {status}: {message}")]
    Other {
        /// HTTP status.
        status: u16,
        /// GitHub's words.
        message: String,
    },
}

impl ErrorKind {
    /// Whether the request may have changed something although no success was reported.
    pub fn is_unclear(&self) -> bool {
        matches!(self, Self::Ambiguous { .. } | Self::Stale { .. } | Self::Unreachable { .. })
    }

    /// Whether token, repository or target are not what the call needs, so that no later try of this run
    /// fares better.
    pub fn needs_a_person(&self) -> bool {
        matches!(
            self,
            Self::Unauthorized { .. }
                | Self::Forbidden { .. }
                | Self::SignOn { .. }
                | Self::Archived
                | Self::NotOnAllowList { .. }
                | Self::NotFound { .. }
                | Self::Redirected { .. }
                | Self::EmptyRepository
        )
    }
}

/// Longest text of GitHub's that is quoted, in characters.
const QUOTED: usize = 300;

/// Signs of a refusal that waiting does not end, whatever limit its headers tell of.
const LASTING: &[&str] = &["not accessible", SAML, ARCHIVED, ALLOW_LIST];
const SAML: &str = "saml enforcement";
const ARCHIVED: &str = "was archived";
const ALLOW_LIST: &str = "ip allow list";

/// What a person does about single sign-on.
fn sign_on(url: Option<&str>) -> String {
    match url {
        // A blank ends the address for everything that makes links of text.
        Some(url) => format!("its owner authorises it at {url} (and runs this again)"),
        None => "its owner authorises it under Settings > Developer settings > Configure SSO".to_owned(),
    }
}

/// The page for signing on that the header `X-GitHub-SSO` names. Shown only when it is one of GitHub's
/// own: of github.com, or of the server whose API we ask.
fn sign_on_page(headers: &HeaderMap, api: &Url) -> Option<String> {
    const LONGEST: usize = 1_000;
    let text = headers.get("x-github-sso")?.to_str().ok()?;
    let url = text.split(';').find_map(|part| part.trim().strip_prefix("url="))?;
    let url = Url::parse(url).ok().filter(|url| url.as_str().len() <= LONGEST)?;
    let host = url.host_str()?;
    let server = api.host_str().unwrap_or_default();
    let ours = host == "github.com" || host == server || Some(host) == server.strip_prefix("api.");
    let plain = url.port().is_none() && url.username().is_empty() && url.password().is_none();
    (url.scheme() == "https" && ours && plain).then(|| url.into())
}

/// A refusal as it arrived.
pub(super) struct ApiRefusal {
    status: u16,
    headers: HeaderMap,
    /// GitHub's words.
    message: String,
}

impl ApiRefusal {
    pub(super) fn new(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        Self { status, headers: headers.clone(), message: message(status, body) }
    }

    /// As octocrab tells it: message and single errors where it could read them, else the whole body.
    pub(super) fn told(error: &octocrab::GitHubError) -> Self {
        let status = error.status_code.as_u16();
        let headers = error.headers.clone().unwrap_or_default();
        let message = match &error.errors {
            _ if error.message.starts_with(['{', '<']) => message(status, error.message.as_bytes()),
            errors => joined(error.message.clone(), errors.iter().flatten()),
        };
        Self { status, headers, message }
    }
}

/// Reads a refusal by the server at `api`.
pub(super) fn read(refusal: &ApiRefusal, purpose: &Purpose, api: &Url, now: Timestamp) -> ErrorKind {
    let ApiRefusal { status, headers, message } = refusal;
    let (status, message, needs) = (*status, message.clone(), purpose.needs);
    let words = message.to_lowercase();
    if status == 401 {
        return ErrorKind::Unauthorized { message };
    }
    let asks = |value: &HeaderValue| value.to_str().is_ok_and(|text| text.trim().starts_with("required"));
    if status == 403 && (words.contains(SAML) || headers.get("x-github-sso").is_some_and(asks)) {
        return ErrorKind::SignOn { url: sign_on_page(headers, api) };
    }
    if matches!(status, 403 | 429)
        && !LASTING.iter().any(|sign| words.contains(sign))
        && let Some(limit) = rate_limit(status, headers, &words, now)
    {
        return limit;
    }
    if matches!(status, 403 | 404 | 409 | 410 | 422)
        && let Some(kind) = by_words(&words, &message, needs)
    {
        return kind;
    }
    match status {
        403 => ErrorKind::Forbidden { needs, message },
        404 => ErrorKind::NotFound { needs, message },
        409 => ErrorKind::NotFastForward { message },
        408 | 500..=599 if purpose.writes => ErrorKind::Ambiguous { why: message },
        408 | 500..=599 => ErrorKind::Unreachable { why: message },
        _ => ErrorKind::Other { status, message },
    }
}

/// Reads the `errors` of a GraphQL answer, which arrives with status 200; `None` without errors.
pub(super) fn read_graphql(body: &Value, needs: &'static str, now: Timestamp) -> Option<ErrorKind> {
    let error = body.get("errors")?.as_array()?.first()?;
    let text = error.get("message").and_then(Value::as_str).unwrap_or("an error without a message");
    let message = one_line(text);
    let words = message.to_lowercase();
    // The top-level `type` is GitHub's own addition to GraphQL, which octocrab's error type drops.
    let kind = error.get("type").and_then(Value::as_str).unwrap_or_default();
    Some(match kind {
        "STALE_DATA" => ErrorKind::NotFastForward { message },
        "RATE_LIMITED" => ErrorKind::RateLimited { until: ahead(now, 60), secondary: false },
        "NOT_FOUND" if words.contains("expectedheadoid") => ErrorKind::Stale { message },
        _ => by_words(&words, &message, needs).unwrap_or_else(|| by_type(kind, &words, message, needs)),
    })
}

/// What is left to the `type` of a GraphQL error when its words are unknown.
fn by_type(kind: &str, words: &str, message: String, needs: &'static str) -> ErrorKind {
    match kind {
        "NOT_FOUND" => ErrorKind::NotFound { needs, message },
        "FORBIDDEN" | "INSUFFICIENT_SCOPES" => ErrorKind::Forbidden { needs, message },
        _ if words.contains("something went wrong") => ErrorKind::Ambiguous { why: message },
        _ => ErrorKind::Other { status: 200, message },
    }
}

/// The sentences that mean the same whatever status they come with; the first that fits decides.
fn by_words(words: &str, message: &str, needs: &'static str) -> Option<ErrorKind> {
    let says = |any: &[&str]| any.iter().any(|text| words.contains(text));
    let message = message.to_owned();
    Some(if says(&["not permitted to create or approve pull requests"]) {
        ErrorKind::NotAllowedToOpenPullRequests
    } else if says(&["not accessible", "without `workflows` permission", "refusing to allow"]) {
        ErrorKind::Forbidden { needs, message }
    } else if says(&[SAML]) {
        ErrorKind::SignOn { url: None }
    } else if says(&[ARCHIVED]) {
        ErrorKind::Archived
    } else if says(&[ALLOW_LIST]) {
        ErrorKind::NotOnAllowList { message }
    } else if says(&["repository is empty"]) {
        ErrorKind::EmptyRepository
    } else if says(&["already exists"]) {
        ErrorKind::AlreadyExists { message }
    } else if says(NO_WAY_ROUND) {
        ErrorKind::Protected { why: message }
    } else if says(&["verified signature"]) {
        ErrorKind::NeedsSignatures
    } else if says(&["protected branch", "protected ref", "rule violations", "being restricted"]) {
        ErrorKind::Protected { why: message }
    } else if says(&["not a fast forward", "cannot be updated", "but expected", "expected branch to point"]) {
        ErrorKind::NotFastForward { message }
    } else if says(&["reference does not exist"]) {
        ErrorKind::NotFound { needs, message }
    } else if says(&[
        "sha does not exist",
        "object does not exist",
        "reference update failed",
        "not a valid tree",
        "could not resolve to a node",
        // A pull request from a branch that was made a moment ago.
        "head invalid",
    ]) {
        ErrorKind::Stale { message }
    } else if says(&["timed out"]) {
        ErrorKind::Ambiguous { why: message }
    } else if says(&["issues are disabled", "issues has been disabled"]) {
        ErrorKind::NoIssues
    } else if says(&["no commits between"]) {
        ErrorKind::NothingToMerge
    } else if says(&["draft pull requests are not supported"]) {
        ErrorKind::NoDrafts
    } else {
        return None;
    })
}

/// Rules that a signed commit does not satisfy either. One answer may list several rules, so these
/// are looked for before the demand for signatures.
const NO_WAY_ROUND: &[&str] = &[
    "through a pull request",
    "not authorized to push",
    "required status check",
    "approving review",
    "cannot force-push",
    "must not contain merge commits",
    "merge queue",
    "secret detected",
];

/// A rate limit, where the answer is one: by header, or by words where GitHub sends no header.
fn rate_limit(status: u16, headers: &HeaderMap, words: &str, now: Timestamp) -> Option<ErrorKind> {
    let number = |name: &str| headers.get(name)?.to_str().ok()?.trim().parse::<i64>().ok();
    let secondary = words.contains("secondary rate limit") || words.contains("abuse detection");
    if let Some(seconds) = number("retry-after") {
        return Some(ErrorKind::RateLimited { until: ahead(now, seconds), secondary: true });
    }
    if number("x-ratelimit-remaining") == Some(0) {
        let reset = number("x-ratelimit-reset").and_then(|epoch| Timestamp::from_second(epoch).ok());
        return Some(ErrorKind::RateLimited { until: reset.unwrap_or_else(|| ahead(now, 60)), secondary });
    }
    (secondary || status == 429 || words.contains("rate limit exceeded"))
        .then(|| ErrorKind::RateLimited { until: ahead(now, 60), secondary: true })
}

/// The moment so many seconds from now, within a day: more is a mistake of the sender.
fn ahead(now: Timestamp, seconds: i64) -> Timestamp {
    now.saturating_add(SignedDuration::from_secs(seconds.clamp(0, 86_400))).unwrap_or(now)
}

/// GitHub's words: the message, and those of the single errors below it.
fn message(status: u16, body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct RefusalBody {
        message: Option<String>,
        #[serde(default)]
        errors: Value,
    }
    let Ok(body) = serde_json::from_slice::<RefusalBody>(body) else {
        // A gateway's HTML page says no more than its status does.
        return format!("HTTP {status}");
    };
    let words = body.message.unwrap_or_else(|| format!("HTTP {status}"));
    match &body.errors {
        Value::Array(errors) => joined(words, errors),
        error => joined(words, Some(error).filter(|error| error.is_string())),
    }
}

/// A message and the words of the single errors below it.
fn joined<'a>(message: String, errors: impl IntoIterator<Item = &'a Value>) -> String {
    let parts: Vec<String> = std::iter::once(message).chain(errors.into_iter().filter_map(single)).collect();
    one_line(&parts.join("; "))
}

/// One of the single errors: its words, or else the field and what is wrong with it.
fn single(error: &Value) -> Option<String> {
    let text = |name: &str| error.get(name).and_then(Value::as_str);
    let words = error.as_str().or_else(|| text("message")).map(ToOwned::to_owned);
    words.or_else(|| Some(format!("{} {}", text("field")?, text("code")?)))
}

/// Text of a stranger as one short line.
pub(super) fn one_line(text: &str) -> String {
    short_line(text, QUOTED)
}

#[cfg(test)]
mod tests;
