//! The program on one page: event → settings → mode → report.

mod abort;
mod alert;
mod check;
mod context;
mod demo;
mod drill;
mod generate;
mod github;
mod health;
mod lock;
mod plan;
mod print;
mod providers;
mod recover;
mod report;
mod signal;
mod survey;

use anyhow::Context as _;
use tokio::runtime::Runtime;

use crate::env::Env;
use crate::event::{Event, Judgement};
use crate::fault;
use crate::runner::Runner;
use crate::settings::{self, Invocation, Mode};
use abort::Abort;
use context::Context;
use report::ReportBuilder;
use signal::Signals;

/// The exit code of a run that failed before it could report.
const BROKEN: u8 = 3;

/// Runs the program and gives its exit code. However it ends, by a fault of its own as well, it is reported.
pub fn run(env: &Env, runner: &Runner) -> u8 {
    let signals = signal::watch(runner);
    let mut report = ReportBuilder::new(env);
    let mut runtime = None;
    let ended = fault::guarded(|| {
        let builder = || tokio::runtime::Builder::new_multi_thread().enable_all().build();
        let runtime = runtime.insert(builder().context("no threads can be started")?);
        runtime.block_on(act(env, runner, &signals, &mut report))
    });
    if let Err(abort) = ended.unwrap_or_else(|fault| Err(Abort::Failed(fault.into()))) {
        report.abort(abort);
    }
    signals.received().into_iter().for_each(|number| report.signal(number));
    if let Some(runtime) = &runtime {
        let alerted = fault::guarded(|| runtime.block_on(alert::send(&mut report, runner, &signals)));
        alerted.unwrap_or_else(|fault| report.not_alerted(format!("nobody was told of this run: {fault}")));
    }
    // A decoder may still be busy with a picture that nobody waits for any more.
    runtime.into_iter().for_each(Runtime::shutdown_background);
    fault::guarded(|| report.emit(runner)).unwrap_or_else(|fault| {
        runner.set_output("verdict", "failed");
        runner.summary(&format!("The run broke: {fault}.\n"));
        BROKEN
    })
}

async fn act(env: &Env, runner: &Runner, signals: &Signals, report: &mut ReportBuilder) -> Result<(), Abort> {
    // Judged before any setting is read: a stranger's pull request reaches nothing that costs or writes.
    let event = Event::read(env);
    let costs_or_writes = env.in_actions() && !settings::only_looks(env);
    if let (true, Judgement::StandDown(reason)) = (costs_or_writes, &event.judgement) {
        report.stand_down(reason);
        return Ok(());
    }
    // What a stranger describes is not asked, whatever the mode.
    let trusted = event.judgement == Judgement::Proceed;
    let (secrets, request) = settings::parse(env, trusted);
    secrets.iter().for_each(|secret| runner.mask(secret));
    report.alert_by(settings::alert_webhook(env));
    let settings = match request {
        Ok(Invocation::Run(settings)) => *settings,
        Ok(Invocation::Print(text)) => {
            runner.own_text(&text.plain, &text.coloured);
            report.printed();
            return Ok(());
        }
        Err(invalid) => return Err(report.invalid_settings(invalid)),
    };
    let progress = runner.progress();
    run_mode(&mut Context { env, settings, event, runner, progress, signals, report }).await
}

async fn run_mode(ctx: &mut Context<'_>) -> Result<(), Abort> {
    match ctx.settings.mode {
        Mode::Generate => Box::pin(generate::run(ctx)).await,
        Mode::Check => check::run(ctx),
        Mode::Plan => Box::pin(plan::run(ctx)).await,
        Mode::Demo => demo::run(ctx).await,
        Mode::Drill => Box::pin(drill::run(ctx)).await,
        Mode::Providers => Box::pin(providers::run(ctx)).await,
    }
}

#[cfg(test)]
mod tests;
