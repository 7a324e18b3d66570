//! What mode `check` found, as the report tells it.

use super::sentences::count;
use super::{CheckReport, Coverage, Details, Lack, Level, Notice, Outcome, Status};
use crate::check::{Checked, CheckedPost, Finding};

/// What was found as a whole, and what there is to say of it.
pub fn found(checked: &Checked) -> (CheckReport, Coverage, Vec<Notice>) {
    let number = |is: fn(&Finding) -> bool| checked.posts.iter().filter(|post| is(&post.finding)).count();
    let missing = number(|finding| matches!(finding, Finding::Missing { .. }));
    let check = CheckReport {
        pages: checked.pages,
        shown: number(|finding| *finding == Finding::Shown),
        preview: number(|finding| matches!(finding, Finding::Preview { .. })),
    };
    let previews = (check.preview > 0).then(|| {
        format!(
            "{} in link previews only; `embed: markdown` shows it in the text, and `image-field` names another field that the theme may show",
            count(check.preview, "post has its hero image", "posts have their hero image")
        )
    });
    let undecided = number(|finding| matches!(finding, Finding::Undecided { .. }));
    let unclear = (undecided > 0).then(|| {
        format!(
            "it cannot be told whether {}: the build has renamed its pictures, and these are too plain to be recognised, or of a format that cannot be compared; look at {}",
            count(undecided, "page shows its hero image", "pages show their hero images"),
            if undecided == 1 { "the page" } else { "one of the pages" },
        )
    });
    let notices = previews.into_iter().chain(unclear);
    let notices = notices.map(|message| Notice { level: Level::Notice, message }).collect();
    (check, Coverage { published: checked.published, missing }, notices)
}

/// A finding as the outcome of its post.
pub fn checked(post: CheckedPost) -> Outcome {
    let status = match post.finding {
        Finding::Present | Finding::Shown | Finding::Preview { .. } | Finding::Undecided { .. } => {
            Status::Unchanged
        }
        Finding::Skipped(_) => Status::Skipped,
        Finding::Unreadable(_) => Status::Failed,
        Finding::Missing { .. } => Status::Lacking(Lack::Missing),
        Finding::Unresolved { .. } => Status::Lacking(Lack::Unresolved),
        Finding::Damaged { .. } => Status::Lacking(Lack::Damaged),
        Finding::Broken { .. } => Status::Lacking(Lack::Broken),
        Finding::Hidden { .. } => Status::Lacking(Lack::Hidden),
        Finding::NoPage => Status::Lacking(Lack::NoPage),
    };
    let details = post
        .picture
        .filter(|_| post.finding.is_flaw())
        .map(|picture| Box::new(Details { image: Some(picture), ..Details::NONE }));
    let outcome = Outcome::new(post.path, status).because(post.finding.reason());
    Outcome { details, line: post.line, ..outcome }.titled(post.title)
}
