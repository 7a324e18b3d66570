//! Making commits and moving refs, with everything that may stand in the way of that.

use serde_json::Value;

use super::{Routed, missing, text};
use crate::support::github::answer::Answer;
use crate::support::github::commit::{Commit, Person};
use crate::support::github::rules::{Actor, Protection};
use crate::support::github::state::State;
use crate::support::github::store::{Kind, Oid};

pub fn create_commit(state: &mut State, body: &Value) -> Routed {
    let message = text(body, "message").ok_or_else(|| missing("message"))?;
    let tree = text(body, "tree").ok_or_else(|| missing("tree"))?;
    if state.store.get_as(Kind::Tree, tree).is_none() {
        return Err(Answer::error(422, "Tree SHA does not exist"));
    }
    // Left out, the new commit is a root commit.
    let parents = body["parents"].as_array().cloned().unwrap_or_default();
    let parents: Vec<Oid> = parents.iter().filter_map(Value::as_str).map(str::to_owned).collect();
    if parents.iter().any(|parent| state.store.commit(parent).is_none()) {
        return Err(Answer::error(422, "Parent SHA does not exist or is not a commit object"));
    }
    let at = state.tick();
    let actor = state.rules.actor;
    let person = |value: &Value| {
        let (name, email) = (value["name"].as_str()?, value["email"].as_str()?);
        Some(Person { at, ..Person::new(name, email) })
    };
    let own = Person { at, ..Person::new(actor.login(), actor.email()) };
    // GitHub signs for bots, and only what carries nobody else's name.
    let unnamed = body["author"].is_null() && body["committer"].is_null();
    let signed = state.rules.signs && actor != Actor::Person && unnamed;
    let author = person(&body["author"]).unwrap_or(own);
    let committer = match person(&body["committer"]) {
        Some(committer) => committer,
        None if signed => Person { at, ..Person::new("GitHub", "noreply@github.com") },
        None => author.clone(),
    };
    let commit = Commit { tree: tree.into(), parents, author, committer, message: message.into(), signed };
    let oid = state.store.put_commit(&commit);
    Ok(Answer::created(&state.git_commit(&oid).ok_or_else(Answer::not_found)?))
}

pub fn merge(state: &mut State, body: &Value) -> Routed {
    let into = text(body, "base").ok_or_else(|| missing("base"))?.to_owned();
    let from = text(body, "head").ok_or_else(|| missing("head"))?;
    let name = format!("refs/heads/{into}");
    let ours = state.store.read_ref(&name).ok_or_else(|| Answer::error(404, "Base does not exist"))?;
    let theirs = state.resolve(from).ok_or_else(|| Answer::error(404, "Head does not exist"))?;
    if state.store.is_fast_forward(&theirs, &ours) {
        return Ok(Answer::no_content());
    }
    let tree = state.store.merge(&ours, &theirs).ok_or_else(|| Answer::error(409, "Merge conflict"))?;
    let standard = format!("Merge {from} into {into}");
    let message = text(body, "commit_message").unwrap_or(&standard);
    let actor = state.rules.actor;
    let oid = state.commit_as((actor.login(), actor.email()), &[ours.clone(), theirs], tree, message, true);
    unprotected(state, &into, Some(&ours), &oid).map_err(|message| Answer::error(422, &message))?;
    state.set_ref(&name, Some(&oid)).map_err(|_| Answer::error(422, "Reference update failed"))?;
    Ok(Answer::created(&state.git_commit(&oid).ok_or_else(Answer::not_found)?))
}

pub fn create_ref(state: &mut State, body: &Value) -> Routed {
    let name = text(body, "ref").ok_or_else(|| missing("ref"))?;
    let oid = text(body, "sha").ok_or_else(|| missing("sha"))?;
    if !name.starts_with("refs/") || name.matches('/').count() < 2 || !is_clean(name) {
        return Err(Answer::error(
            422,
            "Reference name must start with 'refs/' and contain at least two slashes.",
        ));
    }
    may_write(state, name)?;
    if state.store.read_ref(name).is_some() {
        return Err(Answer::error(422, "Reference already exists"));
    }
    if state.store.get(oid).is_none() {
        return Err(Answer::error(422, "Object does not exist"));
    }
    if let Some(branch) = name.strip_prefix("refs/heads/") {
        unprotected(state, branch, None, oid).map_err(|message| Answer::error(422, &message))?;
    }
    // A ref called `a` leaves no room for `a/b`.
    state.set_ref(name, Some(oid)).map_err(|_| Answer::error(422, "Reference update failed"))?;
    Ok(Answer::created(&state.reference(name, oid)))
}

pub fn update_ref(state: &mut State, tail: &str, body: &Value) -> Routed {
    let name = format!("refs/{tail}");
    let oid = text(body, "sha").ok_or_else(|| missing("sha"))?;
    may_write(state, &name)?;
    let old = state.store.read_ref(&name).ok_or_else(|| Answer::error(422, "Reference does not exist"))?;
    if state.store.get(oid).is_none() {
        return Err(Answer::error(422, "Object does not exist"));
    }
    let force = body["force"].as_bool().unwrap_or(false);
    if !force && !state.store.is_fast_forward(&old, oid) {
        return Err(Answer::error(422, "Update is not a fast forward"));
    }
    if let Some(branch) = name.strip_prefix("refs/heads/") {
        unprotected(state, branch, Some(&old), oid).map_err(|message| Answer::error(422, &message))?;
    }
    state.set_ref(&name, Some(oid)).map_err(|_| Answer::error(422, "Reference update failed"))?;
    Ok(Answer::ok(&state.reference(&name, oid)))
}

pub fn delete_ref(state: &mut State, tail: &str) -> Routed {
    let name = format!("refs/{tail}");
    if state.store.read_ref(&name).is_none() {
        return Err(Answer::error(422, "Reference does not exist"));
    }
    let branch = name.strip_prefix("refs/heads/");
    if branch.is_some_and(|branch| state.rules.protected.contains_key(branch)) {
        return Err(Answer::error(422, "Cannot delete this protected branch"));
    }
    if branch == Some(state.default_branch.as_str()) {
        return Err(Answer::error(422, "Cannot delete the default branch"));
    }
    state.set_ref(&name, None).map_err(|_| Answer::error(422, "Reference update failed"))?;
    Ok(Answer::no_content())
}

/// What protects the branch from this move, in GitHub's words.
pub fn unprotected(state: &mut State, branch: &str, old: Option<&str>, new: &str) -> Result<(), String> {
    for protection in state.rules.protected.get(branch).cloned().unwrap_or_default() {
        if protection == Protection::Signatures {
            let known = old.map(|old| state.store.ancestry(old)).unwrap_or_default();
            let pushed = state.store.ancestry(new).into_iter().filter(|oid| !known.contains(oid));
            let pushed: Vec<Oid> = pushed.collect();
            if pushed.iter().all(|oid| state.store.commit(oid).is_some_and(|commit| commit.signed)) {
                continue;
            }
        }
        return Err(protection.message(branch));
    }
    Ok(())
}

/// Refs that are neither branch nor tag may be forbidden by the host.
fn may_write(state: &State, name: &str) -> Result<(), Answer> {
    let custom = !name.starts_with("refs/heads/") && !name.starts_with("refs/tags/");
    if custom && (state.rules.custom_refs_refused || name.starts_with("refs/pull/")) {
        return Err(Answer::error(
            422,
            "Repository rule violations found\n\nCannot create ref due to creations being restricted.\n\n",
        ));
    }
    Ok(())
}

/// A name that git accepts and that stays inside the folder of the refs.
fn is_clean(name: &str) -> bool {
    let part = |part: &str| !part.is_empty() && !part.starts_with('.') && !part.ends_with(".lock");
    name.split('/').all(part)
        && !name.contains("..")
        && !name.chars().any(|c| c.is_ascii_control() || " ~^:?*[\\".contains(c))
}
