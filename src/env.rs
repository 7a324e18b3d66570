//! The process as settings see it, captured once at the door.

use std::collections::BTreeMap;
use std::path::PathBuf;

/// A frozen copy of arguments, variables and working directory.
#[derive(Debug, Clone, Default)]
pub struct Env {
    variables: BTreeMap<String, String>,
    /// Command line without the program's name.
    pub args: Vec<String>,
    /// Working directory.
    pub directory: PathBuf,
}

impl Env {
    /// Copies the process. Text that is no UTF-8 arrives with replacement characters, and then fails
    /// where its value is parsed, by name.
    pub fn capture() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Self {
            variables: std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect(),
            args: std::env::args_os().skip(1).map(text).collect(),
            directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A process made of these variables, for tests.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// A variable, trimmed; `None` when it is unset or blank: the runner sets every declared input,
    /// and an input fed by a missing secret arrives empty.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.trim()).filter(|value| !value.is_empty())
    }

    /// Every variable that sets an address, of a service or of a proxy.
    pub fn addresses(&self) -> impl Iterator<Item = (&str, &str)> {
        let sets = |name: &str| ["_URL", "_PROXY"].iter().any(|end| name.to_uppercase().ends_with(end));
        self.variables
            .iter()
            .map(|(name, value)| (name.as_str(), value.trim()))
            .filter(move |(name, _)| sets(name))
    }

    /// An input of the action.
    pub fn input(&self, name: &str) -> Option<&str> {
        // The runner upper-cases and replaces spaces only: `dry-run` arrives as INPUT_DRY-RUN.
        // act replaces every other character by `_`.
        let upper = name.to_uppercase();
        self.get(&format!("INPUT_{upper}"))
            .or_else(|| self.get(&format!("INPUT_{}", upper.replace('-', "_"))))
    }

    /// Whether a GitHub runner started us.
    pub fn in_actions(&self) -> bool {
        self.get("GITHUB_ACTIONS") == Some("true")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_input_is_read_with_its_hyphen_and_empty_means_unset() {
        let env = Env::of([("INPUT_DRY-RUN", " true\n"), ("INPUT_POSTS", "")]);
        assert_eq!(env.input("dry-run"), Some("true"));
        assert_eq!(env.input("posts"), None);
    }
}
