//! The sites: what holds for all of them, and the list `sites` of the settings file, of which each item has the
//! folder of a site as its `root` and settings of its own.

use std::path::Path;

use super::file::FileSite;
use super::inputs::{self, Input};
use super::paths::{self, BlogRoot};
use super::suggest::{meant, meant_path};
use super::values::{Values, lines, one_of};
use crate::image::process;
use crate::post::path;
use crate::site::{self, Embed, ListedSite, SitesOptions};

/// Every setting of the sites. `typed` are globs of the command line, relative to the repository.
pub(super) fn parse(
    values: &mut Values<'_>,
    root: &BlogRoot,
    typed: &[String],
    items: Vec<FileSite>,
    format: process::Format,
) -> SitesOptions {
    let common = options(values, root, &root.folder, typed, format);
    let mut listed: Vec<ListedSite> = Vec::new();
    for (number, FileSite { root: given, values: own }) in items.into_iter().enumerate() {
        let folder = match folder(given.as_deref(), &root.repository) {
            Ok(folder) => folder,
            Err(problem) => {
                values.problems.push(format!("{}: item {} of `sites`: {problem}", super::FILE, number + 1));
                continue;
            }
        };
        if listed.iter().any(|site| site.folder == folder) {
            let shown = if folder.is_empty() { "." } else { &folder };
            values.problems.push(format!(
                "{}: `sites` lists the folder `{shown}` twice; keep one item for each site",
                super::FILE
            ));
            continue;
        }
        let mut of_site = values.for_site(&folder, own);
        let options = options(&mut of_site, root, &folder, typed, format);
        values.take_problems_of(of_site);
        listed.push(ListedSite { folder, options });
    }
    // Who names the folder of one site means that one.
    let is_within = |site: &ListedSite| Path::new(&site.folder).starts_with(&root.folder);
    if !root.folder.is_empty() {
        listed.retain(is_within);
    }
    SitesOptions { folder: root.folder.clone(), common, listed }
}

/// The folder of an item, relative to the repository.
fn folder(given: Option<&str>, repository: &Path) -> Result<String, String> {
    let Some(given) = given else {
        return Err(
            "it has no `root`; name the folder of the site there, `.` for that of the repository".to_owned()
        );
    };
    paths::folder_within(repository, given).ok_or_else(|| {
        let meant = meant_path(repository, given).unwrap_or_default();
        format!(
            "`root: {}` is not a folder of the repository; name one that exists{meant}",
            path::shown(given)
        )
    })
}

fn options(
    values: &mut Values<'_>,
    root: &BlogRoot,
    folder: &str,
    typed: &[String],
    format: process::Format,
) -> site::Options {
    let (chosen, theme) = generator_and_theme(values);
    let words = [("none", Embed::None), ("markdown", Embed::Markdown), ("obsidian", Embed::Obsidian)];
    let embed = values.given_choice(&inputs::EMBED, &words);
    let text = |input: &Input| values.text(input).map(str::to_owned);
    let mut posts: Vec<String> = typed.to_vec();
    if posts.is_empty() {
        let given = values.text(&inputs::POSTS).map(lines).unwrap_or_default();
        // A flag or an input says which posts of all are meant, as an item does of its site.
        let base = if values.is_of_site(&inputs::POSTS) { folder } else { &root.folder };
        posts = given.iter().map(|glob| glob_below(&root.repository, base, glob)).collect();
    }
    site::Options {
        site: chosen.map(str::to_owned),
        theme: theme.map(str::to_owned),
        posts,
        image_field: text(&inputs::IMAGE_FIELD),
        alt_field: text(&inputs::ALT_FIELD),
        image_dir: text(&inputs::IMAGE_DIR).map(|dir| folder_below(folder, dir)),
        image_path: text(&inputs::IMAGE_PATH),
        embed,
        extension: format.extension(),
        cards_wait: false,
    }
}

/// What input `site` names: a generator, or `generator/theme`.
fn generator_and_theme(values: &mut Values<'_>) -> (Option<&'static str>, Option<&'static str>) {
    let Some(text) = values.text(&inputs::SITE).map(str::to_ascii_lowercase).filter(|text| text != "auto")
    else {
        return (None, None);
    };
    let (name, theme) =
        text.split_once('/').map_or((text.as_str(), None), |(name, theme)| (name, Some(theme)));
    let Some(generator) = site::generators().find(|known| *known == name) else {
        let names: Vec<_> = site::generators().map(|name| format!("`{name}`")).collect();
        let meant = meant(name, site::generators()).unwrap_or_default();
        refuse(values, &text, &format!("is wrong; write `auto`, {}{meant}", one_of(&names)));
        return (None, None);
    };
    let Some(theme) = theme else { return (Some(generator), None) };
    let found = site::themes(generator).find(|known| *known == theme);
    if found.is_none() {
        let names: Vec<_> = site::themes(generator).map(|name| format!("`{generator}/{name}`")).collect();
        let meant = meant(theme, site::themes(generator)).unwrap_or_default();
        let known = match names.as_slice() {
            [] => format!("no theme of `{generator}` is known; write `{generator}`"),
            names => {
                format!("`{theme}` is not a known theme; write {}, or `{generator}`", names.join(", "))
            }
        };
        let other = "of a theme that is not among them, name the field in `image-field`";
        refuse(values, &text, &format!("is wrong: {known}; {other}{meant}"));
    }
    (Some(generator), found)
}

fn refuse(values: &mut Values<'_>, text: &str, why: &str) {
    let source = values.source(&inputs::SITE);
    values.problems.push(format!("{source}: `{text}` {why}"));
}

/// A glob that is seen from a folder, as it is seen from the repository.
fn glob_below(repository: &Path, folder: &str, glob: &str) -> String {
    let (not, plain) = glob.strip_prefix('!').map_or(("", glob), |glob| ("!", glob));
    if folder.is_empty() || plain.starts_with('/') {
        return glob.to_owned();
    }
    let plain = plain.trim_start_matches("./");
    let literal = format!("{folder}/{plain}");
    match repository.join(&literal).exists() {
        true => format!("{not}{literal}"),
        false => format!("{not}{}/{plain}", globset::escape(folder)),
    }
}

/// The same for the folder of pictures, unless it is one of each post.
fn folder_below(folder: &str, dir: String) -> String {
    if folder.is_empty() || dir.starts_with('{') {
        return dir;
    }
    format!("{folder}/{}", dir.trim_start_matches("./").trim_start_matches('/'))
}
