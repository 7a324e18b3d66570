//! How much memory pictures take, whatever a service sends.

use std::io::Write as _;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use crate::support::action::Action;
use crate::support::images;
use crate::support::posts::blog_of;
use crate::support::server::Server;

/// Most that a run may take, in kilobytes.
const MOST: u64 = 200 * 1024;

/// A PNG of this size, eight or sixteen bits deep, with transparency.
fn png(width: u32, height: u32, depth: png::BitDepth, seed: u8) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgba);
    encoder.set_depth(depth);
    encoder.set_compression(png::Compression::Fastest);
    let mut writer = encoder.write_header().unwrap();
    let mut stream = writer.stream_writer().unwrap();
    let sample = if depth == png::BitDepth::Sixteen { 2 } else { 1 };
    for y in 0..height {
        let level = (y / 16) as u8 ^ seed;
        let row: Vec<u8> =
            (0..width as usize * 4 * sample).map(|at| if at % 256 < 128 { level } else { 255 }).collect();
        stream.write_all(&row).unwrap();
    }
    stream.finish().unwrap();
    writer.finish().unwrap();
    bytes
}

/// The picture with a colour profile that unpacks to 400 MB.
fn with_bomb(picture: &[u8]) -> Vec<u8> {
    let mut packed = flate2::write::ZlibEncoder::new(b"profile\0\0".to_vec(), flate2::Compression::fast());
    for _ in 0..400 {
        packed.write_all(&vec![0; 1 << 20]).unwrap();
    }
    let body = packed.finish().unwrap();
    let mut chunk = [&b"iCCP"[..], &body].concat();
    let mut crc = flate2::Crc::new();
    crc.update(&chunk);
    chunk.splice(..0, (body.len() as u32).to_be_bytes());
    chunk.extend(crc.sum().to_be_bytes());
    // Behind signature and header.
    [&picture[..33], &chunk, &picture[33..]].concat()
}

#[test]
fn pictures_of_any_kind_take_less_than_200_mb_at_the_default_concurrency() {
    let large = |seed| png(6000, 4000, png::BitDepth::Sixteen, seed);
    let bomb = |seed| with_bomb(&png(640, 480, png::BitDepth::Eight, seed));
    let pictures = [large(1), bomb(2), large(3), bomb(4)];
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_| {
        images::cloudflare_gives(&pictures[asked.fetch_add(1, Ordering::Relaxed) % pictures.len()])
    });
    let blog = blog_of(4);
    let action = Action::in_actions(blog.path()).cloudflare(&server).input("providers", "cloudflare");
    let run = action.input("describe", "never").start();
    let status = format!("/proc/{}/status", run.id());
    let peak = std::thread::spawn(move || {
        let mut peak = 0;
        // A process that ended has no memory to tell of.
        while let Some(told) = std::fs::read_to_string(&status).ok().and_then(|status| {
            let line = status.lines().find(|line| line.starts_with("VmHWM"))?;
            line.split_whitespace().nth(1)?.parse::<u64>().ok()
        }) {
            peak = told;
            std::thread::sleep(Duration::from_millis(2));
        }
        peak
    });
    let run = run.wait();
    let peak = peak.join().unwrap();
    for post in 1..=4 {
        assert_eq!(run.status(&format!("posts/post-{post}.md")), "generated", "{}", run.log);
    }
    assert!(peak > 0 && peak < MOST, "{peak} KB");
}
