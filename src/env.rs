//! The process as the program sees it, captured once at the door. It is the only door for secrets, and
//! remembers each that it gave out, so that all of them are masked.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Mutex;

use crate::fault::lock;
use crate::secret::Secret;

/// The problem with the value of a variable, with its cure. It never shows a secret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct WrongVariable(pub String);

/// A frozen copy of arguments, variables and working directory.
#[derive(Default)]
pub struct Env {
    variables: BTreeMap<String, String>,
    /// Secrets given out, each with the name of its variable.
    secrets: Mutex<Vec<(String, Secret)>>,
    /// Command line without the program's name.
    pub args: Vec<String>,
    /// Working directory.
    pub directory: PathBuf,
}

impl Env {
    /// Copies the process. Text that is not UTF-8 arrives with replacement characters, and then fails
    /// where its value is parsed, by name.
    pub fn capture() -> Self {
        let text = |text: std::ffi::OsString| text.to_string_lossy().into_owned();
        Self {
            variables: std::env::vars_os().map(|(name, value)| (text(name), text(value))).collect(),
            args: std::env::args_os().skip(1).map(text).collect(),
            secrets: Mutex::default(),
            directory: std::env::current_dir().unwrap_or_else(|_| PathBuf::from(".")),
        }
    }

    /// A process made of these variables, for tests.
    pub fn of<'a>(variables: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { variables, ..Self::default() }
    }

    /// The same process with these variables set.
    pub fn with(&self, variables: impl IntoIterator<Item = (String, String)>) -> Self {
        let variables = self.variables.clone().into_iter().chain(variables).collect();
        Self {
            variables,
            args: self.args.clone(),
            directory: self.directory.clone(),
            secrets: Mutex::default(),
        }
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

    /// The first of these variables that holds a secret. The others are remembered as well: they must not
    /// be shown either.
    ///
    /// # Errors
    /// A secret that no HTTP header can carry.
    pub fn secret(&self, names: &[impl AsRef<str>]) -> Result<Option<Secret>, WrongVariable> {
        let names = names.iter().map(AsRef::as_ref);
        let given: Vec<_> =
            names.filter_map(|name| Some((name, self.remember(name, self.get(name)?)?))).collect();
        given.into_iter().next().map(|(name, secret)| self.checked(name, secret)).transpose()
    }

    /// The secret that this value of a variable holds, whether anybody comes to use it or not.
    pub fn remember(&self, name: &str, value: &str) -> Option<Secret> {
        Some(self.remember_secret(name, Secret::new(value)?))
    }

    /// The same for a part of a value, such as the password in an address.
    pub fn remember_secret(&self, name: &str, secret: Secret) -> Secret {
        let mut known = lock(&self.secrets);
        if known.iter().all(|(_, known)| *known != secret) {
            known.push((name.to_owned(), secret.clone()));
        }
        secret
    }

    /// The secret of this variable, if an HTTP header can carry it.
    ///
    /// # Errors
    /// One that cannot.
    pub fn checked(&self, name: &str, secret: Secret) -> Result<Secret, WrongVariable> {
        if secret.fits_a_header() {
            Ok(secret)
        } else {
            Err(WrongVariable(format!(
                "secret `{name}` holds a blank, a line break or a character outside ASCII; copy it again without them"
            )))
        }
    }

    /// Every secret given out so far, with the name of its variable.
    pub fn secrets(&self) -> Vec<(String, Secret)> {
        lock(&self.secrets).clone()
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
    fn a_secret_is_remembered_even_if_another_one_is_used_or_none_can_be() {
        let env =
            Env::of([("A_KEY", "with blank"), ("B_KEY", "key-0123456789"), ("C_KEY", "key-0123456789")]);
        let problem = env.secret(&["A_KEY", "B_KEY"]).unwrap_err().to_string();
        assert!(
            problem.starts_with("secret `A_KEY` holds a blank") && !problem.contains("with blank"),
            "{problem}"
        );
        assert_eq!(env.secret(&["X_KEY", "C_KEY"]).unwrap(), Secret::new("key-0123456789"));
        let names: Vec<_> = env.secrets().into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["A_KEY", "B_KEY"]);
    }

    #[test]
    fn an_input_is_read_with_its_hyphen_and_empty_means_unset() {
        let env = Env::of([("INPUT_DRY-RUN", " true\n"), ("INPUT_POSTS", "")]);
        assert_eq!(env.input("dry-run"), Some("true"));
        assert_eq!(env.input("posts"), None);
    }
}
