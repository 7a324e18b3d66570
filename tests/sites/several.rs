//! Several sites in one repository, and sites in its folders: each post goes the way of the configuration that is
//! nearest above it.

use super::{dated, ran, ran_with};

const LIST: &str = ".github/image-fallback.yml";

#[test]
fn every_site_of_a_repository_is_served_in_its_own_way() {
    let post = dated("A", "");
    let site = ran(&[
        ("mkdocs.yml", "site_name: x\n"),
        ("package.json", "{\"workspaces\":[\"apps/*\"]}"),
        ("website/docusaurus.config.js", ""),
        ("website/blog/a.md", &post),
        ("apps/web/astro.config.mjs", ""),
        ("apps/web/src/content/blog/b.md", &post),
        ("apps/web/node_modules/theme/astro.config.mjs", ""),
        ("apps/web/node_modules/theme/src/content/blog/c.md", &post),
    ]);
    site.made(
        &["apps/web/public/images/b.jpg", "website/static/img/a.jpg"],
        &["apps/web/src/content/blog/b.md", "website/blog/a.md"],
    );
    site.says("Site `docusaurus` in `website`:");
    site.says("Site `astro` in `apps/web`:");
    site.says("Not served: site `mkdocs` in the root, because its configuration makes no blog");
    site.says("Site `astro` in `apps/web`: it is not known whether this site shows `heroImage`");
    assert!(site.text("apps/web/src/content/blog/b.md").contains("heroImage: /images/b.jpg\n"));
}

#[test]
fn posts_that_are_named_go_the_way_of_the_site_above_them() {
    let post = dated("A", "");
    let files = [
        ("package.json", "{\"workspaces\":[\"apps/*\"]}"),
        ("apps/web/package.json", "{\"dependencies\":{\"astro\":\"5\"}}"),
        ("apps/web/astro.config.mjs", ""),
        ("apps/web/src/content/blog/a.md", post.as_str()),
        ("docs/hugo.toml", ""),
        ("docs/content/b.md", post.as_str()),
    ];
    let site = ran_with(&files, |action| action.input("posts", "apps/web/src/content/blog/**"));
    site.made(&["apps/web/public/images/a.jpg"], &["apps/web/src/content/blog/a.md"]);
    let both = ran_with(&files, |action| action.input("posts", "**/*.md"));
    both.made(
        &["apps/web/public/images/a.jpg", "docs/static/images/b.jpg"],
        &["apps/web/src/content/blog/a.md", "docs/content/b.md"],
    );
}

#[test]
fn a_site_within_another_has_its_own_posts() {
    let post = dated("A", "");
    let site = ran(&[
        (".obsidian/app.json", "{}"),
        ("Note.md", "# Note\n\nText.\n"),
        ("blog/hugo.toml", ""),
        ("blog/content/posts/a.md", &post),
    ]);
    site.made(&["attachments/note.jpg", "blog/static/images/a.jpg"], &["Note.md", "blog/content/posts/a.md"]);
}

#[test]
fn documentation_below_the_blog_is_named_and_not_served() {
    let post = dated("A", "");
    let files = [
        ("hugo.toml", ""),
        ("content/posts/a.md", post.as_str()),
        ("docs/docusaurus.config.js", ""),
        ("docs/blog/b.md", post.as_str()),
    ];
    let site = ran(&files);
    site.made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    site.says(
        "Not served: site `docusaurus` in `docs`, because it is documentation below the site of the blog",
    );
    let docs = ran_with(&files, |action| action.input("root", "docs"));
    docs.made(&["docs/static/img/b.jpg"], &["docs/blog/b.md"]);
}

#[test]
fn an_input_that_can_speak_of_one_site_only_names_them_all() {
    let post = dated("A", "");
    let files = [
        ("website/docusaurus.config.js", ""),
        ("website/blog/a.md", post.as_str()),
        ("apps/web/astro.config.mjs", ""),
        ("apps/web/src/content/blog/b.md", post.as_str()),
    ];
    let refused = ran_with(&files, |action| action.input("image-field", "cover"));
    assert_eq!((refused.run.code, refused.new.len()), (Some(2), 0), "{}", refused.run.log);
    for words in ["docusaurus in `website`", "astro in `apps/web`", "`root`", "`posts`", "`sites`"] {
        refused.says(words);
    }
    let of_one = |action: crate::support::action::Action| {
        action.input("image-field", "cover").input("image-dir", "public/covers").input("root", "apps/web")
    };
    let one = ran_with(&files, of_one);
    one.made(&["apps/web/public/covers/b.jpg"], &["apps/web/src/content/blog/b.md"]);
    assert!(one.text("apps/web/src/content/blog/b.md").contains("cover: /covers/b.jpg\n"));
    let astro = ran_with(&files, |action| action.input("site", "astro"));
    astro.made(&["apps/web/public/images/b.jpg"], &["apps/web/src/content/blog/b.md"]);
    astro.says("Not served: site `docusaurus` in `website`");
}

#[test]
fn the_list_of_the_settings_file_gives_each_site_its_own_settings() {
    let post = dated("A", "");
    let list = "metadata: none\nsites:\n  - root: website\n    image-dir: static/covers\n  - root: docs/../notes\n    site: generic\n    posts: '*.md'\n    image-field: cover\n    image-dir: pictures\n";
    let files = [
        (LIST, list),
        ("website/docusaurus.config.js", ""),
        ("website/blog/a.md", post.as_str()),
        ("notes/b.md", post.as_str()),
        ("notes/deeper/c.md", post.as_str()),
        ("apps/web/astro.config.mjs", ""),
        ("apps/web/src/content/blog/d.md", post.as_str()),
    ];
    let site = ran(&files);
    site.made(&["notes/pictures/b.jpg", "website/static/covers/a.jpg"], &["notes/b.md", "website/blog/a.md"]);
    assert!(site.text("notes/b.md").contains("cover: /pictures/b.jpg\n"));
    assert!(site.text("website/blog/a.md").contains("image: /covers/a.jpg\n"));
    site.says("Not served: site `astro` in `apps/web`, because the list `sites` does not hold it");
}

#[test]
fn everything_that_is_wrong_in_the_list_of_sites_is_told_at_once() {
    let list = "sites:\n  - root: nowhere\n    image-filed: x\n  - image-dir: x\n  - root: posts\n    site: hogo\n    image-dir: '{x}'\n    embed: yes please\n  - root: posts/\n";
    let site = ran(&[(LIST, list), ("posts/a.md", "---\ntitle: A\n---\n")]);
    assert_eq!((site.run.code, site.new.len()), (Some(2), 0), "{}", site.run.log);
    for words in [
        "item 1 of `sites`: `image-filed` is unknown; did you mean `image-field`?",
        "item 1 of `sites`: `root: nowhere` is not a folder of the repository",
        "item 2 of `sites`: it has no `root`",
        "`site` of the site in `posts`: `hogo` is wrong",
        "`embed` of the site in `posts`: `yes please` is wrong",
        "`sites` lists the folder `posts` twice",
    ] {
        let all = format!("{}{}", site.run.log, site.run.stderr);
        assert!(all.contains(words), "{words}: {all}");
    }
    let list = "sites:\n  - root: posts\n    image-dir: '{x}'\n";
    let site = ran(&[(LIST, list), ("posts/a.md", "---\ntitle: A\n---\n")]);
    let all = format!("{}{}", site.run.log, site.run.stderr);
    assert!(all.contains("`image-dir` of the site in `posts`: "), "{all}");
}

#[test]
fn a_folder_that_two_generators_know_for_theirs_is_named_with_the_cure() {
    let post = dated("A", "");
    let files = [
        ("web/hugo.toml", ""),
        ("web/astro.config.mjs", ""),
        ("web/content/posts/a.md", post.as_str()),
        ("web/src/content/blog/b.md", post.as_str()),
    ];
    let first = ran(&files);
    first.made(&["web/public/images/b.jpg"], &["web/src/content/blog/b.md"]);
    let notices = first.run.report()["notices"].to_string();
    let right = "web has the configuration of `astro` and of `hugo` and is taken for a site of `astro`; the input \
                 `site` says which one builds the blog, as in `site: hugo`";
    assert!(notices.contains(right), "{notices}");
    let cured = ran_with(&files, |action| action.input("site", "hugo"));
    cured.made(&["web/static/images/a.jpg"], &["web/content/posts/a.md"]);
    assert!(!cured.run.report()["notices"].to_string().contains("is taken for"), "{}", cured.run.log);
}
