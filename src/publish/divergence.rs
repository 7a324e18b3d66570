//! How far our branch and its base have parted, and what ours changed.

use std::collections::HashMap;

use super::{Options, wording};
use crate::github::{ApiError, Client, Divergence, ErrorKind, Range, Sha, ahead};

/// How our branch, which exists, and its base have parted.
pub(super) async fn apart(options: &Options) -> Result<Divergence, ApiError> {
    let range = Range { base: options.base.clone(), head: options.branch.clone() };
    ahead(&options.client, &range).await?.ok_or_else(|| ApiError {
        what: format!("comparing `{}` with `{}`", range.base, range.head),
        kind: ErrorKind::Stale {
            message: "one of them is not found, or they have nothing in common; delete ours, or choose another by input `branch`".to_owned(),
        },
    })
}

/// Whether every commit that our branch has before its base is our own.
pub(super) fn only_ours(apart: &Divergence) -> bool {
    apart.messages.len() as u64 == apart.ahead
        && apart.messages.iter().all(|message| wording::is_ours(message))
}

/// Files that our branch changed since it left the base, with their blobs.
pub(super) async fn files(
    client: &Client,
    apart: &Divergence,
    head: &Sha,
) -> Result<Vec<(String, Sha)>, ApiError> {
    if let Some(files) = &apart.files {
        return Ok(files.clone());
    }
    let old: HashMap<String, Sha> = client
        .tree(&apart.merge_base)
        .await?
        .entries
        .into_iter()
        .map(|entry| (entry.path, entry.sha))
        .collect();
    let new = client.tree(head).await?.entries.into_iter().filter(|entry| entry.kind == "blob");
    Ok(new
        .filter(|entry| old.get(&entry.path) != Some(&entry.sha))
        .map(|entry| (entry.path, entry.sha))
        .collect())
}
