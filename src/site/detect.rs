//! Recognises the generator by the files it leaves at the root of a site or in one of the folders
//! that monorepos use.

use std::cell::RefCell;
use std::collections::HashMap;
use std::io::ErrorKind;
use std::path::Path;

use tracing::warn;

use super::preset::{self, Preset};
use super::target::join;
use crate::disk;

/// Folders of a site in a repository that holds more than the site.
const FOLDERS: [&str; 6] = ["", "docs", "website", "site", "blog", "www"];
/// Only this much of a configuration file is looked at.
const LONGEST_CONFIG: u64 = 64 * 1024;

/// The generator and its folder relative to the root (empty for the root itself). `wanted` fixes the
/// generator and only looks for its folder.
pub(super) fn detect(root: &Path, wanted: Option<&'static Preset>) -> (&'static Preset, &'static str) {
    let recognised = FOLDERS.iter().find_map(|folder| {
        let name = recognise(root, folder)?;
        let preset = preset::named(name)?;
        (wanted.is_none() || wanted == Some(preset)).then_some((preset, *folder))
    });
    recognised.unwrap_or_else(|| (wanted.unwrap_or(&preset::PRESETS[preset::PRESETS.len() - 1]), ""))
}

/// Name of the preset whose markers the folder has.
fn recognise(root: &Path, folder: &str) -> Option<&'static str> {
    let has = |name: &str| root.join(folder).join(name).exists();
    let any = |stem: &str, ends: &[&str]| ends.iter().any(|end| has(&format!("{stem}.{end}")));
    let known: RefCell<HashMap<String, String>> = RefCell::default();
    let text = |name: &str| {
        let mut known = known.borrow_mut();
        known.entry(name.to_owned()).or_insert_with(|| read(root, &join(folder, name))).clone()
    };
    let says = |name: &str, word: &str| text(name).contains(word);
    const SCRIPT: [&str; 5] = ["js", "mjs", "cjs", "ts", "mts"];
    const DATA: [&str; 4] = ["toml", "yaml", "yml", "json"];

    if any("hugo", &DATA) || has("config/_default") {
        return Some("hugo");
    }
    if has("zola.toml") || says("config.toml", "base_url") {
        return Some("zola");
    }
    let hugo_folders = has("archetypes") || has("layouts") || has("themes");
    if any("config", &DATA)
        && (hugo_folders
            || DATA.iter().any(|end| text(&format!("config.{end}")).to_lowercase().contains("baseurl")))
    {
        return Some("hugo");
    }
    let jekyll_config = any("_config", &["yml", "yaml", "toml"]);
    if jekyll_config && has("source/_posts") && (has("scaffolds") || says("package.json", "hexo")) {
        return Some("hexo");
    }
    if jekyll_config && (says("Gemfile", "jekyll") || says("Gemfile", "github-pages")) {
        return Some("jekyll");
    }
    for (stem, name) in
        [("astro.config", "astro"), ("docusaurus.config", "docusaurus"), ("eleventy.config", "eleventy")]
    {
        if any(stem, &SCRIPT) {
            return Some(name);
        }
    }
    if has(".eleventy.js") {
        return Some("eleventy");
    }
    if has("quartz.config.ts") || has(".obsidian") {
        return Some("obsidian");
    }
    if any("contentlayer.config", &SCRIPT) || any("next.config", &SCRIPT) {
        return Some("next");
    }
    if has("pelicanconf.py") {
        return Some("pelican");
    }
    // GitHub Pages builds a `_posts` folder with Jekyll even without a configuration.
    has("_posts").then_some("jekyll")
}

/// The beginning of a text file of the root; empty when it cannot be read, because absence is no problem
/// here.
pub(super) fn read(root: &Path, path: &str) -> String {
    let read = disk::open_within(root, path).and_then(|file| disk::beginning(file, LONGEST_CONFIG));
    read.unwrap_or_else(|error| {
        if error.kind() == ErrorKind::InvalidInput {
            warn!("`{path}` is not read, because {error}; put the file itself there");
        }
        String::new()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn each_generator_is_known_by_its_markers() {
        for (files, expected) in [
            (vec![("hugo.toml", "")], "hugo"),
            (vec![("config.toml", "baseURL = 'x'")], "hugo"),
            (vec![("config.yaml", ""), ("archetypes/default.md", "")], "hugo"),
            (vec![("config.toml", "base_url = 'x'"), ("templates/a.html", "")], "zola"),
            (
                vec![("_config.yml", ""), ("source/_posts/a.md", ""), ("package.json", "{\"hexo\":{}}")],
                "hexo",
            ),
            (vec![("_config.yml", ""), ("_posts/2026-01-01-a.md", "")], "jekyll"),
            (vec![("_config.yml", ""), ("Gemfile", "gem 'github-pages'")], "jekyll"),
            (vec![("astro.config.mjs", "")], "astro"),
            (vec![("docusaurus.config.ts", "")], "docusaurus"),
            (vec![(".eleventy.js", "")], "eleventy"),
            (vec![(".obsidian/app.json", "")], "obsidian"),
            (vec![("next.config.js", "")], "next"),
            (vec![("pelicanconf.py", "")], "pelican"),
            (vec![("package.json", "{}")], "generic"),
        ] {
            let root = tree(&files);
            assert_eq!(detect(root.path(), None).0.name, expected, "{files:?}");
        }
    }

    #[test]
    fn a_site_in_a_subfolder_is_found() {
        let root = tree(&[("website/docusaurus.config.js", ""), ("package.json", "{}")]);
        let (preset, folder) = detect(root.path(), None);
        assert_eq!((preset.name, folder), ("docusaurus", "website"));
    }

    #[test]
    fn a_named_generator_is_taken_also_without_its_markers() {
        let root = tree(&[("hugo.toml", ""), ("docs/astro.config.mjs", "")]);
        let found = |name| detect(root.path(), preset::named(name));
        assert_eq!((found("astro").0.name, found("astro").1), ("astro", "docs"));
        assert_eq!((found("zola").0.name, found("zola").1), ("zola", ""));
    }
}
