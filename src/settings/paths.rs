//! Folders: the blog's root and the place of the report, never outside the workspace.

use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use super::inputs;
use super::suggest::meant_path;
use super::values::Values;
use crate::disk;
use crate::env::Env;
use crate::health;
use crate::post::path;
use crate::write::{Outbox, ignores_itself};

/// Name of the report folder in the root.
const REPORT: &str = match inputs::REPORT_DIR.literal_default() {
    Some(folder) => folder,
    None => panic!("the default of `report-dir` is a folder"),
};

/// Where the report goes when settings say nothing.
pub fn default_report_dir(root: &Path) -> PathBuf {
    root.join(REPORT)
}

/// Where the blog is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BlogRoot {
    /// The repository.
    pub(super) repository: PathBuf,
    /// The folder of the site in it, where the user names one, with `/`; else empty.
    pub(super) folder: String,
}

impl BlogRoot {
    fn of(repository: PathBuf) -> Self {
        Self { repository, folder: String::new() }
    }

    /// The folder that the user named, or the repository.
    pub(super) fn path(&self) -> PathBuf {
        self.repository.join(&self.folder)
    }

    /// With the folder that the settings file names, where nothing before it names one.
    pub(super) fn with_file(self, values: &mut Values<'_>) -> Self {
        let Some(given) = values.text_of_file(&inputs::ROOT) else { return self };
        match folder_within(&self.repository, given) {
            Some(folder) => Self { folder, ..self },
            None => {
                let problem = format!(
                    "{}: `{}` is not a folder of the repository; name one that exists{}",
                    values.source(&inputs::ROOT),
                    path::shown(given),
                    meant_path(&self.repository, given).unwrap_or_default()
                );
                values.problems.push(problem);
                self
            }
        }
    }
}

/// A folder that is written relative to the repository, as its path there; `None` where there is none.
pub(super) fn folder_within(repository: &Path, given: &str) -> Option<String> {
    let full = normal(&repository.join(given));
    let folder = full.strip_prefix(repository).ok()?;
    let is_ours = !path::has_control(given) && reserved(folder).is_none() && full.is_dir();
    is_ours.then(|| written(folder)).flatten()
}

/// A relative path with `/`; `None` where it is not text.
fn written(path: &Path) -> Option<String> {
    let parts: Option<Vec<&str>> = path.iter().map(|part| part.to_str()).collect();
    Some(parts?.join("/"))
}

/// The blog's repository: that which holds the folder of input `root` in the workspace, else the repository around
/// the workspace.
pub(super) fn root(values: &mut Values<'_>, env: &Env) -> BlogRoot {
    let workspace = workspace(env);
    let Some(given) = values.text(&inputs::ROOT).map(PathBuf::from) else {
        return BlogRoot::of(repository(&workspace, env.in_actions()));
    };
    let root = normal(&workspace.join(&given));
    let source = values.source(&inputs::ROOT);
    let text = given.to_string_lossy();
    let shown = path::shown(&text);
    // The repository itself may well be called `.github`.
    let below = root.strip_prefix(&workspace).unwrap_or(Path::new(""));
    if path::has_control(&text) || reserved(below) == Some(".git") {
        values
            .problems
            .push(format!("{source}: `{shown}` is not the folder of a blog; name the one it lies in"));
        return BlogRoot::of(workspace);
    }
    if env.in_actions() && !root.starts_with(&workspace) {
        values
            .problems
            .push(format!("{source}: `{shown}` is outside the workspace; name a folder inside it"));
        return BlogRoot::of(workspace);
    }
    if !root.is_dir() {
        let meant = meant_path(&workspace, &text).unwrap_or_else(|| {
            let checkout =
                if env.in_actions() { "the `path:` that the checkout step was given, or " } else { "" };
            format!("; name {checkout}a folder of the repository")
        });
        values.problems.push(format!("{source}: there is no folder `{shown}`{meant}"));
        return BlogRoot::of(workspace);
    }
    // In Actions nothing above the workspace is ours to look at.
    let above = root.ancestors().take_while(|folder| !env.in_actions() || folder.starts_with(&workspace));
    let repository = above.into_iter().find(|folder| folder.join(".git").exists()).map(Path::to_owned);
    match repository.and_then(|repository| Some((written(root.strip_prefix(&repository).ok()?)?, repository)))
    {
        Some((folder, repository)) => BlogRoot { repository, folder },
        None => BlogRoot::of(root),
    }
}

/// Where the report goes: inside the root or RUNNER_TEMP only, because it is written also when all
/// else is refused.
pub(super) fn report_dir(values: &mut Values<'_>, env: &Env, root: &Path) -> PathBuf {
    let Some(given) = values.text(&inputs::REPORT_DIR) else { return default_report_dir(root) };
    let dir = normal(&root.join(given));
    let temp = env.get("RUNNER_TEMP").map(|temp| normal(Path::new(temp)));
    let inside = |parent: &Path| dir.starts_with(parent) && dir != parent;
    let workspace = workspace(env);
    let below = dir.strip_prefix(root).or_else(|_| dir.strip_prefix(&workspace)).unwrap_or(Path::new(""));
    let right = !path::has_control(given)
        && reserved(below).is_none()
        && (inside(root) || inside(&workspace) || temp.as_deref().is_some_and(inside));
    if right && is_free(root, &dir) {
        return dir;
    }
    let why = if right {
        "already holds other files, which git would no longer see"
    } else {
        "is not a folder of its own inside the workspace or RUNNER_TEMP"
    };
    let (source, given) = (values.source(&inputs::REPORT_DIR), path::shown(given));
    let problem = format!("{source}: `{given}` {why}; write e.g. `{REPORT}`");
    values.problems.push(problem);
    default_report_dir(root)
}

/// The folder of the built site, seen from the root; in Actions inside the workspace or RUNNER_TEMP.
pub(super) fn built(values: &mut Values<'_>, env: &Env, root: &Path) -> Option<PathBuf> {
    let given = values.text(&inputs::BUILT)?.to_owned();
    let folder = normal(&root.join(&given));
    let temp = env.get("RUNNER_TEMP").map(|temp| normal(Path::new(temp)));
    let inside = folder.starts_with(workspace(env)) || temp.is_some_and(|temp| folder.starts_with(temp));
    let below = folder.strip_prefix(root).or_else(|_| folder.strip_prefix(workspace(env)));
    let is_gits = below.is_ok_and(|below| reserved(below) == Some(".git"));
    if path::has_control(&given) || is_gits || (env.in_actions() && !inside) {
        let (source, given) = (values.source(&inputs::BUILT), path::shown(&given));
        values.problems.push(format!(
            "{source}: `{given}` is not a folder of its own inside the workspace or RUNNER_TEMP"
        ));
        return None;
    }
    // Whoever opens it says what else is wrong with it.
    if let Some(meant) = (!folder.exists()).then(|| meant_path(root, &given)).flatten() {
        let (source, shown) = (values.source(&inputs::BUILT), path::shown(&given));
        values.problems.push(format!("{source}: there is no folder `{shown}`{meant}"));
        return None;
    }
    Some(folder)
}

/// Whether a folder may become the report's, which hides all of itself from git: it is not there, it is
/// empty, or what is in it is an earlier run's, also where only a part of that was restored.
fn is_free(root: &Path, dir: &Path) -> bool {
    match dir.read_dir().map(|mut entries| entries.next().is_none()) {
        Ok(true) => return true,
        Ok(false) => {}
        // Writing the report says what else is wrong with it.
        Err(error) => return error.kind() != ErrorKind::NotADirectory,
    }
    let says = |(file, word): (&str, &str)| {
        let read = disk::open(&dir.join(file)).and_then(|file| disk::beginning(file, 1024));
        read.is_ok_and(|text| text.contains(word))
    };
    ignores_itself(dir)
        || [("report.json", "\"verdict\":"), (health::FILE, "\"salt\":")].into_iter().any(says)
        || !Outbox::new(root, dir).all().is_empty()
}

/// Whether a path leads into a folder of git or GitHub.
pub(super) fn is_reserved(path: &Path) -> bool {
    reserved(path).is_some()
}

/// The folder of git or GitHub that a path leads into.
fn reserved(path: &Path) -> Option<&'static str> {
    path.iter().find_map(|part| path::reserved(&part.to_string_lossy()))
}

/// The workspace of the job, or the working directory.
pub fn workspace(env: &Env) -> PathBuf {
    let given = env.get("GITHUB_WORKSPACE").filter(|_| env.in_actions());
    normal(given.map_or(env.directory.as_path(), Path::new))
}

/// The nearest folder from here upwards that holds `.git`; the start itself when there is none. In
/// Actions nothing above the workspace is ours to look at.
fn repository(start: &Path, in_actions: bool) -> PathBuf {
    let above = if in_actions { 1 } else { usize::MAX };
    let found = start.ancestors().take(above).find(|folder| folder.join(".git").exists());
    found.unwrap_or(start).to_owned()
}

/// The path without `.` and `..`, by its words alone.
pub(super) fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn in_actions(pairs: &[(&'static str, &'static str)]) -> (Env, BTreeMap<&'static str, String>) {
        let variables = [("GITHUB_ACTIONS", "true"), ("GITHUB_WORKSPACE", "/w"), ("RUNNER_TEMP", "/t")];
        (Env::of(variables), pairs.iter().map(|&(name, value)| (name, value.to_owned())).collect())
    }

    #[test]
    fn a_report_folder_outside_workspace_and_runner_temp_is_a_problem() {
        for (given, right) in [
            ("out", true),
            ("/w/reports", true),
            ("/t/report", true),
            ("../x", false),
            ("/etc", false),
            (".git/x", false),
            (".github/x", false),
            (".GIT/x", false),
            ("out/git~1", false),
            (".g\u{200c}it/x", false),
            ("/w/a/.Git ", false),
            ("out\nx", false),
            ("/t/out\u{1b}", false),
            (".", false),
        ] {
            let (env, flags) = in_actions(&[("report-dir", given)]);
            let mut values = Values::new(&env, flags);
            report_dir(&mut values, &env, Path::new("/w"));
            assert_eq!(values.problems.is_empty(), right, "{given}: {:?}", values.problems);
        }
    }

    #[test]
    fn the_built_site_is_seen_from_the_root_and_lies_inside_the_workspace() {
        for (given, right) in [
            ("public", Some("/w/blog/public")),
            ("../site/out", Some("/w/site/out")),
            ("/t/site", Some("/t/site")),
            ("../../x", None),
            ("/etc", None),
            ("a\nb", None),
            (".git/x", None),
            ("public/GIT~1", None),
            ("../.g\u{200c}it ", None),
        ] {
            let (env, flags) = in_actions(&[("built", given)]);
            let mut values = Values::new(&env, flags);
            assert_eq!(built(&mut values, &env, Path::new("/w/blog")).as_deref(), right.map(Path::new));
            assert_eq!(values.problems.is_empty(), right.is_some(), "{given}");
        }
    }

    #[test]
    fn a_root_outside_the_workspace_or_without_a_folder_is_a_problem() {
        for given in ["../elsewhere", "/", "no-such-folder", ".GIT", "git~1/x", "a\nb"] {
            let (env, flags) = in_actions(&[("root", given)]);
            let mut values = Values::new(&env, flags);
            assert_eq!(root(&mut values, &env), BlogRoot::of("/w".into()));
            assert_eq!(values.problems.len(), 1, "{given}");
        }
    }

    #[test]
    fn on_a_laptop_the_root_is_the_repository_around_the_working_directory() {
        let folder = tempfile::tempdir().unwrap();
        let inner = folder.path().join("content/posts");
        std::fs::create_dir_all(&inner).unwrap();
        std::fs::create_dir(folder.path().join(".git")).unwrap();
        let mut env = Env::default();
        env.directory = inner;
        let found = |flags| root(&mut Values::new(&env, flags), &env);
        let repository = folder.path().to_owned();
        assert_eq!(found(BTreeMap::new()), BlogRoot::of(repository.clone()));
        let inner = found(BTreeMap::from([("root", "..".to_owned())]));
        assert_eq!(inner, BlogRoot { repository, folder: "content".to_owned() });
    }
}
