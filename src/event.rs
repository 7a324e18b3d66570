//! What the runner says happened: whether to act at all, what to compare, and where to publish.
//!
//! Read from the `GITHUB_*` variables and the event file, which in Actions differs from the
//! webhook of the same name (a push has no file lists, a schedule has almost nothing), so every
//! field may be missing or of another shape. Judged before any setting is read: a pull request of
//! a stranger must not reach anything that costs or writes. Contract:
//! `docs.github.com/actions/reference/workflows-and-actions/events-that-trigger-workflows`.

use std::io::ErrorKind;
use std::path::Path;

use serde_json::Value;

use crate::disk;
use crate::env::Env;
use crate::github::Range;

/// Largest event file that is read, in bytes; GitHub cuts payloads at 25 MB.
const LARGEST_FILE: u64 = 32 * 1024 * 1024;

/// The event of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// Its name as in `on:`; empty outside Actions.
    pub name: String,
    /// Whether to go on at all.
    pub judgement: Judgement,
    /// What input `scope: auto` means here.
    pub auto: AutoScope,
    /// What `scope: changed` has to look at.
    pub changed: Changed,
    /// Where pictures should land unless input `base` says otherwise: the pushed branch, the head
    /// branch of a pull request, the branch a workflow was started on; `None` for a tag and outside
    /// Actions.
    pub branch: Option<String>,
    /// The number of the pull request the event is about.
    pub pull_request: Option<u64>,
}

/// Whether to go on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Judgement {
    /// Go on.
    Proceed,
    /// Generate nothing, write nothing, say this and exit 0.
    StandDown(String),
}

/// The meaning of `scope: auto`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AutoScope {
    /// What the event changed, and what is owed.
    Changed,
    /// All posts that lack an image.
    All,
    /// It has none here; the message names the cure. A settings error.
    Unclear(String),
}

/// What an event changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changed {
    /// What lies between two points, found by [`crate::github::changes`].
    Compare(Range),
    /// Every file, for this reason: the first push of a default branch.
    Everything(&'static str),
    /// No file, for this reason.
    Nothing(String),
    /// Nobody can say, for this reason. Never to be taken for everything.
    Unknown(String),
}

impl Event {
    /// Reads the event from the variables and the file that `GITHUB_EVENT_PATH` names. Never fails: what
    /// cannot be read is said where it matters.
    pub fn read(env: &Env) -> Self {
        let path = env.get("GITHUB_EVENT_PATH").ok_or_else(|| "GITHUB_EVENT_PATH is not set".to_owned());
        match path.and_then(|path| load(path.as_ref())) {
            Ok(payload) => Self::new(env, &payload, None),
            Err(problem) => Self::new(env, &Value::Null, Some(&problem)),
        }
    }

    /// Reads the event from the variables and a payload; `problem` says why there is none.
    fn new(env: &Env, payload: &Value, problem: Option<&str>) -> Self {
        let var = |name: &str| env.get(name).map(ToOwned::to_owned);
        let name = var("GITHUB_EVENT_NAME").unwrap_or_default();
        let full_ref = text(payload, "/ref").filter(|_| name == "push").map(ToOwned::to_owned);
        let full_ref = full_ref.or_else(|| var("GITHUB_REF")).unwrap_or_default();
        let default_branch = text(payload, "/repository/default_branch").map(ToOwned::to_owned);
        let pull_request = pull_request(payload);
        let branch = match &pull_request {
            Some((head, _)) => head.map(ToOwned::to_owned).or_else(|| var("GITHUB_HEAD_REF")),
            None => full_ref
                .strip_prefix("refs/heads/")
                .filter(|branch| !branch.is_empty())
                .map(ToOwned::to_owned),
        };
        Self {
            judgement: judge(&name, &full_ref, payload, problem),
            auto: auto(&name),
            changed: changed(&name, branch.as_deref(), default_branch.as_deref(), payload, problem),
            name,
            branch,
            pull_request: pull_request.map(|(_, number)| number),
        }
    }
}

fn judge(name: &str, full_ref: &str, payload: &Value, problem: Option<&str>) -> Judgement {
    let reason = match name {
        "pull_request_target" => Some(
            "pull_request_target runs with secrets beside a stranger's files; use `on: push` or `on: pull_request`".into(),
        ),
        "merge_group" => Some("a merge queue tests commits that no branch holds; pictures come with the push".into()),
        "push" if payload.get("deleted") == Some(&Value::Bool(true)) || text(payload, "/after").is_some_and(is_zero) => {
            Some(format!("`{full_ref}` was deleted"))
        }
        "push" if full_ref.starts_with("refs/tags/") => Some(format!("`{full_ref}` is a tag; posts change on branches")),
        _ if name.starts_with("pull_request") || payload.get("pull_request").is_some_and(Value::is_object) => {
            stranger(payload, problem)
        }
        _ => None,
    };
    reason.map_or(Judgement::Proceed, Judgement::StandDown)
}

/// Why a pull request must not be acted on, if it must not. Its token could not write, and its
/// secrets are empty; who started the run says nothing, so only the payload counts.
fn stranger(payload: &Value, problem: Option<&str>) -> Option<String> {
    if let Some(problem) = problem {
        return Some(format!(
            "{problem}, so a pull request from a fork cannot be told from one of this repository"
        ));
    }
    if text(payload, "/pull_request/user/login") == Some("dependabot[bot]") {
        return Some("the pull request is Dependabot's, whose runs have no secrets and may not write".into());
    }
    let id = |pointer: &str| payload.pointer(pointer).and_then(Value::as_u64);
    let head = id("/pull_request/head/repo/id");
    let base = id("/pull_request/base/repo/id").or_else(|| id("/repository/id"));
    if head.is_none() || head != base {
        return Some(
            "the pull request comes from a fork, whose runs have no secrets and may not write; its posts get their pictures with the push that merges it".into(),
        );
    }
    (text(payload, "/action") == Some("closed"))
        .then(|| "the pull request is closed; posts it merged get their pictures with `on: push`".into())
}

fn auto(name: &str) -> AutoScope {
    match name {
        "push" | "pull_request" | "pull_request_target" | "merge_group" => AutoScope::Changed,
        "schedule" | "workflow_dispatch" | "repository_dispatch" | "" => AutoScope::All,
        other => AutoScope::Unclear(format!(
            "input `scope`: `auto` has no meaning for the event `{other}`; set `scope: all` (every post that lacks an image) or start the workflow by push, pull_request, schedule or workflow_dispatch"
        )),
    }
}

fn changed(
    name: &str,
    branch: Option<&str>,
    default_branch: Option<&str>,
    payload: &Value,
    problem: Option<&str>,
) -> Changed {
    let unknown = |what: &str| Changed::Unknown(problem.unwrap_or(what).to_owned());
    let compare = |base: &str, head: &str| Changed::Compare(Range { base: base.into(), head: head.into() });
    match name {
        "push" => match (text(payload, "/before"), text(payload, "/after")) {
            (Some(_), Some(after)) if is_zero(after) => Changed::Nothing("the branch was deleted".into()),
            (Some(before), Some(after)) if is_zero(before) => match (branch, default_branch) {
                (Some(branch), Some(default)) if branch == default => {
                    Changed::Everything("this is the first push of the default branch")
                }
                (_, Some(default)) => compare(default, after),
                _ => unknown("the event does not name the default branch to compare a new branch with"),
            },
            (Some(before), Some(after)) => compare(before, after),
            _ => unknown(
                "the push event does not tell the commits before and after (with act, an event file given by `--eventpath` does)",
            ),
        },
        "pull_request" => {
            match (text(payload, "/pull_request/base/sha"), text(payload, "/pull_request/head/sha")) {
                (Some(base), Some(head)) => compare(base, head),
                _ => unknown("the pull_request event does not tell its commits"),
            }
        }
        "schedule" | "workflow_dispatch" | "repository_dispatch" => {
            Changed::Nothing(format!("a {name} event changes no files"))
        }
        "" => Changed::Unknown("there is no event outside GitHub Actions".into()),
        other => Changed::Unknown(format!("the event `{other}` does not tell what changed")),
    }
}

/// Branch and number of the pull request that the event is about.
fn pull_request(payload: &Value) -> Option<(Option<&str>, u64)> {
    let pull = payload.get("pull_request")?;
    let number = pull.get("number").or_else(|| payload.get("number")).and_then(Value::as_u64)?;
    Some((text(pull, "/head/ref"), number))
}

fn text<'a>(value: &'a Value, pointer: &str) -> Option<&'a str> {
    value.pointer(pointer)?.as_str().filter(|text| !text.is_empty())
}

/// Whether an id stands for "no commit". Its length depends on the repository's hash.
fn is_zero(sha: &str) -> bool {
    !sha.is_empty() && sha.bytes().all(|byte| byte == b'0')
}

fn load(path: &Path) -> Result<Value, String> {
    let unreadable = |error: std::io::Error| {
        format!(
            "the event file {} cannot be read ({error}); let GITHUB_EVENT_PATH name the file that the runner wrote",
            path.display()
        )
    };
    // It is the runner's and no file of the repository.
    let file = disk::open_anywhere(path).map_err(unreadable)?;
    let bytes = match disk::whole(file, LARGEST_FILE) {
        Err(error) if error.kind() == ErrorKind::FileTooLarge => {
            return Err(format!("the event file {} is larger than 32 MB", path.display()));
        }
        read => read.map_err(unreadable)?,
    };
    serde_json::from_slice(&bytes)
        .map_err(|error| format!("the event file {} is not JSON ({error})", path.display()))
}

#[cfg(test)]
mod tests;
