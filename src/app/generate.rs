//! Mode `generate`: survey → plan → prove → make → publish → remember.

use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;
use tracing::warn;

use super::abort::Abort;
use super::context::Context;
use super::health::Share;
use super::print;
use super::providers;
use super::signal::TO_REMEMBER;
use super::survey::{Blog, Survey, survey};
use crate::chain::{self, Chain};
use crate::clock;
use crate::describe::Describer;
use crate::fault::{self, Fault};
use crate::generate::{self, Options, PictureGenerator};
use crate::health::HealthStore;
use crate::image::Picture;
use crate::image::thumbnail::Allowance;
use crate::image::validate::{self, PictureLimits};
use crate::plan::{self, Plan, Task};
use crate::prompt::Template;
use crate::provider::Failure;
use crate::publish::Publisher;
use crate::report::{self, Outcome};
use crate::settings::Settings;
use crate::site::Sites;
use crate::write::Outbox;

/// How long writing the record may take where nobody stops the run.
const LONGEST_KEEP: Duration = Duration::from_secs(180);

/// Gives every candidate its picture.
pub(super) async fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    let blog = open_blog(ctx)?;
    if ctx.settings.dry_run { preview(ctx, blog).await } else { generate(ctx, blog).await }
}

/// The posts and what is decided for them, told before anything else.
pub(super) fn open_blog(ctx: &mut Context<'_>) -> Result<Blog, Abort> {
    ctx.report.use_settings(&ctx.settings);
    // Settings that do not fit the blog are told alone, with nothing in front of them.
    let blog = Blog::read(ctx)?;
    providers::announce(&ctx.settings, ctx.runner);
    ctx.report.blog(&blog.sites, &blog.discovery);
    print::sites(&blog.sites, &blog.discovery, ctx.runner);
    Ok(blog)
}

/// The run itself.
async fn generate(ctx: &mut Context<'_>, blog: Blog) -> Result<(), Abort> {
    ctx.lock().await?;
    let mut survey = ctx.unless_cancelled(survey(ctx, blog)).await?;
    survey.github.tidy(&survey.arrived);
    let plan = prove(ctx, &mut survey).await?;
    print::visibility(&survey.blog.sites, &plan.tasks, ctx.runner);
    let chain = open_chain(ctx, &survey.github.health, &plan);
    let made = make(ctx, &survey, &chain, &plan.tasks).await;
    let made = tell(ctx, &survey, &chain, &plan, made);
    publish(ctx, survey.github.publisher).await;
    // What became of the posts is not known then, and the record would take their debts for settled.
    made.map_err(anyhow::Error::from)?;
    remember(ctx, survey.github.health, &survey.blog.sites).await;
    Ok(())
}

/// Puts into the report what the chain did, and what became of the posts.
fn tell(
    ctx: &mut Context<'_>,
    survey: &Survey,
    chain: &Chain<Picture>,
    plan: &Plan,
    made: Result<Vec<Outcome>, Fault>,
) -> Result<(), Fault> {
    ctx.report.chain(chain, &ctx.settings.chain.absent);
    ctx.report.described(ctx.settings.describer.as_ref().and_then(Describer::trouble));
    if ctx.runner.in_actions() && !plan.tasks.is_empty() {
        ctx.report.judge_depth();
    }
    let told = made.map(|outcomes| ctx.report.outcomes(plan, outcomes));
    mark_known(ctx, survey);
    told
}

/// A dry run: the plan, and no byte of it is written.
async fn preview(ctx: &mut Context<'_>, blog: Blog) -> Result<(), Abort> {
    let survey = ctx.unless_cancelled(survey(ctx, blog)).await?;
    let plan = Plan::new(&survey.blog.discovery, &survey.blog.sites, &survey.options);
    show(ctx, &survey, plan);
    Ok(())
}

/// Tells of a plan that nobody carries out.
pub(super) fn show(ctx: &mut Context<'_>, survey: &Survey, mut plan: Plan) {
    ctx.report.plan(&mut plan);
    let chain = open_chain(ctx, &survey.github.health, &plan);
    let prompt = |task| known_prompt(&survey.blog.sites, &ctx.settings.template, task);
    let first = chain.first(ctx.settings.image.width, ctx.settings.image.height);
    ctx.report.planned(plan.tasks.iter().map(|task| (task, prompt(task))), first.as_ref());
    ctx.report.weigh(ctx.settings.chain.budget);
    mark_known(ctx, survey);
    print::visibility(&survey.blog.sites, &plan.tasks, ctx.runner);
    ctx.report.chain(&chain, &ctx.settings.chain.absent);
}

/// The prompt of a post for which a picture is to be made, as far as it is known before a text model is asked.
fn known_prompt(sites: &Sites, template: &Template, task: &Task) -> Option<String> {
    if task.shares.is_some() || task.recovered.is_some() {
        return None;
    }
    let (post, text) = sites.read(task.post.path()).ok()?;
    let prompt = generate::known_prompt(template, task, post.body(&text)).ok()?;
    Some(prompt.fit(usize::MAX))
}

/// Where no event says which posts changed, a post that cannot be edited counts when it is new since an earlier run,
/// or somebody named it.
fn mark_known(ctx: &mut Context<'_>, survey: &Survey) {
    if survey.options.scope == plan::Scope::All {
        let sites = &survey.blog.sites;
        ctx.report.mark_known(survey.github.health.earlier(), |path| sites.of(path).is_named(path));
    }
}

/// The plan, less what cannot be published; the right to write is proven before anything is paid for.
async fn prove(ctx: &mut Context<'_>, survey: &mut Survey) -> Result<Plan, Abort> {
    let Survey { blog: Blog { sites, discovery }, github, options, .. } = survey;
    let mut plan = Plan::new(discovery, sites, options);
    let proven = ctx.unless_cancelled(github.prove(&mut plan, sites)).await;
    plan.leave_unseen(options, |picture| github.hides(picture, &ctx.settings.root));
    plan.leave_blocked(|path| github.obstacle(path));
    // Also of a run that goes no further: what it knows of the posts is of use.
    ctx.report.plan(&mut plan);
    proven.map(|()| plan)
}

/// The chain in the order that earlier runs suggest.
fn open_chain(ctx: &mut Context<'_>, health: &HealthStore, plan: &Plan) -> Chain<Picture> {
    let links = recalled_links(ctx, health);
    if !plan.tasks.is_empty() {
        providers::held_back(&links, ctx.runner);
    }
    let options = chain::Options {
        links,
        overridden: ctx.settings.chain.overridden,
        patience: ctx.settings.patience,
        budget: ctx.settings.chain.budget,
        begun: ctx.report.started,
        deadline: Instant::now() + ctx.settings.deadline,
        scrubber: ctx.runner.scrubber(),
        stop: ctx.signals.stop.clone(),
    };
    validating_chain(options)
}

/// The links of the settings, with what the record knows of them.
fn recalled_links(ctx: &mut Context<'_>, health: &HealthStore) -> Vec<chain::Link> {
    let mut links = std::mem::take(&mut ctx.settings.chain.links);
    let record = health.record();
    let fingerprints = ctx.settings.chain.fingerprints(record.salt());
    chain::recall(&mut links, ctx.settings.chain.overridden, record.recall(&fingerprints, clock::now()));
    links
}

/// A chain that takes nothing for a picture but what is one.
pub(super) fn validating_chain(options: chain::Options) -> Chain<Picture> {
    let limits = PictureLimits::AS_SENT;
    let unusable = |flaw: validate::InvalidPicture| Failure::unusable(flaw.to_string());
    Chain::new(options, move |bytes: Bytes| validate::examine(&bytes, &limits).map_err(unusable))
}

/// Makes the pictures and puts them and their posts in place.
async fn make(
    ctx: &Context<'_>,
    survey: &Survey,
    chain: &Chain<Picture>,
    tasks: &[Task],
) -> Result<Vec<Outcome>, Fault> {
    if tasks.is_empty() {
        return Ok(Vec::new());
    }
    let outbox = Outbox::new(&ctx.settings.root, &ctx.settings.report_dir);
    let generator = generator(ctx, survey, chain, &outbox);
    ctx.progress.count(tasks.len());
    let (links, mut reasons) = (chain.report(), report::Repeats::default());
    let done = |outcome: &Outcome| {
        let row = report::post_line(outcome, &links, &mut reasons);
        row.iter().for_each(|row| ctx.runner.row(row));
        ctx.progress.advance();
    };
    fault::caught(generator.run(tasks, done)).await
}

/// The stage that makes pictures, as the settings want it.
fn generator<'a>(
    ctx: &'a Context<'_>,
    survey: &'a Survey,
    chain: &'a Chain<Picture>,
    outbox: &'a Outbox,
) -> PictureGenerator<'a> {
    let Settings { last_resort, image, metadata, concurrency, ref card, ref describer, ref template, .. } =
        ctx.settings;
    PictureGenerator {
        options: Options { last_resort, image, card: card.clone(), metadata, concurrency },
        chain,
        describer: describer.as_ref(),
        template,
        sites: &survey.blog.sites,
        tree: &survey.tree,
        outbox,
        publisher: survey.github.publisher.as_ref(),
        thumbnails: Allowance::default(),
        stop: ctx.signals.stop.clone(),
    }
}

/// Takes what is made to GitHub.
async fn publish(ctx: &mut Context<'_>, publisher: Option<Publisher>) {
    if let Some(publisher) = publisher {
        ctx.progress.phase("posts, publishing");
        let gallery = ctx.report.gallery();
        ctx.report.published(publisher.finish(&gallery).await);
    }
}

/// Leaves the record for the next run. A stopped run has five seconds in all, and publishing comes first.
async fn remember(ctx: &mut Context<'_>, health: HealthStore, sites: &Sites) {
    let fingerprints = ctx.settings.chain.fingerprints(health.record().salt());
    let longest = if ctx.signals.stop.is_cancelled() { TO_REMEMBER } else { LONGEST_KEEP };
    let share = Share { shard: ctx.settings.shard, sites };
    if tokio::time::timeout(longest, ctx.report.keep(health, &fingerprints, &share)).await.is_err() {
        warn!("no record is kept for the next run: there was no time to write it");
    }
}
