//! The sites: layouts of our own that read the fields as themes do.

use super::Site;

/// Hugo with the list `images`, as its own templates read it.
pub const HUGO: Site = Site {
    files: &[
        (
            "hugo.toml",
            r#"baseURL = "https://blog.example/"
title = "Notes"
"#,
        ),
        (
            "content/posts/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ range first 1 (.Params.images | default slice) }}<img src="{{ . | relURL }}" alt="">{{ end }}{{ .Content }}</body></html>
"#,
        ),
        (
            "layouts/_default/list.html",
            r#"<html><body>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</body></html>
"#,
        ),
    ],
    post: "content/posts/harbour.md",
    build: &["bin/hugo", "build"],
    built: "public",
    page: "posts/harbour/index.html",
};

/// Hugo with a mapping `cover`, which the other post teaches.
pub const HUGO_COVER: Site = Site {
    files: &[
        (
            "hugo.toml",
            r#"baseURL = "https://blog.example/"
title = "Notes"
"#,
        ),
        (
            "content/posts/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        (
            "content/posts/market.md",
            "---
title: The market
date: 2026-09-01
cover:
  image: /images/market.svg
  alt: Stalls in the rain
---

Stalls in the rain.
",
        ),
        (
            "static/images/market.svg",
            r#"<svg xmlns="http://www.w3.org/2000/svg" width="1200" height="630"/>
"#,
        ),
        (
            "layouts/_default/single.html",
            r#"<html><body><h1>{{ .Title }}</h1>{{ with .Params.cover.image }}<img src="{{ . | relURL }}" alt="{{ $.Params.cover.alt }}">{{ end }}{{ .Content }}</body></html>
"#,
        ),
        (
            "layouts/_default/list.html",
            r#"<html><body>{{ range .Pages }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</body></html>
"#,
        ),
    ],
    post: "content/posts/harbour.md",
    build: &["bin/hugo", "build"],
    built: "public",
    page: "posts/harbour/index.html",
};

/// Jekyll with `image` and `image_alt`.
pub const JEKYLL: Site = Site {
    files: &[
        (
            "_config.yml",
            "title: Notes
",
        ),
        (
            "_posts/2026-10-01-harbour.md",
            "---
layout: post
title: Harbour at dawn
---

Boats leave early.
",
        ),
        (
            "_layouts/post.html",
            r#"<html><body><h1>{{ page.title }}</h1>{% if page.image %}<img src="{{ page.image | relative_url }}" alt="{{ page.image_alt }}">{% endif %}{{ content }}</body></html>
"#,
        ),
    ],
    post: "_posts/2026-10-01-harbour.md",
    build: &["jekyll", "build", "--disable-disk-cache"],
    built: "_site",
    page: "2026/10/01/harbour.html",
};

/// Astro with a content collection whose schema knows `heroImage`.
pub const ASTRO: Site = Site {
    files: &[
        (
            "package.json",
            r#"{ "type": "module", "dependencies": { "astro": "*" } }
"#,
        ),
        (
            "astro.config.mjs",
            "export default {};
",
        ),
        (
            "src/content.config.ts",
            "import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';
const blog = defineCollection({
  loader: glob({ base: './src/content/blog', pattern: '**/*.md' }),
  schema: z.object({ title: z.string(), date: z.coerce.date(), heroImage: z.string().optional() }),
});
export const collections = { blog };
",
        ),
        (
            "src/content/blog/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        (
            "src/pages/blog/[id].astro",
            r#"---
import { getCollection, render } from 'astro:content';
export async function getStaticPaths() {
  return (await getCollection('blog')).map((post) => ({ params: { id: post.id }, props: { post } }));
}
const { post } = Astro.props;
const { Content } = await render(post);
---
<html><body><h1>{post.data.title}</h1>{post.data.heroImage && <img src={post.data.heroImage} alt="">}<Content /></body></html>
"#,
        ),
    ],
    post: "src/content/blog/harbour.md",
    build: &["node_modules/.bin/astro", "build"],
    built: "dist",
    page: "blog/harbour/index.html",
};

/// Eleventy, which copies `public` as it is.
pub const ELEVENTY: Site = Site {
    files: &[
        (
            "eleventy.config.js",
            r#"export default function (config) {
  config.addPassthroughCopy({ public: "/" });
}
"#,
        ),
        (
            "package.json",
            r#"{ "type": "module" }
"#,
        ),
        (
            "content/blog/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
layout: post.njk
---

Boats leave early.
",
        ),
        (
            "_includes/post.njk",
            r#"<html><body><h1>{{ title }}</h1>{% if image %}<img src="{{ image }}" alt="{{ image_alt }}">{% endif %}{{ content | safe }}</body></html>
"#,
        ),
    ],
    post: "content/blog/harbour.md",
    build: &["node_modules/.bin/eleventy"],
    built: "_site",
    page: "content/blog/harbour/index.html",
};

/// Hexo with a theme that reads `cover`.
pub const HEXO: Site = Site {
    files: &[
        (
            "_config.yml",
            "title: Notes
url: https://blog.example
theme: plain
permalink: :title/
",
        ),
        (
            "package.json",
            r#"{ "name": "notes", "hexo": { "version": "" }, "dependencies": { "hexo-renderer-ejs": "*", "hexo-renderer-marked": "*" } }
"#,
        ),
        (
            "source/_posts/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        (
            "themes/plain/layout/post.ejs",
            r#"<html><body><h1><%= page.title %></h1><% if (page.cover) { %><img src="<%= url_for(page.cover) %>" alt=""><% } %><%- page.content %></body></html>
"#,
        ),
        (
            "themes/plain/layout/index.ejs",
            "<html></html>
",
        ),
    ],
    post: "source/_posts/harbour.md",
    build: &["node_modules/.bin/hexo", "generate"],
    built: "public",
    page: "harbour/index.html",
};

/// Pelican with a theme that reads `image`.
pub const PELICAN: Site = Site {
    files: &[
        (
            "pelicanconf.py",
            r#"SITENAME = "Notes"
PATH = "content"
TIMEZONE = "UTC"
DEFAULT_LANG = "en"
FEED_ALL_ATOM = None
CATEGORY_FEED_ATOM = None
TRANSLATION_FEED_ATOM = None
AUTHOR_FEED_ATOM = None
AUTHOR_FEED_RSS = None
THEME = "theme"
STATIC_PATHS = ["images"]
RELATIVE_URLS = True
DIRECT_TEMPLATES = []
MARKDOWN = {"extension_configs": {"markdown.extensions.meta": {}}}
"#,
        ),
        (
            "content/harbour.md",
            "---
title: Harbour at dawn
date: 2026-10-01
---

Boats leave early.
",
        ),
        (
            "theme/static/style.css",
            "
",
        ),
        (
            "theme/templates/base.html",
            "<html></html>
",
        ),
        (
            "theme/templates/index.html",
            "<html></html>
",
        ),
        (
            "theme/templates/archives.html",
            "<html></html>
",
        ),
        (
            "theme/templates/page.html",
            "<html></html>
",
        ),
        (
            "theme/templates/author.html",
            "<html></html>
",
        ),
        (
            "theme/templates/category.html",
            "<html></html>
",
        ),
        (
            "theme/templates/tag.html",
            "<html></html>
",
        ),
        (
            "theme/templates/period_archives.html",
            "<html></html>
",
        ),
        (
            "theme/templates/article.html",
            r#"<html><body><h1>{{ article.title }}</h1>{% if article.image %}<img src="{{ SITEURL }}/{{ article.image }}" alt="">{% endif %}{{ article.content }}</body></html>
"#,
        ),
    ],
    post: "content/harbour.md",
    build: &["bin/pelican", "content", "-o", "output", "-s", "pelicanconf.py"],
    built: "output",
    page: "harbour-at-dawn.html",
};
