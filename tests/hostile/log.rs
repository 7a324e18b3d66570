//! What strangers write never becomes a command of the runner, nor a sequence of the terminal.

use image_fallback::report::OUTPUTS;

use super::asking;
use crate::support::action::{Action, Finished};
use crate::support::posts::{blog, blog_of, post, put};
use crate::support::server::{Reply, Server};

/// Texts that would be commands of the runner if they were printed as they are.
pub const COMMANDS: [&str; 8] = [
    "::set-output name=verdict::ok",
    "  ::stop-commands::pause",
    "##[add-matcher]evil.json",
    "a\r::add-path::/evil",
    "b\u{2028}::set-env name=PATH::/evil",
    "\u{1b}[2J\u{1b}]0;title\u{7}::error::red",
    "\u{200b}::add-mask::e",
    "x%0A::save-state name=a::b",
];

/// Every line is plain, or a command that we mean; outputs are only ours.
pub fn is_harmless(run: &Finished) {
    let ours = ["add-mask::", "group::", "endgroup::", "error ", "warning ", "notice ", "debug::"];
    for line in run.log.lines().chain(run.stderr.lines()) {
        if let Some(command) = line.trim_start().strip_prefix("::") {
            assert!(ours.iter().any(|name| command.starts_with(name)), "a command of a stranger: {line}");
        }
        assert!(!line.contains("##["), "an old command: {line}");
        assert!(!line.chars().any(char::is_control), "a control character: {line:?}");
        assert!(line.chars().count() < 10_000, "a line of {} characters", line.chars().count());
    }
    let closed = run.log.lines().filter(|line| *line == "::endgroup::").count();
    assert_eq!(run.log.lines().filter(|line| line.starts_with("::group::")).count(), closed);
    let known = |name: &str| OUTPUTS.iter().any(|output| output.name == name);
    assert!(run.outputs.keys().all(|name| known(name)), "{:?}", run.outputs);
    assert!(!run.summary.contains("<script"), "{}", run.summary);
    assert!(!run.summary.contains('\u{1b}'), "{}", run.summary);
}

#[test]
fn titles_and_file_names_stay_text() {
    let server = Server::start(|_| Reply::text(500, "text/plain", "no"));
    let blog = blog(&[]);
    for (number, command) in COMMANDS.iter().enumerate() {
        let quoted = serde_json::to_string(&format!("{command} <script>alert(1)</script>")).unwrap();
        put(blog.path(), &format!("posts/{number}.md"), post(&quoted).as_bytes());
        let name = command.replace('/', "_");
        put(blog.path(), &format!("posts/\n{name}\n{name}.md"), post(&quoted).as_bytes());
        put(blog.path(), &format!("posts/{number} {name}/x.md"), b"---\ntitle: [\n---\n");
    }
    let run = asking(blog.path(), &server).env("RUNNER_DEBUG", "1").input("max-images", "100").run();
    assert_eq!(run.code, Some(1), "{}", run.log);
    is_harmless(&run);

    // Nor does a title card stumble over them.
    let run = Action::in_actions(blog.path())
        .input("providers", "card")
        .input("max-images", "100")
        .input("size", "256x256")
        .run();
    is_harmless(&run);
    assert_eq!(run.outputs["generated"], (2 * COMMANDS.len()).to_string(), "{}", run.log);
}

#[test]
fn a_title_of_a_megabyte_and_a_body_of_three_are_cut() {
    let server = Server::start(|_| Reply::text(400, "text/plain", &"::error::".repeat(200_000)));
    let text = format!(
        "---\ndate: 2026-11-01\n---\n# {}\n\n{}\n",
        "long ".repeat(200_000),
        "::error::x\n".repeat(200_000)
    );
    let blog = blog(&[("posts/long.md", text.as_str())]);
    let run = asking(blog.path(), &server).run();
    assert_eq!(run.code, Some(1));
    is_harmless(&run);
    assert!(run.log.len() < 100_000, "{} bytes of log", run.log.len());
    assert!(run.summary.len() <= 512 * 1024);

    // Nor does the alt text become a megabyte of front matter.
    let run = super::with_pictures(blog.path()).run();
    is_harmless(&run);
    let written = std::fs::read_to_string(blog.path().join("posts/long.md")).unwrap();
    assert_eq!(run.status("posts/long.md"), "generated", "{}", run.log);
    assert!(written.len() < text.len() + 10_000, "{} bytes were added", written.len() - text.len());
    assert!(run.log.len() < 100_000, "{} bytes of log", run.log.len());
}

#[test]
fn what_a_provider_says_stays_text() {
    for status in [200, 400, 401, 404, 429, 500] {
        let server = Server::start(move |_| {
            let text = COMMANDS.join("\n");
            let list = serde_json::json!([{"message": text, "code": "\n::error::x"}]);
            let body = serde_json::json!({"error": list[0], "errors": list});
            Reply::json(status, body)
        });
        let blog = blog_of(1);
        let action = asking(blog.path(), &server).cloudflare(&server).gemini(&server);
        let run = action.input("providers", "").input("describe", "auto").env("RUNNER_DEBUG", "1").run();
        assert_eq!(run.code, Some(1), "{}", run.log);
        is_harmless(&run);
    }
}

#[test]
fn nonsense_in_the_settings_stays_text() {
    for command in COMMANDS {
        let blog = blog_of(1);
        let action = ["posts", "providers", "size", "site", "style", "image-dir", "prompt-template", "root"]
            .iter()
            .fold(Action::in_actions(blog.path()), |action, name| action.input(name, command));
        let run = action.args(&[command, &format!("--{command}")]).run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        is_harmless(&run);
        let file = format!("{}: x\nsize: {0}\n", serde_json::to_string(command).unwrap());
        put(blog.path(), ".github/image-fallback.yml", file.as_bytes());
        let run = Action::in_actions(blog.path()).input("providers", "card").run();
        assert_eq!(run.code, Some(2), "{}", run.log);
        is_harmless(&run);
    }
}
