//! Whole blogs without any configuration of ours: what is a post, which field gets the picture, and where its
//! file goes. Title cards stand in for pictures.

mod paths;
mod posts;
mod restore;
mod several;
mod translations;

use tempfile::TempDir;

use crate::support::action::{Action, Finished};
use crate::support::posts::{blog, contents, put};

const PIXEL: &[u8] = include_bytes!("sites/pixel.png");

/// A blog after one run.
struct Ran {
    folder: TempDir,
    run: Finished,
    /// Files that were not there before.
    new: Vec<String>,
    /// Posts that are not what they were.
    changed: Vec<String>,
}

impl Ran {
    fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.folder.path().join(path)).unwrap()
    }

    /// The run made these files and changed these posts, and nothing else.
    #[track_caller]
    fn made(&self, new: &[&str], changed: &[&str]) {
        assert_eq!(self.run.code, Some(0), "{}", self.run.log);
        assert_eq!(
            (&self.new[..], &self.changed[..]),
            (&owned(new)[..], &owned(changed)[..]),
            "{}",
            self.run.log
        );
    }

    #[track_caller]
    fn says(&self, words: &str) {
        assert!(self.run.log.contains(words), "{words}: {}", self.run.log);
    }
}

fn owned(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|&text| text.to_owned()).collect()
}

/// Runs over a blog of these files; a text of `PIXEL` stands for a picture.
fn ran(files: &[(&str, &str)]) -> Ran {
    ran_with(files, |action| action)
}

/// As [`ran`], with more settings.
fn ran_with(files: &[(&str, &str)], more: impl FnOnce(Action) -> Action) -> Ran {
    let folder = blog(&[]);
    for (path, text) in files {
        put(folder.path(), path, if *text == "PIXEL" { PIXEL } else { text.as_bytes() });
    }
    let before = contents(folder.path());
    let run = more(Action::on_a_laptop(folder.path())).run();
    let old = |path: &String| before.iter().find(|(known, _)| known == path).map(|(_, bytes)| bytes);
    let after = contents(folder.path());
    let mut new: Vec<String> =
        after.iter().filter(|(path, _)| old(path).is_none()).map(|(path, _)| path.clone()).collect();
    let is_changed = |(path, bytes): &&(String, Vec<u8>)| old(path).is_some_and(|old| old != bytes);
    let mut changed: Vec<String> = after.iter().filter(is_changed).map(|(path, _)| path.clone()).collect();
    new.sort_unstable();
    changed.sort_unstable();
    Ran { folder, run, new, changed }
}

fn dated(title: &str, front: &str) -> String {
    format!("---\ntitle: {title}\ndate: 2025-01-01\n{front}---\nText.\n")
}

#[test]
fn a_picture_goes_to_the_posts_own_folder_and_never_to_that_of_another() {
    let own = |name: &str, of: &str| dated(name, &format!("images: [/blog/{of}/images/{of}.png]\n"));
    let mut files = vec![("hugo.toml".to_owned(), String::new())];
    for name in ["a", "b", "c", "talk"] {
        files.push((format!("content/blog/{name}/images/{name}.png"), "PIXEL".to_owned()));
        files.push((format!("content/blog/{name}/index.md"), own(name, name)));
    }
    for name in ["talk-2", "talk-3", "talk-4", "talk-5"] {
        files.push((format!("content/blog/{name}/index.md"), own(name, "talk")));
    }
    files.push(("content/blog/new/index.md".to_owned(), dated("New", "")));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = ran(&files);
    site.made(&["content/blog/new/images/new.jpg"], &["content/blog/new/index.md"]);
    assert!(site.text("content/blog/new/index.md").contains("images: [/blog/new/images/new.jpg]"));
}

#[test]
fn a_post_that_names_its_picture_where_the_theme_shows_none_is_told() {
    let shown = dated("A", "cover:\n  image: /a.png\n");
    let unseen = dated("B", "images: [/a.png]\n");
    let files = [
        ("hugo.toml", "theme = 'PaperMod'\n"),
        ("static/a.png", "PIXEL"),
        ("content/posts/a.md", shown.as_str()),
        ("content/posts/b.md", shown.as_str()),
        ("content/posts/c.md", shown.as_str()),
        ("content/posts/d.md", unseen.as_str()),
        ("content/posts/e.md", unseen.as_str()),
    ];
    let site = ran(&files);
    site.made(&[], &[]);
    let told = "2 posts such as content/posts/d.md name their picture in the field `images`, but the theme PaperMod reads \
                `cover.image`; name it where the pages show it, or run mode `check` on the built site";
    assert_eq!(site.run.log.matches(told).count(), 1, "{}", site.run.log);
    // Where one of them has it in both fields, it is for link previews.
    let both = dated("B", "cover:\n  image: /a.png\nimages: [/a.png]\n");
    let files = [&files[..5], &[("content/posts/d.md", both.as_str()), files[6]]].concat();
    assert!(!ran(&files).run.log.contains("name it where the pages show it"));
    let own = ("layouts/partials/own.html", "{{ .Params.images }}");
    assert!(
        !ran(&[&files[..5], &[files[6], own]].concat()).run.log.contains("name it where the pages show it")
    );
}

#[test]
fn the_file_that_a_theme_finds_beside_a_post_is_its_hero() {
    let post = dated("A", "");
    let files = [
        ("hugo.toml", ""),
        ("content/blog/a/featured-image.png", "PIXEL"),
        ("content/blog/a/index.md", post.as_str()),
        ("content/blog/b/index.md", post.as_str()),
    ];
    let site = ran(&files);
    site.made(&["content/blog/b/featured-image.jpg"], &[]);
    let again = Action::on_a_laptop(site.folder.path()).run();
    assert!(again.log.contains("OK: nothing to do"), "{}", again.log);
}

#[test]
fn a_value_is_found_below_the_language_of_its_post() {
    let post = dated("B", "images: [/blog/b/images/b.png]\n");
    let site = ran(&[
        ("hugo.toml", ""),
        ("content/en/blog/b/images/b.png", "PIXEL"),
        ("content/en/blog/b/index.md", &post),
    ]);
    site.made(&[], &[]);
    site.says("left alone: 1 (it has its hero image)");
}

#[test]
fn any_field_that_most_posts_name_their_picture_in_is_the_sites_field() {
    let posts: Vec<(String, String)> = (1..=4)
        .map(|n| {
            let text = format!("---\ntitle: P\nexcerpt_image: https://img.example.org/{n}.png\n---\nText.\n");
            (format!("_posts/2025-01-0{n}-p.md"), text)
        })
        .collect();
    let mut files = vec![("_config.yml", "title: x\n")];
    files.extend(posts.iter().map(|(path, text)| (path.as_str(), text.as_str())));
    let site = ran(&files);
    site.made(&[], &[]);
    site.says(
        "named in the field `excerpt_image`, because 4 of the 4 posts looked at name their picture in it",
    );
}

#[test]
fn key_shape_form_and_place_are_those_of_the_other_posts() {
    struct Case {
        markers: &'static [(&'static str, &'static str)],
        folder: &'static str,
        front: &'static str,
        picture: &'static str,
        new: &'static str,
        written: &'static str,
    }
    for Case { markers, folder, front, picture, new, written } in [
        Case {
            markers: &[("_config.yml", "title: x\n")],
            folder: "_posts/2025-01-0",
            front: "cover-img: /assets/img/N.png",
            picture: "assets/img/N.png",
            new: "assets/img/2025-01-09-new.jpg",
            written: "cover-img: /assets/img/2025-01-09-new.jpg\n",
        },
        Case {
            markers: &[("astro.config.mjs", "")],
            folder: "src/content/blog/",
            front: "image:\n  url: /img/N.png\n  alt: A N",
            picture: "public/img/N.png",
            new: "public/img/9-new.jpg",
            written: "image:\n  url: /img/9-new.jpg\n  alt: New\n",
        },
        Case {
            markers: &[("astro.config.mjs", "")],
            folder: "src/content/blog/",
            front: "heroImage:\n  src: /img/N.png\n  alt: A N",
            picture: "public/img/N.png",
            new: "public/img/9-new.jpg",
            written: "heroImage:\n  src: /img/9-new.jpg\n  alt: New\n",
        },
        Case {
            markers: &[(".eleventy.js", "module.exports = c => { c.addPassthroughCopy(\"src/assets\") }\n")],
            folder: "src/content/blog/",
            front: "image: N.png",
            picture: "src/assets/covers/N.png",
            new: "src/assets/covers/9-new.jpg",
            written: "image: 9-new.jpg\n",
        },
    ] {
        let others: Vec<(String, String)> = (1..=4)
            .flat_map(|n| {
                let number = n.to_string();
                let front = front.replace('N', &number);
                [
                    (format!("{folder}{n}-p.md"), format!("---\ntitle: P{n}\n{front}\n---\nText.\n")),
                    (picture.replace('N', &number), "PIXEL".to_owned()),
                ]
            })
            .collect();
        let post = format!("{folder}9-new.md");
        let mut files = markers.to_vec();
        files.extend(others.iter().map(|(path, text)| (path.as_str(), text.as_str())));
        files.push((&post, "---\ntitle: New\n---\nText.\n"));
        let site = ran(&files);
        site.made(&[new], &[&post]);
        assert!(site.text(&post).contains(written), "{}", site.text(&post));
    }
}

#[test]
fn a_picture_goes_to_a_folder_that_eleventy_copies() {
    let config =
        "module.exports = c => { c.addPassthroughCopy(\"src/img\"); return { dir: { input: \"src\" } } }\n";
    let site = ran(&[(".eleventy.js", config), ("src/posts/a.md", "---\ntitle: A\n---\nText.\n")]);
    site.made(&["src/img/a.jpg"], &["src/posts/a.md"]);
    assert!(site.text("src/posts/a.md").contains("image: /img/a.jpg\n"));
}

#[test]
fn a_theme_is_known_by_its_name_and_gets_the_field_that_it_shows() {
    let post = dated("A", "");
    let paper = ran(&[("hugo.yaml", "baseURL: /\ntheme: PaperMod\n"), ("content/posts/a.md", &post)]);
    paper.made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    assert!(paper.text("content/posts/a.md").contains("cover:\n  image: images/a.jpg\n  alt: \"A\"\n"));
    paper.says("Site `hugo`, theme PaperMod: ");
    assert!(!paper.run.log.contains("is not known"), "{}", paper.run.log);
}

#[test]
fn a_post_of_a_section_that_the_theme_leaves_out_has_its_picture_in_the_text() {
    let config = ("hugo.yaml", "baseURL: https://blog.example/notes/\ntheme: hugo-coder\n");
    let post = dated("A", "");
    let site = ran(&[config, ("content/posts/a.md", &post), ("content/blog/b.md", &post)]);
    assert!(!site.text("content/posts/a.md").contains("]("), "{}", site.text("content/posts/a.md"));
    let text = site.text("content/blog/b.md");
    assert!(text.contains("featuredImage: images/b.jpg\n"), "{text}");
    assert!(text.contains("![A](/notes/images/b.jpg)"), "{text}");
    site.says(
        "Not every post's page shows `featuredImage`: where it does not, as with content/blog/b.md, the picture is embedded",
    );
}

#[test]
fn templates_in_the_repository_say_which_field_they_show() {
    let post = dated("A", "");
    let layout =
        "{{ define \"main\" }}<img src=\"{{ .Params.banner }}\" alt=\"{{ .Title }}\">{{ .Content }}{{ end }}";
    let site = ran(&[
        ("hugo.toml", ""),
        ("layouts/_default/single.html", layout),
        ("layouts/_default/baseof.html", "<html><body>{{ block \"main\" . }}{{ end }}</body></html>"),
        ("content/posts/a.md", &post),
    ]);
    site.made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    assert!(site.text("content/posts/a.md").contains("banner: /images/a.jpg\n"));
    site.says("because `layouts/_default/single.html` shows it");
}

#[test]
fn where_no_page_shows_a_field_the_picture_is_embedded_and_that_is_said() {
    let post = dated("A", "");
    let layout = "<html><head></head><body><h1>{{ .Title }}</h1>{{ .Content }}</body></html>";
    let site =
        ran(&[("hugo.toml", ""), ("layouts/_default/single.html", layout), ("content/posts/a.md", &post)]);
    site.made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    let text = site.text("content/posts/a.md");
    assert!(text.contains("---\n![A](/images/a.jpg)\n\nText.") && !text.contains("images:"), "{text}");
    site.says("No page of this site reads a field for a hero image");
    let again = Action::on_a_laptop(site.folder.path()).run();
    assert!(again.log.contains("OK: nothing to do"), "{}", again.log);
}

#[test]
fn a_post_of_nikola_whose_metadata_lies_beside_it_is_told_so() {
    let ran = ran(&[
        ("conf.py", "BLOG_TITLE = 'Notes'\nPOSTS = (('posts/*.md', 'posts', 'post.tmpl'),)\n"),
        ("posts/a.md", &dated("A", "")),
        ("posts/b.md", "Text.\n"),
        ("posts/b.meta", ".. title: B\n.. date: 2025-01-01\n"),
    ]);
    assert_eq!((ran.run.code, ran.changed.as_slice()), (Some(1), &["posts/a.md".to_owned()][..]));
    ran.says("failed posts/b.md: has its metadata in `posts/b.meta`, and then nothing counts");
    assert_eq!(ran.run.status("posts/b.md"), "failed");
}

#[test]
fn a_generator_that_means_something_else_by_the_field_is_left_alone() {
    let site = ran(&[
        ("conf.py", "extensions = ['ablog']\n"),
        ("posts/a.md", "---\nblogpost: true\ndate: Jan 1 2025\n---\n\n# A\n\nT\n"),
    ]);
    assert_eq!((site.run.code, site.new.len(), site.changed.len()), (Some(2), 0, 0), "{}", site.run.log);
    site.says("ABlog");
}

#[test]
fn a_schema_says_where_posts_are_and_which_keys_they_have() {
    let schema = |loader: &str, keys: &str| {
        format!(
            "const blog = defineCollection({{ {loader} schema: ({{ image }}) => z.object({{ title: z.string(), {keys} }}) }});\nexport const collections = {{ blog }};\n"
        )
    };
    let post = "---\ntitle: A\n---\nText.\n";
    let imported = schema("", "ogImage: image().or(z.string()).optional()");
    let site = ran(&[
        ("astro.config.mjs", ""),
        ("src/content.config.ts", &imported),
        ("src/content/blog/a.md", post),
    ]);
    site.made(&["src/assets/a.jpg"], &["src/content/blog/a.md"]);
    assert!(site.text("src/content/blog/a.md").contains("ogImage: ../../assets/a.jpg\n"));
    site.says("link previews only");
    let site =
        ran(&[("astro.config.mjs", ""), ("src/content.config.ts", &imported), ("src/data/blog/a.md", post)]);
    site.made(&["src/assets/a.jpg"], &["src/data/blog/a.md"]);
    let elsewhere = schema(
        "loader: glob({ pattern: \"**/*.md\", base: \"./src/notes\" }),",
        "cover: z.string().optional()",
    );
    let site =
        ran(&[("astro.config.mjs", ""), ("src/content.config.ts", &elsewhere), ("src/notes/a.md", post)]);
    site.made(&["public/images/a.jpg"], &["src/notes/a.md"]);
    assert!(site.text("src/notes/a.md").contains("cover: /images/a.jpg\n"));
    let closed = schema("", "tags: z.array(z.string()).optional()");
    let site =
        ran(&[("astro.config.mjs", ""), ("src/content.config.ts", &closed), ("src/content/blog/a.md", post)]);
    let text = site.text("src/content/blog/a.md");
    assert!(
        text.starts_with("---\ntitle: A\n---\n![A]("),
        "an unknown key breaks the build or is dropped: {text}"
    );
}

#[test]
fn a_folder_that_chirpy_puts_in_front_holds_the_picture_of_its_post() {
    let post = |day: u8, front: &str| {
        let text = format!("---\ntitle: A\n{front}---\nText.\n");
        (format!("_posts/2025-01-0{day}-p.md"), text)
    };
    let mut files = vec![("_config.yml".to_owned(), "theme: jekyll-theme-chirpy\n".to_owned())];
    for day in 1..=4 {
        files.push((format!("assets/img/p{day}/cover.png"), "PIXEL".to_owned()));
        files.push(post(day, &format!("media_subpath: /assets/img/p{day}\nimage:\n  path: cover.png\n")));
    }
    files.extend([post(5, "media_subpath: /assets/img/p5/\n"), post(6, "")]);
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = ran(&files);
    site.made(
        &["assets/img/2025-01-06-p.jpg", "assets/img/p5/2025-01-05-p.jpg"],
        &["_posts/2025-01-05-p.md", "_posts/2025-01-06-p.md"],
    );
    assert!(site.text("_posts/2025-01-05-p.md").contains("  path: 2025-01-05-p.jpg\n"));
    assert!(site.text("_posts/2025-01-06-p.md").contains("  path: /assets/img/2025-01-06-p.jpg\n"));
    let again = Action::on_a_laptop(site.folder.path()).run();
    assert!(again.log.contains("left alone: 6 (it has its hero image)"), "{}", again.log);
}

#[test]
fn a_schema_that_cannot_be_read_is_said_and_the_next_evidence_counts() {
    let post = dated("A", "");
    let said = |file: &str| format!("The schema of the posts in `{file}` cannot be read here, so the next");
    let foreign = "import { schema } from 'some-package';\nconst blog = defineCollection({ schema });\n";
    let cut_off = "const blog = defineCollection({ schema: z.object({ title: z.string(),\n";
    let layout = ("src/layouts/BlogPost.astro", "<img src={frontmatter.cover}>");
    for schema in [foreign, cut_off] {
        let files = [
            ("astro.config.mjs", ""),
            ("src/content.config.ts", schema),
            layout,
            ("src/content/blog/a.md", &post),
        ];
        let site = ran(&files);
        site.made(&["public/images/a.jpg"], &["src/content/blog/a.md"]);
        site.says(&said("src/content.config.ts"));
        assert!(site.text("src/content/blog/a.md").contains("cover: /images/a.jpg\n"), "{schema}");
    }
    let editor = ("static/admin/config.yml", "collections:\n  - name: blog\n   folder: x\n");
    let hugo = ran(&[("hugo.yaml", "theme: ananke\n"), editor, ("content/posts/a.md", &post)]);
    hugo.made(&["static/images/a.jpg"], &["content/posts/a.md"]);
    hugo.says(&said("static/admin/config.yml"));
    let whole = "const blog = defineCollection({ schema: z.object({ title: z.string() }) });\n";
    let read =
        ran(&[("astro.config.mjs", ""), ("src/content.config.ts", whole), ("src/content/blog/a.md", &post)]);
    assert!(!read.run.log.contains("cannot be read"), "{}", read.run.log);
}

#[test]
fn a_configuration_that_cannot_be_read_is_told_once_with_its_line() {
    let post = dated("A", "");
    for (file, broken, whole, line, path) in [
        ("hugo.toml", "title = 'A'\ntheme = 'x\n", "title = 'A'\n", 2, "content/posts/a.md"),
        ("hugo.yaml", "title: A\n  theme: x\n", "title: A\nurl:\t'x'\n", 2, "content/posts/a.md"),
        ("hugo.json", "{\"title\": \"A\",\n}\n", "\u{feff}{\"title\": \"A\"}\n", 2, "content/posts/a.md"),
        ("zola.toml", "base_url = 'x'\n[extra\n", "base_url = 'x'\n", 2, "content/a.md"),
        ("_config.yml", "title: A\ndefaults: [\n", "title: A\n", 3, "_posts/2025-01-01-a.md"),
    ] {
        let run = |text: &str| ran(&[(file, text), (path, &post)]).run;
        let said = format!("the configuration `{file}` cannot be read (line {line}: ");
        let of_broken = run(broken);
        assert_eq!(of_broken.code, Some(0), "{}", of_broken.log);
        assert_eq!(of_broken.log.matches(&said).count(), 1, "{file}: {}", of_broken.log);
        let of_whole = run(whole);
        assert!(!of_whole.log.contains("cannot be read"), "{file}: {}", of_whole.log);
    }
    let empty = ran(&[("hugo.json", ""), ("content/posts/a.md", &post)]).run;
    assert!(!empty.log.contains("cannot be read"), "{}", empty.log);
    let tabs = ("_config.yml", "title: A\nx:\n\ty: 1\n");
    let hexo = ran(&[tabs, ("scaffolds/post.md", ""), ("source/_posts/a.md", &post)]);
    hexo.says("Site `hexo`");
    assert!(!hexo.run.log.contains("cannot be read"), "{}", hexo.run.log);
}

#[test]
fn a_post_gets_its_picture_in_a_list_of_mappings_where_the_others_have_theirs_so() {
    let with = |field: &str| dated("A", field);
    let [one, two] = ["one", "two"].map(|name| with(&format!("images: [{{src: /{name}.png, alt: A}}]\n")));
    let new = with("");
    let files = [
        ("hugo.toml", ""),
        ("static/one.png", "PIXEL"),
        ("static/two.png", "PIXEL"),
        ("content/posts/one.md", one.as_str()),
        ("content/posts/two.md", two.as_str()),
        ("content/posts/three.md", new.as_str()),
    ];
    let site = ran(&files);
    site.says("named in the field `images[].src` and described in `images[].alt`");
    let text = site.text("content/posts/three.md");
    assert!(text.contains("images: [{src: /images/three.jpg, alt: A}]\n"), "{text}");
    assert_eq!(site.changed, ["content/posts/three.md"], "{}", site.run.log);
    let other = with("images: [{caption: B}]\n");
    let named = |field: &'static str, text: &str| {
        let files = [&files[..5], &[("content/posts/three.md", text)]].concat();
        ran_with(&files, |action| action.input("image-field", field)).text("content/posts/three.md")
    };
    assert!(named("cover.image", &new).contains("cover:\n"));
    let filled = named("images[].src", &other);
    assert!(filled.contains("images: [{caption: B, src: /images/three.jpg, alt: A}]"), "{filled}");
    // Few such lists are galleries.
    let [four, five] = ["content/posts/four.md", "content/posts/five.md"].map(|path| (path, new.as_str()));
    let gallery = ran(&[files.as_slice(), &[four, five]].concat());
    assert_eq!(gallery.changed.len(), 3, "{}", gallery.run.log);
    assert!(gallery.text("content/posts/four.md").contains("images: [/images/four.jpg]"));
}

#[test]
fn a_template_that_is_broken_is_said_and_the_next_evidence_counts() {
    let post = dated("A", "");
    let run = |template: &str| {
        let single = ("layouts/_default/single.html", template);
        ran(&[("hugo.toml", "theme = 'PaperMod'\n"), single, ("content/posts/a.md", &post)])
    };
    let said = "The template `layouts/_default/single.html` breaks off or leaves a tag or block open";
    for broken in ["{{ with .Params.hero }}<img src='{{ . ", "{{ if .Params.hero }}<img>"] {
        let site = run(broken);
        site.says(said);
        assert!(site.text("content/posts/a.md").contains("cover:"), "{}", site.run.log);
    }
    let whole = run("{{ with .Params.hero }}<img src='{{ . }}'>{{ end }}");
    assert!(!whole.run.log.contains("breaks off"), "{}", whole.run.log);
    assert!(whole.text("content/posts/a.md").contains("hero:"), "{}", whole.run.log);
}

#[test]
fn front_matter_in_javascript_is_edited_and_code_is_told_once() {
    let code = "---js\nconst title = \"C\";\nconst date = new Date();\n---\nText.\n";
    let site = ran(&[
        ("eleventy.config.js", ""),
        ("content/404.md", "---\npermalink: 404.html\n---\n# Not found\n"),
        (
            "content/about.md",
            "---js\nconst eleventyNavigation = {\n\tkey: \"About\",\n\torder: 3\n};\n---\n# About\n\nWords.\n",
        ),
        ("content/blog/code.md", code),
        (
            "content/blog/draft.md",
            "---js\nconst title = \"D\";\nconst date = \"2025-01-23\";\nconst draft = true;\n---\nText.\n",
        ),
        ("content/blog/first.md", &dated("A", "")),
        (
            "content/blog/literal.md",
            "---js\nconst title = \"B\";\nconst date = \"2025-01-23\";\n---\nText.\n",
        ),
    ]);
    site.made(
        &["public/img/first.jpg", "public/img/literal.jpg"],
        &["content/blog/first.md", "content/blog/literal.md"],
    );
    let statuses =
        ["about", "blog/code", "blog/draft"].map(|name| site.run.status(&format!("content/{name}.md")));
    assert_eq!(statuses, ["skipped", "failed", "skipped"]);
    site.says("content/blog/code.md: front matter of this kind (JavaScript, which would have to be run)");
    assert!(site.text("content/blog/literal.md").contains(
        "const date = \"2025-01-23\";\nconst image = \"/img/literal.jpg\";\nconst image_alt = \"B\";\n---\n"
    ));
    let root = site.folder.path();
    let run = || Action::on_a_laptop(root).run().code;
    put(root, "content/blog/new.md", code.as_bytes());
    assert_eq!((run(), run()), (Some(1), Some(0)), "red when it is new, and not for ever");
    let asked = Action::on_a_laptop(root).args(&["content/blog/code.md"]).run();
    assert_eq!(asked.code, Some(1), "{}", asked.log);
}
