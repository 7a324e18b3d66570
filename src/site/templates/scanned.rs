//! What one template says: the pictures that it takes from a post, and the parts that it is made of.

use std::collections::BTreeSet;

use super::markup::Spot;
use super::meaning::{Given, Treatment};
use super::names::Named;
use super::switches::Switch;

/// What a template takes a picture from.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum PictureSource {
    /// A field of the post.
    Field(Named),
    /// A file beside the post whose name begins so.
    File(String),
}

/// A picture that a template takes from a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Taken {
    pub picture: PictureSource,
    pub spot: Spot,
    /// Whether the post is another one than that of the page.
    pub foreign: bool,
    pub treatment: Treatment,
    /// Whether it is only kept in a variable, whose use may be one that is not understood.
    pub kept: bool,
}

/// Another template that this one is made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Partial {
    pub name: String,
    pub spot: Spot,
    pub foreign: bool,
    /// What it gets to know of the post.
    pub given: Given,
}

/// What a template says.
#[derive(Debug, Default)]
pub(super) struct Scanned {
    pub taken: Vec<Taken>,
    /// Descriptions of pictures that it reads.
    pub alts: BTreeSet<String>,
    pub parts: Vec<Partial>,
    /// Whether it has parts whose names are found out only when it runs.
    pub dynamic: bool,
    /// Whether it has places where other files put parts of theirs.
    pub injects: bool,
    /// Switches that it asks before it shows something.
    pub switches: Vec<Switch>,
}
