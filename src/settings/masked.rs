//! What must not be shown: secrets that no provider reads, and those that cannot be hidden.

use super::inputs::{ALERT_WEBHOOK, GITHUB_TOKEN, INPUTS, Input};
use super::values::{Values, list};
use crate::describe::MODELS_VARIABLE;
use crate::env::Env;
use crate::http::parts_of;
use crate::provider::Catalogue;
use crate::secret::{Secret, in_address};

/// The token for GitHub. All of them are remembered, whichever is used.
pub(super) fn github_token(env: &Env) -> Option<Secret> {
    given(env, &GITHUB_TOKEN, "GITHUB_TOKEN").into_iter().next()
}

/// The secrets in an input and in the variable that stands for it on a laptop, the one that counts first.
fn given(env: &Env, input: &Input, variable: &str) -> Vec<Secret> {
    let given = [(input.name, env.input(input.name)), (variable, env.get(variable))];
    given.into_iter().filter_map(|(name, value)| env.remember(name, value?)).collect()
}

/// Shortest part of an address that is a token and no word.
const SHORTEST_TOKEN: usize = 16;

/// The address of the webhook for alerts. It is remembered, and the tokens in its path for themselves.
pub(super) fn alert_webhook(env: &Env) -> Option<Secret> {
    let addresses = given(env, &ALERT_WEBHOOK, "ALERT_WEBHOOK");
    for address in &addresses {
        let (_, path) = parts_of(address.reveal()).unwrap_or_default();
        for part in path.split('/').filter(|part| part.len() >= SHORTEST_TOKEN) {
            env.remember(ALERT_WEBHOOK.name, part);
        }
    }
    addresses.into_iter().next()
}

/// Remembers the tokens for GitHub, the address for alerts and the passwords that addresses hold.
pub(super) fn remember_others(env: &Env) {
    github_token(env);
    alert_webhook(env);
    for (name, address) in env.addresses() {
        in_address(address).into_iter().for_each(|secret| _ = env.remember_secret(name, secret));
    }
}

/// An address for alerts that is not one would be found out on the day that it is needed.
pub(super) fn no_wrong_webhook(values: &mut Values<'_>, env: &Env) {
    if alert_webhook(env).is_some_and(|address| parts_of(address.reveal()).is_none()) {
        values.problems.push(format!(
            "secret `{}`: it is not a valid http(s) address; copy the webhook's whole address again",
            ALERT_WEBHOOK.name
        ));
    }
}

/// A secret that is too short to be masked is a warning.
pub(super) fn warn_of_short(values: &mut Values<'_>, env: &Env) {
    for (name, _) in env.secrets().into_iter().filter(|(_, secret)| secret.is_too_short()) {
        values.warnings.push(format!(
            "secret `{name}` is too short to be masked: where a message holds it, it is shown; a real key is longer, so copy it again"
        ));
    }
}

/// A secret in the place of a plain setting is a problem: branches, titles and names of models are sent
/// to others and shown to everybody.
pub(super) fn no_plain_setting(values: &mut Values<'_>, env: &Env, catalogue: &Catalogue) {
    let secrets = env.secrets();
    let is_secret = |text: &str| secrets.iter().any(|(_, secret)| !secret.is_too_short() && secret.is(text));
    let holds = |text: &str| is_secret(text.trim()) || list(text).iter().any(|part| is_secret(part));
    let plain = INPUTS.iter().filter(|input| !input.secret);
    let inputs = plain.filter(|input| values.text(input).is_some_and(holds));
    let inputs: Vec<_> = inputs.map(|input| values.source(input)).collect();
    let models = catalogue.iter().flat_map(|service| &service.model_variables).map(String::as_str);
    let models = models.chain([MODELS_VARIABLE]);
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

    fn remembered(env: &Env) -> Vec<String> {
        env.secrets().iter().map(|(_, secret)| secret.reveal().to_owned()).collect()
    }

    #[test]
    fn a_secret_too_short_to_be_masked_is_a_warning_that_names_it_and_does_not_show_it() {
        let env = Env::of([("INPUT_GITHUB-TOKEN", "xy7"), ("TOGETHER_BASE_URL", "https://me:pw9@h.example")]);
        let mut values = Values::new(&env, BTreeMap::new());
        remember_others(&env);
        warn_of_short(&mut values, &env);
        assert_eq!(remembered(&env), ["xy7", "pw9"]);
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
            remember_others(&env);
            assert_eq!(remembered(&env), ["pass-word-1"], "{name}");
        }
    }

    #[test]
    fn a_plain_setting_that_equals_a_secret_is_a_problem() {
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
                env.remember("TOGETHER_API_TOKEN", "sk-0123456789");
                no_plain_setting(&mut values, &env, &Catalogue::built_in());
                let [problem] = values.problems.as_slice() else { panic!("{name}: {:?}", values.problems) };
                assert!(
                    problem.starts_with(&format!("{source}: it is the same as one of the secrets")),
                    "{problem}"
                );
            }
        }
    }
}
