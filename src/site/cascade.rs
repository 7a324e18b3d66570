//! Hugo's `cascade`: what the `_index.md` of a section, or the configuration, says in the name of every post below. A
//! post has it as if it said so itself, unless it has the key.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};
use serde_json::Value;

use crate::disk;
use crate::post::front_matter::{self, Pod, Reader};
use crate::post::{LARGEST, Post, path};

use super::pages::section_of;
use super::target::join;
use super::translations::is_language;

/// The key itself.
const CASCADE: &str = "cascade";
/// The names of what says which pages are meant, the older one last.
const TARGETS: [&str; 2] = ["target", "_target"];
/// The environment for which a site is built to be published.
const PUBLISHED: &str = "production";

/// What sections and configuration hand down to the posts of a site.
#[derive(Debug)]
pub(super) struct Cascades {
    /// Folders in which the sections of the site lie.
    contents: Vec<String>,
    /// The language of posts whose name says none.
    main: String,
    /// By the path of the section's file without its ending.
    sections: HashMap<String, Vec<Cascade>>,
    /// Those of the configuration, which count last.
    of_site: Vec<Cascade>,
}

/// Values for some of the pages below.
#[derive(Debug)]
struct Cascade {
    values: Vec<(String, Pod)>,
    /// Matches paths of pages as Hugo sees them.
    path: Option<GlobMatcher>,
    language: Option<GlobMatcher>,
}

/// What the configuration says, before the sections are known.
#[derive(Debug, Clone, Default)]
pub(super) struct SiteCascade {
    /// A mapping, or a list of them.
    pub values: Option<Value>,
    /// The language of posts whose name says none.
    pub main: String,
}

impl Cascades {
    /// Reads the files of the sections in which these posts lie; nothing where nobody hands anything down.
    pub(super) fn read<'p>(
        root: &Path,
        site: SiteCascade,
        contents: Vec<String>,
        posts: impl Iterator<Item = &'p String>,
    ) -> Option<Self> {
        let of_site = site.values.as_ref().and_then(pod).map(|value| cascades(&value)).unwrap_or_default();
        let mut cascades = Self { contents, main: site.main, sections: HashMap::new(), of_site };
        let mut seen: HashSet<String> = HashSet::new();
        let mut before = String::new();
        for post in posts {
            let Some((content, folder, ending)) = place(&cascades.contents, post) else { continue };
            let nearest = section_file(folder, ending);
            if nearest == before {
                continue;
            }
            for folder in above(folder, content) {
                let file = section_file(folder, ending);
                if seen.insert(file.clone())
                    && let Some(found) = read(root, &file)
                {
                    cascades.sections.insert(file, found);
                }
            }
            before = nearest;
        }
        (!cascades.sections.is_empty() || !cascades.of_site.is_empty()).then_some(cascades)
    }

    /// What is handed down to this post, the nearest first.
    pub(super) fn inherited_by(&self, post: &Post) -> Vec<(&str, &Pod)> {
        let (content, folder, ending) = place(&self.contents, post.path()).unwrap_or_default();
        let sections = above(folder, content).filter_map(move |folder| {
            if self.sections.is_empty() { None } else { self.sections.get(&section_file(folder, ending)) }
        });
        let page = page(post, content, ending);
        let language = if ending.is_empty() { self.main.as_str() } else { ending };
        let is_meant = move |cascade: &&Cascade| {
            let fits =
                |glob: &Option<GlobMatcher>, what: &str| glob.as_ref().is_none_or(|glob| glob.is_match(what));
            fits(&cascade.path, &page) && fits(&cascade.language, language)
        };
        let all = sections.flatten().chain(&self.of_site).filter(is_meant);
        all.flat_map(|cascade| cascade.values.iter().map(|(key, value)| (key.as_str(), value))).collect()
    }
}

/// The folder of contents in which a post lies, the folder of its section, and its language where the name has it.
fn place<'a>(contents: &'a [String], post: &'a str) -> Option<(&'a str, &'a str, &'a str)> {
    let (content, section) = section_of(post, contents)?;
    let ending = path::stem(post).rsplit_once('.').map(|(_, ending)| ending);
    Some((content, section, ending.filter(|ending| is_language(ending)).unwrap_or_default()))
}

/// The folder and those above it, as far as the folder of contents.
fn above<'a>(folder: &'a str, content: &'a str) -> impl Iterator<Item = &'a str> {
    let up = std::iter::successors(Some(folder), |folder| folder.rsplit_once('/').map(|(above, _)| above));
    up.take_while(move |folder| path::is_within(folder, content) && !folder.is_empty())
}

/// Path of the file of a section, without its ending.
fn section_file(folder: &str, language: &str) -> String {
    let name = if language.is_empty() { "_index".to_owned() } else { format!("_index.{language}") };
    join(folder, &name)
}

/// The path of the page of a post, as Hugo sees it.
fn page(post: &Post, content: &str, language: &str) -> String {
    let named = if post.is_index() { post.folder().to_owned() } else { join(post.folder(), post.stem()) };
    let bare = named.strip_suffix(language).and_then(|bare| bare.strip_suffix('.')).unwrap_or(&named);
    format!("/{}", path::inside(bare, content).unwrap_or(bare)).to_lowercase()
}

/// What the file of a section hands down; nothing where there is none, or it cannot be read.
fn read(root: &Path, file: &str) -> Option<Vec<Cascade>> {
    let opened = ["md", "markdown"]
        .into_iter()
        .find_map(|ending| disk::open_within(root, format!("{file}.{ending}")).ok())?;
    let text = disk::beginning(opened, LARGEST as u64).ok()?;
    // Most sections hand nothing down, and reading a front matter costs more than looking for a word.
    if !text.to_lowercase().contains(CASCADE) {
        return None;
    }
    let front = front_matter::read(&text, Reader::Hugo).ok()??;
    Some(cascades(front.get(CASCADE)?)).filter(|found| !found.is_empty())
}

/// The cascades of a mapping, or of a list of them, as far as they are for posts of the published site.
fn cascades(value: &Pod) -> Vec<Cascade> {
    match value {
        Pod::Hash(_) => cascade(value).into_iter().collect(),
        Pod::Array(items) => items.iter().filter_map(cascade).collect(),
        _ => Vec::new(),
    }
}

fn cascade(value: &Pod) -> Option<Cascade> {
    let target = TARGETS.iter().find_map(|key| member(value, key));
    let says = |key: &str| match target.and_then(|target| member(target, key)) {
        Some(Pod::String(glob)) => {
            Some(GlobBuilder::new(&glob.to_lowercase()).literal_separator(true).build())
        }
        _ => None,
    };
    let fits = |key: &str, what: &str| match says(key) {
        Some(glob) => glob.is_ok_and(|glob| glob.compile_matcher().is_match(what)),
        None => true,
    };
    let Pod::Hash(members) = value else { return None };
    let mut values: Vec<(String, Pod)> = Vec::new();
    for (key, value) in members {
        match (key.to_lowercase().as_str(), value) {
            ("params", Pod::Hash(params)) => {
                values.extend(params.iter().map(|(key, value)| (key.clone(), value.clone())));
            }
            (key, _) if TARGETS.contains(&key) => {}
            _ => values.push((key.clone(), value.clone())),
        }
    }
    values.sort_by(|(a, _), (b, _)| a.cmp(b));
    // A pattern that cannot be read is taken to fit nothing, as Hugo would not build the site.
    let matcher = |key: &str| says(key).map(|glob| glob.map(|glob| glob.compile_matcher())).transpose().ok();
    let (path, language) = (matcher("path")?, matcher("lang")?);
    (fits("kind", "page") && fits("environment", PUBLISHED)).then_some(Cascade { values, path, language })
}

fn member<'a>(value: &'a Pod, wanted: &str) -> Option<&'a Pod> {
    let Pod::Hash(members) = value else { return None };
    members.iter().find(|(key, _)| key.eq_ignore_ascii_case(wanted)).map(|(_, value)| value)
}

/// The same value as posts have it; what a configuration's reader leaves out says nothing.
fn pod(value: &Value) -> Option<Pod> {
    match value {
        Value::Null | Value::Number(_) => None,
        Value::Bool(flag) => Some(Pod::Boolean(*flag)),
        Value::String(text) => Some(Pod::String(text.clone())),
        Value::Array(items) => Some(Pod::Array(items.iter().filter_map(pod).collect())),
        Value::Object(members) => Some(Pod::Hash(
            members.iter().filter_map(|(key, value)| Some((key.clone(), pod(value)?))).collect(),
        )),
    }
}
