//! What is known about each generator, one entry per line: how it reads posts, where they are, which
//! field names the hero image and where the file goes.

use crate::post::front_matter::Reader::{self, Astro, GrayMatter, Hexo, Hugo, Jekyll, Unknown, Vault, Zola};
use crate::post::{
    Dialect,
    FileTitle::{self, Titleized, Verbatim},
};

use super::Embed;
use super::target::join;

/// What is known about one generator. Paths are relative to the site's folder.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Preset {
    /// Value of the input `site`.
    pub name: &'static str,
    /// How it reads a post.
    pub dialect: Dialect,
    /// Globs of its posts; `!` excludes.
    pub posts: &'static [&'static str],
    /// Dotted path of the field that names the picture; `None` where the picture is embedded only.
    pub field: Option<&'static str>,
    /// Dotted path of the alt text, where the generator or its common layouts read one.
    pub alt: Option<&'static str>,
    /// Whether the field holds a list.
    pub list: bool,
    /// Template of the folder of a picture.
    pub dir: &'static str,
    /// Template of the value written.
    pub value: &'static str,
    /// Template of the value for a picture beside an `index.md` that is a post of its own (a bundle);
    /// `None` where an `index.md` is only a list page.
    pub bundle: Option<&'static str>,
    /// How the picture is shown in the body as well.
    pub embed: Embed,
}

/// Every preset, in the order of the documentation.
pub const PRESETS: [Preset; 11] = [
    of("hugo", Hugo, CONTENT, "static/images", "/images/{file}").field("images").list().bundle("{file}"),
    of("jekyll", Jekyll, &["**/_posts/**"], "assets/images", "/assets/images/{file}")
        .alt("image_alt")
        .titled(Titleized),
    of("astro", Astro, ASTRO, "public/images", "/images/{file}").field("heroImage").bundle("./{file}"),
    of("docusaurus", GrayMatter, BLOG, "static/img", "/img/{file}").bundle("./{file}").embed(Embed::Markdown),
    of("zola", Zola, CONTENT, "static/img", "/img/{file}")
        .field("extra.image")
        .alt("extra.image_alt")
        .bundle("{file}"),
    of("eleventy", GrayMatter, ELEVENTY, "public/img", "/img/{file}").alt("image_alt"),
    of("hexo", Hexo, &["source/_posts/**"], "source/images", "/images/{file}").field("cover"),
    of("next", GrayMatter, NEXT, "public/static/images", "/static/images/{file}").alt("image_alt"),
    of("obsidian", Vault, VAULT, "attachments", "attachments/{file}").titled(Verbatim).embed(Embed::Obsidian),
    of("pelican", Unknown, PELICAN, "content/images", "images/{file}"),
    of(GENERIC, Unknown, ANY, "static/images", "/images/{file}").alt("image_alt"),
];

/// Name of the preset of an unrecognised site.
pub const GENERIC: &str = "generic";

const ANY: &[&str] = &["content/**", "posts/**", "_posts/**", "blog/**"];
const BLOG: &[&str] = &["blog/**"];
const CONTENT: &[&str] = &["content/**"];
const PELICAN: &[&str] = &["content/**", "!content/pages/**"];
const VAULT: &[&str] = &["**", "!private/**"];
const ASTRO: &[&str] = &[
    "src/content/{blog,blogs,post,posts,articles,news}/**",
    "src/data/{blog,posts}/**",
    "src/pages/{blog,posts}/**",
];
const ELEVENTY: &[&str] = &["content/**", "src/{posts,blog,content}/**", "posts/**", "blog/**", "_posts/**"];
const NEXT: &[&str] = &[
    "content/**",
    "posts/**",
    "_posts/**",
    "blog/**",
    "data/{blog,posts}/**",
    "src/{content,posts,_posts,blog}/**",
];

/// A preset with the most common answers, which the methods override.
const fn of(
    name: &'static str,
    reader: Reader,
    posts: &'static [&'static str],
    dir: &'static str,
    value: &'static str,
) -> Preset {
    let dialect = Dialect { reader, file_title: FileTitle::Never, dated_names: false, embedded: false };
    Preset {
        name,
        dialect,
        posts,
        field: Some("image"),
        alt: None,
        list: false,
        dir,
        value,
        bundle: None,
        embed: Embed::None,
    }
}

impl Preset {
    const fn field(mut self, field: &'static str) -> Self {
        self.field = Some(field);
        self
    }

    const fn alt(mut self, alt: &'static str) -> Self {
        self.alt = Some(alt);
        self
    }

    const fn list(mut self) -> Self {
        self.list = true;
        self
    }

    const fn bundle(mut self, value: &'static str) -> Self {
        self.bundle = Some(value);
        self
    }

    /// Who takes the title from the file name; Jekyll's names begin with a date.
    const fn titled(mut self, title: FileTitle) -> Self {
        self.dialect.file_title = title;
        self.dialect.dated_names = matches!(title, Titleized);
        self
    }

    /// Obsidian's embed is the hero itself, so it has no field.
    const fn embed(mut self, embed: Embed) -> Self {
        self.embed = embed;
        if matches!(embed, Embed::Obsidian) {
            self.field = None;
        }
        self
    }

    /// The globs of a site that lies in `folder` of the root.
    pub(super) fn globs(&self, folder: &str) -> Vec<String> {
        let globs = self.posts.iter().map(|glob| match glob.strip_prefix('!') {
            Some(glob) => format!("!{}", join(folder, glob)),
            None => join(folder, glob),
        });
        globs.collect()
    }
}

/// Names of all presets, for messages.
pub fn names() -> String {
    PRESETS.map(|preset| preset.name).join(", ")
}

/// The preset of this name.
pub fn named(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_generator_of_the_documentation_has_one_preset() {
        let names: Vec<_> = PRESETS.iter().map(|preset| preset.name).collect();
        let documented = "hugo jekyll astro docusaurus zola eleventy hexo next obsidian pelican generic";
        assert_eq!(names.join(" "), documented);
    }

    #[test]
    fn a_site_without_a_field_shows_its_picture_in_the_body() {
        for preset in &PRESETS {
            assert!(preset.field.is_some() || preset.embed != Embed::None, "{}", preset.name);
        }
    }

    #[test]
    fn zola_reads_own_keys_only_under_extra() {
        let zola = named("zola").unwrap();
        assert!(zola.field.unwrap().starts_with("extra.") && zola.alt.unwrap().starts_with("extra."));
    }
}
