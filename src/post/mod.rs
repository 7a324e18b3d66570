//! A post: its front matter, what it says about itself, and the edit that gives it a picture.
//!
//! A [`Post`] keeps the facts and drops the text: a hundred thousand posts are looked at in order to
//! change ten, and those ten are read again right before they are changed.

pub mod date;
pub mod edit;
pub mod eligibility;
pub mod embed;
pub mod front_matter;
mod markdown;
pub mod path;
pub mod text;

use std::borrow::Cow;

use jiff::Timestamp;

use date::Zone;
use embed::Pictures;
use front_matter::{FrontMatter, Pod, Problem, Reader};

/// Larger files are not posts, and reading them would let one file fill the memory.
pub const LARGEST: usize = 4 * 1024 * 1024;

/// Keys by which a note is published or not.
const PUBLISHED: [&str; 2] = ["publish", "dg-publish"];

/// How the site's generator reads a post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Dialect {
    /// How it finds the front matter.
    pub reader: Reader,
    /// Whether the file name is a title where the post has none.
    pub file_title: FileTitle,
    /// Whether only files whose name begins with a date are published (Jekyll).
    pub dated_names: bool,
    /// Whether a picture of the body can be the hero (Obsidian).
    pub embedded: bool,
    /// What the site builds although readers of others would not get it.
    pub builds: Builds,
    /// Whether only what says so is published (`publish: true`, as with Quartz and Obsidian).
    pub opt_in: bool,
    /// The zone of dates without an offset.
    pub zone: Zone,
}

/// What a site builds that others leave out, by its generator's nature or by its own settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Builds {
    /// A post that is dated after today (Hexo, Zola, `buildFuture` of Hugo).
    pub future: bool,
    /// A draft (`buildDrafts` of Hugo).
    pub drafts: bool,
    /// A post whose last day is over (`buildExpired` of Hugo).
    pub expired: bool,
}

/// What a generator makes of the file name of a post without a title.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum FileTitle {
    /// Nothing.
    #[default]
    Never,
    /// `2026-11-20-a-b` becomes "A B" (Jekyll).
    Titleized,
    /// The stem as it stands (Obsidian).
    Verbatim,
}

/// What `regenerate_image` asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Regenerate {
    /// A new prompt and a new picture.
    New,
    /// A new picture from the prompt that is there.
    Redraw,
}

/// The `image_prompt` of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AuthoredPrompt<'a> {
    /// The prompt, verbatim.
    pub text: Cow<'a, str>,
    /// We wrote it in an earlier run (`image_model` stands beside it), so it is a cache and not the
    /// author's word.
    pub cached: bool,
}

/// Why a post cannot be read. The text is what the user reads after the path.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Bytes that are not UTF-8; nothing is ever transcoded.
    #[error("is not UTF-8 text (byte {at}); save it as UTF-8")]
    NotUtf8 {
        /// Offset of the first wrong byte.
        at: usize,
    },
    /// A file name that is not UTF-8: no text could name the post.
    #[error("has a name that is not UTF-8; rename it")]
    NameNotUtf8,
    /// A folder whose name matches the posts.
    #[error("is a folder named like a post; rename it, or leave it out with a `!` line in `posts`")]
    Folder,
    /// A pipe, socket or device: opening one may wait for ever.
    #[error("is a pipe or a device, not a file; leave it out with a `!` line in `posts`")]
    NoFile,
    /// Larger than [`LARGEST`].
    #[error("is larger than 4 MB, which no post is; leave it out with a `!` line in `posts`")]
    TooLarge,
    /// A symbolic link that leaves the root.
    #[error(
        "is a link that leads out of the repository; put the file itself here, or leave it out with a `!` line in `posts`"
    )]
    LinkOutside,
    /// A file beside it holds its metadata (Nikola).
    #[error(
        "has its metadata in `{file}`, and then nothing counts that the post itself says; move those lines to the top of the post, between a line `<!--` and a line `-->`, and delete that file, or leave the post out with a `!` line in `posts`"
    )]
    MetadataBeside {
        /// The file, relative to the root.
        file: String,
    },
    /// The operating system refused.
    #[error("cannot be read: {0}")]
    Refused(String),
    /// The front matter is broken.
    #[error(transparent)]
    FrontMatter(#[from] Problem),
}

impl Unreadable {
    /// Whether the post is in order, and only this program cannot read it.
    pub fn is_a_limit(&self) -> bool {
        matches!(self, Self::FrontMatter(problem) if problem.is_a_limit())
    }
}

/// The facts of one post, without its text.
#[derive(Debug, Clone)]
pub struct Post {
    path: String,
    front: Option<FrontMatter>,
    body: usize,
    /// From the body or the file name; used where the front matter has no title.
    fallback_title: Option<String>,
    pictures: Pictures,
    undated_name: bool,
    builds: Builds,
    /// Only what says so is published.
    opt_in: bool,
    /// Nothing follows the front matter.
    is_stub: bool,
    zone: Zone,
    /// Keys that the post has from its section.
    inherited: Vec<String>,
}

impl Post {
    /// Reads the facts from the bytes of a file; `path` is relative to the root, with `/`.
    ///
    /// # Errors
    /// [`Unreadable`] when the bytes are not text, too many, or have a broken front matter.
    pub fn parse(path: &str, bytes: &[u8], dialect: Dialect) -> Result<Self, Unreadable> {
        if bytes.len() > LARGEST {
            return Err(Unreadable::TooLarge);
        }
        let text =
            std::str::from_utf8(bytes).map_err(|error| Unreadable::NotUtf8 { at: error.valid_up_to() })?;
        let front = front_matter::read(text, dialect.reader)?;
        let body = front.as_ref().map_or(0, |front| front.body);
        let mut post = Self {
            path: path.to_owned(),
            front,
            body,
            fallback_title: None,
            pictures: Pictures::default(),
            undated_name: false,
            builds: dialect.builds,
            opt_in: dialect.opt_in,
            is_stub: text.get(body..).is_some_and(|body| body.trim().is_empty()),
            zone: dialect.zone,
            inherited: Vec::new(),
        };
        // A collection of Jekyll knows no such names.
        let is_dated =
            || date::prefix(post.stem()).is_some() || !path.split('/').any(|part| part == "_posts");
        post.undated_name = dialect.dated_names && !is_dated();
        if dialect.embedded {
            post.pictures = Pictures::of(post.body(text));
        }
        if post.text("title").is_none() {
            post.fallback_title = text::first_heading(post.body(text)).or_else(|| post.file_title(dialect));
        }
        Ok(post)
    }

    /// The path alone, which is all that is to be said of a post that is settled.
    pub fn into_path(self) -> String {
        self.path
    }

    /// Takes what its section and those above say in its name, the nearest first: where it has a key itself, empty or
    /// not, that counts.
    pub fn inherit(&mut self, values: Vec<(&str, &Pod)>) {
        for (key, value) in values {
            let Some(front) = &mut self.front else { return };
            let is_own = front.get(key).is_some();
            if let (false, Pod::Hash(members)) = (is_own, &mut front.data) {
                members.insert(key.to_owned(), value.clone());
                self.inherited.push(key.to_lowercase());
            }
        }
    }

    /// Whether a field is part of a value that the post has from its section.
    pub fn is_inherited(&self, field: &str) -> bool {
        self.inherited.contains(&front_matter::outermost(field).to_lowercase())
    }

    /// Path relative to the root, with `/`.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Folder relative to the root, with `/`; empty for the root itself.
    pub fn folder(&self) -> &str {
        path::folder(&self.path)
    }

    /// File name without its last extension.
    pub fn stem(&self) -> &str {
        path::stem(&self.path)
    }

    /// The block that was read, `None` when the post has none.
    pub fn front_matter(&self) -> Option<&FrontMatter> {
        self.front.as_ref()
    }

    /// A front matter value by its dotted path (`cover.image`).
    pub fn get(&self, field: &str) -> Option<&Pod> {
        self.front.as_ref()?.get(field)
    }

    /// A front matter value as text; `None` when absent, null, blank or not a scalar.
    pub fn text(&self, field: &str) -> Option<Cow<'_, str>> {
        self.front.as_ref()?.text(field).filter(|text| !text.trim().is_empty())
    }

    /// Front matter title, else the first H1 outside code, else the file name where the generator
    /// takes it.
    pub fn title(&self) -> Option<Cow<'_, str>> {
        self.text("title")
            .map(|title| match title {
                Cow::Borrowed(title) => Cow::Borrowed(title.trim()),
                Cow::Owned(title) => Cow::Owned(title),
            })
            .or(self.fallback_title.as_deref().map(Cow::Borrowed))
    }

    /// When readers see it: the front matter's date, else the one the file name begins with
    /// (`updated` does not count, so that an edit does not make an old post jump the queue).
    pub fn date(&self) -> Option<Timestamp> {
        // Hugo has a date of publishing that counts before the post's own.
        const HUGO: [&str; 5] = ["publishDate", "pubDate", "published", "date", "created"];
        const OTHERS: [&str; 7] =
            ["publishDate", "date", "date.created", "pubDate", "pubDatetime", "created", "published"];
        let fields: &[&str] = if self.reader() == Some(Reader::Hugo) { &HUGO } else { &OTHERS };
        fields.iter().find_map(|field| self.date_in(field)).or_else(|| {
            // A bundle carries the date on its folder: `2026-11-20-a/index.md`.
            let named = if self.is_index() { self.folder() } else { self.stem() };
            date::of_name(named.rsplit('/').next()?, self.zone)
                .or_else(|| date::of_folders(&self.path, self.zone))
        })
    }

    /// The folder, as an address of the site, that Chirpy puts in front of whatever picture this post names: a theme
    /// of Jekyll.
    pub fn media_folder(&self) -> Option<&str> {
        let is_jekyll = self.reader() == Some(Reader::Jekyll);
        let named = ["media_subpath", "img_path"].iter().find_map(|key| match self.get(key) {
            Some(Pod::String(folder)) => Some(folder.trim()),
            _ => None,
        });
        let is_plain =
            |folder: &&str| folder.starts_with('/') && !folder.contains("..") && !folder.contains(['{', ':']);
        named.filter(|folder| is_jekyll && is_plain(folder))
    }

    fn date_in(&self, field: &str) -> Option<Timestamp> {
        date::parse(&self.text(field)?, self.zone)
    }

    /// By whose rules the front matter was read; `None` where there is none.
    fn reader(&self) -> Option<Reader> {
        self.front.as_ref().map(|front| front.reader)
    }

    /// `draft: true`, `published: false` and their cousins in the generators.
    pub fn is_draft(&self) -> bool {
        let status = self.text("status").map(|status| status.to_ascii_lowercase());
        self.flag("draft") == Some(true)
            || self.flag("published") == Some(false)
            || PUBLISHED.iter().any(|key| self.flag(key) == Some(false))
            || matches!(status.as_deref(), Some("draft" | "hidden" | "skip" | "private"))
    }

    /// Whether it says itself that it is to be published.
    pub fn is_published(&self) -> bool {
        PUBLISHED.iter().any(|key| self.flag(key) == Some(true))
    }

    /// The author's summary: `description`, `summary`, `excerpt` or `subtitle`.
    pub fn description(&self) -> Option<Cow<'_, str>> {
        ["description", "summary", "excerpt", "subtitle"].iter().find_map(|field| self.text(field))
    }

    /// What the flag `regenerate_image` asks for.
    pub fn regenerate(&self) -> Option<Regenerate> {
        // Nearly every post says nothing of it, and is asked often.
        self.get("regenerate_image")?;
        match self.flag("regenerate_image") {
            Some(true) => Some(Regenerate::New),
            Some(false) => None,
            None => {
                let word = self.text("regenerate_image")?;
                word.trim().eq_ignore_ascii_case("redraw").then_some(Regenerate::Redraw)
            }
        }
    }

    /// The value of `regenerate_image` when it means nothing.
    pub fn odd_regenerate(&self) -> Option<Cow<'_, str>> {
        if self.regenerate().is_some() || self.flag("regenerate_image").is_some() {
            return None;
        }
        self.text("regenerate_image")
    }

    /// The prompt that stands in the front matter.
    pub fn image_prompt(&self) -> Option<AuthoredPrompt<'_>> {
        let text = self.text("image_prompt")?;
        Some(AuthoredPrompt { text, cached: self.text("image_model").is_some() })
    }

    /// The body within the file's text, which must be the text the post was parsed from.
    pub fn body<'t>(&self, text: &'t str) -> &'t str {
        text.get(self.body..).unwrap_or_default()
    }

    /// The pictures of the body, where the dialect asks for them.
    pub fn pictures(&self) -> &Pictures {
        &self.pictures
    }

    /// Whether the file is an `index.*` that stands for its folder.
    pub fn is_index(&self) -> bool {
        path::is_index(&self.path)
    }

    /// A boolean, also in the spellings that YAML 1.1 and editors' checkboxes leave behind.
    fn flag(&self, field: &str) -> Option<bool> {
        match self.get(field)? {
            Pod::Boolean(value) => Some(*value),
            Pod::String(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "on" => Some(true),
                "false" | "no" | "off" => Some(false),
                _ => None,
            },
            _ => None,
        }
    }

    fn file_title(&self, dialect: Dialect) -> Option<String> {
        let title = match dialect.file_title {
            FileTitle::Never => return None,
            FileTitle::Verbatim => self.stem().to_owned(),
            FileTitle::Titleized => {
                let stem = date::prefix(self.stem()).map_or(self.stem(), |(_, rest)| rest);
                stem.split(['-', '_', ' '])
                    .filter(|word| !word.is_empty())
                    .map(capitalised)
                    .collect::<Vec<_>>()
                    .join(" ")
            }
        };
        (!title.trim().is_empty()).then_some(title)
    }
}

/// Whether a path names an image by its extension.
pub fn is_image(path: &str) -> bool {
    const EXTENSIONS: [&str; 7] = ["jpg", "jpeg", "png", "gif", "webp", "avif", "svg"];
    let extension = path.rsplit_once('.').map_or("", |(_, extension)| extension);
    EXTENSIONS.iter().any(|known| extension.eq_ignore_ascii_case(known))
}

fn capitalised(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests;
