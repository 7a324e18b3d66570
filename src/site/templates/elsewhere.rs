//! Fields that a reader meets in lists and link previews, and not on the page of the post that names the picture.

use super::super::claim::Claim;
use super::super::field::Field;
use super::super::folder::SiteFolder;
use super::page::{Distance, Placed};
use super::scanned::PictureSource;
use super::{evidence, seen};

/// A claim for each of them; `placed` are all reads of templates of which every one is there.
pub(super) fn elsewhere(site: &SiteFolder<'_>, placed: &[Placed]) -> Vec<Claim> {
    let mut claims: Vec<Claim> = Vec::new();
    for read in placed.iter().filter(|read| read.stands && is_far(read)) {
        let Some(path) = path(read) else { continue };
        let may_be_near = placed.iter().any(|other| {
            (!is_far(other) || other.kept) && self::path(other).is_some_and(|other| is_kin(other, path))
        });
        let is_known =
            claims.iter().any(|claim| claim.field.as_ref().is_some_and(|field| field.path == path));
        if may_be_near || is_known {
            continue;
        }
        let (visibility, because) = seen(site, read);
        claims.push(Claim {
            field: Some(Field { path: path.to_owned(), alt: None, list: false }),
            visibility,
            evidence: evidence(read.of_theme),
            because,
            ..Claim::default()
        });
    }
    claims
}

fn is_far(read: &Placed) -> bool {
    matches!(read.distance, Distance::Preview | Distance::List)
}

fn path(read: &Placed) -> Option<&str> {
    match &read.picture {
        PictureSource::Field(named) => Some(&named.path),
        PictureSource::File(_) => None,
    }
}

/// Whether one of the fields is the other, or stands in it.
fn is_kin(one: &str, other: &str) -> bool {
    let is_within = |inner: &str, outer: &str| {
        inner.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    is_within(one, other) || is_within(other, one)
}
