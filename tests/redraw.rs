//! `redraw`: the posts that somebody names get a new picture where theirs was made here.

use std::fs;
use std::path::Path;

use crate::github::{checkout, github, push, run, run_with};
use crate::support::action::{Action, Finished};
use crate::support::github::Happening;
use crate::support::images;
use crate::support::posts::{blog, blog_of, contents, post, put};
use crate::support::server::Server;

const PICTURE: &str = "static/images/post-1.jpg";

/// A blog of two posts with pictures of ours, and `posts/mine.md` whose picture somebody else made.
fn made() -> (tempfile::TempDir, Server) {
    let (folder, server) = (blog_of(2), images::cloudflare());
    put(folder.path(), "static/images/mine.jpg", &images::fresh_jpeg());
    let mine = post("Mine").replace("date:", "image: /images/mine.jpg\ndate:");
    put(folder.path(), "posts/mine.md", mine.as_bytes());
    let first = Action::on_a_laptop(folder.path()).cloudflare(&server).run();
    assert_eq!((first.code, server.count()), (Some(0), 2), "{}", first.everything());
    (folder, server)
}

/// Which files differ, by their paths.
fn changed(before: &[(String, Vec<u8>)], root: &Path) -> Vec<String> {
    let after = contents(root);
    assert_eq!(before.len(), after.len(), "a file came or went");
    let differ = before.iter().zip(&after).filter(|(before, after)| before != after);
    differ.map(|(before, _)| before.0.clone()).collect()
}

fn reason(run: &Finished, path: &str) -> String {
    run.post(path)["reason"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn the_posts_that_are_named_get_a_new_picture_in_place_and_nothing_else_changes() {
    let (folder, server) = made();
    let before = contents(folder.path());
    let one = Action::on_a_laptop(folder.path()).cloudflare(&server);
    let run = one.args(&["--redraw", "posts/post-1.md"]).run();
    assert_eq!((run.code, server.count()), (Some(0), 3), "{}", run.everything());
    assert_eq!(run.status("posts/post-1.md"), "generated");
    assert_eq!(changed(&before, folder.path()), [PICTURE]);
    let again = Action::on_a_laptop(folder.path()).cloudflare(&server).run();
    assert_eq!((again.code, server.count()), (Some(0), 3), "{}", again.everything());
}

#[test]
fn a_hand_made_picture_stays_and_the_report_says_why() {
    let (folder, server) = made();
    let before = contents(folder.path());
    let all = Action::on_a_laptop(folder.path()).cloudflare(&server).args(&["--redraw", "posts/*.md"]);
    let run = all.run();
    assert_eq!((run.code, server.count()), (Some(0), 4), "{}", run.everything());
    assert_eq!(changed(&before, folder.path()), [PICTURE, "static/images/post-2.jpg"]);
    assert_eq!(run.status("posts/mine.md"), "unchanged");
    assert!(reason(&run, "posts/mine.md").contains("does not bear the mark of this program"));
}

#[test]
fn without_a_named_post_it_is_refused_with_the_cure() {
    let (folder, server) = made();
    let before = contents(folder.path());
    for action in [Action::on_a_laptop(folder.path()), Action::in_actions(folder.path())] {
        let run = action.cloudflare(&server).input("redraw", "true").run();
        assert_eq!((run.code, server.count()), (Some(2), 2), "{}", run.everything());
        assert!(run.everything().contains("name them in `posts`"), "{}", run.everything());
    }
    assert!(changed(&before, folder.path()).is_empty());
}

#[test]
fn the_picture_of_a_bundle_is_drawn_anew_in_its_folder() {
    let folder = blog(&[("hugo.toml", "title = 'x'\n"), ("content/posts/fog/index.md", &post("Fog"))]);
    let server = images::cloudflare();
    let action = || Action::on_a_laptop(folder.path()).cloudflare(&server);
    let first = action().run();
    let path = "content/posts/fog/index.md";
    let picture = first.post(path)["image"].as_str().unwrap().to_owned();
    assert!(picture.starts_with("content/posts/fog/"), "{picture}");
    let before = contents(folder.path());
    let run = action().args(&["--redraw", "content/posts/fog"]).run();
    assert_eq!((run.code, server.count()), (Some(0), 2), "{}", run.everything());
    assert_eq!(changed(&before, folder.path()), [picture]);
}

#[test]
fn a_picture_of_ours_that_was_moved_is_left_and_the_post_names_the_new_one() {
    let (folder, server) = made();
    let root = folder.path();
    fs::rename(root.join(PICTURE), root.join("static/images/moved.jpg")).unwrap();
    let text = fs::read_to_string(root.join("posts/post-1.md")).unwrap();
    fs::write(root.join("posts/post-1.md"), text.replace("/images/post-1.jpg", "/images/moved.jpg")).unwrap();
    let run = Action::on_a_laptop(root).cloudflare(&server).args(&["--redraw", "posts/post-1.md"]).run();
    assert_eq!((run.code, server.count()), (Some(0), 3), "{}", run.everything());
    assert!(root.join(PICTURE).is_file() && root.join("static/images/moved.jpg").is_file());
    assert!(fs::read_to_string(root.join("posts/post-1.md")).unwrap().contains("/images/post-1.jpg"));
}

#[test]
fn a_title_card_replaces_a_title_card_and_no_picture() {
    let (folder, server) = made();
    let before = contents(folder.path());
    let cards =
        || Action::on_a_laptop(folder.path()).input("providers", "card").args(&["--redraw", "posts/*.md"]);
    let run = cards().run();
    assert_eq!(
        (run.code, run.status("posts/post-1.md").as_str()),
        (Some(0), "unchanged"),
        "{}",
        run.everything()
    );
    assert!(reason(&run, "posts/post-1.md").contains("a title card never replaces a picture"));
    assert!(changed(&before, folder.path()).is_empty());

    put(folder.path(), "posts/new.md", post("New").as_bytes());
    assert_eq!(cards().run().status("posts/new.md"), "card");
    let text = fs::read_to_string(folder.path().join("posts/new.md")).unwrap();
    put(folder.path(), "posts/new.md", text.replace("title: New", "title: Newer").as_bytes());
    let before = contents(folder.path());
    assert_eq!(cards().run().status("posts/new.md"), "card");
    assert_eq!(changed(&before, folder.path()), ["static/images/new.jpg"]);
    assert_eq!(server.count(), 2);
}

#[test]
fn translations_that_share_a_picture_are_drawn_once() {
    let files =
        [("hugo.toml", "title = 'x'\ndefaultContentLanguage = 'en'\n[languages.en]\n[languages.de]\n")];
    let folder = blog(&files);
    put(folder.path(), "content/posts/a.md", post("A").as_bytes());
    put(folder.path(), "content/posts/a.de.md", post("A").as_bytes());
    let server = images::cloudflare();
    let action = || Action::on_a_laptop(folder.path()).cloudflare(&server);
    assert_eq!((action().run().code, server.count()), (Some(0), 1));
    let before = contents(folder.path());
    let run = action().args(&["--redraw", "content/posts/*"]).run();
    assert_eq!((run.code, server.count()), (Some(0), 2), "{}", run.everything());
    assert_eq!(changed(&before, folder.path()).len(), 1);
}

/// On GitHub: a commit that holds the new picture, with these settings on top; the post is as this says.
fn is_committed(setting: (&str, &str), post_changes: bool) {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    assert_eq!(run_with(&github, &event, |action| action.input(setting.0, setting.1)).tally(), (Some(0), 1));
    let read = |path: &str| github.read("main", path).unwrap();
    let (picture, post) = ("static/images/harbour.jpg", "posts/harbour.md");
    let before = (github.head("main").unwrap(), read(picture), read(post));
    // The post tells of the second in which its picture was made.
    std::thread::sleep(std::time::Duration::from_secs(u64::from(post_changes)));
    let event = github.event(Happening::WorkflowDispatch { branch: "main" });
    let redraw = |action: Action| {
        action.input(setting.0, setting.1).input("redraw", "true").input("posts", "posts/*.md")
    };
    let done = run_with(&github, &event, redraw);
    assert_eq!(done.tally(), (Some(0), 1), "{}", done.finished.everything());
    assert_eq!(done.finished.status("posts/old.md"), "unchanged");
    assert_ne!(github.head("main").unwrap(), before.0);
    assert!(read(picture) != before.1, "the picture on the branch is the old one");
    assert_eq!(read(post) != before.2, post_changes, "{}", String::from_utf8_lossy(&read(post)));
    assert!(!String::from_utf8_lossy(&read(post)).contains("regenerate_image"));
    // The next run has nothing to do.
    let event = github.event(Happening::WorkflowDispatch { branch: "main" });
    assert_eq!(run(&github, &event).tally(), (Some(0), 0));
}

#[test]
fn on_github_a_commit_replaces_the_picture_and_leaves_the_post() {
    is_committed(("metadata", "none"), false);
}

#[test]
fn on_github_what_the_post_says_of_its_picture_changes_with_it() {
    is_committed(("metadata", "front-matter"), true);
}

#[test]
fn on_github_a_pull_request_carries_the_new_picture() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    assert_eq!(run(&github, &event).tally(), (Some(0), 1));
    let event = github.event(Happening::WorkflowDispatch { branch: "main" });
    let workspace = checkout(&github, &event);
    let provider = images::cloudflare();
    let redraw = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider);
    let redraw =
        redraw.input("redraw", "true").input("posts", "posts/harbour.md").input("publish", "pull-request");
    let done = redraw.run();
    assert_eq!((done.code, provider.count()), (Some(0), 1), "{}", done.everything());
    let picture = "static/images/harbour.jpg";
    assert!(github.read("image-fallback/main", picture) != github.read("main", picture));
}
