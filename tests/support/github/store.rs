//! A real bare repository: git objects and refs on disk, readable by the `git` program at any moment.
//!
//! Objects are hashed and written here as loose files, because a process per picture would make the
//! fake slower than the program under test. Whatever git does better (merge bases, renames, merges)
//! is left to git.

use std::collections::HashMap;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::ZlibEncoder;
use sha1::{Digest, Sha1};

use super::diff::Change;

/// A git object id, 40 lower-case hexadecimal digits.
pub type Oid = String;

/// What an object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Blob,
    Tree,
    Commit,
}

impl Kind {
    /// The word git uses.
    pub fn word(self) -> &'static str {
        match self {
            Self::Blob => "blob",
            Self::Tree => "tree",
            Self::Commit => "commit",
        }
    }
}

/// The bare repository behind the fake.
pub struct Store {
    dir: PathBuf,
    objects: HashMap<Oid, (Kind, Bytes)>,
    pub(super) diffs: HashMap<(String, String), Vec<Change>>,
}

impl Store {
    /// Creates an empty bare repository in `dir`.
    pub fn init(dir: PathBuf, default_branch: &str) -> Self {
        let store = Self { dir, objects: HashMap::new(), diffs: HashMap::new() };
        fs::create_dir_all(&store.dir).expect("the folder of the repository");
        store.git(&["init", "--quiet", "--bare", "--template=", "--initial-branch", default_branch, "."]);
        // Checkouts of any commit, as `actions/checkout` makes them.
        store.git(&["config", "uploadpack.allowAnySHA1InWant", "true"]);
        store
    }

    /// The folder of the bare repository.
    pub fn dir(&self) -> &Path {
        &self.dir
    }

    /// Runs git in the repository, whatever its exit code, free of this machine's configuration.
    pub fn try_git(&self, args: &[&str]) -> Output {
        git_in(&self.dir).args(args).output().expect("the git program runs")
    }

    /// Runs git in the repository and gives what it printed; a failure ends the test.
    pub fn git(&self, args: &[&str]) -> String {
        let output = self.try_git(args);
        assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).expect("git speaks UTF-8 here")
    }

    /// Stores an object, gives its id.
    pub fn put(&mut self, kind: Kind, body: impl Into<Bytes>) -> Oid {
        let body = body.into();
        let head = format!("{} {}\0", kind.word(), body.len());
        let oid = hex(&Sha1::new().chain_update(&head).chain_update(&body).finalize());
        if !self.objects.contains_key(&oid) {
            self.write_loose(&oid, head.as_bytes(), &body).expect("the object is written");
            self.objects.insert(oid.clone(), (kind, body));
        }
        oid
    }

    fn write_loose(&self, oid: &str, head: &[u8], body: &[u8]) -> io::Result<()> {
        let folder = self.dir.join("objects").join(&oid[..2]);
        fs::create_dir_all(&folder)?;
        let temporary = folder.join(format!("tmp_{oid}"));
        // Pictures do not shrink, and nobody reads these files twice.
        let mut file = ZlibEncoder::new(fs::File::create(&temporary)?, Compression::none());
        file.write_all(head)?;
        file.write_all(body)?;
        file.finish()?;
        fs::rename(temporary, folder.join(&oid[2..]))
    }

    /// The object with this id, also one that the git program put there.
    pub fn get(&mut self, oid: &str) -> Option<(Kind, Bytes)> {
        if !is_oid(oid) {
            return None;
        }
        if let Some(found) = self.objects.get(oid) {
            return Some(found.clone());
        }
        let kind = match String::from_utf8_lossy(&self.try_git(&["cat-file", "-t", oid]).stdout).trim() {
            "blob" => Kind::Blob,
            "tree" => Kind::Tree,
            "commit" => Kind::Commit,
            _ => return None,
        };
        let body = Bytes::from(self.try_git(&["cat-file", kind.word(), oid]).stdout);
        self.objects.insert(oid.to_owned(), (kind, body.clone()));
        Some((kind, body))
    }

    /// The bytes of an object, if it is of this kind.
    pub fn get_as(&mut self, kind: Kind, oid: &str) -> Option<Bytes> {
        self.get(oid).filter(|(found, _)| *found == kind).map(|(_, body)| body)
    }

    /// What a ref such as `refs/heads/main` points to.
    pub fn read_ref(&self, name: &str) -> Option<Oid> {
        let text = fs::read_to_string(self.dir.join(name)).ok()?;
        Some(text.trim().to_owned()).filter(|oid| is_oid(oid))
    }

    /// Points a ref somewhere; fails where a ref stands in the way of its folder (`a` and `a/b`).
    pub fn write_ref(&self, name: &str, oid: &str) -> io::Result<()> {
        let path = self.dir.join(name);
        fs::create_dir_all(path.parent().unwrap_or(&self.dir))?;
        fs::write(path, format!("{oid}\n"))
    }

    /// Removes a ref and the folders it leaves empty.
    pub fn delete_ref(&self, name: &str) {
        let path = self.dir.join(name);
        let _gone_already = fs::remove_file(&path);
        let mut folder = path.parent();
        while let Some(empty) = folder.filter(|f| f.starts_with(self.dir.join("refs")))
            && empty.parent() != Some(&self.dir.join("refs"))
            && fs::remove_dir(empty).is_ok()
        {
            folder = empty.parent();
        }
    }

    /// All refs, sorted by name.
    pub fn refs(&self) -> Vec<(String, Oid)> {
        let mut found = Vec::new();
        let mut folders = vec![PathBuf::from("refs")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(self.dir.join(&folder)).into_iter().flatten().flatten() {
                let path = folder.join(entry.file_name());
                if entry.path().is_dir() {
                    folders.push(path);
                } else if let (Some(name), Some(oid)) =
                    (path.to_str(), self.read_ref(&path.to_string_lossy()))
                {
                    found.push((name.to_owned(), oid));
                }
            }
        }
        found.sort();
        found
    }

    /// Whether no branch exists, which GitHub calls an empty repository.
    pub fn is_empty(&self) -> bool {
        !self.refs().iter().any(|(name, _)| name.starts_with("refs/heads/"))
    }
}

/// A git command in `dir` that reads no configuration but the repository's.
pub fn git_in(dir: &Path) -> Command {
    let mut command = Command::new("git");
    command.current_dir(dir).env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
    command.env("GIT_CONFIG_NOSYSTEM", "1").env("GIT_CONFIG_GLOBAL", "/dev/null");
    command
}

fn is_oid(text: &str) -> bool {
    text.len() == 40 && text.bytes().all(|b| b.is_ascii_hexdigit())
}

fn hex(digest: &[u8]) -> Oid {
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
