//! Notices that a repository hears once: they explain what is the same in every run.

use std::collections::BTreeMap;

use super::sentences::count;
use super::{Level, Notice, Report, Status, publication};
use crate::chain::LinkReport;

/// Such a notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tip {
    /// What a commit of the job's own token does not start.
    JobToken,
    /// Why pictures are smaller than the input `size`.
    SmallerPictures,
}

impl Tip {
    /// Every one, in the order in which they are told.
    const ALL: [Self; 2] = [Self::JobToken, Self::SmallerPictures];

    /// Its name in the record of the next run.
    pub fn name(self) -> &'static str {
        match self {
            Self::JobToken => "job-token",
            Self::SmallerPictures => "smaller-pictures",
        }
    }

    /// The notice, if the run gives cause for it.
    fn notice(self, report: &Report) -> Option<Notice> {
        match self {
            Self::JobToken => publication::silence(&report.publication),
            Self::SmallerPictures => smaller_pictures(report),
        }
    }
}

/// What this run gives cause for and no earlier one has told.
pub fn tips(report: &Report) -> impl Iterator<Item = (Tip, Notice)> {
    let untold = Tip::ALL.into_iter().filter(|tip| !report.told.contains(tip.name()));
    untold.filter_map(|tip| Some((tip, tip.notice(report)?)))
}

/// Why pictures are smaller than asked for: many models draw squares, whatever they are asked for.
fn smaller_pictures(report: &Report) -> Option<Notice> {
    let (width, height) = report.size?;
    let mut smaller: BTreeMap<(&str, &str, (u32, u32)), usize> = BTreeMap::new();
    for post in report.posts.iter().filter(|post| post.status == Status::Generated && !post.is_reused()) {
        let details = post.details();
        let (Some(provider), Some(model)) = (&details.provider, &details.model) else { continue };
        if let (Some(w), Some(h)) = (details.width, details.height)
            && w < width
            && h < height
        {
            *smaller.entry((provider, model, (w, h))).or_default() += 1;
        }
    }
    // The most frequent speaks for all.
    let ((provider, model, (w, h)), number) = smaller.into_iter().max_by_key(|(_, number)| *number)?;
    let is_its = |link: &&LinkReport| link.name == provider;
    let title = report.chain.iter().find(is_its).map_or(provider, |link| link.title.as_str());
    let what = count(number, "picture is", "pictures are");
    let message = format!(
        "{what} {w}x{h}, smaller than `size` ({width}x{height}): `{model}` of {title} draws a size of its own, which is cropped to the shape and never enlarged. A service or model that takes a size gives more when it comes first"
    );
    Some(Notice { level: Level::Notice, message })
}

#[cfg(test)]
mod tests {
    use super::super::samples;
    use super::*;

    fn told(report: &Report) -> Vec<String> {
        tips(report).map(|(_, notice)| notice.message).collect()
    }

    #[test]
    fn a_picture_that_is_smaller_than_asked_for_is_explained_once() {
        let mut report = samples::ok();
        assert_eq!(told(&report), Vec::<String>::new(), "where no size is known");
        report.size = Some((1200, 630));
        for post in &mut report.posts {
            let details = post.details.get_or_insert_with(|| Box::new(super::super::Details::NONE));
            (details.width, details.height) = (Some(1024), Some(538));
        }
        let [message] = &told(&report)[..] else { panic!("{:?}", told(&report)) };
        assert!(message.contains("1024x538, smaller than `size` (1200x630)"), "{message}");
        report.told.insert(Tip::SmallerPictures.name().to_owned());
        assert_eq!(told(&report), Vec::<String>::new());
        report.told.clear();
        report.size = Some((1024, 538));
        assert_eq!(told(&report), Vec::<String>::new(), "that is what was asked for");
    }
}
