//! Whole runs of the real binary, printed as ratios (`docs/performance.md`): `cargo bench --bench run`, or one part
//! by its name: `cargo bench --bench run -- switch`.

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
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::ImageFormat;
use server::{Reply, Server};

const ANSWER: Duration = Duration::from_millis(50);
const POSTS: usize = 200;
/// No more than either provider takes at once, so that nobody waits for a slot.
const IN_FLIGHT: usize = 8;

const PARTS: [(&str, fn()); 6] = [
    ("engine", engine),
    ("switch", switch),
    ("no-op", no_op),
    ("scan", scan),
    ("check", check),
    ("memory", memory),
];

fn main() {
    if std::env::args().any(|arg| arg == "--test") {
        // `cargo test --benches` only wants to know that it builds.
        return;
    }
    let named: Vec<_> = std::env::args().skip(1).filter(|arg| !arg.starts_with('-')).collect();
    for (name, part) in PARTS {
        if named.is_empty() || named.iter().any(|wanted| wanted == name) {
            part();
        }
    }
}

/// 200 posts, a provider of 50 ms behind an exhausted one, 8 in flight: the ideal is 200 / 8 × 50 ms.
fn engine() {
    let blog = posts::blog_of(POSTS);
    let dead = Server::start(|_| images::cloudflare_used_up());
    let living = together(320);
    let spent = timed(|| fall_back(blog.path(), &dead, &living));
    let ideal = ANSWER * u32::try_from(POSTS / IN_FLIGHT).expect("a small number");
    let ratio = spent.as_secs_f64() / ideal.as_secs_f64();
    println!(
        "engine: {ratio:.2} times the ideal {ideal:?}, {} calls to the dead primary (reach 1.10, 8)",
        dead.count()
    );
}

/// From the end of one attempt to the start of the next, as the report tells it. The primary refuses every prompt:
/// that takes no provider out, so that every post switches.
fn switch() {
    let blog = posts::blog_of(POSTS);
    let refusing = Server::start(|_| images::cloudflare_fails(400, 3030, "flagged as NSFW"));
    fall_back(blog.path(), &refusing, &together(320));
    let report = std::fs::read(blog.path().join(".image-fallback/report.json")).expect("a report");
    let report: serde_json::Value = serde_json::from_slice(&report).expect("JSON");
    let posts = report["posts"].as_array().expect("posts").iter();
    let attempts = posts.map(|post| post["attempts"].as_array().expect("attempts"));
    let pairs = attempts.flat_map(|attempts| attempts.windows(2));
    let number = |attempt: &serde_json::Value, name| attempt[name].as_f64().expect("a number");
    let mut switches: Vec<f64> = pairs
        .map(|pair| number(&pair[1], "at") - number(&pair[0], "at") - number(&pair[0], "seconds"))
        .collect();
    assert_eq!(switches.len(), POSTS, "every post switches once");
    switches.sort_by(f64::total_cmp);
    let told = [switches[POSTS / 2], switches[POSTS - 1]].map(|seconds| seconds * 1e6);
    println!("switch: {:.0} µs in the median, {:.0} µs at most (reach 1,000 µs)", told[0], told[1]);
}

/// A run over the blog in which a living provider stands behind the primary.
fn fall_back(blog: &Path, primary: &Server, living: &Server) {
    run(
        blog,
        &["--concurrency", &IN_FLIGHT.to_string(), "--max-images", "1000"],
        &[
            ("CLOUDFLARE", "account:token-token"),
            ("CLOUDFLARE_BASE_URL", primary.url()),
            ("TOGETHER_API_TOKEN", "together-token"),
            ("TOGETHER_BASE_URL", living.url()),
        ],
    );
}

/// 1,000 posts that all have pictures: the whole process.
fn no_op() {
    let blog = posts::settled_blog_of(1_000, &images::fresh_jpeg());
    let best = (0..10).map(|_| timed(|| run(blog.path(), &[], &[]))).min().expect("ten runs");
    println!("no-op over 1,000 posts: {best:?} for the whole process (reach 50 ms)");
}

/// Posts discovered, parsed and planned, against reading the same bytes on one core, and what others do for it.
fn scan() {
    let (node, python) = (rivals::node_skeleton(), rivals::python_skeleton());
    for number in [10_000, 100_000] {
        let blog = posts::settled_blog_of(number, &images::fresh_jpeg());
        let paths: Vec<_> =
            posts::posts(number).into_iter().map(|(path, _)| blog.path().join(path)).collect();
        let best = |work: &dyn Fn()| (0..3).map(|_| timed(work)).min().expect("three").as_secs_f64();
        let reading = best(&|| paths.iter().for_each(|path| drop(std::fs::read(path))));
        let print = |who: &str, spent: f64| {
            println!(
                "scan of {number} posts{who}: {:.2} times reading the same bytes on one core",
                spent / reading
            );
        };
        print(" (reach 1.2)", best(&|| run(blog.path(), &["--dry-run"], &[])));
        let other = |program: &Path, script: &Path| {
            let mut command = Command::new(program);
            command.arg(script).current_dir(blog.path()).stdout(Stdio::null());
            let status = command.status().expect("it starts");
            assert!(status.success(), "{command:?} ended with {status}");
        };
        if let Some(script) = &node {
            print(" by fast-glob with gray-matter", best(&|| other(Path::new("node"), script)));
        }
        if let Some((interpreter, script)) = &python {
            print(" by python-frontmatter", best(&|| other(interpreter, script)));
        }
    }
}

/// 10,000 posts with a picture each, checked, and checked once more in the site built of them, against reading
/// the same bytes on one core.
fn check() {
    let number = 10_000;
    let blog = posts::settled_blog_of(number, &images::fresh_jpeg());
    let picture = blog.path().join("static/images/hero.jpg");
    let (mut sources, mut pages) = (Vec::new(), Vec::new());
    for n in 1..=number {
        let [source, built] = ["static", "public"].map(|folder| format!("{folder}/images/hero-{n}.jpg"));
        posts::put(blog.path(), &built, b"");
        std::fs::remove_file(blog.path().join(&built)).expect("a file that was just written");
        // One picture under many names: reading them is no matter of the disk.
        for name in [&source, &built] {
            std::fs::hard_link(&picture, blog.path().join(name)).expect("a link");
        }
        let post = format!("posts/post-{n}.md");
        let text = posts::post(&format!("Post number {n}"));
        let text = text.replacen("date:", &format!("image: /images/hero-{n}.jpg\ndate:"), 1);
        posts::put(blog.path(), &post, text.as_bytes());
        let page = format!("public/posts/post-{n}/index.html");
        posts::put(blog.path(), &page, html(n).as_bytes());
        sources.extend([post, source]);
        pages.extend([page, built]);
    }
    let read = |paths: &[String]| {
        let read = |path: &String| drop(std::fs::read(blog.path().join(path)).expect("a file"));
        (0..3).map(|_| timed(|| paths.iter().for_each(read))).min().expect("three")
    };
    let checked = |args: &[&str]| (0..3).map(|_| timed(|| run(blog.path(), args, &[]))).min().expect("three");
    let (reading, built) = (read(&sources), read(&pages));
    let (alone, with_pages) = (checked(&["check"]), checked(&["check", "--built", "public"]));
    let ratio = alone.as_secs_f64() / reading.as_secs_f64();
    println!("check of {number} posts: {ratio:.2} times reading posts and pictures on one core (reach 1.2)");
    let ratio = with_pages.as_secs_f64() / (reading + built).as_secs_f64();
    println!("check of {number} posts and their pages: {ratio:.2} times reading all of it (reach 1.5)");
}

/// The page of a post, with as much around its picture as themes have.
fn html(number: usize) -> String {
    let link = |n| format!("<li><a href=\"/posts/post-{n}/\">Post number {n}</a></li>\n");
    let links: String = (1..=40).map(link).collect();
    let words =
        "<p>A few words about harbours, boats and the tide, which comes in twice a day.</p>\n".repeat(20);
    format!(
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Post number {number}</title>\n</head>\n\
         <body>\n<nav><ul>\n{links}</ul></nav>\n<main><h1>Post number {number}</h1>\n\
         <img src=\"/images/hero-{number}.jpg\" alt=\"A harbour\">\n{words}</main>\n</body>\n</html>\n"
    )
}

/// Peak memory over a backlog of 1,000 one-megapixel pictures.
fn memory() {
    let blog = posts::blog_of(1_000);
    let service = together(1_024);
    let in_flight = 4;
    let mut child = command(
        blog.path(),
        &["--concurrency", "4", "--max-images", "1000"],
        &[("TOGETHER_API_TOKEN", "together-token"), ("TOGETHER_BASE_URL", service.url())],
    )
    .spawn()
    .expect("the binary starts");
    let mut peak = 0;
    while child.try_wait().expect("a child").is_none() {
        peak = peak.max(resident(child.id()));
        std::thread::sleep(Duration::from_millis(10));
    }
    let reach = 64 + 16 * in_flight;
    println!("memory: {} MB at its peak, {in_flight} posts in flight (reach {reach} MB)", peak / 1024);
}

/// A service that answers after 50 ms with a picture of that side, different every time. What it sends is
/// prepared, because it shares the cores with the program.
fn together(side: u32) -> Server {
    let seed = AtomicU32::new(1);
    let picture = images::encoded(&images::picture(side, side, 1), ImageFormat::Jpeg);
    let rest = STANDARD.encode(&picture[2..]);
    Server::start(move |_| {
        // A comment segment makes the bytes differ without drawing a new picture each time; with it the
        // beginning is as long as base64 wants it to be.
        let number = seed.fetch_add(1, Ordering::Relaxed).to_be_bytes();
        let start = [&picture[..2], &[0xff, 0xfe, 0, 8, 0, 0], &number].concat();
        let data = format!("{}{rest}", STANDARD.encode(start));
        let answer = format!(r#"{{"object":"list","data":[{{"index":0,"b64_json":"{data}"}}]}}"#);
        Reply::Later(ANSWER, Box::new(Reply::text(200, "application/json", &answer)))
    })
}

fn command(root: &Path, args: &[&str], variables: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_image-fallback-action"));
    command.args(args).current_dir(root).env_clear().envs(variables.iter().copied());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    command
}

fn run(root: &Path, args: &[&str], variables: &[(&str, &str)]) {
    let status = command(root, args, variables).status().expect("the binary starts");
    assert!(status.success(), "{args:?} ended with {status}");
}

fn timed(work: impl FnOnce()) -> Duration {
    let started = Instant::now();
    work();
    started.elapsed()
}

/// Peak resident memory in KiB, as the kernel counts it; 0 where it does not say.
fn resident(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok()).unwrap_or(0)
}
