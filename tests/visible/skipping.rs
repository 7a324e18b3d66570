//! What becomes of generators that cannot be installed: each is named, up to two are left out, and more are a
//! failure. The scripts run beside stand-ins for all that they would install with.

use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::support::posts::put;

/// What the scripts use of any system.
const TOOLS: [&str; 15] = [
    "bash", "basename", "cat", "cp", "dirname", "env", "find", "grep", "mkdir", "rm", "sort", "tail",
    "touch", "wc", "xargs",
];

fn script(folder: &Path, name: &str, text: &str) {
    put(folder, name, format!("#!/usr/bin/env bash\n{text}\n").as_bytes());
    std::fs::set_permissions(folder.join(name), PermissionsExt::from_mode(0o755)).unwrap();
}

/// The scripts with two generators, one of which no registry has, on a machine on which nothing can be installed.
fn repository() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let bin = root.join("bin");
    std::fs::create_dir(&bin).unwrap();
    for tool in TOOLS {
        let mut files = ["/usr/bin", "/bin"].iter().map(|folder| Path::new(folder).join(tool));
        symlink(files.find(|file| file.exists()).unwrap(), bin.join(tool)).unwrap();
    }
    script(&bin, "id", "echo 0");
    script(&bin, "apt-get", "exit 100");
    script(&bin, "npm", "grep -q '\"good\"' \"$3/package.json\" || { echo 'no such package'; exit 1; }");
    script(&bin, "cargo", "cat said");
    std::fs::create_dir(root.join(".ci")).unwrap();
    for name in ["install-generators", "visible"] {
        let own = Path::new(env!("CARGO_MANIFEST_DIR")).join(".ci").join(name);
        std::fs::copy(own, root.join(".ci").join(name)).unwrap();
    }
    put(root, ".ci/generators/astro/package.json", br#"{"dependencies": {"good": "1"}}"#);
    put(root, ".ci/generators/nuxt/package.json", br#"{"dependencies": {"bad": "1"}}"#);
    folder
}

/// The code and all that `.ci/visible` says when the tests skip these generators.
fn visible(repository: &TempDir, skipped: &[&str]) -> (Option<i32>, String) {
    let root = repository.path();
    let lines: String = skipped.iter().map(|name| format!("skipped: {name} is not installed\n")).collect();
    let said = format!("test a ... ok\n{lines}{lines}test result: ok. 9 passed; 0 failed; 0 ignored\n");
    put(root, "said", said.as_bytes());
    let run =
        Command::new(root.join(".ci/visible")).env_clear().env("PATH", root.join("bin")).output().unwrap();
    let said = [run.stdout, run.stderr].concat();
    (run.status.code(), String::from_utf8(said).unwrap())
}

#[test]
fn a_generator_that_cannot_be_installed_is_named_and_left_out() {
    let repository = repository();
    let (code, said) = visible(&repository, &["nuxt", "jekyll"]);
    assert_eq!(code, Some(0), "{said}");
    for told in [
        "cannot install nodejs jekyll",
        "cannot install nuxt:\nno such package\n",
        "skipped: jekyll is not installed\nskipped: nuxt is not installed\n",
    ] {
        assert_eq!(said.matches(told).count(), 1, "{told}: {said}");
    }
    let installed = |name: &str| -> PathBuf { repository.path().join("target/generators").join(name) };
    let installed = ["astro", "nuxt", "jekyll"].map(|name| installed(name).join("installed").exists());
    assert_eq!(installed, [true, false, false], "{said}");
}

#[test]
fn more_than_two_that_cannot_be_installed_are_a_failure() {
    let (code, said) = visible(&repository(), &["nuxt", "jekyll", "hugo"]);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("error: more than 2 generators are not installed"), "{said}");
}
