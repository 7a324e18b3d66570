//! Quartz, which publishes the vault in its folder `content`, and nothing else of the repository.

use super::obsidian::Vault;
use super::{Certainty, Defaults, Generator, quoted};
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::{join, plain};
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Quartz;

/// The folder that it publishes.
const VAULT: &str = "content";
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
        let mut defaults = Vault { site, folder: VAULT }.defaults(&NOTES);
        let title =
            site.any("quartz.config", &SCRIPT).and_then(|name| quoted(&site.text(&name), "pageTitle"));
        defaults = defaults.called(title.as_deref());
        let beside = defaults.place.dir.strip_prefix("{dir}").map(|inner| inner.trim_matches('/').to_owned());
        let config = config(site);
        if resolves_from_the_note(&config) {
            defaults.place.value = "{relative}".to_owned();
        } else if let Some(inner) = beside {
            let above = join(site.path(), VAULT).split('/').count();
            defaults.place.value = format!("{{dir:{above}}}/{}", join(&inner, "{file}"));
        }
        defaults.posts.extend(ignored(&config));
        defaults.dialect.opt_in = config.contains("ExplicitPublish(");
        defaults.dialect.builds.future = true;
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::QUARTZ
    }

    fn theme_names(&self, _site: &SiteFolder<'_>) -> Vec<String> {
        vec!["quartz".to_owned()]
    }
}

/// The text of its configuration without lines of comments.
fn config(site: &SiteFolder<'_>) -> String {
    let config = site.any("quartz.config", &SCRIPT).map(|name| site.text(&name)).unwrap_or_default();
    config.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n")
}

/// Whether links are seen from the note that has them. Otherwise Quartz sees them from the vault, also those that
/// begin with `./`, which Obsidian itself sees from the note.
fn resolves_from_the_note(config: &str) -> bool {
    let set = config.lines().filter_map(|line| line.split_once("markdownLinkResolution"));
    set.into_iter()
        .any(|(_, value)| value.trim_start_matches([':', ' ', '"', '\'', '`']).starts_with("relative"))
}

/// Globs of what the configuration leaves out: `ignorePatterns: ["journal", "old/**"]`.
fn ignored(config: &str) -> Vec<String> {
    let list = config.split_once("ignorePatterns").and_then(|(_, rest)| rest.split_once('['));
    let list = list.and_then(|(_, list)| list.split(']').next()).unwrap_or_default();
    let patterns =
        list.split(['"', '\'']).skip(1).step_by(2).map(plain).filter(|pattern| !pattern.is_empty());
    let globs = patterns.flat_map(|pattern| {
        ["", "**/"]
            .map(|above| [format!("!content/{above}{pattern}"), format!("!content/{above}{pattern}/**")])
    });
    globs.flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::Embed;
    use crate::site::Options;
    use crate::site::target::Place;
    use crate::site::tests::{site, tree};

    #[test]
    fn notes_and_attachments_lie_below_content() {
        let root = tree(&[("quartz.config.ts", ""), ("docs/a.md", ""), ("content/n.md", "")]);
        let defaults = Quartz.defaults(&SiteFolder::new(root.path(), ""));
        assert!(defaults.posts.iter().all(|glob| glob.trim_start_matches('!').starts_with("content/")));
        assert_eq!(defaults.place, Place::new("content/attachments", "attachments/{file}"));
        assert_eq!((defaults.field, defaults.embed), (None, Embed::Obsidian));
    }

    #[test]
    fn what_the_configuration_leaves_out_is_left_out() {
        let config = "ignorePatterns: [\"private\", 'journal/**'],\n// filters: [Plugin.ExplicitPublish()]\n";
        let root = tree(&[("quartz.config.ts", config)]);
        let defaults = Quartz.defaults(&SiteFolder::new(root.path(), ""));
        for glob in ["!content/private/**", "!content/**/private/**", "!content/journal/**"] {
            assert!(defaults.posts.iter().any(|own| own == glob), "{glob}: {:?}", defaults.posts);
        }
        assert!(!defaults.dialect.opt_in);
        let root = tree(&[("quartz.config.ts", "filters: [Plugin.ExplicitPublish()]\n")]);
        assert!(Quartz.defaults(&SiteFolder::new(root.path(), "")).dialect.opt_in);
    }

    #[test]
    fn the_settings_of_the_vault_in_content_count() {
        let settings = r#"{"attachmentFolderPath": "img"}"#;
        let root = tree(&[("quartz.config.ts", ""), ("content/.obsidian/app.json", settings)]);
        let defaults = Quartz.defaults(&SiteFolder::new(root.path(), ""));
        assert_eq!(defaults.place, Place::new("content/img", "img/{file}"));
    }

    #[test]
    fn a_picture_is_named_from_where_quartz_sees_links() {
        let own = r#"{"attachmentFolderPath": "./files"}"#;
        let from_note = "Plugin.CrawlLinks({ markdownLinkResolution: \"relative\" }),";
        let from_vault = "// markdownLinkResolution: \"relative\"\nPlugin.CrawlLinks({ markdownLinkResolution: 'shortest' })";
        for (config, settings, files, values) in [
            (
                "",
                "{}",
                ["attachments/a.jpg", "attachments/b.jpg"],
                ["attachments/a.jpg", "attachments/b.jpg"],
            ),
            (from_vault, own, ["n/files/a.jpg", "files/b.jpg"], ["n/files/a.jpg", "files/b.jpg"]),
            (from_note, own, ["n/files/a.jpg", "files/b.jpg"], ["./files/a.jpg", "./files/b.jpg"]),
            (
                from_note,
                "{}",
                ["attachments/a.jpg", "attachments/b.jpg"],
                ["../attachments/a.jpg", "./attachments/b.jpg"],
            ),
        ] {
            for below in ["", "notes/"] {
                let files_of_site = [
                    (format!("{below}quartz.config.ts"), config),
                    (format!("{below}content/.obsidian/app.json"), settings),
                    (format!("{below}content/n/a.md"), "Text\n"),
                    (format!("{below}content/b.md"), "Text\n"),
                ];
                let root = tree(&files_of_site.each_ref().map(|(path, text)| (path.as_str(), *text)));
                let (site, found) = site(&root, Options::default());
                for found in found.posts {
                    let at = usize::from(found.post.path().ends_with("b.md"));
                    let target = site.target(&found.post);
                    assert_eq!(target.file(), format!("{below}content/{}", files[at]), "{config}");
                    assert_eq!(target.value(), values[at], "{config}");
                }
            }
        }
    }
}
