//! The ladder: the branch, a pull request, our branch with a link to compare, the files.

use std::collections::HashSet;
use std::sync::{Arc, Mutex, PoisonError};

use tokio_util::sync::CancellationToken;
use tracing::warn;

use super::branch::{BranchState, Landed, Landing, UploadedPicture};
use super::comment;
use super::gallery::{Gallery, PullRow};
use super::publication::{
    EarlierRuns, Obstacle, Publication, PublishedBranch, PublishedCommit, PublishedPull, PullOperation,
    Reached,
};
use super::pull::{self, PullContent};
use super::upload::Uploads;
use super::waiting::WaitingBranch;
use super::{Options, PublishMode, StagedPicture};
use crate::fault::lock;
use crate::github::{ApiError, ErrorKind, Pull, Sha, branch_ref};
use crate::write::{Outbox, OutboxEntry, ReplacedPicture};

/// The author of commits that are made with the token of a job.
const JOBS_BOT: &str = "github-actions[bot] <41898282+github-actions[bot]@users.noreply.github.com>";

/// The right to write is missing, or the target is not there: a settings error, before anything is
/// spent.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

/// What the base branch has of a post.
pub enum BasePost {
    /// It is not there, or no text.
    Absent,
    /// It has a hero image: the text.
    Settled(String),
    /// It has none: the text.
    Lacking(String),
}

/// Publishes what a run makes.
pub struct Publisher {
    options: Arc<Options>,
    checked_out: Option<BranchState>,
    /// The commit of the base branch as it was before anything was made.
    head: Option<Sha>,
    uploads: Uploads,
    staged: Mutex<Vec<StagedPicture>>,
    waiting: WaitingBranch,
    late: CancellationToken,
}

impl Publisher {
    /// Reads what waits on our branch. Only reading calls; nothing is proven yet. Publishing is given up when
    /// `late` is cancelled.
    ///
    /// # Errors
    /// [`Refused`] where the token is not accepted; other trouble as GitHub reports it.
    pub async fn open(options: Options, late: CancellationToken) -> Result<Self, anyhow::Error> {
        let waiting = WaitingBranch::read(&options).await.map_err(refusal)?;
        let options = Arc::new(options);
        let uploads = Uploads::start(options.client.clone(), options.root.clone());
        Ok(Self { options, checked_out: None, head: None, uploads, staged: Mutex::default(), waiting, late })
    }

    /// Posts whose picture is on our branch already, with the reason to tell.
    pub fn waiting(&self) -> &std::collections::HashMap<String, String> {
        &self.waiting.waiting
    }

    /// Proves the right to write with the first post's text, before the first picture is paid for, and
    /// reads what was checked out.
    ///
    /// # Errors
    /// [`Refused`] with the exact permission or setting; other trouble as GitHub reports it.
    pub async fn prove(
        &mut self,
        text: &str,
        posts: &[String],
        pictures: &[String],
    ) -> Result<(), anyhow::Error> {
        let Options { client, base, .. } = &*self.options;
        client.probe_write(text.as_bytes()).await.map_err(refusal)?;
        self.head = client.reference(&branch_ref(base)).await.map_err(refusal)?;
        if self.head.is_none() {
            let problem = format!(
                "input `base`: there is no branch `{base}` in {}; name one that exists",
                client.repository()
            );
            return Err(Refused(problem).into());
        }
        let paths: Vec<&str> = posts.iter().chain(pictures).map(String::as_str).collect();
        if let Some(sha) = &self.options.checked_out {
            self.checked_out = match BranchState::at(client, sha.clone(), &paths).await {
                Ok(tip) => Some(tip),
                // Without it a post that differs from the branch is taken for one that was changed here.
                Err(error) => {
                    warn!("{error}");
                    None
                }
            };
        }
        Ok(())
    }

    /// Those of these posts that the base branch has in another form than the commit that was checked out,
    /// each with its text there. Known after [`Publisher::prove`]; no call where the branch has not moved.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn moved(&self, posts: &[&str]) -> Result<Vec<(String, String)>, ApiError> {
        let client = &self.options.client;
        let (Some(head), Some(before)) = (&self.head, &self.checked_out) else { return Ok(Vec::new()) };
        if *head == before.head {
            return Ok(Vec::new());
        }
        let now = BranchState::at(client, head.clone(), posts).await?;
        let mut moved = Vec::new();
        for (path, entry) in now.entries {
            let same = before.entries.get(&path).is_some_and(|known| known.sha == entry.sha);
            if !same && let Ok(text) = String::from_utf8(client.blob(&entry.sha).await?) {
                moved.push((path, text));
            }
        }
        Ok(moved)
    }

    /// Whether the commit that was checked out holds this picture. Known after [`Publisher::prove`].
    pub fn holds(&self, picture: &str) -> bool {
        self.checked_out.as_ref().is_some_and(|tip| tip.entries.contains_key(picture))
    }

    /// What the commit that was checked out has in the way of a file of this path, with the cure.
    /// Known after [`Publisher::prove`].
    pub fn obstacle(&self, path: &str) -> Option<String> {
        self.checked_out.as_ref().and_then(|tip| tip.obstacle(path))
    }

    /// The branch on which the pictures should land.
    pub fn base(&self) -> &str {
        &self.options.base
    }

    /// Whether the text of a post names its hero image.
    pub fn is_set(&self, post: &str, text: &str) -> bool {
        self.options.hero.of(post).is_set(post, text)
    }

    /// Pictures that are made and not on GitHub.
    pub fn outbox(&self) -> &Outbox {
        &self.options.outbox
    }

    /// Every path of the commit that was checked out; `None` where it is not known which that is, or where it
    /// cannot be listed whole.
    pub async fn listed(&self) -> Option<HashSet<String>> {
        let commit = self.options.checked_out.as_ref()?;
        match self.options.client.tree(commit).await {
            Ok(tree) if tree.truncated => None,
            Ok(tree) => Some(tree.entries.into_iter().map(|entry| entry.path).collect()),
            Err(error) => {
                warn!("whether earlier runs left pictures unpublished is not known: {error}");
                None
            }
        }
    }

    /// What the base branch has of a post.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn base_post(&self, post: &str) -> Result<BasePost, ApiError> {
        let Options { client, base, .. } = &*self.options;
        let text = client.file(post, base).await?.and_then(|bytes| String::from_utf8(bytes).ok());
        Ok(match text {
            None => BasePost::Absent,
            Some(text) if self.is_set(post, &text) => BasePost::Settled(text),
            Some(text) => BasePost::Lacking(text),
        })
    }

    /// Whether the base branch has still the picture whose place another is to take.
    ///
    /// # Errors
    /// As any reading call.
    pub async fn has_still(&self, replaced: &ReplacedPicture) -> Result<bool, ApiError> {
        let Options { client, base, .. } = &*self.options;
        let there = client.file(&replaced.file, base).await?;
        Ok(there.is_some_and(|bytes| replaced.is(&bytes)))
    }

    /// Keeps a picture in the outbox until it is on GitHub, from where a later run or a person can take it.
    /// It comes before the post: a run that is killed between the two has lost nothing.
    pub async fn keep(&self, entry: &OutboxEntry, picture: &[u8]) {
        if let Err(warning) = self.options.outbox.keep(entry, picture).await {
            warn!("{warning}");
        }
    }

    /// Takes a finished post; its picture is uploaded while others are being made.
    pub fn stage(&self, made: StagedPicture) {
        if !made.is_good() {
            self.options.outbox.clear(&made.picture);
        }
        lock(&self.staged).push(made.clone());
        self.uploads.add(made);
    }

    /// Publishes everything staged, as far up the ladder as it goes. `gallery` is what a pull request shows of it.
    pub async fn finish(self, gallery: &Gallery) -> Publication {
        let Self { options, checked_out, uploads, staged, waiting, late, .. } = self;
        let staged = staged.into_inner().unwrap_or_else(PoisonError::into_inner);
        let work = async {
            let (ready, lost) = UploadedPicture::sort(uploads.finish(&staged).await);
            let mut publication = publish_ladder(&options, checked_out, waiting, ready, gallery).await;
            publication.lost.extend(lost.into_iter().map(|(made, reason)| (made.post, reason)));
            if let Some(number) = options.comment_on {
                let commit = publication.commit().and_then(|commit| Sha::parse(&commit.sha).ok());
                comment::keep(&options, number, gallery, commit.as_ref()).await;
            }
            publication
        };
        let mut publication = tokio::select! {
            publication = work => publication,
            () = late.cancelled() => {
                let reason = "the run was stopped before it was published";
                let lost = staged.iter().map(|made| (made.post.clone(), reason.to_owned())).collect();
                Publication { lost, ..Publication::default() }
            }
        };
        let lost = |made: &&StagedPicture| publication.lost.iter().any(|(post, _)| *post == made.post);
        staged.iter().filter(|made| !lost(made)).for_each(|made| options.outbox.clear(&made.picture));
        if let Reached::Nothing(earlier) = &mut publication.reached
            && !publication.lost.is_empty()
        {
            publication.reached = Reached::Files(std::mem::take(earlier));
        }
        publication
    }
}

/// What a person has to set right before anything can be published.
fn refusal(error: ApiError) -> anyhow::Error {
    if error.kind.needs_a_person() || matches!(error.kind, ErrorKind::Invalid { .. }) {
        Refused(format!("{error}, or set input `publish` to `none`")).into()
    } else {
        error.into()
    }
}

async fn publish_ladder(
    options: &Options,
    checked_out: Option<BranchState>,
    waiting: WaitingBranch,
    ready: Vec<UploadedPicture>,
    gallery: &Gallery,
) -> Publication {
    let mut publication = Publication::default();
    if ready.is_empty() {
        publication.reached = close_or_reopen(options, &waiting, gallery, &mut publication.steps_down).await;
        return publication;
    }
    let signer = signer(options).await;
    let (checked_out_at, signer) = (checked_out.as_ref(), signer.as_deref());
    let landing = Landing { options, checked_out: checked_out_at, ready: &ready, signer };
    if options.mode == PublishMode::Commit {
        match landing.commit_to(&options.base, checked_out.clone()).await {
            Ok(landed) => {
                if landed.held_by.is_some() {
                    publication.reached = Reached::Commit(Some(published(options, &landed, &options.base)));
                }
                record(&mut publication, landed);
                return publication;
            }
            Err(error) => publication.steps_down.push(format!("no commit on `{}`: {error}", options.base)),
        }
    }
    let landed = match pull::land(landing).await {
        Ok(landed) => landed,
        Err(error) => {
            publication.steps_down.push(format!("no branch `{}`: {error}", options.branch));
            let reason = "GitHub did not take it";
            publication.lost = ready.iter().map(|one| (one.made.post.clone(), reason.to_owned())).collect();
            return publication;
        }
    };
    let Some(held_by) = landed.held_by.clone() else {
        // Everything that is not left out is on the base: an unclear answer of before was a success.
        if landed.left_out.len() < ready.len() {
            publication.reached = Reached::Commit(None);
        }
        record(&mut publication, landed);
        return publication;
    };
    let branch = published(options, &landed, &options.branch);
    let WaitingBranch { mut rows, pull, .. } = waiting;
    for one in ready.iter().filter(|one| landed.left_out.iter().all(|(post, _)| *post != one.made.post)) {
        rows.retain(|row| row.post != one.made.post);
        rows.push(PullRow { post: one.made.post.clone(), picture: one.made.picture.clone() });
    }
    record(&mut publication, landed);
    let shown = PullContent { commit: &held_by, rows: &rows, gallery, earlier: body_of(pull.as_ref()) };
    publication.reached = match open(options, shown, &mut publication.steps_down).await {
        Ok(pull) => Reached::PullRequest { pull, branch: Some(branch) },
        Err(compare_url) => Reached::Branch { branch, compare_url },
    };
    publication
}

/// Who signs the commits off, as `Name <address>`: the owner of the token, which is their author too.
async fn signer(options: &Options) -> Option<String> {
    if !options.signoff {
        return None;
    }
    match options.client.owner_of_token().await {
        Ok(signer) => Some(signer),
        Err(error) => {
            warn!("commits are signed off by the job's bot: {error}");
            Some(JOBS_BOT.to_owned())
        }
    }
}

/// Opens or updates the pull request of our branch; otherwise gives the address where a person can.
async fn open(
    options: &Options,
    shown: PullContent<'_>,
    steps_down: &mut Vec<String>,
) -> Result<PublishedPull, String> {
    match pull::open(options, shown).await {
        Ok((pull, operation)) => Ok(published_pull(&pull, operation)),
        Err(error) => {
            let compare = format!("{}/compare/{}...{}?expand=1", options.page, options.base, options.branch);
            steps_down.push(format!(
                "no pull request: {error}; the pictures are on `{}`: {compare}",
                options.branch
            ));
            Err(compare)
        }
    }
}

/// A run that made nothing: what is open is reported, and closed when it is empty; what should be open is opened.
async fn close_or_reopen(
    options: &Options,
    waiting: &WaitingBranch,
    gallery: &Gallery,
    steps_down: &mut Vec<String>,
) -> Reached {
    if let Some(tip) = &waiting.orphan {
        let shown = PullContent { commit: tip, rows: &waiting.rows, gallery, earlier: "" };
        return match open(options, shown, steps_down).await {
            Ok(pull) => Reached::PullRequest { pull, branch: None },
            Err(compare_url) => Reached::Nothing(EarlierRuns::Branch { compare_url }),
        };
    }
    let closed = match options.mode {
        PublishMode::PullRequest => {
            let closed = pull::close_if_empty(options, waiting).await;
            if closed.is_ok() {
                pull::delete_if_merged(options, waiting).await;
            }
            closed
        }
        PublishMode::Commit => Ok(None),
    };
    let pull = match closed {
        Ok(Some(pull)) => Some(published_pull(&pull, PullOperation::Closed)),
        Ok(None) => waiting.pull.as_ref().map(|pull| published_pull(pull, PullOperation::None)),
        Err(error) => {
            warn!("{error}");
            None
        }
    };
    Reached::Nothing(pull.map_or(EarlierRuns::Nothing, EarlierRuns::Pull))
}

/// What the pull request says, as far as it is there.
fn body_of(pull: Option<&Pull>) -> &str {
    pull.and_then(|pull| pull.body.as_deref()).unwrap_or_default()
}

fn published_pull(pull: &Pull, operation: PullOperation) -> PublishedPull {
    PublishedPull { number: pull.number, url: pull.html_url.clone(), operation }
}

fn published(options: &Options, landed: &Landed, branch: &str) -> PublishedBranch {
    let commit = landed.commit.as_ref().map(|commit| PublishedCommit::new(commit, &options.page));
    PublishedBranch { name: branch.to_owned(), commit }
}

/// Keeps what was left out.
fn record(publication: &mut Publication, Landed { left_out, stuck, .. }: Landed) {
    publication.in_vain = left_out.iter().filter(|(_, obstacle)| *obstacle == Obstacle::InVain).count();
    if stuck {
        publication.lost.extend(left_out.into_iter().map(|(post, obstacle)| (post, obstacle.to_string())));
    } else {
        publication.left_out.extend(left_out);
    }
}
