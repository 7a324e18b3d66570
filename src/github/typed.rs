//! Calls that octocrab words and reads itself: those whose route and body it writes as we would, that are
//! simply repeated after an unclear answer or worth a warning and no more, and whose answer is documented
//! to hold all that its model asks for. `docs/decisions/0006-which-calls-octocrab-words.md` lists all
//! calls with the reason.

use octocrab::git::GitHandler;
use octocrab::issues::IssueHandler;

use super::call::Purpose;
use super::client::{Client, location, lost, unreadable};
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
        purpose: &Purpose,
        send: impl Fn() -> F,
    ) -> Result<T, ApiError> {
        let once = || {
            let sent = send();
            self.in_time(purpose, async { sent.await.map_err(|error| self.meaning(purpose, &error)) })
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

#[cfg(test)]
mod tests;
