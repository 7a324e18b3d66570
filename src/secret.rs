//! Secrets as a type, so that printing one by accident shows `***`, and the scrubber that takes
//! them out of text we did not write (a provider may quote the key back in its error body).

mod fold;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

use aho_corasick::{AhoCorasick, AhoCorasickKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use percent_encoding::percent_decode_str;

use fold::Folded;
pub(crate) use fold::{escape_sequence, is_unseen};

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

    /// Whether it begins like this, as the prefix of a key tells its kind.
    pub fn starts_with(&self, prefix: &str) -> bool {
        self.0.starts_with(prefix)
    }

    /// Whether this text is the secret.
    pub fn is(&self, text: &str) -> bool {
        self.0 == text
    }

    /// Whether it is too short to be told from ordinary words, so that no scrubber looks for it.
    pub fn is_too_short(&self) -> bool {
        self.0.len() < SHORTEST
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

/// User name and password in an address (`https://user:password@host`); either may be a key. Taken from
/// the text, because an address that no client would take shows them as well.
fn userinfo(address: &str) -> Option<&str> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next()?;
    if let Some((userinfo, _)) = authority.rsplit_once('@') {
        return Some(userinfo);
    }
    // A password that has one of these characters as it is ends later; what it begins with is not a port.
    let (_, port) = authority.rsplit_once(':')?;
    let is_host = authority.ends_with(']') || port.bytes().all(|byte| byte.is_ascii_digit());
    rest.rsplit_once('@').filter(|_| !is_host).map(|(userinfo, _)| userinfo)
}

/// The secrets in an address: the password, and a user name that is alone or long enough for a key.
pub fn in_address(address: &str) -> Vec<Secret> {
    let Some(userinfo) = userinfo(address) else { return Vec::new() };
    let (user, password) = userinfo.split_once(':').unwrap_or((userinfo, ""));
    let user = Some(user).filter(|user| password.is_empty() || user.len() >= ANY_CASE);
    let parts = user.into_iter().chain([password]);
    let written = parts.flat_map(|part| [Cow::Borrowed(part), percent_decode_str(part).decode_utf8_lossy()]);
    let mut secrets: Vec<_> = written.filter_map(|part| Secret::new(&part)).collect();
    secrets.dedup();
    secrets
}

/// An address without user name and password.
pub fn without_userinfo(address: &str) -> String {
    match userinfo(address) {
        Some(userinfo) => address.replacen(&format!("{userinfo}@"), "", 1),
        None => address.to_owned(),
    }
}

/// Scheme and host of an address: all of it that a message may show.
pub fn scheme_and_host(address: &str) -> String {
    let (scheme, rest) = match address.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), address),
    };
    let rest = userinfo(address).map_or(rest, |userinfo| &rest[userinfo.len() + 1..]);
    let host = rest.split(['/', '?', '#', '\\']).next().unwrap_or_default();
    let end = match host.find(']') {
        Some(bracket) => bracket + 1,
        None => host.find(':').unwrap_or(host.len()),
    };
    format!("{scheme}{}", &host[..end])
}

/// Fewest bytes of a secret that is looked for: a shorter one would blank out ordinary words.
const SHORTEST: usize = 6;

/// Fewest characters of a secret that is found in other letter case as well.
const ANY_CASE: usize = 12;

/// Layers of encoding that are looked below, at most. Few texts have more than one, and reading ends with the last
/// that is there; but every layer is one more pass over the text, and a hostile one may be nothing but layers.
const LAYERS: usize = 32;

/// Replaces every known secret in a text by `***`, also where invisible characters stand in it, where it
/// is percent-encoded, written with entities or escaped as JSON, in hexadecimal or in base64, alone or as
/// part of a longer text.
#[derive(Clone, Default)]
pub struct Scrubber {
    /// What only counts letter by letter: base64, and short secrets.
    exact: Option<AhoCorasick>,
    any_case: Option<AhoCorasick>,
}

impl Scrubber {
    /// Builds the scrubber for these secrets.
    pub fn new<'a>(secrets: impl IntoIterator<Item = &'a Secret>) -> Self {
        let (mut exact, mut any_case) = (Vec::new(), Vec::new());
        for secret in secrets.into_iter().filter(|secret| !secret.is_too_short()) {
            exact.extend(in_base64(&secret.0));
            any_case.push(secret.0.bytes().map(|byte| format!("{byte:02x}")).collect());
            let cased = if secret.0.chars().count() < ANY_CASE { &mut exact } else { &mut any_case };
            // A text is looked at with ever fewer layers of encoding, which a secret itself may hold.
            cased.extend(readings(&secret.0).map(|reading| reading.text().to_owned()));
        }
        Self { exact: finder(exact, false), any_case: finder(any_case, true) }
    }

    /// The text without any of the secrets.
    pub fn scrub(&self, text: &str) -> String {
        let mut text = text.to_owned();
        self.scrub_in_place(&mut text);
        text
    }

    /// Takes the secrets out of a text, which is hardly ever necessary. The cost grows with the text and
    /// not with the number of secrets.
    pub fn scrub_in_place(&self, text: &mut String) {
        let found = self.found(text);
        if found.is_empty() {
            return;
        }
        let mut scrubbed = String::with_capacity(text.len());
        let mut end = 0;
        for range in found {
            if range.start >= end {
                scrubbed.push_str(&text[end..range.start]);
                scrubbed.push_str("***");
            }
            end = end.max(range.end);
        }
        scrubbed.push_str(&text[end..]);
        *text = scrubbed;
    }

    /// Where secrets stand in a text, in order.
    fn found(&self, text: &str) -> Vec<Range<usize>> {
        let finders: Vec<_> = self.exact.iter().chain(&self.any_case).collect();
        if finders.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for reading in readings(text) {
            for finder in &finders {
                let matches = finder.find_overlapping_iter(reading.text());
                found.extend(matches.map(|one| reading.origin(one.range())));
            }
        }
        found.sort_unstable_by_key(|range| range.start);
        found
    }
}

/// A text as it stands, as it looks, and below each layer of encoding.
fn readings(text: &str) -> impl Iterator<Item = Folded<'_>> {
    let raw = Folded::of(text);
    let visible = raw.visible();
    let (first, second) = match visible {
        Some(visible) => (Some(raw), visible),
        None => (None, raw),
    };
    let layers = std::iter::successors(Some(second), |reading| reading.decoded());
    first.into_iter().chain(layers.take(1 + LAYERS))
}

/// A text without characters that nobody sees and the escape sequences of terminals. To be used before a
/// text is cut, since what is left of a secret that they part would not be known for one.
pub fn visible(text: &str) -> Cow<'_, str> {
    Folded::of(text).visible().map_or(Cow::Borrowed(text), |visible| Cow::Owned(visible.text().to_owned()))
}

/// Finds any of the needles in one pass over a text.
#[expect(clippy::expect_used, reason = "a run that cannot hide its secrets must not go on")]
fn finder(mut needles: Vec<String>, any_case: bool) -> Option<AhoCorasick> {
    needles.retain(|needle| needle.len() >= SHORTEST);
    needles.sort_unstable();
    needles.dedup();
    let mut builder = AhoCorasick::builder();
    // The other kinds are faster and take much more memory, with keys that are whole files.
    builder.kind(Some(AhoCorasickKind::ContiguousNFA)).ascii_case_insensitive(any_case);
    (!needles.is_empty())
        .then(|| builder.build(needles).expect("an environment is far below the limit of 2 GB"))
}

/// How base64 writes a text, alone and inside of a longer one, in both alphabets.
fn in_base64(text: &str) -> Vec<String> {
    let whole = STANDARD.encode(text).trim_end_matches('=').to_owned();
    let standard = std::iter::once(whole).chain((0..3).map(|before| inside_base64(text, before)));
    standard.flat_map(|base64| [base64.replace('+', "-").replace('/', "_"), base64]).collect()
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
