//! Which of several collections holds the posts, and which of its keys names the picture.

use super::Schema;
use super::shape::{Mapping, Shape};
use crate::site::Embed;
use crate::site::claim::{Claim, Evidence, Visibility};
use crate::site::field::FILE_KEYS;
use crate::site::field::Field;
use crate::site::target::Place;

/// A collection as its configuration has it.
#[derive(Debug)]
pub(super) struct Collection {
    pub name: String,
    /// Globs relative to the site's folder.
    pub posts: Vec<String>,
    /// The keys of its posts, where they could be read.
    pub keys: Option<Mapping>,
}

/// Where pictures of either form go: those that the build reads, and those that are published as they are.
#[derive(Debug)]
pub(super) struct PicturePlaces {
    pub image: (Place, Place),
    pub text: (Place, Place),
}

const BLOGS: [&str; 12] = [
    "blog",
    "blogs",
    "post",
    "posts",
    "blogpost",
    "blogposts",
    "article",
    "articles",
    "news",
    "writing",
    "writings",
    "journal",
];
const OTHERS: [&str; 30] = [
    "author",
    "authors",
    "tag",
    "tags",
    "category",
    "categories",
    "team",
    "people",
    "page",
    "pages",
    "project",
    "projects",
    "product",
    "products",
    "docs",
    "doc",
    "i18n",
    "testimonials",
    "faq",
    "faqs",
    "services",
    "work",
    "works",
    "portfolio",
    "snippets",
    "settings",
    "config",
    "spec",
    "data",
    "links",
];
const DATES: [&str; 10] = [
    "pubdate",
    "date",
    "publishdate",
    "published",
    "publishedat",
    "datepublished",
    "pubdatetime",
    "publisheddate",
    "createdat",
    "created",
];
/// Keys of a picture on the page, most telling first.
const ON_PAGE: [&str; 26] = [
    "heroimage",
    "image",
    "cover",
    "coverimage",
    "thumbnail",
    "banner",
    "featuredimage",
    "featureimage",
    "hero",
    "img",
    "bannerimage",
    "headerimage",
    "postimage",
    "mainimage",
    "titleimage",
    "picture",
    "photo",
    "splash",
    "heroimg",
    "coverimg",
    "bannerimg",
    "thumb",
    "teaser",
    "images",
    "header",
    "thumbnailimage",
];
/// Keys of a picture in link previews.
const IN_PREVIEWS: [&str; 8] = [
    "ogimage",
    "socialimage",
    "opengraphimage",
    "shareimage",
    "twitterimage",
    "socialcard",
    "previewimage",
    "og",
];
/// What says of a key that it is not a hero image.
const NO_HERO: [&str; 9] =
    ["author", "avatar", "logo", "icon", "alt", "caption", "credit", "favicon", "position"];
/// Further keys of the picture in a mapping that describes one: in a post they may as well say whose it is.
const MORE_FILE_KEYS: [&str; 2] = ["source", "href"];

/// A name without what people spell differently.
fn folded(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase).collect()
}

/// A key that can name the picture.
#[derive(Debug, Clone, PartialEq)]
struct PictureKey {
    field: Field,
    image: bool,
    preview: bool,
    /// A list rather than the page shows it, as far as its name says.
    doubtful: bool,
    rank: usize,
}

fn rank(name: &str, image: bool) -> Option<(usize, bool)> {
    let name = folded(name);
    if let Some(at) = IN_PREVIEWS.iter().position(|known| *known == name) {
        return Some((at, true));
    }
    if NO_HERO.iter().any(|word| name.contains(word)) {
        return None;
    }
    let telling = ["image", "img", "cover", "banner", "thumbnail", "photo", "picture"];
    let known = ON_PAGE.iter().position(|known| *known == name);
    known
        .or_else(|| (image || telling.iter().any(|end| name.ends_with(end))).then_some(ON_PAGE.len()))
        .map(|at| (at, false))
}

/// The picture-like key of a mapping, or else of a `seo` or `frontmatter` mapping in it.
fn picture(mapping: &Mapping) -> Option<PictureKey> {
    let mut found: Vec<PictureKey> =
        mapping.keys.iter().filter_map(|key| judged(&key.name, &key.shape, mapping)).collect();
    if found.is_empty() {
        let nested = mapping
            .keys
            .iter()
            .filter(|key| matches!(key.name.as_str(), "seo" | "meta" | "og" | "openGraph"));
        for key in nested {
            let Shape::Mapping(inner) = &key.shape else { continue };
            let inner_keys = inner.keys.iter().filter_map(|key| judged(&key.name, &key.shape, inner));
            found.extend(inner_keys.filter(|_| fits(inner, &[])).map(|found| PictureKey {
                field: Field {
                    path: format!("{}.{}", key.name, found.field.path),
                    alt: found.field.alt.map(|alt| format!("{}.{alt}", key.name)),
                    ..found.field
                },
                preview: true,
                ..found
            }));
        }
    }
    found.into_iter().min_by_key(|found| (found.preview, !found.image, found.rank))
}

/// Whether a mapping is complete with these keys and those that one picture fills.
fn fits(mapping: &Mapping, given: &[&str]) -> bool {
    let filled = |name: &str| given.contains(&name) || rank(name, false).is_some();
    !mapping.partial && mapping.keys.iter().all(|key| key.optional || filled(&key.name))
}

fn judged(name: &str, shape: &Shape, around: &Mapping) -> Option<PictureKey> {
    let (list, shape) = match shape {
        Shape::List(inner) => (true, &**inner),
        shape => (false, shape),
    };
    let (rank, preview) = rank(name, *shape == Shape::Image)?;
    // A list of texts is a list of pictures only by its name.
    let doubtful =
        matches!(folded(name).as_str(), "thumbnail" | "thumb" | "teaser" | "images" | "thumbnailimage");
    let found = |path: String, alt: Option<String>, image: bool| PictureKey {
        field: Field { path, alt, list },
        image,
        preview,
        doubtful,
        rank,
    };
    match shape {
        Shape::Image => Some(found(name.to_owned(), alt_beside(name, around), true)),
        Shape::Text => Some(found(name.to_owned(), alt_beside(name, around), false)),
        Shape::Mapping(inner) if !list => {
            let key = FILE_KEYS.iter().chain(&MORE_FILE_KEYS).find_map(|known| {
                inner.keys.iter().find(|key| {
                    folded(&key.name) == *known && matches!(key.shape, Shape::Image | Shape::Text)
                })
            })?;
            let alt = inner.keys.iter().find(|key| {
                matches!(folded(&key.name).as_str(), "alt" | "alttext" | "imagealt")
                    && key.shape == Shape::Text
            });
            let alt = alt.map(|key| key.name.as_str());
            if !fits(inner, &[key.name.as_str(), alt.unwrap_or_default()]) {
                return None;
            }
            let alt = alt.map(|alt| format!("{name}.{alt}"));
            Some(found(format!("{name}.{}", key.name), alt, key.shape == Shape::Image))
        }
        _ => None,
    }
}

/// The key beside a picture's that holds its alt text.
fn alt_beside(name: &str, around: &Mapping) -> Option<String> {
    let name = folded(name);
    let stem = name.strip_suffix("image").or_else(|| name.strip_suffix("img")).unwrap_or(&name);
    let names = [
        format!("{name}alt"),
        format!("{name}alttext"),
        format!("{stem}alt"),
        format!("{stem}imagealt"),
        "imagealt".to_owned(),
        "alt".to_owned(),
        "alttext".to_owned(),
    ];
    let fits = |wanted: &String| {
        around.keys.iter().find(|key| key.shape == Shape::Text && folded(&key.name) == *wanted)
    };
    names.iter().find_map(fits).map(|key| key.name.clone())
}

impl Collection {
    fn is_blog(&self) -> bool {
        BLOGS.contains(&folded(&self.name).as_str())
    }

    fn score(&self) -> i32 {
        let name = folded(&self.name);
        let named = match (self.is_blog(), OTHERS.contains(&name.as_str())) {
            (true, _) => 8,
            (_, true) => -8,
            _ => 0,
        };
        let keys = self.keys.as_ref();
        let has = |test: &dyn Fn(&str) -> bool| {
            keys.is_some_and(|keys| keys.keys.iter().any(|key| test(&folded(&key.name))))
        };
        let dated = has(&|name| DATES.contains(&name));
        let pictured = keys.is_some_and(|keys| picture(keys).is_some());
        named + i32::from(dated) * 3 + i32::from(has(&|name| name == "title")) + i32::from(pictured)
    }
}

/// What the configuration says of the posts: `drops` where keys that it does not name never reach a page.
pub(super) fn schema(
    collections: Vec<Collection>,
    file: &str,
    drops: bool,
    places: impl FnOnce(&Collection, Option<&str>) -> Option<PicturePlaces>,
) -> Option<Schema> {
    let best = collections.iter().enumerate().rev().max_by_key(|(_, collection)| collection.score())?.0;
    if collections[best].score() < 0 {
        return None;
    }
    let chosen = &collections[best];
    let found = chosen.keys.as_ref().and_then(picture);
    // Other blogs of the site are read with it where the same field serves them.
    let alike = |other: &&Collection| {
        let theirs = other.keys.as_ref().and_then(picture);
        std::ptr::eq(*other, chosen)
            || (other.is_blog()
                && chosen.is_blog()
                && theirs.map(|it| it.field) == found.as_ref().map(|it| it.field.clone()))
    };
    let posts: Vec<String> = collections.iter().filter(alike).flat_map(|other| other.posts.clone()).collect();
    let known = chosen.keys.as_ref().filter(|keys| drops || keys.strict);
    let known = known.filter(|keys| !keys.open && !keys.partial);
    let keys = known.map(|keys| keys.keys.iter().map(|key| key.name.clone()).collect::<Vec<_>>());
    let is_vague = chosen.keys.as_ref().is_some_and(|keys| {
        keys.keys.iter().any(|key| key.shape == Shape::Unknown && rank(&key.name, false).is_some())
    });
    let places = places(chosen, found.as_ref().map(|found| found.field.path.as_str()));
    let claim = match found {
        Some(found) => Some(claim(found, places, &chosen.name, file)),
        None if keys.is_some() && !is_vague => Some(Claim {
            place: places.as_ref().map(|places| places.text.0.clone()),
            bundle: places.map(|places| places.text.1),
            embed: Some(Embed::Markdown),
            visibility: Visibility::Nowhere,
            evidence: Evidence::Schema,
            because: format!("the schema of `{}` in {file} has no key for a picture", chosen.name),
            ..Claim::default()
        }),
        None => None,
    };
    if posts.is_empty() && claim.is_none() && keys.is_none() {
        return None;
    }
    let unread = claim.is_none() && chosen.keys.as_ref().is_none_or(|keys| keys.partial);
    Some(Schema { posts, claim, keys, of_generator: true, file: file.to_owned(), unread })
}

fn claim(found: PictureKey, places: Option<PicturePlaces>, collection: &str, file: &str) -> Claim {
    let places = places.map(|places| if found.image { places.image } else { places.text });
    let (place, bundle) = places.unzip();
    let visibility = match (found.preview, found.doubtful) {
        (true, _) => Visibility::Preview,
        (_, true) => Visibility::Unknown,
        _ => Visibility::Page,
    };
    let because = format!("the schema of `{collection}` in {file} names it");
    let evidence = Evidence::Schema;
    Claim { field: Some(found.field), place, bundle, visibility, evidence, because, ..Claim::default() }
}
