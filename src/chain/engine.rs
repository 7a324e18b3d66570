//! The engine: routing, not persistence. The next provider is asked at once; nothing sleeps while
//! another provider may be able to deliver.

mod attempt;

use std::time::Duration;

use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::{info, warn};

use super::LinkReport;
use super::attempts::{LinkStatus, PostAttempts, Softening, Wake};
use super::budget::{Funds, RunBudget};
use super::inspect::{Inspector, Judge};
use super::link::{Availability, Link};
use super::patience::Patience;
use super::policy::{ThisPost, policy};
use super::request::{Delivered, Displaced, Exhausted, FirstAsked, PictureRequest, StopReason};
use crate::activity;
use crate::provider::Dollars;
use crate::provider::failure::from_now;
use crate::secret::Scrubber;

/// A longer queue is left for whoever could begin at once. Shorter ones are queueing at a healthy provider.
const LONGEST_QUEUE: Duration = Duration::from_secs(30);

/// How the chain behaves.
pub struct Options {
    /// The providers in their order; never empty.
    pub links: Vec<Link>,
    /// How many of the first links are a one-run override, whose delivery is not a fallback.
    pub overridden: usize,
    /// Total time the run may sleep when every remaining provider is merely cooling.
    pub patience: Duration,
    /// What the pictures of the run may cost together by the price lists; `None` for whatever they cost.
    pub budget: Option<Dollars>,
    /// When the run began; attempts are counted from there.
    pub begun: Instant,
    /// When the run's generating ends.
    pub deadline: Instant,
    /// Takes secrets out of what providers say.
    pub scrubber: Scrubber,
    /// Cancelled when the run is told to stop.
    pub stop: CancellationToken,
}

/// The chain of providers with the state that all posts in flight share.
pub struct Chain<P> {
    links: Vec<Link>,
    overridden: usize,
    patience: Patience,
    budget: RunBudget,
    begun: Instant,
    deadline: Instant,
    scrubber: Scrubber,
    stop: CancellationToken,
    inspector: Inspector<P>,
}

enum Step<P> {
    Delivered(Box<Delivered<P>>),
    Passed,
    Ended(StopReason),
}

impl<P: Send + 'static> Chain<P> {
    /// A chain over these links, whose pictures `judge` accepts.
    pub fn new(options: Options, judge: impl Judge<P>) -> Self {
        Self {
            links: options.links,
            overridden: options.overridden,
            patience: Patience::new(options.patience),
            budget: RunBudget::new(options.budget),
            begun: options.begun,
            deadline: options.deadline,
            scrubber: options.scrubber,
            stop: options.stop,
            inspector: Inspector::new(judge),
        }
    }

    #[cfg(test)]
    pub(super) fn links_mut(&mut self) -> &mut [Link] {
        &mut self.links
    }

    #[cfg(test)]
    pub(super) fn judged_by(self, judge: impl Judge<P>) -> Self {
        Self { inspector: Inspector::new(judge), ..self }
    }

    /// Why nobody can be asked any more for a picture that should be so wide and high in pixels: the run is over, or
    /// every provider is out of it or beyond the budget. What a post needs before it can ask, the text model's words
    /// above all, is then not worth its price.
    pub fn spent(&self, width: u32, height: u32) -> Option<StopReason> {
        let mut left = self.links.iter().filter(|link| link.availability() != Availability::Out).peekable();
        let all_out = left.peek().is_none();
        let is_short = |link: &Link| self.budget.funds_for(link, width, height) == Funds::Short;
        self.ended().or(match self.budget.most() {
            _ if all_out => Some(StopReason::AllFailed),
            Some(most) if left.all(is_short) => Some(StopReason::Budget(most)),
            _ => None,
        })
    }

    /// When the run's generating ends.
    pub fn deadline(&self) -> Instant {
        self.deadline
    }

    /// Asks the providers in order until one delivers a usable picture.
    ///
    /// # Errors
    /// [`Exhausted`] with every attempt and every provider's reason.
    pub async fn generate(&self, wanted: &PictureRequest<'_>) -> Result<Delivered<P>, Exhausted> {
        let mut post = PostAttempts::begin(wanted, &self.links);
        loop {
            match self.pass(&self.asking_order(), &mut post).await {
                Step::Delivered(delivered) => return Ok(*delivered),
                Step::Ended(why) => return Err(post.exhausted(why, &self.links)),
                Step::Passed => {}
            }
            match self.softened_pass(&mut post).await {
                Step::Delivered(delivered) => return Ok(*delivered),
                Step::Ended(why) => return Err(post.exhausted(why, &self.links)),
                Step::Passed => {}
            }
            if let Err(why) = self.wait(&mut post).await {
                return Err(post.exhausted(why, &self.links));
            }
        }
    }

    /// Deliveries that turned out to be the same bytes as another post's, each told once.
    pub fn displaced(&self) -> Vec<Displaced> {
        self.inspector.displaced()
    }

    /// The providers as the report tells them, in order.
    pub fn report(&self) -> Vec<LinkReport> {
        self.links.iter().map(Link::report).collect()
    }

    /// Whose turn it is when: in order, but those that earlier runs found to be out come last, when all
    /// others failed. They keep their place for everything else, so that what is delivered past them
    /// counts as a fallback.
    fn asking_order(&self) -> Vec<usize> {
        let mut order: Vec<usize> = (0..self.links.len()).collect();
        order.sort_by_key(|&index| self.links[index].known_out());
        order
    }

    /// Who is asked first for a picture that should be so wide and high in pixels, if there is anybody.
    pub fn first(&self, width: u32, height: u32) -> Option<FirstAsked> {
        self.asking_order().into_iter().map(|index| &self.links[index]).find_map(|link| {
            let left = link.models_left().into_iter();
            let mut prices = left.map(|model| (model, link.price(model, width, height)));
            let (model, price) = prices.find(|(_, price)| self.budget.funds(*price) == Funds::Enough)?;
            Some(FirstAsked { provider: link.name().clone(), model: link.models[model].clone(), price })
        })
    }

    /// Gives each of these links its turn.
    async fn pass(&self, links: &[usize], post: &mut PostAttempts<'_, '_>) -> Step<P> {
        for &index in links {
            match self.try_link(index, post).await {
                Step::Passed => {}
                over => return over,
            }
        }
        Step::Passed
    }

    /// Once for a post, when somebody refused its prompt: asks those again without the post's text.
    async fn softened_pass(&self, post: &mut PostAttempts<'_, '_>) -> Step<P> {
        let refused: Vec<usize> = (0..self.links.len())
            .filter(|&index| matches!(post.tried[index], LinkStatus::Refused(_)))
            .collect();
        if refused.is_empty() {
            return Step::Passed;
        }
        warn!(
            "{}: every provider that is left refused the prompt; asking once more with a prompt that leaves out the post's text",
            post.wanted.label
        );
        for &index in &refused {
            post.tried[index] = LinkStatus::Untried;
        }
        (post.prompt, post.softening) = (post.wanted.softened, Softening::Now);
        let step = self.pass(&refused, post).await;
        (post.prompt, post.softening) = (post.wanted.prompt, Softening::Done);
        for &index in &refused {
            if matches!(post.tried[index], LinkStatus::Untried) {
                post.tried[index] = LinkStatus::Failed("prompt refused by the content filter".to_owned());
            }
        }
        step
    }

    /// One link's turn: its models in order, until one delivers or the provider as a whole fails.
    async fn try_link(&self, index: usize, post: &mut PostAttempts<'_, '_>) -> Step<P> {
        let link = &self.links[index];
        match &post.tried[index] {
            LinkStatus::Untried => {}
            LinkStatus::Cooling(until, _) if *until <= Instant::now() => {}
            LinkStatus::Cooling(..) | LinkStatus::Failed(_) | LinkStatus::Refused(_) => return Step::Passed,
        }
        loop {
            if let Some(why) = self.ended() {
                return Step::Ended(why);
            }
            let Availability::Ready(_) = link.availability() else { return Step::Passed };
            // Nobody queues for what cannot be paid.
            let (width, height) = (post.wanted.width, post.wanted.height);
            if self.budget.funds_for(link, width, height) != Funds::Enough {
                let reason = || "its price is more than what is left of the budget".to_owned();
                post.last_failure.get_or_insert_with(|| (index, 0, reason()));
                return Step::Passed;
            }
            if let Some(reason) = self.detour(index, post) {
                post.last_failure.get_or_insert_with(|| (index, 0, reason.to_owned()));
                // It is asked when nobody is ready any more.
                post.tried[index] = LinkStatus::Untried;
                return Step::Passed;
            }
            let turn = activity::waiting(&link.service.title, post.wanted.label, None);
            let permit = tokio::select! {
                permit = link.slot() => permit,
                () = self.stop.cancelled() => return Step::Ended(StopReason::Stopped),
                () = tokio::time::sleep_until(self.deadline) => return Step::Ended(StopReason::Deadline),
            };
            drop(turn);
            // The queue may have been long: what is known now counts.
            let Availability::Ready(_) = link.begin() else { return Step::Passed };
            let Some((model, reservation)) = self.budget.reserve_for(link, width, height) else {
                link.abandoned();
                return Step::Passed;
            };
            let answer = self.attempt(index, model, post).await;
            drop(permit);
            let again = post.unanswered && link.joins_repeats && !post.repeated[index];
            if again {
                post.repeat(index);
            }
            let charged = post.attempts.last().and_then(|attempt| attempt.cost);
            reservation.settle(charged.unwrap_or_default());
            match answer {
                Some(Ok(picture)) => {
                    link.delivered();
                    return Step::Delivered(Box::new(Delivered {
                        picture,
                        provider: link.name().clone(),
                        model: link.models[model].clone(),
                        fallback: index >= self.overridden.max(1) || (self.overridden == 0 && model > 0),
                        softened: post.softening == Softening::Now,
                        attempts: std::mem::take(&mut post.attempts),
                    }));
                }
                Some(Err(failure)) => {
                    link.failed(model, post.wanted.post, &failure);
                    let words = failure.words();
                    let reason = failure.class.name().words(failure.status);
                    post.last_failure = Some((index, model, reason));
                    post.tried[index] = match (policy(failure.class.name()).this_post, post.softening) {
                        (ThisPost::NextModel, _) => {
                            // Its next model is asked at once, or when the provider has rested.
                            post.tried[index] = LinkStatus::Cooling(Instant::now(), words);
                            continue;
                        }
                        (ThisPost::Retry(pause), Softening::NotYet | Softening::Done) => {
                            LinkStatus::Cooling(Instant::now() + pause, words)
                        }
                        (ThisPost::Soften, Softening::NotYet) if failure.class.may_be_softened() => {
                            LinkStatus::Refused(words)
                        }
                        (ThisPost::NextProvider | ThisPost::Retry(_) | ThisPost::Soften, _) => {
                            LinkStatus::Failed(words)
                        }
                    };
                    if again {
                        continue;
                    }
                    return Step::Passed;
                }
                None => {
                    link.abandoned();
                    return Step::Ended(self.ended().unwrap_or(StopReason::Stopped));
                }
            }
        }
    }

    /// Why a post does not queue at this link now, while somebody else could begin at once: its queue is long, or it has
    /// just failed and its next model would have to wait.
    fn detour(&self, index: usize, post: &PostAttempts<'_, '_>) -> Option<&'static str> {
        let link = &self.links[index];
        let has_failed = !matches!(post.tried[index], LinkStatus::Untried);
        let reason = match () {
            () if link.queue() > LONGEST_QUEUE => "its queue is long",
            () if has_failed && !link.has_no_queue() => "its next model would have to wait",
            () => return None,
        };
        let (width, height) = (post.wanted.width, post.wanted.height);
        let is_ready = |(other, link): (usize, &Link)| {
            other != index
                && matches!(post.tried[other], LinkStatus::Untried)
                && matches!(link.availability(), Availability::Ready(_))
                && link.has_no_queue()
                && self.budget.funds_for(link, width, height) == Funds::Enough
        };
        self.links.iter().enumerate().any(is_ready).then_some(reason)
    }

    /// Why a post is given up for which nobody is left.
    fn given_up(&self, post: &PostAttempts<'_, '_>) -> StopReason {
        let funds = |link: &Link| self.budget.funds_for(link, post.wanted.width, post.wanted.height);
        match self.budget.most() {
            Some(most) if post.lacks_money(&self.links, funds) => StopReason::Budget(most),
            _ => StopReason::AllFailed,
        }
    }

    /// Waits for the first provider that may be asked again, if the run has the patience.
    async fn wait(&self, post: &mut PostAttempts<'_, '_>) -> Result<(), StopReason> {
        let funds = |link: &Link| self.budget.funds_for(link, post.wanted.width, post.wanted.height);
        let Some((index, wake)) = post.earliest(&self.links, self.patience.left(), funds) else {
            return Err(self.given_up(post));
        };
        let link = &self.links[index];
        let until = if let Wake::At(until) = wake { Some(until) } else { None };
        let _asleep = match until {
            Some(until) if until > self.deadline => return Err(self.given_up(post)),
            Some(until) => Some(self.patience.sleep(until).ok_or_else(|| self.given_up(post))?),
            None => None,
        };
        if let Some(until) = until {
            link.shorten_cooldown(until);
            if link.is_news(until) {
                let rest = until.saturating_duration_since(Instant::now());
                info!(
                    "no other provider is left: waiting {:.0} s, until {}, for {}: {}",
                    rest.as_secs_f64().ceil(),
                    from_now(rest).strftime("%H:%M:%S UTC"),
                    link.service.title,
                    post.reason(index, link)
                );
            }
        }
        let rest = until.map(|until| until.saturating_duration_since(Instant::now()));
        let _waiting = activity::waiting(&link.service.title, post.wanted.label, rest);
        // The probe that was running may be over by now.
        let known = if let Wake::Probed = wake { Availability::Probing } else { link.availability() };
        let over = async {
            match wake {
                Wake::Now => {}
                Wake::At(until) => tokio::time::sleep_until(until).await,
                Wake::Probed => std::future::pending().await,
                Wake::Settled => self.budget.settles(|| funds(link) == Funds::InFlight).await,
            }
        };
        tokio::select! {
            () = over => Ok(()),
            // What another post hears of it may make the rest longer or needless.
            () = link.changes_from(known) => Ok(()),
            () = self.stop.cancelled() => Err(StopReason::Stopped),
            () = tokio::time::sleep_until(self.deadline) => Err(StopReason::Deadline),
        }
    }

    fn ended(&self) -> Option<StopReason> {
        if self.stop.is_cancelled() {
            Some(StopReason::Stopped)
        } else if Instant::now() >= self.deadline {
            Some(StopReason::Deadline)
        } else {
            None
        }
    }
}
