//! Whether a post has its hero image: what its field says, and whether that names a file that is
//! there. What we cannot resolve is said and never replaced.

use std::collections::HashMap;

use crate::image::provenance;
use crate::post::front_matter::{FIRST, Pod};
use crate::post::{Post, is_image};

use super::Site;
use super::claim::Evidence;
use super::field::{FILE_KEYS, Held, HeroState, held, is_address, is_of_service, list_of};
use super::target::{join, plain};

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
        match self.hero_field.state(post.path(), post.front_matter(), post.pictures()) {
            HeroState::Empty if self.finds_file(post) => {
                self.lookup.bundle_file(post.path()).map_or(Hero::Missing, |file| self.judge_file(post, file))
            }
            HeroState::Empty => Hero::Missing,
            HeroState::Named(value) => self.judge(post, value),
            HeroState::Shown(value) => self.embedded(post, value),
            HeroState::Unusable => Hero::Unresolved {
                value: "a value that is not a path".to_owned(),
                why: "its type does not fit",
            },
        }
    }

    /// The picture of the body that is the hero; it counts only where the embed is how this site shows its
    /// pictures.
    pub fn shown<'p>(&self, post: &'p Post) -> Option<&'p str> {
        match self.hero_field.state(post.path(), post.front_matter(), post.pictures()) {
            HeroState::Shown(value) => Some(value),
            HeroState::Empty | HeroState::Named(_) | HeroState::Unusable => None,
        }
    }

    /// The file of that picture, relative to the root; as the body names it where there is none.
    pub fn shown_file(&self, post: &Post) -> Option<String> {
        let shown = self.shown(post)?;
        Some(self.lookup.find(post.path(), shown).unwrap_or_else(|| shown.to_owned()))
    }

    /// The file of this hero image of the post, relative to the root, wherever the post names it.
    pub fn hero_file(&self, post: &Post, hero: &Hero) -> Option<String> {
        match hero {
            Hero::Embedded => self.shown_file(post),
            hero => hero.file().map(str::to_owned),
        }
    }

    /// Whether the theme finds the picture of this post by the name of its file.
    pub fn finds_file(&self, post: &Post) -> bool {
        self.conventions.file.is_some() && post.is_index()
    }

    fn embedded(&self, post: &Post, shown: &str) -> Hero {
        let file = if self.cards_wait(post) { self.lookup.find(post.path(), shown) } else { None };
        let card = file.filter(|file| self.is_waiting_card(post, file));
        card.map_or(Hero::Embedded, |file| Hero::Card { file })
    }

    /// The field that this post has instead of the site's: one that names its picture, or one that waits
    /// for it, where nothing but the generator's own convention speaks for the site's.
    pub(super) fn other_field(&self, post: &Post) -> Option<&str> {
        let own = self.field()?;
        if held(post.front_matter(), own) != Held::Nothing {
            return None;
        }
        let kin = |a: &str, b: &str| a.strip_prefix(b).is_some_and(|rest| rest.starts_with(['.', '[']));
        let waits = |other: &&str| {
            let there = post.get(other).is_some_and(|value| !matches!(value, Pod::Hash(_)));
            there && held(post.front_matter(), other) == Held::Nothing && !kin(other, own) && !kin(own, other)
        };
        let others = || self.hero_field.others.iter().map(String::as_str);
        // An archetype may well leave a key that no page of this site shows.
        let may_wait = self.evidence() == Evidence::Generator && post.get(own).is_none();
        let waiting = || others().find(waits).filter(|_| may_wait);
        self.hero_field.filled_other(post.front_matter()).or_else(waiting)
    }

    fn judge(&self, post: &Post, value: &str) -> Hero {
        let unresolved = |why| Hero::Unresolved { value: value.chars().take(200).collect(), why };
        let in_its_folder = post.media_folder().filter(|_| !value.contains(':')).and_then(|folder| {
            self.lookup.find_exactly(post.path(), &format!("/{}", join(&plain(folder), &plain(value))))
        });
        let exactly = in_its_folder.or_else(|| self.lookup.find_exactly(post.path(), value));
        // Asked before all pictures of the repository are looked through.
        if exactly.is_none()
            && !is_address(value)
            && let Some(hero) = self.ours(post, value)
        {
            return hero;
        }
        if let Some(file) = exactly.or_else(|| self.lookup.find_by_end(value)) {
            return if is_image(&file) {
                self.judge_file(post, file)
            } else {
                unresolved("the file is not an image")
            };
        }
        if is_address(value) {
            return unresolved("it is an address of another host");
        }
        if is_of_service(value) {
            return unresolved("it names a picture at an image service");
        }
        if value.contains('*') {
            return unresolved("it is a pattern, and which file it means is the theme's to say");
        }
        if !is_image(value.split(['?', '#']).next().unwrap_or(value)) {
            return unresolved("it names no image file; it may be the id of a picture at an image service");
        }
        unresolved(if self.sparse { UNSEEN } else { "no such file is in the repository" })
    }

    fn judge_file(&self, post: &Post, file: String) -> Hero {
        if self.is_waiting_card(post, &file) { Hero::Card { file } } else { Hero::Present { file } }
    }

    /// Whether a card of ours waits for another picture: a real one that somebody can draw, or the one
    /// that the post asks for.
    fn cards_wait(&self, post: &Post) -> bool {
        self.options.cards_wait || post.regenerate().is_some()
    }

    /// Whether this file is a card of ours that waits.
    fn is_waiting_card(&self, post: &Post, file: &str) -> bool {
        self.cards_wait(post)
            && self.is_our_file(post, file)
            && provenance::read_file(&self.root().join(file)).is_some_and(|provenance| provenance.is_card())
    }

    /// Whether this program would write this file for this post.
    fn is_our_file(&self, post: &Post, file: &str) -> bool {
        self.our_targets(post).any(|target| target.file() == file)
    }

    /// What becomes of a value that this program would write for this post; nothing of any other. The site knows
    /// by which address it publishes the folder, whatever that is.
    fn ours(&self, post: &Post, value: &str) -> Option<Hero> {
        let named = self.our_targets(post).filter(|target| target.value() == value);
        let files: Vec<String> = named.map(|target| target.file()).collect();
        if let Some(file) = files.iter().find(|file| self.root().join(file).is_file()) {
            return Some(self.judge_file(post, file.clone()));
        }
        // A link or a pipe in its place is somebody's, whatever it is for.
        let is_taken = |file: &String| self.root().join(file).symlink_metadata().is_ok();
        (!files.is_empty() && !files.iter().any(is_taken)).then_some(Hero::Missing)
    }
}

/// The dotted path of the field for this post: where it holds a mapping, or a list of them, the key in it that names
/// the file.
pub(super) fn exact_field(post: &Post, field: &str) -> String {
    let key_in = |map: &HashMap<String, Pod>| FILE_KEYS.into_iter().find(|key| map.contains_key(*key));
    // Where the site's is a list of mappings, a post may have anything else.
    let list = list_of(field).filter(|list| post.get(list).is_some_and(|value| *value != Pod::Null));
    let own = list.unwrap_or(field);
    match post.get(own) {
        Some(Pod::Hash(map)) => format!("{own}.{}", key_in(map).unwrap_or(FILE_KEYS[0])),
        Some(Pod::Array(items)) => match items.first() {
            Some(Pod::Hash(map)) => match key_in(map) {
                Some(key) if list.is_none() || post.get(field).is_none() => format!("{own}{FIRST}.{key}"),
                _ => field.to_owned(),
            },
            Some(_) => own.to_owned(),
            None => field.to_owned(),
        },
        _ => own.to_owned(),
    }
}
