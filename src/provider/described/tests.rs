//! The reader of descriptions, and the format held against a service that is written in Rust.

use super::*;

/// A right description, for tests that break it.
pub(super) const RIGHT: &str = r#"name: acme
title: Acme
key: { page: "https://acme.example/keys" }
models: [m1, m2]
request:
  post: /draw/{{ model }}
  headers: { Authorization: "Bearer {{ key }}", X-Trace: "{{ seed }}" }
  json: { prompt: "{{ prompt }}", width: "{{ width }}", seed: "{{ seed | text }}" }
picture: { link: /url }
errors:
  - { status: 418, class: bad }
"#;

fn faults(text: &str) -> Vec<String> {
    service(".github/image-providers/acme.yml", text, false, &Files::new()).err().unwrap_or_default()
}

#[test]
fn every_description_of_the_program_is_right() {
    for (file, text) in OURS {
        let faults = service(file, text, true, &Files::new()).err();
        assert_eq!(faults, None, "{file}");
        let name = file.trim_start_matches("providers/").trim_end_matches(".yml");
        assert!(text.contains(&format!("\nname: {name}\n")), "{file}");
    }
    assert_eq!(built_in().len(), OURS.len());
}

#[test]
fn what_is_wrong_is_told_all_at_once_with_file_line_key_and_cure() {
    assert_eq!(faults(RIGHT), Vec::<String>::new());
    let wrong = RIGHT
        .replace("title:", "titel:")
        .replace("post: /draw", "post: https://evil.example/draw")
        .replace("{{ width }}", "{{ widht }}")
        .replace("link: /url", "link: url")
        .replace("class: bad", "class: worse");
    let told = faults(&wrong);
    let expected = [
        "acme.yml, line 2: `titel`: this key is unknown; choose from `$schema`, `name`",
        "acme.yml, line 9: `picture.link`: `url` is no address inside an answer; write one such as",
        "acme.yml, line 11: `errors.0.class`: `worse` is unknown; choose from `out-of-credit`",
        "acme.yml, line 6: `request.post`: `https://evil.example/draw/{{ model }}` is no path; write one that",
        "acme.yml, line 8: `request.json.width`: `widht` is no placeholder here; choose from prompt",
    ];
    for part in expected {
        assert!(told.iter().any(|told| told.contains(part)), "{part}: {told:#?}");
    }
}

#[test]
fn a_description_of_the_repository_names_neither_host_nor_secret() {
    for (from, to, cure) in [
        ("title: Acme", "base: https://evil.example", "names no host"),
        ("key: {", "key: { names: [TOGETHER_API_TOKEN],", "names no secret"),
        ("key: {", "key: { public: \"0000\",", "names no secret"),
        ("post: /draw", "post: //evil.example", "is no path"),
        ("post: /draw/{{ model }}", "post: \"{{ prompt }}/draw\"", "is no path"),
        ("X-Trace: \"{{ seed }}\"", "Host: evil.example", "cannot be set"),
        ("prompt: \"{{ prompt }}\"", "prompt: \"{{ key }}\"", "no placeholder"),
        ("/draw/{{ model }}", "/draw/{{ key }}", "no placeholder"),
        (
            "picture:",
            "wait: { ticket: { url-of: /u, hosts: [evil.example] }, ask: { get: \"{{ ticket }}\" }, state: /s, done: [x] }\npicture:",
            "names no hosts",
        ),
    ] {
        let told = faults(&RIGHT.replacen(from, to, 1));
        assert!(told.iter().any(|told| told.contains(cure)), "{to}: {told:#?}");
    }
}
