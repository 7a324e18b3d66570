//! One JSON file that outlives the run, kept in a single parentless commit under a ref of its own.
//!
//! The ref is usually no branch (`refs/image-fallback/health`), so it shows up nowhere and starts
//! nothing; where a branch is used instead, the message begins with `[skip ci]`. A commit without
//! parents can only replace its predecessor by force, so another writer is noticed by looking
//! just before. Two writers within that moment lose one entry of advisory data.

use super::client::Client;
use super::error::{ApiError, ErrorKind};
use super::objects::{FileContent, NewCommit, TreeChange};
use super::sha::Sha;

/// A record as read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefFile {
    /// The commit that holds it: what the next write expects to replace.
    pub commit: Sha,
    /// The file; `None` when the commit does not hold it.
    pub bytes: Option<Vec<u8>>,
}

/// What became of writing a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is written, in this commit.
    Stored(Sha),
    /// Somebody else wrote meanwhile: read again, merge, write again.
    Conflict,
    /// This host or token does not allow the ref; there is no use in trying again.
    Refused(ApiError),
}

impl Client {
    /// Reads file `name` under a full ref; `None` when there is no such ref.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn read_ref_file(&self, reference: &str, name: &str) -> Result<Option<RefFile>, ApiError> {
        let Some(commit) = self.reference(reference).await? else { return Ok(None) };
        let bytes = self.file(name, commit.as_str()).await?;
        Ok(Some(RefFile { commit, bytes }))
    }

    /// Writes file `name` under a full ref, as a single commit without parents. `expected` is the
    /// commit that was read, `None` when there was no ref.
    ///
    /// # Errors
    /// As any writing call, but what cannot be helped by trying again is [`Saved::Refused`].
    pub async fn write_ref_file(
        &self,
        reference: &str,
        expected: Option<&Sha>,
        name: &str,
        text: &str,
        subject: &str,
    ) -> Result<Saved, ApiError> {
        let replaced = async {
            let file = TreeChange::new(name, FileContent::Text(text.to_owned()));
            let message = format!("[skip ci] {subject}");
            let new = NewCommit { message: &message, base: None, files: &[file], parents: &[] };
            let commit = self.create_commit(new).await?.sha;
            match expected {
                None => self.create_ref(reference, &commit).await?,
                Some(_) if self.reference(reference).await?.as_ref() != expected => {
                    return Ok(Saved::Conflict);
                }
                Some(_) => self.patch_ref(reference, &commit, true).await?,
            }
            Ok(Saved::Stored(commit))
        };
        replaced.await.or_else(|error: ApiError| match error.kind {
            ErrorKind::NotFastForward { .. } | ErrorKind::AlreadyExists { .. } => Ok(Saved::Conflict),
            ErrorKind::Protected { .. }
            | ErrorKind::NeedsSignatures
            | ErrorKind::Other { status: 400..500, .. } => Ok(Saved::Refused(error)),
            _ if error.kind.needs_a_person() => Ok(Saved::Refused(error)),
            _ => Err(error),
        })
    }
}

#[cfg(test)]
mod tests;
