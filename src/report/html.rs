//! The report as report.html: one page that needs nothing but itself and the pictures beside it.

use std::path::Path;

use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, HtmlEscape};
use serde::Serialize;

use super::sentences::{
    self, coverage, headline, in_short, last_error, left_alone, result, state, streak, tally, time, title,
};
use super::{Delivery, Level, Notice, Outcome, Report, Status, publication};
use crate::chain::{Attempt, LinkReport};
use crate::text::{cut, one_line, spans, url_path};

/// The page. The name's ending turns on escaping.
const NAME: &str = "report.html";
const TEMPLATE: &str = include_str!("report.html");
/// Longest text shown, in characters; report.json has it whole.
const TEXT: usize = 1_000;
/// Most posts with a line of their own.
const POSTS: usize = 1_000;

/// The report as a page. `pictures` is the address of the root as seen from the page,
/// with `/` at its end.
///
/// # Errors
/// A mistake in the template, which a test would have seen.
pub fn to_html(report: &Report, pictures: &str) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template(NAME, TEMPLATE)?;
    environment.add_function("coded", |text: &str| Value::from_safe_string(coded(text)));
    let mut posts: Vec<_> = report.posts.iter().filter(|post| told(post)).collect();
    posts.sort_by_key(|post| post.status);
    let page = ReportPage {
        verdict: report.verdict.name(),
        headline: headline(report),
        facts: coverage(report).into_iter().chain([tally(report)]).chain(streak(report)).collect(),
        published: publication::lines(&report.publication)
            .into_iter()
            .map(|told| {
                (told.text, told.url.filter(|url| url.starts_with("https://") || url.starts_with("http://")))
            })
            .collect(),
        to_change: to_change(report),
        notes: report
            .remarks()
            .filter(|notice| is_note(notice))
            .map(|notice| text(&notice.message))
            .collect(),
        owed: report.owed_before().take(POSTS).map(text).collect(),
        providers: report
            .chain
            .iter()
            .filter(|link| link.configured)
            .map(|link| ProviderRow::new(report, link))
            .collect(),
        not_configured: sentences::not_configured(report),
        left_out: posts.len().saturating_sub(POSTS),
        posts: posts.iter().take(POSTS).map(|post| Card::new(post, &report.chain, pictures)).collect(),
        left_alone: left_alone(report).iter().map(|(number, reason)| (*number, text(reason))).collect(),
        started: time(report.started),
        seconds: format!("{:.1}", report.seconds),
    };
    environment.get_template(NAME)?.render(Serde(page))
}

/// The address that leads from one folder to another: `../` as often as needed, then names. Empty
/// for the same folder, else with `/` at its end.
pub(super) fn way(from: &Path, to: &Path) -> String {
    let absolute = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (from, to) = (absolute(from), absolute(to));
    let common = from.components().zip(to.components()).take_while(|(a, b)| a == b).count();
    let mut way = "../".repeat(from.components().count() - common);
    for name in to.components().skip(common) {
        way.push_str(&encode_path(&name.as_os_str().to_string_lossy()));
        way.push('/');
    }
    way
}

/// A path as part of an address; no scheme, query or quote survives.
pub(super) fn encode_path(path: &str) -> String {
    url_path(path.trim_start_matches('/'))
}

fn text(raw: &str) -> String {
    cut(&one_line(raw), TEXT)
}

/// Text as HTML, what is between backticks as code.
fn coded(text: &str) -> String {
    let part = |(part, is_code)| match is_code {
        true => format!("<code>{}</code>", HtmlEscape(part)),
        false => HtmlEscape(part).to_string(),
    };
    spans(text).into_iter().map(part).collect()
}

/// Problems, each with its cure.
fn to_change(report: &Report) -> Vec<(&'static str, String)> {
    let notices = report.remarks().filter(|notice| !is_note(notice));
    let notices = notices.map(|notice| (notice.level.name(), text(&notice.message)));
    let cures = report.chain.iter().filter_map(sentences::cure).map(|cure| ("warning", text(cure)));
    notices.chain(cures).collect()
}

fn is_note(notice: &Notice) -> bool {
    notice.level == Level::Notice
}

/// Posts with something to tell; the others are counted by reason.
fn told(post: &Outcome) -> bool {
    post.delivery() != Delivery::NotDue || !matches!(post.status.name(), "unchanged" | "skipped")
}

/// What the template fills in.
#[derive(Serialize)]
struct ReportPage {
    verdict: &'static str,
    headline: String,
    facts: Vec<String>,
    /// What reached GitHub, with its page.
    published: Vec<(String, Option<String>)>,
    /// What the reader can do something about, with how loud it is.
    to_change: Vec<(&'static str, String)>,
    notes: Vec<String>,
    owed: Vec<String>,
    providers: Vec<ProviderRow>,
    not_configured: Option<String>,
    left_out: usize,
    posts: Vec<Card>,
    left_alone: Vec<(usize, String)>,
    started: String,
    seconds: String,
}

/// A provider as the page shows it.
#[derive(Serialize)]
struct ProviderRow {
    name: String,
    state: String,
    trouble: bool,
    models: String,
    attempts: u32,
    delivered: u32,
    error: String,
}

impl ProviderRow {
    fn new(report: &Report, link: &LinkReport) -> Self {
        Self {
            name: text(&link.title),
            state: state(link),
            trouble: sentences::in_trouble(link),
            models: text(&link.models.join(", ")),
            attempts: link.attempts,
            delivered: link.delivered,
            error: text(&last_error(report, link)),
        }
    }
}

/// A post as the page shows it.
#[derive(Serialize)]
struct Card {
    path: String,
    status: &'static str,
    tone: &'static str,
    provider: String,
    fallback: bool,
    source: String,
    image: String,
    alt: String,
    size: String,
    prompt: String,
    reason: String,
    attempts: Vec<Try>,
}

impl Card {
    fn new(post: &Outcome, chain: &[LinkReport], pictures: &str) -> Self {
        let tone = match post.delivery() {
            Delivery::Delivered => "good",
            Delivery::Missing => "bad",
            Delivery::NotDue => "note",
        };
        let shown = |field: Option<&str>| text(field.unwrap_or(""));
        let details = post.details();
        let provider = details.provider.as_deref().filter(|_| !matches!(post.status, Status::Card(_)));
        let provider = provider.map(|name| title(chain, name)).into_iter().chain(details.model.as_deref());
        let provider: Vec<_> = provider.collect();
        let size = details.width.zip(details.height).map(|(width, height)| format!("{width} × {height}"));
        let bytes = details.bytes.map(|bytes| format!("{} KiB", bytes.div_ceil(1024)));
        // A picture that is there says enough; the attempts below tell how it came.
        let reason = if details.image.is_some() {
            shown(post.reason.as_deref())
        } else {
            text(&in_short(post, chain))
        };
        Self {
            path: text(&post.path),
            status: post.status.name(),
            tone,
            provider: text(&provider.join(" ")),
            fallback: post.fallback,
            source: details
                .image
                .as_deref()
                .map(|image| format!("{pictures}{}", encode_path(image)))
                .unwrap_or_default(),
            image: shown(details.image.as_deref()),
            alt: shown(details.alt.as_deref()),
            size: size.into_iter().chain(bytes).collect::<Vec<_>>().join(", "),
            prompt: shown(details.prompt.as_deref()),
            reason,
            attempts: post.attempts.iter().take(50).map(|attempt| Try::new(attempt, chain)).collect(),
        }
    }
}

/// An attempt as the page shows it.
#[derive(Serialize)]
struct Try {
    provider: String,
    model: String,
    result: String,
    seconds: String,
}

impl Try {
    fn new(attempt: &Attempt, chain: &[LinkReport]) -> Self {
        Self {
            provider: text(title(chain, &attempt.provider)),
            model: text(&attempt.model),
            result: text(&result(attempt)),
            seconds: format!("{:.1}", attempt.seconds),
        }
    }
}
