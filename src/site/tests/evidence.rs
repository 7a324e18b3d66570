//! What the posts that have a picture teach, and what goes before it.

use super::*;

#[test]
fn three_agreeing_posts_beat_the_table() {
    let with = |name: &str| format!("---\ntitle: A\ncover:\n  image: /media/{name}.png\n  alt: x\n---\n");
    let (a, b, c) = (with("a"), with("b"), with("c"));
    let root = tree(&[
        ("hugo.toml", ""),
        ("static/media/a.png", ""),
        ("static/media/b.png", ""),
        ("static/media/c.png", ""),
        ("content/p/a.md", &a),
        ("content/p/b.md", &b),
        ("content/p/c.md", &c),
        ("content/p/d.md", POST),
    ]);
    let (site, found) = site(&root, Options::default());
    assert_eq!((site.field(), alt(&site), list(&site)), (Some("cover.image"), Some("cover.alt"), false));
    let target = site.target(&found.posts[3].post);
    assert_eq!((target.file(), target.value()), ("static/media/d.jpg".into(), "/media/d.jpg".into()));
}

#[test]
fn fewer_posts_are_evidence_where_all_agree_and_none_has_the_generators_own_field() {
    let cover = "---\ntitle: A\ncover: /media/a.png\n---\n";
    let field = |third: &str| {
        let files = [("posts/a.md", cover), ("posts/b.md", third), ("posts/c.md", POST)];
        site(&tree(&files), Options::default()).0.field().map(str::to_owned)
    };
    assert_eq!(field(POST).as_deref(), Some("cover"));
    assert_eq!(field(cover).as_deref(), Some("cover"));
    let empty = "---\ntitle: B\nimage:\n---\n";
    assert_eq!(field(empty).as_deref(), Some("cover"), "what an archetype left says less than a picture");
    for other in ["banner: /media/b.png", "image: /media/b.png", "image: true"] {
        assert_eq!(field(&format!("---\ntitle: B\n{other}\n---\n")).as_deref(), Some("image"), "{other}");
    }
}

#[test]
fn a_file_that_a_post_names_is_not_found_by_its_name() {
    let schema = "import { defineCollection, z } from 'astro:content';\nconst post = defineCollection({ loader: glob({ base: './posts', pattern: '**/*.md' }), schema: ({ image }) => z.object({ title: z.string(), cover: image().optional(), og: z.string().optional() }) });\nexport const collections = { post };\n";
    for (named, written) in [("cover: ./cover.png", Some("cover")), ("x: y", None)] {
        let first = format!("---\ntitle: A\n{named}\n---\n");
        let root = tree(&[
            ("astro.config.mjs", ""),
            ("src/content.config.ts", schema),
            ("posts/a/index.md", &first),
            ("posts/a/cover.png", ""),
            ("posts/b/index.md", POST),
            ("posts/c.md", "---\ntitle: C\nog: /og.png\nogImage: /og.png\n---\n"),
        ]);
        let (site, found) = site(&root, Options::default());
        assert_eq!(site.field_of(&found.posts[1].post).as_deref(), written, "{named}");
    }
}

#[test]
fn evidence_knows_pictures_beside_the_post_and_relative_ones() {
    for (file, value, target_file, target_value) in [
        ("posts/NAME.png", "./NAME.png", "posts/d.jpg", "./d.jpg"),
        ("posts/img/NAME.png", "img/NAME.png", "posts/img/d.jpg", "img/d.jpg"),
        ("media/NAME.png", "../media/NAME.png", "media/d.jpg", "../media/d.jpg"),
    ] {
        let posts = ["a", "b", "c"].map(|name| {
            let text = format!("---\ntitle: A\nimage: {}\n---\n", value.replace("NAME", name));
            [(format!("posts/{name}.md"), text), (file.replace("NAME", name), String::new())]
        });
        let files: Vec<(&str, &str)> =
            posts.iter().flatten().map(|(path, text)| (path.as_str(), text.as_str())).collect();
        let root = tree(&[files.as_slice(), &[("posts/d.md", POST)]].concat());
        let (site, found) = site(&root, Options::default());
        let target = site.target(&found.posts.last().unwrap().post);
        assert_eq!((target.file().as_str(), target.value().as_str()), (target_file, target_value));
    }
}

#[test]
fn what_the_user_fixed_beats_the_evidence() {
    let options = Options {
        image_field: Some("hero.src".into()),
        image_dir: Some("public/heroes/".into()),
        embed: Some(Embed::Markdown),
        extension: "webp",
        ..Options::default()
    };
    let root = tree(&[("posts/a.md", POST)]);
    let (site, found) = site(&root, options);
    let target = site.target(&found.posts[0].post);
    assert_eq!(
        (site.field(), alt(&site), site.embed()),
        (Some("hero.src"), Some("hero.alt"), Embed::Markdown)
    );
    assert_eq!((target.file(), target.value()), ("public/heroes/a.webp".into(), "/heroes/a.webp".into()));
}

#[test]
fn a_field_that_the_schema_drops_is_left_to_the_posts_that_still_have_it() {
    let schema = |keys: &str| {
        format!(
            "import {{ glob }} from 'astro/loaders';\nconst blog = defineCollection({{ loader: glob({{ pattern: '**/*.md', base: './src/content/blog' }}),\n schema: z.object({{ title: z.string(), {keys} }}) }});\nexport const collections = {{ blog }};\n"
        )
    };
    let old = "---\ntitle: A\nsocialImage: /a.png\n---\nText\n";
    let of = |keys: &str| {
        let schema = schema(keys);
        let root = tree(&[
            ("astro.config.mjs", ""),
            ("src/content.config.ts", &schema),
            ("public/a.png", ""),
            ("src/content/blog/a.md", old),
            ("src/content/blog/b.md", old),
            ("src/content/blog/c.md", old),
            ("src/content/blog/d.md", POST),
        ]);
        let (site, found) = site(&root, Options::default());
        (site.field().map(str::to_owned), hero(&found, "src/content/blog/a.md").is_missing())
    };
    assert_eq!(of("ogImage: z.string().optional()"), (Some("ogImage".to_owned()), true));
    let both = "ogImage: z.string().optional(), socialImage: z.string().optional()";
    assert_eq!(of(both), (Some("socialImage".to_owned()), false));
}

#[test]
fn a_field_of_the_posts_that_no_template_reads_is_doubted() {
    const FILLED: &str = "---\ntitle: A\nthumbnail: /a.png\n---\nText\n";
    const SINGLE: &str = "<div class=thumbnail>{{ with .Params.cover }}<img src='{{ . }}'>{{ end }}</div>";
    let of = |files: &[(&str, &str)]| {
        let posts = ["content/a.md", "content/b.md", "content/c.md"].map(|post| (post, FILLED));
        let root = tree(&[files, &posts, &[("static/a.png", ""), ("content/d.md", POST)]].concat());
        let site = site(&root, Options::default()).0;
        assert_eq!(site.field(), Some("thumbnail"), "the posts are heard first");
        (site.visibility(), site.because().split_once(", though ").map(|(_, why)| why.to_owned()))
    };
    let doubted = |why: &str| (Visibility::Unknown, Some(why.to_owned()));
    let (config, single) = (("hugo.toml", ""), ("layouts/_default/single.html", SINGLE));
    assert_eq!(of(&[config, single]), doubted("no template of the site reads it; they read `cover`"));
    let believed = (Visibility::Page, None);
    let list =
        ("layouts/_default/list.html", "{{ range .Pages }}{{ if .Params.thumbnail }}*{{ end }}{{ end }}");
    let partial = ("layouts/_default/single.html", "{{ partial \"article.html\" . }}");
    let foreign = ("hugo.toml", "theme = 'mine'");
    for (name, files) in [
        ("no template is there", &[config][..]),
        ("a list asks for it", &[config, single, list]),
        ("a part is missing", &[config, partial]),
        ("the theme is missing", &[foreign, single]),
    ] {
        assert_eq!(of(files), believed, "{name}");
    }
    let there = ("themes/mine/layouts/_default/list.html", "");
    assert_eq!(of(&[foreign, there, single]).0, Visibility::Unknown);
    // Where the theme is known to show no field, nothing has to be looked through.
    let post = "+++\ntitle = 'A'\n[extra]\ncover = '/a.png'\n+++\nText\n";
    let zola = [("zola.toml", "theme = 'hyde'"), ("static/a.png", "")];
    let posts = ["content/a.md", "content/b.md", "content/c.md"].map(|path| (path, post));
    let site = site(&tree(&[&zola[..], &posts].concat()), Options::default()).0;
    assert_eq!((site.field(), site.visibility()), (Some("extra.cover"), Visibility::Unknown));
    assert!(site.because().ends_with("though the theme hyde shows no picture that a post only names"));
}

#[test]
fn a_field_that_only_lists_or_previews_show_is_told_as_that() {
    const FILLED: &str = "---\ntitle: A\nthumbnail: /a.png\n---\nText\n";
    let of = |single: &str, more: &[(&str, &str)]| {
        let posts = ["content/a.md", "content/b.md", "content/c.md"].map(|post| (post, FILLED));
        let single = [("hugo.toml", ""), ("layouts/_default/single.html", single), ("static/a.png", "")];
        let site = site(&tree(&[&single[..], &posts, more].concat()), Options::default()).0;
        assert_eq!(site.field(), Some("thumbnail"), "the posts are heard first");
        (site.visibility(), site.because().split_once(", though ").map(|(_, why)| why.to_owned()))
    };
    let shows_another = "<img src='{{ .Params.cover }}'>{{ partial \"head.html\" . }}";
    let head = ("layouts/partials/head.html", "<link rel=stylesheet href=/a.css>");
    let shown_in = |file: &str, text: &str| of(shows_another, &[head, (file, text)]);
    let list = "{{ range .Pages }}<img src='{{ .Params.thumbnail }}'>{{ end }}";
    let told = |why: &str| (Visibility::Preview, Some(why.to_owned()));
    assert_eq!(
        shown_in("layouts/_default/list.html", list),
        told("`layouts/_default/list.html` shows it in lists only")
    );
    let preview = "<meta property='og:image' content='{{ .Params.thumbnail }}'>";
    assert_eq!(
        shown_in("layouts/partials/head.html", preview),
        told("`layouts/partials/head.html` puts it into link previews")
    );
    // Where the page of a post shows it too, or may do so, nothing is told.
    let believed = (Visibility::Page, None);
    let both = format!("{shows_another}<img src='{{{{ .Params.thumbnail }}}}'>");
    let list = ("layouts/_default/list.html", list);
    assert_eq!(of(&both, &[head, list]), believed);
    let with_more = format!("{shows_another}{{{{ partial \"article.html\" . }}}}");
    assert_eq!(of(&with_more, &[head, list]), believed, "a part is missing");
}

#[test]
fn a_field_of_the_posts_that_no_component_reads_is_doubted() {
    const FILLED: &str = "---\ntitle: A\nthumbnail: /a.png\n---\nText\n";
    const LAYOUT: &str =
        "---\nconst { frontmatter } = Astro.props;\n---\n<img src={frontmatter.cover} /><slot />\n";
    let of = |files: &[(&str, &str)]| {
        let posts = ["a", "b", "c"].map(|name| (format!("src/pages/posts/{name}.md"), FILLED));
        let posts = posts.each_ref().map(|(path, text)| (path.as_str(), *text));
        let config = [("astro.config.mjs", ""), ("public/a.png", "")];
        let site = site(&tree(&[&config[..], &posts, files].concat()), Options::default()).0;
        assert_eq!(site.field(), Some("thumbnail"), "the posts are heard first");
        site.because().split_once(", though ").map(|(_, why)| why.to_owned())
    };
    let layout = ("src/layouts/BlogPost.astro", LAYOUT);
    let doubted = Some("no component of the site reads it; they read `cover`".to_owned());
    let dark_mode = ("package.json", r#"{ "dependencies": { "astro": "5", "next-themes": "1" } }"#);
    assert_eq!(of(&[layout]), doubted);
    assert_eq!(of(&[layout, dark_mode]), doubted);
    for (name, file) in [
        ("a script reads it", ("src/lib/posts.ts", "export const picture = (post) => post.data.thumbnail;")),
        ("all of it is handed on", ("src/components/Seo.astro", "<SEO {...frontmatter} />")),
        ("a theme makes pages", ("package.json", r#"{ "dependencies": { "astro-theme-pure": "1" } }"#)),
        ("code lies elsewhere", ("package.json", r#"{ "dependencies": { "ui": "workspace:*" } }"#)),
    ] {
        assert_eq!(of(&[layout, file]), None, "{name}");
    }
    assert_eq!(of(&[]), None, "no template is there");
}

#[test]
fn a_field_of_the_posts_that_a_theme_known_by_its_name_does_not_read_is_doubted() {
    let of = |config: (&str, &str), field: &str, more: &[(&str, &str)]| {
        let filled = format!("---\ntitle: A\n{field}\n---\nText\n");
        let folder = if config.0 == "hugo.toml" { "content/posts/" } else { "_posts/2026-10-0" };
        let posts = ["1-a", "2-b", "3-c"].map(|name| (format!("{folder}{name}.md"), filled.as_str()));
        let posts = posts.each_ref().map(|(path, text)| (path.as_str(), *text));
        let root = tree(&[&[config, ("static/a.png", ""), ("a.png", "")], &posts[..], more].concat());
        let site = site(&root, Options::default()).0;
        (site.visibility() == Visibility::Unknown)
            .then(|| site.because().split_once(", though ").unwrap().1.to_owned())
    };
    let papermod = ("hugo.toml", "theme = 'PaperMod'");
    let doubt = "the theme PaperMod reads `cover.image`";
    for field in ["image: /a.png", "images: [/a.png]", "featuredImage: /a.png"] {
        assert_eq!(of(papermod, field, &[]).as_deref(), Some(doubt), "{field}");
        let own = (
            "layouts/partials/own.html",
            "{{ with .Params.Image }}{{ end }}{{ .Params.images }}{{ .Params.featuredImage }}",
        );
        assert_eq!(of(papermod, field, &[own]), None, "{field}");
    }
    let pages = ("_config.yml", "theme: minimal-mistakes-jekyll\n");
    assert_eq!(
        of(pages, "image: /a.png", &[]).as_deref(),
        Some("the theme Minimal Mistakes reads `header.image`")
    );
    for (config, field) in [
        (papermod, "cover: /a.png"),
        (pages, "header: {teaser: /a.png}"),
        (("hugo.toml", "theme = 'blowfish'"), "thumbnail: a.png"),
        (("hugo.toml", "theme = 'unknown'"), "image: /a.png"),
        (("_config.yml", "theme: beautiful-jekyll-theme\n"), "thumbnail-img: /a.png"),
    ] {
        assert_eq!(of(config, field, &[]), None, "{field}");
    }
}

#[test]
fn a_file_that_a_bundle_gives_a_name_is_not_found_by_its_own() {
    let named = "---\ntitle: A\nresources:\n- name: featured-image\n  src: featured-image.jpg\n---\nText\n";
    let bundles = ["a", "b", "c"].map(|name| {
        [
            (format!("content/posts/{name}/index.md"), named),
            (format!("content/posts/{name}/featured-image.jpg"), ""),
        ]
    });
    let bundles: Vec<_> = bundles.iter().flatten().map(|(path, text)| (path.as_str(), *text)).collect();
    let rest = [("hugo.toml", "theme = 'LoveIt'"), ("content/posts/d/index.md", POST)];
    let (site, found) = site(&tree(&[&rest[..], &bundles].concat()), Options::default());
    assert!(!found.posts[0].hero.is_missing());
    assert_eq!(site.field_of(&found.posts[3].post).as_deref(), Some("featuredImage"));
    assert_eq!(site.target(&found.posts[3].post).value(), "d.jpg");
}
