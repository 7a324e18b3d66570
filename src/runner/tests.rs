//! The runner as its log and its command files see it.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use tracing_subscriber::layer::SubscriberExt as _;

use super::*;

/// A sink that remembers.
#[derive(Clone, Default)]
struct Sink(Arc<Mutex<Vec<u8>>>);

impl Sink {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A runner in Actions whose command files stand in `folder`, or one on a laptop.
fn runner(folder: Option<&Path>) -> (Runner, Sink) {
    let sink = Sink::default();
    let options = RunnerOptions {
        actions: folder.is_some(),
        output: folder.map(|folder| folder.join("output")),
        summary: folder.map(|folder| folder.join("summary")),
        ..RunnerOptions::default()
    };
    (Runner::with_sink(&options, Box::new(sink.clone())), sink)
}

fn error(file: &str) -> Annotation {
    Annotation {
        line: None,
        level: Level::Error,
        file: Some(file.to_owned()),
        title: "No hero image".to_owned(),
        message: "why".to_owned(),
    }
}

#[test]
fn hostile_text_stays_a_line_of_text() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, sink) = runner(Some(folder.path()));
    runner.line("  ::set-output name=x::y\r\n::stop-commands::z\u{1b}[2J ##[add-matcher]m.json");
    runner.table(Some("::endgroup::\n100%"), &[LogRow::of_text("::error::in a group")]);
    assert_eq!(
        sink.text(),
        "  : :set-output name=x::y ::stop-commands::z ## [add-matcher]m.json\n\
         ::group::: :endgroup:: 100%25\n: :error::in a group\n::endgroup::\n"
    );
}

#[test]
fn a_secret_is_masked_by_line_and_scrubbed_from_log_outputs_and_summary() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, sink) = runner(Some(folder.path()));
    runner.mask(&Secret::new("first-line\nsecond%line").unwrap());
    runner.line("says first\u{200b}-line and second%line");
    runner.set_output("posts", "has first-line");
    runner.summary("has second%line");
    assert_eq!(sink.text(), "::add-mask::first-line\n::add-mask::second%25line\nsays *** and ***\n");
    assert!(fs::read_to_string(folder.path().join("output")).unwrap().contains("\nhas ***\n"));
    assert_eq!(fs::read_to_string(folder.path().join("summary")).unwrap(), "has ***");
}

#[test]
fn a_laptop_never_sees_a_mask_command() {
    let (runner, sink) = runner(None);
    runner.mask(&Secret::new("top-secret").unwrap());
    runner.line("top-secret");
    assert_eq!(sink.text(), "***\n");
}

#[test]
fn a_line_of_a_megabyte_is_cut() {
    let (runner, sink) = runner(None);
    runner.line(&"x".repeat(1_000_000));
    assert_eq!(sink.text().chars().count(), LONGEST + 1);
}

#[test]
fn an_annotation_is_escaped_and_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, sink) = runner(Some(folder.path()));
    runner.annotate(&[Annotation { message: "50%\n::stop-commands::x".to_owned(), ..error("a,b:c.md") }]);
    runner.annotate(&[Annotation { message: "x".repeat(5_000), ..error("d.md") }]);
    let text = sink.text();
    let (first, second) = text.split_once('\n').unwrap();
    assert_eq!(first, "::error file=a%2Cb%3Ac.md,title=No hero image::50%25%0A: :stop-commands::x");
    assert_eq!(second.trim_end().chars().filter(|c| matches!(c, 'x' | '…')).count(), LONGEST);
}

#[test]
fn outside_actions_an_annotation_is_a_readable_line() {
    let (runner, sink) = runner(None);
    runner.annotate(&[Annotation { message: "one\ntwo".to_owned(), ..error("a.md") }]);
    assert_eq!(sink.text(), "error: a.md: No hero image: one\n  two\n");
}

#[test]
fn the_tenth_annotation_counts_and_names_those_without_room() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, sink) = runner(Some(folder.path()));
    let errors: Vec<_> = (1..=12).map(|n| error(&format!("{n}.md"))).collect();
    runner.annotate(&errors);
    runner.annotate(&[error("later.md"), Annotation { level: Level::Notice, ..error("n.md") }]);
    let text = sink.text();
    assert_eq!(text.matches("::error ").count(), ANNOTATIONS);
    assert!(text.contains("::error title=More%2C see the job summary::and 3 more: 10.md, 11.md, 12.md\n"));
    assert!(text.ends_with("::notice file=n.md,title=No hero image::why\n"), "{text}");
}

#[test]
fn ten_annotations_are_shown_as_they_are() {
    let (runner, sink) = runner(None);
    runner.annotate(&(1..=10).map(|n| error(&format!("{n}.md"))).collect::<Vec<_>>());
    assert_eq!(sink.text().lines().last(), Some("error: 10.md: No hero image: why"));
}

#[test]
fn missing_or_unwritable_command_files_are_warnings() {
    let sink = Sink::default();
    let options =
        RunnerOptions { actions: true, output: Some("/nowhere/at/all".into()), ..RunnerOptions::default() };
    let runner = Runner::with_sink(&options, Box::new(sink.clone()));
    runner.set_output("verdict", "ok");
    runner.summary("# ok");
    let text = sink.text();
    assert!(text.contains("::warning title=Runner::GITHUB_OUTPUT: cannot write `/nowhere/at/all`"), "{text}");
    assert!(text.contains("::warning title=Runner::GITHUB_STEP_SUMMARY is not set"), "{text}");
    assert_eq!(text.lines().count(), 2);
}

#[test]
fn the_command_files_are_opened_before_they_are_needed() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, _) = runner(Some(folder.path()));
    let output = folder.path().join("output");
    fs::rename(&output, folder.path().join("moved")).unwrap();
    runner.set_output("verdict", "ok");
    assert!(!output.exists());
    assert!(fs::read_to_string(folder.path().join("moved")).unwrap().starts_with("verdict<<image-fallback-"));
}

#[test]
fn a_summary_beyond_the_budget_is_cut() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, _) = runner(Some(folder.path()));
    runner.summary(&"| row |\n".repeat(100_000));
    let written = fs::metadata(folder.path().join("summary")).unwrap().len();
    assert!(written <= SUMMARY_BUDGET as u64, "{written}");
}

fn events() {
    tracing::info!("plain");
    tracing::warn!(error = %"the cause", "careful");
    tracing::error!(post = "a.md", "broken ##[error]");
    tracing::debug!(attempt = 2, "detail");
    tracing::info!(target: "hyper", "chatter");
    tracing::warn!(target: "hyper", "trouble");
}

#[test]
fn events_become_lines_with_their_word_in_front() {
    let (runner, sink) = runner(None);
    tracing::subscriber::with_default(tracing_subscriber::registry().with(runner.log()), events);
    assert_eq!(
        sink.text(),
        "plain\nwarning: careful: the cause\nerror: broken ## [error]\nwarning: trouble\n"
    );
}

#[test]
fn debug_events_are_commands_when_the_runner_asks_for_them() {
    let sink = Sink::default();
    let folder = tempfile::tempdir().unwrap();
    let options = RunnerOptions {
        actions: true,
        debug: true,
        output: Some(folder.path().join("o")),
        summary: Some(folder.path().join("s")),
        ..RunnerOptions::default()
    };
    let runner = Runner::with_sink(&options, Box::new(sink.clone()));
    tracing::subscriber::with_default(tracing_subscriber::registry().with(runner.log()), events);
    assert!(sink.text().contains("\n::debug::detail attempt=2\n"), "{}", sink.text());
}

#[test]
fn lines_are_whole_while_a_bar_is_shown() {
    let (runner, sink) = runner(None);
    let progress = runner.progress();
    progress.count(2);
    progress.advance();
    runner.line("between");
    drop(progress);
    runner.line("after");
    assert_eq!(sink.text(), "between\nafter\n");
}

#[test]
fn a_panic_is_one_harmless_line_even_while_the_log_is_busy() {
    let (runner, sink) = runner(None);
    runner.mask(&Secret::new("top-secret").unwrap());
    let (hook, before) = (runner.clone(), std::panic::take_hook());
    let here = std::thread::current().id();
    std::panic::set_hook(Box::new(move |panic| {
        if std::thread::current().id() == here { hook.report_panic(panic) } else { before(panic) }
    }));
    let caught = std::panic::catch_unwind(|| panic!("top-secret\n::set-output name=a::b"));
    let busy = runner.state();
    let hung = std::panic::catch_unwind(|| panic!("again"));
    drop(busy);
    let _ = std::panic::take_hook();
    assert!(caught.is_err() && hung.is_err());
    let text = sink.text();
    assert!(text.starts_with("error: internal error at src/runner/tests.rs:"), "{text}");
    assert!(text.ends_with(": *** ::set-output name=a::b; please report it\n"), "{text}");
}

#[test]
fn a_secret_with_anything_invisible_in_it_reaches_neither_log_nor_files() {
    let folder = tempfile::tempdir().unwrap();
    let (runner, sink) = runner(Some(folder.path()));
    let secret = Secret::new("sk-0123456789abcdef").unwrap();
    runner.mask(&secret);
    let before = sink.text().len();
    for unseen in ["\u{200b}", "\u{feff}", "\u{ad}", "\u{fe0f}", "\u{1}", "\u{1b}[0m", "&shy;", "\\u200b"] {
        let text = format!("sk-01{unseen}234567{unseen}89abcdef");
        runner.line(&text);
        runner.table(Some(&text), &[LogRow::of_text(&text)]);
        runner.annotate(&[Annotation { title: text.clone(), message: text.clone(), ..error(&text) }]);
        runner.set_output("posts", &text);
        runner.summary(&text);
    }
    let files = ["output", "summary"].map(|name| fs::read_to_string(folder.path().join(name)).unwrap());
    for text in [&sink.text()[before..], &files[0], &files[1]] {
        assert!(text.contains("***") && !text.contains("sk-01") && !text.contains("abcdef"), "{text}");
    }
}
