//! Posts in several languages: one picture is made and paid for, and every language shows it.

use super::{dated, ran, ran_with};

#[test]
fn translations_of_one_bundle_share_one_picture() {
    let post = "+++\ntitle = \"A\"\ndate = 2025-01-01\n+++\nT\n";
    let site = ran(&[
        ("config.toml", "base_url='/'\n"),
        ("content/a/index.md", post),
        ("content/a/index.fr.md", post),
        ("content/a/index.de.md", post),
    ]);
    let posts = ["content/a/index.de.md", "content/a/index.fr.md", "content/a/index.md"];
    site.made(&["content/a/a.jpg"], &posts);
    for path in posts {
        assert!(site.text(path).contains("image = \"a.jpg\""), "{path}: {}", site.text(path));
    }
    site.says("content/a/index.de.md (it shares the picture of its translation `content/a/index.md`)");
}

#[test]
fn translations_in_folders_of_their_languages_share_the_file_of_a_static_folder() {
    let post = dated("A", "");
    let site = ran(&[
        (
            "hugo.toml",
            "[languages.en]\ncontentDir = 'content/english'\n[languages.de]\ncontentDir = 'content/deutsch'\n",
        ),
        ("content/deutsch/posts/a.md", &post),
        ("content/english/posts/a.md", &post),
    ]);
    site.made(&["static/images/a.jpg"], &["content/deutsch/posts/a.md", "content/english/posts/a.md"]);
    let docusaurus = ran(&[
        ("docusaurus.config.js", ""),
        ("blog/a.md", &post),
        ("i18n/fr/docusaurus-plugin-content-blog/a.md", &post),
    ]);
    docusaurus.made(&["static/img/a.jpg"], &["blog/a.md", "i18n/fr/docusaurus-plugin-content-blog/a.md"]);
    let astro = ran(&[
        ("astro.config.mjs", "export default { i18n: { locales: ['en', 'de'] } }\n"),
        ("src/content/blog/a.md", &post),
        ("src/content/blog/de/a.md", &post),
    ]);
    astro.made(&["public/images/a.jpg"], &["src/content/blog/a.md", "src/content/blog/de/a.md"]);
}

#[test]
fn bundles_of_each_language_get_a_copy_each_of_the_one_picture() {
    let post = dated("A", "");
    let site = ran(&[
        ("hugo.toml", ""),
        ("content/de/posts/a/index.md", &post),
        ("content/en/posts/a/index.md", &post),
    ]);
    let pictures = ["content/de/posts/a/a.jpg", "content/en/posts/a/a.jpg"];
    site.made(&pictures, &["content/de/posts/a/index.md", "content/en/posts/a/index.md"]);
    let [german, english] = pictures.map(|path| std::fs::read(site.folder.path().join(path)).unwrap());
    assert_eq!(german, english);
    site.says(
        "a bundle of each language keeps its own files, so it has a copy of the picture of its translation",
    );
}

#[test]
fn a_translation_takes_the_picture_that_its_sister_has() {
    let (post, with) = (dated("A", ""), dated("A", "images: [boat.png]\n"));
    let bundle = ran(&[
        ("hugo.toml", ""),
        ("content/posts/a/boat.png", "PIXEL"),
        ("content/posts/a/index.md", &with),
        ("content/posts/a/index.de.md", &post),
    ]);
    bundle.made(&[], &["content/posts/a/index.de.md"]);
    assert!(bundle.text("content/posts/a/index.de.md").contains("boat.png"));
    bundle.says("it shares the picture of its translation `content/posts/a/index.md`");
    let apart = ran(&[
        ("hugo.toml", ""),
        ("content/en/posts/a/boat.png", "PIXEL"),
        ("content/en/posts/a/index.md", &with),
        ("content/de/posts/a/index.md", &post),
    ]);
    apart.made(&["content/de/posts/a/boat.png"], &["content/de/posts/a/index.md"]);
    let dry = ran_with(
        &[
            ("hugo.toml", ""),
            ("content/posts/a/boat.png", "PIXEL"),
            ("content/posts/a/index.md", &with),
            ("content/posts/a/index.de.md", &post),
        ],
        |action| action.args(&["--dry-run"]),
    );
    dry.made(&[], &[]);
    dry.says("1 post would get a hero image");
}

#[test]
fn a_translation_that_asks_for_a_picture_of_its_own_gets_it_beside_the_shared_one() {
    let with = dated("A", "images: [/images/a.jpg]\n");
    let site = ran(&[
        ("hugo.toml", ""),
        ("static/images/a.jpg", "PIXEL"),
        ("content/posts/a.md", &with),
        ("content/posts/a.de.md", &dated("A", "regenerate_image: true\n")),
    ]);
    site.made(&["static/images/a-2.jpg"], &["content/posts/a.de.md"]);
}
