//! What the posts that already have a picture say about the site: three or more agreeing posts beat
//! every table.

use std::collections::BTreeMap;

use crate::post::Post;
use crate::post::front_matter::Pod;

use super::conventions::{Claim, Field, alt_beside};
use super::field::{Held, held, names_picture, names_picture_in};
use super::lookup::{Lookup, normal};
use super::target::{Place, join};

/// So many posts must agree.
const ENOUGH: usize = 3;
/// So many posts are asked, spread over all of them: more would not change the answer.
const SAMPLE: usize = 300;
/// The one of them that is a list by its name.
pub(super) const LIST: &str = "images";
/// Fields under which themes look for the hero image, most telling first.
pub(super) const FIELDS: [&str; 29] = [
    "image",
    "images",
    "cover.image",
    "cover",
    "heroImage",
    "hero.image",
    "hero",
    "featured_image",
    "featuredImage",
    "featureImage",
    "feature_image",
    "featureimage",
    "coverImage",
    "cover_image",
    "image.path",
    "coverImage.src",
    "image.src",
    "header.overlay_image",
    "header.image",
    "header.teaser",
    "banner",
    "banner_img",
    "thumbnail",
    "ogImage",
    "socialImage",
    "preview",
    "extra.image",
    "extra.cover",
    "extra.thumbnail",
];

/// What the posts that have a picture teach.
#[derive(Debug, Default)]
pub(super) struct Taught {
    /// The field that they name it in; nothing where they do not agree.
    pub claim: Option<Claim>,
    /// Fields that they have beside their hero: no other names for it.
    pub beside: Vec<&'static str>,
}

/// Whether enough posts name a picture for the sample to say something.
pub(super) fn tells_enough(sample: &[Post]) -> bool {
    let tells = |post: &&Post| FIELDS.iter().any(|field| names_picture_in(post.front_matter(), field));
    sample.iter().filter(tells).count() >= ENOUGH
}

/// So many of the posts, spread over all of them.
pub(super) fn spread(paths: &[String]) -> impl Iterator<Item = &String> {
    paths.iter().step_by(paths.len().div_ceil(SAMPLE).max(1))
}

/// Learns the field from the posts; `own` is the generator's.
pub(super) fn learn_field(sample: &[Post], own: Option<&Field>) -> Taught {
    let own_path = own.map(|own| own.path.as_str());
    let fields = own_path.into_iter().chain(FIELDS.into_iter().filter(|field| Some(*field) != own_path));
    // The first of equals wins: the generator's own field, then the list's order.
    let mut best = (0, 0, "");
    for field in fields {
        let (texts, lists) = votes(sample, field);
        if texts + lists > best.0 + best.1 {
            best = (texts, lists, field);
        }
    }
    let (texts, lists, path) = best;
    let mut beside = Vec::new();
    if texts + lists >= ENOUGH {
        // What some post has beside its hero image is no other name for it.
        let filled: Vec<_> =
            sample.iter().filter(|post| names_picture_in(post.front_matter(), path)).collect();
        let is_beside = |other: &&str| filled.iter().any(|post| post.get(other).is_some());
        beside = FIELDS.into_iter().filter(is_beside).collect();
    } else if !agree(sample, own_path, path) {
        return Taught::default();
    }
    let list = lists > texts;
    let alt = match own.filter(|own| own.path == path) {
        Some(own) => own.alt.clone(),
        None => alt_of(sample, path),
    };
    let field = Some(Field { path: path.to_owned(), alt, list });
    let because = format!("{} of the posts looked at name their picture in it", texts + lists);
    Taught { claim: Some(Claim { field, because, ..Claim::default() }), beside }
}

/// The field in which the posts describe the picture of this field.
fn alt_of(sample: &[Post], field: &str) -> Option<String> {
    let seen = [format!("{field}_alt"), format!("{field}Alt"), "image_alt".to_owned(), "imageAlt".to_owned()];
    let used = |alt: &String| sample.iter().filter(|post| post.text(alt).is_some()).count() >= ENOUGH;
    seen.into_iter().find(used).or_else(|| alt_beside(field))
}

/// Where the posts keep their pictures: those that are a file of their own, and bundles.
pub(super) fn learn_places(sample: &[Post], field: &str, lookup: &Lookup) -> (Option<Place>, Option<Place>) {
    let place = |wanted: bool| {
        let mut places: BTreeMap<Place, usize> = BTreeMap::new();
        for post in sample.iter().filter(|post| post.is_index() == wanted) {
            if let Held::Text(value) | Held::Listed(value) = held(post.front_matter(), field)
                && let Some(file) = lookup.find(post.path(), value)
                && let Some(place) = place_of(post, value, &file)
            {
                *places.entry(place).or_default() += 1;
            }
        }
        let best = places.into_iter().max_by_key(|(_, count)| *count);
        best.filter(|(_, count)| *count >= ENOUGH).map(|(place, _)| place)
    };
    (place(false), place(true))
}

/// Whether every post that names a picture does so in this field and none has the generator's own: then
/// few posts are evidence as well.
fn agree(sample: &[Post], own: Option<&str>, field: &str) -> bool {
    let others = || FIELDS.into_iter().filter(|other| *other != field);
    let speaks = |post: &Post| names_picture_in(post.front_matter(), field);
    let elsewhere = |post: &Post| others().any(|other| names_picture_in(post.front_matter(), other));
    own.is_some_and(|own| sample.iter().all(|post| post.get(own).is_none()))
        && sample.iter().any(speaks)
        && !sample.iter().any(|post| !speaks(post) && elsewhere(post))
}

/// How many posts name a picture in this field, as a text and as a list.
fn votes(sample: &[Post], field: &str) -> (usize, usize) {
    let mut votes = (0, 0);
    // A mapping speaks through its own dotted fields.
    for post in sample.iter().filter(|post| !matches!(post.get(field), None | Some(Pod::Hash(_)))) {
        match held(post.front_matter(), field) {
            Held::Text(value) if names_picture(value) => votes.0 += 1,
            Held::Listed(value) if names_picture(value) => votes.1 += 1,
            _ => {}
        }
    }
    votes
}

/// The templates by which this post's value and file come out again.
fn place_of(post: &Post, value: &str, file: &str) -> Option<Place> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let prefix = value.strip_suffix(name)?;
    if folder.contains('{') || prefix.contains('{') {
        return None;
    }
    let beside = !prefix.starts_with('/') && normal(post.folder(), prefix).unwrap_or_default() == folder;
    if beside && prefix.contains("..") {
        return Some(Place { dir: folder.to_owned(), value: "{relative}".to_owned() });
    }
    let dir = if beside {
        join("{dir}", prefix.trim_start_matches("./").trim_end_matches('/')).trim_end_matches('/').to_owned()
    } else {
        folder.to_owned()
    };
    Some(Place { dir, value: format!("{prefix}{{file}}") })
}
