//! The command as clap knows it: one flag per input, made from the table, and the few flags that are not inputs.

use clap::{Arg, ArgAction, Command, ValueHint};
use clap_complete::aot::Shell;

use super::help;
use super::inputs::INPUTS;
use crate::runner::Colour;

/// The shells that complete what is typed, by the word that names them.
pub(super) const SHELLS: [(&str, Shell); 4] =
    [("bash", Shell::Bash), ("zsh", Shell::Zsh), ("fish", Shell::Fish), ("powershell", Shell::PowerShell)];

/// The command, for parsing, and for pages about it, whose help fits so many columns.
pub(super) fn command(width: usize) -> Command {
    flags(width).arg(posts())
}

/// The posts that are meant.
pub(super) fn posts() -> Arg {
    Arg::new("globs")
        .value_name("POSTS")
        .num_args(0..)
        .value_hint(ValueHint::FilePath)
        .help("Globs of post files, relative to the working directory; ! excludes")
}

/// The command as far as it is flags.
pub(super) fn flags(width: usize) -> Command {
    let command = Command::new(env!("CARGO_PKG_NAME"))
        .no_binary_name(true)
        .arg(flag("quiet", 'q', "Print only warnings, errors, posts without a picture, and how it ended").conflicts_with("verbose"))
        .arg(flag("verbose", 'v', "Also print prompts, requests and answers without secrets, times, and the reason of every post"))
        .arg(Arg::new("json").long("json").action(ArgAction::SetTrue).help(
            "Print report.json to stdout and everything else to stderr; of a dry run it is the plan, of providers the chain",
        ))
        .arg(
            Arg::new("color")
                .long("color")
                .alias("colour")
                .value_name("auto|always|never")
                .value_parser(Colour::ALL.map(|(word, _)| word))
                .hide_possible_values(true)
                .help("Colour: auto at a terminal, unless NO_COLOR is set [default: auto]"),
        )
        .arg(
            Arg::new("completions")
                .long("completions")
                .value_name("bash|zsh|fish|powershell")
                .value_parser(SHELLS.map(|(word, _)| word))
                .hide_possible_values(true)
                .hide_short_help(true)
                .help("Print the script by which this shell completes flags, modes and values"),
        )
        .arg(
            Arg::new("man")
                .long("man")
                .action(ArgAction::SetTrue)
                .hide_short_help(true)
                .help("Print this help as a page for man"),
        );
    let inputs = INPUTS.iter().filter(|input| !input.secret).map(|input| {
        let help = format!("{} [default: {}]", input.meaning, input.default);
        let arg = Arg::new(input.name).long(input.name).help(help.replace('`', "")).action(ArgAction::Set);
        let arg = arg.help_heading(help::group(input.name)).hide_short_help(!help::is_common(input.name));
        if input.switch {
            arg.num_args(0..=1).require_equals(true).default_missing_value("true").value_name(input.value)
        } else {
            arg.value_name(input.value)
        }
    });
    help::around(command.args(inputs), width)
}

/// A flag that is not an input: it says how one run speaks.
fn flag(name: &'static str, short: char, help: &'static str) -> Arg {
    Arg::new(name).long(name).short(short).help(help).action(ArgAction::SetTrue)
}
