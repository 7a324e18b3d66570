//! The report as report.json, for programs. Its shape is promised by `docs/report.schema.json`.

use super::{Report, VERSION};
use crate::chain::LinkReport;

/// Bytes of a report without its posts, about.
const OF_A_RUN: usize = 8 << 10;
/// Bytes of one post that was left alone, about.
const OF_A_POST: usize = 450;

/// The report as one JSON object.
///
/// # Errors
/// None in practice: every key is a string and every value a plain one.
pub fn to_json(report: &Report) -> serde_json::Result<String> {
    // Room for all of it at once: a text that grows is copied again and again.
    let mut json = Vec::with_capacity(OF_A_RUN + OF_A_POST * report.posts.len());
    serde_json::to_writer_pretty(&mut json, report)?;
    json.push(b'\n');
    String::from_utf8(json).map_err(serde::ser::Error::custom)
}

/// The chain alone, in the words of report.json, where there is no run to report.
pub fn chain_json(links: impl Iterator<Item = LinkReport>) -> String {
    let links: Vec<LinkReport> = links.collect();
    format!("{:#}\n", serde_json::json!({ "schema": VERSION, "chain": links }))
}
