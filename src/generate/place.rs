//! Picture and edit put in place: processed, written as whole files, and handed on to be published.

use super::prompting::{Brief, written};
use super::{PictureGenerator, text_of};
use crate::clock;
use crate::fault;
use crate::image::Picture;
use crate::image::process::{CutPicture, Finished, Unwritable};
use crate::image::provenance::{self, Provenance};
use crate::image::thumbnail;
use crate::memory::MemoryAccount;
use crate::plan::Task;
use crate::post::edit::{Edit, Shown};
use crate::post::embed::is_file;
use crate::post::front_matter::{Change, FieldValue, Problem};
use crate::post::{Post, Unreadable};
use crate::publish::{StagedPicture, answers_wish};
use crate::report::{Cost, Details, Outcome, Status};
use crate::site::{Hero, PictureTarget};
use crate::write::{NewFile, OutboxEntry, ReplacedPicture, WriteError};

impl PictureGenerator<'_> {
    /// Processes the picture and puts picture and edit in place.
    pub(super) async fn put(
        &self,
        task: &Task,
        brief: Brief,
        picture: Picture,
        provenance: Provenance,
        status: Status,
    ) -> Outcome {
        let options = self.options.image;
        let marks = provenance.clone();
        let path = task.post.path();
        let account = MemoryAccount::current();
        // Here its pixels are at hand, and others are waited for.
        let is_shown = self.thumbnails.take();
        let finish = move || -> Result<_, Unwritable> {
            let cut = CutPicture::new(picture, &options)?;
            let thumbnail = if is_shown { thumbnail::of_cut(&cut) } else { None };
            Ok((cut.encode(&options, &marks)?, thumbnail))
        };
        let finish = move || account.scope_blocking(finish);
        let (finished, thumbnail) = match tokio::task::spawn_blocking(finish).await {
            Ok(Ok(made)) => made,
            Ok(Err(error)) => return Outcome::new(path, Status::Failed).because(error.to_string()),
            Err(_) => {
                return Outcome::new(path, Status::Failed).because("the picture could not be encoded");
            }
        };
        let mut outcome = self.place(task, brief, &finished, provenance, status).await;
        if let Some(details) = &mut outcome.details {
            details.thumbnail = thumbnail;
        }
        outcome
    }

    /// Puts a finished picture and the edit in place.
    pub(super) async fn place(
        &self,
        task: &Task,
        brief: Brief,
        finished: &Finished,
        provenance: Provenance,
        status: Status,
    ) -> Outcome {
        let path = task.post.path();
        match fault::caught(Box::pin(self.write(task, &brief, finished, &provenance))).await {
            Ok(Ok(target)) => {
                let details = Details {
                    title: None,
                    provider: Some(provenance.provider),
                    model: Some(provenance.model),
                    planned: Cost::NONE,
                    image: Some(target.file()),
                    field: task.field().map(str::to_owned),
                    value: task.value(&target),
                    alt: Some(brief.alt),
                    prompt: Some(text_of(&brief.prompt)).filter(|prompt| !prompt.is_empty()),
                    width: Some(finished.width),
                    height: Some(finished.height),
                    bytes: Some(finished.bytes.len() as u64),
                    thumbnail: None,
                };
                Outcome { details: Some(Box::new(details)), ..Outcome::new(path, status) }
            }
            Ok(Err(settled @ Refusal::Settled { .. })) => {
                let kept = self.outbox.set_aside(&task.target.file(), &finished.bytes);
                let kept = match kept {
                    Ok(file) => format!("is kept as `{file}` in the report folder"),
                    Err(why) => format!("is not used ({why})"),
                };
                Outcome::new(path, settled.status(Status::Failed)).because(format!("{settled} {kept}"))
            }
            Ok(Err(refusal)) => self.unplaced(task, finished, status, refusal.to_string()),
            Err(fault) => self.unplaced(task, finished, status, fault.to_string()),
        }
    }

    /// A picture that came and has no place. It was paid for: where the outbox has not got it, a person finds it in the
    /// report folder.
    fn unplaced(&self, task: &Task, finished: &Finished, status: Status, why: String) -> Outcome {
        let failed = Outcome::new(task.post.path(), Status::Failed);
        if status != Status::Generated || task.shares.is_some() || self.outbox.holds(&finished.bytes) {
            return failed.because(why);
        }
        match self.outbox.set_aside(&task.target.file(), &finished.bytes) {
            Ok(file) => {
                failed.because(format!("{why}; its picture is kept as `{file}` in the report folder"))
            }
            Err(_) => failed.because(why),
        }
    }

    /// Writes the picture under the first name that is free or ours, then the post that names it. The
    /// post is read again: a minute may have passed since.
    async fn write(
        &self,
        task: &Task,
        brief: &Brief,
        finished: &Finished,
        provenance: &Provenance,
    ) -> Result<PictureTarget, Refusal> {
        let targets = || task.target.names();
        let path = task.post.path();
        // Translations may take each other's.
        let owner = self.sites.of(path).original(path);
        let mut slot = self.tree.claim(owner, targets().map(|target| target.file()), provenance::is_ours)?;
        let target = targets().nth(slot.number()).unwrap_or_else(|| task.target.clone());
        let mut edit = self.edit(task, &target.value(), &brief.alt);
        edit.changes.extend(self.metadata(task, brief, provenance));
        let picture = target.file();
        if let Some(publisher) = self.publisher {
            let entry = OutboxEntry {
                post: path.to_owned(),
                branch: publisher.base().to_owned(),
                alt: brief.alt.clone(),
                prompt: if brief.authored { String::new() } else { text_of(&brief.prompt) },
                anew: answers_wish(&edit),
                replaces: self.replaced(task),
                digest: None,
                picture: picture.clone(),
            };
            publisher.keep(&entry, &finished.bytes).await;
        }
        slot.fill(&finished.bytes).await?;
        let (post, text) = self.sites.read(path)?;
        if self.is_settled(task, &post) {
            if self.publisher.is_some() {
                self.outbox.clear(&picture);
            }
            return Err(Refusal::Settled { provider: provenance.provider.clone() });
        }
        let made = StagedPicture {
            post: path.to_owned(),
            before: text,
            edit,
            picture,
            is_known: false,
            is_redrawn: task.is_redrawn(),
        };
        self.write_post(task, made).await?;
        slot.keep();
        Ok(target)
    }

    /// Makes the edit in the text that the post has in the workspace, and hands post and picture on to be published.
    pub(super) async fn write_post(&self, task: &Task, made: StagedPicture) -> Result<(), Refusal> {
        let edited = made.edit.apply(&made.before)?;
        self.tree.write(NewFile { path: &made.post, bytes: edited.as_bytes() }).await?;
        if let Some(publisher) = self.publisher {
            let before = before(task, made.before, &made.edit, &edited);
            publisher.stage(StagedPicture { before, ..made });
        }
        Ok(())
    }

    /// The picture that ours takes the place of without a word in the post; an earlier run may have overwritten it
    /// here.
    fn replaced(&self, task: &Task) -> Option<ReplacedPicture> {
        if !task.is_redrawn() {
            return None;
        }
        if let Some(recovered) = &task.recovered {
            return recovered.kept.replaces.clone();
        }
        let site = self.sites.of(task.post.path());
        self.outbox.replaced(&site.hero_file(&task.post, &site.hero(&task.post))?)
    }

    /// Whether somebody gave the post a picture, or took back the wish for another, while ours was made.
    pub(super) fn is_settled(&self, task: &Task, post: &Post) -> bool {
        let site = self.sites.of(post.path());
        let hero = site.hero(post);
        if hero.is_missing() || post.regenerate().is_some() {
            return false;
        }
        // It may have been moved.
        if task.is_redrawn() && hero.file().is_some() && hero.file() == task.replaces.as_deref() {
            return false;
        }
        // A picture of ours may stand there already: of an earlier run, or one that is being swapped.
        let is_ours = |target: PictureTarget| match &hero {
            Hero::Embedded => site.shown(post).is_some_and(|shown| is_file(shown, &target.name())),
            hero => hero.file() == Some(target.file().as_str()),
        };
        !task.target.names().any(is_ours)
    }

    /// What the post says of the picture's making: all of it where input `metadata` asks for it, else what an earlier run
    /// wrote, for that is about the picture before.
    fn metadata(&self, task: &Task, brief: &Brief, provenance: &Provenance) -> Vec<Change> {
        let has = |field: &str| task.post.get(field).is_some();
        let mut changes = metadata(brief, provenance);
        changes.retain(|change| self.options.metadata || (has(MARK) && has(&change.field)));
        changes
    }

    /// The edit of a post before its picture is known: of the same fields.
    pub(super) fn trial(&self, task: &Task) -> Edit {
        let authored = written(task).is_some_and(|brief| brief.authored);
        let brief = Brief { authored, ..Brief::of_card(task) };
        let mut edit = self.edit(task, &task.target.value(), "alt");
        edit.changes.extend(self.metadata(task, &brief, &Provenance::card()));
        edit
    }

    pub(super) fn edit(&self, task: &Task, value: &str, alt: &str) -> Edit {
        let site = self.sites.of(task.post.path());
        let shown = site.embed_of(&task.post).style().map(|style| Shown {
            style,
            target: site.address_in_body(&task.target.file(), value),
            alt: alt.to_owned(),
            replaces: task.regenerate.is_some() || task.replaces.is_some(),
            files: site.hero_field().our_files(task.post.path()),
        });
        let mut changes = task.changes(value, alt);
        changes.extend(site.extras(&task.post, value));
        Edit { reader: site.dialect().reader, changes, manners: site.manners().clone(), shown }
    }
}

/// The field that shows that those beside it are ours.
const MARK: &str = "image_model";

/// What the front matter may say of the picture's making. The author's own prompt stays as it is, and gets no
/// `image_model` beside it: that is the mark of a prompt we wrote and may clear.
fn metadata(brief: &Brief, provenance: &Provenance) -> Vec<Change> {
    let field = |field: &str, text: String| Change { field: field.to_owned(), value: FieldValue::Text(text) };
    let ours = [field("image_prompt", text_of(&brief.prompt)), field(MARK, provenance.model.clone())];
    let made = [
        field("image_provider", provenance.provider.clone()),
        field("image_date", clock::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string()),
    ];
    ours.into_iter().filter(|_| !brief.authored).chain(made).collect()
}

/// Why picture and post were not put in place.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Write(#[from] WriteError),
    #[error(transparent)]
    Post(#[from] Unreadable),
    #[error(transparent)]
    FrontMatter(#[from] Problem),
    #[error("`{file}`, the picture of its translation, cannot be read: {source}")]
    Sister { file: String, source: std::io::Error },
    #[error("it got a picture while this one was being made; that one stays, and the picture of {provider}")]
    Settled { provider: String },
    #[error("it got a picture while the others were being made; that one stays")]
    Overtaken,
}

impl Refusal {
    /// What its post is then: as it was where somebody gave it a picture, else the status of this failure.
    pub(super) fn status(&self, failure: Status) -> Status {
        match self {
            Self::Overtaken | Self::Settled { .. } => Status::Unchanged,
            Self::Write(_) | Self::Post(_) | Self::FrontMatter(_) | Self::Sister { .. } => failure,
        }
    }
}

/// The post as it was before the edit. An earlier run may have made the edit in the workspace already;
/// what the branch holds is then what it was before.
fn before(task: &Task, text: String, edit: &Edit, edited: &str) -> String {
    let there = task.recovered.as_ref().map(|recovered| &recovered.text);
    let same = |there: &&String| {
        let unix = |text: &str| text.replace("\r\n", "\n");
        edit.apply(there).is_ok_and(|there| unix(&there) == unix(edited))
    };
    there.filter(same).cloned().unwrap_or(text)
}
