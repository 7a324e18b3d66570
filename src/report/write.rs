//! Puts report.json and report.html into the report folder.

use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::write::{ignore_itself, link_between};

use super::nearby::Nearby;
use super::{Report, html, to_html, to_json};

/// The report could not be written.
#[derive(Debug, thiserror::Error)]
#[error("cannot write the report to `{}` ({source}); choose a writable folder with input `report-dir`", path.display())]
pub struct ReportWriteError {
    path: PathBuf,
    source: io::Error,
}

/// Writes report.json and report.html into `dir`, which it creates, with a `.gitignore` that keeps
/// the folder out of commits. `root` is where the pictures' paths begin.
///
/// # Errors
/// The file that could not be written, and why.
pub fn write(dir: &Path, root: &Path, report: &Report) -> Result<(), ReportWriteError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| ReportWriteError { path, source }
    };
    // A post's author could have committed a link here that leads out of the workspace.
    if let Some(link) = link_between(root, dir) {
        return Err(failed(dir)(io::Error::other(format!("`{}` is a symbolic link", link.display()))));
    }
    fs::create_dir_all(dir).map_err(failed(dir))?;
    ignore_itself(dir).map_err(failed(dir))?;
    let json = dir.join("report.json");
    to_json(report)
        .map_err(io::Error::other)
        .and_then(|text| whole_file(&json, &text))
        .map_err(failed(&json))?;
    let page = dir.join("report.html");
    to_html(report, &Nearby::of(report, &html::shown(report), dir, root))
        .map_err(io::Error::other)
        .and_then(|text| whole_file(&page, &text))
        .map_err(failed(&page))
}

/// Writes under a temporary name and renames, so that nobody reads half a report; neither step
/// follows a link.
fn whole_file(path: &Path, text: &str) -> io::Result<()> {
    let part = path.with_extension("part");
    match fs::remove_file(&part) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    OpenOptions::new().write(true).create_new(true).open(&part)?.write_all(text.as_bytes())?;
    fs::rename(&part, path)
}
