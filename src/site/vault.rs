//! Where an Obsidian vault keeps what is added to its notes, as `.obsidian/app.json` says.

use std::path::Path;

use serde_json::Value;

use super::detect::read;
use super::target::{Place, join};

/// The place of attachments in the vault that lies in `folder` of the root, where the vault names one: a
/// folder of the vault, `/` for the vault itself, and with `./` one below the note's own.
pub(super) fn attachments(root: &Path, folder: &str) -> Option<Place> {
    let settings: Value = serde_json::from_str(&read(&root.join(folder).join(".obsidian/app.json"))).ok()?;
    let named = settings.get("attachmentFolderPath")?.as_str()?.trim();
    let forbidden = |part: &str| matches!(part, ".." | ".git" | ".github") || part.contains(['{', '\\']);
    if named.is_empty() || named.split('/').any(forbidden) {
        return None;
    }
    let beside = named == "." || named.starts_with("./");
    let parts: Vec<&str> = named.split('/').filter(|part| !matches!(*part, "" | ".")).collect();
    let inner = parts.join("/");
    Some(match beside {
        true => Place { dir: format!("{{dir}}/{inner}"), value: "{relative}".to_owned() },
        false => Place { dir: join(folder, &inner), value: join(&inner, "{file}") },
    })
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
            ("files/img/", "files/img/notes-a.jpg", "files/img/notes-a.jpg"),
            ("/", "notes-a.jpg", "notes-a.jpg"),
            ("./", "notes/notes-a.jpg", "./notes-a.jpg"),
            ("./pics", "notes/pics/notes-a.jpg", "./pics/notes-a.jpg"),
        ] {
            let right = (file.to_owned(), value.to_owned());
            assert_eq!(target(&format!("{{\"attachmentFolderPath\": \"{named}\"}}")), right, "{named}");
        }
    }

    #[test]
    fn a_vault_that_names_no_folder_of_its_own_keeps_pictures_in_attachments() {
        let usual = ("attachments/notes-a.jpg".to_owned(), "attachments/notes-a.jpg".to_owned());
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
        assert_eq!((file.as_str(), value.as_str()), ("docs/files/docs-a.jpg", "files/docs-a.jpg"));
        let fixed = Options { image_dir: Some("docs/heroes".into()), ..Options::default() };
        let (fixed, _) = site(&root, fixed);
        assert_eq!(target(&fixed).file(), "docs/heroes/docs-a.jpg", "the user's word beats the vault's");
    }
}
