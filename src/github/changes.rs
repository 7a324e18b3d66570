//! Which files an event changed: by comparing commits, by their trees where the comparison is cut
//! short, and by the pull request's own list only when both fail.
//!
//! Contract: `docs.github.com/rest/commits/commits#compare-two-commits`. `files` holds at most 300
//! entries and nothing tells that it was cut. "Nothing changed" is an empty answer;
//! "could not determine" is [`Undetermined`], and must never be taken for "everything".

use std::collections::HashMap;

use serde::Deserialize;

use super::call::ApiCall;
use super::client::Client;
use super::error::{ApiError, ErrorKind};
use super::objects::{READ, TreeEntry};
use super::route;
use super::sha::Sha;

/// A comparison with this many files may lack some.
const FILES_OF_A_COMPARISON: usize = 300;

/// Files a page of a pull request's list, and pages: GitHub lists at most 3,000.
const PAGE: usize = 100;
const PAGES: usize = 30;

/// Two points of history: what `head` has changed since it and `base` were one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Range {
    /// Commit id or branch name.
    pub base: String,
    /// Commit id or branch name.
    pub head: String,
}

/// Nobody could say what changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "could not determine which posts changed: {reason}; start the workflow by hand, or set `scope: all` for the posts that lack an image"
)]
pub struct Undetermined {
    /// What stood in the way.
    pub reason: String,
    /// The failed call, where there was one. No `source` of the error: the reason has its words already.
    pub error: Option<ApiError>,
}

impl From<ApiError> for Undetermined {
    fn from(error: ApiError) -> Self {
        Self { reason: error.to_string(), error: Some(error) }
    }
}

impl Undetermined {
    /// Without a failed call.
    pub fn because(reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), error: None }
    }
}

/// Finds what a range changed; `pull_request` is the number of the pull request it belongs to.
///
/// # Errors
/// [`Undetermined`], with the cure.
pub async fn changes(
    client: &Client,
    range: &Range,
    pull_request: Option<u64>,
) -> Result<Vec<String>, Undetermined> {
    let undetermined = match compared(client, range).await {
        Ok(changes) => return Ok(changes),
        Err(undetermined) => undetermined,
    };
    let Some(number) = pull_request else { return Err(undetermined) };
    tracing::debug!("{undetermined}; reading the files of pull request #{number}");
    // Its own failure says less than the first: it takes a further permission.
    listed(client, number).await?.ok_or(undetermined)
}

async fn compared(client: &Client, range: &Range) -> Result<Vec<String>, Undetermined> {
    // The list of files is whole on every page size, and one commit is enough of the other list.
    let comparison = client.compare(range, "?per_page=1").await?;
    match comparison.files {
        Some(files) if files.len() < FILES_OF_A_COMPARISON => Ok(there(files)),
        _ => {
            let base = comparison.merge_base_commit.sha;
            let head = client.commit_id(&range.head).await?;
            diff_of_trees(client, &base, &head).await
        }
    }
}

async fn diff_of_trees(client: &Client, base: &Sha, head: &Sha) -> Result<Vec<String>, Undetermined> {
    let (old, new) = (client.tree(base).await?, client.tree(head).await?);
    if old.truncated || new.truncated {
        return Err(Undetermined::because(
            "more than 300 files changed, and the repository is too large to be listed whole",
        ));
    }
    Ok(diff(old.entries, new.entries))
}

/// Paths of the files that the new tree has and the old one has not, or with other content or mode.
fn diff(old: Vec<TreeEntry>, new: Vec<TreeEntry>) -> Vec<String> {
    let old: HashMap<&str, &TreeEntry> = old.iter().map(|entry| (entry.path.as_str(), entry)).collect();
    let differs = |entry: &TreeEntry| {
        old.get(entry.path.as_str()).is_none_or(|old| (&old.sha, &old.mode) != (&entry.sha, &entry.mode))
    };
    new.into_iter().filter(|entry| entry.kind == "blob" && differs(entry)).map(|entry| entry.path).collect()
}

/// `None` when even this list is cut.
async fn listed(client: &Client, number: u64) -> Result<Option<Vec<String>>, ApiError> {
    let mut files: Vec<File> = Vec::new();
    for page in 1..=PAGES {
        let call = ApiCall::get(
            format!("/pulls/{number}/files?per_page={PAGE}&page={page}"),
            format!("reading the files of pull request #{number}"),
            "pull-requests: read",
        );
        let found: Vec<File> = client.read(&call).await?;
        let last = found.len() < PAGE;
        files.extend(found);
        if last {
            return Ok(Some(there(files)));
        }
    }
    Ok(None)
}

/// How two branches have parted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Divergence {
    /// Where they parted.
    pub merge_base: Sha,
    /// Commits that only the base has.
    pub behind: u64,
    /// Commits that only the head has.
    pub ahead: u64,
    /// Their messages, oldest first; GitHub lists at most 250, so compare with `ahead`.
    pub messages: Vec<String>,
    /// Files that are new or other in the head since they parted, with their blobs; `None` where
    /// GitHub may have left some out.
    pub files: Option<Vec<(String, Sha)>>,
}

/// Reads what `head` has that `base` lacks, and how many commits it lacks itself; `None` when one
/// of the two does not exist.
///
/// # Errors
/// As any reading call.
pub async fn ahead(client: &Client, range: &Range) -> Result<Option<Divergence>, ApiError> {
    let comparison = match client.compare(range, "").await {
        Ok(comparison) => comparison,
        Err(ApiError { kind: ErrorKind::NotFound { .. }, .. }) => return Ok(None),
        Err(error) => return Err(error),
    };
    let files = comparison.files.filter(|files| files.len() < FILES_OF_A_COMPARISON).map(|files| {
        let there = files.into_iter().filter(|file| file.status != "removed");
        there.filter_map(|file| Some((file.filename, file.sha?))).collect()
    });
    Ok(Some(Divergence {
        files,
        merge_base: comparison.merge_base_commit.sha,
        behind: comparison.behind_by,
        ahead: comparison.ahead_by,
        messages: comparison.commits.into_iter().map(|listed| listed.commit.message).collect(),
    }))
}

#[derive(Deserialize)]
struct Comparison {
    merge_base_commit: Identified,
    #[serde(default)]
    ahead_by: u64,
    #[serde(default)]
    behind_by: u64,
    #[serde(default)]
    commits: Vec<ComparedCommit>,
    files: Option<Vec<File>>,
}

#[derive(Deserialize)]
struct Identified {
    sha: Sha,
}

#[derive(Deserialize)]
struct ComparedCommit {
    commit: CommitText,
}

#[derive(Deserialize)]
struct CommitText {
    #[serde(default)]
    message: String,
}

#[derive(Deserialize)]
struct File {
    filename: String,
    #[serde(default)]
    status: String,
    sha: Option<Sha>,
}

impl File {
    /// Whether there is a file to look at; a status yet to be invented is a change all the same.
    fn is_there(&self) -> bool {
        !matches!(self.status.as_str(), "removed" | "unchanged")
    }
}

fn there(files: Vec<File>) -> Vec<String> {
    files.into_iter().filter(File::is_there).map(|file| file.filename).collect()
}

impl Client {
    async fn compare(&self, range: &Range, query: &str) -> Result<Comparison, ApiError> {
        let Range { base, head } = range;
        let what = format!("comparing `{base}` with `{head}`");
        let encoded = |name: &str| {
            let name = if name.contains("..") { "" } else { name };
            route::segment(name).map_err(|_| {
                let problem = format!("`{base}...{head}` does not name two commits or branches");
                ApiError {
                    what: format!("{what} in {}", self.repository()),
                    kind: ErrorKind::Invalid { problem },
                }
            })
        };
        let call =
            ApiCall::get(format!("/compare/{}...{}{query}", encoded(base)?, encoded(head)?), &what, READ);
        self.read(&call).await
    }

    /// The commit that a branch name or id stands for.
    async fn commit_id(&self, name: &str) -> Result<Sha, ApiError> {
        if let Ok(sha) = Sha::parse(name) {
            return Ok(sha);
        }
        let what = format!("reading the commit of `{name}`");
        let encoded = route::segment(name)
            .map_err(|kind| ApiError { what: format!("{what} in {}", self.repository()), kind })?;
        Ok(self.read::<Identified>(&ApiCall::get(format!("/commits/{encoded}"), what, READ)).await?.sha)
    }
}

#[cfg(test)]
mod tests;
