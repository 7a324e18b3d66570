//! The models of a service, in the order they are asked.

use std::ops::Deref;

use crate::env::{Env, WrongVariable};

/// A ladder of models, first asked first; never empty.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Models(Vec<String>);

impl Models {
    /// A ladder that begins with this model.
    pub fn new<const N: usize>(first: &str, others: [&str; N]) -> Self {
        Self(std::iter::once(first).chain(others).map(str::to_owned).collect())
    }

    /// The ladder that the first of these variables names, comma-separated, else this one.
    ///
    /// # Errors
    /// A variable that is set and names no model.
    pub fn given(self, env: &Env, variables: &[impl AsRef<str>]) -> Result<Self, WrongVariable> {
        let given = variables.iter().find_map(|name| Some((name.as_ref(), env.get(name.as_ref())?)));
        let Some((variable, text)) = given else { return Ok(self) };
        let models: Vec<String> = text
            .split([',', '\n'])
            .map(str::trim)
            .filter(|model| !model.is_empty())
            .map(str::to_owned)
            .collect();
        Self::of(models).ok_or_else(|| {
            WrongVariable(format!(
                "variable `{variable}`: `{text}` names no model; write one such as `{}`, or remove it for the defaults",
                self.0.first().map_or("", String::as_str)
            ))
        })
    }

    /// These models; `None` when there are none.
    pub fn of(models: Vec<String>) -> Option<Self> {
        (!models.is_empty()).then_some(Self(models))
    }
}

impl Deref for Models {
    type Target = [String];

    fn deref(&self) -> &[String] {
        &self.0
    }
}

impl From<Models> for Vec<String> {
    fn from(models: Models) -> Self {
        models.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given(text: &str) -> Result<Models, WrongVariable> {
        let env = Env::of([("ACME_IMAGE_MODEL", text), ("ACME_MODEL", "late")]);
        Models::new("usual", ["other"]).given(&env, &["ACME_IMAGE_MODEL", "ACME_MODEL"])
    }

    #[test]
    fn the_first_variable_that_is_set_replaces_the_ladder() {
        assert_eq!(given("a, b").unwrap().to_vec(), ["a", "b"]);
        assert_eq!(given("").unwrap().to_vec(), ["late"]);
        let nobody = Models::new("usual", ["other"]).given(&Env::default(), &["ACME_IMAGE_MODEL"]);
        assert_eq!(nobody.unwrap().to_vec(), ["usual", "other"]);
    }

    #[test]
    fn a_variable_that_names_no_model_is_refused_with_its_cure() {
        let problem = given(" , ").unwrap_err().to_string();
        assert_eq!(
            problem,
            "variable `ACME_IMAGE_MODEL`: `,` names no model; write one such as `usual`, or remove it for the defaults"
        );
    }
}
