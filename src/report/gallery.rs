//! What a pull request shows of a run: its pictures, and the posts that still lack one.

use super::sentences::{in_short, title};
use super::{Delivery, Outcome, Report, Status};
use crate::publish::gallery::{Gallery, MadePicture};

/// The pictures of this run by post, and what is missing.
pub fn gallery(report: &Report, run: Option<String>) -> Gallery {
    let made = |post: &Outcome| {
        let details = post.details();
        let model = details.model.clone().unwrap_or_default();
        let service = details.provider.as_deref().map(|name| title(&report.chain, name).to_owned());
        let origin = service.map(|service| (service, model));
        let made = MadePicture {
            title: details.title.clone().unwrap_or_default(),
            picture: details.image.clone().unwrap_or_default(),
            alt: details.alt.clone(),
            origin,
            prompt: details.prompt.clone(),
        };
        (post.path.clone(), made)
    };
    let has_picture = |post: &&Outcome| matches!(post.status, Status::Generated | Status::Card(_));
    let missing = report.with_delivery(Delivery::Missing);
    Gallery {
        made: report.posts.iter().filter(has_picture).map(made).collect(),
        missing: missing.map(|post| (post.path.clone(), in_short(post, &report.chain))).collect(),
        run,
    }
}
