//! What an earlier run made for a post and could not publish is taken again instead of paid for again.

use super::PictureGenerator;
use super::prompting::Brief;
use crate::image::process::Finished;
use crate::image::provenance;
use crate::image::validate::{self, PictureLimits};
use crate::memory::MemoryAccount;
use crate::plan::Task;
use crate::provider::Prompt;
use crate::report::{Outcome, Status};

/// What the report says of such a post.
const REASON: &str = "reused: an earlier run made its picture and could not publish it";

impl PictureGenerator<'_> {
    /// Publishes the picture of an earlier run; `None` where there is none that is good, so that a
    /// provider is to be asked. What is read here is judged here: it may come from anywhere by now.
    pub(super) async fn reuse(&self, task: &Task) -> Option<Outcome> {
        let recovered = task.recovered.as_ref().filter(|known| !known.to_make)?;
        let bytes = self.outbox.picture(&recovered.kept, |bytes| provenance::read(bytes).is_some())?;
        let provenance = provenance::read(&bytes).filter(|provenance| !provenance.is_card())?;
        let account = MemoryAccount::current();
        let judge =
            move || (account.scope_blocking(|| validate::examine(&bytes, &PictureLimits::AS_CUT)), bytes);
        let judged = tokio::task::spawn_blocking(judge).await;
        let (Ok(picture), bytes) = judged.ok()? else { return None };
        let kept = &recovered.kept;
        let alt = if kept.alt.is_empty() { &task.title } else { &kept.alt };
        let brief = Brief {
            prompt: Prompt { subject: kept.prompt.clone(), style: String::new() },
            alt: alt.clone(),
            authored: kept.prompt.is_empty(),
            seed: 0,
        };
        let finished = Finished {
            bytes,
            width: picture.width(),
            height: picture.height(),
            extension: self.options.image.format.extension(),
        };
        let outcome = self.place(task, brief, &finished, provenance, Status::Generated).await;
        Some(Outcome { reason: outcome.reason.or_else(|| Some(REASON.into())), ..outcome })
    }
}
