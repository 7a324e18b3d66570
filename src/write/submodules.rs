//! Repositories within the repository: what goes into one is never committed here, and a commit that puts
//! a folder in its place takes it off the branch.

use std::collections::{HashMap, HashSet};
use std::io::ErrorKind;
use std::iter::Peekable;
use std::path::{Path, PathBuf};
use std::str::Chars;

use tracing::warn;

use crate::disk;
use crate::post::path;

/// Where git keeps the list of them.
const FILE: &str = ".gitmodules";

/// Only this much of it is read.
const LONGEST: u64 = 1024 * 1024;

/// The submodules of a repository, checked out or not.
#[derive(Debug, Clone, Default)]
pub struct Submodules {
    root: PathBuf,
    /// The paths that `.gitmodules` names.
    listed: HashSet<String>,
}

impl Submodules {
    /// Those of the repository at `root`.
    pub fn of(root: &Path) -> Self {
        let read = disk::open_within(root, FILE).and_then(|file| disk::beginning(file, LONGEST));
        let text = read.unwrap_or_else(|error| {
            if error.kind() != ErrorKind::NotFound {
                warn!("`{FILE}` is not read, because {error}; put the file itself there");
            }
            String::new()
        });
        Self { root: root.to_owned(), listed: listed(&text) }
    }

    /// The submodule that this path is in, or is: one that is listed, or a folder with a `.git` of its own.
    pub fn around<'a>(&self, path: &'a str) -> Option<&'a str> {
        let is_checked_out = |step: &str| self.root.join(step).join(".git").symlink_metadata().is_ok();
        path::steps(path).find(|step| self.listed.contains(*step) || is_checked_out(step))
    }
}

/// The paths in a text of git's configuration format, plain. Git refuses a text with a mistake in it; what
/// stands above the mistake counts here.
fn listed(text: &str) -> HashSet<String> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut rest = text.chars().peekable();
    let mut paths: HashMap<String, String> = HashMap::new();
    let mut section = None;
    while let Some(next) = rest.next() {
        match next {
            '#' | ';' => while rest.next_if(|c| *c != '\n').is_some() {},
            '[' => match header(&mut rest) {
                Some((name, submodule)) => section = submodule.filter(|_| name == "submodule"),
                None => break,
            },
            c if c.is_whitespace() => {}
            c if c.is_ascii_alphabetic() => {
                let Some((key, value)) = variable(c, &mut rest) else { break };
                // The last word on a submodule counts, as in git.
                if let (Some(submodule), "path") = (&section, key.as_str()) {
                    paths.insert(submodule.clone(), value);
                }
            }
            _ => break,
        }
    }
    let plain = |path: String| {
        let steps: Vec<&str> = path.split('/').filter(|step| !matches!(*step, "" | ".")).collect();
        steps.join("/")
    };
    paths.into_values().map(plain).filter(|path| !path.is_empty()).collect()
}

/// Name and second name of a section, behind its bracket: `submodule "static"]`, or `submodule.static]` as
/// git once wrote it.
fn header(rest: &mut Peekable<Chars<'_>>) -> Option<(String, Option<String>)> {
    let mut name = String::new();
    loop {
        match rest.next()? {
            ']' => {
                let name = name.to_ascii_lowercase();
                let parts = name.split_once('.').map(|(name, second)| (name.to_owned(), second.to_owned()));
                return Some(parts.map_or((name, None), |(name, second)| (name, Some(second))));
            }
            ' ' | '\t' => break,
            c if c.is_ascii_alphanumeric() || matches!(c, '-' | '.') => name.push(c),
            _ => return None,
        }
    }
    while rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    let mut second = String::new();
    rest.next_if_eq(&'"')?;
    loop {
        match rest.next()? {
            '"' => break,
            '\n' => return None,
            '\\' => second.push(rest.next().filter(|c| *c != '\n')?),
            c => second.push(c),
        }
    }
    rest.next_if_eq(&']')?;
    Some((name.to_ascii_lowercase(), Some(second)))
}

/// Key and value of a line that begins with this letter; a key alone has no value.
fn variable(first: char, rest: &mut Peekable<Chars<'_>>) -> Option<(String, String)> {
    let mut key = String::from(first.to_ascii_lowercase());
    while let Some(c) = rest.next_if(|c| c.is_ascii_alphanumeric() || *c == '-') {
        key.push(c.to_ascii_lowercase());
    }
    while rest.next_if(|c| matches!(c, ' ' | '\t')).is_some() {}
    match rest.next() {
        None | Some('\n') => Some((key, String::new())),
        Some('=') => Some((key, value(rest)?)),
        Some(_) => None,
    }
}

/// A value up to the end of its line: blanks around it and comments go, unless they are quoted.
fn value(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let (mut value, mut kept, mut quoted) = (String::new(), 0, false);
    loop {
        let next = match rest.next() {
            None | Some('\n') if quoted => return None,
            None | Some('\n') => break,
            Some(c) => c,
        };
        match next {
            '"' => quoted = !quoted,
            '#' | ';' if !quoted => {
                while rest.next_if(|c| *c != '\n').is_some() {}
                continue;
            }
            c if c.is_whitespace() && !quoted => {
                if !value.is_empty() {
                    value.push(c);
                }
                continue;
            }
            '\\' => match rest.next()? {
                '\n' => continue,
                't' => value.push('\t'),
                'n' => value.push('\n'),
                'b' => value.push('\u{8}'),
                c @ ('\\' | '"') => value.push(c),
                _ => return None,
            },
            c => value.push(c),
        }
        kept = value.len();
    }
    value.truncate(kept);
    Some(value)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn paths(text: &str) -> Vec<String> {
        let mut paths: Vec<_> = listed(text).into_iter().collect();
        paths.sort();
        paths
    }

    #[test]
    fn the_paths_of_submodules_are_read_as_git_reads_them() {
        for (text, expected) in [
            ("[submodule \"static\"]\n\tpath = static\n\turl = ../pictures\n", vec!["static"]),
            ("\u{feff}[submodule \"a\"]\r\n\tpath = my pics/a\t \r\n", vec!["my pics/a"]),
            ("[submodule \"a\"] path = \"quoted ; # \\\"a\\\"\" ; comment\n", vec!["quoted ; # \"a\""]),
            ("[submodule \"a\"]\npath = one # comment\n", vec!["one"]),
            ("[submodule \"a\"]\npath = st\\\natic\n", vec!["static"]),
            ("[SubModule \"a\"]\nPATH=a\n[submodule \"A\"]\npath=b", vec!["a", "b"]),
            ("[submodule.old]\npath = ./old//way/\n", vec!["old/way"]),
            ("[submodule \"a]\\\"b\"]\npath = c\n", vec!["c"]),
            ("[submodule \"a\"]\npath = one\npath = two\nshallow\n", vec!["two"]),
            ("# [submodule \"a\"]\n;path = b\n[core]\npath = c\n[submodule \"a\"]\nurl = d\n", vec![]),
            ("[submodule \"a\"]\npath = a\n[submodule \"b\"\npath = b\n", vec!["a"]),
            ("[submodule \"a\"]\npath = \"open\n[submodule \"b\"]\npath = b\n", vec![]),
        ] {
            assert_eq!(paths(text), expected, "{text:?}");
        }
    }

    #[test]
    fn a_path_is_in_a_submodule_that_is_listed_or_holds_a_git_of_its_own() {
        let root = tempfile::tempdir().unwrap();
        for (file, text) in [
            (".gitmodules", "[submodule \"pictures\"]\npath = static/images\n"),
            (".git/config", ""),
            ("content/.git", "gitdir: ../.git/modules/content\n"),
            ("assets/deep/.git/HEAD", ""),
        ] {
            let file = root.path().join(file);
            fs::create_dir_all(file.parent().unwrap()).unwrap();
            fs::write(file, text).unwrap();
        }
        let submodules = Submodules::of(root.path());
        for (path, expected) in [
            ("static/images/a.jpg", Some("static/images")),
            ("static/images", Some("static/images")),
            ("static/images-of-mine/a.jpg", None),
            ("static/a.jpg", None),
            ("content/posts/a.md", Some("content")),
            ("assets/deep/b/a.jpg", Some("assets/deep")),
            ("assets/a.jpg", None),
            ("a.md", None),
        ] {
            assert_eq!(submodules.around(path), expected, "{path}");
        }
    }
}
