//! Refs: read, created and moved, never by force; and the call that commits and moves in one.
//!
//! These writes are visible, so an unclear answer is followed by a look before anything is
//! repeated. Contracts: `docs.github.com/rest/git/refs`, `docs.github.com/graphql` mutation
//! `createCommitOnBranch`.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use octocrab::models::repos::Object;
use octocrab::params::repos::Reference;
use serde::Deserialize;
use serde_json::json;

use super::call::{ApiCall, Purpose, TypedCall};
use super::client::{Client, TRIES};
use super::error::{ApiError, ErrorKind};
use super::objects::{Commit, READ, WRITE};
use super::route;
use super::sha::Sha;

/// The full ref of a branch.
pub fn branch_ref(branch: &str) -> String {
    format!("refs/heads/{branch}")
}

/// A file of a [`BranchCommit`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addition {
    /// Path in the repository.
    pub path: String,
    /// The whole file.
    pub bytes: Vec<u8>,
}

/// A commit that GitHub makes, signs and puts on a branch in one step.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BranchCommit<'a> {
    /// Name of the branch, which has to exist.
    pub branch: &'a str,
    /// Where the branch must be, or nothing happens.
    pub expected: &'a Sha,
    /// First line, then after an empty line the rest.
    pub message: &'a str,
    /// Files written; nothing is deleted.
    pub additions: &'a [Addition],
}

#[derive(Deserialize)]
struct ViewerAnswer {
    data: ViewerData,
}

#[derive(Deserialize)]
struct ViewerData {
    viewer: Viewer,
}

#[derive(Deserialize)]
struct Viewer {
    login: String,
    #[serde(rename = "databaseId")]
    id: u64,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
struct RefAnswer {
    object: RefTarget,
}

#[derive(Deserialize)]
struct RefTarget {
    sha: Sha,
}

impl Client {
    /// Reads where a ref such as `refs/heads/main` points; `None` when it does not exist. Caches on
    /// the way are asked to stay out of it.
    ///
    /// # Errors
    /// As any reading call; [`ErrorKind::EmptyRepository`] before the first commit.
    pub async fn reference(&self, name: &str) -> Result<Option<Sha>, ApiError> {
        let what = format!("reading `{name}`");
        // Reading is `git/ref`, changing `git/refs`.
        let call = ApiCall::get(self.ref_route("ref", name, &what)?, what, READ);
        Ok(self.look::<RefAnswer>(&call).await?.map(|found| found.object.sha))
    }

    /// As [`Client::reference`], for one whose absence has consequences: GitHub lists what begins with
    /// the name, so "there is none" is a list without it, and no 404 of a replica that lags.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn listed(&self, name: &str) -> Result<Option<Sha>, ApiError> {
        let what = format!("looking for `{name}`");
        let encoded = self.ref_path(name, &what)?;
        let call =
            TypedCall::new(Purpose::reading(what, READ), "GET", format!("/git/matching-refs/{encoded}"));
        let list = || self.typed(&call, || async { self.git().list_matching_refs(&encoded).await });
        let found = self.again(list).await?.into_iter().find(|listed| listed.ref_field == name);
        Ok(found.and_then(|listed| match listed.object {
            Object::Commit { sha, .. } | Object::Tag { sha, .. } => Sha::parse(&sha).ok(),
            _ => None,
        }))
    }

    /// Creates a ref. It is a success too when the ref is already there and points to `sha`.
    ///
    /// # Errors
    /// [`ErrorKind::AlreadyExists`] when it points elsewhere; as any writing call.
    pub async fn create_ref(&self, name: &str, sha: &Sha) -> Result<(), ApiError> {
        let what = format!("creating `{name}`");
        self.ref_route("refs", name, &what)?;
        let body = json!({ "ref": name, "sha": sha });
        let call = ApiCall::post("/git/refs".into(), body, what, WRITE);
        self.settle(&call, name, sha).await
    }

    /// Moves a ref forward to `sha`, without force. It is a success too when it is there already.
    ///
    /// # Errors
    /// [`ErrorKind::NotFastForward`] when the ref holds something that `sha` does not;
    /// [`ErrorKind::Protected`] and [`ErrorKind::NeedsSignatures`] by the rules of the branch; as
    /// any writing call.
    pub async fn update_ref(&self, name: &str, sha: &Sha) -> Result<(), ApiError> {
        self.patch_ref(name, sha, false).await
    }

    /// Moves a ref; by force only for refs that are ours alone.
    pub(super) async fn patch_ref(&self, name: &str, sha: &Sha, force: bool) -> Result<(), ApiError> {
        let what = format!("moving `{name}`");
        let route = self.ref_route("refs", name, &what)?;
        let call = ApiCall::patch(route, json!({ "sha": sha, "force": force }), what, WRITE);
        self.settle(&call, name, sha).await
    }

    /// Deletes a branch; a success too where it is gone already.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn delete_branch(&self, branch: &str) -> Result<(), ApiError> {
        let purpose = Purpose::writing(format!("deleting branch `{branch}`"), WRITE);
        let name = self.ref_path(&branch_ref(branch), &purpose.what)?;
        let call = TypedCall::new(purpose, "DELETE", format!("/git/refs/{name}"));
        let (owner, repository) = self.encoded();
        let reference = Reference::Branch(name.trim_start_matches("heads/").to_owned());
        let send = || async { self.octocrab().repos(owner, repository).delete_ref(&reference).await };
        match self.typed(&call, send).await {
            Err(ApiError { kind: ErrorKind::NotFound { .. }, .. }) => Ok(()),
            deleted => deleted,
        }
    }

    /// Who owns the token, as `Name <address>`: the author of the commits that are made with it. The address is the
    /// one that GitHub gives everybody, because the true one may be private. GraphQL knows the owner of every
    /// token, REST only that of a person's.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn owner_of_token(&self) -> Result<String, ApiError> {
        let query = json!({ "query": "query { viewer { login databaseId name } }" });
        let call = ApiCall::graphql(query, "reading who owns the token", READ);
        let Viewer { login, id, name } = self.write_harmless::<ViewerAnswer>(&call).await?.data.viewer;
        let plain = |name: &String| !name.is_empty() && !name.contains(['<', '>', '\r', '\n']);
        let name = name.filter(plain).unwrap_or_else(|| login.clone());
        Ok(format!("{name} <{id}+{login}@users.noreply.github.com>"))
    }

    /// Merges one branch into another, as `git merge` would; a success too when there is nothing to
    /// merge. Contract: `docs.github.com/rest/branches/branches#merge-a-branch`.
    ///
    /// # Errors
    /// [`ErrorKind::NotFastForward`] when the two conflict; as any writing call.
    pub async fn merge(&self, from: &str, into: &str, message: &str) -> Result<(), ApiError> {
        let body = json!({ "base": into, "head": from, "commit_message": message });
        let what = format!("merging `{from}` into `{into}`");
        // Merging what is merged already changes nothing.
        self.write_unread(&ApiCall::post("/merges".into(), body, what, WRITE)).await
    }

    /// Sends a call that leaves `name` at `sha`; after an unclear answer, or a refusal that our own
    /// earlier try may have caused, the ref itself tells what happened.
    async fn settle(&self, call: &ApiCall, name: &str, sha: &Sha) -> Result<(), ApiError> {
        let mut tries = 1;
        loop {
            let Err(error) = self.write::<serde::de::IgnoredAny>(call).await else { return Ok(()) };
            let unclear = error.kind.is_unclear();
            let ours = tries > 1 && matches!(error.kind, ErrorKind::NotFastForward { .. });
            if !unclear && !ours && !matches!(error.kind, ErrorKind::AlreadyExists { .. }) {
                return Err(error);
            }
            if unclear {
                self.pause(tries).await;
            }
            match self.reference(name).await {
                Ok(Some(at)) if at == *sha => return Ok(()),
                Ok(_) if unclear && tries < TRIES => tries += 1,
                _ => return Err(error),
            }
        }
    }

    /// Commits files onto a branch in one call; GitHub signs such a commit whatever the token. The
    /// files must be ordinary ones (mode 100644).
    ///
    /// # Errors
    /// [`ErrorKind::NotFastForward`] when the branch is not at `expected`; [`ErrorKind::Protected`];
    /// as any writing call.
    pub async fn commit_on_branch(&self, commit: BranchCommit<'_>) -> Result<Commit, ApiError> {
        #[derive(Deserialize)]
        struct MutationAnswer {
            data: MutationData,
        }
        #[derive(Deserialize)]
        struct MutationData {
            #[serde(rename = "createCommitOnBranch")]
            created: CreatedCommit,
        }
        #[derive(Deserialize)]
        struct CreatedCommit {
            commit: Oid,
        }
        #[derive(Deserialize)]
        struct Oid {
            oid: Sha,
        }
        let call = self.branch_commit_call(&commit);
        let name = branch_ref(commit.branch);
        let mut tries = 1;
        loop {
            let error = match self.write::<MutationAnswer>(&call).await {
                Ok(answer) => return self.commit(&answer.data.created.commit.oid).await,
                Err(error) => error,
            };
            let unclear = error.kind.is_unclear();
            // Our own earlier try may be what moved the branch.
            let ours = tries > 1 && matches!(error.kind, ErrorKind::NotFastForward { .. });
            if !unclear && !ours {
                return Err(error);
            }
            self.pause(tries).await;
            let Ok(Some(head)) = self.reference(&name).await else { return Err(error) };
            if head != *commit.expected {
                let made = self.commit(&head).await?;
                let is_ours = made.parents == [commit.expected.clone()]
                    && made.message.trim_end() == commit.message.trim_end();
                let message = format!("`{}` is at {head}", commit.branch);
                return if is_ours {
                    Ok(made)
                } else {
                    Err(self.failed(&call.purpose, ErrorKind::NotFastForward { message }))
                };
            }
            if tries == TRIES {
                return Err(error);
            }
            tries += 1;
        }
    }

    fn branch_commit_call(&self, commit: &BranchCommit<'_>) -> ApiCall {
        let (headline, body) = commit.message.split_once('\n').unwrap_or((commit.message, ""));
        let additions: Vec<_> = commit
            .additions
            .iter()
            .map(|file| json!({ "path": file.path, "contents": STANDARD.encode(&file.bytes) }))
            .collect();
        let input = json!({
            "branch": { "repositoryNameWithOwner": self.repository(), "branchName": commit.branch },
            "expectedHeadOid": commit.expected,
            "message": { "headline": headline, "body": body.trim_start_matches('\n') },
            "fileChanges": { "additions": additions },
        });
        let query = "mutation($input: CreateCommitOnBranchInput!) { createCommitOnBranch(input: $input) { commit { oid } } }";
        let what = format!("committing on `{}`", commit.branch);
        ApiCall::graphql(json!({ "query": query, "variables": { "input": input } }), what, WRITE)
    }

    fn ref_route(&self, kind: &str, name: &str, what: &str) -> Result<String, ApiError> {
        Ok(format!("/git/{kind}/{}", self.ref_path(name, what)?))
    }

    /// What follows `refs/` in the name of a ref, encoded.
    fn ref_path(&self, name: &str, what: &str) -> Result<String, ApiError> {
        let invalid = |kind| ApiError { what: format!("{what} in {}", self.repository()), kind };
        let short = name.strip_prefix("refs/").ok_or_else(|| {
            invalid(ErrorKind::Invalid {
                problem: format!("`{name}` is not a full ref; it begins with refs/"),
            })
        })?;
        route::path(short).map_err(invalid)
    }
}

#[cfg(test)]
mod tests;
