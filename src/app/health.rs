//! The record of earlier runs, as the settings place it and as the outcomes of this run change it.

use std::collections::HashSet;
use std::sync::Arc;

use crate::clock;
use crate::github::Client;
use crate::health::{Fingerprints, HealthPlace, HealthRecord, RunResult};
use crate::plan::Shard;
use crate::report::{Delivery, Outcome, Pending, Report, Status};
use crate::settings::{Health, Settings};
use crate::site::Sites;
use crate::write::link_between;

/// Which posts a run answers for.
#[derive(Clone, Copy)]
pub(super) struct Share<'a> {
    /// Its share; `None` for all.
    pub shard: Option<Shard>,
    /// Who knows which posts are translations.
    pub sites: &'a Sites,
}

impl Share<'_> {
    /// Whether this post is its to answer for.
    pub(super) fn holds(&self, path: &str) -> bool {
        self.shard.is_none_or(|shard| shard.holds(self.sites.of(path).original(path)))
    }
}

/// Where the record is: on GitHub where the run publishes, else in the report folder.
pub(super) fn place(settings: &Settings, client: Option<Arc<Client>>) -> HealthPlace {
    match (&settings.health, client) {
        (Health::Off, _) => HealthPlace::Nowhere,
        // The report says what is wrong with such a folder.
        (Health::Ref(_), None) if link_between(&settings.root, &settings.report_dir).is_some() => {
            HealthPlace::Nowhere
        }
        (Health::Ref(_), None) => HealthPlace::Folder(settings.report_dir.clone()),
        (Health::Ref(name), Some(client)) => HealthPlace::Ref { client, name: name.clone() },
    }
}

/// The record after this run. A picture that was lost on its way is owed like one that was never made.
pub(super) fn after_run(
    record: &HealthRecord,
    fingerprints: &Fingerprints,
    report: &Report,
    share: &Share<'_>,
) -> HealthRecord {
    let Report { chain: links, posts: outcomes, publication, .. } = report;
    let lost = publication.lost.iter().map(|(post, _)| post);
    // A post that cannot be edited cannot be served: it is reported once and never owed.
    let is_lacking =
        |outcome: &&Outcome| outcome.delivery() == Delivery::Missing && outcome.uneditable.is_none();
    let lacking = outcomes.iter().filter(is_lacking);
    let lacking: Vec<String> = lacking.map(|outcome| &outcome.path).chain(lost).cloned().collect();
    // A debt stays while its post waits for its turn; whatever else became of the post settles it.
    let postponed = |path: &String| {
        let waits = |outcome: &&Outcome| {
            matches!(outcome.status, Status::Pending(Pending::BeyondLimit | Pending::BeyondBudget))
        };
        outcomes.iter().filter(waits).any(|outcome| outcome.path == *path)
    };
    let ours = record.owed().iter().filter(|path| share.holds(path));
    let settled = ours.filter(|path| !lacking.contains(path) && !postponed(path));
    let settled: Vec<String> = settled.cloned().collect();
    let seen: HashSet<&str> = outcomes.iter().map(|outcome| outcome.path.as_str()).collect();
    let unseen = record.uneditable().iter().filter(|path| !seen.contains(path.as_str()));
    let uneditable = outcomes.iter().filter(|outcome| outcome.uneditable.is_some());
    let uneditable: Vec<String> = unseen.chain(uneditable.map(|outcome| &outcome.path)).cloned().collect();
    let made = |outcome: &&Outcome| outcome.status == Status::Generated && !outcome.is_reused();
    let delivered = outcomes.iter().rfind(made);
    let source = delivered.and_then(|outcome| {
        let details = outcome.details();
        Some(format!("{} {}", details.provider.as_ref()?, details.model.as_ref()?))
    });
    let run = RunResult {
        links,
        fingerprints,
        source: source.as_deref(),
        fallback: outcomes.iter().any(|outcome| outcome.fallback),
        is_part: share.shard.is_some(),
        lacking: &lacking,
        settled: &settled,
        uneditable: &uneditable,
    };
    record.after_run(&run, clock::now())
}
