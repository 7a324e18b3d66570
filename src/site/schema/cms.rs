//! Configurations of editors that write into the repository: Decap and Sveltia (once Netlify CMS), Pages CMS.

use serde_json::Value;

use super::Schema;
use super::pick::{Collection, PicturePlaces, schema};
use super::shape::{Key, Mapping, Shape};
use crate::post::front_matter;
use crate::site::claim::Visibility;
use crate::site::configuration;
use crate::site::folder::SiteFolder;
use crate::site::target::{Place, plain};

/// Folders that are published with the editor in them.
const PUBLISHED: [&str; 10] =
    ["", "public", "static", "src", "source", "assets", "src/static", "src/public", "site", "content"];
const EDITORS: [&str; 2] = ["admin", "cms"];
const ENDINGS: [&str; 3] = ["yml", "yaml", "json"];
/// The file of Pages CMS.
const PAGES: &str = ".pages.yml";
/// So many collections are looked at.
const MOST: usize = 50;
/// Objects inside objects; real ones stay below four.
const DEEPEST: usize = 8;

pub(super) fn read(site: &SiteFolder<'_>) -> Option<Schema> {
    decap(site).or_else(|| pages(site))
}

/// A path of the repository relative to the site's folder; none where it lies outside.
fn inside(site: &SiteFolder<'_>, path: &str) -> Option<String> {
    let path = plain(path);
    if path.split('/').any(|part| part == "..") || path.contains(['{', '}']) {
        return None;
    }
    match site.path() {
        "" => Some(path),
        folder if path == folder => Some(String::new()),
        folder => path.strip_prefix(folder)?.strip_prefix('/').map(str::to_owned),
    }
}

fn below(folder: &str) -> String {
    if folder.is_empty() { "**".to_owned() } else { format!("{folder}/**") }
}

/// The value of a picture whose folder is published under this address.
fn value(public: &str) -> String {
    match public.trim_end_matches('/') {
        "" if public.is_empty() => "{file}".to_owned(),
        relative if relative.starts_with('.') => "{relative}".to_owned(),
        public => format!("{public}/{{file}}"),
    }
}

fn everywhere(place: Place) -> PicturePlaces {
    PicturePlaces { image: (place.clone(), place.clone()), text: (place.clone(), place) }
}

/// An editor knows what is written, and nothing of the page.
fn of_editor(schema: Option<Schema>) -> Option<Schema> {
    let mut schema = schema?;
    schema.of_generator = false;
    if let Some(claim) = &mut schema.claim {
        claim.because = format!("the editor's configuration {} names it", schema.file);
        if claim.visibility == Visibility::Page {
            claim.visibility = Visibility::Unknown;
        }
    }
    Some(schema)
}

/// The configuration of an editor that is not valid, where there is one.
pub(super) fn unread_file(site: &SiteFolder<'_>) -> Option<String> {
    let files = decap_file(site).into_iter().chain([PAGES.to_owned()]);
    files.into_iter().find(|file| front_matter::yaml(&site.text(file)).is_err())
}

fn decap_file(site: &SiteFolder<'_>) -> Option<String> {
    let mut folders =
        PUBLISHED.iter().flat_map(|folder| EDITORS.map(|editor| plain(&format!("{folder}/{editor}"))));
    folders.find_map(|folder| site.any(&format!("{folder}/config"), &ENDINGS))
}

fn decap(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = decap_file(site)?;
    let config = configuration::parse(&site.text(&file), &file).value?;
    let mut found = Vec::new();
    for entry in list(&config, "collections").iter().take(MOST) {
        let Some(folder) = says(entry, "folder").and_then(|folder| inside(site, folder)) else { continue };
        if is_data(entry) {
            continue;
        }
        let name = says(entry, "name").unwrap_or_default().to_owned();
        let keys = Some(fields(list(entry, "fields"), "widget", None, 0));
        found.push(Collection { name, posts: vec![below(&folder)], keys });
    }
    let places = |chosen: &Collection, field: Option<&str>| {
        let mut all = list(&config, "collections").iter();
        let entry = all.find(|entry| says(entry, "name").unwrap_or_default() == chosen.name)?;
        decap_place(site, &config, entry, field?).map(everywhere)
    };
    of_editor(schema(found, &file, false, places))
}

fn says<'v>(value: &'v Value, key: &str) -> Option<&'v str> {
    value.get(key)?.as_str()
}

fn list<'v>(value: &'v Value, key: &str) -> &'v [Value] {
    value.get(key).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn is_on(value: &Value) -> bool {
    *value == Value::Bool(true)
}

fn is_data(entry: &Value) -> bool {
    let data = |kind: &str| matches!(kind, "json" | "yaml" | "yml" | "toml");
    says(entry, "extension").is_some_and(data) || says(entry, "format").is_some_and(data)
}

/// Where the picture of a field goes: the field's own folders, else the collection's, else the site's.
fn decap_place(site: &SiteFolder<'_>, config: &Value, entry: &Value, path: &str) -> Option<Place> {
    let media = says(config, "media_folder");
    let public = says(config, "public_folder").map(str::to_owned);
    let public = public.or_else(|| media.map(|media| format!("/{}", plain(media))));
    let filled = |text: &str| {
        let text = text.replace(
            "{{media_folder}}",
            media.map(plain).map(|media| format!("/{media}")).as_deref().unwrap_or_default(),
        );
        text.replace("{{public_folder}}", public.as_deref().unwrap_or_default())
    };
    for holder in [field_of(entry, path), Some(entry)].into_iter().flatten() {
        let Some(media) = says(holder, "media_folder").map(filled) else { continue };
        let shown = says(holder, "public_folder").map_or_else(|| media.clone(), filled);
        if media.contains("{{") || shown.contains("{{") {
            continue;
        }
        let (media, shown) = (media.replace("//", "/"), shown.replace("//", "/"));
        if media.starts_with('/') {
            return Some(Place { dir: inside(site, &media)?, value: value(&shown) });
        }
        let own = plain(&media);
        if own.split('/').any(|part| part == "..") {
            return None;
        }
        let dir = if own.is_empty() { "{dir}".to_owned() } else { format!("{{dir}}/{own}") };
        return Some(Place { dir, value: value(&shown) });
    }
    Some(Place { dir: inside(site, media?)?, value: value(&public?) })
}

/// The field at a dotted path.
fn field_of<'v>(entry: &'v Value, path: &str) -> Option<&'v Value> {
    let mut holder = entry;
    for name in path.split('.') {
        holder = list(holder, "fields").iter().find(|field| says(field, "name") == Some(name))?;
    }
    Some(holder)
}

/// The keys that an editor fills; `components` are fields that others are made of.
fn fields(listed: &[Value], kind: &str, components: Option<&Value>, depth: usize) -> Mapping {
    let mut mapping = Mapping::default();
    for field in listed.iter().take(200) {
        let Some(name) = says(field, "name") else { continue };
        let base = says(field, "component").and_then(|name| components?.get(name));
        let member = |key: &str| base.and_then(|base| base.get(key)).or_else(|| field.get(key));
        let own = |key: &str| member(key).and_then(Value::as_str);
        let is_many = member("multiple").is_some_and(is_on);
        let inner = [Some(field), base]
            .into_iter()
            .flatten()
            .map(|of| list(of, "fields"))
            .find(|inner| !inner.is_empty());
        let inner = inner.filter(|_| depth < DEEPEST);
        let shape = match (own(kind).unwrap_or("string"), inner) {
            ("image", _) if is_many => Shape::List(Box::new(Shape::Image)),
            ("image", _) => Shape::Image,
            ("list", None) => match field.get("field").and_then(|field| says(field, kind)) {
                Some("image") => Shape::List(Box::new(Shape::Image)),
                _ => Shape::Other,
            },
            ("list", Some(_)) => Shape::Other,
            ("string" | "text", None) => Shape::Text,
            (_, Some(inner)) => Shape::Mapping(fields(inner, kind, components, depth + 1)),
            _ => Shape::Other,
        };
        let listed = field.get("list").is_some_and(|list| *list != Value::Bool(false));
        let shape = if listed { Shape::List(Box::new(shape)) } else { shape };
        // What an editor requires, nothing refuses when it is missing.
        mapping.keys.push(Key { name: name.to_owned(), shape, optional: true });
    }
    mapping
}

/// Pages CMS, whose configuration lies at the root of the repository.
fn pages(site: &SiteFolder<'_>) -> Option<Schema> {
    let file = PAGES;
    if !site.has(file) {
        return None;
    }
    let config = configuration::parse(&site.text(file), file).value?;
    let mut found = Vec::new();
    for entry in list(&config, "content").iter().take(MOST) {
        let folder = says(entry, "path").filter(|_| says(entry, "type") == Some("collection"));
        let Some(folder) = folder.and_then(|folder| inside(site, folder)) else { continue };
        if is_data(entry) {
            continue;
        }
        let name = says(entry, "name").unwrap_or_default().to_owned();
        let keys = Some(fields(list(entry, "fields"), "type", config.get("components"), 0));
        found.push(Collection { name, posts: vec![below(&folder)], keys });
    }
    let places = |chosen: &Collection, field: Option<&str>| {
        let mut all = list(&config, "content").iter();
        let entry = all.find(|entry| says(entry, "name").unwrap_or_default() == chosen.name)?;
        let options = field_of(entry, field?).and_then(|field| field.get("options"));
        let media = options.and_then(|options| says(options, "media").or_else(|| says(options, "input")));
        pages_place(site, config.get("media")?, media).map(everywhere)
    };
    of_editor(schema(found, file, false, places))
}

/// The place of a media folder: a text, one mapping, or the named (else the first for pictures) of several.
fn pages_place(site: &SiteFolder<'_>, media: &Value, name: Option<&str>) -> Option<Place> {
    let media = match media {
        Value::Array(all) => {
            let named = all.iter().find(|one| name.is_some() && says(one, "name") == name);
            let takes = |one: &&Value| {
                let says =
                    |key: &str, word: &str| list(one, key).iter().any(|item| item.as_str() == Some(word));
                let free = one.get("extensions").is_none() && one.get("categories").is_none();
                free || says("categories", "image") || says("extensions", "jpg") || says("extensions", "jpeg")
            };
            named.or_else(|| all.iter().find(takes))?
        }
        one => one,
    };
    match media {
        Value::String(folder) => {
            let folder = plain(folder);
            Some(Place { dir: inside(site, &folder)?, value: value(&format!("/{folder}")) })
        }
        media => {
            let input = says(media, "input")?;
            let output = says(media, "output").map_or_else(|| format!("/{}", plain(input)), str::to_owned);
            Some(Place { dir: inside(site, input)?, value: value(&output) })
        }
    }
}
