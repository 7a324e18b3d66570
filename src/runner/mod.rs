//! What the Actions runner offers, and a terminal in its stead: the log with its commands, outputs,
//! the job summary, annotations, masks. This is the only place that prints, so nothing reaches the
//! log without being scrubbed of secrets and made harmless.

mod annotation;
mod commands;
mod doing;
mod files;
mod log;
mod paint;
#[cfg(target_os = "linux")]
mod privileges;
mod progress;
mod sinks;
#[cfg(test)]
mod tests;

use std::io::{self, Write};
use std::panic::PanicHookInfo;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, TryLockError};

use indicatif::ProgressBar;

use crate::fault::lock;
use crate::secret::{Scrubber, Secret};
use crate::text::{cut, one_line};
pub use annotation::{ANNOTATIONS, Annotation, Level};
use commands::{LONGEST, command_data, without_commands};
use doing::Doing;
use files::CommandFiles;
pub use files::SUMMARY_BUDGET;
pub use log::Log;
pub use paint::{Colour, LogRow, Paper, Tone};
pub use progress::Progress;
use sinks::{Sinks, whole};

/// Width of the first column of the lines about posts: that of the longest status.
const COLUMN: usize = 10;

/// Where the program runs, as `main` found it.
#[derive(Debug, Clone, Default)]
pub struct RunnerOptions {
    /// `GITHUB_ACTIONS` is `true`: speak in workflow commands.
    pub actions: bool,
    /// `RUNNER_DEBUG` is `1`, or the person asked for more words.
    pub debug: bool,
    /// Stdout is for the report as JSON, so everything else goes to stderr.
    pub json: bool,
    /// Nothing is said but warnings, errors, posts without a picture, and how it ended.
    pub quiet: bool,
    /// A person watches: progress bars make sense.
    pub terminal: bool,
    /// What standard output takes.
    pub stdout: Paper,
    /// What standard error takes.
    pub stderr: Paper,
    /// `GITHUB_OUTPUT`.
    pub output: Option<PathBuf>,
    /// `GITHUB_STEP_SUMMARY`.
    pub summary: Option<PathBuf>,
}

/// The way to the log, the outputs and the summary. Clones share one sink; a line is never torn.
#[derive(Clone)]
pub struct Runner(Arc<Inner>);

struct Inner {
    actions: bool,
    debug: bool,
    json: bool,
    quiet: bool,
    terminal: bool,
    stdout: Paper,
    stderr: Paper,
    state: Mutex<Sinks>,
    files: Mutex<CommandFiles>,
    words: Mutex<Masked>,
    doing: Doing,
}

/// The secrets to hide. Apart from the sink, so that the panic hook can scrub while a line is written.
#[derive(Default)]
struct Masked {
    secrets: Vec<Secret>,
    scrubber: Scrubber,
}

impl Runner {
    /// Opens the command files and speaks to stdout, on a laptop of errors and warnings to stderr. Files that
    /// cannot be opened cost a warning.
    pub fn new(options: &RunnerOptions) -> Self {
        if options.json {
            let options = RunnerOptions { stdout: options.stderr, ..options.clone() };
            return Self::with_sink(&options, Box::new(io::stderr()));
        }
        // The runner keeps the order of one stream, not that of two.
        let errors = (!options.actions).then(|| Box::new(io::stderr()) as Box<dyn Write + Send>);
        Self::with_sinks(options, Box::new(io::stdout()), errors)
    }

    /// As [`Runner::new`], speaking to `sink`.
    pub fn with_sink(options: &RunnerOptions, sink: Box<dyn Write + Send>) -> Self {
        Self::with_sinks(options, sink, None)
    }

    fn with_sinks(
        options: &RunnerOptions,
        sink: Box<dyn Write + Send>,
        errors: Option<Box<dyn Write + Send>>,
    ) -> Self {
        let mut problems = Vec::new();
        let mut open = |variable: &str, path: &Option<PathBuf>| {
            if !options.actions {
                return None;
            }
            files::open(variable, path.as_deref()).map_err(|problem| problems.push(problem)).ok()
        };
        let output = open("GITHUB_OUTPUT", &options.output);
        let summary = open("GITHUB_STEP_SUMMARY", &options.summary);
        let paper = |paper| if options.actions { Paper::default() } else { paper };
        let state = Sinks { sink, errors, bar: None, made: [0; 3] };
        let runner = Self(Arc::new(Inner {
            actions: options.actions,
            debug: options.debug,
            json: options.json,
            quiet: options.quiet,
            terminal: options.terminal && !options.actions && !options.quiet,
            stdout: paper(options.stdout),
            stderr: paper(options.stderr),
            state: Mutex::new(state),
            files: Mutex::new(CommandFiles { output, summary }),
            words: Mutex::default(),
            doing: Doing::default(),
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
        self.row(&LogRow::of_text(text));
    }

    /// Prints a line of two columns, aligned where a person watches.
    pub fn row(&self, row: &LogRow) {
        if self.0.quiet && row.tone != Tone::Bad {
            return;
        }
        self.print([self.laid(0, self.0.stdout.width.map_or(0, |_| COLUMN), row)]);
    }

    /// Prints how the run ended, which nobody is spared.
    pub fn headline(&self, row: &LogRow) {
        self.print([self.laid(0, 0, row)]);
    }

    /// Prints something to say about the run, outside Actions, where nothing is kept beside it.
    pub fn remark(&self, level: Level, message: &str) {
        match level {
            Level::Notice => self.row(&LogRow {
                label: format!("{}:", level.name()),
                tone: Tone::Plain,
                text: message.to_owned(),
            }),
            Level::Warning | Level::Error => self.trouble(level, message),
        }
    }

    /// Prints what has to be changed.
    pub fn error(&self, message: &str) {
        self.trouble(Level::Error, message);
    }

    /// Prints a text of this program, such as its help, as it stands.
    pub fn own_text(&self, plain: &str, coloured: &str) {
        let text = if self.0.stdout.colour { coloured } else { plain };
        self.print(text.lines().map(str::to_owned));
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

    /// Prints lines of two columns, the second of which begins at the same place in each; with a title as a group,
    /// which folds in Actions. Nothing else comes between them.
    pub fn table(&self, title: Option<&str>, rows: &[LogRow]) {
        if self.0.quiet {
            return;
        }
        let column = rows.iter().map(|row| row.label.chars().count()).max().unwrap_or_default();
        let indent = if title.is_some() && !self.0.actions { 2 } else { 0 };
        let rows = rows.iter().map(|row| self.laid(indent, column, row));
        let title = title.map(|title| self.harmless(title));
        let (heading, end) = match title {
            Some(title) if self.0.actions => {
                (Some(format!("::group::{}", command_data(&title))), Some("::endgroup::".to_owned()))
            }
            title => (title, None),
        };
        self.print(heading.into_iter().chain(rows).chain(end).collect::<Vec<_>>());
    }

    /// The layer that prints `tracing` events.
    pub fn log(&self) -> Log {
        Log::new(self.clone())
    }

    /// How the run is getting on, silent unless a person watches.
    pub fn progress(&self) -> Progress {
        Progress::new(self.clone())
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
            Ok(mut state) => state.write_trouble(&format!("{line}\n")),
            Err(TryLockError::Poisoned(state)) => state.into_inner().write_trouble(&format!("{line}\n")),
            Err(TryLockError::WouldBlock) => {
                let _ = writeln!(io::stderr(), "{line}");
            }
        }
    }

    fn doing(&self) -> &Doing {
        &self.0.doing
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

    /// Prints a warning or an error: on a laptop to stderr.
    fn trouble(&self, level: Level, message: &str) {
        let (paper, tone) = self.paper_of(level);
        let row = LogRow { label: format!("{}:", level.name()), tone, text: self.harmless(message) };
        self.print_trouble([paper.lay(0, 0, &row)]);
    }

    /// Where lines of this level go, and their colour.
    fn paper_of(&self, level: Level) -> (Paper, Tone) {
        match level {
            Level::Notice => (self.0.stdout, Tone::Plain),
            Level::Warning => (self.0.stderr, Tone::Mixed),
            Level::Error => (self.0.stderr, Tone::Bad),
        }
    }

    /// The row as it is printed on standard output.
    fn laid(&self, indent: usize, column: usize, row: &LogRow) -> String {
        // What both columns make together may be a command where neither alone is one.
        let whole = self.harmless(&row.to_string());
        let text = match row.label.as_str() {
            "" => None,
            label => whole.strip_prefix(label).and_then(|rest| rest.strip_prefix(' ')),
        };
        let row = match text {
            Some(text) => LogRow { text: text.to_owned(), ..row.clone() },
            None => LogRow::of_text(whole),
        };
        self.0.stdout.lay(indent, column, &row)
    }

    /// One line that is safe to print. Scrubbed first, since blanks in the place of control characters
    /// would part a secret; cut last, since half a secret would not be found.
    fn harmless(&self, text: &str) -> String {
        let line = one_line(&self.words().scrubber.scrub(text));
        without_commands(&cut(&line, LONGEST))
    }

    fn print(&self, lines: impl IntoIterator<Item = String>) {
        let text = whole(lines);
        if !text.is_empty() {
            self.state().write(&text);
        }
    }

    fn print_trouble(&self, lines: impl IntoIterator<Item = String>) {
        let text = whole(lines);
        if !text.is_empty() {
            self.state().write_trouble(&text);
        }
    }

    fn state(&self) -> MutexGuard<'_, Sinks> {
        lock(&self.0.state)
    }

    fn files(&self) -> MutexGuard<'_, CommandFiles> {
        lock(&self.0.files)
    }

    fn words(&self) -> MutexGuard<'_, Masked> {
        lock(&self.0.words)
    }
}
