//! What a step costs before and around its work, against the least that a JavaScript action would do
//! (`benches/node-skeleton`): `cargo bench --bench start`. With `CONTAINER_IMAGE` it starts the image too.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a bench panics where it cannot measure, and prints what it measured"
)]

#[expect(dead_code, reason = "tests share more than benches need")]
#[path = "../tests/support/images.rs"]
mod images;
#[expect(dead_code, reason = "tests share more than benches need")]
#[path = "../tests/support/posts.rs"]
mod posts;
mod rivals;
#[expect(dead_code, reason = "tests share more than benches need")]
#[path = "../tests/support/server.rs"]
mod server;

use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use server::Server;

const POSTS: usize = 1_000;
const TIMES: usize = 10;

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        // `cargo test --benches` only wants to know that it builds.
        return;
    }
    let skeleton = rivals::node_skeleton();
    let blog = posts::settled_blog_of(POSTS, &images::fresh_jpeg());
    let ours = best(|| timed(&mut program(blog.path())));
    println!("no-op over {POSTS} posts: {ours:?} for the program");
    if let Some(skeleton) = &skeleton {
        let theirs = best(|| timed(&mut node(skeleton, blog.path())));
        println!(
            "no-op over {POSTS} posts: {theirs:?} for the skeleton, {:.1} times ours",
            ratio(theirs, ours)
        );
    }
    if let Ok(image) = std::env::var("CONTAINER_IMAGE") {
        let run = best(|| timed(&mut container(&image, blog.path())));
        println!("no-op over {POSTS} posts: {run:?} from `docker run` to its exit (reach 0.5 s)");
        println!("image: {} bytes (reach 15,000,000)", size(&image));
    }
    posts::put(blog.path(), "posts/lacking.md", posts::post("A post that lacks a picture").as_bytes());
    let ours = best(|| {
        first_request(|server| {
            let mut command = program(blog.path());
            command.args(["--providers", "together", "--describe", "never"]);
            command.env("TOGETHER_API_TOKEN", "together-token").env("TOGETHER_BASE_URL", server);
            command
        })
    });
    println!("start to first request, {POSTS} posts: {ours:?} for the program (reach 50 ms)");
    if let Some(skeleton) = &skeleton {
        let theirs = best(|| {
            first_request(|server| {
                let mut command = node(skeleton, blog.path());
                command.env("PROVIDER", server);
                command
            })
        });
        println!(
            "start to first request, {POSTS} posts: {theirs:?} for the skeleton, {:.1} times ours",
            ratio(theirs, ours)
        );
    }
}

fn program(root: &Path) -> Command {
    quiet(env!("CARGO_BIN_EXE_image-fallback-action"), root)
}

fn node(skeleton: &Path, root: &Path) -> Command {
    let mut command = quiet("node", root);
    command.arg(skeleton);
    command
}

/// A step on a laptop's terms: no event, the blog as the workspace.
fn container(image: &str, root: &Path) -> Command {
    let mut command = quiet("docker", root);
    command.args(["run", "--rm", "--network", "none", "--workdir", "/github/workspace", "--volume"]);
    command.arg(format!("{}:/github/workspace", root.display())).arg(image);
    command
}

fn quiet(program: &str, root: &Path) -> Command {
    let mut command = Command::new(program);
    let path = std::env::var_os("PATH").unwrap_or_default();
    command.current_dir(root).env_clear().env("PATH", path).stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn timed(command: &mut Command) -> Duration {
    let started = Instant::now();
    let status = command.status().expect("it starts");
    assert!(status.success(), "{command:?} ended with {status}");
    started.elapsed()
}

/// How long it takes until a server is asked. What it answers is of no matter: nothing is left behind.
fn first_request(command: impl FnOnce(&str) -> Command) -> Duration {
    let asked = Arc::new(Mutex::new(None));
    let seen = asked.clone();
    let server = Server::start(move |_| {
        seen.lock().expect("no panic").get_or_insert_with(Instant::now);
        server::Reply::text(401, "application/json", "{}")
    });
    let mut command = command(server.url());
    let started = Instant::now();
    command.status().expect("it starts");
    let asked = asked.lock().expect("no panic").expect("a request");
    asked - started
}

fn size(image: &str) -> String {
    let output = Command::new("docker").args(["image", "inspect", "--format", "{{.Size}}", image]).output();
    String::from_utf8_lossy(&output.expect("docker answers").stdout).trim().to_owned()
}

fn best(measure: impl Fn() -> Duration) -> Duration {
    (0..TIMES).map(|_| measure()).min().expect("some times")
}

fn ratio(theirs: Duration, ours: Duration) -> f64 {
    theirs.as_secs_f64() / ours.as_secs_f64()
}
