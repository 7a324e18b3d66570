//! A post that gets a picture: under which name, and what is written into the post.

use std::collections::HashMap;

use super::RecoveredPicture;
use crate::post::front_matter::{Change, FieldValue};
use crate::post::{Post, Regenerate};
use crate::site::{FoundPost, PictureTarget, SisterPicture, Site};

/// A picture that a post shares with a translation of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SharedPicture {
    /// It is made in this run, for this post.
    Made {
        /// Path of the translation.
        post: String,
    },
    /// It is there.
    Known(SisterPicture),
}

/// A post that gets a picture.
#[derive(Debug, Clone)]
pub struct Task {
    /// The post.
    pub post: Post,
    /// Its title.
    pub title: String,
    /// Where its picture goes. Its first name is no other post's; the next ones are for files that are
    /// in the way and not ours.
    pub target: PictureTarget,
    /// What the flag asks for, if it is set, or the user of all posts that are named.
    pub regenerate: Option<Regenerate>,
    /// The file of the picture it has, when that is to be replaced.
    pub replaces: Option<String>,
    /// It had no hero image, so a picture changes the coverage.
    pub missing: bool,
    /// It has a picture that is to be replaced by a better one only, so never by a title card.
    pub keeps: bool,
    /// What an earlier run made for it, so that nobody need be asked.
    pub recovered: Option<RecoveredPicture>,
    /// The picture of a translation that it takes, so that nobody need be asked.
    pub shares: Option<SharedPicture>,
    field: Option<String>,
    alt: Option<String>,
    list: bool,
    /// The theme finds the file, and nothing names it.
    is_found: bool,
}

impl Task {
    /// Dotted path of the field that names the picture; none where only the body shows it.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// A post that takes the picture of a translation.
    pub(super) fn sharing(
        found: FoundPost,
        shared: SharedPicture,
        site: &Site,
        taken: &mut HashMap<String, Option<String>>,
    ) -> Self {
        Self { shares: Some(shared), ..Self::new(found, None, false, site, taken) }
    }

    pub(super) fn new(
        found: FoundPost,
        recovered: Option<RecoveredPicture>,
        redrawn: bool,
        site: &Site,
        taken: &mut HashMap<String, Option<String>>,
    ) -> Self {
        let FoundPost { post, hero } = found;
        // What the workspace has already, the branch still has to get.
        let post = recovered.as_ref().map_or(post, |recovered| recovered.post.clone());
        let first = site.target(&post);
        let is_own = |owner: &str| site.original(owner) == site.original(post.path());
        let belongs = |taken: &HashMap<String, Option<String>>, file: &str| {
            taken.get(file).is_none_or(|owner| owner.as_deref().is_some_and(is_own))
        };
        let (missing, replaces) = (hero.is_missing(), hero.file().map(str::to_owned));
        // The name it has already comes first: our own file is overwritten in place.
        let known = recovered.as_ref().map(|recovered| recovered.kept.picture.as_str());
        let own = known
            .or(replaces.as_deref())
            .filter(|own| belongs(taken, own))
            .and_then(|own| site.our_targets(&post).chain(first.names()).find(|target| target.file() == own));
        let free = || first.names().find(|target| belongs(taken, &target.file()));
        let target = own.or_else(free).unwrap_or_else(|| first.clone());
        taken.insert(target.file(), Some(post.path().to_owned()));
        let title = post.title().map_or_else(String::new, std::borrow::Cow::into_owned);
        let regenerate = post.regenerate().or(redrawn.then_some(Regenerate::New));
        let keeps = regenerate.is_some() && !missing;
        let field = site.field_of(&post);
        let alt = site.alt_field_of(&post);
        let list = site.is_list_in(&post);
        let is_found = site.finds_file(&post);
        Self {
            post,
            title,
            target,
            regenerate,
            replaces,
            missing,
            keeps,
            recovered,
            shares: None,
            field,
            alt,
            list,
            is_found,
        }
    }

    /// The value by which the post names a picture of this target; nothing where the theme finds the file.
    pub fn value(&self, target: &PictureTarget) -> Option<String> {
        (!self.is_found).then(|| target.value())
    }

    /// Whether a new picture is wanted of which the post itself says nothing.
    pub fn is_redrawn(&self) -> bool {
        self.regenerate.is_some() && self.post.regenerate().is_none()
    }

    /// The file that will be its picture, under the name that is tried first.
    pub fn picture(&self) -> String {
        match &self.shares {
            Some(SharedPicture::Known(SisterPicture { file, copy, .. })) => {
                copy.as_ref().unwrap_or(file).clone()
            }
            _ => self.target.file(),
        }
    }

    /// The translation whose picture it takes.
    pub fn sister(&self) -> Option<&str> {
        match self.shares.as_ref()? {
            SharedPicture::Made { post } | SharedPicture::Known(SisterPicture { post, .. }) => Some(post),
        }
    }

    /// The edit of the front matter that names the picture: the field, the alt text where the post has
    /// none, and the flag cleared. `value` is that of the target under whose name it was written.
    pub fn changes(&self, value: &str, alt: &str) -> Vec<Change> {
        let mut changes = Vec::new();
        let mut change = |field: &str, value| changes.push(Change { field: field.to_owned(), value });
        if let Some(field) = &self.field {
            let value = value.to_owned();
            change(field, if self.list { FieldValue::Item(value) } else { FieldValue::Path(value) });
        }
        // Alt text that is there is a person's work.
        if let Some(field) =
            self.alt.as_ref().filter(|field| !alt.is_empty() && self.post.text(field).is_none())
        {
            change(field, FieldValue::Text(alt.to_owned()));
        }
        if let Some(kind) = self.regenerate {
            if !self.is_redrawn() {
                change("regenerate_image", FieldValue::Bool(false));
            }
            let cached = self.post.image_prompt().is_some_and(|prompt| prompt.cached);
            if kind == Regenerate::New && cached {
                change("image_prompt", FieldValue::Text(String::new()));
            }
        }
        changes
    }
}
