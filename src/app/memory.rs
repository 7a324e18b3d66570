//! What one run leaves for the next: who is out until when, and which posts are still owed a picture.
//! On GitHub it stands under a ref of its own, elsewhere in the report folder; never fatal.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use tracing::warn;

use crate::chain::record::{self, Fingerprints, Run};
use crate::chain::{Link, LinkReport, Record};
use crate::clock;
use crate::github::{Client, Saved, Sha};
use crate::report::{Outcome, Pending, Standing, Status};
use crate::settings::{ChainSettings, Health, Settings};
use crate::write::link_between;

/// How often a record is merged again that somebody else wrote meanwhile.
const TRIES: u32 = 3;

/// The record and where it is kept.
pub(super) struct Memory {
    record: Record,
    fingerprints: Fingerprints,
    place: Place,
}

enum Place {
    Nowhere,
    Folder(PathBuf),
    Ref { client: Arc<Client>, name: String, commit: Option<Sha> },
}

impl Memory {
    /// Reads the record: from GitHub where the run publishes, else from the report folder.
    pub async fn recall(settings: &Settings, client: Option<Arc<Client>>) -> Self {
        let now = clock::now();
        let (found, place) = match (&settings.health, client) {
            (Health::Off, _) => (Ok(None), Place::Nowhere),
            // The report says what is wrong with such a folder.
            (_, None) if link_between(&settings.root, &settings.report_dir).is_some() => {
                (Ok(None), Place::Nowhere)
            }
            (Health::Ref(_), None) => (
                record::load(&settings.report_dir, now).map(Some),
                Place::Folder(settings.report_dir.clone()),
            ),
            (Health::Ref(name), Some(client)) => from_ref(client, name, now).await,
        };
        let record = found.unwrap_or_else(|warning| {
            warn!("{warning}");
            None
        });
        let record = record.unwrap_or_else(|| Record::new(now));
        let fingerprints = settings.chain.fingerprints(record.salt());
        Self { record, fingerprints, place }
    }

    /// Puts providers that are known to be out at the end of the order.
    pub fn order(&self, links: &mut [Link], chain: &ChainSettings) {
        self.record.order(links, chain.overridden, &self.fingerprints, clock::now());
    }

    /// Posts that earlier runs left without a picture.
    pub fn owed(&self) -> &[String] {
        self.record.owed()
    }

    /// Keeps what this run found out, and gives the record as it is now. A picture that was `lost` on its
    /// way is owed like one that nobody made.
    pub async fn keep(
        self,
        links: &[LinkReport],
        outcomes: &[Outcome],
        lost: &[String],
        cards_only: bool,
    ) -> Record {
        let lacking = outcomes.iter().filter(|outcome| outcome.standing(cards_only) == Standing::Lacking);
        let lacking: Vec<String> = lacking.map(|outcome| &outcome.path).chain(lost).cloned().collect();
        // A debt stays while its post waits for its turn; whatever else became of the post settles it.
        let postponed = |path: &String| {
            let waits = |outcome: &&Outcome| outcome.status == Status::Pending(Pending::BeyondLimit);
            outcomes.iter().filter(waits).any(|outcome| outcome.path == *path)
        };
        let settled = self.owed().iter().filter(|path| !lacking.contains(path) && !postponed(path));
        let settled: Vec<String> = settled.cloned().collect();
        let made = |outcome: &&Outcome| outcome.status == Status::Generated && !outcome.is_reused();
        let delivered = outcomes.iter().rfind(made);
        let source = delivered.and_then(|outcome| {
            let details = outcome.details();
            Some(format!("{} {}", details.provider.as_ref()?, details.model.as_ref()?))
        });
        let run = Run {
            links,
            fingerprints: &self.fingerprints,
            source: source.as_deref(),
            fallback: outcomes.iter().any(|outcome| outcome.fallback),
            lacking: &lacking,
            settled: &settled,
        };
        let next = self.record.after_run(&run, clock::now());
        if next == self.record {
            return next;
        }
        let (record, stored) = self.place.store(next).await;
        if let Err(warning) = stored {
            warn!("{warning}");
        }
        record
    }
}

async fn from_ref(
    client: Arc<Client>,
    name: &str,
    now: Timestamp,
) -> (Result<Option<Record>, String>, Place) {
    let place = |commit| Place::Ref { client: client.clone(), name: name.to_owned(), commit };
    match client.read_ref_file(name, record::FILE).await {
        Ok(None) => (Ok(None), place(None)),
        Ok(Some(found)) => match found.bytes {
            Some(bytes) => (Record::parse(&bytes, now).map(Some), place(Some(found.commit))),
            // Writing would replace somebody else's commit.
            None => (
                Err(format!(
                    "`{name}` holds something else than a record, so none is kept; name another ref by input `health`"
                )),
                Place::Nowhere,
            ),
        },
        Err(error) => (Err(format!("the record of earlier runs cannot be read: {error}")), Place::Nowhere),
    }
}

impl Place {
    /// Writes the record, merged with what others wrote meanwhile, and gives it as it is then.
    async fn store(self, mut record: Record) -> (Record, Result<(), String>) {
        let stored = match self {
            Self::Nowhere => Ok(()),
            Self::Folder(folder) => record::save(&folder, &record),
            Self::Ref { client, name, commit } => {
                let stored = replace(&client, &name, commit, &mut record).await;
                stored.map_err(|why| format!("no record is kept for the next run: {why}"))
            }
        };
        (record, stored)
    }
}

async fn replace(
    client: &Client,
    name: &str,
    mut commit: Option<Sha>,
    record: &mut Record,
) -> Result<(), String> {
    for _ in 0..TRIES {
        let text = record.to_json();
        let subject = "Keep the record of image providers";
        let saved = client.write_ref_file(name, commit.as_ref(), record::FILE, &text, subject).await;
        match saved.map_err(|error| error.to_string())? {
            Saved::Stored(_) => return Ok(()),
            Saved::Refused(error) => {
                return Err(format!("{error}; input `health` can name a branch, or be `off`"));
            }
            Saved::Conflict => {
                let theirs = client.read_ref_file(name, record::FILE).await;
                let theirs = theirs.map_err(|error| error.to_string())?;
                commit = theirs.as_ref().map(|theirs| theirs.commit.clone());
                let bytes = theirs.and_then(|theirs| theirs.bytes);
                let theirs = bytes.and_then(|bytes| Record::parse(&bytes, clock::now()).ok());
                if let Some(theirs) = theirs {
                    *record = theirs.merge(record.clone());
                }
            }
        }
    }
    Err("other runs keep writing theirs".to_owned())
}
