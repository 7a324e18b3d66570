//! Where the picture of a post goes and what the post says about it. The name comes from the path and
//! never from the title, so that it is the same in every run.

use std::fmt::Write as _;

use deunicode::deunicode_char;
use icu_normalizer::ComposingNormalizerBorrowed;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};

use crate::post::{Post, date, path};

/// Longest name without its extension: file systems take 255 bytes, people far less.
const LONGEST_NAME: usize = 100;

/// The file of a picture and the value that names it, both for the same number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PictureTarget {
    place: Place,
    folder: String,
    /// Folder of the file, as it is spelled on disk.
    dir: String,
    slug: String,
    extension: &'static str,
    number: u32,
}

/// How many names are tried, and how many of them count as ours.
const NAMES: usize = 99;
const OURS: usize = 5;

/// Templates of the folder (relative to the root) and of the value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Place {
    pub dir: String,
    pub value: String,
}

impl Place {
    pub(super) fn new(dir: &str, value: &str) -> Self {
        Self { dir: dir.to_owned(), value: value.to_owned() }
    }

    /// A folder or the beginning of a value of this post, what it shares with the post's own path taken for a
    /// variable: its name, with or without the date, and the date's year and month.
    pub(super) fn varied(post: &Post, text: &str) -> String {
        let variables = Variables::of(post.path(), post.date());
        let varied = text.split('/').map(|part| match variables.all().find(|(_, value)| *value == part) {
            Some((variable, _)) if !part.is_empty() => variable,
            _ => part,
        });
        varied.collect::<Vec<_>>().join("/")
    }

    /// Whether pictures lie in folders by date.
    pub(super) fn is_by_date(&self) -> bool {
        [&self.dir, &self.value].iter().any(|text| text.contains("{year}") || text.contains("{month}"))
    }

    /// The place of this post, its variables filled in; a folder for a date that the post does not have falls
    /// away.
    fn of(&self, post: &str, date: Option<Timestamp>) -> Self {
        if !self.dir.contains('{') && !self.value.contains('{') {
            return self.clone();
        }
        let variables = Variables::of(post, date);
        let filled = |template: &str| {
            let parts = template.split('/').map(|part| match part.strip_prefix("{dir:") {
                Some(skip) => variables.below(skip.trim_end_matches('}').parse().unwrap_or(0)),
                None => variables
                    .all()
                    .find(|(name, _)| *name == part)
                    .map_or(part, |(_, value)| value)
                    .to_owned(),
            });
            // Nothing in front is the root of an address, where the template begins with it.
            let rooted = template.starts_with('/');
            let kept = parts.enumerate().filter(|(at, part)| !part.is_empty() || (*at == 0 && rooted));
            kept.map(|(_, part)| part).collect::<Vec<_>>().join("/")
        };
        let has = |template: &str| Variables::NAMES.iter().any(|name| template.contains(name));
        let fill = |template: &String| if has(template) { filled(template) } else { template.clone() };
        Self { dir: fill(&self.dir), value: fill(&self.value) }
    }

    /// The same place for a site that lies in a folder of the root; that of a post's own folder stays.
    pub(super) fn below(&self, folder: &str) -> Self {
        if self.dir.starts_with("{dir}") {
            self.clone()
        } else {
            Self { dir: join(folder, &self.dir), value: self.value.clone() }
        }
    }
}

/// What the path of a post, or its date, has that the folder of its picture may have too.
struct Variables<'p> {
    folder: &'p str,
    name: &'p str,
    plain: &'p str,
    year: String,
    month: String,
}

impl<'p> Variables<'p> {
    /// How templates name them.
    const NAMES: [&'static str; 5] = ["{dir:", "{name}", "{plain}", "{year}", "{month}"];

    /// The date in the name of a post comes before the one that it says itself.
    fn of(post: &'p str, date: Option<Timestamp>) -> Self {
        let folder = path::folder(post);
        let name =
            if path::is_index(post) { folder.rsplit('/').next().unwrap_or(folder) } else { path::stem(post) };
        let dated = date::prefix(name);
        let plain = dated.as_ref().map_or(name, |(_, rest)| rest.trim_start_matches(['-', '_']));
        let named = dated.map(|(day, _)| day.strftime("%Y/%m").to_string());
        let date = named.or_else(|| Some(date?.strftime("%Y/%m").to_string())).unwrap_or_default();
        let (year, month) = date.split_once('/').unwrap_or_default();
        Self { folder, name, plain, year: year.to_owned(), month: month.to_owned() }
    }

    fn all(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let values = [self.name, self.plain, self.year.as_str(), self.month.as_str()];
        Self::NAMES.into_iter().skip(1).zip(values)
    }

    /// The post's folder without so many of its first parts.
    fn below(&self, skip: usize) -> String {
        self.folder.split('/').skip(skip).collect::<Vec<_>>().join("/")
    }
}

impl PictureTarget {
    /// `date` is what the post says of itself.
    pub(super) fn new(
        place: &Place,
        (post, date): (&str, Option<Timestamp>),
        slug: String,
        extension: &'static str,
    ) -> Self {
        let (folder, place) = (path::folder(post).to_owned(), place.of(post, date));
        let mut target = Self { place, folder, dir: String::new(), slug, extension, number: 1 };
        target.dir = target.planned();
        target
    }

    /// The same picture in the folder that the disk has for it.
    pub(super) fn spelled(self, spell: impl FnOnce(&str) -> String) -> Self {
        Self { dir: spell(&self.dir), ..self }
    }

    /// Path of the picture relative to the root, with `/`.
    pub fn file(&self) -> String {
        join(&self.dir, &self.name())
    }

    /// The value that the post gets.
    pub fn value(&self) -> String {
        let relative = if self.place.value.contains("{relative}") { self.relative() } else { String::new() };
        let value = self.as_spelled(self.fill(&self.place.value));
        value.replace("{relative}", &relative).replace("{file}", &self.name())
    }

    /// The names for the same post, this one first: `a.jpg`, `a-2.jpg`, `a-3.jpg`. There is an end,
    /// because a post that needs more has something wrong with it.
    pub fn names(&self) -> impl Iterator<Item = Self> + use<> {
        let next = |last: &Self| Self { number: last.number + 1, ..last.clone() };
        std::iter::successors(Some(self.clone()), move |last| Some(next(last))).take(NAMES)
    }

    /// Those of the names that count as ours where they are met: a post rarely has more than one.
    pub fn our_names(&self) -> impl Iterator<Item = Self> + use<> {
        self.names().take(OURS)
    }

    /// Name of the picture's file.
    pub fn name(&self) -> String {
        named(&self.slug, self.number, self.extension)
    }

    fn planned(&self) -> String {
        self.fill(&self.place.dir).trim_matches('/').to_owned()
    }

    /// A value in which the folders before the name are spelled as those of the file.
    fn as_spelled(&self, value: String) -> String {
        let planned = self.planned();
        let Some((folders, name)) = value.rsplit_once('/').filter(|_| planned != self.dir) else {
            return value;
        };
        let spelled = planned.rsplit('/').zip(self.dir.rsplit('/'));
        let mut folders: Vec<&str> = folders.split('/').collect();
        for (folder, (planned, spelled)) in folders.iter_mut().rev().zip(spelled) {
            if *folder != planned {
                break;
            }
            *folder = spelled;
        }
        format!("{}/{name}", folders.join("/"))
    }

    fn fill(&self, template: &str) -> String {
        template.replace("{dir}", &self.folder).replace("{slug}", &self.slug)
    }

    /// The path from the post's folder to the file, as image-aware generators want it.
    fn relative(&self) -> String {
        relative(&self.folder, &self.file())
    }
}

/// The path from a folder to a file, both relative to the root.
pub(super) fn relative(folder: &str, file: &str) -> String {
    let parts =
        |path: &str| path.split('/').filter(|part| !part.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let (from, to) = (parts(folder), parts(file));
    let shared = from.iter().zip(&to).take_while(|(a, b)| a == b).count();
    let up = "../".repeat(from.len() - shared);
    let start = if up.is_empty() { "./" } else { up.as_str() };
    format!("{start}{}", to[shared..].join("/"))
}

/// Forms of the name of a post's picture, in the order in which they are tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NameForm {
    /// As the post's file, or the folder of an `index`.
    Own,
    /// With the folder above in front, where two posts would share the first.
    WithFolder,
    /// With a hash of the path behind, where they would share that too.
    Hashed,
}

impl NameForm {
    pub(super) const ALL: [Self; 3] = [Self::Own, Self::WithFolder, Self::Hashed];

    /// The name in this form, without extension.
    pub(super) fn of(self, post: &str) -> String {
        let (own, name) = match path::is_index(post) {
            true => (path::folder(post), path::folder(post).rsplit('/').next().unwrap_or_default()),
            false => (post, path::stem(post)),
        };
        let above = || path::folder(own).rsplit('/').next().unwrap_or_default();
        match self {
            Self::Own => slug(name, post),
            Self::WithFolder => slug(&format!("{} {name}", above()), post),
            Self::Hashed => unique(&Self::WithFolder.of(post), post),
        }
    }
}

/// A text as a name: lower case `[a-z0-9-]`, letters of other scripts as Latin ones. What that loses of letters, or
/// of an over-long name, a hash of the path makes up. Computers differ in how they spell `é`, which changes nothing.
fn slug(text: &str, post: &str) -> String {
    let text = ComposingNormalizerBorrowed::new_nfc().normalize(text);
    let mut slug = String::with_capacity(text.len());
    let mut lost = false;
    for letter in text.chars() {
        let own = SPELT.iter().find(|(letters, _)| letters.contains(letter)).map(|(_, spelt)| *spelt);
        let plain = own.or_else(|| deunicode_char(letter));
        let is_silent = plain.is_some_and(|plain| !letter.is_ascii() && matches!(plain, "" | "'" | "`"));
        let plain = if is_silent { "" } else { plain.unwrap_or(" ") };
        lost |=
            letter.is_alphanumeric() && !is_silent && !plain.contains(|c: char| c.is_ascii_alphanumeric());
        for letter in plain.chars() {
            if letter.is_ascii_alphanumeric() {
                slug.push(letter.to_ascii_lowercase());
            } else if !slug.is_empty() && !slug.ends_with('-') {
                slug.push('-');
            }
        }
    }
    lost |= slug.len() > LONGEST_NAME;
    slug.truncate(LONGEST_NAME);
    slug.truncate(slug.trim_end_matches('-').len());
    match (slug.is_empty(), lost) {
        (true, _) => unique("post", post),
        (false, true) => unique(&slug, post),
        (false, false) => slug,
    }
}

/// Letters that those who write them spell otherwise than the table does.
const SPELT: [(&str, &str); 4] = [("äÄ", "ae"), ("öÖ", "oe"), ("üÜ", "ue"), ("əƏ", "e")];

/// The name with a short hash of the post's path.
fn unique(slug: &str, post: &str) -> String {
    let post = ComposingNormalizerBorrowed::new_nfc().normalize(post);
    let digest = Sha256::digest(post.as_bytes());
    digest.iter().take(4).fold(format!("{slug}-"), |mut name, byte| {
        // Writing to a String cannot fail.
        let _infallible = write!(name, "{byte:02x}");
        name
    })
}

/// Names of the files that count as ours in this post, whether or not another post would have the same.
pub(super) fn our_names(post: &str, extension: &str) -> impl Iterator<Item = String> {
    let names = NameForm::ALL.map(|form| form.of(post));
    names.into_iter().flat_map(move |slug| {
        (1..=OURS as u32).map(move |number| named(&slug, number, extension)).collect::<Vec<_>>()
    })
}

fn named(slug: &str, number: u32, extension: &str) -> String {
    match number {
        1 => format!("{slug}.{extension}"),
        number => format!("{slug}-{number}.{extension}"),
    }
}

/// The folder as `./static//images/` means it.
pub(super) fn plain(dir: &str) -> String {
    dir.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

/// Two paths with `/` between them, where both say something.
pub(super) fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { [folder, "/", name].concat() }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn target(path: &str, dir: &str, value: &str) -> PictureTarget {
        PictureTarget::new(&Place::new(dir, value), (path, None), NameForm::Own.of(path), "jpg")
    }

    fn forms(post: &str) -> [String; 3] {
        NameForm::ALL.map(|form| form.of(post))
    }

    // B-76
    #[test]
    fn the_name_is_the_posts_own_and_a_longer_one_has_the_folder_in_front() {
        for (path, own, with_folder) in [
            ("content/posts/My Post.md", "my-post", "posts-my-post"),
            ("a/b/c/Some__Note!.md", "some-note", "c-some-note"),
            ("note.md", "note", "note"),
            ("blog/2026-11-20-a/index.md", "2026-11-20-a", "blog-2026-11-20-a"),
            ("blog/a/index.fr.md", "a", "blog-a"),
        ] {
            assert_eq!(forms(path)[..2], [own, with_folder], "{path}");
        }
    }

    // B-77
    #[test]
    fn whatever_two_posts_share_of_their_names_a_hash_of_the_path_tells_them_apart() {
        let (one, two) = (forms("a/posts/note.md"), forms("b/posts/note.md"));
        assert_eq!(one[..2], two[..2]);
        assert_ne!(one[2], two[2]);
        assert!(one[2].starts_with("posts-note-"), "{}", one[2]);
    }

    #[test]
    fn letters_are_written_as_latin_ones_and_both_spellings_of_an_accent_give_one_name() {
        for (composed, decomposed, name) in [
            ("posts/Été à Málaga.md", "posts/E\u{301}te\u{301} a\u{300} Ma\u{301}laga.md", "ete-a-malaga"),
            ("posts/Grüne Größe.md", "posts/Gru\u{308}ne Gro\u{308}ße.md", "gruene-groesse"),
            ("posts/Łódź og Øl.md", "posts/Ło\u{301}dz\u{301} og Øl.md", "lodz-og-ol"),
            ("posts/Весенний день.md", "posts/Весеннии\u{306} день.md", "vesennii-den"),
            ("posts/你好.md", "posts/你好.md", "ni-hao"),
            ("posts/がっこう.md", "posts/か\u{3099}っこう.md", "gatukou"),
        ] {
            assert_eq!([&forms(composed)[0], &forms(decomposed)[0]], [name, name]);
            assert_eq!(forms(composed), forms(decomposed));
        }
    }

    #[test]
    fn letters_that_are_lost_are_made_up_for_by_a_hash_of_the_path() {
        let (first, second) = (&forms("posts/a\u{10052}.md")[0], &forms("posts/a\u{10088}.md")[0]);
        assert!(first.starts_with("a-") && first.len() == "a-".len() + 8, "{first}");
        assert_ne!(first, second);
        assert!(forms("posts/!.md")[0].starts_with("post-"));
    }

    #[test]
    fn templates_know_folder_name_and_relative_path() {
        let fixed = target("posts/a.md", "static/images", "/images/{file}");
        assert_eq!((fixed.file(), fixed.value()), ("static/images/a.jpg".into(), "/images/a.jpg".into()));
        let beside = target("posts/a.md", "{dir}", "./{file}");
        assert_eq!((beside.file(), beside.value()), ("posts/a.jpg".into(), "./a.jpg".into()));
        let relative = target("src/content/blog/a.md", "src/assets", "{relative}");
        assert_eq!(relative.value(), "../../assets/a.jpg");
        let own = target("posts/a.md", "img/{slug}", "{relative}");
        assert_eq!((own.file(), own.value()), ("img/a/a.jpg".into(), "../img/a/a.jpg".into()));
        assert_eq!(target("posts/a.md", "{dir}", "{relative}").value(), "./a.jpg");
    }

    #[test]
    fn folders_by_date_follow_the_name_of_the_post_else_its_own_date() {
        let date = "2024-03-09T10:00:00Z".parse().ok();
        let place = Place::new("static/{year}/{month}", "/{year}/{month}/{file}");
        let value = |path: &str, date| {
            PictureTarget::new(&place, (path, date), NameForm::Own.of(path), "jpg").value()
        };
        assert_eq!(value("posts/a.md", date), "/2024/03/a.jpg");
        assert_eq!(value("posts/2025-01-02-a.md", date), "/2025/01/2025-01-02-a.jpg");
        assert_eq!(value("posts/a.md", None), "/a.jpg");
        let post =
            Post::parse("posts/a.md", b"---\ndate: 2024-03-09\n---\n", crate::post::Dialect::default());
        assert_eq!(Place::varied(&post.unwrap(), "static/2024/03"), "static/{year}/{month}");
    }

    #[test]
    fn file_and_value_follow_the_spelling_of_the_folder() {
        let spelled = |dir: &str, value: &str, spelled: &str| {
            let target = target("posts/a.md", dir, value).spelled(|_| spelled.to_owned());
            (target.file(), target.value())
        };
        for (value, right) in [
            ("/images/{file}", "/Images/a.jpg"),
            ("https://example.com/static/images/{file}?v=1", "https://example.com/Static/Images/a.jpg?v=1"),
            ("/pictures/{file}", "/pictures/a.jpg"),
            ("{relative}", "../Static/Images/a.jpg"),
            ("{file}", "a.jpg"),
        ] {
            let file = "Static/Images/a.jpg".to_owned();
            assert_eq!(spelled("static/images", value, "Static/Images"), (file, right.to_owned()), "{value}");
        }
    }

    // B-78
    #[test]
    fn the_next_name_is_numbered_in_file_and_value() {
        let second = target("posts/a.md", "static/images", "/images/{file}").names().nth(1).unwrap();
        assert_eq!(
            (second.file(), second.value()),
            ("static/images/a-2.jpg".into(), "/images/a-2.jpg".into())
        );
    }

    proptest! {
        #[test]
        fn every_name_is_plain_stable_and_short(folder in "\\PC{0,60}", stem in "\\PC{0,200}") {
            let path = format!("{folder}/{stem}.md");
            for name in forms(&path) {
                prop_assert!(!name.is_empty() && name.len() <= LONGEST_NAME + 2 * 9);
                prop_assert!(name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-')), "{}", name);
                prop_assert!(!name.starts_with('-') && !name.ends_with('-') && !name.contains("--"), "{}", name);
            }
            prop_assert_eq!(forms(&path), forms(&path));
        }
    }
}
