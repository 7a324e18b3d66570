//! Nikola. The metadata of a post is front matter or the comment that Nikola itself writes (`.. title: A`); a
//! file beside the post (`a.meta`) is not read, and a post that has one stays as it is.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::site::folder::SiteFolder;
use crate::site::python;
use crate::site::target::plain;

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
        let zone = python::texts(&site.text("conf.py"), "TIMEZONE");
        let defaults = Defaults::new(Reader::Nikola, posts, "images", "/images/{file}");
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
}
