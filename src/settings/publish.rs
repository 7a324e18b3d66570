//! Where pictures go, and how GitHub is reached.

use super::health::is_branch;
use super::inputs::{self, Input};
use super::masked;
use super::values::{Values, list};
use crate::env::Env;
use crate::publish::{PublishMode, PullOptions, Reviewers, people};
use crate::secret::{Secret, without_userinfo};

/// What GitHub is needed for.
#[derive(Debug, Clone)]
pub enum GithubSettings {
    /// Nothing: there is no token, or no repository.
    Unreachable,
    /// It is asked which posts changed, and gets nothing.
    Reading(GithubAccess),
    /// It gets the pictures.
    Publishing(GithubAccess, Box<PublishSettings>),
}

/// How GitHub is reached.
#[derive(Debug, Clone)]
pub struct GithubAccess {
    /// The token.
    pub token: Secret,
    /// `owner/name`.
    pub repository: String,
    /// REST address.
    pub api: String,
    /// GraphQL address.
    pub graphql: String,
}

/// How pictures get to GitHub.
#[derive(Debug, Clone)]
pub struct PublishSettings {
    /// How they should arrive.
    pub mode: PublishMode,
    /// Branch on which they should land, if it is not the event's.
    pub base: Option<String>,
    /// Our branch, if it is not the usual one.
    pub branch: Option<String>,
    /// First line of the commit.
    pub message: Option<String>,
    /// What our pull request is besides its commits.
    pub pull: PullOptions,
    /// End commit messages with a line that signs them off.
    pub signoff: bool,
    /// Show the pictures in a comment of the pull request that the event is about.
    pub comment: bool,
    /// Address of the repository's page, without a slash at its end.
    pub page: String,
    /// The commit that was checked out.
    pub sha: Option<String>,
}

impl GithubSettings {
    /// How it is reached, where it is.
    pub fn access(&self) -> Option<&GithubAccess> {
        match self {
            Self::Unreachable => None,
            Self::Reading(access) | Self::Publishing(access, _) => Some(access),
        }
    }

    /// How it gets pictures, where it gets any.
    pub fn publishing(&self) -> Option<&PublishSettings> {
        match self {
            Self::Unreachable | Self::Reading(_) => None,
            Self::Publishing(_, publish) => Some(publish),
        }
    }
}

impl PublishSettings {
    /// Our branch for a base.
    pub fn branch_for(&self, base: &str) -> String {
        let usual = || inputs::BRANCH.default.trim_matches('`').replace("<base>", base);
        self.branch.clone().unwrap_or_else(usual)
    }
}

/// Which posts are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScopeSetting {
    /// As the event says.
    Auto,
    /// Those that the event changed.
    Changed,
    /// All that lack an image.
    All,
}

/// Reads everything about GitHub; a mode that `publishes` nothing needs neither token nor repository.
pub(super) fn parse(values: &mut Values<'_>, env: &Env, publishes: bool) -> GithubSettings {
    let default = env.in_actions().then_some(PublishMode::Commit);
    let modes = [
        ("commit", Some(PublishMode::Commit)),
        ("pull-request", Some(PublishMode::PullRequest)),
        ("none", None),
    ];
    let mode = values.given_choice(&inputs::PUBLISH, &modes).unwrap_or(default).filter(|_| publishes);
    let (base, branch) = (branch(values, &inputs::BASE), branch(values, &inputs::BRANCH));
    let (draft, delete_branch) = (values.truth(&inputs::DRAFT), values.truth(&inputs::DELETE_BRANCH));
    let signoff = values.truth(&inputs::SIGNOFF);
    let comment = values.choice(&inputs::COMMENT, &[("auto", true), ("never", false)]);
    let Some(access) = access(values, env, mode.is_some()) else { return GithubSettings::Unreachable };
    let Some(mode) = mode else { return GithubSettings::Reading(access) };
    let text = |input: &Input| values.text(input).map(str::to_owned);
    let names = |input: &Input| values.text(input).map(list).unwrap_or_default();
    let server = server(env);
    let publish = PublishSettings {
        mode,
        base,
        branch,
        message: text(&inputs::COMMIT_MESSAGE).map(|text| text.lines().next().unwrap_or_default().to_owned()),
        pull: PullOptions {
            title: text(&inputs::PULL_REQUEST_TITLE),
            labels: names(&inputs::LABELS),
            draft,
            reviewers: Reviewers::of(names(&inputs::REVIEWERS)),
            assignees: people(names(&inputs::ASSIGNEES)),
            milestone: text(&inputs::MILESTONE),
            delete_branch,
        },
        signoff,
        comment,
        page: format!("{server}/{}", access.repository),
        sha: env.get("GITHUB_SHA").map(str::to_owned),
    };
    GithubSettings::Publishing(access, Box::new(publish))
}

/// How GitHub is reached; where nothing says it, a problem if it `is_needed`.
pub(super) fn access(values: &mut Values<'_>, env: &Env, is_needed: bool) -> Option<GithubAccess> {
    let token = masked::github_token(env);
    let repository = env.get("GITHUB_REPOSITORY");
    let source = values.source(&inputs::PUBLISH);
    if is_needed && token.is_none() {
        values.problems.push(format!(
            "{source}: publishing needs a token; give input `github-token` (in Actions `${{{{ github.token }}}}`), or set `publish` to `none`"
        ));
    }
    if is_needed && repository.is_none() {
        values
            .problems
            .push(format!("{source}: set GITHUB_REPOSITORY to `owner/name`, or set `publish` to `none`"));
    }
    Some(GithubAccess {
        token: token?,
        repository: repository?.to_owned(),
        api: address(env, "GITHUB_API_URL", "https://api.github.com"),
        graphql: address(env, "GITHUB_GRAPHQL_URL", "https://api.github.com/graphql"),
    })
}

/// The address of GitHub's pages, without the password that it may hold: it becomes part of links that everybody sees.
pub fn server(env: &Env) -> String {
    without_userinfo(&address(env, "GITHUB_SERVER_URL", "https://github.com"))
}

/// An address that the runner gives.
fn address(env: &Env, name: &str, default: &str) -> String {
    env.get(name).unwrap_or(default).trim_end_matches('/').to_owned()
}

/// Reads the name of a branch; one that git would refuse is known before a picture is paid for.
fn branch(values: &mut Values<'_>, input: &Input) -> Option<String> {
    let name = |text: &str| is_branch(text).then(|| text.to_owned());
    values.given(
        input,
        name,
        "the name of a branch as git allows it, such as `image-fallback/main`, of at most 189 bytes",
    )
}

/// Reads input `scope`.
pub(super) fn scope(values: &mut Values<'_>) -> ScopeSetting {
    values.choice(
        &inputs::SCOPE,
        &[("auto", ScopeSetting::Auto), ("changed", ScopeSetting::Changed), ("all", ScopeSetting::All)],
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_branch_that_git_refuses_is_a_problem_before_anything_is_paid_for() {
        let (long, commit) = ("b".repeat(300), "c0ffee".repeat(6) + "c0ff");
        for (input, key) in [(inputs::BRANCH, "INPUT_BRANCH"), (inputs::BASE, "INPUT_BASE")] {
            for text in ["a..b", "a b", "a~1", ".a", "a/", "a.lock", "@", "-x", "HEAD", &commit, &long] {
                let env = Env::of([(key, text)]);
                let mut values = Values::new(&env, BTreeMap::new());
                assert_eq!(branch(&mut values, &input), None, "{text}");
                let [problem] = values.problems.as_slice() else { panic!("{text}: {:?}", values.problems) };
                assert!(problem.starts_with(&format!("input `{}`: ", input.name)), "{problem}");
                assert!(problem.contains("write the name of a branch"), "{problem}");
            }
            let env = Env::of([(key, "bots/hero-images")]);
            let mut values = Values::new(&env, BTreeMap::new());
            assert_eq!(branch(&mut values, &input).as_deref(), Some("bots/hero-images"));
            assert!(values.problems.is_empty(), "{:?}", values.problems);
        }
    }
}
