//! What the chain is asked for and what it answers.

use super::Attempt;
use crate::provider::{Dollars, Prompt, ProviderName};

/// One picture to get.
pub struct PictureRequest<'a> {
    /// Which post it is for, unique in the run.
    pub post: usize,
    /// How logs name the post.
    pub label: &'a str,
    /// What to draw.
    pub prompt: &'a Prompt,
    /// What to draw when the prompt was refused: built without the post's text.
    pub softened: &'a Prompt,
    /// Wanted width in pixels.
    pub width: u32,
    /// Wanted height in pixels.
    pub height: u32,
    /// Seed for services that take one.
    pub seed: u32,
    /// A provider that is not to be asked, because its picture for this post was no good.
    pub avoid: Option<ProviderName>,
}

/// Who is asked first for a picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FirstAsked {
    /// The provider.
    pub provider: ProviderName,
    /// The model.
    pub model: String,
    /// What a picture costs there, if that is known.
    pub price: Option<Dollars>,
}

/// A picture that passed the judge.
#[derive(Debug)]
pub struct Delivered<P> {
    /// The picture.
    pub picture: P,
    /// Who delivered.
    pub provider: ProviderName,
    /// With which model.
    pub model: String,
    /// Whether it was not the first model of the first provider.
    pub fallback: bool,
    /// Whether the softened prompt was used.
    pub softened: bool,
    /// Every request made, the successful one last.
    pub attempts: Vec<Attempt>,
}

/// Nobody delivered.
#[derive(Debug)]
pub struct Exhausted {
    /// Why the chain gave up.
    pub why: StopReason,
    /// Every request made.
    pub attempts: Vec<Attempt>,
    /// Each provider's reason, in order.
    pub reasons: Vec<ProviderReason>,
}

/// Why a provider gave a post no picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ProviderReason {
    /// Provider name as in the catalogue.
    pub provider: String,
    /// Name as the service writes itself.
    pub title: String,
    /// In plain words.
    pub words: String,
}

/// Why the chain gave up on a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StopReason {
    /// Every provider failed.
    AllFailed,
    /// The deadline of the run passed first.
    Deadline,
    /// The run was told to stop.
    Stopped,
    /// Who is left takes more than what is left of the budget, which is this.
    Budget(Dollars),
}

/// A delivered picture that turned out to be the same bytes as another post's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Displaced {
    /// The post that has it.
    pub post: usize,
    /// The provider that gave it.
    pub provider: ProviderName,
}
