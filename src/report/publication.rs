//! What became of the pictures on their way to GitHub.

use serde::Serialize;

use super::{Level, Notice};

/// Author of every commit made with the job's own token.
const JOB_BOT: &str = "github-actions[bot]";

/// What reached GitHub.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// How far the pictures came.
    pub kind: Kind,
    /// The newest commit, if one was made.
    pub commit: Option<String>,
    /// Its page.
    pub commit_url: Option<String>,
    /// Whether every commit of the run is verified; `None` without a commit.
    pub verified: Option<bool>,
    /// Who GitHub says made it.
    pub author: Option<String>,
    /// The branch that holds it.
    pub branch: Option<String>,
    /// Our pull request, touched by this run or not.
    pub pull_request: Option<PullRequest>,
    /// Where the branch can be compared and a pull request opened by hand.
    pub compare_url: Option<String>,
    /// Address below which the committed files can be fetched, without a slash at its end.
    #[serde(skip)]
    pub files: Option<String>,
}

/// The steps of the publishing ladder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// There was nothing to publish, or nothing was to be published.
    #[default]
    None,
    /// A commit on the base branch.
    Commit,
    /// A pull request.
    PullRequest,
    /// Our branch, without a pull request.
    Branch,
    /// Nothing reached GitHub: the files are in the workspace and in the report folder.
    Files,
}

/// Our pull request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PullRequest {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub url: String,
    /// What this run did to it.
    pub operation: Operation,
}

/// What a run did to our pull request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Operation {
    /// Nothing.
    #[default]
    None,
    /// It was opened.
    Created,
    /// It got further pictures.
    Updated,
    /// It was empty.
    Closed,
}

impl Operation {
    /// The word as outputs and report.json spell it.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "none",
            Self::Created => "created",
            Self::Updated => "updated",
            Self::Closed => "closed",
        }
    }
}

/// One thing to tell about the publication, with the page that shows it.
pub struct Told {
    /// In words.
    pub text: String,
    /// The page.
    pub url: Option<String>,
}

impl Publication {
    /// Output `commits-verified`: `true` only if every commit of the run is, empty without one.
    pub fn commits_verified(&self) -> &'static str {
        match (&self.commit, self.verified) {
            (None, _) => "",
            (Some(_), Some(true)) => "true",
            (Some(_), _) => "false",
        }
    }

    /// Where the pictures are now, in a line each.
    pub fn told(&self) -> Vec<Told> {
        let mut lines = Vec::new();
        let mut tell = |text: String, url: &Option<String>| lines.push(Told { text, url: url.clone() });
        if let Some(commit) = &self.commit {
            let short: String = commit.chars().take(7).collect();
            let on = self.branch.as_ref().map(|branch| format!(" on {branch}")).unwrap_or_default();
            let verified = if self.verified == Some(true) { "verified" } else { "not verified" };
            tell(format!("committed as {short}{on}, {verified}"), &self.commit_url);
        }
        if let Some(pull) = &self.pull_request {
            let done = match pull.operation {
                Operation::None => "open",
                done => done.name(),
            };
            tell(format!("pull request #{} {done}", pull.number), &Some(pull.url.clone()));
        }
        match self.kind {
            Kind::Branch => {
                let branch = self.branch.as_deref().unwrap_or("our branch");
                let text = format!(
                    "no pull request: {branch} holds the pictures; open one here, or let the next run do it with \
                     \"Allow GitHub Actions to create and approve pull requests\" (Settings, Actions, General)"
                );
                tell(text, &self.compare_url);
            }
            Kind::Files => tell(
                "nothing reached GitHub: the pictures are in the workspace and in `report-dir`; a later run that \
                 finds that folder, kept or restored, publishes them without asking a provider"
                    .to_owned(),
                &None,
            ),
            Kind::None | Kind::Commit | Kind::PullRequest => {}
        }
        lines
    }

    /// That the commit starts no workflow, when it was made by the job's own token. On a branch without
    /// a pull request nothing waits for one yet.
    pub fn silence(&self) -> Option<Notice> {
        let by_job = self.commit.is_some() && self.author.as_deref() == Some(JOB_BOT);
        let message = match self.kind {
            Kind::Commit if by_job => {
                "The commit was made by the job's own token, so it starts no other workflow, a deploy on push \
                 neither. Run this action right after the checkout inside of the deploy workflow, or let that \
                 one start on `workflow_run` of this one, or give input `github-token` the token of a GitHub App"
            }
            Kind::PullRequest if by_job => {
                "The commit was made by the job's own token, so workflows on the pull request wait until \
                 somebody with write access approves them. Approve them there, or give input `github-token` \
                 the token of a GitHub App"
            }
            _ => return None,
        };
        Some(Notice { level: Level::Notice, message: message.to_owned() })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::samples::committed;

    #[test]
    fn only_a_commit_of_the_jobs_own_token_is_silent() {
        let cure = |publication: &Publication| publication.silence().map(|notice| notice.message);
        let by_job = committed();
        assert!(cure(&by_job).unwrap().contains("inside of the deploy workflow"));
        let on_a_pull_request = Publication { kind: Kind::PullRequest, ..committed() };
        assert!(cure(&on_a_pull_request).unwrap().contains("Approve them there"));
        for other in [
            Publication { author: Some("a-person".to_owned()), ..committed() },
            Publication { author: None, ..committed() },
            Publication { commit: None, ..committed() },
            Publication { kind: Kind::Branch, ..committed() },
        ] {
            assert_eq!(cure(&other), None, "{other:?}");
        }
    }

    #[test]
    fn commits_are_verified_only_when_github_says_so() {
        let said = |verified| Publication { verified, ..committed() }.commits_verified();
        assert_eq!([said(Some(true)), said(Some(false)), said(None)], ["true", "false", "false"]);
        assert_eq!(Publication::default().commits_verified(), "");
    }

    #[test]
    fn a_closed_pull_request_is_told_without_a_commit() {
        let url = "https://github.com/o/r/pull/3".to_owned();
        let pull_request = Some(PullRequest { number: 3, url, operation: Operation::Closed });
        let told = Publication { pull_request, ..Publication::default() }.told();
        assert_eq!(
            told.iter().map(|told| told.text.as_str()).collect::<Vec<_>>(),
            ["pull request #3 closed"]
        );
    }
}
