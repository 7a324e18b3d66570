//! Asks a described service: the request, the wait for its job, and the picture at the end.

use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use serde_json::Value;

use super::call::{KeyHeader, with_key};
use super::description::ServiceDescription;
use super::places::PicturePlace;
use super::rules::{During, ReadAnswer, failure};
use super::template::{Filling, Placeholder};
use super::wait::{JobState, Ticket, Wait};
use crate::activity;
use crate::http::{Http, HttpRequest};
use crate::provider::failure::{Failure, FailureClass};
use crate::provider::probe::{no_page, without_success};
use crate::provider::{BoxFuture, FreeAnswer, Probe, Provider, Request, picture};
use crate::secret::Secret;
use crate::text::url_segment;

/// How long a service is given to hear that a job is not wanted any more.
const CANCELLING: Duration = Duration::from_secs(5);

/// A service as a description has it.
pub(super) struct Described {
    pub(super) http: Http,
    pub(super) base: String,
    pub(super) key: Option<Secret>,
    pub(super) description: Arc<ServiceDescription>,
}

impl Provider for Described {
    fn generate<'a>(&'a self, request: &'a Request<'a>) -> BoxFuture<'a, Result<Bytes, Failure>> {
        Box::pin(async move {
            let ServiceDescription { requests, wait, shape, .. } = &*self.description;
            let call = requests.iter().find(|call| call.is_for(request.model));
            let Some(call) = call else {
                let message = format!("no request is described for the model `{}`", request.model);
                return Err(Failure::new(FailureClass::BadRequest, message));
            };
            let (width, height) = shape.sides(request.width, request.height);
            let filled = Filled { request, prompt: self.prompt(request), width, height, shape, ticket: None };
            let first = self.send(call.request(&self.base, &filled), During::Request).await?;
            let last = match wait {
                Some(wait) => self.wait(wait, first, filled).await?,
                None => first,
            };
            self.picture(&last).await
        })
    }

    // Nothing is told of the models: a list that lacks one proves nothing where nobody says that it is whole.
    fn probe<'a>(&'a self, _: &'a [String]) -> BoxFuture<'a, Result<Probe, Failure>> {
        Box::pin(async move {
            let Some(call) = &self.description.probe else { return Ok(Probe::Unknown) };
            let call = with_key(call.request(&self.base, &Unfilled), self.key_headers(), self.key.as_ref());
            let answer = ReadAnswer::of(self.http.send(call).await?);
            if answer.answer.is_success() {
                no_page(&answer.answer)?;
                return Ok(Probe::Reached(FreeAnswer {
                    takes_key: self.key.is_some() && self.description.probe_takes_key,
                    ..FreeAnswer::default()
                }));
            }
            let by_status = FailureClass::by_status(&answer.answer);
            let failed = failure(&self.description.errors, &answer, During::Request, Some(by_status));
            failed.map_or(Ok(Probe::Unknown), |failure| without_success(&answer.answer, failure))
        })
    }
}

/// A call that names nothing of a request.
struct Unfilled;

impl Filling for Unfilled {
    fn value(&self, _: Placeholder) -> Value {
        Value::Null
    }

    fn ticket_is_path(&self) -> bool {
        false
    }
}

impl Described {
    fn prompt(&self, request: &Request<'_>) -> String {
        let ServiceDescription { prompt_limit, prompt_in_bytes, .. } = *self.description;
        let mut limit = prompt_limit;
        loop {
            let prompt = request.prompt.fit(limit);
            let over = prompt.len().saturating_sub(prompt_limit);
            if !prompt_in_bytes || over == 0 || limit == 0 {
                return prompt;
            }
            limit = limit.saturating_sub(over.div_ceil(4));
        }
    }

    fn key_headers(&self) -> &[KeyHeader] {
        self.description.requests.first().map(|call| call.key_headers.as_slice()).unwrap_or_default()
    }

    /// Sends a call with the key; an error is what the rules say it is.
    async fn send(&self, request: HttpRequest, during: During) -> Result<ReadAnswer, Failure> {
        let request = with_key(request, self.key_headers(), self.key.as_ref());
        let answer = ReadAnswer::of(self.http.send(request).await?);
        let by_status =
            (!answer.answer.is_success()).then(|| match FailureClass::by_status(&answer.answer) {
                // A job that nobody knows any more says nothing about the model.
                FailureClass::Gone if during == During::Wait => FailureClass::Transient,
                class => class,
            });
        match failure(&self.description.errors, &answer, during, by_status) {
            Some(failure) => Err(failure),
            None => Ok(answer),
        }
    }

    /// Waits until the job is done and gives the answer that holds the picture; the time-out of the attempt ends the
    /// wait.
    async fn wait(
        &self,
        wait: &Wait,
        first: ReadAnswer,
        mut filled: Filled<'_>,
    ) -> Result<ReadAnswer, Failure> {
        let mut told = first;
        let is_told = wait.tells_state(&told);
        let ticket = wait.ticket(&told, &self.base);
        let name = match &ticket {
            Some(Ticket::Name(name) | Ticket::Path(name) | Ticket::Url(name)) => name.clone(),
            None if is_told => String::new(),
            None => {
                let message = "the service gave no name for the job";
                return Err(failure(&self.description.errors, &told, During::Request, None)
                    .unwrap_or_else(|| Failure::answered(&told.answer, FailureClass::Unusable, message)));
            }
        };
        // A whole address stands for itself.
        let base = if matches!(ticket, Some(Ticket::Url(_))) { "" } else { &self.base };
        filled.ticket = ticket;
        let mut cancel = wait.cancel.as_ref().map(|call| {
            let request = with_key(call.request(base, &filled), self.key_headers(), self.key.as_ref());
            Cancel { http: self.http.clone(), request: Some(request) }
        });
        let mut state = if is_told { wait.state(&told, &name) } else { JobState::Going };
        loop {
            match state {
                JobState::Done => break,
                JobState::Failed => {
                    cancel.iter_mut().for_each(Cancel::disarm);
                    let errors = &self.description.errors;
                    let failed = failure(errors, &told, During::Wait, Some(FailureClass::Transient));
                    let failed = failed.map(|failure| failure.told_by("the queued job failed"));
                    return Err(failed.unwrap_or_else(|| Failure::unusable("the queued job failed")));
                }
                JobState::Going => {
                    activity::meanwhile("in its queue");
                    tokio::time::sleep(wait.every).await;
                    told = self.send(wait.ask.request(base, &filled), During::Wait).await?;
                    state = wait.state(&told, &name);
                }
            }
        }
        cancel.iter_mut().for_each(Cancel::disarm);
        match &wait.then {
            Some(then) if !name.is_empty() => self.send(then.request(base, &filled), During::Wait).await,
            _ => Ok(told),
        }
    }

    async fn picture(&self, last: &ReadAnswer) -> Result<Bytes, Failure> {
        if self.description.refused.iter().any(|condition| condition.holds(last)) {
            let class = FailureClass::Refused { repeatable: true };
            return Err(Failure::answered(
                &last.answer,
                class,
                "the picture is flagged by the content filter",
            ));
        }
        for place in &self.description.pictures {
            match place {
                PicturePlace::Body => break,
                PicturePlace::At(pointer) => {
                    for text in last.texts(pointer).iter().filter(|text| !text.trim().is_empty()).take(4) {
                        let found = match picture::is_link(text) {
                            true => picture::behind_link(text, &self.http, &self.base).await,
                            false => picture::from_base64(text),
                        };
                        if let Ok(found) = found {
                            return Ok(last.answer.outlived_by(found));
                        }
                    }
                }
                PicturePlace::Fetch { path, query } => {
                    let values: Vec<_> = query
                        .iter()
                        .filter_map(|(name, at)| Some(format!("{name}={}", url_segment(&last.text(at)?))))
                        .collect();
                    if values.len() == query.len() {
                        let url = format!("{}{path}?{}", self.base, values.join("&"));
                        let answer = self.send(HttpRequest::get(url), During::Wait).await?;
                        return picture::of(&answer.answer, &self.http, &self.base).await;
                    }
                }
            }
        }
        // What is paid for is found wherever it stands.
        picture::of(&last.answer, &self.http, &self.base).await
    }
}

/// Tells the service that a job is not wanted any more, unless it came to an end: when our own time is up, the attempt
/// is dropped.
struct Cancel {
    http: Http,
    request: Option<HttpRequest>,
}

impl Cancel {
    fn disarm(&mut self) {
        self.request = None;
    }
}

impl Drop for Cancel {
    fn drop(&mut self) {
        let (Some(request), Ok(runtime)) = (self.request.take(), tokio::runtime::Handle::try_current())
        else {
            return;
        };
        let http = self.http.clone();
        // Nobody waits for the answer, and nothing follows from it.
        runtime.spawn(async move { tokio::time::timeout(CANCELLING, http.send(request)).await.is_ok() });
    }
}

/// The values of the placeholders.
struct Filled<'a> {
    request: &'a Request<'a>,
    prompt: String,
    width: u32,
    height: u32,
    shape: &'a super::shape::SizeRules,
    ticket: Option<Ticket>,
}

impl Filling for Filled<'_> {
    fn value(&self, slot: Placeholder) -> Value {
        let Request { model, width, height, seed, .. } = *self.request;
        match slot {
            Placeholder::Prompt => self.prompt.clone().into(),
            Placeholder::Model => model.into(),
            Placeholder::Version => model.split_once(':').map_or(model, |(_, version)| version).into(),
            Placeholder::Width => self.width.into(),
            Placeholder::Height => self.height.into(),
            Placeholder::Size => self.shape.size(width, height).into(),
            Placeholder::Ratio => self.shape.ratio(width, height).into(),
            // Some services take no more than 31 bits.
            Placeholder::Seed => (seed >> 1).into(),
            Placeholder::Ticket => match &self.ticket {
                Some(Ticket::Name(name) | Ticket::Path(name) | Ticket::Url(name)) => name.as_str().into(),
                None => Value::Null,
            },
            Placeholder::Key => Value::Null,
        }
    }

    fn ticket_is_path(&self) -> bool {
        matches!(self.ticket, Some(Ticket::Path(_) | Ticket::Url(_)))
    }
}
