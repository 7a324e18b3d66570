//! Machines that are not as they should be.

use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::github::{checkout, github, has_picture, push};
use crate::hostile::{put_good, with_pictures};
use crate::support::action::{Action, Finished};
use crate::support::github::{Event, FakeGithub, Fault, When};
use crate::support::images;
use crate::support::machine::Machine;
use crate::support::posts::{blog_of, contents};
use crate::support::server::{Gate, Server};

#[test]
fn a_clock_outside_of_the_calendar_ends_no_run() {
    // Before its date a post waits.
    for (second, status) in
        [(300_000_000_000, "generated"), (1 << 50, "generated"), (-400_000_000_000, "skipped")]
    {
        let blog = tempfile::tempdir().unwrap();
        put_good(blog.path());
        let machine = Machine::whose_clock_shows(second);
        let action = with_pictures(blog.path()).input("metadata", "front-matter");
        let run = action.env("LD_PRELOAD", machine.library()).run();
        assert_eq!(run.code, Some(0), "{second}: {}{}", run.log, run.stderr);
        assert_eq!(run.status("posts/good.md"), status);
        assert_eq!(run.outputs["verdict"], "ok");
    }
}

#[test]
fn a_panic_ends_a_run_with_exit_3_and_with_all_that_every_end_has() {
    let blog = tempfile::tempdir().unwrap();
    put_good(blog.path());
    let machine = Machine::without_threads();
    let run = with_pictures(blog.path()).env("LD_PRELOAD", machine.library()).run();
    assert_eq!(run.code, Some(3), "{}{}", run.log, run.stderr);
    assert_eq!(run.outputs["verdict"], "failed");
    for told in [&run.log, &run.summary] {
        assert!(told.contains("this is a fault of the program"), "{told}");
    }
    assert_eq!(run.report()["verdict"], "failed");
    assert!(run.log.contains("error: internal error at "), "{}", run.log);
}

#[test]
fn a_file_system_without_locks_costs_a_warning_and_no_run() {
    // ENOLCK, ENOSYS and EOPNOTSUPP.
    for error in [37, 38, 95] {
        let blog = blog_of(1);
        let machine = Machine::whose_locks_fail_with(error);
        let run = with_pictures(blog.path()).env("LD_PRELOAD", machine.library()).run();
        assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}{}", run.log, run.stderr);
        assert_eq!(run.log.matches("cannot be locked").count(), 1, "{}", run.log);
    }
}

/// The log says where the program broke, and the run was none that broke off.
fn tells_of_a_panic(run: &Finished) {
    assert!(run.log.contains("error: internal error at "), "{}", run.log);
    assert!(!run.summary.is_empty() && run.outputs.contains_key("verdict"), "{}", run.everything());
}

#[test]
fn a_panic_while_a_picture_is_put_in_place_costs_that_post_alone() {
    let (blog, files) = (blog_of(3), tempfile::tempdir().unwrap());
    let (before, breaks) = (contents(blog.path()), files.path().join("break"));
    let machine = Machine::whose_clock_breaks_at(&breaks);
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        // With the date of the second picture.
        if asked.fetch_add(1, Ordering::Relaxed) == 1 {
            std::fs::write(&breaks, "").unwrap();
        }
        images::cloudflare_delivers()
    });
    let action = Action::in_actions(blog.path()).cloudflare(&server).input("describe", "never");
    let action = action.input("concurrency", "1").input("metadata", "front-matter");
    let run = action.env("LD_PRELOAD", machine.library()).run();
    assert_eq!(run.code, Some(1), "{}{}", run.log, run.stderr);
    assert_eq!((run.outputs["verdict"].as_str(), run.outputs["generated"].as_str()), ("degraded", "2"));
    tells_of_a_panic(&run);
    let report = run.report();
    let failed: Vec<_> =
        report["posts"].as_array().unwrap().iter().filter(|post| post["status"] == "failed").collect();
    let [failed] = failed[..] else { panic!("{report}") };
    assert!(failed["reason"].as_str().unwrap().contains("this is a fault of the program"), "{failed}");
    let path = failed["path"].as_str().unwrap();
    let kept = before.iter().find(|(known, _)| known == path).unwrap();
    assert!(contents(blog.path()).contains(kept), "a post that broke was changed");
    assert_eq!(contents(blog.path()).len(), before.len() + 2, "two posts got their pictures");
}

/// A run of two posts, in which the clock breaks while blobs of these numbers are uploaded.
fn breaking_uploads(github: &FakeGithub, event: &Event, workspace: &Path, blobs: &[usize]) -> Finished {
    let files = tempfile::tempdir().unwrap();
    let breaks = files.path().join("break");
    let machine = Machine::whose_clock_breaks_at(&breaks);
    let (both, broken) = (Gate::default(), Gate::default());
    // The first picture comes when both are asked for, and the second when the upload of the first broke: in
    // between nobody else looks at the clock.
    let (asked, at, waits) = (AtomicUsize::new(0), breaks.clone(), (both.clone(), broken.clone()));
    let server = Server::start(move |_| {
        let (both, broken) = &waits;
        if asked.fetch_add(1, Ordering::Relaxed) == 0 {
            both.wait();
        } else {
            both.open();
            broken.wait();
            while at.exists() {
                std::thread::sleep(std::time::Duration::from_millis(2));
            }
        }
        images::cloudflare_delivers()
    });
    let breaking = Fault::before(move |_| {
        std::fs::write(&breaks, "").unwrap();
        broken.open();
    });
    // An answer that is none makes the client look at the clock.
    for &blob in blobs {
        github.fault(When::to("POST", "/git/blobs").nth(blob), breaking.clone());
        github.fault(When::to("POST", "/git/blobs").nth(blob), Fault::BadCredentials);
    }
    let action = Action::on_github(github, event, workspace).cloudflare(&server).input("describe", "never");
    action.env("LD_PRELOAD", machine.library()).run()
}

/// Number of the first picture's blob: another one proves the right to write. A picture whose upload fails gets
/// one more when all others are through.
const FIRST: usize = 2;
const FIRST_AGAIN: usize = 4;

#[test]
fn a_panic_while_a_picture_is_uploaded_ends_that_upload_which_is_tried_again() {
    let github = github();
    let event = push(&github, "main", &["one", "two"]);
    let workspace = checkout(&github, &event);
    let run = breaking_uploads(&github, &event, workspace.path(), &[FIRST]);
    assert_eq!(run.code, Some(0), "{}{}", run.log, run.stderr);
    tells_of_a_panic(&run);
    assert!(has_picture(&github, "main", "one") && has_picture(&github, "main", "two"), "{}", run.log);
}

#[test]
fn a_picture_whose_upload_panics_again_is_kept_and_the_others_are_published() {
    let github = github();
    let event = push(&github, "main", &["one", "two"]);
    let workspace = checkout(&github, &event);
    let run = breaking_uploads(&github, &event, workspace.path(), &[FIRST, FIRST_AGAIN]);
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(3), "failed"), "{}{}", run.log, run.stderr);
    tells_of_a_panic(&run);
    assert!(run.summary.contains("this is a fault of the program"), "{}", run.summary);
    let (published, kept): (Vec<_>, Vec<_>) =
        ["one", "two"].into_iter().partition(|name| has_picture(&github, "main", name));
    let ([_], [kept]) = (&published[..], &kept[..]) else { panic!("{published:?}: {}", run.log) };
    let file = format!(".image-fallback/pictures/static/images/{kept}.jpg");
    assert!(workspace.path().join(file).is_file(), "{}", run.log);
}
