//! Where the record is kept, and how it is read and written. Whatever goes wrong is a warning.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use jiff::Timestamp;
use tracing::warn;

use super::record::{HealthRecord, LARGEST};
use crate::clock;
use crate::disk;
use crate::github::{Client, Saved, Sha};
use crate::write::{NewFile, Tree};

/// Name of the file, in its commit and in the report folder.
pub const FILE: &str = "health.json";

/// How often a record is merged again that somebody else wrote meanwhile.
const TRIES: u32 = 3;

/// Where the record is kept.
pub enum HealthPlace {
    /// Nowhere.
    Nowhere,
    /// In this folder.
    Folder(PathBuf),
    /// In a commit under this full ref.
    Ref {
        /// GitHub.
        client: Arc<Client>,
        /// The ref.
        name: String,
    },
}

/// The record of earlier runs, and how the next one gets it.
pub struct HealthStore {
    record: HealthRecord,
    /// No earlier run left one.
    is_first: bool,
    writer: Writer,
}

enum Writer {
    Nowhere,
    Folder(PathBuf),
    Ref { client: Arc<Client>, name: String, commit: Option<Sha> },
}

impl HealthStore {
    /// Reads the record; a new one where there is none, or none that can be read.
    pub async fn open(place: HealthPlace) -> Self {
        let now = clock::now();
        let (found, writer) = match place {
            HealthPlace::Nowhere => (Ok(None), Writer::Nowhere),
            HealthPlace::Folder(folder) => (load(&folder, now), Writer::Folder(folder)),
            HealthPlace::Ref { client, name } => from_ref(client, name, now).await,
        };
        let found = found.unwrap_or_else(|warning| {
            warn!("{warning}");
            None
        });
        let is_first = found.is_none();
        Self { record: found.unwrap_or_else(|| HealthRecord::new(now)), is_first, writer }
    }

    /// What an earlier run left, if one did.
    pub fn earlier(&self) -> Option<&HealthRecord> {
        (!self.is_first).then_some(&self.record)
    }

    /// What earlier runs found out.
    pub fn record(&self) -> &HealthRecord {
        &self.record
    }

    /// Keeps the next record where it says something new, merged with what others wrote meanwhile, and gives
    /// it as it is then.
    pub async fn keep(self, mut next: HealthRecord) -> HealthRecord {
        if next == self.record {
            return next;
        }
        let kept = match self.writer {
            Writer::Nowhere => Ok(()),
            Writer::Folder(folder) => save(&folder, &next),
            Writer::Ref { client, name, commit } => {
                let replaced = replace(&client, &name, commit, &mut next).await;
                replaced.map_err(|why| format!("no record is kept for the next run: {why}"))
            }
        };
        if let Err(warning) = kept {
            warn!("{warning}");
        }
        next
    }
}

async fn from_ref(
    client: Arc<Client>,
    name: String,
    now: Timestamp,
) -> (Result<Option<HealthRecord>, String>, Writer) {
    let found = match client.read_ref_file(&name, FILE).await {
        Ok(found) => found,
        Err(error) => {
            return (Err(format!("the record of earlier runs cannot be read: {error}")), Writer::Nowhere);
        }
    };
    let (record, commit) = match found {
        None => (Ok(None), None),
        Some(found) => match found.bytes {
            Some(bytes) => (HealthRecord::parse(&bytes, now).map(Some), Some(found.commit)),
            // Writing would replace somebody else's commit.
            None => {
                let problem = format!(
                    "`{name}` holds something else than a record, so none is kept; name another ref by input `health`"
                );
                return (Err(problem), Writer::Nowhere);
            }
        },
    };
    (record, Writer::Ref { client, name, commit })
}

async fn replace(
    client: &Client,
    name: &str,
    mut commit: Option<Sha>,
    record: &mut HealthRecord,
) -> Result<(), String> {
    for _ in 0..TRIES {
        let text = record.to_json();
        let subject = "Keep the record of image providers";
        let saved = client.write_ref_file(name, commit.as_ref(), FILE, &text, subject).await;
        match saved.map_err(|error| error.to_string())? {
            Saved::Stored(_) => return Ok(()),
            Saved::Refused(error) => {
                return Err(format!("{error}; input `health` can name a branch, or be `off`"));
            }
            Saved::Conflict => {
                let theirs = client.read_ref_file(name, FILE).await;
                let theirs = theirs.map_err(|error| error.to_string())?;
                commit = theirs.as_ref().map(|theirs| theirs.commit.clone());
                let bytes = theirs.and_then(|theirs| theirs.bytes);
                let theirs = bytes.and_then(|bytes| HealthRecord::parse(&bytes, clock::now()).ok());
                if let Some(theirs) = theirs {
                    *record = theirs.merge(record.clone());
                }
            }
        }
    }
    Err("other runs keep writing theirs".to_owned())
}

/// Reads the record of the report folder; `None` without a file.
///
/// # Errors
/// Why the file is ignored, as a warning would say it.
fn load(dir: &Path, now: Timestamp) -> Result<Option<HealthRecord>, String> {
    let path = dir.join(FILE);
    let ignored = |why: String| {
        format!("`{}` is ignored: {why}; delete it, and a run writes a new one", path.display())
    };
    let mut bytes = Vec::new();
    // One byte more shows that it is too large, whatever its size was a moment ago.
    let read = disk::open(&path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => HealthRecord::parse(&bytes, now).map(Some),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ignored(error.to_string())),
    }
}

/// Writes the record into the report folder, which is created.
///
/// # Errors
/// Why it could not be kept, as a warning would say it.
fn save(dir: &Path, record: &HealthRecord) -> Result<(), String> {
    let lost = |why: String| {
        format!(
            "the record for the next run is not kept: {why}; choose another folder with input `report-dir`"
        )
    };
    if dir.is_symlink() {
        return Err(lost(format!("`{}` is a symbolic link", dir.display())));
    }
    fs::create_dir_all(dir).map_err(|error| lost(format!("`{}`: {error}", dir.display())))?;
    let tree = Tree::open(dir).map_err(|error| lost(error.to_string()))?;
    let text = record.to_json();
    let file = NewFile { path: FILE, bytes: text.as_bytes() };
    tree.write_blocking(file).map_err(|error| lost(error.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::health::{Fingerprints, RunResult};

    fn owing(post: &str, now: Timestamp) -> HealthRecord {
        let (fingerprints, lacking) = (Fingerprints::new(), [post.to_owned()]);
        let run = RunResult {
            links: &[],
            fingerprints: &fingerprints,
            source: None,
            fallback: false,
            is_part: false,
            lacking: &lacking,
            settled: &[],
            uneditable: &[],
        };
        HealthRecord::new(now).after_run(&run, now)
    }

    #[test]
    fn the_local_file_is_written_whole_and_a_bad_one_is_a_warning() {
        let folder = tempfile::tempdir().unwrap();
        let dir = folder.path().join("blog/.image-fallback");
        let now = clock::now();
        assert_eq!(load(&dir, now), Ok(None));
        let record = owing("a.md", now);
        save(&dir, &record).unwrap();
        assert_eq!(load(&dir, now).unwrap().unwrap().owed(), ["a.md"]);
        assert_eq!(std::fs::read_dir(&dir).unwrap().count(), 1);
        std::fs::write(dir.join(FILE), "no record").unwrap();
        assert!(load(&dir, now).unwrap_err().contains("is ignored"));
        std::fs::remove_file(dir.join(FILE)).unwrap();
        std::fs::create_dir(dir.join(FILE)).unwrap();
        assert!(load(&dir, now).unwrap_err().contains("not a file"));
        let error = save(&dir, &record).unwrap_err();
        assert!(error.contains("is not kept") && error.contains("`report-dir`"), "{error}");
    }
}
