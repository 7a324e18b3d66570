//! A hero image that was taken away from one post comes back as the other posts have theirs: the same key, shape and
//! form of the value, in the same place.

use super::ran;

/// A blog in which every post has its hero image. `{}` stands for the name of a post, `{T}` for its title.
struct Blog {
    name: &'static str,
    config: (&'static str, &'static str),
    post: &'static str,
    picture: &'static str,
    /// What stands before and after the lines of the hero image.
    around: (&'static str, &'static str),
    hero: &'static str,
}

const YAML: (&str, &str) = ("---\ntitle: {T}\ndate: 2025-01-05\n", "---\nText.\n");
const TOML: (&str, &str) = ("+++\ntitle = \"{T}\"\ndate = 2025-01-05\n", "+++\nText.\n");
const HUGO: (&str, &str) = ("hugo.toml", "baseURL = '/'\n");
const JEKYLL: (&str, &str) = ("_config.yml", "title: x\n");
const ASTRO: (&str, &str) = ("astro.config.mjs", "");

const BLOGS: [Blog; 41] = [
    Blog {
        name: "a list of Hugo",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: YAML,
        hero: "images: [/images/{}.png]\n",
    },
    Blog {
        name: "a mapping of Hugo",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: YAML,
        hero: "cover:\n  image: /img/{}.png\n  alt: {T}\n",
    },
    Blog {
        name: "TOML of Hugo",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: TOML,
        hero: "image = \"/img/{}.png\"\n",
    },
    Blog {
        name: "a bare name in a bundle",
        config: HUGO,
        post: "content/posts/{}/index.md",
        picture: "content/posts/{}/{}.png",
        around: YAML,
        hero: "featured_image: {}.png\n",
    },
    Blog {
        name: "the bundle's own folder named from the root",
        config: HUGO,
        post: "content/blog/{}/index.md",
        picture: "content/blog/{}/images/{}.png",
        around: YAML,
        hero: "images: [/blog/{}/images/{}.png]\n",
    },
    Blog {
        name: "a file of the bundle without a field",
        config: HUGO,
        post: "content/posts/{}/index.md",
        picture: "content/posts/{}/cover.png",
        around: YAML,
        hero: "",
    },
    Blog {
        name: "a key of a theme of Jekyll",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/img/{}.png",
        around: YAML,
        hero: "cover-img: /assets/img/{}.png\n",
    },
    Blog {
        name: "a key within a key",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/heads/{}.png",
        around: YAML,
        hero: "header:\n  overlay_image: /assets/heads/{}.png\n",
    },
    Blog {
        name: "a key that no theme is known for",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: YAML,
        hero: "excerpt_image: /assets/{}.png\n",
    },
    Blog {
        name: "folders by year and month",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "uploads/2025/01/{}.png",
        around: YAML,
        hero: "image: /uploads/2025/01/{}.png\nimage_alt: {T}\n",
    },
    Blog {
        name: "a mapping with `url`",
        config: ASTRO,
        post: "src/content/blog/{}.md",
        picture: "public/img/{}.png",
        around: YAML,
        hero: "image:\n  url: /img/{}.png\n  alt: {T}\n",
    },
    Blog {
        name: "a mapping with `src`",
        config: ASTRO,
        post: "src/content/blog/{}.md",
        picture: "public/img/{}.png",
        around: YAML,
        hero: "heroImage:\n  src: /img/{}.png\n  alt: {T}\n",
    },
    Blog {
        name: "a path from the post",
        config: ASTRO,
        post: "src/content/blog/{}.md",
        picture: "src/assets/{}.png",
        around: YAML,
        hero: "heroImage: ../../assets/{}.png\n",
    },
    Blog {
        name: "a bare name",
        config: (".eleventy.js", "module.exports = c => { c.addPassthroughCopy('src/assets') }\n"),
        post: "src/content/blog/{}.md",
        picture: "src/assets/covers/{}.png",
        around: YAML,
        hero: "image: {}.png\n",
    },
    Blog {
        name: "a table of Zola",
        config: ("config.toml", "base_url = '/'\n"),
        post: "content/{}.md",
        picture: "static/pics/{}.png",
        around: ("+++\ntitle = \"{T}\"\ndate = 2025-01-05\n\n[extra]\n", "+++\nText.\n"),
        hero: "image = \"/pics/{}.png\"\n",
    },
    Blog {
        name: "the header of Nikola",
        config: ("conf.py", "BLOG_TITLE = 'x'\n"),
        post: "posts/{}.md",
        picture: "images/{}.png",
        around: ("<!--\n.. title: {T}\n.. date: 2025-01-05\n", "-->\n\nText.\n"),
        hero: ".. previewimage: /images/{}.png\n",
    },
    Blog {
        name: "the header of Pelican",
        config: ("pelicanconf.py", "SITENAME = 'x'\n"),
        post: "content/{}.md",
        picture: "content/images/{}.png",
        around: ("Title: {T}\nDate: 2025-01-05\n", "\nText.\n"),
        hero: "Image: images/{}.png\n",
    },
    Blog {
        name: "no generator",
        config: ("package.json", "{}"),
        post: "posts/{}.md",
        picture: "public/covers/{}.png",
        around: YAML,
        hero: "thumbnail: /covers/{}.png\n",
    },
    Blog {
        name: "double quotes",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: YAML,
        hero: "image: \"/assets/{}.png\"\nimage_alt: '{T}'\n",
    },
    Blog {
        name: "single quotes in the middle",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: ("---\ntitle: {T}\ndate: 2025-01-05 # day\n", "tags: [a, b]\n---\nText.\n"),
        hero: "image: '/assets/{}.png'\n",
    },
    Blog {
        name: "on top",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: ("---\n", "# The title\ntitle: {T}\ndate: 2025-01-05\n---\nText.\n"),
        hero: "image: /assets/{}.png\n",
    },
    Blog {
        name: "behind a list",
        config: ASTRO,
        post: "src/content/blog/{}.md",
        picture: "public/img/{}.png",
        around: ("---\ntitle: {T}\ntags:\n  - a\n  - b\n", "date: 2025-01-05\n---\nText.\n"),
        hero: "heroImage: \"/img/{}.png\"\n",
    },
    Blog {
        name: "a mapping in the middle",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: ("---\ntitle: {T}\n", "date: 2025-01-05\ndraft: false\n---\nText.\n"),
        hero: "cover:\n    image: \"/img/{}.png\"\n    alt: \"{T}\"\n",
    },
    Blog {
        name: "first of a mapping that is there",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: ("---\ntitle: {T}\ncover:\n", "  relative: false\ndate: 2025-01-05\n---\nText.\n"),
        hero: "  image: '/img/{}.png'\n",
    },
    Blog {
        name: "a list on lines of its own",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: ("---\ntitle: {T}\n", "date: 2025-01-05\n---\nText.\n"),
        hero: "images:\n- \"/images/{}.png\"\n",
    },
    Blog {
        name: "an indented list on lines of its own",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: YAML,
        hero: "images:\n  - /images/{}.png\n",
    },
    Blog {
        name: "literal strings of TOML in the middle",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: ("+++\ntitle = \"{T}\"\n", "date = 2025-01-05\n+++\nText.\n"),
        hero: "image = '/img/{}.png'\n",
    },
    Blog {
        name: "on top of a table of Zola",
        config: ("config.toml", "base_url = '/'\n"),
        post: "content/{}.md",
        picture: "static/pics/{}.png",
        around: ("+++\ntitle = \"{T}\"\ndate = 2025-01-05\n\n[extra]\n", "toc = true\n+++\nText.\n"),
        hero: "image = \"/pics/{}.png\"\n",
    },
    Blog {
        name: "lines that end as on Windows",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: ("---\r\ntitle: {T}\r\n", "date: 2025-01-05\r\n---\r\nText.\r\n"),
        hero: "image: \"/assets/{}.png\"\r\n",
    },
    Blog {
        name: "JSON in the middle",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: ("{\n  \"title\": \"{T}\",\n", "  \"date\": \"2025-01-05\"\n}\n\nText.\n"),
        hero: "  \"image\": \"/img/{}.png\",\n",
    },
    Blog {
        name: "an object of JSON on lines of its own",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/img/{}.png",
        around: ("{\n    \"title\": \"{T}\",\n", "    \"date\": \"2025-01-05\"\n}\n\nText.\n"),
        hero: "    \"cover\": {\n        \"image\": \"/img/{}.png\"\n    },\n",
    },
    Blog {
        name: "the header of Nikola in the middle",
        config: ("conf.py", "BLOG_TITLE = 'x'\n"),
        post: "posts/{}.md",
        picture: "images/{}.png",
        around: ("<!--\n.. title: {T}\n", ".. date: 2025-01-05\n-->\n\nText.\n"),
        hero: ".. previewimage: /images/{}.png\n",
    },
    Blog {
        name: "the header of Pelican in the middle",
        config: ("pelicanconf.py", "SITENAME = 'x'\n"),
        post: "content/{}.md",
        picture: "content/images/{}.png",
        around: ("Title: {T}\n", "Date: 2025-01-05\n\nText.\n"),
        hero: "Image: images/{}.png\n",
    },
    Blog {
        name: "a list of mappings on one line",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: YAML,
        hero: "images: [{src: /images/{}.png, alt: {T}}]\n",
    },
    Blog {
        name: "a list of mappings on lines of its own",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: ("---\ntitle: {T}\n", "date: 2025-01-05\n---\nText.\n"),
        hero: "images:\n  - src: \"/images/{}.png\"\n    alt: '{T}'\n",
    },
    Blog {
        name: "a list of mappings whose picture comes last",
        config: JEKYLL,
        post: "_posts/2025-01-05-{}.md",
        picture: "assets/{}.png",
        around: YAML,
        hero: "images:\n-   alt: {T}\n    url: /assets/{}.png\n",
    },
    Blog {
        name: "a list of mappings in braces",
        config: ASTRO,
        post: "src/content/blog/{}.md",
        picture: "public/img/{}.png",
        around: ("---\r\ntitle: {T}\r\n", "date: 2025-01-05\r\n---\r\nText.\r\n"),
        hero: "images:\r\n  - {url: /img/{}.png, alt: \"{T}\"}\r\n",
    },
    Blog {
        name: "a list of tables of TOML",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: TOML,
        hero: "[[images]]\nsrc = '/images/{}.png'\nalt = \"{T}\"\n",
    },
    Blog {
        name: "a list of inline tables of TOML",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: ("+++\ntitle = \"{T}\"\n", "date = 2025-01-05\n+++\nText.\n"),
        hero: "images = [{ src = \"/images/{}.png\", alt = \"{T}\" }]\n",
    },
    Blog {
        name: "a list of objects of JSON",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: ("{\n  \"title\": \"{T}\",\n", "  \"date\": \"2025-01-05\"\n}\n\nText.\n"),
        hero: "  \"images\": [\n    {\n      \"src\": \"/images/{}.png\",\n      \"alt\": \"{T}\"\n    }\n  ],\n",
    },
    Blog {
        name: "a list of objects of JSON on one line",
        config: HUGO,
        post: "content/posts/{}.md",
        picture: "static/images/{}.png",
        around: ("{\n  \"title\": \"{T}\",\n", "  \"date\": \"2025-01-05\"\n}\n\nText.\n"),
        hero: "  \"images\": [{\"src\": \"/images/{}.png\", \"alt\": \"{T}\"}],\n",
    },
];

/// Posts by their names; the last one loses its picture.
const POSTS: [(&str, &str); 4] = [("one", "One"), ("two", "Two"), ("three", "Three"), ("four", "Four")];

/// What is not as it was.
fn difference(blog: &Blog) -> Option<String> {
    let filled =
        |pattern: &str, (name, title): (&str, &str)| pattern.replace("{}", name).replace("{T}", title);
    let of = |post: (&str, &str), hero: &str| {
        let (before, after) = blog.around;
        (filled(blog.post, post), filled(&format!("{before}{hero}{after}"), post))
    };
    let [others @ .., last] = POSTS;
    let mut files = vec![(blog.config.0.to_owned(), blog.config.1.to_owned())];
    for post in others {
        files.push(of(post, blog.hero));
        files.push((filled(blog.picture, post), "PIXEL".to_owned()));
    }
    let (path, original) = of(last, blog.hero);
    files.push(of(last, ""));
    let files: Vec<(&str, &str)> = files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let site = ran(&files);
    let lost = filled(blog.picture, last);
    let (folder, lost) = lost.rsplit_once('/').unwrap();
    let restored = site.new.first().map_or("", String::as_str);
    let Some(name) = restored.strip_prefix(&format!("{folder}/")).filter(|name| !name.contains('/')) else {
        return Some(format!("{}: {:?} and not in {folder}: {}", blog.name, site.new, site.run.log));
    };
    let text = site.text(&path);
    // The name is ours to give; every other byte is as it was.
    let as_it_was = text.replace(name, lost) == original;
    (!as_it_was || site.new.len() != 1).then(|| format!("{}: {text}", blog.name))
}

#[test]
fn a_hero_image_that_was_taken_away_comes_back_as_the_other_posts_have_theirs() {
    let differences: Vec<String> = BLOGS.iter().filter_map(difference).collect();
    assert!(differences.is_empty(), "{}", differences.join("\n\n"));
}
