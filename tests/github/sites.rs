//! Sites in folders of the repository: what is published goes to its paths, whatever the run looks at.

use super::{Run, run_with};
use crate::support::action::Action;
use crate::support::github::{Event, FakeGithub, Happening, Options};
use crate::support::images;
use crate::support::posts::post;
use crate::support::server::Server;

const BLOG: &str = "website/blog/a.md";
const WEB: &str = "apps/web/src/content/blog/b.md";
const PICTURES: [&str; 2] = ["website/static/img/a.jpg", "apps/web/public/images/b.jpg"];

/// A repository with two sites, and a push of a post in each.
fn pushed() -> (FakeGithub, Event) {
    let github = FakeGithub::start(Options::default());
    let files: [(&str, Option<&[u8]>); 3] = [
        ("package.json", Some(b"{\"private\":true,\"workspaces\":[\"apps/*\"]}")),
        ("website/docusaurus.config.js", Some(b"export default {}\n")),
        ("apps/web/astro.config.mjs", Some(b"\n")),
    ];
    github.commit("main", &files, "Begin");
    let before = github.head("main").unwrap();
    let (a, b) = (post("A"), post("B"));
    github.commit("main", &[(BLOG, Some(a.as_bytes())), (WEB, Some(b.as_bytes()))], "Write");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    (github, event)
}

fn run(more: impl FnOnce(Action) -> Action) -> (FakeGithub, Run) {
    let (github, event) = pushed();
    let run = run_with(&github, &event, more);
    (github, run)
}

fn pictures(github: &FakeGithub) -> Vec<String> {
    github.paths("main").into_iter().filter(|path| path.ends_with(".jpg")).collect()
}

#[test]
fn the_posts_of_two_sites_get_their_pictures_in_one_commit() {
    let (github, run) = run(|action| action);
    assert_eq!(run.tally(), (Some(0), 2), "{}", run.finished.everything());
    for path in PICTURES {
        assert!(pictures(&github).contains(&path.to_owned()), "{path}: {}", run.finished.everything());
    }
    let text = |path| String::from_utf8(github.read("main", path).unwrap()).unwrap();
    assert!(text(BLOG).contains("\nimage: /img/a.jpg\n"), "{}", text(BLOG));
    assert!(text(WEB).contains("\nheroImage: /images/b.jpg\n"), "{}", text(WEB));
    assert_eq!(run.finished.status(WEB), "generated");
    assert_eq!(github.log("main").len(), 3, "one commit for all");
}

#[test]
fn a_root_inside_the_repository_is_the_folder_of_the_site() {
    let (github, run) = run(|action| action.input("root", "apps/web"));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(pictures(&github), [PICTURES[1]]);
    assert_eq!(run.finished.status(WEB), "generated");
    assert_eq!(run.finished.outputs["report"], ".image-fallback/report.json");
    assert!(run.workspace.path().join(PICTURES[1]).is_file());
}

#[test]
fn posts_named_in_the_folder_of_a_site_follow_that_site() {
    let (github, run) = run(|action| action.input("posts", "apps/web/src/content/blog/**"));
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(pictures(&github), [PICTURES[1]]);
    let seen_from_it =
        |action: Action| action.input("root", "apps/web").input("posts", "src/content/blog/*.md");
    let (github, run) = self::run(seen_from_it);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(pictures(&github), [PICTURES[1]]);
}

#[test]
fn a_picture_of_one_site_that_waits_in_a_pull_request_is_not_paid_for_again() {
    let (github, event) = pushed();
    let asked = |action: Action| action.input("publish", "pull-request").input("scope", "all");
    let first = run_with(&github, &event, asked);
    assert_eq!(first.tally(), (Some(0), 2), "{}", first.finished.everything());
    let again = run_with(&github, &event, asked);
    assert_eq!(again.tally(), (Some(0), 0), "{}", again.finished.everything());
    assert_eq!(
        (again.finished.status(BLOG), again.finished.status(WEB)),
        ("waiting".into(), "waiting".into())
    );
}

#[test]
fn an_owed_post_of_a_site_in_a_folder_is_found_by_its_path_in_the_repository() {
    let (github, event) = pushed();
    let workspace = super::checkout(&github, &event);
    let down = Server::start(|_| images::cloudflare_fails(503, 1, "down"));
    let action = Action::on_github(&github, &event, workspace.path())
        .cloudflare(&down)
        .input("root", "apps/web")
        .input("patience", "0s");
    let run = action.run();
    assert_eq!(run.code, Some(1), "{}", run.everything());
    let before = github.head("main").unwrap();
    github.commit("main", &[("README.md", Some(b"# Words\n"))], "Words");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let provider = images::cloudflare();
    let workspace = super::checkout(&github, &event);
    let action =
        Action::on_github(&github, &event, workspace.path()).cloudflare(&provider).input("root", "apps/web");
    let run = action.run();
    assert_eq!((run.code, provider.count()), (Some(0), 1), "{}", run.everything());
    assert_eq!(pictures(&github), [PICTURES[1]]);
}

#[test]
fn translations_are_paid_for_once_and_committed_together() {
    let github = FakeGithub::start(Options::default());
    github.commit("main", &[("hugo.toml", Some(b"baseURL = '/'\n"))], "Begin");
    let before = github.head("main").unwrap();
    let text = post("Harbour");
    let posts = ["content/posts/a/index.md", "content/posts/a/index.de.md", "content/posts/a/index.fr.md"];
    let files: Vec<(&str, Option<&[u8]>)> = posts.iter().map(|path| (*path, Some(text.as_bytes()))).collect();
    github.commit("main", &files, "Write");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let run = run_with(&github, &event, |action| action);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!(pictures(&github), ["content/posts/a/a.jpg"]);
    for path in posts {
        let text = String::from_utf8(github.read("main", path).unwrap()).unwrap();
        assert!(text.contains("a.jpg"), "{path}: {text}");
    }
    let before = github.head("main").unwrap();
    github.commit("main", &[("content/posts/a/index.it.md", Some(text.as_bytes()))], "Translate");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let later = run_with(&github, &event, |action| action);
    assert_eq!(later.tally(), (Some(0), 0), "{}", later.finished.everything());
    let italian = String::from_utf8(github.read("main", "content/posts/a/index.it.md").unwrap()).unwrap();
    assert!(italian.contains("a.jpg"), "{italian}");
    assert_eq!(pictures(&github), ["content/posts/a/a.jpg"]);
}

#[test]
fn a_translation_of_a_post_whose_picture_waits_is_not_paid_for() {
    let github = FakeGithub::start(Options::default());
    let text = post("Harbour");
    let files: [(&str, Option<&[u8]>); 2] =
        [("hugo.toml", Some(b"baseURL = '/'\n")), ("content/posts/a/index.md", Some(text.as_bytes()))];
    github.commit("main", &files, "Begin");
    let head = github.head("main").unwrap();
    let event = github.event(Happening::Push { branch: "main", before: &head });
    let asked = |action: Action| action.input("publish", "pull-request").input("scope", "all");
    let first = run_with(&github, &event, asked);
    assert_eq!(first.tally(), (Some(0), 1), "{}", first.finished.everything());
    github.commit("main", &[("content/posts/a/index.de.md", Some(text.as_bytes()))], "Translate");
    let event = github.event(Happening::Push { branch: "main", before: &head });
    let again = run_with(&github, &event, asked);
    assert_eq!(again.tally(), (Some(0), 0), "{}", again.finished.everything());
    assert_eq!(again.finished.status("content/posts/a/index.de.md"), "waiting");
}
