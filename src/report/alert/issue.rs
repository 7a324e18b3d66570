//! An issue of the repository: the same as the webhooks tell, in Markdown. GitHub acts on what it reads there, so names of
//! people and numbers of issues are calmed.

use super::{Alert, count};
use crate::markdown::{Page, code, link_to, remark_in_issue};
use crate::text::url_path;

/// Title of the issue; it stays while the text below it changes.
const TITLE: &str = "Hero images need attention";

/// Bytes of a list; a line is 300 characters, escaped.
const LIST: usize = 20_000;

/// What an issue shows of an alert.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertIssue {
    /// A comment of HTML, which nobody sees and by which the issue is found again.
    pub mark: String,
    /// One line.
    pub title: &'static str,
    /// Markdown.
    pub body: String,
}

impl AlertIssue {
    /// The issue for an alert; `of` tells the blogs of one repository apart.
    pub fn of(alert: &Alert, of: &str) -> Self {
        let mark = format!(
            "<!-- image-fallback-action: {} -->",
            url_path(of).replace("--", "%2D%2D").replace('>', "%3E")
        );
        let mut page = Page::default();
        page.block(&mark);
        page.block(&format!("**{}**", remark_in_issue(&alert.headline, 400)));
        let lines = alert.lines.iter().map(|line| format!("- {}", remark_in_issue(line, 400)));
        if !alert.lines.is_empty() {
            page.rows("", lines, LIST);
        }
        if !alert.posts.is_empty() {
            let posts = alert.posts.iter().map(|post| format!("- {}", code(post)));
            let more = (alert.more_posts > 0)
                .then(|| format!("- and {}", count(alert.more_posts, "more post", "more posts")));
            page.rows("No hero image:\n\n", posts.chain(more), LIST);
        }
        if let Some(run) = &alert.page {
            page.block(&link_to("Open the run", Some(run)));
        }
        if alert.event != "recovered" {
            page.block(
                "The next bad run brings this text up to date, and the first good one closes the issue.",
            );
        }
        Self { mark, title: TITLE, body: page.finish() }
    }
}
