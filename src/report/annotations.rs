//! The report as annotations: what GitHub shows beside the run and on the files. Most important
//! first, because the runner's limit cuts at the end of each level.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::sentences::{Repeats, count, in_trouble, ready, said, state};
use super::{Delivery, Lack, Notice, Outcome, Pending, Report, Status, Verdict};
use crate::chain::LinkReport;
use crate::chain::policy::{Advice, policy};
use crate::provider::ClassName;
use crate::runner::{Annotation, Level};
use crate::text::{cut, one_line};

/// Longest text of one provider or post inside an annotation, in characters.
const PART: usize = 600;

/// What there is to say beside the run: wrong settings, secrets and models to change, one error per
/// post without its picture, one notice for a fallback and for a title card that lacks words.
pub fn annotations(report: &Report) -> Vec<Annotation> {
    let mut list: Vec<_> =
        report.remarks().map(|notice| remark(notice.level, "Image fallback", &notice.message)).collect();
    let mut told = Repeats::default();
    list.extend(report.chain.iter().flat_map(|link| to_change(report, link, &mut told)));
    list.extend(unreached(report));
    list.extend(report.with_delivery(Delivery::Missing).filter_map(|post| lacking(report, post, &mut told)));
    list.extend(report.with_delivery(Delivery::Delivered).filter_map(|post| on_its_card(report, post)));
    list.extend(owed(report));
    if report.verdict == Verdict::Fallback {
        list.extend(fallback(report));
    }
    list
}

/// What the closing lines of the log leave out: enough where nobody keeps annotations beside the run. There is no
/// title, which would only stand between the word of the level and what it is about.
pub fn asides(report: &Report) -> Vec<Notice> {
    let gentle = report.remarks().filter(|notice| notice.level != Level::Error).map(Cow::into_owned);
    let unreached = unreached(report).map(|Annotation { level, message, .. }| Notice { level, message });
    gentle.chain(unreached).collect()
}

fn remark(level: Level, title: &str, message: &str) -> Annotation {
    Annotation { level, file: None, line: None, title: title.to_owned(), message: one_line(message) }
}

/// The secret, model or plan that its owner has to change. Judged from every attempt, since the last
/// error of a provider hides those before it.
fn to_change(report: &Report, link: &LinkReport, told: &mut Repeats) -> Vec<Annotation> {
    let mine =
        report.posts.iter().flat_map(|post| &post.attempts).filter(|attempt| attempt.provider == link.name);
    let seen = mine.filter_map(|attempt| Some((attempt.class?, attempt)));
    let mut classes = BTreeSet::new();
    let mut list = Vec::new();
    let mut change = |class: ClassName, status, message: &str| {
        // One remark for each kind of trouble: a dead model fails for every post in the same way.
        if let (Some(Advice { level, cure }), true) = (policy(class).advice, classes.insert(class)) {
            let cure = link.cure.as_deref().unwrap_or(cure);
            let message = format!("{}. {cure}", cut(&one_line(message), PART));
            list.push(remark(level, &format!("{}: {}", link.title, class.words(status)), &message));
        }
    };
    for (class, attempt) in seen {
        if policy(class).advice.is_some() {
            change(class, attempt.status, &told.failure(attempt, &report.chain));
        }
    }
    if let Some(error) = &link.last_error {
        let message = format!("{}: {}", link.title, said(error.class, error.status, &error.message));
        change(error.class, error.status, &message);
    }
    list
}

/// The selected posts that the run did not come to, in one remark for each cause.
fn unreached(report: &Report) -> impl Iterator<Item = Annotation> {
    let causes = [
        (
            Pending::Unreached,
            "Deadline",
            "by the deadline; the next run continues there, or raise input `deadline`",
        ),
        (Pending::Stopped, "Stopped", "before the run was stopped; the next run continues there"),
    ];
    causes.into_iter().filter_map(|(cause, title, told)| {
        let number = report.count(Status::Pending(cause));
        let message = format!("{} not reached {told}", count(number, "post was", "posts were"));
        (number > 0).then(|| remark(Level::Error, title, &message))
    })
}

fn lacking(report: &Report, post: &Outcome, told: &mut Repeats) -> Option<Annotation> {
    let title = match post.status {
        Status::Pending(Pending::Unreached | Pending::Stopped) => return None,
        Status::Failed if report.check.is_some() => "Post cannot be read",
        Status::Lacking(Lack::Missing) => "No hero image",
        Status::Lacking(Lack::Unresolved) => "Hero image cannot be found",
        Status::Lacking(Lack::Damaged) => "Hero image is damaged",
        Status::Lacking(Lack::Broken) => "Hero image leads to no file",
        Status::Lacking(Lack::Hidden) => "Hero image is not shown",
        Status::Lacking(Lack::NoPage) => "Post has no page",
        Status::Failed => "Post was not edited",
        Status::Card(_) => "Title card instead of a hero image",
        _ => "No hero image",
    };
    let reasons = cut(&one_line(&told.why(post, &report.chain)), 5 * PART);
    let message = match (reasons.is_empty(), post.status) {
        (_, Status::Failed | Status::Lacking(_)) => reasons,
        (true, _) => "No provider delivered. Add a picture yourself, or run again.".to_owned(),
        _ => format!("No provider delivered. {reasons}. Add a picture yourself, or run again."),
    };
    Some(on_file(report, post, Level::Error, title, message))
}

/// What the title card lacks that was asked for: the post is in order, and its author may want to know.
fn on_its_card(report: &Report, post: &Outcome) -> Option<Annotation> {
    let told = post.reason.as_deref().filter(|_| matches!(post.status, Status::Card(_)))?;
    let message = cut(&one_line(told), PART);
    Some(on_file(report, post, Level::Notice, "Title card", message))
}

fn on_file(report: &Report, post: &Outcome, level: Level, title: &str, message: String) -> Annotation {
    let file = [report.places.root.as_str(), &post.path];
    let file = file.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    Annotation { level, file: Some(file), line: post.line, title: title.to_owned(), message }
}

fn owed(report: &Report) -> Option<Annotation> {
    // A post is not reported twice: once on its file is enough.
    let lacking: BTreeSet<_> =
        report.with_delivery(Delivery::Missing).map(|post| post.path.as_str()).collect();
    let owed: Vec<_> =
        report.owed.iter().map(String::as_str).filter(|path| !lacking.contains(path)).collect();
    let still =
        if owed.len() == 1 { "post of earlier runs still lacks" } else { "posts of earlier runs still lack" };
    let message = format!("{} {still} a hero image: {}", owed.len(), owed.join(", "));
    (!owed.is_empty()).then(|| remark(Level::Error, "Still no hero image", &message))
}

fn fallback(report: &Report) -> Option<Annotation> {
    let ready = ready(report)?;
    let first = report.chain.iter().find(|link| link.configured)?;
    let why = if in_trouble(first) { format!("; {}: {}", first.title, state(first)) } else { String::new() };
    Some(remark(Level::Notice, "Fallback used", &format!("{ready}{why}")))
}
