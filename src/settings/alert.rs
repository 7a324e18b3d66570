//! Whether an issue of the repository tells of runs that end badly.

use super::inputs;
use super::mode::{MODES, Mode};
use super::paths::BlogRoot;
use super::publish::{self, GithubAccess};
use super::values::Values;
use crate::env::Env;

/// The issue that tells of runs that end badly.
#[derive(Debug, Clone)]
pub struct AlertIssueSettings {
    /// How GitHub is reached.
    pub access: GithubAccess,
    /// What the runs are of: mode and folder. A good one closes the issue of its own kind only.
    pub of: String,
}

/// Reads input `alert-issue`.
pub(super) fn parse(
    values: &mut Values<'_>,
    env: &Env,
    mode: Mode,
    root: &BlogRoot,
) -> Option<Box<AlertIssueSettings>> {
    if !values.truth(&inputs::ALERT_ISSUE) || !mode.ends_with_a_verdict() {
        return None;
    }
    let access = publish::access(values, env, false);
    if access.is_none() && env.in_actions() {
        let source = values.source(&inputs::ALERT_ISSUE);
        values.warnings.push(format!(
            "{source}: an issue needs a token and a repository; give input `github-token` (in Actions `${{{{ github.token }}}}`)"
        ));
    }
    let path = root.path();
    let workspace = super::paths::workspace(env);
    let folder = path.strip_prefix(&workspace).unwrap_or(&path).display().to_string();
    let name = MODES.iter().find(|named| named.mode == mode).map_or("generate", |named| named.name);
    Some(Box::new(AlertIssueSettings {
        access: access?,
        of: format!("{name} {folder}").trim_end().to_owned(),
    }))
}
