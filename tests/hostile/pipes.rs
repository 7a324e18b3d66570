//! Links and pipes in the place of files: none of them is waited for, read for ever, or followed out of the
//! repository.

use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use super::{put_good, with_pictures};
use crate::signals::within;
use crate::support::action::{Action, Finished};
use crate::support::images;
use crate::support::posts::{blog, put};

/// Longest that a run may take that waits for nothing.
const SOON: u64 = 20;

/// The program's own output, whose end never comes while it runs.
const OUTPUT: &str = "/proc/self/fd/1";

fn pipe(path: &Path) {
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Two blogs, one with a link to the program's output at this path and one with a pipe, and the runs there.
fn runs(path: &str, files: &[(&str, &str)]) -> [Finished; 2] {
    ["link", "pipe"].map(|kind| {
        let blog = blog(files);
        put_good(blog.path());
        let place = blog.path().join(path);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        match kind {
            "link" => symlink(OUTPUT, place).unwrap(),
            _ => pipe(&place),
        }
        let action = with_pictures(blog.path()).input("posts", "posts/**");
        let run = within(SOON, action.start());
        // The report is read while the blog is there.
        assert_eq!(run.post("posts/good.md")["path"], "posts/good.md", "{kind}: {}", run.log);
        run
    })
}

#[test]
fn a_configuration_that_is_not_a_file_is_told_with_the_cure_and_the_run_goes_on() {
    for (path, files) in [
        ("config.toml", &[][..]),
        ("config.yaml", &[]),
        ("Gemfile", &[("_config.yml", "")]),
        ("package.json", &[("_config.yml", ""), ("source/_posts/a.txt", "")]),
        ("docs/config.toml", &[]),
        (".obsidian/app.json", &[]),
        (".obsidian/templates.json", &[]),
        ("src/content.config.ts", &[("astro.config.mjs", "")]),
        (".gitmodules", &[]),
    ] {
        for run in runs(path, files) {
            assert_eq!((run.code, run.outputs["generated"].as_str()), (Some(0), "1"), "{path}: {}", run.log);
            let told: Vec<_> = run.log.lines().filter(|line| line.contains(&format!("`{path}`"))).collect();
            assert_eq!(told.len(), 1, "{path}: {}", run.log);
            for words in
                ["is not read", "a link that leads out, a pipe or a device", "put the file itself there"]
            {
                assert!(told[0].contains(words), "{words}: {}", told[0]);
            }
        }
    }
}

#[test]
fn nothing_is_paid_for_where_the_attributes_are_not_a_file() {
    for (path, place) in [(".gitattributes", "link"), ("static/.gitattributes", "pipe")] {
        let (blog, server) = (blog(&[("static/a.txt", "")]), images::cloudflare());
        put_good(blog.path());
        match place {
            "link" => symlink(OUTPUT, blog.path().join(path)).unwrap(),
            _ => pipe(&blog.path().join(path)),
        }
        let run = within(SOON, Action::in_actions(blog.path()).cloudflare(&server).start());
        assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.log);
        let reason = run.post("posts/good.md")["reason"].to_string();
        for words in ["cannot be written", &format!("`{path}`"), "put the file itself there"] {
            assert!(reason.contains(words), "{words}: {reason}");
        }
    }
}

#[test]
fn attributes_behind_a_link_inside_the_repository_count() {
    let (blog, server) = (blog(&[("shared/attributes", "*.jpg filter=lfs\n")]), images::cloudflare());
    put_good(blog.path());
    symlink("shared/attributes", blog.path().join(".gitattributes")).unwrap();
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.log);
    assert!(run.log.contains("tracked by Git LFS"), "{}", run.log);
}

#[test]
fn a_pipe_in_the_place_of_a_picture_stays_and_another_name_is_taken() {
    let blog = blog(&[]);
    put_good(blog.path());
    pipe(&blog.path().join("static/images/good.jpg"));
    let run = within(SOON, with_pictures(blog.path()).start());
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert_eq!(run.post("posts/good.md")["image"], "static/images/good-2.jpg");
}

#[test]
fn a_hero_that_is_a_pipe_or_leads_to_one_is_kept_and_named() {
    let blog = blog(&[]);
    put_good(blog.path());
    for name in ["pipe", "link"] {
        let text = format!("---\ntitle: A {name}\nimage: /images/{name}.jpg\n---\n\nText\n");
        put(blog.path(), &format!("posts/{name}.md"), text.as_bytes());
    }
    pipe(&blog.path().join("static/images/pipe.jpg"));
    symlink(OUTPUT, blog.path().join("static/images/link.jpg")).unwrap();
    let run = within(SOON, with_pictures(blog.path()).start());
    for name in ["pipe", "link"] {
        assert_eq!(run.status(&format!("posts/{name}.md")), "unresolved", "{}", run.log);
    }
    assert_eq!(run.status("posts/good.md"), "generated");
}

#[test]
fn an_event_file_that_is_a_pipe_is_not_waited_for() {
    let blog = blog(&[]);
    put_good(blog.path());
    let place = blog.path().join("event.json");
    pipe(&place);
    for path in [place.to_str().unwrap(), OUTPUT] {
        let action =
            with_pictures(blog.path()).env("GITHUB_EVENT_NAME", "push").env("GITHUB_EVENT_PATH", path);
        let run = within(SOON, action.start());
        assert_ne!(run.code, Some(0), "{}", run.log);
        for words in
            [path, "cannot be read", "a link that leads out, a pipe or a device", "GITHUB_EVENT_PATH"]
        {
            assert!(run.log.contains(words), "{words}: {}", run.log);
        }
    }
}

#[test]
fn the_files_of_the_report_folder_may_be_pipes() {
    for name in ["health.json", "report.json", "report.html", "report.part", ".gitignore", "pictures/a.jpg"] {
        let blog = blog(&[]);
        put_good(blog.path());
        pipe(&blog.path().join(".image-fallback").join(name));
        // A laptop keeps its record there as well.
        let action = Action::on_a_laptop(blog.path()).cloudflare(&images::cloudflare());
        let run = within(SOON, action.start());
        assert_eq!(run.status("posts/good.md"), "generated", "{name}: {}", run.log);
    }
}
