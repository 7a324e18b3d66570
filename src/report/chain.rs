//! What the chain as a whole lacks, before it fails: a second service, or the first one for many runs.

use super::{Report, Verdict};
use crate::chain::{LinkReport, PastFailure};
use crate::provider::ClassName;

impl Report {
    /// Whether the run did what it was to do, and as it should.
    pub fn is_well(&self) -> bool {
        let is_long = self.is_long_streak(self.fallback_streak);
        let is_good = self.verdict == Verdict::Ok || (self.verdict == Verdict::Fallback && !is_long);
        is_good && !self.dry_run
    }

    /// Whether so many runs in a row on a fallback are worth an alert.
    pub fn is_long_streak(&self, runs: u32) -> bool {
        self.fallback_limit > 0 && runs >= self.fallback_limit
    }
}

/// What is wrong with a chain whose first service has not been the one to deliver for many runs.
pub fn long_streak(report: &Report) -> Option<String> {
    let runs = report.fallback_streak;
    let is_part = report.posts.iter().any(|post| post.fallback);
    let first = report.chain.iter().find(|link| link.configured)?;
    (is_part && report.is_long_streak(runs)).then(|| {
        format!(
            "{runs} runs in a row needed a fallback: {} does not serve this blog any more; mend it, or put another service first with input `providers`",
            first.title
        )
    })
}

/// What is wrong with a chain in which fewer than two services can draw: it is one failure away from posts
/// without a picture.
pub fn shallow_chain(chain: &[LinkReport]) -> Option<String> {
    let able: Vec<_> = chain.iter().filter(|link| link.configured && can_draw(link)).collect();
    let another = chain.iter().find(|link| !link.configured);
    let cure = another.map_or_else(
        || "mend another service of the chain".to_owned(),
        |link| format!("for example {}: {}", link.title, link.cure.as_deref().unwrap_or("")),
    );
    match able.as_slice() {
        [] => Some(format!("no service of the chain can draw with its plan as it is; add one ({cure})")),
        [only] => Some(format!(
            "only {} can draw in this chain, so posts get no picture when it is out; add a second service ({cure})",
            only.title
        )),
        _ => None,
    }
}

/// Whether a service may be able to draw: one whose plan does not allow it, and that never did, is not.
fn can_draw(link: &LinkReport) -> bool {
    let past = link.past.as_ref();
    let never = link.delivered == 0 && past.is_none_or(|past| past.last_success.is_none());
    let earlier = past.and_then(|past| past.last_failure.as_ref()).and_then(PastFailure::known_class);
    let now = link.last_error.as_ref().map(|last| last.class);
    !(never && [earlier, now].contains(&Some(ClassName::NotEntitled)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chain::Past;
    use crate::report::samples;

    #[test]
    fn one_service_that_can_draw_is_too_few() {
        let mut report = samples::fell_back();
        assert_eq!(shallow_chain(&report.chain), None, "two can");
        let failure =
            PastFailure { at: jiff::Timestamp::UNIX_EPOCH, class: "NotEntitled".to_owned(), status: None };
        let second = report.chain.iter_mut().filter(|link| link.configured).nth(1).unwrap();
        second.delivered = 0;
        second.past = Some(Past { last_success: None, last_failure: Some(failure) });
        let message = shallow_chain(&report.chain).unwrap();
        assert!(
            message.contains("can draw in this chain") && message.contains("add a second service"),
            "{message}"
        );
        report.chain.iter_mut().for_each(|link| link.configured = false);
        assert!(shallow_chain(&report.chain).unwrap().starts_with("no service of the chain can draw"));
    }

    #[test]
    fn a_streak_counts_from_the_limit_on_and_only_in_a_run_that_is_part_of_it() {
        let mut report = samples::fell_back();
        (report.fallback_limit, report.fallback_streak) = (3, 2);
        assert_eq!(long_streak(&report), None);
        report.fallback_streak = 3;
        assert!(long_streak(&report).unwrap().starts_with("3 runs in a row needed a fallback: "));
        report.fallback_limit = 0;
        assert_eq!(long_streak(&report), None);
        report.fallback_limit = 3;
        report.posts.iter_mut().for_each(|post| post.fallback = false);
        assert_eq!(long_streak(&report), None);
    }
}
