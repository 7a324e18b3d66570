//! GraphQL: `createCommitOnBranch`, who owns the token, and nothing else. Its commits are signed whoever calls.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::commits::unprotected;
use super::{Routed, text};
use crate::support::github::answer::Answer;
use crate::support::github::call::Call;
use crate::support::github::rules::Access;
use crate::support::github::state::State;
use crate::support::github::store::{Kind, Oid};
use crate::support::github::tree::{Edit, Entry, Missing};

pub fn answer(state: &mut State, call: &Call) -> Routed {
    if call.method != "POST" {
        return Err(Answer::not_found());
    }
    let body = call.json()?;
    let query = text(&body, "query").unwrap_or_default();
    // The one variable that is the mutation's input, whatever the caller calls it.
    let input =
        body["variables"].as_object().and_then(|all| all.values().find(|v| v.get("fileChanges").is_some()));
    if query.contains("viewer") {
        let login = state.rules.actor.login();
        let id = state.user(login)["id"].clone();
        return Ok(Answer::ok(
            &json!({"data": {"viewer": {"login": login, "databaseId": id, "name": null}}}),
        ));
    }
    match input {
        Some(input) if query.contains("createCommitOnBranch") => commit(state, input),
        _ => Err(Answer::ok(&json!({"errors": [{
            "path": ["query"], "locations": [{"line": 1, "column": 1}],
            "extensions": {"code": "undefinedField"},
            "message": "The fake understands createCommitOnBranch with its input in a variable only",
        }]}))),
    }
}

fn commit(state: &mut State, input: &Value) -> Routed {
    let error = Answer::graphql_error;
    let repository = input["branch"]["repositoryNameWithOwner"].as_str().unwrap_or_default();
    if state.rules.hidden || !repository.eq_ignore_ascii_case(state.name()) {
        let message = format!("Could not resolve to a Repository with the name '{repository}'.");
        return Err(error("NOT_FOUND", &message));
    }
    if state.rules.contents < Access::Write {
        return Err(error("FORBIDDEN", "Resource not accessible by integration"));
    }
    let branch = input["branch"]["branchName"].as_str().unwrap_or_default();
    let branch = branch.strip_prefix("refs/heads/").unwrap_or(branch).to_owned();
    let name = format!("refs/heads/{branch}");
    let Some(head) = state.store.read_ref(&name) else {
        return Err(error(
            "NOT_FOUND",
            &format!("Branch '{branch}' not found on repository '{repository}'."),
        ));
    };
    let expected = text(input, "expectedHeadOid").unwrap_or_default();
    let Some(base) = state.store.commit(expected) else {
        let message = format!("No commit exists with specified expectedHeadOid '{expected}'.");
        return Err(error("NOT_FOUND", &message));
    };
    if head != expected {
        let message =
            format!("Expected branch to point to \"{expected}\" but it did not. Pull and try again.");
        return Err(error("STALE_DATA", &message));
    }
    let edits = edits(state, &input["fileChanges"])?;
    let tree = state.store.edit(Some(&base.tree), &edits).map_err(|Missing(path)| {
        let message = format!(
            "A path was requested for deletion which does not exist as of commit oid `{expected}`: {path}"
        );
        error("UNPROCESSABLE", &message)
    })?;
    let (headline, body) = (text(&input["message"], "headline"), text(&input["message"], "body"));
    let message = match (headline.unwrap_or_default(), body.unwrap_or_default()) {
        (headline, "") => headline.to_owned(),
        (headline, body) => format!("{headline}\n\n{body}"),
    };
    let actor = state.rules.actor;
    let oid =
        state.commit_as((actor.login(), actor.email()), std::slice::from_ref(&head), tree, &message, true);
    unprotected(state, &branch, Some(&head), &oid).map_err(|message| error("UNPROCESSABLE", &message))?;
    state.set_ref(&name, Some(&oid)).map_err(|_| error("UNPROCESSABLE", "Reference update failed"))?;
    Ok(Answer::ok(&json!({"data": {"createCommitOnBranch": {
        "clientMutationId": input["clientMutationId"],
        "commit": {
            "id": format!("C_{oid}"), "oid": oid, "url": state.html(&format!("/commit/{oid}")),
            "signature": {"isValid": true, "state": "VALID", "wasSignedByGitHub": true},
            "author": {"name": actor.login(), "email": actor.email(), "user": {"login": actor.login()}},
        },
        "ref": {"name": branch, "target": {"oid": oid}},
    }}})))
}

/// Additions in padded standard Base64 and deletions, every path once over both lists.
fn edits(state: &mut State, changes: &Value) -> Result<Vec<Edit>, Answer> {
    let error = |message: String| Answer::graphql_error("UNPROCESSABLE", &message);
    let list = |key: &str| changes[key].as_array().cloned().unwrap_or_default();
    let mut edits: Vec<Edit> = Vec::new();
    for addition in list("additions") {
        let path = text(&addition, "path").unwrap_or_default().to_owned();
        let contents = STANDARD.decode(text(&addition, "contents").unwrap_or_default());
        let contents =
            contents.map_err(|_| error(format!("contents of `{path}` is not a valid Base64String")))?;
        let oid: Oid = state.store.put(Kind::Blob, contents);
        edits.push((path, Some(Entry { mode: "100644".into(), oid })));
    }
    edits.extend(
        list("deletions").iter().map(|line| (text(line, "path").unwrap_or_default().to_owned(), None)),
    );
    let mut paths: Vec<&str> = edits.iter().map(|(path, _)| path.as_str()).collect();
    paths.sort_unstable();
    if let Some(twice) = paths.windows(2).find(|pair| pair[0] == pair[1]) {
        return Err(error(format!("`{}` is named more than once", twice[0])));
    }
    match paths.into_iter().find(|path| path.split('/').any(|name| matches!(name, "" | "." | ".." | ".git")))
    {
        Some(path) => Err(error(format!("A path in this request is invalid: `{path}`"))),
        None => Ok(edits),
    }
}
