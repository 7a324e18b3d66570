//! The release script on a scratch repository: what it refuses, what it rewrites, which tags move.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

const IMAGE: &str = "ghcr.io/acme/image-fallback-action@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

/// A clone of a small project, beside the bare repository that it pushes to.
struct Project {
    folder: tempfile::TempDir,
}

impl Project {
    fn at_version(version: &str) -> Self {
        let project = Self { folder: tempfile::tempdir().unwrap() };
        let bare = project.folder.path().join("origin.git");
        git(
            project.folder.path(),
            &["init", "--quiet", "--bare", "--initial-branch=main", &bare.display().to_string()],
        );
        git(project.folder.path(), &["clone", "--quiet", &bare.display().to_string(), "clone"]);
        for (key, value) in [("user.name", "Release"), ("user.email", "release@example.org")] {
            git(&project.clone(), &["config", key, value]);
        }
        project
            .write("action.yml", "name: A\nruns:\n  using: docker\n  image: Dockerfile\n  entrypoint: /a\n");
        project.raise_to(version);
        project
    }

    fn raise_to(&self, version: &str) {
        self.write(
            "Cargo.toml",
            &format!("[package]\nversion = \"{version}\"\n\n[dependencies]\nx = {{ version = \"9\" }}\n"),
        );
        self.write(
            "Cargo.lock",
            &format!("[[package]]\nname = \"image-fallback-action\"\nversion = \"{version}\"\n"),
        );
        self.write(
            "CHANGELOG.md",
            &format!("# Changelog\n\n## Unreleased\n\n- Later.\n\n## {version} (today)\n\n- News.\n\n## 0.0.1\n\n- Old.\n"),
        );
        git(&self.clone(), &["add", "--all"]);
        git(&self.clone(), &["commit", "--quiet", "--allow-empty", "--message", version]);
        git(&self.clone(), &["push", "--quiet", "origin", "HEAD:main"]);
    }

    fn clone(&self) -> PathBuf {
        self.folder.path().join("clone")
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::write(self.clone().join(name), text).unwrap();
    }

    fn release(&self, args: &[&str]) -> Output {
        Command::new("bash")
            .arg(concat!(env!("CARGO_MANIFEST_DIR"), "/.ci/release"))
            .args(args)
            .current_dir(self.clone())
            .env("GITHUB_REPOSITORY", "Acme/image-fallback-action")
            .output()
            .unwrap()
    }

    /// What the script printed; it must have succeeded.
    fn released(&self, args: &[&str]) -> String {
        let output = self.release(args);
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap()
    }

    /// Why the script refused; it must not have succeeded.
    fn refused(&self, args: &[&str]) -> String {
        let output = self.release(args);
        assert!(!output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stderr).unwrap()
    }

    /// A file as users of a tag or branch of the origin see it.
    fn published(&self, reference: &str, file: &str) -> String {
        git(&self.folder.path().join("origin.git"), &["show", &format!("{reference}:{file}")])
    }

    fn tags(&self) -> String {
        git(&self.folder.path().join("origin.git"), &["tag", "--list"])
    }
}

fn git(folder: &Path, args: &[&str]) -> String {
    let output = Command::new("git")
        .args(args)
        .current_dir(folder)
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_CONFIG_NOSYSTEM", "1")])
        .output()
        .unwrap();
    assert!(output.status.success(), "git {args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn a_release_is_a_tagged_commit_whose_action_names_the_image_by_digest() {
    let project = Project::at_version("1.2.3");
    project.released(&["publish", IMAGE]);
    let pinned = format!("name: A\nruns:\n  using: docker\n  image: docker://{IMAGE}\n  entrypoint: /a\n");
    assert_eq!(project.published("v1.2.3", "action.yml"), pinned);
    assert_eq!(project.published("v1", "action.yml"), pinned);
    assert!(
        project.published("main", "action.yml").contains("image: Dockerfile"),
        "the branch goes on building itself"
    );
}

#[test]
fn the_moving_tag_follows_the_newest_version_of_its_line() {
    let project = Project::at_version("1.9.0");
    project.released(&["publish", IMAGE]);
    git(&project.clone(), &["switch", "--quiet", "--force", "-"]);
    project.raise_to("1.10.0");
    project.released(&["publish", IMAGE]);
    assert_eq!(project.tags(), "v1\nv1.10.0\nv1.9.0\n");
    assert!(project.published("v1", "Cargo.toml").contains("1.10.0"));
}

#[test]
fn a_correction_of_an_older_version_does_not_take_the_moving_tag_back() {
    let project = Project::at_version("1.10.0");
    project.released(&["publish", IMAGE]);
    git(&project.clone(), &["switch", "--quiet", "--force", "-"]);
    project.raise_to("1.9.1");
    assert!(project.released(&["plan"]).contains("moving-tag=\nprerelease=false\nlatest=false\n"));
    project.released(&["publish", IMAGE]);
    assert_eq!(project.tags(), "v1\nv1.10.0\nv1.9.1\n");
    assert!(project.published("v1", "Cargo.toml").contains("1.10.0"));
}

#[test]
fn a_pre_release_moves_nothing() {
    let project = Project::at_version("2.0.0-rc.1");
    assert_eq!(
        project.released(&["plan"]),
        "image=ghcr.io/acme/image-fallback-action\nversion=2.0.0-rc.1\ntag=v2.0.0-rc.1\nmoving-tag=\nprerelease=true\nlatest=false\n"
    );
    project.released(&["publish", IMAGE]);
    assert_eq!(project.tags(), "v2.0.0-rc.1\n");
}

#[test]
fn a_pre_release_is_older_than_nothing_that_is_out() {
    let project = Project::at_version("1.0.0-rc.1");
    project.released(&["publish", IMAGE]);
    git(&project.clone(), &["switch", "--quiet", "--force", "-"]);
    project.raise_to("1.0.0");
    assert!(project.released(&["plan"]).contains("moving-tag=v1\n"));
}

#[test]
fn a_version_is_released_once() {
    let project = Project::at_version("1.2.3");
    project.released(&["publish", IMAGE]);
    git(&project.clone(), &["switch", "--quiet", "--force", "-"]);
    assert!(project.refused(&["plan"]).contains("v1.2.3 is released already"));
    assert!(project.refused(&["publish", IMAGE]).contains("v1.2.3 is released already"));
}

#[test]
fn an_image_without_a_digest_is_refused() {
    let project = Project::at_version("1.2.3");
    let elsewhere = IMAGE.replace("acme", "other");
    for image in ["ghcr.io/acme/image-fallback-action:1.2.3", &IMAGE[..60], &elsewhere, "Dockerfile", ""] {
        assert!(project.refused(&["publish", image]).contains("with a sha256 digest"), "{image}");
    }
    assert_eq!(project.tags(), "");
}

#[test]
fn a_version_nobody_wrote_about_is_refused() {
    let project = Project::at_version("1.2.3");
    project.write("CHANGELOG.md", "# Changelog\n\n## 1.2.30\n\n- Other.\n\n## 1.2.3\n\n## 1.2.2\n\n- Old.\n");
    assert!(project.refused(&["plan"]).contains("nothing under `## 1.2.3`"));
}

#[test]
fn notes_are_the_section_of_the_version() {
    assert_eq!(Project::at_version("1.2.3").released(&["notes"]).trim(), "- News.");
}

#[test]
fn a_lock_file_left_behind_is_refused() {
    let project = Project::at_version("1.2.3");
    project.write("Cargo.lock", "[[package]]\nname = \"image-fallback-action\"\nversion = \"1.2.2\"\n");
    assert!(project.refused(&["plan"]).contains("Cargo.lock does not know version 1.2.3"));
}

#[test]
fn a_version_that_is_not_valid_is_refused() {
    let project = Project::at_version("1.2.3");
    project.write("Cargo.toml", "[package]\nversion = \"1.2\"\n\n[dependencies]\n");
    assert!(project.refused(&["plan"]).contains("version `1.2` is not X.Y.Z"));
}

#[test]
fn an_action_that_is_pinned_already_is_refused() {
    let project = Project::at_version("1.2.3");
    project.write("action.yml", "runs:\n  image: docker://x@sha256:1\n");
    assert!(project.refused(&["plan"]).contains("no single line `  image: Dockerfile`"));
}

#[test]
fn the_index_takes_exactly_one_image_of_each_kind() {
    let project = Project::at_version("1.2.3");
    let digests = project.clone().join("digests");
    std::fs::create_dir(&digests).unwrap();
    let (amd, arm) = ("a".repeat(64), "b".repeat(64));
    std::fs::write(digests.join(&amd), "").unwrap();
    assert!(project.refused(&["index", "digests"]).contains("1 images for the index"));
    std::fs::write(digests.join(&arm), "").unwrap();
    let name = "ghcr.io/acme/image-fallback-action";
    assert_eq!(
        project.released(&["index", "digests"]),
        format!("{name}@sha256:{amd}\n{name}@sha256:{arm}\n")
    );
    std::fs::write(digests.join("latest"), "").unwrap();
    assert!(project.refused(&["index", "digests"]).contains("not named by a digest"));
}

#[test]
fn a_program_is_known_by_version_commit_and_day_in_greenwich() {
    let project = Project::at_version("1.2.3");
    git(&project.clone(), &["config", "user.name", "Elsewhere"]);
    let late = ["commit", "--quiet", "--allow-empty", "--message", "Late", "--date=2026-11-29T23:30:00-0800"];
    let committed = Command::new("git")
        .args(late)
        .current_dir(project.clone())
        .envs([("GIT_CONFIG_GLOBAL", "/dev/null"), ("GIT_COMMITTER_DATE", "2026-11-29T23:30:00-0800")])
        .status();
    assert!(committed.unwrap().success());
    let commit = git(&project.clone(), &["rev-parse", "HEAD"]);
    let identity = format!("image-fallback-action 1.2.3 ({} 2026-11-30)\n", &commit[..12]);
    assert_eq!(project.released(&["identity"]), identity);
}

#[cfg(unix)]
#[test]
fn a_program_is_packed_with_its_page_and_completions() {
    let project = Project::at_version("1.2.3");
    let folder = project.clone().join("dist");
    std::fs::create_dir(&folder).unwrap();
    let program = Path::new(env!("CARGO_BIN_EXE_image-fallback-action"));
    std::os::unix::fs::symlink(program, folder.join("image-fallback-action")).unwrap();
    project.released(&["pages", "dist"]);
    for (file, words) in [
        ("image-fallback-action.1", ".TH image-fallback-action 1"),
        ("complete/image-fallback-action.bash", "complete -F "),
        ("complete/image-fallback-action.fish", "complete -c image-fallback-action "),
        ("complete/_image-fallback-action", "#compdef image-fallback-action"),
        ("complete/_image-fallback-action.ps1", "Register-ArgumentCompleter "),
    ] {
        assert!(std::fs::read_to_string(folder.join(file)).unwrap().contains(words), "{file}");
    }
}

#[test]
fn a_command_that_does_not_exist_gets_the_list() {
    assert!(Project::at_version("1.2.3").refused(&["undo"]).contains("release plan"));
}
