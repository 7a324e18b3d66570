//! The outbox: pictures from when they are made until they are on GitHub, in the report folder. Whatever
//! ends a run between the two, a later one that finds the folder, because the workspace is kept or an
//! earlier step restored it, need not pay for them again.
//!
//! Every picture stands under its path in the repository, beside it a note of what its own marks do
//! not tell. The note is written first and names the picture's digest: with the picture's own name the
//! entry is whole, and at no moment does a note speak of another picture than its own. Nothing of it is
//! trusted: anybody may have put it there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use ignore::WalkBuilder;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

use super::{NewFile, Tree, ignore_itself, link_between};
use crate::disk;

/// Ending of a note, behind the whole name of its picture.
const NOTE: &str = ".json";
/// Folder of pictures that are not needed, and the most of them.
const ASIDE: &str = "unused";
const MOST_ASIDE: usize = 100;
/// Most pictures that are looked at.
const MOST: usize = 1_000;
/// Longest note, text in it, and picture.
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
    /// Its SHA-256 in lower-case hexadecimal digits; `None` for whatever stands under its path.
    #[serde(default)]
    pub digest: Option<String>,
    /// Its path in the repository.
    #[serde(skip)]
    pub picture: String,
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

    /// Puts a picture in the outbox, in the place of what has its path there.
    ///
    /// # Errors
    /// Why it could not be, as a warning would say it.
    pub fn keep(&self, kept: &OutboxEntry, picture: &[u8]) -> Result<(), String> {
        self.put(kept, picture)
            .map_err(|error| format!("`{}` could not be kept in the report folder: {error}", kept.picture))
    }

    fn put(&self, kept: &OutboxEntry, picture: &[u8]) -> io::Result<()> {
        if let Some(link) = link_between(&self.root, &self.dir.join(&kept.picture)) {
            return Err(io::Error::other(format!("`{}` is a symbolic link", link.display())));
        }
        fs::create_dir_all(&self.dir)?;
        ignore_itself(&self.reports)?;
        let tree = Tree::open(&self.dir)?;
        let note = OutboxEntry { digest: Some(digest(picture)), ..kept.clone() };
        let note = (format!("{}{NOTE}", kept.picture), serde_json::to_vec_pretty(&note)?);
        let both = [(&*note.0, &*note.1), (&*kept.picture, picture)];
        both.into_iter()
            .try_for_each(|(path, bytes)| tree.write(NewFile { path, bytes }).map_err(io::Error::other))
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
        tree.write(NewFile { path: picture, bytes }).map_err(|error| error.to_string())?;
        Ok(file)
    }

    /// Takes a picture out of the outbox, with the folders that are empty then.
    pub fn clear(&self, picture: &str) {
        let target = self.dir.join(picture);
        if link_between(&self.root, &target).is_some() {
            return;
        }
        // What is left lies there until the next run looks at it.
        let _ = fs::remove_file(&target).and(fs::remove_file(self.dir.join(format!("{picture}{NOTE}"))));
        let folders = target.ancestors().skip(1).take_while(|folder| folder.starts_with(&self.dir));
        for folder in folders {
            if fs::remove_dir(folder).is_err() {
                break;
            }
        }
    }

    /// Everything in the outbox that has a readable note, in the order of the paths.
    pub fn all(&self) -> Vec<OutboxEntry> {
        if link_between(&self.root, &self.dir).is_some() {
            return Vec::new();
        }
        let mut walk = WalkBuilder::new(&self.dir);
        walk.standard_filters(false).sort_by_file_path(Path::cmp);
        let files = walk.build().filter_map(Result::ok);
        let files = files.filter(|entry| entry.file_type().is_some_and(|kind| kind.is_file()));
        files.filter_map(|entry| self.note(entry.path())).take(MOST).collect()
    }

    fn note(&self, path: &Path) -> Option<OutboxEntry> {
        let picture = path.strip_prefix(&self.dir).ok()?.to_str()?.strip_suffix(NOTE)?.to_owned();
        let kept: OutboxEntry = serde_json::from_slice(&read(path, LONGEST_NOTE)?).ok()?;
        let line = |text: &str| {
            let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
            plain.take(LONGEST_TEXT).collect()
        };
        Some(OutboxEntry { picture, alt: line(&kept.alt), prompt: line(&kept.prompt), ..kept })
    }

    /// The bytes of a picture that is `ours`, from the outbox or from where it stands in the repository.
    pub fn picture(&self, kept: &OutboxEntry, ours: impl Fn(&Path) -> bool) -> Option<Vec<u8>> {
        let places = [self.dir.join(&kept.picture), self.root.join(&kept.picture)];
        let plain = |place: &&PathBuf| {
            link_between(&self.root, place).is_none()
                && fs::symlink_metadata(place).is_ok_and(|found| found.is_file())
        };
        let its_own = |bytes: &Vec<u8>| kept.digest.as_ref().is_none_or(|known| *known == digest(bytes));
        let mut found = places.iter().filter(plain).filter(|place| ours(place));
        found.find_map(|place| read(place, LARGEST).filter(its_own))
    }
}

/// A whole file of at most so many bytes.
fn read(path: &Path, most: u64) -> Option<Vec<u8>> {
    disk::whole(disk::open(path).ok()?, most).ok()
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

    #[test]
    fn a_picture_is_found_again_with_its_note_also_when_the_workspace_lost_it() {
        let (root, outbox) = outbox();
        assert!(outbox.all().is_empty());
        outbox.keep(&kept("img/b/a.jpg"), b"picture").unwrap();
        fs::remove_file(root.path().join("img/b/a.jpg")).unwrap();
        let all = outbox.all();
        assert_eq!(all, [OutboxEntry { digest: Some(digest(b"picture")), ..kept("img/b/a.jpg") }]);
        assert_eq!(outbox.picture(&all[0], |_| true).as_deref(), Some(&b"picture"[..]));
        assert_eq!(outbox.picture(&all[0], |_| false), None, "it is not ours");
        assert_eq!(fs::read_to_string(root.path().join(".image-fallback/.gitignore")).unwrap(), "*\n");
    }

    #[test]
    fn an_empty_outbox_leaves_no_folder() {
        let (root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"picture").unwrap();
        outbox.clear("img/b/a.jpg");
        assert!(!root.path().join(".image-fallback/pictures").exists());
        assert!(root.path().join("img/b/a.jpg").exists());
    }

    #[test]
    fn a_picture_that_was_made_again_takes_the_place_of_the_first() {
        let (_root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"picture").unwrap();
        outbox.keep(&kept("img/b/a.jpg"), b"another").unwrap();
        assert_eq!(outbox.picture(&outbox.all()[0], |_| true).as_deref(), Some(&b"another"[..]));
    }

    #[test]
    fn a_note_whose_picture_never_came_speaks_of_no_other_picture() {
        let (root, outbox) = outbox();
        outbox.keep(&kept("img/b/a.jpg"), b"the new one").unwrap();
        fs::remove_file(root.path().join(".image-fallback/pictures/img/b/a.jpg")).unwrap();
        let all = outbox.all();
        assert_eq!(outbox.picture(&all[0], |_| true), None, "in the repository stands the old one");
        fs::write(root.path().join("img/b/a.jpg"), "the new one").unwrap();
        assert_eq!(outbox.picture(&all[0], |_| true).as_deref(), Some(&b"the new one"[..]));
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

    #[test]
    fn notes_that_make_no_sense_and_control_characters_are_left_out() {
        let (root, outbox) = outbox();
        outbox
            .keep(&OutboxEntry { alt: "A\n::error::boat".to_owned(), ..kept("img/b/a.jpg") }, b"picture")
            .unwrap();
        assert_eq!(outbox.all()[0].alt, "A ::error::boat");
        fs::write(root.path().join(".image-fallback/pictures/b.jpg.json"), "[1]").unwrap();
        fs::write(root.path().join(".image-fallback/pictures/c.jpg.json"), vec![b' '; 70_000]).unwrap();
        assert_eq!(outbox.all().len(), 1);
    }

    #[cfg(unix)]
    #[test]
    fn no_link_is_followed_on_the_way_to_the_outbox_or_in_it() {
        use std::os::unix::fs::symlink;
        let (root, outbox) = outbox();
        let outside = tempfile::tempdir().unwrap();
        fs::write(outside.path().join("a.jpg"), "secret").unwrap();
        fs::create_dir_all(root.path().join(".image-fallback")).unwrap();
        symlink(outside.path(), root.path().join(".image-fallback/pictures")).unwrap();
        assert!(outbox.keep(&kept("img/b/a.jpg"), b"picture").unwrap_err().contains("is a symbolic link"));
        assert!(outbox.all().is_empty() && outbox.picture(&kept("a.jpg"), |_| true).is_none());
        outbox.clear("a.jpg");
        assert!(outside.path().join("a.jpg").exists());
        fs::remove_file(root.path().join(".image-fallback/pictures")).unwrap();
        fs::create_dir_all(root.path().join(".image-fallback/pictures")).unwrap();
        symlink(outside.path().join("a.jpg"), root.path().join(".image-fallback/pictures/a.jpg")).unwrap();
        assert!(outbox.picture(&kept("a.jpg"), |_| true).is_none());
    }
}
