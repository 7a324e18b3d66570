//! Pull requests: found, opened, updated, closed and labelled.
//!
//! Contracts: `docs.github.com/rest/pulls/pulls`, `rest/issues/labels`, `rest/issues/comments`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::call::{ApiCall, Purpose, TypedCall};
use super::client::{Client, TRIES};
use super::error::{ApiError, ErrorKind};
use super::sha::Sha;
use crate::text::url_segment;

/// Longest body GitHub takes, in characters.
const BODY_LIMIT: usize = 65_536;

/// Longest label name GitHub takes, in characters.
const LABEL: usize = 50;

/// Open pull requests looked through, in pages of 100, when the filter by branch misses ours.
const PAGES: usize = 10;

const READ: &str = "pull-requests: read";
const WRITE: &str = "pull-requests: write";

/// A pull request as GitHub tells it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Pull {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub html_url: String,
    /// Its title.
    #[serde(default)]
    pub title: String,
    /// Its body.
    pub body: Option<String>,
    /// Where its commits are.
    pub head: Side,
    /// Where they are to go.
    pub base: Side,
}

/// One side of a [`Pull`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Side {
    /// Name of the branch.
    #[serde(rename = "ref")]
    pub branch: String,
    /// Its tip.
    pub sha: Sha,
    /// The repository; `None` when it was deleted.
    pub repo: Option<Home>,
}

/// The repository of a [`Side`].
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Home {
    /// `owner/name`.
    pub full_name: String,
}

/// A pull request to open, from a branch of the same repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewPull<'a> {
    /// Branch with the commits.
    pub head: &'a str,
    /// Branch they are to go to.
    pub base: &'a str,
    /// One line.
    pub title: &'a str,
    /// Markdown; cut to what GitHub takes.
    pub body: &'a str,
    /// As a draft, where the repository has them.
    pub draft: bool,
}

/// What became of opening one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Opened {
    /// It is new.
    Created(Pull),
    /// One from this branch was open already; it has the title and body now.
    Updated(Pull),
}

/// A fork of the same owner carries the same label; only the repository tells them apart.
fn is_ours(pull: &Pull, head: &str, base: &str) -> bool {
    let same_home = pull.head.repo.is_some() && pull.head.repo == pull.base.repo;
    same_home && pull.head.branch == head && pull.base.branch == base
}

impl Client {
    /// Finds the open pull request from a branch of this repository into `base`.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn find_pull(&self, head: &str, base: &str) -> Result<Option<Pull>, ApiError> {
        // Without the owner GitHub ignores the filter.
        let label = format!("{}:{head}", self.owner());
        let filter = format!("&head={}&base={}", url_segment(&label), url_segment(base));
        let pulls = self.open_pulls(&filter, 1).await?;
        Ok(pulls.into_iter().find(|pull| is_ours(pull, head, base)))
    }

    /// Whether somebody closed or merged a pull request from `head` into `base` that ended at `tip`.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn was_closed(&self, head: &str, base: &str, tip: &Sha) -> Result<bool, ApiError> {
        let label = format!("{}:{head}", self.owner());
        let filter = format!("&head={}&base={}", url_segment(&label), url_segment(base));
        let pulls = self.pulls("closed", &filter, 1).await?;
        Ok(pulls.iter().any(|pull| is_ours(pull, head, base) && pull.head.sha == *tip))
    }

    /// As [`Client::find_pull`], for one that GitHub says exists: its filter by branch is known to
    /// miss some, so all open ones are looked through.
    async fn find_existing(&self, head: &str, base: &str) -> Result<Option<Pull>, ApiError> {
        if let Some(pull) = self.find_pull(head, base).await? {
            return Ok(Some(pull));
        }
        for page in 1..=PAGES {
            let pulls = self.open_pulls(&format!("&base={}", url_segment(base)), page).await?;
            if pulls.is_empty() {
                break;
            }
            if let Some(pull) = pulls.into_iter().find(|pull| is_ours(pull, head, base)) {
                return Ok(Some(pull));
            }
        }
        Ok(None)
    }

    async fn open_pulls(&self, filter: &str, page: usize) -> Result<Vec<Pull>, ApiError> {
        self.pulls("open", filter, page).await
    }

    async fn pulls(&self, state: &str, filter: &str, page: usize) -> Result<Vec<Pull>, ApiError> {
        let route = format!("/pulls?state={state}&per_page=100&page={page}{filter}");
        self.read(&ApiCall::get(route, "looking for our pull request", READ)).await
    }

    /// Opens a pull request, or brings the one that is open already up to date. Where drafts are
    /// not to be had, it is an ordinary one.
    ///
    /// # Errors
    /// [`ErrorKind::NotAllowedToOpenPullRequests`]; [`ErrorKind::NothingToMerge`]; as any writing
    /// call.
    pub async fn open_pull(&self, new: &NewPull<'_>) -> Result<Opened, ApiError> {
        let NewPull { head, base, title, body, .. } = *new;
        let mut draft = new.draft;
        let mut unclear = 0;
        loop {
            let content =
                json!({ "head": head, "base": base, "title": title, "body": fit_body(body), "draft": draft });
            let what = format!("opening a pull request from `{head}` into `{base}`");
            let error = match self.write(&ApiCall::post("/pulls".into(), content, what, WRITE)).await {
                Ok(pull) => return Ok(Opened::Created(pull)),
                Err(error) => error,
            };
            match &error.kind {
                ErrorKind::NoDrafts if draft => draft = false,
                ErrorKind::AlreadyExists { .. } => {
                    let Some(pull) = self.find_existing(head, base).await? else { return Err(error) };
                    return Ok(if unclear > 0 {
                        Opened::Created(pull)
                    } else {
                        Opened::Updated(self.update_pull(pull.number, title, body).await?)
                    });
                }
                kind if kind.is_unclear() => {
                    unclear += 1;
                    self.pause(unclear).await;
                    if let Some(pull) = self.find_pull(head, base).await? {
                        return Ok(Opened::Created(pull));
                    }
                    if unclear == TRIES {
                        return Err(error);
                    }
                }
                _ => return Err(error),
            }
        }
    }

    /// Gives a pull request another title and body.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn update_pull(&self, number: u64, title: &str, body: &str) -> Result<Pull, ApiError> {
        let content = json!({ "title": title, "body": fit_body(body) });
        let what = format!("updating pull request #{number}");
        self.write_harmless(&ApiCall::patch(format!("/pulls/{number}"), content, what, WRITE)).await
    }

    /// Closes a pull request, after saying why. A comment that fails does not keep it open.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn close_pull(&self, number: u64, comment: &str) -> Result<(), ApiError> {
        if let Err(error) = self.comment(number, comment).await {
            tracing::warn!("{error}");
        }
        let what = format!("closing pull request #{number}");
        let call = ApiCall::patch(format!("/pulls/{number}"), json!({ "state": "closed" }), what, WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(|_| ())
    }

    /// Puts labels on a pull request; a name too long for GitHub is cut. The pull request stands
    /// without them, so a failure here is worth a warning and no more.
    ///
    /// # Errors
    /// As any writing call; [`ErrorKind::Forbidden`] where a label would have to be created.
    pub async fn label_pull(&self, number: u64, labels: &[&str]) -> Result<(), ApiError> {
        let labels: Vec<String> = labels.iter().map(|label| label.chars().take(LABEL).collect()).collect();
        let purpose = Purpose::writing(format!("labelling pull request #{number}"), "issues: write");
        let call = TypedCall::new(purpose, "POST", format!("/issues/{number}/labels"));
        let send = || async { self.issues().add_labels(number, &labels).await };
        self.again(|| self.typed(&call, send)).await.map(drop)
    }
}

impl Client {
    /// The comments of a pull request, oldest first, as far as they are looked through.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn comments(&self, number: u64) -> Result<Vec<Comment>, ApiError> {
        let mut comments = Vec::new();
        for page in 1..=PAGES {
            let route = format!("/issues/{number}/comments?per_page=100&page={page}");
            let call = ApiCall::get(route, format!("reading the comments of #{number}"), READ);
            let read: Vec<Comment> = self.read(&call).await?;
            let is_last = read.len() < 100;
            comments.extend(read);
            if is_last {
                break;
            }
        }
        Ok(comments)
    }

    /// Says something under a pull request. Not repeated: the same comment twice is worse than none.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn comment(&self, number: u64, text: &str) -> Result<(), ApiError> {
        let purpose = Purpose::writing(format!("commenting on pull request #{number}"), WRITE);
        let call = TypedCall::new(purpose, "POST", format!("/issues/{number}/comments"));
        let body = fit_body(text);
        self.typed(&call, || async { self.issues().create_comment(number, &body).await }).await.map(drop)
    }

    /// Gives a comment another text.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn update_comment(&self, id: u64, text: &str) -> Result<(), ApiError> {
        let content = json!({ "body": fit_body(text) });
        let call = ApiCall::patch(format!("/issues/comments/{id}"), content, "updating our comment", WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }

    /// Asks people and teams to review a pull request. Names that GitHub does not know fail all of them.
    ///
    /// # Errors
    /// As any writing call; [`ErrorKind::Forbidden`] for teams with the token of a job.
    pub async fn ask_reviewers(
        &self,
        number: u64,
        people: &[String],
        teams: &[String],
    ) -> Result<(), ApiError> {
        let content = json!({ "reviewers": people, "team_reviewers": teams });
        let route = format!("/pulls/{number}/requested_reviewers");
        let call = ApiCall::post(route, content, format!("asking for a review of #{number}"), WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }

    /// Assigns a pull request to people.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn assign_pull(&self, number: u64, people: &[String]) -> Result<(), ApiError> {
        let route = format!("/issues/{number}/assignees");
        let call =
            ApiCall::post(route, json!({ "assignees": people }), format!("assigning #{number}"), WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }

    /// The number of an open milestone by its number or title; `None` where there is none such.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn milestone(&self, name: &str) -> Result<Option<u64>, ApiError> {
        let route = "/milestones?state=open&per_page=100".to_owned();
        let open: Vec<Milestone> = self.read(&ApiCall::get(route, "reading the milestones", READ)).await?;
        let is_meant = |one: &&Milestone| one.title == name || one.number.to_string() == name;
        Ok(open.iter().find(is_meant).map(|one| one.number))
    }

    /// Puts a pull request into a milestone.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn set_milestone(&self, number: u64, milestone: u64) -> Result<(), ApiError> {
        let content = json!({ "milestone": milestone });
        let what = format!("putting #{number} into a milestone");
        let call = ApiCall::patch(format!("/issues/{number}"), content, what, WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }
}

/// A comment under a pull request.
#[derive(Debug, Clone, Deserialize)]
pub struct Comment {
    /// Its number among all comments.
    pub id: u64,
    /// What it says.
    #[serde(default)]
    pub body: String,
    #[serde(flatten)]
    authorship: Authorship,
}

/// Who wrote an issue or a comment.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Authorship {
    user: Option<CommentAuthor>,
    #[serde(default)]
    author_association: String,
}

#[derive(Debug, Clone, Deserialize)]
struct CommentAuthor {
    #[serde(default, rename = "type")]
    kind: String,
}

impl Comment {
    /// Whether what it says may be taken for ours.
    pub fn is_trusted(&self) -> bool {
        self.authorship.is_trusted()
    }
}

impl Authorship {
    /// Whether the author is a program or somebody of the repository: everybody may write, and what a text of ours
    /// seems to say is said again.
    pub(super) fn is_trusted(&self) -> bool {
        self.user.as_ref().is_some_and(|user| user.kind == "Bot")
            || matches!(self.author_association.as_str(), "OWNER" | "MEMBER" | "COLLABORATOR")
    }
}

#[derive(Deserialize)]
struct Milestone {
    number: u64,
    title: String,
}

/// A body that GitHub takes: cut at a line where one is near, with a last line that says so.
pub(super) fn fit_body(body: &str) -> String {
    const MARK: &str = "\n\n(cut: GitHub takes no longer text)";
    if body.chars().nth(BODY_LIMIT).is_none() {
        return body.to_owned();
    }
    let room = BODY_LIMIT - MARK.len();
    let end = body.char_indices().nth(room).map_or(body.len(), |(end, _)| end);
    let head = &body[..end];
    let line = head.rfind('\n').filter(|&line| end - line < 2_000).unwrap_or(end);
    format!("{}{MARK}", &head[..line])
}

#[cfg(test)]
mod tests;
