//! Alerts: a run that ended badly, told over a webhook to people who do not look at it, and once more when all is
//! well again. Who is told in which form follows from the address.

mod discord;
mod issue;
mod json;
mod slack;
#[cfg(test)]
mod tests;

use serde_json::Value;

pub use issue::AlertIssue;

use super::sentences::{count, headline, trouble};
use super::{Delivery, Level, Report, Verdict};
use crate::http::{HttpRequest, parts_of};
use crate::secret::Secret;
use crate::text::{cut, one_line};

/// Lines of one kind that an alert tells. The report has the others.
const MOST: usize = 8;

/// Longest line in characters.
const LINE: usize = 300;

/// What an alert tells. Its texts hold words of strangers as they are: each form escapes them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Alert {
    /// What happened: `degraded`, `failed`, `fallback` (for many runs in a row) or `recovered`.
    pub event: &'static str,
    /// The run in one line, the word of the verdict first.
    pub headline: String,
    /// What is wrong and what to change, a line each.
    pub lines: Vec<String>,
    /// The first posts that got no picture, by path.
    pub posts: Vec<String>,
    /// How many more there are.
    pub more_posts: usize,
    /// `owner/name`, where it is known.
    pub repository: Option<String>,
    /// The page of the run, where it is known.
    pub page: Option<String>,
}

impl Alert {
    /// What there is to tell of a run, if anything; `alarmed` says that the last run that was told of ended
    /// badly.
    pub fn of(report: &Report, alarmed: bool) -> Option<Self> {
        let event = match report.verdict {
            _ if report.dry_run => return None,
            Verdict::Degraded => "degraded",
            Verdict::Failed => "failed",
            // Told once, when it begins to last.
            Verdict::Fallback if report.is_long_streak(report.fallback_streak) && !alarmed => "fallback",
            Verdict::Fallback if report.is_long_streak(report.fallback_streak) => return None,
            Verdict::Fallback | Verdict::Ok if alarmed => "recovered",
            Verdict::Fallback | Verdict::Ok => return None,
        };
        let headline = match event {
            "recovered" => format!("Recovered. {}", headline(report)),
            _ => headline(report),
        };
        let errors = report.notices.iter().filter(|notice| notice.level == Level::Error);
        let errors = errors.map(|notice| notice.message.clone());
        let lines: Vec<_> = errors.chain(report.chain.iter().filter_map(trouble)).collect();
        let lacking = report.with_delivery(Delivery::Missing).map(|outcome| outcome.path.clone());
        let owed = report.owed.iter().filter(|path| report.posts.iter().all(|post| post.path != **path));
        let posts: Vec<_> = lacking.chain(owed.cloned()).collect();
        let headline = short(&headline);
        let more_posts = posts.len().saturating_sub(MOST);
        let (lines, posts) = (some(&lines), some(&posts));
        Some(Self { event, headline, lines, posts, more_posts, repository: None, page: None })
    }

    /// Everything but the headline, a line each.
    fn details(&self) -> impl Iterator<Item = String> {
        let posts = self.posts.iter().map(|post| format!("no hero image: {post}"));
        let repository = self.repository.iter().map(|repository| format!("repository: {repository}"));
        let more = (self.more_posts > 0)
            .then(|| format!("and {}", count(self.more_posts, "more post", "more posts")));
        repository.chain(self.lines.iter().cloned()).chain(posts).chain(more)
    }
}

/// The first of them, shortened.
fn some(all: &[String]) -> Vec<String> {
    all.iter().take(MOST).map(|line| short(line)).collect()
}

fn short(line: &str) -> String {
    cut(&one_line(line), LINE)
}

/// Where alerts go. The address is the secret: whoever knows it can write there.
#[derive(Debug, Clone)]
pub struct Webhook {
    address: Secret,
    form: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    Discord,
    Slack,
    Json,
}

impl Webhook {
    /// A webhook at this address; `None` where it is not an http(s) address.
    pub fn at(address: Secret) -> Option<Self> {
        let (host, path) = parts_of(address.reveal())?;
        let within = |domain: &str| host == domain || host.ends_with(&format!(".{domain}"));
        let form = match () {
            // Discord takes Slack's form as well, at an address of its own.
            () if within("slack.com") || within("slack-gov.com") || path.ends_with("/slack") => Form::Slack,
            () if within("discord.com") || within("discordapp.com") => Form::Discord,
            () => Form::Json,
        };
        Some(Self { address, form })
    }

    /// The request that delivers an alert.
    pub fn request(&self, alert: &Alert) -> HttpRequest {
        HttpRequest::post_json(self.address.reveal(), self.body(alert))
    }

    fn body(&self, alert: &Alert) -> Value {
        match self.form {
            Form::Discord => discord::body(alert),
            Form::Slack => slack::body(alert),
            Form::Json => json::body(alert),
        }
    }
}

/// Whole lines of at most `room` characters in all, line breaks included.
fn within(lines: impl Iterator<Item = String>, room: usize) -> String {
    let mut text = String::new();
    let mut left = room;
    for line in lines {
        let length = line.chars().count() + 1;
        if length > left {
            break;
        }
        left -= length;
        text.push_str(&line);
        text.push('\n');
    }
    text.truncate(text.trim_end().len());
    text
}
