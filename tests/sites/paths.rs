//! Sites whose own address has a path: the text names the picture with it, a field without it.

use super::{dated, ran, ran_with};
use crate::support::action::Action;

const POST: &str = "_posts/2025-01-01-a.md";
const AT_A_PATH: (&str, &str) = ("_config.yml", "url: https://blog.example\nbaseurl: /notes\n");
const PLAIN: (&str, &str) = ("_layouts/post.html", "<h1>{{ page.title }}</h1>{{ content }}");

#[test]
fn a_picture_in_the_text_has_the_path_of_the_site_in_front_and_counts_from_then_on() {
    let post = dated("A", "");
    let site = ran(&[AT_A_PATH, PLAIN, (POST, &post)]);
    site.made(&["assets/images/2025-01-01-a.jpg"], &[POST]);
    let text = site.text(POST);
    assert!(text.contains("](/notes/assets/images/2025-01-01-a.jpg)"), "{text}");
    let again = ran(&[AT_A_PATH, PLAIN, (POST, &text), ("assets/images/2025-01-01-a.jpg", "PIXEL")]);
    again.made(&[], &[]);
    let root = ran(&[("_config.yml", "url: https://blog.example\n"), PLAIN, (POST, &post)]);
    assert!(root.text(POST).contains("](/assets/images/2025-01-01-a.jpg)"), "{}", root.text(POST));
}

#[test]
fn a_field_keeps_the_plain_address_beside_the_text_that_has_the_path() {
    let shows = ("_layouts/post.html", "<img src=\"{{ page.image | relative_url }}\">{{ content }}");
    let site =
        ran_with(&[AT_A_PATH, shows, (POST, &dated("A", ""))], |action| action.input("embed", "markdown"));
    let text = site.text(POST);
    assert!(text.contains("image: /assets/images/2025-01-01-a.jpg\n"), "{text}");
    assert!(text.contains("](/notes/assets/images/2025-01-01-a.jpg)"), "{text}");
}

#[test]
fn astro_puts_its_base_in_front_of_nothing() {
    let config = ("astro.config.mjs", "export default defineConfig({ base: '/notes' });\n");
    let schema = (
        "src/content.config.ts",
        "const blog = defineCollection({ loader: glob({ base: './src/content/blog', pattern: '**/*.md' }), schema: z.object({ title: z.string(), date: z.coerce.date(), heroImage: z.string().optional() }) });\nexport const collections = { blog };\n",
    );
    let post = dated("A", "");
    let file = "src/content/blog/a.md";
    let shows = ("src/layouts/BlogPost.astro", "<img src={frontmatter.heroImage}><slot />");
    let adds = (
        "src/layouts/BlogPost.astro",
        "<img src={import.meta.env.BASE_URL + frontmatter.heroImage}><slot />",
    );
    let old = dated("B", "heroImage: /images/old.jpg\n");
    for (layout, beside, value) in [
        (shows, &dated("B", ""), "heroImage: /notes/images/a.jpg\n"),
        (adds, &dated("B", ""), "heroImage: /images/a.jpg\n"),
        // The other posts know better.
        (shows, &old, "heroImage: /images/a.jpg\n"),
    ] {
        let files = [config, schema, layout, (file, post.as_str())];
        let others = ["b", "c", "d"].map(|name| (format!("src/content/blog/{name}.md"), beside.as_str()));
        let others = others.iter().map(|(path, text)| (path.as_str(), *text));
        let site = ran(&files
            .into_iter()
            .chain(others)
            .chain([("public/images/old.jpg", "PIXEL")])
            .collect::<Vec<_>>());
        let text = site.text(file);
        assert!(text.contains(value), "{value}: {text}");
        let again = Action::on_a_laptop(site.folder.path()).run();
        assert!(again.code == Some(0) && !again.log.contains("card src/"), "{}", again.log);
    }
    let in_text = ran_with(&[config, (file, post.as_str())], |action| action.input("embed", "markdown"));
    assert!(in_text.text(file).contains("](/notes/images/a.jpg)"), "{}", in_text.text(file));
}

#[test]
fn zola_and_hugo_publish_the_text_as_it_stands_too() {
    let toml = "+++\ntitle = \"A\"\ndate = 2025-01-01\n+++\nT\n";
    for (config, layout, value) in [
        (("zola.toml", "base_url = 'https://blog.example/notes'\n"), "templates/page.html", "/notes/img/"),
        (("hugo.toml", "baseURL = 'https://blog.example/notes/'\n"), "layouts/single.html", "/notes/images/"),
        (
            ("hugo.toml", "baseURL = 'https://blog.example/notes/'\ncanonifyURLs = true\n"),
            "layouts/single.html",
            "](/images/",
        ),
    ] {
        let site = ran(&[config, (layout, "{{ page.content }}"), ("content/posts/a.md", toml)]);
        let text = site.text("content/posts/a.md");
        assert!(text.contains(value), "{value}: {text}");
    }
}
