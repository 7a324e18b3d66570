//! Calls that octocrab words and reads itself: those whose route and body it writes as we would, that are
//! simply repeated after an unclear answer or worth a warning and no more, and whose answer is documented
//! to hold all that its model asks for. `docs/decisions/0006-which-calls-octocrab-words.md` lists all
//! calls with the reason.

use std::time::Instant;

use octocrab::git::GitHandler;
use octocrab::issues::IssueHandler;

use super::call::{Purpose, TypedCall};
use super::client::{Client, NO_ANSWER, location, lost, unreadable};
use super::error::{self, ApiError, ApiRefusal, ErrorKind};
use crate::clock;

impl Client {
    /// octocrab's calls of the Git Data API.
    pub(super) fn git(&self) -> GitHandler<'_> {
        let (owner, name) = self.encoded();
        self.octocrab().git(owner, name)
    }

    /// octocrab's calls about issues, which pull requests are as well.
    pub(super) fn issues(&self) -> IssueHandler<'_> {
        let (owner, name) = self.encoded();
        self.octocrab().issues(owner, name)
    }

    /// Sends a call of octocrab's, once: pacing, the waits that GitHub asks for, the time limit and the
    /// meaning of a refusal are those of our own calls.
    pub(super) async fn typed<T, F: Future<Output = octocrab::Result<T>>>(
        &self,
        call: &TypedCall,
        send: impl Fn() -> F,
    ) -> Result<T, ApiError> {
        let purpose = &call.purpose;
        let once = || async {
            let (began, mut status) = (Instant::now(), NO_ANSWER.to_owned());
            let sent = async {
                let answer = send().await;
                status = told(&answer);
                answer.map_err(|error| self.meaning(purpose, &error))
            };
            let answer = self.in_time(purpose, sent).await;
            self.shown_typed(call, &status, began);
            answer
        };
        self.paced(purpose, once).await
    }

    fn meaning(&self, purpose: &Purpose, error: &octocrab::Error) -> ErrorKind {
        match error {
            octocrab::Error::GitHub { source, .. } if source.status_code.is_redirection() => {
                let headers = source.headers.as_ref();
                ErrorKind::Redirected {
                    to: headers.map(|headers| error::one_line(location(headers))).unwrap_or_default(),
                }
            }
            octocrab::Error::GitHub { source, .. } => {
                error::read(&ApiRefusal::told(source), purpose, self.api(), clock::now())
            }
            octocrab::Error::Json { source, .. } => unreadable(purpose, source.inner()),
            _ => lost(purpose, error),
        }
    }
}

/// The status of an answer, as far as octocrab tells it: of a success, that it was one.
fn told<T>(answer: &octocrab::Result<T>) -> String {
    match answer {
        Ok(_) | Err(octocrab::Error::Json { .. }) => "2xx".to_owned(),
        Err(octocrab::Error::GitHub { source, .. }) => source.status_code.as_u16().to_string(),
        Err(_) => NO_ANSWER.to_owned(),
    }
}

#[cfg(test)]
mod tests;
