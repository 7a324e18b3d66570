//! The state behind the fake: repository, pull requests, switches, and the memory of every request.

use std::collections::HashMap;
use std::time::Instant;

use super::call::{Call, Request};
use super::commit::{Commit, Person};
use super::faults::{Fault, Planned};
use super::issues::Issue;
use super::pulls::Pull;
use super::rules::Rules;
use super::store::{Kind, Oid, Store};

/// The first second of the fake's own clock; every commit takes the next one, so ids never depend on the day.
const EPOCH: i64 = 1_790_000_000;

/// Everything the fake knows. Lives behind one lock, as each request is brief.
pub struct State {
    pub store: Store,
    pub rules: Rules,
    pub pulls: Vec<Pull>,
    pub issues: Vec<Issue>,
    pub requests: Vec<Request>,
    pub(super) faults: Vec<Planned>,
    /// Scheme, host and port.
    pub root: String,
    /// Path before REST routes: empty or `/api/v3`.
    pub prefix: String,
    pub repository: String,
    pub default_branch: String,
    pub comments: u64,
    pub started: Instant,
    clock: i64,
    stale: HashMap<String, (Option<Oid>, u32)>,
}

impl State {
    pub(super) fn new(
        store: Store,
        root: String,
        prefix: String,
        repository: &str,
        default_branch: &str,
    ) -> Self {
        Self {
            store,
            rules: Rules::new(),
            pulls: Vec::new(),
            issues: Vec::new(),
            requests: Vec::new(),
            faults: Vec::new(),
            root,
            prefix,
            repository: repository.to_owned(),
            default_branch: default_branch.to_owned(),
            comments: 0,
            started: Instant::now(),
            clock: EPOCH,
            stale: HashMap::new(),
        }
    }

    /// The repository's present name.
    pub fn name(&self) -> &str {
        self.rules.renamed_to.as_deref().unwrap_or(&self.repository)
    }

    /// The owner's login.
    pub fn owner(&self) -> &str {
        self.name().split('/').next().unwrap_or_default()
    }

    /// A REST address below the repository.
    pub fn api(&self, path: &str) -> String {
        format!("{}{}/repos/{}{path}", self.root, self.prefix, self.name())
    }

    /// A page of the repository for people.
    pub fn html(&self, path: &str) -> String {
        format!("{}/{}{path}", self.root, self.name())
    }

    /// The next second of the fake's clock, since 1970.
    pub fn tick(&mut self) -> i64 {
        self.clock += 1;
        self.clock
    }

    /// Remembers the request and gives its number and the faults that strike it.
    pub(super) fn arrives(&mut self, call: &Call) -> (usize, Vec<Fault>) {
        let at = self.started.elapsed();
        self.requests.push(Request { call: call.clone(), status: 0, at, took: Default::default() });
        let faults =
            self.faults.iter_mut().filter_map(|p| p.strikes(call).then(|| p.fault.clone())).collect();
        (self.requests.len() - 1, faults)
    }

    /// Remembers how the request ended.
    pub(super) fn answered(&mut self, number: usize, status: u16) {
        let now = self.started.elapsed();
        let request = &mut self.requests[number];
        (request.status, request.took) = (status, now - request.at);
    }

    /// A ref as readers see it, which may be as it was before the last write.
    pub fn visible_ref(&mut self, name: &str) -> Option<Oid> {
        if let Some((before, left)) = self.stale.get_mut(name)
            && *left > 0
        {
            *left -= 1;
            return before.clone();
        }
        self.store.read_ref(name)
    }

    /// Moves, creates or deletes a ref for the API and lets pull requests follow.
    /// An error is the directory/file conflict of `a` and `a/b`.
    pub fn set_ref(&mut self, name: &str, oid: Option<&str>) -> std::io::Result<()> {
        let before = self.store.read_ref(name);
        match oid {
            Some(oid) => self.store.write_ref(name, oid)?,
            None => self.store.delete_ref(name),
        }
        self.stale.insert(name.to_owned(), (before, self.rules.stale_reads));
        self.follow_refs();
        Ok(())
    }

    /// What a caller's word for a commit means: an id, a branch, a tag, a full ref, each also after `owner:`.
    pub fn resolve(&mut self, word: &str) -> Option<Oid> {
        let word = word.split_once(':').map_or(word, |(_, branch)| branch);
        if self.store.get_as(Kind::Commit, word).is_some() {
            return Some(word.to_owned());
        }
        let names = [format!("refs/heads/{word}"), format!("refs/tags/{word}"), format!("refs/{word}")];
        let known = names.into_iter().find(|name| self.store.read_ref(name).is_some());
        match known {
            Some(name) => self.visible_ref(&name),
            None if word.starts_with("refs/") => self.visible_ref(word),
            None => None,
        }
    }

    /// Makes a commit of a tree by a person of the fake's making.
    pub fn commit_as(
        &mut self,
        who: (&str, &str),
        parents: &[Oid],
        tree: Oid,
        message: &str,
        signed: bool,
    ) -> Oid {
        let author = Person { at: self.tick(), ..Person::new(who.0, who.1) };
        let committer = if signed {
            Person { at: author.at, ..Person::new("GitHub", "noreply@github.com") }
        } else {
            author.clone()
        };
        let parents = parents.to_vec();
        self.store.put_commit(&Commit { tree, parents, author, committer, message: message.into(), signed })
    }
}
