//! Under which names a site knows its theme: what its configuration says, else what it installs.

use serde_json::Value;

use crate::site::folder::SiteFolder;
use crate::site::{configuration, python};

/// What stands before the name of a theme in the name of its repository, package or gem.
const PREFIXES: [&str; 8] = [
    "gohugo-theme-",
    "hugo-theme-",
    "jekyll-theme-",
    "hexo-theme-",
    "zola-theme-",
    "astro-theme-",
    "hugo-",
    "zola-",
];

/// The names, most telling first, each as written and without what stands before it.
pub(super) fn of(site: &SiteFolder<'_>, generator: &str) -> Vec<String> {
    let named = match generator {
        "hugo" => hugo(site),
        "jekyll" => jekyll(site),
        "hexo" => hexo(site),
        "zola" => zola(site),
        "pelican" => python_theme(site, "pelicanconf.py", Some("notmyidea")),
        "nikola" => python_theme(site, "conf.py", Some("bootblog4")),
        "mkdocs" => mkdocs(site),
        "quartz" => vec!["quartz".to_owned()],
        // A theme of one's own lies in this folder; without it there is only the generator's.
        "vitepress" if site.has_folder(".vitepress/theme") => Vec::new(),
        "vitepress" => vec!["default".to_owned()],
        "astro" | "next" | "gatsby" | "eleventy" => package(site),
        _ => Vec::new(),
    };
    let mut names = Vec::new();
    for name in named.iter().flat_map(|name| spellings(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

/// Keys of the outermost mapping of the site's configuration.
pub(super) fn keys(site: &SiteFolder<'_>, generator: &str) -> Vec<String> {
    let config = if generator == "jekyll" { configuration::any(site, "_config") } else { None };
    let members = config.as_ref().and_then(Value::as_object);
    members.map(|members| members.keys().cloned().collect()).unwrap_or_default()
}

/// `github.com/adityatelange/hugo-PaperMod`, `panr/terminal@v4`, `./themes/x/`, with and without the words
/// before the name.
fn spellings(name: &str) -> Vec<String> {
    let name = name.trim().trim_end_matches('/').to_lowercase();
    if name.starts_with('@') {
        // A scope of npm is part of a package's name.
        return vec![name];
    }
    let is_version = |part: &str| part.strip_prefix('v').is_some_and(|rest| rest.parse::<u16>().is_ok());
    let mut parts = name.rsplit(['/', ':']).filter(|part| !part.is_empty());
    let last = parts.next().unwrap_or_default();
    let last = if is_version(last) { parts.next().unwrap_or(last) } else { last };
    let last = last.split('@').next().unwrap_or_default();
    let last = last.strip_suffix(".git").unwrap_or(last);
    let bare = PREFIXES.iter().find_map(|prefix| last.strip_prefix(prefix)).filter(|bare| !bare.is_empty());
    [Some(last), bare].into_iter().flatten().filter(|name| !name.is_empty()).map(str::to_owned).collect()
}

fn hugo(site: &SiteFolder<'_>) -> Vec<String> {
    let mut named = Vec::new();
    for stem in ["hugo", "config", "config/_default/hugo", "config/_default/config"] {
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

fn jekyll(site: &SiteFolder<'_>) -> Vec<String> {
    let config = configuration::any(site, "_config");
    let of_key =
        |key| config.as_ref().and_then(|config| configuration::text(config, &[key])).map(str::to_owned);
    let named: Vec<String> = ["remote_theme", "theme"].into_iter().filter_map(of_key).collect();
    if named.is_empty() { gems(&site.text("Gemfile")) } else { named }
}

/// Gems of a `Gemfile`: `gem "minima", "~> 2.5"`.
fn gems(text: &str) -> Vec<String> {
    let names = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("gem")?.trim_start_matches([' ', '\t', '(']);
        let quote = rest.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
        rest[1..].split(quote).next()
    });
    names.map(str::to_owned).collect()
}

fn hexo(site: &SiteFolder<'_>) -> Vec<String> {
    let config = configuration::any(site, "_config");
    match config.as_ref().and_then(|config| configuration::text(config, &["theme"])) {
        Some(theme) => vec![theme.to_owned()],
        None => package(site).into_iter().filter(|name| name.starts_with("hexo-theme-")).collect(),
    }
}

fn zola(site: &SiteFolder<'_>) -> Vec<String> {
    let config = configuration::any(site, "zola").or_else(|| configuration::any(site, "config"));
    config.as_ref().and_then(|config| configuration::at(config, &["theme"])).map(owned).unwrap_or_default()
}

fn mkdocs(site: &SiteFolder<'_>) -> Vec<String> {
    let config = site.any("mkdocs", &["yml", "yaml"]).and_then(|name| configuration::read(site, &name));
    let theme = config.as_ref().and_then(|config| configuration::at(config, &["theme"]));
    let name = theme.and_then(|theme| theme.as_str().or_else(|| configuration::text(theme, &["name"])));
    name.map(str::to_owned).into_iter().collect()
}

fn python_theme(site: &SiteFolder<'_>, script: &str, otherwise: Option<&str>) -> Vec<String> {
    let named = python::texts(&site.text(script), "THEME");
    // A theme that is computed is not known, and neither is one with templates of the site's own in it.
    let sets = |line: &str| {
        let name = line.split(['=', ' ', ':']).next();
        matches!(name, Some("THEME" | "THEME_TEMPLATES_OVERRIDES"))
    };
    match (named.as_slice(), otherwise) {
        ([], Some(_)) if site.text(script).lines().any(sets) => Vec::new(),
        ([], Some(otherwise)) => vec![otherwise.to_owned()],
        ([name], _) => vec![name.clone()],
        _ => Vec::new(),
    }
}

/// Name of the package and of what it depends on.
fn package(site: &SiteFolder<'_>) -> Vec<String> {
    let Ok(package) = serde_json::from_str::<Value>(&site.text("package.json")) else { return Vec::new() };
    let name = configuration::text(&package, &["name"]).map(str::to_owned);
    let of_key = |key| configuration::at(&package, &[key]).and_then(Value::as_object);
    let dependencies = ["dependencies", "devDependencies"].into_iter().filter_map(of_key);
    name.into_iter().chain(dependencies.flat_map(|members| members.keys().cloned())).collect()
}

fn owned(value: &Value) -> Vec<String> {
    configuration::texts(value).into_iter().map(str::to_owned).collect()
}
