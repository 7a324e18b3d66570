//! What the posts that already have a picture say about the site: three or more agreeing posts beat
//! every table.

use std::collections::{BTreeMap, HashSet};

use crate::post::front_matter::{FIRST, Pod};
use crate::post::path::{self, AboveRoot};
use crate::post::{Post, is_image};

use super::claim::{Claim, Evidence, Visibility};
use super::field::{FILE_KEYS, Field, Held, held, names_picture, names_picture_in, plain_link};
use super::lookup::Lookup;
use super::target::{Place, join};

/// So many posts must agree.
const ENOUGH: usize = 3;
/// So many posts are asked, spread over all of them: more would not change the answer.
const SAMPLE: usize = 300;
/// So many of them are read again for how they write it.
const EXAMPLES: usize = 50;
/// The one of them that is a list by its name.
pub(super) const LIST: &str = "images";
/// Fields under which themes look for the hero image, most telling first.
pub(super) const FIELDS: [&str; 40] = [
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
    "cover-img",
    "image.path",
    "image.url",
    "coverImage.src",
    "coverImage.url",
    "cover.src",
    "image.src",
    "heroImage.src",
    "header.image",
    "header.overlay_image",
    "header.teaser",
    "banner",
    "banner_img",
    "index_img",
    "top_img",
    "photos",
    "previewimage",
    "thumbnail-img",
    "share-img",
    "thumbnail",
    "ogImage",
    "socialImage",
    "preview",
    "extra.image",
    "extra.cover",
    "extra.thumbnail",
];
/// What names of fields for the description of a picture add to that of the picture.
const ALTS_OF: [&str; 5] = ["_alt", "Alt", "-alt", "_description", "Description"];
/// Parts of keys that name a picture of something else than the post.
const OF_ANOTHER: [&str; 6] = ["avatar", "author", "icon", "logo", "video", "audio"];

/// What the posts that have a picture teach.
#[derive(Debug, Default)]
pub(super) struct Taught {
    /// The field that they name it in; nothing where they do not agree.
    pub claim: Option<Claim>,
    /// The field that is a list of mappings in most posts, as in `images: [{src: /a.png}]`.
    pub listed: Option<ListedField>,
    /// Fields in which a post may have its hero instead of the site's.
    pub others: Vec<String>,
}

/// A field that is a list of mappings.
#[derive(Debug)]
pub(super) struct ListedField {
    /// Dotted path of the list.
    pub path: String,
    /// The keys within its first mapping.
    pub within: Field,
}

/// How many posts name a picture in a field.
#[derive(Debug, Clone, Copy, Default)]
struct Votes {
    texts: usize,
    lists: usize,
    /// Lists of mappings; none unless most posts have one, because other lists of them are galleries.
    mappings: usize,
}

impl Votes {
    fn all(self) -> usize {
        self.texts + self.lists + self.mappings
    }
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
    let votes = votes(sample);
    let own_path = own.map(|own| own.path.as_str());
    // Of equals the generator's own field wins, then the one that themes ask for first.
    let rank = |path: &str| match FIELDS.iter().position(|field| *field == path) {
        _ if own_path == Some(path) => 0,
        known => known.map_or(FIELDS.len() + 1, |known| known + 1),
    };
    let best = votes.iter().max_by_key(|(path, votes)| {
        (votes.all(), std::cmp::Reverse(rank(path)), std::cmp::Reverse((*path).clone()))
    });
    let mut others: Vec<String> = FIELDS.iter().map(|&field| field.to_owned()).collect();
    let unknown = votes.keys().filter(|path| !FIELDS.contains(&path.as_str()));
    others.extend(unknown.cloned());
    let Some((path, count)) = best else { return Taught { others, ..Taught::default() } };
    let filled: Vec<_> = sample.iter().filter(|post| names_picture_in(post.front_matter(), path)).collect();
    let is_listed = count.mappings > count.texts + count.lists;
    let listed = is_listed.then(|| listed_field(&filled, path)).flatten();
    if count.all() >= ENOUGH {
        // What some post has beside its hero image is not another name for it.
        let outermost = OutermostKeys::of(&filled);
        others.retain(|other| {
            !(outermost.may_have(other) && filled.iter().any(|post| post.get(other).is_some()))
        });
    } else if !agree(sample, own_path, path) {
        return Taught { claim: None, listed, others };
    }
    let alt = alt_of(&filled, own.and_then(|own| own.alt.as_deref()), path);
    let field = Some(Field { path: path.clone(), alt, list: count.lists > count.texts });
    let because = format!("{} of the {} posts looked at name their picture in it", count.all(), sample.len());
    // Who names pictures in it sees them.
    let visibility = Visibility::Page;
    Taught {
        claim: Some(Claim { field, visibility, evidence: Evidence::Posts, because, ..Claim::default() }),
        listed,
        others,
    }
}

/// The outermost keys that some posts have, so that all of them are asked only for what one may well have.
struct OutermostKeys(HashSet<String>);

impl OutermostKeys {
    fn of(posts: &[&Post]) -> Self {
        let mappings = posts.iter().filter_map(|post| match &post.front_matter()?.data {
            Pod::Hash(members) => Some(members),
            _ => None,
        });
        Self(mappings.flat_map(|members| members.keys()).map(|key| key.to_lowercase()).collect())
    }

    /// Whether one of the posts may have this field, by whatever rules fields are found.
    fn may_have(&self, path: &str) -> bool {
        let first = path.split('.').next().unwrap_or(path).to_lowercase();
        self.0.contains(&first) || self.0.contains("params")
    }
}

/// The keys that most of these posts have in the mappings of a list.
fn listed_field(filled: &[&Post], path: &str) -> Option<ListedField> {
    let mut votes = [0; FILE_KEYS.len()];
    for post in filled {
        let Some(Pod::Array(items)) = post.get(path) else { continue };
        let named = items.iter().find_map(|item| Some(file_in(item)?.0));
        votes
            .iter_mut()
            .zip(FILE_KEYS)
            .filter(|(_, key)| named == Some(*key))
            .for_each(|(votes, _)| *votes += 1);
    }
    // Of equals the first.
    let (_, key) = votes.iter().zip(FILE_KEYS).rev().max_by_key(|(votes, _)| **votes)?;
    let file = format!("{path}{FIRST}.{key}");
    let alt = alt_of(filled, None, &file);
    let within = Field { path: file, alt, list: false };
    Some(ListedField { path: path.to_owned(), within })
}

/// Posts that name their picture in this field: those that show how it is written.
pub(super) fn examples(sample: &[Post], field: &str) -> Vec<String> {
    let filled: Vec<_> =
        sample.iter().filter(|post| names_picture_in(post.front_matter(), field)).map(Post::path).collect();
    let some = filled.iter().step_by(filled.len().div_ceil(EXAMPLES).max(1));
    some.map(|&path| path.to_owned()).collect()
}

/// Every field in which posts name pictures; one that no theme is known for only where most posts do.
fn votes(sample: &[Post]) -> BTreeMap<String, Votes> {
    let mut votes: BTreeMap<String, Votes> = BTreeMap::new();
    for post in sample {
        let Some(Pod::Hash(members)) = post.front_matter().map(|front| &front.data) else { continue };
        for (key, value) in members {
            vote(&mut votes, key, value);
            let Pod::Hash(inner) = value else { continue };
            for (name, value) in inner {
                let path = format!("{key}.{name}");
                if FIELDS.contains(&path.as_str()) || FILE_KEYS.contains(&name.as_str()) {
                    vote(&mut votes, &path, value);
                }
            }
        }
    }
    let most = sample.len() / 2;
    for votes in votes.values_mut().filter(|votes| votes.mappings <= most) {
        votes.mappings = 0;
    }
    votes.retain(|path, votes| {
        (FIELDS.contains(&path.as_str()) && votes.all() > 0) || (votes.all() >= ENOUGH && votes.all() > most)
    });
    votes
}

fn vote(votes: &mut BTreeMap<String, Votes>, path: &str, value: &Pod) {
    let is_known = FIELDS.contains(&path);
    let lower = path.to_lowercase();
    if !is_known && OF_ANOTHER.iter().any(|other| lower.contains(other)) {
        return;
    }
    let names = |text: &str| {
        let text = plain_link(text);
        if is_known { names_picture(text) } else { is_image(text.split(['?', '#']).next().unwrap_or(text)) }
    };
    match value {
        Pod::String(text) if names(text) => votes.entry(path.to_owned()).or_default().texts += 1,
        Pod::Array(items) => {
            let first = items.iter().find_map(|item| item.as_string().ok()).filter(|text| names(text));
            if first.is_some() {
                votes.entry(path.to_owned()).or_default().lists += 1;
            } else if is_known && items.iter().find_map(file_in).is_some_and(|(_, file)| names(file)) {
                votes.entry(path.to_owned()).or_default().mappings += 1;
            }
        }
        _ => {}
    }
}

/// The file that a mapping names, with its key.
fn file_in(item: &Pod) -> Option<(&'static str, &str)> {
    let Pod::Hash(members) = item else { return None };
    FILE_KEYS.into_iter().find_map(|key| match members.get(key) {
        Some(Pod::String(file)) => Some((key, file.as_str())),
        _ => None,
    })
}

/// The field in which most of the posts that have a picture describe it; where they have none, so has the new one.
fn alt_of(filled: &[&Post], own: Option<&str>, field: &str) -> Option<String> {
    let (parent, name) = field.rsplit_once('.').map_or(("", field), |(parent, name)| (parent, name));
    let stem = ["_image", "Image", "-image", "-img", "_img"].iter().find_map(|end| name.strip_suffix(end));
    let stems = [Some(name), stem, Some("image")].into_iter().flatten();
    let leaves = stems.flat_map(|stem| ALTS_OF.map(|end| format!("{stem}{end}")));
    let beside = leaves.clone().map(|leaf| join_key(parent, &leaf));
    let within = (!parent.is_empty()).then(|| format!("{parent}.alt"));
    let on_top = leaves.filter(|_| !parent.is_empty());
    let known = own.map(str::to_owned).into_iter().chain(within).chain(beside).chain(on_top);
    let describes = |alt: &str| {
        filled.iter().filter(|post| matches!(post.get(alt), Some(Pod::String(_) | Pod::Null))).count()
    };
    let counted: Vec<_> = known.map(|alt| (describes(&alt), alt)).collect();
    // Of equals the first.
    let (count, alt) = counted.into_iter().rev().max_by_key(|(count, _)| *count)?;
    (count > 0 && count * 2 >= filled.len()).then_some(alt)
}

fn join_key(parent: &str, name: &str) -> String {
    if parent.is_empty() { name.to_owned() } else { format!("{parent}.{name}") }
}

/// The file by which posts without a field have their picture: the name that most bundles use.
pub(super) fn learn_file(sample: &[Post], lookup: &Lookup) -> Option<Claim> {
    let mut names: BTreeMap<String, usize> = BTreeMap::new();
    let (mut bundles, mut found) = (0, 0);
    for post in sample.iter().filter(|post| post.is_index()) {
        let file = lookup.bundle_file(post.path());
        let names_it = |file: &String| {
            post.front_matter()
                .is_some_and(|front| says(&front.data, file.rsplit('/').next().unwrap_or(file)))
        };
        if file.as_ref().is_some_and(names_it) {
            continue;
        }
        bundles += 1;
        if let Some(file) = file {
            found += 1;
            *names.entry(path::stem(&file).to_owned()).or_default() += 1;
        }
    }
    // Some post may well show a file of such a name in its text.
    if found == 0 || found * 2 < bundles {
        return None;
    }
    let (name, count) = names.into_iter().max_by_key(|(_, count)| *count)?;
    let because = format!("{count} of the posts looked at have a file `{name}` beside them");
    let evidence = Evidence::Posts;
    Some(Claim { file: Some(name), visibility: Visibility::Page, evidence, because, ..Claim::default() })
}

/// Whether front matter names a file of this name, in whatever key.
fn says(value: &Pod, name: &str) -> bool {
    match value {
        Pod::String(text) => text.ends_with(name),
        Pod::Array(items) => items.iter().any(|item| says(item, name)),
        Pod::Hash(members) => members.values().any(|member| says(member, name)),
        Pod::Null | Pod::Integer(_) | Pod::Float(_) | Pod::Boolean(_) => false,
    }
}

/// Where the posts keep their pictures: those that are a file of their own, and bundles.
pub(super) fn learn_places(sample: &[Post], field: &str, lookup: &Lookup) -> (Option<Place>, Option<Place>) {
    let bundles: HashSet<&str> = sample
        .iter()
        .filter(|post| post.is_index())
        .map(Post::folder)
        .filter(|folder| !folder.is_empty())
        .collect();
    let place = |wanted: bool| {
        let mut places: BTreeMap<Place, usize> = BTreeMap::new();
        // Who puts a folder in front of what a post names says nothing of the others.
        let speaks = |post: &&Post| post.is_index() == wanted && post.media_folder().is_none();
        for post in sample.iter().filter(speaks) {
            if let Held::Text(value) | Held::Listed(value) = held(post.front_matter(), field)
                && let Some(file) = lookup.find(post.path(), value)
                && let Some(place) = place_of(post, value, &file, &bundles)
            {
                *places.entry(place).or_default() += 1;
            }
        }
        let best = places.into_iter().max_by_key(|(_, count)| *count);
        best.filter(|(_, count)| *count >= ENOUGH).map(|(place, _)| place)
    };
    (place(false), place(true))
}

/// Whether every post that names a picture does so in this field and none has anything in the generator's own: then
/// few posts are evidence as well.
fn agree(sample: &[Post], own: Option<&str>, field: &str) -> bool {
    let others = || FIELDS.into_iter().filter(|other| *other != field);
    let speaks = |post: &Post| names_picture_in(post.front_matter(), field);
    let elsewhere = |post: &Post| others().any(|other| names_picture_in(post.front_matter(), other));
    own.is_some_and(|own| sample.iter().all(|post| held(post.front_matter(), own) == Held::Nothing))
        && sample.iter().any(speaks)
        && !sample.iter().any(|post| !speaks(post) && elsewhere(post))
}

/// The templates by which this post's value and file come out again; nothing where the file lies in the
/// folder of another post.
fn place_of(post: &Post, value: &str, file: &str, bundles: &HashSet<&str>) -> Option<Place> {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let prefix = value.strip_suffix(name)?;
    if folder.contains('{') || prefix.contains('{') {
        return None;
    }
    let own = post.folder();
    let beside = !prefix.starts_with('/')
        && path::resolved(own, prefix, AboveRoot::Nowhere).unwrap_or_default() == folder;
    if beside && !prefix.contains("..") {
        let inner = prefix.trim_start_matches("./").trim_end_matches('/');
        let dir = join("{dir}", inner).trim_end_matches('/').to_owned();
        return Some(Place { dir, value: format!("{prefix}{{file}}") });
    }
    if bundles.contains(own) && path::is_within(folder, own) {
        // Its own folder is named from the root of the site, which may be some folders further down.
        let inner = folder[own.len()..].trim_start_matches('/');
        let above = own.split('/').count();
        let cut = (0..above).find_map(|cut| {
            let part: Vec<&str> = own.split('/').skip(cut).collect();
            let part = format!("/{}/", part.join("/"));
            prefix.contains(&part).then(|| prefix.replacen(&part, &format!("/{{dir:{cut}}}/"), 1))
        })?;
        return Some(Place {
            dir: join("{dir}", inner).trim_end_matches('/').to_owned(),
            value: format!("{cut}{{file}}"),
        });
    }
    if bundles.iter().any(|bundle| *bundle != own && path::is_within(folder, bundle)) {
        return None;
    }
    let dir = Place::varied(post, folder);
    let value =
        if beside { "{relative}".to_owned() } else { format!("{}{{file}}", Place::varied(post, prefix)) };
    Some(Place { dir, value })
}
