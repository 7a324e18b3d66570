//! Nikola. The metadata of a post is front matter or the comment that Nikola itself writes (`.. title: A`); a
//! file beside the post (`a.meta`) is not read, and a post that has one stays as it is.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;
use crate::site::target::{join, plain};

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
        let folders = folders(site);
        let folders: Vec<&str> = folders.iter().map(String::as_str).collect();
        let posts = if folders.is_empty() { ["posts/**"].as_slice() } else { &folders };
        let (dir, value) = images(site);
        let zone = python::texts(&site.text("conf.py"), "TIMEZONE");
        let defaults = Defaults::new(Reader::Nikola, posts, &dir, &value);
        defaults.field("previewimage", None).in_zone(zone.first().map(String::as_str))
    }
}

/// The folders that `POSTS` names, any depth below them: `("posts/*.md", "posts", "post.tmpl")`.
fn folders(site: &SiteFolder<'_>) -> Vec<String> {
    let mut globs: Vec<String> = Vec::new();
    for glob in python::texts(&site.text("conf.py"), "POSTS") {
        let Some((folder, _)) = glob.split_once("/*") else { continue };
        let folder = plain(folder);
        let glob = format!("{}/**", globset::escape(&folder));
        if !folder.is_empty() && !folder.split('/').any(|part| part == "..") && !globs.contains(&glob) {
            globs.push(glob);
        }
    }
    globs
}

/// The first folder that `IMAGE_FOLDERS` names and the address it is published at: `{'images': 'images'}`. The
/// configuration that Nikola writes has that line; without it the folder's files lie at the root of the site.
fn images(site: &SiteFolder<'_>) -> (String, String) {
    let folders = python::texts(&site.text("conf.py"), "IMAGE_FOLDERS");
    let (folder, published) = match folders.as_slice() {
        [folder, published, ..] => (plain(folder), plain(published)),
        _ => ("images".to_owned(), String::new()),
    };
    (folder, format!("/{}", join(&published, "{file}")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn pictures_go_where_the_configuration_publishes_them() {
        for (script, dir, value) in [
            ("IMAGE_FOLDERS = {'images': 'images'}\n", "images", "/images/{file}"),
            ("IMAGE_FOLDERS = {\n    'media/img/': 'img',\n    'b': 'c',\n}\n", "media/img", "/img/{file}"),
            ("# IMAGE_FOLDERS = {'images': 'images'}\n", "images", "/{file}"),
        ] {
            let root = tree(&[("conf.py", script)]);
            let place = Nikola.defaults(&SiteFolder::new(root.path(), "")).place;
            assert_eq!((place.dir.as_str(), place.value.as_str()), (dir, value), "{script}");
        }
    }

    #[test]
    fn posts_are_where_the_configuration_says() {
        let script = "POSTS = (\n    ('posts/*.rst', 'posts', 'post.tmpl'),\n    ('posts/*.md', 'posts', 'post.tmpl'),\n    ('notes/*.md', 'n', 'post.tmpl'),\n)\n";
        let root = tree(&[("conf.py", script)]);
        assert_eq!(Nikola.defaults(&SiteFolder::new(root.path(), "")).posts, ["posts/**", "notes/**"]);
    }
}
