//! What `-h` and `--help` say around the table of inputs: modes, groups, examples.

use clap::builder::styling::{AnsiColor, Styles};
use clap::{Command, builder::StyledStr};

use super::inputs::{self, Input};
use super::mode::{MODES, NamedMode};
use super::values;
use super::version::version;

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
            inputs::PROBE,
            inputs::LIVE,
            inputs::MAX_IMAGES,
            inputs::BUDGET,
            inputs::SHARD,
            inputs::BUILT,
            inputs::FAIL_ON,
            inputs::FALLBACK_LIMIT,
            inputs::ALERT_ISSUE,
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
        heading: "Title cards",
        inputs: &[inputs::CARD_BRAND, inputs::CARD_COLOR, inputs::CARD_LOGO, inputs::CARD_FONT],
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

/// What to type, and what it is for.
const EXAMPLES: &[(&str, &str)] = &[
    ("demo", "see what it does, without key or network"),
    ("--dry-run", "what would be made for the blog around here"),
    ("content/posts/new.md", "this post only"),
    ("'blog/**' '!blog/drafts/**' --max-images 3", "one folder without another, three pictures at most"),
    ("check --built public", "whether readers see every picture"),
    ("providers --json", "who would be asked, for a program"),
];

const SOURCES: &str = "Every flag below a heading is also the action input of that name and a key of \
                       .github/image-fallback.yml; flag, then input, then file, then default. Secrets come from \
                       the environment; `providers` says which.";

const EXIT_CODES: &str =
    "Exit codes: 0 ok or fallback, 1 degraded, 2 wrong settings, 3 the run broke, 128 + n a signal.";

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

/// The command with everything that its help says beside the flags, within so many columns.
pub(super) fn around(command: Command, width: usize) -> Command {
    let name = env!("CARGO_PKG_NAME");
    let names = MODES.iter().map(|mode| mode.name).collect::<Vec<_>>().join("|");
    let styles = Styles::styled()
        .header(AnsiColor::Yellow.on_default().bold())
        .usage(AnsiColor::Yellow.on_default().bold())
        .literal(AnsiColor::Green.on_default())
        .placeholder(AnsiColor::Cyan.on_default());
    let text = |parts: &[String]| StyledStr::from(parts.join("\n\n"));
    let modes = modes(width);
    command
        .styles(styles)
        .term_width(width)
        .version(version())
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .override_usage(format!("{name} [{names}] [OPTIONS] [POSTS]..."))
        .after_help(text(&[modes.clone(), "More options, groups and examples: --help".to_owned()]))
        .after_long_help(text(&[
            modes,
            examples(width),
            filled(SOURCES, width, "", ""),
            filled(EXIT_CODES, width, "", ""),
        ]))
}

/// A text in lines of so many columns, with what stands in front of the first and of the others. Paths and commands
/// stay whole.
fn filled(text: &str, width: usize, first: &str, others: &str) -> String {
    let options = textwrap::Options::new(width).initial_indent(first).subsequent_indent(others);
    let whole = options.break_words(false).word_splitter(textwrap::WordSplitter::NoHyphenation);
    textwrap::fill(text, whole.word_separator(textwrap::WordSeparator::AsciiSpace))
}

fn modes(width: usize) -> String {
    let column = MODES.iter().map(|mode| mode.name.len()).max().unwrap_or_default();
    let others = " ".repeat(column + 4);
    let row = |mode: &NamedMode| filled(mode.about, width, &format!("  {:<column$}  ", mode.name), &others);
    std::iter::once("Modes:".to_owned()).chain(MODES.iter().map(row)).collect::<Vec<_>>().join("\n")
}

fn examples(width: usize) -> String {
    let rows = EXAMPLES.iter().flat_map(|(words, meaning)| {
        let line = format!("{} {words}", env!("CARGO_PKG_NAME"));
        [filled(&line, width, "  ", "    "), filled(meaning, width, "      ", "      ")]
    });
    std::iter::once("Examples:".to_owned()).chain(rows).collect::<Vec<_>>().join("\n")
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
