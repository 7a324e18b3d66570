//! The alert at the end of a run: one message to whoever the settings name. It never changes the verdict.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::report::ReportBuilder;
use super::signal::{Signals, TO_ALERT};
use crate::http::{Http, HttpError, HttpResponse};
use crate::report::alert::{Alert, Webhook};
use crate::runner::Runner;

/// How long the webhook may take where no signal has ended the run.
const LONGEST: Duration = Duration::from_secs(15);

/// Pause before the second try, and the longest that the webhook may ask for.
const PAUSE: Duration = Duration::from_secs(1);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Tells of a run that ended badly, or of the first good one after such.
pub(super) async fn send(report: &mut ReportBuilder, runner: &Runner, signals: &Signals) {
    let Some((webhook, alert)) = report.alert(runner) else { return };
    let longest = if signals.stop.is_cancelled() { TO_ALERT } else { LONGEST };
    let sent = timeout(longest, deliver(&webhook, &alert)).await;
    let sent = sent.unwrap_or_else(|_| Err(format!("no answer within {} s", longest.as_secs_f32())));
    if let Err(why) = sent {
        report.not_alerted(&why);
    }
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
