//! Captures the environment, drops privileges, runs the app, returns the exit code.

use std::io::IsTerminal as _;
use std::process::ExitCode;

use image_fallback::app;
use image_fallback::env::Env;
use image_fallback::runner::{self, Paper, Runner};
use image_fallback::settings;
use tracing_subscriber::layer::SubscriberExt as _;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Number of the allocator's option for how many milliseconds it keeps memory that is free.
const PURGE_DELAY: std::ffi::c_int = 15;

/// Free memory goes back to the system at once: a large picture needs what the one before it had. By itself the
/// allocator keeps it for a second, in which another thread takes as much anew.
fn keep_no_free_memory() {
    #[expect(unsafe_code, reason = "the allocator's options have no safe call")]
    // SAFETY: the call stores an integer in the allocator's table of options; no other thread runs yet.
    unsafe {
        libmimalloc_sys::mi_option_set(PURGE_DELAY, 0);
    }
}

fn main() -> ExitCode {
    keep_no_free_memory();
    let env = Env::capture();
    let speech = settings::speech(&env);
    let runner = Runner::new(&runner::RunnerOptions {
        actions: env.in_actions(),
        debug: speech.verbose || env.get("RUNNER_DEBUG") == Some("1"),
        json: speech.json,
        quiet: speech.quiet,
        terminal: std::io::stderr().is_terminal() && env.get("TERM") != Some("dumb"),
        stdout: Paper::of_stdout(speech.colour),
        stderr: Paper::of_stderr(speech.colour),
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
