//! What a drill found, for people.

use super::probed::probed;
use super::{Level, Notice, Report, chain};
use crate::drill::{DependencyAnswers, DrillReport, DrilledLink, SimulatedFault};
use crate::markdown::{Page, foreign, remark};
use crate::runner::{LogRow, Tone};

/// Bytes of a list.
const LIST: usize = 96 * 1024;
/// Longest text in a cell, in characters.
const CELL: usize = 400;

/// The five questions, with the answer to each.
fn questions(answers: &DependencyAnswers) -> [(&'static str, &str); 5] {
    [
        ("it answers with HTTP 500", &answers.server_error),
        ("its answers change their form", &answers.other_contract),
        ("it limits the rate", &answers.rate_limit),
        ("the fallback", &answers.fallback),
        ("who is told", &answers.alert),
    ]
}

/// What is wrong with the chain, each with the cure.
pub fn notices(report: &Report, drill: &DrillReport) -> Vec<Notice> {
    let loud = if drill.is_passed() { Level::Warning } else { Level::Error };
    let mut told = Vec::new();
    for link in &drill.links {
        let known = report.chain.iter().find(|known| known.name == link.provider);
        let cure = known.and_then(|known| known.probe.as_ref()?.cure.clone()).or_else(|| {
            let cure =
                "Run the drill again; where it lasts, put another service in its place with input `providers`";
            (!link.works).then(|| cure.to_owned())
        });
        let Some(cure) = cure else { continue };
        let (level, what) = match &link.reason {
            Some(reason) if !link.works => (loud, format!("{} does not work: {reason}", link.title)),
            _ => (Level::Warning, format!("{} works, and has lost a model", link.title)),
        };
        told.push(Notice { level, message: format!("{what}. {cure}") });
    }
    if !drill.is_passed() && drill.links.len() < DrillReport::ENOUGH {
        let message = chain::shallow_chain(&report.chain);
        told.extend(message.map(|message| Notice { level: Level::Error, message }));
    }
    told
}

/// A line for each place of the chain, then the answers for everything that a run depends on.
pub(super) fn rows(report: &Report, drill: &DrillReport) -> Vec<LogRow> {
    let place = |(place, link): (usize, &DrilledLink)| LogRow {
        label: format!("{}. {}", place + 1, link.provider),
        tone: if link.works { Tone::Good } else { Tone::Bad },
        text: format!("{}; free call: {}", verdict(drill, link), free_call(report, link)),
    };
    let mut rows: Vec<_> = drill.links.iter().enumerate().map(place).collect();
    for answers in &drill.dependencies {
        rows.push(LogRow::of_text(format!("What if it fails: {}", answers.name)));
        let lines =
            questions(answers).into_iter().map(|(question, answer)| format!("  {question}: {answer}"));
        let last = answers.last.iter().map(|last| format!("  in earlier runs: {last}"));
        rows.extend(lines.chain(last).map(LogRow::of_text));
    }
    rows
}

fn verdict(drill: &DrillReport, link: &DrilledLink) -> String {
    let how = if drill.live { "a real call" } else { "simulated" };
    match (link.works, &link.reason) {
        (false, _) if link.delivers => {
            format!("does not work, by its free call; the rest of the way is fine ({how})")
        }
        (true, _) => format!("works: it delivers when those in front of it are out ({how})"),
        (false, Some(reason)) => format!("does not work: {reason}"),
        (false, None) => "does not work".to_owned(),
    }
}

fn free_call(report: &Report, link: &DrilledLink) -> String {
    let known = report.chain.iter().find(|known| known.name == link.provider);
    known.and_then(probed).unwrap_or_else(|| "not asked".to_owned())
}

/// The same for the job summary.
pub(super) fn section(page: &mut Page, report: &Report, drill: &DrillReport) {
    let others = |link: &DrilledLink| {
        let told = link.faults.iter().map(|tried| {
            let how = match tried.fault {
                SimulatedFault::ServerError => "500",
                SimulatedFault::OtherContract => "other form",
                SimulatedFault::RateLimit => "429",
            };
            format!("{how}: {}", tried.delivered_by.as_deref().unwrap_or("nobody"))
        });
        told.collect::<Vec<_>>().join(", ")
    };
    let row = |(place, link): (usize, &DrilledLink)| {
        format!(
            "| {}. {} | {} | {} | {} |",
            place + 1,
            foreign(&link.title, CELL),
            remark(&verdict(drill, link), CELL),
            remark(&free_call(report, link), CELL),
            foreign(&others(link), CELL),
        )
    };
    let head = "### The chain\n\n| place | in the drill | free call | who delivers when it fails |\n| --- | --- | --- | --- |\n";
    page.rows(head, drill.links.iter().enumerate().map(row), LIST);
    let row = |answers: &DependencyAnswers| {
        let cells = questions(answers).map(|(_, answer)| remark(answer, CELL));
        let last = answers.last.as_deref().map(|last| remark(last, CELL)).unwrap_or_default();
        format!("| {} | {} | {last} |", foreign(&answers.name, CELL), cells.join(" | "))
    };
    let head = "### What if it fails?\n\n| depends on | HTTP 500 | another form of answer | rate limit | fallback | who is told | in earlier runs |\n\
                | --- | --- | --- | --- | --- | --- | --- |\n";
    page.rows(head, drill.dependencies.iter().map(row), LIST);
}
