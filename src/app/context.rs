//! What every mode is given.

use std::path::PathBuf;

use super::abort::{Abort, unless_cancelled};
use super::lock::Lock;
use super::report::ReportBuilder;
use super::signal::Signals;
use crate::env::Env;
use crate::event::Event;
use crate::runner::{Progress, Runner};
use crate::settings::{self, Settings};
use crate::write::Outbox;

/// What every mode is given.
pub(super) struct Context<'a> {
    /// What the process was given.
    pub env: &'a Env,
    /// What the user wants.
    pub settings: Settings,
    /// What happened on GitHub; empty on a laptop.
    pub event: Event,
    /// Where everything is printed.
    pub runner: &'a Runner,
    /// What a person at a terminal sees until the last lines.
    pub progress: Progress,
    /// Whether the run is to stop.
    pub signals: &'a Signals,
    /// Where everything is recorded.
    pub report: &'a mut ReportBuilder,
}

impl Context<'_> {
    /// Goes to another workspace, with the report folder that is usual there.
    pub(super) fn move_to(&mut self, root: PathBuf) {
        self.settings.report_dir = settings::default_report_dir(&root);
        self.settings.sites.folder.clear();
        self.settings.sites.listed.clear();
        self.settings.root = root;
    }

    /// Takes the workspace for this run alone, until all is reported, and names what a killed run left without a
    /// name.
    ///
    /// # Errors
    /// When another run does not let go of it within input `patience`, and at a signal.
    pub(super) async fn lock(&mut self) -> Result<(), Abort> {
        let lock = self.unless_cancelled(Lock::take(&self.settings)).await?;
        self.report.hold(lock);
        Outbox::new(&self.settings.root, &self.settings.report_dir).name_whole_entries();
        Ok(())
    }

    /// Gives work up when the run is told to stop.
    ///
    /// # Errors
    /// [`Abort::Cancelled`] then, else the work's own.
    pub(super) async fn unless_cancelled<T>(
        &self,
        work: impl Future<Output = Result<T, Abort>>,
    ) -> Result<T, Abort> {
        // On the heap: each of the calls around would hold a copy of all that the work keeps meanwhile.
        unless_cancelled(&self.signals.stop, Box::pin(work)).await
    }
}
