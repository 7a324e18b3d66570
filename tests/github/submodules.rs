//! Submodules: another repository's folder, into which nothing is ever committed here.

use super::{checkout, github, has_picture, push, run, run_with};
use crate::support::action::Action;
use crate::support::github::{FakeGithub, Fault, Happening, When};
use crate::support::images;
use crate::support::posts::{post, put};

const LISTED: &[u8] = b"[submodule \"pictures\"]\n\tpath = static\n\turl = https://example.com/pictures\n";

/// The submodule stands on the branch as it did.
fn stays(github: &FakeGithub, path: &str) {
    assert_eq!(github.mode("main", path).as_deref(), Some("160000"));
    github.fsck();
}

#[test]
fn pictures_that_would_go_into_a_submodule_are_not_paid_for() {
    // Listed and not checked out, checked out and not listed, and known to the branch alone.
    for (listed, checked_out) in [(true, false), (false, true), (false, false)] {
        let github = github();
        github.make_submodule("main", "static");
        if listed {
            github.commit("main", &[(".gitmodules", Some(LISTED))], "List the submodule");
        }
        let event = push(&github, "main", &["harbour"]);
        let (workspace, provider) = (checkout(&github, &event), images::cloudflare());
        if checked_out {
            put(workspace.path(), "static/.git", b"gitdir: ../.git/modules/static\n");
        }
        let run = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider).run();
        assert_eq!((run.code, provider.count()), (Some(1), 0), "{}", run.everything());
        let post = run.post("posts/harbour.md");
        assert_eq!(post["status"], "failed");
        let reason = post["reason"].as_str().unwrap();
        for words in ["`static`", "submodule", "another repository; choose another `image-dir`"] {
            assert!(reason.contains(words), "{reason}");
        }
        assert!(run.log.contains(reason), "{}", run.log);
        stays(&github, "static");
    }
}

#[test]
fn posts_of_a_submodule_are_named_and_only_the_others_get_pictures() {
    let github = github();
    github.make_submodule("main", "notes");
    let listed = b"[submodule \"notes\"]\n\tpath = notes\n";
    github.commit("main", &[(".gitmodules", Some(&listed[..]))], "List the submodule");
    let before = github.head("main").unwrap();
    super::write(&github, "main", &["harbour"]);
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let (workspace, provider) = (checkout(&github, &event), images::cloudflare());
    let settled = post("Settled").replace("date:", "image: /images/old.jpg\ndate:");
    put(workspace.path(), "static/images/old.jpg", &images::fresh_jpeg());
    put(workspace.path(), "notes/settled.md", settled.as_bytes());
    for number in 1..4 {
        put(workspace.path(), &format!("notes/{number}.md"), post("Foreign").as_bytes());
    }
    let action = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider);
    let action = action.input("posts", "posts/**\nnotes/**").input("scope", "all").input("max-images", "1");
    let run = action.input("describe", "never").run();
    assert_eq!((run.code, provider.count()), (Some(1), 1), "{}", run.everything());
    for number in 1..4 {
        let post = run.post(&format!("notes/{number}.md"));
        assert_eq!(post["status"], "failed");
        assert!(post["reason"].as_str().unwrap().contains("the submodule `notes`"), "{post}");
    }
    assert_eq!(run.status("notes/settled.md"), "unchanged");
    assert!(has_picture(&github, "main", "harbour"));
    stays(&github, "notes");
}

#[test]
fn a_submodule_that_came_to_the_branch_meanwhile_stays_there() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    let deed = Fault::before(|world| _ = world.make_submodule("main", "static"));
    github.fault(When::to("POST", "/git/trees"), deed);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(run.finished.log.contains("`static` is a submodule on the branch"), "{}", run.finished.log);
    stays(&github, "static");
}

#[test]
fn our_branch_that_is_brought_up_to_date_puts_nothing_in_the_place_of_a_submodule() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    run_with(&github, &event, |action| action.input("publish", "pull-request"));
    github.make_submodule("main", "static");
    let event = push(&github, "main", &["island"]);
    let settings = |action: Action| action.input("publish", "pull-request").input("image-dir", "pictures");
    let run = run_with(&github, &event, settings);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    let ours = "image-fallback/main";
    assert!(has_picture(&github, ours, "island"), "{:?}", github.paths(ours));
    assert_eq!(github.mode(ours, "static").as_deref(), Some("160000"));
}
