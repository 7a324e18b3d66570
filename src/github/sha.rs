//! Object ids, checked once where they enter.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The id of a git object: 40 hexadecimal digits, or 64 in a SHA-256 repository.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Sha(String);

/// A text that is not an object id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("not an object id of 40 or 64 hexadecimal digits")]
pub struct NotASha;

impl Sha {
    /// Reads an id.
    ///
    /// # Errors
    /// Anything but 40 or 64 hexadecimal digits.
    pub fn parse(text: &str) -> Result<Self, NotASha> {
        let hex = text.bytes().all(|byte| byte.is_ascii_hexdigit());
        if hex && matches!(text.len(), 40 | 64) { Ok(Self(text.to_ascii_lowercase())) } else { Err(NotASha) }
    }

    /// The digits, in lower case.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for Sha {
    type Error = NotASha;

    fn try_from(text: String) -> Result<Self, NotASha> {
        Self::parse(&text)
    }
}

impl From<Sha> for String {
    fn from(sha: Sha) -> Self {
        sha.0
    }
}

impl fmt::Display for Sha {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_lengths_of_git_are_ids_and_nothing_else_is() {
        assert_eq!(Sha::parse(&"AB".repeat(20)).unwrap().as_str(), "ab".repeat(20));
        assert!(Sha::parse(&"0f".repeat(32)).is_ok());
        for text in ["", "main", "abc", &"zz".repeat(20), &"a".repeat(41), "../../../user"] {
            assert_eq!(Sha::parse(text), Err(NotASha), "{text}");
        }
    }
}
