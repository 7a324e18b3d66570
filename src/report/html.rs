//! The report as report.html: one page that needs nothing but itself. It runs no script, loads nothing, and its
//! policy lets it do neither.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Serde, Value};
use minijinja::{Environment, HtmlEscape};
use serde::Serialize;
use sha2::{Digest as _, Sha256};

use super::estimate::cost;
use super::nearby::Nearby;
use super::sentences::{
    self, coverage, headline, in_short, last_error, left_alone, result, state, streak, tally, time, title,
};
use super::{Delivery, Level, Notice, Outcome, Report, Status, publication};
use crate::chain::{Attempt, LinkReport};
use crate::text::{cut, one_line, spans};

/// The page. The name's ending turns on escaping.
const NAME: &str = "report.html";
const TEMPLATE: &str = include_str!("report.html");
const STYLE: &str = include_str!("report.css");
/// Longest text shown, in characters; report.json has it whole.
const TEXT: usize = 1_000;
/// Longest title shown, in characters.
const TITLE: usize = 200;
/// Most posts with a line of their own.
const POSTS: usize = 1_000;

/// The report as a page.
///
/// # Errors
/// A mistake in the template, which a test would have seen.
pub fn to_html(report: &Report, nearby: &Nearby) -> Result<String, minijinja::Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.add_template(NAME, TEMPLATE)?;
    environment.add_function("coded", |text: &str| Value::from_safe_string(coded(text)));
    let posts = shown(report);
    let filters = filters(&posts);
    let style = style(&filters);
    let cards = posts.iter().map(|post| Card::new(post, report, nearby));
    let (pictures, others): (Vec<_>, Vec<_>) = cards.partition(|card| !card.thumbnail.is_empty());
    let page = ReportPage {
        verdict: report.verdict.name(),
        headline: headline(report),
        facts: [coverage(report), Some(tally(report)), cost(report), streak(report)]
            .into_iter()
            .flatten()
            .collect(),
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
        left_out: report.posts.iter().filter(|post| told(post)).count() - posts.len(),
        shown: posts.len(),
        filters,
        groups: [pictures, others].into_iter().filter(|group| !group.is_empty()).collect(),
        left_alone: left_alone(report).iter().map(|(number, reason)| (*number, text(reason))).collect(),
        started: time(report.started),
        seconds: format!("{:.1}", report.seconds),
        style_hash: BASE64_STANDARD.encode(Sha256::digest(&style)),
        style,
    };
    environment.get_template(NAME)?.render(Serde(page))
}

/// The posts that the page has, those first that need somebody.
pub(super) fn shown(report: &Report) -> Vec<&Outcome> {
    let mut posts: Vec<_> = report.posts.iter().filter(|post| told(post)).collect();
    posts.sort_by_key(|post| post.status);
    posts.truncate(POSTS);
    posts
}

/// How many of the posts have which status, in their order.
fn filters(posts: &[&Outcome]) -> Vec<(&'static str, usize)> {
    let mut filters: Vec<(&str, usize)> = Vec::new();
    for status in posts.iter().map(|post| post.status.name()) {
        match filters.iter_mut().find(|(known, _)| *known == status) {
            Some((_, number)) => *number += 1,
            None => filters.push((status, 1)),
        }
    }
    filters
}

/// The style, with a rule for each filter: so they work without a script.
fn style(filters: &[(&'static str, usize)]) -> String {
    let mut style = STYLE.to_owned();
    for (status, _) in filters {
        let rule = "{ display: none }";
        // Writing to a string cannot fail.
        let _ = writeln!(style, "body:has(#only-{status}:checked) article:not(.{status}) {rule}");
    }
    style
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
    shown: usize,
    /// Each status with its number of posts.
    filters: Vec<(&'static str, usize)>,
    /// The posts with a picture to look at, then the others.
    groups: Vec<Vec<Card>>,
    left_alone: Vec<(usize, String)>,
    started: String,
    seconds: String,
    style: String,
    /// By which the policy knows the style.
    style_hash: String,
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
    title: String,
    path: String,
    /// Address of the post; empty where there is none.
    link: String,
    status: &'static str,
    tone: &'static str,
    provider: String,
    fallback: bool,
    /// The picture itself, small, as an address.
    thumbnail: String,
    /// Address of the whole picture.
    picture: String,
    /// Its path.
    image: String,
    alt: String,
    size: String,
    prompt: String,
    reason: String,
    attempts: Vec<Try>,
}

impl Card {
    fn new(post: &Outcome, report: &Report, nearby: &Nearby) -> Self {
        let chain = &report.chain;
        let tone = match post.delivery() {
            Delivery::Delivered => "good",
            Delivery::Missing => "bad",
            Delivery::NotDue => "note",
        };
        let shown = |field: Option<&str>| text(field.unwrap_or(""));
        let details = post.details();
        let image = details.image.as_deref();
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
            title: cut(&one_line(details.title.as_deref().unwrap_or(&post.path)), TITLE),
            path: text(&post.path),
            link: publication::post_page(report, post)
                .or_else(|| nearby.way_to(&post.path))
                .unwrap_or_default(),
            status: post.status.name(),
            tone,
            provider: text(&provider.join(" ")),
            fallback: post.fallback,
            thumbnail: image.and_then(|image| nearby.thumbnail(image)).unwrap_or_default().to_owned(),
            picture: image
                .and_then(|image| {
                    publication::picture_file(report, post, image).or_else(|| nearby.way_to(image))
                })
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
