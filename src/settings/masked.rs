//! What must not be shown: secrets that no provider reads, and those that cannot be hidden.

use super::inputs::{GITHUB_TOKEN, INPUTS};
use super::values::{Values, list};
use crate::describe::MODELS_VARIABLE;
use crate::env::Env;
use crate::provider::CATALOG;
use crate::secret::{Secret, in_address};

/// Adds a secret of this name to those to be masked. One that is too short is a warning.
pub(super) fn add(values: &mut Values<'_>, secrets: &mut Vec<Secret>, name: &str, secret: Secret) {
    if secret.is_too_short() {
        let warning = format!(
            "secret `{name}` is too short to be masked: where a message holds it, it is shown; a real key is longer, so copy it again"
        );
        if !values.warnings.contains(&warning) {
            values.warnings.push(warning);
        }
    }
    if !secrets.contains(&secret) {
        secrets.push(secret);
    }
}

/// Adds the tokens for GitHub and what addresses hold.
pub(super) fn add_others(values: &mut Values<'_>, env: &Env, secrets: &mut Vec<Secret>) {
    let tokens =
        [(GITHUB_TOKEN.name, env.input(GITHUB_TOKEN.name)), ("GITHUB_TOKEN", env.get("GITHUB_TOKEN"))];
    for (name, token) in tokens {
        let token = token.and_then(Secret::new);
        token.into_iter().for_each(|token| add(values, secrets, name, token));
    }
    for (name, address) in env.addresses() {
        in_address(address).into_iter().for_each(|secret| add(values, secrets, name, secret));
    }
}

/// A secret in the place of a plain setting is a problem: branches, titles and names of models are sent
/// to others and shown to everybody.
pub(super) fn no_plain_setting(values: &mut Values<'_>, env: &Env, secrets: &[Secret]) {
    let is_secret =
        |text: &str| secrets.iter().any(|secret| !secret.is_too_short() && secret.reveal() == text);
    let holds = |text: &str| is_secret(text.trim()) || list(text).iter().any(|part| is_secret(part));
    let plain = INPUTS.iter().filter(|input| !input.secret);
    let inputs = plain.filter(|input| values.text(input).is_some_and(holds));
    let inputs: Vec<_> = inputs.map(|input| values.source(input)).collect();
    let models = CATALOG.iter().flat_map(|entry| entry.model_variables).chain([&MODELS_VARIABLE]);
    let variables =
        models.filter(|name| env.get(name).is_some_and(holds)).map(|name| format!("variable `{name}`"));
    for source in inputs.into_iter().chain(variables) {
        values.problems.push(format!(
            "{source}: it is the same as one of the secrets, and this setting is shown to everybody; write what belongs there"
        ));
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    #[test]
    fn a_secret_too_short_to_be_masked_is_a_warning_that_names_it_and_does_not_show_it() {
        let env = Env::of([("INPUT_GITHUB-TOKEN", "xy7"), ("TOGETHER_BASE_URL", "https://me:pw9@h.example")]);
        let mut values = Values::new(&env, BTreeMap::new());
        let mut secrets = Vec::new();
        add_others(&mut values, &env, &mut secrets);
        assert_eq!(secrets.iter().map(Secret::reveal).collect::<Vec<_>>(), ["xy7", "pw9"]);
        let [token, address] = values.warnings.as_slice() else { panic!("{:?}", values.warnings) };
        assert!(token.starts_with("secret `github-token` is too short to be masked"), "{token}");
        assert!(address.starts_with("secret `TOGETHER_BASE_URL` is too short to be masked"), "{address}");
        assert!(!format!("{token}{address}").contains("xy7") && !address.contains("pw9"));
    }

    #[test]
    fn passwords_of_every_address_are_masked() {
        let names = [
            "TOGETHER_BASE_URL",
            "HUGGINGFACE_HUB_URL",
            "GITHUB_API_URL",
            "GITHUB_SERVER_URL",
            "https_proxy",
            "ALL_PROXY",
        ];
        for name in names {
            let env = Env::of([
                (name, "https://me:pass-word-1@h.example/x"),
                ("OTHER", "https://me:other-word@h.example"),
            ]);
            let mut secrets = Vec::new();
            add_others(&mut Values::new(&env, BTreeMap::new()), &env, &mut secrets);
            assert_eq!(secrets.iter().map(Secret::reveal).collect::<Vec<_>>(), ["pass-word-1"], "{name}");
        }
    }

    #[test]
    fn a_plain_setting_that_equals_a_secret_is_a_problem() {
        let secret = Secret::new("sk-0123456789").unwrap();
        for (name, source) in [
            ("INPUT_BRANCH", "input `branch`"),
            ("INPUT_PULL-REQUEST-TITLE", "input `pull-request-title`"),
            ("INPUT_LABELS", "input `labels`"),
            ("TOGETHER_IMAGE_MODEL", "variable `TOGETHER_IMAGE_MODEL`"),
            ("PROMPT_DESCRIBER_MODEL", "variable `PROMPT_DESCRIBER_MODEL`"),
        ] {
            for text in ["sk-0123456789", " sk-0123456789\n", "flux, sk-0123456789"] {
                let env = Env::of([(name, text), ("INPUT_STYLE", "flat")]);
                let mut values = Values::new(&env, BTreeMap::new());
                no_plain_setting(&mut values, &env, std::slice::from_ref(&secret));
                let [problem] = values.problems.as_slice() else { panic!("{name}: {:?}", values.problems) };
                assert!(
                    problem.starts_with(&format!("{source}: it is the same as one of the secrets")),
                    "{problem}"
                );
            }
        }
    }
}
