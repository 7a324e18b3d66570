//! The name that a misspelt word was meant to be.

/// A word is taken for a misspelt name when it is at least this much like it.
const ALIKE: f64 = 0.8;

/// The question that ends a message about an unknown word, where a name is much like it.
pub(super) fn meant(word: &str, names: impl Iterator<Item = &'static str>) -> Option<String> {
    let word = word.to_lowercase();
    let alike = names.map(|name| (strsim::jaro_winkler(name, &word), name));
    let nearest = alike.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    nearest.map(|(_, name)| format!("; did you mean `{name}`?"))
}
