//! The record as a file of the report folder, for runs outside of Actions. Never fatal: what goes
//! wrong is a warning.

use std::fs;
use std::io::{ErrorKind, Read as _};
use std::path::Path;

use jiff::Timestamp;

use super::{FILE, LARGEST, Record};
use crate::disk;
use crate::write::{NewFile, Tree};

/// Reads the record of the report folder; no file is a new record.
///
/// # Errors
/// Why the file is ignored, as a warning would say it.
pub fn load(dir: &Path, now: Timestamp) -> Result<Record, String> {
    let path = dir.join(FILE);
    let ignored = |why: String| {
        format!("`{}` is ignored: {why}; delete it, and a run writes a new one", path.display())
    };
    let mut bytes = Vec::new();
    // One byte more shows that it is too large, whatever its size was a moment ago.
    let read = disk::open(&path).and_then(|file| file.take(LARGEST as u64 + 1).read_to_end(&mut bytes));
    match read {
        Ok(_) => Record::parse(&bytes, now),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(Record::new(now)),
        Err(error) => Err(ignored(error.to_string())),
    }
}

/// Writes the record into the report folder, which is created.
///
/// # Errors
/// Why it could not be kept, as a warning would say it.
pub fn save(dir: &Path, record: &Record) -> Result<(), String> {
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
    tree.write(NewFile { path: FILE, bytes: text.as_bytes() }).map_err(|error| lost(error.to_string()))
}
