//! Places that must not or cannot be written.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{put_good, says_and_goes_on, whole_files_only, with_pictures};
use crate::support::action::{Action, Finished};
use crate::support::images;
use crate::support::posts::{blog, blog_of, contents, post, put};

/// Settings that would write here are refused before anything is spent.
fn is_refused(inputs: &[(&str, &str)], words: &[&str]) {
    let server = images::cloudflare();
    let blog = blog(&[]);
    put_good(blog.path());
    let before = contents(blog.path());
    let action = Action::in_actions(blog.path()).cloudflare(&server);
    let run = inputs.iter().fold(action, |action, (name, value)| action.input(name, value)).run();
    assert_eq!((run.code, server.count()), (Some(2), 0), "{inputs:?}: {}", run.log);
    for word in words {
        assert!(run.log.contains(word), "`{word}` is missing for {inputs:?}: {}", run.log);
    }
    assert_eq!(contents(blog.path()), before);
}

#[test]
fn an_image_folder_outside_the_repository_is_refused() {
    for value in ["../x", "static/../../x", "{dir}/../../x", "..", ".git/x", ".github/workflows"] {
        is_refused(&[("image-dir", value)], &["`image-dir`", value, "static/images"]);
    }
}

#[test]
fn an_image_folder_that_begins_with_a_dot_is_the_folder_it_names() {
    let blog = blog(&[]);
    put_good(blog.path());
    let run = with_pictures(blog.path()).input("image-dir", "./static//pictures/.").run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert_eq!(run.post("posts/good.md")["image"], "static/pictures/good.jpg");
    let text = std::fs::read_to_string(blog.path().join("posts/good.md")).unwrap();
    assert!(text.contains("/pictures/good.jpg"), "{text}");
}

#[test]
fn a_template_with_a_placeholder_nobody_knows_is_refused() {
    is_refused(&[("image-dir", "static/{home}")], &["`image-dir`", "{home}", "{slug}"]);
    is_refused(&[("image-path", "/images/{nope}/{file}")], &["`image-path`", "{nope}", "{file}"]);
}

/// The post stays, nothing is asked for it, nothing is written outside.
fn is_left_alone(blog: &Path, server_requests: impl Fn() -> usize, run: &Finished, words: &[&str]) {
    let text = std::fs::read_to_string(blog.join("posts/good.md")).unwrap();
    assert_eq!(text, post("A good one"));
    assert_eq!(run.status("posts/good.md"), "failed");
    assert_eq!((run.code, server_requests()), (Some(1), 0), "{}", run.log);
    for word in words {
        assert!(run.log.contains(word), "`{word}` is missing: {}", run.log);
    }
}

#[test]
fn an_image_folder_that_is_a_link_is_not_written_through() {
    let outside = tempfile::tempdir().unwrap();
    let server = images::cloudflare();
    let blog = blog(&[]);
    put_good(blog.path());
    std::fs::create_dir(blog.path().join("static")).unwrap();
    symlink(outside.path(), blog.path().join("static/images")).unwrap();
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    is_left_alone(blog.path(), || server.count(), &run, &["goes through the link `static/images`"]);
    assert_eq!(contents(outside.path()), []);
}

#[test]
fn a_picture_name_that_is_a_link_is_not_written_through() {
    let outside = tempfile::tempdir().unwrap();
    put(outside.path(), "victim", b"mine");
    let blog = blog(&[]);
    put_good(blog.path());
    std::fs::create_dir_all(blog.path().join("static/images")).unwrap();
    symlink(outside.path().join("victim"), blog.path().join("static/images/good.jpg")).unwrap();
    let run = with_pictures(blog.path()).run();
    assert_eq!(std::fs::read(outside.path().join("victim")).unwrap(), b"mine");
    assert!(matches!(run.status("posts/good.md").as_str(), "failed" | "generated"), "{}", run.log);
}

#[test]
fn a_file_where_a_folder_is_needed_is_named_with_the_cure() {
    let server = images::cloudflare();
    let blog = blog(&[("static/images", "a file")]);
    put_good(blog.path());
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    let words = ["`static/images/good.jpg`", "a file stands where a folder is needed", "`image-dir`"];
    is_left_alone(blog.path(), || server.count(), &run, &words);
}

#[test]
fn a_folder_where_the_picture_should_go_is_named_with_the_cure() {
    let server = images::cloudflare();
    let blog = blog(&[("static/images/good.jpg/x", "")]);
    put_good(blog.path());
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    is_left_alone(blog.path(), || server.count(), &run, &["is a folder; rename it"]);
}

/// A mount that goes when the test does; `None`, with a word, where mounting is not allowed.
struct Mount<'a>(&'a Path);

impl<'a> Mount<'a> {
    fn new(at: &'a Path, how: &[&str]) -> Option<Self> {
        let mounted = Command::new("mount").args(how).arg(at).output();
        if mounted.is_ok_and(|output| output.status.success()) {
            return Some(Self(at));
        }
        println!("skipped: nothing may be mounted here");
        None
    }
}

impl Drop for Mount<'_> {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(self.0).status();
    }
}

#[test]
fn a_read_only_image_folder_is_named_with_the_cure() {
    let blog = blog(&[("static/images/old.txt", "")]);
    put_good(blog.path());
    let folder = blog.path().join("static/images");
    let options = ["-t", "tmpfs", "-o", "ro,size=64k", "tmpfs"];
    let Some(_mount) = Mount::new(&folder, &options) else { return };
    let server = images::cloudflare();
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    assert_eq!((run.code, run.status("posts/good.md")), (Some(1), "failed".to_owned()), "{}", run.log);
    assert_eq!(server.count(), 0, "a picture was paid for that nobody can keep");
    for word in ["`static/images/good.jpg`", "read-only", "mount the workspace writable"] {
        assert!(run.log.contains(word), "{word}: {}", run.log);
    }
    let text = std::fs::read_to_string(blog.path().join("posts/good.md")).unwrap();
    assert_eq!(text, post("A good one"));
}

#[test]
fn posts_that_cannot_be_written_leave_no_picture_behind() {
    let blog = blog(&[]);
    put_good(blog.path());
    put(blog.path(), "locked/bad.md", post("In a locked folder").as_bytes());
    let folder = blog.path().join("locked");
    let Some(_mount) = Mount::new(&folder, &["-t", "tmpfs", "-o", "size=64k", "tmpfs"]) else { return };
    put(blog.path(), "locked/bad.md", post("In a locked folder").as_bytes());
    let locked = Command::new("mount").args(["-o", "remount,ro"]).arg(&folder).status().unwrap();
    assert!(locked.success());
    let before = contents(blog.path());
    let run = with_pictures(blog.path()).input("posts", "posts/**\nlocked/**").run();
    says_and_goes_on(&run, "locked/bad.md", &["read-only"]);
    assert_eq!(whole_files_only(blog.path(), &before), 1);
}

#[test]
fn a_full_disk_is_named_with_the_cure_and_leaves_nothing_in_halves() {
    let blog = blog(&[]);
    put_good(blog.path());
    put(blog.path(), "other/static/x", b"");
    let folder = blog.path().join("full");
    std::fs::create_dir(&folder).unwrap();
    put(blog.path(), "posts/other.md", post("Another").as_bytes());
    let Some(_mount) = Mount::new(&folder, &["-t", "tmpfs", "-o", "size=4k", "tmpfs"]) else { return };
    let (before, server) = (contents(blog.path()), images::cloudflare());
    let run = Action::in_actions(blog.path()).cloudflare(&server).input("image-dir", "full").run();
    assert_eq!((run.code, run.status("posts/good.md")), (Some(1), "failed".to_owned()), "{}", run.log);
    assert_eq!(server.count(), 0, "a picture was paid for that nobody can keep");
    for word in ["`full/good.jpg`", "the disk is full; free some space"] {
        assert!(run.log.contains(word), "{word}: {}", run.log);
    }
    assert_eq!(contents(blog.path()), before);
}

#[test]
fn no_picture_is_paid_for_once_the_disk_is_full() {
    let (blog, server) = (blog_of(30), images::cloudflare());
    let folder = blog.path().join("filling");
    std::fs::create_dir(&folder).unwrap();
    let Some(_mount) = Mount::new(&folder, &["-t", "tmpfs", "-o", "size=600k", "tmpfs"]) else { return };
    let action = Action::in_actions(blog.path()).cloudflare(&server).input("describe", "never");
    let action = action
        .input("image-dir", "filling")
        .input("max-images", "30")
        .input("concurrency", "1")
        .input("format", "png");
    let run = action.run();
    let made: usize = run.outputs["generated"].parse().unwrap();
    assert!((1..29).contains(&made), "{}", run.log);
    assert_eq!(server.count(), made + 1, "{}", run.log);
}

#[test]
fn a_report_folder_that_leads_out_through_a_link_is_not_written() {
    let outside = tempfile::tempdir().unwrap();
    for (link, given) in [("out", "out"), ("out", "out/deep/report"), (".image-fallback", ".image-fallback")]
    {
        let blog = blog(&[]);
        put_good(blog.path());
        symlink(outside.path(), blog.path().join(link)).unwrap();
        let run = with_pictures(blog.path()).input("report-dir", given).run();
        assert_eq!(contents(outside.path()), [], "{given}: {}", run.log);
        assert_eq!((run.code, run.outputs["report"].as_str()), (Some(0), ""), "{}", run.log);
        assert!(run.log.contains("cannot write the report"), "{}", run.log);
        assert!(run.log.contains("symbolic link"), "{}", run.log);
    }
}

#[test]
fn a_report_folder_that_holds_something_else_is_a_settings_error() {
    for (file, given) in [
        ("docs/guide.md", "docs"),
        ("static/pictures/boat.jpg", "static"),
        ("out/.gitignore", "out/"),
        ("out/report.html", "./out"),
        ("out", "out"),
    ] {
        let (blog, server) = (blog(&[(file, "*.log\n")]), images::cloudflare());
        put_good(blog.path());
        let before = contents(blog.path());
        let run = Action::in_actions(blog.path()).cloudflare(&server).input("report-dir", given).run();
        assert_eq!((run.code, server.count()), (Some(2), 0), "{file}: {}", run.log);
        let words = format!("`report-dir`: `{given}` already holds other files");
        assert!(run.log.contains(&words) && run.log.contains("write e.g. `.image-fallback`"), "{}", run.log);
        assert_eq!(contents(blog.path()), before);
    }
}

#[test]
fn a_report_folder_that_is_empty_or_an_earlier_runs_is_taken() {
    let blog = blog(&[]);
    put_good(blog.path());
    let out = blog.path().join("out");
    std::fs::create_dir(&out).unwrap();
    let run = || with_pictures(blog.path()).input("report-dir", "out").run();
    let is_taken = |run: Finished| {
        assert_eq!((run.code, run.outputs["report"].as_str()), (Some(0), "out/report.json"), "{}", run.log);
        assert_eq!(std::fs::read_to_string(out.join(".gitignore")).unwrap(), "*\n");
    };
    is_taken(run());
    // A file of somebody's beside the report, of which git sees nothing already.
    put(&out, "note.txt", b"mine");
    is_taken(run());
    // An artifact comes back without the files whose names begin with a dot.
    std::fs::remove_file(out.join(".gitignore")).unwrap();
    is_taken(run());
    // A run that was killed left no more than a picture with its note.
    std::fs::remove_dir_all(&out).unwrap();
    let entry = b"\xff\xd8...\n{\"post\":\"posts/a.md\",\"branch\":\"main\",\"alt\":\"A\",\"prompt\":\"\",\"picture\":\"a.jpg\"}";
    put(&out, "pictures/static/images/a.jpg", entry);
    is_taken(run());
}

#[test]
fn what_git_would_refuse_is_a_settings_error_for_every_path() {
    for name in ["report-dir", "image-dir", "posts", "root"] {
        for value in ["git~1/x", "a/.GIT", "a/.g\u{200c}it/x", "a\u{7}b"] {
            is_refused(&[(name, value)], &[&format!("`{name}`")]);
        }
    }
    is_refused(&[("image-dir", "static/a\nb")], &["`static/a\\nb` holds a line break"]);
}

#[test]
fn a_report_folder_outside_is_a_settings_error() {
    for value in ["../x", "/etc", ".git/x", "."] {
        is_refused(&[("report-dir", value)], &["`report-dir`", "inside the workspace or RUNNER_TEMP"]);
    }
}
