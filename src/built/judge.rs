//! What a page does with the hero image of its post.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;

use super::address::{Lead, host_of, transformed};
use super::page::{BuiltPage, PageImage, Use};
use super::{Appearance, BuiltSite, Sought, SoughtPicture, kin, looks};
use crate::image::look::Look;
use crate::post::is_image;

/// Most pictures of a page that are decoded in order to recognise one by its look.
const MOST_LOOKS: usize = 8;

/// What a hero and the pictures of a page have in common.
enum Likeness<'n> {
    /// This one looks as the hero does.
    Alike(&'n PageImage),
    /// None does.
    Unlike,
    /// The hero has nothing to recognise.
    Impossible,
}

/// Judges pages.
pub(super) struct PageJudge<'a> {
    site: &'a BuiltSite,
    /// Names that several heroes have, as `cover`: alone they say nothing.
    shared: HashSet<String>,
}

impl<'a> PageJudge<'a> {
    pub(super) fn new(site: &'a BuiltSite, posts: &[Sought]) -> Self {
        let mut files: HashMap<String, HashSet<&str>> = HashMap::new();
        for hero in posts.iter().filter_map(|post| post.hero.as_ref()) {
            files.entry(kin::stem(&hero.path)).or_default().insert(&hero.path);
        }
        let shared = files.into_iter().filter(|(_, files)| files.len() > 1).map(|(name, _)| name);
        Self { site, shared: shared.collect() }
    }

    /// What the reader gets, and the address that says so.
    pub(super) fn judge(&self, post: &Sought, file: &str, page: &BuiltPage) -> (Appearance, Option<String>) {
        let Some(hero) = &post.hero else { return self.judge_elsewhere(post, file, page) };
        let host = page.canonical.as_deref().and_then(host_of);
        let lead =
            |named: &PageImage| self.site.addresses.lead(file, page.base.as_deref(), host, &named.address);
        let leads: Vec<_> = page.pictures.iter().map(|named| (named, lead(named))).collect();
        let known = |used: Use| {
            leads.iter().find(|(named, lead)| {
                named.used == used && matches!(lead, Lead::File(found) if self.is_hero(found, hero))
            })
        };
        let broken = |used: Use| {
            leads.iter().find(|(named, lead)| {
                named.used == used
                    && *lead == Lead::Nowhere
                    && kin::is_named_after(&decoded(&named.address), &hero.path)
            })
        };
        let drawn = leads.iter().filter_map(|(named, lead)| match lead {
            Lead::File(found) if named.used == Use::Drawn => Some((*named, found.as_str())),
            _ => None,
        });
        let comparison = || self.compare(hero, drawn.filter(|(_, file)| is_raster(file)));
        let said = |appearance, named: &PageImage| (appearance, Some(named.address.clone()));
        if let Some((named, _)) = known(Use::Drawn) {
            return said(Appearance::Shown, named);
        }
        if let Some((named, _)) = broken(Use::Drawn) {
            return said(Appearance::Broken, named);
        }
        let comparison = comparison();
        if let Likeness::Alike(named) = comparison {
            said(Appearance::Shown, named)
        } else if let Some((named, _)) = known(Use::Preview) {
            said(Appearance::Preview, named)
        } else if let Some((named, _)) = broken(Use::Preview) {
            said(Appearance::Broken, named)
        } else if matches!(comparison, Likeness::Impossible) {
            (Appearance::Undecided, None)
        } else {
            (Appearance::Hidden, None)
        }
    }

    /// What becomes of a hero that is not a file of the sources: of another host it is taken on trust, and within
    /// the built site it has to be there.
    fn judge_elsewhere(&self, post: &Sought, file: &str, page: &BuiltPage) -> (Appearance, Option<String>) {
        let Some(wanted) = &post.elsewhere else { return (Appearance::Hidden, None) };
        let is_wanted =
            |named: &&PageImage| decoded(&named.address).ends_with(&decoded(wanted)) && !wanted.is_empty();
        let host = page.canonical.as_deref().and_then(host_of);
        let leads = |named: &&PageImage| {
            self.site.addresses.lead(file, page.base.as_deref(), host, &named.address) != Lead::Nowhere
        };
        let named =
            |used: Use| page.pictures.iter().filter(is_wanted).filter(leads).find(|named| named.used == used);
        match (named(Use::Drawn), named(Use::Preview)) {
            (Some(drawn), _) => (Appearance::Shown, Some(drawn.address.clone())),
            (None, Some(preview)) => (Appearance::Preview, Some(preview.address.clone())),
            (None, None) => (Appearance::Hidden, None),
        }
    }

    /// Whether a file of the built site is the hero or made from it, by its name. A name that several heroes
    /// share counts in the hero's own folder, or where the file is the same or looks the same.
    fn is_hero(&self, file: &str, hero: &SoughtPicture) -> bool {
        if !kin::is_named_after(file, &hero.path) {
            return false;
        }
        let own_folder = || {
            let folder = |path: &str| {
                let folders = path.rsplit_once('/')?.0;
                Some(folders.rsplit_once('/').map_or(folders, |(_, last)| last).to_owned())
            };
            folder(file).is_some_and(|of| Some(of) == folder(&hero.path))
        };
        let path = self.site.root.join(file);
        !self.shared.contains(&kin::stem(&hero.path))
            || own_folder()
            || looks::are_equal(&path, &hero.file)
            || looks::read(&hero.file).is_some_and(|look| self.has_look(file, look))
    }

    /// Whether one of these pictures looks as the hero does.
    fn compare<'n>(
        &self,
        hero: &SoughtPicture,
        drawn: impl Iterator<Item = (&'n PageImage, &'n str)>,
    ) -> Likeness<'n> {
        let mut candidates = drawn.take(MOST_LOOKS).peekable();
        if candidates.peek().is_none() {
            return Likeness::Unlike;
        }
        let found = match looks::read(&hero.file) {
            Some(look) => candidates.find(|(_, file)| self.has_look(file, look)),
            None if candidates.any(|(_, file)| kin::may_be_given(file)) => return Likeness::Impossible,
            None => None,
        };
        found.map_or(Likeness::Unlike, |(named, _)| Likeness::Alike(named))
    }

    fn has_look(&self, file: &str, look: Look) -> bool {
        self.site.looks.of(&self.site.root, file).is_some_and(|of| of.is_like(&look))
    }
}

/// Whether a file has pixels to compare.
fn is_raster(file: &str) -> bool {
    is_image(file) && !file.ends_with(".svg")
}

/// The path of an address, decoded.
fn decoded(address: &str) -> String {
    let inner = transformed(address);
    let address = inner.as_deref().unwrap_or(address);
    let path = address.split(['?', '#']).next().unwrap_or(address);
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}
