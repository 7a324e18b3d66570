//! The Git Data API: blobs, trees, reading refs.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::{Routed, missing, text};
use crate::support::github::answer::Answer;
use crate::support::github::call::Call;
use crate::support::github::rules::Actor;
use crate::support::github::state::State;
use crate::support::github::store::Kind;
use crate::support::github::tree::{Edit, Entry, Missing};

/// Practical limit of one blob, 40 MiB.
const BLOB_LIMIT: usize = 40 << 20;

pub fn read_blob(state: &mut State, call: &Call, oid: &str) -> Routed {
    let bytes = state.store.get_as(Kind::Blob, oid).ok_or_else(Answer::not_found)?;
    if call.wants_raw() {
        return Ok(Answer::raw(bytes));
    }
    Ok(Answer::ok(&json!({
        "sha": oid, "node_id": format!("B_{oid}"), "size": bytes.len(),
        "url": state.api(&format!("/git/blobs/{oid}")), "content": wrapped(&bytes), "encoding": "base64",
    })))
}

/// Base64 in lines of 60, as GitHub sends it.
pub fn wrapped(bytes: &[u8]) -> String {
    let mut lines = String::new();
    for line in STANDARD.encode(bytes).as_bytes().chunks(60) {
        lines.push_str(&String::from_utf8_lossy(line));
        lines.push('\n');
    }
    lines
}

pub fn create_blob(state: &mut State, body: &Value) -> Routed {
    let content = text(body, "content").ok_or_else(|| missing("content"))?;
    let bytes = match text(body, "encoding").unwrap_or("utf-8") {
        "base64" => {
            // Line breaks are allowed, and rare enough to be looked for only when they hurt.
            let packed = || content.split_ascii_whitespace().collect::<String>();
            let decoded = STANDARD.decode(content).or_else(|_| STANDARD.decode(packed()));
            decoded.map_err(|_| Answer::error(422, "content is not valid Base64"))?
        }
        "utf-8" => content.as_bytes().to_vec(),
        other => return Err(Answer::error(422, &format!("encoding \"{other}\" is not supported"))),
    };
    if bytes.len() > BLOB_LIMIT {
        return Err(Answer::error(
            422,
            "Sorry, your input was too large to process. Consider creating the blob in a local clone of the repository and then pushing it to GitHub.",
        ));
    }
    let oid = state.store.put(Kind::Blob, bytes);
    let url = state.api(&format!("/git/blobs/{oid}"));
    Ok(Answer::created(&json!({"sha": oid, "url": url})).with("location", url))
}

pub fn read_tree(state: &mut State, call: &Call, word: &str) -> Routed {
    let tree = match state.store.get_as(Kind::Tree, word) {
        Some(_) => word.to_owned(),
        None => {
            let commit = state.resolve(word).ok_or_else(Answer::not_found)?;
            state.store.commit(&commit).ok_or_else(Answer::not_found)?.tree
        }
    };
    // Any value at all means yes, also 0 and false.
    let recursive = call.query().contains_key("recursive");
    let entries = if recursive { state.store.walk(&tree, true) } else { state.store.entries(&tree) };
    let truncated = recursive && entries.len() > state.rules.tree_limit;
    let entries: Vec<_> =
        entries.into_iter().take(if recursive { state.rules.tree_limit } else { usize::MAX }).collect();
    let lines: Vec<Value> = entries.iter().map(|(path, entry)| line(state, path, entry)).collect();
    let url = state.api(&format!("/git/trees/{tree}"));
    Ok(Answer::ok(&json!({"sha": tree, "url": url, "tree": lines, "truncated": truncated})))
}

fn line(state: &mut State, path: &str, entry: &Entry) -> Value {
    let (kind, oid) = (entry.kind().word(), &entry.oid);
    let mut line = json!({
        "path": path, "mode": format!("{:0>6}", entry.mode), "type": kind, "sha": oid,
        "url": state.api(&format!("/git/{kind}s/{oid}")),
    });
    if let Some(bytes) = state.store.get_as(Kind::Blob, oid) {
        line["size"] = json!(bytes.len());
    }
    line
}

pub fn create_tree(state: &mut State, body: &Value) -> Routed {
    let base = match text(body, "base_tree") {
        Some(word) => {
            let commit = state.store.commit(word).map(|commit| commit.tree);
            let tree = commit.or_else(|| state.store.get_as(Kind::Tree, word).map(|_| word.to_owned()));
            Some(tree.ok_or_else(|| Answer::error(422, "Tree SHA does not exist"))?)
        }
        None => None,
    };
    let lines = body["tree"].as_array().filter(|lines| !lines.is_empty()).ok_or_else(|| missing("tree"))?;
    let edits = lines.iter().map(|line| edit(state, line)).collect::<Result<Vec<_>, _>>()?;
    let tree = state
        .store
        .edit(base.as_deref(), &edits)
        .map_err(|Missing(_)| Answer::error(422, "GitRPC::BadObjectState"))?;
    let entries = state.store.entries(&tree);
    let lines: Vec<Value> = entries.iter().map(|(path, entry)| line(state, path, entry)).collect();
    let url = state.api(&format!("/git/trees/{tree}"));
    Ok(Answer::created(&json!({"sha": tree, "url": url, "tree": lines, "truncated": false}))
        .with("location", url))
}

/// Reads one entry of a new tree: `sha`, `sha: null` to remove, or `content`.
fn edit(state: &mut State, line: &Value) -> Result<Edit, Answer> {
    let path = text(line, "path").ok_or_else(|| missing("path"))?;
    if path.split('/').any(|name| matches!(name, "" | "." | ".." | ".git")) {
        return Err(Answer::error(422, "tree.path contains a malformed path component"));
    }
    if path.starts_with(".github/workflows/") && state.rules.actor != Actor::Person {
        return Err(Answer::not_found());
    }
    let mode = text(line, "mode").unwrap_or_default();
    if !matches!(mode, "100644" | "100755" | "040000" | "160000" | "120000") {
        return Err(Answer::error(422, "Must supply a valid tree.mode"));
    }
    let oid = match (line.get("sha"), text(line, "content")) {
        (Some(_), Some(_)) | (None, None) => {
            return Err(Answer::error(422, "Must supply either tree.sha or tree.content"));
        }
        (Some(Value::Null), None) => return Ok((path.to_owned(), None)),
        (Some(oid), None) => {
            let oid = oid.as_str().unwrap_or_default();
            if mode != "160000" && state.store.get(oid).is_none() {
                return Err(Answer::error(422, &format!("tree.sha {oid} is not a valid blob")));
            }
            oid.to_owned()
        }
        (None, Some(content)) => state.store.put(Kind::Blob, content.as_bytes().to_vec()),
    };
    Ok((path.to_owned(), Some(Entry { mode: mode.trim_start_matches('0').to_owned(), oid })))
}

pub fn read_ref(state: &mut State, tail: &str) -> Routed {
    let name = format!("refs/{tail}");
    let oid = state.visible_ref(&name).ok_or_else(Answer::not_found)?;
    Ok(Answer::ok(&state.reference(&name, &oid)))
}

pub fn matching_refs(state: &mut State, tail: &str) -> Answer {
    let prefix = format!("refs/{tail}");
    let names: Vec<_> = state.store.refs().into_iter().map(|(name, _)| name).collect();
    let mut found = Vec::new();
    for name in names.into_iter().filter(|name| name.starts_with(&prefix)) {
        if let Some(oid) = state.visible_ref(&name) {
            found.push(state.reference(&name, &oid));
        }
    }
    Answer::ok(&Value::from(found))
}
