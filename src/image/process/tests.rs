use image::ImageFormat;
use proptest::prelude::*;

use super::super::provenance::DigitalSourceType;
use super::super::samples::{file, plain, scene};
use super::super::validate::{PictureLimits, examine};
use super::*;

fn picture(width: u32, height: u32) -> Picture {
    Picture::new(scene(width, height))
}

fn provenance() -> Provenance {
    Provenance {
        provider: "cloudflare".into(),
        model: "flux-1-schnell".into(),
        source: DigitalSourceType::TrainedAlgorithmicMedia,
        prompt: None,
    }
}

fn finished(picture: &Picture, options: Options) -> Finished {
    finish(picture.clone(), &options, &provenance()).unwrap()
}

fn small(format: Format) -> Options {
    Options { width: 300, height: 260, format, ..Options::default() }
}

#[test]
fn a_picture_is_cropped_to_the_wanted_shape_and_never_scaled_up() {
    for ((width, height), expected) in [
        ((1024, 1024), (1024, 538)),
        ((1024, 768), (1024, 538)),
        ((1200, 630), (1200, 630)),
        ((1792, 1024), (1200, 630)),
        ((2400, 1260), (1200, 630)),
        ((1201, 2000), (1200, 630)),
        ((768, 1024), (768, 403)),
        ((2000, 500), (952, 500)),
        ((1100, 600), (1100, 578)),
        ((300, 300), (300, 158)),
    ] {
        let frame = Crop::fit((width, height), (1200, 630));
        assert_eq!((frame.width, frame.height), expected, "{width}x{height}");
        assert!(frame.left >= 0.0 && frame.left + frame.crop_width <= f64::from(width), "{frame:?}");
        assert!(frame.top >= 0.0 && frame.top + frame.crop_height <= f64::from(height), "{frame:?}");
    }
}

#[test]
fn an_absurd_shape_still_keeps_a_pixel() {
    for wanted in [(1, u32::MAX), (u32::MAX, 1), (1, 1)] {
        let frame = Crop::fit((256, 256), wanted);
        assert!((1..=256).contains(&frame.width) && (1..=256).contains(&frame.height), "{frame:?}");
    }
}

#[test]
fn the_centre_is_kept() {
    for (width, height) in [(900, 300), (300, 900), (1200, 400)] {
        let mut source = plain(width, height, [255, 255, 255]);
        image::imageops::replace(
            &mut source,
            &plain(60, 60, [0, 0, 0]),
            i64::from(width / 2) - 30,
            i64::from(height / 2) - 30,
        );
        let options = Options { width: 300, height: 300, format: Format::Png, quality: 85 };
        let result =
            examine(&finished(&Picture::new(source), options).bytes, &PictureLimits::AS_SENT).unwrap();
        assert_eq!((result.width(), result.height()), (300, 300));
        assert_eq!(
            (result.pixels[(150, 150)].0, result.pixels[(20, 20)].0),
            ([0; 3], [255; 3]),
            "{width}x{height}"
        );
    }
}

#[test]
fn every_format_is_written_and_can_be_read_again() {
    for (format, written, extension) in [
        (Format::Jpeg, ImageFormat::Jpeg, "jpg"),
        (Format::Webp, ImageFormat::WebP, "webp"),
        (Format::Png, ImageFormat::Png, "png"),
    ] {
        let file = finished(&picture(640, 640), small(format));
        assert_eq!((file.width, file.height, file.extension), (300, 260, extension));
        assert_eq!(image::guess_format(&file.bytes).unwrap(), written);
        let read = examine(&file.bytes, &PictureLimits::AS_SENT).unwrap();
        assert_eq!((read.width(), read.height()), (300, 260));
        assert_eq!(provenance::read(&file.bytes), Some(provenance()));
    }
}

#[test]
fn a_picture_that_fits_keeps_its_pixels() {
    let source = picture(300, 400);
    let options = Options { width: 300, height: 260, format: Format::Png, quality: 85 };
    let read = examine(&finished(&source, options).bytes, &PictureLimits::AS_SENT).unwrap();
    let expected = image::imageops::crop_imm(&source.pixels, 0, 70, 300, 260).to_image();
    assert_eq!(read.pixels, expected);
}

#[test]
fn a_picture_that_is_scaled_in_two_steps_is_the_same_as_in_one() {
    for (from, wanted) in [
        ((900, 600), (300, 260)),
        ((601, 777), (300, 260)),
        ((777, 601), (776, 300)),
        ((2000, 500), (256, 256)),
        ((500, 2000), (499, 263)),
        ((901, 600), (300, 599)),
    ] {
        let (source, crop) = (picture(from.0, from.1), Crop::fit(from, wanted));
        assert!(crop.scaled);
        let whole = (crop.left, crop.top, crop.crop_width, crop.crop_height);
        let expected = scale(source.pixels.as_raw(), from, whole, wanted).unwrap();
        let account = MemoryAccount::default();
        let mut hold = account.take_blocking(0);
        let found = crop.cut(source, &mut hold).unwrap();
        assert!(found == expected, "{from:?} to {wanted:?}");
        assert_eq!(account.taken(), found.len() as u64);
    }
}

#[test]
fn quality_costs_bytes() {
    for format in [Format::Jpeg, Format::Webp] {
        let size = |quality| finished(&picture(300, 260), Options { quality, ..small(format) }).bytes.len();
        assert!(size(40) < size(90), "{format:?}");
        // Out of range is clamped, not a crash of the encoder.
        assert_eq!((size(0), size(255)), (size(1), size(100)));
    }
}

#[test]
fn the_same_picture_gives_the_same_file() {
    for format in [Format::Jpeg, Format::Webp, Format::Png] {
        assert_eq!(finished(&picture(640, 500), small(format)), finished(&picture(640, 500), small(format)));
    }
}

#[test]
fn a_jpeg_as_received_goes_through_the_whole_way() {
    let received = file(scene(640, 640), ImageFormat::Jpeg);
    let finished = finished(&examine(&received, &PictureLimits::AS_SENT).unwrap(), Options::default());
    assert_eq!((finished.width, finished.height), (640, 336));
    assert!(finished.bytes.len() < received.len());
}

proptest! {
    #[test]
    fn no_frame_leaves_the_picture(from in (256_u32..10_000, 256_u32..10_000), wanted in (1_u32..5_000, 1_u32..5_000)) {
        let frame = Crop::fit(from, wanted);
        prop_assert!(frame.left >= 0.0 && frame.left + frame.crop_width <= f64::from(from.0), "{:?}", frame);
        prop_assert!(frame.top >= 0.0 && frame.top + frame.crop_height <= f64::from(from.1), "{:?}", frame);
        prop_assert!((1..=wanted.0).contains(&frame.width) && (1..=wanted.1).contains(&frame.height), "{:?}", frame);
        prop_assert!(f64::from(frame.width) <= frame.crop_width.ceil() && f64::from(frame.height) <= frame.crop_height.ceil());
    }
}
