//! The outputs that later steps read. Lists are JSON and bounded, because outputs
//! of a job may hold about 1 MB together.

use serde::Serialize;
use serde_json::json;

use super::{CardRole, Delivery, Lack, Outcome, Report, Status, publication};
use crate::provider::Dollars;
use crate::publish::PullOperation;

/// One output of the action: what it is called, what it says and how it is made.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Lower case with hyphens, as later steps write it.
    pub name: &'static str,
    /// What it says, as `README.md` and `action.yml` have it.
    pub meaning: &'static str,
    /// Its value for this run; empty when there is none.
    pub value: fn(&Report) -> String,
}

const fn output(name: &'static str, meaning: &'static str, value: fn(&Report) -> String) -> Output {
    Output { name, meaning, value }
}

/// Every output, in the order of the documentation.
pub const OUTPUTS: &[Output] = &[
    output("verdict", "`ok`, `fallback`, `degraded` or `failed`", |report| report.verdict.name().to_owned()),
    output("generated", "Number of posts that got their picture", |report| {
        report.with_delivery(Delivery::Delivered).count().to_string()
    }),
    output("changed", "`true` when the run wrote a picture, to the workspace or to a branch", |report| {
        let wrote = |post: &Outcome| matches!(post.status, Status::Generated | Status::Card(_));
        report.posts.iter().any(wrote).to_string()
    }),
    output("failed", "Number of posts that ended manual, with a stand-in card, or failed", failed),
    output("pending", "Number of posts left for a later run", |report| {
        let pending = |post: &&Outcome| matches!(post.status, Status::Pending(_));
        report.posts.iter().filter(pending).count().to_string()
    }),
    output("missing", "Number of published posts without a hero image, of all posts", |report| {
        report.coverage.missing.to_string()
    }),
    output("fallback-used", "`true` when a picture came from a later model or provider", |report| {
        report.posts.iter().any(|post| post.fallback).to_string()
    }),
    output("providers-used", "JSON list of the providers that delivered", providers_used),
    output(
        "working",
        "JSON list of the providers that a run can count on, by their free calls: modes `drill` and, with `probe`, `providers`",
        working,
    ),
    output(
        "cost",
        "Estimated US dollars for the pictures of the run; empty where the price of one is not known",
        |report| report.cost.known().map(Dollars::decimal).unwrap_or_default(),
    ),
    output(
        "posts",
        "JSON list of the posts acted on, at most 200: path, status, provider, model, fallback, image, cost",
        posts,
    ),
    output(
        "manual-posts",
        "JSON list of the paths of posts that need a person (manual or failed), at most 200",
        |report| {
            let for_a_person = |post: &&Outcome| matches!(post.status, Status::Manual | Status::Failed);
            bounded(report.posts.iter().filter(for_a_person).map(|post| &post.path))
        },
    ),
    output(
        "missing-posts",
        "Mode `check`: JSON list of the paths of published posts whose hero image is missing, cannot be found or is damaged, at most 200",
        |report| lacking(report, &[Lack::Missing, Lack::Unresolved, Lack::Damaged]),
    ),
    output(
        "hidden",
        "Mode `check` with `built`: JSON list of the paths of posts whose page does not show their hero image, or that have no page, at most 200",
        |report| lacking(report, &[Lack::Hidden, Lack::NoPage]),
    ),
    output(
        "broken",
        "Mode `check` with `built`: JSON list of the paths of posts whose page names their hero image by an address that leads to no file, at most 200",
        |report| lacking(report, &[Lack::Broken]),
    ),
    output(
        "matrix",
        "Mode `plan`: the `matrix` for the jobs that do the work, each with its `shard`, at most 256; empty where there is nothing to do",
        matrix,
    ),
    output("commit-sha", "The newest commit of the run", |report| {
        report.publication.commit().map(|commit| commit.sha.clone()).unwrap_or_default()
    }),
    output(
        "commits-verified",
        "`true` if every commit of the run is verified, `false` if not, empty without one",
        |report| publication::commits_verified(&report.publication).to_owned(),
    ),
    output("branch", "The branch that holds the commit", |report| {
        report.publication.branch().map(|branch| branch.name.clone()).unwrap_or_default()
    }),
    output("pull-request-number", "Number of our pull request", |report| {
        report.publication.pull_request().map(|pull| pull.number.to_string()).unwrap_or_default()
    }),
    output("pull-request-url", "Page of our pull request", |report| {
        report.publication.pull_request().map(|pull| pull.url.clone()).unwrap_or_default()
    }),
    output("pull-request-operation", "`created`, `updated`, `closed` or `none`", |report| {
        let done = report.publication.pull_request().map_or(PullOperation::None, |pull| pull.operation);
        publication::operation(done).to_owned()
    }),
    output("report", "Path of report.json relative to the workspace", |report| {
        report.places.report.clone().unwrap_or_default()
    }),
];

/// Most entries of a list.
const MOST: usize = 200;
/// Most bytes of a list: paths may be long.
const BYTES: usize = 128 * 1024;

/// Name and value of every output of this run.
pub fn outputs(report: &Report) -> impl Iterator<Item = (&'static str, String)> {
    OUTPUTS.iter().map(move |output| (output.name, (output.value)(report)))
}

fn failed(report: &Report) -> String {
    let failed = [Status::Manual, Status::Failed, Status::Card(CardRole::StandIn)];
    failed.map(|status| report.count(status)).iter().sum::<usize>().to_string()
}

fn providers_used(report: &Report) -> String {
    let mut names: Vec<&str> = Vec::new();
    let delivered = report.with_delivery(Delivery::Delivered);
    for name in delivered.filter_map(|post| post.details().provider.as_deref()) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    bounded(names)
}

fn working(report: &Report) -> String {
    if let Some(drill) = &report.drill {
        return bounded(drill.links.iter().filter(|link| link.works).map(|link| &link.provider));
    }
    let asked: Vec<_> =
        report.chain.iter().filter_map(|link| Some((&link.name, link.probe.as_ref()?))).collect();
    if asked.is_empty() {
        return String::new();
    }
    bounded(asked.into_iter().filter(|(_, probe)| probe.lets_hope()).map(|(name, _)| name))
}

fn matrix(report: &Report) -> String {
    let jobs: Vec<_> = report.shards.iter().map(|shard| json!({ "shard": shard })).collect();
    if jobs.is_empty() { String::new() } else { json!({ "include": jobs }).to_string() }
}

fn posts(report: &Report) -> String {
    let acted = |post: &&Outcome| {
        matches!(post.status, Status::Generated | Status::Manual | Status::Card(_) | Status::Failed)
    };
    bounded(report.posts.iter().filter(acted).map(|post| {
        let details = post.details();
        json!({
            "path": post.path,
            "status": post.status,
            "provider": details.provider,
            "model": details.model,
            "fallback": post.fallback,
            "image": details.image,
            "cost": post.cost().known(),
        })
    }))
}

/// The paths of the posts that lack one of these.
fn lacking(report: &Report, lacks: &[Lack]) -> String {
    let is_one = |post: &&Outcome| matches!(post.status, Status::Lacking(lack) if lacks.contains(&lack));
    bounded(report.posts.iter().filter(is_one).map(|post| &post.path))
}

/// A JSON list of the first entries that fit.
fn bounded<T: Serialize>(entries: impl IntoIterator<Item = T>) -> String {
    let mut list = String::from("[");
    for entry in entries.into_iter().take(MOST).filter_map(|entry| serde_json::to_string(&entry).ok()) {
        if list.len() + entry.len() > BYTES {
            break;
        }
        if list.len() > 1 {
            list.push(',');
        }
        list.push_str(&entry);
    }
    list.push(']');
    list
}
