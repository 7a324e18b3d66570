//! Where lines go. A progress bar steps aside for them, and none is torn.

use std::io::Write;

use indicatif::ProgressBar;

/// Where the log goes, with what it has shown so far.
pub(super) struct Sinks {
    /// The log.
    pub sink: Box<dyn Write + Send>,
    /// Where errors and warnings go, if not to the same place.
    pub errors: Option<Box<dyn Write + Send>>,
    /// The progress bar on the screen.
    pub bar: Option<ProgressBar>,
    /// Annotations already made, by level.
    pub made: [usize; 3],
}

/// Lines as one text, so that none is torn.
pub(super) fn whole(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().flat_map(|line| [line, "\n".to_owned()]).collect()
}

impl Sinks {
    /// Writes lines to the log.
    pub(super) fn write(&mut self, text: &str) {
        let Self { sink, bar, .. } = self;
        around(bar.as_ref(), sink, text);
    }

    /// Writes errors or warnings.
    pub(super) fn write_trouble(&mut self, text: &str) {
        let Self { sink, errors, bar, .. } = self;
        around(bar.as_ref(), errors.as_mut().unwrap_or(sink), text);
    }
}

/// Writes while the bar steps aside.
fn around(bar: Option<&ProgressBar>, sink: &mut Box<dyn Write + Send>, text: &str) {
    // A closed log must not end a run that has pictures to publish, so errors are let go.
    let mut write = || {
        let _ = sink.write_all(text.as_bytes()).and_then(|()| sink.flush());
    };
    match bar {
        Some(bar) => bar.suspend(write),
        None => write(),
    }
}
