//! The files around the program held against each other: metadata, image, workflows, examples.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use gray_matter::engine::{Engine as _, YAML};
use image_fallback::provider::Catalogue;
use serde_json::{Map, Value};

const ACTION: &str = include_str!("../action.yml");
const DOCKERFILE: &str = include_str!("../Dockerfile");
const PREPARE: &str = include_str!("../.ci/engine");

fn parse(text: &str) -> Value {
    YAML::parse(text).unwrap().deserialize().unwrap()
}

/// Name and description of everything declared under `inputs` or `outputs` of action.yml.
pub fn declared(section: &str) -> BTreeMap<String, String> {
    let action = parse(ACTION);
    let described = |entry: &Value| entry["description"].as_str().unwrap().to_owned();
    action[section]
        .as_object()
        .unwrap()
        .iter()
        .map(|(name, entry)| (name.clone(), described(entry)))
        .collect()
}

/// Every workflow file, ours and the examples.
fn workflows() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let files = [".github/workflows", "examples/workflows"]
        .into_iter()
        .flat_map(|folder| std::fs::read_dir(root.join(folder)).unwrap())
        .map(|entry| entry.unwrap().path());
    files.map(|file| (file.clone(), std::fs::read_to_string(&file).unwrap())).collect()
}

/// What each step that runs this action gives it.
fn our_steps(workflow: &str) -> Vec<Map<String, Value>> {
    let ours = |step: &&Value| {
        let uses = step["uses"].as_str().unwrap_or_default();
        uses == "./" || uses.contains("/image-fallback-action@")
    };
    let workflow = parse(workflow);
    let steps =
        workflow["jobs"].as_object().unwrap().values().filter_map(|job| job["steps"].as_array()).flatten();
    steps.filter(ours).map(|step| step["with"].as_object().cloned().unwrap_or_default()).collect()
}

#[test]
fn inputs_are_lower_case_with_hyphens_and_described() {
    let inputs = declared("inputs");
    assert!(inputs.len() > 20);
    for (name, description) in inputs {
        // Any other character reaches the program under different names from the runner and from act.
        assert!(name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-'), "{name}");
        assert!(description.contains("; default: "), "{name}: {description}");
    }
}

#[test]
fn no_input_but_the_token_has_a_default_that_would_hide_the_settings_file() {
    for (name, input) in parse(ACTION)["inputs"].as_object().unwrap() {
        assert!(name == "github-token" || input["default"].is_null(), "{name}");
    }
}

#[test]
fn outputs_are_described() {
    let outputs = declared("outputs");
    assert!(outputs.contains_key("verdict"));
    assert!(outputs.values().all(|description| !description.is_empty()));
}

#[test]
fn the_action_starts_the_image_at_its_absolute_entrypoint() {
    let entrypoint = parse(ACTION)["runs"]["entrypoint"].as_str().unwrap().to_owned();
    assert!(entrypoint.starts_with('/'));
    assert!(DOCKERFILE.contains(&format!("ENTRYPOINT [\"{entrypoint}\"]")));
}

#[test]
fn the_dockerfile_names_no_architecture_and_no_user() {
    for word in ["amd64", "arm64", "x86_64", "aarch64", "--platform"] {
        assert!(!DOCKERFILE.contains(word), "{word}");
    }
    assert!(!DOCKERFILE.lines().any(|line| line.starts_with("USER")));
}

#[test]
fn the_engine_script_finds_the_base_image_in_the_dockerfile() {
    assert!(PREPARE.contains("FROM \\(.*\\) AS build"));
    assert_eq!(
        DOCKERFILE.lines().filter(|line| line.starts_with("FROM ") && line.ends_with(" AS build")).count(),
        1
    );
}

#[test]
fn steps_that_use_the_action_give_it_only_inputs_it_has() {
    let inputs = declared("inputs");
    let mut seen = 0;
    for (file, text) in workflows() {
        for with in our_steps(&text) {
            seen += 1;
            for name in with.keys() {
                assert!(inputs.contains_key(name), "{}: `{name}`", file.display());
            }
        }
    }
    assert!(seen >= 6, "every example and the ci workflow use the action, {seen} steps do");
}

#[test]
fn every_example_uses_the_action() {
    for (file, text) in workflows().iter().filter(|(file, _)| file.starts_with(example_folder())) {
        assert!(!our_steps(text).is_empty(), "{}", file.display());
    }
}

fn example_folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/workflows")
}

#[test]
fn every_action_is_pinned_by_its_commit_with_the_version_beside_it() {
    for (file, text) in workflows() {
        for line in
            text.lines().filter_map(|line| line.trim().trim_start_matches("- ").strip_prefix("uses: "))
        {
            if line.starts_with("./ ") {
                continue;
            }
            let pinned = line.split_once('@').and_then(|(_, pin)| pin.split_once(" # v"));
            let hash = pinned.map_or("", |(hash, _)| hash);
            assert!(
                hash.len() == 40 && hash.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{}: {line}",
                file.display()
            );
        }
    }
}

#[test]
fn no_job_inherits_permissions() {
    for (file, text) in workflows() {
        assert!(text.lines().any(|line| line == "permissions: {}"), "{}", file.display());
    }
}

#[test]
fn every_example_and_the_quick_start_wire_every_service() {
    let readme = include_str!("../README.md").to_owned();
    let examples = workflows().into_iter().filter(|(file, _)| file.starts_with(example_folder()));
    // A check asks nobody.
    let asking = examples.filter(|(file, _)| !file.ends_with("check.yml"));
    for (file, text) in asking.chain([(PathBuf::from("README.md"), readme)]) {
        for service in Catalogue::built_in().iter().filter(|service| service.by_default) {
            let switch = service.enabled_by.split('`').find_map(|word| word.strip_suffix("_ENABLED=true"));
            let enabled =
                switch.map_or(service.variable("ENABLED"), |name| format!("{name}_ENABLED")) + ": true";
            let is_wired = |line: &str| {
                let line = line.trim().trim_start_matches("# ");
                let is_key = |name: &String| line.starts_with(&format!("{name}: ${{{{ secrets.{name} }}}}"));
                service.secrets.iter().any(is_key) || line.starts_with(&enabled)
            };
            let (name, shown) = (&service.name, file.display());
            let key = &service.secrets[0];
            assert!(
                text.lines().any(is_wired),
                "add `{key}: ${{{{ secrets.{key} }}}}` of the service `{name}` to the step in {shown}"
            );
        }
    }
}

#[test]
fn the_example_of_a_run_by_hand_offers_the_services_of_the_catalogue() {
    let example = parse(include_str!("../examples/workflows/override.yml"));
    let offered = &example["on"]["workflow_dispatch"]["inputs"]["provider"]["options"];
    let catalogue = Catalogue::built_in();
    let usual = catalogue.iter().filter(|service| service.by_default);
    let names: Vec<_> = usual.map(|service| service.name.to_string()).collect();
    assert_eq!(*offered, Value::from(names), "write `options:` of override.yml as the catalogue has them");
}
