//! Quartz, which publishes the vault in its folder `content`, and nothing else of the repository.

use super::obsidian::Vault;
use super::{Certainty, Defaults, Generator};
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Quartz;

/// What its configuration leaves out when it is fresh (`ignorePatterns`), and the page of the site itself.
const NOTES: [&str; 4] =
    ["content/**", "!content/index.md", "!content/**/private/**", "!content/**/templates/**"];

impl Generator for Quartz {
    fn name(&self) -> &'static str {
        "quartz"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let marked = ["quartz.config", "quartz.layout"].iter().any(|stem| site.any(stem, &SCRIPT).is_some());
        Certainty::certain_if(marked)
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        // Since 4.5 it reads `socialImage`, `image` and `cover` for previews; no version shows them.
        Vault { site, folder: "content" }.defaults(&NOTES)
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::QUARTZ
    }

    fn theme_names(&self, _site: &SiteFolder<'_>) -> Vec<String> {
        vec!["quartz".to_owned()]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Embed;
    use crate::site::target::Place;
    use crate::site::tests::tree;

    #[test]
    fn notes_and_attachments_lie_below_content() {
        let root = tree(&[("quartz.config.ts", ""), ("docs/a.md", ""), ("content/n.md", "")]);
        let defaults = Quartz.defaults(&SiteFolder::new(root.path(), ""));
        assert!(defaults.posts.iter().all(|glob| glob.trim_start_matches('!').starts_with("content/")));
        assert_eq!(defaults.place, Place::new("content/attachments", "attachments/{file}"));
        assert_eq!((defaults.field, defaults.embed), (None, Embed::Obsidian));
    }

    #[test]
    fn the_settings_of_the_vault_in_content_count() {
        let settings = r#"{"attachmentFolderPath": "img"}"#;
        let root = tree(&[("quartz.config.ts", ""), ("content/.obsidian/app.json", settings)]);
        let defaults = Quartz.defaults(&SiteFolder::new(root.path(), ""));
        assert_eq!(defaults.place, Place::new("content/img", "img/{file}"));
    }
}
