//! The outputs that later steps read. Lists are JSON and bounded, because outputs
//! of a job may hold about 1 MB together.

use serde::Serialize;
use serde_json::json;

use super::{Outcome, Pending, Report, Standing, Status};

/// Name and meaning of every output; `action.yml` is checked against it.
pub const OUTPUTS: &[(&str, &str)] = &[
    ("verdict", "`ok`, `fallback`, `degraded` or `failed`"),
    ("generated", "Number of posts that got their picture"),
    ("failed", "Number of posts that ended manual, with a stand-in card, or failed"),
    ("pending", "Number of posts left for a later run"),
    ("missing", "Number of published posts without a hero image, of all posts"),
    ("fallback-used", "`true` when a picture came from a later model or provider"),
    ("providers-used", "JSON list of the providers that delivered"),
    ("posts", "JSON list of the posts acted on, at most 200: path, status, provider, image"),
    ("manual-posts", "JSON list of the paths of posts that need a person (manual or failed), at most 200"),
    ("commit-sha", "The newest commit of the run"),
    ("commits-verified", "`true` if every commit of the run is verified, `false` if not, empty without one"),
    ("branch", "The branch that holds the commit"),
    ("pull-request-number", "Number of our pull request"),
    ("pull-request-url", "Page of our pull request"),
    ("pull-request-operation", "`created`, `updated`, `closed` or `none`"),
    ("report", "Path of report.json relative to the workspace"),
];

/// Most entries of a list.
const MOST: usize = 200;
/// Most bytes of a list: paths may be long.
const BYTES: usize = 128 * 1024;

/// The outputs of this run in the order of [`OUTPUTS`].
pub fn outputs(report: &Report) -> Vec<(&'static str, String)> {
    let delivered: Vec<_> = report.standing(Standing::Delivered).collect();
    let cards = if report.cards_only { 0 } else { report.count(Status::Card) };
    let failed = report.count(Status::Manual) + report.count(Status::Failed) + cards;
    let pending = [Pending::Unreached, Pending::Stopped, Pending::BeyondLimit, Pending::Planned];
    let pending: usize = pending.iter().map(|why| report.count(Status::Pending(*why))).sum();
    let mut providers: Vec<&str> = Vec::new();
    for provider in delivered.iter().filter_map(|post| post.details().provider.as_deref()) {
        if !providers.contains(&provider) {
            providers.push(provider);
        }
    }
    let acted = |status| matches!(status, Status::Generated | Status::Manual | Status::Card | Status::Failed);
    let posts = report.posts.iter().filter(|post| acted(post.status)).map(|post| {
        let details = post.details();
        json!({ "path": post.path, "status": post.status, "provider": details.provider, "image": details.image })
    });
    let for_a_person = |post: &&Outcome| matches!(post.status, Status::Manual | Status::Failed);
    let manual = report.posts.iter().filter(for_a_person).map(|post| &post.path);
    let fallback = report.posts.iter().any(|post| post.fallback);
    let publication = &report.publication;
    let text = |text: &Option<String>| text.clone().unwrap_or_default();
    let pull = publication.pull_request.as_ref();
    let values = [
        report.verdict.name().to_owned(),
        delivered.len().to_string(),
        failed.to_string(),
        pending.to_string(),
        report.coverage.missing.to_string(),
        fallback.to_string(),
        bounded(providers),
        bounded(posts),
        bounded(manual),
        text(&publication.commit),
        publication.commits_verified().to_owned(),
        text(&publication.branch),
        pull.map(|pull| pull.number.to_string()).unwrap_or_default(),
        pull.map(|pull| pull.url.clone()).unwrap_or_default(),
        pull.map(|pull| pull.operation).unwrap_or_default().name().to_owned(),
        report.places.report.clone().unwrap_or_default(),
    ];
    OUTPUTS.iter().map(|(name, _)| *name).zip(values).collect()
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
