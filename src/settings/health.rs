//! Where the record for the next run is kept: input `health`.

use super::inputs;
use super::values::Values;
use crate::env::Env;

/// Where the record is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Health {
    /// Nowhere.
    Off,
    /// In a commit under this full ref.
    Ref(String),
}

/// Longest ref in bytes; a file system that keeps refs as files allows little more.
const LONGEST: usize = 200;

/// Reads input `health`.
pub(super) fn parse(values: &mut Values<'_>, env: &Env) -> Health {
    // The record replaces the commit under its ref, so a branch with anything else in it would be lost.
    let taken: Vec<String> = ["GITHUB_REF_NAME", "GITHUB_BASE_REF", "GITHUB_HEAD_REF"]
        .into_iter()
        .filter_map(|name| Some(format!("refs/heads/{}", env.get(name)?)))
        .collect();
    values.parse(
        &inputs::HEALTH,
        |text| health(text).filter(|health| !matches!(health, Health::Ref(name) if taken.contains(name))),
        "a ref such as `refs/image-fallback/health`, the name of a branch that holds nothing else, or `off`",
    )
}

fn health(text: &str) -> Option<Health> {
    if text.eq_ignore_ascii_case("off") {
        return Some(Health::Off);
    }
    let name = if text.starts_with("refs/") { text.to_owned() } else { format!("refs/heads/{text}") };
    let ours = !["refs/tags/", "refs/pull/", "refs/remotes/"].iter().any(|other| name.starts_with(other));
    let allowed = name.strip_prefix("refs/heads/").map_or_else(|| is_ref(&name), is_branch);
    (ours && allowed).then_some(Health::Ref(name))
}

/// The rules of `git check-ref-format --branch`, and no name that GitHub would take for a commit.
pub(super) fn is_branch(name: &str) -> bool {
    let option = name.starts_with('-');
    let commit = name.len() == 40 && name.bytes().all(|byte| byte.is_ascii_hexdigit());
    !option && !commit && name != "HEAD" && is_ref(&format!("refs/heads/{name}"))
}

/// The rules of `git check-ref-format`, and a folder below `refs/`, as GitHub demands.
fn is_ref(name: &str) -> bool {
    let parts: Vec<_> = name.split('/').collect();
    let part = |part: &&str| {
        !part.is_empty() && !part.starts_with('.') && !part.ends_with('.') && !part.ends_with(".lock")
    };
    let allowed = |c: char| !c.is_whitespace() && !c.is_control() && !"~^:?*[\\".contains(c);
    name.len() <= LONGEST
        && parts.len() >= 3
        && parts.iter().all(part)
        && name.chars().all(allowed)
        && !name.contains("..")
        && !name.contains("@{")
        && parts.last() != Some(&"@")
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn parsed(text: &str) -> (Health, Vec<String>) {
        let env =
            Env::of([("INPUT_HEALTH", text), ("GITHUB_REF_NAME", "main"), ("GITHUB_HEAD_REF", "topic")]);
        let mut values = Values::new(&env, BTreeMap::new());
        let health = parse(&mut values, &env);
        (health, values.problems)
    }

    #[test]
    fn a_ref_is_taken_as_it_is_and_a_plain_name_is_a_branch() {
        for (text, name) in [
            ("", "refs/image-fallback/health"),
            ("refs/notes/pictures", "refs/notes/pictures"),
            ("image-fallback-health", "refs/heads/image-fallback-health"),
            ("bots/health", "refs/heads/bots/health"),
        ] {
            assert_eq!(parsed(text), (Health::Ref(name.to_owned()), Vec::new()), "{text}");
        }
        assert_eq!(parsed("Off").0, Health::Off);
    }

    #[test]
    fn a_ref_that_git_refuses_or_that_holds_something_else_is_a_problem() {
        for text in [
            "main",
            "refs/heads/topic",
            "refs/tags/v1",
            "refs/pull/1/head",
            "refs/health",
            "a b",
            "a..b",
            "a.lock",
            "/a",
            "a/",
            "a~1",
            "a@{1}",
            "a:b",
            "refs/heads/@",
            "-x",
            "refs/heads/-x",
            "HEAD",
            "0123456789abcdef0123456789abcdef01234567",
        ] {
            let (_, problems) = parsed(text);
            assert_eq!(problems.len(), 1, "{text}");
            assert!(
                problems[0].starts_with(&format!("input `health`: `{text}` is wrong; write a ref such as"))
            );
        }
    }
}
