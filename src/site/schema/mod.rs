//! What a schema or an editor's configuration in the repository says of the posts: where they lie, which key
//! names the picture, in which form, and which keys there are at all.

pub(super) mod astro;
pub(super) mod base;
mod cms;
pub(super) mod contentlayer;
pub(super) mod docusaurus;
mod pick;
mod script;
mod shape;
#[cfg(test)]
mod tests;
mod token;

use super::claim::Claim;
use super::folder::{SCRIPT, SiteFolder};

/// What the repository says of its posts in so many words.
#[derive(Debug, Clone)]
pub(super) struct Schema {
    /// Globs of the posts relative to the site's folder; `!` excludes. Empty where nothing is said.
    pub posts: Vec<String>,
    /// The field of the picture and where it goes.
    pub claim: Option<Claim>,
    /// All top-level keys that a post may have, where others are dropped or refused.
    pub keys: Option<Vec<String>>,
    /// Whether it is the generator's own, which reads no other posts; an editor may know only some.
    pub of_generator: bool,
    /// The file that says so.
    pub file: String,
    /// Whether it says nothing of a picture because the keys of the posts could not be read.
    pub unread: bool,
}

impl Schema {
    /// Whether posts may have this key: a closed schema drops or refuses every other one.
    pub(super) fn allows(&self, path: &str) -> bool {
        let top = path.split('.').next();
        self.keys.as_ref().is_none_or(|keys| keys.iter().any(|key| Some(key.as_str()) == top))
    }
}

/// Stems of scripts with schemas of posts.
const SCRIPTS: [&str; 5] =
    ["src/content.config", "src/content/config", "content.config", "contentlayer.config", "velite.config"];

/// The file with a schema of the posts that is there and cannot be read, where one is; `schema` is what was read.
pub(super) fn unread_file(site: &SiteFolder<'_>, schema: Option<&Schema>) -> Option<String> {
    if let Some(schema) = schema {
        let speaks = ["schema", "fields"].iter().any(|word| site.says(&schema.file, word));
        return (schema.unread && speaks).then(|| schema.file.clone());
    }
    let scripts = SCRIPTS.iter().filter_map(|stem| site.any(stem, &SCRIPT));
    let broken = scripts.into_iter().find(|file| script::Script::parse(&site.text(file)).is_broken);
    broken.or_else(|| cms::unread_file(site))
}

/// The schema of a site: that of its generator first, then that of its editor.
pub(super) fn with_editor(site: &SiteFolder<'_>, own: Option<Schema>) -> Option<Schema> {
    let Some(mut own) = own else { return cms::read(site) };
    if own.claim.is_none()
        && let Some(editor) = cms::read(site)
    {
        let known = |claim: &Claim| claim.field.as_ref().is_none_or(|field| own.allows(&field.path));
        own.claim = editor.claim.filter(known);
    }
    Some(own)
}
