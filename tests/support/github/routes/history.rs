//! Reading the repository: compare, commits, branches, branch rules, contents.

use serde_json::{Value, json};

use super::git_data::wrapped;
use super::{Routed, paginate};
use crate::support::github::answer::Answer;
use crate::support::github::call::Call;
use crate::support::github::state::State;
use crate::support::github::store::Kind;
use crate::support::github::tree::Entry;

/// Compare shows this many files at most, and nothing says that there were more.
const COMPARE_FILES: usize = 300;
const COMPARE_COMMITS: usize = 250;
/// Contents above this size come without content, 1 MB.
const INLINE_LIMIT: usize = 1 << 20;

pub fn compare(state: &mut State, call: &Call, basehead: &str) -> Routed {
    let (base, head) = basehead.split_once("...").ok_or_else(Answer::not_found)?;
    let (base_oid, head_oid) = (state.resolve(base), state.resolve(head));
    let (Some(base_oid), Some(head_oid)) = (base_oid, head_oid) else { return Err(Answer::not_found()) };
    let Some(fork) = state.store.merge_base(&base_oid, &head_oid) else {
        return Err(Answer::error(404, &format!("No common ancestor between {base} and {head}.")));
    };
    let ahead = state.store.between(&base_oid, &head_oid);
    let behind = state.store.between(&head_oid, &base_oid).len();
    let status = match (ahead.len(), behind) {
        (0, 0) => "identical",
        (_, 0) => "ahead",
        (0, _) => "behind",
        _ => "diverged",
    };
    let changes = state.store.changes(&fork, &head_oid);
    let files: Vec<Value> = changes.iter().take(COMPARE_FILES).map(|c| state.file(c, &head_oid)).collect();
    let shown: Vec<Value> =
        ahead.iter().take(COMPARE_COMMITS).filter_map(|oid| state.repo_commit(oid)).collect();
    let html = state.html(&format!("/compare/{basehead}"));
    let mut body = json!({
        "url": state.api(&format!("/compare/{basehead}")), "html_url": html,
        "permalink_url": html, "diff_url": format!("{html}.diff"), "patch_url": format!("{html}.patch"),
        "base_commit": state.repo_commit(&base_oid), "merge_base_commit": state.repo_commit(&fork),
        "status": status, "ahead_by": ahead.len(), "behind_by": behind, "total_commits": ahead.len(),
        "commits": shown, "files": files,
    });
    // Files come on the first page only.
    if call.query().get("page").is_some_and(|page| page != "1")
        && let Some(body) = body.as_object_mut()
    {
        body.remove("files");
    }
    Ok(Answer::ok(&body))
}

pub fn commit(state: &mut State, call: &Call, word: &str) -> Routed {
    if state.store.is_empty() {
        return Err(Answer::error(409, "Git Repository is empty."));
    }
    let unknown = || Answer::error(422, &format!("No commit found for SHA: {word}"));
    let oid = state.resolve(word).ok_or_else(unknown)?;
    let mut body = state.repo_commit(&oid).ok_or_else(unknown)?;
    let changes = state.commit_files(&oid);
    let (additions, deletions) =
        changes.iter().fold((0, 0), |(plus, minus), c| (plus + c.additions, minus + c.deletions));
    let files: Vec<Value> = changes.iter().map(|change| state.file(change, &oid)).collect();
    // Files of a commit come in pages of 300, unlike every other listing.
    let page = paginate(state, call, files, 300);
    body["stats"] = json!({"total": additions + deletions, "additions": additions, "deletions": deletions});
    body["files"] = serde_json::from_slice(&page.body).unwrap_or_default();
    Ok(Answer { headers: page.headers, ..Answer::ok(&body) })
}

pub fn branch(state: &mut State, name: &str) -> Routed {
    let oid = state.visible_ref(&format!("refs/heads/{name}"));
    let oid = oid.ok_or_else(|| Answer::error(404, "Branch not found"))?;
    let protected = state.rules.protected.contains_key(name);
    let url = state.api(&format!("/branches/{name}"));
    Ok(Answer::ok(&json!({
        "name": name, "commit": state.repo_commit(&oid),
        "_links": {"self": url, "html": state.html(&format!("/tree/{name}"))},
        "protected": protected,
        "protection": {"enabled": protected,
                       "required_status_checks": {"enforcement_level": "off", "contexts": [], "checks": []}},
        "protection_url": format!("{url}/protection"),
    })))
}

pub fn rules(state: &State, branch: &str) -> Answer {
    let protections = state.rules.protected.get(branch).into_iter().flatten();
    Answer::ok(&Value::from(protections.filter_map(|protection| protection.rule()).collect::<Vec<_>>()))
}

pub fn contents(state: &mut State, call: &Call, path: &str) -> Routed {
    if state.store.is_empty() {
        return Err(Answer::error(404, "This repository is empty."));
    }
    let word = call.query().get("ref").cloned().unwrap_or_else(|| state.default_branch.clone());
    let unknown = || Answer::error(404, &format!("No commit found for the ref {word}"));
    let oid = state.resolve(&word).ok_or_else(unknown)?;
    let tree = state.store.commit(&oid).ok_or_else(unknown)?.tree;
    let entry = match path.trim_end_matches('/') {
        "" => Entry { mode: "40000".into(), oid: tree },
        path => state.store.find(&tree, path).ok_or_else(Answer::not_found)?,
    };
    if entry.kind() == Kind::Tree {
        let inside = state.store.entries(&entry.oid);
        let lines: Vec<Value> = inside
            .iter()
            .map(|(name, entry)| item(state, format!("{path}/{name}").trim_start_matches('/'), entry, &word))
            .collect();
        return Ok(Answer::ok(&Value::from(lines)));
    }
    let bytes = state.store.get_as(Kind::Blob, &entry.oid).ok_or_else(Answer::not_found)?;
    if call.wants_raw() {
        return Ok(Answer::raw(bytes));
    }
    let mut body = item(state, path, &entry, &word);
    let inline = bytes.len() <= INLINE_LIMIT;
    body["content"] = json!(if inline { wrapped(&bytes) } else { String::new() });
    body["encoding"] = json!(if inline { "base64" } else { "none" });
    Ok(Answer::ok(&body))
}

fn item(state: &mut State, path: &str, entry: &Entry, word: &str) -> Value {
    let is_tree = entry.kind() == Kind::Tree;
    let size = state.store.get_as(Kind::Blob, &entry.oid).map_or(0, |bytes| bytes.len());
    let url = state.api(&format!("/contents/{path}?ref={word}"));
    let git = state.api(&format!("/git/{}s/{}", entry.kind().word(), entry.oid));
    let html = state.html(&format!("/blob/{word}/{path}"));
    json!({
        "type": if is_tree { "dir" } else { "file" }, "size": size, "name": path.rsplit('/').next(),
        "path": path, "sha": entry.oid, "url": url, "git_url": git, "html_url": html,
        "download_url": if is_tree { Value::Null } else { json!(state.html(&format!("/raw/{word}/{path}"))) },
        "_links": {"self": url, "git": git, "html": html},
    })
}
