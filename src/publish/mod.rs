//! Publishing through the GitHub API: edits, not bytes, so that checkouts with other line ends, merge
//! commits and pushes in between never leak into a commit.
//!
//! Every step that cannot be taken leads to the next one down: the branch, a pull request, our branch
//! with a link to compare, the files. Each step down is reported with the setting that would avoid it.

mod branch;
mod comment;
mod divergence;
pub mod gallery;
mod ladder;
pub mod publication;
mod pull;
mod upload;
mod waiting;
pub mod wording;

use std::path::PathBuf;
use std::sync::Arc;

use sha1::{Digest as _, Sha1};

use crate::github::{Client, Sha};
use crate::post::edit::Edit;
use crate::post::front_matter::{Change, FieldValue};
use crate::post::{Dialect, Post};
use crate::secret::Scrubber;
use crate::site::{HeroField, HeroFields};
use crate::write::Outbox;

pub use ladder::{BasePost, Publisher, Refused};
pub use publication::{
    EarlierRuns, Publication, PublishedBranch, PublishedCommit, PublishedPull, PullOperation, Reached,
};

/// How the pictures should arrive.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PublishMode {
    /// A commit on the base branch.
    Commit,
    /// A pull request from our branch into the base branch.
    PullRequest,
}

/// Where and how to publish.
pub struct Options {
    /// GitHub.
    pub client: Arc<Client>,
    /// How the pictures should arrive.
    pub mode: PublishMode,
    /// Branch on which the pictures should land.
    pub base: String,
    /// Our branch for that one.
    pub branch: String,
    /// The commit that was checked out, where the runner says so.
    pub checked_out: Option<Sha>,
    /// Message of the commit; `None` takes ours.
    pub message: Option<String>,
    /// What our pull request is besides its commits.
    pub pull: PullOptions,
    /// End commit messages with a line that signs them off.
    pub signoff: bool,
    /// Number of the pull request in whose comment the pictures are shown.
    pub comment_on: Option<u64>,
    /// Address of the repository's page, without a slash at its end.
    pub page: String,
    /// The workspace's repository.
    pub root: PathBuf,
    /// Where pictures are kept that are not on GitHub yet.
    pub outbox: Outbox,
    /// How posts name their hero image.
    pub hero: HeroFields,
    /// Takes secrets out of what strangers wrote, names of files among it.
    pub scrubber: Scrubber,
}

/// What our pull request is besides its commits.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PullOptions {
    /// Its title; `None` takes ours.
    pub title: Option<String>,
    /// Its labels.
    pub labels: Vec<String>,
    /// Whether it is opened as a draft.
    pub draft: bool,
    /// Who is asked to review it.
    pub reviewers: Reviewers,
    /// Logins of those to whom it is assigned.
    pub assignees: Vec<String>,
    /// Number or title of its milestone.
    pub milestone: Option<String>,
    /// Whether our branch is deleted when everything on it is merged.
    pub delete_branch: bool,
}

/// Who is asked to review a pull request.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reviewers {
    /// Logins.
    pub people: Vec<String>,
    /// Teams of the organisation, by the name in their address.
    pub teams: Vec<String>,
}

impl Reviewers {
    /// Sorts names as people write them: `@login`, `team:name`, `organisation/name`.
    pub fn of(names: Vec<String>) -> Self {
        let (teams, logins) = names.into_iter().partition(|name| name.contains([':', '/']));
        let team = |name: String| name.rsplit([':', '/']).next().unwrap_or_default().to_owned();
        let teams: Vec<String> = teams;
        Self { people: people(logins), teams: teams.into_iter().map(team).collect() }
    }

    fn is_empty(&self) -> bool {
        self.people.is_empty() && self.teams.is_empty()
    }
}

/// Logins as GitHub has them, without the sign by which people are mentioned.
pub fn people(names: Vec<String>) -> Vec<String> {
    names.into_iter().map(|name| name.trim_start_matches('@').to_owned()).collect()
}

/// A post whose picture is made: what is to reach GitHub.
#[derive(Debug, Clone)]
pub struct StagedPicture {
    /// Path of the post in the repository.
    pub post: String,
    /// Its text before the edit, as it is in the workspace.
    pub before: String,
    /// The edit.
    pub edit: Edit,
    /// Path of the picture in the repository.
    pub picture: String,
    /// The repository has the picture already: it stays as it is.
    pub is_known: bool,
    /// It takes the place of the one that the post has, which the user wants without a word in the post.
    pub is_redrawn: bool,
}

impl StagedPicture {
    /// Whether the picture is worth keeping: one that has to be made anew is not.
    fn is_good(&self) -> bool {
        !asks_anew(&self.edit, true)
    }

    /// Whether the edit may be made in another version of the post: it still lacks a picture there, or
    /// has this one, or still asks for a new one, or has still the one that is drawn anew.
    fn qualifies(&self, text: &str, hero: &HeroFields) -> bool {
        let hero = hero.of(&self.post);
        // Somebody may have taken the wish back, with a picture of their own.
        let dialect = Dialect { reader: hero.reader, ..Dialect::default() };
        let asks = || {
            Post::parse(&self.post, text.as_bytes(), dialect).is_ok_and(|post| post.regenerate().is_some())
        };
        let answers = self.edit.changes.iter().any(|change| change.field == "regenerate_image") && asks();
        // In this post the field may lie deeper than the site's does.
        let own = self
            .edit
            .changes
            .iter()
            .find(|change| matches!(change.value, FieldValue::Path(_) | FieldValue::Item(_)));
        let field = own.map(|change| change.field.clone()).or_else(|| hero.field.clone());
        let hero = HeroField { field, ..hero.clone() };
        let value = |text: &str| hero.value(&self.post, text);
        let redo = answers || (self.is_redrawn && value(text) == value(&self.before));
        redo || !hero.is_set(&self.post, text) || self.edit.apply(text).is_ok_and(|edited| edited == text)
    }

    /// The text that this blob holds, if it is the workspace's own but for line ends.
    fn text_of(&self, blob: &Sha) -> Option<String> {
        if git_id(&self.before) == blob.as_str() {
            return Some(self.before.clone());
        }
        let unix = self.before.replace("\r\n", "\n");
        (git_id(&unix) == blob.as_str()).then_some(unix)
    }
}

/// Whether the picture of an edit is the new one that its post asked for.
pub fn answers_wish(edit: &Edit) -> bool {
    asks_anew(edit, false)
}

/// Whether an edit sets the flag that asks for a new picture to this.
fn asks_anew(edit: &Edit, to: bool) -> bool {
    let flag = |change: &Change| change.field == "regenerate_image" && change.value == FieldValue::Bool(to);
    edit.changes.iter().any(flag)
}

/// The id that git gives a text as a blob.
fn git_id(text: &str) -> String {
    let digest = Sha1::new().chain_update(format!("blob {}\0", text.len())).chain_update(text).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn teams_are_told_from_people() {
        let names = ["@octocat", "team:editors", "acme/design", "hubot"].map(str::to_owned);
        let reviewers = Reviewers::of(names.to_vec());
        assert_eq!(reviewers.people, ["octocat", "hubot"]);
        assert_eq!(reviewers.teams, ["editors", "design"]);
    }

    #[test]
    fn a_text_has_the_id_that_git_gives_it() {
        assert_eq!(git_id("hello\n"), "ce013625030ba8dba906f756967f9e9ca394464a");
    }
}
