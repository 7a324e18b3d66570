//! The path of a site of Astro, `base` in its configuration. Astro puts it in front of nothing: a value or an address
//! in the text that begins with a slash has it, or the template puts it there.

use super::script::Expr;
use super::shape::Scripts;
use crate::site::folder::{SCRIPT, SiteFolder};
use crate::site::target::{Place, plain};

/// Endings of files that show the picture of a post.
const TEMPLATES: [&str; 5] = ["astro", "tsx", "jsx", "vue", "svelte"];
/// So many of them are looked at.
const MOST: usize = 400;
/// Names for the path in templates, and of functions that put it in front.
const NAMES: [&str; 9] = [
    "base_url",
    "base",
    "baseurl",
    "basepath",
    "base_path",
    "withbase",
    "addbase",
    "prependbase",
    "withbaseurl",
];
/// Parts of the names of variables that hold a picture.
const PICTURES: [&str; 6] = ["image", "img", "cover", "hero", "thumb", "banner"];

/// The site's own address as far as the configuration has it in literals: `https://example.com/notes`, or the path
/// alone.
pub(in crate::site) fn address(site: &SiteFolder<'_>) -> Option<String> {
    let scripts = Scripts::new(site);
    let scope = scripts.open(&site.any("astro.config", &SCRIPT)?)?;
    let (mut config, mut scope) = scripts.resolve(&Expr::Name("default".to_owned()), &scope, 0);
    if let Expr::Call { args, .. } = &config {
        (config, scope) = scripts.resolve(args.first()?, &scope, 0);
    }
    let text = |key: &str| match scripts.resolve(config.get(key)?, &scope, 0) {
        (Expr::Text(text), _) => Some(text),
        _ => None,
    };
    let path = plain(text("base")?.as_str());
    let host = text("site").unwrap_or_default();
    (!path.is_empty()).then(|| format!("{}/{path}", host.trim_end_matches('/')))
}

/// Where a picture goes that a text of the front matter names, with the path of the site in front unless a template
/// puts it there.
pub(in crate::site) fn public(site: &SiteFolder<'_>) -> Place {
    let address = address(site).filter(|_| !is_put_in_front(site));
    let rest = address.as_deref().map(|address| address.split_once("://").map_or(address, |(_, rest)| rest));
    let path = rest.and_then(|rest| rest.find('/').map(|at| &rest[at..])).unwrap_or_default();
    Place::new("public/images", &format!("{path}/images/{{file}}"))
}

/// Whether a line of a template has the path of the site beside a picture.
fn is_put_in_front(site: &SiteFolder<'_>) -> bool {
    let is_such = |line: &str| {
        let line = line.to_ascii_lowercase();
        let mut words = line.split(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-'));
        words.any(|word| NAMES.contains(&word)) && PICTURES.iter().any(|part| line.contains(part))
    };
    let files = site.files_below("src", &TEMPLATES, MOST);
    files.iter().any(|file| site.text(file).lines().any(is_such))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    #[test]
    fn the_path_is_read_where_it_is_a_literal() {
        for (config, expected) in [
            ("export default defineConfig({ base: '/notes/' })", Some("/notes")),
            (
                "export default { site: 'https://me.example', base: 'notes' }",
                Some("https://me.example/notes"),
            ),
            ("const base = \"/notes\";\nexport default defineConfig({ base });", Some("/notes")),
            ("export default defineConfig({ base: process.env.BASE ?? '/notes' })", None),
            ("export default defineConfig({ base: '/' })", None),
            ("export default defineConfig({ site: 'https://me.example' })", None),
        ] {
            let root = tree(&[("astro.config.mjs", config)]);
            assert_eq!(address(&SiteFolder::new(root.path(), "")).as_deref(), expected, "{config}");
        }
    }

    #[test]
    fn a_value_has_the_path_unless_the_template_puts_it_there() {
        for (template, value) in [
            ("<img src={heroImage} class=\"text-base\">", "/notes/images/{file}"),
            ("<BaseLayout image={heroImage}>", "/notes/images/{file}"),
            ("<a href={import.meta.env.BASE_URL}>", "/notes/images/{file}"),
            ("<img src={`${import.meta.env.BASE_URL}${heroImage}`}>", "/images/{file}"),
            ("<img src={withBase(post.data.cover)}>", "/images/{file}"),
        ] {
            let config = ("astro.config.ts", "export default { base: '/notes' }");
            let root = tree(&[config, ("src/layouts/Post.astro", template)]);
            assert_eq!(public(&SiteFolder::new(root.path(), "")).value, value, "{template}");
        }
    }
}
