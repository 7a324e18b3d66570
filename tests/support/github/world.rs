//! What a test does to the fake from its side: seeding, looking, switching, planning faults.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::call::Request;
use super::commit::Commit;
use super::faults::{Fault, Planned, When};
use super::rules::Rules;
use super::state::State;
use super::store::{Kind, Oid, git_in};
use super::tree::{Edit, Entry};

/// A file to write, or `None` to remove it.
pub type FileEdit<'a> = (&'a str, Option<&'a [u8]>);

/// A handle on the fake that may be cloned into deeds.
#[derive(Clone)]
pub struct World(pub(super) Arc<Mutex<State>>);

impl World {
    /// The state itself. Nothing else moves while the guard lives, so it must not be kept over a call to the fake.
    pub fn state(&self) -> MutexGuard<'_, State> {
        // A deed that panicked has said so; what it left is still worth looking at.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Changes switches; takes effect with the next request.
    pub fn rules(&self, change: impl FnOnce(&mut Rules)) {
        change(&mut self.state().rules);
    }

    /// Plans a fault; a number alone means the nth call from now on, counted from 1.
    pub fn fault(&self, when: impl Into<When>, fault: Fault) {
        self.state().faults.push(Planned { when: when.into(), fault, seen: 0 });
    }

    /// Forgets faults that have not struck.
    pub fn clear_faults(&self) {
        self.state().faults.clear();
    }

    /// Lets somebody commit these files to a branch just before the call takes effect.
    pub fn move_branch_before(&self, when: impl Into<When>, branch: &str, files: &[FileEdit<'_>]) {
        let branch = branch.to_owned();
        let files: Vec<_> = files.iter().map(|(p, b)| ((*p).to_owned(), b.map(<[u8]>::to_vec))).collect();
        self.fault(
            when,
            Fault::before(move |world| {
                let files: Vec<_> = files.iter().map(|(p, b)| (p.as_str(), b.as_deref())).collect();
                world.commit(&branch, &files, "Meanwhile, somebody else");
            }),
        );
    }

    /// The record of every request so far, in order of arrival.
    pub fn requests(&self) -> Vec<Request> {
        self.state().requests.clone()
    }

    /// The requests that may have changed something.
    pub fn mutations(&self) -> Vec<Request> {
        self.requests().into_iter().filter(|request| request.call.is_mutation()).collect()
    }

    /// Forgets the requests so far, between two runs of one test.
    pub fn forget_requests(&self) {
        self.state().requests.clear();
    }

    /// `owner/name`.
    pub fn repository(&self) -> String {
        self.state().repository.clone()
    }

    /// The token that is accepted.
    pub fn token(&self) -> String {
        self.state().rules.token.clone()
    }

    /// Scheme, host and port, what the runner calls `GITHUB_SERVER_URL`.
    pub fn server_url(&self) -> String {
        self.state().root.clone()
    }

    /// `GITHUB_API_URL`.
    pub fn api_url(&self) -> String {
        let state = self.state();
        format!("{}{}", state.root, state.prefix)
    }

    /// `GITHUB_GRAPHQL_URL`: on an enterprise host beside the REST prefix, not below it.
    pub fn graphql_url(&self) -> String {
        let state = self.state();
        let prefix = if state.prefix.is_empty() { "" } else { "/api" };
        format!("{}{prefix}/graphql", state.root)
    }

    /// The bare repository.
    pub fn git_dir(&self) -> PathBuf {
        self.state().store.dir().to_owned()
    }

    /// Commits files as a person would push them, past all rules; a branch that is missing begins here.
    pub fn commit(&self, branch: &str, files: &[FileEdit<'_>], message: &str) -> Oid {
        let head = self.head(branch);
        let oid = self.commit_on(head.as_deref(), files, message);
        self.branch(branch, &oid);
        oid
    }

    /// Commits files on a commit without moving any branch: forks, forced pushes, detached work.
    pub fn commit_on(&self, parent: Option<&str>, files: &[FileEdit<'_>], message: &str) -> Oid {
        let mut state = self.state();
        let base = parent.and_then(|parent| state.store.commit(parent)).map(|commit| commit.tree);
        let edits: Vec<Edit> = files
            .iter()
            .map(|(path, bytes)| {
                let put = bytes.map(|bytes| state.store.put(Kind::Blob, Bytes::copy_from_slice(bytes)));
                ((*path).to_owned(), put.map(|oid| Entry { mode: "100644".into(), oid }))
            })
            .collect();
        let tree = state.store.edit(base.as_deref(), &edits).expect("every removed file exists");
        let parents: Vec<Oid> = parent.map(str::to_owned).into_iter().collect();
        state.commit_as(("Ann Author", "ann@example.com"), &parents, tree, message, false)
    }

    /// Gives a file of a branch mode 100755.
    pub fn make_executable(&self, branch: &str, path: &str) -> Oid {
        let mode = |entry: Option<Entry>| Entry { mode: "100755".into(), ..entry.expect("the file exists") };
        self.set_entry(branch, path, mode, "Make executable")
    }

    /// Puts a submodule at a path of a branch, in the place of what was there.
    pub fn make_submodule(&self, branch: &str, path: &str) -> Oid {
        let link = |_| Entry { mode: "160000".into(), oid: "c".repeat(40) };
        self.set_entry(branch, path, link, "Make a submodule")
    }

    /// The mode of what stands at a path of a branch.
    pub fn mode(&self, branch: &str, path: &str) -> Option<String> {
        let mut state = self.state();
        let tree = tree_of(&mut state, branch)?;
        state.store.find(&tree, path).map(|entry| entry.mode)
    }

    fn set_entry(
        &self,
        branch: &str,
        path: &str,
        change: impl FnOnce(Option<Entry>) -> Entry,
        message: &str,
    ) -> Oid {
        let head = self.head(branch).expect("the branch exists");
        let mut state = self.state();
        let tree = state.store.commit(&head).expect("a branch points to a commit").tree;
        let entry = change(state.store.find(&tree, path));
        let tree =
            state.store.edit(Some(&tree), &[(path.to_owned(), Some(entry))]).expect("nothing is removed");
        let oid = state.commit_as(("Ann Author", "ann@example.com"), &[head], tree, message, false);
        drop(state);
        self.branch(branch, &oid);
        oid
    }

    /// Points a branch at a commit, past all rules and also backwards.
    pub fn branch(&self, name: &str, oid: &str) {
        self.set_ref(&format!("refs/heads/{name}"), oid);
    }

    /// Points any ref at a commit, past all rules.
    pub fn set_ref(&self, name: &str, oid: &str) {
        let mut state = self.state();
        state.store.write_ref(name, oid).expect("no other ref stands in the way");
        state.follow_refs();
    }

    /// Deletes a branch.
    pub fn delete_branch(&self, name: &str) {
        let mut state = self.state();
        state.store.delete_ref(&format!("refs/heads/{name}"));
        state.follow_refs();
    }

    /// The tip of a branch.
    pub fn head(&self, branch: &str) -> Option<Oid> {
        self.ref_tip(&format!("refs/heads/{branch}"))
    }

    /// What any ref points to.
    pub fn ref_tip(&self, name: &str) -> Option<Oid> {
        self.state().store.read_ref(name)
    }

    /// All refs, sorted by name.
    pub fn refs(&self) -> Vec<(String, Oid)> {
        self.state().store.refs()
    }

    /// A commit's parts.
    pub fn show(&self, oid: &str) -> Option<Commit> {
        self.state().store.commit(oid)
    }

    /// The bytes of a file on a branch, a full ref or a commit.
    pub fn read(&self, rev: &str, path: &str) -> Option<Vec<u8>> {
        let mut state = self.state();
        let tree = tree_of(&mut state, rev)?;
        let entry = state.store.find(&tree, path)?;
        state.store.get_as(Kind::Blob, &entry.oid).map(|bytes| bytes.to_vec())
    }

    /// All paths on a branch, a full ref or a commit.
    pub fn paths(&self, rev: &str) -> Vec<String> {
        let mut state = self.state();
        let tree = tree_of(&mut state, rev);
        tree.map(|tree| state.store.walk(&tree, false).into_keys().collect()).unwrap_or_default()
    }

    /// Ids and subjects of a branch as `git log` prints them, newest first.
    pub fn log(&self, rev: &str) -> Vec<(Oid, String)> {
        let text = self.git(&["log", "--topo-order", "--format=%H %s", rev, "--"]);
        let lines = text.lines().filter_map(|line| line.split_once(' '));
        lines.map(|(oid, subject)| (oid.to_owned(), subject.to_owned())).collect()
    }

    /// Runs git in the bare repository and gives what it printed; a failure ends the test.
    pub fn git(&self, args: &[&str]) -> String {
        self.state().store.git(args)
    }

    /// Lets `git fsck` judge every object and ref; a complaint ends the test.
    pub fn fsck(&self) {
        let output =
            self.state().store.try_git(&["fsck", "--strict", "--full", "--no-dangling", "--no-progress"]);
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        // A repository that nobody has pushed to has no branch for HEAD yet, which is not damage.
        let worries: Vec<_> = said.lines().filter(|l| !l.starts_with("notice:")).collect();
        assert!(output.status.success() && worries.is_empty(), "git fsck: {said}");
    }

    /// Writes the files of a branch, a ref or a commit into a folder, without `.git`.
    pub fn checkout(&self, rev: &str, dir: &Path) {
        let mut state = self.state();
        let tree = tree_of(&mut state, rev).expect("there is such a commit to check out");
        for (path, entry) in state.store.walk(&tree, false) {
            let file = dir.join(path);
            let bytes = state.store.get_as(Kind::Blob, &entry.oid).expect("the tree names blobs that exist");
            fs::create_dir_all(file.parent().unwrap_or(dir)).expect("a folder for the file");
            fs::write(file, bytes).expect("the file is written");
        }
    }

    /// Checks out one commit of a branch, a ref or an id with a shallow `.git`, as actions/checkout does.
    pub fn clone_shallow(&self, rev: &str, dir: &Path) {
        let oid = self.state().resolve(rev).expect("there is such a commit to check out");
        let from = format!("file://{}", self.git_dir().display());
        fs::create_dir_all(dir).expect("the folder of the checkout");
        let steps: [&[&str]; 3] = [
            &["init", "--quiet", "--template="],
            &["fetch", "--quiet", "--no-tags", "--depth=1", &from, &oid],
            &["checkout", "--quiet", "--detach", "FETCH_HEAD"],
        ];
        for step in steps {
            let done = git_in(dir).args(step).status().expect("the git program runs");
            assert!(done.success(), "git {step:?} in {}", dir.display());
        }
    }
}

fn tree_of(state: &mut State, rev: &str) -> Option<Oid> {
    let oid = state.store.read_ref(&format!("refs/heads/{rev}")).or_else(|| state.resolve(rev))?;
    state.store.commit(&oid).map(|commit| commit.tree)
}
