//! The one judge of what a post's hero field holds. Planning, publishing and recovery ask it, so that a
//! post never lacks its picture to one and has it to another.

use std::collections::HashMap;
use std::sync::Arc;

use crate::post::embed::Pictures;
use crate::post::front_matter::{self, Change, FIRST, FieldValue, FrontMatter, Pod, Reader};
use crate::post::{is_image, path};

use super::target;
use super::territory::Territory;

/// Keys by which a mapping that describes a picture names its file.
pub(super) const FILE_KEYS: [&str; 7] = ["path", "src", "image", "url", "file", "filename", "img"];

/// What ids of pictures begin with, before a colon.
const SERVICES: [&str; 8] =
    ["unsplash", "cloudinary", "pexels", "pixabay", "imgix", "sanity", "contentful", "imagekit"];
/// Stems of files beside the `index` of a bundle that themes take for its picture, and by which nothing else is
/// called.
const HERO_FILES: [&str; 5] = ["featured", "feature", "cover", "thumbnail", "hero"];
/// Stems of files beside it that are its picture where a template says so.
const FILES_OF_TEMPLATES: [&str; 3] = ["thumb", "banner", "image"];

/// The field of a post that names its picture.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Field {
    /// Dotted path.
    pub path: String,
    /// Dotted path of the alt text, where somebody reads one.
    pub alt: Option<String>,
    /// Whether it holds a list.
    pub list: bool,
}

impl Field {
    pub(super) fn text(path: &str, alt: Option<&str>) -> Self {
        Self { path: path.to_owned(), alt: alt.map(str::to_owned), list: false }
    }
}

/// What a field holds.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Held<'a> {
    /// Nothing, null, or an empty text, list or mapping.
    Nothing,
    /// One text.
    Text(&'a str),
    /// A list whose first element that is not empty is this text.
    Listed(&'a str),
    /// A switch, a number, or a shape that names no file.
    Odd,
}

impl Held<'_> {
    /// The same as an item of a list.
    fn listed(self) -> Self {
        match self {
            Self::Text(text) => Self::Listed(text),
            held => held,
        }
    }
}

/// The hero image of a post, as the post names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeroState<'a> {
    /// It names none.
    Empty,
    /// A field names it, by this value.
    Named(&'a str),
    /// A picture of the body is it.
    Shown(&'a str),
    /// The field holds what is not a path: nothing is to be written over it.
    Unusable,
}

/// How posts of the site name their hero image.
#[derive(Debug, Clone, Default)]
pub struct HeroField {
    /// How front matter is read.
    pub reader: Reader,
    /// Dotted path; `None` where the body embeds it.
    pub field: Option<String>,
    /// Fields that a post may have instead.
    pub others: Vec<String>,
    /// A picture of the body can be the hero: one of ours, or the one on top.
    pub embedded: bool,
    /// Only bundles name it in the field, because that finds nothing but files beside the post.
    pub only_bundles: bool,
    /// Extension of our pictures, without its dot.
    pub extension: &'static str,
    /// Bundles, in order, whose picture the theme finds by the name of its file, without a field.
    pub bundles: Arc<[String]>,
    /// The post of which one is a translation, where the body may show the hero: its picture has the other's name.
    pub originals: Arc<HashMap<String, String>>,
}

/// How posts name their hero image, each site in its own way.
#[derive(Debug, Clone, Default)]
pub struct HeroFields {
    main: HeroField,
    others: Vec<(Territory, HeroField)>,
}

impl HeroFields {
    /// `main` is for everything that none of the others holds.
    pub(super) fn new(main: HeroField, others: Vec<(Territory, HeroField)>) -> Self {
        Self { main, others }
    }

    /// That of a post of this path.
    pub fn of(&self, path: &str) -> &HeroField {
        self.others.iter().find(|(territory, _)| territory.holds(path)).map_or(&self.main, |(_, field)| field)
    }
}

impl HeroField {
    /// What a post of this path names as its hero image. The pictures of its body need be known only where
    /// one can be the hero.
    pub fn state<'a>(&self, path: &str, front: Option<&'a FrontMatter>, body: &'a Pictures) -> HeroState<'a> {
        match self.field.as_deref().map_or(Held::Nothing, |field| held(front, field)) {
            Held::Odd => return HeroState::Unusable,
            Held::Text(value) | Held::Listed(value) => return HeroState::Named(value),
            Held::Nothing => {}
        }
        if self.is_embedded(path)
            && !body.is_empty()
            && let Some(shown) = body.hero(&self.our_files(path))
        {
            return HeroState::Shown(shown);
        }
        match self.filled_other(front).map(|other| held(front, other)) {
            Some(Held::Text(value) | Held::Listed(value)) => HeroState::Named(plain_link(value)),
            _ => self.resource(path, front).map_or(HeroState::Empty, HeroState::Named),
        }
    }

    /// The field that a post of this path has for its picture.
    pub(super) fn own_field(&self, path: &str) -> Option<&str> {
        self.field.as_deref().filter(|_| !self.only_bundles || path::is_index(path))
    }

    /// Whether a post of this path has nowhere to name a picture: it needs a field for that, and has no front matter.
    pub fn has_no_place(&self, path: &str, front: Option<&FrontMatter>) -> bool {
        self.own_field(path).is_some() && front.is_none()
    }

    /// Whether a picture of the body can be the hero of a post of this path.
    fn is_embedded(&self, path: &str) -> bool {
        self.embedded && (!self.only_bundles || !path::is_index(path))
    }

    /// Names of the files that count as ours in a post of this path.
    pub fn our_files(&self, path: &str) -> Vec<String> {
        let posts = [Some(path), self.originals.get(path).map(String::as_str)];
        posts.into_iter().flatten().flat_map(|post| target::our_names(post, self.extension)).collect()
    }

    /// The bundles whose picture this file would be.
    pub fn bundles_around(&self, picture: &str) -> impl Iterator<Item = &str> {
        let folder = path::folder(picture);
        let inside = format!("{folder}/");
        let first = self.bundles.partition_point(|post| *post < inside);
        let inside = self.bundles[first..]
            .iter()
            .map(String::as_str)
            .take_while(move |post| post.starts_with(&inside));
        inside.filter(move |post| path::folder(post) == folder)
    }

    /// Whether this text of a post has a hero image. Text that cannot be read counts as having one, and
    /// so does a value of an odd shape: nothing is to be written into either.
    pub fn is_set(&self, path: &str, text: &str) -> bool {
        self.read(text).is_none_or(|(front, body)| {
            self.has_no_place(path, front.as_ref())
                || self.state(path, front.as_ref(), &body) != HeroState::Empty
        })
    }

    /// What this text of a post names as its hero image.
    pub fn value(&self, path: &str, text: &str) -> Option<String> {
        let (front, body) = self.read(text)?;
        match self.state(path, front.as_ref(), &body) {
            HeroState::Named(value) | HeroState::Shown(value) => Some(value.to_owned()),
            HeroState::Empty | HeroState::Unusable => None,
        }
    }

    /// The text with the picture that another version of it names; `None` where it cannot be set.
    pub fn carry(&self, path: &str, text: &str, other: &str) -> Option<String> {
        let value = FieldValue::Path(self.value(path, other)?);
        let front = front_matter::read(other, self.reader).ok()?;
        let own = self.own_field(path);
        let named = own.filter(|field| held(front.as_ref(), field) != Held::Nothing);
        let field = named.or_else(|| self.filled_other(front.as_ref())).or(own)?;
        front_matter::edit(text, self.reader, &[Change { field: field.to_owned(), value }]).ok()
    }

    /// The first other field in which this front matter names a picture.
    pub(super) fn filled_other(&self, front: Option<&FrontMatter>) -> Option<&str> {
        self.others.iter().map(String::as_str).find(|other| names_picture_in(front, other))
    }

    /// The file of a Hugo bundle that its front matter gives the name of a hero image:
    /// `resources: [{name: cover, src: a.png}]`.
    fn resource<'a>(&self, path: &str, front: Option<&'a FrontMatter>) -> Option<&'a str> {
        if self.reader != Reader::Hugo || !path::is_index(path) {
            return None;
        }
        let Pod::Array(resources) = front?.get("resources")? else { return None };
        let is_hero = |resource: &&Pod| text_at(resource, "name").is_some_and(names_hero);
        text_at(resources.iter().find(is_hero)?, "src").filter(|file| !file.trim().is_empty())
    }

    /// The front matter of a text and the pictures of its body; `None` where it cannot be read.
    fn read(&self, text: &str) -> Option<(Option<FrontMatter>, Pictures)> {
        let front = front_matter::read(text, self.reader).ok()?;
        let body = &text[front.as_ref().map_or(0, |front| front.body)..];
        let pictures = if self.embedded { Pictures::of(body) } else { Pictures::default() };
        Some((front, pictures))
    }
}

/// What the field holds, looking into lists and mappings, and at a text that stands where the path
/// leads through (`cover: a.png` for the field `cover.image`).
pub(super) fn held<'a>(front: Option<&'a FrontMatter>, field: &str) -> Held<'a> {
    let get = |field: &str| front.and_then(|front| front.get(field));
    match get(field) {
        Some(value) => held_in(value),
        None if let Some(list) = list_of(field) => match get(list) {
            // The page shows the first one, whatever follows it.
            Some(Pod::Array(items)) => items.first().map_or(Held::Nothing, held_in).listed(),
            _ => held(front, list),
        },
        None => match field.rsplit_once('.').and_then(|(parent, _)| get(parent)) {
            Some(Pod::String(text)) if !text.trim().is_empty() => Held::Text(text),
            Some(Pod::Boolean(_) | Pod::Integer(_) | Pod::Float(_) | Pod::Array(_)) => Held::Odd,
            _ => Held::Nothing,
        },
    }
}

/// The list in whose first item the field stands: `images` of `images[].src`.
pub(super) fn list_of(field: &str) -> Option<&str> {
    field.rsplit_once('.')?.0.strip_suffix(FIRST)
}

fn text_at<'a>(mapping: &'a Pod, key: &str) -> Option<&'a str> {
    let Pod::Hash(members) = mapping else { return None };
    match members.get(key)? {
        Pod::String(text) => Some(text),
        _ => None,
    }
}

fn held_in(value: &Pod) -> Held<'_> {
    match value {
        Pod::Null => Held::Nothing,
        Pod::String(text) if text.trim().is_empty() => Held::Nothing,
        Pod::String(text) => Held::Text(text),
        Pod::Array(items) => match items.iter().map(held_in).find(|item| *item != Held::Nothing) {
            Some(Held::Text(text)) => Held::Listed(text),
            None => Held::Nothing,
            Some(_) => Held::Odd,
        },
        Pod::Hash(map) => {
            match FILE_KEYS.iter().filter_map(|key| map.get(*key)).find(|file| **file != Pod::Null) {
                Some(Pod::String(text)) if text.trim().is_empty() => Held::Nothing,
                Some(Pod::String(text)) => Held::Text(text),
                Some(_) => Held::Odd,
                None => Held::Nothing,
            }
        }
        Pod::Boolean(_) | Pod::Integer(_) | Pod::Float(_) => Held::Odd,
    }
}

/// Whether the name of a file or resource of a bundle says that it is the post's picture.
pub(super) fn names_hero(name: &str) -> bool {
    let lower = name.to_lowercase();
    HERO_FILES.iter().any(|stem| lower.starts_with(stem))
}

/// Whether this word in a template's pattern for files of a bundle says that it finds the post's picture.
pub(super) fn is_word_for_hero(word: &str) -> bool {
    HERO_FILES.contains(&word) || FILES_OF_TEMPLATES.contains(&word)
}

/// The field for the alt text of a picture in this field, where convention knows one: the sibling `alt` in a
/// mapping that describes the picture, and the key that themes read beside one of their own mappings.
pub(super) fn alt_beside(field: &str) -> Option<String> {
    let (parent, _) = field.rsplit_once('.')?;
    match parent {
        "extra" if field == "extra.image" => Some("extra.image_alt".to_owned()),
        "header" if field == "header.image" => Some("header.image_description".to_owned()),
        "extra" | "params" | "header" => None,
        parent => Some(format!("{parent}.alt")),
    }
}

/// The file that an Obsidian link names: `[[a.png]]`, `![[folder/a.png|300]]`; any other value as it is.
pub(super) fn plain_link(value: &str) -> &str {
    let link =
        value.trim().trim_start_matches('!').strip_prefix("[[").and_then(|link| link.strip_suffix("]]"));
    link.map_or(value, |link| link.split('|').next().unwrap_or(link).trim())
}

/// An address that no file of the repository answers to.
pub(super) fn is_address(value: &str) -> bool {
    let value = value.trim_start();
    value.starts_with("//")
        || value.starts_with("data:")
        || value.split_once(':').is_some_and(|(scheme, rest)| {
            rest.starts_with("//")
                && !scheme.is_empty()
                && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// The id of a picture at an image service, in the form that the service's own helpers take.
pub(super) fn is_of_service(value: &str) -> bool {
    let id = value.trim().split_once(':').filter(|(service, _)| SERVICES.contains(service));
    id.is_some_and(|(_, id)| !id.is_empty() && !id.contains(char::is_whitespace))
}

/// Whether a value looks like the path, address or id of a picture.
pub(super) fn names_picture(value: &str) -> bool {
    is_address(value) || is_of_service(value) || is_image(value.split(['?', '#']).next().unwrap_or(value))
}

/// Whether the front matter names a picture in this field.
pub(super) fn names_picture_in(front: Option<&FrontMatter>, field: &str) -> bool {
    matches!(held(front, field), Held::Text(value) | Held::Listed(value) if names_picture(plain_link(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: Option<&str>, others: &[&'static str]) -> HeroField {
        HeroField {
            reader: Reader::Jekyll,
            field: name.map(str::to_owned),
            others: others.iter().map(|&other| other.to_owned()).collect(),
            embedded: name.is_none(),
            only_bundles: false,
            extension: "jpg",
            bundles: Arc::default(),
            originals: Arc::default(),
        }
    }

    #[test]
    fn a_hero_is_set_where_the_field_holds_something() {
        let hero = field(Some("image.path"), &[]);
        assert!(hero.is_set("a.md", "---\nimage:\n  path: /a.png\n---\n"));
        assert!(!hero.is_set("a.md", "---\nimage:\n  path: ''\n---\n"));
        assert!(!hero.is_set("a.md", "---\ntitle: A\n---\n"));
        assert_eq!(hero.value("a.md", "---\nimage:\n  path: /a.png\n---\n").as_deref(), Some("/a.png"));
        let body = field(None, &[]);
        assert_eq!(body.value("a.md", "---\ntitle: A\n---\n![x](b.png)\n").as_deref(), Some("b.png"));
        assert!(
            hero.is_set("a.md", "---\nnever closed\n"),
            "nothing is to be written into what cannot be read"
        );
    }

    #[test]
    fn a_diagram_in_a_note_is_not_a_hero_and_a_picture_of_ours_is_one() {
        for (text, is_set) in [
            ("Text\n\n![[diagram.png]]\n", false),
            ("![[diagram.png]]\n\nText\n", true),
            ("Text\n\n![[diagram.png]]\n\n![[i/a-2.jpg]]\n", true),
            ("---\ntitle: [\n---\n", true),
        ] {
            assert_eq!(field(None, &[]).is_set("a.md", text), is_set, "{text}");
        }
    }

    #[test]
    fn another_field_counts_where_it_names_a_picture_and_is_carried_over() {
        let others = field(Some("image.path"), &["cover.image", "hero"]);
        let (ours, theirs) = ("---\ncover:\n  image: /a.png\n---\n", "---\nhero: true\n---\n");
        assert!(others.is_set("a.md", ours));
        assert!(!others.is_set("a.md", theirs));
        let carried = others.carry("a.md", theirs, ours).unwrap();
        assert_eq!(others.value("a.md", &carried).as_deref(), Some("/a.png"));
        assert!(carried.contains("cover:"), "{carried}");
    }

    #[test]
    fn links_texts_and_mappings_are_judged_as_planning_judges_them() {
        for (name, others, front, set) in [
            ("image", &["banner"][..], "banner: \"[[a.png]]\"", true),
            ("cover.image", &[], "cover: a.png", true),
            ("image", &[], "image: {caption: x}", false),
            ("image", &[], "image: {src: \"\", alt: b.png}", false),
            ("image", &[], "image: true", true),
        ] {
            assert_eq!(
                field(Some(name), others).is_set("a.md", &format!("---\n{front}\n---\n")),
                set,
                "{front}"
            );
        }
    }

    #[test]
    fn the_value_of_a_mapping_is_its_file_and_the_same_every_time() {
        let text = "---\nimage: {credit: Me, alt: A boat, src: /a.png, caption: x}\n---\n";
        for _ in 0..20 {
            assert_eq!(field(Some("image"), &[]).value("a.md", text).as_deref(), Some("/a.png"));
        }
    }

    #[test]
    fn a_resource_of_a_bundle_that_is_named_so_is_its_hero() {
        let hero = HeroField { reader: Reader::Hugo, ..field(Some("cover.image"), &[]) };
        let named =
            "---\nresources:\n- name: chart\n  src: c.png\n- name: featured-image\n  src: a.png\n---\n";
        assert_eq!(hero.value("content/a/index.md", named).as_deref(), Some("a.png"));
        for (path, text) in [
            ("content/a.md", named),
            ("content/a/index.md", "---\nresources:\n- name: chart\n  src: c.png\n---\n"),
            ("content/a/index.md", "---\nresources:\n- src: cover.png\n---\n"),
        ] {
            assert!(!hero.is_set(path, text), "{path} {text}");
        }
    }

    #[test]
    fn a_picture_is_that_of_every_index_beside_it_and_of_no_other_post() {
        let posts = ["a/b.c/index.md", "a/b/index.de.md", "a/b/index.md", "a/b/x/index.md", "a/index.md"];
        let hero = HeroField { bundles: posts.map(str::to_owned).into(), ..field(None, &[]) };
        let around = |picture| hero.bundles_around(picture).collect::<Vec<_>>();
        assert_eq!(around("a/b/feature.jpg"), ["a/b/index.de.md", "a/b/index.md"]);
        assert_eq!(around("a/feature.jpg"), ["a/index.md"]);
        assert_eq!(around("static/feature.jpg"), [""; 0]);
    }
}
