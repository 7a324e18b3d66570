//! The order of a run: what is read before what, which mode is run, and where an end is recorded.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use super::*;
use crate::runner::RunnerOptions;

/// Everything that was printed.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A run in a folder without the watch for signals, and its exit code and log.
async fn run_in(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> (u8, String) {
    let log = Log::default();
    let runner = Runner::with_sink(&RunnerOptions::default(), Box::new(log.clone()));
    let mut env = Env::of(variables.iter().copied());
    env.args = args.iter().map(ToString::to_string).collect();
    env.directory = folder.to_owned();
    let mut report = ReportBuilder::new(&env);
    if let Err(abort) = act(&env, &runner, &Signals::default(), &mut report).await {
        report.abort(abort);
    }
    (report.emit(&runner), log.text())
}

fn blog() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("posts")).unwrap();
    fs::write(folder.path().join("posts/a.md"), "---\ntitle: On lighthouses\n---\nText.\n").unwrap();
    folder
}

fn files(folder: &Path) -> Vec<String> {
    let files = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let below = files.filter_map(|entry| {
        let path = entry.unwrap().into_path();
        path.is_file().then(|| path.strip_prefix(folder).unwrap().display().to_string())
    });
    below.collect()
}

#[tokio::test]
async fn every_mode_does_what_its_name_says() {
    let (code, log) = run_in(blog().path(), &["providers"], &[]).await;
    assert_eq!((code, log.contains("1. card"), log.contains("posts")), (0, true, false), "{log}");
    let (code, log) = run_in(blog().path(), &["--help"], &[]).await;
    assert_eq!((code, log.contains("Usage")), (0, true), "{log}");
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate"], &[]).await;
    assert_eq!((code, log.contains("Title cards only (1 post)")), (0, true), "{log}");
    assert!(folder.path().join(".image-fallback/report.json").exists());
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate", "--dry-run"], &[]).await;
    assert_eq!((code, log.contains("1 post would get a hero image")), (0, true), "{log}");
    assert_eq!(files(folder.path()), ["posts/a.md"]);
}

#[tokio::test]
async fn an_abort_is_told_once_and_ends_the_run_with_the_code_of_its_kind() {
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate", "none/*.md"], &[]).await;
    assert_eq!(code, 2, "{log}");
    let told = log.lines().filter(|line| line.contains("none/*.md")).count();
    assert_eq!(told, 1, "{log}");
    assert_eq!(files(folder.path()), ["posts/a.md"], "a refused run leaves nothing behind");
}

#[tokio::test]
async fn what_happened_is_judged_before_any_setting_is_read() {
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request_target"),
        ("INPUT_PROVIDERS", "nobody"),
    ];
    let folder = blog();
    let workspace = folder.path().to_str().unwrap();
    let variables: Vec<_> = variables.into_iter().chain([("GITHUB_WORKSPACE", workspace)]).collect();
    let (code, log) = run_in(folder.path(), &[], &variables).await;
    assert_eq!((code, log.contains("nothing to do: ")), (0, true), "{log}");
}
