//! What the Actions runner offers, and a terminal in its stead: the log with its commands, outputs,
//! the job summary, annotations, masks. This is the only place that prints, so nothing reaches the
//! log without being scrubbed of secrets and made harmless.

mod commands;
mod files;
mod log;
#[cfg(target_os = "linux")]
mod privileges;
mod progress;
#[cfg(test)]
mod tests;

use std::fs::File;
use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use indicatif::ProgressBar;
use serde::Serialize;

use crate::fault::lock;
use crate::secret::{Scrubber, Secret};
use crate::text::{cut, one_line};
use commands::{LONGEST, command_data, command_property, without_commands};
pub use files::SUMMARY_BUDGET;
pub use log::Log;
pub use progress::Progress;

/// Annotations of one level that GitHub keeps per step.
pub const ANNOTATIONS: usize = 10;

/// Where the program runs, as `main` found it.
#[derive(Debug, Clone, Default)]
pub struct RunnerOptions {
    /// `GITHUB_ACTIONS` is `true`: speak in workflow commands.
    pub actions: bool,
    /// `RUNNER_DEBUG` is `1`, or the person asked for more words.
    pub debug: bool,
    /// Stdout is for the report as JSON, so everything else goes to stderr.
    pub json: bool,
    /// A person watches: progress bars make sense.
    pub terminal: bool,
    /// `GITHUB_OUTPUT`.
    pub output: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`.
    pub summary: Option<PathBuf>,
}

/// Loudness of an annotation or notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    Notice,
    /// Should be changed.
    Warning,
    /// Must be changed.
    Error,
}

impl Level {
    /// The workflow command, and the word outside Actions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A remark that GitHub shows beside the run and, with a file, beside the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How loud.
    pub level: Level,
    /// The file meant, relative to the workspace, with `/`.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// A few words.
    pub title: String,
    /// What, where and the cure; may have several lines.
    pub message: String,
}

/// The way to the log, the outputs and the summary. Clones share one sink; a line is never torn.
#[derive(Clone)]
pub struct Runner(Arc<Inner>);

struct Inner {
    actions: bool,
    debug: bool,
    json: bool,
    terminal: bool,
    state: Mutex<LogState>,
    files: Mutex<CommandFiles>,
    words: Mutex<Masked>,
}

/// The command files. Apart from the sink, which may wait for a reader of the log.
struct CommandFiles {
    output: Option<File>,
    summary: Option<File>,
}

struct LogState {
    sink: Box<dyn Write + Send>,
    bar: Option<ProgressBar>,
    /// Annotations already made, by level.
    made: [usize; 3],
}

/// The secrets to hide. Apart from the sink, so that the panic hook can scrub while a line is written.
#[derive(Default)]
struct Masked {
    secrets: Vec<Secret>,
    scrubber: Scrubber,
}

impl Runner {
    /// Opens the command files and speaks to stdout. Files that cannot be opened cost a warning.
    pub fn new(options: &RunnerOptions) -> Self {
        let sink: Box<dyn Write + Send> =
            if options.json { Box::new(io::stderr()) } else { Box::new(io::stdout()) };
        Self::with_sink(options, sink)
    }

    /// As [`Runner::new`], speaking to `sink`.
    pub fn with_sink(options: &RunnerOptions, sink: Box<dyn Write + Send>) -> Self {
        let mut problems = Vec::new();
        let mut open = |variable: &str, path: &Option<PathBuf>| {
            if !options.actions {
                return None;
            }
            files::open(variable, path.as_deref()).map_err(|problem| problems.push(problem)).ok()
        };
        let output = open("GITHUB_OUTPUT", &options.output);
        let summary = open("GITHUB_STEP_SUMMARY", &options.summary);
        let state = LogState { sink, bar: None, made: [0; 3] };
        let runner = Self(Arc::new(Inner {
            actions: options.actions,
            debug: options.debug,
            json: options.json,
            terminal: options.terminal && !options.actions,
            state: Mutex::new(state),
            files: Mutex::new(CommandFiles { output, summary }),
            words: Mutex::default(),
        }));
        for message in problems {
            runner.warn("Runner", message);
        }
        runner
    }

    /// Gives up root for the owner of the workspace in a container. The command files are open by now,
    /// which matters because they may be somebody else's. To be called before there are threads: each
    /// has ids of its own, which those it starts inherit.
    #[cfg(target_os = "linux")]
    pub fn become_owner_of(&self, workspace: &std::path::Path) {
        if let Err(problem) = privileges::become_owner(workspace) {
            self.warn("Runner", problem);
        }
    }

    /// Hides a secret from everything printed from now on, here and by the runner itself.
    pub fn mask(&self, secret: &Secret) {
        // The runner reads the log line by line, so a secret of several lines is hidden by line.
        let lines: Vec<Secret> = secret.reveal().lines().filter_map(Secret::new).collect();
        if self.0.actions {
            let commands = lines.iter().map(|line| format!("::add-mask::{}", command_data(line.reveal())));
            self.print(commands);
        }
        let mut words = self.words();
        words.secrets.push(secret.clone());
        words.secrets.extend(lines);
        words.scrubber = Scrubber::new(&words.secrets);
    }

    /// The scrubber for every secret masked so far.
    pub fn scrubber(&self) -> Scrubber {
        self.words().scrubber.clone()
    }

    /// Whether a GitHub runner reads the log, and keeps what is annotated.
    pub fn in_actions(&self) -> bool {
        self.0.actions
    }

    /// Prints one line.
    pub fn line(&self, text: &str) {
        let line = self.harmless(text);
        self.print([line]);
    }

    /// Whether stdout is for the report as JSON.
    pub fn speaks_json(&self) -> bool {
        self.0.json
    }

    /// Prints the report as JSON, scrubbed of secrets. What stands in a string of JSON begins no line of its own.
    pub fn json(&self, report: &str) {
        // A reader that went away must not change how the run ends.
        let _ = io::stdout().write_all(self.scrubber().scrub(report).as_bytes());
    }

    /// Prints lines under a heading that folds in Actions. Nothing else comes between them.
    pub fn group<I: AsRef<str>>(&self, title: &str, lines: impl IntoIterator<Item = I>) {
        let lines = lines.into_iter().map(|line| self.harmless(line.as_ref()));
        if self.0.actions {
            let heading = format!("::group::{}", command_data(&self.harmless(title)));
            let lines: Vec<_> =
                [heading].into_iter().chain(lines).chain(["::endgroup::".to_owned()]).collect();
            self.print(lines);
        } else {
            let lines: Vec<_> =
                [self.harmless(title)].into_iter().chain(lines.map(|line| format!("  {line}"))).collect();
            self.print(lines);
        }
    }

    /// Prints annotations. GitHub keeps [`ANNOTATIONS`] of a level per step and drops the rest without
    /// a word, so the last one of a level that has more says how many and which.
    pub fn annotate(&self, annotations: &[Annotation]) {
        for level in [Level::Error, Level::Warning, Level::Notice] {
            let all: Vec<_> = annotations.iter().filter(|annotation| annotation.level == level).collect();
            let made = self.state().made[level as usize];
            let room = ANNOTATIONS.saturating_sub(made);
            let whole = if all.len() <= room { all.len() } else { room.saturating_sub(1) };
            let (shown, rest) = all.split_at(whole);
            let mut lines: Vec<_> = shown.iter().flat_map(|annotation| self.annotation(annotation)).collect();
            if !rest.is_empty() && room > 0 {
                lines.extend(self.annotation(&and_more(level, rest)));
            }
            self.state().made[level as usize] = (made + all.len()).min(ANNOTATIONS);
            self.print(lines);
        }
    }

    /// Hands an output to later steps. Without an output file nothing happens.
    pub fn set_output(&self, name: &str, value: &str) {
        let value = self.scrubber().scrub(value);
        let Some(entry) = files::entry(name, &value, &files::delimiter()) else {
            return self.warn("Outputs", format!("output `{name}` cannot be written safely and is left out"));
        };
        let written = self.files().output.as_mut().map(|file| files::append(file, &entry));
        if let Some(Err(error)) = written {
            self.warn("Outputs", format!("output `{name}` could not be written to GITHUB_OUTPUT: {error}"));
        }
    }

    /// Adds to the job summary, within [`SUMMARY_BUDGET`]. Without a summary file nothing happens.
    pub fn summary(&self, markdown: &str) {
        let markdown = files::within_budget(&self.scrubber().scrub(markdown), SUMMARY_BUDGET);
        let written = self.files().summary.as_mut().map(|file| files::append(file, &markdown));
        if let Some(Err(error)) = written {
            self.warn("Summary", format!("the summary could not be written to GITHUB_STEP_SUMMARY: {error}"));
        }
    }

    /// The layer that prints `tracing` events.
    pub fn log(&self) -> Log {
        Log::new(self.clone())
    }

    /// A progress bar over `total` posts, silent unless a person watches.
    pub fn progress(&self, total: u64) -> Progress {
        Progress::new(self.clone(), total)
    }

    /// Prints a panic as one harmless line. Meant for [`std::panic::set_hook`].
    pub fn report_panic(&self, panic: &PanicHookInfo<'_>) {
        let payload = panic.payload();
        let payload = payload.downcast_ref::<String>().map(String::as_str);
        let payload =
            payload.or_else(|| panic.payload().downcast_ref::<&str>().copied()).unwrap_or("no message");
        let place = panic.location().map(ToString::to_string).unwrap_or_default();
        let line = self.harmless(&format!("error: internal error at {place}: {payload}; please report it"));
        // The thread may have died inside `print`: waiting for its own lock would hang the run.
        match self.0.state.try_lock() {
            Ok(mut state) => state.write(&format!("{line}\n")),
            Err(TryLockError::Poisoned(state)) => state.into_inner().write(&format!("{line}\n")),
            Err(TryLockError::WouldBlock) => {
                let _ = writeln!(io::stderr(), "{line}");
            }
        }
    }

    fn debug(&self) -> bool {
        self.0.debug
    }

    fn at_terminal(&self) -> bool {
        self.0.terminal
    }

    fn step_around(&self, bar: Option<ProgressBar>) {
        self.state().bar = bar;
    }

    fn debug_line(&self, text: &str) {
        let line = self.harmless(text);
        let command = if self.0.actions { format!("::debug::{}", command_data(&line)) } else { line };
        self.print([command]);
    }

    fn warn(&self, title: &str, message: String) {
        self.annotate(&[Annotation {
            level: Level::Warning,
            file: None,
            line: None,
            title: title.to_owned(),
            message,
        }]);
    }

    /// The lines of one annotation: one command, or readable lines outside Actions.
    fn annotation(&self, annotation: &Annotation) -> Vec<String> {
        let title = self.harmless(&annotation.title);
        let file = annotation.file.as_deref().map(|file| self.harmless(file));
        let message: Vec<_> = annotation.message.lines().map(|line| self.harmless(line)).collect();
        let message = cut(&message.join("\n"), LONGEST);
        let level = annotation.level.name();
        if self.0.actions {
            let line = annotation.line.map(|line| format!("line={line},")).unwrap_or_default();
            let file =
                file.map(|file| format!("file={},{line}", command_property(&file))).unwrap_or_default();
            let title = command_property(&title);
            return vec![format!("::{level} {file}title={title}::{}", command_data(&message))];
        }
        let place = file.map(|file| format!("{file}: ")).unwrap_or_default();
        let text = format!("{level}: {place}{title}: {}", message.replace('\n', "\n  "));
        text.lines().map(str::to_owned).collect()
    }

    /// One line that is safe to print. Scrubbed first, since blanks in the place of control characters
    /// would part a secret; cut last, since half a secret would not be found.
    fn harmless(&self, text: &str) -> String {
        let line = one_line(&self.words().scrubber.scrub(text));
        without_commands(&cut(&line, LONGEST))
    }

    fn print(&self, lines: impl IntoIterator<Item = String>) {
        let text: String = lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect();
        if !text.is_empty() {
            self.state().write(&text);
        }
    }

    fn state(&self) -> MutexGuard<'_, LogState> {
        lock(&self.0.state)
    }

    fn files(&self) -> MutexGuard<'_, CommandFiles> {
        lock(&self.0.files)
    }

    fn words(&self) -> MutexGuard<'_, Masked> {
        lock(&self.0.words)
    }
}

impl LogState {
    fn write(&mut self, text: &str) {
        let Self { sink, bar, .. } = self;
        // A closed log must not end a run that has pictures to publish, so errors are let go.
        let mut write = || {
            let _ = sink.write_all(text.as_bytes()).and_then(|()| sink.flush());
        };
        match bar {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }
}

/// The annotation that stands for those that have no room.
fn and_more(level: Level, rest: &[&Annotation]) -> Annotation {
    let names = rest.iter().map(|one| cut(one.file.as_deref().unwrap_or(&one.message), 200));
    let names: Vec<_> = names.collect();
    let message = format!("and {} more: {}", rest.len(), names.join(", "));
    Annotation { level, file: None, line: None, title: "More, see the job summary".to_owned(), message }
}
