//! Everybody else: one JSON object. `text` is the whole alert, which is what Mattermost and its like show; who reads
//! by program takes the other fields.

use serde_json::{Value, json};

use super::{Alert, within};

pub(super) fn body(alert: &Alert) -> Value {
    let text =
        within([alert.headline.clone()].into_iter().chain(alert.details()).chain(alert.page.clone()), 8_000);
    json!({
        "text": text,
        "event": alert.event,
        "headline": alert.headline,
        "details": alert.lines,
        "posts": alert.posts,
        "repository": alert.repository,
        "run": alert.page,
    })
}
