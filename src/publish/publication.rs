//! Where the pictures got to: what GitHub holds after a run, and what did not reach it.

use crate::github::Commit;
use crate::secret::Scrubber;

/// What reached GitHub, and what did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Publication {
    /// How far the pictures came.
    pub reached: Reached,
    /// Posts finished in the workspace only, as they should be, with the reason.
    pub left_out: Vec<(String, Obstacle)>,
    /// How many pictures another run at the same time made useless.
    pub in_vain: usize,
    /// Posts whose picture should have reached GitHub and did not, with the reason; it is kept in the
    /// report folder.
    pub lost: Vec<(String, String)>,
    /// Steps that could not be taken, each with the cure.
    pub steps_down: Vec<String>,
}

/// The step of the ladder that was reached, with what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reached {
    /// There was nothing to publish, or nothing was to be published.
    Nothing(EarlierRuns),
    /// The base branch; `None` where everything was on it already.
    Commit(Option<PublishedBranch>),
    /// A pull request.
    PullRequest {
        /// The pull request.
        pull: PublishedPull,
        /// Our branch; `None` where only an earlier run added to it.
        branch: Option<PublishedBranch>,
    },
    /// Our branch, without a pull request.
    Branch {
        /// Our branch.
        branch: PublishedBranch,
        /// Where it can be compared and a pull request opened by hand.
        compare_url: String,
    },
    /// Nothing reached GitHub: the files are in the workspace and in the report folder.
    Files(EarlierRuns),
}

impl Default for Reached {
    fn default() -> Self {
        Self::Nothing(EarlierRuns::default())
    }
}

/// What earlier runs left on GitHub, where this one adds nothing to it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum EarlierRuns {
    /// Nothing.
    #[default]
    Nothing,
    /// A pull request, which this run may have closed.
    Pull(PublishedPull),
    /// A branch for which no pull request could be opened.
    Branch {
        /// Where it can be compared and a pull request opened by hand.
        compare_url: String,
    },
}

/// A branch that holds the pictures.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedBranch {
    /// Its name.
    pub name: String,
    /// The newest commit of this run; `None` where the branch had everything already.
    pub commit: Option<PublishedCommit>,
}

/// A commit of this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedCommit {
    /// Its id.
    pub sha: String,
    /// Its page.
    pub url: String,
    /// Whether GitHub says that it is verified.
    pub verified: bool,
    /// Who GitHub says made it.
    pub author: String,
    /// Address below which its files can be fetched, without a slash at its end.
    pub files: String,
}

impl PublishedCommit {
    /// The commit in the repository with this page.
    pub(super) fn new(commit: &Commit, page: &str) -> Self {
        let sha = commit.sha.as_str();
        Self {
            sha: sha.to_owned(),
            url: format!("{page}/commit/{sha}"),
            verified: commit.verified,
            author: commit.author.clone(),
            files: format!("{page}/raw/{sha}"),
        }
    }
}

/// Our pull request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublishedPull {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub url: String,
    /// What this run did to it.
    pub operation: PullOperation,
}

/// What a run did to our pull request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PullOperation {
    /// Nothing.
    None,
    /// It was opened.
    Created,
    /// It got further pictures.
    Updated,
    /// It was empty.
    Closed,
}

/// What keeps a finished post off the branch.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Obstacle {
    /// Another run at the same time made a picture for it as well.
    #[error(
        "another run put a picture for this post on the branch first; this one was paid for and not used"
    )]
    InVain,
    /// It got a picture in another way.
    #[error("it was given a picture on the branch in the meantime")]
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
    /// The branch that holds the pictures.
    pub fn branch(&self) -> Option<&PublishedBranch> {
        match &self.reached {
            Reached::Commit(branch) | Reached::PullRequest { branch, .. } => branch.as_ref(),
            Reached::Branch { branch, .. } => Some(branch),
            Reached::Nothing(_) | Reached::Files(_) => None,
        }
    }

    /// The newest commit of the run, if one was made.
    pub fn commit(&self) -> Option<&PublishedCommit> {
        self.branch()?.commit.as_ref()
    }

    /// Our pull request, touched by this run or not.
    pub fn pull_request(&self) -> Option<&PublishedPull> {
        match &self.reached {
            Reached::PullRequest { pull, .. }
            | Reached::Nothing(EarlierRuns::Pull(pull))
            | Reached::Files(EarlierRuns::Pull(pull)) => Some(pull),
            _ => None,
        }
    }

    /// Where our branch can be compared and a pull request opened by hand.
    pub fn compare_url(&self) -> Option<&str> {
        match &self.reached {
            Reached::Branch { compare_url, .. }
            | Reached::Nothing(EarlierRuns::Branch { compare_url })
            | Reached::Files(EarlierRuns::Branch { compare_url }) => Some(compare_url),
            _ => None,
        }
    }

    /// Takes the secrets out of what GitHub and the settings say. Notices are made of the rest.
    pub fn scrub(&mut self, scrubber: &Scrubber) {
        let (branch, pull, compare) = match &mut self.reached {
            Reached::Commit(branch) => (branch.as_mut(), None, None),
            Reached::PullRequest { pull, branch } => (branch.as_mut(), Some(pull), None),
            Reached::Branch { branch, compare_url } => (Some(branch), None, Some(compare_url)),
            Reached::Nothing(earlier) | Reached::Files(earlier) => match earlier {
                EarlierRuns::Nothing => (None, None, None),
                EarlierRuns::Pull(pull) => (None, Some(pull), None),
                EarlierRuns::Branch { compare_url } => (None, None, Some(compare_url)),
            },
        };
        let of_branch = branch.into_iter().flat_map(|PublishedBranch { name, commit }| {
            let of_commit = commit.iter_mut();
            let of_commit =
                of_commit.flat_map(|commit| [&mut commit.url, &mut commit.author, &mut commit.files]);
            std::iter::once(name).chain(of_commit)
        });
        let texts = of_branch.chain(pull.map(|pull| &mut pull.url)).chain(compare);
        texts.for_each(|text| scrubber.scrub_in_place(text));
    }
}
