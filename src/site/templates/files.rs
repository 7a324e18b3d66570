//! Which files of a site are templates, and which of them make the page of a post.

use std::collections::{BTreeMap, BTreeSet};

use super::super::folder::SiteFolder;
use super::lexer::Language;
use super::markup::words_of;
use super::scan::base;

/// So many templates are looked at.
const MOST: usize = 400;
/// Words in the names of templates that show many posts.
const LISTS: [&str; 30] = [
    "list",
    "lists",
    "index",
    "archive",
    "archives",
    "card",
    "cards",
    "pagination",
    "paginator",
    "related",
    "feed",
    "rss",
    "atom",
    "sitemap",
    "tag",
    "tags",
    "category",
    "categories",
    "taxonomy",
    "terms",
    "term",
    "home",
    "summary",
    "preview",
    "previews",
    "grid",
    "posts",
    "search",
    "recent",
    "teaser",
];
/// Names of templates for the page of a post.
const POSTS: [&str; 12] = [
    "post",
    "single",
    "article",
    "blogpost",
    "entry",
    "postlayout",
    "articlelayout",
    "blogpostlayout",
    "note",
    "postdetails",
    "blogarticle",
    "singlepost",
];

/// What a template is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TemplateKind {
    /// The page of a post.
    Post,
    /// What stands around every page.
    Around,
    /// The page of those posts that ask for it.
    Variant,
    /// Many posts.
    List,
    /// Something else, or a part of some page.
    Other,
}

/// A template.
#[derive(Debug, Clone)]
pub(super) struct Sheet {
    /// Its path below the site.
    pub path: String,
    /// Its path below the folder of templates.
    pub name: String,
    pub language: Language,
    pub kind: TemplateKind,
    /// Whether it comes with the theme.
    pub of_theme: bool,
}

/// The templates of a site; the site's own stand before those of its theme, which they replace.
pub(super) fn sheets(site: &SiteFolder<'_>, generator: &str) -> Vec<Sheet> {
    let mut sheets: BTreeMap<String, Sheet> = BTreeMap::new();
    let layouts = layouts(site, generator);
    for (folder, of_theme) in folders(site, generator) {
        let left = MOST.saturating_sub(sheets.len());
        for path in site.files_below(&folder, endings(generator), left) {
            let name = path.strip_prefix(folder.as_str()).unwrap_or(&path).trim_start_matches('/').to_owned();
            let Some(language) = Language::of(&path, generator).filter(|_| !is_aside(&path)) else {
                continue;
            };
            let kind = kind(generator, &name, &path, &layouts);
            let key = name.replace("_partials/", "partials/");
            sheets.entry(key).or_insert(Sheet { path, name, language, kind, of_theme });
        }
    }
    let mut sheets: Vec<Sheet> = sheets.into_values().collect();
    set_variants_apart(&mut sheets);
    if !sheets.iter().any(|sheet| sheet.kind == TemplateKind::Post) && generator == "hugo" {
        for sheet in sheets.iter_mut().filter(|sheet| base(&sheet.name) == "single") {
            sheet.kind = TemplateKind::Post;
        }
    }
    sheets
}

/// Beside a layout that is called as usual, others are for posts that ask for them.
fn set_variants_apart(sheets: &mut [Sheet]) {
    let folder = |sheet: &Sheet| sheet.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let is_usual = |sheet: &Sheet| POSTS.contains(&words_of(base(&sheet.name)).concat().as_str());
    let is_post = |sheet: &Sheet| sheet.kind == TemplateKind::Post;
    let usual: BTreeSet<String> =
        sheets.iter().filter(|sheet| is_post(sheet) && is_usual(sheet)).map(folder).collect();
    for sheet in sheets.iter_mut() {
        let dynamic = sheet.path.contains('[');
        if is_post(sheet)
            && !is_usual(sheet)
            && !dynamic
            && !is_named_by_generator(sheet)
            && usual.contains(&folder(sheet))
        {
            sheet.kind = TemplateKind::Variant;
        }
    }
}

/// Whether the generator takes a template of this name for every post.
fn is_named_by_generator(sheet: &Sheet) -> bool {
    sheet.name == "page.html" || sheet.path.contains("BlogPost")
}

fn endings(generator: &str) -> &'static [&'static str] {
    match generator {
        "hugo" => &["html"],
        "jekyll" => &["html", "liquid"],
        "eleventy" => &["njk", "liquid", "html", "js", "webc", "ejs", "jsx", "tsx"],
        "hexo" => &["ejs", "pug", "jade", "njk", "swig", "jsx"],
        "astro" => &["astro", "tsx", "jsx", "vue", "svelte"],
        "vitepress" | "vuepress" => &["vue"],
        "next" | "gatsby" | "docusaurus" => &["tsx", "jsx", "js"],
        _ => &["html", "jinja", "j2", "jinja2"],
    }
}

/// Folders in which the templates lie, the site's own first, and whether one is of the theme.
fn folders(site: &SiteFolder<'_>, generator: &str) -> Vec<(String, bool)> {
    let own: &[&str] = match generator {
        "hugo" => &["layouts"],
        "jekyll" => {
            &["_layouts", "_includes", "src/_layouts", "src/_includes", "docs/_layouts", "docs/_includes"]
        }
        "eleventy" => &[
            "_includes",
            "_layouts",
            "src/_includes",
            "src/_layouts",
            "includes",
            "layouts",
            "src/layouts",
            "src/includes",
        ],
        "astro" => &["src"],
        "zola" => &["templates"],
        "next" => &["app", "pages", "src", "components", "layouts"],
        "gatsby" => &["src"],
        "vitepress" => &[".vitepress/theme", "docs/.vitepress/theme"],
        "vuepress" => &[".vuepress/theme", "docs/.vuepress/theme"],
        "docusaurus" => &["src/theme"],
        "mkdocs" => &["overrides", "docs/overrides"],
        _ => &[],
    };
    let mut folders: Vec<_> = own.iter().map(|folder| ((*folder).to_owned(), false)).collect();
    let below = match generator {
        "hugo" => "layouts",
        "zola" | "nikola" => "templates",
        "hexo" => "layout",
        "pelican" => {
            folders.extend(pelican(site));
            return folders;
        }
        _ => return folders,
    };
    folders.extend(themes(site).iter().map(|theme| (format!("themes/{theme}/{below}"), true)));
    folders
}

/// Names of the themes that the site uses, of those that are there.
fn themes(site: &SiteFolder<'_>) -> Vec<String> {
    let there: BTreeSet<String> = site.folders_in("themes").into_iter().collect();
    let files = [
        "hugo.toml",
        "hugo.yaml",
        "hugo.yml",
        "hugo.json",
        "config.toml",
        "config.yaml",
        "config.yml",
        "config.json",
        "config/_default/hugo.toml",
        "config/_default/hugo.yaml",
        "config/_default/config.toml",
        "config/_default/config.yaml",
        "config/_default/module.toml",
        "_config.yml",
        "zola.toml",
    ];
    let mut named = Vec::new();
    let mut open = false;
    for file in files {
        for line in site.text(file).lines() {
            let line = line.trim_start();
            let key = line.trim_start_matches(['"', '\'']);
            let speaks = key.starts_with("theme") || key.trim_start_matches("- ").starts_with("path");
            open = speaks || (open && line.starts_with('-'));
            for word in
                line.split(|part: char| part.is_whitespace() || "\"'[]{},:=/".contains(part)).filter(|_| open)
            {
                if there.contains(word) && !named.iter().any(|known| known == word) {
                    named.push(word.to_owned());
                }
            }
        }
    }
    match (named.is_empty(), there.len()) {
        (true, 1) => there.into_iter().collect(),
        _ => named,
    }
}

/// The folder of templates of a Pelican theme that lies in the site.
fn pelican(site: &SiteFolder<'_>) -> Vec<(String, bool)> {
    let text = site.text("pelicanconf.py");
    let named = text.lines().find_map(|line| line.strip_prefix("THEME")?.trim_start().strip_prefix('='));
    let named = named.and_then(|value| value.split(['"', '\'']).nth(1));
    let folder = named.map(|name| name.trim_start_matches("./").trim_end_matches('/').to_owned());
    let folder = folder.filter(|folder| !folder.is_empty() && !folder.starts_with(['/', '.']));
    let of_theme = folder.into_iter().map(|folder| (format!("{folder}/templates"), true));
    of_theme.chain([("templates".to_owned(), false)]).collect()
}

/// Layouts that the configuration gives to posts.
fn layouts(site: &SiteFolder<'_>, generator: &str) -> Vec<String> {
    if generator != "jekyll" {
        return Vec::new();
    }
    let text = site.text("_config.yml");
    let layouts =
        text.lines().filter_map(|line| line.trim_start().trim_start_matches("- ").strip_prefix("layout:"));
    let layouts =
        layouts.map(|value| value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    layouts.filter(|name| !matches!(*name, "" | "default" | "page" | "home")).map(str::to_owned).collect()
}

/// Whether this is no template, or one for something that is no post.
fn is_aside(path: &str) -> bool {
    let low = path.to_lowercase();
    let folders = [
        "/shortcodes/",
        "/_shortcodes/",
        "/_markup/",
        "/api/",
        "/__tests__/",
        "/content/",
        "/lib/",
        "/utils/",
        "/email",
    ];
    folders.iter().any(|folder| low.contains(folder))
        || low.contains(".test.")
        || low.contains(".spec.")
        || low.ends_with(".d.ts")
}

fn kind(generator: &str, name: &str, path: &str, layouts: &[String]) -> TemplateKind {
    let stem = base(name);
    let words = words_of(stem);
    let joined = words.concat();
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let dynamic = matches!(generator, "astro" | "next") && is_page_of_a_post(path);
    if dynamic {
        return TemplateKind::Post;
    }
    let part = folder.split('/').any(|folder| {
        matches!(
            folder,
            "partials"
                | "_partials"
                | "partial"
                | "_partial"
                | "includes"
                | "_includes"
                | "components"
                | "macros"
                | "mixins"
                | "widget"
        )
    }) || path.contains("_includes/") && generator == "jekyll";
    let post = POSTS.contains(&joined.as_str()) || layouts.iter().any(|layout| layout == stem);
    let listed = words.iter().any(|word| LISTS.contains(&word.as_str()));
    let of_lists = |word: String| LISTS.contains(&word.as_str()) && word != "posts" && word != "index";
    let within_lists = folder.split('/').flat_map(words_of).any(of_lists);
    match generator {
        "hugo" if part => {}
        "hugo" if stem == "single" || (stem == "page" && folder.is_empty()) || stem == "post" => {
            let usual = ["", "_default", "post", "posts", "blog", "blogs", "article", "articles", "page"];
            return if usual.contains(&folder) { TemplateKind::Post } else { TemplateKind::Other };
        }
        "zola" if name == "page.html" => return TemplateKind::Post,
        "astro" | "next" if !path.contains("ayouts/") && !post => {}
        "docusaurus" if path.contains("BlogPostItem") || path.contains("BlogPostPage") => {
            return TemplateKind::Post;
        }
        "mkdocs" if joined == "blogpost" => return TemplateKind::Post,
        _ if part || within_lists => {}
        "gatsby"
            if path.contains("templates/")
                && words.iter().any(|word| matches!(word.as_str(), "post" | "blog" | "article"))
                && !listed =>
        {
            return TemplateKind::Post;
        }
        "vitepress" | "vuepress" if joined == "layout" => return TemplateKind::Around,
        _ if post
            || (words.len() > 1
                && !listed
                && words.iter().any(|word| matches!(word.as_str(), "post" | "article"))) =>
        {
            return TemplateKind::Post;
        }
        _ => {}
    }
    if listed || within_lists {
        // The folder's own file of a component is no list.
        return if stem == "index" && part { TemplateKind::Other } else { TemplateKind::List };
    }
    let around = matches!(
        joined.as_str(),
        "baseof" | "default" | "base" | "layout" | "main" | "app" | "document" | "basehtml"
    );
    if around && !part { TemplateKind::Around } else { TemplateKind::Other }
}

/// Whether a file makes a page for each post: its path has the post's slug in brackets.
fn is_page_of_a_post(path: &str) -> bool {
    let low = path.to_lowercase();
    let folders = ["tag", "categor", "author", "archive", "series", "page]", "lang]/index", "locale]/page."];
    let slug = ["slug]", "id]", "post]", "permalink]", "path]", "...blog]", "article]"]
        .iter()
        .any(|slug| low.contains(slug));
    slug && !folders.iter().any(|folder| low.contains(folder))
        && (low.contains("app/") || low.contains("pages/"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn the_name_of_a_template_says_what_it_is_for() {
        let cases = [
            ("hugo", "_default/single.html", TemplateKind::Post),
            ("hugo", "single.html", TemplateKind::Post),
            ("hugo", "gallery/single.html", TemplateKind::Other),
            ("hugo", "_default/baseof.html", TemplateKind::Around),
            ("hugo", "_default/list.html", TemplateKind::List),
            ("hugo", "partials/post-card.html", TemplateKind::List),
            ("hugo", "partials/cover.html", TemplateKind::Other),
            ("jekyll", "post.html", TemplateKind::Post),
            ("jekyll", "default.html", TemplateKind::Around),
            ("jekyll", "mine.html", TemplateKind::Post),
            ("eleventy", "layouts/post.njk", TemplateKind::Post),
            ("eleventy", "postslist.njk", TemplateKind::Other),
            ("zola", "page.html", TemplateKind::Post),
            ("astro", "pages/blog/[...slug].astro", TemplateKind::Post),
            ("astro", "pages/tags/[slug].astro", TemplateKind::List),
            ("astro", "layouts/BlogPost.astro", TemplateKind::Post),
            ("astro", "components/PostCard.astro", TemplateKind::List),
            ("next", "app/blog/[slug]/page.tsx", TemplateKind::Post),
            ("gatsby", "templates/blog-post.js", TemplateKind::Post),
            ("gatsby", "templates/blog-list.js", TemplateKind::List),
            ("hexo", "post.pug", TemplateKind::Post),
            ("hexo", "includes/header/index.pug", TemplateKind::Other),
        ];
        for (generator, name, expected) in cases {
            let folder = if matches!(generator, "astro" | "gatsby") { "src/" } else { "" };
            let path = format!("{folder}{name}");
            assert_eq!(kind(generator, name, &path, &["mine".to_owned()]), expected, "{generator} {name}");
        }
    }

    #[test]
    fn only_the_theme_that_the_site_uses_is_read_and_its_own_files_replace_it() {
        let root = tree(&[
            ("hugo.toml", "theme = 'a'"),
            ("layouts/_default/single.html", ""),
            ("themes/a/layouts/_default/single.html", ""),
            ("themes/a/layouts/_default/list.html", ""),
            ("themes/b/layouts/_default/list.html", ""),
        ]);
        let site = SiteFolder::new(root.path(), "");
        let paths: Vec<String> = sheets(&site, "hugo").into_iter().map(|sheet| sheet.path).collect();
        assert_eq!(paths, ["themes/a/layouts/_default/list.html", "layouts/_default/single.html"]);
    }
}
