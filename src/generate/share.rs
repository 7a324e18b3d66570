//! Translations share one picture: a post takes that of its sister, and nobody is asked.

use super::place::Refusal;
use super::prompting::Brief;
use super::{PictureGenerator, stopped};
use crate::disk;
use crate::image::process::Finished;
use crate::image::provenance;
use crate::plan::{SharedPicture, Task};
use crate::publish::StagedPicture;
use crate::report::{Details, Outcome, Pending, Status};
use crate::site::SisterPicture;

/// Largest picture that is taken over.
const LARGEST: u64 = 40 * 1024 * 1024;

/// How a post came by the picture of its sister, for people.
const SHARED: &str = "it shares";
const COPIED: &str = "a bundle of each language keeps its own files, so it has a copy of";

impl PictureGenerator<'_> {
    /// Gives a post the picture of its sister. `made` are the outcomes of the posts that had to be drawn for.
    pub(super) async fn share(&self, task: &Task, shared: &SharedPicture, made: &[&Outcome]) -> Outcome {
        let path = task.post.path();
        if self.stop.is_cancelled() {
            return stopped(path);
        }
        match shared {
            SharedPicture::Made { post } => match made.iter().find(|outcome| outcome.path == *post) {
                Some(outcome) => self.share_made(task, outcome).await,
                None => Outcome::new(path, Status::Pending(Pending::BeyondLimit)).because(format!(
                    "it shares the picture of its translation `{post}`, which is not drawn in this run"
                )),
            },
            SharedPicture::Known(sister) => {
                let shared = match &sister.copy {
                    None => self.name(task, sister).await,
                    Some(copy) => self.copy(task, sister, copy).await,
                };
                shared.unwrap_or_else(|refusal| {
                    Outcome::new(path, refusal.status(Status::Failed)).because(refusal.to_string())
                })
            }
        }
    }

    /// The picture that was made for the sister in this run: the same file, or the same bytes where the site keeps
    /// the files of languages apart.
    async fn share_made(&self, task: &Task, sister: &Outcome) -> Outcome {
        let path = task.post.path();
        let Some(image) = sister.details().image.as_deref() else {
            let status = match sister.status {
                Status::Unchanged => Status::Pending(Pending::BeyondLimit),
                status => status,
            };
            return Outcome::new(path, status).because(format!(
                "it shares the picture of its translation `{}`, which has none yet",
                sister.path
            ));
        };
        let read = disk::open_within(self.sites.root(), image).and_then(|file| disk::whole(file, LARGEST));
        let marked = read.ok().and_then(|bytes| provenance::read(&bytes).map(|marks| (bytes, marks)));
        let Some((bytes, provenance)) = marked else {
            return Outcome::new(path, Status::Failed)
                .because(format!("`{image}`, the picture of its translation, can no longer be read"));
        };
        let finished = Finished {
            bytes,
            width: sister.details().width.unwrap_or_default(),
            height: sister.details().height.unwrap_or_default(),
            extension: self.options.image.format.extension(),
        };
        let outcome = self.place(task, Brief::of_card(task), &finished, provenance, sister.status).await;
        let told = outcome.reason.is_some();
        if told || !matches!(outcome.status, Status::Generated | Status::Card(_)) {
            return outcome;
        }
        let how = if outcome.details().image.as_deref() == Some(image) { SHARED } else { COPIED };
        outcome.because(format!("{how} the picture of its translation `{}`", sister.path))
    }

    /// A picture that is there and that the post can name.
    async fn name(&self, task: &Task, sister: &SisterPicture) -> Result<Outcome, Refusal> {
        self.write_shared(task, sister, &sister.file, true).await?;
        Ok(shared(task, sister, &sister.file, SHARED))
    }

    /// A picture that is there and that the post cannot name: a copy of it.
    async fn copy(&self, task: &Task, sister: &SisterPicture, copy: &str) -> Result<Outcome, Refusal> {
        let unread = |source| Refusal::Sister { file: sister.file.clone(), source };
        let file = disk::open_within(self.sites.root(), &sister.file).map_err(unread)?;
        let bytes = disk::whole(file, LARGEST).map_err(unread)?;
        let owner = self.sites.of(task.post.path()).original(task.post.path());
        let mut slot = self.tree.claim(owner, std::iter::once(copy.to_owned()), |_| false)?;
        slot.fill(&bytes).await?;
        self.write_shared(task, sister, copy, false).await?;
        slot.keep();
        Ok(shared(task, sister, copy, COPIED))
    }

    async fn write_shared(
        &self,
        task: &Task,
        sister: &SisterPicture,
        picture: &str,
        is_known: bool,
    ) -> Result<(), Refusal> {
        let post = task.post.path().to_owned();
        let edit = self.edit(task, &sister.value, &task.title);
        let (now, before) = self.sites.read(&post)?;
        if self.is_settled(task, &now) {
            return Err(Refusal::Overtaken);
        }
        let picture = picture.to_owned();
        let made = StagedPicture { post, before, edit, picture, is_known, is_redrawn: false };
        self.write_post(task, made).await
    }
}

fn shared(task: &Task, sister: &SisterPicture, picture: &str, how: &str) -> Outcome {
    let details = Details { image: Some(picture.to_owned()), alt: Some(task.title.clone()), ..Details::NONE };
    Outcome { details: Some(Box::new(details)), ..Outcome::new(task.post.path(), Status::Generated) }
        .because(format!("{how} the picture of its translation `{}`", sister.post))
}
