//! The one judge of what a post's hero field holds. Planning, publishing and recovery ask it, so that a
//! post never lacks its picture to one and has it to another.

use crate::post::front_matter::{self, Change, FrontMatter, Pod, Reader, Value};
use crate::post::{embed, is_image};

/// Keys by which a mapping that describes a picture names its file.
pub(super) const FILE_KEYS: [&str; 5] = ["path", "src", "image", "url", "file"];

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

/// How posts of the site name their hero image.
#[derive(Debug, Clone)]
pub struct HeroField {
    /// How front matter is read.
    pub reader: Reader,
    /// Dotted path; `None` where the body embeds it.
    pub field: Option<String>,
    /// Fields that a post may have instead.
    pub others: Vec<&'static str>,
}

impl HeroField {
    /// Whether this text of a post has a hero image. Text that cannot be read counts as having one, and
    /// so does a value of an odd shape: nothing is to be written into either.
    pub fn is_set(&self, text: &str) -> bool {
        let Ok(front) = front_matter::read(text, self.reader) else { return true };
        match (&self.field, front) {
            (Some(_), Some(front)) => self.filled(&front).is_some(),
            (Some(_), None) => true,
            (None, front) => embed::first_image(&text[front.map_or(0, |front| front.body)..]).is_some(),
        }
    }

    /// What this text of a post names as its hero image.
    pub fn value(&self, text: &str) -> Option<String> {
        let front = front_matter::read(text, self.reader).ok()?;
        match &self.field {
            Some(_) => {
                let front = front?;
                match held(Some(&front), self.filled(&front)?) {
                    Held::Text(value) | Held::Listed(value) => Some(value.to_owned()),
                    Held::Nothing | Held::Odd => None,
                }
            }
            None => {
                let body = &text[front.map_or(0, |front| front.body)..];
                embed::first_image(body).map(|image| image.target.to_owned())
            }
        }
    }

    /// The text with the picture that another version of it names; `None` where it cannot be set.
    pub fn carry(&self, text: &str, other: &str) -> Option<String> {
        let value = Value::Path(self.value(other)?);
        let front = front_matter::read(other, self.reader).ok()?;
        let field = front.as_ref().and_then(|front| self.filled(front)).or(self.field.as_deref())?;
        front_matter::edit(text, self.reader, &[Change { field: field.to_owned(), value }]).ok()
    }

    /// The field by which this front matter names its picture.
    fn filled(&self, front: &FrontMatter) -> Option<&str> {
        let own = self.field.as_deref().filter(|field| held(Some(front), field) != Held::Nothing);
        own.or_else(|| self.others.iter().copied().find(|other| names_picture_in(Some(front), other)))
    }
}

/// What the field holds, looking into lists and mappings, and at a text that stands where the path
/// leads through (`cover: a.png` for the field `cover.image`).
pub(super) fn held<'a>(front: Option<&'a FrontMatter>, field: &str) -> Held<'a> {
    let get = |field: &str| front.and_then(|front| front.get(field));
    match get(field) {
        Some(value) => held_in(value),
        None => match field.rsplit_once('.').and_then(|(parent, _)| get(parent)) {
            Some(Pod::String(text)) if !text.trim().is_empty() => Held::Text(text),
            Some(Pod::Boolean(_) | Pod::Integer(_) | Pod::Float(_) | Pod::Array(_)) => Held::Odd,
            _ => Held::Nothing,
        },
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
        || value.split_once("://").is_some_and(|(scheme, _)| {
            !scheme.is_empty() && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

/// Whether a value looks like the path or address of a picture.
pub(super) fn names_picture(value: &str) -> bool {
    is_address(value) || is_image(value.split(['?', '#']).next().unwrap_or(value))
}

/// Whether the front matter names a picture in this field.
pub(super) fn names_picture_in(front: Option<&FrontMatter>, field: &str) -> bool {
    matches!(held(front, field), Held::Text(value) | Held::Listed(value) if names_picture(plain_link(value)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn field(name: Option<&str>, others: &[&'static str]) -> HeroField {
        HeroField { reader: Reader::Jekyll, field: name.map(str::to_owned), others: others.to_vec() }
    }

    #[test]
    fn a_hero_is_set_where_the_field_holds_something() {
        let hero = field(Some("image.path"), &[]);
        assert!(hero.is_set("---\nimage:\n  path: /a.png\n---\n"));
        assert!(!hero.is_set("---\nimage:\n  path: ''\n---\n"));
        assert!(!hero.is_set("---\ntitle: A\n---\n"));
        assert_eq!(hero.value("---\nimage:\n  path: /a.png\n---\n").as_deref(), Some("/a.png"));
        let body = field(None, &[]);
        assert_eq!(body.value("---\ntitle: A\n---\n![x](b.png)\n").as_deref(), Some("b.png"));
        assert!(hero.is_set("---\nnever closed\n"), "nothing is to be written into what cannot be read");
    }

    #[test]
    fn another_field_counts_where_it_names_a_picture_and_is_carried_over() {
        let others = field(Some("image.path"), &["cover.image", "hero"]);
        let (ours, theirs) = ("---\ncover:\n  image: /a.png\n---\n", "---\nhero: true\n---\n");
        assert!(others.is_set(ours));
        assert!(!others.is_set(theirs));
        let carried = others.carry(theirs, ours).unwrap();
        assert_eq!(others.value(&carried).as_deref(), Some("/a.png"));
        assert!(carried.contains("cover:"), "{carried}");
    }

    #[test]
    fn links_bare_texts_and_mappings_without_a_picture_are_judged_as_planning_judges_them() {
        for (name, others, front, set) in [
            ("image", &["banner"][..], "banner: \"[[a.png]]\"", true),
            ("cover.image", &[], "cover: a.png", true),
            ("image", &[], "image: {caption: x}", false),
            ("image", &[], "image: {src: \"\", alt: b.png}", false),
            ("image", &[], "image: true", true),
        ] {
            assert_eq!(field(Some(name), others).is_set(&format!("---\n{front}\n---\n")), set, "{front}");
        }
    }

    #[test]
    fn the_value_of_a_mapping_is_its_file_and_the_same_every_time() {
        let text = "---\nimage: {credit: Me, alt: A boat, src: /a.png, caption: x}\n---\n";
        for _ in 0..20 {
            assert_eq!(field(Some("image"), &[]).value(text).as_deref(), Some("/a.png"));
        }
    }
}
