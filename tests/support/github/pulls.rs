//! Pull requests: the little that GitHub keeps outside git.

use super::state::State;
use super::store::Oid;
use super::world::World;

/// Where the head of a pull request lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Home {
    Here,
    Fork,
    /// A fork that was deleted since: `head.repo` is null.
    DeletedFork,
}

/// One pull request.
#[derive(Clone, Debug)]
pub struct Pull {
    pub number: u64,
    pub title: String,
    pub body: Option<String>,
    pub author: String,
    pub home: Home,
    /// Branch names without `refs/heads/`.
    pub head: String,
    pub base: String,
    /// The tip of the head while open, the last one after that.
    pub head_sha: Oid,
    /// The tip of the base while open, the last one after that.
    pub base_sha: Oid,
    pub open: bool,
    pub draft: bool,
    /// The commit on the base that merged it.
    pub merged: Option<Oid>,
    pub labels: Vec<String>,
    pub comments: Vec<String>,
    /// Numbers of the comments, and who wrote each.
    pub comment_ids: Vec<(u64, String)>,
    pub reviewers: Vec<String>,
    pub teams: Vec<String>,
    pub assignees: Vec<String>,
    pub milestone: Option<u64>,
}

/// Where a seeded pull request comes from.
#[derive(Clone, Copy, Debug)]
pub enum Source<'a> {
    /// A branch of the repository itself.
    Branch(&'a str),
    /// A branch of the repository itself, opened by Dependabot.
    Dependabot(&'a str),
    /// A commit in somebody's fork.
    Fork(&'a str),
    /// The same, and the fork was deleted.
    DeletedFork(&'a str),
}

/// How a pull request is merged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Merge {
    Commit,
    Squash,
}

impl State {
    /// Lets open pull requests follow their branches; one whose head branch is gone is closed, as GitHub does.
    pub fn follow_refs(&mut self) {
        for pull in self.pulls.iter_mut().filter(|pull| pull.open) {
            if let Some(tip) = self.store.read_ref(&format!("refs/heads/{}", pull.base)) {
                pull.base_sha = tip;
            }
            if pull.home == Home::Here {
                match self.store.read_ref(&format!("refs/heads/{}", pull.head)) {
                    Some(tip) => pull.head_sha = tip,
                    None => pull.open = false,
                }
            }
            let name = format!("refs/pull/{}/head", pull.number);
            if self.store.read_ref(&name).as_ref() != Some(&pull.head_sha) {
                self.store.write_ref(&name, &pull.head_sha).expect("pull refs stand alone");
            }
        }
    }

    /// Opens a pull request; `head_sha` and `base_sha` are filled in from the branches where they exist.
    pub fn open_pull(&mut self, pull: Pull) -> u64 {
        let number = (self.pulls.len() + self.issues.len()) as u64 + 1;
        self.pulls.push(Pull { number, ..pull });
        self.follow_refs();
        number
    }

    /// One pull request by number.
    pub fn pull(&mut self, number: u64) -> Option<&mut Pull> {
        self.pulls.iter_mut().find(|pull| pull.number == number)
    }
}

impl World {
    /// Opens a pull request as its author would on the site.
    pub fn pull_request(&self, source: Source<'_>, base: &str) -> u64 {
        let (home, author, head, sha) = match source {
            Source::Branch(branch) => (Home::Here, "ann", branch, None),
            Source::Dependabot(branch) => (Home::Here, "dependabot[bot]", branch, None),
            Source::Fork(sha) => (Home::Fork, "stranger", "patch-1", Some(sha)),
            Source::DeletedFork(sha) => (Home::DeletedFork, "stranger", "patch-1", Some(sha)),
        };
        self.state().open_pull(Pull {
            number: 0,
            title: "A new post".into(),
            body: None,
            author: author.into(),
            home,
            head: head.into(),
            base: base.into(),
            head_sha: sha.unwrap_or_default().into(),
            base_sha: Oid::new(),
            open: true,
            draft: false,
            merged: None,
            labels: Vec::new(),
            comments: Vec::new(),
            comment_ids: Vec::new(),
            reviewers: Vec::new(),
            teams: Vec::new(),
            assignees: Vec::new(),
            milestone: None,
        })
    }

    /// All pull requests as they stand.
    pub fn pulls(&self) -> Vec<Pull> {
        self.state().pulls.clone()
    }

    /// The merge commit that `pull_request` events check out, kept under `refs/pull/<n>/merge`.
    pub fn merge_commit(&self, number: u64) -> Oid {
        let mut state = self.state();
        let pull = state.pull(number).expect("there is such a pull request").clone();
        let tree = state.store.merge(&pull.base_sha, &pull.head_sha).expect("the two merge cleanly");
        let message = format!("Merge {} into {}", pull.head_sha, pull.base_sha);
        let parents = [pull.base_sha, pull.head_sha];
        let oid = state.commit_as(("GitHub", "noreply@github.com"), &parents, tree, &message, true);
        state.store.write_ref(&format!("refs/pull/{number}/merge"), &oid).expect("pull refs stand alone");
        oid
    }

    /// Merges a pull request into its base, as a person does with the green button.
    pub fn merge(&self, number: u64, how: Merge) -> Oid {
        let mut state = self.state();
        let pull = state.pull(number).expect("there is such a pull request").clone();
        let tree = state.store.merge(&pull.base_sha, &pull.head_sha).expect("the two merge cleanly");
        let mut parents = vec![pull.base_sha];
        if how == Merge::Commit {
            parents.push(pull.head_sha);
        }
        let message = format!("{} (#{number})", pull.title);
        let oid = state.commit_as(("Ann Author", "ann@example.com"), &parents, tree, &message, true);
        state.store.write_ref(&format!("refs/heads/{}", pull.base), &oid).expect("the base exists");
        if let Some(pull) = state.pull(number) {
            (pull.open, pull.merged) = (false, Some(oid.clone()));
        }
        state.follow_refs();
        oid
    }

    /// Somebody comments.
    pub fn comment(&self, number: u64, author: &str, text: &str) {
        let mut state = self.state();
        state.comments += 1;
        let id = state.comments;
        let pull = state.pull(number).expect("there is such a pull request");
        pull.comments.push(text.to_owned());
        pull.comment_ids.push((id, author.to_owned()));
    }

    /// Closes a pull request without merging it.
    pub fn close(&self, number: u64) {
        self.state().pull(number).expect("there is such a pull request").open = false;
    }
}
