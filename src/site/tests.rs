use std::fs;

use tempfile::TempDir;

use rayon::prelude::*;

use super::*;
use crate::post::Unreadable;

mod below;
mod cascade;
mod evidence;
mod fields;
mod named;
mod shown;

/// A temporary tree of files.
pub(in crate::site) fn tree(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

/// What there was to be read, read.
pub(in crate::site) struct Looked {
    pub posts: Vec<FoundPost>,
    pub unreadable: Vec<(String, Unreadable)>,
    pub links: Vec<String>,
}

pub(in crate::site) fn site(root: &TempDir, options: Options) -> (Site, Looked) {
    let (sites, Discovery { mut unreadable, links, .. }) = Sites::open(root.path(), &options.into()).unwrap();
    let site = sites.into_main();
    let mut looked = Looked { posts: Vec::new(), unreadable: Vec::new(), links };
    for (path, found) in site.look_at_all().collect::<Vec<_>>() {
        match found {
            Ok(found) => looked.posts.push(found),
            Err(reason) => unreadable.push((path.to_owned(), reason)),
        }
    }
    unreadable.sort_by(|a, b| a.0.cmp(&b.0));
    looked.unreadable = unreadable;
    (site, looked)
}

fn no_posts(root: &TempDir, options: Options) -> String {
    match Sites::open(root.path(), &options.into()).unwrap_err() {
        NoSite::NoPosts(nothing) => nothing[0].to_string(),
        other => panic!("{other:?}"),
    }
}

fn paths(found: &Looked) -> Vec<&str> {
    found.posts.iter().map(|found| found.post.path()).collect()
}

fn hero<'a>(found: &'a Looked, path: &str) -> &'a Hero {
    &found.posts.iter().find(|found| found.post.path() == path).unwrap().hero
}

fn alt(site: &Site) -> Option<&str> {
    site.conventions.field.as_ref()?.alt.as_deref()
}

fn list(site: &Site) -> bool {
    site.conventions.field.as_ref().is_some_and(|field| field.list)
}

const POST: &str = "---\ntitle: A\n---\nBody\n";

#[test]
fn an_unrecognised_site_takes_the_usual_folders() {
    let root = tree(&[
        ("posts/b.md", POST),
        ("blog/a.mdx", POST),
        ("content/x/c.markdown", POST),
        ("src/d.md", POST),
    ]);
    let (site, found) = site(&root, Options::default());
    assert_eq!(site.name(), "generic");
    assert_eq!(paths(&found), ["blog/a.mdx", "content/x/c.markdown", "posts/b.md"]);
}

#[test]
fn what_is_not_a_post_is_left_out() {
    let root = tree(&[
        ("posts/a.md", POST),
        ("posts/README.md", POST),
        ("posts/index.md", POST),
        ("posts/_index.md", POST),
        ("posts/.trash/b.md", POST),
        ("posts/node_modules/c.md", POST),
        ("posts/_drafts/d.md", POST),
        ("posts/e.txt", POST),
    ]);
    assert_eq!(paths(&site(&root, Options::default()).1), ["posts/a.md"]);
}

#[test]
fn only_the_top_of_the_site_has_vendored_folders() {
    let posts = vec!["**/*.md".to_owned()];
    let root = tree(&[("themes/t/a.md", POST), ("Templates/a.md", POST), ("posts/themes/b.md", POST)]);
    assert_eq!(paths(&site(&root, Options { posts, ..Options::default() }).1), ["posts/themes/b.md"]);
}

#[test]
fn hugo_leaf_bundles_are_posts_and_their_files_are_not() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/posts/_index.md", POST),
        ("content/posts/b/index.md", POST),
        ("content/posts/b/notes.md", POST),
        ("content/posts/b/sub/more.md", POST),
        ("content/posts/c.md", POST),
        ("content/index.md", POST),
    ]);
    let (site, found) = site(&root, Options::default());
    assert_eq!(paths(&found), ["content/posts/b/index.md", "content/posts/c.md"]);
    let target = |at: usize| site.target(&found.posts[at].post);
    assert_eq!((target(0).file(), target(0).value()), ("content/posts/b/b.jpg".into(), "b.jpg".into()));
    assert_eq!((target(1).file(), target(1).value()), ("static/images/c.jpg".into(), "/images/c.jpg".into()));
}

// B-51
#[test]
fn nothing_found_at_all_names_the_globs_and_the_cure() {
    let root = tree(&[("readme.md", POST)]);
    let posts = vec!["contnet/**".to_owned()];
    let text = no_posts(&root, Options { posts, ..Options::default() });
    assert!(
        text.contains("nothing matches `contnet/**`") && text.contains("`posts: content/blog/**`"),
        "{text}"
    );
}

#[test]
fn a_bundle_that_is_named_is_a_post_and_a_list_of_posts_is_not() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/index.md", POST),
        ("content/posts/index.md", POST),
        ("content/posts/first/index.md", POST),
        ("content/posts/first/index.fr.md", POST),
        ("content/posts/first/notes.md", "Notes\n"),
        ("content/posts/second.md", POST),
    ]);
    let named = |glob: &str| Options { posts: vec![glob.to_owned()], ..Options::default() };
    let first = ["content/posts/first/index.fr.md", "content/posts/first/index.md"];
    for end in ["", "/", "/*", "/**", "/**/*.md"] {
        assert_eq!(paths(&site(&root, named(&format!("content/posts/first{end}"))).1), first, "{end:?}");
    }
    let all = [&first[..], &["content/posts/second.md"]].concat();
    assert_eq!(paths(&site(&root, named("content/posts/**")).1), all);
    let error = no_posts(&root, named("content/*"));
    assert!(error.contains("`content/*` matches only list pages such as `content/index.md`"), "{error}");
    assert!(error.ends_with("name the file itself: `posts: content/index.md`"), "{error}");
    assert_eq!(paths(&site(&root, named("content/index.md")).1), ["content/index.md"]);
}

#[test]
fn one_missing_folder_of_several_is_no_trouble() {
    let root = tree(&[("posts/a.md", POST)]);
    let posts = vec!["posts/**".to_owned(), "articles/**".to_owned()];
    assert_eq!(paths(&site(&root, Options { posts, ..Options::default() }).1), ["posts/a.md"]);
}

#[test]
fn a_folder_a_broken_file_and_a_huge_one_are_reported_not_fatal() {
    let root =
        tree(&[("posts/a.md", POST), ("posts/dir.md/x.txt", ""), ("posts/open.md", "---\ntitle: A\n")]);
    fs::write(root.path().join("posts/latin.md"), b"---\ntitle: \xe9\n---\n").unwrap();
    fs::write(root.path().join("posts/huge.md"), vec![b'a'; crate::post::LARGEST + 1]).unwrap();
    let (_, found) = site(&root, Options::default());
    let names: Vec<_> = found.unreadable.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(names, ["posts/dir.md", "posts/huge.md", "posts/latin.md", "posts/open.md"]);
    assert_eq!(found.unreadable[0].1, Unreadable::Folder);
    assert_eq!(found.unreadable[1].1, Unreadable::TooLarge);
    assert_eq!(found.unreadable[2].1, Unreadable::NotUtf8 { at: 11 });
    assert_eq!(paths(&found), ["posts/a.md"]);
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_root_is_refused_and_one_within_is_passed_over() {
    use std::os::unix::fs::symlink;
    let elsewhere = tree(&[("secret.md", POST), ("more/c.md", POST)]);
    let root = tree(&[("posts/a.md", POST)]);
    symlink(elsewhere.path().join("secret.md"), root.path().join("posts/out.md")).unwrap();
    symlink(root.path().join("posts/a.md"), root.path().join("posts/in.md")).unwrap();
    symlink(elsewhere.path().join("more"), root.path().join("posts/more")).unwrap();
    symlink(elsewhere.path(), root.path().join("content")).unwrap();
    let (_, found) = site(&root, Options::default());
    assert_eq!(found.unreadable, [("posts/out.md".to_owned(), Unreadable::LinkOutside)]);
    assert_eq!(found.links, ["posts/in.md"]);
    assert_eq!(paths(&found), ["posts/a.md"]);
    let posts = vec!["posts/out.md".to_owned(), "posts/more/c.md".to_owned()];
    let (_, found) = site(&root, Options { posts, ..Options::default() });
    let reasons: Vec<_> = found.unreadable.iter().map(|(_, reason)| reason).collect();
    assert_eq!(reasons, [&Unreadable::LinkOutside; 2]);
}

#[test]
fn a_hero_is_what_names_an_existing_image() {
    let root = tree(&[
        ("static/images/a.png", ""),
        ("public/b.webp", ""),
        ("posts/c.JPG", ""),
        ("media/d.avif", ""),
        ("static/my pic.png", ""),
        ("static/notes.txt", ""),
        ("posts/a.md", "---\ntitle: A\nimage: /images/a.png\n---\n"),
        ("posts/b.md", "---\ntitle: A\nimage: /b.webp?v=2\n---\n"),
        ("posts/c.md", "---\ntitle: A\nimage: ./c.JPG\n---\n"),
        ("posts/d.md", "---\ntitle: A\nimage: media/d.avif\n---\n"),
        ("posts/e.md", "---\ntitle: A\nimage: /my%20pic.png\n---\n"),
        ("posts/f.md", "---\ntitle: A\nimage:\n  path: /images/a.png\n---\n"),
        ("posts/g.md", "---\ntitle: A\nimage: [/images/a.png]\n---\n"),
        ("posts/h.md", "---\ntitle: A\nimage: ../media/d.avif\n---\n"),
        ("posts/i.md", "---\ntitle: A\nimage: /notes.txt\n---\n"),
    ]);
    let (_, found) = site(&root, Options { image_field: Some("image".into()), ..Options::default() });
    for (post, file) in [
        ("a", "static/images/a.png"),
        ("b", "public/b.webp"),
        ("c", "posts/c.JPG"),
        ("d", "media/d.avif"),
        ("e", "static/my pic.png"),
        ("f", "static/images/a.png"),
        ("g", "static/images/a.png"),
        ("h", "media/d.avif"),
    ] {
        assert_eq!(*hero(&found, &format!("posts/{post}.md")), Hero::Present { file: file.into() }, "{post}");
    }
    assert!(matches!(hero(&found, "posts/i.md"), Hero::Unresolved { why: "the file is not an image", .. }));
}

#[test]
fn an_absent_null_or_empty_hero_is_missing() {
    for value in [
        "",
        "\nimage:",
        "\nimage: \"\"",
        "\nimage: []",
        "\nimage: [\"\"]",
        "\nimage: {}",
        "\nimage: {alt: x}",
        "\nimage: {path: \"\"}",
    ] {
        let root = tree(&[("posts/a.md", &format!("---\ntitle: A{value}\n---\n"))]);
        assert_eq!(*hero(&site(&root, Options::default()).1, "posts/a.md"), Hero::Missing, "{value}");
    }
}

#[test]
fn what_cannot_be_resolved_is_unresolved() {
    for value in [
        "https://cdn.example/a.png",
        "//cdn.example/a.png",
        "gone.png",
        "/images/gone.png",
        "cloudinary-id",
        "false",
        "../../../etc/passwd",
        "1",
    ] {
        let root = tree(&[("posts/a.md", &format!("---\ntitle: A\nimage: {value}\n---\n"))]);
        assert!(
            matches!(hero(&site(&root, Options::default()).1, "posts/a.md"), Hero::Unresolved { .. }),
            "{value}"
        );
    }
}

#[test]
fn exactly_the_value_this_preset_writes_is_missing_while_its_file_is() {
    let text = "---\ntitle: A\nimage: /images/a.jpg\n---\n";
    let root = tree(&[
        ("posts/a.md", text),
        ("posts/b.md", text),
        ("posts/c.md", "---\ntitle: A\nimage: /images/c-2.jpg\n---\n"),
    ]);
    let found = site(&root, Options::default()).1;
    assert_eq!(*hero(&found, "posts/a.md"), Hero::Missing);
    assert!(matches!(hero(&found, "posts/b.md"), Hero::Unresolved { .. }));
    assert_eq!(*hero(&found, "posts/c.md"), Hero::Missing);
}

#[test]
fn a_hero_that_comes_in_by_a_merge_key_is_the_hero() {
    for merge in ["*b", "[*b]"] {
        let text = format!("---\nbase: &b\n  image: /assets/own.png\n<<: {merge}\ntitle: A\n---\nText\n");
        let root = tree(&[("_config.yml", ""), ("_posts/2025-01-01-a.md", &text), ("assets/own.png", "x")]);
        let found = site(&root, Options::default()).1;
        let own = Hero::Present { file: "assets/own.png".to_owned() };
        assert_eq!(*hero(&found, "_posts/2025-01-01-a.md"), own);
    }
}

#[test]
fn a_body_image_counts_only_where_the_embed_is_the_hero() {
    let text = "---\ntitle: A\n---\n![[attachments/a.png]]\n\nText\n";
    let moved = "Text\n\n![[d.png]]\n\n> ![[media/n-c.jpg|300]]\n";
    let vault = tree(&[
        (".obsidian/app.json", "{}"),
        ("a.md", text),
        ("b.md", POST),
        ("n/c.md", moved),
        ("n/d.md", moved),
    ]);
    let (obsidian, found) = site(&vault, Options::default());
    assert_eq!((obsidian.field(), obsidian.embed()), (None, Embed::Obsidian));
    assert_eq!((hero(&found, "a.md"), hero(&found, "b.md")), (&Hero::Embedded, &Hero::Missing));
    assert_eq!((hero(&found, "n/c.md"), hero(&found, "n/d.md")), (&Hero::Embedded, &Hero::Missing));
    let plain = tree(&[("posts/a.md", text)]);
    assert_eq!(*hero(&site(&plain, Options::default()).1, "posts/a.md"), Hero::Missing);
}

#[test]
fn two_posts_of_one_name_each_get_a_hash_of_their_path() {
    let root = tree(&[("content/x/n/a.md", POST), ("content/y/n/a.md", POST), ("content/b.md", POST)]);
    let (site, found) = site(&root, Options::default());
    let files: Vec<_> = found.posts.iter().map(|found| site.target(&found.post).file()).collect();
    assert_eq!(files[0], "static/images/b.jpg");
    assert!(
        files[1] != files[2] && files[1..].iter().all(|file| file.starts_with("static/images/n-a-")),
        "{files:?}"
    );
}

#[test]
fn a_picture_of_ours_is_found_wherever_the_user_publishes_it() {
    let options = || Options {
        image_dir: Some("art".into()),
        image_path: Some("/covers/{file}".into()),
        ..Options::default()
    };
    let post = "---\ntitle: A\nimage: /covers/a.jpg\n---\n";
    let there = tree(&[("posts/a.md", post), ("art/a.jpg", "")]);
    let present = Hero::Present { file: "art/a.jpg".into() };
    assert_eq!(*hero(&site(&there, options()).1, "posts/a.md"), present);
    let gone = tree(&[("posts/a.md", post), ("other/a.jpg", "")]);
    assert_eq!(*hero(&site(&gone, options()).1, "posts/a.md"), Hero::Missing);
}

#[test]
fn a_field_that_is_named_stays_the_list_it_is() {
    let root = tree(&[("hugo.toml", ""), ("content/a.md", POST)]);
    let named = |field: &str| Options { image_field: Some(field.into()), ..Options::default() };
    assert!(list(&site(&root, named("images")).0));
    assert!(!list(&site(&root, named("cover.image")).0));
}

#[test]
fn astro_schemas_that_import_images_get_relative_paths() {
    let root = tree(&[
        ("astro.config.mjs", ""),
        (
            "src/content.config.ts",
            "const blog = defineCollection({ schema: ({ image }) => z.object({ title: z.string(), heroImage: image().optional() }) });",
        ),
        ("src/content/blog/a.md", POST),
    ]);
    let (site, found) = site(&root, Options::default());
    let target = site.target(&found.posts[0].post);
    assert_eq!((target.file(), target.value()), ("src/assets/a.jpg".into(), "../../assets/a.jpg".into()));
}

#[test]
fn pictures_go_to_the_folder_as_it_is_spelled_on_disk() {
    for (files, options, file, value) in [
        (["hugo.toml", "static/Images/x.jpg"], Options::default(), "static/Images/a.jpg", "/Images/a.jpg"),
        (
            ["hugo.toml", "Static/heroes/x.jpg"],
            Options { image_dir: Some("static/Heroes".into()), ..Options::default() },
            "Static/heroes/a.jpg",
            "/heroes/a.jpg",
        ),
        (
            ["hugo.toml", "content/posts/Pics/x.jpg"],
            Options { image_dir: Some("{dir}/pics".into()), ..Options::default() },
            "content/posts/Pics/a.jpg",
            "./Pics/a.jpg",
        ),
    ] {
        let root = tree(&[(files[0], ""), (files[1], ""), ("content/posts/a.md", POST)]);
        let (site, found) = site(&root, options);
        let target = site.target(&found.posts[0].post);
        assert_eq!((target.file().as_str(), target.value().as_str()), (file, value));
    }
}

#[test]
fn every_wrong_option_is_named_at_once() {
    let root = tree(&[]);
    let options = Options {
        site: Some("hogo".into()),
        image_dir: Some("../x/{name}".into()),
        image_path: Some("/x/{dir}".into()),
        posts: vec!["[a".into()],
        ..Options::default()
    };
    let refused = Sites::open(root.path(), &options.into()).unwrap_err();
    let NoSite::Problems(problems) = refused else { panic!() };
    let problems: Vec<_> = problems.into_iter().map(|of_site| of_site.problem).collect();
    let text: Vec<_> = problems.iter().map(ToString::to_string).collect();
    let inputs: Vec<_> = problems.iter().map(InvalidOption::input).collect();
    assert_eq!(inputs, ["image-dir", "image-path", "image-dir", "site", "posts"], "{text:#?}");
    assert!(
        text.iter().any(|line| line.starts_with("`hogo` is unknown; choose from auto, zola, hugo, ")),
        "{text:#?}"
    );
    assert!(text.iter().any(|line| line.contains("holds the placeholder `{name}`")), "{text:#?}");
}

#[test]
fn a_post_is_read_again_with_its_text() {
    let root = tree(&[("posts/a.md", POST)]);
    let (site, _) = site(&root, Options::default());
    let (post, text) = site.read("posts/a.md").unwrap();
    assert_eq!((post.title().as_deref(), post.body(&text)), (Some("A"), "Body\n"));
    assert!(matches!(site.read("posts/gone.md"), Err(Unreadable::Refused(_))));
}
