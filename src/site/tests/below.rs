//! Values of a site that lies below a path of its host, and themes that are there and known by their names.

use super::*;

/// The values that a post and a bundle of this site get.
fn values(files: &[(&str, &str)], options: Options) -> [String; 2] {
    let posts = [("content/posts/a.md", POST), ("content/posts/b/index.md", POST)];
    let root = tree(&[files, &posts].concat());
    let (site, found) = site(&root, options);
    let value = |at: usize| site.target(&found.posts[at].post).value();
    [value(0), value(1)]
}

#[test]
fn the_path_of_hugos_address_stands_in_a_value_that_is_written_as_it_stands() {
    for (address, value) in [
        ("https://me.example/", "/images/a.jpg"),
        ("https://me.example/notes/", "/notes/images/a.jpg"),
        ("/", "/images/a.jpg"),
    ] {
        let config = format!("baseURL = \"{address}\"");
        assert_eq!(values(&[("hugo.toml", &config)], Options::default())[0], value, "{address}");
    }
    let completed = "baseURL = \"https://me.example/notes/\"\ncanonifyURLs = true";
    assert_eq!(values(&[("hugo.toml", completed)], Options::default())[0], "/images/a.jpg");
    // Themes that make an address of it do that themselves, whatever address the build is given.
    let config = "baseURL = \"https://me.example/notes/\"\ntheme = \"papermod\"";
    assert_eq!(values(&[("hugo.toml", config)], Options::default()), ["images/a.jpg", "b.jpg"]);
}

#[test]
fn a_folder_of_the_user_is_named_as_the_usual_one_would_be() {
    let dir = || Options { image_dir: Some("static/covers".to_owned()), ..Options::default() };
    for (config, value) in [
        ("baseURL = \"https://me.example/\"", "/covers/a.jpg"),
        ("baseURL = \"https://me.example/notes/\"", "/notes/covers/a.jpg"),
        ("baseURL = \"https://me.example/notes/\"\ntheme = \"mainroad\"", "covers/a.jpg"),
    ] {
        assert_eq!(values(&[("hugo.toml", config)], dir())[0], value, "{config}");
    }
}

#[test]
fn a_theme_that_is_known_says_the_same_whether_or_not_it_is_there() {
    let config = ("hugo.toml", "theme = \"terminal\"");
    let single = "{{ with .Params.cover }}{{ with $.Resources.GetMatch . }}<img src=\"{{ .RelPermalink }}\">{{ end }}{{ else }}{{ with .Resources.GetMatch \"cover.*\" }}<img src=\"{{ .RelPermalink }}\">{{ end }}{{ end }}";
    let there = values(&[config, ("themes/terminal/layouts/single.html", single)], Options::default());
    assert_eq!(there, values(&[config], Options::default()));
    assert_eq!(there, ["images/a.jpg", "b.jpg"]);
}

#[test]
fn an_address_that_the_theme_completes_begins_with_a_slash_in_the_text() {
    let config = ("hugo.toml", "baseURL = \"https://me.example/notes/\"\ntheme = \"papermod\"");
    let root = tree(&[config, ("content/posts/a.md", POST)]);
    let (site, _) = site(&root, Options::default());
    for (file, value, address) in [
        ("static/images/a.jpg", "images/a.jpg", "/notes/images/a.jpg"),
        ("static/images/a.jpg", "/images/a.jpg", "/notes/images/a.jpg"),
        ("static/images/a.jpg", "https://cdn.example/images/a.jpg", "https://cdn.example/images/a.jpg"),
        ("static/a.jpg", "a.jpg", "/notes/a.jpg"),
        // Beside the post it is seen from there as well.
        ("content/posts/b/images/b.jpg", "images/b.jpg", "images/b.jpg"),
        ("content/posts/b/b.jpg", "b.jpg", "b.jpg"),
    ] {
        assert_eq!(site.address_in_body(file, value), address, "{file} {value}");
    }
}
