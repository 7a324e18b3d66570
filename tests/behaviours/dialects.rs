//! Front matter as each generator reads it: what is a post, a draft, a date, and where the picture is named.

use super::text;
use crate::support::action::{Action, Finished};
use crate::support::posts::blog;

fn cards(root: &std::path::Path) -> Finished {
    Action::in_actions(root).input("providers", "card").run()
}

#[test]
fn the_header_of_pelicans_own_documentation_is_read_and_edited() {
    let header = "Title: A post\nDate: 2025-01-01\n\nText.\n";
    let folder = blog(&[("pelicanconf.py", "SITENAME='x'\nTHEME='mine'\n"), ("content/a.md", header)]);
    let run = cards(folder.path());
    assert_eq!((run.code, run.status("content/a.md").as_str()), (Some(0), "card"), "{}", run.log);
    let after = text(&folder, "content/a.md");
    let (above, picture) = after.split_once("Image: images/").unwrap();
    assert_eq!(
        (above, picture.split_once('\n').unwrap().1),
        ("Title: A post\nDate: 2025-01-01\n", "\nText.\n")
    );
    assert_eq!(cards(folder.path()).status("content/a.md"), "unchanged");
}

#[test]
fn a_draft_is_known_by_keys_in_capitals_where_the_generator_knows_it() {
    for (site, post, content) in [
        ("pelicanconf.py", "content/d.md", "---\nTitle: Draft\nStatus: draft\n---\n# Draft\n\nText.\n"),
        ("pelicanconf.py", "content/e.md", "Title: Draft\nSTATUS: Hidden\n\nText.\n"),
        ("hugo.toml", "content/p/d.md", "---\nTitle: D\nDraft: true\n---\nText.\n"),
        ("hugo.toml", "content/p/f.md", "---\nTitle: F\nDate: 2099-01-01\n---\nText.\n"),
    ] {
        let config = if site == "hugo.toml" { "baseURL='/'\n" } else { "SITENAME='x'\n" };
        let folder = blog(&[(site, config), (post, content)]);
        let run = cards(folder.path());
        assert_eq!(run.status(post), "skipped", "{post}: {}", run.log);
    }
}

#[test]
fn a_block_that_jekyll_reads_is_read_and_edited_whatever_the_specification_says() {
    for front in [
        "title: \"One\ntwo\"\n",
        "title:\tA\n",
        "title: B\nx: {a:\t1}\n",
        "title: C\nseo:\n  x:\t1\n",
        "title: D\ntags: [\n\ta\n]\n",
        "date:\t2025-01-05\ntitle: E\n",
    ] {
        let post = "_posts/2025-01-01-a.md";
        let before = format!("---\n{front}---\n\nText about rain.\n");
        let folder = blog(&[("_config.yml", "title: x\n"), ("Gemfile", "gem 'jekyll'\n"), (post, &before)]);
        let run = cards(folder.path());
        assert_eq!((run.code, run.status(post).as_str()), (Some(0), "card"), "{front:?}: {}", run.log);
        let after = text(&folder, post);
        let (before_field, field) = after.split_once("image: ").unwrap();
        assert_eq!(before_field, format!("---\n{front}"), "{after}");
        assert!(field.ends_with("\n---\n\nText about rain.\n"), "{after}");
    }
}
