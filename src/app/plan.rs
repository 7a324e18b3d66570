//! Mode `plan`: what `generate` would do with everything that lacks a picture, and the jobs that can do it side by side.

use std::time::Duration;

use super::abort::Abort;
use super::context::Context;
use super::generate::{open_blog, show};
use super::survey::survey;
use crate::plan::{Plan, Shard};
use crate::settings::Settings;

/// What a picture takes at the most where services are slow, so that a job ends in time.
const LONGEST_PICTURE: Duration = Duration::from_secs(20);

/// Plans, writes nothing, and asks GitHub alone.
pub(super) async fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    let blog = open_blog(ctx)?;
    let mut survey = ctx.unless_cancelled(survey(ctx, blog)).await?;
    // What one run leaves to the next, the next job does.
    survey.options.max_images = usize::MAX;
    let sites = &survey.blog.sites;
    let plan = Plan::new(&survey.blog.discovery, sites, &survey.options);
    let to_make = plan.tasks.iter().filter(|task| task.recovered.is_none() && task.shares.is_none());
    let posts = to_make.map(|task| task.post.path());
    let originals: Vec<&str> = posts.map(|path| sites.of(path).original(path)).collect();
    let most = of_a_job(&ctx.settings);
    let shards = if most == 0 { Vec::new() } else { Shard::divide(originals.iter().copied(), most) };
    ctx.report.divided(shards, originals.len(), most);
    show(ctx, &survey, plan);
    Ok(())
}

/// Most pictures that one job makes: as many as it may, and has the time for.
fn of_a_job(settings: &Settings) -> usize {
    let rounds = settings.deadline.as_secs() / LONGEST_PICTURE.as_secs();
    let in_time = usize::try_from(rounds).unwrap_or(usize::MAX).saturating_mul(settings.concurrency);
    settings.max_images.min(in_time.max(1))
}
