//! One row of the table of themes.

use crate::site::Embed;
use crate::site::claim::{Claim, Evidence, Extra, ExtraValue, Visibility};
use crate::site::field::Field;
use crate::site::folder::SiteFolder;
use crate::site::pages::PageTemplate;
use crate::site::reach::Reach;
use crate::site::target::Place;

/// A theme and what it shows, as constant data.
#[derive(Debug, Clone, Copy)]
pub(in crate::site) struct Row {
    /// As the theme writes itself.
    pub(super) name: &'static str,
    /// Names by which configurations know it, in lower case.
    pub(super) names: &'static [&'static str],
    /// Keys of the site's configuration that only this theme reads.
    pub(super) marks: &'static [&'static str],
    /// A file and a word in it without which the row does not hold.
    only_if: Option<(&'static str, &'static str)>,
    /// Path, path of the alt text, whether it holds a list.
    field: Option<(&'static str, Option<&'static str>, bool)>,
    place: Option<(&'static str, &'static str)>,
    bundle: Option<(&'static str, &'static str)>,
    embed: Option<Embed>,
    file: Option<&'static str>,
    visibility: Visibility,
    /// Sections of Hugo on whose pages alone it stands.
    sections: &'static [&'static str],
    extras: &'static [(&'static str, ExtraValue, bool)],
    /// A parameter of the site that shows pictures of all posts, and the key of a post that does.
    switch: Option<(&'static str, &'static str)>,
    shows: &'static str,
    /// Keys that it shows besides its field.
    pub(super) reads: &'static [&'static str],
}

impl Row {
    /// A theme that shows the field on the post's page.
    pub(super) const fn page(
        name: &'static str,
        names: &'static [&'static str],
        field: &'static str,
    ) -> Self {
        Self {
            name,
            names,
            marks: &[],
            only_if: None,
            field: Some((field, None, false)),
            place: None,
            bundle: None,
            embed: None,
            file: None,
            visibility: Visibility::Page,
            sections: &[],
            extras: &[],
            switch: None,
            shows: "shows it",
            reads: &[],
        }
    }

    /// A theme that gives the field to link previews only.
    pub(super) const fn preview(
        name: &'static str,
        names: &'static [&'static str],
        field: &'static str,
    ) -> Self {
        let row = Self::page(name, names, field);
        Self { visibility: Visibility::Preview, shows: "shows it in link previews only", ..row }
    }

    /// A theme that reads no field: the picture has to stand in the body.
    pub(super) const fn nowhere(name: &'static str, names: &'static [&'static str]) -> Self {
        let row = Self::page(name, names, "");
        let shows = "shows no picture that a post only names";
        let embed = Some(Embed::Markdown);
        Self { field: None, embed, visibility: Visibility::Nowhere, shows, ..row }
    }

    pub(super) const fn marks(self, marks: &'static [&'static str]) -> Self {
        Self { marks, ..self }
    }

    pub(super) const fn only_if(self, file: &'static str, word: &'static str) -> Self {
        Self { only_if: Some((file, word)), ..self }
    }

    pub(super) const fn alt(mut self, alt: &'static str) -> Self {
        if let Some((path, _, list)) = self.field {
            self.field = Some((path, Some(alt), list));
        }
        self
    }

    pub(super) const fn list(mut self) -> Self {
        if let Some((path, alt, _)) = self.field {
            self.field = Some((path, alt, true));
        }
        self
    }

    pub(super) const fn place(self, dir: &'static str, value: &'static str) -> Self {
        Self { place: Some((dir, value)), ..self }
    }

    /// In a bundle, the file beside the post, named by this value.
    pub(super) const fn beside(self, value: &'static str) -> Self {
        Self { bundle: Some(("{dir}", value)), ..self }
    }

    /// The same place for bundles too, because the theme takes the value for an address of the site.
    pub(super) const fn everywhere(self, dir: &'static str, value: &'static str) -> Self {
        Self { place: Some((dir, value)), bundle: Some((dir, value)), ..self }
    }

    pub(super) const fn embed(self, embed: Embed) -> Self {
        Self { embed: Some(embed), ..self }
    }

    /// In a bundle, a file of this stem, which the theme finds and shows without any field. What the row says
    /// of the field is then for posts that are not bundles.
    pub(super) const fn file(self, stem: &'static str) -> Self {
        Self { file: Some(stem), ..self }
    }

    pub(super) const fn extras(self, extras: &'static [(&'static str, ExtraValue, bool)]) -> Self {
        Self { extras, ..self }
    }

    pub(super) const fn switch(self, parameter: &'static str, key: &'static str) -> Self {
        Self { switch: Some((parameter, key)), ..self }
    }

    /// Only posts of these sections have it on their page.
    pub(super) const fn only_in(self, sections: &'static [&'static str]) -> Self {
        Self { sections, ..self }
    }

    pub(super) const fn reads(self, reads: &'static [&'static str]) -> Self {
        Self { reads, ..self }
    }

    pub(super) const fn shows(self, shows: &'static str) -> Self {
        Self { shows, ..self }
    }

    /// Whether a configuration means this theme by the name.
    pub(super) fn is(&self, name: &str) -> bool {
        self.names.contains(&name)
    }

    /// Whether what the row depends on is there.
    pub(super) fn fits(&self, site: &SiteFolder<'_>) -> bool {
        self.only_if.is_none_or(|(file, word)| site.says(file, word))
    }

    /// What the row says of a site; the closure knows whether a parameter of the site is switched on.
    pub(super) fn claim(&self, is_on: impl Fn(&str) -> bool) -> Claim {
        let place = |(dir, value)| Place::new(dir, value);
        let extra = |&(field, value, only_in_bundles): &(&str, ExtraValue, bool)| Extra {
            field: str::to_owned(field),
            value,
            only_in_bundles,
        };
        let mut extras: Vec<Extra> = self.extras.iter().map(extra).collect();
        let switch = self.switch.filter(|(parameter, _)| !is_on(parameter));
        extras.extend(switch.map(|(_, key)| extra(&(key, ExtraValue::Truth(true), false))));
        let of_section = |section: &&str| PageTemplate::new(&format!("{section}/single"), true);
        let others = PageTemplate::new("single", false);
        let sections = self.sections.iter().map(of_section);
        let templates =
            if self.sections.is_empty() { Vec::new() } else { sections.chain([others]).collect() };
        Claim {
            field: self.field.map(|(path, alt, list)| Field { list, ..Field::text(path, alt) }),
            place: self.place.map(place),
            bundle: self.bundle.map(place),
            embed: self.embed,
            file: self.file.map(str::to_owned),
            visibility: self.visibility,
            reach: Reach { templates, only_bundles: false },
            extras,
            evidence: Evidence::Theme,
            because: format!("the theme {} {}", self.name, self.shows),
        }
    }
}
