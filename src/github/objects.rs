//! Git objects: blobs, trees and commits. Nobody sees them until a ref points to them, so writing
//! them is repeated without a second thought.
//!
//! Contracts: `docs.github.com/rest/git` (blobs, trees, commits) and `rest/repos/contents`.

use std::collections::HashMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use octocrab::models::git::CreateTreeEntry;
use serde::Deserialize;
use serde_json::json;

use super::call::{ApiCall, Purpose, TypedCall};
use super::client::{Client, unreadable};
use super::error::{ApiError, ErrorKind};
use super::route;
use super::sha::Sha;
use crate::post::path;
use crate::text::url_segment;

/// The permission that every write here takes.
pub(super) const WRITE: &str = "contents: write";

/// The permission that every look here takes.
pub(super) const READ: &str = "contents: read";

/// Entries sent in one tree: larger requests are known to time out. Posts and pictures of a minute's
/// worth of writes just fit in.
const ENTRIES: usize = 120;

/// Text sent in one tree, in bytes, for the same reason.
const TEXT: usize = 4 * 1024 * 1024;

/// An entry of a tree.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TreeEntry {
    /// Path below the tree that was read.
    pub path: String,
    /// `100644`, `100755`, `120000` (a link), `040000` (a folder) or `160000` (a submodule).
    pub mode: String,
    /// `blob`, `tree` or `commit`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The object.
    pub sha: Sha,
}

/// A tree as read.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct TreeListing {
    /// Its entries.
    #[serde(rename = "tree")]
    pub entries: Vec<TreeEntry>,
    /// GitHub left entries out: beyond 100,000 of them or 7 MB.
    #[serde(default)]
    pub truncated: bool,
}

/// A file to put into a tree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TreeChange {
    /// Path in the repository.
    pub path: String,
    /// Mode 100755 instead of 100644: GitHub takes what is sent, so a file keeps its mode only so.
    pub executable: bool,
    /// What becomes of it.
    pub content: FileContent,
}

impl TreeChange {
    /// An ordinary file.
    pub fn new(path: impl Into<String>, content: FileContent) -> Self {
        Self { path: path.into(), executable: false, content }
    }
}

/// The content of a [`TreeChange`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum FileContent {
    /// Text, sent along: saves the call for a blob.
    Text(String),
    /// A blob made earlier.
    Blob(Sha),
}

/// A commit to make. Author and committer are left to GitHub: with a bot's token it then signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewCommit<'a> {
    /// The message.
    pub message: &'a str,
    /// The tree that the files are put on; without one it holds nothing else.
    pub base: Option<&'a Sha>,
    /// Its files.
    pub files: &'a [TreeChange],
    /// Its parents; none makes a root commit.
    pub parents: &'a [Sha],
}

/// A commit as GitHub tells it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its id.
    pub sha: Sha,
    /// Its tree.
    pub tree: Sha,
    /// Its parents.
    pub parents: Vec<Sha>,
    /// Its message.
    pub message: String,
    /// Name of the author, which for a bot is its login: `github-actions[bot]`.
    pub author: String,
    /// Whether GitHub holds its signature for good. Never assumed, always read.
    pub verified: bool,
}

#[derive(Deserialize)]
struct CreatedObject {
    sha: Sha,
}

#[derive(Deserialize)]
struct CommitAnswer {
    sha: Sha,
    tree: CreatedObject,
    #[serde(default)]
    parents: Vec<CreatedObject>,
    #[serde(default)]
    message: String,
    author: Option<GitAuthor>,
    verification: Option<Verification>,
}

#[derive(Deserialize)]
struct GitAuthor {
    name: Option<String>,
}

#[derive(Deserialize)]
struct Verification {
    #[serde(default)]
    verified: bool,
}

impl From<CommitAnswer> for Commit {
    fn from(answer: CommitAnswer) -> Self {
        Self {
            sha: answer.sha,
            tree: answer.tree.sha,
            parents: answer.parents.into_iter().map(|parent| parent.sha).collect(),
            message: answer.message,
            author: answer.author.and_then(|author| author.name).unwrap_or_default(),
            verified: answer.verification.is_some_and(|verification| verification.verified),
        }
    }
}

impl Client {
    /// Proves the right to write before anything is spent, by storing a content as a blob that
    /// nothing points to. GitHub's `permissions` field does not prove it.
    ///
    /// # Errors
    /// [`ErrorKind::Unauthorized`], [`ErrorKind::Forbidden`] and [`ErrorKind::NotFound`] when there
    /// is no such right; as any writing call.
    pub async fn probe_write(&self, content: &[u8]) -> Result<Sha, ApiError> {
        self.blob_call(content, "proving the right to write").await
    }

    /// Stores a file's bytes, at most about 40 MB.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn create_blob(&self, bytes: &[u8]) -> Result<Sha, ApiError> {
        self.blob_call(bytes, "creating a blob").await
    }

    async fn blob_call(&self, bytes: &[u8], what: &str) -> Result<Sha, ApiError> {
        let call = TypedCall::new(Purpose::writing(what, WRITE), "POST", "/git/blobs".to_owned());
        // Encoded anew for every try, so that no copy waits for one.
        let send =
            || async { self.git().create_blob(STANDARD.encode(bytes)).encoding("base64").send().await };
        let blob = self.again(|| self.typed(&call, send)).await?;
        let purpose = &call.purpose;
        Sha::parse(&blob.sha).map_err(|error| self.failed(purpose, unreadable(purpose, error)))
    }

    /// Reads a blob.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn blob(&self, sha: &Sha) -> Result<Vec<u8>, ApiError> {
        let call = ApiCall::get(format!("/git/blobs/{sha}"), format!("reading blob {sha}"), READ).raw();
        Ok(self.read_bytes(&call).await?.to_vec())
    }

    /// Reads a file at a commit or branch; `None` when there is none.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn file(&self, path: &str, at: &str) -> Result<Option<Vec<u8>>, ApiError> {
        let what = format!("reading `{path}` at `{at}`");
        let encoded = route::path(path)
            .map_err(|kind| ApiError { what: format!("{what} in {}", self.repository()), kind })?;
        let call = ApiCall::get(format!("/contents/{encoded}?ref={}", url_segment(at)), what, READ).raw();
        match self.read_bytes(&call).await {
            Ok(bytes) => Ok(Some(bytes.to_vec())),
            Err(ApiError { kind: ErrorKind::NotFound { .. }, .. }) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Reads a tree, or the tree of a commit, with everything below it.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn tree(&self, sha: &Sha) -> Result<TreeListing, ApiError> {
        self.tree_call(sha, "?recursive=1").await
    }

    async fn tree_call(&self, sha: &Sha, query: &str) -> Result<TreeListing, ApiError> {
        let call =
            ApiCall::get(format!("/git/trees/{sha}{query}"), format!("reading the tree of {sha}"), READ);
        self.read(&call).await
    }

    /// Finds paths below a tree, or the tree of a commit, also where it is too large to be read
    /// whole. What is not there is not in the answer; what stands in its way is, under its own path: a
    /// submodule, a file or a link where a folder would have to be.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn entries(&self, tree: &Sha, paths: &[&str]) -> Result<HashMap<String, TreeEntry>, ApiError> {
        let whole = self.tree(tree).await?;
        if !whole.truncated {
            let all: HashMap<&str, &TreeEntry> =
                whole.entries.iter().map(|entry| (entry.path.as_str(), entry)).collect();
            let met = |&path: &&str| {
                path::steps(path).find_map(|step| {
                    let entry = *all.get(step)?;
                    (step == path || entry.kind != "tree").then(|| (step.to_owned(), entry.clone()))
                })
            };
            return Ok(paths.iter().filter_map(met).collect());
        }
        let mut folders: HashMap<Sha, HashMap<String, TreeEntry>> = HashMap::new();
        let mut found = HashMap::new();
        for &path in paths {
            let mut at = tree.clone();
            for step in path::steps(path) {
                let name = step.rsplit('/').next().unwrap_or(step);
                if !folders.contains_key(&at) {
                    let level = self.tree_call(&at, "").await?;
                    let level = level.entries.into_iter().map(|entry| (entry.path.clone(), entry)).collect();
                    folders.insert(at.clone(), level);
                }
                let Some(entry) = folders.get(&at).and_then(|level| level.get(name)) else { break };
                if step == path || entry.kind != "tree" {
                    found.insert(step.to_owned(), TreeEntry { path: step.to_owned(), ..entry.clone() });
                    break;
                }
                at = entry.sha.clone();
            }
        }
        Ok(found)
    }

    /// Makes a tree from `base` with changes. Many changes take several calls, each on top of the one
    /// before.
    async fn create_tree(&self, base: Option<&Sha>, changes: &[TreeChange]) -> Result<Sha, ApiError> {
        let mut base = base.cloned();
        let mut rest = changes;
        loop {
            let (batch, later) = rest.split_at(batch(rest));
            let mut body = json!({ "tree": batch.iter().map(entry).collect::<Vec<_>>() });
            if let Some(base) = &base {
                // Without it GitHub deletes every file that is not mentioned.
                body["base_tree"] = json!(base);
            }
            let call = ApiCall::post("/git/trees".into(), body, "creating a tree", WRITE);
            let made = self.write_harmless::<CreatedObject>(&call).await?.sha;
            if later.is_empty() {
                return Ok(made);
            }
            (base, rest) = (Some(made), later);
        }
    }

    /// Makes a commit that no ref points to yet, and its tree.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn create_commit(&self, commit: NewCommit<'_>) -> Result<Commit, ApiError> {
        let tree = self.create_tree(commit.base, commit.files).await?;
        self.commit_tree(commit.message, &tree, commit.parents).await
    }

    async fn commit_tree(&self, message: &str, tree: &Sha, parents: &[Sha]) -> Result<Commit, ApiError> {
        let body = json!({ "message": message, "tree": tree, "parents": parents });
        let call = ApiCall::post("/git/commits".into(), body, "creating a commit", WRITE);
        Ok(self.write_harmless::<CommitAnswer>(&call).await?.into())
    }

    /// Reads a commit.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn commit(&self, sha: &Sha) -> Result<Commit, ApiError> {
        let call = ApiCall::get(format!("/git/commits/{sha}"), format!("reading commit {sha}"), READ);
        Ok(self.read::<CommitAnswer>(&call).await?.into())
    }
}

/// How many of the changes fit into one call; at least one, unless there is none.
fn batch(changes: &[TreeChange]) -> usize {
    let mut text = 0;
    let fits = changes.iter().take(ENTRIES).take_while(|change| {
        text += if let FileContent::Text(content) = &change.content { content.len() } else { 0 };
        text <= TEXT
    });
    fits.count().max(changes.len().min(1))
}

/// A change as GitHub takes it: `content` or `sha`, not both.
fn entry(change: &TreeChange) -> CreateTreeEntry {
    let mode = if change.executable { "100755" } else { "100644" };
    let entry = CreateTreeEntry::new(&change.path, mode, "blob");
    match &change.content {
        FileContent::Text(text) => entry.with_content(text),
        FileContent::Blob(sha) => entry.with_sha(sha.as_str()),
    }
}

#[cfg(test)]
mod tests;
