//! GitHub over its API: the changed files in, blobs, commits, refs and pull requests out.
//!
//! The only user of octocrab: of its typed calls where nothing special is asked for, and of its
//! authenticated transport where something is. Answers of the latter are read with structs of our own
//! that ask for nothing we do not need, because a write whose answer cannot be parsed has happened all
//! the same. `docs/decisions/0006-which-calls-octocrab-words.md` lists which call is which. Every failure
//! becomes an [`ApiError`] whose [`ErrorKind`] says what it means for the caller, and whose text names
//! the cure.

mod call;
mod changes;
mod client;
mod error;
mod issues;
mod objects;
mod pulls;
mod ref_file;
mod refs;
mod route;
mod sha;
mod throttle;
mod typed;

#[cfg(test)]
mod mock;

pub use changes::{Divergence, Range, Undetermined, ahead, changes};
pub use client::{Client, Options};
pub use error::{ApiError, ErrorKind};
pub use issues::Issue;
pub use objects::{Commit, FileContent, NewCommit, TreeChange, TreeEntry, TreeListing};
pub use pulls::{Comment, NewPull, Opened, Pull};
pub use ref_file::{RefFile, Saved};
pub use refs::{Addition, BranchCommit, branch_ref};
pub use sha::{NotASha, Sha};
