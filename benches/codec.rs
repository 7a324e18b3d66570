//! The way of one picture on one core: a 1024x1024 JPEG as providers send it, to the 1024x538 JPEG
//! that is committed. To reach: 15 ms.

#![allow(
    clippy::expect_used,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    unreachable_pub,
    reason = "a bench panics where it cannot measure, and prints what it measured"
)]

use std::hint::black_box;

use criterion::{BatchSize, Criterion, criterion_group, criterion_main};
use image_fallback::image::card::{CardStyle, TitleCard};
use image_fallback::image::process::{Options, finish};
use image_fallback::image::provenance::{DigitalSourceType, Provenance};
use image_fallback::image::validate::{self, PictureLimits};

/// Clouds of value noise in six octaves. At about 70 KB it is a smooth picture: a detailed one has two
/// or three times the bytes and takes longer to decode.
fn received() -> Vec<u8> {
    let lattice = |x: u32, y: u32, seed: u32| {
        let mut hash =
            x.wrapping_mul(0x9E37_79B1) ^ y.wrapping_mul(0x85EB_CA77) ^ seed.wrapping_mul(0xC2B2_AE3D);
        hash = (hash ^ (hash >> 15)).wrapping_mul(0x2C1B_3C6D);
        f64::from((hash ^ (hash >> 12)) & 0xFFFF) / 65_535.0
    };
    let noise = |x: u32, y: u32, cell: u32, seed: u32| {
        let (cx, cy) = (x / cell, y / cell);
        let (fx, fy) = (f64::from(x % cell) / f64::from(cell), f64::from(y % cell) / f64::from(cell));
        let mix = |a: f64, b: f64, t: f64| a + (b - a) * t * t * (3.0 - 2.0 * t);
        let upper = mix(lattice(cx, cy, seed), lattice(cx + 1, cy, seed), fx);
        let lower = mix(lattice(cx, cy + 1, seed), lattice(cx + 1, cy + 1, seed), fx);
        mix(upper, lower, fy)
    };
    let mut pixels = Vec::with_capacity(1024 * 1024 * 3);
    for y in 0..1024 {
        for x in 0..1024 {
            let detail: f64 =
                (1..=6).map(|octave| noise(x, y, 512 >> octave, octave) / f64::from(1 << octave)).sum();
            for channel in 0..3 {
                let tint = noise(x, y, 256, 100 + channel);
                pixels.push((255.0 * (0.6 * detail + 0.4 * tint)) as u8);
            }
        }
    }
    let mut bytes = Vec::new();
    let encoder = jpeg_encoder::Encoder::new(&mut bytes, 90);
    encoder.encode(&pixels, 1024, 1024, jpeg_encoder::ColorType::Rgb).expect("the buffer has this size");
    bytes
}

fn codec(criterion: &mut Criterion) {
    let received = received();
    println!("received: {} KB", received.len() / 1024);
    let options = Options::default();
    let provenance = Provenance {
        provider: "bench".to_owned(),
        model: "noise".to_owned(),
        source: DigitalSourceType::TrainedAlgorithmicMedia,
        prompt: None,
    };
    let picture = validate::examine(&received, &PictureLimits::AS_SENT).expect("the picture is sound");
    let finished = finish(picture.clone(), &options, &provenance).expect("the picture can be written");
    println!("finished: {}x{}, {} KB", finished.width, finished.height, finished.bytes.len() / 1024);

    criterion.bench_function("codec/1024x1024 jpeg to 1024x538 jpeg", |bencher| {
        bencher.iter(|| {
            let picture = validate::examine(black_box(&received), &PictureLimits::AS_SENT).expect("as above");
            finish(picture, &options, &provenance).expect("as above")
        });
    });
    criterion.bench_function("codec/examine", |bencher| {
        bencher.iter(|| validate::examine(black_box(&received), &PictureLimits::AS_SENT))
    });
    criterion.bench_function("codec/finish", |bencher| {
        let again = || black_box(picture.clone());
        bencher.iter_batched(again, |picture| finish(picture, &options, &provenance), BatchSize::LargeInput);
    });
    criterion.bench_function("codec/title card 1200x630", |bencher| {
        let title = "Why we moved our blog from WordPress to Hugo";
        let card = TitleCard { title, brand: "The Fog", style: &CardStyle::default() };
        bencher.iter(|| black_box(card).draw(1200, 630));
    });
}

criterion_group!(benches, codec);
criterion_main!(benches);
