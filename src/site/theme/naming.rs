//! Under which names a site knows its theme, as far as several generators do it alike.

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

/// The names as written and without what stands before them, each once.
pub(super) fn spelled(named: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for name in named.iter().flat_map(|name| spellings(name)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
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

/// The theme that a script of Python sets, else the one that holds where it sets none.
pub(in crate::site) fn python_theme(site: &SiteFolder<'_>, script: &str, otherwise: &str) -> Vec<String> {
    let named = python::texts(&site.text(script), "THEME");
    // A theme that is computed is not known, and neither is one with templates of the site's own in it.
    let sets = |line: &str| {
        let name = line.split(['=', ' ', ':']).next();
        matches!(name, Some("THEME" | "THEME_TEMPLATES_OVERRIDES"))
    };
    match named.as_slice() {
        [] if site.text(script).lines().any(sets) => Vec::new(),
        [] => vec![otherwise.to_owned()],
        [name] => vec![name.clone()],
        _ => Vec::new(),
    }
}

/// Name of the package of npm and of what it depends on.
pub(in crate::site) fn package(site: &SiteFolder<'_>) -> Vec<String> {
    let Ok(package) = serde_json::from_str::<Value>(&site.text("package.json")) else { return Vec::new() };
    let name = configuration::text(&package, &["name"]).map(str::to_owned);
    let of_key = |key| configuration::at(&package, &[key]).and_then(Value::as_object);
    let dependencies = ["dependencies", "devDependencies"].into_iter().filter_map(of_key);
    name.into_iter().chain(dependencies.flat_map(|members| members.keys().cloned())).collect()
}

/// One text, or the texts of a list.
pub(in crate::site) fn owned(value: &Value) -> Vec<String> {
    configuration::texts(value).into_iter().map(str::to_owned).collect()
}
