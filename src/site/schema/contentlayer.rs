//! Contentlayer, Velite, and the collections of Nuxt Content.

use std::rc::Rc;

use super::Schema;
use super::astro::{globs, keys};
use super::pick::{Collection, PicturePlaces, schema};
use super::script::{Entry, Expr};
use super::shape::{Key, Mapping, ScriptScope, Scripts, Shape, climb};
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::{Place, join};

/// So many collections are looked at.
const MOST: usize = 50;
/// Types inside types; real ones stay below four.
const DEEPEST: usize = 8;

pub(in crate::site) fn read(site: &SiteFolder<'_>) -> Option<Schema> {
    contentlayer(site).or_else(|| velite(site))
}

fn contentlayer(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = site.any("contentlayer.config", &SCRIPT)?;
    let scripts = Scripts::new(site);
    let scope = scripts.open(&file)?;
    let (source, inner) = options(&scripts, &Expr::Name("default".to_owned()), &scope);
    let base =
        source.get("contentDirPath").and_then(|path| scripts.text(path, &inner, 0)).unwrap_or_default();
    let base = climb("", &base)?;
    let strict = source.get("onExtraFieldData").and_then(|mode| scripts.text(mode, &inner, 0));
    let strict = strict.as_deref() == Some("fail");
    let types: Vec<(Expr, Rc<ScriptScope>)> = match source.get("documentTypes") {
        Some(Expr::Array(types)) => types.iter().map(|one| (one.clone(), inner.clone())).collect(),
        _ => scope.script.bindings.iter().map(|(_, value)| (value.clone(), scope.clone())).collect(),
    };
    let mut found = Vec::new();
    for (value, scope) in types.iter().take(MOST) {
        let (options, scope) = options(&scripts, value, scope);
        let Some(name) = options.get("name").and_then(|name| scripts.text(name, &scope, 0)) else { continue };
        let pattern = options.get("filePathPattern").and_then(|pattern| scripts.text(pattern, &scope, 0));
        let fields = options.get("fields").map(|fields| fields_of(&scripts, fields, &scope, 0));
        let keys = fields.map(|mapping| Mapping { strict, ..mapping });
        if pattern.is_some() || matches!(value, Expr::Name(_)) {
            let posts = globs(&base, pattern.as_slice()).unwrap_or_default();
            found.push(Collection { name, posts, keys });
        }
    }
    schema(found, &file, false, |_, _| Some(beside(site)))
}

/// The object that a definition gets, through `defineX(() => ({…}))` and names.
fn options(scripts: &Scripts<'_, '_>, value: &Expr, scope: &Rc<ScriptScope>) -> (Expr, Rc<ScriptScope>) {
    let (mut value, mut scope) = scripts.resolve(value, scope, 0);
    for _ in 0..4 {
        let Expr::Call { args, .. } = &value else { break };
        let Some(first) = args.first() else { break };
        (value, scope) = scripts.resolve(&first.clone(), &scope, 0);
    }
    (value, scope)
}

/// The keys of a Contentlayer type: a mapping by name, or a list of them.
fn fields_of(scripts: &Scripts<'_, '_>, fields: &Expr, scope: &Rc<ScriptScope>, depth: usize) -> Mapping {
    let (fields, scope) = scripts.resolve(fields, scope, 0);
    let mut mapping = Mapping::default();
    let mut add = |name: String, value: &Expr| {
        let (value, scope) = scripts.resolve(value, &scope, 0);
        let required = value.get("required") == Some(&Expr::Name("true".to_owned()));
        let shape = shape_of(scripts, &name, &value, &scope, depth);
        mapping.keys.push(Key { name, shape, optional: !required });
    };
    match &fields {
        Expr::Object(entries) => {
            for entry in entries {
                match entry {
                    Entry::Pair(name, value) => add(name.clone(), value),
                    Entry::Spread(_) => add("...".to_owned(), &Expr::Unknown),
                }
            }
        }
        Expr::Array(items) => {
            for item in items {
                if let Some(name) = item.get("name").and_then(|name| scripts.text(name, &scope, 0)) {
                    add(name, item);
                }
            }
        }
        _ => {}
    }
    let spread = mapping.keys.iter().any(|key| key.name == "...");
    mapping.keys.retain(|key| key.name != "...");
    mapping.partial = spread || !matches!(fields, Expr::Object(_) | Expr::Array(_));
    mapping
}

fn shape_of(
    scripts: &Scripts<'_, '_>,
    name: &str,
    value: &Expr,
    scope: &Rc<ScriptScope>,
    depth: usize,
) -> Shape {
    let kind = value.get("type").and_then(|kind| scripts.text(kind, scope, 0));
    match kind.as_deref() {
        Some("image") => Shape::Image,
        Some("string") => Shape::Text,
        // Anything: a list where the name is a plural.
        Some("json") if name == "images" => Shape::List(Box::new(Shape::Text)),
        Some("json") => Shape::Unknown,
        Some("list") if depth < DEEPEST => {
            let (of, scope) =
                value.get("of").map_or((Expr::Unknown, scope.clone()), |of| scripts.resolve(of, scope, 0));
            Shape::List(Box::new(shape_of(scripts, name, &of, &scope, depth + 1)))
        }
        Some("nested") if depth < DEEPEST => {
            let Some(of) = value.get("of") else { return Shape::Unknown };
            let (of, scope) = options(scripts, of, scope);
            match of.get("fields") {
                Some(fields) => Shape::Mapping(fields_of(scripts, fields, &scope, depth + 1)),
                None => Shape::Unknown,
            }
        }
        Some(_) => Shape::Other,
        None => Shape::Unknown,
    }
}

fn velite(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = site.any("velite.config", &SCRIPT)?;
    let scripts = Scripts::new(site);
    let scope = scripts.open(&file)?;
    let (config, inner) = options(&scripts, &Expr::Name("default".to_owned()), &scope);
    let root = config.get("root").and_then(|root| scripts.text(root, &inner, 0));
    let root = climb("", root.as_deref().unwrap_or("content"))?;
    let found = defined(&scripts, &config, &inner, &root, "pattern");
    schema(found, &file, true, |_, _| Some(beside(site)))
}

/// Nuxt Content keeps keys that no schema names, under `meta`.
pub(in crate::site) fn nuxt(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = site.any("content.config", &SCRIPT)?;
    let scripts = Scripts::new(site);
    let scope = scripts.open(&file)?;
    let (config, inner) = options(&scripts, &Expr::Name("default".to_owned()), &scope);
    let found = defined(&scripts, &config, &inner, "content", "source");
    schema(found, &file, false, |_, _| {
        let public = Place::new("public/images", "/images/{file}");
        Some(PicturePlaces { image: (public.clone(), public.clone()), text: (public.clone(), public) })
    })
}

/// The collections of a configuration that has them as an object.
fn defined(
    scripts: &Scripts<'_, '_>,
    config: &Expr,
    scope: &Rc<ScriptScope>,
    base: &str,
    pattern: &str,
) -> Vec<Collection> {
    let Some(collections) = config.get("collections") else { return Vec::new() };
    let (collections, scope) = scripts.resolve(collections, scope, 0);
    let Expr::Object(entries) = &collections else { return Vec::new() };
    let mut found = Vec::new();
    for entry in entries.iter().take(MOST) {
        let Entry::Pair(name, value) = entry else { continue };
        let (options, scope) = options(scripts, value, &scope);
        let kind = options.get("type").and_then(|kind| scripts.text(kind, &scope, 0));
        if kind.is_some_and(|kind| kind == "data") {
            continue;
        }
        let patterns = options.get(pattern).map(|patterns| patterns_of(scripts, patterns, &scope));
        let (mut patterns, folder) = patterns.unwrap_or_default();
        patterns.truncate(MOST);
        let Some(base) = climb(base, &folder) else { continue };
        let Some(posts) = globs(&base, &patterns) else { continue };
        let posts = if patterns.is_empty() { Vec::new() } else { posts };
        let keys = options.get("schema").and_then(|schema| keys(scripts, schema, &scope));
        found.push(Collection { name: name.clone(), posts, keys });
    }
    found
}

/// The patterns of a source (a text, a list, or a mapping with `include` and `exclude`) and its folder.
fn patterns_of(scripts: &Scripts<'_, '_>, value: &Expr, scope: &Rc<ScriptScope>) -> (Vec<String>, String) {
    let (value, scope) = scripts.resolve(value, scope, 0);
    let text = |value: &Expr| scripts.text(value, &scope, 0);
    let all = |value: &Expr| match value {
        Expr::Array(items) => items.iter().filter_map(text).collect::<Vec<_>>(),
        value => text(value).into_iter().collect(),
    };
    match &value {
        Expr::Object(_) => {
            let mut patterns = value.get("include").map(all).unwrap_or_default();
            let excluded = value.get("exclude").map(all).unwrap_or_default();
            patterns.extend(excluded.into_iter().map(|pattern| format!("!{pattern}")));
            // A folder of its own is not below `content`; nothing is said of it.
            let patterns = if value.get("cwd").is_some() { Vec::new() } else { patterns };
            (patterns, String::new())
        }
        value => (all(value), String::new()),
    }
}

/// Pictures that a build reads lie beside the post, the others where Next.js publishes them.
fn beside(site: &SiteFolder<'_>) -> PicturePlaces {
    let folder = if site.has_folder("public/static") { "static/images" } else { "images" };
    let public = Place::new(&join("public", folder), &format!("/{folder}/{{file}}"));
    let own = Place::new("{dir}", "./{file}");
    PicturePlaces { image: (own.clone(), own), text: (public.clone(), public) }
}
