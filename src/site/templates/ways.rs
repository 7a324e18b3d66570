//! Where the picture of a field has to lie, and how it is named, for the templates that read the field.

use super::meaning::Treatment;
use super::page::{Distance, Placed};
use super::rules::TemplateRules;
use super::scanned::PictureSource;
use crate::site::target::Place;

/// What templates make of a field.
#[derive(Debug)]
pub(super) struct Ways {
    /// Where they find the picture of any post.
    pub place: Option<Place>,
    /// Whether they find that of a bundle beside it.
    pub beside: bool,
}

impl Ways {
    /// `shown` is the template that shows the field.
    pub(super) fn of(field: &str, shown: &str, placed: &[Placed], rules: &TemplateRules) -> Self {
        let is_it =
            |read: &&Placed| matches!(&read.picture, PictureSource::Field(named) if named.path == field);
        let reads = || placed.iter().filter(is_it);
        let makes = |template: &str, treatment| {
            reads().any(|read| read.template == template && read.treatment == treatment)
        };
        let place = if makes(shown, Treatment::Address) {
            Some(rules.address.clone())
        } else if makes(shown, Treatment::OfSite) {
            Some(Place::new("assets/images", "images/{file}"))
        } else {
            None
        };
        // One that takes the value for an address and nothing else would lead nowhere.
        let misses = |read: &Placed| {
            let is_address = matches!(read.treatment, Treatment::Address | Treatment::Plain);
            read.stands && is_address && !makes(&read.template, Treatment::OfPage)
        };
        let on_page = |read: &&Placed| read.distance <= Distance::Preview;
        let finds = reads().any(|read| read.treatment == Treatment::OfPage);
        let joins = reads().any(|read| read.treatment == Treatment::Joined);
        let missed = reads().filter(on_page).any(misses);
        Self { place, beside: (finds || joins) && !missed }
    }

    /// Whether the page takes the field for the name of a file beside the post and for nothing else.
    pub(super) fn only_beside(picture: &PictureSource, placed: &[Placed]) -> bool {
        let PictureSource::Field(field) = picture else { return false };
        let is_it =
            |read: &&Placed| matches!(&read.picture, PictureSource::Field(named) if named.path == field.path);
        let elsewhere = |read: &Placed| {
            matches!(read.treatment, Treatment::Address | Treatment::OfSite)
                || (read.treatment == Treatment::Plain && read.stands && read.distance <= Distance::Injected)
        };
        !placed.iter().filter(is_it).any(elsewhere)
    }

    /// Whether every place that shows the field puts the address of the post in front, where nothing but the files of
    /// a bundle lie.
    pub(super) fn only_joined(picture: &PictureSource, placed: &[Placed]) -> bool {
        let mut shown = placed.iter().filter(|read| read.stands && read.picture == *picture).peekable();
        shown.peek().is_some() && shown.all(|read| read.treatment == Treatment::Joined)
    }

    /// Where the picture of a bundle goes.
    pub(super) fn bundle(self, rules: &TemplateRules) -> Option<Place> {
        let beside = || Place::new("{dir}", "{file}");
        if self.beside { Some(beside()) } else { self.place.or_else(|| rules.place.clone()) }
    }
}
