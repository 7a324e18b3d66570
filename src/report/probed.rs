//! What the free calls of the providers told, for people.

use super::Report;
use super::sentences::{count, history, not_configured, said};
use crate::chain::{LinkReport, ProbeResult};
use crate::markdown::{Page, foreign, remark, sentence};

/// Bytes of a list.
const LIST: usize = 64 * 1024;
/// Longest text in a cell, in characters.
const CELL: usize = 600;

/// What the free call of a provider told: "answers and takes the key"; `None` where it was not asked.
pub fn probed(link: &LinkReport) -> Option<String> {
    let probe = link.probe.as_ref()?;
    let gone: Vec<_> = probe.gone.iter().map(|model| format!("`{model}`")).collect();
    let lost =
        if gone.is_empty() { String::new() } else { format!(", and no longer has {}", gone.join(" and ")) };
    Some(match (probe.result, probe.class) {
        (ProbeResult::Unknown, _) => "no free call tells whether it works".to_owned(),
        (_, Some(class)) => said(class, probe.status, &probe.message),
        (_, None) if probe.takes_key => format!("answers and takes the key{lost}"),
        (_, None) => format!("answers; whether it takes the key is not told for nothing{lost}"),
    })
}

/// The providers alone as Markdown, where nothing was run.
pub fn providers_summary(report: &Report) -> String {
    let mut page = Page::default();
    let configured: Vec<_> = report.chain.iter().filter(|link| link.configured).collect();
    let failed = configured.iter().filter(|link| link.probe.as_ref().is_some_and(|probe| !probe.lets_hope()));
    let services = count(configured.len(), "service takes part", "services take part");
    let failed = match (report.chain.iter().any(|link| link.probe.is_some()), failed.count()) {
        (false, _) => String::new(),
        (true, 0) => ", and no free call failed".to_owned(),
        (true, failed) => format!(", of which {failed} would fail"),
    };
    page.block(&format!("## Image providers: {services}{failed}"));
    let cures = configured.iter().filter_map(|link| link.probe.as_ref()?.cure.as_deref());
    let cures: Vec<_> = cures.map(|cure| format!("- {}", sentence(cure, 2 * CELL))).collect();
    if !cures.is_empty() {
        page.rows("### What to change\n\n", cures, LIST);
    }
    let row = |(place, link): (usize, &&LinkReport)| {
        let models: Vec<_> = link.models.iter().map(|model| format!("`{model}`")).collect();
        format!(
            "| {}. {} | {} | {} | {} |",
            place + 1,
            foreign(&link.title, CELL),
            remark(&models.join(", then "), CELL),
            remark(&probed(link).unwrap_or_else(|| "not asked".to_owned()), CELL),
            remark(&history(link, report.started).unwrap_or_default(), CELL),
        )
    };
    let head = "| provider | models | free call | earlier runs |\n| --- | --- | --- | --- |\n";
    page.rows(head, configured.iter().enumerate().map(row), LIST);
    if let Some(absent) = not_configured(report) {
        page.block(&remark(&absent, 4 * CELL));
    }
    page.finish()
}
