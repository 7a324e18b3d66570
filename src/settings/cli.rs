//! The command line: one flag per input, made from the table.

use std::collections::BTreeMap;

use clap::error::{ContextKind, ContextValue};
use clap::{Arg, ArgAction, Command};

use super::inputs::INPUTS;
use super::mode::{self, MODES, Mode};

/// What was typed.
#[derive(Debug, Default)]
pub(super) struct Cli {
    /// The mode, if the first word names one.
    pub mode: Option<Mode>,
    /// Values of flags by input name.
    pub flags: BTreeMap<&'static str, String>,
    /// POSTS arguments.
    pub posts: Vec<String>,
    /// How the run is to speak.
    pub speech: Speech,
}

/// How a run speaks, which only the command line says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Speech {
    /// Prompts, requests, answers and the reason of every post are in the log.
    pub verbose: bool,
    /// report.json goes to stdout, everything else to stderr.
    pub json: bool,
}

/// What the command line asks for.
#[derive(Debug)]
pub(super) enum Parsed {
    /// Run with these.
    Run(Cli),
    /// Print this text (help or version) and exit 0.
    Print(String),
}

/// Parses the arguments (without the program's name).
///
/// # Errors
/// A problem text for an unknown flag or a flag without its value.
pub(super) fn parse(args: &[String]) -> Result<Parsed, String> {
    let matches = match command().try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => {
            let text = error.to_string();
            let first = text.lines().next().unwrap_or_default();
            let meant = match error.get(ContextKind::SuggestedArg) {
                Some(ContextValue::String(flag)) => format!(" (did you mean `{flag}`?)"),
                _ => String::new(),
            };
            return Err(format!("command line: {}{meant}; see --help", first.trim_start_matches("error: ")));
        }
        Err(text) => return Ok(Parsed::Print(text.to_string())),
    };
    let mut posts: Vec<String> = matches.get_many("globs").into_iter().flatten().cloned().collect();
    let mode = posts.first().and_then(|first| mode::find(first));
    if mode.is_some() {
        posts.remove(0);
    }
    let flags = INPUTS
        .iter()
        .filter(|input| !input.secret)
        .filter_map(|input| Some((input.name, matches.get_one::<String>(input.name)?.trim().to_owned())))
        .filter(|(_, value)| !value.is_empty())
        .collect();
    let speech = Speech { verbose: matches.get_flag("verbose"), json: matches.get_flag("json") };
    Ok(Parsed::Run(Cli { mode, flags, posts, speech }))
}

/// The command, for parsing and for tests of its help.
pub(super) fn command() -> Command {
    let modes = MODES.iter().map(|mode| format!("  {:<10} {}\n", mode.name, mode.about)).collect::<String>();
    let name = env!("CARGO_PKG_NAME");
    let names = MODES.iter().map(|mode| mode.name).collect::<Vec<_>>().join("|");
    Command::new(name)
        .version(env!("CARGO_PKG_VERSION"))
        .about(env!("CARGO_PKG_DESCRIPTION"))
        .no_binary_name(true)
        .override_usage(format!("{name} [{names}] [OPTIONS] [POSTS]..."))
        .after_help(format!(
            "Modes:\n{modes}\nEvery option is also the action input of that name and a key of .github/image-fallback.yml;\n\
             flag, then input, then file, then default. Secrets come from the environment; `providers`\n\
             says which.\n\nExit codes: 0 ok or fallback, 1 degraded, 2 wrong settings, 3 the run broke, 128 + n a signal."
        ))
        .arg(Arg::new("globs").value_name("POSTS").num_args(0..).help("Globs of post files, relative to the working directory; ! excludes"))
        .arg(flag("verbose", "Also print prompts, requests and answers without secrets, times, and the reason of every post"))
        .arg(flag("json", "Print report.json to stdout and everything else to stderr; of a dry run it is the plan"))
        .args(INPUTS.iter().filter(|input| !input.secret).map(|input| {
            let help = format!("{} [default: {}]", input.meaning, input.default);
            let arg = Arg::new(input.name).long(input.name).help(help.replace('`', "")).action(ArgAction::Set);
            if input.switch {
                arg.num_args(0..=1).require_equals(true).default_missing_value("true").value_name(input.value)
            } else {
                arg.value_name(input.value)
            }
        }))
}

/// A flag that is no input: it says how one run speaks.
fn flag(name: &'static str, help: &'static str) -> Arg {
    Arg::new(name).long(name).help(help).action(ArgAction::SetTrue)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str]) -> Cli {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        match parse(&args).unwrap() {
            Parsed::Run(cli) => cli,
            Parsed::Print(text) => panic!("{text}"),
        }
    }

    #[test]
    fn a_mode_comes_first_and_everything_else_is_posts() {
        let cli = run(&["generate", "--dry-run", "--max-images", "3", "blog/**", "!blog/old/**"]);
        assert_eq!(cli.mode, Some(Mode::Generate));
        assert_eq!(cli.posts, ["blog/**", "!blog/old/**"]);
        assert_eq!((cli.flags["dry-run"].as_str(), cli.flags["max-images"].as_str()), ("true", "3"));
        assert_eq!(run(&["a.md"]).mode, None);
    }

    #[test]
    fn an_unknown_flag_is_a_problem_that_names_it_and_the_one_that_was_meant() {
        let problem = parse(&["--max-image".to_owned(), "3".to_owned()]).unwrap_err();
        assert!(
            problem.contains("'--max-image'")
                && problem.ends_with("(did you mean `--max-images`?); see --help"),
            "{problem}"
        );
        let problem = parse(&["--xyzzy".to_owned()]).unwrap_err();
        assert!(problem.contains("'--xyzzy'") && problem.ends_with("found; see --help"), "{problem}");
    }

    #[test]
    fn the_help_reads_as_it_should() {
        let help = command().term_width(110).render_help().to_string();
        insta::assert_snapshot!(help);
    }
}
