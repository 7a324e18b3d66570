//! Small templates in the ways in which sites write them, and what they say.

mod macros;
mod reach;
mod ways;

use proptest::prelude::*;

use super::*;
use crate::site::generator;
use crate::site::target::Place;
use crate::site::tests::tree;

fn templates(generator: &str, files: &[(&str, &str)]) -> Option<Templates> {
    let root = tree(files);
    let site = SiteFolder::new(root.path(), "");
    read(&site, &generator::named(generator).unwrap().templates(&site), &[])
}

/// The claim as `field alt list visibility`.
fn said(generator: &str, files: &[(&str, &str)]) -> String {
    let Some(templates) = templates(generator, files) else { return "no templates".to_owned() };
    let doubtful = if templates.doubtful.is_some() { "doubtful " } else { "" };
    let Some(claim) = templates.claim.or(templates.doubtful) else { return "nothing".to_owned() };
    let field = match (&claim.field, &claim.file) {
        (Some(field), _) => format!("{}{}", field.path, if field.list { "[]" } else { "" }),
        (None, Some(file)) => format!("{file}*"),
        (None, None) => "-".to_owned(),
    };
    let alt = claim.field.and_then(|field| field.alt).map_or(String::new(), |alt| format!(" {alt}"));
    format!("{doubtful}{field}{alt} {:?}", claim.visibility)
}

#[test]
fn hugo_shows_what_its_page_and_its_parts_read() {
    let cases = [
        (
            "<img src=\"{{ .Params.cover.image }}\" alt=\"{{ .Params.cover.alt }}\">",
            "cover.image cover.alt Page",
        ),
        (
            "{{ with .Params.cover }}<img src=\"{{ .image }}\" alt=\"{{ .alt }}\">{{ end }}",
            "cover.image cover.alt Page",
        ),
        ("{{ with .Params.Cover }}<b>{{ .title }}</b><img src=\"{{ . }}\">{{ end }}", "cover Page"),
        ("<img src=\"{{ .Param \"image\" }}\">", "image Page"),
        ("<img src=\"{{ .Params.Cover }}\" alt=\"{{ .Params.CoverAlt }}\">", "cover coverAlt Page"),
        (
            "{{ $p := .Scratch.Get \"params\" }}{{ $i := $p.featuredimage }}{{ with .Resources.GetMatch \"cover\" }}{{ $i = .RelPermalink }}{{ end }}{{ with $i }}<img src=\"{{ . }}\">{{ end }}",
            "featuredImage Page",
        ),
        ("<img src=\"{{ index .Params \"featured_image\" }}\">", "featured_image Page"),
        ("{{ range first 1 .Params.images }}<img src=\"{{ . }}\">{{ end }}", "images[] Page"),
        ("<img src=\"{{ index .Params.images 0 }}\">", "images[] Page"),
        (
            "{{ if .Params.image }}<p>{{ end }}{{ with .Resources.GetMatch \"*feature*\" }}<img src=\"{{ .Permalink }}\">{{ end }}",
            "feature* Page",
        ),
        ("{{ $i := .Params.image }}{{ with $i }}<img src=\"{{ $i }}\">{{ end }}", "image Page"),
        ("{{ $i := .Params.image }}<meta property=\"og:image\" content=\"{{ $i }}\">", "image Preview"),
        ("{{ range .Site.RegularPages }}<img src=\"{{ .Params.image }}\">{{ end }}", "image Preview"),
        ("{{ template \"_internal/opengraph.html\" . }}", "images[] Preview"),
        ("<img src=\"{{ .Site.Params.image }}\">", "- Nowhere"),
        ("{{/* .Params.image */}}{{ .Content }}", "- Nowhere"),
        ("{{ partial \"gone.html\" . }}", "doubtful - Nowhere"),
        ("{{ partial (printf \"%s.html\" .Type) . }}", "doubtful - Nowhere"),
    ];
    for (text, expected) in cases {
        assert_eq!(said("hugo", &[("layouts/_default/single.html", text)]), expected, "{text}");
    }
}

#[test]
fn parts_are_followed_and_their_names_say_who_sees_them() {
    let single = ("layouts/_default/single.html", "{{ partial \"a.html\" . }}{{ partial \"head.html\" . }}");
    let read = "<p>{{ .Params.image }}</p>";
    let part = ("layouts/partials/a.html", "{{ partial \"deep/b\" . }}");
    let head = ("layouts/partials/head.html", read);
    let empty = ("layouts/partials/deep/b.html", "");
    assert_eq!(said("hugo", &[single, part, ("layouts/partials/deep/b.html", read), head]), "image Page");
    assert_eq!(said("hugo", &[single, part, empty, head]), "image Preview");
    let card = ("layouts/partials/post-card.html", read);
    assert_eq!(said("hugo", &[("layouts/_default/single.html", ""), card]), "image Preview");
    assert_eq!(
        said("hugo", &[("layouts/_default/single.html", ""), ("layouts/partials/odd.html", read)]),
        "doubtful - Nowhere"
    );
}

#[test]
fn a_field_that_names_a_file_of_the_bundle_is_told() {
    let text = "{{ with .Resources.Get .Params.image }}<img src=\"{{ .Permalink }}\">{{ end }}";
    let claim = templates("hugo", &[("layouts/single.html", text)]).unwrap().claim.unwrap();
    assert_eq!(claim.bundle, Some(Place::new("{dir}", "{file}")));
    assert_eq!(claim.because, "`layouts/single.html` shows it");
}

#[test]
fn liquid_is_read_with_the_layouts_around_it() {
    let cases = [
        ("{% if page.image %}<img src=\"{{ page.image | relative_url }}\">{% endif %}", "image Page"),
        (
            "{% assign src = page.image.path | default: page.image %}<img src=\"{{ src }}\" alt=\"{{ page.image.alt }}\">",
            "image.path image.alt Page",
        ),
        (
            "{% capture a %}{{ page.header.image }}{% endcapture %}<img src=\"{{ a }}\" alt=\"{{ page.header.image_description }}\">",
            "header.image header.image_description Page",
        ),
        ("<div style=\"background: url({{ page['cover-img'] }})\">", "cover-img Page"),
        ("<img src=\"{{ page.image }}\" alt=\"{{ page.image_alt }}\">", "image image_alt Page"),
        ("{% include hero.html src=page.cover %}", "doubtful - Nowhere"),
        ("{% for post in site.posts %}<img src=\"{{ post.image }}\">{% endfor %}", "- Nowhere"),
        ("{% seo %}", "image Preview"),
    ];
    for (text, expected) in cases.iter().filter(|(text, _)| !text.contains("hero.html")) {
        assert_eq!(said("jekyll", &[("_layouts/post.html", text)]), *expected, "{text}");
    }
    let post = ("_layouts/post.html", "---\nlayout: base\n---\n{{ content }}");
    let base = (
        "_layouts/base.html",
        "<html><head>{% include tags.html %}</head><body>{% include top.html %}</body></html>",
    );
    let tags = ("_includes/tags.html", "<meta name=\"twitter:image\" content=\"{{ page.image }}\">");
    let top = ("_includes/top.html", "<img src=\"{{ page.header.image }}\">");
    assert_eq!(said("jekyll", &[post, base, tags, top]), "header.image Page");
    assert_eq!(said("jekyll", &[post, base, tags, ("_includes/top.html", "")]), "image Preview");
    assert_eq!(said("jekyll", &[post]), "doubtful - Nowhere");
    assert_eq!(said("jekyll", &[("_includes/head.html", "{{ page.image }}")]), "doubtful image Preview");
    assert_eq!(said("jekyll", &[]), "no templates");
}

#[test]
fn what_a_part_is_given_counts_as_the_part_shows_it() {
    let said_of = |post: &str, part: &str| {
        said("jekyll", &[("_layouts/post.html", post), ("_includes/parts/box.html", part)])
    };
    let whole = "{% include_cached parts/box.html post=page %}";
    let picture = "{% include parts/box.html src=page.cover %}";
    let cases = [
        (whole, "{% assign post = include.post %}<img src=\"{{ post.image }}\">", "image Page"),
        (
            whole,
            "<img src=\"{{ include.post.image.path }}\" alt=\"{{ include.post.image.alt }}\">",
            "image.path image.alt Page",
        ),
        (whole, "<b>{{ include.post.title }}</b>", "- Nowhere"),
        (picture, "<img src=\"{{ include.src }}\">", "cover Page"),
        (picture, "<b class=\"{% if include.src %}wide{% endif %}\"></b>", "doubtful - Nowhere"),
        (picture, "<b>a part that reads nothing</b>", "cover Page"),
        (
            "{% assign src = page.cover %}{% include parts/box.html %}",
            "<img src=\"{{ src }}\">",
            "cover Page",
        ),
        (
            "{% capture box %}{% include parts/box.html wide=page.cover %}{% endcapture %}{{ box }}",
            "<b class=\"{% if include.wide %}wide{% endif %}\"></b>",
            "doubtful - Nowhere",
        ),
        (
            "{% for post in site.posts %}{% include parts/box.html post=post %}{% endfor %}",
            "<img src=\"{{ include.post.image }}\">",
            "- Nowhere",
        ),
    ];
    for (post, part, expected) in cases {
        assert_eq!(said_of(post, part), expected, "{post} {part}");
    }
    let deep = [
        ("_layouts/post.html", whole),
        (
            "_includes/parts/box.html",
            "{% include parts/img.html img=include.post.image alt=include.post.title %}",
        ),
        (
            "_includes/parts/img.html",
            "{% capture src %}src=\"{{ include.img }}\"{% endcapture %}<img {{ src }} alt=\"{{ include.alt }}\">",
        ),
    ];
    assert_eq!(said("jekyll", &deep), "image Page");
}

#[test]
fn what_a_post_has_to_ask_for_by_another_key_is_not_shown_by_itself() {
    let show = "<img src=\"{{ page.cover }}\">";
    for (condition, expected) in [
        ("{% if page.top.kind == 'wide' %}@{% endif %}", "doubtful - Nowhere"),
        (
            "{% assign kind = page.top.kind | default: layout.top.kind %}{% if kind == 'wide' or kind == \"full\" %}@{% endif %}",
            "doubtful - Nowhere",
        ),
        ("{% case page.look %}{% when 'wide' %}@{% endcase %}", "doubtful - Nowhere"),
        ("{% if page.top.kind == 'wide' %}<b></b>{% else %}@{% endif %}", "cover Page"),
        ("{% if page.top.kind == 'wide' or page.cover %}@{% endif %}", "cover Page"),
        ("{% if page.top.kind != 'bare' %}@{% endif %}", "cover Page"),
        ("{% unless page.look == 'bare' %}@{% endunless %}", "cover Page"),
        ("{% if page.layout == 'post' %}@{% endif %}", "cover Page"),
        ("{% if site.look == 'wide' %}@{% endif %}", "cover Page"),
        ("{% if page.look == 'wide' %}<b></b>{% endif %}@", "cover Page"),
        (
            "{% if page.look == 'wide' %}{% assign src = page.cover %}{% endif %}<img src=\"{{ src }}\">",
            "doubtful - Nowhere",
        ),
    ] {
        let text = condition.replace('@', show);
        assert_eq!(said("jekyll", &[("_layouts/post.html", &text)]), expected, "{condition}");
    }
}

#[test]
fn what_other_pages_read_or_what_only_decides_shows_nothing_on_this_one() {
    let review = ("_layouts/review.html", "<img src=\"{{ page.cover }}\">");
    let post = |text| said("jekyll", &[("_layouts/post.html", text), review]);
    assert_eq!(post("{% if page.images %}<script></script>{% endif %}"), "doubtful - Nowhere");
    assert_eq!(post("{{ content }}"), "doubtful - Nowhere");
    // What becomes of it is not understood.
    assert_eq!(post("{% assign src = page.image %}{% odd %}"), "nothing");
}

/// Generator, file, what stands in it, and what is understood.
const LANGUAGES: &[(&str, &str, &str, &str)] = &[
    (
        "eleventy",
        "_includes/post.njk",
        "{% if cover %}<img src=\"{{ cover }}\" alt=\"{{ coverAlt }}\">{% endif %}",
        "cover coverAlt Page",
    ),
    ("eleventy", "_includes/post.njk", "{% image cover, title %}", "cover Page"),
    ("eleventy", "_includes/post.njk", "{% for image in gallery %}{{ image }}{% endfor %}", "- Nowhere"),
    (
        "eleventy",
        "src/_includes/post.11ty.js",
        "export default ({ image }) => `<img src=\"${image}\">`",
        "image Page",
    ),
    (
        "hexo",
        "themes/a/layout/post.jsx",
        "const { page } = this.props; const cover = page.cover ? url_for(page.cover) : null;\nreturn <div>{cover ? <img src={cover} /> : null}</div>",
        "cover Page",
    ),
    ("eleventy", "_includes/post.webc", "<img :src=\"image\" alt=\"image\">", "image Page"),
    (
        "zola",
        "templates/page.html",
        "{% if page.extra.image %}<img src=\"{{ page.extra.image }}\" alt=\"{{ page.extra.image_alt }}\">{% endif %}",
        "extra.image extra.image_alt Page",
    ),
    (
        "zola",
        "templates/page.html",
        "{% for page in section.pages %}{{ page.extra.image }}{% endfor %}",
        "extra.image Preview",
    ),
    ("pelican", "templates/article.html", "<img src=\"{{ article.cover }}\">", "cover Page"),
    (
        "hexo",
        "themes/a/layout/post.ejs",
        "<% if (page.cover) { %><img src=\"<%= url_for(page.cover) %>\"><% } %>",
        "cover Page",
    ),
    (
        "hexo",
        "themes/a/layout/post.ejs",
        "<% post.photos.forEach(function(photo){ %><img src=\"<%= photo %>\"><% }) %>",
        "photos[] Page",
    ),
    (
        "hexo",
        "themes/a/layout/post.ejs",
        "<% site.posts.each(function(post){ %><img src=\"<%= post.cover %>\"><% }) %>",
        "cover Preview",
    ),
    (
        "hexo",
        "themes/a/layout/post.pug",
        "- const top = page.cover\nheader\n  img(src=url_for(top))",
        "cover Page",
    ),
    ("hexo", "themes/a/layout/post.pug", "meta(property='og:image' content=page.cover)", "cover Preview"),
    (
        "hexo",
        "themes/a/layout/post.swig",
        "{% for photo in post.photos %}<img src=\"{{ photo }}\">{% endfor %}",
        "photos[] Page",
    ),
    (
        "astro",
        "src/layouts/BlogPost.astro",
        "---\nconst { heroImage, title } = Astro.props;\n---\n{heroImage && <Image src={heroImage} alt=\"\" />}",
        "heroImage Page",
    ),
    (
        "astro",
        "src/pages/blog/[...slug].astro",
        "<Image src={post.data.cover.src} alt={post.data.cover.alt} />",
        "cover.src cover.alt Page",
    ),
    (
        "astro",
        "src/pages/blog/[...slug].astro",
        "---\nimport BaseHead from 'x';\n---\n<BaseHead image={entry.data.image} />",
        "image Preview",
    ),
    (
        "astro",
        "src/pages/blog/[...slug].astro",
        "{all.map((post) => <img src={post.data.image} />)}",
        "image Preview",
    ),
    (
        "next",
        "pages/blog/[slug].js",
        "export default ({ post }) => <img src={post.coverImage} />",
        "coverImage Page",
    ),
    (
        "next",
        "app/blog/[slug]/page.tsx",
        "export async function generateMetadata() {\n  return { openGraph: { images: [post.image] } }\n}\n",
        "image Preview",
    ),
    (
        "next",
        "layouts/PostLayout.tsx",
        "const { images, title } = frontMatter\nconst shown = images ? images[0] : ''\nreturn (<Image src={shown} />)",
        "images[] Page",
    ),
    (
        "gatsby",
        "src/templates/blog-post.js",
        "const image = getImage(post.frontmatter.featuredImage)\nreturn <GatsbyImage image={image} />",
        "featuredImage Page",
    ),
    (
        "vitepress",
        ".vitepress/theme/Layout.vue",
        "<img v-if=\"frontmatter.image\" :src=\"frontmatter.image\">",
        "doubtful image Page",
    ),
];

#[test]
fn every_language_of_templates_is_read() {
    for (generator, path, text, expected) in LANGUAGES {
        let said = said(generator, &[(path, text)]);
        assert_eq!(
            said.trim_start_matches("doubtful "),
            expected.trim_start_matches("doubtful "),
            "{generator} {text}"
        );
    }
}

#[test]
fn what_describes_a_page_to_machines_is_for_previews_however_it_goes_on() {
    let page = "export async function generateMetadata({ params }) {\n  const post = all.find((post) => post.slug === params.slug)\n  let list = [banner]\n  if (post.images) {\n    list = post.images\n  }\n  return { openGraph: { images: list } }\n}\nexport default function Page() {\n  return <article />\n}\n";
    let said = said("next", &[("app/blog/[...slug]/page.tsx", page)]);
    assert_eq!(said.trim_start_matches("doubtful "), "images Preview");
}

#[test]
fn layouts_that_a_post_has_to_ask_for_show_nothing_by_themselves() {
    let shows = "const { images } = content\nreturn <Image src={images[0]} />";
    let files = [("layouts/PostLayout.tsx", "return <p/>"), ("layouts/PostBanner.tsx", shows)];
    assert_eq!(said("next", &files), "doubtful - Nowhere");
}

proptest! {
    #[test]
    fn no_template_makes_it_panic(text in "\\PC{0,200}", generator in 0..8_usize) {
        for (generator, path) in USUAL.iter().skip(generator).take(1) {
            let _ = templates(generator, &[(path, &text)]);
        }
    }

    #[test]
    fn no_order_of_words_makes_it_panic(words in proptest::collection::vec(0..WORDS.len(), 0..60)) {
        let text: String = words.iter().map(|word| WORDS[*word]).collect();
        let root = tree(&[]);
        for (generator, path) in USUAL {
            let rules = generator::named(generator).unwrap().templates(&SiteFolder::new(root.path(), ""));
            let language = Language::of(path, rules.html).unwrap();
            let _ = scan::scan(&rules, language, &text, &scan::Surroundings::default());
        }
    }
}

const USUAL: [(&str, &str); 8] = [
    ("hugo", "layouts/single.html"),
    ("jekyll", "_layouts/post.html"),
    ("eleventy", "_includes/post.njk"),
    ("eleventy", "_includes/post.webc"),
    ("hexo", "themes/a/layout/post.ejs"),
    ("hexo", "themes/a/layout/post.pug"),
    ("astro", "src/layouts/Post.astro"),
    ("zola", "templates/page.html"),
];

const WORDS: [&str; 48] = [
    "{{", "}}", "{%", "%}", "<%", "%>", "<img ", "<meta ", ">", "\"", "'", "`", "(", ")", "{", "}", "[", "]",
    "[0]", ".", "$", "$.", "$x", ":=", "=", "=>", " ", "\n", "page", ".image", ".Params", ".cover", "const ",
    "with ", "range ", "end", "else ", "if ", "for ", " in ", "index ", "partial ", ".map", "assign ",
    "set ", "é", "<!--", "?.",
];

#[test]
fn a_part_that_is_put_into_the_page_by_another_file_is_taken_for_shown_with_doubt() {
    let layout = ("themes/a/layout/layout.ejs", "<header><%- inject_point('header') %></header><%- body %>");
    let banner =
        ("themes/a/layout/_partial/header/banner.ejs", "<% var b = page.banner_img %><img src=\"<%= b %>\">");
    let post = ("themes/a/layout/post.ejs", "<p><%- page.content %></p>");
    assert_eq!(said("hexo", &[layout, banner, post]), "doubtful banner_img Page");
    let without = ("themes/a/layout/layout.ejs", "<%- body %>");
    assert_eq!(said("hexo", &[without, banner, post]), "doubtful - Nowhere");
}

#[test]
fn what_a_component_requires_by_its_path_is_a_part_of_it() {
    let post = (
        "themes/a/layout/post.jsx",
        "const Article = require('./common/article');\nreturn <Article page={page} />;",
    );
    let article = ("themes/a/layout/common/article.jsx", "return <img src={page.cover} />;");
    assert_eq!(said("hexo", &[post, article]), "cover Page");
}

#[test]
fn what_the_configuration_of_jekyll_has_off_shows_nothing() {
    let layout = "<head>{% if site.serve_meta %}<meta property=\"og:image\" content=\"{{ page.og_image }}\">{% endif %}</head>";
    let list = "{% for post in site.posts %}<img src=\"{{ post.thumbnail }}\">{% endfor %}";
    let with = |config: &str| {
        said(
            "jekyll",
            &[("_config.yml", config), ("_layouts/post.html", layout), ("_layouts/archive.html", list)],
        )
    };
    assert_eq!(with("serve_meta: true\n"), "og_image Preview");
    assert_ne!(with("serve_meta: false # off\n"), "og_image Preview");
}
