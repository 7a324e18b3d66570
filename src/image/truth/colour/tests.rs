use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, Luma, Rgb, RgbImage, RgbaImage};
use moxcms::ColorProfile;

use super::super::examine;
use super::LARGEST_PROFILE;

/// Left and right halves of two colours.
fn halves() -> RgbImage {
    RgbImage::from_fn(300, 260, |x, _| if x < 150 { Rgb([220, 40, 60]) } else { Rgb([90, 90, 90]) })
}

/// A profile in which red and green have changed places.
fn swapped() -> Vec<u8> {
    let mut profile = ColorProfile::new_srgb();
    profile.cicp = None;
    std::mem::swap(&mut profile.red_colorant, &mut profile.green_colorant);
    profile.encode().unwrap()
}

fn png(picture: impl Into<DynamicImage>, profile: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = PngEncoder::new(&mut bytes);
    encoder.set_icc_profile(profile).unwrap();
    picture.into().write_with_encoder(encoder).unwrap();
    bytes
}

fn jpeg(profile: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.add_icc_profile(profile).unwrap();
    encoder.encode(&halves(), 300, 260, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

fn webp(profile: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = WebPEncoder::new_lossless(&mut bytes);
    encoder.set_icc_profile(profile).unwrap();
    halves().write_with_encoder(encoder).unwrap();
    bytes
}

/// Asserts the colours of both halves, give or take what a codec loses.
fn shows(bytes: &[u8], left: [u8; 3], right: [u8; 3]) {
    let pixels = examine(bytes).unwrap().pixels;
    for (x, expected) in [(20, left), (280, right)] {
        let found = pixels[(x, 100)].0;
        assert!(found.iter().zip(expected).all(|(a, b)| a.abs_diff(b) <= 6), "{found:?} for {expected:?}");
    }
}

#[test]
fn the_colours_of_a_profile_are_converted_to_srgb() {
    let transparent: RgbaImage = DynamicImage::from(halves()).into_rgba8();
    for bytes in [png(halves(), swapped()), png(transparent, swapped()), jpeg(&swapped()), webp(swapped())] {
        shows(&bytes, [40, 220, 60], [90; 3]);
    }
    let wide = ColorProfile::new_display_p3().encode().unwrap();
    shows(&png(halves(), wide), [241, 0, 56], [90; 3]);
}

#[test]
fn grey_is_converted_by_a_profile_for_grey() {
    let grey = GrayImage::from_fn(300, 260, |x, _| Luma([if x < 150 { 128 } else { 20 }]));
    let linear = ColorProfile::new_gray_with_gamma(1.0).encode().unwrap();
    shows(&png(grey.clone(), linear.clone()), [188; 3], [80; 3]);
    shows(&png(grey.clone(), swapped()), [128; 3], [20; 3]);
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    encoder.add_icc_profile(&linear).unwrap();
    encoder.encode(&grey, 300, 260, jpeg_encoder::ColorType::Luma).unwrap();
    shows(&bytes, [188; 3], [80; 3]);
}

#[test]
fn a_profile_that_is_broken_absurd_or_srgb_changes_nothing() {
    let srgb = ColorProfile::new_srgb().encode().unwrap();
    let plain = examine(&png(halves(), Vec::new())).unwrap().pixels;
    let cut = swapped()[..200].to_vec();
    for profile in [srgb, cut, b"no profile".to_vec(), vec![7; LARGEST_PROFILE + 1], vec![0; 60 << 20]] {
        assert_eq!(examine(&png(halves(), profile)).unwrap().pixels, plain);
    }
}
