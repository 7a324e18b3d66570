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

#[test]
fn the_schema_that_ships_takes_what_the_reader_takes_and_knows_the_same_keys() {
    let schema: serde_json::Value =
        serde_json::from_str(include_str!("../../../docs/provider.schema.json")).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let is_valid = |text: &str| validator.is_valid(reading::DescriptionDraft::new("x", text).root().value());
    let all = OURS.iter().map(|(_, text)| *text).chain([RIGHT, COMFYUI]);
    all.for_each(|text| assert!(is_valid(text), "{text}"));
    for (from, to) in [
        ("title:", "titel:"),
        ("link: /url", "link: url"),
        ("class: bad", "class: worse"),
        ("models: [m1, m2]", "models: {}"),
        ("  post:", "  patch:"),
    ] {
        let wrong = RIGHT.replacen(from, to, 1);
        assert!(!is_valid(&wrong) && !faults(&wrong).is_empty(), "{to}");
    }
    let keys = |pointer: &str| -> std::collections::BTreeSet<String> {
        schema.pointer(pointer).unwrap().as_object().unwrap().keys().cloned().collect()
    };
    let known = |keys: &[&str]| keys.iter().map(|&key| key.to_owned()).collect();
    assert_eq!(keys("/properties"), known(&description::KEYS));
    assert_eq!(keys("/properties/request/anyOf/0/properties"), known(&call::Call::KEYS));
    assert_eq!(keys("/properties/refused/anyOf/0/properties"), known(&rules::Condition::KEYS));
}

const COMFYUI: &str = include_str!("../../../examples/image-providers/comfyui.yml");

#[tokio::test]
async fn the_example_for_comfyui_fills_the_workflow_and_fetches_its_picture() {
    use crate::http::mock::{Mock, Reply};
    use crate::provider::{Prompt, Request};

    let workflow = serde_json::json!({"6": {"inputs": {"text": "{{ prompt }}", "seed": "{{ seed }}"}}});
    let workflow = serde_json::json!({"prompt": workflow});
    let files = Files::from([("comfyui.json".to_owned(), workflow)]);
    let comfyui =
        service("comfyui.yml", COMFYUI, false, &files).unwrap_or_else(|faults| panic!("{faults:#?}"));
    let mock = Mock::start().await;
    let done = r#"{"9c":{"outputs":{"9":{"images":[{"filename":"a b.png","subfolder":"","type":"output"}]}},"status":{"status_str":"success"}}}"#;
    mock.on("/prompt", Reply::json(200, r#"{"prompt_id":"9c","number":4,"node_errors":{}}"#))
        .on("/history/9c", Reply::json(200, "{}"))
        .on("/history/9c", Reply::json(200, done))
        .on("/view", Reply::bytes(200, "image/png", "picture"));
    let env = Env::of([("COMFYUI_BASE_URL", mock.url())]);
    let ready = comfyui.configure(&env, &Http::default()).unwrap().unwrap();
    let prompt = Prompt { subject: "a \"lighthouse\"".to_owned(), style: String::new() };
    let request = Request { model: "workflow", prompt: &prompt, width: 1200, height: 630, seed: 14 };
    assert_eq!(ready.provider.generate(&request).await.unwrap(), "picture");
    let filled = serde_json::json!({"prompt": {"6": {"inputs": {"text": "a \"lighthouse\"", "seed": 7}}}});
    assert_eq!(mock.asked()[0].json(), filled);
    assert_eq!(mock.targets()[3], "/view?filename=a%20b.png&subfolder=&type=output");
}
