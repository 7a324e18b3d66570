//! Pictures and the image services that hand them out, answering as `docs/providers.md` says they do.

use std::io::Cursor;
use std::sync::atomic::{AtomicU32, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use image::{ImageFormat, Rgb, RgbImage};
use serde_json::json;

use super::server::{Reply, Request, Server};

/// A picture that passes for one, different for every `seed`.
pub fn picture(width: u32, height: u32, seed: u32) -> RgbImage {
    let wave = |at: u32, step: u32| (at.wrapping_mul(step).wrapping_add(seed.wrapping_mul(37)) % 256) as u8;
    RgbImage::from_fn(width, height, |x, y| Rgb([wave(x, 1), wave(y, 1), wave(x / 8 + y / 8, 3)]))
}

pub fn encoded(picture: &RgbImage, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.write_to(&mut bytes, format).unwrap();
    bytes.into_inner()
}

/// JPEG bytes of a new picture with every call.
pub fn fresh_jpeg() -> Vec<u8> {
    static SEED: AtomicU32 = AtomicU32::new(1);
    encoded(&picture(640, 640, SEED.fetch_add(1, Ordering::Relaxed)), ImageFormat::Jpeg)
}

/// A Cloudflare account whose image models deliver.
pub fn cloudflare() -> Server {
    Server::start(|_| cloudflare_delivers())
}

pub fn cloudflare_delivers() -> Reply {
    cloudflare_gives(&fresh_jpeg())
}

/// Cloudflare's answer with this picture.
pub fn cloudflare_gives(bytes: &[u8]) -> Reply {
    let image = STANDARD.encode(bytes);
    Reply::json(200, json!({"result": {"image": image}, "success": true, "errors": [], "messages": []}))
}

pub fn cloudflare_fails(status: u16, code: u32, message: &str) -> Reply {
    let errors = json!([{"code": code, "message": message}]);
    Reply::json(status, json!({"result": null, "success": false, "errors": errors, "messages": []}))
}

/// The daily allowance is used up: 4006, whose message says "daily" and never "quota".
pub fn cloudflare_used_up() -> Reply {
    let message = "AiError: you have used up your daily free allocation of 10,000 neurons, please upgrade to \
                   Cloudflare's Workers Paid plan if you would like to continue usage. (0b1c2d3e)";
    cloudflare_fails(429, 4006, message)
}

/// A Together account that delivers.
pub fn together() -> Server {
    Server::start(|_| together_delivers())
}

pub fn together_delivers() -> Reply {
    let image = STANDARD.encode(fresh_jpeg());
    Reply::json(200, json!({"id": "o", "object": "list", "data": [{"index": 0, "b64_json": image}]}))
}

/// A Gemini key: text models describe, image models deliver.
pub fn gemini() -> Server {
    Server::start(|request: &Request| {
        if request.json()["generationConfig"]["responseModalities"].is_null() {
            gemini_describes("A lighthouse on a cliff at dusk, seen from the sea", "A lighthouse at dusk")
        } else {
            gemini_delivers()
        }
    })
}

pub fn gemini_describes(subject: &str, alt: &str) -> Reply {
    let text = json!({"subject": subject, "alt": alt}).to_string();
    gemini_parts(json!([{"text": text}]))
}

pub fn gemini_delivers() -> Reply {
    let data = STANDARD.encode(fresh_jpeg());
    gemini_parts(json!([{"inlineData": {"mimeType": "image/jpeg", "data": data}}]))
}

fn gemini_parts(parts: serde_json::Value) -> Reply {
    let content = json!({"role": "model", "parts": parts});
    Reply::json(200, json!({"candidates": [{"content": content, "finishReason": "STOP", "index": 0}]}))
}
