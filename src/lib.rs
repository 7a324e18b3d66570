//! Gives blog posts a hero image through a chain of image providers that really falls back.
//!
//! The program is `src/main.rs` over `app`; this library exists so that benches and fuzz targets
//! can reach the parts. Imports only point down this list of floors:
//!
//! 1. `app`
//! 2. `settings`, `event`
//! 3. `generate`
//! 4. `report`
//! 5. `plan`, `check`, `publish`
//! 6. `site`, `built`, `describe`, `health`, `prompt`, `demo`, `markdown`
//! 7. `chain`
//! 8. `provider`, `github`, `image`, `write`, `runner`
//! 9. `http`, `post`
//! 10. `text`, `env`, `memory`
//! 11. `secret`, `disk`, `clock`, `fault`, `activity`

#![forbid(unsafe_code)]
#![cfg_attr(
    test,
    allow(
        clippy::expect_used,
        clippy::print_stderr,
        clippy::print_stdout,
        clippy::unwrap_used,
        reason = "what panics or prints here is a test"
    )
)]

pub mod activity;
pub mod app;
pub mod built;
pub mod chain;
pub mod check;
pub mod clock;
pub mod demo;
pub mod describe;
pub mod disk;
pub mod env;
pub mod event;
pub mod fault;
pub mod generate;
pub mod github;
pub mod health;
pub mod http;
pub mod image;
pub mod markdown;
pub mod memory;
pub mod plan;
pub mod post;
pub mod prompt;
pub mod provider;
pub mod publish;
pub mod report;
pub mod runner;
pub mod secret;
pub mod settings;
pub mod site;
pub mod text;
pub mod write;
