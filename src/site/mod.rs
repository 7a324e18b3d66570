//! The site: which generator makes it, where its posts are, and where a picture goes. Evidence from
//! the posts that already have a picture beats the generator's table.

mod cascade;
mod check;
mod claim;
mod configuration;
mod conventions;
mod discover;
mod evidence;
mod field;
mod files;
mod folder;
mod folders;
mod generator;
mod globs;
mod hero;
mod lookup;
mod markdown_elsewhere;
mod no_site;
mod options;
mod pages;
mod picture_names;
mod python;
mod reach;
mod schema;
mod search;
mod sections;
mod share;
mod sites;
mod spelling;
mod starts;
mod target;
mod templates;
mod territory;
mod theme;
mod translations;
mod unread;
mod walk;
mod witnesses;

use std::path::Path;
use std::sync::OnceLock;

use rayon::prelude::*;

use crate::post::front_matter::{self, Change, FieldValue, Manner, Manners, Pod};
use crate::post::{Dialect, Post, Unreadable, path};

pub use check::{InvalidOption, SiteProblem};
pub use claim::{Evidence, Visibility};
pub use discover::{Discovery, FoundPost};
pub use field::{HeroField, HeroFields};
pub use generator::{names as generators, theme_names as themes};
pub use hero::Hero;
pub use no_site::{NoPosts, NoSite};
pub use options::{Embed, Options};
pub use search::{DisputedFolder, PassedOver, PassedOverBecause};
pub use share::SisterPicture;
pub use sites::{ListedSite, Sites, SitesOptions};
pub use target::PictureTarget;

use claim::{Extra, ExtraValue};
use conventions::Conventions;
use evidence::LIST;
use field::alt_beside;
use files::PostFiles;
use lookup::Lookup;
use picture_names::SharedNames;
use sections::Sections;
use spelling::Spelling;
use translations::Translations;
use unread::UnreadField;

/// A recognised site with its posts, and where their pictures go. It is built once and never changed.
#[derive(Debug)]
pub struct Site {
    name: &'static str,
    /// What its configuration calls it.
    title: Option<String>,
    /// As it writes itself, where it is known.
    theme: Option<&'static str>,
    /// The file with the schema of the posts, where it cannot be read.
    unread_schema: Option<String>,
    /// The template of a post's page, where it is broken.
    broken_template: Option<String>,
    files: PostFiles,
    conventions: Conventions,
    hero_field: HeroField,
    /// Fields of other posts that nothing shows.
    unread_fields: Vec<UnreadField>,
    options: Options,
    lookup: Lookup,
    /// Whether an address in the body has to have the path of the site's own in front.
    bare_text: bool,
    /// What tells posts from pages; nothing where the user said which files are posts.
    sections: Sections,
    spelling: Spelling,
    /// Folders in which the sections of the site lie.
    contents: Vec<String>,
    /// The checkout may lack files that the repository has.
    sparse: bool,
    posts: Vec<String>,
    /// Posts of the site that the user's globs leave out.
    neighbours: Vec<String>,
    translations: Translations,
    /// Picture files that two posts would share; known when the first one asks.
    shared: OnceLock<SharedNames>,
    /// Posts that show how the site writes its hero images.
    examples: Vec<String>,
    /// What they show; known when the first post is edited.
    manners: OnceLock<Manners>,
}

impl Site {
    /// Name of the generator.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What its configuration calls it, for its readers.
    pub fn title(&self) -> Option<&str> {
        self.title.as_deref()
    }

    /// Name of the theme, where it is one that is known.
    pub fn theme(&self) -> Option<&'static str> {
        self.theme
    }

    /// Its folder relative to the root; empty for the root itself.
    pub fn folder(&self) -> &str {
        &self.files.folder
    }

    /// The folder that paths are relative to.
    pub fn root(&self) -> &Path {
        &self.files.root
    }

    /// Dotted path of the field that names the picture; `None` where the embed alone shows it.
    pub fn field(&self) -> Option<&str> {
        self.hero_field.field.as_deref()
    }

    /// Dotted path of the alt text; `None` where nobody reads one.
    pub fn alt_field(&self) -> Option<&str> {
        self.conventions.field.as_ref()?.alt.as_deref()
    }

    /// What the choice of the field rests on.
    pub fn evidence(&self) -> Evidence {
        self.conventions.evidence
    }

    /// Why the field is this one, for people.
    pub fn because(&self) -> &str {
        &self.conventions.because
    }

    /// How posts of the site name their hero image.
    pub fn hero_field(&self) -> &HeroField {
        &self.hero_field
    }

    /// What is written into the post, as a template: `{file}` is the picture's name.
    pub fn picture_value(&self) -> &str {
        &self.conventions.place.value
    }

    /// Folder of the pictures relative to the root, as a template: `{dir}` is the post's folder, `{slug}`
    /// its name.
    pub fn picture_folder(&self) -> String {
        self.spelling.of(&self.conventions.place.dir)
    }

    /// The field within this post: another that it has instead of the site's; where it holds a mapping,
    /// the key in it that names the file.
    pub fn field_of(&self, post: &Post) -> Option<String> {
        if self.finds_file(post) {
            return None;
        }
        let field = self.other_field(post).or_else(|| self.hero_field.own_field(post.path()))?;
        Some(hero::exact_field(post, field))
    }

    /// Dotted path of the alt text within this post, where there is a field for it.
    pub fn alt_field_of(&self, post: &Post) -> Option<String> {
        if self.finds_file(post) || (self.field().is_some() && self.field_of(post).is_none()) {
            return None;
        }
        match self.other_field(post).filter(|_| self.options.alt_field.is_none()) {
            Some(other) => alt_beside(other),
            None => self.options.alt_field.clone().or(self.conventions.field.as_ref()?.alt.clone()),
        }
    }

    /// The field in which this post names its picture instead of in the site's, and why nobody sees it there.
    pub fn unread_field_of(&self, post: &Post) -> Option<(&str, &str)> {
        if self.unread_fields.is_empty() {
            return None;
        }
        let path = self.other_field(post)?;
        let unread = self.unread_fields.iter().find(|unread| unread.path == path)?;
        Some((&unread.path, &unread.why))
    }

    /// Whether the field of this post holds a list.
    pub fn is_list_in(&self, post: &Post) -> bool {
        match self.other_field(post) {
            Some(other) => {
                let is_list = other == LIST || matches!(post.get(other), Some(Pod::Array(_)));
                is_list && hero::exact_field(post, other) == other
            }
            None => self.conventions.field.as_ref().is_some_and(|field| field.list),
        }
    }

    /// Stem of the file beside a bundle that the theme finds without a field.
    pub fn file_in_bundles(&self) -> Option<&str> {
        self.conventions.file.as_deref()
    }

    /// The file with the schema of the posts that cannot be read, where what is decided rests on less than that.
    pub fn unread_schema(&self) -> Option<&str> {
        let is_needed = !matches!(self.evidence(), Evidence::Input | Evidence::Posts | Evidence::Schema);
        self.unread_schema.as_deref().filter(|_| is_needed)
    }

    /// The template of a post's page that is broken, where what is decided rests on less than that.
    pub fn broken_template(&self) -> Option<&str> {
        let is_needed = matches!(self.evidence(), Evidence::Theme | Evidence::Generator);
        self.broken_template.as_deref().filter(|_| is_needed)
    }

    /// Where a reader meets the picture.
    pub fn visibility(&self) -> Visibility {
        self.conventions.visibility
    }

    /// The changes of further keys that the picture of this post needs; `value` is that of the picture.
    pub fn extras(&self, post: &Post, value: &str) -> Vec<Change> {
        let needed = self.conventions.extras.iter().filter(|extra| !extra.only_in_bundles || post.is_index());
        // A mapping that the post gets of its own takes the place of the one that its section hands down.
        let is_lost = |field: &str| field.contains('.') && post.is_inherited(field);
        let absent = needed.filter(|extra| post.get(&extra.field).is_none() || is_lost(&extra.field));
        let change = |extra: &Extra| Change {
            field: extra.field.clone(),
            value: match extra.value {
                ExtraValue::Truth(truth) => FieldValue::Bool(truth),
                ExtraValue::SamePicture => FieldValue::Path(value.to_owned()),
            },
        };
        absent.map(change).collect()
    }

    /// How the site's posts write the field and the alt text.
    pub fn manners(&self) -> &Manners {
        self.manners.get_or_init(|| {
            let read = |path: &String| self.files.read(path).ok();
            let texts: Vec<String> = self.examples.iter().filter_map(read).map(|(_, text)| text).collect();
            let manner = |field: &str| {
                let reader = self.dialect().reader;
                let all: Vec<_> =
                    texts.iter().filter_map(|text| front_matter::manner(text, reader, field)).collect();
                Manner::of_most(&all)
            };
            let Some(field) = self.field() else { return Manners::new() };
            let of_field = manner(field);
            let above = |path: &str| path.rsplit_once('.').map(|(above, _)| above.to_owned());
            let is_beside = |alt: &str| above(alt) == above(field);
            let of_alt = self.alt_field().map(|alt| {
                let own = manner(alt);
                let own = if is_beside(alt) { own.or_below(field, &of_field) } else { own };
                (alt.to_owned(), own)
            });
            of_alt.into_iter().chain([(field.to_owned(), of_field.clone())]).collect()
        })
    }

    /// The address of the picture in the body, where the field has this value; `file` is where the picture lies.
    pub fn address_in_body(&self, file: &str, value: &str) -> String {
        // A theme makes an address of the site out of the value; in the text, paths are relative to the post.
        let published = path::inside(file, self.folder()).and_then(|file| file.strip_prefix("static/"));
        let is_below = !value.starts_with('/')
            && published.is_some_and(|file| path::folder(file) == path::folder(value));
        let value = if is_below { format!("/{value}") } else { value.to_owned() };
        if self.bare_text { self.lookup.in_bare_text(&value) } else { value }
    }

    /// How the picture is shown in the body.
    pub fn embed(&self) -> Embed {
        self.conventions.embed
    }

    /// How the picture of this post is shown in the body: also where its own page would not show the field.
    pub fn embed_of(&self, post: &Post) -> Embed {
        if self.is_within_reach(post) { self.embed() } else { Embed::Markdown }
    }

    /// Whether the page of this post shows its picture as those of the other posts do.
    pub fn is_within_reach(&self, post: &Post) -> bool {
        self.conventions.reach.holds(post, &self.contents)
    }

    /// How the site's posts are read.
    pub fn dialect(&self) -> Dialect {
        self.conventions.dialect
    }

    /// Whether every note of a vault counts as a post, because neither a folder nor a property says which are published.
    pub fn takes_every_note(&self) -> bool {
        const A_FEW: usize = 5;
        let is_vault = generator::named(self.name).is_some_and(|own| own.is_of_an_editor());
        let everywhere = self.files.globs.starts().iter().any(|start| start == self.folder());
        is_vault
            && everywhere
            && !self.dialect().opt_in
            && self.options.posts.is_empty()
            && self.posts.len() >= A_FEW
    }

    /// Paths of the posts, in order.
    pub fn posts(&self) -> &[String] {
        &self.posts
    }

    /// The posts with the state of their heroes, in the order of their paths: one at a time on every core,
    /// and gone when the caller lets go of them.
    pub fn look_at_all(&self) -> impl IndexedParallelIterator<Item = (&str, Result<FoundPost, Unreadable>)> {
        self.look_at(&self.posts)
    }

    /// The heroes of the site's posts that are not meant: nobody else may take their files.
    pub fn heroes_of_neighbours(&self) -> Vec<String> {
        let found = self
            .look_at(&self.neighbours)
            .filter_map(|(_, found)| found.ok()?.hero.file().map(str::to_owned));
        found.collect()
    }

    fn look_at<'a>(
        &'a self,
        paths: &'a [String],
    ) -> impl IndexedParallelIterator<Item = (&'a str, Result<FoundPost, Unreadable>)> {
        let look = |buffer: &mut Vec<u8>, path| (path, self.look_with(buffer, path));
        paths.par_iter().map(String::as_str).map_init(Vec::new, look)
    }

    /// One post with the state of its hero.
    ///
    /// # Errors
    /// [`Unreadable`] with the reason and the cure.
    pub fn look(&self, path: &str) -> Result<FoundPost, Unreadable> {
        self.look_with(&mut Vec::new(), path)
    }

    fn look_with(&self, buffer: &mut Vec<u8>, path: &str) -> Result<FoundPost, Unreadable> {
        let post = self.files.parse(path, buffer)?;
        let hero = self.hero(&post);
        Ok(FoundPost { post, hero })
    }

    /// Reads one post again, with its text: right before it is changed.
    ///
    /// # Errors
    /// [`Unreadable`] with the reason and the cure.
    pub fn read(&self, path: &str) -> Result<(Post, String), Unreadable> {
        self.files.read(path)
    }

    /// Whether a file of this path would be a post, by its name.
    pub fn is_post(&self, path: &str) -> bool {
        self.files.territory.holds(path) && self.files.globs.match_post(path)
    }

    /// Whether this is a page and no post, because of where it lies and what it lacks.
    pub fn is_page(&self, post: &Post) -> bool {
        self.sections.is_page(post)
    }

    /// Whether the user named this very post by its path.
    pub fn is_named(&self, path: &str) -> bool {
        self.files.globs.names(path)
    }
}

#[cfg(test)]
mod tests;
