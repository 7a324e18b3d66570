//! Pull requests, their labels and comments.

use serde_json::{Value, json};

use super::{Routed, missing, paginate, text};
use crate::support::github::answer::Answer;
use crate::support::github::call::Call;
use crate::support::github::pulls::{Home, Pull};
use crate::support::github::rules::Actor;
use crate::support::github::state::State;
use crate::support::github::store::Oid;

/// Longest body of a pull request or comment, in characters.
const BODY_LIMIT: usize = 65_536;
/// More files than this are not listed.
const LISTED_FILES: usize = 3_000;

pub fn list(state: &State, call: &Call) -> Answer {
    let query = call.query();
    let is = |key: &str, default: &'static str| query.get(key).cloned().unwrap_or_else(|| default.into());
    let (wanted, base, head) = (is("state", "open"), is("base", ""), is("head", ""));
    let owner = state.owner();
    let found = state.pulls.iter().rev().filter(|pull| {
        let from = if pull.home == Home::Here { owner } else { "stranger" };
        (wanted == "all" || (wanted == "open") == pull.open)
            && (base.is_empty() || pull.base == base)
            // Without an owner the filter is ignored, as on GitHub.
            && (!head.contains(':') || head == format!("{from}:{}", pull.head))
    });
    paginate(state, call, found.map(|pull| state.pull_summary(pull)).collect(), 30)
}

pub fn create(state: &mut State, body: &Value) -> Routed {
    if state.rules.pull_requests_forbidden && state.rules.actor == Actor::Job {
        let message = "GitHub Actions is not permitted to create or approve pull requests.";
        return Err(Answer::error(403, message));
    }
    let title = text(body, "title").ok_or_else(|| missing("title"))?.to_owned();
    let head = text(body, "head").ok_or_else(|| missing("head"))?;
    let base = text(body, "base").ok_or_else(|| missing("base"))?.to_owned();
    let owner = state.owner().to_owned();
    let head = head.strip_prefix(&format!("{owner}:")).unwrap_or(head).to_owned();
    let problem = |field: &str| {
        Answer::invalid(json!([{"resource": "PullRequest", "field": field, "code": "invalid"}]))
    };
    let custom = |message: String| {
        Answer::invalid(json!([{"resource": "PullRequest", "code": "custom", "message": message}]))
    };
    let base_sha = state.store.read_ref(&format!("refs/heads/{base}")).ok_or_else(|| problem("base"))?;
    let head_sha = state.store.read_ref(&format!("refs/heads/{head}")).ok_or_else(|| problem("head"))?;
    checked_body(body)?;
    let draft = body["draft"].as_bool().unwrap_or(false);
    if draft && state.rules.drafts_unsupported {
        return Err(Answer::error(422, "Draft pull requests are not supported in this repository."));
    }
    let twin =
        |pull: &Pull| pull.open && pull.home == Home::Here && (&pull.head, &pull.base) == (&head, &base);
    if state.pulls.iter().any(twin) {
        return Err(custom(format!("A pull request already exists for {owner}:{head}.")));
    }
    if state.store.is_fast_forward(&head_sha, &base_sha) {
        return Err(custom(format!("No commits between {base} and {head}")));
    }
    let number = state.open_pull(Pull {
        number: 0,
        title,
        body: text(body, "body").map(str::to_owned),
        author: state.rules.actor.login().into(),
        home: Home::Here,
        head,
        base,
        head_sha: Oid::new(),
        base_sha: Oid::new(),
        open: true,
        draft,
        merged: None,
        labels: Vec::new(),
        comments: Vec::new(),
        comment_ids: Vec::new(),
        reviewers: Vec::new(),
        teams: Vec::new(),
        assignees: Vec::new(),
        milestone: None,
    });
    let pull = find(state, number)?;
    let full = state.pull_full(&pull);
    Ok(Answer::created(&full))
}

/// Everything below one number; pull requests are issues too.
pub fn one(state: &mut State, call: &Call, route: (&str, &str, &[&str]), number: u64) -> Routed {
    let pull = find(state, number)?;
    match route {
        ("GET", "pulls", []) => Ok(Answer::ok(&state.pull_full(&pull))),
        ("PATCH", "pulls", []) => update(state, pull, &call.json()?),
        ("GET", "pulls", ["files"]) => {
            let changes = state.pull_files(&pull);
            let shown = changes.iter().take(LISTED_FILES).map(|change| state.file(change, &pull.head_sha));
            Ok(paginate(state, call, shown.collect(), 30))
        }
        ("GET", "pulls", ["commits"]) => {
            let commits = state.store.between(&pull.base_sha, &pull.head_sha);
            let commits = commits.iter().filter_map(|oid| state.repo_commit(oid)).collect();
            Ok(paginate(state, call, commits, 30))
        }
        ("GET", "issues", ["labels"]) => Ok(labels(state, &pull)),
        ("POST", "issues", ["labels"]) => add_labels(state, pull, &call.json()?),
        ("GET", "issues", ["comments"]) => {
            let shown = pull.comments.iter().zip(&pull.comment_ids);
            let shown = shown.map(|(text, (id, author))| comment_json(state, number, (*id, author), text));
            Ok(paginate(state, call, shown.collect(), 30))
        }
        ("POST", "issues", ["comments"]) => comment(state, pull, &call.json()?),
        ("POST", "pulls", ["requested_reviewers"]) => review(state, pull, &call.json()?),
        ("POST", "issues", ["assignees"]) => {
            let body = call.json()?;
            change(state, pull, |pull| pull.assignees.extend(strings(&body, "assignees")))
        }
        ("PATCH", "issues", []) => {
            let milestone = call.json()?["milestone"].as_u64();
            change(state, pull, |pull| pull.milestone = milestone)
        }
        _ => Err(Answer::not_found()),
    }
}

fn find(state: &mut State, number: u64) -> Result<Pull, Answer> {
    state.pull(number).cloned().ok_or_else(Answer::not_found)
}

fn keep(state: &mut State, changed: Pull) {
    if let Some(pull) = state.pull(changed.number) {
        *pull = changed;
    }
    state.follow_refs();
}

fn update(state: &mut State, mut pull: Pull, body: &Value) -> Routed {
    checked_body(body)?;
    if let Some(title) = text(body, "title") {
        pull.title = title.into();
    }
    if let Some(text) = text(body, "body") {
        pull.body = Some(text.into());
    }
    if let Some(base) = text(body, "base") {
        pull.base = base.into();
    }
    match text(body, "state") {
        Some("closed") => pull.open = false,
        Some("open") if pull.merged.is_none() => pull.open = true,
        _ => {}
    }
    let number = pull.number;
    keep(state, pull);
    let pull = find(state, number)?;
    Ok(Answer::ok(&state.pull_full(&pull)))
}

fn checked_body(body: &Value) -> Result<(), Answer> {
    if text(body, "body").is_some_and(|text| text.chars().count() > BODY_LIMIT) {
        return Err(Answer::invalid(json!([{
            "resource": "Issue", "code": "custom", "field": "body",
            "message": "body is too long (maximum is 65536 characters)",
        }])));
    }
    Ok(())
}

fn labels(state: &State, pull: &Pull) -> Answer {
    Answer::ok(&Value::from(pull.labels.iter().map(|name| state.label(name)).collect::<Vec<_>>()))
}

fn add_labels(state: &mut State, mut pull: Pull, body: &Value) -> Routed {
    if state.rules.labels_forbidden {
        return Err(Answer::error(403, "You do not have permission to create labels on this repository."));
    }
    // Both `{"labels": [..]}` and the bare list are documented.
    let list = body.get("labels").unwrap_or(body).as_array().ok_or_else(|| missing("labels"))?;
    for name in list.iter().filter_map(Value::as_str) {
        if name.chars().count() > 50 {
            return Err(Answer::invalid(json!([{
                "resource": "Label", "code": "custom", "field": "name",
                "message": "name is too long (maximum is 50 characters)",
            }])));
        }
        if !pull.labels.iter().any(|known| known == name) {
            pull.labels.push(name.into());
        }
    }
    let answer = labels(state, &pull);
    keep(state, pull);
    Ok(answer)
}

fn comment(state: &mut State, mut pull: Pull, body: &Value) -> Routed {
    checked_body(body)?;
    let said = text(body, "body").ok_or_else(|| missing("body"))?.to_owned();
    state.comments += 1;
    let (id, author) = (state.comments, state.rules.actor.login().to_owned());
    let answer = Answer::created(&comment_json(state, pull.number, (id, &author), &said));
    pull.comments.push(said);
    pull.comment_ids.push((id, author));
    keep(state, pull);
    Ok(answer)
}

fn comment_json(state: &State, number: u64, (id, author): (u64, &str), said: &str) -> Value {
    json!({
        "id": id, "node_id": format!("IC_{id}"), "url": state.api(&format!("/issues/comments/{id}")), "body": said,
        "html_url": state.html(&format!("/pull/{number}#issuecomment-{id}")),
        "issue_url": state.api(&format!("/issues/{number}")),
        "user": state.user(author), "author_association": "NONE",
        "created_at": "2026-09-21T13:33:20Z", "updated_at": "2026-09-21T13:33:20Z",
    })
}

/// Gives a comment another text, whichever pull request it stands under.
pub fn update_comment(state: &mut State, id: u64, body: &Value) -> Routed {
    checked_body(body)?;
    let said = text(body, "body").ok_or_else(|| missing("body"))?.to_owned();
    for mut pull in state.pulls.clone() {
        let number = pull.number;
        if let Some(at) = pull.comment_ids.iter().position(|(known, _)| *known == id) {
            let answer = comment_json(state, number, (id, &pull.comment_ids[at].1), &said);
            pull.comments[at] = said;
            keep(state, pull);
            return Ok(Answer::ok(&answer));
        }
    }
    Err(Answer::not_found())
}

/// Who cannot be asked fails everybody; the token of a job sees no teams.
fn review(state: &mut State, pull: Pull, body: &Value) -> Routed {
    let (reviewers, teams) = (strings(body, "reviewers"), strings(body, "team_reviewers"));
    if reviewers.contains(&pull.author) {
        return Err(Answer::error(422, "Review cannot be requested from pull request author."));
    }
    if !teams.is_empty() && state.rules.actor != Actor::Person {
        return Err(Answer::error(422, "Could not resolve to a node with the global id of 'T_kwDOA'."));
    }
    change(state, pull, |pull| {
        pull.reviewers.extend(reviewers);
        pull.teams.extend(teams);
    })
}

fn strings(body: &Value, field: &str) -> Vec<String> {
    let list = body[field].as_array().cloned().unwrap_or_default();
    list.iter().filter_map(Value::as_str).map(str::to_owned).collect()
}

fn change(state: &mut State, mut pull: Pull, how: impl FnOnce(&mut Pull)) -> Routed {
    how(&mut pull);
    let number = pull.number;
    keep(state, pull);
    let pull = find(state, number)?;
    Ok(Answer::created(&state.pull_full(&pull)))
}
