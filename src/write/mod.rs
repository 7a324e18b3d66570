//! Whole files only: a file is written under a temporary name in its own folder and renamed, so that
//! an interrupted run leaves no half file, and nothing outside the root is ever touched.
//!
//! A post never names a picture that is not there: the picture is written first, and taken back when
//! the post cannot be written. What is written is on the disk before it gets its name.

mod attributes;
mod error;
mod outbox;
mod stale_temp;
mod submodules;

use std::collections::{HashMap, HashSet};
use std::fs::{self, File, Metadata};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard};

use tempfile::NamedTempFile;

use crate::disk;
use crate::fault::lock;
use crate::post::path;
use attributes::Attributes;

pub use error::WriteError;
pub use outbox::{Outbox, OutboxEntry, ReplacedPicture};
pub use submodules::Submodules;

/// A file to write: its path relative to the root, with `/`, and its bytes.
#[derive(Debug, Clone, Copy)]
pub struct NewFile<'a> {
    /// Where.
    pub path: &'a str,
    /// What.
    pub bytes: &'a [u8],
}

impl NewFile<'_> {
    fn refused(&self, source: io::Error) -> WriteError {
        WriteError::Refused { path: self.path.to_owned(), source }
    }
}

/// The first link on the way to `path`, from where that way parts with the way to `root`: above it
/// nothing is the blog's.
pub fn link_between<'a>(root: &Path, path: &'a Path) -> Option<&'a Path> {
    let mut ways: Vec<_> = path.ancestors().take_while(|way| !root.starts_with(way)).collect();
    ways.reverse();
    ways.into_iter().find(|way| way.is_symlink())
}

/// Keeps a report folder out of commits.
///
/// # Errors
/// What the system says.
pub fn ignore_itself(dir: &Path) -> io::Result<()> {
    match File::create_new(dir.join(".gitignore")) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => Ok(()),
        file => file?.write_all(b"*\n"),
    }
}

/// Makes a folder and those above it. One that is there costs no call that changes names: a run that is
/// killed before such a call keeps a picture in memory only.
fn make_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() { Ok(()) } else { fs::create_dir_all(folder) }
}

/// Whether a report folder keeps itself out of commits already.
pub fn ignores_itself(dir: &Path) -> bool {
    let read = disk::open(&dir.join(".gitignore")).and_then(|file| disk::beginning(file, 16));
    read.is_ok_and(|text| text.trim() == "*")
}

/// Room that a place must have before a picture is paid for: most pictures are smaller.
const ROOM: u64 = 512 * 1024;

/// The folder in which files are written.
#[derive(Debug, Clone)]
pub struct Tree {
    root: PathBuf,
    submodules: Submodules,
    /// Which post of this run each picture belongs to, whatever the letter case of its name.
    owners: Arc<Mutex<HashMap<String, String>>>,
    /// Folders that were looked through for what a killed run left.
    swept: Arc<Mutex<HashSet<PathBuf>>>,
    /// Folders that took a file in this run; none once a file was refused.
    proven: Arc<Mutex<HashSet<PathBuf>>>,
}

impl Tree {
    /// Opens the folder; its own path may go through links.
    ///
    /// # Errors
    /// When there is no such folder.
    pub fn open(root: &Path) -> io::Result<Self> {
        let (owners, swept, proven) = (Arc::default(), Arc::default(), Arc::default());
        let root = root.canonicalize()?;
        Ok(Self { submodules: Submodules::of(&root), root, owners, swept, proven })
    }

    /// The submodules of the folder.
    pub fn submodules(&self) -> &Submodules {
        &self.submodules
    }

    /// Whether these files can be written here, to be asked before a picture is paid for: each place is
    /// admitted, and its folder, or the nearest one that is there, takes a file as large as a picture
    /// that never gets a name.
    ///
    /// # Errors
    /// Every [`WriteError`] but [`WriteError::NoName`].
    pub fn prove(&self, paths: &[&str]) -> Result<(), WriteError> {
        let mut attributes = Attributes::default();
        paths.iter().try_for_each(|path| self.prove_one(path, &mut attributes))
    }

    fn prove_one(&self, path: &str, attributes: &mut Attributes) -> Result<(), WriteError> {
        let full = self.admit(path, attributes)?;
        let folder = full.ancestors().skip(1).find(|folder| folder.is_dir()).unwrap_or(&self.root);
        if !self.proven().contains(folder) {
            // Bytes that are written, since a length that is set takes no room.
            let proof = tempfile::tempfile_in(folder)
                .and_then(|mut file| io::copy(&mut io::repeat(0).take(ROOM), &mut file));
            proof.map_err(|source| WriteError::Refused { path: path.to_owned(), source })?;
            self.proven().insert(folder.to_owned());
        }
        Ok(())
    }

    /// Whether a file may be written here by the rules of this tree, and those of git at this moment.
    fn admit(&self, path: &str, attributes: &mut Attributes) -> Result<PathBuf, WriteError> {
        let full = self.place(path)?;
        let parts: Vec<&str> = path.split('/').collect();
        let pattern = attributes
            .lfs_pattern(&self.root, &parts)
            .map_err(|(file, source)| WriteError::Attributes { path: path.to_owned(), file, source })?;
        match pattern {
            Some(pattern) => {
                let folder = parts[..parts.len() - 1].join("/");
                Err(WriteError::Lfs { path: path.to_owned(), pattern, folder })
            }
            None => Ok(full),
        }
    }

    /// Where a file is, if nothing leads out of the tree; asked again whenever one is written.
    fn place(&self, path: &str) -> Result<PathBuf, WriteError> {
        let parts: Vec<&str> = path.split('/').collect();
        if parts.iter().any(|part| matches!(*part, "" | "." | "..") || part.contains(['\\', '\0'])) {
            return Err(WriteError::Outside { path: path.to_owned() });
        }
        // The file systems of other platforms have more names for it, and so might the clone of a reader.
        if let Some(folder) = parts.iter().find_map(|part| path::reserved(part)) {
            return Err(WriteError::Reserved { path: path.to_owned(), folder });
        }
        let mut full = self.root.clone();
        for (at, part) in parts.iter().enumerate() {
            full.push(part);
            match fs::symlink_metadata(&full) {
                Ok(found) if found.is_symlink() => {
                    return Err(WriteError::Link { path: path.to_owned(), link: parts[..=at].join("/") });
                }
                Ok(found) if found.is_dir() && at + 1 == parts.len() => {
                    return Err(WriteError::Folder { path: path.to_owned() });
                }
                Ok(_) => {}
                Err(error) if error.kind() == ErrorKind::NotFound => break,
                Err(source) => return Err(WriteError::Refused { path: path.to_owned(), source }),
            }
        }
        if let Some(submodule) = self.submodules.around(path) {
            return Err(WriteError::Submodule { path: path.to_owned(), submodule: submodule.to_owned() });
        }
        Ok(self.root.join(path))
    }

    /// Writes a file, over what is there; its mode stays, its folders are created. Others go on while the disk
    /// takes it.
    ///
    /// # Errors
    /// [`WriteError`] when the place is refused or the system is.
    pub async fn write(&self, file: NewFile<'_>) -> Result<(), WriteError> {
        let place = self.admit(file.path, &mut Attributes::default());
        self.put(file, place, true).await.map(|_| ())
    }

    /// As [`Tree::write`], where nobody else is there to go on.
    ///
    /// # Errors
    /// As [`Tree::write`].
    pub fn write_blocking(&self, file: NewFile<'_>) -> Result<(), WriteError> {
        let finish = |new: Unnamed| new.temporary.as_file().sync_all().and_then(|()| new.name(true));
        let place = self.admit(file.path, &mut Attributes::default());
        let written = place
            .and_then(|full| self.prepare(file, full))
            .and_then(|new| finish(new).map_err(|source| file.refused(source)));
        self.heed(written).map(|_| ())
    }

    /// Reserves the first name that can be had for a picture of this `owner`.
    ///
    /// A name can be had when it is free, when this `owner` took it before, or when it is the first one
    /// and taken by a file of `ours`: a later name with a picture of ours is another post's hero.
    ///
    /// # Errors
    /// Every [`WriteError`].
    pub fn claim(
        &self,
        owner: &str,
        names: impl Iterator<Item = String>,
        ours: impl Fn(&Path) -> bool,
    ) -> Result<Slot<'_>, WriteError> {
        let (mut first, mut attributes) = (None, Attributes::default());
        for (number, name) in names.enumerate() {
            let full = self.admit(&name, &mut attributes)?;
            let mine = self.owners().get(&name.to_lowercase()).map(|known| known == owner);
            let replace = full.exists() && mine.unwrap_or_else(|| number == 0 && ours(&full));
            // Another post of this run may take a free name first: then it counts as taken.
            if (replace || !(full.exists() || has_twin(&full))) && self.reserve(&name, owner) {
                return Ok(Slot { tree: self, number, name, replace, is_new: false });
            }
            first.get_or_insert(name);
        }
        Err(WriteError::NoName { first: first.unwrap_or_default() })
    }

    /// Reserves a name of this run for a post; `false` when another post has it.
    fn reserve(&self, name: &str, owner: &str) -> bool {
        self.owners().entry(name.to_lowercase()).or_insert_with(|| owner.to_owned()) == owner
    }

    fn owners(&self) -> MutexGuard<'_, HashMap<String, String>> {
        lock(&self.owners)
    }

    fn proven(&self) -> MutexGuard<'_, HashSet<PathBuf>> {
        lock(&self.proven)
    }

    /// Writes under a temporary name and renames; `false` when the name is taken and must not be
    /// replaced.
    async fn put(
        &self,
        file: NewFile<'_>,
        place: Result<PathBuf, WriteError>,
        replace: bool,
    ) -> Result<bool, WriteError> {
        let put = async {
            let new = self.prepare(file, place?)?;
            new.reach_disk().await.and_then(|()| new.name(replace)).map_err(|source| file.refused(source))
        };
        self.heed(put.await)
    }

    /// What has changed for one file has changed for those to come.
    fn heed<T>(&self, put: Result<T, WriteError>) -> Result<T, WriteError> {
        put.inspect_err(|_| self.proven().clear())
    }

    /// Writes a file that has no name of its own yet.
    fn prepare(&self, file: NewFile<'_>, full: PathBuf) -> Result<Unnamed, WriteError> {
        let refused = |source| file.refused(source);
        let folder = full.parent().unwrap_or(&self.root);
        make_folder(folder).map_err(refused)?;
        if lock(&self.swept).insert(folder.to_owned()) {
            stale_temp::sweep(folder);
        }
        let mut temporary = NamedTempFile::with_prefix_in(stale_temp::prefix(), folder).map_err(refused)?;
        temporary.write_all(file.bytes).map_err(refused)?;
        let mode = fs::metadata(&full).ok();
        set_mode(&temporary, mode.as_ref()).map_err(refused)?;
        Ok(Unnamed { temporary, full })
    }
}

/// A file that was written and has a temporary name; it goes with the value.
struct Unnamed {
    temporary: NamedTempFile,
    full: PathBuf,
}

impl Unnamed {
    /// Waits for the disk, without holding up what runs beside: else a machine that fails later may come back with
    /// the name and without the bytes.
    async fn reach_disk(&self) -> io::Result<()> {
        let file = self.temporary.as_file().try_clone()?;
        tokio::task::spawn_blocking(move || file.sync_all()).await.map_err(io::Error::other)?
    }

    /// Gives it its name; `false` when that is taken and must not be replaced.
    fn name(self, replace: bool) -> io::Result<bool> {
        let Self { temporary, full } = self;
        let renamed = if replace { temporary.persist(full) } else { temporary.persist_noclobber(full) };
        match renamed {
            Ok(_) => Ok(true),
            Err(error) if !replace && error.error.kind() == ErrorKind::AlreadyExists => Ok(false),
            Err(error) => Err(error.error),
        }
    }
}

/// A name reserved for a picture. A new picture is taken back with it, unless it is kept.
#[must_use]
#[derive(Debug)]
pub struct Slot<'a> {
    tree: &'a Tree,
    number: usize,
    name: String,
    replace: bool,
    is_new: bool,
}

impl Slot<'_> {
    /// Which of the names it is, from 0.
    pub fn number(&self) -> usize {
        self.number
    }

    /// Writes the picture under the name.
    ///
    /// # Errors
    /// Every [`WriteError`] but [`WriteError::NoName`].
    pub async fn fill(&mut self, picture: &[u8]) -> Result<(), WriteError> {
        // What git says of the name was asked when it was claimed.
        let place = self.tree.place(&self.name);
        let file = NewFile { path: &self.name, bytes: picture };
        let written = self.tree.put(file, place, self.replace).await?;
        if !written {
            self.tree.owners().remove(&self.name.to_lowercase());
            return Err(WriteError::Overtaken { path: self.name.clone() });
        }
        self.is_new = !self.replace;
        Ok(())
    }

    /// Leaves the picture where it is: a post names it.
    pub fn keep(mut self) {
        self.is_new = false;
    }
}

impl Drop for Slot<'_> {
    fn drop(&mut self) {
        if self.is_new {
            // The error to tell is the one that brought us here.
            let _leftover = fs::remove_file(self.tree.root.join(&self.name));
        }
    }
}

/// Whether there is a file whose name differs in letter case only: where somebody clones the repository the
/// two may be one. Our own names are ASCII.
fn has_twin(file: &Path) -> bool {
    let name = file.file_name().unwrap_or_default();
    let files = file.parent().and_then(|folder| folder.read_dir().ok()).into_iter().flatten().flatten();
    let mut names = files.map(|file| file.file_name());
    names.any(|other| other != name && other.eq_ignore_ascii_case(name))
}

/// Keeps the mode of the file that is replaced; a new one is readable by all, as git would make it
/// (a temporary file is its owner's alone).
#[cfg(unix)]
fn set_mode(file: &NamedTempFile, before: Option<&Metadata>) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    let mode = before.map_or(0o644, |before| before.permissions().mode() & 0o777);
    file.as_file().set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_file: &NamedTempFile, _before: Option<&Metadata>) -> io::Result<()> {
    Ok(())
}

#[cfg(test)]
mod tests;
