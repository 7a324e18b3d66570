//! The alert at the end of a run: one message to the webhook that the settings name, and where none takes it an issue of
//! the repository. It never changes the verdict.

use std::time::Duration;

use tokio::time::{sleep, timeout};
use tracing::info;

use super::github::connect;
use super::report::{News, ReportBuilder};
use super::signal::{Signals, TO_ALERT};
use crate::github::ApiError;
use crate::http::{Http, HttpError, HttpResponse};
use crate::report::alert::{Alert, AlertIssue, Webhook};
use crate::runner::Runner;
use crate::settings::{AlertIssueSettings, GithubAccess};

/// How long the webhook may take where no signal has ended the run.
const LONGEST: Duration = Duration::from_secs(15);

/// Pause before the second try, and the longest that the webhook may ask for.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells of a run that ended badly, or of the first good one after such.
pub(super) async fn send(report: &mut ReportBuilder, runner: &Runner, signals: &Signals) {
    let Some(News { webhook, issue, alert, well }) = report.news(runner) else { return };
    let longest = if signals.stop.is_cancelled() { TO_ALERT } else { LONGEST };
    let late = || format!("no answer within {} s", longest.as_secs_f32());
    let mut is_told = false;
    if let (Some(webhook), Some(alert)) = (&webhook, &alert) {
        let sent = timeout(longest, deliver(webhook, alert)).await.unwrap_or_else(|_| Err(late()));
        is_told = sent.is_ok();
        sent.unwrap_or_else(|why| {
            report.not_alerted(format!("the alert was not delivered to the webhook: {why}"));
        });
    }
    let Some(AlertIssueSettings { access, of }) = issue.map(|issue| *issue) else { return };
    let done = match (well, alert) {
        (Some(well), _) => timeout(longest, close(&access, &AlertIssue::of(&well, &of))).await,
        (None, Some(alert)) if !is_told => {
            timeout(longest, open(&access, &AlertIssue::of(&alert, &of))).await
        }
        (None, _) => return,
    };
    if let Err(why) = done.unwrap_or_else(|_| Err(late())) {
        report.not_alerted(format!("no issue tells how this run ended (input `alert-issue`): {why}"));
    }
}

/// Opens the issue, or brings the one that is open up to date.
async fn open(access: &GithubAccess, issue: &AlertIssue) -> Result<(), String> {
    let client = connect(access).map_err(|error| error.to_string())?;
    let keep = async {
        let earlier = client.issues_marked(&issue.mark).await?.into_iter().next();
        let (done, kept) = match earlier {
            Some(kept) => {
                client.update_issue(kept.number, &issue.body).await?;
                ("brought up to date", kept)
            }
            None => ("opened", client.open_issue(issue.title, &issue.body, &issue.mark).await?),
        };
        info!("issue #{} tells how this run ended, {done}: {}", kept.number, kept.html_url);
        Ok(())
    };
    keep.await.map_err(|error: ApiError| error.to_string())
}

/// Closes what earlier runs opened. Two that began at once may have opened one each.
async fn close(access: &GithubAccess, issue: &AlertIssue) -> Result<(), String> {
    let client = connect(access).map_err(|error| error.to_string())?;
    let end = async {
        for open in client.issues_marked(&issue.mark).await? {
            client.close_issue(open.number, issue.body.trim_start_matches(&issue.mark).trim()).await?;
            info!("issue #{} closed: all is well again", open.number);
        }
        Ok(())
    };
    end.await.map_err(|error: ApiError| error.to_string())
}

/// Sends it, and once more where the first time was bad luck.
async fn deliver(webhook: &Webhook, alert: &Alert) -> Result<(), String> {
    let http = Http::default();
    let first = http.send(webhook.request(alert)).await;
    let pause = match &first {
        Ok(answer) if answer.status == 429 || answer.status >= 500 => answer.retry_after().unwrap_or(PAUSE),
        Err(HttpError::Lost(_)) => PAUSE,
        Ok(_) | Err(_) => return taken(first),
    };
    sleep(pause.min(LONGEST_PAUSE)).await;
    taken(http.send(webhook.request(alert)).await)
}

/// Whether the webhook took the alert, with the cure where it did not.
fn taken(sent: Result<HttpResponse, HttpError>) -> Result<(), String> {
    let answer = sent.map_err(|error| error.to_string())?;
    if answer.is_success() {
        return Ok(());
    }
    let cure = match answer.status {
        401 | 403 | 404 | 410 => {
            "; it is gone or its address is incomplete: make a new one and renew the secret"
        }
        _ => "",
    };
    Err(format!("it answered HTTP {}{cure}", answer.status))
}
