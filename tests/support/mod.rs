//! What all tests share: the action as a child process, image services, a GitHub, pictures, sample posts.

pub mod action;
pub mod github;
pub mod http;
pub mod images;
pub mod keys;
#[cfg(all(target_os = "linux", target_arch = "x86_64"))]
pub mod killer;
#[cfg(target_os = "linux")]
pub mod machine;
pub mod posts;
pub mod server;
