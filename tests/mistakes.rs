//! What people type wrong, and the whole answer to each: what is wrong, where, and the cure, on stderr, with nothing in
//! front of it or behind, and no file touched.

use image_fallback::provider::Catalogue;

use crate::support::action::Action;
use crate::support::posts::{contents, put};

/// The blog around the mistakes.
fn blog() -> tempfile::TempDir {
    let blog = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("hugo.toml", "title = \"Notes\"\n"),
        ("content/posts/first-steps.md", "---\ntitle: First steps\n---\nHello.\n"),
        ("public/index.html", "<p>Notes</p>\n"),
        (".image-fallback/report.json", "of the last run"),
    ] {
        put(blog.path(), path, text.as_bytes());
    }
    std::fs::create_dir(blog.path().join(".git")).unwrap();
    blog
}

/// Runs what `action` makes of the blog, and compares the whole answer.
fn answers(made: impl Fn(Action) -> Action, mistake: &str, right: &[&str]) {
    let blog = blog();
    let before = contents(blog.path());
    let run = made(Action::on_a_laptop(blog.path())).run();
    assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{mistake}: {}", run.log);
    assert_eq!(run.stderr.lines().collect::<Vec<_>>(), right, "{mistake}");
    assert_eq!(contents(blog.path()), before, "{mistake}");
}

/// What is typed, as a shell would part it at blanks, and the answer behind `error: `.
const TYPED: &[(&str, &str)] = &[
    // Flags.
    (
        "--max-image 3",
        "command line: there is no flag `--max-image`; did you mean `--max-images`? `--help` lists all",
    ),
    (
        "--max-pictures=3",
        "command line: there is no flag `--max-pictures`; did you mean `--max-images`? `--help` lists all",
    ),
    ("--dryrun", "command line: there is no flag `--dryrun`; did you mean `--dry-run`? `--help` lists all"),
    ("-n", "command line: there is no flag `-n`; `--help` lists all"),
    (
        "--size",
        "command line: `--size <WIDTHxHEIGHT>` has no value; write it behind the flag, as `--help` says",
    ),
    (
        "--color=alwys",
        "command line: `--color`: `alwys` is wrong; write `auto`, `always` or `never`; did you mean `always`?",
    ),
    (
        "--completions=bsh",
        "command line: `--completions`: `bsh` is wrong; write `bash`, `zsh`, `fish` or `powershell`; did you mean `bash`?",
    ),
    (
        "--completions",
        "command line: `--completions <bash|zsh|fish|powershell>` has no value; write it behind the flag, as `--help` says",
    ),
    ("--man=1", "command line: unexpected value `1` for `--man` found; no more were expected; see `--help`"),
    (
        "-q -v",
        "command line: the argument `--quiet` cannot be used with `--verbose`; write one of them, once, as `--help` says",
    ),
    (
        "--size 800x600 --size 900x600",
        "command line: the argument `--size <WIDTHxHEIGHT>` cannot be used multiple times; write one of them, once, as `--help` says",
    ),
    // Modes.
    (
        "genrate",
        "command line: `genrate` is neither a file nor a mode; the first word may be `generate`, `check`, `plan`, `providers`, `drill` or `demo`; did you mean `generate`?",
    ),
    (
        "--mode=chek",
        "`--mode`: `chek` is wrong; write `generate`, `check`, `plan`, `providers` or `drill`; did you mean `check`?",
    ),
    // Paths.
    (
        "content/posts/first-step.md",
        "command line: there is no file `content/posts/first-step.md`; did you mean `content/posts/first-steps.md`?",
    ),
    ("content/post", "command line: there is no file `content/post`; did you mean `content/posts`?"),
    (
        "elsewhere/xyzzy.md",
        "command line: there is no file `elsewhere/xyzzy.md`; POSTS are relative to the working directory",
    ),
    (
        "contents",
        "command line: `contents` is neither a file nor a mode; the first word may be `generate`, `check`, `plan`, `providers`, `drill` or `demo`; did you mean `content`?",
    ),
    (
        "--posts=content/[a.md",
        "`--posts`: `content/[a.md` is not a valid glob: unclosed character class; missing ']'",
    ),
    ("--root=contnt", "`--root`: there is no folder `contnt`; did you mean `content`?"),
    ("--root=xyzzy", "`--root`: there is no folder `xyzzy`; name a folder of the repository"),
    ("check --built=pubic", "`--built`: there is no folder `pubic`; did you mean `public`?"),
    (
        "--report-dir=content",
        "`--report-dir`: `content` already holds other files, which git would no longer see; write e.g. `.image-fallback`",
    ),
    (
        "--image-dir=../pictures",
        "`--image-dir`: `../pictures` is not a folder inside the repository; name one like `static/images`",
    ),
    // Values to choose from.
    (
        "--format=wepb",
        "`--format`: `wepb` is wrong; write `jpeg`, `jpg`, `webp` or `png`; did you mean `webp`?",
    ),
    ("--format=gif", "`--format`: `gif` is wrong; write `jpeg`, `jpg`, `webp` or `png`"),
    (
        "--publish=pull_request",
        "`--publish`: `pull_request` is wrong; write `commit`, `pull-request` or `none`; did you mean `pull-request`?",
    ),
    (
        "--embed=markdwon",
        "`--embed`: `markdwon` is wrong; write `none`, `markdown` or `obsidian`; did you mean `markdown`?",
    ),
    (
        "--on-exhausted=cards",
        "`--on-exhausted`: `cards` is wrong; write `manual` or `card`; did you mean `card`?",
    ),
    (
        "--fail-on=degrade",
        "`--fail-on`: `degrade` is wrong; write `degraded`, `fallback` or `never`; did you mean `degraded`?",
    ),
    (
        "--metadata=frontmatter",
        "`--metadata`: `frontmatter` is wrong; write `none` or `front-matter`; did you mean `front-matter`?",
    ),
    ("--dry-run=yes", "`--dry-run`: `yes` is wrong; write `true` or `false`"),
    // Providers.
    (
        "--provider-override=together",
        "`--provider-override`: `together` is not configured; set `TOGETHER_API_TOKEN` (or `TOGETHER_API_KEY`)",
    ),
    // Sizes, numbers, times.
    (
        "--size 1200",
        "`--size`: `1200` is wrong; write width and height in pixels such as `1200x630`, each from 256 to 4096",
    ),
    ("--quality=101", "`--quality`: `101` is wrong; write a whole number from 1 to 100"),
    ("--max-images=ten", "`--max-images`: `ten` is wrong; write a whole number from 0 to 100000"),
    (
        "--deadline=soon",
        "`--deadline`: `soon` is wrong; write a duration such as `90s` or `15m`, at most `24h`",
    ),
    ("--timeout=0", "`--timeout`: `0` leaves no time for an answer"),
    // Fields, templates, names.
    (
        "--image-field=a..b",
        "`--image-field`: `a..b` is not a valid field; write letters, digits, `_` and `-`, each part beginning with a \
         letter or `_`, as in `cover.image`",
    ),
    ("--image-path={slug}.jpg", "`--image-path`: `{slug}.jpg` names no file; add {file} or {relative}"),
    (
        "--image-field=title",
        "`--image-field`: `title` means something else in a post; name a field of its own, as in `cover.image`",
    ),
    (
        "--prompt-template={{titel}}",
        "`--prompt-template`: an unknown name in line 1; known are `subject`, `title`, `description`, `text` and `path`; \
         correct it, or leave it out for the built-in one",
    ),
    (
        "--branch=a..b",
        "`--branch`: `a..b` is wrong; write the name of a branch as git allows it, such as `image-fallback/main`, of at \
         most 189 bytes",
    ),
];

#[test]
fn what_is_mistyped_is_answered_by_its_error_alone() {
    for (typed, right) in TYPED {
        let words: Vec<&str> = typed.split(' ').collect();
        answers(|action| action.args(&words), typed, &[&format!("error: {right}")]);
    }
}

#[test]
fn a_mistyped_service_is_answered_by_all_of_them_and_the_one_that_was_meant() {
    let catalogue = Catalogue::built_in();
    let names: Vec<String> = catalogue.names().map(|name| format!("`{name}`")).collect();
    let right = format!(
        "error: `--providers`: `cloudfare` is unknown; choose from {}, `card` or `manual`; did you mean `cloudflare`?",
        names.join(", ")
    );
    answers(|action| action.args(&["--providers=cloudfare"]), "cloudfare", &[&right]);
}

/// A variable that is wrong or half of a pair.
const VARIABLES: &[(&str, &str, &str)] = &[
    (
        "CLOUDFLARE_API_TOKEN",
        "cf-secret-token",
        "no image provider is configured: Cloudflare is not used: the account id is missing; set `CLOUDFLARE_ACCOUNT_ID`, \
         or `CLOUDFLARE` as `<account id>:<api token>`; or set input `providers` to `card` for title cards only",
    ),
    (
        "CLOUDFLARE_ACCOUNT_ID",
        "0123456789abcdef0123456789abcdef",
        "no image provider is configured: Cloudflare is not used: the API token is missing; set `CLOUDFLARE_API_TOKEN`; \
         or set input `providers` to `card` for title cards only",
    ),
    (
        "ALERT_WEBHOOK",
        "hooks.slack.com/x",
        "secret `alert-webhook`: it is not a valid http(s) address; copy the webhook's whole address again",
    ),
];

#[test]
fn half_a_credential_and_a_wrong_variable_are_answered_by_what_is_missing() {
    for (variable, value, right) in VARIABLES {
        answers(|action| action.env(variable, *value), variable, &[&format!("error: {right}")]);
    }
}

/// Text of the settings file.
const FILES: &[(&str, &str)] = &[
    ("max_images: 3\n", "`max_images` is unknown; did you mean `max-images`?"),
    (
        "github-token: x\n",
        "`github-token` is not allowed in the settings file; secrets and base URLs come from the step's `env:`",
    ),
    ("quality: 3\nquality: 4\n", "`quality` is given again in line 2; keep one of them"),
    ("size: {w: 1}\n", "`size` has to be a single value or a list of them"),
    (
        "sites:\n  - root: contnt\n",
        "item 1 of `sites`: `root: contnt` is not a folder of the repository; name one that exists; did you mean `content`?",
    ),
];

#[test]
fn what_is_wrong_in_the_settings_file_is_told_with_its_name() {
    for (text, right) in FILES {
        let blog = blog();
        put(blog.path(), ".github/image-fallback.yml", text.as_bytes());
        let run = Action::on_a_laptop(blog.path()).run();
        assert_eq!((run.code, run.stdout.as_str()), (Some(2), ""), "{text}: {}", run.log);
        assert_eq!(run.stderr, format!("error: .github/image-fallback.yml: {right}\n"), "{text}");
    }
}
