//! What a theme does with hero images, known by its name alone: theme folders are often not checked out.

mod astro;
mod hexo;
mod hugo;
mod jekyll;
mod naming;
mod others;
mod row;

use super::conventions::Claim;
use super::folder::SiteFolder;
use row::Row;

/// A theme that is known, and what it shows.
#[derive(Debug, Clone)]
pub(super) struct Theme {
    /// As it writes itself.
    pub name: &'static str,
    /// What it says about the site.
    pub claim: Claim,
}

/// Every theme, by generator.
const TABLES: [&[Row]; 5] = [&hugo::THEMES, &jekyll::THEMES, &astro::THEMES, &hexo::THEMES, &others::THEMES];

/// Names of the themes of this generator that are known, in lower case.
pub fn names(generator: &str) -> impl Iterator<Item = &'static str> {
    let rows = TABLES.into_iter().flatten().filter(move |row| row.generator == generator);
    let mut names: Vec<&'static str> = rows.flat_map(|row| row.names.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    names.into_iter()
}

/// The theme of this name.
pub(super) fn named(site: &SiteFolder<'_>, generator: &str, name: &str) -> Option<Theme> {
    let is_it = |row: &&Row| row.generator == generator && row.is(name) && row.fits(site);
    let row = TABLES.into_iter().flatten().find(is_it)?;
    Some(Theme { name: row.name, claim: row.claim(site) })
}

/// The theme that the site names, where it is known what that one shows.
pub(super) fn claim(site: &SiteFolder<'_>, generator: &str) -> Option<Theme> {
    let rows = || TABLES.into_iter().flatten().filter(|row| row.generator == generator);
    let named = naming::of(site, generator);
    let row = named.iter().find_map(|name| rows().find(|row| row.is(name) && row.fits(site)));
    // A fork names no theme; its configuration still has the keys of the one that it comes from.
    let row = row.or_else(|| {
        let keys = if named.is_empty() { naming::keys(site, generator) } else { Vec::new() };
        rows().find(|row| row.marks.iter().any(|mark| keys.iter().any(|key| key == mark)))
    })?;
    Some(Theme { name: row.name, claim: row.claim(site) })
}

#[cfg(test)]
mod tests;
