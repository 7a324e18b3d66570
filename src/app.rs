//! The story on one page: event → settings → site → posts → plan → stream → publish → report.

mod finish;
mod github;
mod lock;
mod memory;
mod recover;
mod signal;
mod tables;

use std::time::Duration;

use anyhow::Context as _;
use tokio::runtime::Runtime;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::warn;

use crate::chain::{self, Chain, Link};
use crate::clock;
use crate::event::{Event, Judgement};
use crate::fault;
use crate::generate::{Ending, Generator};
use crate::image::{Picture, truth};
use crate::plan::{self, Plan};
use crate::provider::Failure;
use crate::report::{self, Outcome};
use crate::runner::Runner;
use crate::settings::{self, Env, Mode, OnExhausted, Request, Settings};
use crate::site::{self, Site};
use crate::write::{Outbox, Tree};
use crate::{demo, generate};
use finish::Story;
use github::unless_stopped;
use lock::Lock;
use signal::Signals;

/// How long writing the record may take, after a stop and otherwise.
const AFTER_STOP: Duration = Duration::from_millis(300);
const LONGEST_KEEP: Duration = Duration::from_secs(180);

/// The exit code of a run that broke before it could tell.
const BROKEN: u8 = 3;

/// Runs the program and gives its exit code. However it ends, by a fault of its own as well, the end is told.
pub fn run(env: &Env, runner: &Runner) -> u8 {
    let signals = signal::watch(runner);
    let mut story = Story::begin(env);
    let mut runtime = None;
    let ended = fault::guarded(|| {
        let builder = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.insert(builder().context("no threads can be started")?);
        runtime.block_on(act(env, runner, &mut story, &signals))
    });
    // A decoder may still be busy with a picture that nobody waits for any more.
    runtime.into_iter().for_each(Runtime::shutdown_background);
    match ended {
        Ok(Ok(Some(code))) => return code,
        Ok(Ok(None)) => {}
        Ok(Err(error)) => story.broke(&error),
        Err(fault) => story.broke(&fault.into()),
    }
    signals.received().into_iter().for_each(|number| story.stopped(number));
    fault::guarded(|| story.tell(runner)).unwrap_or_else(|fault| {
        runner.set_output("verdict", "failed");
        runner.summary(&format!("The run broke: {fault}.\n"));
        BROKEN
    })
}

/// Does what is asked. Gives the exit code where there is no run to tell of.
async fn act(env: &Env, runner: &Runner, story: &mut Story, signals: &Signals) -> anyhow::Result<Option<u8>> {
    // Judged before any setting is read: a stranger's pull request reaches nothing that costs or writes.
    let event = Event::read(&|name| env.get(name).map(str::to_owned));
    if let (true, Judgement::StandDown(reason)) = (env.in_actions(), &event.judgement) {
        story.stand_down(reason);
        return Ok(None);
    }
    let settings = match settings::parse(env) {
        Ok(Request::Print(text)) => {
            text.lines().for_each(|line| runner.line(line));
            return Ok(Some(0));
        }
        Ok(Request::Run(settings)) => *settings,
        Err(invalid) => {
            story.refused(invalid);
            return Ok(None);
        }
    };
    settings.chain.secrets.iter().for_each(|secret| runner.mask(secret));
    match settings.mode {
        Mode::Providers => Ok(Some(tables::providers(&settings, runner))),
        Mode::Generate | Mode::Demo => {
            generate(settings, &event, story, runner, signals).await.map(|()| None)
        }
    }
}

/// Gives every candidate its picture.
async fn generate(
    mut settings: Settings,
    event: &Event,
    story: &mut Story,
    runner: &Runner,
    Signals { stop, late, .. }: &Signals,
) -> anyhow::Result<()> {
    if settings.mode == Mode::Demo {
        settings.root = demo::unpack_new()?;
        settings.report_dir = settings::default_report_dir(&settings.root);
        let page = settings.report_dir.join("report.html");
        runner.line(&format!("The sample blog is in {}", settings.root.display()));
        runner.line(&format!("Its pictures will be on one page in {}", page.display()));
    }
    story.follow(&settings);
    tables::chain(&settings, runner);

    let Settings { chain: providers, .. } = &mut settings;
    let mut links = std::mem::take(&mut providers.links);
    let ending = ending(&settings, links.is_empty());
    let cards_only = ending == Ending::Card { sole: true };
    story.cards_only(cards_only);

    let mut site = match Site::detect(&settings.root, settings.site.clone()) {
        Ok(site) => site,
        Err(problems) => {
            let told = |problem: &site::Problem| format!("{}: {problem}", settings.source(problem.input()));
            story.wrong(problems.iter().map(told));
            return Ok(());
        }
    };
    let discovery = match site.discover() {
        Ok(discovery) => discovery,
        Err(nothing) => {
            let unchecked = !event.name.is_empty() && !settings.root.join(".git").exists();
            let cure = match unchecked {
                true => github::NO_CHECKOUT,
                false if site.is_sparse() => github::SPARSE,
                false => "",
            };
            story.wrong([format!("{nothing}{cure}")]);
            return Ok(());
        }
    };
    tables::site(&site, &discovery, runner);
    if !settings.dry_run {
        match unless_stopped(stop, Lock::take(&settings)).await {
            Ok(lock) => story.alone(lock),
            Err(trouble) => return trouble.told_by(story),
        }
        Outbox::new(&settings.root, &settings.report_dir).name_whole_entries();
    }
    let opened = github::Hub::open(&settings, event, site.hero_field(), late.clone());
    let mut hub = match unless_stopped(stop, opened).await {
        Ok(hub) => hub,
        Err(trouble) => return trouble.told_by(story),
    };
    hub.memory.order(&mut links, &settings.chain);
    let looked = async {
        let unpublished = hub.unpublished(&site, !settings.dry_run).await?;
        Ok((unpublished, hub.absent(&site).await?))
    };
    let (unpublished, absent) = match unless_stopped(stop, looked).await {
        Ok(looked) => looked,
        Err(trouble) => return trouble.told_by(story),
    };
    let tree = Tree::open(&settings.root)?;
    let options = plan::Options {
        max_images: settings.max_images,
        now: clock::now(),
        scope: hub.scope.clone(),
        waiting: hub.waiting(),
        absent,
        unpublished,
        submodules: tree.submodules().clone(),
        cards_only,
    };
    let mut plan = Plan::new(discovery, &site, &options);
    let proven = match settings.dry_run {
        true => Ok(()),
        false => unless_stopped(stop, hub.prove(&mut plan, &site)).await,
    };
    plan.leave_unseen(cards_only, |picture| hub.hides(picture, &settings.root));
    plan.leave_blocked(|path| hub.obstacle(path));
    story.plan(&mut plan);
    if let Err(trouble) = proven {
        return trouble.told_by(story);
    }
    if !plan.tasks.is_empty() {
        tables::held_back(&links, runner);
    }
    let chain = chain(&settings, links, story.begun, stop.clone());
    let mut streamed = Ok(());
    if !settings.dry_run && !plan.tasks.is_empty() {
        let stage = generate::Options {
            ending,
            image: settings.image,
            metadata: settings.metadata,
            concurrency: settings.concurrency,
        };
        let outbox = Outbox::new(&settings.root, &settings.report_dir);
        let generator = Generator {
            options: stage,
            chain: &chain,
            describer: settings.describer.as_ref(),
            template: &settings.template,
            site: &site,
            tree: &tree,
            outbox: &outbox,
            publisher: hub.publisher.as_ref(),
            stop: stop.clone(),
        };
        let progress = runner.progress(plan.tasks.len() as u64);
        let mut reasons = report::Told::default();
        let stream = generator.run(&plan.tasks, |outcome: &Outcome| {
            let line = report::post_line(outcome, cards_only, &mut reasons);
            line.iter().for_each(|line| runner.line(line));
            progress.advance(&outcome.path);
        });
        streamed = fault::caught(stream).await.map(|outcomes| story.outcomes(&plan, outcomes));
    } else {
        story.planned(&plan);
    }
    story.chain(&chain, &settings.chain.absent);
    if !settings.dry_run {
        let github::Hub { publisher, memory, .. } = hub;
        if let Some(publisher) = publisher {
            story.published(publisher.finish().await, &settings.publish);
        }
        // What became of the posts is not known then, and the record would take their debts for settled.
        streamed?;
        // A stopped run has five seconds in all, and publishing comes first.
        let longest = if stop.is_cancelled() { AFTER_STOP } else { LONGEST_KEEP };
        if tokio::time::timeout(longest, story.keep(memory)).await.is_err() {
            warn!("no record is kept for the next run: there was no time to write it");
        }
    }
    Ok(())
}

fn ending(settings: &Settings, nobody: bool) -> Ending {
    match (nobody, settings.chain.card, settings.on_exhausted) {
        (true, ..) => Ending::Card { sole: true },
        (false, true, _) | (false, _, OnExhausted::Card) => Ending::Card { sole: false },
        (false, false, OnExhausted::Manual) => Ending::Manual,
    }
}

fn chain(settings: &Settings, links: Vec<Link>, begun: Instant, stop: CancellationToken) -> Chain<Picture> {
    let options = chain::Options {
        links,
        overridden: settings.chain.overridden,
        patience: settings.patience,
        begun,
        deadline: Instant::now() + settings.deadline,
        scrubber: settings.scrubber(),
        stop,
    };
    Chain::new(options, |bytes| truth::examine(&bytes).map_err(|flaw| Failure::unusable(flaw.to_string())))
}
