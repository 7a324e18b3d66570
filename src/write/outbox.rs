//! The outbox: pictures from when they are made until they are on GitHub, in the report folder. Whatever
//! ends a run between the two, a later one that finds the folder, because the workspace is kept or an
//! earlier step restored it, need not pay for them again.
//!
//! An entry is one file: the picture, a line break, and in one line of JSON a note of what the picture's
//! own marks do not tell, with its digest; programs that show pictures stop before it. It stands under the
//! picture's path in the repository, and takes that name in one step: an entry that was written whole and
//! did not come to its name is named by the next run. Nothing of it is trusted: anybody may have put it
//! there.

use std::fs::{self, FileType};
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use ignore::{DirEntry, WalkBuilder};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{NewFile, Tree, ignore_itself, link_between, make_folder, stale_temp};
use crate::disk;

/// Folder of pictures that are not needed, and the most of them.
const ASIDE: &str = "unused";
const MOST_ASIDE: usize = 100;
/// Most pictures that are looked at.
const MOST: usize = 1_000;
/// Longest note in bytes, text in it in characters, and largest picture in bytes.
const LONGEST_NOTE: u64 = 64 * 1024;
const LONGEST_TEXT: usize = 2_000;
const LARGEST: u64 = 25 * 1024 * 1024;

/// What is known of a picture in the outbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OutboxEntry {
    /// The post it was made for: a path to compare with, not to open.
    pub post: String,
    /// The branch on which it should land.
    pub branch: String,
    /// Alt text.
    pub alt: String,
    /// Prompt it was made with; empty where the author wrote it, or for a card.
    pub prompt: String,
    /// It answers the post's wish for a new one.
    #[serde(default)]
    pub anew: bool,
    /// The picture whose place it takes, where a run was asked to draw it anew and the post says nothing of that.
    #[serde(default)]
    pub replaces: Option<ReplacedPicture>,
    /// Its SHA-256 in lower-case hexadecimal digits; `None` for whatever stands under its path.
    #[serde(default)]
    pub digest: Option<String>,
    /// Its path in the repository: that of the entry in the outbox, whatever the note says.
    pub picture: String,
}

/// A picture of the repository as it was when another was made to take its place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReplacedPicture {
    /// Its path in the repository: one to compare with, not to open.
    pub file: String,
    /// Its SHA-256 in lower-case hexadecimal digits.
    pub digest: String,
}

impl ReplacedPicture {
    /// Whether these bytes are that picture.
    pub fn is(&self, bytes: &[u8]) -> bool {
        self.digest == digest(bytes)
    }
}

fn digest(picture: &[u8]) -> String {
    Sha256::digest(picture).iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The folder of pictures that are not on GitHub yet.
#[derive(Debug, Clone)]
pub struct Outbox {
    root: PathBuf,
    reports: PathBuf,
    dir: PathBuf,
}

impl Outbox {
    /// The outbox in a report folder, for pictures of the repository at `root`.
    pub fn new(root: &Path, reports: &Path) -> Self {
        Self { root: root.to_owned(), reports: reports.to_owned(), dir: reports.join("pictures") }
    }

    /// The picture that stands under this path of the repository, for the note of its successor; `None` where none
    /// can be read.
    pub fn replaced(&self, file: &str) -> Option<ReplacedPicture> {
        let digest = digest(&self.read(&self.root.join(file), LARGEST)?);
        Some(ReplacedPicture { file: file.to_owned(), digest })
    }

    /// Puts a picture in the outbox, in the place of what has its path there.
    ///
    /// # Errors
    /// Why it could not be, as a warning would say it.
    pub async fn keep(&self, kept: &OutboxEntry, picture: &[u8]) -> Result<(), String> {
        let put = self.put(kept, picture).await;
        put.map_err(|error| format!("`{}` could not be kept in the report folder: {error}", kept.picture))
    }

    async fn put(&self, kept: &OutboxEntry, picture: &[u8]) -> io::Result<()> {
        self.make_folders(&kept.picture)?;
        let note = OutboxEntry { digest: Some(digest(picture)), ..kept.clone() };
        let entry = [picture, b"\n", &serde_json::to_vec(&note)?].concat();
        let file = NewFile { path: &kept.picture, bytes: &entry };
        Tree::open(&self.dir)?.write(file).await.map_err(io::Error::other)
    }

    /// Makes the folders for a picture, before anybody is asked for it: then a picture that came is in the
    /// outbox with the first name that it gets. [`Outbox::prune`] takes them back.
    ///
    /// # Errors
    /// What the system says, or the link in the way.
    pub fn make_folders(&self, picture: &str) -> io::Result<()> {
        let target = self.dir.join(picture);
        if let Some(link) = link_between(&self.root, &target) {
            return Err(io::Error::other(format!("`{}` is a symbolic link", link.display())));
        }
        make_folder(target.parent().unwrap_or(&self.dir))?;
        ignore_itself(&self.reports)
    }

    /// Removes the folders that hold nothing.
    pub fn prune(&self) {
        let mut folders: Vec<_> = self.walk(|kind| kind.is_dir()).collect();
        // What is deeper has to go first; one that holds something is not removed.
        folders.sort_unstable_by(|a, b| b.cmp(a));
        folders.iter().for_each(|folder| _ = fs::remove_dir(folder));
    }

    /// Gives their names to entries of a killed run that were written whole, and removes its other temporary
    /// files. To be called where no other run writes here.
    pub fn name_whole_entries(&self) {
        let files: Vec<_> = self.walk(|kind| kind.is_file()).collect();
        for file in files.iter().filter(|file| stale_temp::is_temporary(file)) {
            let Some((_, note)) = self.read(file, LARGEST + LONGEST_NOTE).and_then(whole) else { continue };
            let Some(name) = Path::new(&note.picture).file_name() else { continue };
            if let Err(error) = fs::rename(file, file.with_file_name(name)) {
                tracing::debug!("{} is left of an earlier run and stays: {error}", file.display());
            }
        }
        files.iter().filter_map(|file| file.parent()).for_each(stale_temp::sweep);
    }

    /// Keeps a picture that its post does not need any more, for a person to look at: apart from the outbox,
    /// so that no run ever publishes it. Gives its place in the report folder.
    ///
    /// # Errors
    /// Why it is not kept, in words.
    pub fn set_aside(&self, picture: &str, bytes: &[u8]) -> Result<String, String> {
        let file = format!("{ASIDE}/{picture}");
        let dir = self.reports.join(ASIDE);
        if let Some(link) = link_between(&self.root, &self.reports.join(&file)) {
            return Err(format!("`{}` is a symbolic link", link.display()));
        }
        let kept = WalkBuilder::new(&dir).standard_filters(false).build().filter_map(Result::ok);
        let kept = kept.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        if kept.take(MOST_ASIDE).count() == MOST_ASIDE {
            return Err(format!("`{ASIDE}/` of the report folder holds {MOST_ASIDE} files already"));
        }
        let put = fs::create_dir_all(&dir).and_then(|()| ignore_itself(&self.reports));
        put.map_err(|error| error.to_string())?;
        let tree = Tree::open(&dir).map_err(|error| error.to_string())?;
        tree.write_blocking(NewFile { path: picture, bytes }).map_err(|error| error.to_string())?;
        Ok(file)
    }

    /// Takes a picture out of the outbox, with the folders that are empty then.
    pub fn clear(&self, picture: &str) {
        let target = self.dir.join(picture);
        if link_between(&self.root, &target).is_some() {
            return;
        }
        // What is left lies there until the next run looks at it.
        let _ = fs::remove_file(&target);
        let folders = target.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.dir));
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    /// Whether these bytes are a picture of the outbox.
    pub fn holds(&self, picture: &[u8]) -> bool {
        let digest = Some(digest(picture));
        self.all().iter().any(|entry| entry.digest == digest)
    }

    /// Everything in the outbox that has a readable note, in the order of the paths.
    pub fn all(&self) -> Vec<OutboxEntry> {
        let named = self.walk(|kind| kind.is_file()).filter(|file| !stale_temp::is_temporary(file));
        named.filter_map(|file| self.entry(&file)).take(MOST).collect()
    }

    /// What the outbox holds of one kind, in the order of the paths; no link is followed.
    fn walk(&self, is_wanted: fn(FileType) -> bool) -> impl Iterator<Item = PathBuf> {
        let is_inside = link_between(&self.root, &self.dir).is_none();
        let mut walk = WalkBuilder::new(&self.dir);
        walk.standard_filters(false).sort_by_file_path(Path::cmp);
        let entries = is_inside.then(|| walk.build()).into_iter().flatten().filter_map(Result::ok);
        entries.filter(move |entry| entry.file_type().is_some_and(is_wanted)).map(DirEntry::into_path)
    }

    /// What the note of an entry says; only the end of the file is read.
    fn entry(&self, file: &Path) -> Option<OutboxEntry> {
        let picture = file.strip_prefix(&self.dir).ok()?.to_str()?.to_owned();
        let mut opened = disk::open(file).ok()?;
        let length = opened.metadata().ok()?.len();
        opened.seek(SeekFrom::Start(length.saturating_sub(LONGEST_NOTE))).ok()?;
        let mut end = Vec::new();
        opened.take(LONGEST_NOTE).read_to_end(&mut end).ok()?;
        let (_, note) = split(&end)?;
        let line = |text: &str| {
            let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            plain.take(LONGEST_TEXT).collect()
        };
        Some(OutboxEntry { picture, alt: line(&note.alt), prompt: line(&note.prompt), ..note })
    }

    /// The bytes of a picture that is `ours`, from the outbox or from where it stands in the repository.
    pub fn picture(&self, kept: &OutboxEntry, ours: impl Fn(&[u8]) -> bool) -> Option<Vec<u8>> {
        let its_own = |bytes: &Vec<u8>| kept.digest.as_ref().is_none_or(|known| *known == digest(bytes));
        let is_good = |bytes: &Vec<u8>| its_own(bytes) && ours(bytes);
        let waiting = self.read(&self.dir.join(&kept.picture), LARGEST + LONGEST_NOTE).and_then(whole);
        let waiting = waiting.map(|(picture, _)| picture).filter(is_good);
        waiting.or_else(|| self.read(&self.root.join(&kept.picture), LARGEST).filter(is_good))
    }

    /// A whole file of at most so many bytes that no link leads to.
    fn read(&self, path: &Path, most: u64) -> Option<Vec<u8>> {
        let opened = link_between(&self.root, path).is_none().then(|| disk::open(path).ok())??;
        disk::whole(opened, most).ok()
    }
}

/// Picture and note of an entry of which nothing is missing.
fn whole(mut entry: Vec<u8>) -> Option<(Vec<u8>, OutboxEntry)> {
    let (length, note) = split(&entry)?;
    entry.truncate(length);
    (note.digest.as_ref() == Some(&digest(&entry))).then_some((entry, note))
}

/// Length of the picture and the note behind it, in the end of an entry.
fn split(entry: &[u8]) -> Option<(usize, OutboxEntry)> {
    let at = entry.iter().rposition(|byte| *byte == b'\n')?;
    Some((at, serde_json::from_slice(&entry[at + 1..]).ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(picture: &str) -> OutboxEntry {
        let words = |text: &str| text.to_owned();
        OutboxEntry {
            post: words("posts/a.md"),
            branch: words("main"),
            alt: words("A boat"),
            prompt: words("Boats"),
            anew: false,
            replaces: None,
            digest: None,
            picture: words(picture),
        }
    }

    fn outbox() -> (tempfile::TempDir, Outbox) {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir_all(root.path().join("img/b")).unwrap();
        fs::write(root.path().join("img/b/a.jpg"), "picture").unwrap();
        let outbox = Outbox::new(root.path(), &root.path().join(".image-fallback"));
        (root, outbox)
    }

    #[tokio::test]
    async fn a_picture_is_found_again_with_its_note_also_when_the_workspace_lost_it() {
        let (root, outbox) = outbox();
        assert!(outbox.all().is_empty());
        outbox.keep(&kept("img/b/a.jpg"), b"picture").await.unwrap();
        fs::remove_file(root.path().join("img/b/a.jpg")).unwrap();
        let all = outbox.all();
        assert_eq!(all, [OutboxEntry { digest: Some(digest(b"picture")), ..kept("img/b/a.jpg") }]);
        assert_eq!(outbox.picture(&all[0], |_| true).as_deref(), Some(&b"picture"[..]));
        assert_eq!(outbox.picture(&all[0], |_| false), None, "it is not ours");
        assert!(outbox.holds(b"picture") && !outbox.holds(b"another"));
        assert_eq!(fs::read_to_string(root.path().join(".image-fallback/.gitignore")).unwrap(), "*\n");
    }

    #[tokio::test]
    async fn an_empty_outbox_leaves_no_folder() {
        let (root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"picture").await.unwrap();
        outbox.clear("img/b/a.jpg");
        assert!(!root.path().join(".image-fallback/pictures").exists());
        assert!(root.path().join("img/b/a.jpg").exists());
    }

    #[tokio::test]
    async fn a_picture_that_was_made_again_takes_the_place_of_the_first() {
        let (_root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"picture").await.unwrap();
        outbox.keep(&kept("img/b/a.jpg"), b"another").await.unwrap();
        assert_eq!(outbox.picture(&outbox.all()[0], |_| true).as_deref(), Some(&b"another"[..]));
    }

    #[tokio::test]
    async fn a_torn_entry_is_not_read_and_its_note_speaks_of_no_other_picture() {
        let (root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"the new one").await.unwrap();
        let all = outbox.all();
        let file = root.path().join(".image-fallback/pictures/img/b/a.jpg");
        let entry = fs::read(&file).unwrap();
        fs::write(&file, &entry[4..]).unwrap();
        assert_eq!(outbox.picture(&all[0], |_| true), None, "in the repository stands the old one");
        fs::write(&file, &entry[..entry.len() - 1]).unwrap();
        assert!(outbox.all().is_empty());
        fs::write(root.path().join("img/b/a.jpg"), "the new one").unwrap();
        assert_eq!(outbox.picture(&all[0], |_| true).as_deref(), Some(&b"the new one"[..]));
    }

    #[tokio::test]
    async fn a_whole_entry_that_did_not_come_to_its_name_is_named_and_half_a_one_removed() {
        let (root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"picture\nof two lines").await.unwrap();
        let folder = root.path().join(".image-fallback/pictures/img/b");
        let entry = fs::read(folder.join("a.jpg")).unwrap();
        fs::remove_file(folder.join("a.jpg")).unwrap();
        for (name, length) in [("abcdef", entry.len()), ("uvwxyz", entry.len() / 2)] {
            fs::write(folder.join(format!(".image-fallback-4194305-{name}")), &entry[..length]).unwrap();
        }
        assert!(outbox.all().is_empty());
        outbox.name_whole_entries();
        let all = outbox.all();
        assert_eq!(all[0].picture, "img/b/a.jpg");
        assert_eq!(outbox.picture(&all[0], |_| true).as_deref(), Some(&b"picture\nof two lines"[..]));
        assert_eq!(fs::read_dir(folder).unwrap().count(), 1);
    }

    #[tokio::test]
    async fn folders_made_for_pictures_that_never_came_are_taken_back() {
        let (root, outbox) = outbox();
        outbox.prune();
        outbox.make_folders("img/b/a.jpg").unwrap();
        outbox.make_folders("img/c/a.jpg").unwrap();
        outbox.keep(&kept("img/b/a.jpg"), b"picture").await.unwrap();
        outbox.prune();
        assert!(root.path().join(".image-fallback/pictures/img/b").exists());
        assert!(!root.path().join(".image-fallback/pictures/img/c").exists());
        outbox.clear("img/b/a.jpg");
        assert!(!root.path().join(".image-fallback/pictures").exists());
    }

    #[test]
    fn a_picture_that_is_set_aside_is_never_in_the_outbox_and_their_number_is_bounded() {
        let (root, outbox) = outbox();
        for number in 0..MOST_ASIDE {
            let file = outbox.set_aside(&format!("img/{number}.jpg"), b"picture").unwrap();
            assert_eq!(fs::read(root.path().join(".image-fallback").join(file)).unwrap(), b"picture");
        }
        assert!(outbox.set_aside("img/more.jpg", b"picture").unwrap_err().contains("100 files already"));
        assert!(outbox.all().is_empty());
    }

    #[tokio::test]
    async fn notes_that_make_no_sense_and_control_characters_are_left_out() {
        let (root, outbox) = outbox();
        outbox
            .keep(&OutboxEntry { alt: "A\n::error::boat".to_owned(), ..kept("img/b/a.jpg") }, b"picture")
            .await
            .unwrap();
        assert_eq!(outbox.all()[0].alt, "A ::error::boat");
        fs::write(root.path().join(".image-fallback/pictures/b.jpg"), "picture\n[1]").unwrap();
        fs::write(root.path().join(".image-fallback/pictures/c.jpg"), vec![b' '; 70_000]).unwrap();
        assert_eq!(outbox.all().len(), 1);
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn no_link_is_followed_on_the_way_to_the_outbox_or_in_it() {
        use std::os::unix::fs::symlink;
        let (root, outbox) = outbox();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("a.jpg"), "secret").unwrap();
        fs::create_dir_all(root.path().join(".image-fallback")).unwrap();
        symlink(outside.path(), root.path().join(".image-fallback/pictures")).unwrap();
        assert!(
            outbox.keep(&kept("img/b/a.jpg"), b"picture").await.unwrap_err().contains("is a symbolic link")
        );
        assert!(outbox.all().is_empty() && outbox.picture(&kept("a.jpg"), |_| true).is_none());
        outbox.clear("a.jpg");
        assert!(outside.path().join("a.jpg").exists());
        fs::remove_file(root.path().join(".image-fallback/pictures")).unwrap();
        fs::create_dir_all(root.path().join(".image-fallback/pictures")).unwrap();
        symlink(outside.path().join("a.jpg"), root.path().join(".image-fallback/pictures/a.jpg")).unwrap();
        assert!(outbox.picture(&kept("a.jpg"), |_| true).is_none());
    }
}
