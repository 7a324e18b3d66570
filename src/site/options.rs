//! What the user fixed of a site.

use serde::Serialize;

use crate::post::embed;

/// How the picture is shown in the body as well.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
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
    pub fn style(self) -> Option<embed::EmbedMarkup> {
        match self {
            Self::None => None,
            Self::Markdown => Some(embed::EmbedMarkup::Markdown),
            Self::Obsidian => Some(embed::EmbedMarkup::Obsidian),
        }
    }
}

/// What the user fixed; everything else is detected. Templates and globs are relative to the root.
#[derive(Debug, Clone)]
pub struct Options {
    /// Generator by its name; `None` detects it.
    pub site: Option<String>,
    /// Theme by one of its names; `None` finds it out.
    pub theme: Option<String>,
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
            theme: None,
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
