//! POSTS as they are typed: relative to the working directory, as of every tool of the command line,
//! while the globs of input and file are relative to the root.

use std::path::Path;

use super::mode::MODES;
use super::paths::normal;
use super::suggest::{meant, meant_path};
use super::values::one_of;
use crate::post::path;

/// The arguments as globs relative to the root. What cannot be meant is a problem: a path that leaves
/// the root, and a bare word that is not a file, because it was to be a mode.
pub(super) fn posts(
    typed: &[String],
    directory: &Path,
    root: &Path,
    problems: &mut Vec<String>,
) -> Vec<String> {
    let mut globs = Vec::with_capacity(typed.len());
    for word in typed {
        let (not, glob) = word.strip_prefix('!').map_or(("", word.as_str()), |glob| ("!", glob));
        // Empty means unset, as everywhere: a variable of a script may hold nothing.
        if glob.trim().is_empty() {
            continue;
        }
        let found = directory.join(glob).exists();
        if !found && not.is_empty() && is_bare(glob) {
            problems.push(no_mode(glob, directory));
        } else if !found
            && not.is_empty()
            && is_literal(glob)
            && from_root(glob, true, directory, root).is_some()
        {
            let meant = meant_path(directory, glob)
                .unwrap_or_else(|| "; POSTS are relative to the working directory".to_owned());
            problems.push(format!("command line: there is no file `{}`{meant}", path::shown(glob)));
        } else if let Some(glob) = from_root(glob, found, directory, root) {
            globs.push(format!("{not}{glob}"));
        } else {
            problems.push(format!(
                "command line: `{glob}` leads out of {}; POSTS are relative to the working directory, and input `posts` to the root",
                root.display()
            ));
        }
    }
    globs
}

fn is_bare(word: &str) -> bool {
    is_literal(word) && !word.contains(['/', '.'])
}

/// Whether a word is the name of a file or folder and no pattern.
fn is_literal(word: &str) -> bool {
    !word.contains(['*', '?', '[', '{', '\\'])
}

fn no_mode(word: &str, directory: &Path) -> String {
    let names: Vec<_> = MODES.iter().map(|mode| format!("`{}`", mode.name)).collect();
    let meant = meant(word, MODES.iter().map(|mode| mode.name));
    let meant = meant.or_else(|| meant_path(directory, word)).unwrap_or_default();
    format!(
        "command line: `{word}` is neither a file nor a mode; the first word may be {}{meant}",
        one_of(&names)
    )
}

/// The glob as seen from the root; `None` when it leads out of it.
fn from_root(glob: &str, found: bool, directory: &Path, root: &Path) -> Option<String> {
    let full = normal(&directory.join(glob));
    // The same place may go by another name: a person keeps the links that the system resolves.
    let real = root.canonicalize().unwrap_or_else(|_| root.to_owned());
    let within =
        |path: &Path| path.strip_prefix(root).or_else(|_| path.strip_prefix(&real)).ok().map(Path::to_owned);
    let inside = within(&full).or_else(|| within(&full.canonicalize().ok()?))?;
    if inside.as_os_str().is_empty() {
        return Some("**".to_owned());
    }
    // A name that exists is taken literally. Of a pattern only what was typed is one: the folders above it
    // are names, whatever characters they have.
    let standing = within(directory).filter(|_| !found).unwrap_or_default();
    let literal = inside.components().zip(standing.components()).take_while(|(a, b)| a == b).count();
    let parts = inside.components().enumerate().map(|(place, part)| {
        let part = part.as_os_str().to_string_lossy();
        if place < literal { globset::escape(&part) } else { part.into_owned() }
    });
    Some(parts.collect::<Vec<_>>().join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The globs or problems of these arguments, typed in `content/[drafts]` of a blog.
    fn typed(words: &[&str]) -> (Vec<String>, Vec<String>) {
        let blog = tempfile::tempdir().unwrap();
        let here = blog.path().join("content/[drafts]");
        std::fs::create_dir_all(&here).unwrap();
        std::fs::write(here.join("a[1].md"), "").unwrap();
        std::fs::create_dir(blog.path().join("posts")).unwrap();
        std::fs::write(blog.path().join("posts/b.md"), "").unwrap();
        let here_name = here.display().to_string();
        let words: Vec<_> = words.iter().map(|word| word.replace("HERE", &here_name)).collect();
        let mut problems = Vec::new();
        (posts(&words, &here, blog.path(), &mut problems), problems)
    }

    #[test]
    fn posts_are_relative_to_the_working_directory() {
        let words =
            ["a[1].md", "./a[1].md", "HERE/a[1].md", "*.md", "!old/**", "../*.md", "../../posts/b.md", "."];
        let right = [
            "content/[drafts]/a[1].md",
            "content/[drafts]/a[1].md",
            "content/[drafts]/a[1].md",
            "content/[[]drafts[]]/*.md",
            "!content/[[]drafts[]]/old/**",
            "content/*.md",
            "posts/b.md",
            "content/[drafts]",
        ];
        assert_eq!(typed(&words), (right.map(str::to_owned).to_vec(), Vec::new()));
        assert_eq!(typed(&["../.."]).0, ["**"]);
    }

    #[cfg(unix)]
    #[test]
    fn a_root_that_goes_by_another_name_is_the_same_place() {
        let blog = tempfile::tempdir().unwrap();
        let (real, link) = (blog.path().join("real"), blog.path().join("link"));
        std::fs::create_dir(&real).unwrap();
        std::fs::write(real.join("a.md"), "").unwrap();
        std::os::unix::fs::symlink("real", &link).unwrap();
        let mut problems = Vec::new();
        let words = ["*.md".to_owned(), link.join("a.md").display().to_string()];
        assert_eq!(posts(&words, &real, &link, &mut problems), ["*.md", "a.md"]);
        assert_eq!(posts(&words, &real, &real, &mut problems), ["*.md", "a.md"]);
        assert!(problems.is_empty(), "{problems:?}");
    }

    #[test]
    fn what_leaves_the_root_is_refused() {
        for word in ["../../../other/a.md", "/etc/*.md", "!/etc/**"] {
            let (globs, problems) = typed(&[word]);
            assert!(globs.is_empty() && problems.len() == 1, "{word}: {globs:?}");
            assert!(problems[0].contains("leads out of"), "{}", problems[0]);
        }
    }

    #[test]
    fn an_empty_argument_is_none() {
        assert_eq!(typed(&["", " "]), (Vec::new(), Vec::new()));
    }

    #[test]
    fn a_misspelt_mode_names_the_modes_and_the_nearest_one() {
        let right = "command line: `genrate` is neither a file nor a mode; the first word may be `generate`, \
                     `check`, `plan`, `providers`, `drill` or `demo`; did you mean `generate`?";
        assert_eq!(typed(&["genrate"]).1, [right]);
        assert!(!typed(&["xyzzy"]).1[0].contains("did you mean"));
    }
}
