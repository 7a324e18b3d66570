//! The folders in which a glob begins.

use super::target::join;

/// The folders that hold everything a pattern can match: as [`start`], and one for each of the names between braces.
pub(super) fn starts(pattern: &str) -> Vec<String> {
    let first = start(pattern);
    let rest = pattern[first.len()..].trim_start_matches('/');
    let names = rest.split('/').next().and_then(|part| part.strip_prefix('{')?.strip_suffix('}'));
    match names.filter(|names| !names.contains(['*', '?', '[', '{', '\\', '}'])) {
        // What follows the last folder is the name of a file.
        Some(names) if rest.contains('/') => {
            names.split(',').map(|name| join(&first, name.trim())).filter(|name| !name.is_empty()).collect()
        }
        _ => vec![first],
    }
}

/// The literal folders a pattern begins with.
pub(super) fn start(pattern: &str) -> String {
    let literal: Vec<&str> =
        pattern.split('/').take_while(|part| !part.contains(['*', '?', '[', '{', '\\'])).collect();
    literal.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_between_braces_are_folders_of_their_own() {
        for (pattern, expected) in [
            ("content/**", "content"),
            ("{posts,blog}/**", "posts blog"),
            ("src/{posts, blog}/**", "src/posts src/blog"),
            ("src/{a,b*}/**", "src"),
            ("src/*.{md,mdx}", "src"),
            ("src/{a,b}", "src"),
            ("**", ""),
        ] {
            assert_eq!(starts(pattern).join(" "), expected, "{pattern}");
        }
    }
}
