//! Nuxt with its module Content.

use super::{Certainty, Defaults, Generator, folder_of_config};
use crate::post::front_matter::Reader;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::schema::{Schema, contentlayer};
use crate::site::target::join;

#[derive(Debug)]
pub(super) struct Nuxt;

/// A name that begins with `_` or `.` makes a part of another page.
const POSTS: [(&str, &str); 3] = [("", "**"), ("!", "**/_*"), ("!", "**/_*/**")];

impl Generator for Nuxt {
    fn name(&self) -> &'static str {
        "nuxt"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        let config = site.any("nuxt.config", &SCRIPT)?;
        let content = "@nuxt/content";
        Certainty::certain_if(site.says(&config, content) || site.says("package.json", content))
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        // Up to version 2 of the module posts lay in the folder of the sources, and with Nuxt 3 what is published did.
        let source = source(site).filter(|source| !source.is_empty());
        let is_below =
            |name: &str| Some(join(source.as_deref()?, name)).filter(|folder| site.has_folder(folder));
        let content = is_below("content").filter(|_| !site.has_folder("content"));
        let content = content.unwrap_or_else(|| "content".to_owned());
        let public = is_below("public").filter(|_| !site.has_folder("public"));
        let public = public.unwrap_or_else(|| "public".to_owned());
        let posts = POSTS.map(|(before, below)| format!("{before}{}", join(&content, below)));
        let posts = posts.each_ref().map(String::as_str);
        // Its own reader differs from gray-matter's in what follows the dashes: only where both agree.
        let defaults = Defaults::new(Reader::Unknown, &posts, &join(&public, "images"), "/images/{file}");
        Defaults { at_root: vec![public], ..defaults }
    }

    fn schema(&self, site: &SiteFolder<'_>) -> Option<Schema> {
        contentlayer::nuxt(site)
    }
}

/// The folder of the sources that `srcDir` names in a literal.
fn source(site: &SiteFolder<'_>) -> Option<String> {
    let text = site.text(&site.any("nuxt.config", &SCRIPT)?);
    let lines = text.lines().map(str::trim_start).filter(|line| !line.starts_with("//"));
    let value = lines
        .filter_map(|line| Some(line.split_once("srcDir")?.1.trim_start().strip_prefix(':')?.trim_start()));
    let text = |value: &str| {
        let quote = value.chars().next().filter(|quote| matches!(quote, '`' | '"' | '\''))?;
        folder_of_config(value[1..].split(quote).next()?)
    };
    value.filter_map(text).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn posts_and_pictures_lie_at_the_root_or_where_the_sources_have_them() {
        let config = ("nuxt.config.ts", "export default { srcDir: 'src/', modules: ['@nuxt/content'] }");
        for (files, posts, dir) in [
            (vec![config], "content/**", "public/images"),
            (vec![config, ("src/content/a.md", "")], "src/content/**", "public/images"),
            (
                vec![config, ("src/content/a.md", ""), ("src/public/x.txt", "")],
                "src/content/**",
                "src/public/images",
            ),
            (vec![config, ("content/a.md", ""), ("src/content/a.md", "")], "content/**", "public/images"),
            (
                vec![("nuxt.config.ts", "export default { }"), ("app/content/a.md", "")],
                "content/**",
                "public/images",
            ),
        ] {
            let root = tree(&files);
            let defaults = Nuxt.defaults(&SiteFolder::new(root.path(), ""));
            assert_eq!((defaults.posts[0].as_str(), defaults.place.dir.as_str()), (posts, dir), "{files:?}");
        }
    }
}
