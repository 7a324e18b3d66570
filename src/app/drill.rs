//! Mode `drill`: asks every service what it tells for nothing, then proves place by place that the chain delivers when
//! those in front are out. No post is read and nothing is written but the report.

use anyhow::Context as _;
use tracing::instrument::WithSubscriber as _;
use tracing::subscriber::NoSubscriber;

use super::abort::Abort;
use super::context::Context;
use super::generate::validating_chain;
use super::providers;
use crate::chain::{Link, LinkReport};
use crate::clock;
use crate::drill::{self, AuditFacts, DrillReport, DrilledLink, Stage, StageOptions};
use crate::generate::LastResort;
use crate::publish::PublishMode;
use crate::report::{self, FailOn};
use crate::settings::{GithubSettings, Settings};

/// Drills the chain.
pub(super) async fn run(ctx: &mut Context<'_>) -> Result<(), Abort> {
    ctx.report.use_settings(&ctx.settings);
    providers::recall(&mut ctx.settings).await?;
    ctx.progress.phase("asking the services what they tell for nothing");
    providers::probe(ctx).await?;
    ctx.progress.phase("trying the chain place by place");
    let rehearsed = ctx.unless_cancelled(rehearse(ctx)).await?;
    let chain: Vec<LinkReport> = ctx.settings.chain.links.iter().map(Link::report).collect();
    let links: Vec<_> = rehearsed.into_iter().zip(&chain).map(judged).collect();
    let facts = facts(&ctx.settings, &chain, ctx.report.has_webhook());
    let dependencies = drill::audit(&links, &facts);
    let absent = ctx.settings.chain.absent.iter().cloned();
    let drill = DrillReport { live: ctx.settings.live, links, dependencies };
    ctx.report.drilled(chain.into_iter().chain(absent).collect(), drill);
    Ok(())
}

async fn rehearse(ctx: &Context<'_>) -> Result<Vec<DrilledLink>, Abort> {
    let options = StageOptions {
        env: ctx.env,
        links: &ctx.settings.chain.links,
        live: ctx.settings.live,
        budget: ctx.settings.chain.budget,
        scrubber: ctx.runner.scrubber(),
        stop: ctx.signals.stop.clone(),
    };
    let stage = Stage::set(options).await.context("the services cannot be simulated on this machine")?;
    let rehearsal = stage.rehearse(validating_chain);
    // Dozens of switches are what a drill is about; only who asks for everything reads of each.
    if tracing::enabled!(tracing::Level::DEBUG) {
        return Ok(rehearsal.await);
    }
    Ok(rehearsal.with_subscriber(NoSubscriber::default()).await)
}

/// What a service tells of itself beats what the simulation says of it.
fn judged((link, known): (DrilledLink, &LinkReport)) -> DrilledLink {
    match &known.probe {
        Some(probe) if !probe.lets_hope() => {
            let reason = link.reason.clone().or_else(|| report::probed(known));
            DrilledLink { works: false, reason, ..link }
        }
        _ => link,
    }
}

fn facts(settings: &Settings, chain: &[LinkReport], webhook: bool) -> AuditFacts {
    let step = match settings.fail_on {
        FailOn::Degraded | FailOn::Fallback => {
            "a switch stands in the summary; when nobody delivers: an error on each post, and the step fails"
        }
        FailOn::Never => {
            "a switch stands in the summary; when nobody delivers: an error on each post, and `fail-on: never` keeps the step green"
        }
    };
    AuditFacts {
        live: settings.live,
        history: chain.iter().map(|link| report::history(link, clock::now())).collect(),
        last_resort: match settings.last_resort {
            LastResort::Manual => "the post is left for a person",
            LastResort::Card(_) => "a title card is drawn",
        },
        alarm: if webhook { format!("{step}, and the webhook") } else { step.to_owned() },
        text_models: settings
            .describer
            .iter()
            .flat_map(|describer| describer.models())
            .map(str::to_owned)
            .collect(),
        ladder: match &settings.github {
            GithubSettings::Publishing(_, publish) => match publish.mode {
                PublishMode::Commit => &["a commit", "a pull request", "a branch", "files in the workspace"],
                PublishMode::PullRequest => &["a pull request", "a branch", "files in the workspace"],
            },
            GithubSettings::Unreachable | GithubSettings::Reading(_) => &[],
        },
        webhook,
        look_ups: settings.chain.links.iter().filter_map(|link| link.service.looks_up.clone()).collect(),
    }
}
