//! The alert at the end of a run: one message to whoever the settings name. It never changes the verdict.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::report::ReportBuilder;
use super::signal::Signals;
use crate::http::{Http, HttpError};
use crate::report::alert::{Alert, Webhook};
use crate::runner::Runner;

/// How long the webhook may take, and how long where a signal has ended the run.
const LONGEST: Duration = Duration::from_secs(15);
const LONGEST_WHEN_STOPPED: Duration = Duration::from_secs(1);

/// Pause before the second try, and the longest that the webhook may ask for.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells of a run that ended badly, or of the first good one after such.
pub(super) async fn send(report: &mut ReportBuilder, runner: &Runner, signals: &Signals) {
    let Some((webhook, alert)) = report.alert(runner) else { return };
    let longest = if signals.stop.is_cancelled() { LONGEST_WHEN_STOPPED } else { LONGEST };
    let sent = timeout(longest, deliver(&webhook, &alert)).await;
    let sent = sent.unwrap_or_else(|_| Err(format!("no answer within {} s", longest.as_secs())));
    if let Err(why) = sent {
        report.not_alerted(&why);
    }
}

/// Sends it, and once more where the first time was bad luck.
async fn deliver(webhook: &Webhook, alert: &Alert) -> Result<(), String> {
    let http = Http::default();
    match http.send(webhook.request(alert)).await {
        Ok(answer) if answer.is_success() => return Ok(()),
        Ok(answer) if answer.status == 429 || answer.status >= 500 => {
            sleep(answer.retry_after().unwrap_or(PAUSE).min(LONGEST_PAUSE)).await;
        }
        Err(HttpError::Lost(_)) => sleep(PAUSE).await,
        Ok(answer) => return Err(refused(answer.status)),
        Err(error) => return Err(error.to_string()),
    }
    match http.send(webhook.request(alert)).await {
        Ok(answer) if answer.is_success() => Ok(()),
        Ok(answer) => Err(refused(answer.status)),
        Err(error) => Err(error.to_string()),
    }
}

fn refused(status: u16) -> String {
    let cure = match status {
        401 | 403 | 404 | 410 => {
            "; it is gone or its address is incomplete: make a new one and renew the secret"
        }
        _ => "",
    };
    format!("it answered HTTP {status}{cure}")
}
