use image::codecs::png::PngEncoder;
use image::codecs::webp::WebPEncoder;
use image::{DynamicImage, GrayImage, ImageEncoder, Luma, Rgb, RgbImage, RgbaImage};
use moxcms::{
    ColorProfile, DataColorSpace, LutDataType, LutStore, LutType, LutWarehouse, Matrix3d, ProfileClass,
};
use proptest::prelude::*;

use super::super::InvalidPicture;
use super::super::tests::examine;
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

/// Names and bodies.
type Chunks<'a> = &'a [(&'a [u8; 4], &'a [u8])];

/// The file with these chunks right behind its header.
fn with_chunks(file: &[u8], chunks: Chunks<'_>) -> Vec<u8> {
    let mut bytes = file[..33].to_vec();
    for (name, body) in chunks {
        let mut crc = flate2::Crc::new();
        crc.update(*name);
        crc.update(body);
        bytes.extend(u32::try_from(body.len()).unwrap().to_be_bytes());
        bytes.extend(*name);
        bytes.extend(*body);
        bytes.extend(crc.sum().to_be_bytes());
    }
    bytes.extend(&file[33..]);
    bytes
}

fn plain_png(picture: impl Into<DynamicImage>) -> Vec<u8> {
    super::super::super::samples::file(picture, image::ImageFormat::Png)
}

/// `gAMA` or `cHRM`: numbers in units of a hundred thousandth.
fn numbers(numbers: &[u32]) -> Vec<u8> {
    numbers.iter().flat_map(|number| number.to_be_bytes()).collect()
}

const SRGB: [u32; 8] = [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000];
const ADOBE: [u32; 8] = [31270, 32900, 64000, 33000, 21000, 71000, 15000, 6000];

#[test]
fn the_colours_that_a_png_names_by_numbers_are_converted_to_srgb() {
    for (code_points, left, right) in [
        // sRGB, Display P3, BT.2020 with two curves, and two numbers without a meaning.
        ([1, 13, 0, 1], [220, 40, 60], [90; 3]),
        ([12, 13, 0, 1], [241, 0, 56], [90; 3]),
        ([9, 13, 0, 1], [255, 0, 53], [90; 3]),
        ([9, 14, 0, 1], [255, 0, 70], [104; 3]),
        ([2, 13, 0, 1], [220, 40, 60], [90; 3]),
        ([1, 77, 0, 1], [220, 40, 60], [90; 3]),
        // The decoder would refuse the picture for these.
        ([12, 13, 1, 1], [220, 40, 60], [90; 3]),
        ([12, 13, 0, 9], [220, 40, 60], [90; 3]),
    ] {
        shows(&with_chunks(&plain_png(halves()), &[(b"cICP", &code_points)]), left, right);
    }
    // Before a profile, which is for programs that do not know the numbers.
    shows(&with_chunks(&png(halves(), swapped()), &[(b"cICP", &[1, 13, 0, 1])]), [220, 40, 60], [90; 3]);
    let grey = GrayImage::from_fn(300, 260, |x, _| Luma([if x < 150 { 128 } else { 20 }]));
    shows(&with_chunks(&plain_png(grey), &[(b"cICP", &[1, 8, 0, 1])]), [188; 3], [80; 3]);
}

#[test]
fn a_picture_for_bright_screens_is_as_bright_as_the_page_around_it() {
    // The white of a page, a light grey, and what is brighter than a page: on the curve for 10,000 candelas (PQ), and
    // on the one for broadcasts (HLG), where half of the signal is a twelfth of the scene's light and a twentieth of the
    // screen's.
    for (curve, columns, grey) in [(16, [148, 120, 200], 157_u8), (18, [191, 128, 230], 137)] {
        let picture = RgbImage::from_fn(300, 260, |x, _| Rgb([columns[(x / 100) as usize]; 3]));
        let named = [(b"cICP", &[1, curve, 0, 1][..])];
        let pixels = examine(&with_chunks(&plain_png(picture), &named)).unwrap().pixels;
        for (x, expected) in [(50, 255), (150, grey), (250, 255)] {
            let shown = pixels[(x, 100)];
            assert!(shown.0[0].abs_diff(expected) <= 4, "{shown:?} for {expected} on curve {curve}");
        }
    }
}

#[test]
fn the_gamma_of_a_png_is_taken_back_where_it_is_not_that_of_srgb() {
    let file = plain_png(halves());
    let (as_it_is, right) = ([220, 40, 60], [90; 3]);
    let gamma = |gamma| numbers(&[gamma]);
    let cases: [(Chunks<'_>, [u8; 3], [u8; 3]); 9] = [
        (&[(b"gAMA", &gamma(100_000))], [239, 110, 133], [160; 3]),
        (&[(b"gAMA", &gamma(55_556))], [227, 53, 77], [109; 3]),
        (&[(b"gAMA", &gamma(45_455))], as_it_is, right),
        (&[(b"gAMA", &gamma(45_455)), (b"cHRM", &numbers(&SRGB))], as_it_is, right),
        (&[(b"gAMA", &gamma(45_455)), (b"cHRM", &numbers(&ADOBE))], [255, 35, 58], right),
        // The chunk for sRGB comes first, and one about primaries needs one about the gamma.
        (&[(b"sRGB", &[0]), (b"gAMA", &gamma(100_000))], as_it_is, right),
        (&[(b"cHRM", &numbers(&ADOBE))], as_it_is, right),
        // Absurd values are not believed.
        (&[(b"gAMA", &gamma(1))], as_it_is, right),
        (
            &[(b"gAMA", &gamma(45_455)), (b"cHRM", &numbers(&[1, 0, 0, 0, 7, 7, u32::MAX, 9]))],
            as_it_is,
            right,
        ),
    ];
    for (chunks, left, right) in cases {
        shows(&with_chunks(&file, chunks), left, right);
    }
    let grey = GrayImage::from_fn(300, 260, |x, _| Luma([if x < 150 { 128 } else { 20 }]));
    shows(&with_chunks(&plain_png(grey), &[(b"gAMA", &gamma(100_000))]), [188; 3], [80; 3]);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn nothing_that_a_png_says_about_its_colours_makes_it_a_damaged_one(
        named in prop::collection::vec(any::<u8>(), 0..8),
        gamma in any::<u32>(),
        primaries in prop::collection::vec(0_u32..120_000, 8),
    ) {
        let chunks: [(&[u8; 4], &[u8]); 4] = [
            (b"cICP", &named), (b"gAMA", &numbers(&[gamma])), (b"cHRM", &numbers(&primaries)), (b"mDCV", &named),
        ];
        for kept in [&chunks[..], &chunks[1..]] {
            let examined = examine(&with_chunks(&plain_png(halves()), kept));
            prop_assert!(!matches!(examined, Err(InvalidPicture::Damaged { .. })), "{:?}", examined);
        }
    }
}

/// A profile of printing inks on white paper, whose cyan is red, and of which only black is another one.
fn odd_inks() -> Vec<u8> {
    // Lightness and colour of every corner of the four dimensions, as ICC writes them in 16 bits.
    let (white, red, black) = ([0xff00, 0x8000, 0x8000], [35_441, 53_453, 50_662], [0, 0x8000, 0x8000]);
    let corner = |number| match number {
        number if number & 0b0001 != 0 => black,
        number if number & 0b1000 != 0 => red,
        _ => white,
    };
    let line = |channels| LutStore::Store16([0, u16::MAX].repeat(channels));
    let mut profile = ColorProfile::default();
    profile.profile_class = ProfileClass::OutputDevice;
    profile.color_space = DataColorSpace::Cmyk;
    profile.pcs = DataColorSpace::Lab;
    profile.white_point = ColorProfile::new_srgb().white_point;
    profile.lut_a_to_b_perceptual = Some(LutWarehouse::Lut(LutDataType {
        num_input_channels: 4,
        num_output_channels: 3,
        num_clut_grid_points: 2,
        matrix: Matrix3d::IDENTITY,
        num_input_table_entries: 2,
        num_output_table_entries: 2,
        input_table: line(4),
        clut_table: LutStore::Store16((0..16).flat_map(corner).collect()),
        output_table: line(3),
        lut_type: LutType::Lut16,
    }));
    profile.encode().unwrap()
}

/// Cyan ink on the left, and on the right none but for a little black in its lower half.
fn inks(profile: Option<&[u8]>, kind: jpeg_encoder::ColorType) -> Vec<u8> {
    let pixel = |x, y| match (x < 150, y < 130) {
        (true, _) => [255, 0, 0, 0],
        (false, true) => [0; 4],
        (false, false) => [0, 0, 0, 255],
    };
    let pixels: Vec<u8> = (0..260).flat_map(|y| (0..300).flat_map(move |x| pixel(x, y))).collect();
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 95);
    profile.into_iter().for_each(|profile| encoder.add_icc_profile(profile).unwrap());
    encoder.encode(&pixels, 300, 260, kind).unwrap();
    bytes
}

#[test]
fn inks_are_converted_by_their_profile_or_as_the_light_that_they_leave() {
    let profile = odd_inks();
    for kind in [jpeg_encoder::ColorType::Cmyk, jpeg_encoder::ColorType::CmykAsYcck] {
        shows(&inks(Some(&profile), kind), [253, 9, 3], [255; 3]);
        for useless in [None, Some(&swapped()[..]), Some(&profile[..300])] {
            shows(&inks(useless, kind), [0, 255, 255], [255; 3]);
        }
        let pixels = examine(&inks(Some(&profile), kind)).unwrap().pixels;
        assert!(pixels[(280, 240)].0.iter().all(|value| *value < 8), "{:?}", pixels[(280, 240)]);
    }
}
