//! Posts that have their picture under another field than the site's.

use super::*;

#[test]
fn a_picture_under_another_known_field_is_the_posts_hero() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/p/a/shelf.png", ""),
        ("static/b.png", ""),
        ("content/p/a/index.md", "+++\ntitle = \"A\"\n[cover]\nimage = \"shelf.png\"\n+++\n"),
        ("content/p/b.md", "---\ntitle: B\nfeatured_image: /b.png\n---\n"),
        ("content/p/c.md", "---\ntitle: C\nthumbnail: gone.png\n---\n"),
        ("content/p/d.md", "---\ntitle: D\npreview: In short\nhero: true\n---\n"),
    ]);
    let found = site(&root, Options::default()).1;
    assert_eq!(*hero(&found, "content/p/a/index.md"), Hero::Present { file: "content/p/a/shelf.png".into() });
    assert_eq!(*hero(&found, "content/p/b.md"), Hero::Present { file: "static/b.png".into() });
    assert!(matches!(hero(&found, "content/p/c.md"), Hero::Unresolved { .. }));
    assert_eq!(*hero(&found, "content/p/d.md"), Hero::Missing, "words and switches name no picture");
    let fixed = Options { image_field: Some("images".into()), ..Options::default() };
    assert_eq!(*hero(&site(&root, fixed).1, "content/p/b.md"), Hero::Missing, "the user fixed the field");
}

#[test]
fn what_posts_have_beside_their_hero_is_not_a_hero() {
    let both = "---\ntitle: A\nimage: /a.png\nthumbnail: /a.png\n---\n";
    let root = tree(&[
        ("static/a.png", ""),
        ("posts/a.md", both),
        ("posts/b.md", both),
        ("posts/c.md", both),
        ("posts/d.md", "---\ntitle: D\nthumbnail: /a.png\n---\n"),
        ("posts/e.md", "---\ntitle: E\nimage: /a.png\n---\n"),
    ]);
    assert_eq!(*hero(&site(&root, Options::default()).1, "posts/d.md"), Hero::Missing);
}

#[test]
fn a_list_of_mappings_in_a_post_is_filled_by_the_key_that_it_has() {
    let of = |list: &str| format!("---\ntitle: A\nimages: {list}\n---\n");
    let post = of("[{url: /a.png, caption: b}]");
    let lists = ["", "[]", "[{caption: c}]", "[{caption: c, src: ''}]", "['']", "{src: ''}"].map(of);
    let mut files = vec![("hugo.toml", ""), ("static/a.png", "")];
    let taught =
        ["content/t.md", "content/u.md", "content/v.md", "content/w.md", "content/x.md", "content/y.md"];
    files.extend(taught.iter().chain(&["content/z.md"]).map(|path| (*path, post.as_str())));
    let names =
        ["content/a.md", "content/b.md", "content/c.md", "content/d.md", "content/e.md", "content/f.md"];
    files.extend(names.iter().zip(&lists).map(|(path, text)| (*path, text.as_str())));
    let root = tree(&files);
    let (site, found) = site(&root, Options::default());
    assert_eq!((site.field(), site.alt_field()), (Some("images[].url"), None));
    let url = "images[].url";
    for (at, field) in [url, url, url, "images[].src", "images", "images.src"].into_iter().enumerate() {
        let post = &found.posts[at].post;
        assert_eq!(
            (site.field_of(post).as_deref(), site.is_list_in(post)),
            (Some(field), false),
            "{}",
            lists[at]
        );
    }
    assert_eq!(*hero(&found, "content/t.md"), Hero::Present { file: "static/a.png".into() });
    let theirs = of("[]");
    let carried = site.hero_field().carry("content/b.md", &theirs, &post).unwrap();
    assert_eq!(carried, of("[{url: /a.png}]"));
}

#[test]
fn the_first_mapping_of_a_list_is_the_hero_whatever_follows_it() {
    let of = |list: &str| format!("---\ntitle: A\nimages: {list}\n---\n");
    let lacking = ["[{src: ''}, {src: /b.png}]", "[{alt: c}, {src: /b.png}]"];
    let having = ["[{src: /b.png}, {src: ''}]", "[{url: /b.png}, {src: /a.png}]", "[/b.png, {src: /a.png}]"];
    let taught = of("[{src: /a.png, alt: b}]");
    let texts = lacking.map(of).into_iter().chain(having.map(of)).collect::<Vec<_>>();
    let paths: Vec<String> = (0..16).map(|n| format!("content/{n:02}.md")).collect();
    let texts = texts.iter().chain(std::iter::repeat(&taught)).map(String::as_str);
    let mut files = vec![("hugo.toml", ""), ("static/a.png", ""), ("static/b.png", "")];
    files.extend(paths.iter().map(String::as_str).zip(texts));
    let (site, found) = site(&tree(&files), Options::default());
    assert_eq!(site.field(), Some("images[].src"));
    for (at, list) in lacking.iter().enumerate() {
        assert_eq!(found.posts[at].hero, Hero::Missing, "{list}");
        assert_eq!(site.field_of(&found.posts[at].post).as_deref(), Some("images[].src"), "{list}");
    }
    for (at, list) in having.iter().enumerate() {
        let hero = &found.posts[lacking.len() + at].hero;
        assert_eq!(*hero, Hero::Present { file: "static/b.png".into() }, "{list}");
    }
}

#[test]
fn an_empty_field_that_a_post_has_is_filled_instead_of_a_new_one() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/a.md", "---\ntitle: A\ncover:\n  image: \"\"\n---\n"),
        ("content/b.md", "---\ntitle: B\nthumbnail:\n---\n"),
        ("content/c.md", "---\ntitle: C\nthumbnail:\nimages: []\n---\n"),
        ("content/d.md", "---\ntitle: D\ncover: {hidden: true}\n---\n"),
        ("content/e.md", "---\ntitle: E\ncover: {image: /images/e.jpg}\nbanner: ''\n---\n"),
        ("content/f.md", "---\ntitle: F\nimages:\n  - /images/gone.jpg\n---\n"),
    ]);
    let (site, found) = site(&root, Options::default());
    assert_eq!(site.field(), Some("images"));
    let slot = |at: usize| {
        let post = &found.posts[at].post;
        (site.field_of(post).unwrap(), site.alt_field_of(post), site.is_list_in(post))
    };
    let text = |field: &str| (field.to_owned(), None, false);
    assert_eq!(slot(0), ("cover.image".to_owned(), Some("cover.alt".to_owned()), false));
    assert_eq!(slot(1), text("thumbnail"));
    for own in [2, 3, 5] {
        assert_eq!(slot(own), ("images".to_owned(), None, true), "{own}");
    }
    assert_eq!(slot(4).0, "cover.image", "its own value goes where it stood");
    assert_eq!(found.posts[4].hero, Hero::Missing);
}

#[test]
fn an_empty_field_of_a_post_does_not_outweigh_what_shows_where_the_picture_is_seen() {
    let theme: &[_] = &[("hugo.toml", "theme = 'PaperMod'")];
    let template =
        &[("hugo.toml", ""), ("layouts/_default/single.html", "<img src='{{ .Params.cover.image }}'>")];
    let fuller = "---\ntitle: F\ncover: {image: /f.png}\n---\n";
    let posts = &[("hugo.toml", ""), ("static/f.png", ""), ("content/f.md", fuller)];
    let editor = "collections: [{name: p, folder: content, fields: [{name: cover.image, widget: image}]}]";
    let schema = &[("hugo.toml", ""), ("static/admin/config.yml", editor)];
    for evidence in [theme, template, posts, schema] {
        for empty in
            ["images:", "images: []", "thumbnail: ''", "image:\ncover: {image: ''}", "images: []\ncover: ''"]
        {
            let post = format!("---\ntitle: A\n{empty}\n---\n");
            let root = tree(&[evidence, &[("content/a.md", post.as_str())]].concat());
            let (site, found) = site(&root, Options::default());
            let field = site.field_of(&found.posts[0].post);
            assert_eq!(field.as_deref(), Some("cover.image"), "{empty} {}", site.because());
        }
    }
}

#[test]
fn a_note_that_links_to_an_attachment_in_a_field_has_its_hero() {
    let vault = tree(&[
        (".obsidian/app.json", "{}"),
        ("attachments/bed.png", ""),
        ("a.md", "---\ncover: \"[[bed.png]]\"\n---\nText\n"),
        ("b.md", "---\nbanner: \"![[attachments/bed.png|300]]\"\n---\nText\n"),
        ("c.md", "---\ncover: \"[[gone.png]]\"\n---\nText\n"),
        ("d.md", "---\ncover: \"[[A note]]\"\n---\nText\n"),
    ]);
    let found = site(&vault, Options::default()).1;
    for note in ["a.md", "b.md"] {
        assert_eq!(*hero(&found, note), Hero::Present { file: "attachments/bed.png".into() }, "{note}");
    }
    assert!(matches!(hero(&found, "c.md"), Hero::Unresolved { .. }));
    assert_eq!(*hero(&found, "d.md"), Hero::Missing);
}

#[test]
fn a_value_that_leads_to_no_file_is_kept_with_the_reason_that_fits_it() {
    let values = [
        ("unsplash:4Zk8f", "it names a picture at an image service"),
        ("v1600000/blog/cover", "it names no image file; it may be the id of a picture at an image service"),
        ("https://res.example.com/cover", "it is an address of another host"),
        ("'cover*'", "it is a pattern, and which file it means is the theme's to say"),
        ("/images/gone.png", "no such file is in the repository"),
    ];
    let post = |value| format!("---\ntitle: A\nimage: {value}\n---\n");
    let posts: Vec<_> =
        values.iter().enumerate().map(|(at, (value, _))| (format!("posts/{at}.md"), post(value))).collect();
    let root = tree(&posts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect::<Vec<_>>());
    let found = site(&root, Options::default()).1;
    for (at, (_, reason)) in values.iter().enumerate() {
        let hero = hero(&found, &format!("posts/{at}.md"));
        assert!(matches!(hero, Hero::Unresolved { why, .. } if why == reason), "{hero:?}");
    }
}

#[test]
fn a_named_resource_of_a_bundle_is_its_hero() {
    let root = tree(&[
        ("hugo.toml", ""),
        ("content/p/a/photo.png", ""),
        ("content/p/a/index.md", "---\ntitle: A\nresources:\n- {name: cover, src: photo.png}\n---\n"),
        ("content/p/b/index.md", "---\ntitle: B\nresources:\n- {name: chart, src: c.png}\n---\n"),
    ]);
    let found = site(&root, Options::default()).1;
    assert_eq!(*hero(&found, "content/p/a/index.md"), Hero::Present { file: "content/p/a/photo.png".into() });
    assert_eq!(*hero(&found, "content/p/b/index.md"), Hero::Missing);
}

#[test]
fn a_file_of_a_telling_name_beside_one_post_of_many_is_a_picture_of_its_text() {
    let bundles = |with: &[&str]| {
        let mut files = vec![("hugo.toml".to_owned(), "")];
        files.extend(["a", "b", "c", "d", "e"].map(|name| (format!("content/p/{name}/index.md"), POST)));
        files.extend(with.iter().map(|name| (format!("content/p/{name}/cover.png"), "")));
        tree(&files.iter().map(|(path, text)| (path.as_str(), *text)).collect::<Vec<_>>())
    };
    let (few, found) = site(&bundles(&["a", "b"]), Options::default());
    assert_eq!((few.field(), hero(&found, "content/p/a/index.md")), (Some("images"), &Hero::Missing));
    let root = bundles(&["a", "b", "c"]);
    let found = site(&root, Options::default()).1;
    let cover = Hero::Present { file: "content/p/a/cover.png".into() };
    assert_eq!(
        [hero(&found, "content/p/a/index.md"), hero(&found, "content/p/d/index.md")],
        [&cover, &Hero::Missing]
    );
}

#[test]
fn pictures_in_folders_by_date_go_to_those_of_the_posts_own_date() {
    let dated = |date: &str, image: &str| format!("---\ntitle: A\ndate: {date}\n{image}---\n");
    let posts = [
        ("posts/a.md", dated("2024-03-01", "image: /uploads/2024/03/a.png\n")),
        ("posts/b.md", dated("2024-11-02", "image: /uploads/2024/11/b.png\n")),
        ("posts/c.md", dated("2025-01-03", "image: /uploads/2025/01/c.png\n")),
        ("posts/d.md", dated("2025-06-04", "")),
    ];
    let pictures = ["2024/03/a", "2024/11/b", "2025/01/c"].map(|name| format!("static/uploads/{name}.png"));
    let mut files: Vec<_> = posts.iter().map(|(path, text)| (*path, text.as_str())).collect();
    files.extend(pictures.iter().map(|picture| (picture.as_str(), "")));
    let root = tree(&files);
    let (site, found) = site(&root, Options::default());
    let target = site.target(&found.posts[3].post);
    assert_eq!(target.file(), "static/uploads/2025/06/d.jpg");
    assert_eq!(target.value(), "/uploads/2025/06/d.jpg");
}

#[test]
fn the_alt_text_goes_where_most_posts_with_a_picture_have_theirs() {
    for (front, field, alt) in [
        ("image: /N.png\n", "image", None),
        ("image: /N.png\nimage_alt: x\n", "image", Some("image_alt")),
        ("image: /N.png\nimageAlt: ''\n", "image", Some("imageAlt")),
        ("image:\n  path: /N.png\n", "image.path", None),
        ("image:\n  path: /N.png\n  alt:\n", "image.path", Some("image.alt")),
        ("coverImage: /N.png\ncoverAlt: x\n", "coverImage", Some("coverAlt")),
        (
            "header:\n  overlay_image: /N.png\n  image_description: x\n",
            "header.overlay_image",
            Some("header.image_description"),
        ),
        ("heroImage: /N.png\nalt: x\n", "heroImage", None),
    ] {
        let post = |name: &str| format!("---\ntitle: A\n{}---\n", front.replace('N', name));
        let (a, b, c) = (post("a"), post("b"), post("c"));
        let lone = "---\ntitle: E\nimage_alt: x\n---\n";
        let others = [("posts/a.md", &a[..]), ("posts/b.md", &b), ("posts/c.md", &c)];
        let pictures = [("static/a.png", ""), ("static/b.png", ""), ("static/c.png", "")];
        let alone = [("posts/d.md", POST), ("posts/e.md", lone), ("posts/f.md", lone), ("posts/g.md", lone)];
        let root = tree(&[&others[..], &pictures, &alone].concat());
        let (site, found) = site(&root, Options::default());
        let post = &found.posts[3].post;
        assert_eq!((site.field_of(post).as_deref(), site.alt_field_of(post).as_deref()), (Some(field), alt));
    }
}
