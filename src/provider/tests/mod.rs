//! Tests of the catalogue and of the providers over real HTTP against a local mock.

use bytes::Bytes;

use super::*;
use crate::http::Http;
use crate::http::mock::Mock;

mod cloudflare;
mod errors;
mod gemini;
mod huggingface;
mod pollinations;
mod together;

/// The base64 of `picture`, which is no real picture: judging that is not the providers' job.
const BASE64: &str = "cGljdHVyZQ==";
const PICTURE: Bytes = Bytes::from_static(b"picture");
const KEY: &str = "key-0123456789";

/// The configuration of a service that talks to the mock, with these variables.
fn configured(name: &str, mock: &Mock, variables: &[(&str, &str)]) -> Configuration {
    configured_with(&Http::default(), name, mock, variables)
}

fn configured_with(http: &Http, name: &str, mock: &Mock, variables: &[(&str, &str)]) -> Configuration {
    let lookup = |asked: &str| {
        let given = variables.iter().find(|(name, _)| *name == asked).map(|(_, value)| (*value).to_owned());
        let address = asked.ends_with("_BASE_URL") || asked == "HUGGINGFACE_HUB_URL";
        given.or_else(|| address.then(|| mock.url().to_owned()))
    };
    (entry(name).unwrap().configure)(&Variables::new(&lookup), http)
}

/// The provider of a configuration that has to be complete.
fn ready(configuration: Configuration) -> Box<dyn Provider> {
    match configuration {
        Configuration::Ready { provider, .. } => provider,
        Configuration::Off => panic!("off"),
        Configuration::Half { warning: text } | Configuration::Wrong { problem: text } => panic!("{text}"),
    }
}

fn prompt() -> Prompt {
    Prompt { subject: "a lighthouse / dusk?".to_owned(), style: "flat colours".to_owned() }
}

/// Asks for one wide picture.
async fn draw(provider: &dyn Provider, model: &str) -> Result<Bytes, Failure> {
    let prompt = prompt();
    let request = Request { model, prompt: &prompt, width: 1200, height: 630, seed: 14 };
    provider.generate(&request).await
}

// B-21
#[test]
fn a_cut_prompt_ends_in_an_ellipsis_on_a_character_boundary_and_keeps_its_style() {
    let prompt = Prompt { subject: "é".repeat(50), style: "flat colours".to_owned() };
    let fitted = prompt.fit(30);
    assert_eq!(fitted, format!("{}… flat colours", "é".repeat(16)));
    assert_eq!(fitted.chars().count(), 30);
}

#[test]
fn a_prompt_that_fits_is_left_alone() {
    let prompt = Prompt { subject: "a lighthouse".to_owned(), style: String::new() };
    assert_eq!(prompt.fit(12), "a lighthouse");
}

#[test]
fn catalogue_names_are_unique_and_lower_case() {
    let names: Vec<_> = CATALOG.iter().map(|entry| entry.name).collect();
    let unique: std::collections::BTreeSet<_> = names.iter().collect();
    assert_eq!(unique.len(), names.len());
    assert!(
        names.iter().all(|name| name.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit()))
    );
}

#[test]
fn a_size_is_a_multiple_of_16_in_the_wanted_proportions() {
    let prompt = prompt();
    let size =
        |width, height| Request { model: "m", prompt: &prompt, width, height, seed: 0 }.size(256, 1920);
    assert_eq!(size(1200, 630), (1200, 640));
    assert_eq!(size(3840, 2160), (1920, 1088));
    assert_eq!(size(100, 100), (256, 256));
    assert_eq!(size(u32::MAX, 1), (1920, 256));
}

// B-02
#[tokio::test]
async fn a_service_without_its_key_is_off() {
    let mock = Mock::start().await;
    for entry in CATALOG {
        assert!(matches!(configured(entry.name, &mock, &[]), Configuration::Off), "{}", entry.name);
    }
}

// B-01
#[test]
fn the_default_order_is_the_catalogue() {
    let names: Vec<_> = CATALOG.iter().map(|entry| entry.name).collect();
    assert_eq!(names, ["cloudflare", "huggingface", "together", "pollinations", "gemini"]);
}

#[test]
fn the_page_about_providers_names_every_service_with_its_models() {
    let page = include_str!("../../../docs/providers.md");
    for entry in CATALOG {
        let row = page.lines().find(|line| line.starts_with(&format!("| `{}` |", entry.name))).unwrap();
        let models: Vec<_> = entry.models.iter().map(|model| format!("`{model}`")).collect();
        assert!(row.contains(&format!("| {} |", models.join(", "))), "{row}");
        assert!(row.contains(&format!("`{}_BASE_URL`", entry.name.to_uppercase())), "{row}");
        assert!(page.contains(&format!("\n| {}", entry.name)), "{} has no error table", entry.name);
    }
}
