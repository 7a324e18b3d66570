//! What the configuration of Docusaurus says of its blogs: there may be several, each with a folder of its own.

use std::rc::Rc;

use super::script::Expr;
use super::shape::{ScriptScope, Scripts, climb};
use crate::site::folder::{SCRIPT, SiteFolder};

/// The usual folder of a blog.
const USUAL: &str = "blog";
/// How the plug-in of a blog is named in short.
const PLUGIN: &str = "content-blog";

/// What is configured.
#[derive(Debug, Default)]
pub(in crate::site) struct Configured {
    /// The blogs; the usual one where none can be read.
    pub blogs: Vec<BlogPlugin>,
    /// Folders whose files are published at the root of the site, where the configuration names them.
    pub at_root: Vec<String>,
}

/// One blog.
#[derive(Debug)]
pub(in crate::site) struct BlogPlugin {
    /// Its name among several; empty for the first.
    pub id: String,
    /// The folder of its posts.
    pub folder: String,
}

pub(in crate::site) fn read(site: &SiteFolder<'_>) -> Configured {
    let mut found = configured(site).unwrap_or_default();
    if found.blogs.is_empty() {
        found.blogs.push(BlogPlugin { id: String::new(), folder: USUAL.to_owned() });
    }
    found
}

fn configured(site: &SiteFolder<'_>) -> Option<Configured> {
    let scripts = Scripts::new(site);
    let scope = scripts.open(&site.any("docusaurus.config", &SCRIPT)?)?;
    let (config, scope) = scripts.resolve(&Expr::Name("default".to_owned()), &scope, 0);
    let list = |key: &str| match config.get(key).map(|value| scripts.resolve(value, &scope, 0)) {
        Some((Expr::Array(items), inner)) => (items, inner),
        _ => (Vec::new(), scope.clone()),
    };
    let mut blogs = Vec::new();
    let (presets, inner) = list("presets");
    for preset in &presets {
        let (_, options, inner) = extension(&scripts, preset, &inner);
        let blog = options.get("blog").cloned().unwrap_or(Expr::Object(Vec::new()));
        let is_off = blog == Expr::Name("false".to_owned());
        blogs.extend((!is_off).then(|| blog_of(&scripts, &blog, &inner)).flatten());
    }
    let (plugins, inner) = list("plugins");
    for plugin in &plugins {
        let (name, options, inner) = extension(&scripts, plugin, &inner);
        blogs.extend(name.ends_with(PLUGIN).then(|| blog_of(&scripts, &options, &inner)).flatten());
    }
    let (folders, inner) = list("staticDirectories");
    let folders = folders.iter().filter_map(|folder| climb("", &scripts.text(folder, &inner, 0)?));
    Some(Configured { blogs, at_root: folders.filter(|folder| !folder.is_empty()).collect() })
}

/// Name and options of a preset or a plug-in, which is named alone or at the head of a list.
fn extension(
    scripts: &Scripts<'_, '_>,
    value: &Expr,
    scope: &Rc<ScriptScope>,
) -> (String, Expr, Rc<ScriptScope>) {
    let (value, scope) = scripts.resolve(value, scope, 0);
    let (name, options) = match &value {
        Expr::Array(items) => (items.first(), items.get(1)),
        alone => (Some(alone), None),
    };
    // require.resolve("x")
    let name = match name {
        Some(Expr::Call { args, .. }) => args.first(),
        name => name,
    };
    let name = name.and_then(|name| scripts.text(name, &scope, 0)).unwrap_or_default();
    match options {
        Some(options) => {
            let (options, scope) = scripts.resolve(options, &scope, 0);
            (name, options, scope)
        }
        None => (name, Expr::Object(Vec::new()), scope),
    }
}

/// The blog of these options; nothing where its folder lies outside of the site.
fn blog_of(scripts: &Scripts<'_, '_>, options: &Expr, scope: &Rc<ScriptScope>) -> Option<BlogPlugin> {
    let (options, scope) = scripts.resolve(options, scope, 0);
    let text = |key: &str| options.get(key).and_then(|value| scripts.text(value, &scope, 0));
    let folder = climb("", text("path").as_deref().unwrap_or(USUAL)).filter(|folder| !folder.is_empty())?;
    Some(BlogPlugin { id: text("id").filter(|id| id != "default").unwrap_or_default(), folder })
}
