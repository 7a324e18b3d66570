//! The switches of the fake: who the token is, what it may do, and what the repository forbids.

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Value, json};

/// Whose token calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// `GITHUB_TOKEN`: github-actions[bot].
    Job,
    /// The installation token of another App.
    App,
    /// A personal access token.
    Person,
}

impl Actor {
    /// The account's login.
    pub fn login(self) -> &'static str {
        match self {
            Self::Job => "github-actions[bot]",
            Self::App => "blog-pictures[bot]",
            Self::Person => "ann",
        }
    }

    /// The address in commits the account makes.
    pub fn email(self) -> &'static str {
        match self {
            Self::Job => "41898282+github-actions[bot]@users.noreply.github.com",
            Self::App => "1234567+blog-pictures[bot]@users.noreply.github.com",
            Self::Person => "ann@users.noreply.github.com",
        }
    }
}

/// One level of a `permissions:` line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Access {
    None,
    Read,
    Write,
}

/// What protects a branch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protection {
    /// Classic protection, as its hook words it.
    Classic,
    /// Classic protection that lets only some people push.
    NotAuthorized,
    /// Classic protection with a required check.
    StatusCheck,
    /// A ruleset that wants a pull request.
    PullRequest,
    /// A ruleset that wants verified commits.
    Signatures,
}

impl Protection {
    /// The message of the 422 that a write meets.
    pub fn message(self, branch: &str) -> String {
        match self {
            Self::Classic => {
                format!(
                    "Protected branch update failed for refs/heads/{branch}: protected branch hook declined"
                )
            }
            Self::NotAuthorized => "You're not authorized to push to this branch. Visit \
                https://docs.github.com/articles/about-protected-branches/ for more information."
                .into(),
            Self::StatusCheck => "Required status check \"build\" is expected.".into(),
            Self::PullRequest => {
                "Repository rule violations found\n\nChanges must be made through a pull request.\n\n".into()
            }
            Self::Signatures => {
                "Repository rule violations found\n\nCommits must have verified signatures.\n\n".into()
            }
        }
    }

    /// The rule as `rules/branches` lists it; classic protection is not listed there.
    pub fn rule(self) -> Option<Value> {
        let rule = |kind: &str, parameters: Value| {
            json!({"type": kind, "parameters": parameters, "ruleset_source_type": "Repository",
                   "ruleset_source": "acme/blog", "ruleset_id": 42})
        };
        match self {
            Self::PullRequest => Some(rule(
                "pull_request",
                json!({"required_approving_review_count": 1, "dismiss_stale_reviews_on_push": false,
                       "require_code_owner_review": false, "require_last_push_approval": false,
                       "required_review_thread_resolution": false}),
            )),
            Self::Signatures => Some(rule("required_signatures", Value::Null)),
            Self::Classic | Self::NotAuthorized | Self::StatusCheck => None,
        }
    }
}

/// A limit that answers every call until it is taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Limit {
    /// `x-ratelimit-remaining: 0`, over in this many seconds.
    Primary { status: u16, reset_in: u64 },
    /// Secondary, 403 or 429, with or without `retry-after` in seconds.
    Secondary { status: u16, retry_after: Option<u64> },
}

/// Everything a test may switch, before or during a run, with `World::rules`.
#[derive(Clone, Debug)]
pub struct Rules {
    /// The only token that is accepted.
    pub token: String,
    pub actor: Actor,
    /// Whether commits of a bot without author come back verified; a bot can meet hosts that do not sign.
    pub signs: bool,
    /// What the repository's `permissions` field claims, true or not.
    pub claimed: Value,
    pub contents: Access,
    pub pull_requests: Access,
    pub issues: Access,
    /// The repository answers 404 to everything, as a private one does to strangers.
    pub hidden: bool,
    /// Protection by branch name.
    pub protected: BTreeMap<String, Vec<Protection>>,
    /// "Allow GitHub Actions to create and approve pull requests" is off; counts for the job's token only.
    pub pull_requests_forbidden: bool,
    pub drafts_unsupported: bool,
    pub labels_forbidden: bool,
    /// Nobody can open issues here.
    pub issues_disabled: bool,
    /// Titles of the open milestones.
    pub milestones: Vec<String>,
    pub limit: Option<Limit>,
    /// The repository now has this name; the old one answers 301 and 307.
    pub renamed_to: Option<String>,
    /// Refs outside `refs/heads` and `refs/tags` are refused.
    pub custom_refs_refused: bool,
    /// Added to every request.
    pub latency: Duration,
    /// How many reads of a ref after each write still show it as it was before.
    pub stale_reads: u32,
    /// A recursive tree with more entries than this comes back cut, `truncated: true`.
    pub tree_limit: usize,
}

impl Rules {
    pub(super) fn new() -> Self {
        Self {
            token: "ghs_fakeTokenOfTheJob".into(),
            actor: Actor::Job,
            signs: true,
            claimed: json!({"admin": false, "maintain": false, "push": false, "triage": false, "pull": true}),
            contents: Access::Write,
            pull_requests: Access::Write,
            issues: Access::Write,
            hidden: false,
            protected: BTreeMap::new(),
            pull_requests_forbidden: false,
            drafts_unsupported: false,
            labels_forbidden: false,
            issues_disabled: false,
            milestones: Vec::new(),
            limit: None,
            renamed_to: None,
            custom_refs_refused: false,
            latency: Duration::ZERO,
            stale_reads: 0,
            tree_limit: 100_000,
        }
    }

    /// Puts one protection on a branch.
    pub fn protect(&mut self, branch: &str, protection: Protection) {
        self.protected.entry(branch.to_owned()).or_default().push(protection);
    }

    /// Leaves the token nothing but reading, as on pull requests from forks.
    pub fn read_only(&mut self) {
        (self.contents, self.pull_requests, self.issues) = (Access::Read, Access::Read, Access::Read);
    }
}
