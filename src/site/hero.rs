//! Whether a post has its hero image: what its field says, and whether that names a file that is
//! there. What we cannot resolve is said and never replaced.

use percent_encoding::percent_decode_str;

use crate::image::provenance;
use crate::post::front_matter::Pod;
use crate::post::{Post, is_image, path};

use super::Site;
use super::field::{FILE_KEYS, Held, held, is_address, names_picture_in, plain_link};
use super::target::join;

/// Folders whose files are published at the root of the site.
pub(super) const STATIC: [&str; 5] = ["static", "public", "source", "assets", "src"];
/// Longest value that is looked up; longer ones (inline data) are no paths.
const LONGEST_VALUE: usize = 1024;

/// What is known of a file that a sparse checkout may have left out. Git leaves the list of folders behind
/// when a checkout becomes whole again.
const UNSEEN: &str = "no such file is in this checkout, which may be sparse: where the repository has the file, add its folder to `sparse-checkout` of `actions/checkout`";

/// The state of a post's hero image.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Hero {
    /// None, or the value we would write while the file is missing.
    Missing,
    /// A title card of ours that waits for a real picture; it counts as missing.
    Card {
        /// Its path relative to the root, with `/`.
        file: String,
    },
    /// A file of the repository.
    Present {
        /// Its path relative to the root, with `/`.
        file: String,
    },
    /// A picture of the body is the hero: one of ours, or the one on top.
    Embedded,
    /// Something that we cannot resolve.
    Unresolved {
        /// The value, at most 200 characters.
        value: String,
        /// Why, for people.
        why: &'static str,
    },
}

impl Hero {
    /// Whether the post has no hero image of its own.
    pub fn is_missing(&self) -> bool {
        matches!(self, Self::Missing | Self::Card { .. })
    }

    /// The file of the repository that it is.
    pub fn file(&self) -> Option<&str> {
        match self {
            Self::Card { file } | Self::Present { file } => Some(file),
            Self::Missing | Self::Embedded | Self::Unresolved { .. } => None,
        }
    }
}

impl Site {
    /// The state of this post's hero image.
    pub fn hero(&self, post: &Post) -> Hero {
        let Some(field) = &self.field else { return self.embedded(post) };
        match held(post.front_matter(), field) {
            Held::Nothing => self.embedded(post),
            Held::Odd => {
                Hero::Unresolved { value: "a value that is no path".to_owned(), why: "its type does not fit" }
            }
            Held::Text(value) | Held::Listed(value) => self.judge(post, value),
        }
    }

    /// The picture of the body that is the hero; it counts only where the embed is how this site shows its
    /// pictures.
    pub fn shown<'p>(&self, post: &'p Post) -> Option<&'p str> {
        let counts = self.embed() == super::Embed::Obsidian && !post.pictures().is_empty();
        if counts { post.pictures().hero(&self.our_files(post)) } else { None }
    }

    /// Names of the files that count as ours in this post.
    pub fn our_files(&self, post: &Post) -> Vec<String> {
        let ours = [self.target(post), self.plain_target(post.path())];
        let files = ours.iter().flat_map(super::Target::our_names).map(|target| target.name());
        files.collect()
    }

    fn embedded(&self, post: &Post) -> Hero {
        let Some(shown) = self.shown(post) else { return self.elsewhere(post) };
        let file = if self.cards_wait(post) { self.resolve(post, shown) } else { None };
        let card = file.filter(|file| self.is_waiting_card(post, shown, file));
        card.map_or(Hero::Embedded, |file| Hero::Card { file })
    }

    /// What a post says that names its picture in another field than the site.
    fn elsewhere(&self, post: &Post) -> Hero {
        match self.filled_other(post).map(|other| held(post.front_matter(), other)) {
            Some(Held::Text(value) | Held::Listed(value)) => self.judge(post, plain_link(value)),
            _ => Hero::Missing,
        }
    }

    /// The first other field in which this post names a picture.
    fn filled_other(&self, post: &Post) -> Option<&'static str> {
        self.others.iter().copied().find(|other| names_picture_in(post.front_matter(), other))
    }

    /// The field that this post has instead of the site's: one that names its picture, or one that waits
    /// for it.
    pub(super) fn other_field(&self, post: &Post) -> Option<&'static str> {
        let own = self.field.as_deref()?;
        if held(post.front_matter(), own) != Held::Nothing {
            return None;
        }
        let kin = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with('.'));
        let waits = |other: &&str| {
            let there = post.get(other).is_some_and(|value| !matches!(value, Pod::Hash(_)));
            there && held(post.front_matter(), other) == Held::Nothing && !kin(other, own) && !kin(own, other)
        };
        let waiting = || self.others.iter().copied().find(waits).filter(|_| post.get(own).is_none());
        self.filled_other(post).or_else(waiting)
    }

    fn judge(&self, post: &Post, value: &str) -> Hero {
        let unresolved = |why| Hero::Unresolved { value: value.chars().take(200).collect(), why };
        if let Some(file) = self.resolve(post, value) {
            return if !is_image(&file) {
                unresolved("the file is no image")
            } else if self.is_waiting_card(post, value, &file) {
                Hero::Card { file }
            } else {
                Hero::Present { file }
            };
        }
        if is_address(value) {
            return unresolved("it is an address of another host");
        }
        if self.is_our_value(post, value) {
            return Hero::Missing;
        }
        unresolved(if self.sparse { UNSEEN } else { "no such file is in the repository" })
    }

    /// Whether a card of ours waits for another picture: a real one that somebody can draw, or the one
    /// that the post asks for.
    fn cards_wait(&self, post: &Post) -> bool {
        self.options.cards_wait || post.regenerate().is_some()
    }

    /// Whether the file that this value names is a card of ours that waits.
    fn is_waiting_card(&self, post: &Post, value: &str, file: &str) -> bool {
        self.cards_wait(post)
            && self.is_our_value(post, value)
            && provenance::read_file(&self.root.join(file)).is_some_and(|provenance| provenance.is_card())
    }

    /// Whether this preset would write this value for this post.
    fn is_our_value(&self, post: &Post, value: &str) -> bool {
        let ours = [self.target(post), self.plain_target(post.path())];
        ours.iter().flat_map(super::Target::our_names).any(|target| target.value() == value)
    }

    /// The file a value names, relative to the root: beside the post, under the folders that are
    /// published at the site's root, or from the root itself.
    pub(super) fn resolve(&self, post: &Post, value: &str) -> Option<String> {
        if value.len() > LONGEST_VALUE || is_address(value) || value.contains("{{") {
            return None;
        }
        let plain = value.split(['?', '#']).next().unwrap_or(value);
        let decoded = percent_decode_str(plain).decode_utf8_lossy();
        let mut spellings = vec![value];
        for spelling in [plain, decoded.as_ref()] {
            if !spellings.contains(&spelling) {
                spellings.push(spelling);
            }
        }
        spellings.into_iter().find_map(|spelling| self.look_up(post, spelling))
    }

    fn look_up(&self, post: &Post, value: &str) -> Option<String> {
        let value = value.trim();
        if let Some(alias) = value.strip_prefix("~/").or_else(|| value.strip_prefix("@/")) {
            return self.shared_file(&join(&self.folder, "src"), alias);
        }
        let beside = || normal(post.folder(), value).filter(|file| self.root.join(file).is_file());
        let beside = if value.starts_with('/') { None } else { beside() };
        beside
            .or_else(|| STATIC.iter().find_map(|name| self.shared_file(&join(&self.folder, name), value)))
            .or_else(|| self.shared_file(&self.folder, value))
            .or_else(|| if self.folder.is_empty() { None } else { self.shared_file("", value) })
            .or_else(|| self.shared_file(&join(&self.folder, "content"), value))
            .or_else(|| self.attachment(post, value))
    }

    /// A bare name in the folder where a vault keeps its pictures: its links need no more.
    fn attachment(&self, post: &Post, value: &str) -> Option<String> {
        let bare = self.embed() == super::Embed::Obsidian && !value.contains('/');
        let target = bare.then(|| self.plain_target(post.path()).file())?;
        self.shared_file(path::folder(&target), value)
    }

    /// The normal path, relative to the root, of an existing file in a place that all posts share; never
    /// one outside it.
    fn shared_file(&self, folder: &str, path: &str) -> Option<String> {
        normal(folder, path).filter(|file| self.folders.hold(file))
    }
}

/// The dotted path of the field for this post: where it holds a mapping, the key in it that names the
/// file.
pub(super) fn exact_field(post: &Post, field: &str) -> String {
    match post.get(field) {
        Some(Pod::Hash(map)) => {
            let key = FILE_KEYS.iter().find(|key| map.contains_key(**key)).unwrap_or(&FILE_KEYS[0]);
            format!("{field}.{key}")
        }
        _ => field.to_owned(),
    }
}

/// Joins two paths without `.` and `..`; `None` when that leads out of the root or nowhere.
pub(super) fn normal(folder: &str, path: &str) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." => _ = parts.pop()?,
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}
