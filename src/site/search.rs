//! Looks for the sites of a repository: a folder with the configuration of a generator is one. What themes,
//! examples, packages and builds bring along has configurations as well, and is not a site.

use std::collections::VecDeque;
use std::path::Path;

use super::folder::SiteFolder;
use super::generator::{self, Certainty, GENERIC, Generator, Recognised};
use super::globs::start;
use super::target::join;
use crate::post::path::is_within;

/// Folders in which a site is looked for by all of its marks, and not by the name of its configuration only.
const USUAL: [&str; 5] = ["docs", "website", "site", "blog", "www"];
/// Folders of documentation: where the site is above them, what they hold is not the blog.
const DOCUMENTATION: [&str; 3] = ["docs", "doc", "documentation"];
/// Folders that hold no site of their own, in lower case.
const NEVER: [&str; 41] = [
    "node_modules",
    "bower_components",
    "vendor",
    "themes",
    "examplesite",
    "example",
    "examples",
    "demo",
    "demos",
    "sample",
    "samples",
    "fixture",
    "fixtures",
    "test",
    "tests",
    "testdata",
    "spec",
    "e2e",
    "template",
    "templates",
    "starters",
    "archetypes",
    "scaffolds",
    "layouts",
    "static",
    "public",
    "assets",
    "images",
    "img",
    "media",
    "uploads",
    "resources",
    "dist",
    "build",
    "out",
    "output",
    "target",
    "coverage",
    "tmp",
    "temp",
    "venv",
];
/// How deep below the folder where looking begins.
const DEEPEST: usize = 4;
/// Most folders that are looked into.
const MOST_FOLDERS: usize = 1_000;
/// Most entries of a folder that are looked at: one with more holds posts or pictures.
const MOST_ENTRIES: usize = 2_000;

/// A folder that is a site, and of which generator.
#[derive(Debug)]
pub(super) struct SiteCandidate<'r> {
    pub generator: &'static dyn Generator,
    pub folder: SiteFolder<'r>,
    /// Names of generators that are as certain of the folder.
    pub rivals: Vec<&'static str>,
}

/// A folder that more than one generator knows for its site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DisputedFolder {
    /// Relative to the root.
    pub folder: String,
    /// Name of the generator that it is taken for.
    pub generator: &'static str,
    /// Names of the others.
    pub rivals: Vec<&'static str>,
}

/// A site that is not served.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PassedOver {
    /// Its folder relative to the root.
    pub folder: String,
    /// Name of its generator.
    pub generator: &'static str,
    /// Why it is not.
    pub why: PassedOverBecause,
}

/// Why a site is not served. The text is for people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum PassedOverBecause {
    /// The site above it is the blog.
    #[error("it is documentation below the site of the blog")]
    Documentation,
    /// The user wants another generator's.
    #[error("the input `site` names another generator")]
    OtherGenerator,
    /// The user lists others.
    #[error("the list `sites` does not hold it")]
    NotListed,
    /// Such sites are left alone.
    #[error("sites of this generator are left alone")]
    Refused,
    /// It is documentation, and makes no posts.
    #[error("its configuration makes no blog")]
    NoPosts,
}

/// The sites that were found, those above before those below.
#[derive(Debug, Default)]
pub(super) struct FoundSites<'r> {
    pub served: Vec<SiteCandidate<'r>>,
    pub passed: Vec<PassedOver>,
}

/// What is looked for.
#[derive(Debug, Clone, Copy)]
pub(super) struct SiteSearch<'a> {
    /// The folder where looking begins, relative to the root.
    pub base: &'a str,
    /// The generator, where the user fixed it.
    pub wanted: Option<&'static dyn Generator>,
    /// Folders with which the globs of the user begin; none where posts are found by the generator's.
    pub starts: &'a [String],
}

impl SiteSearch<'_> {
    /// Every site below the folder; where none is recognised, that folder as the site of the generator wanted, or of
    /// an unknown one.
    pub(super) fn run<'r>(&self, root: &'r Path) -> FoundSites<'r> {
        let MetFolders { sites: mut met, without_posts } = self.walk(root);
        self.above_posts(root, &mut met);
        met.sort_by_key(|candidate| candidate.folder.path().matches('/').count());
        let mut found = FoundSites::default();
        let is_meant = |candidate: &SiteCandidate<'_>| self.is_wanted(candidate.generator);
        let (meant, others): (Vec<_>, Vec<_>) = met.into_iter().partition(is_meant);
        found.passed.extend(others.iter().map(|other| passed(other, PassedOverBecause::OtherGenerator)));
        let alone = meant.len() == 1;
        for candidate in meant {
            let above = |other: &SiteCandidate<'_>| is_within(candidate.folder.path(), other.folder.path());
            let is_below = found.served.iter().any(above);
            // Where somebody writes notes or posts of a site with an editor, that leaves its folder there.
            if is_below && candidate.generator.is_of_an_editor() {
                continue;
            }
            if is_below && self.starts.is_empty() && self.is_documentation(candidate.folder.path()) {
                found.passed.push(passed(&candidate, PassedOverBecause::Documentation));
            } else if candidate.generator.refusal().is_some() && !alone {
                found.passed.push(passed(&candidate, PassedOverBecause::Refused));
            } else {
                found.served.push(candidate);
            }
        }
        if !found.served.is_empty() {
            let why = PassedOverBecause::NoPosts;
            let of = |(folder, generator)| PassedOver { folder, generator, why };
            found.passed.extend(without_posts.into_iter().map(of));
        } else {
            let generator = self.wanted.unwrap_or(GENERIC);
            let folder = SiteFolder::new(root, self.base);
            found.served.push(SiteCandidate { generator, folder, rivals: Vec::new() });
        }
        found
    }

    fn is_wanted(&self, generator: &dyn Generator) -> bool {
        self.wanted.is_none_or(|wanted| wanted.name() == generator.name())
    }

    fn is_documentation(&self, folder: &str) -> bool {
        let inner = folder.strip_prefix(self.base).unwrap_or(folder);
        inner.split('/').any(|part| DOCUMENTATION.contains(&part.to_ascii_lowercase().as_str()))
    }

    /// One level of folders after the other, so that a bound cuts off what lies deepest.
    fn walk<'r>(&self, root: &'r Path) -> MetFolders<'r> {
        let mut met = MetFolders::default();
        let mut waiting =
            VecDeque::from([FolderStep { folder: self.base.to_owned(), depth: 0, is_leaf: false }]);
        for _ in 0..MOST_FOLDERS {
            let Some(FolderStep { folder, depth, is_leaf }) = waiting.pop_front() else { break };
            let Some(listed) = ListedFolder::of(&root.join(&folder), depth > 0) else { continue };
            let site = SiteFolder::new(root, &folder);
            let is_usual = depth == 0 || (depth == 1 && USUAL.contains(&listed.name.as_str()));
            let may_be = is_usual || listed.is_marked;
            let known = if may_be { generator::recognise(&site, self.wanted) } else { None };
            let known = known.filter(|known| is_usual || known.certainty == Certainty::Certain);
            let generator = known.as_ref().map(|known| known.generator).or((depth == 0).then_some(GENERIC));
            let globs =
                generator.map(|generator| generator.defaults(&site).globs(&folder)).unwrap_or_default();
            let of_posts: Vec<String> = globs.iter().map(|glob| start(glob)).collect();
            match known {
                Some(Recognised { generator, rivals, .. }) => {
                    met.sites.push(SiteCandidate { generator, folder: site, rivals });
                }
                None if may_be => {
                    let without = generator::ALL.into_iter().find(|generator| generator.has_no_posts(&site));
                    met.without_posts.extend(without.map(|generator| (folder.clone(), generator.name())));
                }
                None => {}
            }
            if is_leaf || depth == DEEPEST {
                continue;
            }
            let below = listed.folders.iter().map(|name| join(&folder, name));
            waiting.extend(below.map(|folder| FolderStep {
                // A folder of posts may be another site's altogether, but none lies among the posts.
                is_leaf: of_posts.contains(&folder),
                folder,
                depth: depth + 1,
            }));
        }
        met
    }

    /// The sites above the posts that the user names, wherever they lie.
    fn above_posts<'r>(&self, root: &'r Path, met: &mut Vec<SiteCandidate<'r>>) {
        for start in self.starts {
            let above = std::iter::successors(Some(start.as_str()), |path| Some(path.rsplit_once('/')?.0))
                .filter(|folder| {
                    is_within(folder, self.base) && *folder != self.base && root.join(folder).is_dir()
                });
            for folder in above {
                let site = SiteFolder::new(root, folder);
                if met.iter().any(|known| known.folder.path() == folder) {
                    continue;
                }
                let known = generator::recognise(&site, self.wanted);
                if let Some(Recognised { generator, certainty: Certainty::Certain, rivals }) = known {
                    met.push(SiteCandidate { generator, folder: site, rivals });
                }
            }
        }
    }
}

/// What was met on the walk.
#[derive(Debug, Default)]
struct MetFolders<'r> {
    sites: Vec<SiteCandidate<'r>>,
    /// Sites that have no posts: folder, and name of the generator.
    without_posts: Vec<(String, &'static str)>,
}

fn passed(candidate: &SiteCandidate<'_>, why: PassedOverBecause) -> PassedOver {
    PassedOver { folder: candidate.folder.path().to_owned(), generator: candidate.generator.name(), why }
}

/// A folder to look into.
struct FolderStep {
    folder: String,
    depth: usize,
    /// It may be a site, and no folder below it is.
    is_leaf: bool,
}

/// What lies in a folder.
struct ListedFolder {
    /// Its own name.
    name: String,
    /// Names of the folders to look into, in order.
    folders: Vec<String>,
    /// Whether a name is that of a configuration.
    is_marked: bool,
}

impl ListedFolder {
    /// `None` where it cannot be listed, or is another repository's.
    fn of(folder: &Path, is_below: bool) -> Option<Self> {
        let name = folder.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let mut listed = Self { name, folders: Vec::new(), is_marked: false };
        for entry in folder.read_dir().ok()?.flatten().take(MOST_ENTRIES) {
            let (Ok(kind), Ok(name)) = (entry.file_type(), entry.file_name().into_string()) else { continue };
            if is_below && name == ".git" {
                return None;
            }
            listed.is_marked |= is_mark(&name);
            if kind.is_dir() && may_be_site(&name) {
                listed.folders.push(name);
            }
        }
        listed.folders.sort_unstable();
        Some(listed)
    }
}

fn may_be_site(name: &str) -> bool {
    !name.starts_with(['.', '_']) && !NEVER.contains(&name.to_ascii_lowercase().as_str())
}

/// Whether a generator may know its site by an entry of this name.
fn is_mark(name: &str) -> bool {
    const MARKS: [&str; 7] =
        ["conf.py", "pelicanconf.py", "mkdocs.yml", "mkdocs.yaml", ".obsidian", ".vitepress", ".eleventy.js"];
    name.contains("config") || name.starts_with("hugo.") || name.starts_with("zola.") || MARKS.contains(&name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::site::tests::tree;

    fn run(
        files: &[(&str, &str)],
        base: &str,
        site: Option<&str>,
        starts: &[&str],
    ) -> (Vec<String>, Vec<String>) {
        let root = tree(files);
        let starts: Vec<String> = starts.iter().map(|&start| start.to_owned()).collect();
        let wanted = site.and_then(generator::named);
        let found = SiteSearch { base, wanted, starts: &starts }.run(root.path());
        let name = |name: &str, folder: &str| format!("{name} {folder}").trim_end().to_owned();
        let served =
            found.served.iter().map(|site| name(site.generator.name(), site.folder.path())).collect();
        let passed = found.passed.iter().map(|site| name(site.generator, &site.folder)).collect();
        (served, passed)
    }

    fn found(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
        run(files, "", None, &[])
    }

    fn sites(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn a_site_is_found_in_any_folder_by_its_configuration() {
        for (file, text, right) in [
            ("docs/hugo.toml", "", "hugo docs"),
            ("apps/blog/astro.config.mjs", "", "astro apps/blog"),
            ("site/_config.yml", "", "jekyll site"),
            ("website/docusaurus.config.js", "", "docusaurus website"),
            ("services/web/config/_default/hugo.toml", "", "hugo services/web"),
            ("packages/a/b/eleventy.config.js", "", "eleventy packages/a/b"),
        ] {
            let files = [(file, text), ("site/_posts/2025-01-01-a.md", ""), ("package.json", "{}")];
            let of_jekyll = file.starts_with("site/");
            let files = if of_jekyll { &files[..] } else { &[files[0], files[2]] };
            assert_eq!(found(files), (sites(&[right]), Vec::new()), "{file}");
        }
    }

    #[test]
    fn every_site_of_a_repository_is_found() {
        let files = [
            ("mkdocs.yml", "site_name: x\n"),
            ("website/docusaurus.config.js", ""),
            ("apps/blog/astro.config.mjs", ""),
            ("blog/hugo.toml", ""),
        ];
        let right = ["hugo blog", "docusaurus website", "astro apps/blog"];
        assert_eq!(found(&files), (sites(&right), sites(&["mkdocs"])));
        assert_eq!(
            found(&files[..1]),
            (sites(&["generic"]), Vec::new()),
            "alone it may have posts somewhere"
        );
        let (below, _) = run(&files, "apps", None, &[]);
        assert_eq!(below, ["astro apps/blog"]);
    }

    #[test]
    fn themes_packages_examples_and_what_was_built_are_not_sites() {
        let files = [
            ("hugo.toml", ""),
            ("themes/x/exampleSite/hugo.toml", ""),
            ("exampleSite/hugo.toml", ""),
            ("node_modules/y/astro.config.mjs", ""),
            ("vendor/z/_config.yml", ""),
            ("tests/fixtures/docusaurus.config.js", ""),
            ("content/posts/.obsidian/app.json", ""),
            ("notes/.obsidian/app.json", ""),
            ("module/.git", "gitdir: x"),
            ("module/hugo.toml", ""),
        ];
        assert_eq!(found(&files), (sites(&["hugo"]), Vec::new()));
    }

    #[test]
    fn documentation_below_the_site_is_passed_over_unless_its_posts_are_named() {
        let files = [("hugo.toml", ""), ("docs/docusaurus.config.js", ""), ("docs/blog/a.md", "")];
        assert_eq!(found(&files), (sites(&["hugo"]), sites(&["docusaurus docs"])));
        let named = run(&files, "", None, &["docs/blog"]);
        assert_eq!(named, (sites(&["hugo", "docusaurus docs"]), Vec::new()));
        assert_eq!(run(&files, "docs", None, &[]).0, ["docusaurus docs"]);
        assert_eq!(run(&files, "", Some("docusaurus"), &[]), (sites(&["docusaurus docs"]), sites(&["hugo"])));
    }

    #[test]
    fn the_site_of_a_post_that_is_named_is_found_wherever_it_lies() {
        let files = [("examples/a/b/c/d/e/hugo.toml", ""), ("examples/a/b/c/d/e/content/a.md", "")];
        assert_eq!(found(&files).0, ["generic"]);
        assert_eq!(run(&files, "", None, &["examples/a/b/c/d/e/content"]).0, ["hugo examples/a/b/c/d/e"]);
    }

    #[test]
    fn a_generator_that_is_named_is_taken_also_without_its_marks() {
        let files = [("hugo.toml", ""), ("docs/astro.config.mjs", "")];
        assert_eq!(run(&files, "", Some("astro"), &[]).0, ["astro docs"]);
        assert_eq!(run(&files, "", Some("zola"), &[]).0, ["zola"]);
    }
}
