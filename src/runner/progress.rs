//! A progress bar for people at a terminal; silence everywhere else.

use std::fmt::Write;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressState, ProgressStyle};

use super::Runner;
use super::doing::Doing;
use super::paint::columns_of_stderr;

/// How often it is drawn anew, so that the time goes on while nothing else does.
const TICK: Duration = Duration::from_millis(100);

/// How a run is getting on: what it is at, for how long, and over which number of posts, once that is known. It is
/// drawn to stderr, log lines step around it, and it disappears with this value.
pub struct Progress {
    bar: ProgressBar,
    runner: Runner,
}

impl Progress {
    pub(super) fn new(runner: Runner) -> Self {
        if !runner.at_terminal() {
            return Self { bar: ProgressBar::hidden(), runner };
        }
        let bar = ProgressBar::new(0);
        bar.set_style(style("{time} {msg}{doing}", runner.doing()));
        runner.step_around(Some(bar.clone()));
        Self { bar, runner }
    }

    /// What the run is at as a whole.
    pub fn phase(&self, text: &'static str) {
        self.bar.set_message(text);
        if !self.bar.is_hidden() {
            self.bar.enable_steady_tick(TICK);
        }
    }

    /// From now on posts are counted, so many of them.
    pub fn count(&self, posts: usize) {
        let bar = if columns_of_stderr() < 80 { "[{bar:12}]" } else { "[{bar:24}]" };
        let template = format!("{{time}} {bar} {{pos}}/{{len}} {{msg}}{{doing}}");
        // The length first: it is drawn at once, and the bar would be drawn with the words of the phase before.
        self.bar.set_length(posts as u64);
        self.bar.set_style(style(&template, self.runner.doing()));
        self.phase("posts");
    }

    /// One more post is done.
    pub fn advance(&self) {
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.runner.step_around(None);
        self.bar.finish_and_clear();
    }
}

/// How it looks. What is drawn needs nothing but letters that every terminal has.
fn style(template: &str, doing: &Doing) -> ProgressStyle {
    let time = |state: &ProgressState, out: &mut dyn Write| {
        let seconds = state.elapsed().as_secs();
        // A bar that cannot be drawn does not end a run.
        let _ = write!(out, "{}:{:02}", seconds / 60, seconds % 60);
    };
    let doing = doing.clone();
    let doing = move |_: &ProgressState, out: &mut dyn Write| {
        let _ = out.write_str(&doing.lines(columns_of_stderr()));
    };
    let style = ProgressStyle::with_template(template).unwrap_or_else(|_| ProgressStyle::default_bar());
    style.with_key("time", time).with_key("doing", doing).progress_chars("=> ")
}
