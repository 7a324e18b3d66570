//! The edit that gives a post its picture, as a value: which fields change, and what is shown in the
//! body. It is pure, so that the same edit can be applied to the file here and to the same post on
//! another branch.

use super::embed::{self, EmbedMarkup, Pictures};
use super::front_matter::{self, Change, Manners, Pod, Problem, Reader};

/// What changes in a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// How the site reads front matter.
    pub reader: Reader,
    /// Fields to set.
    pub changes: Vec<Change>,
    /// How the site's other posts write these fields.
    pub manners: Manners,
    /// The picture in the body as well.
    pub shown: Option<Shown>,
}

/// A picture shown in the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The markup.
    pub style: EmbedMarkup,
    /// Path of the picture as the body names it.
    pub target: String,
    /// Alt text.
    pub alt: String,
    /// The picture replaces the one that was the hero before, wherever the body shows it; any other
    /// picture of the body is the author's.
    pub replaces: bool,
    /// Names of the files that count as ours in this post.
    pub files: Vec<String>,
}

impl Edit {
    /// The post's text after the edit; every byte that the edit does not name stays.
    ///
    /// # Errors
    /// The [`Problem`] that makes the edit unsafe; nothing is changed then.
    pub fn apply(&self, text: &str) -> Result<String, Problem> {
        let edited = match self.changes.as_slice() {
            [] => text.to_owned(),
            changes => front_matter::edit_like(text, self.reader, changes, &self.manners)?,
        };
        let Some(shown) = &self.shown else { return Ok(edited) };
        let body = front_matter::read(&edited, self.reader)?.map_or(0, |front| front.body);
        let Shown { style, target, alt, replaces, .. } = shown;
        let pictures = if *replaces { Pictures::of(&edited[body..]) } else { Pictures::default() };
        let replaced = self
            .old_hero(shown, &pictures, text)
            .filter(|old| !embed::shows(old, target))
            .and_then(|old| embed::replace(&edited, body, old, *style, target));
        // A path that the markup cannot hold is shown by the field alone.
        Ok(replaced.or_else(|| embed::insert(&edited, body, *style, target, alt)).unwrap_or(edited))
    }

    /// The picture of the body that was the hero before the edit: the one that a field names, else the one
    /// that the site takes for it.
    fn old_hero<'p>(&self, shown: &Shown, pictures: &'p Pictures, text: &str) -> Option<&'p str> {
        let front = front_matter::read(text, self.reader).ok().flatten();
        let named = self.changes.iter().filter_map(|change| match front.as_ref()?.get(&change.field)? {
            Pod::Array(values) => values.first()?.as_string().ok(),
            value => value.as_string().ok(),
        });
        let named: Vec<String> = named.collect();
        let is_named = |picture: &str| named.iter().any(|value| embed::shows(picture, value));
        pictures.find(is_named).or_else(|| match shown.style {
            EmbedMarkup::Obsidian => pictures.hero(&shown.files),
            EmbedMarkup::Markdown => pictures.ours(&shown.files),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::post::front_matter::FieldValue;

    fn edit(replaces: bool) -> Edit {
        let change = Change { field: "image".to_owned(), value: FieldValue::Path("/i/b.jpg".to_owned()) };
        let target = "/i/b.jpg".to_owned();
        let files = vec!["b.jpg".to_owned(), "b-2.jpg".to_owned()];
        let shown = Shown { style: EmbedMarkup::Markdown, target, alt: "A boat".to_owned(), replaces, files };
        Edit {
            reader: Reader::GrayMatter,
            changes: vec![change],
            manners: Manners::new(),
            shown: Some(shown),
        }
    }

    #[test]
    fn field_and_embed_are_one_edit_and_the_second_time_changes_nothing() {
        let once = edit(false).apply("---\ntitle: A\n---\nText\n").unwrap();
        assert_eq!(once, "---\ntitle: A\nimage: /i/b.jpg\n---\n![A boat](/i/b.jpg)\n\nText\n");
        assert_eq!(edit(false).apply(&once).unwrap(), once);
    }

    #[test]
    fn a_regenerated_picture_takes_the_place_of_the_old_one_in_the_body() {
        let text = "---\nimage: /i/a.jpg\n---\n![Old](/i/a.jpg)\n\nText\n";
        let edited = edit(true).apply(text).unwrap();
        assert_eq!(edited, "---\nimage: /i/b.jpg\n---\n![Old](/i/b.jpg)\n\nText\n");
    }

    #[test]
    fn a_picture_that_was_never_the_hero_stays_when_the_hero_is_regenerated() {
        for front in ["---\nimage: /i/a.jpg\n---\n", "---\ntitle: A\n---\n", "---\nimage:\n---\n"] {
            let text = format!("{front}Text\n\n![A diagram](/i/diagram.png)\n");
            let edited = edit(true).apply(&text).unwrap();
            assert!(
                edited.ends_with("![A boat](/i/b.jpg)\n\nText\n\n![A diagram](/i/diagram.png)\n"),
                "{edited}"
            );
        }
    }

    #[test]
    fn the_place_of_the_old_picture_takes_a_path_as_markdown_spells_it() {
        let mut edit = edit(true);
        edit.shown.as_mut().unwrap().target = "/my i/b.jpg".to_owned();
        let text = "---\nimage: /my i/a.jpg\n---\n![Old](/my%20i/a.jpg)\n";
        let edited = edit.apply(text).unwrap();
        assert!(edited.ends_with("![Old](/my%20i/b.jpg)\n"), "{edited}");
        assert!(edit.apply(&edited).unwrap().ends_with("---\n![Old](/my%20i/b.jpg)\n"));
    }

    #[test]
    fn the_picture_on_top_of_a_note_is_its_hero() {
        let shown = |target: &str| {
            let (style, target, alt) = (EmbedMarkup::Obsidian, target.to_owned(), String::new());
            Edit {
                reader: Reader::GrayMatter,
                changes: Vec::new(),
                manners: Manners::new(),
                shown: Some(Shown { style, target, alt, replaces: true, files: vec!["o.jpg".to_owned()] }),
            }
        };
        let edit = shown("i/b.jpg");
        assert_eq!(edit.apply("![[i/a.jpg]]\n\nText\n").unwrap(), "![[i/b.jpg]]\n\nText\n");
        let below = "Text\n\n![[i/a.jpg]]\n";
        assert_eq!(edit.apply(below).unwrap(), format!("![[i/b.jpg]]\n\n{below}"));
    }

    #[test]
    fn a_picture_of_ours_is_replaced_wherever_it_was_moved() {
        for style in [EmbedMarkup::Obsidian, EmbedMarkup::Markdown] {
            let mut edit = edit(true);
            edit.changes.clear();
            edit.shown.as_mut().unwrap().style = style;
            for (old, new) in [
                ("![[a.png]]\n\nText\n\n![[i/b-2.jpg|300]]\n", "![[a.png]]\n\nText\n\n![[/i/b.jpg|300]]\n"),
                ("Text ![A](../m/b-2.jpg \"t\") more\n", "Text ![A](/i/b.jpg \"t\") more\n"),
            ] {
                assert_eq!(edit.apply(old).unwrap(), new);
            }
        }
    }

    #[test]
    fn a_note_that_begins_with_a_rule_gets_its_picture_above_it() {
        for body in ["---\n\nIntro words.\n", "---\n\n# Hi\n\n---\n\nMore\n"] {
            let mut edit = edit(false);
            (edit.reader, edit.changes) = (Reader::Vault, Vec::new());
            edit.shown.as_mut().unwrap().style = EmbedMarkup::Obsidian;
            let edited = edit.apply(body).unwrap();
            assert_eq!(edited, format!("![[/i/b.jpg]]\n\n{body}"));
            assert_eq!(edit.apply(&edited).unwrap(), edited);
        }
    }
}
