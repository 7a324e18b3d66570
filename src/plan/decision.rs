//! Why a post gets no picture in a run, in the words that people read.

use std::borrow::Cow;

use crate::post::eligibility::Rule;
use crate::post::{Post, Unreadable};

/// The reason of nearly every post of a blog.
const SETTLED: &str = "it has its hero image";

/// A post that gets no picture in this run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LeftOut {
    /// Path of the post.
    pub path: String,
    /// Its title, where the run has more to say of it than that it needs no picture.
    pub title: Option<String>,
    /// Why.
    pub decision: Decision,
}

/// Why a post gets no picture in this run. The text is the reason for people.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Decision {
    /// It has its hero image.
    #[error("{}", SETTLED)]
    Unchanged,
    /// It asks for a new picture, and there would only be a title card.
    #[error(
        "its picture is kept: a title card never replaces a picture; configure a provider, and it is drawn anew"
    )]
    Kept,
    /// New pictures are asked for, and its own is not of ours.
    #[error(
        "its picture is kept: it does not bear the mark of this program, so somebody else made it, and `redraw` leaves such pictures alone; `regenerate_image: true` in the post replaces it"
    )]
    HandMade,
    /// It shares its picture with a translation, for which that is drawn anew.
    #[error("its picture is drawn anew for its translation `{0}`")]
    DrawnFor(String),
    /// It got its hero image on the branch since the commit that was checked out.
    #[error("it has its hero image on the branch, which has moved on since the commit that was checked out")]
    Overtaken,
    /// Its picture is on our open pull request.
    #[error("{0}")]
    Waiting(String),
    /// It names a hero that we cannot resolve.
    #[error(
        "its hero image `{value}` is kept: {why}; set `regenerate_image: true` in the post to replace it"
    )]
    Unresolved {
        /// The value in the post.
        value: String,
        /// Why it cannot be resolved.
        why: &'static str,
    },
    /// A rule leaves it out.
    #[error(transparent)]
    Skipped(Rule),
    /// Beyond `max-images`.
    #[error("left for a later run: this one makes at most {max_images} (input `max-images`)")]
    Pending {
        /// The limit.
        max_images: usize,
    },
    /// It changed and is not here.
    #[error(
        "it changed and is not in the workspace; add its folder to `sparse-checkout` of `actions/checkout`, and let no step before this one remove it"
    )]
    Absent,
    /// It is another repository's.
    #[error(
        "it is in the submodule `{0}`, which is another repository; let a run in that repository make its picture, or leave it out with a `!` line in `posts`"
    )]
    Submodule(String),
    /// It cannot be published.
    #[error("{0}")]
    Failed(String),
    /// It cannot be read.
    #[error("{0}")]
    Unreadable(Unreadable),
}

impl LeftOut {
    /// Nearly all posts of a blog are settled: what is never shown of them is not kept either.
    pub(super) fn new(post: Post, decision: Decision) -> Self {
        let is_quiet = matches!(
            decision,
            Decision::Unchanged | Decision::Overtaken | Decision::Kept | Decision::Skipped(_)
        );
        let title = if is_quiet { None } else { post.title().map(Cow::into_owned) };
        Self { path: post.into_path(), title, decision }
    }
}

impl Decision {
    /// Its text; most posts have one that need not be made.
    pub fn reason(self) -> Cow<'static, str> {
        match self {
            Self::Unchanged => SETTLED.into(),
            Self::Waiting(reason) | Self::Failed(reason) => reason.into(),
            decision => decision.to_string().into(),
        }
    }
}
