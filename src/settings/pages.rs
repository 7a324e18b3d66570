//! What is made of the table of inputs and modes for shells and for `man`.

use clap::builder::PossibleValuesParser;
use clap::{Arg, Command, ValueHint};
use clap_complete::aot::{Shell, generate};

use super::command;
use super::mode::{MODES, NamedMode};

/// Columns of what the help lays out itself, in texts that are read anywhere.
const WIDTH: usize = 76;

/// The script that lets a shell complete what is typed.
pub(super) fn completions(shell: Shell) -> String {
    let name = env!("CARGO_PKG_NAME");
    let script = |mut command: Command| {
        let mut script = Vec::new();
        generate(shell, &mut command, name, &mut script);
        String::from_utf8_lossy(&script).into_owned()
    };
    match shell {
        // With subcommands the script for bash loses a program whose name has a hyphen.
        Shell::Bash => script(flags().arg(chosen_from(command::posts(), MODES.iter().map(|mode| mode.name)))),
        // In a script with subcommands fish offers no value for a flag that stands before one.
        Shell::Fish => {
            let mode = |mode: &NamedMode| {
                format!("complete -c {name} -n __fish_is_first_arg -a {} -d '{}'\n", mode.name, mode.about)
            };
            script(flags()) + &MODES.iter().map(mode).collect::<String>()
        }
        // The first word may as well be a post. The other shells offer files by themselves where nothing else fits.
        Shell::Zsh => script(with_modes()).replace(
            &format!("\":: :_{name}_commands\""),
            &format!("\":: :{{ _{name}_commands; _files }}\""),
        ),
        _ => script(with_modes()),
    }
}

/// The page of the manual, as `man` reads it.
///
/// # Errors
/// Never, since it is written to memory.
pub(super) fn manual() -> std::io::Result<String> {
    let mut page = Vec::new();
    // Of what the short help leaves out this page would show the names alone.
    let command = command::command(WIDTH).mut_args(|arg| arg.hide_short_help(false));
    clap_mangen::Man::new(command).render(&mut page)?;
    Ok(String::from_utf8_lossy(&page).into_owned())
}

/// The flags as a shell should know them: the values of many are words to choose from, and those of others folders.
fn flags() -> Command {
    command::flags(WIDTH).mut_args(|arg| {
        let name = arg.get_value_names().and_then(|names| names.first()).map(ToString::to_string);
        match name.as_deref() {
            Some(words) if words.contains('|') => chosen_from(arg, words.split('|')),
            Some("FOLDER") => arg.value_hint(ValueHint::DirPath),
            _ => arg,
        }
    })
}

/// The flags, and the modes as words to choose from.
fn with_modes() -> Command {
    let flags = flags().mut_args(|arg| arg.global(true)).disable_help_subcommand(true);
    let mode = |mode: &NamedMode| Command::new(mode.name).about(mode.about).arg(command::posts());
    MODES.iter().fold(flags, |command, named| command.subcommand(mode(named)))
}

fn chosen_from<'a>(arg: Arg, words: impl Iterator<Item = &'a str>) -> Arg {
    arg.value_parser(PossibleValuesParser::new(words.map(str::to_owned).collect::<Vec<_>>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::command::SHELLS;
    use crate::settings::inputs::INPUTS;

    #[test]
    fn every_flag_and_mode_is_in_every_script_and_on_the_page() {
        let page = manual().unwrap().replace("\\-", "-");
        let scripts = SHELLS.map(|(word, shell)| (word, completions(shell)));
        for (place, text) in scripts.iter().map(|(word, script)| (*word, script)).chain([("man", &page)]) {
            for input in INPUTS {
                // In fish a long flag has no hyphens.
                let has = text.contains(&format!("--{}", input.name))
                    || text.contains(&format!("-l {}", input.name));
                assert_eq!(has, !input.secret, "{}: {place}", input.name);
            }
            for mode in MODES {
                assert!(text.contains(mode.name), "{}: {place}", mode.name);
            }
        }
    }

    #[test]
    fn no_word_of_a_mode_ends_the_quotes_around_it() {
        assert!(MODES.iter().all(|mode| !mode.about.contains(['\'', '\\'])));
    }
}
