//! Posts on whose own page the theme does not show the picture that they name.

use super::*;

fn embeds(files: &[(&str, &str)], options: Options) -> Vec<(String, Option<String>, Embed)> {
    let root = tree(files);
    let (site, found) = site(&root, options);
    let of = |found: &FoundPost| {
        (found.post.path().to_owned(), site.field_of(&found.post), site.embed_of(&found.post))
    };
    found.posts.iter().map(of).collect()
}

fn expected(posts: &[(&str, Option<&str>, Embed)]) -> Vec<(String, Option<String>, Embed)> {
    let own = |(path, field, embed): &(&str, Option<&str>, Embed)| {
        ((*path).to_owned(), field.map(str::to_owned), *embed)
    };
    posts.iter().map(own).collect()
}

#[test]
fn posts_of_a_section_that_the_theme_leaves_out_get_the_embed_too() {
    let files = [
        ("hugo.toml", "theme = \"hugo-coder\""),
        ("content/about.md", POST),
        ("content/blog/a.md", POST),
        ("content/blog/typed.md", "---\ntitle: A\ntype: posts\n---\nText\n"),
        ("content/posts/b.md", POST),
        ("content/posts/c/index.md", POST),
    ];
    let field = Some("featuredImage");
    let all = [
        ("content/about.md", field, Embed::Markdown),
        ("content/blog/a.md", field, Embed::Markdown),
        ("content/blog/typed.md", field, Embed::None),
        ("content/posts/b.md", field, Embed::None),
        ("content/posts/c/index.md", field, Embed::None),
    ];
    assert_eq!(embeds(&files, Options::default()), expected(&all));
    // Whoever says how it is shown in the text is asked, and so is who names the field.
    for options in [
        Options { embed: Some(Embed::None), ..Options::default() },
        Options { image_field: Some("featuredImage".to_owned()), ..Options::default() },
    ] {
        assert!(embeds(&files, options).iter().all(|(.., embed)| *embed == Embed::None));
    }
}

#[test]
fn a_flat_post_gets_only_the_embed_where_the_field_finds_files_beside_the_post() {
    let single = "{{ with .Resources.GetMatch .Params.cover }}<img src=\"{{ .RelPermalink }}\">{{ end }}";
    let shown = "---\ntitle: A\n---\n![A](/images/d.jpg)\n\nText\n";
    let files = [
        ("hugo.toml", ""),
        ("layouts/single.html", single),
        ("static/images/d.jpg", ""),
        ("content/posts/a.md", POST),
        ("content/posts/b/index.md", POST),
        ("content/posts/c/index.md", "---\ntitle: A\n---\n![A](diagram.png)\n\nText\n"),
        ("content/posts/d.md", shown),
    ];
    let all = [
        ("content/posts/a.md", None, Embed::Markdown),
        ("content/posts/b/index.md", Some("cover"), Embed::None),
        ("content/posts/c/index.md", Some("cover"), Embed::None),
        ("content/posts/d.md", None, Embed::Markdown),
    ];
    assert_eq!(embeds(&files, Options::default()), expected(&all));
    let root = tree(&files);
    let found = site(&root, Options::default()).1;
    // A picture of the text is the hero image where the embed is what shows it, and nowhere else.
    assert_eq!(*hero(&found, "content/posts/c/index.md"), Hero::Missing);
    assert_eq!(*hero(&found, "content/posts/d.md"), Hero::Embedded);
}
