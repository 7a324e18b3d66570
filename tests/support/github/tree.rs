//! Trees: reading, flattening and editing them without a git process.

use std::collections::BTreeMap;

use bytes::Bytes;

use super::store::{Kind, Oid, Store};

/// One line of a tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub mode: String,
    pub oid: Oid,
}

impl Entry {
    /// What the entry points to.
    pub fn kind(&self) -> Kind {
        match self.mode.as_str() {
            "40000" => Kind::Tree,
            "160000" => Kind::Commit,
            _ => Kind::Blob,
        }
    }
}

/// An edit of one path: an entry to put there, or `None` to remove it.
pub type Edit = (String, Option<Entry>);

/// The path of an edit that asked to remove what is not there.
#[derive(Debug)]
pub struct Missing(pub String);

impl Store {
    /// The entries of one tree by name; empty for what is not a tree.
    pub fn entries(&mut self, tree: &str) -> BTreeMap<String, Entry> {
        let body = self.get_as(Kind::Tree, tree).unwrap_or_default();
        let mut entries = BTreeMap::new();
        let mut rest = &body[..];
        while let Some(space) = rest.iter().position(|b| *b == b' ')
            && let Some(nul) = rest.iter().position(|b| *b == 0)
            && rest.len() >= nul + 21
        {
            let mode = String::from_utf8_lossy(&rest[..space]).into_owned();
            let name = String::from_utf8_lossy(&rest[space + 1..nul]).into_owned();
            let oid = rest[nul + 1..nul + 21].iter().map(|b| format!("{b:02x}")).collect();
            entries.insert(name, Entry { mode, oid });
            rest = &rest[nul + 21..];
        }
        entries
    }

    /// Everything below a tree by path; with `folders` also the trees themselves.
    pub fn walk(&mut self, tree: &str, folders: bool) -> BTreeMap<String, Entry> {
        let mut found = BTreeMap::new();
        let mut open = vec![(String::new(), tree.to_owned())];
        while let Some((prefix, oid)) = open.pop() {
            for (name, entry) in self.entries(&oid) {
                let path = format!("{prefix}{name}");
                let is_tree = entry.kind() == Kind::Tree;
                if is_tree {
                    open.push((format!("{path}/"), entry.oid.clone()));
                }
                if folders || !is_tree {
                    found.insert(path, entry);
                }
            }
        }
        found
    }

    /// The entry at a path below a tree.
    pub fn find(&mut self, tree: &str, path: &str) -> Option<Entry> {
        let mut at = Entry { mode: "40000".into(), oid: tree.to_owned() };
        for name in path.split('/') {
            at = self.entries(&at.oid).remove(name)?;
        }
        Some(at)
    }

    /// Applies edits to a tree and gives the new one; folders left empty disappear.
    pub fn edit(&mut self, tree: Option<&str>, edits: &[Edit]) -> Result<Oid, Missing> {
        let mut entries = tree.map(|tree| self.entries(tree)).unwrap_or_default();
        let mut below: BTreeMap<&str, Vec<Edit>> = BTreeMap::new();
        for (path, entry) in edits {
            match (path.split_once('/'), entry) {
                (Some((folder, rest)), _) => {
                    below.entry(folder).or_default().push((rest.to_owned(), entry.clone()));
                }
                (None, Some(entry)) => {
                    entries.insert(path.clone(), entry.clone());
                }
                (None, None) => {
                    entries.remove(path).ok_or_else(|| Missing(path.clone()))?;
                }
            }
        }
        for (folder, edits) in below {
            let before = entries.get(folder).filter(|e| e.kind() == Kind::Tree).map(|e| e.oid.clone());
            let oid = self
                .edit(before.as_deref(), &edits)
                .map_err(|Missing(path)| Missing(format!("{folder}/{path}")))?;
            if self.entries(&oid).is_empty() {
                entries.remove(folder);
            } else {
                entries.insert(folder.to_owned(), Entry { mode: "40000".into(), oid });
            }
        }
        Ok(self.put_tree(entries))
    }

    fn put_tree(&mut self, entries: BTreeMap<String, Entry>) -> Oid {
        let mut lines: Vec<_> = entries.into_iter().collect();
        // Git sorts a folder as if its name ended in a slash.
        lines.sort_by_key(|(name, entry)| match entry.kind() {
            Kind::Tree => format!("{name}/"),
            _ => name.clone(),
        });
        let mut body = Vec::new();
        for (name, entry) in lines {
            body.extend_from_slice(format!("{} {name}\0", entry.mode).as_bytes());
            let digits = entry.oid.as_bytes().chunks(2).map(|pair| String::from_utf8_lossy(pair));
            body.extend(digits.map(|pair| u8::from_str_radix(&pair, 16).expect("ids are hexadecimal")));
        }
        self.put(Kind::Tree, Bytes::from(body))
    }
}
