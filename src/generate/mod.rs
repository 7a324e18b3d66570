//! Streams the tasks: prompt → chain → validation → processing → files → outcome, a few posts at a
//! time. An outcome keeps no picture, and a hundred thumbnails in all, so memory does not grow with the backlog.

mod place;
mod prompting;
mod reuse;
mod share;

use std::borrow::Cow;
use std::collections::{BTreeMap, VecDeque};

use futures_util::StreamExt as _;
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use crate::chain::{Chain, Delivered, Displaced, Exhausted, PictureRequest, ProviderReason, StopReason};
use crate::describe::Describer;
use crate::fault;
use crate::image::Picture;
use crate::image::card::{CardStyle, TitleCard};
use crate::image::process;
use crate::image::provenance::{self, Provenance};
use crate::image::thumbnail::Allowance;
use crate::memory::MemoryAccount;
use crate::plan::Task;
use crate::post::front_matter::{Change, FieldValue};
use crate::prompt::Template;
use crate::provider::{Prompt, ProviderName};
use crate::publish::{Publisher, StagedPicture};
use crate::report::{self, CardRole, Outcome, Pending, Status};
use crate::site::Sites;
use crate::text::{cut, one_line};
use crate::write::{NewFile, Outbox, Tree};
use place::Refusal;
use prompting::Brief;
pub use prompting::known_prompt;

/// What happens to a post that no provider delivered for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LastResort {
    /// It stays as it is, flagged for a person.
    Manual,
    /// It gets a title card.
    Card(CardRole),
}

/// How tasks become pictures.
pub struct Options {
    /// What ends the chain.
    pub last_resort: LastResort,
    /// Shape and encoding of pictures.
    pub image: process::Options,
    /// How title cards look.
    pub card: CardStyle,
    /// Whether prompt, model, provider and date are written to the front matter.
    pub metadata: bool,
    /// Posts that providers are asked for at once.
    pub concurrency: usize,
}

/// The stage, with everything it shares between posts.
pub struct PictureGenerator<'a> {
    /// How tasks become pictures.
    pub options: Options,
    /// Who is asked.
    pub chain: &'a Chain<Picture>,
    /// The text model, if there is one.
    pub describer: Option<&'a Describer>,
    /// The prompt.
    pub template: &'a Template,
    /// Where pictures go.
    pub sites: &'a Sites,
    /// Where files are written.
    pub tree: &'a Tree,
    /// Where pictures are kept that are not on GitHub, or that their posts do not need any more.
    pub outbox: &'a Outbox,
    /// Takes what is made to GitHub.
    pub publisher: Option<&'a Publisher>,
    /// How many small pictures for the page it may keep.
    pub thumbnails: Allowance,
    /// Cancelled when the run is told to stop.
    pub stop: CancellationToken,
}

impl PictureGenerator<'_> {
    /// Carries out every task; each gives exactly one outcome, told to `done` as it comes, and all
    /// are returned in plan order.
    pub async fn run(&self, tasks: &[Task], mut done: impl FnMut(&Outcome)) -> Vec<Outcome> {
        let to_make = tasks.iter().enumerate().filter(|(_, task)| task.shares.is_none());
        let turns = &Semaphore::new(self.options.concurrency);
        let mut outcomes: BTreeMap<usize, Outcome> = futures_util::stream::iter(to_make)
            .map(|(number, task)| {
                MemoryAccount::default().scope(async move { (number, self.one(number, task, turns).await) })
            })
            // Nearly as many again are cut and written meanwhile, so that no provider waits for the disk; who wants
            // one at a time gets one post after the other.
            .buffer_unordered(2 * self.options.concurrency - 1)
            .inspect(|(_, outcome)| done(outcome))
            .collect()
            .await;
        // What is asked for instead may turn out to be a placeholder as well.
        let mut displaced = VecDeque::from(self.chain.displaced());
        while let Some(placeholder) = displaced.pop_front() {
            let outcome =
                outcomes.get_mut(&placeholder.post).filter(|outcome| outcome.status == Status::Generated);
            if let (Some(task), Some(outcome)) = (tasks.get(placeholder.post), outcome) {
                let provider = placeholder.provider.clone();
                let replaced = Box::pin(self.replace(placeholder.post, task, placeholder, outcome));
                let replaced = fault::caught(MemoryAccount::default().scope(replaced)).await;
                if let Err(fault) = replaced {
                    outcome.status = Status::Manual;
                    outcome.reason = Some(format!("{provider} gave it a placeholder; {fault}").into());
                }
            }
            displaced.extend(self.chain.displaced());
        }
        let made: Vec<&Outcome> = outcomes.values().collect();
        let mut shared = Vec::new();
        for (number, task) in tasks.iter().enumerate() {
            let Some(picture) = &task.shares else { continue };
            let outcome =
                fault::caught(Box::pin(self.share(task, picture, &made))).await.unwrap_or_else(|fault| {
                    Outcome::new(task.post.path(), Status::Failed).because(fault.to_string())
                });
            done(&outcome);
            shared.push((number, outcome));
        }
        outcomes.extend(shared);
        self.outbox.prune();
        outcomes.into_values().collect()
    }

    async fn one(&self, number: usize, task: &Task, turns: &Semaphore) -> Outcome {
        // Nobody closes it.
        let turn = turns.acquire().await.ok();
        let started = Instant::now();
        let attempt = fault::caught(Box::pin(self.attempt(number, task, turn))).await;
        let mut outcome = attempt.unwrap_or_else(|fault| {
            Outcome::new(task.post.path(), Status::Failed).because(fault.to_string())
        });
        outcome.seconds = started.elapsed().as_secs_f64();
        outcome
    }

    /// It takes its `turn` until a provider has answered.
    async fn attempt(&self, number: usize, task: &Task, turn: Option<SemaphorePermit<'_>>) -> Outcome {
        let path = task.post.path();
        if self.stop.is_cancelled() {
            return stopped(path);
        }
        // What cannot be written is known before anything is paid for.
        if let Err(error) = self.tree.prove(&[path, &task.target.file()]) {
            return Outcome::new(path, Status::Failed).because(error.to_string());
        }
        let (post, text) = match self.sites.read(path) {
            Ok(read) => read,
            Err(error) => {
                let limit = error.is_a_limit();
                return Outcome::new(path, Status::Failed).because(error.to_string()).uneditable(limit);
            }
        };
        // So is a front matter that cannot take the fields.
        if let Err(problem) = self.trial(task).apply(&text) {
            let limit = problem.is_a_limit();
            return Outcome::new(path, Status::Failed).because(problem.to_string()).uneditable(limit);
        }
        if let Some(outcome) = self.reuse(task).await {
            return outcome;
        }
        if let LastResort::Card(CardRole::Wanted) = self.options.last_resort {
            return self.card(task, Brief::of_card(task), CardRole::Wanted).await;
        }
        let brief = match self.brief(task, post.body(&text)).await {
            Ok(brief) => brief,
            Err(reason) => return Outcome::new(path, Status::Failed).because(reason),
        };
        let answer = self.ask(number, task, &brief, None).await;
        drop(turn);
        match answer {
            Ok(delivered) => self.deliver(task, brief, delivered).await,
            Err(exhausted) => self.without(task, brief, exhausted).await,
        }
    }

    async fn ask(
        &self,
        number: usize,
        task: &Task,
        brief: &Brief,
        avoid: Option<ProviderName>,
    ) -> Result<Delivered<Picture>, Exhausted> {
        if self.publisher.is_some() {
            // Where this fails, keeping the picture says why.
            let _ = self.outbox.make_folders(&task.target.file());
        }
        let softened = self.template.softened();
        let order = PictureRequest {
            post: number,
            label: task.post.path(),
            prompt: &brief.prompt,
            softened: &softened,
            width: self.options.image.width,
            height: self.options.image.height,
            seed: brief.seed,
            avoid,
        };
        self.chain.generate(&order).await
    }

    async fn deliver(&self, task: &Task, mut brief: Brief, delivered: Delivered<Picture>) -> Outcome {
        if delivered.softened {
            brief.prompt = self.template.softened();
        }
        let provenance = Provenance {
            provider: delivered.provider.to_string(),
            model: delivered.model.clone(),
            source: provenance::DigitalSourceType::TrainedAlgorithmicMedia,
            prompt: self.options.metadata.then(|| text_of(&brief.prompt)),
        };
        // Caught here, so that a fault does not hide who was asked and paid.
        let put =
            fault::caught(self.put(task, brief, delivered.picture, provenance, Status::Generated)).await;
        let mut outcome = put.unwrap_or_else(|fault| {
            Outcome::new(task.post.path(), Status::Failed).because(fault.to_string())
        });
        outcome.fallback = delivered.fallback;
        outcome.attempts = delivered.attempts;
        outcome
    }

    /// A post that nobody delivered for.
    async fn without(&self, task: &Task, brief: Brief, exhausted: Exhausted) -> Outcome {
        // Attempts speak for themselves; this is about the providers that were not asked for this post.
        let unasked = exhausted
            .reasons
            .iter()
            .filter(|reason| !exhausted.attempts.iter().any(|attempt| attempt.provider == reason.provider))
            .map(|ProviderReason { title, words, .. }| format!("{title}: {words}"));
        let reason = Some(unasked.collect::<Vec<_>>().join("; ")).filter(|reason| !reason.is_empty());
        let mut outcome = match (exhausted.why, self.options.last_resort) {
            // The text model's words are about a picture that is not there.
            (StopReason::AllFailed, LastResort::Card(role)) if !task.keeps => {
                self.card(task, Brief { alt: task.title.clone(), ..brief }, role).await
            }
            (StopReason::AllFailed, _) => Outcome::new(task.post.path(), Status::Manual),
            (StopReason::Deadline, _) => Outcome::new(task.post.path(), Status::Pending(Pending::Unreached))
                .because("not reached before the deadline; raise `deadline`, or let the next run continue"),
            (StopReason::Stopped, _) => stopped(task.post.path()),
            (StopReason::Budget(most), _) => {
                Outcome::new(task.post.path(), Status::Pending(Pending::BeyondBudget)).because(format!(
                    "the budget of {most} is used up; raise `budget`, or let the next run continue"
                ))
            }
        };
        if exhausted.why == StopReason::AllFailed && !matches!(outcome.status, Status::Failed) {
            let own = outcome.reason.take().map(Cow::into_owned);
            let reasons: Vec<String> = own.into_iter().chain(reason).collect();
            outcome.reason = Some(reasons.join("; ")).filter(|reasons| !reasons.is_empty()).map(Cow::Owned);
        }
        outcome.attempts = exhausted.attempts;
        outcome
    }

    async fn card(&self, task: &Task, brief: Brief, role: CardRole) -> Outcome {
        let process::Options { width, height, .. } = self.options.image;
        let (title, style) = (task.title.clone(), self.options.card.clone());
        let title_of_site = self.sites.of(task.post.path()).title().map(str::to_owned);
        let account = MemoryAccount::current();
        let draw = move || {
            let brand = style.brand(title_of_site.as_deref());
            let card = TitleCard { title: &title, brand, style: &style };
            Some((card.draw(width, height)?, card.unwritten()))
        };
        let drawn = tokio::task::spawn_blocking(|| account.scope_blocking(draw));
        match drawn.await {
            Ok(Some((picture, unwritten))) => {
                let status = Status::Card(role);
                let mut outcome = self.put(task, brief, picture, Provenance::card(), status).await;
                if let Some(details) = &mut outcome.details {
                    let provider = (role == CardRole::Wanted).then(|| "card".to_owned());
                    (details.provider, details.model) = (provider, None);
                }
                if outcome.status == status {
                    outcome.reason = lacking(&unwritten).map(Cow::Owned);
                }
                outcome
            }
            _ => Outcome::new(task.post.path(), Status::Failed)
                .because("no title card of this size can be drawn"),
        }
    }

    /// A delivered picture turned out to be a placeholder: another provider is asked, and the picture
    /// swapped only when one answers. The post had its line in the log already, so it gets another.
    async fn replace(&self, number: usize, task: &Task, placeholder: Displaced, outcome: &mut Outcome) {
        let path = task.post.path();
        let (started, before) = (Instant::now(), outcome.seconds);
        warn!("{path}: {} gave the same picture for another post; asking the others", placeholder.provider);
        let known = std::mem::take(&mut outcome.attempts);
        let read = self.sites.read(path).ok();
        let body = read.as_ref().map_or("", |(post, text)| post.body(text));
        let again = match self.brief(task, body).await {
            Ok(brief) => match self.ask(number, task, &brief, Some(placeholder.provider.clone())).await {
                Ok(delivered) => Ok(self.deliver(task, brief, delivered).await),
                Err(exhausted) => Err(exhausted.attempts),
            },
            Err(_) => Err(Vec::new()),
        };
        let attempts = match again {
            Ok(swapped) => {
                *outcome = Outcome { fallback: true, ..swapped };
                std::mem::take(&mut outcome.attempts)
            }
            Err(attempts) => {
                let asked = self.ask_next_run(task, outcome.details().image.as_deref()).await;
                outcome.status =
                    asked.as_ref().map_or_else(|refusal| refusal.status(Status::Manual), |()| Status::Manual);
                outcome.reason = Some(Cow::Owned(format!(
                    "{} gave the same picture for several posts, so it is a placeholder, and no other provider delivered; {}",
                    placeholder.provider,
                    match asked {
                        Ok(()) =>
                            "`regenerate_image: true` in the post makes the next run replace it".to_owned(),
                        Err(overtaken @ Refusal::Overtaken) => overtaken.to_string(),
                        Err(problem) => format!("it stays until you replace it ({problem})"),
                    }
                )));
                attempts
            }
        };
        outcome.attempts = known.into_iter().chain(attempts).collect();
        outcome.seconds = before + started.elapsed().as_secs_f64();
        let links = self.chain.report();
        if let Some(line) = report::post_line(outcome, &links, &mut report::Repeats::default()) {
            info!("instead of what was reported above: {line}");
        }
    }
}

impl PictureGenerator<'_> {
    /// Sets the flag in a post that has to keep a placeholder, so that no later run takes it for done.
    async fn ask_next_run(&self, task: &Task, picture: Option<&str>) -> Result<(), Refusal> {
        let path = task.post.path();
        let written = task.target.names().find(|target| Some(&*target.file()) == picture);
        let target = written.unwrap_or_else(|| task.target.clone());
        let (now, before) = self.sites.read(path)?;
        let flag = Change { field: "regenerate_image".to_owned(), value: FieldValue::Bool(true) };
        let mut edit = self.edit(task, &target.value(), &task.title);
        edit.changes.retain(|change| change.field != flag.field);
        edit.changes.push(flag);
        let bytes = edit.apply(&before)?.into_bytes();
        let is_settled = self.is_settled(task, &now);
        if !is_settled {
            self.tree.write(NewFile { path, bytes: &bytes }).await?;
        }
        // What is on the way to the branch needs the flag all the same.
        if let Some(publisher) = self.publisher {
            publisher.stage(StagedPicture {
                post: path.to_owned(),
                before,
                edit,
                picture: target.file(),
                is_known: false,
                is_redrawn: task.is_redrawn(),
            });
        }
        if is_settled { Err(Refusal::Overtaken) } else { Ok(()) }
    }
}

/// A post that the run did not come to, because a signal ended it.
fn stopped(path: &str) -> Outcome {
    Outcome::new(path, Status::Pending(Pending::Stopped))
        .because("the run was stopped before its picture came")
}

/// What a reader of the post misses on its title card.
fn lacking(words: &[String]) -> Option<String> {
    /// Longest list of words, in characters.
    const LONGEST: usize = 120;
    let words = words.iter().map(|word| format!("`{}`", word.replace('`', "'"))).collect::<Vec<_>>();
    let list = cut(&one_line(&words.join(", ")), LONGEST);
    (!words.is_empty()).then(|| {
        format!("its title card is without {list}, which no font at hand can write; `card-font` takes one that can")
    })
}

fn text_of(prompt: &Prompt) -> String {
    prompt.fit(usize::MAX)
}
