//! What the documents behind this project ask of it, end to end; every test names the behaviour by
//! its number. The verdicts have a file of their own.

mod chain;
mod dialects;
mod files;
mod posts;
mod prompt;
mod telling;

use std::fs;

use serde_json::json;

use crate::support::action::Finished;
use crate::support::images::cloudflare_used_up;
use crate::support::server::{Reply, Server};

const POST: &str = "posts/post-1.md";

const PICTURE: &str = "static/images/post-1.jpg";

fn answers(reply: Reply) -> Server {
    Server::start(move |_| reply.clone())
}

fn used_up() -> Server {
    answers(cloudflare_used_up())
}

/// Together's answer for its withdrawn model.
fn withdrawn() -> Server {
    let message = "Unable to access non-serverless model black-forest-labs/FLUX.1-schnell-Free";
    answers(Reply::json(400, json!({"error": {"message": message, "code": "model_not_available"}})))
}

fn text(folder: &tempfile::TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

fn attempts(run: &Finished, path: &str) -> Vec<(String, String)> {
    let post = run.post(path);
    let attempts = post["attempts"].as_array().unwrap().iter();
    let word = |value: &serde_json::Value| value.as_str().unwrap_or("delivered").to_owned();
    attempts.map(|attempt| (word(&attempt["provider"]), word(&attempt["class"]))).collect()
}

fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs.iter().map(|&(a, b)| (a.to_owned(), b.to_owned())).collect()
}
