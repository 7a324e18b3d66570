//! Tests of the catalogue and of the providers over real HTTP against a local mock.

use bytes::Bytes;

use super::*;
use crate::env::Env;
use crate::http::Http;
use crate::http::mock::Mock;

mod cloudflare;
mod described;
mod errors;
mod gemini;
mod huggingface;
mod pollinations;
mod probe;
mod together;

/// The base64 of `picture`, which is not a real picture: judging that is not the providers' job.
const BASE64: &str = "cGljdHVyZQ==";
const PICTURE: Bytes = Bytes::from_static(b"picture");
const KEY: &str = "key-0123456789";

/// What comes of a service that talks to the mock, with these variables.
fn configured(name: &str, mock: &Mock, variables: &[(&str, &str)]) -> Result<Option<Ready>, NotReady> {
    configured_with(&Http::default(), name, mock, variables)
}

fn configured_with(
    http: &Http,
    name: &str,
    mock: &Mock,
    variables: &[(&str, &str)],
) -> Result<Option<Ready>, NotReady> {
    let catalogue = Catalogue::built_in();
    let service = catalogue.get(name).unwrap();
    let base = service.base_variable();
    let addresses = [(base.as_str(), mock.url()), ("HUGGINGFACE_HUB_URL", mock.url())];
    service.configure(&Env::of(addresses.into_iter().chain(variables.iter().copied())), http)
}

/// The provider of a configuration that has to be complete.
fn ready(configured: Result<Option<Ready>, NotReady>) -> Box<dyn Provider> {
    configured.unwrap().unwrap().provider
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
fn catalogue_names_are_unique_and_lower_case_with_hyphens() {
    let catalogue = Catalogue::built_in();
    let unique: std::collections::BTreeSet<_> = catalogue.names().collect();
    assert_eq!(unique.len(), catalogue.names().count());
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    assert!(unique.iter().all(|name| name.bytes().all(allowed)), "{unique:?}");
}

#[test]
fn a_name_with_hyphens_has_variables_without() {
    let service = Service::new("acme-images-2", Models::new("m", []), |_, _, _| Ok(None));
    assert_eq!(service.secrets, ["ACME_IMAGES_2_API_TOKEN"]);
    assert_eq!(service.model_variables, ["ACME_IMAGES_2_IMAGE_MODEL"]);
    assert_eq!(service.base_variable(), "ACME_IMAGES_2_BASE_URL");
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

#[test]
fn no_default_model_is_known_to_cost_more_than_four_cents_a_picture() {
    let most = Dollars::millionths(40_000);
    for service in Catalogue::built_in().iter() {
        for (model, rate) in
            service.models.iter().filter_map(|model| Some((model, service.prices.of(model)?)))
        {
            assert!(rate.price(1200, 630) <= most, "{model}: {rate}");
        }
    }
}

// B-02
#[test]
fn a_service_that_was_given_nothing_is_off() {
    for service in Catalogue::built_in().iter() {
        let configured = service.configure(&Env::default(), &Http::default());
        assert!(matches!(configured, Ok(None)), "{}", service.name);
    }
}

#[test]
fn the_page_about_providers_names_every_service_with_its_models() {
    let page = include_str!("../../../docs/providers.md");
    for service in Catalogue::built_in().iter() {
        let name = &service.name;
        let row = page.lines().find(|line| line.starts_with(&format!("| `{name}` |")));
        let row = row.unwrap_or_else(|| panic!("add a row of `{name}` to docs/providers.md"));
        let models: Vec<_> = service.models.iter().map(|model| format!("`{model}`")).collect();
        assert!(row.contains(&format!("| {} |", models.join(", "))), "{row}");
        assert!(row.contains(&format!("`{}`", service.base_variable())), "{row}");
        assert!(page.contains(&format!("\n| {name}")), "add the errors of `{name}` to docs/providers.md");
    }
}
