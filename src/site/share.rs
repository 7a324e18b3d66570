//! The picture of a translation, for a post that lacks one: the same file where the post can name it, else a copy.

use super::field::HeroState;
use super::target::{self, join};
use super::{Hero, Site};
use crate::post::{Post, path};

/// The picture that a translation of a post has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SisterPicture {
    /// Path of the translation.
    pub post: String,
    /// Its picture, relative to the root.
    pub file: String,
    /// Where a copy has to be for the post to name it; `None` where the file itself can be named.
    pub copy: Option<String>,
    /// The value by which the post names it.
    pub value: String,
}

impl Site {
    /// The picture of the first translation of this post that has one which the post can have too.
    pub fn picture_of_sister(&self, post: &Post) -> Option<SisterPicture> {
        self.translations(post.path()).find_map(|sister| self.picture_for(post, sister))
    }

    fn picture_for(&self, post: &Post, sister: &str) -> Option<SisterPicture> {
        let found = self.look(sister).ok()?;
        let state =
            self.hero_field.state(found.post.path(), found.post.front_matter(), found.post.pictures());
        let (file, value) = match (&found.hero, state) {
            (Hero::Present { file }, HeroState::Named(value)) => (file.clone(), value),
            // The theme finds it by its name.
            (Hero::Present { file }, _) => (file.clone(), file.rsplit('/').next()?),
            (Hero::Embedded, HeroState::Shown(value)) => (self.lookup.find_exactly(sister, value)?, value),
            _ => return None,
        };
        let of = |file: String, copy: Option<String>, value: String| {
            Some(SisterPicture { post: sister.to_owned(), file, copy, value })
        };
        // Whatever stands where the value leads from here is meant as the same picture.
        if let Some(file) = self.lookup.find_exactly(post.path(), value) {
            return of(file, None, value.to_owned());
        }
        if let Some(ours) = self.target(post).our_names().find(|target| target.file() == file) {
            return of(file, None, ours.value());
        }
        if value.starts_with("./") || value.starts_with("../") {
            let value = target::relative(path::folder(post.path()), &file);
            return of(file, None, value);
        }
        // A bundle has its own files: the picture has to lie in this one as it does in the other.
        let inner = path::inside(&file, path::folder(sister))?;
        let copy = join(path::folder(post.path()), inner);
        of(file, Some(copy), value.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::site::tests::{site, tree};
    use crate::site::{Hero, Options};

    #[test]
    fn only_what_lies_in_the_bundle_of_a_translation_is_copied_into_ours() {
        for (value, file, copy) in [
            ("cover.png", "content/en/a/cover.png", Some("content/de/a/cover.png")),
            ("img/cover.png", "content/en/a/img/cover.png", Some("content/de/a/img/cover.png")),
            // A folder whose name begins like that of the bundle is another one.
            ("/ab/cover.png", "content/en/ab/cover.png", None),
        ] {
            let original = format!("---\ntitle: A\nimage: {value}\n---\n");
            let root = tree(&[
                (
                    "hugo.toml",
                    "[languages.en]\ncontentDir='content/en'\n[languages.de]\ncontentDir='content/de'\n",
                ),
                (file, ""),
                ("content/en/a/index.md", &original),
                ("content/de/a/index.md", "---\ntitle: A\n---\n"),
            ]);
            let (site, found) =
                site(&root, Options { image_field: Some("image".into()), ..Options::default() });
            let post = found.posts.iter().find(|found| found.post.path() == "content/de/a/index.md");
            let shared = site.picture_of_sister(&post.unwrap().post);
            assert_eq!(shared.and_then(|shared| shared.copy).as_deref(), copy, "{value}");
        }
    }

    #[test]
    fn our_picture_in_the_body_of_a_translation_is_found_wherever_it_was_moved() {
        let moved = "---\ntitle: A\n---\nText\n\n![x](/images/a.jpg)\n";
        for (own, other) in [("posts/a.md", "posts/a.de.md"), ("posts/a.de.md", "posts/a.md")] {
            let root = tree(&[
                (".vitepress/config.ts", ""),
                ("public/images/a.jpg", ""),
                (own, "---\ntitle: A\n---\nText\n"),
                (other, moved),
            ]);
            let (site, found) = site(&root, Options::default());
            let of = |path: &str| found.posts.iter().find(|found| found.post.path() == path).unwrap();
            assert_eq!((&of(own).hero, &of(other).hero), (&Hero::Missing, &Hero::Embedded), "{other}");
            let shared = site.picture_of_sister(&of(own).post).unwrap();
            assert_eq!((shared.file.as_str(), shared.copy), ("public/images/a.jpg", None), "{other}");
        }
    }
}
