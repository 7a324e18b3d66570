//! The real binary from outside, and what stands around it: its image, its metadata, its release.
//! Everything is `pub` so that a world may offer more than one test uses.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a test panics where it finds something wrong"
)]

mod alerts;
mod architecture;
mod behaviours;
mod browser;
mod cards;
mod check;
mod container;
mod demo;
mod documents;
mod drift;
mod drill;
pub mod fake_github;
pub mod github;
mod hostile;
mod laptop;
mod mistakes;
mod money;
mod probe;
mod redaction;
mod redraw;
mod release;
mod signals;
mod sites;
pub mod support;
#[cfg(target_os = "linux")]
mod terminal;
mod twice;
mod verdicts;
mod visible;
