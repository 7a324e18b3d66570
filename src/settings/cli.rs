//! The command line: what was typed, and what is wrong with it.

use std::collections::BTreeMap;

use clap::error::{ContextKind, ContextValue, ErrorKind};

use super::command::{SHELLS, command};
use super::help;
use super::inputs::INPUTS;
use super::mode::{self, Mode};
use super::pages;
use super::suggest::meant;
use crate::runner::Colour;

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
    /// Only warnings, errors, posts without a picture, and how it ended.
    pub quiet: bool,
    /// report.json goes to stdout, everything else to stderr.
    pub json: bool,
    /// Whether there is colour.
    pub colour: Colour,
}

/// A text that was asked for instead of a run.
#[derive(Debug)]
pub struct OwnText {
    /// As it stands.
    pub plain: String,
    /// With escape sequences for colour.
    pub coloured: String,
}

/// What the command line asks for.
#[derive(Debug)]
pub(super) enum Parsed {
    /// Run with these.
    Run(Cli),
    /// Print this text (help or version) and exit 0.
    Print(OwnText),
}

/// Parses the arguments (without the program's name).
///
/// # Errors
/// A problem text for an unknown flag or a flag without its value.
pub(super) fn parse(args: &[String]) -> Result<Parsed, String> {
    if args.first().is_some_and(|word| word == "help") {
        return Ok(print(&command(columns()).render_long_help()));
    }
    let matches = match command(columns()).try_get_matches_from(args) {
        Ok(matches) => matches,
        Err(error) if error.use_stderr() => return Err(format!("command line: {}", problem(&error))),
        Err(text) => return Ok(print(&text.render())),
    };
    let word = |name| matches.get_one::<String>(name).map(String::as_str);
    if let Some((_, shell)) =
        word("completions").and_then(|word| SHELLS.iter().find(|(name, _)| *name == word))
    {
        return Ok(Parsed::Print(plain(pages::completions(*shell))));
    }
    if matches.get_flag("man") {
        return pages::manual().map(plain).map(Parsed::Print).map_err(|error| error.to_string());
    }
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
    let colour = word("color").and_then(|word| Colour::ALL.iter().find(|(name, _)| *name == word));
    let speech = Speech {
        verbose: matches.get_flag("verbose"),
        quiet: matches.get_flag("quiet"),
        json: matches.get_flag("json"),
        colour: colour.map_or(Colour::Auto, |(_, colour)| *colour),
    };
    Ok(Parsed::Run(Cli { mode, flags, posts, speech }))
}

/// Columns of the terminal; where there is none, those of a text that is read elsewhere.
fn columns() -> usize {
    terminal_size::terminal_size().map_or(100, |(width, _)| width.0.into())
}

fn plain(text: String) -> OwnText {
    OwnText { coloured: text.clone(), plain: text }
}

fn print(text: &clap::builder::StyledStr) -> Parsed {
    Parsed::Print(OwnText { plain: text.to_string(), coloured: text.ansi().to_string() })
}

/// What is wrong with what was typed, and the cure.
fn problem(error: &clap::Error) -> String {
    let told = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => Some(text.as_str()),
        _ => None,
    };
    let typed = told(ContextKind::InvalidArg).unwrap_or_default();
    let flag = typed.split([' ', '=', '[']).next().unwrap_or_default();
    match error.kind() {
        ErrorKind::UnknownArgument => {
            let meant = told(ContextKind::SuggestedArg);
            let meant =
                meant.map(|flag| format!("; did you mean `{flag}`?")).unwrap_or_else(|| ";".to_owned());
            format!("there is no flag `{flag}`{meant} `--help` lists all")
        }
        ErrorKind::InvalidValue if told(ContextKind::InvalidValue).is_none_or(str::is_empty) => {
            format!("`{typed}` has no value; write it behind the flag, as `--help` says")
        }
        ErrorKind::InvalidValue => {
            let value = told(ContextKind::InvalidValue).unwrap_or_default();
            let words: Vec<&str> = match error.get(ContextKind::ValidValue) {
                Some(ContextValue::Strings(words)) => words.iter().map(String::as_str).collect(),
                _ => Vec::new(),
            };
            let cure = meant(value, words.iter().copied()).unwrap_or_default();
            format!("`{flag}`: `{value}` is wrong; write {}{cure}", help::one_of(&words))
        }
        ErrorKind::ArgumentConflict => {
            let first = error.to_string();
            let first =
                first.lines().next().unwrap_or_default().trim_start_matches("error: ").replace('\'', "`");
            format!("{first}; write one of them, once, as `--help` says")
        }
        _ => {
            let text = error.to_string();
            let first =
                text.lines().next().unwrap_or_default().trim_start_matches("error: ").replace('\'', "`");
            format!("{first}; see `--help`")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(args: &[&str]) -> Cli {
        let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
        match parse(&args).unwrap() {
            Parsed::Run(cli) => cli,
            Parsed::Print(text) => panic!("{text:?}"),
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
        for (typed, right) in [
            (
                "--max-image",
                "there is no flag `--max-image`; did you mean `--max-images`? `--help` lists all",
            ),
            (
                "--max-pictures=3",
                "there is no flag `--max-pictures`; did you mean `--max-images`? `--help` lists all",
            ),
            ("--xyzzy", "there is no flag `--xyzzy`; `--help` lists all"),
            ("-x", "there is no flag `-x`; `--help` lists all"),
            ("--size", "`--size <WIDTHxHEIGHT>` has no value; write it behind the flag, as `--help` says"),
            (
                "--color=alwys",
                "`--color`: `alwys` is wrong; write `auto`, `always` or `never`; did you mean `always`?",
            ),
        ] {
            assert_eq!(parse(&[typed.to_owned()]).unwrap_err(), format!("command line: {right}"));
        }
        let both = ["-q", "-v"].map(str::to_owned);
        let problem = parse(&both).unwrap_err();
        assert!(problem.contains("`--quiet`") && problem.contains("`--verbose`"), "{problem}");
    }

    #[test]
    fn help_is_a_word_a_short_flag_and_a_long_one() {
        let text = |word: &str| match parse(&[word.to_owned()]).unwrap() {
            Parsed::Print(text) => text.plain,
            Parsed::Run(cli) => panic!("{cli:?}"),
        };
        let (short, long) = (text("-h"), text("--help"));
        assert_eq!(text("help"), long);
        assert!(short.lines().count() * 2 < long.lines().count(), "{short}");
        assert!(
            short.contains("--max-images") && !short.contains("--signoff") && short.contains("--help"),
            "{short}"
        );
        assert!(long.contains("--signoff") && long.contains("Examples:"), "{long}");
    }

    #[test]
    fn a_shell_or_man_gets_a_text_of_its_own() {
        let text = |args: &[&str]| match parse(&args.iter().map(|&arg| arg.to_owned()).collect::<Vec<_>>()) {
            Ok(Parsed::Print(text)) => text.plain,
            other => panic!("{other:?}"),
        };
        assert!(text(&["--man"]).contains(".TH image-fallback-action 1"));
        assert!(text(&["--completions", "zsh"]).starts_with("#compdef image-fallback-action"));
    }

    #[test]
    fn the_help_reads_as_it_should() {
        let help = command(110).render_long_help().to_string();
        insta::assert_snapshot!(help);
    }

    #[test]
    fn the_short_help_fits_a_narrow_terminal() {
        let help = command(48).render_help().to_string();
        insta::assert_snapshot!(help);
    }
}
