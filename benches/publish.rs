//! What publishing costs: calls and wall time against a GitHub that takes 100 ms for each, and the floor
//! that its write limit sets: `cargo bench --bench publish`.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a bench panics where it cannot measure, and prints what it measured"
)]

#[path = "../tests/support/mod.rs"]
pub mod support;

use std::time::{Duration, Instant};

use support::action::Action;
use support::github::{FakeGithub, Happening};
use support::{images, posts};

const LATENCY: Duration = Duration::from_millis(100);

/// Writes a minute that the program allows itself.
const PACE: usize = 60;

/// Entries that it sends in one tree.
const ENTRIES: usize = 120;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        // `cargo test --benches` only wants to know that it builds.
        return;
    }
    for number in [1, 20, 60] {
        publish(number);
    }
    let writes = writes(200);
    println!("200 pictures: {writes} writes take at least {} min under {PACE} a minute", (writes - 1) / PACE);
}

/// The proof of the right to write, the blobs, the trees, the commit and the move of the branch, and the
/// tree, the commit and the ref of the record.
fn writes(pictures: usize) -> usize {
    1 + pictures + (2 * pictures).div_ceil(ENTRIES) + 2 + 3
}

fn publish(number: usize) {
    let github = FakeGithub::start(Default::default());
    let texts = posts::posts(number);
    let files: Vec<_> = texts.iter().map(|(path, text)| (path.as_str(), Some(text.as_bytes()))).collect();
    github.commit("main", &files, "Begin");
    let event = github.event(Happening::Schedule);
    let workspace = tempfile::tempdir().expect("a temporary folder");
    github.clone_shallow(&event.sha, workspace.path());
    github.rules(|rules| rules.latency = LATENCY);
    let provider = images::cloudflare();
    let action = Action::on_github(&github, &event, workspace.path()).cloudflare(&provider);
    let started = Instant::now();
    let run = action.input("max-images", "1000").run();
    let took = started.elapsed();
    assert_eq!(run.code, Some(0), "{}", run.everything());
    let requests = github.requests();
    let wrote = requests.iter().filter(|request| request.call.is_mutation()).count();
    assert_eq!(wrote, writes(number));
    let last = requests.iter().rposition(|request| request.call.path.ends_with("/git/blobs"));
    let landed = requests.iter().rposition(|request| request.call.path.ends_with("/refs/heads/main"));
    let (last, landed) = (last.expect("pictures became blobs"), landed.expect("the branch moved"));
    println!(
        "{number} pictures: {} calls, {wrote} of them writes, in {:.1} s; {} from the last picture's blob to the branch (reach 5), \
         then {} for the record",
        requests.len(),
        took.as_secs_f64(),
        landed + 1 - last,
        requests.len() - landed - 1,
    );
}
