//! Content collections of Astro. A post's unknown keys never reach a page, an `image()` is a path relative to
//! the post, and a missing file stops the build.

use std::rc::Rc;

use super::Schema;
use super::base;
use super::pick::{Collection, PicturePlaces, schema};
use super::script::{Entry, Expr};
use super::shape::{Mapping, ScriptScope, Scripts, Shape, climb};
use crate::site::folder::SiteFolder;
use crate::site::target::Place;

const FILES: [&str; 2] = ["src/content.config", "src/content/config"];
const ENDINGS: [&str; 4] = ["ts", "js", "mjs", "mts"];
/// So many collections are looked at.
const MOST: usize = 50;

pub(in crate::site) fn read(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = FILES.iter().find_map(|stem| site.any(stem, &ENDINGS))?;
    let scripts = Scripts::new(site);
    let scope = scripts.open(&file)?;
    let mut found = Vec::new();
    for (name, value, scope) in collections(&scripts, &scope) {
        if let Some(collection) = collection(&scripts, &name, &value, &scope) {
            found.push(collection);
        }
    }
    let assets = Place::new("src/assets", "{relative}");
    let public = base::public(site);
    schema(found, &file, true, |chosen, _| {
        // Beside a bundle only where that lies in the sources.
        let inside =
            chosen.posts.iter().filter(|glob| !glob.starts_with('!')).all(|glob| glob.starts_with("src/"));
        let bundle = if inside { Place::new("{dir}", "./{file}") } else { assets.clone() };
        Some(PicturePlaces { image: (assets, bundle), text: (public.clone(), public) })
    })
}

/// The collections with their names: those that are exported, or else all that are defined.
fn collections(scripts: &Scripts<'_, '_>, scope: &Rc<ScriptScope>) -> Vec<(String, Expr, Rc<ScriptScope>)> {
    let mut found = Vec::new();
    let exported = scripts.resolve(&Expr::Name("collections".to_owned()), scope, 0);
    gather(scripts, &exported.0, &exported.1, 0, &mut found);
    if found.is_empty() {
        for (name, value) in scope.script.bindings.iter().take(MOST) {
            if is_defined(value) {
                found.push((name.clone(), value.clone(), scope.clone()));
            }
        }
    }
    found
}

/// The members of an object literal, those of others spread in it included.
fn gather(
    scripts: &Scripts<'_, '_>,
    object: &Expr,
    scope: &Rc<ScriptScope>,
    depth: usize,
    found: &mut Vec<(String, Expr, Rc<ScriptScope>)>,
) {
    let Expr::Object(entries) = object else { return };
    for entry in entries {
        if found.len() >= MOST || depth > 4 {
            return;
        }
        match entry {
            Entry::Pair(name, value) => {
                let (value, scope) = scripts.resolve(value, scope, 0);
                found.push((name.clone(), value, scope));
            }
            Entry::Spread(value) => {
                let (value, scope) = scripts.resolve(value, scope, 0);
                gather(scripts, &value, &scope, depth + 1, found);
            }
        }
    }
}

fn is_defined(value: &Expr) -> bool {
    matches!(value, Expr::Call { callee, .. } if **callee == Expr::Name("defineCollection".to_owned()))
}

fn collection(
    scripts: &Scripts<'_, '_>,
    name: &str,
    value: &Expr,
    scope: &Rc<ScriptScope>,
) -> Option<Collection> {
    let Expr::Call { args, .. } = value else { return None };
    let (options, scope) = scripts.resolve(args.first()?, scope, 0);
    let Expr::Object(_) = options else { return None };
    if options
        .get("type")
        .and_then(|kind| scripts.text(kind, &scope, 0))
        .is_some_and(|kind| kind != "content")
    {
        return None;
    }
    let posts = match options.get("loader") {
        None => vec![format!("src/content/{name}/**")],
        Some(loader) => loaded(scripts, loader, &scope)?,
    };
    let keys = options.get("schema").and_then(|schema| keys(scripts, schema, &scope));
    Some(Collection { name: name.to_owned(), posts, keys })
}

pub(super) fn keys(scripts: &Scripts<'_, '_>, schema: &Expr, scope: &Rc<ScriptScope>) -> Option<Mapping> {
    match scripts.shape(schema, scope, 0) {
        Shape::Mapping(mapping) => {
            let partial = mapping.partial || scope.script.is_broken;
            Some(Mapping { partial, ..mapping })
        }
        _ => None,
    }
}

/// The globs of a loader; none where it loads no posts from files.
fn loaded(scripts: &Scripts<'_, '_>, loader: &Expr, scope: &Rc<ScriptScope>) -> Option<Vec<String>> {
    let (loader, scope) = scripts.resolve(loader, scope, 0);
    let Expr::Call { callee, args } = &loader else { return Some(Vec::new()) };
    let named = |name: &str| **callee == Expr::Name(name.to_owned());
    if named("file") {
        return None;
    }
    let (options, scope) = match args.first() {
        Some(options) => scripts.resolve(options, &scope, 0),
        None => return Some(Vec::new()),
    };
    let text = |key: &str| options.get(key).and_then(|value| scripts.text(value, &scope, 0));
    let base = match options.get("base") {
        None if named("glob") => String::new(),
        None => return Some(Vec::new()),
        Some(_) => match text("base") {
            // An address is relative to the file that holds it, as a rule that in `src/`.
            Some(base) => climb("", base.trim_start_matches("file://"))?,
            None => return Some(Vec::new()),
        },
    };
    let patterns = match options.get("pattern").map(|pattern| scripts.resolve(pattern, &scope, 0)) {
        Some((Expr::Array(patterns), scope)) => {
            patterns.iter().filter_map(|pattern| scripts.text(pattern, &scope, 0)).collect()
        }
        Some((pattern, scope)) => scripts.text(&pattern, &scope, 0).into_iter().collect(),
        None => Vec::new(),
    };
    globs(&base, &patterns)
}

/// The globs of patterns below a folder; none where they take data only.
pub(super) fn globs(base: &str, patterns: &[String]) -> Option<Vec<String>> {
    const DATA: [&str; 6] = [".json", ".yaml", ".yml", ".toml", ".csv", ".bib"];
    let below = |pattern: &str| match (base, plain_glob(pattern)) {
        ("", pattern) => pattern,
        (base, pattern) => format!("{base}/{pattern}"),
    };
    let is_data = |pattern: &String| DATA.iter().any(|ending| pattern.ends_with(ending));
    if !patterns.is_empty() && patterns.iter().filter(|pattern| !pattern.starts_with('!')).all(is_data) {
        return None;
    }
    let mut globs: Vec<String> = patterns
        .iter()
        .map(|pattern| match pattern.strip_prefix('!') {
            Some(pattern) => format!("!{}", below(pattern)),
            None => below(pattern),
        })
        .collect();
    if globs.iter().all(|glob| glob.starts_with('!')) {
        globs.insert(0, below("**"));
    }
    Some(globs)
}

/// A pattern without what only scripts' globs know: `@(a|b)` is `{a,b}`. What cannot be said is everything
/// below the folder before it.
fn plain_glob(pattern: &str) -> String {
    let pattern = pattern.trim_start_matches("./").trim_start_matches('/').replace("\\/", "/");
    let mut glob = String::with_capacity(pattern.len());
    let mut rest = pattern.as_str();
    while let Some(open) = rest.find('(') {
        let (before, after) = rest.split_at(open);
        let kind = before.chars().next_back();
        let close = after.find(')');
        let inner = close.map(|close| &after[1..close]).filter(|inner| !inner.contains('('));
        let (Some(kind @ ('@' | '?' | '+' | '*')), Some(inner), Some(close)) = (kind, inner, close) else {
            return everything(&pattern);
        };
        glob.push_str(&before[..before.len() - 1]);
        let none = if matches!(kind, '?' | '*') { "," } else { "" };
        glob.push_str(&format!("{{{none}{}}}", inner.replace('|', ",")));
        rest = &after[close + 1..];
    }
    glob.push_str(rest);
    glob
}

fn everything(pattern: &str) -> String {
    let special = pattern.find(['*', '?', '(', '[', '{', '@', '+', '!']).unwrap_or(pattern.len());
    let folder = pattern[..special].rsplit_once('/').map(|(folder, _)| format!("{folder}/"));
    format!("{}**", folder.unwrap_or_default())
}
