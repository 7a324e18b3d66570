//! The closing lines of the log: a line for each post acted on, one for all the others by reason,
//! and the summary block last, where people look first.

use super::drilled;
use super::estimate::{cost, price};
use super::planned::division;
use super::sentences::{self, Repeats, coverage, headline, in_short, left_alone, streak, tally, trouble};
use super::{Delivery, Level, Outcome, Pending, Report, Status, Verdict, publication};
use crate::chain::{Attempt, LinkReport};
use crate::runner::{LogRow, Tone};

/// The end of the log, not yet escaped.
#[derive(Debug)]
pub struct ClosingLines {
    /// A line for each post acted on, and one for all the others by reason.
    pub posts: Vec<LogRow>,
    /// How the run ended.
    pub headline: LogRow,
    /// What stopped the run.
    pub errors: Vec<String>,
    /// What else there is to know.
    pub result: Vec<String>,
}

#[cfg(test)]
impl ClosingLines {
    /// Every line, as plain text.
    pub(super) fn lines(&self) -> Vec<String> {
        let errors = self.errors.iter().map(|error| format!("error: {error}"));
        let posts = self.posts.iter().map(ToString::to_string).chain([String::new()]);
        posts.chain([self.headline.to_string()]).chain(errors).chain(self.result.iter().cloned()).collect()
    }
}

/// The end of the log. The first `told` posts had their line when they were done.
pub fn closing_lines(report: &Report, told: usize) -> ClosingLines {
    let rest = report.posts.iter().skip(told);
    let mut reasons = Repeats::default();
    let drilled = report.drill.iter().flat_map(|drill| drilled::rows(report, drill));
    let mut posts: Vec<_> = rest.filter_map(|post| post_line(post, &report.chain, &mut reasons)).collect();
    posts.extend(drilled);
    posts.extend(unresolved(report, told));
    let reasons: Vec<_> =
        left_alone(report).iter().map(|(number, why)| format!("{number} ({why})")).collect();
    if !reasons.is_empty() {
        let what = if report.check.is_some() { "not checked" } else { "left alone" };
        posts.push(LogRow::of_text(format!("{what}: {}", reasons.join(", "))));
    }
    let owed = report.owed.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    if !owed.is_empty() {
        let more = report.owed.len().saturating_sub(10);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        posts.push(LogRow::of_text(format!("still without a hero image: {owed}{more}")));
    }
    let mut result: Vec<String> =
        report.chain.iter().filter_map(|link| trouble(link).or_else(|| hindrance(report, link))).collect();
    result.extend(report.drill.is_none().then(|| tally(report)));
    result.extend(coverage(report));
    result.extend(cost(report));
    result.extend(division(report));
    result.extend(sentences::pages(report));
    result.extend(streak(report));
    result.extend(publication::lines(&report.publication).into_iter().map(|told| match told.url {
        Some(url) => format!("{}: {url}", told.text),
        None => told.text,
    }));
    result.extend(report.places.report.as_ref().map(|path| format!("report: {path}")));
    result.extend(report.places.page.as_ref().map(|path| format!("look at it: open {path} in a browser")));
    // Notices of lower levels have their annotations; what stopped the run belongs at the end of the log.
    let errors = report.notices.iter().filter(|notice| notice.level == Level::Error);
    let errors = errors.map(|notice| notice.message.clone()).collect();
    ClosingLines { posts, headline: headline_row(report), errors, result }
}

/// The headline, with the word of the verdict in front.
fn headline_row(report: &Report) -> LogRow {
    let tone = match report.verdict {
        Verdict::Ok => Tone::Good,
        Verdict::Fallback => Tone::Mixed,
        Verdict::Degraded | Verdict::Failed => Tone::Bad,
    };
    let headline = headline(report);
    let (word, text) = headline.split_once(' ').unwrap_or(("", &headline));
    LogRow { label: word.to_owned(), tone, text: text.to_owned() }
}

/// A line about a post, with its status in front.
fn row(post: &Outcome, text: String) -> LogRow {
    let tone = match (post.status, post.delivery()) {
        (Status::Pending(_), _) => Tone::Mixed,
        (_, Delivery::Missing) => Tone::Bad,
        (Status::Card(_), _) => Tone::Mixed,
        (Status::Generated, _) => Tone::Good,
        _ => Tone::Plain,
    };
    LogRow { label: post.status.name().to_owned(), tone, text }
}

/// What a provider said that is well by now, and failed for a post that got no picture.
fn hindrance(report: &Report, link: &LinkReport) -> Option<String> {
    let is_its = |attempt: &Attempt| attempt.provider == link.name && attempt.class.is_some();
    let mut posts = report.with_delivery(Delivery::Missing);
    let error = link.last_error.as_ref().filter(|_| posts.any(|post| post.attempts.iter().any(is_its)))?;
    Some(format!("{}: {}", link.title, sentences::said(error.class, error.status, &error.message)))
}

/// A line for each post whose hero could not be resolved, or that is known to be past editing, as far as they
/// do not bury the result: no other line says why a post is kept.
fn unresolved(report: &Report, told: usize) -> Vec<LogRow> {
    const MOST: usize = 20;
    let is_kept = |post: &&Outcome| {
        matches!(post.status, Status::Unresolved | Status::Failed) && post.delivery() == Delivery::NotDue
    };
    let posts = report.posts.iter().skip(told).filter(is_kept);
    let mut lines: Vec<_> =
        posts.map(|post| row(post, format!("{}: {}", post.path, in_short(post, &[])))).collect();
    let more = lines.len().saturating_sub(MOST);
    lines.truncate(MOST);
    if more > 0 {
        let place = report.places.report.as_ref().map_or("", |_| ", see the report");
        lines.push(LogRow::of_text(format!("and {more} more{place}")));
    }
    lines
}

/// What a dry run says of a post behind its picture: what is written, and who is asked first.
pub(super) fn planned(post: &Outcome, chain: &[LinkReport]) -> String {
    let details = post.details();
    let written = match (&details.field, &details.value) {
        (Some(field), Some(value)) => format!("; `{field}` becomes `{value}`"),
        (None, Some(value)) => format!("; the body shows `{value}`"),
        (_, None) => String::new(),
    };
    let first = details.provider.as_deref().map(|name| {
        format!("; first asked: {}, {}", sentences::title(chain, name), price(details.planned.known()))
    });
    let reason = post.reason.as_deref().map(|reason| format!("; {reason}"));
    [written, first.unwrap_or_default(), reason.unwrap_or_default()].concat()
}

/// A post with its reason in full, whatever became of it: for the log of whoever asks for everything.
pub fn reason_line(post: &Outcome, chain: &[LinkReport]) -> String {
    let (status, why) = (post.status.name(), Repeats::default().why(post, chain));
    let prompt =
        post.details().prompt.as_ref().map(|prompt| format!("; prompt: {prompt}")).unwrap_or_default();
    match why.is_empty() {
        true => format!("{status} {}, {:.1} s{prompt}", post.path, post.seconds),
        false => format!("{status} {}, {:.1} s: {why}{prompt}", post.path, post.seconds),
    }
}

/// The line of a post that something was done for. Pending ones are only counted: a backlog of
/// hundreds would bury the result, and so would the same long reason for each of the others.
pub fn post_line(post: &Outcome, chain: &[LinkReport], told: &mut Repeats) -> Option<LogRow> {
    let quiet = match post.status {
        Status::Pending(Pending::Unreached | Pending::Stopped) => true,
        // At most `max-images` of them, and what a dry run is for.
        Status::Pending(Pending::Planned) => false,
        _ => post.delivery() == Delivery::NotDue,
    };
    if quiet && post.attempts.is_empty() {
        return None;
    }
    if let Status::Lacking(_) = post.status {
        return Some(row(post, format!("{}: {}", post.path, told.once(post, in_short(post, chain)))));
    }
    if let (Status::Pending(Pending::Planned), Some(image)) = (post.status, &post.details().image) {
        let text = format!("{}: {image}{}", post.path, planned(post, chain));
        return Some(LogRow { label: "would generate".to_owned(), tone: Tone::Good, text });
    }
    let Some(image) = &post.details().image else {
        return Some(row(post, format!("{}: {}", post.path, in_short(post, chain))));
    };
    // Its status says already who drew a card.
    let provider = post.details().provider.as_deref().filter(|_| !matches!(post.status, Status::Card(_)));
    let by = provider.map(|name| format!(" by {}", sentences::title(chain, name))).unwrap_or_default();
    let reasons = in_short(post, chain);
    let after = match (post.fallback, reasons.is_empty()) {
        (true, true) => " (fallback)".to_owned(),
        (true, false) => format!(" (fallback after {reasons})"),
        (false, true) => String::new(),
        (false, false) if post.attempts.is_empty() => format!(" ({reasons})"),
        (false, false) => format!(" (after {reasons})"),
    };
    let size =
        post.details().width.zip(post.details().height).map(|(width, height)| format!(", {width}x{height}"));
    Some(row(post, format!("{}{by}{after}: {image}{}", post.path, size.unwrap_or_default())))
}
