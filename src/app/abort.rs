//! Why a run ends before its time. It goes up by `?` and is recorded in `app::run` alone.

use tokio_util::sync::CancellationToken;

use crate::publish::Refused;

/// Why a run goes no further.
#[derive(Debug)]
pub(super) enum Abort {
    /// Settings or rights are wrong, each problem with its cure; nothing was spent.
    InvalidSettings(Vec<String>),
    /// The run failed.
    Failed(anyhow::Error),
    /// A signal came first, and says itself what became of the run.
    Cancelled,
}

impl Abort {
    /// One setting that is wrong.
    pub(super) fn invalid(problem: impl Into<String>) -> Self {
        Self::InvalidSettings(vec![problem.into()])
    }
}

impl From<anyhow::Error> for Abort {
    fn from(error: anyhow::Error) -> Self {
        match error.downcast::<Refused>() {
            Ok(refused) => Self::invalid(refused.0),
            Err(error) => Self::Failed(error),
        }
    }
}

/// Gives work up when the run is told to stop: for as long as nothing is spent, nobody need wait for GitHub.
///
/// # Errors
/// [`Abort::Cancelled`] then, else the work's own.
pub(super) async fn unless_cancelled<T>(
    stop: &CancellationToken,
    work: impl Future<Output = Result<T, Abort>>,
) -> Result<T, Abort> {
    stop.run_until_cancelled(work).await.unwrap_or(Err(Abort::Cancelled))
}
