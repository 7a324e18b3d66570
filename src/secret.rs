//! Secrets as a type, so that printing one by accident shows `***`, and the scrubber that takes
//! them out of text we did not write (a provider may quote the key back in its error body).

use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// What most services encode: everything but the unreserved characters (RFC 3986, section 2.3).
const RESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A credential. `Debug` and `Display` show `***`; only [`Secret::reveal`] gives the text.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// Takes the trimmed text; `None` when nothing is left, because an empty secret means "unset".
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        (!text.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The text itself, for the one place that sends it.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// Whether the text can travel in an HTTP header: visible ASCII only. A secret pasted with a
    /// line break or a typographic quote cannot, and saying so beats a request that cannot be built.
    pub fn fits_a_header(&self) -> bool {
        self.0.bytes().all(|byte| byte.is_ascii_graphic())
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// Replaces every known secret in a text by `***`, also where it stands percent-encoded, escaped as
/// JSON or in base64, alone or as part of a longer text.
#[derive(Clone, Default)]
pub struct Scrubber {
    needles: Vec<String>,
}

impl Scrubber {
    /// Shorter than this, a "secret" would blank out ordinary words of the log.
    const SHORTEST: usize = 6;

    /// Builds the scrubber for these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let long = |text: &String| text.len() >= Self::SHORTEST;
        let secrets = secrets.into_iter().filter(|secret| long(&secret.0));
        let mut needles: Vec<String> = secrets.flat_map(spellings).filter(long).collect();
        // Longest first: a secret that contains another must go as a whole.
        needles.sort_by_key(|needle| std::cmp::Reverse(needle.len()));
        needles.dedup();
        Self { needles }
    }

    /// The text without any of the secrets.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        self.scrub_in_place(&mut text);
        text
    }

    /// Takes the secrets out of a text, which is hardly ever necessary.
    pub fn scrub_in_place(&self, text: &mut String) {
        for needle in &self.needles {
            if text.contains(needle.as_str()) {
                *text = text.replace(needle, "***");
            }
        }
    }
}

/// How a service may write a secret down.
fn spellings(secret: &Secret) -> Vec<String> {
    let text = &secret.0;
    let mut spellings = vec![text.clone(), text.replace('/', "\\/"), text.replace('"', "\\\"")];
    for encoded in [NON_ALPHANUMERIC, RESERVED].map(|set| utf8_percent_encode(text, set).to_string()) {
        spellings.push(lower_hex(&encoded));
        spellings.push(encoded);
    }
    let whole = STANDARD.encode(text).trim_end_matches('=').to_owned();
    for base64 in std::iter::once(whole).chain((0..3).map(|before| inside_base64(text, before))) {
        spellings.push(base64.replace('+', "-").replace('/', "_"));
        spellings.push(base64);
    }
    spellings
}

/// `%2F` as `%2f`.
fn lower_hex(encoded: &str) -> String {
    let mut parts = encoded.split('%');
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (hex, rest) = part.split_at(part.len().min(2));
        text.push('%');
        text.push_str(&hex.to_ascii_lowercase());
        text.push_str(rest);
    }
    text
}

/// The base64 characters that stand for this text alone when `before` bytes (modulo 3) stand in
/// front of it and anything follows, as in the base64 of `user:key`.
fn inside_base64(text: &str, before: usize) -> String {
    let encoded = STANDARD.encode([&[0; 2][..before], text.as_bytes()].concat());
    let encoded = encoded.trim_end_matches('=');
    let shared_with_next = usize::from(!(before + text.len()).is_multiple_of(3));
    let first = [0, 2, 3][before];
    encoded.get(first..encoded.len() - shared_with_next).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b_99_a_secret_prints_as_three_stars() {
        let secret = Secret::new(" hf_0123456789\n").unwrap();
        assert_eq!(format!("{secret} {secret:?}"), "*** ***");
        assert_eq!(secret.reveal(), "hf_0123456789");
    }

    #[test]
    fn blank_text_is_no_secret() {
        assert_eq!(Secret::new(" \n"), None);
    }

    #[test]
    fn the_scrubber_removes_raw_encoded_and_base64_forms() {
        let secret = Secret::new("key+with/odd=chars").unwrap();
        let scrubber = Scrubber::new([&secret]);
        let text = "raw key+with/odd=chars, url key%2Bwith%2Fodd%3Dchars, b64 a2V5K3dpdGgvb2RkPWNoYXJz.";
        assert_eq!(scrubber.scrub(text), "raw ***, url ***, b64 ***.");
    }

    #[test]
    fn other_spellings_of_a_secret_are_found_too() {
        let secret = Secret::new("key_1-a/b+c=d.").unwrap();
        let scrubber = Scrubber::new([&secret]);
        for spelling in
            ["key_1-a%2Fb%2Bc%3Dd.", "key_1-a%2fb%2bc%3dd.", "key%5F1%2Da%2Fb%2Bc%3Dd%2E", r"key_1-a\/b+c=d."]
        {
            assert_eq!(scrubber.scrub(spelling), "***", "{spelling}");
        }
        for before in ["", "u", "u:", "us:", "Bearer "] {
            for after in ["", ",", ", next"] {
                let encoded = STANDARD.encode(format!("{before}key_1-a/b+c=d.{after}"));
                for encoded in [encoded.replace('+', "-").replace('/', "_"), encoded] {
                    let scrubbed = scrubber.scrub(&encoded);
                    assert!(scrubbed.contains("***"), "{before}{after}: {scrubbed}");
                    assert!(scrubbed.len() <= encoded.len() - 14, "{before}{after}: {scrubbed}");
                }
            }
        }
    }
}
