//! Commits: the object, who wrote it, and whether GitHub signed it.

use std::collections::HashSet;

use jiff::Timestamp;

use super::store::{Kind, Oid, Store};

/// Name and address in a commit, with the second it happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    pub email: String,
    pub at: i64,
}

impl Person {
    /// A person without a time yet; the store's clock gives it when the commit is made.
    pub fn new(name: &str, email: &str) -> Self {
        Self { name: name.into(), email: email.into(), at: 0 }
    }

    /// The moment as the API writes it.
    pub fn date(&self) -> String {
        Timestamp::from_second(self.at).expect("a date within the calendar").to_string()
    }

    fn parse(line: &str) -> Option<Self> {
        let (name, rest) = line.split_once(" <")?;
        let (email, rest) = rest.split_once("> ")?;
        let at = rest.split(' ').next()?.parse().ok()?;
        Some(Self { name: name.into(), email: email.into(), at })
    }

    fn line(&self) -> String {
        format!("{} <{}> {} +0000", self.name, self.email, self.at)
    }
}

/// One commit, as read from the repository.
#[derive(Clone, Debug)]
pub struct Commit {
    pub tree: Oid,
    pub parents: Vec<Oid>,
    pub author: Person,
    pub committer: Person,
    pub message: String,
    /// Whether it carries a signature; the fake writes one only where GitHub would sign, so signed is verified.
    pub signed: bool,
}

const SIGNATURE: &str =
    "gpgsig -----BEGIN PGP SIGNATURE-----\n \n wsFcBAABCAAQBQJfake\n -----END PGP SIGNATURE-----\n";

impl Store {
    /// Stores a commit.
    pub fn put_commit(&mut self, commit: &Commit) -> Oid {
        let parents: String = commit.parents.iter().map(|p| format!("parent {p}\n")).collect();
        let body = format!(
            "tree {}\n{parents}author {}\ncommitter {}\n{}\n{}",
            commit.tree,
            commit.author.line(),
            commit.committer.line(),
            if commit.signed { SIGNATURE } else { "" },
            commit.message,
        );
        self.put(Kind::Commit, body)
    }

    /// Reads a commit.
    pub fn commit(&mut self, oid: &str) -> Option<Commit> {
        let body = self.get_as(Kind::Commit, oid)?;
        let text = String::from_utf8_lossy(&body).into_owned();
        let (head, message) = text.split_once("\n\n")?;
        let field = |key: &str| head.lines().find_map(|line| line.strip_prefix(key)?.strip_prefix(' '));
        Some(Commit {
            tree: field("tree")?.to_owned(),
            parents: head.lines().filter_map(|l| l.strip_prefix("parent ")).map(str::to_owned).collect(),
            author: Person::parse(field("author")?)?,
            committer: Person::parse(field("committer")?)?,
            message: message.to_owned(),
            signed: field("gpgsig").is_some(),
        })
    }

    /// The commit itself and everything it stands on, newest first along each line.
    pub fn ancestry(&mut self, tip: &str) -> Vec<Oid> {
        let mut seen = HashSet::new();
        let mut order = Vec::new();
        let mut open = vec![tip.to_owned()];
        while let Some(oid) = open.pop() {
            if seen.insert(oid.clone())
                && let Some(commit) = self.commit(&oid)
            {
                order.push(oid);
                open.extend(commit.parents);
            }
        }
        order
    }

    /// Whether moving a ref from `old` to `new` only adds commits.
    pub fn is_fast_forward(&mut self, old: &str, new: &str) -> bool {
        self.ancestry(new).iter().any(|oid| oid == old)
    }
}
