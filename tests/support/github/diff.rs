//! What lies between two commits: merge base, commits, changed files, merges. Git itself decides.

use super::store::{Oid, Store};

/// One changed file as compare and pull request listings show it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// `added`, `removed`, `modified`, `renamed`, `copied` or `changed`.
    pub status: &'static str,
    pub path: String,
    pub previous: Option<String>,
    /// The blob after the change, before it for a removed file.
    pub blob: Oid,
    pub additions: u64,
    pub deletions: u64,
}

/// The empty tree, which every repository knows.
pub const EMPTY_TREE: &str = "4b825dc642cb6eb9a060e54bf8d69288fbee4904";

impl Store {
    /// The best common ancestor of two commits.
    pub fn merge_base(&mut self, a: &str, b: &str) -> Option<Oid> {
        if self.is_fast_forward(a, b) {
            return Some(a.to_owned());
        }
        let output = self.try_git(&["merge-base", a, b]);
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Commits reachable from `to` and not from `from`, oldest first.
    pub fn between(&mut self, from: &str, to: &str) -> Vec<Oid> {
        if from == to {
            return Vec::new();
        }
        let range = format!("{from}..{to}");
        self.git(&["rev-list", "--topo-order", "--reverse", &range]).lines().map(str::to_owned).collect()
    }

    /// Files that differ between two trees or commits, renames recognised, sorted by path.
    pub fn changes(&mut self, from: &str, to: &str) -> Vec<Change> {
        let key = (from.to_owned(), to.to_owned());
        if let Some(known) = self.diffs.get(&key) {
            return known.clone();
        }
        let text = self.git(&["diff-tree", "-r", "-M", "-z", "--raw", "--numstat", from, to]);
        let mut changes = parse(&text);
        changes.sort_by(|a, b| a.path.cmp(&b.path));
        self.diffs.insert(key, changes.clone());
        changes
    }

    /// The tree of a clean merge, `None` when the two conflict.
    pub fn merge(&mut self, ours: &str, theirs: &str) -> Option<Oid> {
        let output = self.try_git(&["merge-tree", "--write-tree", ours, theirs]);
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }
}

/// Reads `--raw --numstat -z`: first the `:` records, then the counts in the same order.
fn parse(text: &str) -> Vec<Change> {
    let mut fields = text.split('\0').peekable();
    let mut changes = Vec::new();
    while let Some(record) = fields.next_if(|field| field.starts_with(':')) {
        let parts: Vec<&str> = record.split(' ').collect();
        let first = fields.next().unwrap_or_default().to_owned();
        let letter = parts[4].chars().next().unwrap_or_default();
        let (path, previous) = match letter {
            'R' | 'C' => (fields.next().unwrap_or_default().to_owned(), Some(first)),
            _ => (first, None),
        };
        let status = match letter {
            'A' => "added",
            'D' => "removed",
            'R' => "renamed",
            'C' => "copied",
            'T' => "changed",
            _ => "modified",
        };
        let blob = parts[if letter == 'D' { 2 } else { 3 }].to_owned();
        changes.push(Change { status, path, previous, blob, additions: 0, deletions: 0 });
    }
    for change in &mut changes {
        let counts = fields.next().unwrap_or_default();
        let mut numbers = counts.split('\t').map(|n| n.parse().unwrap_or(0));
        change.additions = numbers.next().unwrap_or(0);
        change.deletions = numbers.next().unwrap_or(0);
        if change.previous.is_some() {
            fields.nth(1);
        }
    }
    changes
}
