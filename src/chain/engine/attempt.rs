//! One request to one model: asked, judged, and kept with what it costs.

use std::time::Duration;

use tokio::time::Instant;
use tracing::{Instrument as _, debug, info};

use super::Chain;
use crate::activity;
use crate::chain::Attempt;
use crate::chain::attempts::PostAttempts;
use crate::fault;
use crate::memory;
use crate::provider::{ClassName, Dollars, Failure, FailureClass, Request};

/// How long an answer is waited for after the run was told to stop, or after its deadline: the request is
/// paid for already. What only waits for its turn ends at once, so that publishing gets the rest of the time.
const GRACE: Duration = Duration::from_secs(2);

impl<P: Send + 'static> Chain<P> {
    /// One request, judged and kept; `None` when the run ended before the answer.
    pub(super) async fn attempt(
        &self,
        index: usize,
        model: usize,
        post: &mut PostAttempts<'_, '_>,
    ) -> Option<Result<P, Failure>> {
        let link = &self.links[index];
        let title = &link.service.title;
        let PostAttempts { wanted, prompt, .. } = *post;
        match post.last_failure.take() {
            Some((from, _, reason)) if from != index => {
                let from = &self.links[from].service.title;
                info!("{}: switching from {from} to {title}: {reason}", wanted.label);
            }
            Some((_, old, reason)) if old != model => info!(
                "{}: switching from {title} {} to {}: {reason}",
                wanted.label, link.models[old], link.models[model]
            ),
            _ => {}
        }
        let request = Request {
            model: &link.models[model],
            prompt,
            width: wanted.width,
            height: wanted.height,
            seed: wanted.seed,
        };
        debug!(
            "{}: asking {title} {} for {}x{}: {}",
            wanted.label,
            request.model,
            request.width,
            request.height,
            prompt.fit(usize::MAX)
        );
        let started = Instant::now();
        let asked = fault::caught(link.provider.generate(&request));
        let asked = asked.instrument(activity::asking(title, wanted.label));
        let answer = tokio::select! {
            answer = memory::timeout(link.timeout, asked) => Some(answer),
            () = async { self.stop.cancelled().await; tokio::time::sleep(GRACE).await } => None,
            () = tokio::time::sleep_until(self.deadline + GRACE) => None,
        };
        let is_answered = matches!(answer, Some(Some(_)));
        post.unanswered = matches!(answer, Some(None));
        let result = match answer {
            Some(Some(Err(fault))) => Some(Err(Failure::unusable(fault.to_string()))),
            Some(Some(Ok(Ok(bytes)))) => {
                Some(self.inspector.inspect(bytes, link.name(), wanted.post, &prompt.subject).await)
            }
            Some(Some(Ok(Err(failure)))) => Some(Err(failure)),
            Some(None) => {
                let seconds = link.timeout.as_secs_f64();
                Some(Err(Failure::new(FailureClass::Transient, format!("timed out after {seconds} s"))))
            }
            None => None,
        };
        let result = result.map(|result| {
            result.map_err(|failure| Failure { message: self.scrubber.scrub(&failure.message), ..failure })
        });
        let (class, status, message) = match &result {
            Some(Ok(_)) => (None, None, String::new()),
            Some(Err(failure)) => (Some(failure.class.name()), failure.status, failure.message.clone()),
            None => (Some(FailureClass::Transient.name()), None, "the run ended first".to_owned()),
        };
        let outcome =
            class.map_or_else(|| "delivered".to_owned(), |class| class.words(status) + ": " + &message);
        debug!("{}: {title} after {:.1} s: {outcome}", wanted.label, started.elapsed().as_secs_f64());
        post.attempts.push(Attempt {
            provider: link.name().to_string(),
            model: link.models[model].clone(),
            class,
            status,
            message,
            at: started.saturating_duration_since(self.begun).as_secs_f64(),
            seconds: started.elapsed().as_secs_f64(),
            cost: if is_charged(is_answered, class) {
                link.price(model, wanted.width, wanted.height)
            } else {
                Some(Dollars::NOTHING)
            },
        });
        result
    }
}

/// Whether a request is one that a service charges: it made a picture, also one that is no good, and may have made
/// one that nobody waited for.
fn is_charged(is_answered: bool, class: Option<ClassName>) -> bool {
    !is_answered || matches!(class, None | Some(ClassName::Unusable))
}
