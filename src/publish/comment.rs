//! The comment under the pull request that the event is about: its pictures are commits on somebody's branch, and
//! a reviewer should not have to look for them. There is one, kept up to date.

use tracing::{debug, info};

use super::gallery::Gallery;
use super::{Options, wording};
use crate::github::{ApiError, ErrorKind, Sha};

/// Shows the pictures that landed at `commit`, and what is missing. Where there is neither, and no comment of an
/// earlier run, nothing is written. A comment is worth no warning: the summary of the run says the same.
pub(super) async fn keep(options: &Options, number: u64, gallery: &Gallery, commit: Option<&Sha>) {
    match try_keep(options, number, gallery, commit).await {
        Ok(()) => {}
        Err(error @ ApiError { kind: ErrorKind::Forbidden { .. } | ErrorKind::NotFound { .. }, .. }) => {
            info!(
                "pull request #{number} gets no comment with the pictures: {error}; or set input `comment` to `never`"
            );
        }
        Err(error) => info!("pull request #{number} gets no comment with the pictures: {error}"),
    }
}

async fn try_keep(
    options: &Options,
    number: u64,
    gallery: &Gallery,
    commit: Option<&Sha>,
) -> Result<(), ApiError> {
    let client = &options.client;
    let comments = client.comments(number).await?;
    let ours =
        comments.into_iter().find(|comment| comment.is_trusted() && wording::is_our_comment(&comment.body));
    let earlier = ours.as_ref().map(|comment| comment.body.as_str()).unwrap_or_default();
    let mut gallery = gallery.clone();
    gallery.scrub(&options.scrubber);
    let text = wording::comment(&gallery, &options.page, commit.map(Sha::as_str), earlier);
    let text = text.map(|text| options.scrubber.scrub(&text));
    match (text, ours) {
        (Some(text), None) => client.comment(number, &text).await,
        (Some(text), Some(ours)) if text.trim() != ours.body.replace("\r\n", "\n").trim() => {
            client.update_comment(ours.id, &text).await
        }
        _ => {
            debug!("the comment of pull request #{number} says all there is to say");
            Ok(())
        }
    }
}
