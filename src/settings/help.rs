//! What `-h` and `--help` say around the table of inputs: modes, groups, examples.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Command, builder::StyledStr};

use super::inputs::{self, Input};
use super::mode::MODES;
use super::values;

/// Inputs under one heading.
struct Group {
    heading: &'static str,
    inputs: &'static [Input],
}

/// Every input that is a flag, in the order of the help.
const GROUPS: &[Group] = &[
    Group {
        heading: "What to do",
        inputs: &[
            inputs::MODE,
            inputs::DRY_RUN,
            inputs::REDRAW,
            inputs::MAX_IMAGES,
            inputs::BUILT,
            inputs::FAIL_ON,
            inputs::FALLBACK_LIMIT,
            inputs::SCOPE,
        ],
    },
    Group { heading: "Posts and site", inputs: &[inputs::ROOT, inputs::POSTS, inputs::SITE] },
    Group {
        heading: "Where pictures go",
        inputs: &[
            inputs::IMAGE_FIELD,
            inputs::ALT_FIELD,
            inputs::IMAGE_DIR,
            inputs::IMAGE_PATH,
            inputs::EMBED,
            inputs::METADATA,
        ],
    },
    Group {
        heading: "Providers",
        inputs: &[
            inputs::PROVIDERS,
            inputs::PROVIDER_OVERRIDE,
            inputs::ON_EXHAUSTED,
            inputs::CONCURRENCY,
            inputs::TIMEOUT,
            inputs::DEADLINE,
            inputs::PATIENCE,
        ],
    },
    Group {
        heading: "Pictures",
        inputs: &[
            inputs::SIZE,
            inputs::FORMAT,
            inputs::QUALITY,
            inputs::PROMPT_TEMPLATE,
            inputs::STYLE,
            inputs::DESCRIBE,
        ],
    },
    Group {
        heading: "Publishing",
        inputs: &[
            inputs::PUBLISH,
            inputs::BRANCH,
            inputs::BASE,
            inputs::COMMIT_MESSAGE,
            inputs::PULL_REQUEST_TITLE,
            inputs::LABELS,
            inputs::DRAFT,
            inputs::REVIEWERS,
            inputs::ASSIGNEES,
            inputs::MILESTONE,
            inputs::SIGNOFF,
            inputs::DELETE_BRANCH,
            inputs::COMMENT,
        ],
    },
    Group { heading: "Record and report", inputs: &[inputs::HEALTH, inputs::REPORT_DIR] },
];

/// What most people need, for the short help.
const COMMON: &[Input] = &[
    inputs::DRY_RUN,
    inputs::MAX_IMAGES,
    inputs::BUILT,
    inputs::ROOT,
    inputs::SITE,
    inputs::IMAGE_FIELD,
    inputs::IMAGE_DIR,
    inputs::PROVIDERS,
    inputs::SIZE,
    inputs::FORMAT,
];

const EXAMPLES: &str = "\
  image-fallback-action demo                        see what it does, without key or network
  image-fallback-action --dry-run                   what would be made for the blog around here
  image-fallback-action content/posts/new.md        this post only
  image-fallback-action 'blog/**' '!blog/drafts/**' --max-images 3
  image-fallback-action check --built public        whether readers see every picture
  image-fallback-action providers --json            who would be asked, for a program";

const SOURCES: &str = "Every flag below a heading is also the action input of that name and a key of
.github/image-fallback.yml; flag, then input, then file, then default. Secrets
come from the environment; `providers` says which.";

const EXIT_CODES: &str =
    "Exit codes: 0 ok or fallback, 1 degraded, 2 wrong settings, 3 the run broke,\n128 + n a signal.";

/// The heading over an input.
pub(super) fn group(name: &str) -> &'static str {
    let holds = |group: &&Group| group.inputs.iter().any(|input| input.name == name);
    GROUPS.iter().find(holds).map_or("Others", |group| group.heading)
}

/// Whether the short help has it too.
pub(super) fn is_common(name: &str) -> bool {
    COMMON.iter().any(|input| input.name == name)
}

/// Words as a sentence would list them.
pub(super) fn one_of(words: &[&str]) -> String {
    values::one_of(&words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>())
}

/// The command with everything that its help says beside the flags.
pub(super) fn around(command: Command) -> Command {
    let name = env!("CARGO_PKG_NAME");
    let names = MODES.iter().map(|mode| mode.name).collect::<Vec<_>>().join("|");
    let styles = Styles::styled()
        .header(AnsiColor::Yellow.on_default().bold())
        .usage(AnsiColor::Yellow.on_default().bold())
        .literal(AnsiColor::Green.on_default())
        .placeholder(AnsiColor::Cyan.on_default());
    command
        .styles(styles)
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .override_usage(format!("{name} [{names}] [OPTIONS] [POSTS]..."))
        .after_help(StyledStr::from(format!("{}\n\nMore options, groups and examples: --help", modes())))
        .after_long_help(StyledStr::from(format!(
            "{}\n\nExamples:\n{EXAMPLES}\n\n{SOURCES}\n\n{EXIT_CODES}",
            modes()
        )))
}

fn modes() -> String {
    let modes: Vec<String> = MODES.iter().map(|mode| format!("  {:<10} {}", mode.name, mode.about)).collect();
    format!("Modes:\n{}", modes.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::inputs::INPUTS;

    #[test]
    fn every_input_that_is_a_flag_stands_in_one_group() {
        for input in INPUTS.iter().filter(|input| !input.secret) {
            let groups = GROUPS.iter().filter(|group| group.inputs.iter().any(|one| one.name == input.name));
            assert_eq!(groups.count(), 1, "{}", input.name);
        }
    }
}
