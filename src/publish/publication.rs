//! Where the pictures got to: what report.json holds of it, and what else there is to tell.

use serde::Serialize;

use crate::github::Commit;

/// What reached GitHub, and what did not.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Publication {
    /// How far the pictures came.
    #[serde(rename = "kind")]
    pub reached: Reached,
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
    pub pull_request: Option<PublishedPull>,
    /// Where the branch can be compared and a pull request opened by hand.
    pub compare_url: Option<String>,
    /// Address below which the committed files can be fetched, without a slash at its end.
    #[serde(skip)]
    pub files: Option<String>,
    /// Posts finished in the workspace only, as they should be, with the reason.
    #[serde(skip)]
    pub left_out: Vec<(String, Obstacle)>,
    /// How many pictures another run at the same time made useless.
    #[serde(skip)]
    pub in_vain: usize,
    /// Posts whose picture should have reached GitHub and did not, with the reason; it is kept in the
    /// report folder.
    #[serde(skip)]
    pub lost: Vec<(String, String)>,
    /// Steps that could not be taken, each with the cure.
    #[serde(skip)]
    pub steps_down: Vec<String>,
}

/// The steps of the ladder.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reached {
    /// There was nothing to publish, or nothing was to be published.
    #[default]
    #[serde(rename = "none")]
    Nothing,
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
pub struct PublishedPull {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub url: String,
    /// What this run did to it.
    pub operation: PullOperation,
}

/// What a run did to our pull request.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum PullOperation {
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

impl PullOperation {
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

/// What keeps a finished post off the branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Another run at the same time made a picture for it as well.
    #[error(
        "another run put a picture for this post on the branch in the meantime; this one was paid for in vain"
    )]
    InVain,
    /// It got a picture in another way.
    #[error("somebody gave it a picture on the branch in the meantime")]
    Settled,
    /// Another file has the name of the picture.
    #[error("another file with the picture's name was added to the branch in the meantime")]
    NameTaken,
    /// The workspace has it, and the commit that was checked out has not.
    #[error("it is not on the branch yet; the step that commits it commits the picture as well")]
    New,
    /// It was changed in the workspace.
    #[error("it differs from the branch; the step that commits it commits the picture as well")]
    Changed,
    /// It was deleted on the branch.
    #[error("it is no longer on the branch")]
    Deleted,
    /// It is a link there, not a file of its own.
    #[error("it is a link on the branch")]
    Link,
    /// It cannot be edited there.
    #[error("it is not text on the branch")]
    Binary,
    /// Its front matter cannot take the edit there, or something is in the way of a file: in words.
    #[error("{0}")]
    Other(String),
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

    /// Keeps a commit; `page` is that of the repository.
    pub(super) fn committed(&mut self, commit: &Commit, page: &str) {
        let sha = commit.sha.as_str();
        self.commit = Some(sha.to_owned());
        self.commit_url = Some(format!("{page}/commit/{sha}"));
        self.files = Some(format!("{page}/raw/{sha}"));
        self.verified = Some(commit.verified);
        self.author = Some(commit.author.clone());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commits_are_verified_only_when_github_says_so() {
        let said = |verified| {
            let commit = Some("0123456789abcdef".to_owned());
            Publication { commit, verified, ..Publication::default() }.commits_verified()
        };
        assert_eq!([said(Some(true)), said(Some(false)), said(None)], ["true", "false", "false"]);
        assert_eq!(Publication::default().commits_verified(), "");
    }
}
