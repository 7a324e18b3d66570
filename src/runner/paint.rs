//! Lines as a person reads them at a terminal: in colour where it takes some, and in columns that fit its width.

use std::io::{self, IsTerminal as _};

use anstream::{AutoStream, ColorChoice};
use anstyle::{AnsiColor, Effects, Style};
use textwrap::{WordSeparator, WordSplitter};

/// Whether there is colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Colour {
    /// At a terminal, unless `NO_COLOR` or another convention says otherwise.
    #[default]
    Auto,
    /// Wherever the lines go.
    Always,
    /// Nowhere.
    Never,
}

impl Colour {
    /// Every value by its word.
    pub const ALL: [(&str, Self); 3] =
        [("auto", Self::Auto), ("always", Self::Always), ("never", Self::Never)];
}

/// What a word says of the run, as its colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    /// Neither.
    #[default]
    Plain,
    /// As it should be.
    Good,
    /// It will do, or wants a look.
    Mixed,
    /// It has to be changed.
    Bad,
}

impl Tone {
    fn style(self) -> Style {
        let (colour, effects) = match self {
            Self::Plain => (None, Effects::BOLD),
            Self::Good => (Some(AnsiColor::Green), Effects::new()),
            Self::Mixed => (Some(AnsiColor::Yellow), Effects::new()),
            Self::Bad => (Some(AnsiColor::Red), Effects::BOLD),
        };
        Style::new().fg_color(colour.map(Into::into)).effects(effects)
    }
}

/// A line of two columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LogRow {
    /// The word in front; empty for a line that has none.
    pub label: String,
    /// Its colour.
    pub tone: Tone,
    /// What there is to say.
    pub text: String,
}

impl LogRow {
    /// A line without a word in front.
    pub fn of_text(text: impl Into<String>) -> Self {
        Self { label: String::new(), tone: Tone::Plain, text: text.into() }
    }
}

impl std::fmt::Display for LogRow {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let blank = if self.label.is_empty() { "" } else { " " };
        write!(f, "{}{blank}{}", self.label, self.text)
    }
}

/// What the place takes to which lines go.
#[derive(Debug, Clone, Copy, Default)]
pub struct Paper {
    /// Columns of a terminal; none elsewhere, where lines keep their length.
    pub width: Option<usize>,
    /// Escape sequences for colour are understood.
    pub colour: bool,
}

impl Paper {
    /// That of standard output.
    pub fn of_stdout(colour: Colour) -> Self {
        let stdout = io::stdout();
        let width = terminal_size::terminal_size_of(&stdout).map(|(width, _)| width.0.into());
        let colours = takes(colour, || AutoStream::choice(&stdout));
        Self { width: width.filter(|_| stdout.is_terminal()), colour: colours }
    }

    /// That of standard error.
    pub fn of_stderr(colour: Colour) -> Self {
        let stderr = io::stderr();
        let colours = takes(colour, || AutoStream::choice(&stderr));
        Self { width: width_of_stderr(), colour: colours }
    }

    /// One line, or as many as its text needs here; those after the first begin where the text does. The row has
    /// been made harmless.
    pub(super) fn lay(&self, indent: usize, column: usize, row: &LogRow) -> String {
        let LogRow { label, tone, text } = row;
        let margin = " ".repeat(indent);
        let front = if label.is_empty() { margin } else { format!("{margin}{label:<column$} ") };
        let hanging = if label.is_empty() { indent + 2 } else { front.chars().count() };
        let line = format!("{front}{text}");
        let laid = match self.width {
            // A path or an address is left whole, so that it can be taken from the screen.
            Some(width) => {
                let hanging = " ".repeat(if hanging * 2 > width { indent + 2 } else { hanging });
                let options = textwrap::Options::new(width)
                    .subsequent_indent(&hanging)
                    .break_words(false)
                    .word_separator(WordSeparator::AsciiSpace)
                    .word_splitter(WordSplitter::NoHyphenation);
                textwrap::fill(&line, options)
            }
            None => line,
        };
        match laid.get(indent..).and_then(|rest| rest.strip_prefix(label.as_str())) {
            Some(rest) if self.colour && !label.is_empty() => {
                let style = tone.style();
                format!("{}{style}{label}{style:#}{rest}", " ".repeat(indent))
            }
            _ => laid,
        }
    }
}

/// Columns of standard error now, since a window may have been drawn wider or narrower; those of a usual one where
/// nobody says.
pub(super) fn columns_of_stderr() -> usize {
    width_of_stderr().unwrap_or(80)
}

fn width_of_stderr() -> Option<usize> {
    let stderr = io::stderr();
    let width = terminal_size::terminal_size_of(&stderr).map(|(width, _)| width.0.into());
    width.filter(|_| stderr.is_terminal())
}

fn takes(colour: Colour, auto: impl FnOnce() -> ColorChoice) -> bool {
    match colour {
        Colour::Auto => auto() != ColorChoice::Never,
        Colour::Always => true,
        Colour::Never => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(text: &str) -> LogRow {
        LogRow { label: "manual".to_owned(), tone: Tone::Bad, text: text.to_owned() }
    }

    #[test]
    fn a_narrow_terminal_keeps_two_columns_and_whole_paths() {
        let paper = Paper { width: Some(48), colour: false };
        let text = "content/posts/a.md: Cloudflare Workers AI: daily allowance used up (429); no-break/of/a/path-that-is-longer-than-the-line.jpg";
        assert_eq!(
            paper.lay(0, 10, &row(text)),
            "manual     content/posts/a.md: Cloudflare\n           Workers AI: daily allowance used up\n           \
             (429);\n           no-break/of/a/path-that-is-longer-than-the-line.jpg"
        );
        assert_eq!(paper.lay(2, 0, &LogRow::of_text("a b")), "  a b");
    }

    #[test]
    fn only_the_word_in_front_is_coloured_and_only_where_colour_is_taken() {
        let plain = Paper::default().lay(0, 0, &row("a.md"));
        assert_eq!(plain, "manual a.md");
        let coloured = Paper { width: None, colour: true }.lay(2, 10, &row("a.md"));
        assert_eq!(coloured, "  \u{1b}[1m\u{1b}[31mmanual\u{1b}[0m     a.md");
    }

    #[test]
    fn who_says_always_or_never_is_obeyed_whatever_the_terminal_is() {
        assert!(takes(Colour::Always, || ColorChoice::Never));
        assert!(!takes(Colour::Never, || ColorChoice::Always));
        assert!(!takes(Colour::Auto, || ColorChoice::Never));
    }
}
