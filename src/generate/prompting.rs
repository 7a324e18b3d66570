//! What to draw for a post: the author's words, our own from an earlier run, the text model's, or
//! those made from title and body.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tracing::debug;

use crate::activity;
use crate::clock;
use crate::describe;
use crate::plan::Task;
use crate::post::{Regenerate, text};
use crate::prompt::{Material, Template};
use crate::provider::Prompt;

use super::PictureGenerator;

/// How much of a post the text model reads, in characters.
const READ: usize = 6_000;

/// What the chain is asked for, and what is written beside the picture.
pub(super) struct Brief {
    /// The prompt as it is sent.
    pub prompt: Prompt,
    /// Alt text.
    pub alt: String,
    /// The prompt is not ours: the author's own, which stands in the post, or none at all.
    pub authored: bool,
    /// Seed for services that take one.
    pub seed: u32,
}

impl Brief {
    /// The brief of a title card: nobody reads a prompt for it.
    pub(super) fn of_card(task: &Task) -> Self {
        let prompt = Prompt { subject: String::new(), style: String::new() };
        Self { prompt, alt: task.title.clone(), authored: true, seed: 0 }
    }
}

/// The prompt of a post as far as it is known before anybody is asked; the text model may find better words.
///
/// # Errors
/// What the prompt template could not do with this post, with the cure.
pub fn known_prompt(template: &Template, task: &Task, body: &str) -> Result<Prompt, String> {
    let draft = Draft::of(task, body);
    written(task).map_or_else(|| draft.render(template, &draft.own), |brief| Ok(brief.prompt))
}

/// The brief that stands in the post: the author's prompt, or our own of an earlier run.
pub(super) fn written(task: &Task) -> Option<Brief> {
    let prompt = task.post.image_prompt()?;
    (!prompt.cached || task.regenerate != Some(Regenerate::New)).then(|| Brief {
        prompt: Prompt { subject: prompt.text.into_owned(), style: String::new() },
        alt: task.title.clone(),
        authored: !prompt.cached,
        seed: seed(task.post.path()),
    })
}

/// What a prompt is made of.
struct Draft<'a> {
    task: &'a Task,
    description: String,
    text: String,
    /// The subject without a text model.
    own: String,
}

impl<'a> Draft<'a> {
    fn of(task: &'a Task, body: &str) -> Self {
        let description = task.post.description().unwrap_or_default().to_string();
        let text = text::clean(body, READ);
        let own = text::subject(&task.title, Some(&*description), body);
        Self { task, description, text, own }
    }

    fn render(&self, template: &Template, subject: &str) -> Result<Prompt, String> {
        let Self { task, description, text, .. } = self;
        let material = Material { subject, title: &task.title, description, text, path: task.post.path() };
        template.render(&material).map_err(|reason| {
            format!("the prompt template fails for this post: {reason}; change `prompt-template`")
        })
    }
}

impl PictureGenerator<'_> {
    /// The brief for a post.
    ///
    /// # Errors
    /// What the prompt template could not do with this post, with the cure.
    pub(super) async fn brief(&self, task: &Task, body: &str) -> Result<Brief, String> {
        if let Some(brief) = written(task) {
            return Ok(brief);
        }
        let draft = Draft::of(task, body);
        // Known before the text model is paid for.
        let prompt = draft.render(self.template, &draft.own)?;
        let described = self.described(task, &draft.description, &draft.text).await;
        let (prompt, alt) = match described {
            Some(described) => (draft.render(self.template, &described.subject)?, described.alt),
            None => (prompt, task.title.clone()),
        };
        Ok(Brief { prompt, alt, authored: false, seed: seed(task.post.path()) })
    }

    async fn described(&self, task: &Task, description: &str, text: &str) -> Option<describe::Description> {
        let material = describe::PostMaterial { title: &task.title, description, text };
        if self.chain.spent(self.options.image.width, self.options.image.height).is_some() {
            return None;
        }
        let _asking = activity::asking("text model", task.post.path());
        let described = tokio::select! {
            described = self.describer?.describe(&material) => described,
            () = self.stop.cancelled() => return None,
            () = tokio::time::sleep_until(self.chain.deadline()) => return None,
        };
        match described {
            Ok(described) => Some(described),
            // The report says so once for all posts.
            Err(misses) => {
                for miss in misses {
                    debug!("{}: no description by {miss}", task.post.path());
                }
                None
            }
        }
    }
}

/// Another seed for every post and run, so that a repeated prompt gives another picture.
fn seed(path: &str) -> u32 {
    let mut hasher = DefaultHasher::new();
    (path, clock::now().as_nanosecond()).hash(&mut hasher);
    // 31 bits: the largest seed that every service takes.
    u32::try_from(hasher.finish() >> 33).unwrap_or_default()
}
