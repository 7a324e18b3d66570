//! Obsidian: notes that link to their pictures, in a vault whose settings name the folders for attachments
//! and templates.

use serde_json::Value;

use super::{Certainty, Defaults, Generator, recognise};
use crate::post::front_matter::Reader;
use crate::post::{FileTitle, path};
use crate::site::Embed;
use crate::site::folder::SiteFolder;
use crate::site::target::{Place, join, plain};

/// Names of folders for what is to be published; where one is there, the other notes are nobody's business.
const FOR_POSTS: [&str; 7] = ["posts", "post", "blog", "articles", "publish", "published", "website"];

#[derive(Debug)]
pub(super) struct Obsidian;

impl Generator for Obsidian {
    fn name(&self) -> &'static str {
        "obsidian"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(site.has(".obsidian"))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let is_for_posts = |name: &String| FOR_POSTS.iter().any(|known| name.eq_ignore_ascii_case(known));
        // One that is a site of its own has nothing of the vault.
        let folders = site.folders_in("").into_iter().filter(is_for_posts);
        let folders = folders.filter(|name| recognise(&site.below(name), None).is_none());
        let mut globs: Vec<String> = folders.map(|name| format!("{}/**", globset::escape(&name))).collect();
        if globs.is_empty() {
            globs.push("**".to_owned());
        }
        globs.push("!private/**".to_owned());
        let globs: Vec<&str> = globs.iter().map(String::as_str).collect();
        Vault { site, folder: "" }.defaults(&globs)
    }

    fn is_of_an_editor(&self) -> bool {
        true
    }
}

/// The file in which the vault names a folder of templates, and the key that does: Obsidian's own plugin and
/// Templater.
const TEMPLATES: [(&str, &str); 2] =
    [("templates.json", "folder"), ("plugins/templater-obsidian/data.json", "templates_folder")];

/// A vault: the site's folder, or one in it.
pub(super) struct Vault<'s> {
    pub(super) site: &'s SiteFolder<'s>,
    pub(super) folder: &'static str,
}

impl Vault<'_> {
    /// What a vault asks for whose notes lie at these globs: the embed is the hero itself.
    pub(super) fn defaults(&self, globs: &[&str]) -> Defaults {
        let dir = join(self.folder, "attachments");
        let defaults = Defaults::new(Reader::Vault, globs, &dir, "attachments/{file}");
        let mut defaults = defaults.titled(FileTitle::Verbatim).embed_only(Embed::Obsidian);
        defaults.posts.extend(self.templates());
        if let Some(place) = self.attachments() {
            (defaults.place, defaults.settled_place) = (place, true);
        }
        defaults
    }

    /// Where attachments go, where the vault says so: a folder of the vault, `/` for the vault itself, and
    /// with `./` one below the note's own.
    fn attachments(&self) -> Option<Place> {
        let named = self.named("app.json", "attachmentFolderPath")?;
        let inner = plain(&named);
        Some(if named == "." || named.starts_with("./") {
            Place::new(&format!("{{dir}}/{inner}"), "{relative}")
        } else {
            Place::new(&join(self.folder, &inner), &join(&inner, "{file}"))
        })
    }

    /// Globs that leave out the vault's templates.
    fn templates(&self) -> Vec<String> {
        let folders = TEMPLATES.iter().filter_map(|(file, key)| self.named(file, key));
        // Whoever names the vault itself has no folder of templates.
        let folders = folders.map(|named| plain(&named)).filter(|inner| !inner.is_empty());
        folders.map(|inner| format!("!{}/**", globset::escape(&join(self.folder, &inner)))).collect()
    }

    /// The folder that a file of the vault's settings names; nothing outside the vault, and nothing of git's.
    fn named(&self, file: &str, key: &str) -> Option<String> {
        let text = self.site.text(&join(self.folder, &format!(".obsidian/{file}")));
        let settings: Value = serde_json::from_str(&text).ok()?;
        let named = settings.get(key)?.as_str()?.trim();
        let forbidden =
            |part: &str| part == ".." || path::reserved(part).is_some() || part.contains(['{', '\\']);
        (!named.is_empty() && !path::has_control(named) && !named.split('/').any(forbidden))
            .then(|| named.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use crate::site::tests::{site, tree};
    use crate::site::{Options, Site};

    fn target(settings: &str) -> (String, String) {
        let root = tree(&[(".obsidian/app.json", settings), ("notes/a.md", "Text\n")]);
        let (site, found) = site(&root, Options::default());
        let target = site.target(&found.posts[0].post);
        (target.file(), target.value())
    }

    #[test]
    fn pictures_go_where_the_vault_keeps_its_attachments() {
        for (named, file, value) in [
            ("files/img/", "files/img/a.jpg", "files/img/a.jpg"),
            ("/", "a.jpg", "a.jpg"),
            ("./", "notes/a.jpg", "./a.jpg"),
            ("./pics", "notes/pics/a.jpg", "./pics/a.jpg"),
        ] {
            let right = (file.to_owned(), value.to_owned());
            assert_eq!(target(&format!("{{\"attachmentFolderPath\": \"{named}\"}}")), right, "{named}");
        }
    }

    #[test]
    fn a_vault_that_names_no_folder_of_its_own_keeps_pictures_in_attachments() {
        let usual = ("attachments/a.jpg".to_owned(), "attachments/a.jpg".to_owned());
        for settings in [
            "{}",
            "not json",
            "{\"attachmentFolderPath\": \"\"}",
            "{\"attachmentFolderPath\": \"../x\"}",
            "{\"attachmentFolderPath\": \".git\"}",
            "{\"attachmentFolderPath\": 1}",
        ] {
            assert_eq!(target(settings), usual, "{settings}");
        }
    }

    #[test]
    fn a_vault_in_a_folder_of_the_repository_counts_from_its_own_root() {
        let settings = "{\"attachmentFolderPath\": \"files\"}";
        let root = tree(&[("docs/.obsidian/app.json", settings), ("docs/a.md", "Text\n")]);
        let (vault, found) = site(&root, Options::default());
        let target = |site: &Site| site.target(&found.posts[0].post);
        let (file, value) = (target(&vault).file(), target(&vault).value());
        assert_eq!((file.as_str(), value.as_str()), ("docs/files/a.jpg", "files/a.jpg"));
        let fixed = Options { image_dir: Some("docs/heroes".into()), ..Options::default() };
        let (fixed, _) = site(&root, fixed);
        assert_eq!(target(&fixed).file(), "docs/heroes/a.jpg", "the user's word beats the vault's");
    }

    /// The notes of a vault with these settings and a note in each of these folders.
    fn notes(settings: &[(&str, &str)], folders: &[&str]) -> Vec<String> {
        let notes: Vec<String> = folders.iter().map(|folder| format!("{folder}/a.md")).collect();
        let mut files = vec![(".obsidian/app.json", "{}")];
        files.extend(settings);
        files.extend(notes.iter().map(|note| (note.as_str(), "Text\n")));
        let (_, found) = site(&tree(&files), Options::default());
        found.posts.iter().map(|found| found.post.path().to_owned()).collect()
    }

    #[test]
    fn what_lies_in_the_vaults_folders_of_templates_is_not_a_note() {
        let (own, templater) = (".obsidian/templates.json", ".obsidian/plugins/templater-obsidian/data.json");
        let settings =
            [(own, r#"{"folder": "Vorlagen/"}"#), (templater, r#"{"templates_folder": "/meta/[T]"}"#)];
        let folders = ["Vorlagen", "Vorlagen/deep", "meta/[T]", "meta/T", "notes/Vorlagen"];
        assert_eq!(notes(&settings, &folders), ["meta/T/a.md", "notes/Vorlagen/a.md"]);
    }

    #[test]
    fn templates_in_a_vault_below_the_root_count_from_the_vault() {
        let settings = r#"{"folder": "T"}"#;
        let root = tree(&[
            ("quartz.config.ts", ""),
            ("content/.obsidian/templates.json", settings),
            ("content/T/a.md", "Text\n"),
            ("content/n/b.md", "Text\n"),
            ("T/c.md", "Text\n"),
        ]);
        let (_, found) = site(&root, Options::default());
        assert_eq!(found.posts[0].post.path(), "content/n/b.md");
        assert_eq!(found.posts.len(), 1);
    }

    #[test]
    fn a_folder_of_templates_that_is_not_one_leaves_no_note_out() {
        for named in [
            r#""""#,
            r#""/""#,
            r#"".""#,
            r#""../notes""#,
            r#""notes/..""#,
            r#""C:\\notes""#,
            r#""{a,notes}""#,
            "1",
            "[]",
            "oops",
        ] {
            let settings = format!(r#"{{"folder": {named}}}"#);
            assert_eq!(
                notes(&[(".obsidian/templates.json", &settings)], &["notes"]),
                ["notes/a.md"],
                "{named}"
            );
        }
    }
}
