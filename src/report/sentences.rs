//! The sentences that summary, log, annotations and alerts share, so that they all tell the same.
//! They hold text of strangers as it is: whoever shows them escapes.

use std::collections::{BTreeMap, HashMap, HashSet};

use jiff::Timestamp;

use super::{CardRole, Coverage, Delivery, Interruption, Lack, Outcome, Pending, Report, Status, Verdict};
use crate::chain::{Attempt, LinkReport, LinkState, PastFailure};
use crate::drill::DrillReport;
use crate::provider::{ClassName, Failure};
use crate::runner::Level;
use crate::text::{cut, one_line};

/// The run in one line, the word of the verdict first.
pub(super) fn headline(report: &Report) -> String {
    let word = match report.verdict {
        Verdict::Ok => "OK",
        Verdict::Fallback => "Fallback",
        Verdict::Degraded => "Degraded",
        Verdict::Failed => "Failed",
    };
    format!("{word}: {}", sentence(report))
}

/// The headline without the verdict's word.
fn sentence(report: &Report) -> String {
    let ready = ready(report);
    let and_ready = ready.as_deref().map(|ready| format!("; {}", lower_first(ready))).unwrap_or_default();
    match report.stop {
        Some(Interruption::Settings) => {
            let errors = report.notices.iter().filter(|notice| notice.level == Level::Error).count();
            let are_wrong = if errors == 1 { "is wrong" } else { "are wrong" };
            return format!(
                "{} {are_wrong}; nothing was spent or written",
                count(errors.max(1), "setting or permission", "settings or permissions")
            );
        }
        Some(Interruption::Signal(number)) => return format!("stopped by signal {number}{and_ready}"),
        Some(Interruption::Broken) => return format!("the run ended with an error{and_ready}"),
        None => {}
    }
    if let Some(drill) = &report.drill {
        return of_drill(drill);
    }
    let lacking = report.with_delivery(Delivery::Missing).count();
    if let Some(check) = &report.check {
        let seen = if check.pages.is_some() { "a hero image that readers see" } else { "a hero image" };
        let of = report.coverage.published + report.count(Status::Failed);
        return match (lacking, of) {
            (_, 0) => "no published post was found".to_owned(),
            (0, 1) => format!("the one published post has {seen}"),
            (0, _) => format!("all {of} published posts have {seen}"),
            (1, _) => format!("1 of {of} published posts lacks {seen}"),
            _ => format!("{lacking} of {of} published posts lack {seen}"),
        };
    }
    if report.dry_run {
        let planned = count(report.count(Status::Pending(Pending::Planned)), "post", "posts");
        let cannot = if lacking > 0 { format!(", {lacking} could not") } else { String::new() };
        return format!("dry run; {planned} would get a hero image{cannot}, nothing was called or written");
    }
    if lacking > 0 {
        let of = lacking + report.with_delivery(Delivery::Delivered).count();
        return format!("{lacking} of {of} posts got no hero image{and_ready}");
    }
    if !report.owed.is_empty() {
        let lack = if report.owed.len() == 1 { "lacks" } else { "lack" };
        return format!(
            "{} from earlier runs still {lack} a hero image{and_ready}",
            count(report.owed.len(), "post", "posts")
        );
    }
    ready.unwrap_or_else(|| match report.posts.len() {
        0 => "nothing to do; there are no posts to look at".to_owned(),
        1 => "nothing to do; the post needs no picture".to_owned(),
        seen => format!("nothing to do; none of the {seen} posts needs a picture"),
    })
}

/// "3 of 4 places of the chain work".
fn of_drill(drill: &DrillReport) -> String {
    let (working, all) = (drill.working(), drill.links.len());
    let real = if drill.live { " with real calls" } else { "" };
    match (working, all) {
        (0, 0) => "no service is configured, so nobody can draw".to_owned(),
        (_, 1) if working == 1 => format!("the only service of the chain works{real}; it has no fallback"),
        _ if drill.is_passed() => {
            format!("{working} of {all} services of the chain work{real}, each after the others")
        }
        _ => format!("{working} of {all} services of the chain work{real}; two are needed for a fallback"),
    }
}

/// Who delivered: "Hero image ready (via fallback: Together AI)"; for many a count for each provider.
pub(super) fn ready(report: &Report) -> Option<String> {
    let delivered: Vec<_> = report.with_delivery(Delivery::Delivered).collect();
    if delivered.is_empty() {
        return None;
    }
    if report.cards_only {
        return Some(format!("Title cards only ({})", count(delivered.len(), "post", "posts")));
    }
    let mut shares: Vec<((String, bool), usize)> = Vec::new();
    for post in &delivered {
        let key = (deliverer(report, post), post.fallback);
        match shares.iter_mut().find(|(share, _)| *share == key) {
            Some((_, number)) => *number += 1,
            None => shares.push((key, 1)),
        }
    }
    shares.sort_by_key(|((_, fallback), number)| (*fallback, std::cmp::Reverse(*number)));
    let shares = shares.into_iter().map(|((name, fallback), number)| {
        let via = if fallback { "via fallback: " } else { "" };
        if delivered.len() == 1 { format!("{via}{name}") } else { format!("{via}{name} {number}") }
    });
    let images = if delivered.len() == 1 {
        "Hero image".to_owned()
    } else {
        format!("{} hero images", delivered.len())
    };
    Some(format!("{images} ready ({})", shares.collect::<Vec<_>>().join(", ")))
}

/// The provider as a reader knows it; for a later model of the first provider its model as well,
/// since the provider alone would not show what is different.
fn deliverer(report: &Report, post: &Outcome) -> String {
    let Some(name) = post.details().provider.as_deref() else { return "unknown provider".to_owned() };
    let title = title(&report.chain, name);
    let first = report.chain.iter().find(|link| link.configured);
    match &post.details().model {
        Some(model) if post.fallback && first.is_some_and(|first| first.name == name) => {
            format!("{title} {model}")
        }
        _ if post.is_reused() => format!("reused: {title}"),
        _ => title.to_owned(),
    }
}

/// The name of a provider as the service writes itself; its own name where it is not of this chain.
pub(super) fn title<'a>(chain: &'a [LinkReport], name: &'a str) -> &'a str {
    chain.iter().find(|link| link.name == name).map_or(name, |link| &link.title)
}

/// "fallback for 4 runs in a row", with what to do; `None` before it is a habit, and once all is well.
pub(super) fn streak(report: &Report) -> Option<String> {
    let runs = report.fallback_streak;
    let habit = runs > 1 && report.verdict != Verdict::Ok;
    habit.then(|| {
        format!("fallback needed in {runs} runs in a row; check why the first provider does not deliver")
    })
}

/// "7 of 212 published posts lack a hero image"; `None` before the posts were looked at, and of a check, whose headline
/// counts what else is wrong as well.
pub(super) fn coverage(report: &Report) -> Option<String> {
    if report.check.is_some() {
        return None;
    }
    let Coverage { published, missing } = report.coverage;
    let lack = if missing == 1 { "lacks" } else { "lack" };
    (published > 0).then(|| format!("{missing} of {published} published posts {lack} a hero image"))
}

/// "34 pages looked at: 10 posts show their hero image, 1 in link previews only"; `None` without a built site.
pub(super) fn pages(report: &Report) -> Option<String> {
    let check = report.check?;
    let pages = count(check.pages?, "page", "pages");
    let shown = count(check.shown, "post shows its hero image", "posts show their hero image");
    let preview =
        if check.preview > 0 { format!(", {} in link previews only", check.preview) } else { String::new() };
    Some(format!("{pages} of the built site: {shown}{preview}"))
}

/// How many posts have which status, those with something to tell first.
pub(super) fn tally(report: &Report) -> String {
    let waiting = match report.publication.pull_request() {
        Some(pull) => format!("waiting in #{}", pull.number),
        None => "waiting on our pull request".to_owned(),
    };
    let kinds = [
        (Status::Generated, "generated"),
        (Status::Failed, if report.check.is_some() { "that cannot be read" } else { "failed" }),
        (Status::Manual, "without a picture"),
        (Status::Card(CardRole::Wanted), "with a title card"),
        (Status::Card(CardRole::StandIn), "with a title card"),
        (Status::Pending(Pending::Unreached), "not reached by the deadline"),
        (Status::Pending(Pending::Stopped), "not reached before the run was stopped"),
        (Status::Pending(Pending::Planned), "planned"),
        (Status::Pending(Pending::BeyondLimit), "left for the next run (`max-images`)"),
        (Status::Pending(Pending::BeyondBudget), "left for the next run (`budget`)"),
        (Status::Waiting, waiting.as_str()),
        (Status::Unresolved, "unresolved"),
        (Status::Skipped, "skipped"),
        (Status::Unchanged, if report.check.is_some() { "in order" } else { "unchanged" }),
    ];
    let kinds = kinds.into_iter().map(|(status, word)| (report.count(status), word));
    let lacks = Lack::ALL.into_iter().map(|lack| (report.count(Status::Lacking(lack)), lacking(lack)));
    let kinds = lacks.chain(kinds);
    let parts: Vec<_> = kinds.filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if parts.is_empty() { "no posts seen".to_owned() } else { parts.join(", ") }
}

/// What posts lack, after their number.
fn lacking(lack: Lack) -> &'static str {
    match lack {
        Lack::Missing => "without a hero image",
        Lack::Unresolved => "whose hero image cannot be found",
        Lack::Damaged => "whose hero image is damaged",
        Lack::Broken => "whose page names a file that is not there",
        Lack::Hidden => "whose page does not show it",
        Lack::NoPage => "without a page",
    }
}

/// The reasons of the posts that nothing was done for, most frequent first. What follows a colon
/// (a date, a name) is shown only where it is the only one; rare reasons are counted together.
pub(super) fn left_alone(report: &Report) -> Vec<(usize, String)> {
    const MOST: usize = 8;
    let mut whole: BTreeMap<&str, usize> = BTreeMap::new();
    let quiet = match report.check {
        // The tally has those in order.
        Some(_) => [Status::Skipped].as_slice(),
        None => &[Status::Unchanged, Status::Skipped, Status::Unresolved, Status::Waiting],
    };
    for post in report.with_delivery(Delivery::NotDue).filter(|post| quiet.contains(&post.status)) {
        let reason = match post.status {
            // Each of these names its own value, so they would never count together.
            Status::Unresolved => "its hero image cannot be found here, see the list of posts",
            _ => post.reason.as_deref().unwrap_or(post.status.name()),
        };
        *whole.entry(reason).or_default() += 1;
    }
    let mut reasons: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for (reason, number) in whole {
        let rule = reason.split(": ").next().unwrap_or(reason);
        reasons.entry(rule).or_insert((0, reason)).0 += number;
    }
    let told =
        reasons.into_iter().map(|(rule, (number, reason))| (number, if number == 1 { reason } else { rule }));
    let mut told: Vec<_> = told.map(|(number, reason)| (number, reason.to_owned())).collect();
    told.sort_by_key(|(number, _)| std::cmp::Reverse(*number));
    if told.len() > MOST {
        let rest = told.split_off(MOST).iter().map(|(number, _)| number).sum();
        told.push((rest, "other reasons, see report.json".to_owned()));
    }
    told
}

/// As [`Repeats::why`] without what the providers said: "Cloudflare Workers AI: daily allowance used up (429);
/// Together AI: model not found (404)".
pub(super) fn in_short(post: &Outcome, chain: &[LinkReport]) -> String {
    reasons(post, |attempt| in_class(attempt, chain))
}

/// What lists have shown so far: when all providers are out, most posts have the same reasons.
#[derive(Default)]
pub struct Repeats {
    /// Long reasons, with the post that had each first.
    reasons: HashMap<String, String>,
    /// Failures in full.
    failures: HashSet<String>,
}

impl Repeats {
    /// Why a post has no picture: the reason, and what every provider said last. What one has said is told once,
    /// then only the kind of failure.
    pub(super) fn why(&mut self, post: &Outcome, chain: &[LinkReport]) -> String {
        reasons(post, |attempt| self.failure(attempt, chain))
    }

    /// One failed attempt: in full the first time.
    pub(super) fn failure(&mut self, attempt: &Attempt, chain: &[LinkReport]) -> String {
        let full = failure(attempt, chain);
        if self.failures.contains(&full) {
            return in_class(attempt, chain);
        }
        self.failures.insert(full.clone());
        full
    }

    /// The reason of this post, or the name of the post that had it before.
    pub(super) fn once(&mut self, post: &Outcome, reason: String) -> String {
        /// Bytes up to which a reason is read again sooner than looked up.
        const SHORT: usize = 100;
        // What is wrong with a post itself comes with the cure for it.
        if reason.len() <= SHORT || matches!(post.status, Status::Failed | Status::Unresolved) {
            return reason;
        }
        if let Some(before) = self.reasons.get(&reason) {
            return format!("as for {before}");
        }
        self.reasons.insert(reason.clone(), post.path.clone());
        reason
    }
}

fn reasons(post: &Outcome, words: impl FnMut(&Attempt) -> String) -> String {
    let mut last: Vec<&Attempt> = Vec::new();
    for attempt in post.attempts.iter().filter(|attempt| attempt.class.is_some()) {
        match last.iter_mut().find(|one| one.provider == attempt.provider && one.model == attempt.model) {
            Some(one) => *one = attempt,
            None => last.push(attempt),
        }
    }
    let mut said: Vec<_> =
        post.reason.iter().map(ToString::to_string).chain(last.into_iter().map(words)).collect();
    // Two models of one provider often fail alike.
    said.dedup();
    match (said.is_empty(), post.status) {
        (false, _) => said.join("; "),
        (_, Status::Pending(Pending::Unreached)) => "not reached by the deadline".to_owned(),
        (_, Status::Pending(Pending::Stopped)) => "the run was stopped before its picture came".to_owned(),
        (_, Status::Pending(Pending::BeyondLimit)) => "beyond `max-images`".to_owned(),
        (_, Status::Pending(Pending::BeyondBudget)) => "beyond `budget`".to_owned(),
        (_, Status::Pending(Pending::Planned)) => "would get a hero image".to_owned(),
        _ => String::new(),
    }
}

/// One failed attempt: "Together AI FLUX.2-dev: model not found (404): Unable to access model".
fn failure(attempt: &Attempt, chain: &[LinkReport]) -> String {
    let title = title(chain, &attempt.provider);
    format!("{title} {}: {}", attempt.model, result(attempt))
}

/// The kind of a failure with its provider: "Together AI: model not found (404)".
fn in_class(attempt: &Attempt, chain: &[LinkReport]) -> String {
    let words = attempt.class.map(|class| class.words(attempt.status)).unwrap_or_default();
    format!("{}: {words}", title(chain, &attempt.provider))
}

/// What came of an attempt.
pub(super) fn result(attempt: &Attempt) -> String {
    let said = |class| said(class, attempt.status, &attempt.message);
    attempt.class.map_or_else(|| "delivered".to_owned(), said)
}

/// The kind of a failure, and what the provider said. Cut, so that one talkative provider leaves room for the others.
pub(super) fn said(class: ClassName, status: Option<u16>, message: &str) -> String {
    let words = class.words(status);
    match cut(&one_line(message), Failure::MESSAGE) {
        message if message.is_empty() => words,
        message => format!("{words}: {message}"),
    }
}

/// The last error of a provider in this run; without one what the record tells of earlier runs:
/// "failed 3 days ago: daily allowance used up (429)".
pub(super) fn last_error(report: &Report, link: &LinkReport) -> String {
    if let Some(error) = &link.last_error {
        return said(error.class, error.status, &error.message);
    }
    let failure = link.past.as_ref().and_then(|past| past.last_failure.as_ref());
    failure.map_or_else(String::new, |failure| failed(failure, report.started))
}

/// What the record tells of a provider: "failed 3 days ago: server error (503), delivered 4 days ago".
pub fn history(link: &LinkReport, now: Timestamp) -> Option<String> {
    let past = link.past.as_ref()?;
    let failed = past.last_failure.as_ref().map(|failure| (failure.at, failed(failure, now)));
    let delivered = past.last_success.map(|at| (at, format!("delivered {}", ago(at, now))));
    let mut told: Vec<_> = failed.into_iter().chain(delivered).collect();
    // The newest first: that is how it stands.
    told.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let told: Vec<String> = told.into_iter().map(|(_, words)| words).collect();
    (!told.is_empty()).then(|| told.join(", "))
}

fn failed(failure: &PastFailure, now: Timestamp) -> String {
    let words = failure.known_class().map(|class| format!(": {}", class.words(failure.status)));
    format!("failed {}{}", ago(failure.at, now), words.unwrap_or_default())
}

/// "3 days ago", in the largest whole unit.
fn ago(then: Timestamp, now: Timestamp) -> String {
    let minutes = usize::try_from(now.duration_since(then).as_secs() / 60).unwrap_or(0);
    match (minutes / (24 * 60), minutes / 60, minutes) {
        (0, 0, 0..5) => "just now".to_owned(),
        (0, 0, minutes) => format!("{minutes} minutes ago"),
        (0, hours, _) => format!("{} ago", count(hours, "hour", "hours")),
        (days, ..) => format!("{} ago", count(days, "day", "days")),
    }
}

/// "unavailable until 2026-11-22 00:00 UTC", or what else its state is. One that may be asked again and has
/// only failed so far is not called ready: a reader would look for the fault elsewhere.
pub(super) fn state(link: &LinkReport) -> String {
    let words = match link.state {
        LinkState::Ready if failed_only(link) => "did not deliver",
        LinkState::Ready => "ready",
        LinkState::Cooling => "cooling down",
        LinkState::Out => "unavailable",
        LinkState::NotConfigured => "not configured",
    };
    match link.out_until {
        Some(until) => format!("{words} until {}", time(until)),
        None if link.state == LinkState::Out => format!("{words} for the rest of this run"),
        None => words.to_owned(),
    }
}

/// Whether a provider that takes part is not what it should be at the end of the run.
pub(super) fn in_trouble(link: &LinkReport) -> bool {
    link.configured && (link.state != LinkState::Ready || failed_only(link))
}

fn failed_only(link: &LinkReport) -> bool {
    link.state == LinkState::Ready && link.delivered == 0 && link.last_error.is_some()
}

/// What to change about a provider that takes part; one that does not is no trouble.
pub(super) fn cure(link: &LinkReport) -> Option<&str> {
    link.cure.as_deref().filter(|_| link.configured)
}

/// The providers that take no part, and what each needs, in a line.
pub(super) fn not_configured(report: &Report) -> Option<String> {
    let absent = report.chain.iter().filter(|link| !link.configured);
    let absent = absent.map(|link| match &link.cure {
        Some(cure) => format!("{}: {cure}", link.title),
        None => link.title.clone(),
    });
    let absent: Vec<_> = absent.collect();
    (!absent.is_empty()).then(|| format!("Not configured. {}", absent.join("; ")))
}

/// A provider that needs a look: state, what it said, what to change. `None` when all is well, or was only
/// unwell for a while.
pub(super) fn trouble(link: &LinkReport) -> Option<String> {
    let cure = cure(link);
    if !in_trouble(link) && cure.is_none() {
        return None;
    }
    let error = link.last_error.as_ref();
    let error = error.map(|error| {
        let after = if in_trouble(link) { "" } else { "after " };
        format!(", {after}{}", said(error.class, error.status, &error.message))
    });
    let cure = cure.map(|cure| format!(". {cure}"));
    Some(format!("{}: {}{}{}", link.title, state(link), error.unwrap_or_default(), cure.unwrap_or_default()))
}

/// A moment as people read it.
pub(super) fn time(moment: Timestamp) -> String {
    moment.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// A number with its noun.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_past_is_told_in_its_largest_whole_unit() {
        let now: Timestamp = "2026-11-21T12:00:00Z".parse().unwrap();
        let told = [-60, 60, 600, 3600, 7_300, 86_400, 260_000, i64::from(i32::MAX)]
            .map(|seconds| ago(now - jiff::SignedDuration::from_secs(seconds), now));
        let right = [
            "just now",
            "just now",
            "10 minutes ago",
            "1 hour ago",
            "2 hours ago",
            "1 day ago",
            "3 days ago",
        ];
        assert_eq!(told[..7], right);
        assert!(told[7].ends_with(" days ago"));
    }
}
