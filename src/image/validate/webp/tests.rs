use image::ImageFormat;
use proptest::prelude::*;

use super::super::super::samples::{file, scene};
use super::super::InvalidPicture;
use super::super::tests::examine;
use super::*;

const SIZE: (u32, u32) = (320, 300);
const PIXELS: u64 = 320 * 300;

/// A RIFF file of these chunks.
fn riff(chunks: &[(&[u8; 4], &[u8])]) -> Vec<u8> {
    let mut body = b"WEBP".to_vec();
    for (kind, content) in chunks {
        body.extend(*kind);
        body.extend((content.len() as u32).to_le_bytes());
        body.extend(*content);
        body.extend(&[0][..content.len() % 2]);
    }
    [&b"RIFF"[..], &(body.len() as u32).to_le_bytes(), &body].concat()
}

fn header(flags: u8, (width, height): (u32, u32)) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    [vec![flags, 0, 0, 0], side(width), side(height)].concat()
}

fn content<'a>(file: &'a [u8], kind: &[u8; 4]) -> &'a [u8] {
    RiffChunks(&file[12..]).find(|chunk| chunk.0 == kind).unwrap().1
}

fn lossless() -> Vec<u8> {
    file(scene(SIZE.0, SIZE.1), ImageFormat::WebP)
}

fn lossy() -> Vec<u8> {
    ::webp::Encoder::from_rgb(&scene(SIZE.0, SIZE.1), SIZE.0, SIZE.1).encode(80.0).to_vec()
}

/// What libwebp writes of a picture whose right half is transparent.
fn transparent(lossless: bool) -> Vec<u8> {
    let mut picture = image::DynamicImage::ImageRgb8(scene(SIZE.0, SIZE.1)).into_rgba8();
    picture.enumerate_pixels_mut().for_each(|(x, y, pixel)| pixel.0[3] = (x ^ y) as u8);
    let encoder = ::webp::Encoder::from_rgba(&picture, SIZE.0, SIZE.1);
    encoder.encode_simple(lossless, 80.0).unwrap().to_vec()
}

fn animated(kind: &[u8; 4], stream: &[u8]) -> Vec<u8> {
    let side = |side: u32| (side - 1).to_le_bytes()[..3].to_vec();
    let place = [vec![0; 6], side(SIZE.0), side(SIZE.1), vec![100, 0, 0, 0]].concat();
    let inner = riff(&[(kind, stream)]);
    let frame = [&place[..], &inner[12..]].concat();
    riff(&[(b"VP8X", &header(2, SIZE)), (b"ANIM", &[0; 6]), (b"ANMF", &frame)])
}

/// BitWriter, lowest first.
#[derive(Default)]
struct BitWriter(Vec<bool>);

impl BitWriter {
    fn put(&mut self, value: usize, count: usize) -> &mut Self {
        self.0.extend((0..count).map(|place| value >> place & 1 == 1));
        self
    }

    fn bytes(&self) -> Vec<u8> {
        let byte = |bits: &[bool]| bits.iter().rev().fold(0, |byte, &bit| byte << 1 | u8::from(bit));
        self.0.chunks(8).map(byte).collect()
    }
}

/// A lossless stream with this many groups of codes, each of which takes some kilobytes.
fn of_groups(groups: usize) -> Vec<u8> {
    let mut bits = BitWriter::default();
    bits.put(0x2f, 8).put(SIZE.0 as usize - 1, 14).put(SIZE.1 as usize - 1, 14).put(0, 4);
    // No transforms, no cache, blocks of 512 pixels, and for each of them the last group.
    bits.put(0, 1).put(0, 1).put(1, 1).put(7, 3).put(0, 1);
    let last = groups - 1;
    for value in [last & 255, last >> 8, 0, 0, 0] {
        bits.put(0b101, 3).put(value, 8);
    }
    for _ in 0..groups {
        for _ in ALPHABETS {
            // Sixteen lengths may follow, told with four bits each; eleven do: one to ten, and ten again.
            bits.put(0, 1).put(12, 4);
            for _ in 0..16 {
                bits.put(4, 3);
            }
            bits.put(1, 1).put(2, 3).put(11 - 2, 6);
            for length in [1_usize, 2, 3, 4, 5, 6, 7, 8, 9, 10, 10] {
                // A code of four bits, highest first.
                bits.put(length.reverse_bits() >> (usize::BITS - 4), 4);
            }
        }
    }
    bits.0.extend(vec![false; 400_000]);
    bits.bytes()
}

#[test]
fn a_frame_its_canvas_and_the_transparency_count() {
    let needs = |file: &[u8], channels| needs(file, SIZE, channels).unwrap();
    let planes = (320 * 304) * 3 / 2;
    let stream = content(&lossy(), b"VP8 ").len() as u64;
    assert_eq!(needs(&lossy(), 3), 3 * PIXELS + planes + stream);
    let of = needs(&lossless(), 3);
    assert!((7 * PIXELS..8 * PIXELS).contains(&of), "{of}");
    let of = needs(&transparent(true), 4);
    assert!((4 * PIXELS..6 * PIXELS).contains(&of), "{of}");
    // Its transparency is decoded to four channels, and one of them kept.
    let of = needs(&transparent(false), 4);
    assert!((21 * PIXELS / 2..12 * PIXELS).contains(&of), "{of}");
    let of = needs(&animated(b"VP8L", content(&lossless(), b"VP8L")), 4);
    assert!((12 * PIXELS..13 * PIXELS).contains(&of), "{of}");
    let of = needs(&animated(b"VP8 ", content(&lossy(), b"VP8 ")), 4);
    assert!((12 * PIXELS..13 * PIXELS).contains(&of), "{of}");
}

#[test]
fn pictures_of_every_kind_still_pass() {
    let of_frames =
        [animated(b"VP8L", content(&lossless(), b"VP8L")), animated(b"VP8 ", content(&lossy(), b"VP8 "))];
    for picture in [lossless(), lossy(), transparent(true), transparent(false)].iter().chain(&of_frames) {
        examine(picture).unwrap_or_else(|flaw| panic!("{flaw}"));
    }
}

#[test]
fn a_profile_counts() {
    let plain = lossy();
    let profile = vec![7; 5_000];
    let bytes =
        riff(&[(b"VP8X", &header(0x20, SIZE)), (b"ICCP", &profile), (b"VP8 ", content(&plain, b"VP8 "))]);
    assert_eq!(needs(&bytes, SIZE, 3).unwrap() - needs(&plain, SIZE, 3).unwrap(), 5_000);
}

#[test]
fn thousands_of_code_tables_are_counted_before_they_are_made() {
    let one = LosslessWalk::new(&of_groups(1)).lossless(SIZE, true).unwrap();
    let many = LosslessWalk::new(&of_groups(101)).lossless(SIZE, true).unwrap();
    assert_eq!((many - one) / 100, GROUP + 5 * (4096 + 48));
    let bomb = riff(&[(b"VP8L", &of_groups(6_500))]);
    assert!(bomb.len() < 1 << 20);
    let flaw = examine(&bomb).unwrap_err();
    assert_eq!(flaw, InvalidPicture::TooDemanding { format: "WebP", width: SIZE.0, height: SIZE.1 });
    assert!(flaw.to_string().ends_with("ask for fewer pixels"), "{flaw}");
    // The decoder takes the same stream for a whole one, so that its tables are what it would have made.
    let fine = examine(&riff(&[(b"VP8L", &of_groups(20))])).unwrap_err();
    assert!(matches!(fine, InvalidPicture::Uniform { .. } | InvalidPicture::Black { .. }), "{fine}");
}

#[test]
fn a_frame_of_another_size_than_the_file_claims_is_refused_undecoded() {
    let mut frame = content(&lossy(), b"VP8 ").to_vec();
    frame[6..10].copy_from_slice(&[0xff, 0x3f, 0xff, 0x3f]);
    let bytes = riff(&[(b"VP8X", &header(0, SIZE)), (b"VP8 ", &frame)]);
    assert_eq!(needs(&bytes, SIZE, 3), None);
    assert!(matches!(examine(&bytes), Err(InvalidPicture::Damaged { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn no_bytes_make_the_walk_stumble(at in any::<prop::sample::Index>(), byte in any::<u8>(), which in 0..3) {
        let mut bytes = match which {
            0 => lossless(),
            1 => transparent(false),
            _ => animated(b"VP8L", content(&lossless(), b"VP8L")),
        };
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = needs(&bytes, SIZE, 4);
    }
}
