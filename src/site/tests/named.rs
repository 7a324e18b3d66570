//! What POSTS and the input `posts` name, and what they leave to the rest of the site.

use std::sync::{OnceLock, mpsc};
use std::time::Duration;

use super::*;

fn named(glob: &str) -> Options {
    Options { posts: vec![glob.to_owned()], ..Options::default() }
}

#[test]
fn a_post_that_is_named_alone_takes_the_name_it_has_among_all() {
    for (generator, top) in [("hugo.toml", "content"), ("package.json", "articles")] {
        let [work, travel] = ["work", "travel"].map(|folder| format!("{top}/{folder}/posts/hello.md"));
        let root = tree(&[(generator, ""), (&work, POST), (&travel, POST)]);
        let of = |glob: &str| {
            let (site, found) = site(&root, named(glob));
            assert_eq!(paths(&found), [glob]);
            site.target(&found.posts[0].post).file()
        };
        assert_ne!(of(&work), of(&travel));
        let (whole, found) = site(&root, named(&format!("{top}/**")));
        assert_eq!(whole.target(&found.posts[0].post).file(), of(&travel));
    }
}

#[test]
fn the_heroes_of_posts_that_are_not_named_are_known() {
    let with = "---\ntitle: A\nimages: [/images/a.jpg]\n---\n";
    let root = tree(&[
        ("hugo.toml", ""),
        ("static/images/a.jpg", ""),
        ("content/a.md", with),
        ("content/b.md", POST),
    ]);
    let (narrow, found) = site(&root, named("content/b.md"));
    assert_eq!(
        (paths(&found), narrow.heroes_of_neighbours()),
        (vec!["content/b.md"], vec!["static/images/a.jpg".to_owned()])
    );
    assert!(site(&root, Options::default()).0.heroes_of_neighbours().is_empty());
}

#[test]
fn the_ways_of_the_site_are_learned_from_posts_that_are_not_named_too() {
    let with = |name: &str| format!("---\ntitle: A\nfeatured_image: img/{name}.png\n---\n");
    let (a, b, c) = (with("a"), with("b"), with("c"));
    let root = tree(&[
        ("hugo.toml", ""),
        ("static/img/a.png", ""),
        ("static/img/b.png", ""),
        ("static/img/c.png", ""),
        ("content/posts/a.md", &a),
        ("content/posts/b.md", &b),
        ("content/posts/c.md", &c),
        ("content/posts/new.md", POST),
    ]);
    let (site, found) = site(&root, named("content/posts/new.md"));
    let target = site.target(&found.posts[0].post);
    assert_eq!((site.field(), target.value().as_str()), (Some("featured_image"), "img/new.jpg"));
}

#[test]
fn a_fixed_folder_for_pictures_changes_nothing_about_what_is_a_post() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/posts/hut/index.md", POST),
        ("content/posts/hut/note.md", POST),
        ("content/posts/map.md", POST),
    ]);
    let fixed = Options { image_dir: Some("static/img".into()), ..Options::default() };
    for options in [Options::default(), fixed] {
        assert_eq!(paths(&site(&root, options).1), ["content/posts/hut/index.md", "content/posts/map.md"]);
    }
}

#[test]
fn a_leaf_bundle_that_is_named_is_its_index_whatever_its_resources_hold() {
    let root =
        tree(&[("hugo.toml", ""), ("content/posts/hut/index.md", POST), ("content/posts/hut/note.md", POST)]);
    for glob in ["content/posts/hut", "content/posts/hut/*.md"] {
        assert_eq!(paths(&site(&root, named(glob)).1), ["content/posts/hut/index.md"], "{glob}");
    }
}

#[test]
fn a_named_bundle_whose_index_is_broken_is_told() {
    let broken = ("content/posts/trip/index.md", "---\ntitle: [\n---\n");
    for site_file in ["hugo.toml", "astro.config.mjs"] {
        let root = tree(&[(site_file, ""), broken, ("content/posts/trip/notes.md", "notes\n")]);
        let (_, found) = site(&root, named("content/posts/trip"));
        let told: Vec<&str> = found.unreadable.iter().map(|(path, _)| path.as_str()).collect();
        assert_eq!((told, paths(&found)), (vec![broken.0], vec![]), "{site_file}");
    }
}

#[test]
fn a_list_page_that_cannot_be_read_is_told() {
    let root = tree(&[("posts/index.md", "---\ntitle: [\n---\n"), ("posts/a.md", POST)]);
    let (_, found) = site(&root, Options::default());
    assert_eq!((found.unreadable[0].0.as_str(), paths(&found)), ("posts/index.md", vec!["posts/a.md"]));
}

/// Who waits for another core while it finds the shared names may be handed a post that asks for them.
#[test]
fn many_cores_may_ask_for_the_names_that_posts_share_at_once() {
    let texts: Vec<_> = (1_000..2_000)
        .map(|n| {
            let image = if n >= 1_900 { format!("image: /images/posts-p{n}.jpg\n") } else { String::new() };
            (format!("posts/p{n}.md"), format!("---\ntitle: A\n{image}---\n"))
        })
        .collect();
    let files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let root = tree(&files);
    let (mut site, _) = site(&root, Options::default());
    let (done, waits) = mpsc::channel();
    std::thread::spawn(move || {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(8).build().unwrap();
        for round in 0..60 {
            site.shared = OnceLock::new();
            pool.install(|| site.look_at_all().for_each(drop));
            done.send(round).unwrap();
        }
    });
    let mut rounds = std::iter::from_fn(|| waits.recv_timeout(Duration::from_secs(60)).ok());
    assert_eq!(rounds.by_ref().last(), Some(59));
}
