//! Hugo.

use serde_json::Value;

use super::{Certainty, Defaults, Generator, folder_of_config};
use crate::post::Builds;
use crate::post::front_matter::Reader;
use crate::post::path::is_within;
use crate::site::cascade::SiteCascade;
use crate::site::configuration;
use crate::site::folder::{DATA, SiteFolder};
use crate::site::target::{Place, join, plain};
use crate::site::templates::{Language, TemplateFolder, TemplateKind, TemplateName, TemplateRules};
use crate::site::theme::naming::owned;
use crate::site::theme::{self, Row};

#[derive(Debug)]
pub(super) struct Hugo;

/// Stems of its configuration.
const STEMS: [&str; 4] = ["hugo", "config", "config/_default/hugo", "config/_default/config"];

impl Generator for Hugo {
    fn name(&self) -> &'static str {
        "hugo"
    }

    fn detect(&self, site: &SiteFolder<'_>) -> Option<Certainty> {
        if site.any("hugo", &DATA).is_some() || site.has("config/_default") {
            return Some(Certainty::Certain);
        }
        // Until 2022 the file was `config.*`, a name that others use as well.
        site.any("config", &DATA).filter(|_| !site.says("config.toml", "base_url"))?;
        let folders = site.has("archetypes") || site.has("layouts") || site.has("themes");
        let says =
            || DATA.iter().any(|end| site.text(&format!("config.{end}")).to_lowercase().contains("baseurl"));
        Certainty::certain_if(folders || says())
    }

    fn defaults(&self, site: &SiteFolder<'_>) -> Defaults {
        let config = STEMS.iter().find_map(|stem| configuration::any(site, stem)).unwrap_or_default();
        let languages = configuration::any(site, "config/_default/languages").unwrap_or_default();
        let languages = configuration::at(&config, &["languages"]).cloned().unwrap_or(languages);
        let main = configuration::text(&config, &["defaultContentLanguage"]).unwrap_or("en");
        let folders = content_folders(&languages, main);
        let mounts = mounts(site, &config);
        let content = plain(configuration::text(&config, &["contentDir"]).unwrap_or("content"));
        let mut contents = mounted(&mounts, "content");
        if contents.is_empty() {
            contents.push(content);
        }
        let beside = folders.iter().filter(|folder| !contents.iter().any(|own| is_within(folder, own)));
        let posts: Vec<String> = contents.iter().chain(beside).map(|folder| join(folder, "**")).collect();
        let posts: Vec<&str> = posts.iter().map(String::as_str).collect();
        let address = configuration::text(&config, &["baseURL"]);
        // Then the build itself puts the path of the site in front of every address.
        let is_on = |key| configuration::is(&config, &[key], true);
        let is_bare = !is_on("canonifyURLs") && !is_on("relativeURLs");
        let value = picture_value(address.filter(|_| is_bare));
        let at_root = at_root(site, &config, &mounts);
        let own = at_root.first().filter(|own| *own != "static");
        let instead = own.map(|own| (Place::new("static", ""), Place::new(own, "")));
        let dir = join(at_root.first().map_or("static", String::as_str), "images");
        let defaults = Defaults::new(Reader::Hugo, &posts, &dir, &value);
        let defaults = defaults.list("images").bundle("{file}");
        let title = configuration::text(&languages, &[main, "title"]);
        let title = title.or_else(|| configuration::text(&config, &["title"]));
        let mut defaults = defaults.called(title).in_zone(configuration::text(&config, &["timeZone"]));
        defaults.languages.folders = folders;
        defaults.at_root = at_root;
        defaults.instead = instead;
        defaults.dialect.builds = Builds {
            future: is_on("buildFuture"),
            drafts: is_on("buildDrafts"),
            expired: is_on("buildExpired"),
        };
        defaults.address = address.map(str::to_owned);
        defaults.bare_text = is_bare;
        let apart = || configuration::any(site, "config/_default/cascade");
        let values = configuration::at(&config, &["cascade"]).cloned().or_else(apart);
        let of_languages = cascades_of_languages(&languages);
        let values = match (of_languages.is_empty(), values) {
            (true, values) => values,
            // What is said for one language is nearer than what is said for all.
            (false, values) => {
                Some(of_languages.into_iter().chain(values.map(listed).into_iter().flatten()).collect())
            }
        };
        defaults.cascade = Some(SiteCascade { values, main: main.to_lowercase() });
        Defaults { leaf_bundles: true, ..defaults }
    }

    fn themes(&self) -> &'static [Row] {
        theme::hugo::THEMES
    }

    fn theme_names(&self, site: &SiteFolder<'_>) -> Vec<String> {
        theme_names(site)
    }

    fn is_on(&self, site: &SiteFolder<'_>, parameter: &str) -> bool {
        let path: Vec<&str> = parameter.split('.').collect();
        let full: Vec<&str> = ["params"].into_iter().chain(path.iter().copied()).collect();
        let places = STEMS.map(|stem| (stem, &full)).into_iter().chain([("config/_default/params", &path)]);
        places.into_iter().any(|(stem, path)| {
            let settings = configuration::any(site, stem);
            settings.is_some_and(|settings| configuration::at(&settings, path) == Some(&Value::Bool(true)))
        })
    }

    fn templates(&self, site: &SiteFolder<'_>) -> TemplateRules {
        let rules = TemplateRules::within(&["layouts"]).and_in_themes(site, "layouts");
        let is_there = |folder: &TemplateFolder| folder.of_theme && site.has_folder(&folder.path);
        TemplateRules {
            // What stands around a page is not named by it, and may be the theme's.
            whole: theme_names(site).is_empty() || rules.folders.iter().any(is_there),
            endings: &["html"],
            html: Language::Hugo,
            kind: template,
            last_resort: Some("single"),
            place: Some(self.defaults(site).place),
            by_section: true,
            is_on: |site, parameter| Hugo.is_on(site, parameter),
            ..rules
        }
    }
}

/// A value that may be one or a list of them.
fn listed(value: Value) -> Vec<Value> {
    match value {
        Value::Array(items) => items,
        one => vec![one],
    }
}

/// What the configuration hands down to the posts of one language, each for that language only.
fn cascades_of_languages(languages: &Value) -> Vec<Value> {
    let mut found = Vec::new();
    for (language, of) in languages.as_object().into_iter().flatten() {
        for mut cascade in configuration::at(of, &["cascade"]).cloned().map(listed).into_iter().flatten() {
            let Some(members) = cascade.as_object_mut() else { continue };
            let older = members.remove("_target");
            let target = members.entry("target").or_insert(older.unwrap_or_else(|| serde_json::json!({})));
            if let Some(target) = target.as_object_mut() {
                target.insert("lang".to_owned(), Value::String(language.clone()));
            }
            found.push(cascade);
        }
    }
    found
}

/// Folders of the site that its configuration puts in the place of the usual ones: source and target of each.
fn mounts(site: &SiteFolder<'_>, config: &Value) -> Vec<(String, String)> {
    let apart =
        || configuration::at(&configuration::any(site, "config/_default/module")?, &["mounts"]).cloned();
    let mounts = configuration::at(config, &["module", "mounts"]).cloned().or_else(apart);
    let mounts = mounts.as_ref().and_then(Value::as_array).into_iter().flatten();
    let mount = |mount: &Value| {
        let source = folder_of_config(configuration::text(mount, &["source"])?)?;
        Some((source, plain(configuration::text(mount, &["target"])?)))
    };
    mounts.filter_map(mount).filter(|(source, _)| site.has_folder(source)).collect()
}

/// The folders that stand for the one of this name, or for a folder in it.
fn mounted(mounts: &[(String, String)], name: &str) -> Vec<String> {
    let mut folders: Vec<String> = mounts
        .iter()
        .filter(|(_, target)| is_within(target, name))
        .map(|(source, _)| source.clone())
        .collect();
    folders.dedup();
    folders
}

/// The folders whose files are published as they are, where the configuration names them; a picture goes to the
/// first, the usual one before others.
fn at_root(site: &SiteFolder<'_>, config: &Value, mounts: &[(String, String)]) -> Vec<String> {
    let mounted = mounts.iter().filter(|(_, target)| target == "static").map(|(source, _)| source.clone());
    let named = configuration::at(config, &["staticDir"]).map(configuration::texts).unwrap_or_default();
    let named = named.into_iter().filter_map(folder_of_config).filter(|folder| !folder.is_empty());
    let mut folders: Vec<String> = mounted.chain(named).collect();
    folders.sort_by_key(|folder| (folder != "static", !site.has_folder(folder)));
    folders
}

/// The value of a picture in `static/images` for a template that writes it as it stands: a site below a path has
/// that path in front.
fn picture_value(address: Option<&str>) -> String {
    let path =
        address.and_then(|address| address.split_once("://")).and_then(|(_, rest)| rest.split_once('/'));
    let path = path.map_or("", |(_, path)| path).trim_matches('/');
    format!("/{}", join(path, "images/{file}"))
}

/// The template of a page, and those of the kinds of pages that are posts by their name.
fn template(name: &TemplateName<'_>) -> Option<TemplateKind> {
    const USUAL: [&str; 9] =
        ["", "_default", "post", "posts", "blog", "blogs", "article", "articles", "page"];
    let folder = name.folder();
    let is_page = matches!(name.stem, "single" | "post") || (name.stem == "page" && folder.is_empty());
    let is_post = USUAL.contains(&folder);
    (is_page && !name.is_part).then_some(if is_post { TemplateKind::Post } else { TemplateKind::Other })
}

fn theme_names(site: &SiteFolder<'_>) -> Vec<String> {
    let mut named = Vec::new();
    for stem in STEMS {
        let Some(config) = configuration::any(site, stem) else { continue };
        named.extend(configuration::at(&config, &["theme"]).map(owned).unwrap_or_default());
        named.extend(imports(configuration::at(&config, &["module", "imports"])));
    }
    if let Some(module) = configuration::any(site, "config/_default/module") {
        named.extend(imports(configuration::at(&module, &["imports"])));
    }
    let submodules = submodules(&site.text(".gitmodules"));
    if named.is_empty() {
        named = go_modules(&site.text("go.mod"));
    }
    if named.is_empty() {
        named.extend(
            submodules.iter().filter(|(folder, _)| folder.starts_with("themes/")).map(|(_, url)| url.clone()),
        );
    }
    if named.is_empty() {
        named = site.folders_in("themes");
        // Which one of several is used would be a guess.
        named.truncate(if named.len() == 1 { 1 } else { 0 });
    }
    // Who gives the folder a name of his own names the repository all the same.
    let repository = |name: &String| {
        submodules.iter().find(|(folder, _)| folder.ends_with(&format!("/{name}"))).map(|(_, url)| url)
    };
    let repositories: Vec<String> = named.iter().filter_map(repository).cloned().collect();
    named.extend(repositories);
    named
}

fn imports(imports: Option<&Value>) -> Vec<String> {
    let imports = imports.and_then(Value::as_array).into_iter().flatten();
    imports.filter_map(|import| configuration::text(import, &["path"])).map(str::to_owned).collect()
}

/// Modules that `go.mod` requires, in its order.
fn go_modules(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim().trim_start_matches("require").trim_start());
    let paths = lines.filter_map(|line| line.split_whitespace().next());
    paths.filter(|path| path.contains('/') && !path.starts_with("//")).map(str::to_owned).collect()
}

/// Folder and address of each submodule.
fn submodules(text: &str) -> Vec<(String, String)> {
    let mut found: Vec<(String, String)> = Vec::new();
    for line in text.lines().map(str::trim) {
        match line.split_once('=').map(|(key, value)| (key.trim(), value.trim().to_owned())) {
            None if line.starts_with('[') => found.push(Default::default()),
            Some(("path", path)) => {
                found.last_mut().into_iter().for_each(|module| module.0.clone_from(&path))
            }
            Some(("url", url)) => found.last_mut().into_iter().for_each(|module| module.1.clone_from(&url)),
            _ => {}
        }
    }
    found
}

/// The folders of the languages that have one, that of the main language first.
fn content_folders(languages: &Value, main: &str) -> Vec<String> {
    let all = languages.as_object().into_iter().flatten();
    let mut folders: Vec<(bool, String)> = all
        .filter_map(|(language, of)| {
            let folder = plain(configuration::text(of, &["contentDir"])?);
            (!folder.is_empty()).then(|| (!language.eq_ignore_ascii_case(main), folder))
        })
        .collect();
    folders.sort();
    folders.dedup_by(|(_, later), (_, earlier)| later == earlier);
    folders.into_iter().map(|(_, folder)| folder).collect()
}
