//! What a text model answered, checked before it reaches a picture model or a page.

use std::ops::RangeInclusive;

use serde::Deserialize;

use crate::text::is_invisible;

/// What a picture shows.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Description {
    /// For the picture model: 10 to 900 characters of plain text.
    pub subject: String,
    /// For people who cannot see it: 3 to 250 characters of plain text.
    pub alt: String,
}

/// Allowed characters of a subject.
const SUBJECT: RangeInclusive<usize> = 10..=900;

/// Allowed characters of an alt text.
const ALT: RangeInclusive<usize> = 3..=250;

/// Beginnings of links and markup: nothing that a page or a model could follow or render. `//` also
/// begins an address without a scheme, and `:\` one of a drive.
const MARKUP: &[&str] =
    &["//", ":\\", "www.", "mailto:", "javascript:", "](", "[[", "{{", "{%", "**", "`", "<", ">"];

/// Reads the one JSON object of an answer; a code fence around it is tolerated.
///
/// # Errors
/// Why the answer cannot be used.
pub(super) fn read(text: &str) -> Result<Description, String> {
    let object = match (text.find('{'), text.rfind('}')) {
        (Some(start), Some(end)) if start < end => &text[start..=end],
        _ => return Err("the answer holds no JSON object".to_owned()),
    };
    let Description { subject, alt } = serde_json::from_str(object)
        .map_err(|error| format!("the answer is not an object with `subject` and `alt`: {error}"))?;
    Ok(Description { subject: checked("subject", &subject, SUBJECT)?, alt: checked("alt", &alt, ALT)? })
}

/// Whether a text may stand as alt text: as long as one, and no link or markup.
pub fn is_alt(text: &str) -> bool {
    checked("alt", text, ALT).is_ok()
}

fn checked(name: &str, text: &str, length: RangeInclusive<usize>) -> Result<String, String> {
    let text = text.trim();
    let count = text.chars().count();
    if !length.contains(&count) {
        return Err(format!(
            "`{name}` has {count} characters instead of {} to {}",
            length.start(),
            length.end()
        ));
    }
    if text.chars().any(|c| c.is_control() || is_invisible(c) || matches!(c, '\u{2028}' | '\u{2029}')) {
        return Err(format!("`{name}` holds control or invisible characters"));
    }
    let lower = text.to_ascii_lowercase();
    match MARKUP.iter().find(|mark| lower.contains(**mark)) {
        Some(mark) => Err(format!("`{name}` holds a link or markup: {mark}")),
        None => Ok(text.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_read_with_or_without_a_fence_and_preamble() {
        let object = r#"{"subject": " A lighthouse at dusk ", "alt": "Ein Leuchtturm"}"#;
        for text in [object.to_owned(), format!("```json\n{object}\n```"), format!("Here you are:\n{object}")]
        {
            let description = read(&text).unwrap();
            assert_eq!(
                (description.subject.as_str(), description.alt.as_str()),
                ("A lighthouse at dusk", "Ein Leuchtturm")
            );
        }
    }

    #[test]
    fn what_is_not_such_an_object_is_refused_with_a_reason() {
        for text in [
            "",
            "}{",
            "{",
            "no",
            "{}",
            r#"{"subject": "A lighthouse at dusk"}"#,
            r#"{"subject": 1, "alt": []}"#,
            "[1]",
        ] {
            assert!(!read(text).unwrap_err().is_empty(), "{text}");
        }
    }

    #[test]
    fn lengths_links_markup_and_control_characters_are_checked_in_both_fields() {
        let good = "A lighthouse at dusk";
        for bad in [
            "x".repeat(901).as_str(),
            "",
            "see https://example.com now",
            "see WWW.example.com now",
            "see //example.com now",
            r"see C:\pictures now",
            "a [link](x) in here",
            "a <b>bold</b> lighthouse",
            "a `code` lighthouse",
            "a {{ template }} house",
            "two\nlines of it",
            "a \u{202e}reversed lighthouse",
            "bell \u{7} in the text",
        ] {
            let of = |subject: &str, alt: &str| {
                read(&serde_json::json!({"subject": subject, "alt": alt}).to_string())
            };
            assert!(of(bad, good).unwrap_err().starts_with("`subject`"), "{bad}");
            assert!(of(good, bad).unwrap_err().starts_with("`alt`"), "{bad}");
        }
    }

    #[test]
    fn limits_are_counted_in_characters() {
        let text = serde_json::json!({"subject": "雪".repeat(900), "alt": "é".repeat(250)}).to_string();
        assert!(read(&text).is_ok());
    }
}
