//! Workflow commands: kept out of text of strangers, and written. The runner reads every line of stdout and stderr for
//! workflow commands: `::name::` at its start and the older `##[name]` anywhere in it
//! (actions/runner, `ActionCommand.cs`), so a post title printed as it is could set outputs, load
//! problem matchers or silence later errors.

/// Longest line of the log and longest annotation message, in characters. GitHub cuts annotation
/// messages there.
pub(super) const LONGEST: usize = 4096;

/// The line with every workflow command in it broken by a blank.
pub(super) fn without_commands(line: &str) -> String {
    let body = line.trim_start();
    let line = match body.strip_prefix("::") {
        Some(rest) => format!("{}: :{rest}", &line[..line.len() - body.len()]),
        None => line.to_owned(),
    };
    line.replace("##[", "## [")
}

/// Escapes the data of a workflow command (actions/toolkit, `command.ts`).
pub(super) fn command_data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// Escapes a property of a workflow command.
pub(super) fn command_property(text: &str) -> String {
    command_data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::text::one_line;

    #[test]
    fn a_command_loses_its_shape_wherever_it_stands() {
        assert_eq!(without_commands("\u{3000} ::set-output name=x::y"), "\u{3000} : :set-output name=x::y");
        assert_eq!(without_commands("a ###[add-matcher]x"), "a ### [add-matcher]x");
        assert_eq!(without_commands("std::fmt"), "std::fmt");
    }

    #[test]
    fn command_data_and_properties_are_escaped_percent_first() {
        assert_eq!(command_data("50%\r\n:,"), "50%25%0D%0A:,");
        assert_eq!(command_property("a:b,c%"), "a%3Ab%2Cc%25");
    }

    proptest! {
        #[test]
        fn no_text_survives_as_a_command(text in "\\PC*|[:#\\[ \u{200b}\u{1b}\n\ra-z]{0,40}") {
            let line = without_commands(&one_line(&text));
            prop_assert!(!line.trim_start().starts_with("::"));
            prop_assert!(!line.contains("##["));
            prop_assert!(!line.chars().any(char::is_control));
        }
    }
}
