//! What was paid for and could not be published is published by a later run, without asking anybody.

use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use super::{Run, checkout, github, has_picture, push, refuse_refs, run, run_with};
use crate::support::action::{Action, Finished};
use crate::support::github::{Event, FakeGithub, Fault, Happening, Protection, Request, When};
use crate::support::images;
use crate::support::posts::{post, put};
use crate::support::server::Server;

const PICTURE: &str = "static/images/harbour.jpg";
const POST: &str = "posts/harbour.md";
const OUTBOX: &str = ".image-fallback/pictures";

/// A run that makes pictures of these posts and can publish nothing; afterwards publishing works again.
fn failed(github: &FakeGithub, names: &[&str]) -> (Run, Event) {
    let event = push(github, "main", names);
    github.rules(|rules| {
        rules.protect("main", Protection::Classic);
        rules.protect("image-fallback/main", Protection::Classic);
    });
    let run = run_with(github, &event, |action| action.input("alt-field", "image_alt"));
    assert_eq!(run.tally(), (Some(3), names.len()), "{}", run.finished.everything());
    github.rules(|rules| rules.protected.clear());
    (run, event)
}

/// A later run in this workspace.
fn again(
    github: &FakeGithub,
    event: &Event,
    root: &Path,
    more: impl FnOnce(Action) -> Action,
) -> (Finished, Server) {
    let provider = images::cloudflare();
    let action = Action::on_github(github, event, root).cloudflare(&provider).input("alt-field", "image_alt");
    let finished = more(action).run();
    github.fsck();
    (finished, provider)
}

fn same(action: Action) -> Action {
    action
}

/// Exit 0 and no request to a provider; the branch holds these bytes as the post's picture, and the post
/// with nothing but the edit.
fn assert_published(github: &FakeGithub, (run, provider): &(Finished, Server), bytes: &[u8]) {
    assert_eq!((run.code, provider.count()), (Some(0), 0), "{}", run.everything());
    assert_eq!(github.read("main", PICTURE).as_deref(), Some(bytes));
    let text = github.git(&["show", "main:posts/harbour.md"]);
    let edited = post("harbour").replace(
        "date: 2026-11-01\n",
        "image: /images/harbour.jpg\nimage_alt: \"harbour\"\ndate: 2026-11-01\n",
    );
    assert_eq!(text, edited);
}

/// A push of another post, checked out over what the runner kept, as `actions/checkout` without
/// `clean` does it.
fn next_push(github: &FakeGithub, root: &Path) -> Event {
    let before = github.head("main").unwrap();
    github.commit("main", &[("README.md", Some(b"# The blog\n"))], "Words");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    let from = format!("file://{}", github.git_dir().display());
    for args in [
        &["fetch", "--quiet", "--depth=1", &from, &event.sha][..],
        &["checkout", "--quiet", "--force", "--detach", "FETCH_HEAD"],
    ] {
        assert!(Command::new("git").arg("-C").arg(root).args(args).status().unwrap().success(), "{args:?}");
    }
    event
}

/// A fresh checkout of a push of something else, with the report folder of an earlier run restored.
fn pushed_and_restored(github: &FakeGithub, earlier: &Path) -> (TempDir, Event) {
    let before = github.head("main").unwrap();
    github.commit("main", &[("README.md", Some(b"# The blog\n"))], "Words");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    (super::restored(github, &event, earlier), event)
}

fn made(run: &Run) -> Vec<u8> {
    std::fs::read(run.workspace.path().join(PICTURE)).unwrap()
}

#[test]
fn a_kept_workspace_whose_post_has_its_picture_is_published_unasked() {
    let github = github();
    let (first, event) = failed(&github, &["harbour"]);
    let bytes = made(&first);
    let second = again(&github, &event, first.workspace.path(), same);
    assert_published(&github, &second, &bytes);
    assert_eq!(second.0.outputs["verdict"], "ok");
    assert_eq!(second.0.outputs["generated"], "1");
    let told = second.0.post(POST);
    assert_eq!((told["status"].as_str(), told["provider"].as_str()), (Some("generated"), Some("cloudflare")));
    assert!(told["reason"].as_str().unwrap().starts_with("reused: "), "{told}");
    assert!(second.0.log.contains("Hero image ready (reused: Cloudflare Workers AI)"), "{}", second.0.log);
    assert!(!first.workspace.path().join(OUTBOX).exists(), "nothing is left to publish");
}

#[test]
fn a_kept_workspace_is_recognised_whatever_the_edit_wrote_and_however_lines_end() {
    let settings: [&[(&str, &str)]; 3] =
        [&[("metadata", "front-matter")], &[("site", "obsidian"), ("posts", "posts/**")], &[]];
    for (given, windows) in settings.into_iter().zip([false, false, true]) {
        let github = github();
        let event = push(&github, "main", &["harbour"]);
        let workspace = checkout(&github, &event);
        if windows {
            put(workspace.path(), POST, post("harbour").replace('\n', "\r\n").as_bytes());
        }
        let with =
            |action: Action| given.iter().fold(action, |action, (name, value)| action.input(name, value));
        refuse_refs(&github);
        let first = again(&github, &event, workspace.path(), with);
        assert_eq!((first.0.code, first.1.count()), (Some(3), 1), "{given:?}: {}", first.0.everything());
        github.clear_faults();
        let before = std::fs::read_to_string(workspace.path().join(POST)).unwrap();
        let second = again(&github, &event, workspace.path(), with);
        assert_eq!((second.0.code, second.1.count()), (Some(0), 0), "{given:?}: {}", second.0.everything());
        let published = github.git(&["show", "main:posts/harbour.md"]);
        assert!(published.contains("harbour.jpg") && !published.contains('\r'), "{published}");
        let lines = |text: &str| text.lines().filter(|line| !line.contains("image_date")).count();
        assert_eq!(lines(&published), lines(&before), "the workspace shows the same: {before}");
        assert!(super::picture(&github, "main", "harbour").is_some());
    }
}

#[test]
fn a_checkout_that_restored_the_post_and_left_the_picture_costs_nothing_either() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    let bytes = made(&first);
    let event = next_push(&github, first.workspace.path());
    let restored = std::fs::read_to_string(first.workspace.path().join(POST)).unwrap();
    assert_eq!(restored, post("harbour"));
    let second = again(&github, &event, first.workspace.path(), same);
    assert_published(&github, &second, &bytes);
}

#[test]
fn a_report_folder_that_an_earlier_step_restored_is_as_good_as_a_kept_workspace() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    std::fs::remove_file(workspace.path().join(".image-fallback/report.json")).unwrap();
    let second = again(&github, &event, workspace.path(), same);
    assert_published(&github, &second, &made(&first));
    assert_eq!(std::fs::read(workspace.path().join(PICTURE)).unwrap(), made(&first), "later steps see it");
}

#[test]
fn alt_text_and_prompt_of_the_first_run_come_along() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    refuse_refs(&github);
    let text_model = images::gemini();
    let with_words = |action: Action| {
        action.gemini(&text_model).input("alt-field", "image_alt").input("metadata", "front-matter")
    };
    let first = run_with(&github, &event, with_words);
    assert_eq!(first.tally(), (Some(3), 1), "{}", first.finished.everything());
    github.clear_faults();
    let asked = text_model.count();
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let second = again(&github, &event, workspace.path(), with_words);
    assert_eq!((second.0.code, second.1.count()), (Some(0), 0), "{}", second.0.everything());
    assert_eq!(text_model.count(), asked, "nobody describes what is drawn already");
    let text = github.git(&["show", "main:posts/harbour.md"]);
    for words in ["A lighthouse at dusk", "A lighthouse on a cliff", "image_provider: \"cloudflare\""] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn a_note_that_somebody_else_wrote_brings_no_markup_into_the_post() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let entry = workspace.path().join(OUTBOX).join(PICTURE);
    let bytes = std::fs::read(&entry).unwrap();
    let note = note(&bytes);
    let mut spoiled: serde_json::Value = serde_json::from_slice(&note).unwrap();
    spoiled["alt"] = "<script>alert(1)</script> [here](https://evil.example)".into();
    let picture = &bytes[..bytes.len() - note.len()];
    std::fs::write(entry, [picture, b"\n", spoiled.to_string().as_bytes()].concat()).unwrap();
    assert_published(&github, &again(&github, &event, workspace.path(), same), &made(&first));
}

#[test]
fn a_run_that_was_killed_while_it_published_is_finished_by_the_next() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.fault(When::to("PATCH", "/git/refs/heads/main"), Fault::Hang);
    let (workspace, provider) = (checkout(&github, &event), images::cloudflare());
    let running = Action::on_github(&github, &event, workspace.path())
        .cloudflare(&provider)
        .input("alt-field", "image_alt")
        .start();
    let hanging = |request: &Request| request.call.method == "PATCH";
    while !github.requests().iter().any(hanging) {
        std::thread::yield_now();
    }
    running.signal("KILL");
    assert_eq!(running.wait().code, None);
    let bytes = std::fs::read(workspace.path().join(PICTURE)).unwrap();
    let event = next_push(&github, workspace.path());
    assert_published(&github, &again(&github, &event, workspace.path(), same), &bytes);
    assert!(std::fs::read(workspace.path().join(".image-fallback/.gitignore")).unwrap().starts_with(b"*"));
}

#[test]
fn a_post_whose_picture_was_lost_is_owed_and_made_again_where_nothing_is_left_of_it() {
    let github = github();
    failed(&github, &["harbour"]);
    let run = run(&github, &push(&github, "main", &["island"]));
    assert_eq!(run.tally(), (Some(0), 2), "{}", run.finished.everything());
    assert!(has_picture(&github, "main", "harbour") && has_picture(&github, "main", "island"));
}

#[test]
fn an_owed_post_that_only_the_workspace_shows_with_its_picture_is_published() {
    let github = github();
    let (first, event) = failed(&github, &["harbour"]);
    std::fs::remove_dir_all(first.workspace.path().join(".image-fallback")).unwrap();
    let second = again(&github, &event, first.workspace.path(), same);
    assert_published(&github, &second, &made(&first));
}

#[test]
fn what_is_reused_does_not_count_against_max_images() {
    let github = github();
    let (first, _) = failed(&github, &["harbour", "island"]);
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let all = |action: Action| action.input("scope", "all").input("max-images", "1");
    let (finished, provider) = again(&github, &event, workspace.path(), all);
    assert_eq!((finished.code, provider.count()), (Some(0), 0), "{}", finished.everything());
    assert!(has_picture(&github, "main", "harbour") && has_picture(&github, "main", "island"));
    assert!(
        finished.log.contains("2 hero images ready (reused: Cloudflare Workers AI 2)"),
        "{}",
        finished.log
    );
}

#[test]
fn a_picture_that_arrived_after_all_is_taken_out_of_the_outbox_and_changes_nothing() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    let by_hand = post("harbour").replace("date:", "image: /images/old.jpg\ndate:");
    github.commit("main", &[(POST, Some(by_hand.as_bytes()))], "By hand");
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let head = github.head("main");
    let (finished, provider) = again(&github, &event, workspace.path(), same);
    assert_eq!((finished.code, provider.count()), (Some(0), 0), "{}", finished.everything());
    assert_eq!(github.head("main"), head);
    assert!(!workspace.path().join(OUTBOX).exists());
}

/// The note of an entry of the outbox, with the line break in front of it.
fn note(entry: &[u8]) -> Vec<u8> {
    entry[entry.iter().rposition(|byte| *byte == b'\n').unwrap()..].to_vec()
}

/// What somebody does to the report folder or the workspace, and why the picture is then not reused.
type Spoiled = (&'static str, fn(&FakeGithub, &Path));

#[test]
fn what_is_no_good_or_meant_for_another_is_never_reused() {
    fn outbox(root: &Path, name: &str) -> std::path::PathBuf {
        root.join(OUTBOX).join(name)
    }
    let cases: [Spoiled; 6] = [
        ("a picture that is cut off", |_, root| {
            let bytes = std::fs::read(outbox(root, PICTURE)).unwrap();
            put(root, &format!("{OUTBOX}/{PICTURE}"), &[&bytes[..1000], &bytes[2000..]].concat());
        }),
        ("an entry that is cut off", |_, root| {
            let bytes = std::fs::read(outbox(root, PICTURE)).unwrap();
            put(root, &format!("{OUTBOX}/{PICTURE}"), &bytes[..bytes.len() / 2]);
        }),
        ("somebody's own picture", |_, root| {
            let note = note(&std::fs::read(outbox(root, PICTURE)).unwrap());
            put(root, &format!("{OUTBOX}/{PICTURE}"), &[&images::fresh_jpeg(), &note[..]].concat());
        }),
        ("a note that names another post", |_, root| {
            let bytes = std::fs::read(outbox(root, PICTURE)).unwrap();
            let note = note(&bytes);
            let other = String::from_utf8(note.clone()).unwrap().replace(POST, "posts/old.md");
            let picture = &bytes[..bytes.len() - note.len()];
            std::fs::write(outbox(root, PICTURE), [picture, other.as_bytes()].concat()).unwrap();
        }),
        ("a picture under a name that is not the post's", |_, root| {
            let to = outbox(root, "static/images/island.jpg");
            std::fs::rename(outbox(root, PICTURE), to).unwrap();
        }),
        ("a link to a picture of ours", |_, root| {
            let (here, there) = (outbox(root, PICTURE), root.join("elsewhere.jpg"));
            std::fs::rename(&here, &there).unwrap();
            std::os::unix::fs::symlink(there, here).unwrap();
        }),
    ];
    for (why, spoil) in cases {
        let github = github();
        let (first, _) = failed(&github, &["harbour"]);
        let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
        spoil(&github, workspace.path());
        let (finished, provider) = again(&github, &event, workspace.path(), same);
        assert_eq!((finished.code, provider.count()), (Some(0), 1), "{why}: {}", finished.everything());
        assert!(has_picture(&github, "main", "harbour"), "{why}");
        assert_ne!(github.read("main", PICTURE).unwrap(), made(&first), "{why}");
    }
}

#[test]
fn a_post_that_asks_for_a_new_picture_gets_a_new_one() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    let anew = post("harbour").replace("date:", "regenerate_image: true\ndate:");
    github.commit("main", &[(POST, Some(anew.as_bytes()))], "Another one");
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let (finished, provider) = again(&github, &event, workspace.path(), same);
    assert_eq!((finished.code, provider.count()), (Some(0), 1), "{}", finished.everything());
    assert_ne!(github.read("main", PICTURE).unwrap(), made(&first));
}

#[test]
fn a_new_picture_that_was_asked_for_and_not_published_is_not_paid_for_again() {
    let anew = post("harbour").replace("date:", "image: /images/old.jpg\nregenerate_image: true\ndate:");
    for kept in [true, false] {
        let github = github();
        let before = github.head("main").unwrap();
        github.commit("main", &[(POST, Some(anew.as_bytes()))], "Another one");
        let event = github.event(Happening::Push { branch: "main", before: &before });
        let refused = [When::to("PATCH", "/git/refs/heads/main"), When::to("POST", "/git/refs")];
        refused.into_iter().for_each(|when| github.fault(when.always(), Fault::BadCredentials));
        let first = run(&github, &event);
        assert_eq!(first.tally(), (Some(3), 1), "{}", first.finished.everything());
        github.clear_faults();
        let elsewhere = pushed_and_restored(&github, first.workspace.path());
        let (root, event) = match kept {
            true => (first.workspace.path(), &event),
            false => (elsewhere.0.path(), &elsewhere.1),
        };
        let (finished, provider) = again(&github, event, root, same);
        assert_eq!((finished.code, provider.count()), (Some(0), 0), "{kept}: {}", finished.everything());
        assert_eq!(github.read("main", PICTURE), Some(made(&first)), "{kept}");
        let text = github.git(&["show", "main:posts/harbour.md"]);
        assert!(
            text.contains("image: /images/harbour.jpg\nimage_alt: \"harbour\"\nregenerate_image: false\n"),
            "{text}"
        );
        assert!(!root.join(OUTBOX).exists(), "nothing is left to publish");
    }
}

#[test]
fn a_post_that_is_gone_since_its_picture_was_kept_is_not_missed() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    github.commit("main", &[(POST, None)], "Take it back");
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    for owed in [true, false] {
        let (finished, provider) = again(&github, &event, workspace.path(), same);
        assert_eq!((finished.code, provider.count()), (Some(0), 0), "{owed}: {}", finished.everything());
    }
}

#[test]
fn a_kept_picture_that_is_no_good_counts_against_max_images() {
    let github = github();
    let (first, _) = failed(&github, &["harbour", "island"]);
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    for name in ["harbour", "island"] {
        let picture = format!("{OUTBOX}/static/images/{name}.jpg");
        let bytes = std::fs::read(workspace.path().join(&picture)).unwrap();
        put(workspace.path(), &picture, &bytes[..bytes.len() / 2]);
    }
    let one = |action: Action| action.input("max-images", "1");
    let (finished, provider) = again(&github, &event, workspace.path(), one);
    assert_eq!(provider.count(), 1, "{}", finished.everything());
}

#[test]
fn a_title_card_is_not_a_picture_to_reuse() {
    let github = github();
    let event = push(&github, "main", &["harbour"]);
    github.rules(|rules| {
        rules.protect("main", Protection::Classic);
        rules.protect("image-fallback/main", Protection::Classic);
    });
    let workspace = checkout(&github, &event);
    let out = Server::start(|_| images::cloudflare_used_up());
    let card = Action::on_github(&github, &event, workspace.path()).cloudflare(&out);
    assert_eq!(card.input("on-exhausted", "card").run().code, Some(3));
    assert!(workspace.path().join(OUTBOX).join(PICTURE).exists());
    github.rules(|rules| rules.protected.clear());
    let (finished, provider) = again(&github, &event, workspace.path(), same);
    assert_eq!((finished.code, provider.count()), (Some(0), 1), "{}", finished.everything());
    assert!(has_picture(&github, "main", "harbour"));
}

#[test]
fn another_branchs_picture_does_not_enter_a_pull_request_of_other_posts() {
    let github = github();
    let (first, _) = failed(&github, &["harbour"]);
    github.branch("topic", &github.head("main").unwrap());
    let event = push(&github, "topic", &["island"]);
    let workspace = checkout(&github, &event);
    let copied =
        Command::new("cp").arg("-r").arg(first.workspace.path().join(OUTBOX)).arg(workspace.path()).status();
    assert!(copied.unwrap().success());
    std::fs::create_dir(workspace.path().join(".image-fallback")).unwrap();
    std::fs::rename(workspace.path().join("pictures"), workspace.path().join(OUTBOX)).unwrap();
    let off = |action: Action| action.input("health", "off");
    let (finished, provider) = again(&github, &event, workspace.path(), off);
    assert_eq!((finished.code, provider.count()), (Some(0), 1), "{}", finished.everything());
    assert!(has_picture(&github, "topic", "island") && !has_picture(&github, "topic", "harbour"));
    assert!(workspace.path().join(OUTBOX).join(PICTURE).exists(), "it still waits for its own branch");
}

#[test]
fn a_dry_run_names_what_would_be_published_and_writes_nothing() {
    let github = github();
    let (first, event) = failed(&github, &["harbour"]);
    github.forget_requests();
    let (finished, provider) =
        again(&github, &event, first.workspace.path(), |action| action.input("dry-run", "true"));
    assert_eq!((finished.code, provider.count()), (Some(0), 0), "{}", finished.everything());
    assert!(github.mutations().is_empty() && first.workspace.path().join(OUTBOX).join(PICTURE).exists());
    assert!(finished.log.contains("1 post would get a hero image"), "{}", finished.log);
}

#[test]
fn a_mapping_that_names_no_picture_is_as_empty_to_the_next_run_as_to_the_first() {
    let github = github();
    let text = post("harbour").replace("date:", "image:\n  caption: A harbour\ndate:");
    let before = github.head("main").unwrap();
    github.commit("main", &[(POST, Some(text.as_bytes()))], "Write");
    let event = github.event(Happening::Push { branch: "main", before: &before });
    github.rules(|rules| {
        rules.protect("main", Protection::Classic);
        rules.protect("image-fallback/main", Protection::Classic);
    });
    let with_field = |action: Action| action.input("image-field", "image");
    let first = run_with(&github, &event, with_field);
    assert_eq!(first.tally(), (Some(3), 1), "{}", first.finished.everything());
    github.rules(|rules| rules.protected.clear());
    let (workspace, event) = pushed_and_restored(&github, first.workspace.path());
    let second = again(&github, &event, workspace.path(), with_field);
    assert_eq!((second.0.code, second.1.count()), (Some(0), 0), "{}", second.0.everything());
    let published = github.git(&["show", "main:posts/harbour.md"]);
    assert!(published.contains("caption: A harbour") && published.contains("harbour.jpg"), "{published}");
}

#[test]
fn a_job_run_again_on_its_old_commit_pays_for_nothing_the_branch_has() {
    let github = github();
    let event = push(&github, "main", &["harbour", "island"]);
    let first = run(&github, &event);
    assert_eq!(first.tally(), (Some(0), 2), "{}", first.finished.everything());
    let pushed = github.head("main");
    let second = run(&github, &event);
    assert_eq!(second.tally(), (Some(0), 0), "{}", second.finished.everything());
    let told = second.finished.post(POST);
    assert_eq!(told["status"], "unchanged");
    assert!(told["reason"].as_str().unwrap().contains("has moved on"), "{told}");
    assert_eq!(github.head("main"), pushed, "nothing is committed a second time");
}

#[test]
fn a_picture_that_only_the_workspace_knows_of_is_published() {
    let github = github();
    let event = push(&github, "main", &["harbour", "island"]);
    let unpublished = run_with(&github, &event, |action| action.input("publish", "none"));
    assert_eq!(unpublished.tally(), (Some(0), 2), "{}", unpublished.finished.everything());
    let root = unpublished.workspace.path();
    let bytes = made(&unpublished);
    std::fs::remove_dir_all(root.join(".image-fallback")).unwrap();
    github.forget_requests();
    let (second, provider) = again(&github, &event, root, same);
    assert_eq!((second.code, provider.count()), (Some(0), 0), "{}", second.everything());
    assert_eq!(github.read("main", PICTURE), Some(bytes));
    assert!(has_picture(&github, "main", "island"));
    let third = again(&github, &event, root, same);
    assert_eq!((third.0.code, third.1.count()), (Some(0), 0), "{}", third.0.everything());
}
