//! How far up the ladder publishing goes, and what is said at each step down.

use std::sync::atomic::{AtomicU32, Ordering};

use tempfile::TempDir;

use super::{checkout, github, has_picture, picture, push, run, run_with};
use crate::support::action::{Action, Finished};
use crate::support::github::{Actor, FakeGithub, Fault, Protection, Request, When};
use crate::support::images;
use crate::support::server::Server;

const OURS: &str = "image-fallback/main";

/// Somebody commits before every move of the branch, so many times.
fn busy(github: &FakeGithub, times: u32) {
    let done = AtomicU32::new(0);
    let deed = Fault::before(move |world| {
        let number = done.fetch_add(1, Ordering::Relaxed);
        if number < times {
            world.commit("main", &[(&format!("notes/{number}.txt"), Some(b"x"))], "Meanwhile");
        }
    });
    github.fault(When::to("PATCH", "/git/refs/heads/main").always(), deed);
}

#[test]
fn a_branch_that_moves_four_times_gets_its_commit_with_the_fifth_try() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    busy(&github, 4);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
    assert_eq!(github.log("main").iter().filter(|(_, subject)| subject == "Meanwhile").count(), 4);
}

#[test]
fn a_branch_that_never_rests_leads_to_a_pull_request_after_five_tries() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    busy(&github, u32::MAX);
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, OURS, "harbour") && github.pulls().len() == 1);
    let tries = github.requests().iter().filter(|request| request.call.method == "PATCH").count();
    assert_eq!(tries, 5);
}

#[test]
fn a_protected_branch_leads_to_a_pull_request_that_says_why() {
    for protection in
        [Protection::Classic, Protection::NotAuthorized, Protection::StatusCheck, Protection::PullRequest]
    {
        let github = github();
        let event = push(&github, "main", &["harbour"]);
        github.rules(|rules| rules.protect("main", protection));
        let run = run(&github, &event);
        assert_eq!(run.tally(), (Some(0), 1), "{protection:?}: {}", run.finished.everything());
        assert!(run.finished.log.contains("publish: pull-request"), "{}", run.finished.log);
        let pull = &github.pulls()[0];
        assert_eq!((pull.head.as_str(), pull.base.as_str()), (OURS, "main"));
        let (body, tip) = (pull.body.clone().unwrap(), github.head(OURS).unwrap());
        let picture = picture(&github, OURS, "harbour").unwrap();
        assert!(body.contains(&format!("/blob/{tip}/{picture}?raw=true")), "{body}");
        assert!(has_picture(&github, OURS, "harbour"));
    }
}

#[test]
fn forbidden_to_open_a_pull_request_the_branch_stays_with_a_link() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.protect("main", Protection::Classic);
        rules.pull_requests_forbidden = true;
    });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, OURS, "harbour") && github.pulls().is_empty());
    let log = &run.finished.log;
    assert!(log.contains("Allow GitHub Actions to create and approve pull requests"), "{log}");
    assert!(log.contains(&format!("/compare/main...{OURS}?expand=1")), "{log}");
}

#[test]
fn when_no_ref_may_be_written_the_pictures_stay_in_workspace_and_report_folder() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.protect("main", Protection::Classic);
        rules.protect(OURS, Protection::Classic);
    });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(3), 1), "{}", run.finished.everything());
    assert_eq!(run.finished.outputs["verdict"], "failed");
    let root = run.workspace.path();
    let file = "static/images/harbour.jpg";
    let (made, kept) = (root.join(file), root.join(".image-fallback/pictures").join(file));
    // A note follows the picture.
    assert!(std::fs::read(kept).unwrap().starts_with(&std::fs::read(made).unwrap()));
    assert!(run.finished.log.contains("did not reach GitHub"), "{}", run.finished.log);
}

#[test]
fn where_only_signed_commits_may_land_github_makes_the_commit() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.actor = Actor::Person;
        rules.protect("main", Protection::Signatures);
    });
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour") && github.pulls().is_empty());
    assert!(github.show(&github.head("main").unwrap()).unwrap().signed);
}

#[test]
fn a_signed_commit_too_is_tried_again_on_a_branch_that_moved() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.actor = Actor::Person;
        rules.protect("main", Protection::Signatures);
    });
    github.move_branch_before(When::to("POST", "/graphql"), "main", &[("note.txt", Some(b"x"))]);
    let signed = |run: &super::Run| run.finished.everything();
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(0), 1), "{}", signed(&run));
    assert!(has_picture(&github, "main", "harbour") && github.pulls().is_empty());
}

#[test]
fn labels_and_drafts_are_best_effort() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| (rules.labels_forbidden, rules.drafts_unsupported) = (true, true));
    let run = run_with(&github, &event, |action| {
        action.input("publish", "pull-request").input("labels", "blog, pictures").input("draft", "true")
    });
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!((github.pulls().len(), github.pulls()[0].draft), (1, false));

    let github = super::github();
    let event = push(&github, "main", &["harbour"]);
    let run = run_with(&github, &event, |action| {
        action.input("publish", "pull-request").input("labels", "blog, pictures").input("draft", "true")
    });
    assert_eq!(run.tally(), (Some(0), 1), "{}", run.finished.everything());
    assert_eq!((github.pulls()[0].labels.join(" "), github.pulls()[0].draft), ("blog pictures".into(), true));
}

#[test]
fn a_picture_that_github_refuses_is_kept_and_told_and_the_other_is_published() {
    let github = github();
    let event = push(&github, "main", &["harbour", "island"]);
    // The first is the proof of the right to write; the last is the second try of the one refused.
    for nth in [2, 4] {
        github.fault(When::to("POST", "/git/blobs").nth(nth), Fault::BadCredentials);
    }
    let run = run(&github, &event);
    assert_eq!(run.tally(), (Some(3), 2), "{}", run.finished.everything());
    let published = |name: &&&str| has_picture(&github, "main", name);
    assert_eq!(["harbour", "island"].iter().filter(published).count(), 1);
    let lost = ["harbour", "island"].into_iter().find(|name| !published(&name)).unwrap();
    let kept = format!(".image-fallback/pictures/static/images/{lost}.jpg");
    assert!(run.workspace.path().join(kept).is_file());
    assert!(run.finished.log.contains(&format!("posts/{lost}.md: its picture did not reach GitHub")));
}

/// Starts a run, sends SIGTERM when this call has arrived and stays unanswered, and waits for its end.
fn stopped_at(github: &FakeGithub, method: &str, path: &'static str) -> (Finished, TempDir, Server) {
    let event = push(github, "main", &["harbour"]);
    github.fault(When::to(method, path), Fault::Hang);
    let (workspace, provider) = (checkout(github, &event), images::cloudflare());
    let running = Action::on_github(github, &event, workspace.path()).cloudflare(&provider).start();
    let hanging = |request: &Request| request.call.method == method && request.call.path.contains(path);
    while !github.requests().iter().any(hanging) {
        std::thread::yield_now();
    }
    running.signal("TERM");
    (running.wait(), workspace, provider)
}

#[test]
fn a_run_that_is_stopped_before_its_first_picture_ends_without_waiting_for_github() {
    for (method, path) in [("GET", "/compare/"), ("GET", "/git/matching-refs/"), ("POST", "/git/blobs")] {
        let github = github();
        let (run, _, provider) = stopped_at(&github, method, path);
        assert_eq!((run.code, provider.count()), (Some(143), 0), "{}", run.everything());
        assert_eq!(run.outputs["verdict"], "failed");
    }
}

#[test]
fn a_run_that_is_stopped_while_it_publishes_keeps_its_picture_in_the_report_folder() {
    let github = github();
    let (run, workspace, provider) = stopped_at(&github, "PATCH", "/git/refs/heads/main");
    assert_eq!((run.code, provider.count()), (Some(143), 1), "{}", run.everything());
    let kept = ".image-fallback/pictures/static/images/harbour.jpg";
    assert!(workspace.path().join(kept).is_file(), "{}", run.everything());
}
