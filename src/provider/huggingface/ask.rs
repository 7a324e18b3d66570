//! How each inference provider is asked through the router.

use std::time::Duration;

use bytes::Bytes;
use serde_json::{Value, json};

use super::HuggingFace;
use super::error::failure;
use super::route::{InferenceProvider, Route};
use crate::activity;
use crate::http::{HttpRequest, HttpResponse, path, path_of};
use crate::provider::failure::{Failure, FailureClass};
use crate::provider::protocol::openai_images;
use crate::provider::{Request, picture};
use crate::text::url_segment;

/// Pause between two looks at a job.
const POLL: Duration = Duration::from_millis(500);

/// Models at Replicate that take a shape, and the shapes that all of them take.
const FLUX: &str = "black-forest-labs/flux-";
const RATIOS: [(&str, f64); 7] = [
    ("16:9", 16.0 / 9.0),
    ("3:2", 3.0 / 2.0),
    ("5:4", 5.0 / 4.0),
    ("1:1", 1.0),
    ("4:5", 4.0 / 5.0),
    ("2:3", 2.0 / 3.0),
    ("9:16", 9.0 / 16.0),
];

/// The shape of which least is cut away.
fn nearest_ratio(request: &Request<'_>) -> &'static str {
    let wanted = (f64::from(request.width) / f64::from(request.height.max(1))).ln();
    let distance = |(_, ratio): &(&str, f64)| (ratio.ln() - wanted).abs();
    RATIOS.into_iter().min_by(|a, b| distance(a).total_cmp(&distance(b))).map_or("1:1", |(name, _)| name)
}

/// A job that is being worked on: where to look, and what its states are called.
struct Job {
    /// Where its state is told.
    address: String,
    /// Where the state stands in that answer, as a JSON pointer.
    state: &'static str,
    /// States in which to go on waiting; what is neither these nor `done` has failed.
    going: &'static [&'static str],
    /// States in which the picture, or the reason why there is none, can be read.
    done: &'static str,
    /// Where the reason of a failure stands, as a JSON pointer.
    reason: &'static str,
}

/// An answer about a job, its JSON read once.
struct JobAnswer {
    answer: HttpResponse,
    json: Value,
}

impl JobAnswer {
    fn of(answer: HttpResponse) -> Self {
        let json = answer.tree().unwrap_or_default();
        Self { answer, json }
    }

    /// The text at this JSON pointer; empty where there is none.
    fn text(&self, pointer: &str) -> &str {
        self.json.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
    }
}

impl HuggingFace {
    /// Asks one inference provider for a picture.
    pub(super) async fn ask(&self, route: &Route, request: &Request<'_>) -> Result<Bytes, Failure> {
        let (base, id) = (&self.base, route.id.as_str());
        let prompt = request.prompt.fit(openai_images::PROMPT);
        let (width, height) = request.size(256, 1920);
        match route.service {
            // Sizes other than the square are not documented here.
            InferenceProvider::Nscale => {
                let url = format!("{base}/nscale/v1/images/generations");
                let body = json!({"model": id, "prompt": prompt, "response_format": "b64_json"});
                self.picture(&self.send(HttpRequest::post_json(url, body)).await?).await
            }
            InferenceProvider::Together => {
                let url = format!("{base}/together/v1/images/generations");
                let call = HttpRequest::post_json(url, openai_images::body(id, request));
                self.picture(&self.send(call).await?).await
            }
            InferenceProvider::Fal => {
                let url = format!("{base}/fal-ai/{}?_subdomain=queue", path(id));
                let body = json!({"prompt": prompt, "image_size": {"width": width, "height": height}});
                self.of_fal(HttpRequest::post_json(url, body)).await
            }
            // Which sizes a model takes is its own affair at this one and the next two.
            InferenceProvider::Replicate => {
                let mut input = json!({"prompt": prompt});
                if id.starts_with(FLUX) {
                    input["aspect_ratio"] = nearest_ratio(request).into();
                }
                let call = match id.split_once(':') {
                    Some((_, version)) => HttpRequest::post_json(
                        format!("{base}/replicate/v1/predictions"),
                        json!({"version": version, "input": input}),
                    ),
                    None => HttpRequest::post_json(
                        format!("{base}/replicate/v1/models/{}/predictions", path(id)),
                        json!({"input": input}),
                    ),
                };
                self.of_replicate(call.header("Prefer", "wait")).await
            }
            InferenceProvider::Wavespeed => {
                let url = format!("{base}/wavespeed/api/v3/{}", path(id));
                self.of_wavespeed(HttpRequest::post_json(url, json!({"prompt": prompt}))).await
            }
            InferenceProvider::ZaiOrg => {
                let url = format!("{base}/zai-org/api/paas/v4/async/images/generations");
                let body = json!({"model": id, "prompt": prompt});
                let call = HttpRequest::post_json(url, body).header("x-source-channel", "hugging_face");
                self.of_zai(call).await
            }
            InferenceProvider::HfInference => {
                let url = format!("{base}/hf-inference/models/{}", path(id));
                let parameters = json!({"width": width, "height": height, "seed": request.seed >> 1});
                let body = json!({"inputs": prompt, "parameters": parameters});
                let call = HttpRequest::post_json(url, body).header("Accept", "image/png");
                self.picture(&self.send(call).await?).await
            }
        }
    }

    async fn picture(&self, answer: &HttpResponse) -> Result<Bytes, Failure> {
        picture::of(answer, &self.http, &self.base).await
    }

    async fn send_job(&self, call: HttpRequest) -> Result<JobAnswer, Failure> {
        self.send(call).await.map(JobAnswer::of)
    }

    async fn send(&self, call: HttpRequest) -> Result<HttpResponse, Failure> {
        let answer = self.http.send(call.bearer(&self.token)).await?;
        if answer.is_success() { Ok(answer) } else { Err(failure(&answer)) }
    }

    /// Puts a job into fal's queue and waits for it. A job that failed is done as well: the status of its
    /// result then tells how.
    async fn of_fal(&self, call: HttpRequest) -> Result<Bytes, Failure> {
        let job = self.address(&self.send_job(call).await?, "fal-ai", "/response_url")?;
        self.wait(&Job {
            address: format!("{job}/status?_subdomain=queue"),
            state: "/status",
            going: &["IN_QUEUE", "IN_PROGRESS"],
            done: "COMPLETED",
            reason: "/error",
        })
        .await?;
        let result = self.send_job(HttpRequest::get(format!("{job}?_subdomain=queue"))).await?;
        // The picture exists and is black.
        refuse_if_flagged(&result, "/has_nsfw_concepts")?;
        self.picture(&result.answer).await
    }

    /// Asks Replicate, which answers when the picture is done, and after a minute with a job.
    async fn of_replicate(&self, call: HttpRequest) -> Result<Bytes, Failure> {
        let first = self.send_job(call).await?;
        let going = &["starting", "processing"];
        let last = if going.contains(&first.text("/status")) {
            let address = self.address(&first, "replicate", "/urls/get")?;
            self.wait(&Job { address, state: "/status", going, done: "succeeded", reason: "/error" }).await?
        } else {
            first
        };
        match last.text("/status") {
            "failed" | "canceled" | "aborted" => Err(broken(&last.answer, last.text("/error"))),
            _ => self.picture(&last.answer).await,
        }
    }

    async fn of_wavespeed(&self, call: HttpRequest) -> Result<Bytes, Failure> {
        let address = self.address(&self.send_job(call).await?, "wavespeed", "/data/urls/get")?;
        let (state, going, reason) = ("/data/status", &["created", "processing"], "/data/error");
        let done = self.wait(&Job { address, state, going, done: "completed", reason }).await?;
        refuse_if_flagged(&done, "/data/has_nsfw_contents")?;
        self.picture(&done.answer).await
    }

    async fn of_zai(&self, call: HttpRequest) -> Result<Bytes, Failure> {
        let ticket = self.send_job(call).await?;
        let id = match ticket.text("/id") {
            "" => return Err(no_ticket(&ticket.answer)),
            id => url_segment(id),
        };
        let address = format!("{}/zai-org/api/paas/v4/async-result/{id}", self.base);
        let (state, going, reason) = ("/task_status", &["PROCESSING"], "/error/message");
        let done = self.wait(&Job { address, state, going, done: "SUCCESS", reason }).await?;
        self.picture(&done.answer).await
    }

    /// Where a job is looked at. Only the path of the address in the answer is used: the token goes to the
    /// router and nowhere else.
    fn address(&self, ticket: &JobAnswer, service: &str, pointer: &str) -> Result<String, Failure> {
        let job = path_of(ticket.text(pointer)).ok_or_else(|| no_ticket(&ticket.answer))?;
        Ok(format!("{}/{service}{job}", self.base))
    }

    /// Waits until a job is done and gives the answer that says so; the provider's time-out ends the wait.
    async fn wait(&self, job: &Job) -> Result<JobAnswer, Failure> {
        loop {
            let told = self.send_job(HttpRequest::get(&job.address)).await.map_err(|failure| {
                // A job that nobody knows any more says nothing about the model.
                if failure.class == FailureClass::Gone {
                    Failure { class: FailureClass::Transient, ..failure }.told_by("the queued job")
                } else {
                    failure
                }
            })?;
            match told.text(job.state) {
                state if state == job.done => return Ok(told),
                state if job.going.contains(&state) => {
                    activity::meanwhile("in its queue");
                    tokio::time::sleep(POLL).await;
                }
                state => {
                    let reason = match told.text(job.reason) {
                        "" => &format!("it is `{state}`"),
                        reason => reason,
                    };
                    return Err(broken(&told.answer, reason));
                }
            }
        }
    }
}

/// A picture that the service itself calls unsafe is refused.
fn refuse_if_flagged(JobAnswer { answer, json }: &JobAnswer, pointer: &str) -> Result<(), Failure> {
    let flags = json.pointer(pointer).and_then(Value::as_array);
    if flags.is_some_and(|flags| flags.contains(&Value::Bool(true))) {
        let class = FailureClass::Refused { repeatable: true };
        return Err(Failure::answered(answer, class, "flagged as unsafe"));
    }
    Ok(())
}

fn no_ticket(answer: &HttpResponse) -> Failure {
    Failure::answered(answer, FailureClass::Unusable, "the queue gave no address for the job")
}

/// A job that failed. Its own words decide, for there is no code.
fn broken(answer: &HttpResponse, reason: &str) -> Failure {
    let words = reason.to_ascii_lowercase();
    let class = if words.contains("nsfw") || words.contains("(e005)") {
        FailureClass::Refused { repeatable: true }
    } else {
        FailureClass::Transient
    };
    Failure::answered(answer, class, reason).told_by("the queued job failed")
}
