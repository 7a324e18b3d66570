//! Discord: <https://docs.discord.com/developers/resources/webhook#execute-webhook>. The message is 2,000 characters at most,
//! an embed's description 4,096, its title 256. Nobody is pinged, whatever a text holds.

use serde_json::{Value, json};

use super::{Alert, within};
use crate::text::cut;

/// Characters of a description that are used.
const DESCRIPTION: usize = 3_500;

pub(super) fn body(alert: &Alert) -> Value {
    let colour = match alert.event {
        "recovered" => 0x2d_a44e,
        _ => 0xcf_222e,
    };
    let mut embed = json!({
        "title": alert.page.as_ref().map_or("image-fallback-action", |_| "Open the run"),
        "description": within(alert.details().map(|line| plain(&line)), DESCRIPTION),
        "color": colour,
    });
    if let Some(page) = &alert.page {
        embed["url"] = json!(page);
    }
    json!({
        "content": cut(&plain(&alert.headline), 1_900),
        "embeds": [embed],
        "allowed_mentions": {"parse": []},
    })
}

/// Text that Discord shows as it is.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(
            c,
            '\\' | '*' | '_' | '~' | '`' | '|' | '>' | '<' | '[' | ']' | '(' | ')' | '#' | '@' | ':' | '-'
        ) {
            plain.push('\\');
        }
        plain.push(c);
    }
    plain
}
