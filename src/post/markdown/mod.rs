//! Markdown as far as this program needs it: which lines are code, comments, formulas and statements of MDX
//! ([`blocks`], by the kinds of [`lines`]), and where marks inside of the text between them begin and end ([`walk`],
//! [`inline`]). What reads bodies (the words for a prompt, embedded pictures) stands on this, so that all of it sees
//! the same blocks and marks. Why no general parser is underneath:
//! `docs/decisions/0004-markdown-is-read-by-our-own-scanner.md`.

pub(super) mod blocks;
pub(super) mod inline;
pub(super) mod lines;
pub(super) mod walk;

#[cfg(test)]
mod tests;
