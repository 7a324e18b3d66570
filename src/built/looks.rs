//! Pictures that a build gave a name of its own, recognised by what they show.

use std::collections::HashMap;
use std::path::Path;
use std::sync::{Arc, Mutex, OnceLock};

use crate::disk;
use crate::fault::lock;
use crate::image::look::Look;
use crate::memory::MemoryAccount;

/// Largest file that is decoded for a comparison.
const LARGEST: u64 = 32 << 20;

type LookCell = Arc<OnceLock<Option<Look>>>;

/// Looks of files, each taken once.
#[derive(Debug, Default)]
pub(super) struct Looks {
    known: Mutex<HashMap<String, LookCell>>,
}

impl Looks {
    /// The look of a file of the built site, which many pages may show.
    pub(super) fn of(&self, root: &Path, file: &str) -> Option<Look> {
        let slot = {
            let mut known = lock(&self.known);
            Arc::clone(known.entry(file.to_owned()).or_default())
        };
        *slot.get_or_init(|| read(&root.join(file)))
    }
}

/// The look of a picture file.
pub(super) fn read(file: &Path) -> Option<Look> {
    let account = MemoryAccount::default();
    let file = disk::open(file).ok()?;
    let _hold = account.take_blocking(LARGEST.min(file.metadata().ok()?.len()));
    let bytes = disk::whole(file, LARGEST).ok()?;
    account.scope_blocking(|| Look::of(&bytes))
}

/// Whether two files hold the same bytes.
pub(super) fn are_equal(a: &Path, b: &Path) -> bool {
    let length = |path: &Path| path.metadata().ok().map(|found| found.len());
    let bytes = |path: &Path| disk::open(path).and_then(|file| disk::whole(file, LARGEST)).ok();
    if length(a).is_none() || length(a) != length(b) {
        return false;
    }
    let _hold = MemoryAccount::default().take_blocking(2 * length(a).unwrap_or_default().min(LARGEST));
    bytes(a).is_some_and(|a| bytes(b) == Some(a))
}
