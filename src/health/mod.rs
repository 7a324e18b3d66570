//! What one run leaves for the next: which providers are out until when, and which posts are still owed a
//! picture. On GitHub it stands under a ref of its own, elsewhere in the report folder; never fatal.

pub mod record;
pub mod store;

pub use record::{Fingerprints, HealthRecord, RunResult};
pub use store::{FILE, HealthPlace, HealthStore};
