//! The name that a misspelt word was meant to be.

use std::path::{Path, PathBuf};

use crate::post::path::has_control;

/// A word is taken for a misspelt name when it is at least this much like it.
const ALIKE: f64 = 0.8;

/// Names of one folder that are compared; a larger one is not a place where a person sees what is meant.
const MOST_NAMES: usize = 10_000;

/// The question that ends a message about an unknown word, where a name is much like it.
pub(super) fn meant<'a>(word: &str, names: impl Iterator<Item = &'a str>) -> Option<String> {
    nearest(word, names).map(|name| format!("; did you mean `{name}`?"))
}

/// The name that is most like a word, if one is much like it.
fn nearest<N: AsRef<str>>(word: &str, names: impl Iterator<Item = N>) -> Option<N> {
    let word = word.to_lowercase();
    let alike = names.map(|name| (strsim::jaro_winkler(&name.as_ref().to_lowercase(), &word), name));
    let nearest = alike.filter(|(alike, _)| *alike >= ALIKE).max_by(|a, b| a.0.total_cmp(&b.0));
    nearest.map(|(_, name)| name)
}

/// The same question about a path that is not there, seen from a folder: each part of it that does not exist is
/// taken for the name in its folder that is most like it.
pub(super) fn meant_path(base: &Path, typed: &str) -> Option<String> {
    let (mut at, mut meant, mut corrected) = (base.to_owned(), PathBuf::new(), false);
    for part in Path::new(typed).components() {
        let mut next = at.join(part);
        let mut name = part.as_os_str().to_owned();
        if !next.exists() {
            let Some(other) = nearest(name.to_str()?, names(&at)) else { break };
            corrected = true;
            next = at.join(&other);
            name = other.into();
        }
        meant.push(&name);
        at = next;
    }
    corrected.then(|| format!("; did you mean `{}`?", meant.display()))
}

fn names(folder: &Path) -> impl Iterator<Item = String> {
    let entries = std::fs::read_dir(folder).into_iter().flatten().take(MOST_NAMES);
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| !has_control(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_a_path_that_is_not_there_becomes_the_nearest_name() {
        let blog = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(blog.path().join("content/posts")).unwrap();
        std::fs::write(blog.path().join("content/posts/first-steps.md"), "").unwrap();
        let meant = |typed| meant_path(blog.path(), typed);
        let right = |path: &str| Some(format!("; did you mean `{path}`?"));
        assert_eq!(meant("content/posts/first-step.md"), right("content/posts/first-steps.md"));
        assert_eq!(meant("./contents/post/First-steps.md"), right("./content/posts/first-steps.md"));
        assert_eq!(meant("conten/xyzzy.md"), right("content"));
        assert_eq!(meant("content/posts/xyzzy.md"), None);
    }
}
