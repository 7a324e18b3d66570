use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{DynamicImage, Rgb, RgbImage, Rgba, RgbaImage};
use proptest::prelude::*;

use super::super::samples::{file, plain, scene};
use super::*;

const FORMATS: [ImageFormat; 4] = [ImageFormat::Jpeg, ImageFormat::Png, ImageFormat::WebP, ImageFormat::Gif];

pub(super) fn examine(bytes: &[u8]) -> Result<Picture, InvalidPicture> {
    super::examine(bytes, &PictureLimits::AS_SENT)
}

fn examine_cut(bytes: &[u8]) -> Result<Picture, InvalidPicture> {
    super::examine(bytes, &PictureLimits::AS_CUT)
}

pub(super) fn flaw(bytes: &[u8]) -> InvalidPicture {
    examine(bytes).unwrap_err()
}

fn progressive_jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = jpeg_encoder::Encoder::new(&mut bytes, 80);
    encoder.set_progressive(true);
    let (width, height) = (picture.width() as u16, picture.height() as u16);
    encoder.encode(picture, width, height, jpeg_encoder::ColorType::Rgb).unwrap();
    bytes
}

fn lossy_webp(picture: &RgbImage) -> Vec<u8> {
    ::webp::Encoder::from_rgb(picture, picture.width(), picture.height()).encode(80.0).to_vec()
}

/// A PNG that claims a size and carries these compressed bytes.
fn png_claiming(width: u32, height: u32, compressed: &[u8]) -> Vec<u8> {
    let mut header = [width.to_be_bytes(), height.to_be_bytes()].concat();
    header.extend([8, 2, 0, 0, 0]);
    let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
    for (kind, body) in [(*b"IHDR", header), (*b"IDAT", compressed.to_vec()), (*b"IEND", Vec::new())] {
        let chunk = img_parts::png::PngChunk::new(kind, body.into());
        bytes.extend(chunk.encoder().bytes());
    }
    bytes
}

#[test]
fn a_good_picture_passes_in_every_format() {
    let picture = scene(320, 300);
    for format in FORMATS {
        let bytes = file(picture.clone(), format);
        let passed = examine(&bytes).unwrap_or_else(|flaw| panic!("{format:?}: {flaw}"));
        assert_eq!((passed.width(), passed.height()), (320, 300), "{format:?}");
    }
    for bytes in [progressive_jpeg(&picture), lossy_webp(&picture)] {
        assert_eq!(examine(&bytes).map(|picture| picture.width()), Ok(320));
    }
}

#[test]
fn a_picture_that_was_cut_already_may_have_any_shape_and_still_has_to_be_whole() {
    let banner = file(scene(900, 120), ImageFormat::Jpeg);
    assert!(examine(&banner).is_err());
    assert_eq!(examine_cut(&banner).map(|picture| picture.height()), Ok(120));
    assert!(matches!(examine_cut(&banner[..banner.len() / 2]), Err(InvalidPicture::Damaged { .. })));
    let claim = png_claiming(5_000, 5_000, &[]);
    assert!(matches!(examine_cut(&claim), Err(InvalidPicture::TooLarge { .. })));
}

#[test]
fn a_lossless_picture_keeps_its_pixels() {
    let picture = scene(256, 256);
    for format in [ImageFormat::Png, ImageFormat::WebP] {
        assert_eq!(examine(&file(picture.clone(), format)).unwrap().pixels, picture);
    }
}

#[test]
fn a_cut_off_file_is_damaged_wherever_the_cut_is() {
    let picture = scene(320, 300);
    let mut files: Vec<Vec<u8>> = FORMATS.into_iter().map(|format| file(picture.clone(), format)).collect();
    files.extend([progressive_jpeg(&picture), lossy_webp(&picture)]);
    for bytes in files {
        for cut in [
            20,
            100,
            bytes.len() / 10,
            bytes.len() / 2,
            bytes.len() * 9 / 10,
            bytes.len() - 400,
            bytes.len() - 20,
        ] {
            let flaw = flaw(&bytes[..cut]);
            assert!(
                matches!(flaw, InvalidPicture::Damaged { .. }),
                "{:?} cut at {cut}: {flaw}",
                &bytes[..12]
            );
        }
    }
}

#[test]
fn a_jpeg_without_its_last_bytes_is_cut_off() {
    let bytes = file(scene(320, 300), ImageFormat::Jpeg);
    let flaw = flaw(&bytes[..bytes.len() - 2]);
    assert_eq!(
        flaw.to_string(),
        "the JPEG picture is damaged or cut off: the file stops before its end marker"
    );
}

#[test]
fn a_jpeg_with_foreign_bytes_in_its_middle_is_damaged() {
    let mut bytes = file(scene(320, 300), ImageFormat::Jpeg);
    let middle = bytes.len() / 2;
    bytes.splice(middle..middle, *b"\xff\xc0\0\x04ab");
    assert!(matches!(flaw(&bytes), InvalidPicture::Damaged { .. }));
}

#[test]
fn what_follows_the_end_of_a_jpeg_does_no_harm() {
    let mut bytes = file(scene(320, 300), ImageFormat::Jpeg);
    bytes.extend(b"\n\0\0trailing");
    examine(&bytes).unwrap();
}

#[test]
fn the_end_marker_of_a_thumbnail_does_not_hide_a_cut() {
    let mut bytes = file(scene(320, 300), ImageFormat::Jpeg);
    bytes.truncate(bytes.len() - 2);
    bytes.splice(2..2, [0xFF, 0xE1, 0, 6, 0xFF, 0xD9, 0xFF, 0xD9]);
    assert!(matches!(flaw(&bytes), InvalidPicture::Damaged { .. }));
}

#[test]
fn a_jpeg_that_ends_in_a_flat_area_is_whole() {
    for height in [256, 257, 300, 511] {
        let mut picture = plain(512, height, [255, 255, 255]);
        image::imageops::replace(&mut picture, &scene(512, 40), 0, 0);
        for bytes in [file(picture.clone(), ImageFormat::Jpeg), progressive_jpeg(&picture)] {
            examine(&bytes).unwrap_or_else(|flaw| panic!("{height}: {flaw}"));
        }
    }
}

// B-19
#[test]
fn a_disguised_body_is_named() {
    let cases: [(&[u8], &str); 12] = [
        (b"", "the answer is empty"),
        (b" \n", "the answer is empty"),
        (
            b"<!DOCTYPE html><html><head><title>502 Bad\nGateway</title>",
            "not a picture but an HTML page: 502 Bad Gateway",
        ),
        (b"\xef\xbb\xbf  <html><body>Sign in", "an HTML page: <html><body>Sign in"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "an SVG drawing, which cannot be read here"),
        (
            b"<?xml version='1.0'?><Error><Code>AccessDenied</Code></Error>",
            "markup: <?xml version='1.0'?><Error>",
        ),
        (b"\n{\"error\":\n  \"queue full\"}", "JSON: {\"error\": \"queue full\"}"),
        (b"Too many requests", "text: Too many requests"),
        (b"iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAA", "a picture in base64 that was not decoded"),
        (b"\0\0\0\x1cftypavif\0\0\0\0avifmif1miaf", "an AVIF picture, which cannot be read here"),
        (b"\x1f\x8b\x08\0\0\0\0\0", "gzip-compressed data"),
        (b"\x01\x02\x03\xff", "4 unknown bytes beginning with 01 02 03 ff"),
    ];
    for (bytes, expected) in cases {
        let message = flaw(bytes).to_string();
        assert!(message.contains(expected), "{message}");
    }
}

#[test]
fn a_picture_that_cannot_be_read_here_is_named_as_what_it_is() {
    let gzipped = |text: &str| {
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        std::io::Write::write_all(&mut packed, text.as_bytes()).unwrap();
        packed.finish().unwrap()
    };
    let boxed = |major: &str, others: &str| {
        let length = u32::try_from(16 + others.len()).unwrap().to_be_bytes();
        [&length[..], b"ftyp", major.as_bytes(), &[0; 4], others.as_bytes(), b"\0\0\x01\x00metaavif"].concat()
    };
    let drawing = format!("<?xml version='1.0'?>\n<!-- {} -->\n<svg:svg width='9'/>", "long ".repeat(900));
    let entities = "<!DOCTYPE svg [\n<!ENTITY a 'b'>\n]>\n<svg/>";
    let cases = [
        (boxed("mif1", "miafheic"), "a HEIC picture"),
        (boxed("mif1", "miafavif"), "an AVIF picture"),
        (boxed("msf1", "iso8"), "a HEIF picture"),
        (boxed("avis", ""), "an AVIF picture"),
        (boxed("isom", "mp41"), "not a picture but a video"),
        (b"\0\0\0\x0cJXL \r\n\x87\n".to_vec(), "a JPEG XL picture"),
        (b"\xff\x0a\xfa\x1f".to_vec(), "a JPEG XL picture"),
        (b"\0\0\0\x0cjP  \r\n\x87\n".to_vec(), "a JPEG 2000 picture"),
        (b"BM\x36\0\0\0".to_vec(), "a BMP picture"),
        (b"BMW is a maker of cars".to_vec(), "text: BMW"),
        (b"MM\0*\0\0\0\x08".to_vec(), "a TIFF picture"),
        (b"%PDF-1.7\n1 0 obj\n".to_vec(), "a PDF document"),
        (b"P6\n2 2\n255\n\0\xff".to_vec(), "a PPM picture"),
        (drawing.clone().into_bytes(), "an SVG drawing"),
        (entities.into(), "an SVG drawing"),
        (gzipped(&drawing), "a gzip-compressed SVG drawing"),
        (gzipped("<html>"), "gzip-compressed data"),
    ];
    for (bytes, expected) in cases {
        let message = flaw(&bytes).to_string();
        assert!(message.contains(expected), "{expected}: {message}");
    }
}

#[test]
fn a_long_body_is_quoted_briefly_and_on_one_line() {
    let message = flaw("ä\u{1b}[31m\n".repeat(5_000).as_bytes()).to_string();
    assert!(message.len() < 500 && message.ends_with('…'), "{message}");
    assert!(!message.contains(char::is_control), "{message}");
}

#[test]
fn a_decompression_bomb_is_refused_by_its_header() {
    let bomb = png_claiming(50_000, 50_000, &[]);
    assert_eq!(flaw(&bomb), InvalidPicture::TooLarge { width: 50_000, height: 50_000, most: 24_000_000 });
}

#[test]
fn compressed_data_that_inflates_to_more_than_the_picture_stays_bounded() {
    // 32 MB of zeros; the picture takes the first part and shows nothing.
    let zeros = image::GrayImage::new(4096, 8192);
    let mut encoded = Vec::new();
    let encoder = PngEncoder::new_with_quality(&mut encoded, CompressionType::Best, FilterType::NoFilter);
    zeros.write_with_encoder(encoder).unwrap();
    let png = img_parts::png::Png::from_bytes(encoded.into()).unwrap();
    let zlib: Vec<u8> = png.chunks_by_type(*b"IDAT").flat_map(|chunk| chunk.contents().to_vec()).collect();
    assert!(zlib.len() < 50_000);
    assert_eq!(flaw(&png_claiming(256, 256, &zlib)), InvalidPicture::Black { width: 256, height: 256 });
}

// B-105
#[test]
fn a_tiny_picture_is_refused_with_its_size() {
    let message = flaw(&file(scene(255, 600), ImageFormat::Png)).to_string();
    assert_eq!(message, "the picture is only 255x600 pixels: each side needs at least 256");
}

#[test]
fn a_stage_that_is_given_other_limits_goes_by_those() {
    let limits = PictureLimits { min_side: 64, max_pixels: 8_000_000, black: 0, ..PictureLimits::AS_SENT };
    let examine = |picture: RgbImage| super::examine(&file(picture, ImageFormat::Png), &limits);
    assert_eq!(examine(scene(64, 64)).map(|picture| picture.width()), Ok(64));
    let refused = examine(scene(63, 64)).unwrap_err();
    assert_eq!(refused.to_string(), "the picture is only 63x64 pixels: each side needs at least 64");
    let refused = super::examine(&png_claiming(3_000, 3_000, &[]), &limits).unwrap_err();
    assert_eq!(refused.to_string(), "the picture claims 3000x3000 pixels: at most 8 million are accepted");
    assert!(
        matches!(examine(plain(64, 64, [3; 3])), Err(InvalidPicture::Uniform { .. })),
        "not black by these limits"
    );
}

// W-22
#[test]
fn a_sliver_of_a_picture_is_refused() {
    assert_eq!(
        flaw(&file(scene(1100, 256), ImageFormat::Png)),
        InvalidPicture::OddShape { width: 1100, height: 256, most: 4 }
    );
    examine(&file(scene(1024, 256), ImageFormat::Png)).unwrap();
}

// B-44
#[test]
fn a_black_picture_is_not_accepted() {
    for level in [0, 3, 8] {
        let bytes = file(plain(300, 300, [level; 3]), ImageFormat::Png);
        assert_eq!(flaw(&bytes), InvalidPicture::Black { width: 300, height: 300 });
    }
}

// B-44
#[test]
fn a_blank_picture_is_not_accepted() {
    for (colour, name) in
        [([255; 3], "#ffffff"), ([128; 3], "#808080"), ([10, 10, 12], "#0a0a0c"), ([200, 30, 90], "#c81e5a")]
    {
        let flaw = flaw(&file(plain(300, 260, colour), ImageFormat::Png));
        assert_eq!(flaw, InvalidPicture::Uniform { width: 300, height: 260, colour: name.to_owned() });
    }
    assert!(matches!(
        flaw(&file(plain(512, 512, [90, 160, 30]), ImageFormat::Jpeg)),
        InvalidPicture::Uniform { .. }
    ));
}

#[test]
fn grain_alone_does_not_make_a_picture() {
    let noisy = |amplitude: u32| {
        let mut state = 7_u32;
        RgbImage::from_fn(512, 512, |_, _| {
            Rgb([0; 3].map(|_: u8| {
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                (120 + (state >> 24) * amplitude / 256) as u8
            }))
        })
    };
    assert!(matches!(flaw(&file(noisy(8), ImageFormat::Png)), InvalidPicture::Uniform { .. }));
    // A texture that one can see is somebody's picture.
    examine(&file(noisy(80), ImageFormat::Png)).unwrap();
}

#[test]
fn a_minimalist_picture_passes() {
    for (ground, ink) in
        [([250, 248, 240], [230, 90, 60]), ([20, 24, 40], [60, 66, 90]), ([255; 3], [225; 3])]
    {
        let mut picture = plain(1024, 1024, ground);
        for (x, y, pixel) in picture.enumerate_pixels_mut() {
            if (x.abs_diff(700).pow(2) + y.abs_diff(350).pow(2)) < 40 * 40 {
                *pixel = Rgb(ink);
            }
        }
        examine(&file(picture, ImageFormat::Jpeg)).unwrap_or_else(|flaw| panic!("{ink:?}: {flaw}"));
    }
}

#[test]
fn a_transparent_picture_is_laid_on_white() {
    let mut picture = RgbaImage::from_pixel(256, 256, Rgba([0, 0, 0, 0]));
    assert!(
        matches!(flaw(&file(picture.clone(), ImageFormat::Png)), InvalidPicture::Uniform { colour, .. } if colour == "#ffffff")
    );
    for (x, _, pixel) in picture.enumerate_pixels_mut() {
        *pixel = if x < 128 { Rgba([200, 0, 0, 255]) } else { Rgba([0, 0, 200, 128]) };
    }
    let flat = examine(&file(picture, ImageFormat::Png)).unwrap().pixels;
    assert_eq!((flat[(0, 0)].0, flat[(255, 0)].0), ([200, 0, 0], [127, 127, 227]));
}

#[test]
fn other_colour_layouts_become_rgb() {
    let grey = DynamicImage::ImageRgb8(scene(300, 300)).into_luma8();
    for picture in [
        DynamicImage::ImageLuma8(grey.clone()),
        DynamicImage::ImageRgb16(DynamicImage::from(grey).into_rgb16()),
    ] {
        examine(&file(picture, ImageFormat::Png)).unwrap();
    }
    let grey = DynamicImage::ImageRgb8(scene(300, 300)).into_luma8();
    let pixels = examine(&file(grey, ImageFormat::Jpeg)).unwrap().pixels;
    assert!(pixels.pixels().all(|pixel| pixel.0[0] == pixel.0[1] && pixel.0[1] == pixel.0[2]));
}

#[test]
fn exif_orientation_is_applied() {
    let mut bytes = file(scene(512, 256), ImageFormat::Jpeg);
    // Little-endian TIFF with one entry: orientation (0x0112), SHORT, one value: 6, a quarter turn.
    let exif = b"Exif\0\0II*\0\x08\0\0\0\x01\0\x12\x01\x03\0\x01\0\0\0\x06\0\0\0\0\0\0\0";
    let length = (exif.len() as u16 + 2).to_be_bytes();
    bytes.splice(2..2, [&[0xFF, 0xE1], &length[..], exif].concat());
    let picture = examine(&bytes).unwrap();
    assert_eq!((picture.width(), picture.height()), (256, 512));
}

// W-02
#[test]
fn a_known_placeholder_is_recognised_by_its_hash() {
    assert_eq!(placeholder(b"hello", &[("Example", "5d41402abc4b2a76b9719d911017c592")]), Some("Example"));
    assert_eq!(placeholder(b"hello!", PLACEHOLDERS), None);
    assert!(
        PLACEHOLDERS.iter().all(|(_, md5)| md5.len() == 32 && md5.bytes().all(|b| b.is_ascii_hexdigit()))
    );
}

/// One picture in every format, the progressive JPEG last.
fn files() -> &'static [Vec<u8>] {
    static FILES: std::sync::OnceLock<Vec<Vec<u8>>> = std::sync::OnceLock::new();
    FILES.get_or_init(|| {
        let picture = scene(260, 256);
        let mut files: Vec<_> = FORMATS.into_iter().map(|format| file(picture.clone(), format)).collect();
        files.push(progressive_jpeg(&picture));
        files
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(96))]

    #[test]
    fn no_bytes_make_it_panic(head in 0_usize..5, tail in proptest::collection::vec(any::<u8>(), 0..600)) {
        let magic: [&[u8]; 5] = [b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\x10\0\0\0WEBPVP8 ", b"GIF89a"];
        prop_assert!(examine(&[magic[head], &tail].concat()).is_err());
    }

    #[test]
    fn no_flipped_byte_makes_it_panic(which in 0_usize..5, at in 0.0..1.0_f64, value in any::<u8>()) {
        let files = files();
        let mut bytes = files[which].clone();
        let at = (at * bytes.len() as f64) as usize;
        bytes[at] = value;
        if let Ok(picture) = examine(&bytes) {
            prop_assert!(picture.width().min(picture.height()) >= PictureLimits::AS_SENT.min_side);
        }
    }

    #[test]
    fn no_picture_passes_whose_end_is_missing_and_made_up_for_by_a_mark(which in 0_usize..5, kept in 0.1..0.97_f64) {
        let bytes = &files()[which];
        let begun = &bytes[..(kept * bytes.len() as f64) as usize];
        let ends: [&[u8]; 5] = [b"\xff\xd9", b"\0\0\0\0IEND\xae\x42\x60\x82", b"\0", b"\0;", b"\xff\xd9"];
        prop_assert!(examine(begun).is_err());
        prop_assert!(examine(&[begun, ends[which]].concat()).is_err());
    }
}
