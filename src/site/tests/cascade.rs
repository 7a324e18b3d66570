//! What sections and configuration of Hugo say in the name of posts.

use jiff::Timestamp;

use super::*;
use crate::post::eligibility::{Rule, judge};

const CONFIG: &str = "baseURL = \"https://me.example/\"\n";
const SINGLE: (&str, &str) = ("layouts/single.html", "<img src=\"{{ .Params.image }}\">");

fn section(cascade: &str) -> String {
    format!("---\ntitle: S\ncascade:\n{cascade}---\n")
}

/// What every post names as its hero image: `-` where it has none.
fn heroes(config: &str, sections: &[(&str, &str)], posts: &[(&str, &str)]) -> Vec<String> {
    let pictures = ["own.png", "section.png", "near.png", "site.png"].map(|name| format!("static/{name}"));
    let sections: Vec<_> =
        sections.iter().map(|(path, cascade)| (format!("content/{path}"), section(cascade))).collect();
    let posts: Vec<_> = posts
        .iter()
        .map(|(path, text)| (format!("content/{path}"), format!("---\ntitle: A\n{text}---\nText\n")))
        .collect();
    let mut files = vec![("hugo.toml", config), SINGLE];
    files.extend(pictures.iter().map(|path| (path.as_str(), "")));
    files.extend(sections.iter().chain(&posts).map(|(path, text)| (path.as_str(), text.as_str())));
    let root = tree(&files);
    let found = site(&root, Options::default()).1;
    let name = |hero: &Hero| hero.file().map_or("-", |file| path::stem(file)).to_owned();
    found.posts.iter().map(|found| name(&found.hero)).collect()
}

#[test]
fn a_post_has_the_picture_that_its_section_hands_down() {
    let sections = [
        ("posts/_index.md", "  Image: /section.png\n"),
        ("posts/near/_index.md", "  params:\n    image: /near.png\n"),
        (
            "docs/_index.md",
            "  - image: /own.png\n    _target: {kind: section}\n  - image: /near.png\n    target: {path: '/docs/*'}\n  - image: /section.png\n",
        ),
        ("dev/_index.md", "  image: /own.png\n  target: {environment: development}\n"),
    ];
    let posts = [
        ("dev/a.md", "", "-"),
        ("docs/B.md", "", "near"),
        ("docs/deep/a.md", "", "section"),
        ("other/a.md", "", "-"),
        ("posts/a.md", "", "section"),
        ("posts/b/index.md", "", "section"),
        // Empty or not, what the post says itself counts.
        ("posts/c.md", "image: /own.png\n", "own"),
        ("posts/d.md", "image:\n", "-"),
        ("posts/e.md", "IMAGE: ''\n", "-"),
        ("posts/near/a.md", "", "near"),
        ("posts/near/deep/a/index.md", "", "near"),
    ];
    let expected: Vec<_> = posts.iter().map(|(.., hero)| *hero).collect();
    let posts = posts.map(|(path, text, _)| (path, text));
    assert_eq!(heroes(CONFIG, &sections, &posts), expected);
}

#[test]
fn the_configuration_hands_down_what_no_section_does() {
    let config = format!(
        "{CONFIG}[[cascade]]\nimage = \"/near.png\"\n[cascade.target]\npath = \"{{/blog/**,/x}}\"\n[[cascade]]\nimage = \"/site.png\"\n"
    );
    let sections = [("posts/_index.md", "  image: /section.png\n")];
    let posts = [("blog/a.md", ""), ("notes/a.md", ""), ("posts/a.md", "")];
    assert_eq!(heroes(&config, &sections, &posts), ["near", "site", "section"]);
}

#[test]
fn the_configuration_hands_down_to_one_language_what_it_says_there() {
    let config = format!(
        "{CONFIG}[cascade]\nimage = \"/site.png\"\n[languages.de.cascade]\nimage = \"/own.png\"\n[languages.fr]\n[[languages.fr.cascade]]\nimage = \"/near.png\"\n[languages.fr.cascade._target]\npath = \"/blog/**\"\n"
    );
    let posts = [("blog/a.de.md", ""), ("blog/a.fr.md", ""), ("blog/a.md", ""), ("notes/a.fr.md", "")];
    assert_eq!(heroes(&config, &[], &posts), ["own", "near", "site", "site"]);
}

#[test]
fn a_language_has_sections_of_its_own() {
    let sections = [
        (
            "posts/_index.md",
            "  - image: /near.png\n    target: {lang: fr}\n  - image: /section.png\n    target: {lang: en}\n",
        ),
        ("posts/_index.de.md", "  image: /own.png\n"),
    ];
    let posts = [("posts/a.de.md", ""), ("posts/a.md", ""), ("posts/b.fr.md", "")];
    assert_eq!(heroes(CONFIG, &sections, &posts), ["own", "section", "-"]);
}

#[test]
fn what_is_handed_down_keeps_a_post_from_being_built() {
    let root = tree(&[
        ("hugo.toml", CONFIG),
        ("content/drafts/_index.md", &section("  draft: true\n")),
        ("content/drafts/a.md", POST),
        ("content/drafts/due.md", "---\ntitle: A\ndraft: false\n---\n"),
        ("content/hidden/_index.md", &section("  build:\n    render: never\n")),
        ("content/hidden/a.md", POST),
        // The section's own page is not a post, and says nothing of those below.
        ("content/posts/_index.md", "---\ntitle: S\ndraft: true\n---\n"),
        ("content/posts/a.md", POST),
    ]);
    let found = site(&root, Options::default()).1;
    let rule = |found: &FoundPost| judge(&found.post, Timestamp::UNIX_EPOCH, false);
    let rules: Vec<_> = found.posts.iter().map(rule).collect();
    assert_eq!(rules, [Some(Rule::Draft), None, Some(Rule::NotBuilt("build.render")), None]);
}

#[test]
fn a_mapping_that_takes_the_place_of_an_inherited_one_has_all_that_it_needs() {
    let root = tree(&[
        ("hugo.toml", "theme = \"papermod\""),
        ("content/posts/_index.md", &section("  cover:\n    relative: true\n")),
        ("content/posts/a/index.md", POST),
        ("content/posts/b/index.md", "---\ntitle: A\ncover:\n  relative: true\n---\nText\n"),
    ]);
    let (site, found) = site(&root, Options::default());
    let extras = |at: usize| site.extras(&found.posts[at].post, "a.jpg").len();
    assert_eq!((extras(0), extras(1)), (1, 0));
}
