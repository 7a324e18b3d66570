//! The files through which a step hands outputs and its summary to the runner. They are opened
//! once, early, because the process gives up its right to open them.

use std::collections::hash_map::RandomState;
use std::fs::{File, OpenOptions};
use std::hash::{BuildHasher, Hasher};
use std::io::{self, Write};
use std::path::Path;

use super::Runner;

/// Most bytes of Markdown we write. GitHub drops a step's summary above 1 MiB altogether.
pub const SUMMARY_BUDGET: usize = 512 * 1024;

const FOOTER: &str =
    "\n\n_The summary was cut here: it would be too long for GitHub. report.json has the rest._\n";

/// The command files. Apart from the sink, which may wait for a reader of the log.
pub(super) struct CommandFiles {
    pub output: Option<File>,
    pub summary: Option<File>,
}

impl Runner {
    /// Hands an output to later steps. Without an output file nothing happens.
    pub fn set_output(&self, name: &str, value: &str) {
        let value = self.scrubber().scrub(value);
        let Some(entry) = entry(name, &value, &delimiter()) else {
            return self.warn("Outputs", format!("output `{name}` cannot be written safely and is left out"));
        };
        let written = self.files().output.as_mut().map(|file| append(file, &entry));
        if let Some(Err(error)) = written {
            self.warn("Outputs", format!("output `{name}` could not be written to GITHUB_OUTPUT: {error}"));
        }
    }

    /// Adds to the job summary, within [`SUMMARY_BUDGET`]. Without a summary file nothing happens.
    pub fn summary(&self, markdown: &str) {
        let markdown = within_budget(&self.scrubber().scrub(markdown), SUMMARY_BUDGET);
        let written = self.files().summary.as_mut().map(|file| append(file, &markdown));
        if let Some(Err(error)) = written {
            self.warn("Summary", format!("the summary could not be written to GITHUB_STEP_SUMMARY: {error}"));
        }
    }
}

/// Opens a command file for appending; the error says which variable to look at.
pub(super) fn open(variable: &str, path: Option<&Path>) -> Result<File, String> {
    let path = path.ok_or_else(|| {
        format!("{variable} is not set, so nothing is written there; the runner of GitHub Actions sets it")
    })?;
    OpenOptions::new().create(true).append(true).open(path).map_err(|error| {
        format!("{variable}: cannot write `{}` ({error}), so nothing is written there", path.display())
    })
}

/// Appends in one write: half an entry would fail the step.
pub(super) fn append(file: &mut File, text: &str) -> io::Result<()> {
    file.write_all(text.as_bytes())?;
    file.flush()
}

/// A delimiter that no author of a value can guess: with a known one a value could end its own
/// entry and add outputs.
pub(super) fn delimiter() -> String {
    let random = || RandomState::new().build_hasher().finish();
    format!("image-fallback-{:016x}{:016x}", random(), random())
}

/// One entry of the output file in its multi-line form, whatever the value. `None` when name or
/// value holds the delimiter or the name is not one.
pub(super) fn entry(name: &str, value: &str, delimiter: &str) -> Option<String> {
    let is_name = !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    if !is_name || name.contains(delimiter) || value.contains(delimiter) {
        return None;
    }
    Some(format!("{name}<<{delimiter}\n{value}\n{delimiter}\n"))
}

/// The Markdown within the budget: cut after a whole line, open `<details>` closed, and said so.
pub(super) fn within_budget(markdown: &str, budget: usize) -> String {
    if markdown.len() <= budget {
        return markdown.to_owned();
    }
    // What follows the cut must fit as well; ours never nests deeper than this.
    let closers = "\n\n</details>".repeat(2);
    let mut end = budget.saturating_sub(FOOTER.len() + closers.len());
    while !markdown.is_char_boundary(end) {
        end -= 1;
    }
    let kept = &markdown[..end];
    let kept = kept.rfind('\n').map_or("", |line_end| &kept[..line_end]);
    let open = kept.matches("<details>").count().saturating_sub(kept.matches("</details>").count());
    format!("{kept}{}{FOOTER}", "\n\n</details>".repeat(open.min(2)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_is_a_heredoc_even_for_a_plain_value() {
        assert_eq!(entry("verdict", "ok", "EOF").as_deref(), Some("verdict<<EOF\nok\nEOF\n"));
    }

    #[test]
    fn a_value_that_holds_the_delimiter_is_refused() {
        assert_eq!(entry("posts", "x\nEOF\nadmin=true", "EOF"), None);
        assert_eq!(entry("a=b", "x", "EOF"), None);
    }

    #[test]
    fn two_delimiters_are_never_the_same() {
        assert_ne!(delimiter(), delimiter());
    }

    // W-24
    #[test]
    fn a_long_summary_is_cut_after_a_row_and_closes_its_details() {
        let long = format!("# t\n<details>\n{}", "| ä row |\n".repeat(100));
        let cut = within_budget(&long, 400);
        assert!(cut.len() <= 400, "{}", cut.len());
        assert!(cut.contains("| ä row |\n\n</details>\n\n_The summary was cut here"), "{cut}");
        assert_eq!(within_budget("short", 400), "short");
    }

    #[test]
    fn one_endless_line_leaves_only_the_footer() {
        assert_eq!(within_budget(&"ä".repeat(1000), 300), FOOTER);
    }
}
