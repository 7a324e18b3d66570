//! The order of a run: what is read before what, which mode is run, and where an end is recorded.

use std::fs;
use std::io::{self, Write};
use std::path::Path;
use std::sync::{Arc, Mutex};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::{Value, json};

use super::*;
use crate::http::mock::{Asked, Mock, Reply};
use crate::runner::RunnerOptions;

/// Everything that was printed.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Log {
    fn text(&self) -> String {
        String::from_utf8(self.0.lock().unwrap().clone()).unwrap()
    }
}

/// A run in a folder without the watch for signals, and its exit code and log.
async fn run_in(folder: &Path, args: &[&str], variables: &[(&str, &str)]) -> (u8, String) {
    let log = Log::default();
    let runner = Runner::with_sink(&RunnerOptions::default(), Box::new(log.clone()));
    let mut env = Env::of(variables.iter().copied());
    env.args = args.iter().map(ToString::to_string).collect();
    env.directory = folder.to_owned();
    let mut report = ReportBuilder::new(&env);
    if let Err(abort) = act(&env, &runner, &Signals::default(), &mut report).await {
        report.abort(abort);
    }
    (report.emit(&runner), log.text())
}

fn blog() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("posts")).unwrap();
    fs::write(folder.path().join("posts/a.md"), "---\ntitle: On lighthouses\n---\nText.\n").unwrap();
    folder
}

fn files(folder: &Path) -> Vec<String> {
    let files = ignore::WalkBuilder::new(folder).standard_filters(false).build();
    let below = files.filter_map(|entry| {
        let path = entry.unwrap().into_path();
        path.is_file().then(|| path.strip_prefix(folder).unwrap().display().to_string())
    });
    below.collect()
}

#[tokio::test]
async fn every_mode_does_what_its_name_says() {
    let (code, log) = run_in(blog().path(), &["providers"], &[]).await;
    assert_eq!((code, log.contains("1. card"), log.contains("posts")), (0, true, false), "{log}");
    let (code, log) = run_in(blog().path(), &["--help"], &[]).await;
    assert_eq!((code, log.contains("Usage")), (0, true), "{log}");
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate"], &[]).await;
    assert_eq!((code, log.contains("Title cards only (1 post)")), (0, true), "{log}");
    assert!(folder.path().join(".image-fallback/report.json").exists());
}

#[tokio::test]
async fn a_dry_run_writes_nothing() {
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate", "--dry-run"], &[]).await;
    assert_eq!((code, log.contains("1 post would get a hero image")), (0, true), "{log}");
    assert_eq!(files(folder.path()), ["posts/a.md"]);
}

#[tokio::test]
async fn an_abort_is_told_once_and_ends_the_run_with_the_code_of_its_kind() {
    let folder = blog();
    let (code, log) = run_in(folder.path(), &["generate", "none/*.md"], &[]).await;
    assert_eq!(code, 2, "{log}");
    let told = log.lines().filter(|line| line.contains("none/*.md")).count();
    assert_eq!(told, 1, "{log}");
    assert_eq!(files(folder.path()), ["posts/a.md"], "a refused run leaves nothing behind");
}

#[tokio::test]
async fn what_happened_is_judged_before_any_setting_is_read() {
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "pull_request_target"),
        ("INPUT_PROVIDERS", "nobody"),
    ];
    let folder = blog();
    let workspace = folder.path().to_str().unwrap();
    let variables: Vec<_> = variables.into_iter().chain([("GITHUB_WORKSPACE", workspace)]).collect();
    let (code, log) = run_in(folder.path(), &[], &variables).await;
    assert_eq!((code, log.contains("nothing to do: ")), (0, true), "{log}");
}

#[tokio::test]
async fn every_wrong_setting_is_told_before_a_post_is_read_or_a_service_asked() {
    let folder = blog();
    fs::write(folder.path().join("posts/a.md"), "---\ntitle: [\n---\n").unwrap();
    let server = Mock::start().await;
    let mut variables = in_actions(&server, folder.path());
    variables.extend([("INPUT_SIZE", "huge".to_owned()), ("INPUT_MAX-IMAGES", "many".to_owned())]);
    let (code, log) = run_with(folder.path(), &variables).await;
    assert_eq!(code, 2, "{log}");
    let told = ["input `size`", "input `max-images`", "posts/a.md"].map(|text| log.contains(text));
    assert_eq!(told, [true, true, false], "{log}");
    assert_eq!(server.targets(), [""; 0]);
}

#[test]
fn a_run_locks_surveys_proves_pays_publishes_records_and_reports_in_order() {
    // The future of a whole run without optimisation is too large for the stack that tests get.
    let thread = std::thread::Builder::new().stack_size(16 << 20);
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    thread.spawn(move || runtime().block_on(whole_run())).unwrap().join().unwrap();
}

async fn whole_run() {
    let folder = blog();
    let server = Mock::start().await;
    script(&server);
    let steps = Arc::new(Mutex::new(Vec::<(&str, bool, bool)>::new()));
    let (seen, report_dir) = (steps.clone(), folder.path().join(".image-fallback"));
    server.watch(move |asked| {
        let mut seen = seen.lock().unwrap();
        let is_proven = seen.iter().any(|(step, ..)| *step == "proof");
        if let Some(step) = step(asked, is_proven) {
            let [lock, report] = ["lock", "report.json"].map(|file| report_dir.join(file).exists());
            seen.push((step, lock, report));
        }
    });
    let (code, log) = run_with(folder.path(), &in_actions(&server, folder.path())).await;
    assert_eq!(code, 0, "{log}\n{}", server.targets().join("\n"));
    let mut order = steps.lock().unwrap().clone();
    order.dedup();
    let (locked, reported) = (true, false);
    let expected = ["survey", "proof", "picture", "publication", "record"];
    assert_eq!(order, expected.map(|step| (step, locked, reported)));
    assert!(folder.path().join(".image-fallback/report.json").exists());
}

/// What a request is for, of those whose order matters.
fn step(asked: &Asked, is_proven: bool) -> Option<&'static str> {
    let path = asked.target.trim_start_matches("/repos/acme/blog/git");
    match (asked.method.as_str(), path) {
        ("GET", _) if !is_proven => Some("survey"),
        ("POST", "/blobs") if !is_proven => Some("proof"),
        ("POST", "/v1/images/generations") => Some("picture"),
        ("PATCH", "/refs/heads/main") => Some("publication"),
        ("POST", "/refs") => Some("record"),
        _ => None,
    }
}

/// GitHub with one commit that holds the post, and a service that draws.
fn script(server: &Mock) {
    let sha = |digit: &str| digit.repeat(40);
    let json = |status, body: Value| Reply::json(status, body.to_string());
    let picture = RgbImage::from_fn(320, 300, |x, y| Rgb([x as u8, y as u8, 90]));
    let mut bytes = io::Cursor::new(Vec::new());
    picture.write_to(&mut bytes, ImageFormat::Png).unwrap();
    let drawn = json!({ "data": [{ "b64_json": STANDARD.encode(bytes.into_inner()) }] });
    let commit = json!({
        "sha": sha("c"), "tree": { "sha": sha("e") }, "parents": [{ "sha": sha("b") }], "message": "Add",
        "author": { "name": "a" }, "verification": { "verified": true, "reason": "valid" },
    });
    let main = json!({ "ref": "refs/heads/main", "object": { "sha": sha("c"), "type": "commit" } });
    // The post of the blog has this id in git.
    let post = "583208f8440d0f4484aa97a9edc2e2ef60adabb7";
    let entries = json!([
        { "path": "posts", "mode": "040000", "type": "tree", "sha": sha("1") },
        { "path": "posts/a.md", "mode": "100644", "type": "blob", "sha": post },
    ]);
    let git = "/repos/acme/blog/git";
    server
        .on("/v1/images/generations", json(200, drawn))
        .on(&format!("{git}/matching-refs/"), json(200, json!([])))
        .on(&format!("{git}/ref/"), json(404, json!({ "message": "Not Found" })))
        .on(&format!("{git}/ref/heads/main"), json(200, main.clone()))
        .on(&format!("{git}/blobs"), json(201, json!({ "sha": sha("d"), "url": "https://api.github.com/x" })))
        .on(
            &format!("{git}/trees"),
            json(200, json!({ "sha": sha("e"), "tree": entries, "truncated": false })),
        )
        .on(&format!("{git}/commits"), json(201, commit))
        .on(&format!("{git}/refs"), json(201, main));
}

/// The variables of a job that publishes to this server.
fn in_actions(server: &Mock, folder: &Path) -> Vec<(&'static str, String)> {
    let (url, folder) = (server.url(), folder.to_str().unwrap());
    let variables = [
        ("GITHUB_ACTIONS", "true"),
        ("GITHUB_EVENT_NAME", "workflow_dispatch"),
        ("GITHUB_REF", "refs/heads/main"),
        ("GITHUB_REPOSITORY", "acme/blog"),
        ("GITHUB_API_URL", url),
        ("GITHUB_WORKSPACE", folder),
        ("INPUT_GITHUB-TOKEN", "ghs_0123456789"),
        ("INPUT_PROVIDERS", "together"),
        ("TOGETHER_API_TOKEN", "key-0123456789"),
    ];
    let base = ("TOGETHER_BASE_URL", format!("{url}/v1"));
    variables.map(|(name, value)| (name, value.to_owned())).into_iter().chain([base]).collect()
}

async fn run_with(folder: &Path, variables: &[(&str, String)]) -> (u8, String) {
    let variables: Vec<_> = variables.iter().map(|(name, value)| (*name, value.as_str())).collect();
    run_in(folder, &[], &variables).await
}
