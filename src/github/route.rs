//! Addresses: every owner, branch and path segment percent-encoded.
//!
//! octocrab builds addresses by plain formatting: a `#` or `?` in a name would silently cut the
//! request short, and `..` would lead to another endpoint. So nothing gets into an address except
//! through here.

use super::error::ErrorKind;
use crate::text::url_segment;

/// One segment of a path, encoded; a `/` in it is part of the name.
///
/// # Errors
/// [`ErrorKind::Invalid`] for an empty segment and for `.` and `..`, which no encoding protects:
/// address parsers resolve them even when written `%2E%2E`.
pub(super) fn segment(text: &str) -> Result<String, ErrorKind> {
    match text {
        "" | "." | ".." => Err(ErrorKind::Invalid {
            problem: format!("`{text}` cannot be part of a name or path on GitHub"),
        }),
        _ => Ok(url_segment(text)),
    }
}

/// A path of several segments, such as a file or a branch with slashes.
///
/// # Errors
/// As [`segment`], for any of the segments.
pub(super) fn path(text: &str) -> Result<String, ErrorKind> {
    let segments: Result<Vec<String>, ErrorKind> = text.split('/').map(segment).collect();
    segments.map(|segments| segments.join("/")).map_err(|_| ErrorKind::Invalid {
        problem: format!("`{text}` is not a valid path on GitHub: it has an empty, `.` or `..` segment"),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_questions_blanks_and_other_scripts_survive_as_themselves() {
        assert_eq!(path("content/a b#c?.md").unwrap(), "content/a%20b%23c%3F.md");
        assert_eq!(path("heads/fëat/x%2F").unwrap(), "heads/f%C3%ABat/x%252F");
        assert_eq!(segment("feat/x#1").unwrap(), "feat%2Fx%231");
    }

    #[test]
    fn segments_that_lead_elsewhere_are_refused() {
        for text in ["..", "a/../b", "a//b", "", "/a", "a/", "a/."] {
            assert!(matches!(path(text), Err(ErrorKind::Invalid { .. })), "{text}");
        }
    }
}
