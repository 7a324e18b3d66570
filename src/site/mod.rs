//! The site: which generator makes it, where its posts are, and where a picture goes. Evidence from
//! the posts that already have a picture beats the generator's table.

mod check;
mod detect;
pub mod discover;
mod evidence;
mod field;
mod folders;
mod globs;
pub mod hero;
mod preset;
mod spelling;
pub mod target;
mod vault;
mod walk;

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use crate::post::front_matter::Pod;
use crate::post::{Post, embed, path};

pub use check::Problem;
pub use discover::{Discovery, Found, NoPosts};
pub use field::HeroField;
pub use hero::Hero;
pub use preset::{PRESETS, Preset};
pub use target::Target;

use evidence::{FIELDS, LIST};
use folders::Folders;
use globs::Globs;
use spelling::Spelling;
use target::{Place, join};

/// How the picture is shown in the body as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Embed {
    /// Not at all: the layout shows the field.
    None,
    /// `![alt](value)`.
    Markdown,
    /// `![[value]]`; the embed is then the hero, for there may be no field.
    Obsidian,
}

impl Embed {
    /// The markup, if the picture is shown in the body.
    pub fn style(self) -> Option<embed::Embed> {
        match self {
            Self::None => None,
            Self::Markdown => Some(embed::Embed::Markdown),
            Self::Obsidian => Some(embed::Embed::Obsidian),
        }
    }
}

/// What the user fixed; everything else is detected. Templates and globs are relative to the root.
#[derive(Debug, Clone)]
pub struct Options {
    /// Generator by the name of its preset; `None` detects it.
    pub site: Option<String>,
    /// Globs of post files; `!` excludes. Empty takes the generator's.
    pub posts: Vec<String>,
    /// Dotted path of the field that names the picture.
    pub image_field: Option<String>,
    /// Dotted path of the alt text.
    pub alt_field: Option<String>,
    /// Template of the folder of a picture.
    pub image_dir: Option<String>,
    /// Template of the value written.
    pub image_path: Option<String>,
    /// How the picture is shown in the body.
    pub embed: Option<Embed>,
    /// Extension of the pictures to be made, without its dot.
    pub extension: &'static str,
    /// A title card of ours counts as no hero image, because somebody can draw a real one.
    pub cards_wait: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            site: None,
            posts: Vec::new(),
            image_field: None,
            alt_field: None,
            image_dir: None,
            image_path: None,
            embed: None,
            extension: "jpg",
            cards_wait: false,
        }
    }
}

/// A recognised site and where its pictures go.
#[derive(Debug)]
pub struct Site {
    root: PathBuf,
    folder: String,
    preset: &'static Preset,
    globs: Globs,
    options: Options,
    field: Option<String>,
    alt: Option<String>,
    list: bool,
    /// Fields under which a post may have its picture instead; none where the user fixed the field.
    others: Vec<&'static str>,
    place: Place,
    bundle: Option<Place>,
    /// The checkout may lack files that the repository has.
    sparse: bool,
    folders: Folders,
    spelling: Spelling,
    posts: Vec<String>,
    /// Posts of the site that the user's globs leave out.
    neighbours: Vec<String>,
    /// Picture files that two posts would share; known when the first one asks.
    shared: OnceLock<HashSet<String>>,
}

impl Site {
    /// Recognises the site at `root`. What the posts tell is learned by [`Site::discover`].
    ///
    /// # Errors
    /// Every [`Problem`] of the options at once.
    pub fn detect(root: &Path, options: Options) -> Result<Self, Vec<Problem>> {
        let mut problems = check::check(&options);
        let wanted = options.site.as_deref().filter(|name| !name.is_empty() && *name != "auto");
        let preset = wanted.map(|name| preset::named(name).ok_or_else(|| name.to_owned())).transpose();
        let wanted = preset.unwrap_or_else(|name| {
            problems.push(Problem::UnknownSite { name });
            None
        });
        let (preset, folder) = detect::detect(root, wanted);
        let mut preset_globs = preset.globs(folder);
        if preset.name == "obsidian" {
            preset_globs.extend(vault::without_templates(root, &vault::home(root, folder)));
        }
        let globs = Globs::new(root, &options.posts, preset_globs).unwrap_or_else(|bad| {
            problems.extend(bad);
            Globs::default()
        });
        if !problems.is_empty() {
            return Err(problems);
        }
        let (place, bundle) = places(root, folder, preset, &options);
        let field = options.image_field.clone().or(preset.field.map(str::to_owned));
        let alt = options.alt_field.clone().or_else(|| match &options.image_field {
            Some(field) => alt_beside(field),
            None => preset.alt.map(str::to_owned),
        });
        let list = preset.list && field.as_deref() == preset.field;
        let others = FIELDS.into_iter().filter(|_| options.image_field.is_none()).collect();
        let (root, folder) = (root.to_owned(), folder.to_owned());
        let sparse = root.join(".git/info/sparse-checkout").exists();
        let (folders, spelling) = (Folders::new(&root), Spelling::new(&root));
        Ok(Self {
            root,
            folder,
            preset,
            globs,
            options,
            field,
            alt,
            list,
            others,
            place,
            bundle,
            sparse,
            folders,
            spelling,
            posts: Vec::new(),
            neighbours: Vec::new(),
            shared: OnceLock::new(),
        })
    }

    /// Name of the generator's preset.
    pub fn name(&self) -> &'static str {
        self.preset.name
    }

    /// Whether the checkout may lack files that the repository has.
    pub fn is_sparse(&self) -> bool {
        self.sparse
    }

    /// The folder that paths are relative to.
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Dotted path of the field that names the picture; `None` where the embed alone shows it.
    pub fn field(&self) -> Option<&str> {
        self.field.as_deref()
    }

    /// How posts of the site name their hero image. Known after [`Site::discover`]: posts teach it.
    pub fn hero_field(&self) -> HeroField {
        let (reader, field) = (self.dialect().reader, self.field.clone());
        HeroField { reader, field, others: self.others.clone() }
    }

    /// Folder of the pictures relative to the root, as a template: `{dir}` is the post's folder, `{slug}`
    /// its name.
    pub fn picture_folder(&self) -> String {
        self.spelling.of(&self.place.dir)
    }

    /// The field within this post: another that it has instead of the site's; where it holds a mapping,
    /// the key in it that names the file.
    pub fn field_of(&self, post: &Post) -> Option<String> {
        let field = self.other_field(post).or(self.field.as_deref())?;
        Some(hero::exact_field(post, field))
    }

    /// Dotted path of the alt text within this post, where there is a field for it.
    pub fn alt_field_of(&self, post: &Post) -> Option<String> {
        match self.other_field(post).filter(|_| self.options.alt_field.is_none()) {
            Some(other) => alt_beside(other),
            None => self.alt.clone(),
        }
    }

    /// Whether the field of this post holds a list.
    pub fn is_list_in(&self, post: &Post) -> bool {
        match self.other_field(post) {
            Some(other) => other == LIST || matches!(post.get(other), Some(Pod::Array(_))),
            None => self.list,
        }
    }

    /// How the picture is shown in the body.
    pub fn embed(&self) -> Embed {
        self.options.embed.unwrap_or(self.preset.embed)
    }

    /// Where the picture of this post goes. Posts that would share a name each get a hash of their
    /// path, so that none depends on the order of the others.
    pub fn target(&self, post: &Post) -> Target {
        self.target_of(post.path())
    }

    fn target_of(&self, post: &str) -> Target {
        let plain = self.plain_target(post);
        if !self.shared.get_or_init(|| self.shared_names()).contains(&plain.file()) {
            return plain;
        }
        let unique = target::unique(&target::slug(post), post);
        self.target_named(post, unique)
    }

    /// The files that stand here under our names for this post's picture, relative to the root.
    pub fn pictures_of(&self, post: &str) -> impl Iterator<Item = String> {
        let names = self.target_of(post).our_names();
        names.map(|target| target.file()).filter(|file| self.root.join(file).is_file())
    }

    fn plain_target(&self, post: &str) -> Target {
        self.target_named(post, target::slug(post))
    }

    fn target_named(&self, post: &str, name: String) -> Target {
        let target = Target::new(self.place_of(post).clone(), post, name, self.options.extension);
        target.spelled(|folder| self.spelling.of(folder))
    }

    fn place_of(&self, post: &str) -> &Place {
        self.bundle.as_ref().filter(|_| path::is_index(post)).unwrap_or(&self.place)
    }
}

/// The field for the alt text of a picture in this field, where convention knows one: the sibling
/// `alt` in a mapping that describes the picture.
fn alt_beside(field: &str) -> Option<String> {
    let (parent, _) = field.rsplit_once('.')?;
    if let Some(preset) = PRESETS.iter().find(|preset| preset.field == Some(field)) {
        return preset.alt.map(str::to_owned);
    }
    (!matches!(parent, "extra" | "params" | "header")).then(|| format!("{parent}.alt"))
}

/// The generator's places, made to fit what the site has and what the user fixed.
fn places(root: &Path, folder: &str, preset: &Preset, options: &Options) -> (Place, Option<Place>) {
    let has = |name: &str| root.join(folder).join(name).is_dir();
    let (dir, value) = match preset.name {
        "jekyll" if has("assets/img") && !has("assets/images") => ("assets/img", "/assets/img/{file}"),
        // `image()` in the schema takes a path relative to the post and refuses any other.
        "astro" if schema_imports_images(root, folder) => ("src/assets", "{relative}"),
        "obsidian" if has("content") && has("quartz") => ("content/attachments", "attachments/{file}"),
        preset::GENERIC if !has("static") && has("public") => ("public/images", "/images/{file}"),
        preset::GENERIC if !has("static") && has("assets") => ("assets/images", "/assets/images/{file}"),
        _ => (preset.dir, preset.value),
    };
    let fixed = options.image_dir.is_some() || options.image_path.is_some();
    if preset.name == "obsidian"
        && !fixed
        && let Some(place) = vault::attachments(root, &vault::home(root, folder))
    {
        return (place, None);
    }
    let bundle = preset.bundle.filter(|_| !fixed);
    let bundle = bundle.map(|value| Place { dir: "{dir}".to_owned(), value: value.to_owned() });
    let dir = options.image_dir.as_deref().map_or_else(|| join(folder, dir), plain);
    let value = match (&options.image_path, &options.image_dir) {
        (Some(value), _) => value.clone(),
        (None, Some(_)) => value_for(&dir, folder),
        (None, None) => value.to_owned(),
    };
    (Place { dir, value }, bundle)
}

/// The folder as `./static//images/` means it.
fn plain(dir: &str) -> String {
    dir.split('/').filter(|part| !matches!(*part, "" | ".")).collect::<Vec<_>>().join("/")
}

/// The address under which a folder's files are published: static folders are left out of it.
fn value_for(dir: &str, folder: &str) -> String {
    let inner = dir.strip_prefix(folder).unwrap_or(dir).trim_start_matches('/');
    if inner.starts_with("{dir}") {
        return "{relative}".to_owned();
    }
    let published = hero::STATIC.iter().filter(|name| !matches!(**name, "assets" | "src")).find_map(|name| {
        let rest = inner.strip_prefix(name)?;
        (rest.is_empty() || rest.starts_with('/')).then(|| rest.trim_start_matches('/'))
    });
    format!("/{}", join(published.unwrap_or(inner), "{file}"))
}

fn schema_imports_images(root: &Path, folder: &str) -> bool {
    ["src/content.config", "src/content/config"].iter().any(|stem| {
        ["ts", "js", "mjs", "mts"]
            .iter()
            .any(|end| detect::read(root, &join(folder, &format!("{stem}.{end}"))).contains("image()"))
    })
}

#[cfg(test)]
mod tests;
