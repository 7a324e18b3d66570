//! Event payloads and the runner's variables, as a workflow run of each kind would see them.

use serde_json::{Value, json};

use super::pulls::Pull;
use super::world::World;

/// What happened.
#[derive(Clone, Copy, Debug)]
pub enum Happening<'a> {
    /// A push of the branch's present tip over `before`.
    Push {
        branch: &'a str,
        before: &'a str,
    },
    /// The first push of a branch: `before` is all zeros. Of the default branch, the very first push.
    NewBranch {
        branch: &'a str,
    },
    /// A push that threw commits away.
    ForcedPush {
        branch: &'a str,
        before: &'a str,
    },
    /// The branch is gone: `after` is all zeros.
    DeletedBranch {
        branch: &'a str,
        before: &'a str,
    },
    /// A tag.
    Tag {
        name: &'a str,
        oid: &'a str,
    },
    /// A push in a repository of 64-digit ids; without `before` it is 64 zeros.
    LongIds {
        branch: &'a str,
        before: Option<&'a str>,
    },
    /// `pull_request` with this action.
    PullRequest {
        number: u64,
        action: &'a str,
    },
    /// `pull_request_target`: privileged, runs on the default branch.
    PullRequestTarget {
        number: u64,
    },
    MergeGroup {
        base: &'a str,
        head_sha: &'a str,
    },
    Schedule,
    /// `workflow_dispatch` on a branch; `inputs` may be null.
    WorkflowDispatch {
        branch: &'a str,
    },
    RepositoryDispatch {
        kind: &'a str,
    },
    /// Any other event on the default branch.
    Other {
        name: &'a str,
    },
}

/// An event as the runner hands it to a job.
#[derive(Clone, Debug)]
pub struct Event {
    /// `GITHUB_EVENT_NAME`.
    pub name: String,
    /// The content of `event.json`.
    pub payload: Value,
    /// `GITHUB_REF`.
    pub git_ref: String,
    /// `GITHUB_SHA`.
    pub sha: String,
    /// `GITHUB_BASE_REF` and `GITHUB_HEAD_REF`, empty unless it is a pull request's event.
    pub base_ref: String,
    pub head_ref: String,
}

impl Event {
    /// The variables that tell of the event; the path of `event.json` is the caller's to choose.
    pub fn variables(&self) -> Vec<(&'static str, String)> {
        let kind = if self.git_ref.starts_with("refs/tags/") { "tag" } else { "branch" };
        let short =
            ["refs/heads/", "refs/tags/", "refs/pull/"].iter().find_map(|p| self.git_ref.strip_prefix(p));
        vec![
            ("GITHUB_EVENT_NAME", self.name.clone()),
            ("GITHUB_REF", self.git_ref.clone()),
            ("GITHUB_REF_NAME", short.unwrap_or(&self.git_ref).to_owned()),
            ("GITHUB_REF_TYPE", kind.to_owned()),
            ("GITHUB_SHA", self.sha.clone()),
            ("GITHUB_BASE_REF", self.base_ref.clone()),
            ("GITHUB_HEAD_REF", self.head_ref.clone()),
        ]
    }
}

impl World {
    /// The event of something that happened, told from the repository as it is now.
    pub fn event(&self, happening: Happening<'_>) -> Event {
        let default = self.state().default_branch.clone();
        let on = |branch: &str| (format!("refs/heads/{branch}"), self.head(branch).unwrap_or_default());
        let zeros = "0".repeat(40);
        let long = |oid: &str| format!("{oid}{}", &oid[..24]);
        let here = |branch: &str, name: &str, payload: Value| {
            let (git_ref, sha) = on(branch);
            self.event_of(name, payload, git_ref, sha)
        };
        match happening {
            Happening::Push { branch, before } => {
                let (git_ref, after) = on(branch);
                self.push(&git_ref, before, &after)
            }
            Happening::NewBranch { branch } => {
                let (git_ref, after) = on(branch);
                self.push(&git_ref, &zeros, &after)
            }
            Happening::ForcedPush { branch, before } => {
                let (git_ref, after) = on(branch);
                let mut event = self.push(&git_ref, before, &after);
                event.payload["forced"] = json!(true);
                event
            }
            Happening::DeletedBranch { branch, before } => {
                let mut event = self.push(&format!("refs/heads/{branch}"), before, &zeros);
                event.sha = on(&default).1;
                event
            }
            Happening::Tag { name, oid } => self.push(&format!("refs/tags/{name}"), &zeros, oid),
            Happening::LongIds { branch, before } => {
                let (git_ref, after) = on(branch);
                self.push(&git_ref, &long(before.unwrap_or(&zeros)), &long(&after))
            }
            Happening::PullRequest { number, action } => self.pull_event(number, action),
            Happening::PullRequestTarget { number } => {
                let event = self.pull_event(number, "opened");
                let (git_ref, sha) = on(&default);
                Event { name: "pull_request_target".into(), git_ref, sha, ..event }
            }
            Happening::MergeGroup { base, head_sha } => {
                let base_sha = on(base).1;
                let head_ref = format!("refs/heads/gh-readonly-queue/{base}/pr-1-{base_sha}");
                let group = json!({"base_ref": format!("refs/heads/{base}"), "base_sha": base_sha,
                                   "head_ref": head_ref, "head_sha": head_sha,
                                   "head_commit": self.commit_summary(head_sha)});
                let payload = json!({"action": "checks_requested", "merge_group": group});
                self.event_of("merge_group", payload, head_ref, head_sha.to_owned())
            }
            Happening::Schedule => here(&default, "schedule", json!({"schedule": "17 3 * * *"})),
            Happening::WorkflowDispatch { branch } => {
                let payload = json!({"inputs": null, "ref": format!("refs/heads/{branch}"),
                                     "workflow": ".github/workflows/pictures.yml"});
                here(branch, "workflow_dispatch", payload)
            }
            Happening::RepositoryDispatch { kind } => {
                let payload = json!({"action": kind, "branch": default, "client_payload": {}});
                here(&default, "repository_dispatch", payload)
            }
            Happening::Other { name } => here(&default, name, json!({"action": "created"})),
        }
    }

    /// In Actions the commits of a push list no files, unlike the webhook's.
    fn push(&self, git_ref: &str, before: &str, after: &str) -> Event {
        let zero = |oid: &str| oid.bytes().all(|digit| digit == b'0');
        let commits: Vec<Value> = if zero(before) || zero(after) {
            Vec::new()
        } else {
            let mut state = self.state();
            let known = state.store.commit(before).is_some() && state.store.commit(after).is_some();
            let oids = if known { state.store.between(before, after) } else { Vec::new() };
            drop(state);
            oids.iter().map(|oid| self.commit_summary(oid)).collect()
        };
        let compare = self.state().html(&format!("/compare/{before}...{after}"));
        let payload = json!({
            "ref": git_ref, "before": before, "after": after, "base_ref": null, "created": zero(before),
            "deleted": zero(after), "forced": false, "compare": compare, "commits": commits,
            "head_commit": self.commit_summary(after),
            "pusher": {"name": "ann", "email": "ann@example.com"},
        });
        self.event_of("push", payload, git_ref.to_owned(), after.to_owned())
    }

    fn commit_summary(&self, oid: &str) -> Value {
        let Some(commit) = self.show(oid) else { return Value::Null };
        let person = |p: &super::commit::Person| json!({"name": p.name, "email": p.email, "username": "ann"});
        json!({
            "id": oid, "tree_id": commit.tree, "distinct": true, "message": commit.message,
            "timestamp": commit.author.date(), "url": self.state().html(&format!("/commit/{oid}")),
            "author": person(&commit.author), "committer": person(&commit.committer),
        })
    }

    fn pull_event(&self, number: u64, action: &str) -> Event {
        let mut state = self.state();
        let pull: Pull = state.pull(number).expect("there is such a pull request").clone();
        let full = state.pull_full(&pull);
        let kept = state.store.read_ref(&format!("refs/pull/{number}/merge"));
        let parents = [pull.base_sha.clone(), pull.head_sha.clone()];
        let current =
            kept.filter(|oid| state.store.commit(oid).is_some_and(|merge| merge.parents == parents));
        drop(state);
        let mut payload = json!({"action": action, "number": number, "pull_request": full});
        if action == "synchronize" {
            let parent = self.show(&pull.head_sha).and_then(|commit| commit.parents.first().cloned());
            payload["before"] = json!(parent);
            payload["after"] = json!(pull.head_sha);
        }
        // A conflicting pull request has no merge commit, and starts no run either.
        let sha = current.unwrap_or_else(|| self.merge_commit(number));
        let event = self.event_of("pull_request", payload, format!("refs/pull/{number}/merge"), sha);
        Event { base_ref: pull.base, head_ref: pull.head, ..event }
    }

    fn event_of(&self, name: &str, mut payload: Value, git_ref: String, sha: String) -> Event {
        let state = self.state();
        payload["repository"] = state.repo();
        payload["sender"] = state.user("ann");
        drop(state);
        let (base_ref, head_ref) = (String::new(), String::new());
        Event { name: name.into(), payload, git_ref, sha, base_ref, head_ref }
    }
}
