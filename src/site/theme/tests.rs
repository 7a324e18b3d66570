use super::*;
use crate::site::Embed;
use crate::site::claim::{ExtraValue, Visibility};
use crate::site::generator::{self, Generator};
use crate::site::target::Place;
use crate::site::tests::tree;

fn found(generator: &str, files: &[(&str, &str)]) -> Option<Theme> {
    let root = tree(files);
    generator::named(generator).unwrap().theme(&SiteFolder::new(root.path(), ""), None)
}

fn name(generator: &str, files: &[(&str, &str)]) -> Option<&'static str> {
    found(generator, files).map(|theme| theme.name)
}

#[test]
fn hugo_themes_are_known_wherever_the_site_names_them() {
    for files in [
        [("hugo.toml", "theme = 'PaperMod'"), ("x", "")],
        [("hugo.yaml", "baseURL: /\ntheme: PaperMod\n"), ("x", "")],
        [("config.yml", "theme: [hugo-notice, hugo-PaperMod]"), ("x", "")],
        [("hugo.json", r#"{"theme": ["papermod"]}"#), ("x", "")],
        [("config/_default/config.toml", "theme = \"papermod\""), ("x", "")],
        [
            ("hugo.toml", "[module]\n[[module.imports]]\npath = 'github.com/adityatelange/hugo-PaperMod/v8'"),
            ("x", ""),
        ],
        [
            ("config/_default/module.toml", "[[imports]]\npath = 'github.com/adityatelange/hugo-PaperMod'"),
            ("x", ""),
        ],
        [
            ("hugo.toml", ""),
            ("go.mod", "module x\n\nrequire github.com/adityatelange/hugo-PaperMod v0.0.0-2 // indirect\n"),
        ],
        [("hugo.toml", ""), ("go.mod", "module x\nrequire (\n\tgithub.com/a/hugo-PaperMod v1\n)\n")],
        [
            ("hugo.toml", ""),
            (
                ".gitmodules",
                "[submodule \"t\"]\n\tpath = themes/mine\n\turl = git@github.com:adityatelange/hugo-PaperMod.git\n",
            ),
        ],
        [
            ("hugo.toml", "theme = 'mine'"),
            (
                ".gitmodules",
                "[submodule \"t\"]\n\tpath = themes/mine\n\turl = https://github.com/adityatelange/hugo-PaperMod\n",
            ),
        ],
        [("hugo.toml", ""), ("themes/PaperMod/theme.toml", "")],
    ] {
        assert_eq!(name("hugo", &files), Some("PaperMod"), "{files:?}");
    }
}

#[test]
fn a_name_is_not_a_theme_because_it_holds_one() {
    for files in [
        [("hugo.toml", "theme = 'PaperModX'"), ("x", "")],
        [("hugo.toml", "theme = 'my-stack'"), ("x", "")],
        [("hugo.toml", "title = 'PaperMod'"), ("x", "")],
        [("hugo.toml", "# theme = 'PaperMod'"), ("x", "")],
        [("hugo.toml", "theme = 'mine'"), ("themes/PaperMod/theme.toml", "")],
        [("themes/PaperMod/a", ""), ("themes/stack/a", "")],
        [("go.mod", "module github.com/me/notes\n"), ("x", "")],
    ] {
        assert_eq!(name("hugo", &files), None, "{files:?}");
    }
    assert_eq!(name("hexo", &[("_config.yml", "theme: nexted\n")]), None);
    assert_eq!(name("jekyll", &[("_config.yml", "theme: PaperMod\n")]), None);
}

#[test]
fn jekyll_themes_are_known_by_theme_remote_theme_gem_and_key() {
    for (files, expected) in [
        (vec![("_config.yml", "theme: minima\n")], "minima"),
        (vec![("_config.yml", "theme: jekyll-theme-chirpy\n"), ("Gemfile", "gem 'minima'\n")], "Chirpy"),
        (vec![("_config.yml", "remote_theme: \"mmistakes/minimal-mistakes@4.24.0\"\n")], "Minimal Mistakes"),
        (vec![("_config.yml", "theme: minimal-mistakes-jekyll\n")], "Minimal Mistakes"),
        (vec![("_config.yml", "minimal_mistakes_skin: dirt\n")], "Minimal Mistakes"),
        (vec![("_config.yml", "remote_theme: daattali/beautiful-jekyll@6.0.1\n")], "Beautiful Jekyll"),
        (
            vec![
                ("_config.yml", "title: x\n"),
                ("Gemfile", "# gem 'minima'\ngem \"just-the-docs\", \"1\"\n"),
            ],
            "Just the Docs",
        ),
        (vec![("_config.yml", "remote_theme: mmistakes/so-simple-theme\n")], "So Simple"),
        (vec![("_config.yml", "serve_og_meta: false\n")], "al-folio"),
        // Plug-ins that a fork installs are not themes.
        (vec![("_config.yml", "serve_og_meta: false\n"), ("Gemfile", "gem 'jekyll-toc'\n")], "al-folio"),
        (vec![("_config.yml", "theme: jekyll-theme-hydejack\n")], "Hydejack"),
        (vec![("_config.yml", "remote_theme: kitian616/jekyll-TeXt-theme\n")], "TeXt"),
    ] {
        assert_eq!(name("jekyll", &files), Some(expected), "{files:?}");
    }
    // What is installed, and the keys, say nothing where the configuration names another.
    assert_eq!(name("jekyll", &[("_config.yml", "theme: mine\n"), ("Gemfile", "gem 'minima'\n")]), None);
    assert_eq!(name("jekyll", &[("_config.yml", "theme: mine\nserve_og_meta: false\n")]), None);
}

#[test]
fn the_other_generators_name_their_themes_in_their_own_ways() {
    for (generator, files, expected) in [
        ("hexo", vec![("_config.yml", "theme: next\n")], "NexT"),
        (
            "hexo",
            vec![
                ("_config.yml", "theme: butterfly\n"),
                ("package.json", r#"{"dependencies": {"hexo-theme-landscape": "1"}}"#),
            ],
            "Butterfly",
        ),
        (
            "hexo",
            vec![
                ("_config.yml", "title: x\n"),
                ("package.json", r#"{"dependencies": {"hexo": "7", "hexo-theme-icarus": "6"}}"#),
            ],
            "Icarus",
        ),
        ("zola", vec![("config.toml", "base_url = '/'\ntheme = \"tabi\"\n")], "tabi"),
        ("pelican", vec![("pelicanconf.py", "SITENAME = 'x'\n")], "notmyidea"),
        ("nikola", vec![("conf.py", "THEME = \"bootblog4\"\nTHEME_COLOR = '#5670d4'\n")], "Nikola's default"),
        ("nikola", vec![("conf.py", "BLOG_TITLE = 'x'\nTHEME_COLOR = '#5670d4'\n")], "Nikola's default"),
        ("pelican", vec![("pelicanconf.py", "THEME = 'reflex'\n")], "Reflex"),
        ("mkdocs", vec![("mkdocs.yml", "theme:\n  name: material\n  icon: !ENV x\n")], "Material for MkDocs"),
        ("mkdocs", vec![("mkdocs.yml", "theme: material\n")], "Material for MkDocs"),
        ("vitepress", vec![(".vitepress/config.ts", "")], "VitePress's default"),
        ("quartz", vec![], "Quartz"),
        ("astro", vec![("package.json", r#"{"name": "astro-paper"}"#)], "AstroPaper"),
        ("astro", vec![("package.json", r#"{"name": "@example/blog"}"#)], "Astro's blog starter"),
        ("astro", vec![("package.json", r#"{"dependencies": {"starlight-blog": "1"}}"#)], "Starlight Blog"),
        (
            "next",
            vec![("package.json", r#"{"name": "tailwind-nextjs-starter-blog"}"#)],
            "tailwind-nextjs-starter-blog",
        ),
        ("gatsby", vec![("package.json", r#"{"name": "gatsby-starter-blog"}"#)], "gatsby-starter-blog"),
    ] {
        assert_eq!(name(generator, &files), Some(expected), "{files:?}");
    }
    for (generator, files) in [
        ("pelican", vec![("pelicanconf.py", "THEME = os.path.join(here, theme)\n")]),
        ("pelican", vec![("pelicanconf.py", "THEME = 'themes/Flex'\n")]),
        ("pelican", vec![("pelicanconf.py", "THEME_TEMPLATES_OVERRIDES = ['templates']\n")]),
        ("vitepress", vec![(".vitepress/theme/index.ts", "")]),
        ("astro", vec![("package.json", "not json")]),
        ("docusaurus", vec![]),
    ] {
        assert_eq!(name(generator, &files), None, "{files:?}");
    }
}

#[test]
fn a_claim_says_field_place_and_what_readers_see() {
    let papermod = found("hugo", &[("hugo.toml", "theme = 'PaperMod'")]).unwrap().claim;
    let field = papermod.field.unwrap();
    assert_eq!(
        (field.path.as_str(), field.alt.as_deref(), field.list),
        ("cover.image", Some("cover.alt"), false)
    );
    assert_eq!(papermod.bundle, Some(Place::new("{dir}", "{file}")));
    assert_eq!(
        (papermod.extras[0].field.as_str(), papermod.extras[0].only_in_bundles),
        ("cover.relative", true)
    );
    assert_eq!(papermod.because, "the theme PaperMod shows it");
    let after_dark = found("zola", &[("config.toml", "theme = 'after-dark'")]).unwrap().claim;
    assert_eq!((after_dark.field, after_dark.embed), (None, Some(Embed::Markdown)));
    let fluid = found("hexo", &[("_config.yml", "theme: fluid\n")]).unwrap().claim;
    assert_eq!((fluid.extras[0].value, fluid.extras[0].only_in_bundles), (ExtraValue::SamePicture, false));
}

#[test]
fn a_switch_of_the_site_makes_the_one_of_the_post_needless() {
    let keys = |files: &[(&str, &str)]| {
        let claim = found("hugo", files).unwrap().claim;
        claim.extras.into_iter().map(|extra| extra.field).collect::<Vec<_>>()
    };
    let theme = ("hugo.toml", "theme = 'blowfish'");
    assert_eq!(keys(&[theme]), ["showHero"]);
    assert_eq!(keys(&[theme, ("config/_default/params.toml", "[article]\nshowHero = false")]), ["showHero"]);
    assert!(keys(&[theme, ("config/_default/params.toml", "[article]\n  showHero = true")]).is_empty());
    assert!(keys(&[("hugo.yaml", "theme: blowfish\nparams: {article: {showHero: true}}\n")]).is_empty());
}

#[test]
fn a_starter_whose_plugin_opens_the_files_keeps_them_beside_the_post() {
    let package = ("package.json", r#"{"name": "eleventy-base-blog"}"#);
    let old = found("eleventy", &[package]).unwrap().claim;
    assert_eq!(old.place, Some(Place::new("public/img", "/img/{file}")));
    let config = ("eleventy.config.js", "import { eleventyImageTransformPlugin } from '@11ty/eleventy-img';");
    let new = found("eleventy", &[package, config]).unwrap().claim;
    assert_eq!(new.place, Some(Place::new("{dir}", "./{file}")));
}

/// Every theme with its generator, in the order of the page about sites.
fn rows() -> impl Iterator<Item = (&'static dyn Generator, &'static Row)> {
    const FIRST: [&str; 12] = [
        "hugo",
        "jekyll",
        "astro",
        "hexo",
        "eleventy",
        "next",
        "gatsby",
        "quartz",
        "vitepress",
        "mkdocs",
        "pelican",
        "nikola",
    ];
    let place = |generator: &&dyn Generator| FIRST.iter().position(|name| *name == generator.name());
    let mut generators = generator::ALL;
    generators.sort_by_key(|generator| place(generator).unwrap_or(FIRST.len()));
    generators.into_iter().flat_map(|generator| generator.themes().iter().map(move |row| (generator, row)))
}

#[test]
fn every_row_is_sound() {
    assert!(rows().count() > 40);
    for (_, row) in rows() {
        let claim = claim_of(row);
        assert_ne!(claim.visibility, Visibility::Unknown, "{}", row.name);
        assert_eq!(claim.visibility == Visibility::Nowhere, claim.field.is_none(), "{}", row.name);
        assert!(claim.field.is_some() || claim.embed.is_some(), "{}", row.name);
        for place in [&claim.place, &claim.bundle].into_iter().flatten() {
            assert!(["{file}", "{relative}"].iter().any(|part| place.value.contains(part)), "{}", row.name);
        }
    }
}

#[test]
fn the_page_about_sites_has_the_two_lines_of_every_theme() {
    let page = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/sites.md");
    let page = std::fs::read_to_string(page).unwrap();
    let (_, table) = page.split_once("## Themes").unwrap();
    let told: Vec<&str> = table.lines().filter(|line| line.starts_with("| ")).skip(1).collect();
    let rows: Vec<_> = rows().collect();
    let lines: Vec<String> = rows.iter().map(two_lines).collect();
    let begins = |told: &&str| told.match_indices(" | ").nth(1).map(|(end, _)| told[..end].to_owned());
    let begun: Vec<_> = told.iter().filter_map(begins).collect();
    for (line, begun) in lines.iter().zip(&begun) {
        assert_eq!(begun, line, "docs/sites.md has the rows of the tables in their order");
    }
    assert_eq!(begun.len(), lines.len(), "docs/sites.md has one row for each theme");
    for ((_, row), told) in rows.iter().zip(told) {
        let [_, _, _, besides, met, _] = told.split('|').map(str::trim).collect::<Vec<_>>()[..] else {
            panic!("{told}")
        };
        let claim = claim_of(row);
        let extras = claim.extras.iter().map(|extra| &extra.field);
        for key in extras.chain(claim.field.iter().filter_map(|field| field.alt.as_ref())) {
            assert!(besides.contains(&format!("`{key}`")), "{key}: {told}");
        }
        let on_page = matches!(claim.visibility, Visibility::Page | Visibility::Nowhere);
        assert_eq!(met.starts_with("page") && !met.contains("previews"), on_page, "{told}");
    }
}

fn claim_of(row: &Row) -> Claim {
    row.claim(|_| false)
}

/// The beginning of the row on the page: what is written and where, as inputs.
fn two_lines((generator, row): &(&dyn Generator, &Row)) -> String {
    let root = tree(&[]);
    let Claim { field, place, embed, .. } = claim_of(row);
    let place = place.unwrap_or_else(|| generator.defaults(&SiteFolder::new(root.path(), "")).place);
    let first = match (field, embed) {
        (Some(field), _) => format!("image-field: {}", field.path),
        (None, Some(Embed::Obsidian)) => "embed: obsidian".to_owned(),
        (None, _) => "embed: markdown".to_owned(),
    };
    // YAML would take the brace for a mapping.
    let dir = if place.dir.starts_with('{') { format!("\"{}\"", place.dir) } else { place.dir };
    format!("| {} | `{first}`<br>`image-dir: {dir}`", row.name)
}
