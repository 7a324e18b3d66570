//! A progress bar for people at a terminal; silence everywhere else.

use indicatif::{ProgressBar, ProgressStyle};

use super::Runner;
use crate::text::{cut, one_line};

/// Progress over a known number of posts. The bar is drawn to stderr, log lines step around it, and
/// it disappears with this value.
pub struct Progress {
    bar: ProgressBar,
    runner: Runner,
}

impl Progress {
    pub(super) fn new(runner: Runner, total: u64) -> Self {
        let bar = if runner.at_terminal() { ProgressBar::new(total) } else { ProgressBar::hidden() };
        if let Ok(style) = ProgressStyle::with_template("{bar:24} {pos}/{len} {wide_msg}") {
            bar.set_style(style);
        }
        runner.step_around(Some(bar.clone()));
        Self { bar, runner }
    }

    /// One more post is done; `text` says which or how.
    pub fn advance(&self, text: &str) {
        self.bar.set_message(cut(&one_line(text), 200));
        self.bar.inc(1);
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.runner.step_around(None);
        self.bar.finish_and_clear();
    }
}
