//! Annotations: what GitHub shows beside a run, of which it keeps few.

use serde::Serialize;

use super::Runner;
use super::commands::{LONGEST, command_data, command_property};
use super::paint::LogRow;
use crate::text::cut;

/// Annotations of one level that GitHub keeps per step.
pub const ANNOTATIONS: usize = 10;

/// Loudness of an annotation or notice.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Good to know.
    Notice,
    /// Should be changed.
    Warning,
    /// Must be changed.
    Error,
}

impl Level {
    /// The workflow command, and the word outside Actions.
    pub fn name(self) -> &'static str {
        match self {
            Self::Notice => "notice",
            Self::Warning => "warning",
            Self::Error => "error",
        }
    }
}

/// A remark that GitHub shows beside the run and, with a file, beside the code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation {
    /// How loud.
    pub level: Level,
    /// The file meant, relative to the workspace, with `/`.
    pub file: Option<String>,
    /// The line in it, from 1.
    pub line: Option<u32>,
    /// A few words.
    pub title: String,
    /// What, where and the cure; may have several lines.
    pub message: String,
}

impl Runner {
    /// Prints annotations. GitHub keeps [`ANNOTATIONS`] of a level per step and drops the rest without
    /// a word, so the last one of a level that has more says how many and which.
    pub fn annotate(&self, annotations: &[Annotation]) {
        for level in [Level::Error, Level::Warning, Level::Notice] {
            let all: Vec<_> = annotations.iter().filter(|annotation| annotation.level == level).collect();
            let made = self.state().made[level as usize];
            let room = ANNOTATIONS.saturating_sub(made);
            let whole = if all.len() <= room { all.len() } else { room.saturating_sub(1) };
            let (shown, rest) = all.split_at(whole);
            let mut lines: Vec<_> = shown.iter().flat_map(|annotation| self.annotation(annotation)).collect();
            if !rest.is_empty() && room > 0 {
                lines.extend(self.annotation(&and_more(level, rest)));
            }
            self.state().made[level as usize] = (made + all.len()).min(ANNOTATIONS);
            match level {
                Level::Notice if self.0.quiet => {}
                Level::Notice => self.print(lines),
                Level::Warning | Level::Error => self.print_trouble(lines),
            }
        }
    }

    /// Warns of what went wrong with the runner itself.
    pub(super) fn warn(&self, title: &str, message: String) {
        self.annotate(&[Annotation {
            level: Level::Warning,
            file: None,
            line: None,
            title: title.to_owned(),
            message,
        }]);
    }

    /// The lines of one annotation: one command, or readable lines outside Actions.
    fn annotation(&self, annotation: &Annotation) -> Vec<String> {
        let title = self.harmless(&annotation.title);
        let file = annotation.file.as_deref().map(|file| self.harmless(file));
        let message: Vec<_> = annotation.message.lines().map(|line| self.harmless(line)).collect();
        let message = cut(&message.join("\n"), LONGEST);
        let level = annotation.level.name();
        if self.0.actions {
            let line = annotation.line.map(|line| format!("line={line},")).unwrap_or_default();
            let file =
                file.map(|file| format!("file={},{line}", command_property(&file))).unwrap_or_default();
            let title = command_property(&title);
            return vec![format!("::{level} {file}title={title}::{}", command_data(&message))];
        }
        let place = file.map(|file| format!("{file}: ")).unwrap_or_default();
        let text = format!("{place}{title}: {}", message.replace('\n', "\n  "));
        let (paper, tone) = self.paper_of(annotation.level);
        let row = LogRow { label: format!("{level}:"), tone, text };
        paper.lay(0, 0, &row).lines().map(str::to_owned).collect()
    }
}

/// The annotation that stands for those that have no room.
fn and_more(level: Level, rest: &[&Annotation]) -> Annotation {
    let names = rest.iter().map(|one| cut(one.file.as_deref().unwrap_or(&one.message), 200));
    let names: Vec<_> = names.collect();
    let message = format!("and {} more: {}", rest.len(), names.join(", "));
    Annotation { level, file: None, line: None, title: "More, see the job summary".to_owned(), message }
}
