//! Settings that make no sense: every problem at once, with name, value and cure, and nothing touched.

use std::os::unix::fs::symlink;

use crate::support::action::{Action, Finished};
use crate::support::images;
use crate::support::posts::{blog_of, contents, put};
use crate::support::server::Gate;

const FILE: &str = ".github/image-fallback.yml";

fn is_refused(run: &Finished, words: &[&str]) {
    assert_eq!(run.code, Some(2), "{}", run.log);
    assert_eq!(run.outputs["verdict"], "failed");
    assert_eq!(run.report()["verdict"], "failed");
    let summary = run
        .summary
        .replace("<code>", "`")
        .replace("</code>", "`")
        .replace("&#95;", "_")
        .replace("&#45;", "-");
    for word in words {
        assert!(run.log.contains(word), "`{word}` is missing: {}", run.log);
        assert!(summary.contains(word), "`{word}` is missing: {summary}");
    }
}

#[test]
fn no_provider_inside_actions_lists_what_would_enable_each() {
    let blog = blog_of(1);
    let before = contents(blog.path());
    let run = Action::in_actions(blog.path()).run();
    let words = ["CLOUDFLARE_API_TOKEN", "HUGGINGFACE_API_TOKEN", "TOGETHER_API_TOKEN"];
    is_refused(&run, &words);
    is_refused(&run, &["POLLINATIONS_ENABLED", "GEMINI_API_KEY", "card"]);
    assert_eq!(contents(blog.path()), before);
}

#[test]
fn every_nonsense_is_told_at_once_and_nothing_is_spent() {
    let server = images::cloudflare();
    let blog = blog_of(1);
    let before = contents(blog.path());
    let inputs = [
        ("mode", "destroy"),
        ("site", "wordpress"),
        ("scope", "everything"),
        ("embed", "maybe"),
        ("providers", "dall-e"),
        ("provider-override", "midjourney"),
        ("on-exhausted", "cry"),
        ("fail-on", "always"),
        ("max-images", "-1"),
        ("concurrency", "0"),
        ("timeout", "soon"),
        ("deadline", "99999999999999999999s"),
        ("patience", "-5m"),
        ("prompt-template", "{{ title"),
        ("describe", "perhaps"),
        ("size", "1x99999999999"),
        ("format", "bmp"),
        ("quality", "101"),
        ("metadata", "all"),
        ("dry-run", "perhaps"),
        ("report-dir", "../../etc"),
        ("root", "no-such-folder"),
    ];
    let action = Action::in_actions(blog.path()).cloudflare(&server);
    let run = inputs.iter().fold(action, |action, (name, value)| action.input(name, value)).run();
    for (name, value) in inputs {
        is_refused(&run, &[&format!("`{name}`")]);
        assert!(name == "prompt-template" || run.log.contains(value), "{name}: {}", run.log);
    }
    assert_eq!((server.count(), contents(blog.path())), (0, before));
}

#[test]
fn a_branch_that_git_refuses_ends_the_run_before_a_picture_is_paid_for() {
    let server = images::cloudflare();
    let blog = blog_of(1);
    let before = contents(blog.path());
    let long = "b".repeat(300);
    for name in ["a..b", "a b", &long, "-x", "HEAD"] {
        for input in ["branch", "base"] {
            let run = Action::in_actions(blog.path()).cloudflare(&server).input(input, name).run();
            is_refused(&run, &[&format!("input `{input}`: `{name}` is wrong; write the name of a branch")]);
        }
    }
    assert_eq!((server.count(), contents(blog.path())), (0, before));
}

#[test]
fn unknown_flags_and_flags_without_a_value_are_named() {
    for (args, word) in [
        (vec!["--frobnicate"], "--frobnicate"),
        (vec!["generate", "--max-images"], "--max-images"),
        (vec!["--size=1", "--size=2"], "--size"),
        (vec!["--github-token=x"], "--github-token"),
        (vec!["-x"], "-x"),
    ] {
        let blog = blog_of(1);
        let run = Action::in_actions(blog.path()).cloudflare(&images::cloudflare()).args(&args).run();
        is_refused(&run, &[word, "--help"]);
    }
}

#[test]
fn empty_values_mean_unset() {
    let blog = blog_of(1);
    let names = image_fallback::settings::inputs::INPUTS.iter().map(|input| input.name);
    let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
    let action = names.fold(action, |action, name| action.input(name, " \n")).input("publish", "none");
    let run = action.env("TOGETHER_API_TOKEN", "").env("GEMINI", " ").run();
    assert_eq!(run.code, Some(0), "{}", run.log);
}

#[test]
fn globs_and_templates_made_to_explode_are_refused_or_harmless() {
    let blog = blog_of(1);
    let globs = [
        "{a,b}".repeat(2_000),
        "{".repeat(5_000),
        "*".repeat(5_000),
        "**/".repeat(5_000),
        format!("posts/{}", "[a-z]".repeat(5_000)),
        "!".repeat(5_000),
        "../".repeat(500),
        "/etc/**".to_owned(),
        "posts/**\n".repeat(2_000),
    ];
    for glob in &globs {
        let action =
            Action::in_actions(blog.path()).cloudflare(&images::cloudflare()).input("dry-run", "true");
        let run = crate::signals::within(20, action.input("posts", glob).start());
        assert!(matches!(run.code, Some(0 | 2)), "{:?} for {:.40}: {}", run.code, glob, run.log);
    }
    let endless = "{% for a in range(9999) %}{% for b in range(9999) %}{{ title }}{% endfor %}{% endfor %}";
    let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
    let run = crate::signals::within(20, action.input("prompt-template", endless).start());
    assert!(matches!(run.code, Some(1 | 2)), "{:?}: {}", run.code, run.log);
    assert!(run.log.contains("`prompt-template`"), "{}", run.log);
}

#[test]
fn a_template_that_would_fill_the_memory_is_refused_before_anything_is_spent() {
    let doubling = "{% set a = text ~ text %}{% set b = a ~ a %}{% set text = b ~ b %}".repeat(10);
    for template in [
        doubling.as_str(),
        "{% for i in range(40) %}{% set text = text ~ text %}{% endfor %}{{ text }}",
        "{{ ('%' ~ '999999999d')|format(1) }}",
        "{{ 'x' * 99999999 }}",
        "{{ text|replace('', text)|replace('', text) }}",
        "{{ range(99999)|join(text) }}",
        "{% set all %}{% for i in range(99999) %}{{ text }}{% endfor %}{% endset %}",
    ] {
        let (blog, server) = (blog_of(1), images::cloudflare());
        let action = Action::in_actions(blog.path()).cloudflare(&server).input("prompt-template", template);
        let run = crate::signals::within(20, action.start());
        assert_eq!((run.code, server.count()), (Some(2), 0), "{template}: {}", run.log);
        assert!(run.log.contains("`prompt-template`"), "{}", run.log);
    }
}

#[cfg(target_os = "linux")]
#[test]
fn the_largest_template_that_is_taken_keeps_within_the_memory_of_a_picture() {
    let template = "{% set a = text ~ text %}{% set b = a ~ a %}{% set c = b ~ b %}{% set d = c ~ c %}\
                    {% set e = d ~ d %}{% set f = e ~ e %}{{ title }}{% if f ~ f ~ f ~ f %}{{ f }}{% endif %}";
    let (blog, gate) = (tempfile::tempdir().unwrap(), Gate::default());
    let text = "A boat in the harbour. ".repeat(2_000);
    put(blog.path(), "posts/a.md", format!("---\ntitle: A\ndescription: B\n---\n{text}\n").as_bytes());
    let server = crate::signals::gated(&gate, 1);
    let action = Action::in_actions(blog.path()).cloudflare(&server).input("describe", "never");
    let running = action.input("prompt-template", template).start();
    crate::signals::asked(&server, 1);
    let status = std::fs::read_to_string(format!("/proc/{}/status", running.id())).unwrap();
    gate.open();
    assert_eq!(running.wait().code, Some(0));
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    let peak: u64 = peak.trim().trim_end_matches(" kB").parse().unwrap();
    assert!(peak < 100 * 1024, "{peak} kB");
}

/// A run with this settings file touches nothing and says these words.
fn is_wrong(bytes: &[u8], words: &[&str]) {
    let blog = blog_of(1);
    put(blog.path(), FILE, bytes);
    let before = contents(blog.path());
    let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
    let run = crate::signals::within(20, action.start());
    assert_eq!(contents(blog.path()), before);
    is_refused(&run, &[FILE]);
    is_refused(&run, words);
}

#[test]
fn a_settings_file_of_nonsense_is_named_with_the_cure() {
    is_wrong(b"colour: red\nsizes: 1x1\nsize: 1x1\n", &["`colour`", "`sizes`", "`size`"]);
    is_wrong(b"together-base-url: http://evil\napi_key: x\n", &["is not allowed in the settings file"]);
    for bytes in
        [&b"just words"[..], b"- a\n- b\n", b"size: [1, [2, {a: 3}]]\n", b"size: \"unclosed\n", b"\xff\xfe"]
    {
        is_wrong(bytes, &[]);
    }
}

#[test]
fn a_settings_file_that_is_too_large_is_not_read() {
    is_wrong("#".repeat(1 << 20).as_bytes(), &["larger than"]);
}

#[test]
fn a_settings_file_made_to_explode_is_refused() {
    let mut bomb = String::from("a: &a [x,x,x,x,x,x,x,x,x]\n");
    for (name, of) in ('b'..='l').zip('a'..) {
        bomb.push_str(&format!("{name}: &{name} [*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of}]\n"));
    }
    is_wrong(bomb.as_bytes(), &["aliases copy too much"]);
    for open in ["[", "{a: ", "- ", "? "] {
        is_wrong(format!("style:\n  {}", open.repeat(50_000)).as_bytes(), &[]);
    }
}

#[test]
fn a_settings_file_that_leads_elsewhere_is_not_read() {
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "secret.yml", b"top-secret: value\n");
    for target in [outside.path().join("secret.yml"), "/dev/zero".into(), "/proc/self/environ".into()] {
        let blog = blog_of(1);
        std::fs::create_dir(blog.path().join(".github")).unwrap();
        symlink(&target, blog.path().join(FILE)).unwrap();
        let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
        let run = crate::signals::within(20, action.start());
        is_refused(&run, &[FILE, "file of the repository"]);
        assert!(!run.everything().contains("top-secret"), "{}", run.log);
    }
}

#[test]
fn a_settings_file_that_is_a_pipe_or_a_folder_is_not_waited_for() {
    for make in ["mkfifo", "mkdir"] {
        let blog = blog_of(1);
        let file = blog.path().join(FILE);
        std::fs::create_dir(file.parent().unwrap()).unwrap();
        assert!(std::process::Command::new(make).arg(&file).status().unwrap().success());
        let action = Action::in_actions(blog.path()).cloudflare(&images::cloudflare());
        is_refused(&crate::signals::within(20, action.start()), &[FILE, "file of the repository"]);
    }
}
