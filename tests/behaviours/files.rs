//! What is written, and that nothing else is.

use super::{PICTURE, POST, text};
use crate::support::action::Action;
use crate::support::images::{self, fresh_jpeg, gemini_delivers, gemini_describes};
use crate::support::posts::{blog, blog_of, contents, put};
use crate::support::server::{Request, Server};

/// Whether Gemini was asked for words.
fn describes(request: &Request) -> bool {
    request.json()["generationConfig"]["responseModalities"].is_null()
}

// B-64, B-88, B-89
#[test]
fn somebody_elses_picture_stays_and_no_other_file_is_touched() {
    let (hand_made, server) = (fresh_jpeg(), images::cloudflare());
    let folder = blog(&[
        (POST, "---\ntitle: A\nimage: /images/mine.jpg\nregenerate_image: true\n---\n"),
        ("posts/other.md", "---\ntitle: B\nimage: /images/mine.jpg\n---\n"),
        ("notes.txt", "untouched"),
    ]);
    put(folder.path(), "static/images/mine.jpg", &hand_made);
    // In the way of the name that the new picture would take.
    put(folder.path(), PICTURE, &hand_made);
    let before = contents(folder.path());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let after = contents(folder.path());
    let kept = before.iter().filter(|(name, _)| name != POST);
    assert!(kept.into_iter().all(|file| after.contains(file)), "{:?}", run.log);
    assert_eq!(after.len(), before.len() + 1, "one new file");
    assert!(text(&folder, POST).contains("image: /images/post-1-2.jpg\n"), "{}", text(&folder, POST));
}

#[test]
fn a_picture_goes_to_the_folder_as_spelled_and_beside_no_name_in_other_case() {
    let folder = blog_of(1);
    put(folder.path(), "static/Images/Post-1.jpg", &fresh_jpeg());
    let run = Action::in_actions(folder.path()).cloudflare(&images::cloudflare()).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    assert!(run.log.contains("pictures go to `static/Images`"), "{}", run.log);
    let text = text(&folder, POST);
    assert!(text.contains("image: /Images/post-1-2.jpg\n"), "{text}");
    let files: Vec<String> = contents(folder.path()).into_iter().map(|(name, _)| name).collect();
    assert_eq!(files, [POST, "static/Images/Post-1.jpg", "static/Images/post-1-2.jpg"]);
    assert_eq!(
        Action::in_actions(folder.path()).cloudflare(&images::cloudflare()).run().status(POST),
        "unchanged"
    );
}

// B-72, B-74, B-81
#[test]
fn metadata_is_quoted_correctly_and_has_no_copy_of_the_prompt() {
    let gemini = Server::start(|request| {
        if describes(request) {
            gemini_describes("A \"boat\" at 5: #1 \\ café's pier", "A 'boat': \"x\"")
        } else {
            gemini_delivers()
        }
    });
    let (folder, server) = (blog_of(1), images::cloudflare());
    let run = Action::in_actions(folder.path())
        .input("metadata", "front-matter")
        .cloudflare(&server)
        .gemini(&gemini)
        .run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let matter = gray_matter::Matter::<gray_matter::engine::YAML>::new();
    let post: gray_matter::ParsedEntity<serde_json::Value> = matter.parse(&text(&folder, POST)).unwrap();
    let fields = post.data.unwrap();
    assert_eq!(fields["image_prompt"], server.requests()[0].json()["prompt"]);
    assert!(fields["image_prompt"].as_str().unwrap().contains("A \"boat\" at 5: #1 \\ café's pier"));
    assert_eq!(fields["image_alt"], "A 'boat': \"x\"");
    assert_eq!(fields["image_provider"], "cloudflare");
    assert_eq!(fields["image_model"], "@cf/black-forest-labs/flux-1-schnell");
    let date = fields["image_date"].as_str().unwrap();
    assert!(date.parse::<jiff::Timestamp>().is_ok() && date.ends_with('Z'), "{date}");
    assert!(fields.get("image_description").is_none());
}

// B-80
#[test]
fn the_picture_is_also_shown_in_the_body_when_that_is_asked_for() {
    let body = "---\ntitle: A\n---\n\n# A\n\n```md\n# No heading\n```\n\nWords.\n";
    let (folder, server) = (blog(&[(POST, body)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).input("embed", "markdown").cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let written = text(&folder, POST);
    assert_eq!(written.matches("![A](/images/post-1.jpg)").count(), 1, "{written}");
    assert!(written.contains("# A\n\n![A](/images/post-1.jpg)"), "{written}");
}

// B-82, B-85
#[test]
fn a_post_without_or_with_broken_front_matter_is_left_as_it_is_and_said() {
    let (bare, open) = ("# A title\n\nWords.\n", "---\ntitle: Open\n\nWords.\n");
    let (folder, server) = (blog(&[("posts/bare.md", bare), ("posts/open.md", open)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!((text(&folder, "posts/bare.md"), text(&folder, "posts/open.md")), (bare.into(), open.into()));
    assert_eq!(
        (run.status("posts/bare.md").as_str(), run.status("posts/open.md").as_str()),
        ("skipped", "failed")
    );
    assert_eq!((run.code, server.count()), (Some(1), 0), "{}", run.log);
    assert!(run.log.contains("the front matter is never closed"), "{}", run.log);
}

// B-83, B-84
#[test]
fn an_empty_key_is_replaced_and_every_other_byte_stays() {
    let before =
        "---\r\ntitle: \"A: b\"   # why\r\nimage:\r\ntags:\r\n- '@x'\r\nempty:\r\n---\r\n\r\nWords.\r\n";
    let (folder, server) = (blog(&[(POST, before)]), images::cloudflare());
    let run = Action::in_actions(folder.path()).cloudflare(&server).run();
    assert_eq!(run.code, Some(0), "{}", run.log);
    let expected = before
        .replace("image:\r\n", "image: /images/post-1.jpg\r\n")
        .replace("empty:\r\n", "empty:\r\nimage_alt: \"A: b\"\r\n");
    let after = text(&folder, POST);
    let without_alt = |text: &str| {
        text.lines().filter(|line| !line.starts_with("image_alt")).collect::<Vec<_>>().join("\r\n")
    };
    assert_eq!(without_alt(&after), without_alt(&expected));
    assert_eq!(after.matches("image:").count(), 1);
}

#[test]
fn a_post_that_cannot_take_its_fields_is_refused_before_anybody_is_asked() {
    let list: &[_] = &[("image-field", "images[].src")];
    let metadata: &[_] = &[("metadata", "front-matter")];
    let script = "---js\n{ title: 'A', date: '2025-01-05' }\n---\nText.\n";
    for (config, path, post, inputs) in [
        ("pelicanconf.py", "content/a.md", "Title: A\nDate: 2025-01-05\n\nText.\n", list),
        ("conf.py", "posts/a.md", ".. title: A\n.. date: 2025-01-05\n\nText.\n", list),
        // The second field would go into what the first one made.
        ("eleventy.config.js", "posts/a.md", script, list),
        ("_config.yml", "_posts/2025-01-05-a.md", "---\ntitle: A\nimage_date: [[b]]\n---\nText.\n", metadata),
        (
            "_config.yml",
            "_posts/2025-01-05-a.md",
            "---\ntitle: A\nimage_model: {b: c}\n---\nText.\n",
            metadata,
        ),
    ] {
        let (cloudflare, gemini) = (images::cloudflare(), Server::start(|_| gemini_delivers()));
        let folder = blog(&[(config, "BLOG_TITLE = 'x'\n"), (path, post)]);
        let action = Action::in_actions(folder.path()).cloudflare(&cloudflare).gemini(&gemini);
        let run = inputs.iter().fold(action, |action, (name, value)| action.input(name, value)).run();
        assert_eq!(run.status(path), "failed", "{post} {}", run.log);
        assert_eq!((cloudflare.count(), gemini.count()), (0, 0), "{post} {}", run.log);
        assert_eq!(text(&folder, path), post);
    }
}
