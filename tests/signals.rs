//! Signals, the polite and the other kind: what is finished is kept, nothing is left in halves, and a
//! later run takes up the rest.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use serde_json::json;

use crate::github::{checkout, github, has_picture, push};
use crate::hostile::whole_files_only;
use crate::support::action::{Action, Finished, Running};
use crate::support::images;
use crate::support::posts::{blog_of, contents};
use crate::support::server::{Gate, Reply, Server};

/// Seconds after a signal that a run may take on a busy machine; the runner kills after ten.
const SOON: u64 = 8;

/// Waits until the run ends; one that takes longer than this many seconds is killed and fails its test.
pub fn within(seconds: u64, running: Running) -> Finished {
    let (done, ended) = std::sync::mpsc::channel::<()>();
    let id = running.id();
    let watch = std::thread::spawn(move || {
        let late = ended.recv_timeout(Duration::from_secs(seconds)).is_err();
        if late {
            let _ = std::process::Command::new("kill").args(["-s", "KILL", &id.to_string()]).status();
        }
        late
    });
    let finished = running.wait();
    let _ = done.send(());
    assert!(!watch.join().unwrap(), "the run went on for {seconds} s:\n{}", finished.log);
    finished
}

/// Returns when the server has had this many requests.
pub fn asked(server: &Server, number: usize) {
    for _ in 0..2_000 {
        if server.count() >= number {
            return;
        }
        std::thread::sleep(Duration::from_millis(10));
    }
    panic!("only {} requests came", server.count());
}

/// A provider of small pictures: these tests are about files, not about pixels.
fn delivering() -> Server {
    let seed = AtomicU32::new(1);
    Server::start(move |_| {
        let picture = images::picture(300, 300, seed.fetch_add(1, Ordering::Relaxed));
        let image = STANDARD.encode(images::encoded(&picture, ImageFormat::Jpeg));
        Reply::json(200, json!({"result": {"image": image}, "success": true, "errors": []}))
    })
}

fn many(root: &Path, server: &Server) -> Action {
    Action::in_actions(root).cloudflare(server).input("describe", "never").input("max-images", "1000")
}

/// What a signalled run has to leave behind.
fn stopped(run: &Finished, code: i32) {
    assert_eq!(run.code, Some(code), "{}", run.log);
    assert_eq!(run.report()["verdict"], "failed");
    assert_eq!(run.outputs["verdict"], "failed");
    assert!(run.summary.contains("stopped by signal"), "{}", run.summary);
}

fn next_run_finishes(root: &Path, posts: usize, before: &[(String, Vec<u8>)]) {
    let run = many(root, &delivering()).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str()), (Some(0), "ok"), "{}", run.log);
    assert_eq!(whole_files_only(root, before), posts);
}

#[test]
fn a_signal_ends_a_run_whose_provider_hangs() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let server = Server::start(|_| Reply::Hangs);
        let blog = blog_of(3);
        let before = contents(blog.path());
        let running = many(blog.path(), &server).start();
        asked(&server, 3);
        running.signal(name);
        let run = within(SOON, running);
        stopped(&run, code);
        assert_eq!(contents(blog.path()), before);
        assert_eq!(run.status("posts/post-1.md"), "pending");
        let told = "::error title=Stopped::3 posts were not reached before the run was stopped";
        assert!(run.log.contains(told), "{}", run.log);
        assert!(!run.log.contains("deadline") && !run.summary.contains("deadline"), "{}", run.log);
        assert!(run.summary.contains("3 not reached before the run was stopped"), "{}", run.summary);
        next_run_finishes(blog.path(), 3, &before);
    }
}

/// Answers the first requests when the gate is open, and no other.
pub fn gated(gate: &Gate, first: u32) -> Server {
    let (gate, asked) = (gate.clone(), AtomicU32::new(0));
    Server::start(move |_| {
        if asked.fetch_add(1, Ordering::Relaxed) >= first {
            return Reply::Hangs;
        }
        gate.wait();
        images::cloudflare_delivers()
    })
}

#[test]
fn a_picture_that_comes_soon_after_a_signal_is_placed_and_published() {
    let (github, gate) = (github(), Gate::default());
    let event = push(&github, "main", &["one", "two", "three", "four"]);
    let workspace = checkout(&github, &event);
    let server = gated(&gate, 1);
    let action = Action::on_github(&github, &event, workspace.path()).cloudflare(&server);
    let mut running = action.input("concurrency", "2").input("describe", "never").start();
    asked(&server, 2);
    running.signal("TERM");
    running.says("SIGTERM: stopping");
    gate.open();
    let run = within(SOON, running);
    stopped(&run, 143);
    assert_eq!((run.outputs["generated"].as_str(), server.count()), ("1", 2), "{}", run.log);
    let published = ["one", "two", "three", "four"].iter().filter(|name| has_picture(&github, "main", name));
    assert_eq!(published.count(), 1, "{}", run.log);
}

#[cfg(target_os = "linux")]
#[test]
fn a_run_that_hangs_in_a_log_that_nobody_reads_ends_by_itself_after_a_signal() {
    let blog = blog_of(1);
    let (reader, writer) = std::io::pipe().unwrap();
    let mut filler = writer.try_clone().unwrap();
    std::thread::spawn(move || while std::io::Write::write_all(&mut filler, &[b'\n'; 512]).is_ok() {});
    let running = many(blog.path(), &delivering()).start_logging_to(writer);
    listens(running.id());
    running.signal("TERM");
    let run = within(SOON, running);
    assert_eq!(run.code, Some(143), "{}", run.stderr);
    assert_eq!(run.outputs["verdict"], "failed");
    assert!(run.summary.contains("did not end by itself"), "{}", run.summary);
    drop(reader);
}

/// Returns when the process handles SIGTERM.
#[cfg(target_os = "linux")]
fn listens(process: u32) {
    for _ in 0..2_000 {
        let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
        let caught = status.lines().find_map(|line| line.strip_prefix("SigCgt:")).unwrap_or("0");
        if u64::from_str_radix(caught.trim(), 16).unwrap() & (1 << 14) != 0 {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("the run never listened");
}

#[test]
fn a_signal_ends_a_run_whose_text_model_hangs() {
    let server = Server::start(|_| Reply::Hangs);
    let blog = blog_of(2);
    let before = contents(blog.path());
    let running = Action::in_actions(blog.path()).gemini(&server).start();
    asked(&server, 2);
    running.signal("TERM");
    stopped(&within(SOON, running), 143);
    assert_eq!(contents(blog.path()), before);
}

#[test]
fn a_signal_ends_a_run_that_only_waits_for_a_limit_to_pass() {
    let server =
        Server::start(|_| images::cloudflare_fails(429, 3040, "out of capacity").with("retry-after", "50"));
    let blog = blog_of(1);
    let running = many(blog.path(), &server).input("patience", "60s").start();
    asked(&server, 1);
    running.signal("INT");
    stopped(&within(SOON, running), 130);
}

#[test]
fn a_signal_in_a_busy_run_leaves_every_post_untouched_or_complete() {
    for (name, code) in [("INT", 130), ("TERM", 143)] {
        let server = delivering();
        let blog = blog_of(36);
        let before = contents(blog.path());
        let running = many(blog.path(), &server).start();
        asked(&server, 6);
        running.signal(name);
        let run = within(SOON, running);
        stopped(&run, code);
        let finished = whole_files_only(blog.path(), &before);
        assert!(finished < 36, "nothing was left to stop");
        assert_eq!(run.outputs["generated"], finished.to_string());
        let report = run.report();
        let seen: BTreeSet<_> =
            report["posts"].as_array().unwrap().iter().map(|post| post["path"].as_str().unwrap()).collect();
        assert_eq!(seen.len(), 36, "a post is in no report");
        if name == "TERM" {
            next_run_finishes(blog.path(), 36, &before);
        }
    }
}

#[test]
fn a_signal_ends_a_run_that_only_draws_cards() {
    let blog = blog_of(400);
    let before = contents(blog.path());
    let running = Action::in_actions(blog.path())
        .input("providers", "card")
        .input("max-images", "1000")
        .input("size", "256x256")
        .start();
    appears(&blog.path().join("static/images"));
    running.signal("TERM");
    stopped(&within(SOON, running), 143);
    assert!(whole_files_only(blog.path(), &before) < 400, "the run went on to its end");
}

#[test]
fn two_signals_are_no_worse_than_one() {
    let server = Server::start(|_| Reply::Hangs);
    let blog = blog_of(2);
    let running = many(blog.path(), &server).start();
    asked(&server, 2);
    running.signal("INT");
    running.signal("TERM");
    running.signal("INT");
    let run = within(SOON, running);
    assert!(matches!(run.code, Some(130 | 143)), "{:?}", run.code);
    assert_eq!(run.report()["verdict"], "failed");
}

#[test]
fn a_run_that_is_killed_leaves_whole_files_and_the_next_one_finishes() {
    let server = delivering();
    let blog = blog_of(24);
    let before = contents(blog.path());
    let running = many(blog.path(), &server).start();
    asked(&server, 8);
    running.signal("KILL");
    let run = within(SOON, running);
    assert_eq!(run.code, None);
    // The one thing that a killed run cannot take away is the temporary file it was writing.
    for (path, _) in contents(blog.path()) {
        if path.contains("/.image-fallback-") {
            std::fs::remove_file(blog.path().join(path)).unwrap();
        }
    }
    whole_files_only(blog.path(), &before);
    next_run_finishes(blog.path(), 24, &before);
}

fn appears(path: &Path) {
    for _ in 0..2_000 {
        if path.exists() {
            return;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    panic!("{} never appeared", path.display());
}
