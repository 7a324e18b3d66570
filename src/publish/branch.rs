//! Landing pictures on a branch: one commit on its tip, without force, tried again when it moves.

use std::collections::HashMap;
use std::time::Duration;

use super::publication::Obstacle;
use super::upload::{self, Upload};
use super::{Options, StagedPicture, wording};
use crate::github::{
    Addition, ApiError, BranchCommit, Client, Commit, ErrorKind, FileContent, NewCommit, Sha, TreeChange,
    TreeEntry, branch_ref,
};
use crate::post::path;

/// How often a branch is read again that moved under us.
const TRIES: u32 = 5;

/// Git's mode of a link: its content is a path, and no post.
const LINK: &str = "120000";

/// Git's mode of a file that may be run.
const EXECUTABLE: &str = "100755";

/// A picture with its blob.
pub(super) struct UploadedPicture {
    pub made: StagedPicture,
    pub blob: Sha,
}

impl UploadedPicture {
    /// Those that have a blob, and those that have none, with the reason.
    pub(super) fn sort(uploaded: Vec<Upload>) -> (Vec<Self>, Vec<(StagedPicture, String)>) {
        let mut ready: Vec<Self> = Vec::new();
        let mut lost = Vec::new();
        for Upload { made, blob } in uploaded {
            match (ready.iter_mut().find(|ready| ready.made.post == made.post), blob) {
                // A swapped picture: the text before is that of the first, which edited it here.
                (Some(earlier), Ok(blob)) => {
                    let before = std::mem::take(&mut earlier.made.before);
                    *earlier = Self { made: StagedPicture { before, ..made }, blob };
                }
                (None, Ok(blob)) => ready.push(Self { made, blob }),
                (_, Err(reason)) => lost.push((made, reason)),
            }
        }
        (ready, lost)
    }
}

/// What a branch was found to hold.
#[derive(Clone)]
pub(super) struct BranchState {
    pub head: Sha,
    pub tree: Sha,
    pub entries: HashMap<String, TreeEntry>,
}

impl BranchState {
    /// Reads a branch's tip and what it has under these paths.
    pub(super) async fn read(client: &Client, branch: &str, paths: &[&str]) -> Result<Self, ApiError> {
        let head = client.reference(&branch_ref(branch)).await?.ok_or_else(|| gone(client, branch))?;
        Self::at(client, head, paths).await
    }

    /// Reads a commit and what it has under these paths.
    pub(super) async fn at(client: &Client, head: Sha, paths: &[&str]) -> Result<Self, ApiError> {
        let tree = client.commit(&head).await?.tree;
        let entries = client.entries(&tree, paths).await?;
        Ok(Self { head, tree, entries })
    }

    fn blob(&self, path: &str) -> Option<&Sha> {
        self.entries.get(path).map(|entry| &entry.sha)
    }

    /// What is in the way of a file of this path, with the cure: a commit that puts a file there would
    /// take it off the branch.
    pub(super) fn obstacle(&self, path: &str) -> Option<String> {
        let (at, kind) = path::steps(path).find_map(|step| {
            let kind = self.entries.get(step)?.kind.as_str();
            (kind != if step == path { "blob" } else { "tree" }).then_some((step, kind))
        })?;
        Some(match kind {
            "commit" => format!(
                "`{at}` is a submodule on the branch, which is another repository; choose another `image-dir`, leave the post out, or let the run in that repository make its pictures"
            ),
            "tree" => format!("`{at}` is a folder on the branch; rename it, or choose another `image-dir`"),
            _ => {
                format!("`{at}` is a file or a link on the branch, not a folder; choose another `image-dir`")
            }
        })
    }

    fn has_mode(&self, path: &str, mode: &str) -> bool {
        self.entries.get(path).is_some_and(|entry| entry.mode == mode)
    }

    /// A change that keeps the mode the file has.
    fn change(&self, path: &str, content: FileContent) -> TreeChange {
        TreeChange { path: path.to_owned(), executable: self.has_mode(path, EXECUTABLE), content }
    }
}

/// What became of landing.
#[derive(Default)]
pub(super) struct Landed {
    /// The commit; `None` when the branch has everything already.
    pub commit: Option<Commit>,
    /// The commit of our branch or the base that holds the pictures, new or found.
    pub held_by: Option<Sha>,
    /// Posts left out, with the reason: they are finished in the workspace only.
    pub left_out: Vec<(String, Obstacle)>,
    /// The branch cannot be brought up to date, so what was left out may have been left out for that.
    pub stuck: bool,
}

/// The files to put on top of a tip.
pub(super) struct Changes {
    pub files: Vec<TreeChange>,
    pub left_out: Vec<(String, Obstacle)>,
}

/// What is to land, whichever branch it lands on.
#[derive(Clone, Copy)]
pub(super) struct Landing<'a> {
    pub options: &'a Options,
    /// The commit that was checked out, as far as it is known.
    pub checked_out: Option<&'a BranchState>,
    pub ready: &'a [UploadedPicture],
    /// Who signs the commits off.
    pub signer: Option<&'a str>,
}

impl Landing<'_> {
    /// Applies the edits to the posts as they are on the tip.
    pub(super) async fn changes(&self, tip: &BranchState) -> Result<Changes, ApiError> {
        let mut changes = Changes { files: Vec::new(), left_out: Vec::new() };
        for one in self.ready {
            match self.change(tip, one).await? {
                // Translations have one picture.
                Ok(files) => files.into_iter().for_each(|file| {
                    if changes.files.iter().all(|known| known.path != file.path) {
                        changes.files.push(file);
                    }
                }),
                Err(obstacle) => changes.left_out.push((one.made.post.clone(), obstacle)),
            }
        }
        Ok(changes)
    }

    /// Post and picture as far as the tip lacks them, or why they stay away from it.
    async fn change(
        &self,
        tip: &BranchState,
        UploadedPicture { made, blob }: &UploadedPicture,
    ) -> Result<Result<Vec<TreeChange>, Obstacle>, ApiError> {
        let Self { options, checked_out, .. } = *self;
        let clean = is_clean(made, checked_out);
        if let Some(obstacle) = tip.obstacle(&made.post).or_else(|| tip.obstacle(&made.picture)) {
            return Ok(Err(Obstacle::Other(obstacle)));
        }
        let text = match tip.blob(&made.post) {
            Some(_) if tip.has_mode(&made.post, LINK) => return Ok(Err(Obstacle::Link)),
            Some(there) => match made.text_of(there) {
                Some(text) => text,
                // The workspace is the commit that was checked out, and the branch has moved on.
                None if clean => match String::from_utf8(options.client.blob(there).await?) {
                    Ok(text) => text,
                    Err(_) => return Ok(Err(Obstacle::Binary)),
                },
                None => return Ok(Err(Obstacle::Changed)),
            },
            None if clean => return Ok(Err(Obstacle::Deleted)),
            None => return Ok(Err(Obstacle::New)),
        };
        let taken = tip.blob(&made.picture);
        if made.is_known && taken.is_none() {
            return Ok(Err(Obstacle::Other(format!(
                "`{}`, which it names, is not on the branch",
                made.picture
            ))));
        }
        let known = checked_out.and_then(|tip| tip.blob(&made.picture));
        let came = !made.is_known && taken.is_some_and(|there| there != blob) && taken != known;
        match (came, made.qualifies(&text, &options.hero)) {
            // Nobody else gives a picture the name that ours has.
            (true, _) if options.hero.of(&made.post).is_set(&made.post, &text) => {
                return Ok(Err(Obstacle::InVain));
            }
            (true, _) => return Ok(Err(Obstacle::NameTaken)),
            (false, false) => return Ok(Err(Obstacle::Settled)),
            (false, true) => {}
        }
        let edited = match made.edit.apply(&text) {
            Ok(edited) => edited,
            Err(problem) => return Ok(Err(Obstacle::Other(problem.to_string()))),
        };
        let post = (edited != text).then(|| tip.change(&made.post, FileContent::Text(edited)));
        let picture = (taken != Some(blob) && !made.is_known)
            .then(|| tip.change(&made.picture, FileContent::Blob(blob.clone())));
        Ok(Ok(post.into_iter().chain(picture).collect()))
    }

    /// Paths that the pictures touch.
    pub(super) fn paths(&self) -> Vec<&str> {
        self.ready.iter().flat_map(|ready| [ready.made.post.as_str(), ready.made.picture.as_str()]).collect()
    }

    /// The commit message for those that were not left out.
    pub(super) fn message(&self, left_out: &[(String, Obstacle)]) -> String {
        let posts = self.ready.len() - left_out.len();
        let message = wording::commit_message(self.options.message.as_deref(), posts, self.signer);
        self.options.scrubber.scrub(&message)
    }

    /// Puts the pictures on a branch that exists. `known` is the tip as it was read before.
    pub(super) async fn commit_to(
        &self,
        branch: &str,
        mut known: Option<BranchState>,
    ) -> Result<Landed, ApiError> {
        let mut attempt = 0;
        loop {
            attempt += 1;
            match self.commit_once(branch, known.take()).await {
                // Whoever moved the branch may be about to move it again.
                Err(error) if attempt < TRIES && has_moved(&error.kind) => {
                    tracing::debug!("{error}; reading `{branch}` again");
                    tokio::time::sleep(Duration::from_millis(150 * u64::from(attempt * attempt))).await;
                }
                other => return other,
            }
        }
    }

    async fn commit_once(&self, branch: &str, known: Option<BranchState>) -> Result<Landed, ApiError> {
        let client = &self.options.client;
        let head = client.reference(&branch_ref(branch)).await?.ok_or_else(|| gone(client, branch))?;
        let tip = match known {
            Some(known) if known.head == head => known,
            _ => BranchState::at(client, head, &self.paths()).await?,
        };
        let Changes { files, left_out } = self.changes(&tip).await?;
        if files.is_empty() {
            let held_by = (left_out.len() < self.ready.len()).then_some(tip.head);
            return Ok(Landed { held_by, left_out, ..Landed::default() });
        }
        let message = self.message(&left_out);
        let parents = [tip.head.clone()];
        let new = NewCommit { message: &message, base: Some(&tip.tree), files: &files, parents: &parents };
        let commit = client.create_commit(new).await?;
        let commit = match client.update_ref(&branch_ref(branch), &commit.sha).await {
            Err(ApiError { kind: ErrorKind::NeedsSignatures, .. }) => {
                self.signed(branch, &tip.head, &files, &message).await?
            }
            moved => moved.map(|()| commit)?,
        };
        Ok(Landed { held_by: Some(commit.sha.clone()), commit: Some(commit), left_out, stuck: false })
    }

    /// Where only signed commits may land, GitHub makes and signs the commit itself.
    async fn signed(
        &self,
        branch: &str,
        expected: &Sha,
        files: &[TreeChange],
        message: &str,
    ) -> Result<Commit, ApiError> {
        let Self { options, ready, .. } = *self;
        let mut additions = Vec::new();
        for file in files {
            let bytes = match &file.content {
                FileContent::Text(text) => text.clone().into_bytes(),
                FileContent::Blob(_) => {
                    let Some(ready) = ready.iter().find(|ready| ready.made.picture == file.path) else {
                        continue;
                    };
                    match upload::bytes(&options.root, &ready.made.picture).await {
                        Ok(bytes) => bytes,
                        Err(_) => options.client.blob(&ready.blob).await?,
                    }
                }
            };
            additions.push(Addition { path: file.path.clone(), bytes });
        }
        let commit = BranchCommit { branch, expected, message, additions: &additions };
        let commit = options.client.commit_on_branch(commit).await?;
        // Leaving the post out instead would pay for its picture again with every run.
        for file in files.iter().filter(|file| file.executable) {
            tracing::warn!(
                "`{path}` is no longer executable on `{branch}`: a commit that GitHub signs itself cannot keep that; where it \
             has to be, `git update-index --chmod=+x {path}` and commit",
                path = file.path
            );
        }
        Ok(commit)
    }
}

/// Whether the workspace's post is the one that was checked out, so that a difference to the branch is
/// the branch's.
fn is_clean(made: &StagedPicture, checked_out: Option<&BranchState>) -> bool {
    checked_out.and_then(|tip| tip.blob(&made.post)).is_some_and(|blob| made.text_of(blob).is_some())
}

/// Whether another look at the branch may help. The right to write is proven, so what is "not found"
/// is not there yet for the replica that answered.
pub(super) fn has_moved(kind: &ErrorKind) -> bool {
    matches!(kind, ErrorKind::NotFastForward { .. } | ErrorKind::Stale { .. } | ErrorKind::NotFound { .. })
}

/// The branch was there when the run began.
fn gone(client: &Client, branch: &str) -> ApiError {
    ApiError {
        what: format!("reading `{branch}` in {}", client.repository()),
        kind: ErrorKind::Stale { message: format!("there is no branch `{branch}` any more") },
    }
}
