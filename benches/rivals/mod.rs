//! What others would use for the same work, fetched from their registries; where that fails there is a line and no
//! comparison.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The least that a JavaScript action would do, with fast-glob and gray-matter: its program.
pub fn node_skeleton() -> Option<PathBuf> {
    let folder = copied("node-skeleton", &["package.json", "index.js"]);
    let quiet = ["install", "--no-audit", "--no-fund", "--no-package-lock", "--silent"];
    let is_there = works(Command::new("npm").args(quiet).current_dir(&folder));
    told(is_there.then(|| folder.join("index.js")), "npm did not install fast-glob and gray-matter")
}

/// The same in Python, with python-frontmatter: an interpreter that has it, and the program.
#[allow(dead_code, reason = "only one of the benches compares with it")]
pub fn python_skeleton() -> Option<(PathBuf, PathBuf)> {
    let folder = copied("python-skeleton", &["requirements.txt", "scan.py"]);
    let python = folder.join("venv/bin/python");
    let is_there = works(Command::new("python3").args(["-m", "venv", "venv"]).current_dir(&folder))
        && works(
            Command::new(&python)
                .args(["-m", "pip", "install", "--quiet", "--requirement", "requirements.txt"])
                .current_dir(&folder),
        );
    told(is_there.then(|| (python, folder.join("scan.py"))), "pip did not install python-frontmatter")
}

/// A folder below target with these files.
fn copied(name: &str, files: &[&str]) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::create_dir_all(&folder).expect("a folder below target");
    for file in files {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("benches").join(name).join(file);
        std::fs::copy(source, folder.join(file)).expect("a copy of the skeleton");
    }
    folder
}

fn works(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
}

fn told<T>(found: Option<T>, why_not: &str) -> Option<T> {
    if found.is_none() {
        println!("no comparison: {why_not}");
    }
    found
}
