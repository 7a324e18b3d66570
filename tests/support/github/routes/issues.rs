//! Issues that are no pull requests, and the list that holds both.

use serde_json::{Value, json};

use super::{Routed, missing, paginate, text};
use crate::support::github::answer::Answer;
use crate::support::github::call::Call;
use crate::support::github::issues::Issue;
use crate::support::github::state::State;

/// Open ones by default, the last changed first; the fake knows that order alone.
pub fn list(state: &State, call: &Call) -> Answer {
    let query = call.query();
    let wanted = query.get("state").map_or("open", String::as_str);
    let mut issues: Vec<&Issue> = state.issues.iter().filter(|issue| is(issue.open, wanted)).collect();
    issues.sort_by_key(|issue| std::cmp::Reverse(issue.changed));
    let pulls = state.pulls.iter().filter(|pull| is(pull.open, wanted)).map(|pull| {
        let mut shown = state.pull_summary(pull);
        shown["pull_request"] = json!({"url": state.api(&format!("/pulls/{}", pull.number))});
        shown
    });
    let shown = pulls.chain(issues.into_iter().map(|issue| issue_json(state, issue)));
    paginate(state, call, shown.collect(), 30)
}

fn is(open: bool, wanted: &str) -> bool {
    wanted == "all" || (wanted == "open") == open
}

pub fn create(state: &mut State, body: &Value) -> Routed {
    if state.rules.issues_disabled {
        return Err(Answer::error(410, "Issues has been disabled in this repository."));
    }
    let title = text(body, "title").ok_or_else(|| missing("title"))?.to_owned();
    let (said, author) = (text(body, "body").unwrap_or_default().to_owned(), state.rules.actor.login());
    let number = state.open_issue(author, &title, &said);
    let answer = Answer::created(&issue_json(state, find(state, number)?));
    Ok(answer)
}

/// Everything below the number of an issue.
pub fn one(state: &mut State, call: &Call, (method, below): (&str, &[&str]), number: u64) -> Routed {
    let (now, body) = (state.tick(), call.json().unwrap_or_default());
    let author = state.rules.actor.login();
    let Some(issue) = state.issues.iter_mut().find(|issue| issue.number == number) else {
        return Err(Answer::not_found());
    };
    match (method, below) {
        ("PATCH", []) => {
            if let Some(said) = text(&body, "body") {
                issue.body = said.to_owned();
            }
            if let Some(word) = text(&body, "state") {
                issue.open = word == "open";
            }
            issue.changed = now;
            Ok(Answer::ok(&issue_json(state, find(state, number)?)))
        }
        ("POST", ["comments"]) => {
            let said = text(&body, "body").ok_or_else(|| missing("body"))?.to_owned();
            issue.comments.push(said.clone());
            issue.changed = now;
            state.comments += 1;
            let id = state.comments;
            Ok(Answer::created(&json!({
                "id": id, "node_id": format!("IC_{id}"), "body": said, "user": state.user(author),
                "url": state.api(&format!("/issues/comments/{id}")), "author_association": "NONE",
                "html_url": state.html(&format!("/issues/{number}#issuecomment-{id}")),
                "issue_url": state.api(&format!("/issues/{number}")),
                "created_at": "2026-09-21T13:33:20Z", "updated_at": "2026-09-21T13:33:20Z",
            })))
        }
        _ => Err(Answer::not_found()),
    }
}

fn find(state: &State, number: u64) -> Result<&Issue, Answer> {
    state.issues.iter().find(|issue| issue.number == number).ok_or_else(Answer::not_found)
}

fn issue_json(state: &State, issue: &Issue) -> Value {
    let number = issue.number;
    json!({
        "id": 5000 + number, "node_id": format!("I_{number}"), "number": number, "title": issue.title,
        "url": state.api(&format!("/issues/{number}")), "html_url": state.html(&format!("/issues/{number}")),
        "state": if issue.open { "open" } else { "closed" }, "body": issue.body, "locked": false,
        "user": state.user(&issue.author), "author_association": "NONE", "labels": [], "assignees": [],
        "comments": issue.comments.len(), "created_at": "2026-09-21T13:33:20Z",
        "updated_at": "2026-09-21T13:33:20Z", "closed_at": null,
    })
}
