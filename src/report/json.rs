//! The report as report.json, for programs. Its shape is promised by `docs/report.schema.json`.

use super::{Report, VERSION};
use crate::chain::LinkReport;

/// The report as one JSON object.
///
/// # Errors
/// None in practice: every key is a string and every value a plain one.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    serde_json::to_string_pretty(report).map(|json| json + "\n")
}

/// The chain alone, in the words of report.json, where there is no run to report.
pub fn chain_json(links: impl Iterator<Item = LinkReport>) -> String {
    let links: Vec<LinkReport> = links.collect();
    format!("{:#}\n", serde_json::json!({ "schema": VERSION, "chain": links }))
}
