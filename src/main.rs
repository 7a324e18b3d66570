//! Captures the environment, drops privileges, runs the app, returns the exit code.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use image_fallback::app;
use image_fallback::env::Env;
use image_fallback::runner::{self, Runner};
use tracing_subscriber::layer::SubscriberExt as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let env = Env::capture();
    let runner = Runner::new(&runner::RunnerOptions {
        actions: env.in_actions(),
        debug: env.get("RUNNER_DEBUG") == Some("1"),
        terminal: std::io::stdout().is_terminal(),
        output: env.get("GITHUB_OUTPUT").map(Into::into),
        summary: env.get("GITHUB_STEP_SUMMARY").map(Into::into),
    });
    let at_panic = runner.clone();
    std::panic::set_hook(Box::new(move |panic| at_panic.report_panic(panic)));
    #[cfg(target_os = "linux")]
    if let Some(workspace) = env.get("GITHUB_WORKSPACE").filter(|_| env.in_actions()) {
        runner.become_owner_of(workspace.as_ref());
    }
    let subscriber = tracing_subscriber::registry().with(runner.log());
    if tracing::subscriber::set_global_default(subscriber).is_err() {
        runner.line("error: the log cannot be started");
    }
    ExitCode::from(app::run(&env, &runner))
}
