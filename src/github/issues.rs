//! Issues: ours is found by a mark in its text, opened, brought up to date and closed.
//!
//! Contract: `docs.github.com/rest/issues/issues`.

use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::call::{ApiCall, Purpose, TypedCall};
use super::client::{Client, TRIES};
use super::error::ApiError;
use super::pulls::{Authorship, fit_body};

/// Open issues looked through, in pages of 100, those that changed last first: ours changes with every bad run.
const PAGES: usize = 2;

/// Reading asks for no more than writing will need.
const WRITE: &str = "issues: write";

/// An open issue as GitHub tells it.
#[derive(Debug, Clone, Deserialize)]
pub struct Issue {
    /// Its number.
    pub number: u64,
    /// Its page.
    pub html_url: String,
    body: Option<String>,
    /// Pull requests are issues as well.
    pull_request: Option<IgnoredAny>,
    #[serde(flatten)]
    authorship: Authorship,
}

impl Issue {
    fn is_ours(&self, mark: &str) -> bool {
        let holds = self.body.as_ref().is_some_and(|body| body.contains(mark));
        holds && self.pull_request.is_none() && self.authorship.is_trusted()
    }
}

impl Client {
    /// The open issues whose text holds this mark, oldest first; a stranger's is none of ours.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn issues_marked(&self, mark: &str) -> Result<Vec<Issue>, ApiError> {
        let mut ours = Vec::new();
        for page in 1..=PAGES {
            let route = format!("/issues?state=open&sort=updated&direction=desc&per_page=100&page={page}");
            let read: Vec<Issue> = self.read(&ApiCall::get(route, "looking for our issue", WRITE)).await?;
            let is_last = read.len() < 100;
            ours.extend(read.into_iter().filter(|issue| issue.is_ours(mark)));
            if is_last || !ours.is_empty() {
                break;
            }
        }
        ours.sort_unstable_by_key(|issue| issue.number);
        Ok(ours)
    }

    /// Opens an issue whose text holds this mark. After an unclear answer it is looked for before anything is repeated.
    ///
    /// # Errors
    /// [`super::ErrorKind::NoIssues`]; as any writing call.
    pub async fn open_issue(&self, title: &str, body: &str, mark: &str) -> Result<Issue, ApiError> {
        let mut unclear = 0;
        loop {
            let content = json!({ "title": title, "body": fit_body(body) });
            let error = match self
                .write(&ApiCall::post("/issues".into(), content, "opening an issue", WRITE))
                .await
            {
                Ok(issue) => return Ok(issue),
                Err(error) => error,
            };
            unclear += 1;
            if !error.kind.is_unclear() || unclear == TRIES {
                return Err(error);
            }
            self.pause(unclear).await;
            if let Some(issue) = self.issues_marked(mark).await?.into_iter().next() {
                return Ok(issue);
            }
        }
    }

    /// Gives an issue another text.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn update_issue(&self, number: u64, body: &str) -> Result<(), ApiError> {
        let content = json!({ "body": fit_body(body) });
        let call =
            ApiCall::patch(format!("/issues/{number}"), content, format!("updating issue #{number}"), WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }

    /// Closes an issue as completed, after saying why. A comment that fails does not keep it open.
    ///
    /// # Errors
    /// As any writing call.
    pub async fn close_issue(&self, number: u64, comment: &str) -> Result<(), ApiError> {
        let purpose = Purpose::writing(format!("commenting on issue #{number}"), WRITE);
        let said = TypedCall::new(purpose, "POST", format!("/issues/{number}/comments"));
        let body = fit_body(comment);
        if let Err(error) =
            self.typed(&said, || async { self.issues().create_comment(number, &body).await }).await
        {
            tracing::warn!("{error}");
        }
        let content = json!({ "state": "closed", "state_reason": "completed" });
        let call =
            ApiCall::patch(format!("/issues/{number}"), content, format!("closing issue #{number}"), WRITE);
        self.write_harmless::<IgnoredAny>(&call).await.map(drop)
    }
}
