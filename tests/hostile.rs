//! What bad input gets: a clear line that names the file or the provider and the cure, while the
//! other posts go on and no post is left half-written or pointing at nothing.

pub mod log;
#[cfg(target_os = "linux")]
mod machine;
#[cfg(target_os = "linux")]
mod memory;
mod pipes;
mod places;
mod posts;
mod providers;
mod settings;

use std::path::Path;

use crate::support::action::{Action, Finished};
use crate::support::images;
use crate::support::posts::{contents, post, put};
use crate::support::server::Server;

/// A run in Actions with one provider that delivers.
fn with_pictures(root: &Path) -> Action {
    Action::in_actions(root).cloudflare(&images::cloudflare()).input("describe", "never")
}

/// A run in Actions with one provider that answers as it likes, and one second for each answer.
fn asking(root: &Path, server: &Server) -> Action {
    Action::in_actions(root)
        .together(server)
        .input("providers", "together")
        .input("patience", "0s")
        .input("describe", "never")
        .input("timeout", "1s")
}

/// Puts a post that every run can give its picture.
fn put_good(root: &Path) {
    put(root, "posts/good.md", post("A good one").as_bytes());
}

/// The run went on to the good post, and the log says this about the bad one.
fn says_and_goes_on(run: &Finished, path: &str, words: &[&str]) {
    let line = run.log.lines().find(|line| line.contains(path) && !line.starts_with("::"));
    let line = line.unwrap_or_else(|| panic!("{path} is not in the log:\n{}", run.log));
    for word in words {
        assert!(line.contains(word), "`{word}` is missing in: {line}");
    }
    assert_eq!(run.status("posts/good.md"), "generated", "{}", run.log);
    assert_eq!(run.outputs["verdict"], "degraded", "{}", run.log);
    assert_eq!(run.code, Some(1));
}

/// Every post is as it was, or names a picture that is there and decodes; nothing else is left behind.
/// Gives the number of posts that have a picture.
pub fn whole_files_only(root: &Path, before: &[(String, Vec<u8>)]) -> usize {
    let after = contents(root);
    let named = |value: &str| value.rsplit('/').next().unwrap_or_default().to_owned();
    let mut pictures = Vec::new();
    for (path, bytes) in &after {
        let Some((_, old)) = before.iter().find(|(known, _)| known == path) else {
            assert!(image::load_from_memory(bytes).is_ok(), "{path} is not a whole picture");
            pictures.push(named(path));
            continue;
        };
        if old != bytes {
            let text = std::str::from_utf8(bytes).unwrap();
            let value = text.lines().find_map(|line| line.strip_prefix("image: ")).expect(path);
            let file = named(value.trim_matches(['"', '\'']));
            let there = after.iter().find(|(path, _)| named(path) == file);
            let (_, picture) = there.unwrap_or_else(|| panic!("{path} names {file}, which is not there"));
            assert!(image::load_from_memory(picture).is_ok(), "{file} is not a whole picture");
            let added = ["image: ", "image_alt: ", "imageAlt: "];
            let rest: String = text
                .split_inclusive('\n')
                .filter(|line| !added.iter().any(|name| line.starts_with(name)))
                .collect();
            assert_eq!(rest.as_bytes(), old, "{path} has more changes than its picture");
        }
    }
    let gone = before.iter().find(|(path, _)| !after.iter().any(|(known, _)| known == path));
    assert_eq!(gone.map(|(path, _)| path), None);
    pictures.len()
}
