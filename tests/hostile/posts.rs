//! Posts that cannot be read or edited safely.

use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;

use super::{put_good, says_and_goes_on, whole_files_only, with_pictures};
use crate::support::action::Action;
use crate::support::images;
use crate::support::posts::{blog, contents, post, put};

/// The file stays byte for byte, the log says these words about it, and the good post gets its picture.
fn is_left_alone(bytes: &[u8], words: &[&str]) {
    let blog = blog(&[]);
    put_good(blog.path());
    put(blog.path(), "posts/bad.md", bytes);
    let before = contents(blog.path());
    let run = with_pictures(blog.path()).run();
    says_and_goes_on(&run, "posts/bad.md", words);
    assert_eq!(run.status("posts/bad.md"), "failed");
    assert_eq!(whole_files_only(blog.path(), &before), 1);
    assert_eq!(std::fs::read(blog.path().join("posts/bad.md")).unwrap(), bytes);
    assert!(run.log.contains("::error file=posts/bad.md,"), "{}", run.log);
}

#[test]
fn a_post_that_is_not_valid_utf_8_is_left_alone() {
    is_left_alone(b"---\ntitle: caf\xe9\n---\n", &["not UTF-8", "save it as UTF-8"]);
}

#[test]
fn a_post_whose_name_is_not_valid_utf_8_is_left_alone() {
    let blog = blog(&[]);
    put_good(blog.path());
    let name = std::ffi::OsStr::from_bytes(b"caf\xe9.md");
    std::fs::write(blog.path().join("posts").join(name), post("In a caf\u{e9}")).unwrap();
    let run = with_pictures(blog.path()).run();
    says_and_goes_on(&run, "posts/caf\u{fffd}.md", &["a name that is not UTF-8", "rename it"]);
}

#[test]
fn a_front_matter_that_never_ends_is_left_alone() {
    is_left_alone(b"---\ntitle: A\n\nText without an end.\n", &["never closed", "`---`"]);
}

#[test]
fn a_broken_front_matter_is_left_alone() {
    is_left_alone(b"---\ntitle: \"A\ndate: [\n---\n\nText\n", &["not valid, line", "correct it"]);
    is_left_alone(b"+++\ntitle = \n+++\n\nText\n", &["TOML", "not valid, line"]);
}

#[test]
fn a_field_that_is_there_twice_is_left_alone() {
    is_left_alone(b"---\ntitle: A\nimage: ''\nimage: ''\n---\n\nText\n", &["there twice", "remove one"]);
}

#[test]
fn a_post_of_a_gigabyte_is_left_alone_unread() {
    let blog = blog(&[]);
    put_good(blog.path());
    let file = blog.path().join("posts/bad.md");
    std::fs::File::create(&file).unwrap().set_len(1 << 30).unwrap();
    let run = with_pictures(blog.path()).run();
    says_and_goes_on(&run, "posts/bad.md", &["larger than 4 MB", "leave it out"]);
}

#[test]
fn aliases_that_multiply_are_not_followed() {
    let mut text = String::from("---\ntitle: A\na: &a [x,x,x,x,x,x,x,x,x]\n");
    for (name, of) in ('b'..='k').zip('a'..) {
        text.push_str(&format!("{name}: &{name} [*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of},*{of}]\n"));
    }
    is_left_alone(format!("{text}---\n\nText\n").as_bytes(), &["aliases copy too much"]);
}

#[test]
fn front_matter_nested_without_end_is_not_followed() {
    for (open, begin, end) in [
        ("[", "---\ntitle: A\nx: ", "\n---\n"),
        ("{a: ", "---\ntitle: A\nx: ", "\n---\n"),
        ("- ", "---\ntitle: A\nx:\n  ", "\n---\n"),
        ("? ", "---\ntitle: A\nx:\n  ", "\n---\n"),
        ("[", "+++\ntitle = 'A'\nx = ", "\n+++\n"),
        ("{a=", "+++\ntitle = 'A'\nx = ", "\n+++\n"),
    ] {
        is_left_alone(format!("{begin}{}{end}", open.repeat(20_000)).as_bytes(), &["not valid, line"]);
    }
}

#[test]
fn broken_and_endless_json_is_left_alone_where_json_is_read() {
    let blog = blog(&[("posts/bad-1.md", "{\"title\": \"A\",\n")]);
    put_good(blog.path());
    for (number, open) in [(2, "["), (3, "{\"a\":")] {
        let text = format!("{{\"title\": \"A\", \"x\": {}\n", open.repeat(20_000));
        put(blog.path(), &format!("posts/bad-{number}.md"), text.as_bytes());
    }
    let before = contents(blog.path());
    let run = with_pictures(blog.path()).input("site", "hugo").input("posts", "posts/**").run();
    for path in ["posts/bad-1.md", "posts/bad-2.md", "posts/bad-3.md"] {
        says_and_goes_on(&run, path, &["the JSON front matter is not valid, line", "correct it"]);
    }
    let bad = |files: Vec<(String, Vec<u8>)>| -> Vec<_> {
        files.into_iter().filter(|(path, _)| path.contains("bad")).collect()
    };
    assert_eq!(bad(contents(blog.path())), bad(before));
}

#[test]
fn a_folder_named_like_a_post_is_left_alone() {
    let blog = blog(&[]);
    put_good(blog.path());
    put(blog.path(), "posts/folder.md/picture.png", b"");
    let run = with_pictures(blog.path()).run();
    says_and_goes_on(&run, "posts/folder.md", &["is a folder named like a post", "rename it"]);
}

#[test]
fn a_post_that_is_a_link_out_of_the_workspace_is_not_followed() {
    let outside = blog(&[("secret.md", &post("Somebody else's"))]);
    let blog = blog(&[]);
    put_good(blog.path());
    symlink(outside.path().join("secret.md"), blog.path().join("posts/link.md")).unwrap();
    symlink("/proc/self/environ", blog.path().join("posts/environ.md")).unwrap();
    symlink("nowhere.md", blog.path().join("posts/dangling.md")).unwrap();
    let before = contents(outside.path());
    let run = with_pictures(blog.path()).run();
    for link in ["posts/link.md", "posts/environ.md", "posts/dangling.md"] {
        says_and_goes_on(&run, link, &["link that leads out of the repository"]);
    }
    assert_eq!(contents(outside.path()), before);
    assert!(!run.everything().contains("Somebody else's"));
}

#[test]
fn a_folder_of_posts_that_is_a_link_out_of_the_workspace_is_not_followed() {
    let outside = blog(&[("secret.md", &post("Somebody else's"))]);
    let blog = blog(&[]);
    put_good(blog.path());
    symlink(outside.path(), blog.path().join("content")).unwrap();
    let before = contents(outside.path());
    let run = with_pictures(blog.path()).input("posts", "posts/**\ncontent/**\ncontent/secret.md").run();
    assert_eq!(contents(outside.path()), before);
    assert!(!run.everything().contains("Somebody else's"));
    assert_eq!(run.status("posts/good.md"), "generated");
}

#[test]
fn a_pipe_named_like_a_post_is_not_waited_for() {
    let blog = blog(&[]);
    put_good(blog.path());
    let made = std::process::Command::new("mkfifo").arg(blog.path().join("posts/pipe.md")).status();
    assert!(made.unwrap().success());
    let running = with_pictures(blog.path()).start();
    let run = crate::signals::within(20, running);
    says_and_goes_on(&run, "posts/pipe.md", &["not a file", "leave it out"]);
}

#[test]
fn a_blog_without_candidates_is_fine_and_asks_nobody() {
    let server = images::cloudflare();
    let text = "---\ntitle: A\ndraft: true\n---\n\nText\n";
    let blog = blog(&[("posts/draft.md", text)]);
    let run = Action::in_actions(blog.path()).cloudflare(&server).run();
    assert_eq!((run.code, run.outputs["verdict"].as_str(), server.count()), (Some(0), "ok", 0));
    assert!(run.log.contains("1 draft") || run.log.contains("left alone: 1"), "{}", run.log);
}

#[test]
fn a_blog_without_any_post_is_a_settings_error_that_names_the_globs() {
    let blog = blog(&[("notes.txt", "none")]);
    let run = with_pictures(blog.path()).run();
    assert_eq!(run.code, Some(2), "{}", run.log);
    for words in ["no posts found", "`posts`", "posts/**"] {
        assert!(run.log.contains(words), "{words}: {}", run.log);
    }
    assert_eq!(run.report()["verdict"], "failed");
}
