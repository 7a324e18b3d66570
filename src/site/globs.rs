//! The globs that say which files are posts, and the folders where looking for them begins.

use std::collections::HashSet;
use std::path::Path;

use globset::{Candidate, GlobBuilder, GlobSet, GlobSetBuilder};

use crate::post::date;
use crate::post::path::{MARKDOWN, is_within};

use super::InvalidOption;
pub(super) use super::starts::{start, starts};
use super::target::join;

/// Endings of formats in which posts are written and that are not read.
const UNREAD: [&str; 9] = ["html", "htm", "adoc", "asciidoc", "rst", "org", "ipynb", "textile", "txt"];

/// What leaves a file of Markdown out before it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum NoPostBy {
    /// Its name: `README` and its kind, a list page.
    Name,
    /// What the user or the site's configuration excludes.
    Exclusion,
    /// No posts lie there.
    Place,
}

/// Compiled globs.
#[derive(Debug, Clone, Default)]
pub(super) struct Globs {
    include: GlobSet,
    exclude: GlobSet,
    /// The patterns that include, as they were written, for messages.
    written: Vec<String>,
    /// Files that were named by their paths.
    named: HashSet<String>,
    /// Folders relative to the root that hold everything the globs can match; none within another.
    starts: Vec<String>,
    /// Where the other posts of the site are, when the user's globs say which ones are meant.
    around: Option<Box<Globs>>,
}

/// The globs that the user gave, whichever site they are for.
#[derive(Debug, Clone, Default)]
pub(super) struct UserGlobs {
    /// As they were given, each a path that exists or a pattern.
    given: Vec<String>,
    /// Files that were named by their paths.
    named: HashSet<String>,
    /// Compiled, where they include anything.
    compiled: Option<Globs>,
}

impl UserGlobs {
    /// A name that exists is taken as it stands, whatever characters it has; a folder means everything in it; absolute
    /// paths inside the root are made relative.
    pub(super) fn new(root: &Path, globs: &[String]) -> Result<Self, Vec<InvalidOption>> {
        let only_excludes = globs.iter().all(|glob| glob.starts_with('!'));
        let mut named = HashSet::new();
        let given = globs.iter().map(|glob| {
            let (not, glob) = glob.strip_prefix('!').map_or(("", glob.as_str()), |glob| ("!", glob));
            let glob = Path::new(glob).strip_prefix(root).ok().and_then(Path::to_str).unwrap_or(glob);
            let glob = glob.trim_start_matches("./").trim_end_matches('/');
            let place = root.join(glob);
            if place.is_dir() {
                format!("{not}{}", join(&globset::escape(glob), "**")).replace("!/", "!")
            } else if place.exists() {
                if not.is_empty() {
                    named.insert(glob.to_owned());
                }
                format!("{not}{}", globset::escape(glob))
            } else {
                format!("{not}{glob}")
            }
        });
        let given: Vec<String> = given.collect();
        let compiled = Globs::compile(given.clone())?;
        Ok(Self { given, named, compiled: (!only_excludes).then_some(compiled) })
    }

    /// Folders where looking for what they include begins, relative to the root; none where they only exclude.
    pub(super) fn starts(&self) -> &[String] {
        self.compiled.as_ref().map_or(&[], |compiled| &compiled.starts)
    }

    /// Those that include none of these posts, as they were written.
    pub(super) fn idle<'a>(&self, posts: impl Iterator<Item = &'a String>) -> Vec<String> {
        let Some(compiled) = &self.compiled else { return Vec::new() };
        let mut idle = vec![true; compiled.written.len()];
        for post in posts {
            if !idle.contains(&true) {
                break;
            }
            compiled.include.matches(post).into_iter().for_each(|at| idle[at] = false);
        }
        compiled.written.iter().zip(idle).filter(|(_, idle)| *idle).map(|(glob, _)| glob.clone()).collect()
    }
}

impl Globs {
    /// The user's globs; where they only exclude, the generator's stay.
    pub(super) fn new(
        root: &Path,
        globs: UserGlobs,
        preset: Vec<String>,
    ) -> Result<Self, Vec<InvalidOption>> {
        let Some(compiled) = globs.compiled else {
            return Self::compile(globs.given.into_iter().chain(preset).collect());
        };
        // Of a place that the generator knows nothing of, all that lies in the same top folder.
        let known: Vec<String> = preset.iter().map(|glob| start(glob)).collect();
        let is_known = |path: &str| known.iter().any(|known| is_within(path, known));
        let tops = compiled.starts.iter().filter(|start| root.join(start).exists() && !is_known(start));
        let tops = tops.filter_map(|start| Some(join(&globset::escape(start.split_once('/')?.0), "**")));
        let around = Some(Box::new(Self::compile(preset.iter().cloned().chain(tops).collect())?));
        Ok(Self { named: globs.named, around, ..compiled })
    }

    fn compile(globs: Vec<String>) -> Result<Self, Vec<InvalidOption>> {
        let (mut include, mut exclude) = (GlobSetBuilder::new(), GlobSetBuilder::new());
        let (mut written, mut starts, mut problems) = (Vec::new(), Vec::new(), Vec::new());
        for glob in globs {
            let (set, pattern) = match glob.strip_prefix('!') {
                Some(pattern) => (&mut exclude, pattern),
                None => (&mut include, glob.as_str()),
            };
            match GlobBuilder::new(pattern).literal_separator(true).build() {
                Ok(compiled) => _ = set.add(compiled),
                Err(error) => {
                    problems.push(InvalidOption::BadGlob {
                        glob: pattern.to_owned(),
                        reason: error.kind().to_string(),
                    });
                }
            }
            if !glob.starts_with('!') {
                starts.extend(self::starts(pattern));
                written.push(pattern.to_owned());
            }
        }
        let build = |set: GlobSetBuilder, problems: &mut Vec<InvalidOption>| {
            set.build().unwrap_or_else(|error| {
                let glob = error.glob().unwrap_or_default().to_owned();
                problems.push(InvalidOption::BadGlob { glob, reason: error.kind().to_string() });
                GlobSet::empty()
            })
        };
        let (include, exclude) = (build(include, &mut problems), build(exclude, &mut problems));
        if !problems.is_empty() {
            return Err(problems);
        }
        // A folder's own folders follow it directly when the separator sorts first.
        starts.sort_by_cached_key(|start| start.replace('/', "\0"));
        starts.dedup_by(|later, earlier| is_within(later, earlier));
        Ok(Self { include, exclude, written, starts, named: HashSet::new(), around: None })
    }

    /// Whether this path, relative to the root, is a post by its name.
    pub(super) fn match_post(&self, path: &str) -> bool {
        let name = path.rsplit('/').next().unwrap_or(path);
        let Some((stem, extension)) = name.rsplit_once('.') else { return false };
        MARKDOWN.iter().any(|known| extension.eq_ignore_ascii_case(known))
            && !is_about_the_repository(stem)
            && self.holds(path)
    }

    /// Whether the patterns include this path, and none excludes it.
    fn holds(&self, path: &str) -> bool {
        let path = Candidate::new(path);
        self.include.is_match_candidate(&path) && !self.exclude.is_match_candidate(&path)
    }

    /// Why a path of Markdown is not a post by its name; nothing where it is one, or no Markdown.
    pub(super) fn why_not(&self, path: &str) -> Option<NoPostBy> {
        let (stem, extension) = path.rsplit('/').next().unwrap_or(path).rsplit_once('.')?;
        let is_markdown = MARKDOWN.iter().any(|known| extension.eq_ignore_ascii_case(known));
        if !is_markdown || self.match_post(path) {
            return None;
        }
        Some(match is_about_the_repository(stem) {
            true => NoPostBy::Name,
            false if self.exclude.is_match(path) => NoPostBy::Exclusion,
            false => NoPostBy::Place,
        })
    }

    /// Whether this path would be a post if its format were read: one that is only text has a date in its
    /// name, or it is not a post.
    pub(super) fn match_unread(&self, path: &str) -> bool {
        let Some((stem, extension)) = path.rsplit('/').next().unwrap_or(path).rsplit_once('.') else {
            return false;
        };
        let Some(format) = UNREAD.iter().position(|known| extension.eq_ignore_ascii_case(known)) else {
            return false;
        };
        let is_text = matches!(UNREAD[format], "html" | "htm" | "txt");
        (!is_text || date::prefix(stem).is_some()) && self.holds(path)
    }

    /// Whether the user named this very file, and not a pattern or folder that holds it.
    pub(super) fn names(&self, path: &str) -> bool {
        self.named.contains(path)
    }

    /// The generator's globs, where the user's are others.
    pub(super) fn around(&self) -> Option<&Self> {
        self.around.as_deref()
    }

    /// Folders where looking begins, relative to the root; a file where a glob names one.
    pub(super) fn starts(&self) -> &[String] {
        &self.starts
    }

    /// The including patterns as they were written.
    pub(super) fn written(&self) -> &[String] {
        &self.written
    }
}

/// What a repository says of itself, in capitals.
const ABOUT: [&str; 6] = ["README", "CONTRIBUTING", "CODE_OF_CONDUCT", "SECURITY", "CHANGELOG", "LICENSE"];

/// `README*`, `CONTRIBUTING*`, agent notes and section pages. Only the capitals take a suffix: a post
/// may well be called `readme-driven-development`.
pub(super) fn is_about_the_repository(stem: &str) -> bool {
    let capitals = ABOUT.iter().any(|name| stem.starts_with(name));
    let word = stem.split('.').next().unwrap_or(stem);
    let is = |known: &&str| word.eq_ignore_ascii_case(known);
    capitals
        || ["readme", "contributing", "_index", "agents", "ideas"].iter().any(is)
        || stem.starts_with(['_', '.'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    fn globs_in(root: &Path, globs: &[String], preset: Vec<String>) -> Result<Globs, Vec<InvalidOption>> {
        Globs::new(root, UserGlobs::new(root, globs)?, preset)
    }

    fn globs(patterns: &[&str]) -> Globs {
        let patterns: Vec<String> = patterns.iter().map(|&pattern| pattern.to_owned()).collect();
        globs_in(Path::new("/nowhere"), &patterns, Vec::new()).unwrap()
    }

    // B-46
    #[test]
    fn only_markdown_that_is_not_a_page_about_the_repository_is_a_post() {
        let globs = globs(&["content/**"]);
        for post in ["content/a.md", "content/b/c.markdown", "content/d.MDX", "content/readme-driven.md"] {
            assert!(globs.match_post(post), "{post}");
        }
        for other in [
            "content/a.png",
            "content/README.md",
            "content/readme.fr.md",
            "content/CONTRIBUTING-de.md",
            "content/_index.md",
            "content/_index.fr.md",
            "content/AGENTS.md",
            "elsewhere/a.md",
            "content/md",
        ] {
            assert!(!globs.match_post(other), "{other}");
        }
    }

    #[test]
    fn an_exclamation_mark_excludes_wherever_it_stands() {
        let globs = globs(&["!posts/old/**", "posts/**"]);
        assert!(globs.match_post("posts/a.md") && !globs.match_post("posts/old/a.md"));
    }

    #[test]
    fn excludes_alone_leave_the_generators_globs_in_place() {
        let preset = vec!["posts/**".to_owned()];
        let globs = globs_in(Path::new("/nowhere"), &["!posts/old/**".to_owned()], preset).unwrap();
        assert!(globs.match_post("posts/a.md") && !globs.match_post("posts/old/a.md"));
    }

    #[test]
    fn one_star_stays_within_its_folder() {
        let globs = globs(&["posts/*.md"]);
        assert!(globs.match_post("posts/a.md") && !globs.match_post("posts/b/a.md"));
    }

    #[test]
    fn looking_begins_where_the_patterns_agree_on_the_folder() {
        assert_eq!(
            globs(&["posts/**", "posts/a/*.md", "content/b/c.md"]).starts(),
            ["content/b/c.md", "posts"]
        );
        assert_eq!(globs(&["**/_posts/**", "posts/**"]).starts(), [""]);
        assert_eq!(globs(&["posts/**", "posts-old/**"]).starts(), ["posts", "posts-old"]);
    }

    #[test]
    fn a_name_that_exists_is_taken_as_it_stands() {
        let root = tree(&[("posts/[a] b*.md", "x"), ("posts/a.md", "x")]);
        let of = |pattern: &str| globs_in(root.path(), &[pattern.to_owned()], Vec::new()).unwrap();
        let literal = of("./posts/[a] b*.md");
        assert!(literal.match_post("posts/[a] b*.md") && !literal.match_post("posts/a b.md"));
        assert!(of("posts").match_post("posts/a.md"));
        assert!(of("./posts/a.md").names("posts/a.md") && literal.names("posts/[a] b*.md"));
        for not_itself in ["posts", "posts/*", "!posts/a.md"] {
            assert!(!of(not_itself).names("posts/a.md"), "{not_itself}");
        }
        assert!(of(&format!("{}/posts/a.md", root.path().display())).match_post("posts/a.md"));
    }

    #[test]
    fn every_bad_glob_is_named() {
        let bad = ["posts/[a".to_owned(), "{a".to_owned()];
        let problems = globs_in(Path::new("/nowhere"), &bad, Vec::new()).unwrap_err();
        assert_eq!(problems.len(), 2);
        assert!(problems[0].to_string().starts_with("`posts/[a` is not a valid glob: "), "{}", problems[0]);
    }
}
