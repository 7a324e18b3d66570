//! At a terminal: what a person watches while a run goes on, and what is left of it.

use std::time::Duration;

use crate::support::action::Action;
use crate::support::images;
use crate::support::posts::{blog, post};
use crate::support::server::{Reply, Server};

/// A post whose path is longer than half a narrow terminal.
const POST: &str = "content/posts/a-long-way-round-the-cape.md";

/// A service that takes its time, so that the bar is drawn meanwhile.
fn slow(answer: fn() -> Reply) -> Server {
    Server::start(move |_| {
        std::thread::sleep(Duration::from_millis(400));
        answer()
    })
}

fn action(server: &Server) -> (tempfile::TempDir, Action) {
    let blog = blog(&[("hugo.toml", ""), (POST, &post("Cape"))]);
    let action = Action::on_a_laptop(blog.path()).env("TERM", "xterm").cloudflare(server);
    (blog, action)
}

/// What was drawn on a terminal of so many columns, line by line, without the sequences that move and erase. Lines of
/// the bar are filled up with blanks instead of ended.
fn drawn(log: &str, columns: usize) -> Vec<String> {
    let mut text = String::new();
    let mut characters = log.chars();
    while let Some(character) = characters.next() {
        match character {
            '\u{1b}' => {
                text.push('\n');
                let _ = characters.by_ref().find(char::is_ascii_alphabetic);
            }
            character => text.push(character),
        }
    }
    let lines = text.split(['\r', '\n']).map(|line| line.chars().collect::<Vec<_>>());
    let rows =
        lines.flat_map(|line| line.chunks(columns).map(|row| row.iter().collect()).collect::<Vec<String>>());
    // A busy machine may take a second for anything.
    let timeless = |row: &str| match row.strip_prefix("0:0") {
        Some(rest) => {
            format!("0:00{}", rest.trim_start_matches(|character: char| character.is_ascii_digit()))
        }
        None => row.to_owned(),
    };
    rows.map(|row| timeless(row.trim_end())).filter(|row| !row.is_empty()).collect()
}

#[test]
fn a_bar_shows_time_and_what_is_in_flight_in_every_width_until_the_end() {
    let server = slow(images::cloudflare_delivers);
    for (columns, bar, flight) in [
        (48, "0:00 [            ] 0/1 posts", "  Cloudflare Workers AI, 0 s: …round-the-cape.md"),
        (
            80,
            "0:00 [                        ] 0/1 posts",
            "  Cloudflare Workers AI, 0 s: content/posts/a-long-way-round-the-cape.md",
        ),
        (
            120,
            "0:00 [                        ] 0/1 posts",
            "  Cloudflare Workers AI, 0 s: content/posts/a-long-way-round-the-cape.md",
        ),
    ] {
        let (_blog, action) = action(&server);
        let run = action.run_at_terminal(columns);
        let lines = drawn(&run.log, columns);
        assert_eq!(run.code, Some(0), "{lines:#?}");
        let from_the_start = lines.iter().position(|line| line == "0:00 reading the posts");
        assert!(from_the_start.is_some_and(|at| at < 3), "{columns}: {lines:#?}");
        for told in [bar, flight] {
            assert!(lines.iter().any(|line| line == told), "{columns}: {told}: {lines:#?}");
        }
        let left = run.log.rsplit_once("\u{1b}[2K").map_or("", |(_, after)| after);
        assert!(left.contains("1 generated") && left.trim_end().ends_with("browser"), "{columns}: {left:?}");
    }
}

#[test]
fn what_is_waited_for_is_named_with_the_time_that_is_left() {
    let server = slow(|| images::cloudflare_fails(429, 1, "slow down").with("retry-after", "2"));
    let (_blog, action) = action(&server);
    let run = action.args(&["--patience=2s", "--describe=never"]).run_at_terminal(80);
    let told = "  waiting for Cloudflare Workers AI, 2 s left: …sts/a-long-way-round-the-cape.md";
    let lines = drawn(&run.log, 80);
    assert!(lines.iter().any(|line| line == told), "{lines:#?}");
}

#[test]
fn nobody_who_does_not_watch_meets_a_bar() {
    let server = slow(images::cloudflare_delivers);
    let has_bar = |log: &str| log.contains("0/1 posts") || log.contains("reading the posts");
    for (name, value, args) in
        [("GITHUB_ACTIONS", "true", ""), ("TERM", "dumb", ""), ("TERM", "xterm", "--quiet")]
    {
        let (_blog, action) = action(&server);
        let args: Vec<&str> = [args].into_iter().filter(|arg| !arg.is_empty()).collect();
        let run = action.env(name, value).input("publish", "none").args(&args).run_at_terminal(80);
        assert!(run.log.contains("Hero image ready") && !has_bar(&run.log), "{name}={value}: {}", run.log);
    }
    let (_blog, action) = action(&server);
    let piped = action.run();
    assert!(piped.log.contains("1 generated") && !has_bar(&piped.log), "{}", piped.log);
}

#[test]
fn bash_completes_modes_flags_values_and_leaves_the_rest_to_files() {
    let (_blog, action) = action(&slow(images::cloudflare_delivers));
    let script = action.args(&["--completions", "bash"]).run().stdout;
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("completions"), script).unwrap();
    let completed = |typed: &[&str]| {
        let (last, before) = (typed.len(), typed.last().unwrap());
        let line = format!(
            "source ./completions; COMP_WORDS=(image-fallback-action \"$@\"); COMP_CWORD={last}; \
             _image__fallback__action image-fallback-action '{before}' \"${{COMP_WORDS[{last} - 1]}}\"; \
             echo \"${{COMPREPLY[*]}}\""
        );
        let output = std::process::Command::new("bash")
            .args(["-c", &line, "bash"])
            .args(typed)
            .current_dir(folder.path())
            .output()
            .unwrap();
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    };
    for (typed, offered) in [
        (&["che"][..], "check"),
        (&["--max"], "--max-images"),
        (&["check", "--bui"], "--built"),
        (&["--format", ""], "jpeg webp png"),
        (&["--color", "a"], "auto always"),
        (&["content/po"], ""),
    ] {
        assert_eq!(completed(typed), offered, "{typed:?}");
    }
}
