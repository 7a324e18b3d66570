//! Eleventy.

use super::{Certainty, Defaults, Generator};
use crate::post::front_matter::Reader;
use crate::post::path;
use crate::site::configuration;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::starts::{start, starts};
use crate::site::target::{Place, join, plain};
use crate::site::templates::{self, Language, PostReference, TemplateRules};
use crate::site::theme::naming::package;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Eleventy;

const POSTS: [&str; 5] = ["content/**", "src/{posts,blog,content}/**", "posts/**", "blog/**", "_posts/**"];
/// Parts of the names of folders that hold pictures, the most telling first.
const PICTURES: [&str; 7] = ["img", "image", "picture", "asset", "static", "public", "media"];

impl Generator for Eleventy {
    fn name(&self) -> &'static str {
        "eleventy"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        Certainty::certain_if(config(site).is_some())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let config = config(site).map(|name| site.text(&name)).unwrap_or_default();
        let posts = posts(site, &input(&config));
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        let defaults = Defaults::new(Reader::GrayMatter, &posts, "public/img", "/img/{file}");
        let data = ["_data/metadata", "_data/site", "src/_data/metadata", "src/_data/site"];
        let data = data.iter().find_map(|stem| configuration::any(site, stem)).unwrap_or_default();
        let mut defaults = defaults.field("image", Some("image_alt"));
        defaults = defaults.called(configuration::text(&data, &["title"]));
        if let Some(place) = passed_through(&config, site) {
            defaults.place = place;
        }
        defaults
    }

    fn themes(&self) -> &'static [Row] {
        theme::others::ELEVENTY
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        package(site)
    }

    fn templates(&self, _site: &SiteFolder<'_>) -> TemplateRules {
        TemplateRules {
            endings: &["njk", "liquid", "html", "js", "webc", "ejs", "jsx", "tsx"],
            html: Language::Liquid,
            steps,
            ..TemplateRules::within(&FOLDERS)
        }
    }
}

/// Folders of templates.
const FOLDERS: [&str; 8] = [
    "_includes",
    "_layouts",
    "src/_includes",
    "src/_layouts",
    "includes",
    "layouts",
    "src/layouts",
    "src/includes",
];

/// The data of a post has no name in front of it.
fn steps(name: &PostReference<'_>) -> Option<Vec<String>> {
    match name.language {
        Language::Liquid | Language::Jinja => name.after(0).filter(|_| !name.is_keyword()),
        Language::Attributes => name.after(0).filter(|_| name.is_bound()),
        _ => templates::of_script(name),
    }
}

fn config(site: &SiteFolder<'_>) -> Option<String> {
    site.any("eleventy.config", &SCRIPT).or_else(|| site.any(".eleventy", &SCRIPT))
}

/// Globs of the posts of a site whose sources lie in this folder.
fn posts(site: &SiteFolder<'_>, input: &str) -> Vec<String> {
    let usual = POSTS.iter().map(|glob| (*glob).to_owned());
    let of_input = USUAL.iter().map(|name| join(input, &format!("{name}/**")));
    let globs: Vec<String> = match input {
        "" => usual.collect(),
        _ => usual.filter(|glob| path::is_within(&start(glob), input)).chain(of_input).collect(),
    };
    if globs.iter().flat_map(|glob| starts(glob)).any(|folder| site.has_folder(&folder)) {
        return globs;
    }
    let tagged = tagged(site, input);
    if tagged.is_empty() { globs } else { tagged }
}

/// Names of folders of posts in that of the sources.
const USUAL: [&str; 8] = ["posts", "post", "blog", "blogs", "_posts", "articles", "writing", "news"];
/// So many files of data are looked at.
const MOST: usize = 200;

/// Folders whose data gives all files in them the tag of posts: `writing/writing.json` with `"tags": "posts"`.
fn tagged(site: &SiteFolder<'_>, input: &str) -> Vec<String> {
    let is_of_its_folder = |file: &String| {
        let folder = path::folder(file);
        let name = path::stem(file).trim_end_matches(".11tydata");
        !folder.is_empty() && folder.rsplit('/').next() == Some(name)
    };
    let is_of_posts = |file: &String| {
        let text = site.text(file);
        text.contains("tags") && ["post", "blog", "article"].iter().any(|tag| text.contains(tag))
    };
    let files = site.files_below(input, &["json", "js", "cjs", "mjs"], MOST);
    let folders = files.iter().filter(|file| is_of_its_folder(file) && is_of_posts(file));
    folders.map(|file| format!("{}/**", globset::escape(path::folder(file)))).collect()
}

/// The place of pictures in a folder that the configuration copies as it stands; nothing else reaches the
/// site.
fn passed_through(config: &str, site: &SiteFolder<'_>) -> Option<Place> {
    let mut copies: Vec<(String, String)> =
        config.split("addPassthroughCopy(").skip(1).filter_map(|call| copy(call, &input(config))).collect();
    let rank = |folder: &str| {
        let name = folder.rsplit('/').next().unwrap_or(folder).to_lowercase();
        PICTURES.iter().position(|part| name.contains(part))
    };
    copies.retain(|(folder, _)| rank(folder).is_some() && !folder.contains('*'));
    copies.sort_by_key(|(folder, _)| rank(folder));
    let (folder, address) = copies.into_iter().next()?;
    // A folder of all kinds of files has one for pictures.
    let within = |path: &str| match rank(&folder) {
        Some(rank) if rank < 3 => path.to_owned(),
        _ if site.has_folder(&join(&folder, "images")) => join(path, "images"),
        _ => join(path, "img"),
    };
    Some(Place { value: format!("/{}", join(&within(&address), "{file}")), dir: within(&folder) })
}

/// Folder and address of one call: `("src/img")` or `({ "src/img": "img" })`.
fn copy(call: &str, input: &str) -> Option<(String, String)> {
    let call = call.split([')', '}']).next()?;
    let mut texts = call.split(['"', '\'', '`']).skip(1).step_by(2).map(plain);
    let folder = texts.next().filter(|folder| !folder.is_empty() && !folder.starts_with(".."))?;
    let address = if call.trim_start().starts_with('{') {
        texts.next()?
    } else {
        path::inside(&folder, input).unwrap_or(&folder).to_owned()
    };
    Some((folder, address))
}

/// The folder of the site's sources: `dir: { input: "src" }`, or `setInputDirectory("src")`.
fn input(config: &str) -> String {
    let after = config
        .split("input")
        .skip(1)
        .find_map(|rest| rest.trim_start_matches(['"', '\'', ' ']).strip_prefix(':'));
    let after = after.or_else(|| Some(config.split_once("setInputDirectory(")?.1));
    let text = after.and_then(|rest| rest.trim_start().strip_prefix(['"', '\'', '`']));
    plain(text.and_then(|text| text.split(['"', '\'', '`']).next()).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn pictures_go_where_the_configuration_copies_them() {
        for (config, dir, value) in [
            (
                r#"c.addPassthroughCopy("src/img"); return { dir: { input: "src" } }"#,
                "src/img",
                "/img/{file}",
            ),
            (r#"c.addPassthroughCopy({ "./public/": "/" })"#, "public/img", "/img/{file}"),
            (
                r#"c.addPassthroughCopy('css'); c.addPassthroughCopy('static/images')"#,
                "static/images",
                "/static/images/{file}",
            ),
            (
                r#"c.addPassthroughCopy({ "src/assets": "assets" })"#,
                "src/assets/images",
                "/assets/images/{file}",
            ),
            (
                r#"c.addPassthroughCopy("srcimages"); return { dir: { input: "src" } }"#,
                "srcimages",
                "/srcimages/{file}",
            ),
            (r#"c.addPassthroughCopy("fonts")"#, "public/img", "/img/{file}"),
        ] {
            let root = tree(&[("eleventy.config.js", config), ("src/assets/images/x.png", "")]);
            let place = Eleventy.defaults(&SiteFolder::new(root.path(), "")).place;
            assert_eq!((place.dir.as_str(), place.value.as_str()), (dir, value), "{config}");
        }
    }
}
