//! Which files of a site are templates, and what each of them is for.

use std::collections::{BTreeMap, BTreeSet};

use super::super::folder::SiteFolder;
use super::kind::{TemplateKind, TemplateName, is_for_posts};
use super::lexer::Language;
use super::markup::base;
use super::rules::{TemplateFolder, TemplateRules};

/// So many templates are looked at.
const MOST: usize = 400;
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
pub(super) fn sheets(site: &SiteFolder<'_>, rules: &TemplateRules) -> Vec<Sheet> {
    let mut sheets: BTreeMap<String, Sheet> = BTreeMap::new();
    for TemplateFolder { path: folder, of_theme } in &rules.folders {
        let left = MOST.saturating_sub(sheets.len());
        for path in site.files_below(folder, rules.endings, left) {
            let name = path.strip_prefix(folder.as_str()).unwrap_or(&path).trim_start_matches('/').to_owned();
            let Some(language) = Language::of(&path, rules.html).filter(|_| !is_aside(&path)) else {
                continue;
            };
            let (kind, of_theme) = (kind(rules, &name, &path), *of_theme);
            let key = name.replace("_partials/", "partials/");
            sheets.entry(key).or_insert(Sheet { path, name, language, kind, of_theme });
        }
    }
    let mut sheets: Vec<Sheet> = sheets.into_values().collect();
    set_variants_apart(&mut sheets);
    if !sheets.iter().any(|sheet| sheet.kind == TemplateKind::Post) {
        for sheet in sheets.iter_mut().filter(|sheet| rules.last_resort == Some(base(&sheet.name))) {
            sheet.kind = TemplateKind::Post;
        }
    }
    sheets
}

/// Beside a layout that is called as usual, others are for posts that ask for them.
fn set_variants_apart(sheets: &mut [Sheet]) {
    let folder = |sheet: &Sheet| sheet.name.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned();
    let is_usual = |sheet: &Sheet| is_for_posts(base(&sheet.name));
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

/// Whether this is not a template, or one for something that is not a post.
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

fn kind(rules: &TemplateRules, name: &str, path: &str) -> TemplateKind {
    let name = TemplateName::of(name, path, rules.parts, &rules.layouts);
    (rules.kind)(&name).unwrap_or_else(|| name.usual(rules.posts_are_layouts))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::generator;
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
        let root = tree(&[]);
        let nowhere = SiteFolder::new(root.path(), "");
        for (generator, name, expected) in cases {
            let folder = if matches!(generator, "astro" | "gatsby") { "src/" } else { "" };
            let path = format!("{folder}{name}");
            let rules = generator::named(generator).unwrap().templates(&nowhere);
            let rules = TemplateRules { layouts: vec!["mine".to_owned()], ..rules };
            assert_eq!(kind(&rules, name, &path), expected, "{generator} {name}");
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
        let rules = generator::named("hugo").unwrap().templates(&site);
        let paths: Vec<String> = sheets(&site, &rules).into_iter().map(|sheet| sheet.path).collect();
        assert_eq!(paths, ["themes/a/layouts/_default/list.html", "layouts/_default/single.html"]);
    }
}
