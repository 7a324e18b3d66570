//! What a theme does with hero images, known by its name alone: theme folders are often not checked out.

pub(super) mod astro;
pub(super) mod hexo;
pub(super) mod hugo;
pub(super) mod jekyll;
pub(super) mod naming;
pub(super) mod others;
mod row;

use super::claim::Claim;
use super::folder::SiteFolder;
pub(super) use row::Row;

/// A theme that is known, and what it shows.
#[derive(Debug, Clone)]
pub(super) struct Theme {
    /// As it writes itself.
    pub name: &'static str,
    /// What it says about the site.
    pub claim: Claim,
    /// Keys that it shows besides its field.
    pub reads: &'static [&'static str],
}

impl Theme {
    /// What this row of a table says of a site; the closure knows whether a parameter of the site is switched on.
    pub(super) fn of(row: &Row, is_on: impl Fn(&str) -> bool) -> Self {
        Self { name: row.name, claim: row.claim(is_on), reads: row.reads }
    }
}

/// Names of these themes, in lower case.
pub(super) fn names(rows: &[Row]) -> Vec<&'static str> {
    let mut names: Vec<&'static str> = rows.iter().flat_map(|row| row.names.iter().copied()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

/// The theme of this name.
pub(super) fn named<'r>(rows: &'r [Row], site: &SiteFolder<'_>, name: &str) -> Option<&'r Row> {
    rows.iter().find(|row| row.is(name) && row.fits(site))
}

/// The theme that the site names in one of these ways, where it is known what that one shows; `keys` are those of its
/// configuration, where that names no theme.
pub(super) fn recognise<'r>(
    rows: &'r [Row],
    site: &SiteFolder<'_>,
    named_so: &[String],
    keys: impl FnOnce() -> Vec<String>,
) -> Option<&'r Row> {
    let spelled = naming::spelled(named_so);
    spelled.iter().find_map(|name| named(rows, site, name)).or_else(|| {
        // A fork names no theme; its configuration still has the keys of the one that it comes from.
        let keys = keys();
        rows.iter().find(|row| row.marks.iter().any(|mark| keys.iter().any(|key| key == mark)))
    })
}

#[cfg(test)]
mod tests;
