//! What one kind of evidence says of the hero images of a site.

use serde::Serialize;

use super::Embed;
use super::field::Field;
use super::reach::Reach;
use super::target::{Place, join};
use crate::post::path;

/// Where a reader meets the picture that a post names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Visibility {
    /// On the post's own page.
    Page,
    /// In link previews only.
    Preview,
    /// Nothing reads a field: the body has to show it.
    Nowhere,
    /// Nobody here knows.
    #[default]
    Unknown,
}

/// What a decision about a site rests on, the weightiest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// What the user fixed.
    Input,
    /// The posts that have a picture.
    Posts,
    /// A schema, or the configuration of an editor.
    Schema,
    /// Templates of the site's own.
    Templates,
    /// The theme by its name.
    Theme,
    /// The templates of the theme.
    ThemeTemplates,
    /// The generator's own convention.
    #[default]
    Generator,
}

/// A further key that the picture needs to be shown: written beside it where it is not there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Extra {
    /// Dotted path.
    pub field: String,
    /// What is written.
    pub value: ExtraValue,
    /// Only bundles need it.
    pub only_in_bundles: bool,
}

/// The value of a further key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ExtraValue {
    /// A switch.
    Truth(bool),
    /// The same picture once more.
    SamePicture,
}

/// What one kind of evidence says; of what it leaves out it knows nothing.
#[derive(Debug, Clone, Default)]
pub(super) struct Claim {
    /// The field that names the picture.
    pub field: Option<Field>,
    /// Where the picture of a post goes.
    pub place: Option<Place>,
    /// Where that of a bundle goes.
    pub bundle: Option<Place>,
    /// How the picture is shown in the body as well.
    pub embed: Option<Embed>,
    /// Stem of the file by which the theme finds the picture of a bundle, which then needs no field.
    pub file: Option<String>,
    /// Where a reader meets the picture.
    pub visibility: Visibility,
    /// On which posts' pages, where that is the place.
    pub reach: Reach,
    /// Further keys that it needs.
    pub extras: Vec<Extra>,
    /// Who says so.
    pub evidence: Evidence,
    /// Why, for people: what stands after "because".
    pub because: String,
}

impl Claim {
    /// The same for a site that has another place instead of the usual one, which is all that a theme knows.
    pub(super) fn moved(mut self, instead: Option<&(Place, Place)>) -> Self {
        for place in self.place.iter_mut().chain(&mut self.bundle) {
            if let Some((usual, own)) = instead
                && let Some(below) = path::inside(&place.dir, &usual.dir)
            {
                place.dir = if below.is_empty() { own.dir.clone() } else { join(&own.dir, below) };
                if let Some(before) = place.value.strip_suffix(&usual.value) {
                    place.value = format!("{before}{}", own.value);
                }
            }
        }
        self
    }

    /// Whether it says where the picture is named, be it nowhere.
    pub(super) fn settles(&self) -> bool {
        self.field.is_some() || self.visibility == Visibility::Nowhere
    }
}
