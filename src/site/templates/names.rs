//! The names under which posts keep their hero image, as templates spell them.

use super::super::evidence::FIELDS;
use super::super::field::FILE_KEYS;
use super::markup::words_of;

/// More of them than posts are asked for: what single themes read.
const MORE: [&str; 22] = [
    "cover-img",
    "top_img",
    "photos",
    "previewimage",
    "header-img",
    "banner.image",
    "featured.image",
    "hero_image",
    "headerImage",
    "header_image",
    "bannerImage",
    "banner_image",
    "postImage",
    "post_image",
    "mainImage",
    "thumbnailImage",
    "thumbnail-img",
    "thumb",
    "index_img",
    "share-img",
    "img",
    "background",
];
/// Words with which the name of a picture ends.
const PICTURE: [&str; 14] = [
    "image",
    "images",
    "img",
    "cover",
    "hero",
    "banner",
    "photo",
    "photos",
    "picture",
    "thumbnail",
    "splash",
    "poster",
    "featureimage",
    "previewimage",
];
/// Words that make another thing of it.
const OTHER: [&str; 22] = [
    "show",
    "hide",
    "no",
    "has",
    "disable",
    "enable",
    "use",
    "default",
    "author",
    "logo",
    "is",
    "avatar",
    "icon",
    "profile",
    "responsive",
    "site",
    "lock",
    "lazy",
    "hidden",
    "with",
    "random",
    "full",
];
/// Words before `card` that make a picture for link previews of it.
const SHARED: [&str; 5] = ["social", "share", "twitter", "og", "opengraph"];
/// Mappings that a picture may stand in.
const MAPPINGS: [&str; 9] =
    ["cover", "header", "hero", "banner", "extra", "featured", "params", "feature", "thumbnail"];
/// Members of a value that are not the post's: what a language or an image pipeline has for it.
const MEMBERS: [&str; 24] = [
    "length",
    "size",
    "first",
    "last",
    "replace",
    "startswith",
    "endswith",
    "includes",
    "indexof",
    "split",
    "trim",
    "tostring",
    "map",
    "foreach",
    "each",
    "slice",
    "at",
    "join",
    "filter",
    "value",
    "childimagesharp",
    "gatsbyimagedata",
    "publicurl",
    "fluid",
];
/// Members by which a list is gone through.
const LISTED: [&str; 6] = ["first", "last", "map", "foreach", "each", "at"];

/// A field that a template reads.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Named {
    /// Dotted path.
    pub path: String,
    /// Whether an entry of a list is taken.
    pub list: bool,
}

/// The field that these steps from the post lead to, where it is one for pictures.
pub(super) fn field(steps: &[String], indexed: bool) -> Option<Named> {
    let mut steps = steps;
    let mut list = indexed;
    while let Some((last, rest)) = steps.split_last() {
        if rank(&steps.join(".")).is_some() {
            return Some(Named { path: steps.join("."), list });
        }
        let member = last.to_lowercase();
        if !MEMBERS.contains(&member.as_str()) {
            return None;
        }
        list |= LISTED.contains(&member.as_str());
        steps = rest;
    }
    None
}

/// How telling a field is, the most telling first; nothing for what is not a field for pictures.
pub(super) fn rank(path: &str) -> Option<usize> {
    let known = FIELDS.iter().chain(&MORE).position(|known| known.eq_ignore_ascii_case(path));
    known.or_else(|| is_picture(path).then_some(FIELDS.len() + MORE.len()))
}

/// Whether a name reads as that of a picture.
fn is_picture(path: &str) -> bool {
    let (parent, name) = match path.rsplit_once('.') {
        None => (None, path),
        Some((parent, name)) => (Some(parent), name),
    };
    let names = |name: &str| {
        let words = words_of(name);
        let ends = words.last().is_some_and(|word| PICTURE.contains(&word.as_str()));
        let is_card = words.last().is_some_and(|word| word == "card")
            && words.first().is_some_and(|word| SHARED.contains(&word.as_str()));
        (ends && words.iter().all(|word| !OTHER.contains(&word.as_str()))) || is_card
    };
    match parent {
        None => names(name),
        Some(parent) => {
            let last = parent.rsplit('.').next().unwrap_or(parent);
            let mapped = MAPPINGS.iter().any(|mapping| mapping.eq_ignore_ascii_case(parent)) && names(name);
            mapped
                || (FILE_KEYS.contains(&name)
                    && name != "image"
                    && names(last)
                    && parent.matches('.').count() < 2)
        }
    }
}

/// Whether these steps lead to a description of a picture.
pub(super) fn is_alt(steps: &[String]) -> bool {
    let words = steps.last().map(|last| words_of(last)).unwrap_or_default();
    let last = words.last().map(String::as_str);
    matches!(last, Some("alt"))
        || words.concat().ends_with("alttext")
        || words.concat().ends_with("description")
}

/// The description that is read beside a field.
pub(super) fn alt_beside<'a>(path: &str, alts: impl Iterator<Item = &'a String> + Clone) -> Option<String> {
    let (parent, name) = match path.rsplit_once('.') {
        None => ("", path),
        Some((parent, name)) => (parent, name),
    };
    let stem = ["_image", "Image", "-image", "-img", "_img"].iter().find_map(|end| name.strip_suffix(end));
    let mut leaves = Vec::new();
    for stem in [Some(name), stem].into_iter().flatten() {
        for end in ["_alt", "Alt", "-alt", "_alt_text", "AltText", "_description", "Description"] {
            leaves.push(format!("{stem}{end}"));
        }
    }
    leaves.extend(["image_alt", "imageAlt", "image_description"].map(str::to_owned));
    let sibling = |leaf: &str| if parent.is_empty() { leaf.to_owned() } else { format!("{parent}.{leaf}") };
    let mut wanted: Vec<String> = leaves.iter().map(|leaf| sibling(leaf)).collect();
    let describes = MAPPINGS.contains(&parent) && !matches!(parent, "extra" | "params" | "header");
    if describes
        || FILE_KEYS.contains(&name) && !parent.is_empty() && !matches!(parent, "extra" | "params" | "header")
    {
        wanted.insert(0, format!("{parent}.alt"));
    }
    wanted.iter().find_map(|wanted| alts.clone().find(|alt| alt.eq_ignore_ascii_case(wanted))).cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn steps(path: &str) -> Vec<String> {
        path.split('.').map(str::to_owned).collect()
    }

    #[test]
    fn what_is_about_a_picture_is_told_from_the_picture() {
        for path in [
            "image",
            "cover.image",
            "header.overlay_image",
            "postCover",
            "extra.banner",
            "card_image.src",
            "extra.og_image",
            "extra.social_media_card",
        ] {
            assert_eq!(field(&steps(path), false), Some(Named { path: path.to_owned(), list: false }));
        }
        for path in [
            "cover.hidden",
            "imageWidth",
            "show_image",
            "author.image",
            "header.video",
            "authorImage",
            "title",
            "card",
            "extra.twitter_card_type",
        ] {
            assert_eq!(field(&steps(path), false), None, "{path}");
        }
    }

    #[test]
    fn members_of_the_value_are_not_part_of_the_field() {
        let named = |path: &str, list| Some(Named { path: path.to_owned(), list });
        assert_eq!(field(&steps("images.first"), false), named("images", true));
        assert_eq!(field(&steps("featuredImage.childImageSharp"), false), named("featuredImage", false));
        assert_eq!(field(&steps("image.replace"), false), named("image", false));
    }

    #[test]
    fn the_description_is_the_one_beside_the_field() {
        let cases = [
            ("cover.image", "cover.alt", true),
            ("image.path", "image.alt", true),
            ("header.image", "header.image_description", true),
            ("heroImage", "heroImageAlt", true),
            ("coverImage", "coverAlt", true),
            ("extra.image", "extra.image_alt", true),
            ("image", "image_alt", true),
            ("image", "logo_alt", false),
            ("image", "description", false),
            ("extra.image", "extra.alt", false),
        ];
        for (path, alt, beside) in cases {
            let alts = [alt.to_owned()];
            assert_eq!(alt_beside(path, alts.iter()), beside.then(|| alt.to_owned()), "{path} {alt}");
        }
    }
}
