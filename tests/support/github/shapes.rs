//! The JSON of users, repositories, commits, files and pull requests, complete enough for strict clients.

use serde_json::{Value, json};

use super::diff::{Change, EMPTY_TREE};
use super::pulls::{Home, Pull};
use super::rules::Actor;
use super::state::State;

/// The id in `repository.id`, `head.repo.id` and the `/repositories/{id}` address.
pub const REPOSITORY_ID: u64 = 1296269;
/// The id of the strangers' fork.
pub const FORK_ID: u64 = 7654321;

impl State {
    /// A user or a bot.
    pub fn user(&self, login: &str) -> Value {
        let id = login.bytes().fold(7_u64, |sum, byte| sum * 31 % 1_000_003 + u64::from(byte));
        let id = if login == Actor::Job.login() { 41898282 } else { id };
        let bot = login.ends_with("[bot]");
        let api = format!("{}{}/users/{login}", self.root, self.prefix);
        json!({
            "login": login, "id": id, "node_id": format!("U_{id}"), "gravatar_id": "",
            "avatar_url": format!("{}/avatars/{id}", self.root),
            "url": api, "html_url": format!("{}/{login}", self.root),
            "followers_url": format!("{api}/followers"), "following_url": format!("{api}/following"),
            "gists_url": format!("{api}/gists"), "starred_url": format!("{api}/starred"),
            "subscriptions_url": format!("{api}/subscriptions"), "organizations_url": format!("{api}/orgs"),
            "repos_url": format!("{api}/repos"), "events_url": format!("{api}/events"),
            "received_events_url": format!("{api}/received_events"),
            "type": if bot { "Bot" } else { "User" }, "site_admin": false,
        })
    }

    /// The repository; `permissions` says what the rules claim, not what is true.
    pub fn repo(&self) -> Value {
        let (name, api) = (self.name(), self.api(""));
        json!({
            "id": REPOSITORY_ID, "node_id": "R_1", "name": name.split('/').next_back(), "full_name": name,
            "private": self.rules.hidden, "owner": self.user(self.owner()), "html_url": self.html(""),
            "description": "A blog", "fork": false, "url": api, "default_branch": self.default_branch,
            "git_url": format!("git:{}", self.html(".git")), "clone_url": self.html(".git"),
            "archived": false, "disabled": false, "visibility": "public", "size": 1,
            "pushed_at": "2026-09-21T13:33:20Z", "created_at": "2020-01-01T00:00:00Z",
            "updated_at": "2026-09-21T13:33:20Z", "allow_squash_merge": true,
            "permissions": self.rules.claimed,
        })
    }

    fn fork(&self) -> Value {
        let name = format!("stranger/{}", self.name().split('/').next_back().unwrap_or_default());
        let url = format!("{}{}/repos/{name}", self.root, self.prefix);
        json!({
            "id": FORK_ID, "node_id": "R_2", "name": self.repo()["name"], "full_name": name, "private": false,
            "owner": self.user("stranger"), "html_url": format!("{}/{name}", self.root), "fork": true,
            "url": url, "default_branch": self.default_branch,
        })
    }

    /// `verification` of a commit: the fake signs only where GitHub would, so a signature is a valid one.
    fn verification(&self, signed: bool) -> Value {
        let armour = "-----BEGIN PGP SIGNATURE-----\n\nwsFcBAABCAAQBQJfake\n-----END PGP SIGNATURE-----\n";
        if signed {
            json!({"verified": true, "reason": "valid", "signature": armour, "payload": "tree",
                   "verified_at": "2026-09-21T13:33:20Z"})
        } else {
            json!({"verified": false, "reason": "unsigned", "signature": null, "payload": null,
                   "verified_at": null})
        }
    }

    /// A commit of the Git Data API.
    pub fn git_commit(&mut self, oid: &str) -> Option<Value> {
        let commit = self.store.commit(oid)?;
        let person = |p: &super::commit::Person| json!({"name": p.name, "email": p.email, "date": p.date()});
        let parents: Vec<_> = commit.parents.iter().map(|parent| self.parent(parent)).collect();
        Some(json!({
            "sha": oid, "node_id": format!("C_{oid}"), "url": self.api(&format!("/git/commits/{oid}")),
            "html_url": self.html(&format!("/commit/{oid}")),
            "author": person(&commit.author), "committer": person(&commit.committer),
            "tree": {"sha": commit.tree, "url": self.api(&format!("/git/trees/{}", commit.tree))},
            "message": commit.message, "parents": parents, "verification": self.verification(commit.signed),
        }))
    }

    fn parent(&self, oid: &str) -> Value {
        let (url, html) = (self.api(&format!("/git/commits/{oid}")), self.html(&format!("/commit/{oid}")));
        json!({"sha": oid, "url": url, "html_url": html})
    }

    /// A commit of the repository API, as in branches, compare and listings, without its files.
    pub fn repo_commit(&mut self, oid: &str) -> Option<Value> {
        let inner = self.git_commit(oid)?;
        let commit = self.store.commit(oid)?;
        let login = |p: &super::commit::Person| match p.email.split_once("@users.noreply.github.com") {
            Some((name, _)) => name.split_once('+').map_or(name, |(_, name)| name).to_owned(),
            None if p.email == "noreply@github.com" => "web-flow".to_owned(),
            None => "ann".to_owned(),
        };
        let (author, committer) = (login(&commit.author), login(&commit.committer));
        Some(json!({
            "sha": oid, "node_id": format!("C_{oid}"), "url": self.api(&format!("/commits/{oid}")),
            "html_url": self.html(&format!("/commit/{oid}")),
            "comments_url": self.api(&format!("/commits/{oid}/comments")),
            "commit": {
                "author": inner["author"], "committer": inner["committer"], "message": inner["message"],
                "tree": inner["tree"], "url": inner["url"], "comment_count": 0,
                "verification": inner["verification"],
            },
            "author": self.user(&author), "committer": self.user(&committer), "parents": inner["parents"],
        }))
    }

    /// Files a commit changed against its first parent.
    pub fn commit_files(&mut self, oid: &str) -> Vec<Change> {
        let Some(commit) = self.store.commit(oid) else { return Vec::new() };
        match commit.parents.first() {
            Some(parent) => self.store.changes(parent, oid),
            None => {
                self.store.put(super::store::Kind::Tree, "");
                self.store.changes(EMPTY_TREE, &commit.tree)
            }
        }
    }

    /// One changed file.
    pub fn file(&self, change: &Change, at: &str) -> Value {
        let (path, blob) = (&change.path, &change.blob);
        let mut file = json!({
            "sha": blob, "filename": path, "status": change.status, "additions": change.additions,
            "deletions": change.deletions, "changes": change.additions + change.deletions,
            "blob_url": self.html(&format!("/blob/{at}/{path}")),
            "raw_url": self.html(&format!("/raw/{at}/{path}")),
            "contents_url": self.api(&format!("/contents/{path}?ref={at}")),
        });
        if let Some(previous) = &change.previous {
            file["previous_filename"] = json!(previous);
        }
        file
    }

    /// A ref with what it points to.
    pub fn reference(&mut self, name: &str, oid: &str) -> Value {
        let kind = self.store.get(oid).map_or("commit", |(kind, _)| kind.word());
        json!({
            "ref": name, "node_id": format!("REF_{name}"), "url": self.api(&format!("/git/{name}")),
            "object": {"sha": oid, "type": kind, "url": self.api(&format!("/git/{kind}s/{oid}"))},
        })
    }

    /// A pull request as in listings.
    pub fn pull_summary(&self, pull: &Pull) -> Value {
        let (number, owner) = (pull.number, self.owner());
        let (api, issue) = (self.api(&format!("/pulls/{number}")), self.api(&format!("/issues/{number}")));
        let html = self.html(&format!("/pull/{number}"));
        let (head_owner, head_repo) = match pull.home {
            Home::Here => (owner, self.repo()),
            Home::Fork => ("stranger", self.fork()),
            Home::DeletedFork => ("stranger", Value::Null),
        };
        let head_user = if pull.home == Home::DeletedFork { Value::Null } else { self.user(head_owner) };
        let closed = if pull.open { Value::Null } else { json!("2026-09-21T13:33:20Z") };
        let labels: Vec<_> = pull.labels.iter().map(|name| self.label(name)).collect();
        json!({
            "id": 1000 + number, "node_id": format!("PR_{number}"), "number": number, "url": api,
            "html_url": html, "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"),
            "issue_url": issue, "commits_url": format!("{api}/commits"),
            "review_comments_url": format!("{api}/comments"), "comments_url": format!("{issue}/comments"),
            "review_comment_url": format!("{api}/comments{{/number}}"),
            "statuses_url": self.api(&format!("/statuses/{}", pull.head_sha)),
            "state": if pull.open { "open" } else { "closed" }, "locked": false, "title": pull.title,
            "user": self.user(&pull.author), "body": pull.body, "labels": labels, "milestone": null,
            "active_lock_reason": null, "created_at": "2026-09-21T13:33:20Z",
            "updated_at": "2026-09-21T13:33:20Z", "closed_at": closed,
            "merged_at": if pull.merged.is_some() { closed.clone() } else { Value::Null },
            "merge_commit_sha": pull.merged, "assignee": null, "assignees": [], "requested_reviewers": [],
            "requested_teams": [], "draft": pull.draft, "author_association": "MEMBER", "auto_merge": null,
            "head": {"label": format!("{head_owner}:{}", pull.head), "ref": pull.head, "sha": pull.head_sha,
                     "user": head_user, "repo": head_repo},
            "base": {"label": format!("{owner}:{}", pull.base), "ref": pull.base, "sha": pull.base_sha,
                     "user": self.user(owner), "repo": self.repo()},
            "_links": {"self": {"href": api}, "html": {"href": html}, "issue": {"href": issue}},
        })
    }

    /// A pull request by itself, with what only GitHub can count.
    pub fn pull_full(&mut self, pull: &Pull) -> Value {
        let mut full = self.pull_summary(pull);
        let mergeable = pull.open.then(|| self.store.merge(&pull.base_sha, &pull.head_sha).is_some());
        let files = self.pull_files(pull);
        let commits = self.store.between(&pull.base_sha, &pull.head_sha).len();
        let state = match mergeable {
            Some(true) => "clean",
            Some(false) => "dirty",
            None => "unknown",
        };
        let more = json!({
            "merged": pull.merged.is_some(), "mergeable": mergeable, "mergeable_state": state,
            "rebaseable": mergeable, "merged_by": null, "comments": pull.comments.len(),
            "review_comments": 0, "maintainer_can_modify": false, "commits": commits,
            "additions": files.iter().map(|f| f.additions).sum::<u64>(),
            "deletions": files.iter().map(|f| f.deletions).sum::<u64>(), "changed_files": files.len(),
        });
        if let (Some(full), Value::Object(more)) = (full.as_object_mut(), more) {
            full.extend(more);
        }
        full
    }

    /// Files of a pull request: from the merge base to the head.
    pub fn pull_files(&mut self, pull: &Pull) -> Vec<Change> {
        match self.store.merge_base(&pull.base_sha, &pull.head_sha) {
            Some(base) => self.store.changes(&base, &pull.head_sha),
            None => Vec::new(),
        }
    }

    /// A label.
    pub fn label(&self, name: &str) -> Value {
        json!({"id": 1, "node_id": "LA_1", "url": self.api(&format!("/labels/{name}")), "name": name,
               "description": null, "color": "ededed", "default": false})
    }
}
