//! Gives blog posts a hero image through a chain of image providers that really falls back.
//!
//! The program is `src/main.rs` over `app`; this library exists so that benches and fuzz targets
//! can reach the parts. Imports only point down the floors of `docs/architecture.md`.

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
pub mod drill;
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
pub mod simulation;
pub mod site;
pub mod text;
pub mod write;
