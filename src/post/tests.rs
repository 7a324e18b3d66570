use super::*;

fn post_at(path: &str, text: &str) -> Post {
    Post::parse(path, text.as_bytes(), Dialect::default()).unwrap()
}

fn post(front: &str) -> Post {
    post_at("posts/a.md", &format!("---\n{front}\n---\nBody\n"))
}

// B-56
#[test]
fn the_title_comes_from_the_front_matter_then_the_first_heading() {
    assert_eq!(post("title: \" A \"").title().as_deref(), Some("A"));
    let headed =
        post_at("a.md", "---\ndate: 2026-01-01\n---\n\n```sh\n# no heading\n```\n\n# The *real* one #\n");
    assert_eq!(headed.title().as_deref(), Some("The real one"));
    assert_eq!(post("date: 2026-01-01").title(), None);
    assert_eq!(post("title: 1984").title().as_deref(), Some("1984"));
}

#[test]
fn jekyll_takes_title_and_date_from_the_file_name() {
    let dialect = Dialect { file_title: FileTitle::Titleized, ..Dialect::default() };
    let post = Post::parse("_posts/2026-11-20-a-b.md", b"---\nlayout: post\n---\n", dialect).unwrap();
    assert_eq!(post.title().as_deref(), Some("A B"));
    assert_eq!(post.date().unwrap().to_string(), "2026-11-20T00:00:00Z");
}

#[test]
fn obsidian_takes_the_file_name_as_it_stands() {
    let dialect = Dialect { file_title: FileTitle::Verbatim, ..Dialect::default() };
    let post = Post::parse("My Note.md", b"Text\n", dialect).unwrap();
    assert_eq!(post.title().as_deref(), Some("My Note"));
}

// B-49
#[test]
fn the_front_matter_date_wins_over_the_file_name_and_over_updates() {
    let text = "---\ntitle: A\ndate: 2026-02-02\nupdated: 2026-09-09\n---\n";
    assert_eq!(post_at("2026-01-01-a.md", text).date().unwrap().to_string(), "2026-02-02T00:00:00Z");
    let undated = post_at("2026-01-01-a.md", "---\ntitle: A\nupdated: 2026-09-09\n---\n");
    assert_eq!(undated.date().unwrap().to_string(), "2026-01-01T00:00:00Z");
    let bundle = post_at("content/2026-03-03-a/index.md", "---\ntitle: A\n---\n");
    assert_eq!(bundle.date().unwrap().to_string(), "2026-03-03T00:00:00Z");
    assert_eq!(post("title: A").date(), None);
}

// B-61
#[test]
fn every_spelling_of_the_flag_counts() {
    for value in ["true", "TRUE", "yes", "\"true\"", "'Yes'"] {
        assert_eq!(
            post(&format!("regenerate_image: {value}")).regenerate(),
            Some(Regenerate::New),
            "{value}"
        );
    }
    assert_eq!(post("regenerate_image: redraw").regenerate(), Some(Regenerate::Redraw));
}

// B-65
#[test]
fn an_absent_or_false_flag_asks_for_nothing() {
    for front in ["title: A", "regenerate_image: false", "regenerate_image: \"false\"", "regenerate_image:"] {
        assert_eq!(post(front).regenerate(), None, "{front}");
    }
    assert_eq!(post_at("a.md", "No front matter\n").regenerate(), None);
}

// B-66
#[test]
fn a_prompt_with_a_model_beside_it_is_our_cache() {
    let authored = post("image_prompt: A red boat");
    assert_eq!(authored.image_prompt(), Some(AuthoredPrompt { text: "A red boat".into(), cached: false }));
    let cached = post("image_prompt: A red boat\nimage_model: flux");
    assert!(cached.image_prompt().unwrap().cached);
    assert_eq!(post("image_prompt: \"\"").image_prompt(), None);
}

#[test]
fn the_description_is_the_first_summary_there_is() {
    assert_eq!(post("subtitle: S\nsummary: T").description().as_deref(), Some("T"));
    assert_eq!(post("title: A").description(), None);
}

#[test]
fn a_nested_value_is_found_by_its_dotted_path() {
    let post = post("cover:\n  image: a.png\n  alt: \"\"");
    assert_eq!(post.text("cover.image").as_deref(), Some("a.png"));
    assert_eq!(post.text("cover.alt"), None);
    assert_eq!(post.text("cover.image.more"), None);
}

#[test]
fn the_body_starts_after_the_front_matter() {
    let text = "---\ntitle: A\n---\nBody\n";
    assert_eq!(post_at("a.md", text).body(text), "Body\n");
    assert_eq!(post_at("a.md", "Only text").body("Only text"), "Only text");
}

#[test]
fn what_is_not_utf_8_is_refused_with_the_cure() {
    let error = Post::parse("a.md", b"\xff\xfe-\0", Dialect::default()).unwrap_err();
    assert_eq!(error.to_string(), "is not UTF-8 text (byte 0); save it as UTF-8");
}

#[test]
fn a_file_of_more_than_four_megabytes_is_refused() {
    let large = vec![b'a'; LARGEST + 1];
    assert_eq!(Post::parse("a.md", &large, Dialect::default()).unwrap_err(), Unreadable::TooLarge);
}
