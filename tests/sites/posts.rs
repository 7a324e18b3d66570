//! What is a post and is due, and what is left out and counted.

use super::{dated, ran, ran_with};

#[test]
fn an_index_whose_folder_holds_no_other_post_is_a_post() {
    let post = dated("A", "");
    let site = ran(&[
        (".eleventy.js", ""),
        ("src/posts/index.md", &post),
        ("src/posts/one/index.md", &post),
        ("src/posts/two/index.md", &post),
    ]);
    site.made(
        &["public/img/one.jpg", "public/img/two.jpg"],
        &["src/posts/one/index.md", "src/posts/two/index.md"],
    );
}

#[test]
fn quartz_publishes_its_content_and_nothing_else() {
    let site = ran(&[
        ("quartz.config.ts", ""),
        ("quartz/x.ts", ""),
        ("CODE_OF_CONDUCT.md", "Be kind.\n"),
        ("docs/a.md", "---\ntitle: Install\n---\nText.\n"),
        ("content/n.md", "---\ntitle: Note\n---\nText.\n"),
    ]);
    site.made(&["content/attachments/n.jpg"], &["content/n.md"]);
}

#[test]
fn undated_pages_outside_of_dated_sections_are_left_out_and_counted() {
    let post = dated("A", "");
    let site = ran(&[
        ("hugo.toml", ""),
        ("content/blog/a.md", &post),
        ("content/docs/install.md", "---\ntitle: Install\nweight: 10\n---\nText.\n"),
        ("content/privacy.md", "---\ntitle: Privacy\n---\nText.\n"),
    ]);
    site.made(&["static/images/a.jpg"], &["content/blog/a.md"]);
    site.says("left alone: 2 (it is a page");
    let generic = ran(&[
        ("pom.xml", "<project/>"),
        ("content/about.md", "---\ntitle: About\n---\nText.\n"),
        ("content/posts/2025-01-01-p.adoc", "= P\n"),
    ]);
    generic.made(&[], &[]);
    generic.says("Left out, because only Markdown is read: 1, such as `content/posts/2025-01-01-p.adoc`");
}

#[test]
fn a_site_of_posts_in_another_format_is_told_so() {
    let site =
        ran(&[("_config.yml", "title: x\n"), ("_posts/2025-01-01-a.html", "---\ntitle: A\n---\n<p>T</p>\n")]);
    assert_eq!(site.run.code, Some(2));
    site.says("files in formats that are not read, such as `_posts/2025-01-01-a.html`");
}

#[test]
fn the_configuration_of_jekyll_says_where_posts_are() {
    let (post, old) = ("---\ntitle: A\n---\nText.\n", "docs/_posts/2010-01-01-s.md");
    let excluded = ran(&[
        ("_config.yml", "title: x\nexclude:\n  - /docs\n"),
        ("_posts/2025-01-01-a.md", post),
        (old, post),
    ]);
    excluded.made(&["assets/images/2025-01-01-a.jpg"], &["_posts/2025-01-01-a.md"]);
    let above = ran(&[
        ("_config.yml", "title: x\nexclude: [docs]\n"),
        ("Gemfile", "gemspec\n"),
        ("tools/_posts/2025-01-01-a.md", post),
        ("docs/_config.yml", "title: y\n"),
        ("docs/Gemfile", "gem 'jekyll'\n"),
        (old, post),
    ]);
    above.made(&["assets/images/2025-01-01-a.jpg"], &["tools/_posts/2025-01-01-a.md"]);
    let source = ran(&[
        ("_config.yml", "title: x\nsource: src\n"),
        ("Gemfile", "gem 'jekyll'\n"),
        ("src/_posts/2025-01-01-a.md", post),
    ]);
    source.made(&["src/assets/images/2025-01-01-a.jpg"], &["src/_posts/2025-01-01-a.md"]);
    assert!(source.text("src/_posts/2025-01-01-a.md").contains("image: /assets/images/"));
}

#[test]
fn drafts_and_future_posts_wait_in_whatever_letter_case_they_say_so() {
    let hugo = ran(&[
        ("hugo.toml", ""),
        ("content/p/f.md", "---\nTitle: F\nDate: 2099-01-01\n---\nText.\n"),
        ("content/p/d.md", "---\nTitle: D\nDraft: true\n---\nText.\n"),
    ]);
    hugo.made(&[], &[]);
    let draft = "---\nTitle: Draft\nStatus: draft\n---\n# Draft\n\nText.\n";
    let pelican = ran(&[("pelicanconf.py", "SITENAME='x'\n"), ("content/d.md", draft)]);
    pelican.made(&[], &[]);
}

#[test]
fn a_post_is_of_the_future_by_the_clock_of_its_site() {
    // Kiritimati is fourteen hours ahead, so that its today is over half of everybody's tomorrow.
    let today = image_fallback::clock::now()
        .in_tz("Pacific/Kiritimati")
        .unwrap()
        .strftime("%Y-%m-%dT%H:%M:%S")
        .to_string();
    let post = format!("---\ntitle: A\ndate: {today}\n---\nText.\n");
    let site = |config: &str| ran(&[("hugo.toml", config), ("content/posts/a.md", &post)]);
    site("timeZone = 'Pacific/Kiritimati'\n").made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    site("").made(&[], &[]);
}

#[test]
fn what_the_generator_builds_whatever_its_date_is_due() {
    let yaml = "---\ntitle: A\ndate: 2099-01-01\n---\n\n# A\n\nText.\n";
    let toml = "+++\ntitle = \"A\"\ndate = 2099-01-01\n+++\nText.\n";
    let blog = "theme:\n  name: material\nplugins:\n  - blog";
    let waits_with_blog = format!("{blog}:\n      draft_if_future_date: true\n");
    for (config, text, post, front, is_due) in [
        ("config.toml", "base_url = '/'\n", "content/blog/a.md", toml, true),
        ("docusaurus.config.js", "", "blog/a.md", yaml, true),
        ("mkdocs.yml", blog, "docs/blog/posts/a.md", yaml, true),
        ("mkdocs.yml", &waits_with_blog, "docs/blog/posts/a.md", yaml, false),
        ("pelicanconf.py", "PATH = 'content'\n", "content/a.md", yaml, true),
        ("pelicanconf.py", "WITH_FUTURE_DATES = False\n", "content/a.md", yaml, false),
        ("conf.py", "BLOG_TITLE = 'x'\n", "posts/a.md", yaml, false),
        ("conf.py", "BLOG_TITLE = 'x'\nFUTURE_IS_NOW = True\n", "posts/a.md", yaml, true),
        ("hugo.toml", "", "content/posts/a.md", yaml, false),
        ("hugo.toml", "buildFuture = true\n", "content/posts/a.md", yaml, true),
    ] {
        let site = ran(&[(config, text), (post, front)]);
        assert_eq!(site.changed == [post], is_due, "{config} {text}: {}", site.run.log);
    }
    let draft = "---\ntitle: A\ndate: 2025-01-01\ndraft: true\nexpiryDate: 2025-02-01\n---\nText.\n";
    for (config, is_due) in
        [("buildDrafts = true\nbuildExpired = true\n", true), ("buildDrafts = true\n", false), ("", false)]
    {
        let site = ran(&[("hugo.toml", config), ("content/posts/a.md", draft)]);
        assert_eq!(!site.changed.is_empty(), is_due, "{config}: {}", site.run.log);
    }
}

#[test]
fn posts_and_pictures_lie_where_the_configuration_puts_them() {
    let post = dated("A", "");
    let copies = "c.addPassthroughCopy('app/img')";
    let nested = format!("module.exports = c => {{ {copies}; return {{ dir: {{ input: 'app' }} }} }}");
    let called = format!("export default c => {{ c.setInputDirectory('app'); {copies} }}");
    let mounts = "[[module.mounts]]\nsource = 'words'\ntarget = 'content/posts'\n[[module.mounts]]\nsource = 'files'\ntarget = 'static'\n";
    let hexo = ("package.json", "{\"hexo\": {}}");
    for (files, new, changed) in [
        (vec![(".eleventy.js", nested.as_str()), ("app/blog/a.md", &post)], "app/img/a.jpg", "app/blog/a.md"),
        (
            vec![
                ("eleventy.config.mjs", called.as_str()),
                ("app/words/words.11tydata.json", "{\"tags\": [\"posts\"]}"),
                ("app/words/a.md", &post),
                ("app/about.md", &post),
            ],
            "app/img/a.jpg",
            "app/words/a.md",
        ),
        (
            vec![
                (
                    "pelicanconf.py",
                    "PATH = 'src'\nARTICLE_PATHS = ['words']\nSTATIC_PATHS = ['extra', 'pics']\n",
                ),
                ("src/words/a.md", &post),
                ("src/notes/b.md", &post),
            ],
            "src/pics/a.jpg",
            "src/words/a.md",
        ),
        (
            vec![("_config.yml", "source_dir: src\n"), hexo, ("src/_posts/a.md", &post)],
            "src/images/a.jpg",
            "src/_posts/a.md",
        ),
        (
            vec![("hugo.toml", mounts), ("words/a.md", &post), ("files/x.txt", ""), ("content/b.md", &post)],
            "files/images/a.jpg",
            "words/a.md",
        ),
        (
            vec![
                ("hugo.yaml", "staticDir: [shared, files]\ntheme: PaperMod\n"),
                ("files/x.txt", ""),
                ("content/posts/a.md", &post),
            ],
            "files/images/a.jpg",
            "content/posts/a.md",
        ),
        (
            vec![("next.config.js", ""), ("pages/blog/a.mdx", &post), ("pages/index.mdx", &post)],
            "public/static/images/a.jpg",
            "pages/blog/a.mdx",
        ),
    ] {
        ran(&files).made(&[new], &[changed]);
    }
    let missing = dated("A", "images: [/images/a.png]\n");
    let hugo = ran(&[
        ("hugo.toml", "staticDir = 'files'\n"),
        ("files/images/a.png", "PIXEL"),
        ("content/posts/a.md", &missing),
    ]);
    hugo.made(&[], &[]);
}

#[test]
fn pages_beside_posts_are_known_where_the_folders_have_several_names() {
    let post = dated("A", "");
    let about = "---\ntitle: Me\n---\nText.\n";
    let files =
        [("gatsby-config.js", ""), ("content/blog/a/index.md", &post), ("content/authors/me.md", about)];
    ran(&files).made(&["content/blog/a/a.jpg"], &["content/blog/a/index.md"]);
}

#[test]
fn markdown_that_lies_elsewhere_is_named_where_there_is_no_post() {
    let post = dated("A", "");
    let site = ran(&[("svelte.config.js", ""), ("src/posts/a.md", &post), ("src/posts/b.md", &post)]);
    assert_eq!(site.run.code, Some(2));
    site.says("`src/posts` holds 2 Markdown files: if they are posts, name them in the input `posts`, for example `posts: src/posts/**`");
    let collection = [("_config.yml", ""), ("Gemfile", "gem 'jekyll'"), ("_articles/a.md", &post)];
    ran_with(&collection, |action| action.input("posts", "_articles/**"))
        .made(&["assets/images/a.jpg"], &["_articles/a.md"]);
}

#[test]
fn notes_that_are_not_published_are_left_out() {
    let (published, other) = ("---\npublish: true\n---\nText.\n", "Text.\n");
    let vault = (".obsidian/app.json", "{}");
    let by_property = ran(&[vault, ("A.md", published), ("B.md", other)]);
    by_property.made(&["attachments/a.jpg"], &["A.md"]);
    by_property.says("left alone: 1 (it is not marked as published (`publish`), as notes have to be here)");
    ran(&[vault, ("Blog/A.md", other), ("B.md", other)]).made(&["attachments/a.jpg"], &["Blog/A.md"]);
    let explicit = ("quartz.config.ts", "filters: [Plugin.ExplicitPublish()]");
    ran(&[explicit, ("content/a.md", published), ("content/b.md", other)])
        .made(&["content/attachments/a.jpg"], &["content/a.md"]);
    let names = ["A.md", "B.md", "C.md", "D.md", "E.md"].map(|name| (name, other));
    let every_note = ran(&[&[vault], &names[..]].concat());
    every_note.says("nothing in the vault says which notes are published, so every note counts as a post; name them in `posts`");
    let few = ran(&[vault, ("A.md", other)]);
    assert!(!few.run.log.contains("nothing in the vault"), "{}", few.run.log);
}

#[test]
fn what_is_left_out_adds_up_to_all_that_was_seen() {
    let post = dated("A", "");
    let site = ran(&[
        ("hugo.toml", ""),
        ("content/_index.md", &post),
        ("content/posts/_index.md", &post),
        ("content/posts/README.md", "# Words\n"),
        ("content/posts/a.md", &post),
        ("content/posts/b/index.md", &post),
        ("content/posts/b/notes.md", "# Notes\n"),
    ]);
    site.says("Markdown files seen: 6, of them posts: 2");
    site.says("Left out as resources of a bundle, whose post is its `index`: 1");
    site.says(
        "Left out as list pages, `README` and the like: 3, `content/_index.md`, `content/posts/README.md`",
    );
    let jekyll = ran(&[
        ("_config.yml", "exclude: [old]\n"),
        ("_posts/2025-01-01-a.md", &post),
        ("old/_posts/2020-01-01-b.md", &post),
        ("about.md", "---\ntitle: About\n---\n"),
    ]);
    jekyll.says("Markdown files seen: 3, of them posts: 1");
    jekyll.says("excludes them: 1, `old/_posts/2020-01-01-b.md`");
    jekyll.says("Left out because no posts are kept there: 1, `about.md`");
    for (run, kinds) in [(&site.run, ["resource 1", "name 3"]), (&jekyll.run, ["excluded 1", "place 1"])] {
        let files = &run.report()["files"];
        let left_out = files["left_out"].as_array().unwrap();
        let told =
            left_out.iter().map(|kind| format!("{} {}", kind["reason"].as_str().unwrap(), kind["count"]));
        assert_eq!(told.collect::<Vec<_>>(), kinds);
        let all: u64 = left_out.iter().map(|kind| kind["count"].as_u64().unwrap()).sum();
        assert_eq!(files["seen"].as_u64(), Some(files["posts"].as_u64().unwrap() + all));
        assert_eq!(
            left_out[1]["paths"].as_array().unwrap().len() as u64,
            left_out[1]["count"].as_u64().unwrap()
        );
    }
}
