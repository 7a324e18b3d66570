//! Slack: <https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks>. Blocks of plain text show neither markup
//! nor mentions; a header holds 150 characters, a section 3,000. `text` is what notifications show, and all
//! that a service reads which only resembles Slack.

use serde_json::{Value, json};

use super::{Alert, within};
use crate::text::cut;

pub(super) fn body(alert: &Alert) -> Value {
    let text = |text: String| json!({"type": "plain_text", "text": text, "emoji": false});
    let mut blocks = vec![json!({"type": "header", "text": text(cut(&alert.headline, 150))})];
    let details = within(alert.details(), 2_900);
    if !details.is_empty() {
        blocks.push(json!({"type": "section", "text": text(details)}));
    }
    if let Some(page) = &alert.page {
        let link = json!({"type": "mrkdwn", "text": format!("<{page}|Open the run>")});
        blocks.push(json!({"type": "section", "text": link}));
    }
    json!({"text": escaped(&alert.headline), "mrkdwn": false, "unfurl_links": false, "blocks": blocks})
}

/// The three characters with which links and mentions are written.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
