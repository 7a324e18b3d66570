//! What the path of a post says by itself. Paths are relative to the root, with `/`.

/// Endings of Markdown; front matter cannot be edited in files with others.
pub const MARKDOWN: [&str; 10] =
    ["md", "markdown", "mdx", "mdown", "mkdown", "mkdn", "mkd", "mdwn", "mdtxt", "mdtext"];

/// The folder; empty for the root itself.
pub fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// Whether a path is this folder or lies in it; everything lies in the root.
pub fn is_within(path: &str, folder: &str) -> bool {
    inside(path, folder).is_some()
}

/// The path as seen from a folder, empty for the folder itself; nothing where it lies elsewhere.
pub fn inside<'p>(path: &'p str, folder: &str) -> Option<&'p str> {
    if folder.is_empty() {
        return Some(path);
    }
    let rest = path.strip_prefix(folder)?;
    if rest.is_empty() { Some(rest) } else { rest.strip_prefix('/') }
}

/// What `..` means where there is no folder above.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AboveRoot {
    /// It leads nowhere.
    Nowhere,
    /// It stays at the root, as in browsers.
    Root,
}

/// Joins a folder and a path without `.` and `..`; `None` for the root itself and for what lies nowhere.
pub fn resolved(folder: &str, path: &str, above: AboveRoot) -> Option<String> {
    let mut parts: Vec<&str> = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.pop().is_none() && above == AboveRoot::Nowhere => return None,
            ".." => {}
            part => parts.push(part),
        }
    }
    (!parts.is_empty()).then(|| parts.join("/"))
}

/// The file name without its last extension.
pub fn stem(path: &str) -> &str {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem)
}

/// Whether the file is an `index.*` that stands for its folder, `index.fr.md` in French.
pub fn is_index(path: &str) -> bool {
    let name = path.rsplit_once('/').map_or(path, |(_, name)| name);
    let endings = name.strip_prefix("index");
    endings.is_some_and(|all| all.is_empty() || (all.starts_with('.') && all.matches('.').count() <= 2))
}

/// Every folder on the way to a path, from the top, and the path itself.
pub fn steps(path: &str) -> impl Iterator<Item = &str> {
    path.match_indices('/').map(|(end, _)| &path[..end]).chain([path])
}

/// The folder of git or GitHub that a name stands for, as far as git refuses it: `.git` in any case, with
/// characters that Apple's file system leaves out, and under the names that Windows has for it.
pub fn reserved(name: &str) -> Option<&'static str> {
    let is_ignored = |c: &char| matches!(c, '\u{200c}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{206a}'..='\u{206f}' | '\u{feff}');
    let seen: String = name.chars().filter(|c| !is_ignored(c)).collect();
    let seen = seen.split([':', '\\']).next().unwrap_or_default().trim_end_matches(['.', ' ']);
    match seen.to_ascii_lowercase().as_str() {
        ".git" | "git~1" => Some(".git"),
        ".github" => Some(".github"),
        _ => None,
    }
}

/// Whether a path has a line break or another control character: git takes it, and nobody writes one into a
/// setting on purpose.
pub fn has_control(path: &str) -> bool {
    path.contains(is_control)
}

/// Two of Unicode's line breaks count as text there.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// The path for a message, its control characters spelled out.
pub fn shown(path: &str) -> String {
    let spelled = |c: char| if is_control(c) { c.escape_default().to_string() } else { c.to_string() };
    path.chars().map(spelled).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_git_refuses_is_known_in_every_disguise() {
        for name in [
            ".git",
            ".GIT",
            ".gIt",
            "git~1",
            "GIT~1",
            ".git.",
            ".git . .",
            ".git::$INDEX_ALLOCATION",
            "git~1 ",
            ".git\\config",
            ".g\u{200c}it",
            "\u{feff}.git",
            ".git\u{206f}",
        ] {
            assert_eq!(reserved(name), Some(".git"), "{name:?}");
        }
        for name in [".github", ".GitHub", ".github."] {
            assert_eq!(reserved(name), Some(".github"), "{name:?}");
        }
        for name in [".gitignore", "git", "git~2", "git~10", ".gitx", "a.git", "my.github", "", ".", ".git~1"]
        {
            assert_eq!(reserved(name), None, "{name:?}");
        }
    }

    #[test]
    fn an_index_stands_for_its_folder_in_any_language_and_nothing_else_does() {
        for path in ["index.md", "a/index.md", "a/index.fr.md", "a/index"] {
            assert!(is_index(path), "{path}");
        }
        for path in ["indexes.md", "a/my-index.md", "index/a.md", "index.a.b.md", "Index.md"] {
            assert!(!is_index(path), "{path}");
        }
    }

    #[test]
    fn a_path_that_climbs_above_the_root_leads_nowhere_or_stays_there() {
        for (folder, path, nowhere, root) in [
            ("a/b", "./../c.png", Some("a/c.png"), Some("a/c.png")),
            ("a", "/b//c.png", Some("a/b/c.png"), Some("a/b/c.png")),
            ("a", "../../c.png", None, Some("c.png")),
            ("a", "..", None, None),
        ] {
            assert_eq!(resolved(folder, path, AboveRoot::Nowhere).as_deref(), nowhere, "{folder} {path}");
            assert_eq!(resolved(folder, path, AboveRoot::Root).as_deref(), root, "{folder} {path}");
        }
    }

    #[test]
    fn a_control_character_is_shown_as_what_it_is() {
        assert!(
            has_control("a\nb")
                && has_control("a\u{7f}")
                && has_control("a\u{2028}b")
                && !has_control("a b/é")
        );
        assert_eq!(shown("a\nb/\u{1b}é\u{2029}"), "a\\nb/\\u{1b}é\\u{2029}");
    }
}
