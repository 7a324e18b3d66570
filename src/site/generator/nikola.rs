//! Nikola. The metadata of a post is front matter or the comment that Nikola itself writes (`.. title: A`). Where
//! a file beside the post has it (`a.meta`), Nikola reads none of the post, which is then left alone.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;
use crate::site::target::{Place, join, plain};
use crate::site::templates::TemplateRules;
use crate::site::theme::naming::python_theme;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Nikola;

impl Generator for Nikola {
    fn name(&self) -> &'static str {
        "nikola"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        // Sphinx has a file of this name as well.
        let script = site.text("conf.py");
        let says = |name| !python::texts(&script, name).is_empty();
        Certainty::certain_if(says("BLOG_TITLE") || says("POSTS"))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let script = site.text("conf.py");
        let folders = folders(&script);
        let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
        let posts = if folders.is_empty() { ["posts/**"].as_slice() } else { &folders };
        let zone = python::texts(&script, "TIMEZONE");
        let Place { dir, value } = place(&script);
        let defaults = Defaults::new(Reader::Nikola, posts, &dir, &value);
        let title = python::texts(&script, "BLOG_TITLE");
        let mut defaults = defaults.field("previewimage", None).in_zone(zone.first().map(String::as_str));
        defaults = defaults.called(title.first().map(String::as_str));
        defaults.only_posts = true;
        defaults.dialect.builds.future = python::is(&script, "FUTURE_IS_NOW", "True");
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::NIKOLA
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        python_theme(site, "conf.py", "bootblog4")
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            steps: |name| match name.begins(&["post", "meta"]) {
                true => name.after(2),
                false => name.after(1).filter(|_| name.begins(&["post"])),
            },
            ..TemplateRules::default().and_in_themes(site, "templates")
        }
    }
}

/// The folders that `POSTS` names, any depth below them: `("posts/*.md", "posts", "post.tmpl")`.
fn folders(script: &str) -> Vec<String> {
    let mut globs: Vec<String> = Vec::new();
    for glob in python::texts(script, "POSTS") {
        let Some((folder, _)) = glob.split_once("/*") else { continue };
        let folder = plain(folder);
        let glob = format!("{}/**", globset::escape(&folder));
        if !folder.is_empty() && !folder.split('/').any(|part| part == "..") && !globs.contains(&glob) {
            globs.push(glob);
        }
    }
    globs
}

/// A folder of pictures that is published; without one, the folder of pictures within one of any files.
/// What the script does not set is as Nikola itself has it.
fn place(script: &str) -> Place {
    let at = |dir: &str, address: &str| Place::new(dir, &format!("/{}", join(address, "{file}")));
    if let Some((folder, address)) = published(script, "IMAGE_FOLDERS", "images") {
        return at(&folder, &address);
    }
    match published(script, "FILES_FOLDERS", "files") {
        Some((folder, address)) => at(&join(&folder, "images"), &join(&address, "images")),
        None => at("images", "images"),
    }
}

/// A folder of a setting like `IMAGE_FOLDERS = {"images": "pictures"}`, and its address; one that is called
/// as usual before the others. Unset, the usual folder is published at the root of the site.
fn published(script: &str, setting: &str, usual: &str) -> Option<(String, String)> {
    if !python::sets(script, setting) {
        return Some((usual.to_owned(), String::new()));
    }
    let texts = python::texts(script, setting);
    // An odd one is computed from something else.
    let pairs = texts.chunks_exact(2).filter(|_| texts.len().is_multiple_of(2));
    let pairs = pairs.map(|pair| (plain(&pair[0]), plain(&pair[1])));
    let is_within = |path: &str| !path.split('/').any(|part| part == "..");
    let mut pairs: Vec<_> = pairs
        .filter(|(folder, address)| !folder.is_empty() && is_within(folder) && is_within(address))
        .collect();
    pairs.sort_by_key(|(folder, _)| folder != usual);
    pairs.into_iter().next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn posts_are_where_the_configuration_says() {
        let script = "POSTS = (\n    ('posts/*.rst', 'posts', 'post.tmpl'),\n    ('posts/*.md', 'posts', 'post.tmpl'),\n    ('notes/*.md', 'n', 'post.tmpl'),\n)\n";
        let root = tree(&[("conf.py", script)]);
        assert_eq!(Nikola.defaults(&SiteFolder::new(root.path(), "")).posts, ["posts/**", "notes/**"]);
    }

    #[test]
    fn pictures_go_where_nikola_publishes_them() {
        for (script, dir, value) in [
            ("", "images", "/{file}"),
            ("IMAGE_FOLDERS = {'images': 'images'}", "images", "/images/{file}"),
            ("IMAGE_FOLDERS = {'art': 'a', 'images': '/pictures/'}", "images", "/pictures/{file}"),
            ("IMAGE_FOLDERS = {\n    './art': '',\n}", "art", "/{file}"),
            ("IMAGE_FOLDERS = {}", "files/images", "/images/{file}"),
            ("IMAGE_FOLDERS = {'../art': 'art'}", "files/images", "/images/{file}"),
            ("IMAGE_FOLDERS = dict(images='images')", "files/images", "/images/{file}"),
            ("IMAGE_FOLDERS = {}\nFILES_FOLDERS = {'f': 'g'}", "f/images", "/g/images/{file}"),
            ("IMAGE_FOLDERS = {}\nFILES_FOLDERS = {}", "images", "/images/{file}"),
        ] {
            let root = tree(&[("conf.py", script)]);
            let place = Nikola.defaults(&SiteFolder::new(root.path(), "")).place;
            assert_eq!((place.dir.as_str(), place.value.as_str()), (dir, value), "{script}");
        }
    }
}
