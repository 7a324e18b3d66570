//! What our branch holds when a run begins: pictures that were made and paid for, and wait.

use std::collections::{HashMap, HashSet};

use tracing::debug;

use super::Options;
use super::divergence::{self, only_ours};
use super::gallery::PullRow;
use crate::github::{ApiError, Client, Divergence, ErrorKind, Pull, Sha, branch_ref};
use crate::post::is_image;
use crate::site::HeroFields;

/// Posts on our branch that are looked at; more means that nobody merges any more.
const MOST_WAITING: usize = 1_000;

/// What our branch holds at the beginning of a run.
#[derive(Default)]
pub(super) struct WaitingBranch {
    /// Posts whose picture is on our branch already, with the reason to tell.
    pub waiting: HashMap<String, String>,
    /// These posts with their pictures.
    pub rows: Vec<PullRow>,
    /// The open pull request.
    pub pull: Option<Pull>,
    /// The branch holds nothing that the base lacks.
    pub empty: bool,
    /// The tip of a branch whose pictures no pull request brings to the base, nor has a person closed
    /// one: an earlier run ended before it could open it.
    pub orphan: Option<Sha>,
}

impl WaitingBranch {
    /// Reads our branch; one reading call when there is none.
    pub(super) async fn read(options: &Options) -> Result<Self, ApiError> {
        let client = &options.client;
        let Some(head) = client.listed(&branch_ref(&options.branch)).await? else {
            return Ok(Self::default());
        };
        // To go on as if nothing waited would pay for it again.
        let apart = divergence::apart(options).await?;
        // Only the number is at stake, and a job may lack the permission.
        let (pull, known) = match client.find_pull(&options.branch, &options.base).await {
            Err(error @ ApiError { kind: ErrorKind::Forbidden { .. } | ErrorKind::NotFound { .. }, .. }) => {
                debug!("{error}");
                (None, false)
            }
            found => (found?, true),
        };
        let files = match apart.ahead {
            0 => Vec::new(),
            _ => not_on_base(options, &apart, &head).await?,
        };
        let rows = rows(client, &options.hero, &files).await?;
        let place = match &pull {
            Some(pull) => format!("its picture waits in pull request #{}", pull.number),
            None => format!("its picture waits on branch `{}`", options.branch),
        };
        let waiting = rows.iter().map(|row| (row.post.clone(), place.clone())).collect();
        let alone = known && pull.is_none() && !rows.is_empty();
        let orphan = alone && !client.was_closed(&options.branch, &options.base, &head).await?;
        let empty = files.is_empty() && only_ours(&apart);
        Ok(Self { waiting, rows, pull, empty, orphan: orphan.then_some(head) })
    }
}

/// Files of our branch that the base does not hold in the same form; a post that has a picture on the
/// base, whichever, is done.
async fn not_on_base(
    options: &Options,
    apart: &Divergence,
    head: &Sha,
) -> Result<Vec<(String, Sha)>, ApiError> {
    let client = &options.client;
    let files = divergence::files(client, apart, head).await?;
    if apart.behind == 0 {
        return Ok(files);
    }
    let Some(base) = client.reference(&branch_ref(&options.base)).await? else { return Ok(files) };
    let paths: Vec<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    let now = client.entries(&base, &paths).await?;
    let before = client.entries(&apart.merge_base, &paths).await?;
    let mut left = Vec::new();
    for (path, blob) in files {
        let settled = match now.get(&path) {
            Some(there) if there.sha == blob => true,
            Some(there)
                if is_post(&path) && before.get(&path).map(|entry| &entry.sha) != Some(&there.sha) =>
            {
                String::from_utf8(client.blob(&there.sha).await?)
                    .is_ok_and(|text| options.hero.of(&path).is_set(&path, &text))
            }
            _ => false,
        };
        if !settled {
            left.push((path, blob));
        }
    }
    Ok(left)
}

/// The posts among these files that have a picture, with its file.
async fn rows(client: &Client, hero: &HeroFields, files: &[(String, Sha)]) -> Result<Vec<PullRow>, ApiError> {
    let mut rows = Vec::new();
    for (path, blob) in files.iter().filter(|(path, _)| is_post(path)).take(MOST_WAITING) {
        let Ok(text) = String::from_utf8(client.blob(blob).await?) else { continue };
        let hero = hero.of(path);
        if !hero.is_set(path, &text) {
            continue;
        }
        // Sites name a picture from their own root or from the post: the end of the path is the same.
        let value = hero.value(path, &text).unwrap_or_default();
        let end = value.trim_start_matches(['.', '/']);
        let named = |file: &str| !end.is_empty() && file.ends_with(end);
        let picture =
            files.iter().map(|(path, _)| path).find(|file| named(file)).cloned().unwrap_or_default();
        rows.push(PullRow { post: path.clone(), picture });
    }
    // A bundle's picture is found by its name alone: its post did not change.
    let named: HashSet<&str> = rows.iter().map(|row| row.picture.as_str()).collect();
    let alone =
        files.iter().map(|(path, _)| path).filter(|path| is_image(path) && !named.contains(path.as_str()));
    let row = |post: &str, picture: &String| PullRow { post: post.to_owned(), picture: picture.clone() };
    let of_bundles = alone
        .flat_map(|picture| hero.of(picture).bundles_around(picture).map(move |post| row(post, picture)));
    let of_bundles: Vec<_> = of_bundles.take(MOST_WAITING).collect();
    rows.extend(of_bundles);
    Ok(rows)
}

fn is_post(path: &str) -> bool {
    [".md", ".mdx", ".markdown"].iter().any(|ending| path.ends_with(ending))
}
