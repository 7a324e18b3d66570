//! Our branch and its pull request: one per base, appended to and never rewritten by force.

use tracing::{info, warn};

use super::branch::{self, BranchState, Changes, Landed, Landing};
use super::divergence::{apart, files, only_ours};
use super::gallery::{Gallery, PullRow};
use super::publication::PullOperation;
use super::waiting::WaitingBranch;
use super::wording;
use super::{Options, PullOptions};
use crate::github::{
    ApiError, Client, Divergence, ErrorKind, FileContent, NewCommit, NewPull, Opened, Pull, Sha, TreeChange,
    branch_ref,
};
use crate::site::HeroFields;

/// How often our branch is read again that moved under us.
const TRIES: usize = 3;

/// Puts the pictures on our branch, which is created where it is not there.
pub(super) async fn land(landing: Landing<'_>) -> Result<Landed, ApiError> {
    let mut tries = 1;
    loop {
        match once(landing).await {
            Err(error @ ApiError { kind: ErrorKind::AlreadyExists { .. }, .. }) if tries < TRIES => {
                tracing::debug!("{error}; reading it");
            }
            Err(error) if tries < TRIES && branch::has_moved(&error.kind) => {
                tracing::debug!("{error}; reading it again");
            }
            other => return other,
        }
        tries += 1;
    }
}

async fn once(landing: Landing<'_>) -> Result<Landed, ApiError> {
    let options = landing.options;
    let client = &options.client;
    let name = branch_ref(&options.branch);
    let Some(tip) = client.reference(&name).await? else {
        let landed = on_base(landing, None).await?;
        if let Some(commit) = &landed.commit {
            client.create_ref(&name, &commit.sha).await?;
        }
        return Ok(landed);
    };
    let on_tip = || landing.commit_to(&options.branch, None);
    let apart = apart(options).await?;
    if apart.behind == 0 {
        return on_tip().await;
    }
    let rebuilt = if apart.ahead == 0 {
        // All of it is merged: the base of today follows the tip.
        on_base(landing, None).await?
    } else {
        let message = wording::merge_message(&options.base, &options.branch, landing.signer);
        match client.merge(&options.base, &options.branch, &message).await {
            Ok(()) => return on_tip().await,
            Err(ApiError { kind: ErrorKind::NotFastForward { .. }, .. }) if only_ours(&apart) => {
                // A merge that takes everything from the base and our pictures on top. It follows the
                // tip, so the branch is never forced.
                let kept = ours_on_base(options, &apart, &tip).await?;
                on_base(landing, Some((tip, kept))).await?
            }
            Err(error) => {
                warn!(
                    "branch `{}` is behind `{}` and is only added to ({error}); merge `{}` into it to bring it up to date",
                    options.branch, options.base, options.base
                );
                return Ok(Landed { stuck: true, ..on_tip().await? });
            }
        }
    };
    if let Some(commit) = &rebuilt.commit {
        client.update_ref(&name, &commit.sha).await?;
    }
    Ok(rebuilt)
}

/// A commit of the base's tree with the pictures on top, which no ref points to yet. `merged` is a tip
/// that it takes in, with its files.
async fn on_base(landing: Landing<'_>, merged: Option<(Sha, Vec<TreeChange>)>) -> Result<Landed, ApiError> {
    let options = landing.options;
    let client = &options.client;
    let base = BranchState::read(client, &options.base, &landing.paths()).await?;
    let Changes { files, left_out } = landing.changes(&base).await?;
    if files.is_empty() {
        return Ok(Landed { left_out, ..Landed::default() });
    }
    let (parent, kept) = merged.map_or((None, Vec::new()), |(tip, kept)| (Some(tip), kept));
    let kept = kept.into_iter().filter(|kept| files.iter().all(|file| file.path != kept.path));
    let all: Vec<TreeChange> = kept.chain(files.iter().cloned()).collect();
    let parents: Vec<Sha> = parent.into_iter().chain([base.head]).collect();
    let message = landing.message(&left_out);
    let new = NewCommit { message: &message, base: Some(&base.tree), files: &all, parents: &parents };
    let commit = client.create_commit(new).await?;
    Ok(Landed { held_by: Some(commit.sha.clone()), commit: Some(commit), left_out, stuck: false })
}

/// What our branch adds, as it has to stand on the base of today. A post that the base changed since
/// gets its picture again in the base's text; one that has a picture there is the base's.
async fn ours_on_base(options: &Options, apart: &Divergence, tip: &Sha) -> Result<Vec<TreeChange>, ApiError> {
    let Options { client, hero, .. } = options;
    let ours = files(client, apart, tip).await?;
    let paths: Vec<&str> = ours.iter().map(|(path, _)| path.as_str()).collect();
    let before = client.entries(&apart.merge_base, &paths).await?;
    let now = BranchState::read(client, &options.base, &paths).await?;
    let mut kept = Vec::new();
    for (path, blob) in ours.iter().filter(|(path, _)| now.obstacle(path).is_none()) {
        let on_base = now.entries.get(path);
        if before.get(path).map(|entry| &entry.sha) == on_base.map(|entry| &entry.sha) {
            kept.push(TreeChange::new(path, FileContent::Blob(blob.clone())));
        } else if let Some(entry) = on_base {
            let (ours, theirs) = (client.blob(blob).await?, client.blob(&entry.sha).await?);
            let both = String::from_utf8(ours).ok().zip(String::from_utf8(theirs).ok());
            if let Some(text) = both.and_then(|(ours, theirs)| carried_over(hero, path, &ours, &theirs)) {
                kept.push(TreeChange::new(path, FileContent::Text(text)));
            }
        }
    }
    Ok(kept)
}

/// The base's text of a post with the picture that ours names; `None` where it needs none.
fn carried_over(hero: &HeroFields, path: &str, ours: &str, theirs: &str) -> Option<String> {
    let hero = hero.of(path);
    if hero.is_set(path, theirs) { None } else { hero.carry(path, theirs, ours) }
}

/// What a pull request shows.
#[derive(Clone, Copy)]
pub(super) struct PullContent<'a> {
    /// Where its pictures are.
    pub commit: &'a Sha,
    /// What it holds.
    pub rows: &'a [PullRow],
    /// What this run has to say of it.
    pub gallery: &'a Gallery,
    /// Its body of before.
    pub earlier: &'a str,
}

/// Opens the pull request, or brings the open one up to date.
pub(super) async fn open(
    options: &Options,
    shown: PullContent<'_>,
) -> Result<(Pull, PullOperation), ApiError> {
    let PullContent { commit, rows, gallery, earlier } = shown;
    let client = &options.client;
    let title = options.scrubber.scrub(&wording::title(options.pull.title.as_deref(), rows.len()));
    let mut gallery = gallery.clone();
    gallery.scrub(&options.scrubber);
    let scrub = |text: &str| options.scrubber.scrub(text);
    let rows = rows.iter().map(|row| PullRow { post: scrub(&row.post), picture: scrub(&row.picture) });
    let rows: Vec<PullRow> = rows.collect();
    let body = wording::body(&gallery, &options.page, commit.as_str(), &rows, earlier);
    let body = options.scrubber.scrub(&body);
    let new = NewPull {
        head: &options.branch,
        base: &options.base,
        title: &title,
        body: &body,
        draft: options.pull.draft,
    };
    let (pull, operation) = match client.find_pull(&options.branch, &options.base).await? {
        Some(open) => (client.update_pull(open.number, &title, &body).await?, PullOperation::Updated),
        None => match client.open_pull(&new).await? {
            Opened::Created(pull) => (pull, PullOperation::Created),
            Opened::Updated(pull) => (pull, PullOperation::Updated),
        },
    };
    if operation == PullOperation::Created {
        dress(client, pull.number, &options.pull).await;
    }
    Ok((pull, operation))
}

/// Gives a new pull request what it has besides its commits. It stands without, so whatever fails is a warning.
async fn dress(client: &Client, number: u64, options: &PullOptions) {
    let PullOptions { labels, reviewers, assignees, milestone, .. } = options;
    let lacks = |what: &str, error: ApiError| warn!("pull request #{number} has no {what}: {error}");
    if !labels.is_empty() {
        let labels: Vec<&str> = labels.iter().map(String::as_str).collect();
        client.label_pull(number, &labels).await.unwrap_or_else(|error| lacks("labels", error));
    }
    if !reviewers.is_empty() {
        let asked = client.ask_reviewers(number, &reviewers.people, &reviewers.teams).await;
        asked.unwrap_or_else(|error| lacks("reviewers", error));
    }
    if !assignees.is_empty() {
        client.assign_pull(number, assignees).await.unwrap_or_else(|error| lacks("assignees", error));
    }
    if let Some(milestone) = milestone {
        match client.milestone(milestone).await {
            Ok(Some(found)) => {
                let set = client.set_milestone(number, found).await;
                set.unwrap_or_else(|error| lacks("milestone", error));
            }
            Ok(None) => warn!(
                "pull request #{number} has no milestone: there is no open one with the number or title `{milestone}`; correct input `milestone`"
            ),
            Err(error) => lacks("milestone", error),
        }
    }
}

/// Closes our pull request when nothing is left in it.
pub(super) async fn close_if_empty(
    options: &Options,
    waiting: &WaitingBranch,
) -> Result<Option<Pull>, ApiError> {
    let Some(pull) = waiting.pull.as_ref().filter(|_| waiting.empty) else { return Ok(None) };
    options.client.close_pull(pull.number, wording::EMPTY).await?;
    Ok(Some(pull.clone()))
}

/// Deletes our branch when everything on it is merged and nothing but ours ever was on it, if the user wants that.
pub(super) async fn delete_if_merged(options: &Options, waiting: &WaitingBranch) {
    if !(options.pull.delete_branch && waiting.empty) {
        return;
    }
    match options.client.delete_branch(&options.branch).await {
        Ok(()) => info!("branch `{}` is deleted: everything on it is merged", options.branch),
        Err(error) => warn!("branch `{}` stays: {error}", options.branch),
    }
}
